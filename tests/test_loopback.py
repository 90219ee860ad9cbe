"""The guard of the test-suite itself: loopback is open, everything else is refused."""

from __future__ import annotations

import asyncio
import socket

import pytest


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", None, b"127.0.0.2"])
def test_this_machine_may_be_looked_up(host: str | bytes | None) -> None:
    assert socket.getaddrinfo(host, 80)


@pytest.mark.parametrize("host", ["example.com", "192.0.2.1", "10.0.0.1", "2001:db8::1", b"a.b"])
def test_nobody_else_is_looked_up(host: str | bytes) -> None:
    with pytest.raises(RuntimeError, match="only loopback"):
        socket.getaddrinfo(host, 80)


def test_nobody_else_is_connected_to() -> None:
    with socket.socket() as tcp, socket.socket(type=socket.SOCK_DGRAM) as udp:
        for attempt in (tcp.connect, tcp.connect_ex, udp.connect):
            with pytest.raises(RuntimeError, match="only loopback"):
                attempt(("192.0.2.1", 80))
        for arguments in ((("192.0.2.1", 80),), (0, ("192.0.2.1", 80))):
            with pytest.raises(RuntimeError, match="only loopback"):
                udp.sendto(b"x", *arguments)


async def test_asyncio_is_guarded_too_and_loopback_works() -> None:
    with pytest.raises(RuntimeError, match="only loopback"):
        await asyncio.open_connection("192.0.2.1", 80)
    server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0)
    async with server:
        host, port = server.sockets[0].getsockname()
        reader, writer = await asyncio.open_connection(host, port)
        assert await reader.read() == b""
        writer.close()
        await writer.wait_closed()
