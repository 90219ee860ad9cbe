"""HTTP that we serve ourselves: where it listens, how it ends, and what is read of a request."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import anyio
import uvicorn
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive
from uvicorn.protocols.http.h11_impl import H11Protocol

from ingagents.errors import BusyElsewhere, UsageError
from ingagents.loopback import is_loopback

_LAST_WORDS_SECONDS = 0.5
"""How long requests in hand may take to end once the server is told to stop."""
_BODY_SECONDS = 30.0


class BodyRefused(Exception):
    """A request's body is not taken: the status that says so, and the words."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status = status
        self.words = words


async def serve(
    app: ASGIApp,
    listener: socket.socket,
    *,
    on_listening: Callable[[int], None] | None = None,
    stop: anyio.Event | None = None,
    most_at_once: int | None = None,
) -> None:
    """Serve until `stop` is set or the task is cancelled; the caller owns the signals.

    `on_listening` gets the real port as soon as connections are taken; `most_at_once` bounds them.
    """
    config = uvicorn.Config(
        app,
        http=_Connection,
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=5,
        limit_concurrency=most_at_once,
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


def listen(host: str, port: int, *, allow_remote: bool, remedy: str) -> socket.socket:
    """A socket that is bound; `remedy` says what to do where the port is taken.

    Raises:
        UsageError: the host is no loopback address and that was not allowed, or no address.
        BusyElsewhere: the port is taken.
    """
    try:
        family, kind, _, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except OSError as exc:
        raise UsageError(f"{host}:{port} is no address to listen on ({exc})") from exc
    if not allow_remote and not is_loopback(str(address[0])):
        raise UsageError(
            f"{host} can be reached from other machines", "use 127.0.0.1, or allow it explicitly"
        )
    listener = socket.socket(family, kind, socket.IPPROTO_TCP)  # else no TCP_NODELAY
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
    except OSError as exc:
        listener.close()
        raise BusyElsewhere(f"{host}:{port} cannot be listened on ({exc})", remedy) from exc
    return listener


async def body_of(
    headers: Headers, receive: Receive, *, most: int, seconds: float = _BODY_SECONDS
) -> bytes:
    """The whole body, as it came: what is packed stays so.

    Raises:
        BodyRefused: it is longer than `most` bytes, breaks off, or does not come within `seconds`.
    """
    try:
        told = int(headers.get("content-length", "0"))
    except ValueError:
        raise BodyRefused(400, "The content length is no number.") from None
    body = bytearray()
    with anyio.move_on_after(seconds):
        while told <= most and len(body) <= most:
            message = await receive()
            if message["type"] == "http.disconnect":  # half an order is none
                raise BodyRefused(400, "The body broke off.")
            body += message.get("body", b"")
            if not message.get("more_body"):
                return bytes(body)
        await drain(headers, receive, seconds=seconds)
        raise BodyRefused(413, f"No body may be longer than {most} bytes.")
    raise BodyRefused(408, "The body did not come in time.")


async def drain(headers: Headers, receive: Receive, *, seconds: float = _BODY_SECONDS) -> None:
    """Let what is still sent go by, so that its sender lives to read the answer.

    Who asks first whether to send it (`Expect: 100-continue`) is spared that.
    """
    if headers.get("expect"):
        return
    with anyio.move_on_after(seconds):
        while (await receive()).get("more_body"):
            pass
