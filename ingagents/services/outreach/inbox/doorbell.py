"""Webhooks ring, and what they ring for is looked at soon: chats, connections, the account.

A ring is a row (`store/tables/rings.py`), written by whoever serves the page, in this process or
another. Nothing of it but its kind is believed: answers are read where the looks read them, so one
that is lost, doubled, late or forged costs a look at most. `core/conversation/rings.py` says when. But where a
service has no inbox, the answers stand in the rings themselves, and are taken in from there.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from ingagents.communication.role_session import RoleSession
from ingagents.context import Context
from ingagents.core.conversation.rings import heard_until, look_due
from ingagents.core.profiles.recognition import believable
from ingagents.model import ChatMessage, Ring, RingKind
from ingagents.model.hook import ToldAnswer
from ingagents.ports import (
    ProfileSource,
    SendingAccount,
    Transaction,
    UnitOfWork,
)
from ingagents.services.outreach.account import in_order
from ingagents.services.outreach.inbox.acceptances import note_acceptances
from ingagents.services.outreach.inbox.glance import Glance
from ingagents.services.outreach.inbox.reply_look import ReplyLook
from ingagents.store.tables import rings
from ingagents.store.tables.rings import Unheard

_IN_HAND: Final = (RingKind.ACCEPTANCE, RingKind.ACCOUNT)
"""What the holder of the role alone looks at."""


async def keep_ring(context: Context, service: str, rung: Ring) -> None:
    """Keep a ring and wake whoever looks; one that is known changes nothing."""

    def keep(transaction: Transaction) -> None:
        if rings.ring(transaction, service, rung, now=context.clock.now()):
            transaction.after_commit(lambda: context.queue.notify("outreach"))

    await context.store.write(keep)


@dataclass(kw_only=True)
class Doorbell:
    """Looks where it rang, and at the chats by itself every so often."""

    look: ReplyLook
    every: timedelta
    profiles: ProfileSource
    account: SendingAccount
    follow: Callable[[RoleSession], Awaitable[int]] | None = None
    """Reads what the service's campaigns did, acceptances too; None: connections are listed."""
    _told: bool = False
    _waits: Mapping[RingKind, Unheard] = field(default_factory=dict)
    _looked: dict[RingKind, datetime] = field(default_factory=dict)

    def __post_init__(self) -> None:
        now = self.look.context.clock.now()
        self.glance = Glance(look=self.look, every=self.every, due_at=now)

    def next_at(self, now: datetime) -> datetime:
        """When there is something to look at, or to read."""
        if self._told:
            return now
        return min([self.glance.next_at(now), *map(self._due, self._waits)])

    async def look_out(self) -> None:
        """Hear what rang, and glance at the chats if it is time. Commits only what was rung for."""
        store, now = self.look.context.store, self.look.context.clock.now()
        waits = await store.read(partial(rings.unheard, account_id=self.look.account_id))
        message = waits.get(RingKind.MESSAGE)
        self._waits = {kind: waits[kind] for kind in _IN_HAND if kind in waits}
        if message is not None:
            rang_at = min(message.last, now)  # another machine's clock
            self.glance.hurry(look_due(RingKind.MESSAGE, rang_at, self.glance.looked_at))
        self._told = message is not None and bool(await store.read(self._answers_told))
        await self.glance.peek()
        if message is not None and self.glance.looked_at is not None:
            until = heard_until(RingKind.MESSAGE, self.glance.looked_at)
            if message.first <= until:
                await store.write(self._hearing(RingKind.MESSAGE, until))

    async def answer(self, session: RoleSession, *, stopping: Callable[[], bool]) -> int:
        """Take in what is new; how many news there were.

        Raises:
            ServiceError: connections or account cannot be read now; it stays to be looked at.
            AccountBlocked: the account is not in order, and a human must mend that.
        """
        found = await self.take_told(session) if self._told else 0
        found += await self.glance.read(session, stopping=stopping)
        now = self.look.context.clock.now()
        for kind in [kind for kind in self._waits if self._due(kind) <= now]:
            if kind is RingKind.ACCEPTANCE:
                found += await self.look_at_connections(session)
            else:
                found += await self._look_at_account(session)
        return found

    async def take_told(self, session: RoleSession) -> int:
        """Take in the answers that rings brought with them; how many are new."""
        self._told, taken = False, 0
        for key, answers in await self.look.context.store.read(self._answers_told):
            messages = [self._as_message(one) for one in answers]
            taken += await self.look.take_in_chat(messages, session)
            await session.commit(partial(rings.taken_in, key=key))
        return taken

    def _answers_told(
        self, transaction: Transaction
    ) -> Sequence[tuple[str, tuple[ToldAnswer, ...]]]:
        return rings.told(transaction, self.look.account_id)

    def _as_message(self, answer: ToldAnswer) -> ChatMessage:
        return ChatMessage(
            id=answer.id,
            chat_id="",
            provider_id=answer.who,
            text=answer.text,
            sent_at=believable(answer.at, self.look.context.clock.now()),
            from_us=False,
        )

    async def look_at_connections(self, session: RoleSession) -> int:
        """Note who of those we invited is a connection by now; how many are new. One request.

        Raises:
            ServiceError: they cannot be read, or not all of them (WrongAnswer).
        """
        began = self._begin(RingKind.ACCEPTANCE)
        if self.follow is not None:
            new = await self.follow(session)
            await self._hear(RingKind.ACCEPTANCE, began, session)
            return new
        relations = await self.profiles.newest_relations()
        new = await note_acceptances(
            relations.people,
            context=self.look.context,
            session=session,
            agent=self.look.agent,
            others=self.look.answering.others,
        )
        await self._hear(RingKind.ACCEPTANCE, began, session)
        if relations.wrong:
            raise relations.wrong[0]
        return new

    async def _look_at_account(self, session: RoleSession) -> int:
        """How the account is; every pass asks that anyway, so a ring is heard whatever the answer."""
        await self._hear(RingKind.ACCOUNT, self._begin(RingKind.ACCOUNT), session)
        in_order(await self.account.account())
        return 1

    def _due(self, kind: RingKind) -> datetime:
        return look_due(kind, self._waits[kind].last, self._looked.get(kind))

    def _begin(self, kind: RingKind) -> datetime:
        self._looked[kind] = self.look.context.clock.now()
        return self._looked[kind]

    async def _hear(self, kind: RingKind, began: datetime, session: RoleSession) -> None:
        if kind in self._waits:
            self._waits = {one: rung for one, rung in self._waits.items() if one is not kind}
            await session.commit(self._hearing(kind, heard_until(kind, began)))

    def _hearing(self, kind: RingKind, until: datetime) -> UnitOfWork:
        return partial(
            rings.hear,
            account_id=self.look.account_id,
            kind=kind,
            until=until,
            now=self.look.context.clock.now(),
        )
