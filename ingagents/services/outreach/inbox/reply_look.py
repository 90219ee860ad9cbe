"""Looking for answers: a bounded amount at a time, each slice with a mark that outlives the process.

Each look begins with the newest chats and gives at least half of what it may cost to what earlier
looks left, oldest first, so that neither starves the other. A slice ends with a commit of its mark;
a process that dies reads the slice again, and what it had kept of it is known by its id.

A chat of nobody we know is not opened. One that cannot be read is told, left, and asked for again
by itself, less and less often.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

import msgspec

from ingagents.communication.journal import last_seq
from ingagents.communication.role_session import RoleSession
from ingagents.context import Context
from ingagents.core.replies.list_walk import Walk
from ingagents.errors import BadAnswer, ServiceError, WrongAnswer, explain
from ingagents.events import AgentError, Role
from ingagents.model import AccountId, ChatMessage, LeadId, Recipient
from ingagents.model.linkedin import Chat, ChatPage
from ingagents.ports import Inbox, Transaction
from ingagents.services.leads.intake import Reception
from ingagents.services.leads.referrals import take_in_named
from ingagents.services.outreach.inbox.answers import Answering
from ingagents.services.outreach.inbox.by_hand import note_by_hand
from ingagents.services.outreach.inbox.chat_reader import CALLS_PER_LOOK, ChatReader, stands_still
from ingagents.services.outreach.inbox.look_marks import Unread, known_chats, stands, walks_left
from ingagents.services.outreach.inbox.replies import take_in
from ingagents.services.outreach.wrong_answers import note_wrong, rest_after
from ingagents.store.engine.codecs import stamp
from ingagents.store.tables import key_value, leads

MISSED_FOR = timedelta(days=7)
"""For so long is asked again for what could not be read."""

_CHATS_PER_COMMIT = 25
_AGAIN_AT_ONCE = 20
"""Chats that could not be read before and are tried again in one look."""

_UNREAD_MAX = 1000
_CURSOR_TRIED = 3
"""So many failures at a mark, and the walk begins anew without its cursor."""


@dataclass(kw_only=True)
class Looked:
    """What a look came to.

    `trouble` is the first thing that could not be read; `cut` says that the bounds of the look
    ended it and not the list; `began` is the number of the last event before it.
    """

    began: int = 0
    replies: int = 0
    messages: int = 0
    chats: int = 0
    unread: int = 0
    trouble: ServiceError | None = None
    cut: bool = False
    walks: Sequence[Walk] = ()

    def left(self) -> str:
        """What is still to be read, in words; empty when the lists were read to their ends."""
        if not self.walks:
            return ""
        reached = max((walk.reached for walk in self.walks if walk.reached), default=None)
        back = f" back to {reached.isoformat(timespec='minutes')}" if reached else ""
        return f"the list of chats is read{back}, the rest at the next look"


@dataclass(kw_only=True)
class _State:
    session: RoleSession
    reader: ChatReader
    looked: Looked
    now: datetime
    walks: list[Walk]
    unread: dict[str, Unread]
    seen_until: datetime | None = None
    fresh: list[tuple[Chat, LeadId | None, ServiceError]] = field(default_factory=list)

    def replace(self, old: Walk, new: Walk | None) -> None:
        """A walk went on; None: it is at its end."""
        place = next((i for i, walk in enumerate(self.walks) if walk is old), None)
        if place is None:
            self.walks += [] if new is None else [new]
        else:
            self.walks[place : place + 1] = [] if new is None else [new]


@dataclass(frozen=True, kw_only=True)
class ReplyLook:
    """Reads what people wrote. The holder of the role alone may look."""

    context: Context
    inbox: Inbox
    reception: Reception
    answering: Answering
    account_id: AccountId
    agent: Role

    async def left(self) -> bool:
        """Whether an earlier look left something that can be gone on with now."""
        now = self.context.clock.now()
        walks = await self.context.store.read(partial(walks_left, account_id=self.account_id))
        return any(not walk.failures and _is_due(walk, now) for walk in walks)

    async def look(
        self,
        looked: Looked,
        session: RoleSession,
        *,
        stopping: Callable[[], bool],
        newest: bool = True,
    ) -> None:
        """Look once: at the newest chats unless only to go on, and at what was left.

        `looked` tells what was done also when this raises.

        Raises:
            ServiceError: the service, and not one chat, is in the way; what was read is kept.
        """
        now = self.context.clock.now()
        looked.began = await self.context.store.read(last_seq)
        walks, unread, after = await self.context.store.read(
            partial(stands, account_id=self.account_id, now=now)
        )
        reader = ChatReader(inbox=self.inbox, stopping=stopping)
        state = _State(
            session=session, reader=reader, looked=looked, now=now, walks=walks, unread=unread
        )
        due = sorted(
            (walk for walk in walks if _is_due(walk, now)), key=lambda walk: walk.failures > 0
        )
        try:
            if newest:
                asked_again = dict(unread)
                head = await self._down(
                    state, Walk(after=after, began=now), leaving=CALLS_PER_LOOK // 2
                )
                await self._ask_again(state, asked_again)
                due += [] if head is None else [head]
            looked.cut = False
            for walk in due:
                await self._down(state, walk)
            await take_in_named(self.reception, session)
        finally:
            looked.walks = tuple(state.walks)

    async def _down(self, state: _State, walk: Walk, *, leaving: int = 0) -> Walk | None:
        """Read down a list as far as the look may go; None once there is no more to read of it."""
        while True:
            if state.reader.must_end(leaving=leaving):
                state.looked.cut = True
                return walk
            try:
                begun, page = await state.reader.page(walk)
            except ServiceError as exc:
                await self._page_failed(state, walk, exc)
                return None
            state.replace(walk, begun)
            if begun.began == state.now:
                state.seen_until = state.now
            walk, whole = await self._read_page(state, begun, page, leaving=leaving)
            if not whole:
                state.looked.cut = True
                return walk
            after = self._after_page(state, walk, page)
            state.replace(walk, after)
            await self._commit(state, page.wrong, stuck=after)
            if after is None or after.failures or after.rounds > walk.rounds:
                return None
            walk = after

    async def _read_page(
        self, state: _State, walk: Walk, page: ChatPage, *, leaving: int
    ) -> tuple[Walk, bool]:
        """Read a page's chats; whether it was read to its end."""
        known = await self.context.store.read(partial(known_chats, chats=page.chats))
        read: list[str] = []

        async def keep() -> Walk:
            done = walk.with_done(read)
            state.replace(walk, done)
            await self._commit(state)
            read.clear()
            return done

        for chat in page.chats:
            if chat.id not in known or chat.id in walk.done or chat.id in state.unread:
                continue
            if state.reader.must_end(leaving=leaving):
                return await keep(), False
            try:
                found = await self._read_chat(state, chat, walk.after, known[chat.id])
            except ServiceError:
                await keep()
                raise
            read.append(chat.id)
            if found is not None and state.reader.is_down(found):
                await keep()
                raise found
            if len(read) >= _CHATS_PER_COMMIT or state.fresh:
                walk = await keep()
        state.looked.chats += len(page.chats)
        return walk, True

    async def _read_chat(
        self, state: _State, chat: Chat, after: datetime, lead_id: LeadId | None
    ) -> ServiceError | None:
        """Take in what a chat holds; what kept it from being read whole, which is noted."""
        found = await state.reader.messages(chat, after=after)
        failed = found if isinstance(found, ServiceError) else next(iter(found.wrong), None)
        if failed is not None:
            before = state.unread.get(chat.id)
            entry = Unread(lead_id=lead_id, after=after, first=state.now, last=state.now)
            if before is not None:
                entry = msgspec.structs.replace(
                    before, after=min(after, before.after), last=state.now, count=before.count + 1
                )
            state.unread[chat.id] = entry
            state.fresh.append((chat, lead_id, failed))
            state.looked.unread += 1
        else:
            state.unread.pop(chat.id, None)
        if isinstance(found, ServiceError):
            state.looked.trouble = state.looked.trouble or found
            return failed
        state.looked.messages += len(found.messages)
        state.looked.replies += await self.take_in_chat(found.messages, state.session)
        return failed

    async def take_in_chat(self, messages: Sequence[ChatMessage], session: RoleSession) -> int:
        """Keep what is new in a chat, theirs and what somebody wrote by hand; how many answers."""
        context, agent = self.context, self.agent
        taken = await take_in(
            messages,
            context=context,
            llm=self.reception.llm,
            session=session,
            agent=agent,
            answering=self.answering,
        )
        await note_by_hand(messages, context=context, session=session, agent=agent)
        return taken

    async def _ask_again(self, state: _State, unread: dict[str, Unread]) -> None:
        """Ask for those chats that could not be read before, as far as they have rested."""
        due = [
            (chat_id, one)
            for chat_id, one in unread.items()
            if one.last + rest_after(one.count) <= state.now
        ]
        due.sort(key=lambda pair: pair[1].last)
        for chat_id, one in due[:_AGAIN_AT_ONCE]:
            lead = await self.context.store.read(partial(leads.find, lead_id=one.lead_id or ""))
            if one.lead_id is not None and lead is None:
                state.unread.pop(chat_id)  # erased meanwhile
                continue
            if state.reader.must_end():
                break
            who = Recipient(provider_id=lead.provider_id if lead is not None else "")
            chat = Chat(id=chat_id, account_id=self.account_id, who=who, latest=None)
            failed = await self._read_chat(state, chat, one.after, one.lead_id)
            if failed is not None and state.now - one.first >= MISSED_FOR:
                state.unread.pop(chat_id)
            if failed is not None and state.reader.is_down(failed):
                break
        state.reader.unread_in_a_row = 0
        if due:
            await self._commit(state)

    def _after_page(self, state: _State, walk: Walk, page: ChatPage) -> Walk | None:
        """Where a walk stands when a page is read; None at the end of its list."""
        if page.wrong:
            state.looked.trouble = state.looked.trouble or page.wrong[0]
        if page.cursor is None:
            skipped = walk.skipped + len(page.wrong)
            if skipped and state.now - walk.began < MISSED_FOR:
                return walk.again(not_before=state.now + rest_after(walk.rounds + 1))
            return None
        if not walk.moves_to(page.cursor):
            state.looked.trouble = state.looked.trouble or stands_still()
            return _failed(walk)
        latest = [chat.latest for chat in page.chats if chat.latest is not None]
        return walk.next(
            page.cursor,
            items=len(page.chats),
            reached=min(latest, default=None),
            skipped=len(page.wrong),
        )

    async def _page_failed(self, state: _State, walk: Walk, exc: ServiceError) -> None:
        """Keep the mark of a page that cannot be read.

        Raises:
            ServiceError: it is not that page, but the service.
        """
        state.looked.trouble = state.looked.trouble or exc
        if any(one is walk for one in state.walks):
            failed = _failed(walk)
            state.replace(walk, failed)
            await self._commit(state)
        if not isinstance(exc, BadAnswer):
            raise exc

    async def _commit(
        self, state: _State, wrong: Sequence[WrongAnswer] = (), *, stuck: Walk | None = None
    ) -> None:
        """Commit the marks, and tell what could not be read."""
        walks = [msgspec.to_builtins(walk) for walk in state.walks]
        unread = dict(sorted(state.unread.items(), key=lambda pair: pair[1].first)[-_UNREAD_MAX:])
        dropped, state.unread = len(state.unread) - len(unread), unread
        entries = {chat_id: msgspec.to_builtins(one) for chat_id, one in unread.items()}
        fresh, state.fresh = state.fresh, []
        keep = partial(key_value.note, at=state.now, of=self.account_id)

        def write(transaction: Transaction) -> None:
            if state.seen_until is not None:
                seen = stamp(state.seen_until)
                keep(transaction, key_value.REPLIES_SEEN_UNTIL, seen)
            keep(transaction, key_value.REPLIES_WALKS, walks)
            keep(transaction, key_value.REPLIES_UNREAD, entries)
            for chat, lead_id, exc in fresh:
                self._tell(transaction, exc, chat, lead_id, unread.get(chat.id))
            if wrong:
                note_wrong(
                    self.context,
                    transaction,
                    wrong[0],
                    agent=self.agent,
                    doing="reading the list of chats",
                    in_a_row=len(wrong),
                )
            if stuck is not None and stuck.failures and not stuck.failures & (stuck.failures - 1):
                self._append_error(
                    transaction, explain(stands_still()), "reading the list of chats"
                )
            if dropped:
                what = f"more than {_UNREAD_MAX} chats cannot be read; {dropped} are given up"
                self._append_error(transaction, what, "reading chats")

        await state.session.commit(write)

    def _tell(
        self,
        transaction: Transaction,
        exc: ServiceError,
        chat: Chat,
        lead_id: LeadId | None,
        entry: Unread | None,
    ) -> None:
        """Tell of a chat that cannot be read, at its first failures and when it is given up."""
        doing = f"reading the chat {chat.id}"
        if entry is None:
            given_up = "it is not asked for any more: read it on LinkedIn"
            self._append_error(transaction, f"{explain(exc)}; {given_up}", doing, lead_id)
        elif entry.count & (entry.count - 1):  # no power of two
            return
        elif isinstance(exc, WrongAnswer):
            note_wrong(
                self.context,
                transaction,
                exc,
                agent=self.agent,
                doing=doing,
                about=lead_id,
                in_a_row=entry.count,
            )
        else:
            self._append_error(transaction, explain(exc), doing, lead_id)

    def _append_error(
        self, transaction: Transaction, what: str, doing: str, lead_id: LeadId | None = None
    ) -> None:
        error = AgentError(agent=self.agent, error=what, doing=doing, lead_id=lead_id)
        self.context.queue.append(transaction, self.agent, error)


def _failed(walk: Walk) -> Walk:
    failed = walk.failed()
    return failed.anew() if failed.failures % _CURSOR_TRIED == 0 else failed


def _is_due(walk: Walk, now: datetime) -> bool:
    return walk.not_before is None or walk.not_before <= now
