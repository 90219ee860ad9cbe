"""What stands in every inbox and has nothing to do with us: a group chat and a sponsored message.

In a busy one there are many chats more; a crowd of them can be had on order.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from ingagents.sandbox.chance import opaque_id
from ingagents.sandbox.market.people import Person, stranger
from ingagents.sandbox.market.timeline import Said

ADVERTISER = "growth-advertiser"
"""The slug of the one who sends sponsored messages."""


class Chat(msgspec.Struct, frozen=True, kw_only=True):
    """A chat with its texts, oldest first. `person` None: a group."""

    id: str
    person: Person | None
    said: tuple[Said, ...]
    name: str = ""
    sponsored: bool = False

    def until(self, moment: datetime) -> Chat:
        """The chat as it is at that moment."""
        if not self.said or self.said[-1].at <= moment:
            return self
        said = tuple(said for said in self.said if said.at <= moment)
        return msgspec.structs.replace(self, said=said)


def background_chats(seed: int, friends: Sequence[Person], opened: datetime) -> tuple[Chat, ...]:
    """Chats that an adapter must not mistake for answers."""
    opened = opened.replace(microsecond=0)
    chats = [_sponsored(seed, opened)]
    if len(friends) >= 2:
        chats.append(_group(seed, friends[0], friends[1], opened))
    return tuple(chats)


def crowd(seed: int, count: int, newest: datetime) -> dict[str, Chat]:
    """So many chats by their ids, each with one word of a stranger; a hundred to a second."""
    person = stranger(seed, "somebody-else")
    chats = {}
    for number in range(count):
        chat_id = opaque_id(seed, "crowd", number)
        said = Said(
            id=opaque_id(seed, "crowd said", number),
            chat_id=chat_id,
            at=newest - timedelta(milliseconds=10 * number),
            text="Are you there on Thursday?",
            sender=person,
        )
        chats[chat_id] = Chat(id=chat_id, person=person, said=(said,))
    return chats


def _sponsored(seed: int, opened: datetime) -> Chat:
    chat_id = opaque_id(seed, "background", "sponsored")
    advertiser = stranger(seed, ADVERTISER)
    text = "Hi! Our tool books 40 meetings a month on autopilot. Interested? Yes, show me!"
    said = Said(
        id=opaque_id(seed, "background", "offer"),
        chat_id=chat_id,
        at=opened + timedelta(minutes=95),
        text=text,
        sender=advertiser,
    )
    return Chat(id=chat_id, person=advertiser, said=(said,), sponsored=True)


def _group(seed: int, one: Person, other: Person, opened: datetime) -> Chat:
    chat_id = opaque_id(seed, "background", "group")
    lines = (
        (timedelta(hours=-26), one, f"{other.first_name} joined the conversation", True),
        (timedelta(hours=-25), other, "Thanks for adding me, great to see you all here!", False),
        (timedelta(hours=-20), None, "Welcome!", False),
        (timedelta(hours=3), one, "Yes, I am in. See everybody on Thursday?", False),
    )
    said = tuple(
        Said(
            id=opaque_id(seed, "background", "group", number),
            chat_id=chat_id,
            at=opened + after,
            text=text,
            sender=sender,
            event=event,
        )
        for number, (after, sender, text, event) in enumerate(lines)
    )
    return Chat(id=chat_id, person=None, said=said, name="Local meetup crew")
