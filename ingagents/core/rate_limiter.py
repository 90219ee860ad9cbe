"""May the account send now? If not: when, and why. Limits of the day, the week, the gap, the hours.

Caps count on the sending account's calendar day and on a rolling week of 168 hours, over every
act that may have reached a person (also uncertain ones). Working hours are the account's, in its
own time zone, so a change to or from daylight saving moves with the wall clock.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec

from ingagents.model import WorkingHours

__all__ = ["Go", "RateRules", "Usage", "WaitUntil", "can_send", "draw_gap", "start_of_day"]

WEEK = timedelta(days=7)


class RateRules(msgspec.Struct, frozen=True, kw_only=True):
    """The account's limits. Gaps are in minutes; a day is the account's calendar day."""

    daily_limit: int
    weekly_limit: int
    min_interval_minutes: float
    max_interval_minutes: float
    hours: WorkingHours


class Usage(msgspec.Struct, frozen=True, kw_only=True):
    """What the account did, and what holds it.

    `reserved` are the moments quota was reserved in the last week, oldest first; `holds` moments
    before which it may not act, each with its reason.
    """

    reserved: Sequence[datetime]
    holds: Sequence[tuple[datetime, str]] = ()


class Go(msgspec.Struct, frozen=True, kw_only=True):
    """Yes, now. What is left of the caps after this send."""

    left_today: int
    left_this_week: int


class WaitUntil(msgspec.Struct, frozen=True, kw_only=True):
    """Not before `moment`; `limit` names what holds it up, `reason` says it to a person."""

    moment: datetime
    limit: Literal["hours", "daily", "weekly", "gap", "never"]
    reason: str


def can_send(now: datetime, usage: Usage, rules: RateRules) -> Go | WaitUntil:
    """Whether one more act may be claimed at `now`; the latest of all waits wins.

    When a limit is zero the answer is a wait of a week, said as "never".
    """
    if rules.daily_limit <= 0 or rules.weekly_limit <= 0 or not rules.hours.days:
        return WaitUntil(
            moment=now + WEEK, limit="never", reason="a limit of zero allows no send at all"
        )
    today = [at for at in usage.reserved if at >= start_of_day(now, rules.hours.timezone)]
    week = [at for at in usage.reserved if at > now - WEEK]
    waits = [
        wait
        for wait in (
            _held(now, usage),
            _day_full(now, len(today), rules),
            _week_full(week, rules),
        )
        if wait is not None
    ]
    earliest = max([now, *(wait.moment for wait in waits)])
    opening = _next_opening(earliest, rules.hours)
    if opening > now:
        if not waits or opening > earliest:
            return WaitUntil(
                moment=opening, limit="hours", reason=_hours_reason(rules.hours, waits)
            )
        return max(waits, key=lambda wait: wait.moment)
    return Go(
        left_today=rules.daily_limit - len(today) - 1,
        left_this_week=rules.weekly_limit - len(week) - 1,
    )


def draw_gap(rules: RateRules, draw: float) -> timedelta:
    """The pause after a send; `draw` in 0..1 chooses between the shortest and the longest."""
    shortest, longest = rules.min_interval_minutes, rules.max_interval_minutes
    return timedelta(minutes=shortest + (longest - shortest) * draw)


def start_of_day(at: datetime, timezone: str) -> datetime:
    """Midnight of the account's calendar day that `at` falls on, in UTC."""
    local = at.astimezone(ZoneInfo(timezone))
    return local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0).astimezone(UTC)


def _held(now: datetime, usage: Usage) -> WaitUntil | None:
    standing = [hold for hold in usage.holds if hold[0] > now]
    if not standing:
        return None
    moment, reason = max(standing)
    return WaitUntil(moment=moment, limit="gap", reason=reason)


def _day_full(now: datetime, sent_today: int, rules: RateRules) -> WaitUntil | None:
    if sent_today < rules.daily_limit:
        return None
    tomorrow = _local_midnight(now, rules.hours.timezone, days=1)
    return WaitUntil(
        moment=tomorrow,
        limit="daily",
        reason=f"the day's limit of {rules.daily_limit} is used up",
    )


def _week_full(week: Sequence[datetime], rules: RateRules) -> WaitUntil | None:
    if len(week) < rules.weekly_limit:
        return None
    frees = sorted(week)[len(week) - rules.weekly_limit]
    return WaitUntil(
        moment=frees + WEEK,
        limit="weekly",
        reason=f"the week's limit of {rules.weekly_limit} is used up",
    )


def _next_opening(at: datetime, hours: WorkingHours) -> datetime:
    """The first moment not before `at` inside working hours."""
    for days in range(9):
        opens = _local(at, hours, days, start=True)
        closes = _local(at, hours, days, start=False)
        local_day = opens.astimezone(ZoneInfo(hours.timezone)).isoweekday()
        if local_day in hours.days and closes > at:
            return max(at, opens)
    return at + WEEK


def _local(at: datetime, hours: WorkingHours, days: int, *, start: bool) -> datetime:
    """Opening or closing time of the day `days` after `at`'s, as the wall clock shows it."""
    zone = ZoneInfo(hours.timezone)
    day = at.astimezone(zone).date() + timedelta(days=days)
    if not start and hours.end is None:
        return _local_midnight(at, hours.timezone, days=days + 1)
    clock_time = hours.start if start or hours.end is None else hours.end
    return datetime.combine(day, clock_time, tzinfo=zone).astimezone(UTC)


def _local_midnight(at: datetime, timezone: str, *, days: int) -> datetime:
    zone = ZoneInfo(timezone)
    day = at.astimezone(zone).date() + timedelta(days=days)
    return datetime.combine(day, datetime.min.time(), tzinfo=zone).astimezone(UTC)


def _hours_reason(hours: WorkingHours, waits: Sequence[WaitUntil]) -> str:
    end = "24:00" if hours.end is None else hours.end.strftime("%H:%M")
    reason = f"outside working hours ({hours.start.strftime('%H:%M')}-{end} {hours.timezone})"
    return f"{reason}; {waits[-1].reason}" if waits else reason
