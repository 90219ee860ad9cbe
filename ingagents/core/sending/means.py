"""What an account has left of each scarce means: used, allowed, from where we know, when it frees.

LinkedIn lets an account write few notes a month on a free seat, send so many invitations in any
seven days and leave so many open; we let it contact and message so many a day and visit so many
profiles. None of these stands in one place: they are the settings, what `users/me` says of the seat,
what we claimed ourselves, and what LinkedIn refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum, auto
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec
from msgspec import UNSET, UnsetType

from ingagents.core.rate_limiter import INVITING, WEEK, RateRules, Usage, day_share
from ingagents.core.sending.first_touch import Notes
from ingagents.core.sending.working_hours import end_of_day, start_of_day


class Scarce(StrEnum):
    """What there is little of."""

    NOTES = auto()  # beside invitations, a month
    INVITATIONS = auto()  # in any seven days
    INVITATIONS_TODAY = auto()  # of them, today's share
    FIRST_CONTACTS = auto()  # a day
    MESSAGES = auto()  # later ones, a day
    PROFILE_VISITS = auto()  # a day
    PENDING_INVITATIONS = auto()  # at one time


KnownFrom = Literal["settings", "account", "refusal", "assumed"]
"""Where a limit is known from: the settings, what the account shows of itself, what LinkedIn
refused; `assumed` while the account was never asked."""


class Mean(msgspec.Struct, frozen=True, kw_only=True):
    """One scarce means. `limit` None: none is known; `frees_at` None: nothing of it comes back by time.

    `used` counts whatever may have reached somebody, `left` None is as much as there is need of;
    `frees_at` is when the next one of it is back; `account` whose it is, where there are several.
    """

    what: Scarce
    used: int
    limit: int | None
    left: int | None
    known_from: KnownFrom
    frees_at: datetime | None
    account: str | UnsetType = UNSET

    def said(self, zone: ZoneInfo) -> str:
        """In words, for a person."""
        of = "" if self.limit is None else f" of {self.limit}"
        whose = f"{self.account}: " if self.account else ""
        words = f"{whose}{self.what.value.replace('_', ' ')} {self.used}{of}"
        if self.known_from == "refusal":
            words += " (LinkedIn showed the limit)"
        if self.left == 0 and self.frees_at is not None:
            words += f", next {self.frees_at.astimezone(zone):%Y-%m-%d %H:%M}"
        return words


def means_of(
    now: datetime,
    usage: Usage,
    rules: RateRules,
    *,
    notes: Notes,
    seat_from: KnownFrom,
    visits: tuple[int, int],
    pending: tuple[int, int],
) -> tuple[Mean, ...]:
    """All scarce means of an account at a moment; `visits` and `pending` are used and limit."""
    zone = rules.hours.timezone
    midnight, tomorrow = start_of_day(now, zone), end_of_day(now, zone)
    invited = sorted(act.at for act in usage.acts if act.kind in INVITING and act.at > now - WEEK)
    today = [act for act in usage.acts if act.at >= midnight]
    full = usage.full is not None and usage.full.taken < rules.weekly_limit
    weekly = min(rules.weekly_limit, usage.full.taken) if usage.full else rules.weekly_limit

    def of_day(what: Scarce, used: int, limit: int) -> Mean:
        return _mean(what, used, limit, "settings", tomorrow)

    return (
        _mean(
            Scarce.NOTES,
            notes.used,
            notes.limit,
            "refusal" if notes.refused else seat_from,
            notes.frees_at,
        ),
        _mean(
            Scarce.INVITATIONS,
            len(invited),
            weekly,
            "refusal" if full else "settings",
            invited[0] + WEEK if invited else None,
        ),
        of_day(
            Scarce.INVITATIONS_TODAY,
            sum(at >= midnight for at in invited),
            min(rules.daily_limit, day_share(now, invited, rules, weekly=weekly or None)),
        ),
        of_day(Scarce.FIRST_CONTACTS, sum(act.first for act in today), rules.daily_limit),
        of_day(Scarce.MESSAGES, sum(not act.first for act in today), rules.message_daily_limit),
        of_day(Scarce.PROFILE_VISITS, *visits),
        _mean(Scarce.PENDING_INVITATIONS, *pending, "settings", None),
    )


def _mean(
    what: Scarce, used: int, limit: int | None, known_from: KnownFrom, frees_at: datetime | None
) -> Mean:
    return Mean(
        what=what,
        used=used,
        limit=limit,
        left=None if limit is None else max(0, limit - used),
        known_from=known_from,
        frees_at=frees_at if used and limit is not None else None,
    )


def told_of(means: Iterable[Mean], timezone: str) -> Sequence[str]:
    """What the team has to know of scarce means: what LinkedIn showed, and what is used up."""
    return [
        one.said(ZoneInfo(timezone))
        for one in means
        if one.known_from == "refusal" or (one.left == 0 and one.what in _FOR_LONG)
    ]


_FOR_LONG = frozenset({Scarce.NOTES, Scarce.INVITATIONS, Scarce.PENDING_INVITATIONS})
"""What does not come back by tomorrow."""
