"""One process as the machine sees it: killed or suspended at any moment, on a disk with faults.

Its store runs the product's statements, group commit and error handling on one SQLite file, but
without threads: whatever waits is worked off on the event loop, so many turns later as chance
says. A process that is dead gets nothing into the database or out of the house any more.
"""

from __future__ import annotations

import asyncio
import random
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import anyio

from ingagents.communication import process_id
from ingagents.communication.message_queue import MessageQueue
from ingagents.communication.role_queues import Head, RoleQueues
from ingagents.errors import StoreLocked
from ingagents.events import Published, Role
from ingagents.ports import UnitOfWork
from ingagents.store.engine.commit_queue import Pending
from ingagents.store.engine.group_commit import Committed, NoTurn
from ingagents.store.engine.sqlite import SqliteStore
from tests.world import Died

if TYPE_CHECKING:
    from tests.simulation.world import SimulatedWorld

TURNS_BEFORE_WORK = 3
"""A line of the store begins within so many turns of the loop; another process may come first."""


class Process:
    """A process with its scope, its clock and its holder's name."""

    def __init__(self, world: SimulatedWorld, name: str, *, mortal: bool = True) -> None:
        self.world = world
        self.name = name
        self.mortal = mortal
        self.alive = True
        self.suspended = False
        self.holder = ""
        self.queue: MessageQueue | None = None
        self._forgets = random.Random(f"{name} of {world.seed}")
        self.scope = anyio.CancelScope()
        self.clock = ProcessClock(self)
        self._awake = anyio.Event()
        self._unanswered: dict[Callable[[Any], None], None] = {}
        self._held: list[tuple[Callable[..., object], tuple[Any, ...]]] = []

    def die(self, where: str) -> None:
        """SIGKILL: nothing after this moment happens in this process."""
        if not (self.alive and self.mortal):
            return
        self.alive = False
        self.world.note(f"{self.name} dies {where}")
        self.world.figures[f"killed {where}"] += 1
        if self.world.chance.random() < 0.5:
            process_id._ours.discard(self.holder)  # on this machine: others see that it is gone
        self._wake()
        self._held.clear()
        self.scope.cancel()
        for tell in list(self._unanswered):
            tell(Died())

    def lose_the_queues(self) -> None:
        """What it had in memory of the journal is gone; from now on it holds so much."""
        if self.queue is not None:
            bound = self._forgets.choice([0, 1, 2, 5, 1000, 1000])
            self.queue.queues = _CountedQueues(bound, self.world.figures)
            self.world.figures["queues lost"] += 1

    def forgets(self) -> bool:
        """Whether the queues are lost at this commit; drawn beside the world's own chance."""
        return self._forgets.random() < 0.1

    def must_live(self) -> None:
        """Raise Died in a process that is dead."""
        if not self.alive:
            raise Died

    def suspend(self, lasts: timedelta) -> None:
        """Let it stand still, while time and the others go on."""
        if self.suspended or not (self.alive and self.mortal):
            return
        self.suspended = True
        self._awake = anyio.Event()
        self.clock.step_aside()
        self.world.note(f"{self.name} is suspended for {lasts}")
        self.world.figures["suspended"] += 1
        self.world.later(lasts, self._wake)

    def _wake(self) -> None:
        if not self.suspended:
            return
        self.suspended = False
        self.clock.step_back()
        self._awake.set()
        held, self._held = self._held, []
        for callback, args in held:
            self.call_soon_threadsafe(callback, *args)

    async def awake(self) -> None:
        """Return once the process is not suspended."""
        while self.suspended:
            await self._awake.wait()

    # --- the line of the store to its callers: in place of a loop ------------------------------

    def call_soon_threadsafe(self, callback: Callable[..., object], *args: Any) -> None:
        """An answer of the store arrives: when the process runs."""
        if self.suspended:
            self._held.append((callback, args))
        elif self.alive:
            asyncio.get_running_loop().call_soon(callback, *args)

    def asks(self, unit: Pending) -> Pending:
        """A unit of work whose answer comes through this process."""
        self.must_live()

        def tell(answer: Any) -> None:
            if tell in self._unanswered:  # a process that died has its answer
                del self._unanswered[tell]
                unit.tell(answer)

        self._unanswered[tell] = None
        return Pending(unit.work, self, tell)  # type: ignore[arg-type]  # in place of a loop


class _CountedQueues(RoleQueues):
    """Tells how often events came out of memory, and how often the journal had to be read."""

    def __init__(self, bound: int, figures: Counter[str]) -> None:
        super().__init__(bound)
        self._figures = figures

    def get(self, role: Role, *, after: int, limit: int, head: Head) -> list[Published] | None:
        found = super().get(role, after=after, limit=limit, head=head)
        self._figures["pages out of memory"] += bool(found)
        self._figures["pages out of the journal"] += found is None and head.seq > after
        return found


