"""What every driver shares: group commit, one queue for writes and one for reads, the answers.

Whatever queued up while one commit ran shares the next one, so many waiting commits cost one
fsync. A group is run without savepoints; when one unit of it fails, the whole group is rolled
back and every unit is run again by itself, so that nobody pays for a neighbour's failure. This is
why units of work must be repeatable. When the turn itself is not to be had, the whole group is
told so at once: waiting again for each would only multiply the wait.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Coroutine, Sequence
from contextlib import AbstractContextManager
from typing import Any, ClassVar, NamedTuple, TypeVar

from ingagents.errors import CommitUnknown, StoreError
from ingagents.ports import Transaction, UnitOfWork
from ingagents.store.engine.commit_queue import Pending, WorkQueue, WriteQueue

T = TypeVar("T")

APPLICATION_ID = 0x1A6A6E75
"""Ours alone: the mark of a database file (PRAGMA application_id), the number of the server's lock."""

PATIENCE_SECONDS = 15.0
"""How long a writer waits for another process's turn to end."""


class NoTurn(Exception):
    """The turn to write was not to be had: nothing of the group was begun."""

    def __init__(self, failure: BaseException) -> None:
        super().__init__(str(failure))
        self.failure = failure


class Committed(NamedTuple):
    """A durable group: each unit's answer, and whom to wake now."""

    answers: Sequence[Any]
    wakeups: Sequence[Callable[[], None]]


