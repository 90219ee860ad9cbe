"""How chats, texts and attendees look in Unipile v1's JSON."""

from __future__ import annotations

from typing import Any

from ingagents.sandbox.chance import opaque_id
from ingagents.sandbox.market.background import Chat
from ingagents.sandbox.market.market import Market
from ingagents.sandbox.market.people import Person
from ingagents.sandbox.market.timeline import Said
from ingagents.sandbox.unipile.http import iso, known, url


def chat(market: Market, account_id: str, seen: Chat, read: str | None) -> dict[str, Any]:
    """A chat: 0 and 1 where one expects booleans. `read`: the last text marked as read."""
    unread = 0
    for said in reversed(seen.said):
        if said.sender is None or said.id == read:
            break
        unread += 1
    shape: dict[str, Any] = {
        "object": "Chat",
        "id": seen.id,
        "account_id": account_id,
        "account_type": "LINKEDIN",
        "provider_id": _thread_id(seen.id),
        "name": seen.name or None,
        "type": 0 if seen.person else 1,
        "timestamp": iso(seen.said[-1].at),
        "unread_count": unread,
        "unread": int(unread > 0),
        "archived": 0,
        "read_only": 1 if seen.sponsored else 0,
        "pinned": 0,
        "muted_until": None,
        "folder": ["INBOX", "INBOX_LINKEDIN_CLASSIC"],
        **known(content_type="sponsored" if seen.sponsored else None),
    }
    if seen.person:
        shape["attendee_provider_id"] = seen.person.provider_id
        shape["attendee_id"] = market.attendee_id(seen.person)
    return shape


def attendee(market: Market, account_id: str, person: Person | None) -> dict[str, Any]:
    """Somebody in a chat; None: the account itself."""
    if person is None:
        owner = market.owner
        return {
            "object": "ChatAttendee",
            "id": own_attendee_id(market),
            "account_id": account_id,
            "provider_id": market.own_id,
            "name": f"{owner.first_name} {owner.last_name}",
            "is_self": 1,
            "profile_url": url(market.own_slug),
        }
    return {
        "object": "ChatAttendee",
        "id": market.attendee_id(person),
        "account_id": account_id,
        "provider_id": person.provider_id,
        "name": person.name,
        "is_self": 0,
        "profile_url": url(person.slug or person.provider_id),
        "specifics": {
            "provider": "LINKEDIN",
            "member_urn": f"urn:li:member:{person.member_number}",
            **known(headline=person.headline, location=person.location or None),
        },
    }


def own_attendee_id(market: Market) -> str:
    """By what the account itself stands in its chats."""
    return opaque_id(market.ties, "self")


def message(market: Market, account_id: str, said: Said) -> dict[str, Any]:
    """A message, theirs or ours; the note of an accepted invitation has a type of its own."""
    sender_id = said.sender.provider_id if said.sender else market.own_id
    return {
        "object": "Message",
        "id": said.id,
        "account_id": account_id,
        "chat_id": said.chat_id,
        "provider_id": _thread_id(said.id),
        "chat_provider_id": _thread_id(said.chat_id),
        "sender_id": sender_id,
        "sender_attendee_id": (
            market.attendee_id(said.sender) if said.sender else own_attendee_id(market)
        ),
        "text": said.text,
        "timestamp": iso(said.at),
        "is_sender": int(said.sender is None),
        "seen": 0,
        "delivered": 1,
        "edited": 0,
        "hidden": 0,
        "deleted": 0,
        "is_event": int(said.event),
        "event_type": 3 if said.event else 0,
        "message_type": "INVITATION" if said.note else "MESSAGE",
        "attendee_type": "MEMBER",
        "attendee_distance": 1,
        "subject": None,
        "attachments": [],
        "reactions": [],
        "reply_to": None,
        "seen_by": {},
        "behavior": None,
        "original": said.text,
    }


def _thread_id(own_id: str) -> str:
    return f"2-{own_id}=="
