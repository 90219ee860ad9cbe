"""Time in three makes: real, compressed between commands in the sandbox, and jumping for its runs.

Nobody else in the product asks the machine for the time or sleeps.
"""

from __future__ import annotations

import heapq
import itertools
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime, timedelta

import anyio
import anyio.lowlevel

_LONGEST_NAP_SECONDS = 60.0
"""The wall clock may be set, or the machine sleep; a long wait looks again this often."""


_NOTHING = nullcontext()
"""Time that passes by itself need not be stopped."""


class SystemClock:
    """The machine's own clock."""

    pace = 1.0

    def now(self) -> datetime:
        return datetime.now(UTC)

    async def sleep_until(self, moment: datetime) -> None:
        while (left := (moment - self.now()).total_seconds()) > 0:  # noqa: ASYNC110  it is time itself
            await anyio.sleep(min(left, _LONGEST_NAP_SECONDS))
        await anyio.lowlevel.checkpoint()

    def busy(self) -> AbstractContextManager[None]:
        return _NOTHING


class CompressedClock:
    """Time that runs `pace` times as fast as the wall clock, from `start` on, whoever works."""

    def __init__(self, start: datetime, *, pace: float) -> None:
        self.pace = pace
        self._start = start
        self._began = time.monotonic()
        self._changed = anyio.Event()

    def set(self, moment: datetime) -> None:
        """Put the hands of the clock to another moment; who is overdue wakes."""
        self._start, self._began = moment, time.monotonic()
        self._changed.set()
        self._changed = anyio.Event()

    def now(self) -> datetime:
        return self._start + timedelta(seconds=(time.monotonic() - self._began) * self.pace)

    async def sleep_until(self, moment: datetime) -> None:
        while (left := (moment - self.now()).total_seconds()) > 0:
            with anyio.move_on_after(min(left / self.pace, _LONGEST_NAP_SECONDS)):
                await self._changed.wait()
        await anyio.lowlevel.checkpoint()

    def busy(self) -> AbstractContextManager[None]:
        return _NOTHING


class JumpingClock:
    """Time that stands still while anybody works and jumps when everybody waits.

    `keep_time` must run as a task beside the others. Whoever waits for the outside (a thread, a
    socket) enters `busy`, and time stands. `pace` only scales what is measured in real seconds
    (polling, leases), so that a day of jumps does not poll a hundred thousand times; after
    `keep_pace` time passes no faster than that either. How much is done in a day then does not
    depend on how fast the machine is.
    """

    def __init__(self, start: datetime, *, pace: float = 600.0) -> None:
        self.pace = pace
        self._now = start
        self._busy = 0
        self._order = itertools.count()
        self._sleepers: list[tuple[datetime, int, anyio.Event]] = []
        self._changed = anyio.Event()
        self._timed: CompressedClock | None = None

    def now(self) -> datetime:
        return self._now

    def set(self, moment: datetime) -> None:
        """Put the hands of the clock, forwards or backwards, as an operator might."""
        self._now = moment
        if self._timed is not None:
            self._timed.set(moment)
        self._changed.set()

    def keep_pace(self, pace: float) -> None:
        """From now on pass no faster than `pace` times the wall clock: for who watches."""
        self.pace = pace
        self._timed = CompressedClock(self._now, pace=pace)

    async def sleep_until(self, moment: datetime) -> None:
        if moment <= self._now:
            await anyio.lowlevel.checkpoint()
            return
        rung = anyio.Event()
        entry = (moment, next(self._order), rung)
        heapq.heappush(self._sleepers, entry)
        self._changed.set()
        try:
            await rung.wait()
        finally:
            if not rung.is_set():
                self._sleepers.remove(entry)
                heapq.heapify(self._sleepers)

    @contextmanager
    def busy(self) -> Iterator[None]:
        self._busy += 1
        try:
            yield
        finally:
            self._busy -= 1
            self._changed.set()

    async def keep_time(self) -> None:
        """Jump to the next sleeper whenever nothing else can run; ends only when cancelled."""
        while True:
            await self._everybody_waits()
            if not self._sleepers:
                self._changed = anyio.Event()
                await self._changed.wait()
                continue
            moment = self._sleepers[0][0]
            if self._timed is not None and await self._too_early(self._timed, moment):
                continue
            self._now = max(self._now, moment)
            while self._sleepers and self._sleepers[0][0] <= self._now:
                heapq.heappop(self._sleepers)[2].set()

    async def _too_early(self, timed: CompressedClock, moment: datetime) -> bool:
        """Wait for the wall clock; whether something happened before it was so late.

        Where work took long the wall clock is ahead, and nothing is waited for until it is caught up.
        """
        early = (moment - timed.now()).total_seconds() / self.pace
        if early <= 0:
            return False
        self._changed = anyio.Event()
        with anyio.move_on_after(early):
            await self._changed.wait()
        self._now = max(self._now, min(timed.now(), moment))
        return timed.now() < moment

    async def _everybody_waits(self) -> None:
        """Return after the event loop has run dry with nobody waiting for the outside.

        A task that runs keeps the loop turning; every turn of ours that finds others ready
        starts the count again. asyncio has no public question for "is anything ready", so the
        loop's ready queue is asked where it has one, and a long run of turns serves elsewhere.
        """
        ready = _ready_queue()
        quiet = 0
        while quiet < (3 if ready is not None else 200):
            if self._busy:
                self._changed = anyio.Event()
                await self._changed.wait()
                quiet = 0
                continue
            await anyio.lowlevel.checkpoint()
            quiet = quiet + 1 if not ready else 0


def _ready_queue() -> object | None:
    import asyncio

    return getattr(asyncio.get_running_loop(), "_ready", None)
