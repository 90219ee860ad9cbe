"""A mail server on loopback that keeps what it gets and can be told what to answer."""

import email
import email.policy
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

NOW = datetime(2027, 2, 10, 8, 15, 30, tzinfo=UTC)


class StillClock:
    """A clock that stands at NOW and counts who is inside `busy`."""

    pace = 1.0

    def __init__(self) -> None:
        self.inside = self.entered = 0

    def now(self) -> datetime:
        return NOW

    async def sleep_until(self, moment: datetime) -> None:
        del moment

    @contextmanager
    def busy(self) -> Iterator[None]:
        self.inside += 1
        self.entered += 1
        try:
            yield
        finally:
            self.inside -= 1


class Peer:
    """An SMTP server's handler that keeps what it gets and can be told what to answer."""

    def __init__(self, clock: StillClock) -> None:
        self.clock = clock
        self.got: list[EmailMessage] = []
        self.envelopes: list[tuple[str, list[str]]] = []
        self.hellos: list[str] = []
        self.data_answer = "250 queued as 1"
        self.mail_answer = "250 OK"
        self.was_busy = False

    async def handle_EHLO(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        self.hellos.append(hostname)
        session.host_name = hostname
        return responses

    async def handle_MAIL(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        envelope.mail_from = address
        return self.mail_answer

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if address.startswith("bad"):
            return "550 5.1.1 no such user"
        if address.startswith("busy"):
            return "451 4.7.1 greylisted, try later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.was_busy = self.clock.inside == 1
        if self.data_answer.startswith("250"):
            self.got.append(parse(envelope.content))
            self.envelopes.append((envelope.mail_from, envelope.rcpt_tos))
        return self.data_answer


def parse(content: bytes) -> EmailMessage:
    return email.message_from_bytes(content, policy=email.policy.default)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(peer: Peer, **options: Any) -> Iterator[int]:
    port = free_port()
    controller = Controller(peer, hostname="127.0.0.1", port=port, **options)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()
