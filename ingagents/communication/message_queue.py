"""How agents hear of each other: typed queues in memory, backed by the journal.

Memory is only the doorbell. `publish` commits first and rings then; a consumer asks the journal
for its next page of events, handles each, and commits the handling's changes together with the
acknowledgement. Events that another process committed are noticed by looking, about once a
second, and at once where the store can listen (PostgreSQL).

A role is worked by one process at a time. `session` takes the role's lease for as long as there
is something in hand, and every commit made through it is fenced.
"""

from __future__ import annotations

import asyncio
import itertools
import traceback
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any, Protocol, TypeVar, runtime_checkable

import anyio
import anyio.lowlevel
import msgspec

from ingagents.communication import inbox, journal
from ingagents.communication.inbox import Waiting
from ingagents.communication.process_id import gone
from ingagents.errors import (
    BusyElsewhere,
    CommitUnknown,
    IngagentsError,
    LeaseLost,
    OutOfMemory,
    StoreError,
    StoreFull,
    StoreGone,
    StoreLocked,
    TryLater,
)
from ingagents.events import ROLES, AgentError, Event, Role, lead_ids
from ingagents.log import narrator
from ingagents.masking import masked
from ingagents.ports import Clock, Store, Transaction
from ingagents.store.engine.group_commit import settle
from ingagents.store.tables import leases
from ingagents.store.tables.leases import Lease

T = TypeVar("T")
E = TypeVar("E", bound=BaseException)

UnitOfWork = Callable[[Transaction], Any]
"""Changes to be committed together with an acknowledgement."""

Handler = Callable[[Event], Awaitable[UnitOfWork | None]]
"""Handles one event: acts, and returns the changes that belong into the acknowledging commit."""

PAGE = 128
"""Events of one consumer in memory at a time; what does not fit waits in the journal."""

LEASE_SECONDS = 20.0
"""Real seconds after which a silent process's role may be taken over."""

LISTEN_SECONDS = 1.0
"""Real seconds between two looks for events of other processes."""

_NOT_THE_EVENTS_FAULT = (LeaseLost, StoreLocked, StoreFull, StoreGone, CommitUnknown)
"""What ends the work at hand and says nothing about the event in hand: its try is not counted."""

log = narrator()


@runtime_checkable
class Listening(Protocol):
    """A store that hears when another process rang its bells."""

    def listen(self, ring: Callable[[], None]) -> None:
        """Call `ring` on the running loop each time."""
        ...


