"""A mail as it goes out: its addresses, its id and its bytes on the wire."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from email.errors import MessageError
from email.header import decode_header, make_header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as WIRE
from email.utils import format_datetime, getaddresses

import msgspec

from ingagents.model import Mail, Refusal, SendResult

_WIRE_POLICY = WIRE.clone(cte_type="7bit")
"""Seven bits on the wire, so that no server need offer 8BITMIME or SMTPUTF8."""

_LOCAL_PART = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}")
_DOMAIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")
_MESSAGE_ID = re.compile(r"<[!-;=?A-~]{1,200}@[!-;=?A-~]{1,200}>")


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """A mail as it goes out; `unreached` are recipients that are no address, and why."""

    message_id: str
    subject: str
    sender: str
    recipients: tuple[str, ...]
    unreached: Mapping[str, str]
    content: bytes


def compose(mail: Mail, sender: str, now: datetime) -> Letter | SendResult:
    """The mail in its wire form, or the refusal when it cannot have one."""
    origin = _parse_address(sender)
    if origin is None:
        return SendResult.refused(Refusal.OUR_MISTAKE, "email.sender is no mail address; set it")
    message_id = _message_id(mail, origin.domain, now)
    if message_id is None:
        return SendResult.refused(
            Refusal.OUR_MISTAKE, "the message id is none: it must read <name@domain>"
        )
    parsed = {raw: _parse_address(raw) for raw in mail.recipients}
    reached = {address.addr_spec: address for address in parsed.values() if address}
    subject = one_line(mail.subject)[:250]
    message = EmailMessage(policy=_WIRE_POLICY)
    try:
        message["From"] = origin
        message["To"] = tuple(reached.values()) or "undisclosed-recipients:;"
        message["Subject"] = subject
        message["Date"] = format_datetime(now)
        message["Message-ID"] = message_id
        # RFC 3834: keeps the recipients' out-of-office robots from answering the team's own mails.
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(_visible(mail.text))
        if mail.html:
            message.add_alternative(_visible(mail.html), subtype="html")
        content = message.as_bytes()
    except (MessageError, ValueError) as exc:
        return SendResult.refused(Refusal.OUR_MISTAKE, f"the mail cannot be put together: {exc}")
    return Letter(
        message_id=message_id,
        subject=subject,
        sender=origin.addr_spec,
        recipients=tuple(reached),
        unreached={one_line(raw)[:80]: "no address" for raw, got in parsed.items() if not got},
        content=content,
    )


def _message_id(mail: Mail, domain: str, now: datetime) -> str | None:
    """The mail's own id, at the sender's domain when it names none.

    Without one, equal mails of a day share an id made of their content.
    """
    if mail.message_id:
        given = mail.message_id.removeprefix("<").removesuffix(">")
        whole = f"<{given}>" if "@" in given else f"<{given}@{domain}>"
        return whole if _MESSAGE_ID.fullmatch(whole) else None
    parts = (now.date().isoformat(), *mail.recipients, mail.subject, mail.text, mail.html)
    content = "\0".join(parts).encode("utf-8", "replace")
    return f"<{hashlib.sha256(content).hexdigest()[:32]}@{domain}>"


_NAMED = re.compile(r"(?P<name>[^<>]*)<(?P<address>[^<>]*)>")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
_TWO = re.compile(r"@.*[,;]|[,;].*@")
"""In front of an address: what may be another one."""


def _decoded(name: str) -> str:
    """A name that a mail program wrote as RFC 2047 wants it, as people read it."""
    try:
        return str(make_header(decode_header(name)))
    except (MessageError, ValueError, LookupError):
        return name


def _parse_address(raw: str) -> Address | None:
    """`a@b` or `Name <a@b>`; None for anything that could be read as more than one address."""
    if len(raw) > 400 or any(unicodedata.category(character)[0] == "C" for character in raw):
        return None
    if named := _NAMED.fullmatch(raw.strip()):
        name, spec = named["name"].strip(), named["address"].strip()
        quoted = _QUOTED.fullmatch(name)
        if not quoted and _TWO.search(name):
            return None
        # People write commas, colons and brackets without the quotes that mail wants.
        name = re.sub(r"\\(.)", r"\1", quoted[1]) if quoted else _decoded(name)
    else:
        found = getaddresses([raw])
        if len(found) != 1:
            return None
        name, spec = found[0]
    local, _, domain = spec.rpartition("@")
    try:
        domain = domain.lower().encode("idna").decode("ascii")
    except UnicodeError:
        return None
    if not (_LOCAL_PART.fullmatch(local) and _DOMAIN.fullmatch(domain)):
        return None
    return Address(display_name=one_line(name), username=local, domain=domain)


def _visible(text: str) -> str:
    """The text without control characters and halves of characters, which no mail may carry."""
    return "".join(
        character
        for character in text
        if character in "\n\t" or unicodedata.category(character) not in {"Cc", "Cs"}
    )


def one_line(text: str) -> str:
    """One line without directional marks: a header, a log line, a file name."""
    shown = "".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in text[:2_000])
    return " ".join(shown.split())
