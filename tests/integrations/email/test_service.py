"""Mail over real sockets: aiosmtpd on loopback where it will do, a scripted peer for its moods."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Literal

import msgspec
import pytest
import trustme
from aiosmtpd.smtp import AuthResult, LoginPassword

from ingagents.integrations.email.service import SmtpMailer
from ingagents.model import Mail, Refusal, SendResult
from tests.mail_server import NOW, Peer, StillClock, free_port, serving

MAIL = Mail(
    recipients=("team@example.com",),
    subject="Täglicher Bericht 📊",
    text="Grüße\n.\n..punkt\n",
    html="<p>Grüße</p>",
    message_id="<report-2027-02-10@example.com>",
)


@pytest.fixture(scope="module")
def tls() -> tuple[ssl.SSLContext, ssl.SSLContext]:
    authority = trustme.CA()
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(server)
    client = ssl.create_default_context()
    authority.configure_trust(client)
    return server, client


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture
def peer(clock: StillClock) -> Peer:
    return Peer(clock)


def mailer(
    port: int,
    clock: StillClock,
    *,
    security: Literal["starttls", "tls", "none"] = "none",
    username: str = "",
    password: str = "",
    sender: str = "InG Büro <office@example.com>",
    timeout_seconds: float = 5,
    tls_context: ssl.SSLContext | None = None,
) -> SmtpMailer:
    return SmtpMailer(
        host="127.0.0.1",
        port=port,
        security=security,
        username=username,
        password=password,
        sender=sender,
        timeout_seconds=timeout_seconds,
        clock=clock,
        tls_context=tls_context,
    )


def changed(**changes: Any) -> Mail:
    return msgspec.structs.replace(MAIL, **changes)


# Over SMTP


async def test_a_mail_arrives_as_it_was_written(peer: Peer, clock: StillClock) -> None:
    with serving(peer) as port:
        result = await mailer(port, clock).send_mail(MAIL)
    assert result == SendResult(
        outcome="sent", message_id="<report-2027-02-10@example.com>", detail="250 queued as 1"
    )
    (got,) = peer.got
    assert got["Subject"] == "Täglicher Bericht 📊"
    assert got["From"].addresses[0].display_name == "InG Büro"
    assert got["Message-ID"] == MAIL.message_id
    assert got["Date"].datetime == NOW
    assert got["Auto-Submitted"] == "auto-generated"
    kinds = [part.get_content_type() for part in got.walk()]
    assert kinds == ["multipart/alternative", "text/plain", "text/html"]
    plain, page = got.get_body(("plain",)), got.get_body(("html",))
    assert plain is not None
    assert page is not None
    assert plain.get_content().replace("\r\n", "\n") == MAIL.text
    assert "Grüße" in page.get_content()
    assert peer.envelopes == [("office@example.com", ["team@example.com"])]


async def test_the_clock_is_held_while_the_server_is_waited_for(
    peer: Peer, clock: StillClock
) -> None:
    with serving(peer) as port:
        await mailer(port, clock).send_mail(MAIL)
    assert peer.was_busy
    assert (clock.inside, clock.entered) == (0, 1)


async def test_the_name_of_this_machine_is_not_told(peer: Peer, clock: StillClock) -> None:
    with serving(peer) as port:
        result = await mailer(port, clock).send_mail(changed(message_id=""))
    assert peer.hellos == ["[127.0.0.1]"]
    assert result.message_id.endswith("@example.com>")
    assert socket.gethostname() not in peer.got[0].as_string()


async def test_starttls_and_login(
    peer: Peer, clock: StillClock, tls: tuple[ssl.SSLContext, ssl.SSLContext]
) -> None:
    def check(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        known = isinstance(data, LoginPassword) and data == LoginPassword(b"u", b"p")
        return AuthResult(success=known, handled=False)

    server = {
        "tls_context": tls[0],
        "require_starttls": True,
        "authenticator": check,
        "auth_required": True,
    }
    with serving(peer, **server) as port:
        good = mailer(
            port, clock, security="starttls", username="u", password="p", tls_context=tls[1]
        )
        assert (await good.send_mail(MAIL)).success
        wrong = mailer(
            port, clock, security="starttls", username="u", password="no", tls_context=tls[1]
        )
        refused = await wrong.send_mail(MAIL)
    assert (refused.outcome, refused.refusal) == ("refused", Refusal.OUR_MISTAKE)
    assert "535" in refused.detail
    assert "password" in refused.detail
    assert len(peer.got) == 1


async def test_tls_from_the_first_byte(
    peer: Peer, clock: StillClock, tls: tuple[ssl.SSLContext, ssl.SSLContext]
) -> None:
    with serving(peer, ssl_context=tls[0]) as port:
        result = await mailer(port, clock, security="tls", tls_context=tls[1]).send_mail(MAIL)
    assert result.success
    assert len(peer.got) == 1


@pytest.mark.parametrize("security", ["tls", "starttls"])
async def test_an_untrusted_certificate_is_refused_in_a_sentence(
    security: Literal["tls", "starttls"],
    peer: Peer,
    clock: StillClock,
    tls: tuple[ssl.SSLContext, ssl.SSLContext],
) -> None:
    options = {"ssl_context": tls[0]} if security == "tls" else {"tls_context": tls[0]}
    with serving(peer, **options) as port:
        result = await mailer(port, clock, security=security).send_mail(MAIL)
    assert (result.outcome, result.refusal) == ("refused", Refusal.OUR_MISTAKE)
    assert "certificate" in result.detail
    assert not peer.got


async def test_a_server_without_starttls_gets_no_mail_in_clear_text(
    peer: Peer, clock: StillClock
) -> None:
    with serving(peer) as port:
        result = await mailer(port, clock, security="starttls").send_mail(MAIL)
    assert (result.outcome, result.refusal) == ("refused", Refusal.OUR_MISTAKE)
    assert "email.security" in result.detail
    assert not peer.got


async def test_one_refused_recipient_is_named_and_the_others_get_the_mail(
    peer: Peer, clock: StillClock
) -> None:
    with serving(peer) as port:
        result = await mailer(port, clock).send_mail(
            changed(recipients=("bad@example.com", "good@example.com", "Nobody\r\nBcc: x@evil.org"))
        )
    assert result.success
    assert "bad@example.com (550 5.1.1 no such user)" in result.detail
    assert "Nobody" in result.detail
    assert sorted(result.unreached) == ["Nobody Bcc: x@evil.org", "bad@example.com"]
    assert peer.envelopes == [("office@example.com", ["good@example.com"])]
    assert "Bcc" not in peer.got[0]


@pytest.mark.parametrize(
    ("recipients", "refusal"),
    [
        (("bad@example.com", "bad2@example.com"), Refusal.THIS_PERSON),
        (("busy@example.com", "bad@example.com"), Refusal.RETRY_LATER),
        ((), Refusal.OUR_MISTAKE),
        (("a@b@c", "no address", "x@y.example, z@y.example"), Refusal.OUR_MISTAKE),
        (("jürgen@example.com",), Refusal.OUR_MISTAKE),
        (("evil@example.com>\r\nRCPT TO:<x@evil.org",), Refusal.OUR_MISTAKE),
    ],
)
async def test_a_mail_that_reaches_nobody_is_refused(
    recipients: tuple[str, ...], refusal: Refusal, peer: Peer, clock: StillClock
) -> None:
    with serving(peer) as port:
        result = await mailer(port, clock).send_mail(changed(recipients=recipients))
    assert (result.outcome, result.refusal) == ("refused", refusal)
    assert result.detail
    assert not peer.got


@pytest.mark.parametrize(
    ("where", "answer", "refusal"),
    [
        ("data", "451 4.3.0 try later", Refusal.RETRY_LATER),
        ("data", "421 shutting down", Refusal.RETRY_LATER),
        ("data", "554 5.7.1 looks like spam", Refusal.OUR_MISTAKE),
        ("data", "552 too big", Refusal.OUR_MISTAKE),
        ("mail", "450 slow down", Refusal.RETRY_LATER),
        ("mail", "553 sender not allowed", Refusal.OUR_MISTAKE),
    ],
)
async def test_four_hundreds_may_be_repeated_and_five_hundreds_not(
    where: str, answer: str, refusal: Refusal, peer: Peer, clock: StillClock
) -> None:
    setattr(peer, f"{where}_answer", answer)
    with serving(peer) as port:
        result = await mailer(port, clock).send_mail(MAIL)
    assert (result.outcome, result.refusal) == ("refused", refusal)
    assert answer[4:] in result.detail


async def test_an_unreachable_server_may_be_tried_again(clock: StillClock) -> None:
    result = await mailer(free_port(), clock).send_mail(MAIL)
    assert (result.outcome, result.refusal) == ("refused", Refusal.RETRY_LATER)
    assert clock.inside == 0


async def test_one_address_in_two_forms_gets_the_mail_once(peer: Peer, clock: StillClock) -> None:
    """Whose domain it is, capitals do not change; to the one before the @ they may belong."""
    written = ("Kim <kim@Team.Example>", "kim@team.example", "KIM@team.example")
    with serving(peer) as port:
        assert (await mailer(port, clock).send_mail(changed(recipients=written))).success
    assert peer.envelopes[0][1] == ["kim@team.example", "KIM@team.example"]


async def test_names_and_domains_beyond_ascii_travel(peer: Peer, clock: StillClock) -> None:
    with serving(peer) as port:
        result = await mailer(port, clock).send_mail(
            changed(recipients=("Jörg Müller <joerg@bücher.example>",))
        )
    assert result.success
    assert peer.envelopes[0][1] == ["joerg@xn--bcher-kva.example"]
    assert peer.got[0]["To"].addresses[0].display_name == "Jörg Müller"


@pytest.mark.parametrize(
    ("sender", "name"),
    [
        ('"Holm, Kim" <kim@team.example>', "Holm, Kim"),
        ("Holm, Kim <kim@team.example>", "Holm, Kim"),
        ("Müller, Jörg <kim@team.example>", "Müller, Jörg"),
        ('Kim "The K" Holm <kim@team.example>', 'Kim "The K" Holm'),
        ("Sales: InG (Berlin) <kim@team.example>", "Sales: InG (Berlin)"),
        ("ACME @ Summit <kim@team.example>", "ACME @ Summit"),
        ("Наталья Щербакова <kim@team.example>", "Наталья Щербакова"),
        ("=?utf-8?q?Zo=C3=AB?= <kim@team.example>", "Zoë"),
    ],
)
async def test_a_sender_is_named_as_people_write_names(
    sender: str, name: str, peer: Peer, clock: StillClock
) -> None:
    with serving(peer) as port:
        result = await mailer(port, clock, sender=sender).send_mail(MAIL)
    assert result.success
    (shown,) = peer.got[0]["From"].addresses
    assert (shown.display_name, shown.addr_spec) == (name, "kim@team.example")


@pytest.mark.parametrize(
    "subject",
    ["Report\r\nBcc: all@evil.org", "Report\nX-Evil: 1", "Report\u2028Bcc: x", "Report\x00\ud800"],
)
async def test_a_subject_cannot_add_headers(subject: str, peer: Peer, clock: StillClock) -> None:
    with serving(peer) as port:
        result = await mailer(port, clock).send_mail(changed(subject=subject))
    assert result.success
    (got,) = peer.got
    assert set(got.keys()) <= {
        *("From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted"),
        *("MIME-Version", "Content-Type", "X-Peer", "X-MailFrom", "X-RcptTo"),
    }
    assert got["Subject"].startswith("Report")


@pytest.mark.parametrize("sender", ["office@example.com", "InG Büro <office@example.com>"])
async def test_an_id_without_a_domain_gets_the_senders(
    sender: str, peer: Peer, clock: StillClock
) -> None:
    with serving(peer) as port:
        result = await mailer(port, clock, sender=sender).send_mail(changed(message_id="report-7"))
    assert result.message_id == "<report-7@example.com>" == peer.got[0]["Message-ID"]


async def test_trying_out_asks_for_everything_and_sends_nothing(
    peer: Peer, clock: StillClock
) -> None:
    with serving(peer) as port:
        tried = await mailer(port, clock).try_out(
            changed(recipients=("bad@example.com", "good@example.com"))
        )
        nobody = await mailer(port, clock).try_out(changed(recipients=("bad@example.com",)))
    assert (tried.outcome, list(tried.unreached)) == ("sent", ["bad@example.com"])
    assert (nobody.outcome, nobody.refusal) == ("refused", Refusal.THIS_PERSON)
    assert peer.got == []


@pytest.mark.parametrize("message_id", ["<a@b>\r\nBcc: x@y", "no at sign", "<a b@c>", "<a@b><c@d>"])
async def test_a_message_id_that_is_none_is_refused(message_id: str, clock: StillClock) -> None:
    result = await mailer(free_port(), clock).send_mail(changed(message_id=message_id))
    assert (result.outcome, result.refusal) == ("refused", Refusal.OUR_MISTAKE)


@pytest.mark.parametrize(
    "sender",
    [
        "",
        "nobody",
        "a@b\r\nBcc: x@y",
        "a@b.example, Kim <c@d.example>",
        "Kim <a@b.example> <c@d.example>",
    ],
)
async def test_without_a_sender_the_setting_is_named(sender: str, clock: StillClock) -> None:
    result = await mailer(free_port(), clock, sender=sender).send_mail(MAIL)
    assert (result.outcome, result.refusal) == ("refused", Refusal.OUR_MISTAKE)
    assert "email.sender" in result.detail


# A server with moods

GREETING = b"220 ready\r\n"


@asynccontextmanager
async def scripted(*answers: bytes | None) -> AsyncIterator[int]:
    """A peer that greets, answers each command with the next answer, and hangs up on None.

    After `DATA` was answered with 354 the text counts as one command.
    """

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            if answers[0] is None:
                return
            writer.write(answers[0])
            for answer in answers[1:]:
                line = await reader.readline()
                if line and not line.startswith((b"EHLO", b"MAIL", b"RCPT", b"DATA", b"QUIT")):
                    while line and line != b".\r\n":
                        line = await reader.readline()
                if answer is None:
                    break
                writer.write(answer)
                await writer.drain()
            else:
                await reader.read()
        except ConnectionError:
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


OK = b"250 ok\r\n"
GO_ON = b"354 go on\r\n"


@pytest.mark.parametrize(
    ("answers", "outcome", "refusal"),
    [
        ((None,), "refused", Refusal.RETRY_LATER),
        ((b"",), "refused", Refusal.RETRY_LATER),
        ((b"554 go away\r\n",), "refused", Refusal.OUR_MISTAKE),
        ((b"421 too many\r\n",), "refused", Refusal.RETRY_LATER),
        ((b"HTTP/1.1 400 Bad Request\r\n",), "refused", Refusal.RETRY_LATER),
        ((GREETING, None), "refused", Refusal.RETRY_LATER),
        ((GREETING, OK, OK, None), "refused", Refusal.RETRY_LATER),
        ((GREETING, OK, OK, b"421 bye\r\n", None), "refused", Refusal.RETRY_LATER),
        ((GREETING, OK, OK, OK, None), "unknown", None),
        ((GREETING, OK, OK, OK, GO_ON, None), "unknown", None),
        ((GREETING, OK, OK, OK, GO_ON, b"what?\r\n"), "unknown", None),
        ((GREETING, OK, OK, OK, GO_ON), "unknown", None),
        ((GREETING, OK, OK, OK, GO_ON, b"250 taken\r\n", None), "sent", None),
        ((GREETING, OK, OK, OK, GO_ON, b"250 taken\r\n", b"500 what\r\n"), "sent", None),
    ],
    ids=[
        "hangs up at once",
        "never greets",
        "refuses the connection",
        "is too busy to greet",
        "is no mail server",
        "dies after the greeting",
        "dies at the recipient",
        "closes at the recipient",
        "dies at DATA",
        "dies after the text",
        "mumbles after the text",
        "is silent after the text",
        "dies after taking the text",
        "will not be left politely",
    ],
)
async def test_only_silence_after_the_text_has_begun_is_a_doubt(
    answers: tuple[bytes | None, ...], outcome: str, refusal: Refusal | None, clock: StillClock
) -> None:
    async with scripted(*answers) as port:
        result = await mailer(port, clock, timeout_seconds=0.4).send_mail(MAIL)
    assert (result.outcome, result.refusal) == (outcome, refusal), result.detail
    assert result.detail
    if outcome != "refused":
        assert result.message_id == MAIL.message_id


async def test_a_servers_words_are_kept_on_one_line_and_short(clock: StillClock) -> None:
    words = b"554-one\x1b[31m\r\n554 " + b"\xff" + b"x" * 2000 + b"\r\n"
    async with scripted(GREETING, OK, OK, OK, GO_ON, words, None) as port:
        result = await mailer(port, clock).send_mail(MAIL)
    assert result.refusal is Refusal.OUR_MISTAKE
    assert len(result.detail) < 400
    assert result.detail.isprintable()
    assert msgspec.json.encode(result)