class MessageQueue:
    """The department's one queue; one per process."""

    def __init__(
        self, store: Store, clock: Clock, *, holder: str, new_id: Callable[[], str]
    ) -> None:
        self.store = store
        self.clock = clock
        self.new_id = new_id
        self._holder = holder
        self._bells = {role: anyio.Event() for role in ROLES}
        self._turns = {role: anyio.Lock() for role in ROLES}
        self._listens = False
        self._unpublished: deque[_Unpublished] = deque()

    async def publish(self, agent: str, *events: Event) -> None:
        """Commit events, then ring their consumers."""
        published = asyncio.get_running_loop().create_future()
        self._unpublished.append(_Unpublished(agent, events, published))
        if len(self._unpublished) == 1:
            _Publication(self, self._unpublished).submit()
        with self.clock.busy():
            await published

    def append(self, transaction: Transaction, agent: str, *events: Event) -> None:
        """Publish inside a running commit."""
        at = transaction.recall(self)
        if at is None:  # what is committed together happened at one moment, and rings once
            at = self.clock.now()
            transaction.remember(self, at)
            transaction.after_commit(self.ring)
        journal.append(transaction, events, agent=agent, at=at, new_id=self.new_id)

    def ring(self, *roles: Role) -> None:
        """Wake whoever waits: the named roles, or all."""
        for role in roles or ROLES:
            self._bells[role].set()

    async def wait(self, role: Role, *, until: datetime) -> None:
        """Return when the bell rings, when it is time to look at the journal, or at `until`."""
        if not self._listens:  # only who waits needs to hear: a task from cron does not
            self._listens = True
            if isinstance(self.store, Listening):
                self.store.listen(self.ring)
        look = self.clock.now() + timedelta(seconds=LISTEN_SECONDS * self.clock.pace)
        await sleep_unless(self._bells[role], clock=self.clock, until=min(look, until))

    @asynccontextmanager
    async def session(
        self, role: Role, *, patience_seconds: float = 0.0
    ) -> AsyncGenerator[RoleSession, None]:
        """Hold the role: in this process by a lock, against others by its lease.

        Waits up to `patience_seconds` (real ones) for another process to finish. What the block
        raises comes out as it is, not wrapped in an exception group.

        Raises:
            BusyElsewhere: another process holds the role.
            LeaseLost: another process took the role over meanwhile; the block was cut short.
        """
        async with self._turns[role]:
            deadline = self.clock.now() + timedelta(seconds=patience_seconds * self.clock.pace)
            while (lease := await self.store.write(self._acquiring(role))) is None:
                if self.clock.now() >= deadline:
                    raise BusyElsewhere(
                        f"another process works as {role} right now", "try again in a moment"
                    )
                pause = timedelta(seconds=0.2 * self.clock.pace)
                await self.clock.sleep_until(self.clock.now() + pause)
            session = RoleSession(self, lease)
            try:
                async with anyio.create_task_group() as tasks:
                    tasks.start_soon(session.keep)
                    try:
                        yield session
                    finally:
                        tasks.cancel_scope.cancel()
                        await self._release(lease, session.wake_at)
            except BaseExceptionGroup as group:
                raise _foremost(group) from None

    async def something_waits(self, role: Role) -> bool:
        """Whether the journal has anything for a role now, or a holder before us left something.

        Clears the role's bell first.
        """
        if self._bells[role].is_set():
            self._bells[role] = anyio.Event()
        now = self.clock.now()

        def look(transaction: Transaction) -> bool:
            return inbox.has_waiting(transaction, role, now=now) or leases.calls(
                transaction, role, holder=self._holder, now=now, gone=gone
            )

        return await self.store.read(look)

    async def next_retry(self, role: Role) -> datetime | None:
        """When the earliest failed event of a role may be tried again."""
        return await self.store.read(lambda t: inbox.next_retry(t, role))

    async def _release(self, lease: Lease, wake_at: datetime | None) -> None:
        """Let the role go, also when cancelled; a lease that cannot be given back runs out."""
        with anyio.CancelScope(shield=True):
            try:
                now = self.clock.now()
                await self.store.write(lambda t: leases.release(t, lease, now=now, wake_at=wake_at))
            except StoreError as exc:
                log.warning("lease.not_released", role=lease.name, error=explain(exc))

    def _acquiring(self, role: Role) -> Callable[[Transaction], Lease | None]:
        def acquire(transaction: Transaction) -> Lease | None:
            return leases.acquire(
                transaction,
                role,
                holder=self._holder,
                now=self.clock.now(),
                lasts=self.lease_lasts,
                gone=gone,
            )

        return acquire

    @property
    def lease_lasts(self) -> timedelta:
        """How long a lease lasts in department time."""
        return timedelta(seconds=LEASE_SECONDS * self.clock.pace)


class _Unpublished(msgspec.Struct):
    """Events of one caller, who awaits `published`."""

    agent: str
    events: tuple[Event, ...]
    published: asyncio.Future[None]


