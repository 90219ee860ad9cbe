"""Handing mail over: to an SMTP server, or as `.eml` files into a folder when there is none.

Both keep `ports.Mailer`. Until the text of a mail begins to leave nothing has happened, and
whatever goes wrong is `refused`; from then on only the server's own word settles it, and silence
is `unknown`.
"""

from __future__ import annotations

import hashlib
import re
import ssl
import threading
import unicodedata
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import anyio.to_thread

from ingagents.integrations.email.letter import Letter, compose, one_line
from ingagents.masking import keep_secret, masked
from ingagents.model import Mail, Refusal, SendResult
from ingagents.ports import Clock
from ingagents.private_files import write_whole

if TYPE_CHECKING:
    from aiosmtplib import SMTP, SMTPRecipientRefused

Security = Literal["starttls", "tls", "none"]

_HELLO = "[127.0.0.1]"
"""An address literal (RFC 5321, 4.1.3): this machine's name is nobody's business."""

_FALLBACK_SENDER = "ingagents@localhost"


class SmtpMailer:
    """Hands mail to one SMTP server, one connection for each mail; certificates are checked.

    `sender` is an address or `Name <address>`, the user name when empty. `tls_context` is for a
    server whose certificate a private authority signed.
    """

    def __init__(
        self,
        *,
        host: str,
        port: int,
        security: Security,
        username: str,
        password: str,
        sender: str,
        timeout_seconds: float,
        clock: Clock,
        tls_context: ssl.SSLContext | None = None,
    ) -> None:
        self._host = host
        self._port = port
        self._security = security
        self._username = username
        self._password = password
        keep_secret(password)
        self._sender = sender or username
        self._timeout_seconds = timeout_seconds
        self._clock = clock
        self._tls_context = tls_context

    async def send_mail(self, mail: Mail) -> SendResult:
        return await self._post(mail, text_too=True)

    async def try_out(self, mail: Mail) -> SendResult:
        """Do all but hand the text over: nothing leaves, and the answer is what would be."""
        return await self._post(mail, text_too=False)

    async def _post(self, mail: Mail, *, text_too: bool) -> SendResult:
        letter = compose(mail, self._sender, self._clock.now())
        if isinstance(letter, SendResult):
            return letter
        if not letter.recipients:
            return SendResult.refused(
                Refusal.OUR_MISTAKE,
                _told("no recipient to write to; set sales_manager.report_recipients", letter),
            )
        with self._clock.busy():
            return await self._hand_over(letter, text_too=text_too)

    async def _hand_over(self, letter: Letter, *, text_too: bool) -> SendResult:
        from aiosmtplib import SMTP, SMTPException

        client = SMTP(
            hostname=self._host,
            port=self._port,
            username=self._username or None,
            password=self._password if self._username else None,
            local_hostname=_HELLO,
            timeout=self._timeout_seconds,
            use_tls=self._security == "tls",
            start_tls=self._security == "starttls",
            tls_context=self._tls_context,
        )
        try:
            try:
                await client.connect()
                unreached = await _announce(client, letter)
            except (SMTPException, OSError, ValueError, RuntimeError) as exc:
                return _nothing_happened(exc, f"{self._host}:{self._port}")
            result = (
                await _send_text(client, letter, unreached)
                if text_too
                else _sent("the server would take it", letter, unreached)
            )
            if result.outcome != "unknown":
                with suppress(SMTPException, OSError):
                    await client.quit(timeout=min(5, self._timeout_seconds))
            return result
        finally:
            client.close()


class OutboxMailer:
    """Writes each mail into a folder as `<UTC time>-<subject>-<hash of its id>.eml`.

    A mail handed over twice (same message id) is one file.
    """

    def __init__(self, folder: Path, clock: Clock, sender: str = "") -> None:
        self._folder = folder
        self._clock = clock
        self._sender = sender or _FALLBACK_SENDER
        self._one_at_a_time = threading.Lock()

    async def send_mail(self, mail: Mail) -> SendResult:
        now = self._clock.now()
        letter = compose(mail, self._sender, now)
        if isinstance(letter, SendResult):
            return letter
        digest = hashlib.sha256(letter.message_id.encode()).hexdigest()[:12]
        name = f"{now:%Y%m%d-%H%M%S}-{_slug(letter.subject)}-{digest}.eml"
        with self._clock.busy():
            try:
                path = await anyio.to_thread.run_sync(self._write, name, digest, letter.content)
            except OSError as exc:
                why = exc.strerror or str(exc)
                return SendResult.refused(
                    Refusal.RETRY_LATER,
                    f"the mail cannot be written to {self._folder}: {why}; make room there "
                    "or set email.outbox",
                )
        return _sent(f"written to {path}", letter)

    async def try_out(self, mail: Mail) -> SendResult:
        """Put a mail together and write nothing."""
        letter = compose(mail, self._sender, self._clock.now())
        if isinstance(letter, SendResult):
            return letter
        return _sent(f"it would be written to {self._folder}", letter)

    def _write(self, name: str, digest: str, content: bytes) -> Path:
        """Whole or not at all: a reader of the folder never meets half a mail."""
        with self._one_at_a_time:
            self._folder.mkdir(parents=True, exist_ok=True)
            for already in self._folder.glob(f"*-{digest}.eml"):
                return already
            write_whole(self._folder / name, content)
            return self._folder / name


