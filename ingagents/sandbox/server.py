"""The market over real HTTP, for other programs on this machine."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import anyio
import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from ingagents.errors import BusyElsewhere, UsageError
from ingagents.sandbox.guard import Guard

_LAST_WORDS_SECONDS = 0.5
"""How long requests in hand may take to end once the server is told to stop."""


async def serve(
    app: ASGIApp,
    *,
    host: str = "127.0.0.1",
    port: int = 8765,
    allow_remote: bool = False,
    on_listening: Callable[[int], None] | None = None,
    stop: anyio.Event | None = None,
) -> None:
    """Serve until `stop` is set or the task is cancelled; the caller owns the signals.

    Everything is behind a `Guard`, for whoever is on this machine can send requests.

    `on_listening` gets the real port, also for port 0, as soon as connections are taken.

    Raises:
        UsageError: the host is no loopback address and that was not allowed, or no address.
        BusyElsewhere: the port is taken.
    """
    listener = _listen(host, port, allow_remote=allow_remote)
    config = uvicorn.Config(
        Guard(app, host=None if allow_remote else host),
        http=_Connection,
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=5,
    )
    server = _Server(config, on_listening)
    with listener:
        async with anyio.create_task_group() as tasks:
            if stop is not None:
                tasks.start_soon(_pass_on, stop, server)
            try:
                await server.serve(sockets=[listener])
            finally:
                # Cancelled, uvicorn leaves its connections open; they are ended here.
                if server.started and not server.should_exit:
                    with anyio.CancelScope(shield=True):
                        await server.shutdown(sockets=[listener])
            tasks.cancel_scope.cancel()


class _Server(uvicorn.Server):
    """A server that says when it listens and leaves the process's signals alone."""

    def __init__(self, config: uvicorn.Config, on_listening: Callable[[int], None] | None) -> None:
        super().__init__(config)
        self._on_listening = on_listening

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self._on_listening and sockets:
            self._on_listening(sockets[0].getsockname()[1])

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        asyncio.get_running_loop().call_later(_LAST_WORDS_SECONDS, self._hang_up_all)
        await super().shutdown(sockets)

    def _hang_up_all(self) -> None:
        """Requests that are never answered on order would otherwise hold the server open."""
        for connection in list(self.server_state.connections):
            if isinstance(connection, _Connection):
                connection.transport.abort()


class _Connection(H11Protocol):
    """A connection that an application can drop: `scope["state"]["hang_up"]` does it."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # uvicorn narrows it too
        super().connection_made(transport)
        self.app_state = {**self.app_state, "hang_up": self.transport.abort}


async def _pass_on(stop: anyio.Event, server: uvicorn.Server) -> None:
    await stop.wait()
    server.should_exit = True


def _listen(host: str, port: int, *, allow_remote: bool) -> socket.socket:
    try:
        family, kind, _, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except OSError as exc:
        raise UsageError(f"{host}:{port} is no address to listen on ({exc})") from exc
    if not allow_remote and not ipaddress.ip_address(str(address[0]).partition("%")[0]).is_loopback:
        raise UsageError(
            f"{host} can be reached from other machines", "use 127.0.0.1, or allow it explicitly"
        )
    listener = socket.socket(family, kind, socket.IPPROTO_TCP)  # else no TCP_NODELAY
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
    except OSError as exc:
        listener.close()
        raise BusyElsewhere(
            f"{host}:{port} cannot be listened on ({exc})", "choose another --port"
        ) from exc
    return listener
