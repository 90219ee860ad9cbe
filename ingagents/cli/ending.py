"""SIGINT, SIGTERM and SIGHUP end what goes on cleanly, from its first line on: exit 0, no traceback.

Until the agents are at work, and when they have stopped, nothing is in hand that could not as well
be cut short: what is committed stands, and the rest is as if it had not begun. While they work,
they are asked to stop; what has not ended in time (a database that does not answer) is cut short
too. This module is loaded before all others and imports next to nothing.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import anyio

_VALUED = frozenset({"--settings", "--log-format", "--log-level"})
"""Options that may stand before the command and take a value."""

_GOING_ON = frozenset({"run", "sandbox"})
_ASKED_FOR_SECONDS = 9.0
"""How long what was asked to stop may take; the promise is ten in all."""

EXIT_INTERRUPTED = 130
"""What a shell reports of a program that Ctrl-C ended: 128 and the signal's number."""
INTERRUPTED = "error: interrupted: the command was stopped; what was committed stands"

_asked: list[Callable[[], object]] = []
_ending: list[bool] = []


def goes_on(arguments: Sequence[str]) -> bool:
    """Whether a command line is for a command that goes on until it is told to end."""
    waiting = iter(arguments)
    for argument in waiting:
        if argument in _VALUED:
            next(waiting, None)
        elif not argument.startswith("-"):
            return argument in _GOING_ON
    return False


def end_at_once() -> None:
    """Let the signals end the program cleanly, at any moment."""
    for one in (signal.SIGINT, signal.SIGTERM):
        signal.signal(one, _end)
    # A terminal that is closed; `nohup` has had it ignored, and Windows does not know it.
    hang_up = getattr(signal, "SIGHUP", None)
    if hang_up is not None and signal.getsignal(hang_up) is not signal.SIG_IGN:
        signal.signal(hang_up, _end)


@contextmanager
def loading() -> Iterator[None]:
    """Let Ctrl-C end a command that ends by itself also while its modules are loaded.

    Raised amid an import it would be a traceback, or another error altogether.
    """
    before = signal.getsignal(signal.SIGINT)
    if before is signal.default_int_handler:  # a shell has it ignored in the background
        signal.signal(signal.SIGINT, _interrupted)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def asking(stop: Callable[[], object]) -> Iterator[None]:
    """Let the signals ask for a stop instead; `stop` is called between two steps of the program."""
    _asked.append(stop)
    try:
        yield
    finally:
        _asked.remove(stop)


@contextmanager
def cut_short_by_ctrl_c() -> Iterator[None]:
    """Let Ctrl-C cancel what is done inside, again and again until it has ended.

    asyncio's own way cancels once, and anything on the way that takes that one for its own has
    lost it; nor does it wake a loop that is just going to sleep. A second Ctrl-C is asyncio's.

    Where `run` ends by a signal of its own, that stands. Called within the loop.

    Raises:
        KeyboardInterrupt: somebody pressed it.
    """
    import asyncio

    import anyio

    loop, before = asyncio.get_running_loop(), signal.getsignal(signal.SIGINT)
    if before in {_end, signal.SIG_IGN}:  # ignored: a shell's job in the background
        yield
        return
    with anyio.CancelScope() as scope:

        def cut_short() -> None:
            give_back()
            scope.cancel()

        def give_back() -> None:
            if loop.remove_signal_handler(signal.SIGINT):
                signal.signal(signal.SIGINT, before)

        loop.add_signal_handler(signal.SIGINT, cut_short)
        try:
            yield
        finally:
            give_back()
    if scope.cancel_called:
        raise KeyboardInterrupt


def is_ending() -> bool:
    """Whether somebody asked for the end."""
    return bool(_ending)


def _end(_number: int, _frame: FrameType | None) -> None:
    if not _asked:
        os._exit(0)
    if not _ending:
        _ending.append(True)
        # No thread: where memory ran out, none can be started.
        signal.signal(signal.SIGALRM, _cut_short)
        signal.setitimer(signal.ITIMER_REAL, _ASKED_FOR_SECONDS)
    _asked[-1]()


def _interrupted(_number: int, _frame: FrameType | None) -> None:
    print(INTERRUPTED, file=sys.stderr, flush=True)
    os._exit(EXIT_INTERRUPTED)


def _cut_short(_number: int, _frame: FrameType | None) -> None:
    print("ended in the midst of its work: what was committed stands", file=sys.stderr, flush=True)
    os._exit(0)


@contextmanager
def stop_signals() -> Iterator[anyio.Event]:
    """An event that the signals set."""
    import asyncio

    import anyio

    stop, loop = anyio.Event(), asyncio.get_running_loop()
    with asking(lambda: loop.call_soon_threadsafe(stop.set)):
        yield stop