class ThreadedStore(ABC):
    """Keeps `ports.Store` over a driver's blocking commits and reads, one thread for each.

    A driver sets itself up, then calls `_start`. `busy` is the clock's: entered while a caller
    waits for an answer. `commit_now` does what `_commit_together` does, but raises NoTurn where
    that waits for anything but the disk: a driver that has it lets the loop make quick commits.
    """

    CATALOGUE: ClassVar[str]
    """The statement that lists every table of the department with its columns, in order."""

    def __init__(
        self,
        *,
        busy: Callable[[], AbstractContextManager[None]],
        commit_now: Callable[[Sequence[UnitOfWork]], Committed] | None = None,
    ) -> None:
        self._busy = busy
        here = None if commit_now is None else functools.partial(self._commit_here, commit_now)
        self._writes: WorkQueue = WriteQueue("store-writer", self._commit, here)
        self._reads = WorkQueue("store-reader", self._answer_each)
        self._closing = threading.Event()
        self._finished: asyncio.Future[None] | None = None
        self.commits = 0
        """Commits made by this process: each costs one flush of the write-ahead log."""
        self.units = 0
        """Units of work committed; `units / commits` is what group commit saves."""

    def write(self, work: Callable[[Transaction], T]) -> Coroutine[Any, Any, T]:
        return self._ask(self._writes, work)

    def read(self, query: Callable[[Transaction], T]) -> Coroutine[Any, Any, T]:
        return self._ask(self._reads, query)

    def submit(self, work: UnitOfWork, tell: Callable[[Any], None]) -> None:
        self._check_open()
        self._writes.put(Pending(work, asyncio.get_running_loop(), tell))

    async def scrub(self) -> tuple[str, ...]:
        loop = asyncio.get_running_loop()
        with self._busy():
            return await loop.run_in_executor(None, self._scrub)

    async def close(self) -> None:
        if self._finished is None:
            self._closing.set()
            self._writes.close()
            self._reads.close()
            loop = asyncio.get_running_loop()
            self._finished = loop.run_in_executor(None, self._finish)
        with self._busy():
            await asyncio.shield(self._finished)

    def _start(self) -> None:
        self._writes.start()
        self._reads.start()

    @abstractmethod
    def _commit_together(self, works: Sequence[UnitOfWork]) -> Committed:
        """Run all in one durable commit, or leave nothing behind. Called on the writer's thread.

        Raises:
            NoTurn: nothing was begun.
            CommitUnknown: the commit's answer is not known.
        """

    @abstractmethod
    def _answer(self, query: UnitOfWork) -> Any:
        """Run a query on a snapshot of its own. Called on the reader thread."""

    @abstractmethod
    def _scrub(self) -> tuple[str, ...]:
        """Keep `ports.Store.scrub` on a connection of its own. Called on a thread of its own."""

    @abstractmethod
    def _let_go(self) -> None:
        """Close the connections; both threads have ended."""

    async def _ask(self, queue: WorkQueue, work: Callable[[Transaction], T]) -> T:
        self._check_open()
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        queue.put(Pending(work, loop, functools.partial(settle, future)))
        with self._busy():
            return await future

    def _check_open(self) -> None:
        if self._closing.is_set():
            raise StoreError(
                "the department was left and its database was already closed", "open it again"
            )

    def _finish(self) -> None:
        self._writes.join()
        self._reads.join()
        self._let_go()

    def _commit(self, group: list[Pending]) -> bool:
        """Commit a group in one go; when a unit fails, commit each by itself. Whether none did."""
        try:
            committed = self._commit_together([unit.work for unit in group])
        except NoTurn as exc:
            _deliver(group, [exc.failure] * len(group))
        except CommitUnknown as exc:
            _deliver(group, [exc] * len(group))
        except BaseException as exc:  # noqa: BLE001  whatever it was belongs to the caller
            if len(group) == 1:
                _deliver(group, [exc])
            else:
                for unit in group:
                    self._commit([unit])
        else:
            self._count(group)
            _deliver(group, *committed)
            return True
        return False

    def _commit_here(
        self, commit_now: Callable[[Sequence[UnitOfWork]], Committed], group: list[Pending]
    ) -> Callable[[], None] | None:
        """Commit a group in one go on the loop; None when that cannot be done, and nothing was.

        The thread finds out why, and whose fault it is. Only a commit that may stand is not
        repeated: one without a clear answer, or one that Ctrl-C fell into.
        """
        try:
            committed = commit_now([unit.work for unit in group])
        except CommitUnknown as exc:
            return functools.partial(_tell, group, [exc] * len(group))
        except (KeyboardInterrupt, SystemExit):
            _tell(group, [CommitUnknown("the program was interrupted", "start again")] * len(group))
            raise
        except BaseException:  # noqa: BLE001  it comes again on the thread, for its own caller
            return None
        self._count(group)
        return functools.partial(_tell, group, *committed)

    def _count(self, group: list[Pending]) -> None:
        self.commits += 1
        self.units += len(group)

    def _answer_each(self, group: list[Pending]) -> None:
        for unit in group:
            try:
                answer = self._answer(unit.work)
            except BaseException as exc:  # noqa: BLE001  it belongs to the caller
                answer = exc
            _deliver([unit], [answer])


def _deliver(
    group: list[Pending], answers: Sequence[Any], wakeups: Sequence[Callable[[], None]] = ()
) -> None:
    """Hand each caller its answer from a thread; one wake-up of the loop serves a whole group."""
    with contextlib.suppress(RuntimeError):  # the loop is gone: nobody is left to tell
        group[0].loop.call_soon_threadsafe(_tell, group, answers, wakeups)


def _tell(
    group: list[Pending], answers: Sequence[Any], wakeups: Sequence[Callable[[], None]] = ()
) -> None:
    """Hand each caller its answer, and wake who waits. Called on the loop."""
    for unit, answer in zip(group, answers, strict=True):
        unit.tell(answer)
    for notify in wakeups:
        notify()


def settle(future: asyncio.Future[Any], answer: Any) -> None:
    """Give a waiting caller its answer, or raise what `answer` is there."""
    if future.done():
        return  # the caller was cancelled; the commit stands
    if not isinstance(answer, BaseException):
        future.set_result(answer)
    elif isinstance(answer, StopIteration):  # a future refuses it, and nobody would wake
        future.set_exception(RuntimeError(f"a unit of work raised {answer!r}"))
    else:
        future.set_exception(answer)