class ProcessClock:
    """The world's clock as one process sees it."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self._hands = process.world.clock.hands
        self._waiting = 0

    @property
    def pace(self) -> float:
        return self._hands.pace

    def now(self) -> datetime:
        return self._hands.now()

    async def sleep_until(self, moment: datetime) -> None:
        self._process.must_live()
        await self._hands.sleep_until(moment)
        await self._process.awake()

    def busy(self) -> AbstractContextManager[None]:
        return self._busy()

    def step_aside(self) -> None:
        """A suspended process keeps nobody's time."""
        self._add(-self._waiting)

    def step_back(self) -> None:
        self._add(self._waiting)

    @contextmanager
    def _busy(self) -> Iterator[None]:
        self._waiting += 1
        if not self._process.suspended:
            self._add(1)
        try:
            yield
        finally:
            self._waiting -= 1
            if not self._process.suspended:
                self._add(-1)

    def _add(self, count: int) -> None:
        self._hands._busy += count
        self._hands._changed.set()


class SimulatedStore(SqliteStore):
    """The SQLite store without threads, on a disk with faults; every commit is looked at."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self._fate = "kept"
        super().__init__(process.world.database, busy=process.clock.busy)
        self._writes = _Line(process, self._commit_anywhere)  # type: ignore[assignment]
        self._reads = _Line(process, self._answer_each)  # type: ignore[assignment]

    def _start(self) -> None:
        """There are no threads to start."""

    async def close(self) -> None:
        if not self._closing.is_set():
            self._closing.set()
            self._let_go()

    def _commit_anywhere(self, group: list[Pending]) -> None:
        """As the loop by itself or as the thread; by itself the loop gives up at any trouble."""
        if self._process.world.chance.random() < 0.5:
            tell = self._commit_here(self._commit_now, group)
            if tell is not None:
                self._process.call_soon_threadsafe(tell)
                return
        self._commit(group)

    def _commit_within(self, patience_seconds: float, works: Sequence[UnitOfWork]) -> Committed:
        process = self._process
        process.must_live()
        if process.forgets():
            process.lose_the_queues()
        fate = self._fate = process.world.trouble.fate_of_commit(process)
        if fate == "locked":
            raise NoTurn(StoreLocked("another process has held the database", "try again"))
        committed = super()._commit_within(patience_seconds, works)
        if fate == "dies after":
            process.die("after a commit")
        elif fate == "suspended":
            process.suspend(process.world.trouble.a_while())
        if process.world.monitor.claimed_just_now:
            process.world.trouble.at_claim(process)
        return committed

    def _run_and_commit(
        self, connection: sqlite3.Connection, works: Sequence[UnitOfWork]
    ) -> Committed:
        at_commit = _AtCommit(connection, self._process, self._fate)
        return super()._run_and_commit(at_commit, works)  # type: ignore[arg-type]


class _Line:
    """In the place of a thread: works off what waits, a few turns of the loop later."""

    def __init__(self, process: Process, work_off: Callable[[list[Pending]], object]) -> None:
        self._process = process
        self._work_off = work_off
        self._units: list[Pending] = []

    def put(self, unit: Pending) -> None:
        self._units.append(self._process.asks(unit))
        if len(self._units) == 1:
            self._turn(self._process.world.chance.randrange(TURNS_BEFORE_WORK))

    def _turn(self, more: int) -> None:
        if self._process.suspended:
            self._process.call_soon_threadsafe(self._turn, more)
        elif more:
            asyncio.get_running_loop().call_soon(self._turn, more - 1)
        elif self._process.alive:
            group, self._units = self._units, []
            self._work_off(group)


class _AtCommit:
    """A connection that does at COMMIT what fate says."""

    def __init__(self, connection: sqlite3.Connection, process: Process, fate: str) -> None:
        self._connection = connection
        self._process = process
        self._fate = fate

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def execute(self, sql: str, *parameters: Any) -> Any:
        if sql != "COMMIT":
            return self._connection.execute(sql, *parameters)
        if self._fate in {"full", "unknown and lost", "dies before"}:
            self._connection.execute("ROLLBACK")
        else:
            self._connection.execute("COMMIT")
            self._process.world.monitor.after_commit(self._process)
        match self._fate:
            case "full":
                raise _failure("database or disk is full", sqlite3.SQLITE_FULL)
            case "unknown and lost" | "unknown and kept":
                raise _failure("disk I/O error", sqlite3.SQLITE_IOERR)
            case "dies before":
                self._process.die("before a commit")
                raise Died
            case _:
                pass
        return None


def _failure(text: str, code: int) -> sqlite3.OperationalError:
    failure = sqlite3.OperationalError(text)
    failure.sqlite_errorcode = code
    return failure
