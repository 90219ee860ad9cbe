"""The cheap look for answers: which chats changed since the last one, and only those are read.

It is one request to the service, whatever the number of conversations, and nothing is committed
where nothing changed. What it cannot read, and what the service shows late, is the thorough look's
(`reply_look.py`): a glance keeps its marks in memory and may forget them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from ingagents.communication.role_session import RoleSession
from ingagents.errors import ServiceError, explain
from ingagents.log import narrator
from ingagents.model.linkedin import Chat
from ingagents.services.leads.referrals import take_in_named
from ingagents.services.outreach.inbox.look_marks import OVERLAP, known_chats, new_since
from ingagents.services.outreach.inbox.reply_look import ReplyLook

_PAGES_MOST, _CHATS_MOST = 4, 100
"""Of the list, and of changed chats that are read; what is below them is the thorough look's."""

_RESTS_MOST = 6
"""So many intervals a service that does not answer is left alone at most."""

_log = narrator()


@dataclass(kw_only=True)
class Glance:
    """Looks every so often from `due_at` on. Whoever looks need not hold the role, who reads must."""

    look: ReplyLook
    every: timedelta
    due_at: datetime
    looked_at: datetime | None = None
    """When the last look began that the service answered."""
    _failures: int = 0
    _after: datetime | None = None
    _read: dict[str, datetime | None] = field(default_factory=dict)
    _changed: list[Chat] = field(default_factory=list)

    def hurry(self, at: datetime) -> None:
        """Look by then, unless the service does not answer and is left alone."""
        if not self._failures:
            self.due_at = min(self.due_at, at)

    def next_at(self, now: datetime) -> datetime:
        """When there is something to look at, or to read."""
        return now if self._changed else self.due_at

    async def peek(self) -> None:
        """Look, if it is time, which chats with people we know changed."""
        now, inbox = self.look.context.clock.now(), self.look.inbox
        if now < self.due_at:
            return
        self.due_at = now + self.every
        after = self._after
        if after is None:
            after = await self.look.context.store.read(
                partial(new_since, account_id=self.look.account_id, now=now)
            )
        chats: list[Chat] = []
        cursor: str | None = None
        try:
            for _ in range(_PAGES_MOST):
                page = await inbox.chats(after=after, cursor=cursor)
                chats += page.chats
                if (cursor := page.cursor) is None:
                    break
        except ServiceError as exc:
            self._failures += 1
            self.due_at = now + self.every * min(2**self._failures, _RESTS_MOST)
            _log.warning("replies.not_glanced_at", error=explain(exc))
            return
        self._after, self._failures, self.looked_at = now - OVERLAP, 0, now
        read = {chat.id: self._read[chat.id] for chat in chats if chat.id in self._read}
        fresh = [one for one in chats if one.latest is None or read.get(one.id) != one.latest]
        known = await self.look.context.store.read(partial(known_chats, chats=fresh))
        self._read, self._changed = read, [chat for chat in fresh if chat.id in known][:_CHATS_MOST]

    async def read(self, session: RoleSession, *, stopping: Callable[[], bool]) -> int:
        """Take in what the changed chats hold; how many answers that were."""
        look, taken = self.look, 0
        changed, self._changed = self._changed, []
        if not changed:
            return 0
        now = look.context.clock.now()
        after = await look.context.store.read(
            partial(new_since, account_id=look.account_id, now=now)
        )
        for chat in changed:
            if stopping():
                break
            try:
                found = await look.inbox.messages(chat, after=after)
            except ServiceError as exc:
                _log.warning("replies.not_glanced_at", chat=chat.id, error=explain(exc))
                continue
            taken += await look.take_in_chat(found.messages, session)
            self._read[chat.id] = chat.latest
        if taken:
            await take_in_named(look.reception, session)
            _log.info("replies.glanced_at", replies=taken)
        return taken
