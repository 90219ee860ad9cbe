"""A role in hand: its events are handled under its lease, each commit fenced."""

from __future__ import annotations

import traceback
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Protocol, TypeVar

import anyio

from ingagents.communication import inbox
from ingagents.communication.inbox import InboxItem
from ingagents.errors import (
    CommitUnknown,
    IngagentsError,
    LeaseLost,
    StoreError,
    StoreFull,
    StoreGone,
    StoreLocked,
    TryLater,
    explain,
    root_of,
)
from ingagents.events import AgentError, Event, Role, lead_ids
from ingagents.log import narrator
from ingagents.masking import masked
from ingagents.ports import Transaction, UnitOfWork
from ingagents.store.tables import leases
from ingagents.store.tables.leases import Lease

if TYPE_CHECKING:
    from ingagents.communication.message_queue import MessageQueue

T = TypeVar("T")

Handler = Callable[[Event], Awaitable[UnitOfWork | None]]
"""Handles one event: acts, and returns the changes that belong into the acknowledging commit."""

PAGE = 128
"""Events of one consumer in hand at a time; what does not fit waits."""

_NOT_THE_EVENTS_FAULT = (LeaseLost, StoreLocked, StoreFull, StoreGone, CommitUnknown)
"""What ends the work at hand and says nothing about the event in hand: its try is not counted."""

log = narrator()


class Commits(Protocol):
    """Who commits work of a role: a session of it, or a human's word at once."""

    async def commit(self, work: Callable[[Transaction], T]) -> T:
        """One commit."""
        ...


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
        handled, done = 0, list[InboxItem]()
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

    async def _turn(self, done: list[InboxItem], limit: int) -> list[InboxItem]:
        """Acknowledge what is done and take the next page, in one commit."""

        def turn(transaction: Transaction) -> list[InboxItem]:
            if not limit:
                inbox.acknowledge(transaction, done)
                return []
            now = self._queue.clock.now()
            return inbox.claim_batch(
                transaction, self.role, now=now, limit=limit, done=done, queues=self._queue.queues
            )

        taken = await self.commit(turn)
        done.clear()
        return taken

    async def _break_off(self, done: Sequence[InboxItem], left: Sequence[InboxItem]) -> None:
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
        self, item: InboxItem, done: list[InboxItem], handle: Handler, *, agent: str
    ) -> None:
        """Handle one event. Changes are committed at once, with it and all that is done.

        The acknowledgement of an event whose handling changed nothing can wait for a later commit:
        seen again, it changes nothing.
        """
        try:
            work = await handle(item.published.event)
            if work is None:
                done.append(item)
                return
            await self.commit(_settling(work, [*done, item]))
        except Exception as exc:  # noqa: BLE001  whatever a handler raises, the queue goes on
            cause = root_of(exc)
            if isinstance(cause, _NOT_THE_EVENTS_FAULT):
                raise cause from exc.__cause__
            await self._put_back(item, cause, done, agent=agent)
        done.clear()

    async def _put_back(
        self, item: InboxItem, exc: BaseException, done: Sequence[InboxItem], *, agent: str
    ) -> None:
        queue = self._queue
        what = explain(exc)
        about: Sequence[str] = lead_ids(item.published.event)
        log.warning(
            "event.failed",
            agent=agent,
            event_type=item.published.type,
            seq=item.published.seq,
            attempt=item.attempt,
            error=what,
            exc_info=None if isinstance(exc, IngagentsError) else exc,
        )
        error = AgentError(
            agent=agent,
            error=what,
            doing=f"handling {item.published.type} {item.published.seq}",
            lead_id=about[0] if len(about) == 1 else None,  # type: ignore[arg-type]  # a LeadId
        )
        trace = masked("".join(traceback.format_exception(exc, limit=-6)))[-4000:]
        wished = exc.retry_after_seconds if isinstance(exc, TryLater) else None

        def put_back(transaction: Transaction) -> None:
            inbox.acknowledge(transaction, done)
            inbox.fail(
                transaction,
                item,
                f"{what}\n{trace}",
                now=queue.clock.now(),
                retry_after_seconds=wished or 0.0,
            )
            if not isinstance(item.published.event, AgentError):
                queue.append(transaction, agent, error)

        await self.commit(put_back)


def _settling(work: UnitOfWork, handled: Sequence[InboxItem]) -> UnitOfWork:
    def settle(transaction: Transaction) -> None:
        work(transaction)
        inbox.acknowledge(transaction, handled)

    return settle
