"""What every driver shares: two lines of callers, two threads, group commit, answers to the loop.

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
import queue
import threading
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import AbstractContextManager
from itertools import chain
from typing import Any, ClassVar, NamedTuple, TypeVar

import msgspec

from ingagents.errors import CommitUnknown, StoreError
from ingagents.ports import Row, Transaction

__all__ = [
    "PATIENCE_SECONDS",
    "Committed",
    "NoTurn",
    "Remembering",
    "ThreadedStore",
    "Work",
    "settle",
]

T = TypeVar("T")
Work = Callable[[Transaction], Any]

PATIENCE_SECONDS = 15.0
"""How long a writer waits for another process's turn to end."""

_GROUP_MAX = 256
_ROWS_AT_ONCE = 20
_COMMITS_IN_A_ROW = 8
_LET_OTHERS_SECONDS = 0.004
"""After so many commits without a breath a writer leaves the turn for longer than the two
milliseconds between another process's looks at it, so that a busy process starves nobody."""


class NoTurn(Exception):
    """The turn to write was not to be had: nothing of the group was begun."""

    def __init__(self, failure: BaseException) -> None:
        super().__init__(str(failure))
        self.failure = failure


class Committed(NamedTuple):
    """A durable group: each unit's answer, and the bells to ring now."""

    answers: Sequence[Any]
    bells: Sequence[Callable[[], None]]


