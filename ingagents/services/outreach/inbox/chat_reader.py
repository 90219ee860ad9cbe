"""Reading chats a bounded amount at a time: what one look may cost, and when to give it up.

One chat that cannot be read is left, and the others are read. So many in a row are the service's
fault: the look ends, but those are left behind too, so that the next one comes further.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from ingagents.core.replies.list_walk import Walk
from ingagents.errors import (
    AccountBlocked,
    BadAnswer,
    PersonRefused,
    RequestRefused,
    ServiceError,
    WrongAnswer,
)
from ingagents.model.linkedin import Chat, ChatMessages, ChatPage
from ingagents.ports import Inbox

CALLS_PER_LOOK = 1000
"""Requests of one look, of which a page of chats is one and each chat's messages another."""

_DOWN_AFTER = 3
"""So many chats in a row for which no answer comes: it is the service, not one of them."""

_ODD_AFTER = 20
"""So many in a row that are refused or answered wrongly, which is known at once."""

_REPEATS = 4
"""What a request costs that fails: it was repeated before."""

_FORBIDDEN = 403
_TOO_MANY_REQUESTS = 429


@dataclass(kw_only=True)
class ChatReader:
    """Reads within the bounds of one look; `stopping` says whether to end it early."""

    inbox: Inbox
    stopping: Callable[[], bool]
    calls: int = CALLS_PER_LOOK
    unread_in_a_row: int = 0

    def must_end(self, *, leaving: int = 0) -> bool:
        """Whether no more than `leaving` requests are left, or somebody asked for a stop."""
        return self.calls <= leaving or self.stopping()

    async def page(self, walk: Walk) -> tuple[Walk, ChatPage]:
        """The page at a walk's mark; where its cursor is refused, the walk begins anew.

        Raises:
            ServiceError: it cannot be read.
        """
        self.calls -= 1
        try:
            page = await self.inbox.chats(after=walk.after, before=walk.before, cursor=walk.cursor)
        except (PersonRefused, RequestRefused):
            fresh = walk.anew()
            if fresh.before == walk.before:
                raise  # it would not come further
            walk = fresh
            self.calls -= 1
            page = await self.inbox.chats(after=walk.after, before=walk.before)
        except ServiceError:
            self.calls -= _REPEATS - 1
            raise
        return walk, page

    async def messages(self, chat: Chat, *, after: datetime) -> ChatMessages | ServiceError:
        """What a chat holds, or why it cannot be read.

        Raises:
            AccountBlocked, TryLater: nobody's chats can be read now.
        """
        self.calls -= 1
        try:
            found = await self.inbox.messages(chat, after=after)
        except ServiceError as exc:
            # One chat may be forbidden; a login that is gone is so for all.
            lost = isinstance(exc, AccountBlocked) and exc.status != _FORBIDDEN
            if lost or exc.status == _TOO_MANY_REQUESTS:
                raise
            self.calls -= _REPEATS - 1
            self.unread_in_a_row += 1
            return exc
        self.unread_in_a_row = self.unread_in_a_row + 1 if found.wrong else 0
        return found

    def is_down(self, last: ServiceError) -> bool:
        """Whether so many chats in a row failed that it must be the service."""
        known = isinstance(last, WrongAnswer | PersonRefused | RequestRefused)
        return self.unread_in_a_row >= (_ODD_AFTER if known else _DOWN_AFTER)


def stands_still() -> BadAnswer:
    """The list leads back to a page that was read before."""
    return BadAnswer(
        "the service's list of chats leads back to where it was and so does not end",
        "what it showed so far was read; it is asked again, and if it stays so, tell the service",
        status=200,
    )
