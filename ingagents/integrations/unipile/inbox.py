"""The account's chats at Unipile, both sides of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from ingagents.core.profiles.recognition import can_be_one
from ingagents.errors import PersonRefused, WrongAnswer
from ingagents.integrations.http.sanitise import words_of
from ingagents.integrations.unipile.chats import chat_of, message_of, timestamp
from ingagents.integrations.unipile.ids import wrong
from ingagents.integrations.unipile.wire.http import UnipileWire
from ingagents.integrations.unipile.wire.lists import items_of
from ingagents.model import ChatMessage, Recipient
from ingagents.model.linkedin import Chat, ChatMessages, ChatPage

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
_MESSAGES_PER_PAGE = 250
_CHATS_PER_PAGE = 250
_MESSAGE_PAGES_MAX = 5
_CHATS_PER_PERSON_MAX = 3
"""A person has one chat, and at most one more each for InMail and Sales Navigator."""


class UnipileInbox:
    """Keeps `ports.Inbox`."""

    def __init__(self, wire: UnipileWire) -> None:
        self._wire = wire

    async def conversation(
        self, who: Recipient, *, after: datetime | None = None
    ) -> Sequence[ChatMessage]:
        provider_id = who.provider_id
        try:
            found = await self._wire.read_items(
                "chat_attendees/{}/chats",
                provider_id,
                params={"account_id": self._wire.account_id},
                limit=_CHATS_PER_PAGE,
                pages_max=1,
            )
        except PersonRefused as exc:
            if exc.status == 404:
                return ()  # Nobody has written yet: there is no chat.
            raise
        read = (chat_of(item, self._wire.account_id) for item in found.items)
        chats = [chat for chat in read if chat is not None]
        for chat in chats:
            other = chat.who.provider_id
            if other and not can_be_one(other, provider_id):
                raise wrong(f"gives the chat with {other} for {words_of(provider_id, 100)}")
        chats.sort(key=lambda chat: chat.latest or _LONG_AGO, reverse=True)
        messages: list[ChatMessage] = []
        for chat in chats[:_CHATS_PER_PERSON_MAX]:
            known = chat if chat.who.provider_id else msgspec.structs.replace(chat, who=who)
            heard, wrongs = await self._messages(known, after)
            if wrongs:
                raise wrongs[0]  # what is left of it proves nobody's silence
            messages += heard
        # The service may know the person under another id; the caller knows them by this one.
        return _in_order(
            msgspec.structs.replace(message, provider_id=provider_id) for message in messages
        )

    async def chats(
        self, *, after: datetime, before: datetime | None = None, cursor: str | None = None
    ) -> ChatPage:
        page = await self._wire.read(
            "GET",
            "chats",
            parse=items_of,
            params={
                "account_id": self._wire.account_id,
                "account_type": "LINKEDIN",
                "after": _bound(after),
                **({"before": timestamp(before)} if before else {}),
                "limit": _CHATS_PER_PAGE,
                **({"cursor": cursor} if cursor else {}),
            },
        )
        chats: list[Chat] = []
        wrongs: list[WrongAnswer] = []
        for item in page.items:
            try:
                chat = chat_of(item, self._wire.account_id)
            except WrongAnswer as exc:
                wrongs.append(exc)  # one record that cannot be read must not hide the others
                continue
            chats += [] if chat is None else [chat]
        return ChatPage(chats=tuple(chats), cursor=page.cursor, wrong=tuple(wrongs))

    async def messages(self, chat: Chat, *, after: datetime) -> ChatMessages:
        heard, wrongs = await self._messages(chat, after)
        return ChatMessages(messages=tuple(_in_order(heard)), wrong=tuple(wrongs))

    async def _messages(
        self, chat: Chat, after: datetime | None
    ) -> tuple[list[ChatMessage], list[WrongAnswer]]:
        """A chat's messages after a moment, of very long ones the newest; none if it is gone.

        A third person's must not hide the others.
        """
        params: dict[str, Any] = {} if after is None else {"after": _bound(after)}
        try:
            found = await self._wire.read_items(
                "chats/{}/messages",
                chat.id,
                params=params,
                limit=_MESSAGES_PER_PAGE,
                pages_max=_MESSAGE_PAGES_MAX,
            )
        except PersonRefused as exc:
            if exc.status == 404:
                return [], []
            raise
        now, own = self._wire.now(), self._wire.owner.provider_id
        since = _LONG_AGO if after is None else after - timedelta(milliseconds=1)
        heard: list[ChatMessage] = []
        wrongs: list[WrongAnswer] = []
        for item in found.items:
            message = message_of(item, chat, now=now, own_provider_id=own)
            if isinstance(message, WrongAnswer):
                wrongs.append(message)
            # A filter that was not kept would make old talk new.
            elif message is not None and message.sent_at >= since:
                heard.append(message)
        people = {message.provider_id for message in heard if message.provider_id}
        if len(people) > 1:
            return [], [*wrongs, wrong(f"gives {len(people)} people in the chat of two {chat.id}")]
        if not people:
            return [], wrongs
        (other,) = people
        return [msgspec.structs.replace(message, provider_id=other) for message in heard], wrongs


def _bound(after: datetime) -> str:
    """An exclusive lower bound that loses nothing: messages are dated in whole milliseconds."""
    finer = after.microsecond % 1000 != 0
    return timestamp(after - timedelta(milliseconds=1) if finer else after)


def _in_order(messages: Iterable[ChatMessage]) -> tuple[ChatMessage, ...]:
    """Oldest first, each once. The service gives the newest first, also within a millisecond."""
    unique = {message.id: message for message in reversed(list(messages))}
    return tuple(sorted(unique.values(), key=lambda message: message.sent_at))
