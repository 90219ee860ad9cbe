"""LISTEN: events that another process committed are heard at once, instead of at the next look."""

from __future__ import annotations

import asyncio
import contextlib
import selectors
import socket
import threading
from collections.abc import Callable

import psycopg

from ingagents.errors import IngagentsError
from ingagents.store.engine.postgres_server import Connection

CHANNEL = "ingagents"
"""Where writers say that events were committed; the payload tells which process it was."""

_FIRST_PAUSE_SECONDS = 0.1
_LONGEST_PAUSE_SECONDS = 5.0


class Listener:
    """A thread with a connection of its own that waits for notifications of other processes.

    It may be deaf for a while (a lost connection): consumers look by themselves now and then, and
    are woken once when it hears again.
    """

    def __init__(
        self, open_connection: Callable[[], Connection], notify: Callable[[], None], *, sender: str
    ) -> None:
        self._open = open_connection
        self._notify = notify
        self._sender = sender
        self._loop = asyncio.get_running_loop()
        self._stopped = threading.Event()
        self._wake, self._sleeper = socket.socketpair()
        self._thread = threading.Thread(target=self._live, name="store-listener", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread and its connection."""
        self._stopped.set()
        self._wake.send(b"x")
        self._thread.join()
        self._wake.close()
        self._sleeper.close()

    def _live(self) -> None:
        pause = _FIRST_PAUSE_SECONDS
        missed = False
        while not self._stopped.is_set():
            with (
                contextlib.suppress(IngagentsError, psycopg.Error, OSError),
                contextlib.closing(self._open()) as connection,
            ):
                connection.execute(f"LISTEN {CHANNEL}".encode())
                pause = _FIRST_PAUSE_SECONDS
                if missed:
                    self._tell()
                self._hear(connection)
            missed = True
            self._stopped.wait(pause)
            pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)

    def _hear(self, connection: Connection) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(connection.pgconn.socket, selectors.EVENT_READ)
            selector.register(self._sleeper, selectors.EVENT_READ)
            while not self._stopped.is_set():
                selector.select()
                connection.pgconn.consume_input()
                others = False
                while (heard := connection.pgconn.notifies()) is not None:
                    others = others or heard.extra != self._sender.encode()
                if others:
                    self._tell()

    def _tell(self) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is gone: nobody is left to wake
            self._loop.call_soon_threadsafe(self._notify)
