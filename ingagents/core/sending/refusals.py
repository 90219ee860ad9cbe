"""What `cannot_resend_yet` meant: one answer of LinkedIn for three things, told apart by what follows.

LinkedIn says the same when the notes of the seat are spent, when it takes no invitation of this
person's for some weeks, and when the week of the account is full.

    what was refused   what follows                                   it meant
    with a note        the same person bare, once, and it is taken    the notes are spent
    with a note        the same person bare, once, and it is refused  as any bare one
    bare               a bare or noted one to anybody is taken        this person
    bare               two more people are refused bare, none taken   the week is full

So nothing is held by one person, and the three of a full week may be asked again after it.
Readings of other integrators agree (linkedin-services.md 1.5).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

import msgspec

PEOPLE_OF_A_FULL_WEEK = 3
"""So many different people refused bare, with nobody taken between, mean that the week is full."""

BLOCKED_FOR = timedelta(days=21)
"""How long a person is not asked again (LinkedIn's help says three weeks, mirrored)."""


Ended = Literal["taken", "refused", "open"]


class Tried(NamedTuple):
    """One invitation, and how it ended; `open` while nobody knows."""

    at: datetime
    person: str
    noted: bool
    ended: Ended


class Refusals(msgspec.Struct, frozen=True, kw_only=True):
    """What the refusals of an account mean, as far as anybody can tell by now.

    `bare_next` are the people refused with a note, who are tried without one, once. `blocked` says
    since when a person is, `week_full_at` when the week last turned out to be full,
    `notes_spent_at` when the notes last turned out to be spent.
    """

    bare_next: frozenset[str] = frozenset()
    blocked: Mapping[str, datetime] = {}
    week_full_at: datetime | None = None
    notes_spent_at: datetime | None = None

    def blocked_until(self, person: str) -> datetime | None:
        """Before when a person is not asked again; None when they are not blocked."""
        since = self.blocked.get(person)
        return None if since is None else since + BLOCKED_FOR


def read_refusals(tried: Iterable[Tried]) -> Refusals:
    """What the refusals among these invitations mean; they come in the order of their claims."""
    bare_next: set[str] = set()
    blocked: dict[str, datetime] = {}
    in_a_row: dict[str, datetime] = {}
    full_at = spent_at = None
    for one in tried:
        after_note = one.person in bare_next
        bare_next.discard(one.person)
        if one.ended == "taken":
            blocked.update(in_a_row)
            in_a_row.clear()
            blocked.pop(one.person, None)
            if after_note and not one.noted:
                spent_at = one.at
        elif one.ended == "refused" and one.noted:
            bare_next.add(one.person)
        elif one.ended == "refused":
            in_a_row[one.person] = one.at
            blocked.pop(one.person, None)
            if len(in_a_row) == PEOPLE_OF_A_FULL_WEEK:
                full_at = one.at
                in_a_row.clear()
    return Refusals(
        bare_next=frozenset(bare_next),
        blocked={**blocked, **in_a_row},
        week_full_at=full_at,
        notes_spent_at=spent_at,
    )
