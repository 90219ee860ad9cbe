"""Webhooks of the simulated HeyReach: one kind of event each, and what their posts say.

Written in snake_case with kinds in lower case, unlike the API. An answer within the campaign is
told under two kinds, and some posts name none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from ingagents.sandbox.chance import Draw
from ingagents.sandbox.heyreach import shapes
from ingagents.sandbox.market.background import Chat
from ingagents.sandbox.market.campaign import Campaign
from ingagents.sandbox.market.market import Market, Refused
from ingagents.sandbox.market.people import Person
from ingagents.sandbox.postman import Address, News
from ingagents.sandbox.record import Record
from ingagents.sandbox.unipile.webhooks import is_here

EVENTS = frozenset(
    {
        "CONNECTION_REQUEST_SENT",
        "CONNECTION_REQUEST_ACCEPTED",
        "MESSAGE_SENT",
        "MESSAGE_REPLY_RECEIVED",
        "INMAIL_SENT",
        "INMAIL_REPLY_RECEIVED",
        "EVERY_MESSAGE_REPLY_RECEIVED",
        "FOLLOW_SENT",
        "LIKED_POST",
        "VIEWED_PROFILE",
        "CAMPAIGN_COMPLETED",
        "LEAD_TAG_UPDATED",
    }
)
_KEPT = "heyreach.webhooks"
_RECENT = 5


class Hook(msgspec.Struct, frozen=True, kw_only=True):
    """One that was registered."""

    id: int
    name: str
    url: str
    event: str
    since: datetime


class Hooks:
    """Those that stand in the market's record."""

    def __init__(self, record: Record) -> None:
        self._record = record

    def all(self) -> list[Hook]:
        """In the order in which they came."""
        return msgspec.json.decode(self._record.recall(_KEPT) or "[]", type=list[Hook])

    def create(self, wish: Mapping[str, Any], now: datetime) -> Hook:
        """Take a wish.

        Raises:
            Refused: it lacks something, or the address is not of this machine.
        """
        name, url, event = (wish.get(f) for f in ("webhookName", "webhookUrl", "eventType"))
        if not (isinstance(name, str) and name and isinstance(url, str) and event in EVENTS):
            raise Refused("invalid", "webhookName, webhookUrl and eventType are required.")
        if not is_here(url):
            raise Refused("invalid", "The sandbox posts to addresses of this machine alone.")
        with self._record.alone():
            count = int(self._record.recall(f"{_KEPT}.count") or "0") + 1
            made = Hook(id=count, name=name, url=url, event=str(event), since=now)
            self._record.remember(f"{_KEPT}.count", str(count))
            self._keep([*self.all(), made])
        return made

    def delete(self, number: str) -> None:
        """Forget one.

        Raises:
            Refused: there is none of that number.
        """
        with self._record.alone():
            standing = self.all()
            left = [one for one in standing if str(one.id) != number]
            if len(left) == len(standing):
                raise Refused("resource_not_found", "Webhook not found.")
            self._keep(left)

    def _keep(self, hooks: list[Hook]) -> None:
        self._record.remember(_KEPT, msgspec.json.encode(hooks).decode("utf-8"))


def shown(hook: Hook) -> dict[str, Any]:
    """A webhook as the API lists it."""
    return {
        "id": hook.id,
        "webhookName": hook.name,
        "webhookUrl": hook.url,
        "eventType": hook.event,
        "campaignIds": [],
        "isActive": True,
    }


class HeyReachNews:
    """Keeps `sandbox.postman.Teller`."""

    def __init__(self, market: Market, *, account: int, campaign: int) -> None:
        self._market = market
        self._account = account
        self._campaign = Campaign(market, campaign)
        self._hooks = Hooks(market.record)

    def addresses(self) -> Sequence[Address]:
        return [
            Address(
                id=f"heyreach {one.id}",
                url=one.url,
                kinds=frozenset({one.event}),
                since=one.since,
                headers={"Content-Type": "application/json"},
            )
            for one in self._hooks.all()
        ]

    def news(self, since: datetime, now: datetime) -> Iterator[News]:
        self._market.catch_up()
        enrolled = {one.person.key: one for one in self._campaign.everybody()}
        for chat in self._market.chats(now):
            if chat.person is None:
                continue
            for said in chat.said:
                if said.at < since or said.event:
                    continue
                kinds = ["MESSAGE_SENT"]
                if said.sender is not None:
                    kinds = ["EVERY_MESSAGE_REPLY_RECEIVED"]
                    kinds += ["MESSAGE_REPLY_RECEIVED"] if chat.person.key in enrolled else []
                for kind in kinds:
                    yield self._news(kind, said.id, said.at, chat.person, self._talk(chat, said.at))
        for one in enrolled.values():
            at = one.connected_at
            if one.invited and at is not None and at >= since:
                body = {"connection_message": one.texts.get("invitation", "")}
                kind = "CONNECTION_REQUEST_ACCEPTED"
                yield self._news(kind, one.person.key, at, one.person, body, slow=True)

    def _talk(self, chat: Chat, until: datetime) -> dict[str, Any]:
        said = [one for one in chat.said if one.at <= until][-_RECENT:]
        return {
            "conversation_id": shapes.chat_id(chat),
            "recent_messages": [
                {
                    "creation_time": shapes.iso(one.at),
                    "message": one.text,
                    "is_reply": one.sender is not None,
                }
                for one in said
            ],
        }

    def _news(
        self,
        kind: str,
        key: str,
        at: datetime,
        person: Person,
        more: dict[str, Any],
        *,
        slow: bool = False,
    ) -> News:
        draw, owner = Draw(self._market.seed, "heyreach", kind, key), self._market.owner
        body = {
            "event_type": kind.lower(),
            "timestamp": shapes.iso(at),
            "correlation_id": str(UUID(int=int(draw.fraction() * 2**53), version=4)),
            "campaign": {"id": self._campaign.number, "name": "The fair", "status": 1},
            "sender": {
                "id": self._account,
                "first_name": owner.first_name,
                "last_name": owner.last_name,
                "email_address": None,
            },
            "lead": {
                "id": person.member_number,
                "profile_url": shapes.url(person),
                "first_name": person.first_name,
                "last_name": person.last_name,
                "full_name": person.name,
                "tags": [],
                "lists": [],
            },
            **more,
        }
        if "recent_messages" in body and draw.chance(0.2):
            del body["event_type"]
        return News(kind=kind, key=f"heyreach {kind} {key}", at=at, body=body, slow=slow)
