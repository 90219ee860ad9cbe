"""Acting on LinkedIn through Unipile, and reading our own acts back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from ingagents.core.profiles.recognition import can_be_one
from ingagents.errors import BadAnswer, PersonRefused, WrongAnswer
from ingagents.integrations.http.sanitise import JsonObject
from ingagents.integrations.unipile.chats import chat_of, invitation_of, message_of, timestamp
from ingagents.integrations.unipile.http import SERVICE, UnipileWire
from ingagents.integrations.unipile.ids import id_of, wrong
from ingagents.integrations.unipile.payloads import items_of
from ingagents.model import ChatMessage, SendResult
from ingagents.ports import Chat, ChatMessages, ChatPage, SentInvitation

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
_MESSAGES_PER_PAGE = 250
_CHATS_PER_PAGE = 250
_INVITATIONS_PER_PAGE = 100
_MESSAGE_PAGES_MAX = 5
_CHATS_PER_PERSON_MAX = 3
"""A person has one chat, and at most one more each for InMail and Sales Navigator."""


class UnipileSender:
    """Keeps `ports.LinkedInSender`."""

    def __init__(self, wire: UnipileWire) -> None:
        self._wire = wire

    async def send_invitation(self, provider_id: str, note: str) -> SendResult:
        invitation = {"account_id": self._wire.account_id, "provider_id": provider_id}
        # An empty message is refused; a bare invitation has none.
        message = {"message": note} if note.strip() else {}
        return await self._wire.act(
            "users/invite", json=invitation | message, accept=_invitation_sent
        )

    async def send_message(self, provider_id: str, text: str) -> SendResult:
        # This route wants a form. A chat that exists already takes the message up.
        fields = {
            "account_id": self._wire.account_id,
            "attendees_ids": provider_id,
            "text": text,
        }
        return await self._wire.act(
            "chats",
            files=[(name, (None, value)) for name, value in fields.items()],
            accept=_chat_started,
        )

    async def conversation(
        self, provider_id: str, *, after: datetime | None = None
    ) -> Sequence[ChatMessage]:
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
            if chat.provider_id and not can_be_one(chat.provider_id, provider_id):
                raise wrong(f"gives the chat with {chat.provider_id} for {provider_id[:100]}")
        chats.sort(key=lambda chat: chat.latest or _LONG_AGO, reverse=True)
        messages: list[ChatMessage] = []
        for chat in chats[:_CHATS_PER_PERSON_MAX]:
            known = msgspec.structs.replace(chat, provider_id=chat.provider_id or provider_id)
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

    async def pending_invitations(self) -> Sequence[SentInvitation]:
        # To its end: a list cut short would read as "not invited".
        found = await self._wire.read_all(
            "users/invite/sent",
            params={"account_id": self._wire.account_id},
            limit=_INVITATIONS_PER_PAGE,
        )
        account_id, now = self._wire.account_id, self._wire.now()
        read = (invitation_of(item, account_id, now=now) for item in found)
        return tuple(invitation for invitation in read if invitation is not None)

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


def _invitation_sent(body: JsonObject) -> SendResult:
    _expect(body, "UserInvitationSent", "invitation_id")
    return SendResult(outcome="sent", message_id=id_of(body.get("invitation_id")))


def _chat_started(body: JsonObject) -> SendResult:
    # Both ids may be null on success.
    _expect(body, "ChatStarted", "message_id", "chat_id")
    return SendResult(
        outcome="sent",
        message_id=id_of(body.get("message_id")),
        chat_id=id_of(body.get("chat_id")),
    )


def _expect(body: JsonObject, kind: str, *id_fields: str) -> None:
    """Some proxies answer 200 with JSON of their own: only the service's own word counts."""
    if body.get("object") != kind and not any(field in body for field in id_fields):
        raise BadAnswer(f"Unipile's answer is no {kind}", service=SERVICE, status=200)


def _bound(after: datetime) -> str:
    """An exclusive lower bound that loses nothing: messages are dated in whole milliseconds."""
    finer = after.microsecond % 1000 != 0
    return timestamp(after - timedelta(milliseconds=1) if finer else after)


def _in_order(messages: Iterable[ChatMessage]) -> tuple[ChatMessage, ...]:
    """Oldest first, each once. The service gives the newest first, also within a millisecond."""
    unique = {message.id: message for message in reversed(list(messages))}
    return tuple(sorted(unique.values(), key=lambda message: message.sent_at))
