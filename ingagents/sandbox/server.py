"""The market over real HTTP, for other programs on this machine."""

from __future__ import annotations

from collections.abc import Callable

import anyio
from starlette.types import ASGIApp

from ingagents import http_server
from ingagents.sandbox.guard import Guard


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
    listener = http_server.listen(
        host, port, allow_remote=allow_remote, remedy="choose another --port"
    )
    guarded = Guard(app, host=None if allow_remote else host)
    await http_server.serve(guarded, listener, on_listening=on_listening, stop=stop)
