"""SIGINT and SIGTERM end what goes on cleanly, from its first line on: exit 0, no traceback.

Until the agents are at work, and when they have stopped, nothing is in hand that could not as well
be cut short: what is committed stands, and the rest is as if it had not begun. While they work, they
are asked to stop. This module is loaded before all others and imports next to nothing.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import FrameType

__all__ = ["asking", "end_at_once", "goes_on"]

_VALUED = frozenset({"--settings", "--log-format", "--log-level"})
"""Options that may stand before the command and take a value."""

_GOING_ON = frozenset({"run", "sandbox"})
_asked: list[Callable[[], object]] = []


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


@contextmanager
def asking(stop: Callable[[], object]) -> Iterator[None]:
    """Let the signals ask for a stop instead; `stop` is called between two steps of the program."""
    _asked.append(stop)
    try:
        yield
    finally:
        _asked.remove(stop)


def _end(_number: int, _frame: FrameType | None) -> None:
    if _asked:
        _asked[-1]()
        return
    os._exit(0)
