"""An event loop whose runs repeat: it never waits, and nothing in it depends on an address.

Nothing outside the process is waited for, so the selector never selects: when nobody can run, its
time jumps to the next timer. Sets of tasks and of cancel scopes (asyncio and anyio keep some, and
cancel in their order) are ordered by numbers instead of addresses in memory.
"""

from __future__ import annotations

import asyncio
import itertools
import selectors
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from anyio._backends._asyncio import CancelScope

TURNS_MAX = 3_000_000
"""No seed needs nearly as many turns: this one runs hot."""


class Standstill(RuntimeError):
    """Nobody can run any more and no timer is set, or it runs without an end."""


class _Selector(selectors.SelectSelector):
    """Finds nothing, at once, and counts turns and time."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        self.turns = 0
        self.each_turn: Callable[[], None] = lambda: None

    def select(self, timeout: float | None = None) -> list[Any]:
        self.turns += 1
        if timeout is None:
            raise Standstill("everybody waits for something that will not come")
        if self.turns > TURNS_MAX:
            raise Standstill(f"the loop turned {TURNS_MAX} times")
        self.now += max(0.0, timeout)
        self.each_turn()
        return []


class _Task(asyncio.Task[Any]):
    """A task whose place in a set is the same in every run."""

    def __init__(self, coro: Coroutine[Any, Any, Any], *, number: int, **more: Any) -> None:
        self._number = number
        super().__init__(coro, **more)

    def __hash__(self) -> int:
        return self._number


class SimulatedLoop(asyncio.SelectorEventLoop):
    """Runs what is ready in order; `turns` counts, `each_turn` is called every time."""

    def __init__(self) -> None:
        self.selector = _Selector()
        super().__init__(self.selector)
        numbers = itertools.count(1)

        def make(_: Any, coro: Any, **more: Any) -> _Task:
            return _Task(coro, number=next(numbers), loop=self, **more)

        self.set_task_factory(make)

    def time(self) -> float:
        return self.selector.now

    def call_soon_threadsafe(  # type: ignore[override]
        self, callback: Callable[..., object], *args: Any, context: Any = None
    ) -> asyncio.Handle:
        return self.call_soon(callback, *args, context=context)  # there are no threads


@contextmanager
def in_fixed_order() -> Iterator[None]:
    """Let sets of cancel scopes follow the order in which they were opened, not their addresses."""
    with patch.object(CancelScope, "__hash__", lambda _: 0):
        yield
