"""HeyReach's inbox: conversations of the sender, and answers in those that are there.

Its messages have no ids: the conversation, the moment and who wrote tell one from another.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from urllib.parse import quote

from ingagents.core.identity import aliases_of_recipient
from ingagents.core.profiles.recognition import believable, is_plain_id
from ingagents.errors import PersonRefused, ServiceError, WrongAnswer, explain
from ingagents.integrations.heyreach.account import Seat
from ingagents.integrations.heyreach.people import checked, recipient_of
from ingagents.integrations.http.json_api import JsonApi
from ingagents.integrations.http.sanitise import (
    JsonObject,
    clean_text,
    count_of,
    flag_of,
    id_of,
    line_of,
    moment_of,
    object_of,
    objects_of,
    words_of,
)
from ingagents.integrations.known_people import address_of
from ingagents.model import ChatMessage, Recipient, Refusal, SendResult
from ingagents.model.linkedin import Chat, ChatMessages, ChatPage

_PAGE = 100
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


class HeyReachInbox:
    """Keeps `ports.Inbox`, and of `ports.DirectSender` the answers."""

    def __init__(self, api: JsonApi, seat: Seat) -> None:
        self._api = api
        self._seat = seat

    async def conversation(
        self, who: Recipient, *, after: datetime | None = None
    ) -> Sequence[ChatMessage]:
        said: list[ChatMessage] = []
        for item in await self._with(who):
            known_as = who.provider_id or address_of(who)
            said += await self._said(item, who, known_as, after or _LONG_AGO)
        return _in_order(said)

    async def chats(
        self, *, after: datetime, before: datetime | None = None, cursor: str | None = None
    ) -> ChatPage:
        start = int(cursor or 0)
        items = await self._conversations({}, start)
        chats: list[Chat] = []
        wrong: list[WrongAnswer] = []
        for item in items:
            if flag_of(item.get("groupChat")):
                continue
            latest = moment_of(item.get("lastMessageAt"))
            if latest is not None and (latest < after or (before and latest >= before)):
                continue
            shown = recipient_of(object_of(item.get("correspondentProfile")))
            try:
                chat_id = self._id_of(item)
            except WrongAnswer as exc:
                wrong.append(exc)
                continue
            if not shown.linkedin_url:
                wrong.append(self._wrong("lists a conversation without a person"))
                continue
            chats.append(
                Chat(
                    id=chat_id,
                    account_id=str(self._seat.account),
                    who=Recipient(
                        provider_id=_name_of(shown),
                        linkedin_url=shown.linkedin_url,
                        member_number=shown.member_number,
                    ),
                    latest=latest,
                )
            )
        # The newest come first: what lies below a page of old ones is older still.
        moments = [moment_of(item.get("lastMessageAt")) for item in items]
        old = bool(items) and all(at is not None and at < after for at in moments)
        more = len(items) == _PAGE and not old
        return ChatPage(
            chats=tuple(chats), cursor=str(start + _PAGE) if more else None, wrong=tuple(wrong)
        )

    async def messages(self, chat: Chat, *, after: datetime) -> ChatMessages:
        item = await self._chatroom(chat.id)
        shown = recipient_of(object_of(item.get("correspondentProfile")))
        if chat.who != Recipient():
            checked(object_of(item.get("correspondentProfile")), chat.who)
        known_as = chat.who.provider_id or _name_of(shown)
        said = self._messages_in(item, chat.id, known_as, after)
        return ChatMessages(messages=_in_order(said))

    async def send_invitation(self, to: Recipient, note: str) -> SendResult:
        """HeyReach invites nobody at once: its campaign does."""
        del to, note
        return SendResult.refused(Refusal.OUR_MISTAKE, "HeyReach sends no invitation at once")

    async def send_message(self, to: Recipient, text: str) -> SendResult:
        """Write in the conversation that is there; where there is none, nothing can be sent."""
        try:
            found = [self._id_of(item) for item in await self._with(to)]
        except ServiceError as exc:  # nothing has left yet
            return SendResult.refused(Refusal.RETRY_LATER, explain(exc), exc.retry_after_seconds)
        if not found:
            return SendResult.refused(
                Refusal.NOT_CONNECTED, "HeyReach has no conversation with them"
            )
        return await self._api.act(
            "inbox/SendMessage",
            json={
                "message": text,
                "conversationId": found[0],
                "linkedInAccountId": self._seat.account,
                "subject": "",
            },
            accept=lambda _: SendResult(outcome="sent", chat_id=found[0]),
        )

    async def _with(self, who: Recipient) -> list[JsonObject]:
        """The conversations of two with a person, the newest first."""
        try:
            items = await self._conversations({"leadProfileUrl": address_of(who)}, 0)
        except PersonRefused:
            return []  # HeyReach has never met them
        found = [item for item in items if not flag_of(item.get("groupChat"))]
        for item in found:
            checked(object_of(item.get("correspondentProfile")), who)
        return found

    async def _conversations(self, filters: JsonObject, start: int) -> list[JsonObject]:
        accounts = {"linkedInAccountIds": [self._seat.account], "campaignIds": []}
        return await self._api.read(
            "POST",
            "inbox/GetConversationsV2",
            json={"filters": {**accounts, **filters}, "offset": start, "limit": _PAGE},
            parse=self._items,
        )

    def _items(self, body: JsonObject) -> list[JsonObject]:
        if not isinstance(body.get("items"), list):
            raise self._api.bad_answer("answers with no list of conversations")
        return objects_of(body.get("items"))

    def _id_of(self, item: JsonObject) -> str:
        """A conversation's id, which is a part of an address.

        Raises:
            WrongAnswer: it is none, would lead elsewhere, or is another account's.
        """
        chat_id = item.get("id")
        if not isinstance(chat_id, str) or not is_plain_id(chat_id):
            raise self._wrong(f"gives {words_of(repr(chat_id), 60)} as the id of a conversation")
        if id_of(item.get("linkedInAccountId")) not in ("", str(self._seat.account)):
            raise self._wrong(f"gives the conversation {chat_id} of another account")
        return chat_id

    async def _chatroom(self, chat_id: str) -> JsonObject:
        if not is_plain_id(chat_id):
            raise self._wrong(f"cannot be asked about {words_of(chat_id, 60)!r}, which is no id")
        path = f"inbox/GetChatroom/{self._seat.account}/{quote(chat_id, safe='')}"
        item = await self._api.read("GET", path, parse=lambda body: body)
        if (found := self._id_of({"id": chat_id, **item})) != chat_id:
            raise self._wrong(f"gives the conversation {found} when asked for {chat_id}")
        return item

    async def _said(
        self, item: JsonObject, who: Recipient, known_as: str, after: datetime
    ) -> list[ChatMessage]:
        """What was said in a conversation of the list, which may hold its end alone."""
        chat_id = self._id_of(item)
        if count_of(item.get("totalMessages")) > len(objects_of(item.get("messages"))):
            item = await self._chatroom(chat_id)
            checked(object_of(item.get("correspondentProfile")), who)
        return self._messages_in(item, chat_id, known_as, after)

    def _messages_in(
        self, item: JsonObject, chat_id: str, known_as: str, after: datetime
    ) -> list[ChatMessage]:
        now, said = self._api.now(), []
        for one in objects_of(item.get("messages")):
            sender = line_of(one.get("sender"), 20).upper()
            if sender not in {"ME", "CORRESPONDENT"}:
                continue
            sent_at = believable(moment_of(one.get("createdAt")), now)
            if sent_at < after:
                continue
            said.append(
                ChatMessage(
                    id=f"{chat_id}/{line_of(one.get('createdAt'), 40)}/{sender}",
                    chat_id=chat_id,
                    provider_id=known_as,
                    text=clean_text(one.get("body")),
                    sent_at=sent_at,
                    from_us=sender == "ME",
                )
            )
        return said

    def _wrong(self, what: str) -> WrongAnswer:
        return WrongAnswer(f"HeyReach {what}", "try again later", service="heyreach")


def _name_of(shown: Recipient) -> str:
    """By what a message's person is found again: the name in the address, or the number."""
    names = {alias.kind: alias.value for alias in aliases_of_recipient(shown)}
    return names.get("acoa") or names.get("slug") or shown.member_number


def _in_order(said: Sequence[ChatMessage]) -> tuple[ChatMessage, ...]:
    return tuple(sorted(said, key=lambda message: message.sent_at))
