"""How agents hear of each other: typed queues in memory, backed by the journal.

`publish` commits first and wakes then; a consumer claims its next page of events, handles each,
and commits the handling's changes together with the acknowledgement. What this process committed
comes out of `role_queues` as it went in, everything else out of the journal. Events that another
process committed are noticed by looking, about once a second, and at once where the store can
listen (PostgreSQL).

A role is worked by one process at a time. `session` takes the role's lease for as long as there
is something in hand, and every commit made through it is fenced.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

import anyio

from ingagents.communication import inbox, journal
from ingagents.communication.process_id import is_dead
from ingagents.communication.publication import Publisher
from ingagents.communication.role_queues import RoleQueues
from ingagents.communication.role_session import RoleSession
from ingagents.communication.wakeups import Wakeups
from ingagents.errors import (
    BusyElsewhere,
    LeaseLost,
    StoreError,
    StoreGone,
    explain,
    leaves,
    root_of,
)
from ingagents.events import ROLES, Event, Role
from ingagents.log import narrator
from ingagents.ports import Clock, Store, Transaction
from ingagents.store.tables import leases
from ingagents.store.tables.leases import Lease

LEASE_SECONDS = 20.0
"""Real seconds after which a silent process's role may be taken over."""

log = narrator()


class MessageQueue:
    """The department's one queue; one per process."""

    def __init__(
        self, store: Store, clock: Clock, *, process_id: str, new_id: Callable[[], str]
    ) -> None:
        self.store = store
        self.clock = clock
        self.new_id = new_id
        self._process_id = process_id
        self._wakeups = Wakeups(store, clock)
        self._publisher = Publisher(store, self._append)
        self.queues = RoleQueues()
        self._turns = {role: anyio.Lock() for role in ROLES}

    async def publish(self, agent: str, *events: Event) -> None:
        """Commit events, then wake their consumers."""
        published = self._publisher.publish(agent, events)
        with self.clock.busy():
            await published

    def append(self, transaction: Transaction, agent: str, *events: Event) -> None:
        """Publish inside a running commit."""
        self._append(transaction, agent, events)

    def notify(self, *roles: Role) -> None:
        """Wake whoever waits: the named roles, or all."""
        self._wakeups.notify(*roles)

    async def wait(self, role: Role, *, until: datetime) -> None:
        """Return when woken, when it is time to look at the journal, or at `until`."""
        await self._wakeups.wait(role, until=until)

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

    def clear(self, role: Role) -> None:
        """Begin anew to wait: what is committed from now on wakes the role. Look afterwards."""
        self._wakeups.clear(role)

    def something_waits(self, transaction: Transaction, role: Role) -> bool:
        """Whether the journal has anything for a role now, or a holder before us left something."""
        now = self.clock.now()
        return inbox.has_waiting(transaction, role, now=now) or leases.calls(
            transaction, role, holder=self._process_id, now=now, is_dead=is_dead
        )

    def _append(self, transaction: Transaction, agent: str, events: Sequence[Event]) -> None:
        at = transaction.state.get(self)
        if at is None:  # what is committed together happened at one moment, and wakes once
            at = transaction.state[self] = self.clock.now()
            transaction.after_commit(self.notify)
        journal.append(
            transaction, events, agent=agent, at=at, new_id=self.new_id, queues=self.queues
        )

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
                holder=self._process_id,
                now=self.clock.now(),
                lasts=self.lease_lasts,
                is_dead=is_dead,
            )

        return acquire

    @property
    def lease_lasts(self) -> timedelta:
        """How long a lease lasts in department time."""
        return timedelta(seconds=LEASE_SECONDS * self.clock.pace)


def _foremost(group: BaseExceptionGroup) -> BaseException:
    """A lost database or lease before all else; else what the group stands for."""
    lost = next(leaves(group, StoreGone), None) or next(leaves(group, LeaseLost), None)
    return lost or root_of(group)
