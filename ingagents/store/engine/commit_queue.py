"""Units of work wait in queues: each has a thread, and quick writes are made by the loop itself.

A thread, so that a slow disk, a far server or another process's turn holds up nobody but those
who wait for it. Handing a group over and its answers back costs two wake-ups, though, as a rule
of another core: nearly as much as a whole commit on a good disk. So where a driver can promise to
wait for nothing but the disk, the loop commits by itself for as long as commits prove quick.
"""

from __future__ import annotations

import asyncio
import queue
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any

import msgspec

from ingagents.ports import UnitOfWork

_GROUP_MAX = 256
_COMMITS_IN_A_ROW = 8
_LET_OTHERS_SECONDS = 0.004
"""After so many commits without a breath a writer leaves the turn for longer than the two
milliseconds between another process's looks at it, so that a busy process starves nobody."""

_QUICK_SECONDS = 0.005
"""A group worked off in less is quick. Python's own threads keep each other waiting as long: it
is how often the interpreter changes between them (`sys.getswitchinterval`)."""
_QUICK_IN_A_ROW = 4
"""After so many quick groups the loop works off the next one by itself. One that is not quick
holds the loop up once, and the thread has the queue again until it has shown as many."""


class Pending(msgspec.Struct):
    """Work, and whom to tell the answer or the failure on which loop."""

    work: UnitOfWork
    loop: asyncio.AbstractEventLoop
    tell: Callable[[Any], None]


_Here = Callable[[list[Pending]], Callable[[], None] | None]


class WorkQueue:
    """Units of work on their way from the loop to a thread, which is woken once for all that wait.

    By the time it runs, most of what one turn of the loop asks for is there.
    """

    def __init__(self, name: str, work_off: Callable[[list[Pending]], object]) -> None:
        self._work_off = work_off
        self._waiting: deque[Pending] = deque()
        self._calls: queue.SimpleQueue[None] = queue.SimpleQueue()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Let the thread begin."""
        self._thread.start()

    def put(self, pending: Pending) -> None:
        """Called on the loop."""
        self._waiting.append(pending)
        if len(self._waiting) == 1:
            self._call()

    def close(self) -> None:
        """Called on the loop, after the last `put`."""
        self._closed = True
        self._calls.put(None)

    def join(self) -> None:
        """Wait until everything is worked off and the thread has ended; the queue is closed."""
        self._thread.join()

    def _call(self) -> None:
        """Have what waits worked off. Called on the loop."""
        self._calls.put(None)

    def _run(self) -> None:
        while self._something_waits():
            self._work_off(self._group())

    def _something_waits(self) -> bool:
        """Waits for something to do; False when the queue is closed and empty."""
        while not (self._waiting or self._closed):
            self._calls.get()
        return bool(self._waiting)

    def _group(self) -> list[Pending]:
        """Everything that waits, at most a group."""
        take = self._waiting.popleft
        return [take() for _ in range(min(len(self._waiting), _GROUP_MAX))]


class WriteQueue(WorkQueue):
    """The queue of the writes: the thread leaves others their turn, the loop makes quick commits.

    `work_off` says whether all went well. `work_off_here` works a group off on the loop and
    answers what tells its callers; None, if it cannot be done at once: then nothing was done, and
    the thread gets the group.
    """

    def __init__(
        self,
        name: str,
        work_off: Callable[[list[Pending]], bool],
        work_off_here: _Here | None,
    ) -> None:
        super().__init__(name, work_off)
        self._work_off_here = work_off_here
        self._at_work = threading.Lock()
        self._quick_in_a_row = 0

    def _call(self) -> None:
        if self._work_off_here is not None and self._quick_in_a_row >= _QUICK_IN_A_ROW:
            asyncio.get_running_loop().call_soon(self._here, self._work_off_here)
        else:
            self._calls.put(None)

    def _here(self, work_off: _Here) -> None:
        """Work off what waits on the loop, which the thread may have done meanwhile."""
        # The thread looks again when it has done what it is at. And once the queue is closed all is
        # the thread's: whoever closes lets go of the connection when the thread has ended.
        if self._closed or not self._at_work.acquire(blocking=False):
            self._calls.put(None)
            return
        try:
            tell = self._try_here(work_off, group) if (group := self._group()) else None
        finally:
            self._at_work.release()
        if self._waiting:
            self._call()
        if tell is not None:
            tell()

    def _try_here(self, work_off: _Here, group: list[Pending]) -> Callable[[], None] | None:
        began = time.monotonic()
        tell = work_off(group)
        self._note(began, went_well=tell is not None)
        if tell is None:
            self._waiting.extendleft(reversed(group))
        return tell

    def _run(self) -> None:
        in_a_row = 0
        breath = threading.Event()
        while self._something_waits():
            with self._at_work:
                if group := self._group():
                    began = time.monotonic()
                    self._note(began, went_well=bool(self._work_off(group)))
            in_a_row = in_a_row + 1 if self._waiting else 0
            if in_a_row >= _COMMITS_IN_A_ROW:
                breath.wait(_LET_OTHERS_SECONDS)
                in_a_row = 0

    def _note(self, began: float, *, went_well: bool) -> None:
        quick = went_well and time.monotonic() - began < _QUICK_SECONDS
        self._quick_in_a_row = self._quick_in_a_row + 1 if quick else 0