class _Publication:
    """What several tasks publish at the same time: one unit of work for all that waits by then."""

    def __init__(self, queue: MessageQueue, unpublished: deque[_Unpublished]) -> None:
        self._queue = queue
        self._unpublished = unpublished
        self._taken: list[_Unpublished] = []

    def submit(self) -> None:
        try:
            self._queue.store.submit(self._publish, self._tell)
        except BaseException as exc:  # noqa: BLE001  whatever it was belongs to the caller
            self._tell(exc)

    def _publish(self, transaction: Transaction) -> None:
        self._take()
        for agent, some in itertools.groupby(self._taken, attrgetter("agent")):
            events = itertools.chain.from_iterable(one.events for one in some)
            self._queue.append(transaction, agent, *events)

    def _take(self) -> None:
        while self._unpublished:
            self._taken.append(self._unpublished.popleft())

    def _tell(self, answer: Any) -> None:
        if isinstance(answer, BaseException) and not self._taken:
            self._take()  # it failed before it began: those who wait for it hear that
        refused = isinstance(answer, Exception) and not isinstance(answer, StoreError)
        for one in self._taken:
            if refused and len(self._taken) > 1:  # somebody's events cannot be written: each alone
                _Publication(self._queue, deque([one])).submit()
            else:
                settle(one.published, answer)


class RoleSession:
    """A role in hand: every commit through it is refused once somebody else took over."""

    def __init__(self, queue: MessageQueue, lease: Lease) -> None:
        self._queue = queue
        self._lease = lease
        self.epoch = lease.epoch
        self.called = lease.called
        """Somebody who held the role before left work that wants to be gone on with."""
        self.wake_at: datetime | None = None
        """When what is left wants to be gone on with; kept in the commit that lets the role go."""

    @property
    def role(self) -> Role:
        """The role that is held."""
        return self._lease.name  # type: ignore[return-value]  # only roles are leased here

    async def commit(self, work: Callable[[Transaction], T]) -> T:
        """One fenced commit.

        Raises:
            LeaseLost: another process took the role over; nothing was written.
        """

        def fenced(transaction: Transaction) -> T:
            self.fence(transaction)
            return work(transaction)

        return await self._queue.store.write(fenced)

    def fence(self, transaction: Transaction) -> None:
        """Refuse the running commit unless the role is still ours."""
        leases.fence(
            transaction,
            self._lease,
            now=self._queue.clock.now(),
            lasts=self._queue.lease_lasts,
        )

    async def keep(self) -> None:
        """Prolong the lease while the work takes long; runs beside it.

        Raises:
            LeaseLost: another process took the role over.
        """
        while True:
            pause = self._queue.lease_lasts / 3
            await self._queue.clock.sleep_until(self._queue.clock.now() + pause)
            try:
                await self.commit(lambda _: None)
            except (
                StoreLocked,
                StoreFull,
                CommitUnknown,
            ) as exc:  # the lease has time left for another try
                log.warning("lease.not_prolonged", role=self.role, error=explain(exc))

    async def process_messages(self, handle: Handler, *, agent: str, most: int = 1000) -> int:
        """Handle what waits for the role, in order, at most `most` events; how many were.

        A handler that fails puts its event back with a growing pause, at last to the dead
        letters, and publishes `agent_error`; the events behind it go on.
        """
        handled, done = 0, list[Waiting]()
        page = deque(await self._turn(done, min(PAGE, most)))
        try:
            while page:
                await self._handle_one(page[0], done, handle, agent=agent)
                page.popleft()
                handled += 1
                if not page:
                    page.extend(await self._turn(done, min(PAGE, most - handled)))
        except BaseException:
            await self._break_off(done, page)
            raise
        return handled

    async def _turn(self, done: list[Waiting], limit: int) -> list[Waiting]:
        """Acknowledge what is done and take the next page, in one commit."""

        def turn(transaction: Transaction) -> list[Waiting]:
            if not limit:
                inbox.acknowledge(transaction, done)
                return []
            now = self._queue.clock.now()
            return inbox.take(transaction, self.role, now=now, limit=limit, done=done)

        taken = await self.commit(turn)
        done.clear()
        return taken

    async def _break_off(self, done: Sequence[Waiting], left: Sequence[Waiting]) -> None:
        """Acknowledge what is done and hand back the rest, the event in hand included.

        Nothing was wrong with it, the work was cut short. Under the fence: who lost the role
        changes nothing.
        """

        def break_off(transaction: Transaction) -> None:
            inbox.acknowledge(transaction, done)
            inbox.give_back(transaction, left)

        with anyio.CancelScope(shield=True):
            try:
                await self.commit(break_off)
            except StoreError as exc:
                log.debug("events.not_given_back", role=self.role, error=explain(exc))

    async def _handle_one(
        self, waiting: Waiting, done: list[Waiting], handle: Handler, *, agent: str
    ) -> None:
        """Handle one event. Changes are committed at once, with it and all that is done.

        The acknowledgement of an event whose handling changed nothing can wait for a later commit:
        seen again, it changes nothing.
        """
        try:
            work = await handle(waiting.published.event)
            if work is None:
                done.append(waiting)
                return
            await self.commit(_settling(work, [*done, waiting]))
        except Exception as exc:  # noqa: BLE001  whatever a handler raises, the queue goes on
            cause = root_of(exc)
            if isinstance(cause, _NOT_THE_EVENTS_FAULT):
                raise cause from exc.__cause__
            await self._put_back(waiting, cause, done, agent=agent)
        done.clear()

    async def _put_back(
        self, waiting: Waiting, exc: BaseException, done: Sequence[Waiting], *, agent: str
    ) -> None:
        queue = self._queue
        what = explain(exc)
        about: Sequence[str] = lead_ids(waiting.published.event)
        log.warning(
            "event.failed",
            agent=agent,
            event_type=waiting.published.type,
            seq=waiting.published.seq,
            attempt=waiting.attempt,
            error=what,
            exc_info=None if isinstance(exc, IngagentsError) else exc,
        )
        error = AgentError(
            agent=agent,
            error=what,
            doing=f"handling {waiting.published.type} {waiting.published.seq}",
            lead_id=about[0] if len(about) == 1 else None,  # type: ignore[arg-type]  # a LeadId
        )
        trace = masked("".join(traceback.format_exception(exc, limit=-6)))[-4000:]
        wished = exc.retry_after_seconds if isinstance(exc, TryLater) else None

        def put_back(transaction: Transaction) -> None:
            inbox.acknowledge(transaction, done)
            inbox.fail(
                transaction,
                waiting,
                f"{what}\n{trace}",
                now=queue.clock.now(),
                retry_after_seconds=wished or 0.0,
            )
            if not isinstance(waiting.published.event, AgentError):
                queue.append(transaction, agent, error)

        await self.commit(put_back)


