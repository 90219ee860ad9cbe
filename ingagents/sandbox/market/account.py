"""The LinkedIn account that acts: its seat, and what LinkedIn lets it do, by LinkedIn's own books.

What is counted here is what the market accepted from the account, whatever its owner believes. One
error stands for all that is used up, and for people who do not want to be asked again for a while.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec

from ingagents.sandbox.chance import Draw, opaque_id
from ingagents.sandbox.record import Act

Seat = Literal["free", "premium"]

NOTES_A_MONTH = 5
"""Invitations with a note that a free seat may send in a calendar month (LinkedIn's help)."""

INVITATIONS_A_WEEK: Mapping[Seat, int] = {"free": 100, "premium": 200}
"""Invitations in any seven days, with and without a note (the vendors' guidance, the lower end)."""

WEEK = timedelta(days=7)
_BLUR = timedelta(minutes=10)
"""LinkedIn's week has no sharp edge: what is as good as seven days old counts no more.

Whoever counts by when they asked, and not by when it was done, is never a moment early.
"""

COOL_DOWN = timedelta(days=21)
"""For so long nobody is invited again whose invitation ended without a connection."""

_WARNINGS = (95, 90, 75, 50)
"""The percentages of the weekly limit at whose crossing the service says so."""


class Owner(msgspec.Struct, frozen=True, kw_only=True):
    """Whose account it is, and what it has subscribed to."""

    first_name: str = "Robin"
    last_name: str = "Keller"
    premium: bool = True
    sales_navigator: bool = True

    @property
    def note_max(self) -> int:
        """Notes may have 300 characters, on a free seat 200."""
        return 300 if self.premium else 200

    @property
    def invitations_a_week(self) -> int:
        """How many it may send in any seven days."""
        return INVITATIONS_A_WEEK["premium" if self.premium else "free"]


def owner_on(seat: Seat) -> Owner:
    """The owner of an account on such a seat; a free one has nothing that costs money."""
    paid = seat == "premium"
    return Owner(premium=paid, sales_navigator=paid)


_COLLEAGUES = (("Noor", "Haddad"), ("Tomas", "Lindqvist"), ("Ines", "Moreau"), ("Amir", "Rahimi"))


def colleague_of(owner: Owner, account: str) -> Owner:
    """The owner of a further account, on the same seat."""
    first, last = Draw(0, "colleague", account).pick(_COLLEAGUES)
    return msgspec.structs.replace(owner, first_name=first, last_name=last)


def own_member_id(ties: int) -> str:
    """The account's own id on LinkedIn."""
    return f"ACoAA{opaque_id(ties, 'owner')}{opaque_id(ties, 'owner', 2)[:12]}"


def characters(text: str) -> int:
    """LinkedIn counts in UTF-16 units: an emoji may cost two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


class Books(msgspec.Struct, frozen=True, kw_only=True):
    """What LinkedIn counts of one account. `zone` is where its months begin."""

    premium: bool
    weekly: int
    zone: str

    def full(
        self, acts: Sequence[Act], *, note: str, now: datetime
    ) -> Literal["", "week", "notes"]:
        """What an invitation would exceed after these acts; "": nothing."""
        if self.in_week(acts, now) >= self.weekly:
            return "week"
        if note and not self.premium and self.notes_in_month(acts, now) >= NOTES_A_MONTH:
            return "notes"
        return ""

    def in_week(self, acts: Sequence[Act], now: datetime) -> int:
        """How many invitations were accepted in the seven days before a moment."""
        since = now - WEEK + _BLUR
        return sum(act.kind == "invitation" and act.at > since for act in acts)

    def notes_in_month(self, acts: Sequence[Act], now: datetime) -> int:
        """How many invitations of the calendar month carried a note; withdrawing gives none back."""
        month = self._month(now)
        noted = (act.at for act in acts if act.kind == "invitation" and act.text)
        return sum(self._month(at) == month for at in noted)

    def warning(self, used: int) -> int | None:
        """The highest warning level that one more invitation than `used` crosses."""
        crossed = (w for w in _WARNINGS if used * 100 < w * self.weekly <= (used + 1) * 100)
        return next(crossed, None)

    def _month(self, moment: datetime) -> tuple[int, int]:
        local = moment.astimezone(ZoneInfo(self.zone))
        return local.year, local.month