async def _announce(client: SMTP, letter: Letter) -> dict[str, str]:
    """Name sender and recipients to the server; who was refused, and in which words.

    Raises:
        aiosmtplib.SMTPRecipientsRefused: nobody was accepted.
    """
    from aiosmtplib import SMTPRecipientRefused, SMTPRecipientsRefused

    await client.ehlo()
    size = [f"SIZE={len(letter.content)}"] if client.supports_extension("size") else []
    await client.mail(letter.sender, options=size)
    refusals: list[SMTPRecipientRefused] = []
    for recipient in letter.recipients:
        try:
            await client.rcpt(recipient)
        except SMTPRecipientRefused as exc:
            refusals.append(exc)
    if len(refusals) == len(letter.recipients):
        raise SMTPRecipientsRefused(refusals)
    return {refusal.recipient: _words(refusal.code, refusal.message) for refusal in refusals}


async def _send_text(client: SMTP, letter: Letter, unreached: Mapping[str, str]) -> SendResult:
    """From here on the mail may arrive, whatever else happens."""
    from aiosmtplib import SMTPDataError, SMTPException

    try:
        code, words = await client.data(letter.content)
    except SMTPDataError as exc:
        told = f"the mail server refused the text: {_words(exc.code, exc.message)}"
        if 400 <= exc.code < 600:
            return SendResult.refused(_by_code(exc.code), told)
        return SendResult(outcome="unknown", message_id=letter.message_id, detail=told)
    except (SMTPException, OSError, ValueError, RuntimeError) as exc:
        return SendResult(
            outcome="unknown",
            message_id=letter.message_id,
            detail=f"the mail server did not say whether it took the text: {_said(str(exc))}",
        )
    return _sent(_words(code, words), letter, unreached)


def _sent(what: str, letter: Letter, refused: Mapping[str, str] | None = None) -> SendResult:
    return SendResult(
        outcome="sent",
        message_id=letter.message_id,
        detail=_told(what, letter, refused),
        unreached={**letter.unreached, **(refused or {})},
    )


def _nothing_happened(exc: Exception, server: str) -> SendResult:
    """What an error before the text means; nothing has reached anybody."""
    from aiosmtplib import (
        SMTPAuthenticationError,
        SMTPConnectError,
        SMTPException,
        SMTPRecipientsRefused,
        SMTPResponseException,
    )

    untrusted = _certificate_error(exc)
    if untrusted is not None:
        return SendResult.refused(
            Refusal.OUR_MISTAKE,
            f"the certificate of {server} cannot be trusted ({untrusted.verify_message}); "
            "check email.host, or let the server's owner renew it",
        )
    if isinstance(exc, SMTPRecipientsRefused):
        later = any(refusal.code < 500 for refusal in exc.recipients)
        told = _list_refused(exc.recipients)
        refusal = Refusal.RETRY_LATER if later else Refusal.THIS_PERSON
        return SendResult.refused(refusal, f"{server} accepted no recipient: {told}")
    if isinstance(exc, SMTPResponseException):
        words = _words(exc.code, exc.message)
        if isinstance(exc, SMTPAuthenticationError):
            words += "; check email.username and the password"
        return SendResult.refused(_by_code(exc.code), f"{server} refused: {words}")
    if isinstance(exc, (SMTPConnectError, OSError)):
        return SendResult.refused(
            Refusal.RETRY_LATER, f"{server} cannot be reached or hung up: {_said(str(exc))}"
        )
    if isinstance(exc, SMTPException):
        return SendResult.refused(
            Refusal.OUR_MISTAKE,
            f"{server} lacks what email.security and email.username ask for: {_said(exc.message)}",
        )
    return SendResult.refused(Refusal.OUR_MISTAKE, f"{server} cannot be used: {_said(str(exc))}")


def _certificate_error(exc: BaseException) -> ssl.SSLCertVerificationError | None:
    """With STARTTLS it comes bare, with TLS from the start inside a connection error."""
    for error in (exc, exc.__cause__):
        if isinstance(error, ssl.SSLCertVerificationError):
            return error
    return None


def _by_code(code: int) -> Refusal:
    """RFC 5321, 4.2.1: 5yz is for good; 4yz, and what is no answer at all, may be tried again."""
    return Refusal.OUR_MISTAKE if 500 <= code < 600 else Refusal.RETRY_LATER


def _told(what: str, letter: Letter, unreached: Mapping[str, str] | None = None) -> str:
    """What happened, and whom the mail does not reach."""
    missed = {**letter.unreached, **(unreached or {})}
    if not missed:
        return what
    return f"{what}; not for " + ", ".join(f"{who} ({why})" for who, why in missed.items())


def _list_refused(refusals: Sequence[SMTPRecipientRefused]) -> str:
    return ", ".join(f"{item.recipient} ({_words(item.code, item.message)})" for item in refusals)


def _words(code: int, message: str) -> str:
    return f"{code} {_said(message)}".strip()


def _said(text: str) -> str:
    """The server's words; it may repeat what we logged in with."""
    return one_line(masked(text))[:300]


def _slug(subject: str) -> str:
    plain = unicodedata.normalize("NFKD", subject).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain)[:60].strip("-") or "mail"