async def sleep_unless(event: anyio.Event, *, clock: Clock, until: datetime) -> None:
    """Return at `until`, or as soon as `event` is set."""
    if event.is_set():
        await anyio.lowlevel.checkpoint()
        return
    async with anyio.create_task_group() as tasks:

        async def watch() -> None:
            await event.wait()
            tasks.cancel_scope.cancel()

        tasks.start_soon(watch)
        await clock.sleep_until(until)
        tasks.cancel_scope.cancel()


def root_of(exc: BaseException) -> BaseException:
    """What really happened: the only exception inside a group, and inside that one's."""
    while isinstance(exc, BaseExceptionGroup) and len(exc.exceptions) == 1:
        exc = exc.exceptions[0]
    return exc


def explain(exc: BaseException) -> str:
    """An error as one sentence for people."""
    exc = root_of(exc)
    exc = OutOfMemory.of(exc) or exc
    if isinstance(exc, IngagentsError):
        return exc.sentence()
    return masked(f"{type(exc).__name__}: {exc}")


def _foremost(group: BaseExceptionGroup) -> BaseException:
    """A lost database or lease before all else; else what the group stands for."""
    lost = next(leaves(group, StoreGone), None) or next(leaves(group, LeaseLost), None)
    return lost or root_of(group)


def leaves(exc: BaseException, kind: type[E]) -> Iterator[E]:
    """All exceptions of a kind inside a group, and inside that one's."""
    if isinstance(exc, BaseExceptionGroup):
        for inner in exc.exceptions:
            yield from leaves(inner, kind)
    elif isinstance(exc, kind):
        yield exc


def _settling(work: UnitOfWork, handled: Sequence[Waiting]) -> UnitOfWork:
    def settle(transaction: Transaction) -> None:
        work(transaction)
        inbox.acknowledge(transaction, handled)

    return settle
