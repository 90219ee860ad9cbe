"""Acting on LinkedIn through Unipile, and reading our own acts back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import msgspec

from ingagents.errors import BadAnswer, PersonRefused
from ingagents.integrations.linkedin_payloads import (
    Chat,
    chat_of,
    id_of,
    message_of,
    moment_of,
    timestamp,
)
from ingagents.integrations.linkedin_wire import SERVICE, UnipileWire
from ingagents.integrations.outside_text import JsonObject, clean_text
from ingagents.model import ChatMessage, SendResult
from ingagents.ports import SentInvitation

__all__ = ["UnipileSender"]

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
_MESSAGES_PER_PAGE = 250
_CHATS_PER_PAGE = 250
_INVITATIONS_PER_PAGE = 100
_MESSAGE_PAGES_MAX = 5
_CHAT_PAGES_MAX = 20
_INVITATION_PAGES_MAX = 20
"""LinkedIn itself allows far fewer open invitations than twenty pages hold."""
_CHATS_PER_PERSON_MAX = 3
"""A person has one chat, and at most one more each for InMail and Sales Navigator."""


class UnipileSender:
    """Keeps `ports.LinkedInSender`. `own_provider_id` helps to tell our messages from theirs."""

    def __init__(self, wire: UnipileWire, *, own_provider_id: str = "") -> None:
        self._wire = wire
        self._own_provider_id = own_provider_id

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
                f"chat_attendees/{quote(provider_id, safe='', errors='replace')}/chats",
                params={"account_id": self._wire.account_id},
                limit=_CHATS_PER_PAGE,
                pages_max=1,
            )
        except PersonRefused as exc:
            if exc.status == 404:
                return ()  # Nobody has written yet: there is no chat.
            raise
        chats = [chat for chat in map(chat_of, found.items) if chat is not None]
        chats.sort(key=lambda chat: chat.latest or _LONG_AGO, reverse=True)
        messages: list[ChatMessage] = []
        for chat in chats[:_CHATS_PER_PERSON_MAX]:
            # The service may know the person under another id; the caller knows them by this one.
            theirs = msgspec.structs.replace(chat, provider_id=provider_id)
            messages += await self._messages(theirs, after)
        return _in_order(messages)

    async def new_messages(self, *, after: datetime) -> Sequence[ChatMessage]:
        found = await self._wire.read_items(
            "chats",
            params={
                "account_id": self._wire.account_id,
                "account_type": "LINKEDIN",
                "after": _bound(after),
            },
            limit=_CHATS_PER_PAGE,
            pages_max=_CHAT_PAGES_MAX,
        )
        if found.cursor is not None:
            raise _endless("chats")
        messages: list[ChatMessage] = []
        for chat in map(chat_of, found.items):
            if chat is not None:
                messages += await self._messages(chat, after)
        return _in_order(messages)

    async def pending_invitations(self) -> Sequence[SentInvitation]:
        found = await self._wire.read_items(
            "users/invite/sent",
            params={"account_id": self._wire.account_id},
            limit=_INVITATIONS_PER_PAGE,
            pages_max=_INVITATION_PAGES_MAX,
        )
        if found.cursor is not None:
            # A list cut short would read as "not invited".
            raise _endless("open invitations")
        return tuple(
            SentInvitation(
                provider_id=found_id,
                public_identifier=clean_text(item.get("invited_user_public_id")),
                note=clean_text(item.get("invitation_text")),
                sent_at=moment_of(item.get("parsed_datetime")),
            )
            for item in found.items
            if isinstance(item, dict) and (found_id := id_of(item.get("invited_user_id")))
        )

    async def _messages(self, chat: Chat, after: datetime | None) -> list[ChatMessage]:
        """A chat's messages after a moment, of very long ones the newest; none if it is gone."""
        params: dict[str, Any] = {} if after is None else {"after": _bound(after)}
        try:
            found = await self._wire.read_items(
                f"chats/{quote(chat.id, safe='')}/messages",
                params=params,
                limit=_MESSAGES_PER_PAGE,
                pages_max=_MESSAGE_PAGES_MAX,
            )
        except PersonRefused as exc:
            if exc.status == 404:
                return []
            raise
        read = (message_of(item, chat, self._own_provider_id) for item in found.items)
        return _with_their_id([message for message in read if message is not None])


def _invitation_sent(body: JsonObject) -> SendResult:
    _expect(body, "UserInvitationSent", "invitation_id")
    usage = body.get("usage")
    percent = usage if isinstance(usage, int | float) and 0 <= usage <= 1000 else None
    return SendResult(
        outcome="sent",
        message_id=id_of(body.get("invitation_id")),
        usage_percent=None if percent is None else float(percent),
    )


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


def _with_their_id(messages: list[ChatMessage]) -> list[ChatMessage]:
    """Name the other person on our own messages too; messages of nobody known are left out."""
    theirs = next((message.provider_id for message in messages if message.provider_id), "")
    return [
        message if message.provider_id else msgspec.structs.replace(message, provider_id=theirs)
        for message in messages
        if message.provider_id or theirs
    ]


def _in_order(messages: Iterable[ChatMessage]) -> tuple[ChatMessage, ...]:
    """Oldest first, each once. The service gives the newest first, also within a millisecond."""
    unique = {message.id: message for message in reversed(list(messages))}
    return tuple(sorted(unique.values(), key=lambda message: message.sent_at))


def _endless(what: str) -> BadAnswer:
    return BadAnswer(
        f"Unipile's list of {what} does not end",
        "try again later; if it stays so, tell Unipile",
        service=SERVICE,
        status=200,
    )