class Remembering(ABC):
    """What a driver's transaction keeps beside its statements: values, work put off, bells.

    `MARK` is how the driver writes the place of an unnamed value; {} is its number.
    """

    MARK: ClassVar[str]

    def __init__(self) -> None:
        self._remembered: dict[object, Any] = {}
        self._later: dict[str, Callable[[Transaction], object]] = {}
        self._last: dict[str, Callable[[Transaction], object]] = {}
        self._bells: dict[Callable[[], None], None] = {}

    @property
    def bells(self) -> Sequence[Callable[[], None]]:
        """What to ring once this is durable, each once."""
        return tuple(self._bells)

    def run_later(self, key: str, work: Callable[[Transaction], object]) -> None:
        self._later[key] = work

    def run_last(self, key: str, work: Callable[[Transaction], object]) -> None:
        self._last[key] = work

    def catch_up(self) -> None:
        """Run what was put off; before every other statement, and before the commit."""
        while self._later:
            later, self._later = self._later, {}
            for work in later.values():
                work(self)

    def finish(self) -> None:
        """Run all that was put off; nothing but the commit comes after it."""
        self.catch_up()
        while self._last:
            last, self._last = self._last, {}
            for work in last.values():
                work(self)
            self.catch_up()

    def insert(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        self.catch_up()
        several = len(rows) - len(rows) % _ROWS_AT_ONCE
        if several:
            self.run_rows(
                _insert(self.MARK, table, tuple(columns), _ROWS_AT_ONCE),
                [
                    tuple(chain.from_iterable(rows[at : at + _ROWS_AT_ONCE]))
                    for at in range(0, several, _ROWS_AT_ONCE)
                ],
            )
        if several < len(rows):
            self.run_rows(_insert(self.MARK, table, tuple(columns), 1), rows[several:])

    @abstractmethod
    def rows(self, sql: str, parameters: Mapping[str, Any] = {}) -> list[Row]: ...

    @abstractmethod
    def run(self, sql: str, parameters: Mapping[str, Any] = {}) -> int: ...

    @abstractmethod
    def run_rows(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        """Run one statement for each set of unnamed values, which go to its `MARK`s."""

    @abstractmethod
    def run_many(self, sql: str, parameters: Sequence[Mapping[str, Any]]) -> None: ...

    def remember(self, key: object, value: Any) -> None:
        self._remembered[key] = value

    def recall(self, key: object) -> Any:
        return self._remembered.get(key)

    def after_commit(self, ring: Callable[[], None]) -> None:
        self._bells[ring] = None


@functools.lru_cache(maxsize=256)
def _insert(mark: str, table: str, columns: tuple[str, ...], rows: int) -> str:
    """The statement that inserts so many rows.

    Starting a statement costs as much as writing a row; a group of events starts few.
    """
    width = len(columns)
    marks = [mark.format(number) for number in range(1, width * rows + 1)]
    values = (", ".join(marks[at : at + width]) for at in range(0, len(marks), width))
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES " + ", ".join(
        f"({row})" for row in values
    )


class _Unit(msgspec.Struct):
    """Work, and whom to tell the answer or the failure on which loop."""

    work: Work
    loop: asyncio.AbstractEventLoop
    tell: Callable[[Any], None]


class _Line:
    """Units of work on their way from the loop to a thread, which is woken once for all that wait.

    By the time it runs, most of what one turn of the loop asks for is there.
    """

    def __init__(self) -> None:
        self._waiting: deque[_Unit] = deque()
        self._calls: queue.SimpleQueue[None] = queue.SimpleQueue()
        self._closed = False

    def put(self, unit: _Unit) -> None:
        """Called on the loop."""
        self._waiting.append(unit)
        if len(self._waiting) == 1:
            self._calls.put(None)

    def close(self) -> None:
        """Called on the loop, after the last `put`."""
        self._closed = True
        self._calls.put(None)

    def group(self) -> list[_Unit]:
        """Everything that waits, at most a group; nothing when the line is closed and empty.

        Called on the thread; waits for something to do.
        """
        while not (self._waiting or self._closed):
            self._calls.get()
        take = self._waiting.popleft
        return [take() for _ in range(min(len(self._waiting), _GROUP_MAX))]

    def is_empty(self) -> bool:
        """Whether the thread would have to wait."""
        return not self._waiting


class ThreadedStore(ABC):
    """Keeps `ports.Store` over a driver's blocking commits and reads, one thread for each.

    A driver sets itself up, then calls `_start`. `busy` is the clock's: entered while a caller
    waits for a thread.
    """

    CATALOGUE: ClassVar[str]
    """The statement that lists every table of the department with its columns, in order."""

    def __init__(self, *, busy: Callable[[], AbstractContextManager[None]]) -> None:
        self._busy = busy
        self._writes = _Line()
        self._reads = _Line()
        self._closing = threading.Event()
        self._finished: asyncio.Future[None] | None = None
        self._threads = (
            threading.Thread(target=self._write_all, name="store-writer", daemon=True),
            threading.Thread(target=self._read_all, name="store-reader", daemon=True),
        )
        self.commits = 0
        """Commits made by this process: each costs one flush of the write-ahead log."""
        self.units = 0
        """Units of work committed; `units / commits` is what group commit saves."""

    def write(self, work: Callable[[Transaction], T]) -> Coroutine[Any, Any, T]:
        return self._ask(self._writes, work)

    def read(self, query: Callable[[Transaction], T]) -> Coroutine[Any, Any, T]:
        return self._ask(self._reads, query)

    def submit(self, work: Work, tell: Callable[[Any], None]) -> None:
        self._check_open()
        self._writes.put(_Unit(work, asyncio.get_running_loop(), tell))

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
        for thread in self._threads:
            thread.start()

    @abstractmethod
    def _commit_together(self, works: Sequence[Work]) -> Committed:
        """Run all in one durable commit, or leave nothing behind. Called on the writer thread.

        Raises:
            NoTurn: nothing was begun.
            CommitUnknown: the commit's answer is not known.
        """

    @abstractmethod
    def _answer(self, query: Work) -> Any:
        """Run a query on a snapshot of its own. Called on the reader thread."""

    @abstractmethod
    def _scrub(self) -> tuple[str, ...]:
        """Keep `ports.Store.scrub` on a connection of its own. Called on a thread of its own."""

    @abstractmethod
    def _let_go(self) -> None:
        """Close the connections; both threads have ended."""

    async def _ask(self, line: _Line, work: Callable[[Transaction], T]) -> T:
        self._check_open()
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        line.put(_Unit(work, loop, functools.partial(settle, future)))
        with self._busy():
            return await future

    def _check_open(self) -> None:
        if self._closing.is_set():
            raise StoreError("the database was already closed")

    def _finish(self) -> None:
        for thread in self._threads:
            thread.join()
        self._let_go()

    def _write_all(self) -> None:
        in_a_row = 0
        breath = threading.Event()
        while group := self._writes.group():
            self._commit(group)
            in_a_row = 0 if self._writes.is_empty() else in_a_row + 1
            if in_a_row >= _COMMITS_IN_A_ROW:
                breath.wait(_LET_OTHERS_SECONDS)
                in_a_row = 0

    def _commit(self, group: list[_Unit]) -> None:
        """Commit a group in one go; when a unit fails, commit each by itself."""
        try:
            answers, bells = self._commit_together([unit.work for unit in group])
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
            self.commits += 1
            self.units += len(group)
            _deliver(group, answers, bells)

    def _read_all(self) -> None:
        while group := self._reads.group():
            self._answer_each(group)

    def _answer_each(self, group: list[_Unit]) -> None:
        for unit in group:
            try:
                answer = self._answer(unit.work)
            except BaseException as exc:  # noqa: BLE001  it belongs to the caller
                answer = exc
            _deliver([unit], [answer])


def _deliver(
    group: list[_Unit], answers: Sequence[Any], bells: Sequence[Callable[[], None]] = ()
) -> None:
    """Hand each caller its answer; one wake-up of a loop serves a whole group."""

    def tell() -> None:
        for unit, answer in zip(group, answers, strict=True):
            unit.tell(answer)
        for ring in bells:
            ring()

    with contextlib.suppress(RuntimeError):  # the loop is gone: nobody is left to tell
        group[0].loop.call_soon_threadsafe(tell)


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
