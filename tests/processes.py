"""Commands as processes beside a test: started, spoken to, waited for, ended by their own id."""

from __future__ import annotations

import atexit
import contextlib
import shutil
import signal
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

from tests import PATIENCE
from tests.kills.nursery import Child, Nursery

PROGRAM = Path(sys.executable).with_name("ingagents")


def environment(folder: Path, more: Mapping[str, str] | None = None) -> dict[str, str]:
    """A user's plain environment: nothing of ours, nothing of the test runner's."""
    plain = {
        "PATH": f"{PROGRAM.parent}:/usr/local/bin:/usr/bin:/bin",
        "HOME": str(folder),
        "LANG": "C.UTF-8",
        "TERM": "xterm-256color",
    }
    return {**plain, **(more or {})}


_numbers = count(1)


@cache
def warm_nursery() -> Nursery:
    """Made when first asked for, for all tests of this process: it takes seconds to be born."""
    made = Nursery()
    atexit.register(made.close)
    return made


@cache
def _said() -> Path:
    """Where what the commands say is kept, as long as this process lives."""
    place = Path(tempfile.mkdtemp(prefix="ingagents-said-"))
    atexit.register(shutil.rmtree, place)
    return place


@dataclass(kw_only=True)
class Running:
    """A command at work."""

    child: Child
    began: float

    @property
    def out(self) -> list[str]:
        """The lines on stdout so far."""
        return self._lines(self.child.output)

    @property
    def err(self) -> list[str]:
        """The lines on stderr so far."""
        return self._lines(self.child.errors)

    def _lines(self, file: Path) -> list[str]:
        half_a_sign = "replace" if self.alive() else "strict"
        with file.open(encoding="utf-8", errors=half_a_sign) as lines:
            return lines.readlines()

    def send(self, number: signal.Signals) -> None:
        """A signal for this one process."""
        self.child.send(number)

    def wait(self) -> int:
        """Its exit code, once it has ended."""
        return self.child.wait()

    def alive(self) -> bool:
        """Whether it still runs."""
        return self.child.alive

    def until(self, text: str) -> str:
        """The first line, on either stream, with a text in it."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            for line in [*self.out, *self.err]:
                if text in line:
                    return line
            if not self.alive():
                break
            time.sleep(0.02)
        raise AssertionError(f"{text!r} was not said:\n{self.said}")

    @property
    def said(self) -> str:
        """All of it so far."""
        return "".join(self.out) + "--- stderr\n" + "".join(self.err)


def wait_until(what: str, true: Any) -> None:
    """Look a few times a second until something holds."""
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline, f"{what} did not come about in {PATIENCE} s"
        time.sleep(0.02)


@contextmanager
def started(
    folder: Path, *arguments: str | Path, env: Mapping[str, str] | None = None
) -> Iterator[Running]:
    """A command running beside the test; it is killed, by its own id, when the block is left."""
    number = next(_numbers)
    began = time.monotonic()
    child = warm_nursery().start(
        folder,
        arguments,
        env=environment(folder, env),
        output=_said() / f"out-{number}",
        errors=_said() / f"err-{number}",
    )
    try:
        yield Running(child=child, began=began)
    finally:
        if child.alive:
            child.send(signal.SIGKILL)
        child.wait()


@contextmanager
def answering(
    reply: bytes | None, *, then_close: bool = True, asked: threading.Event | None = None
) -> Iterator[str]:
    """A service that gives the same bytes to every request; None: it never answers. Its URL.

    `asked` is set once somebody has come and begun to ask.
    """
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(0.1)
    ended = threading.Event()
    open_ones: list[socket.socket] = []

    def serve() -> None:
        while not ended.is_set():
            try:
                one, _ = listener.accept()
            except TimeoutError:
                continue
            open_ones.append(one)
            if asked is not None:
                with contextlib.suppress(OSError):
                    one.settimeout(2)
                    one.recv(1, socket.MSG_PEEK)
                asked.set()
            if reply is not None:
                with contextlib.suppress(OSError):
                    one.settimeout(2)
                    one.recv(65536)
                    one.sendall(reply)
                    if then_close:
                        one.shutdown(socket.SHUT_RDWR)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        ended.set()
        thread.join(PATIENCE)
        for one in [*open_ones, listener]:
            one.close()


def free_port() -> int:
    """A loopback port nobody listens on at this moment."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port
