"""With a note or without: where the few notes of a seat go.

LinkedIn lets a free seat write a note beside few of a month's invitations; the others go bare, and
the text follows once the invitation is accepted. `first_touch = "auto"` gives the notes to the best
of those who wait, those first who rarely accept without, and keeps some for the rest of the month.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from math import ceil
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec

from ingagents.core.sending.working_hours import start_of_day
from ingagents.model import Lead

FirstTouch = Literal["auto", "note", "bare"]
"""`auto`: notes where they pay; `note`: as long as the seat has any; `bare`: never."""
Seat = Literal["free", "premium"]

FREE_NOTES = 5
"""Notes a month on a free seat (LinkedIn's help, mirrored; others saw 3 to 10)."""

LONGEST_MONTH = timedelta(days=31)
"""LinkedIn does not say when its month begins: no stretch of this length has more notes."""

RARELY_ACCEPTS = 1.0
"""Points of quality by which a note pays more for whoever rarely accepts without one."""

_MANY_FOLLOW = 5000
"""Followers from which a person gets more invitations than they look at."""


class Notes(msgspec.Struct, frozen=True, kw_only=True):
    """The notes of a month: written, and allowed (None: nobody counts).

    `written` are the moments of those in the `LONGEST_MONTH` behind us, oldest first. `refused` says
    that LinkedIn showed the limit; `begins` and `ends` are the calendar month's, in UTC.
    """

    written: Sequence[datetime]
    limit: int | None
    refused: bool
    begins: datetime
    ends: datetime

    @property
    def used(self) -> int:
        """How many count by now."""
        return len(self.written)

    @property
    def frees_at(self) -> datetime | None:
        """When the next one is back; None when none is used, or nobody counts."""
        if self.limit is None or not self.written:
            return None
        if self.refused:
            return self.ends
        return self.written[max(0, self.used - self.limit)] + LONGEST_MONTH

    @property
    def left(self) -> int | None:
        """How many may still be written; None: as many as invitations."""
        return None if self.limit is None else max(0, self.limit - self.used)

    def free_at(self, now: datetime) -> int | None:
        """How many may be written now, so that some are left for the rest of the month."""
        if self.left is None or self.limit is None:
            return None
        passed = (now - self.begins) / (self.ends - self.begins)
        due = max(1, ceil(self.limit * min(1.0, passed)))
        return max(0, min(self.left, due - _count_since(self.begins, self.written)))


class Touch(msgspec.Struct, frozen=True, kw_only=True):
    """Whether an invitation carries a note, and why."""

    noted: bool
    reason: str


def month_of(now: datetime, timezone: str) -> tuple[datetime, datetime]:
    """The account's calendar month around a moment: its first and the next one's, in UTC."""
    local = now.astimezone(ZoneInfo(timezone))
    first = local.replace(day=1, hour=12)
    after = first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1)
    return start_of_day(first, timezone), start_of_day(after, timezone)


def notes_of(
    seat: Seat,
    *,
    written: Sequence[datetime],
    spent_at: datetime | None,
    now: datetime,
    timezone: str,
) -> Notes:
    """The month's notes; those written in it are its limit once LinkedIn has shown it."""
    begins, ends = month_of(now, timezone)
    refused = spent_at is not None and spent_at >= begins
    limit = FREE_NOTES if seat == "free" else None
    if refused:
        shown = _count_since(begins, written)
        limit = shown if limit is None else min(shown, limit)
    return Notes(written=written, limit=limit, refused=refused, begins=begins, ends=ends)


def _count_since(begins: datetime, written: Sequence[datetime]) -> int:
    return sum(at >= begins for at in written)


def rarely_accepts(lead: Lead) -> str:
    """Why a person rarely accepts an invitation without a note; "" when nothing says so."""
    profile = lead.profile
    if profile.network_distance >= 3:
        return "nobody we both know"
    if profile.follower_count >= _MANY_FOLLOW:
        return f"{profile.follower_count} follow them"
    return ""


def worth_of(lead: Lead) -> float:
    """How much a note to this person pays, in points of quality."""
    return (lead.quality_score or 0.0) + (RARELY_ACCEPTS if rarely_accepts(lead) else 0.0)


def first_touch(
    lead: Lead,
    rule: FirstTouch,
    notes: Notes,
    *,
    now: datetime,
    waiting: Sequence[Lead] = (),
    refused_noted: bool = False,
    approved: bool = False,
) -> Touch:
    """Whether an invitation to this lead carries a note.

    `waiting` are the best of those who wait for an invitation, this lead among them or not;
    `refused_noted`: LinkedIn has refused one with a note just before; `approved`: a human has
    approved the text of one.
    """
    if refused_noted:
        return Touch(noted=False, reason="LinkedIn refused it with a note: once more without")
    if rule == "bare":
        return Touch(noted=False, reason='outreach.sequence.first_touch is "bare"')
    if notes.left is None:
        return Touch(noted=True, reason="this seat's invitations may all carry a note")
    if notes.left == 0:
        until = f"the month's {notes.used} notes are spent"
        shown = ", as LinkedIn showed" if notes.refused else ""
        return Touch(noted=False, reason=f"{until}{shown}")
    left = f"{notes.left} of the month's {notes.limit} notes left"
    if rule == "note":
        return Touch(noted=True, reason=f'outreach.sequence.first_touch is "note", {left}')
    if approved:
        return Touch(noted=True, reason=f"a human approved the text, {left}")
    free, worth = notes.free_at(now), worth_of(lead)
    if not free:
        return Touch(noted=False, reason=f"{left}: kept for the rest of the month")
    better = sum(one.id != lead.id and worth_of(one) > worth for one in waiting)
    if better >= free:
        return Touch(noted=False, reason=f"{left}: they go to {better} better leads who wait")
    rarely = rarely_accepts(lead)
    why = f"; without one they rarely accept: {rarely}" if rarely else ""
    return Touch(noted=True, reason=f"{left}, and this is the best lead for one{why}")
