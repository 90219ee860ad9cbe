"""What the simulated Unipile's webhooks say: other types than its answers have, as in life."""

from __future__ import annotations

from typing import Any

from ingagents.sandbox.market.market import Market, Relation
from ingagents.sandbox.market.people import Person
from ingagents.sandbox.market.timeline import Said
from ingagents.sandbox.unipile.chat_shapes import own_attendee_id
from ingagents.sandbox.unipile.http import iso, url


def message_received(
    market: Market, account_id: str, said: Said, other: Person | None
) -> dict[str, Any]:
    """Somebody wrote in a chat with `other` (None: a group's); we, too."""
    others = [one for one in (other or said.sender,) if one is not None]
    return {
        "event": "message_received",
        "event_type": None,
        "account_id": account_id,
        "account_type": "LINKEDIN",
        "webhook_name": "",
        "account_info": {"type": "LINKEDIN", "feature": "classic", "user_id": market.own_id},
        "chat_id": said.chat_id,
        "message_id": said.id,
        "message": said.text,
        "timestamp": iso(said.at),
        "is_sender": said.sender is None,
        "is_group": other is None,
        "is_event": int(said.event),
        "chat_pinned": 0,
        "sender": _attendee(market, said.sender),
        "attendees": [_attendee(market, one) for one in (*others, None)],
        "attachments": [],
        "message_type": "MESSAGE",
        "provider_chat_id": f"2-{said.chat_id}==",
        "provider_message_id": f"2-{said.id}==",
        "folder": ["INBOX", "INBOX_LINKEDIN_CLASSIC"],
    }


def new_relation(account_id: str, relation: Relation) -> dict[str, Any]:
    """Somebody is a connection."""
    person = relation.person
    return {
        "event": "new_relation",
        "account_id": account_id,
        "account_type": "LINKEDIN",
        "webhook_name": "",
        "user_full_name": person.name,
        "user_provider_id": person.provider_id,
        "user_public_identifier": person.slug,
        "user_profile_url": url(person.slug or person.provider_id),
        "user_picture_url": None,
    }


def account_status(account_id: str, told: str) -> dict[str, Any]:
    """The account's state changed; the one shape without an `event`."""
    return {
        "AccountStatus": {"account_id": account_id, "account_type": "LINKEDIN", "message": told}
    }


def _attendee(market: Market, person: Person | None) -> dict[str, Any]:
    if person is None:
        owner = market.owner
        return {
            "attendee_id": own_attendee_id(market),
            "attendee_provider_id": market.own_id,
            "attendee_name": f"{owner.first_name} {owner.last_name}",
            "attendee_profile_url": url(market.own_id),
        }
    return {
        "attendee_id": market.attendee_id(person),
        "attendee_provider_id": person.provider_id,
        "attendee_name": person.name,
        "attendee_profile_url": url(person.provider_id),  # never the slug
        "attendee_specifics": {
            "provider": "LINKEDIN",
            "member_urn": f"urn:li:member:{person.member_number}",
            "occupation": person.headline,
            "is_company": False,
            "network_distance": "DISTANCE_1",
        },
    }
