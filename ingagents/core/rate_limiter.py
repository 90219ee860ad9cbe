"""May the account send now? If not: when, and why. Limits of the day, the week, the gap, the hours.

Caps count on the sending account's calendar day and on a rolling week of 168 hours, over every
act that may have reached a person (also uncertain ones). Working hours are the account's, in its
own time zone, so a change to or from daylight saving moves with the wall clock.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from ingagents.model import DeliveryKind, WorkingHours

WEEK = timedelta(days=7)
_DAYS_AHEAD = 62


class RateRules(msgspec.Struct, frozen=True, kw_only=True):
    """The account's limits. Gaps are in minutes; a day is the account's calendar day."""

    daily_limit: int
    weekly_limit: int
    min_interval_minutes: float
    max_interval_minutes: float
    hours: WorkingHours


HoldKind = Literal["gap", "invitation", "message", "withdrawal", "account"]
"""What a hold concerns: every send after the last one, a kind of act, or all of the account's."""


class Hold(NamedTuple):
    """Until when acts wait, why, and which."""

    until: datetime
    reason: str
    kind: HoldKind = "gap"


class Usage(msgspec.Struct, frozen=True, kw_only=True):
    """What the account did, and what holds it.

    `reserved` are the moments quota was reserved in the last week, oldest first; `holds` what
    it may not do before a moment.
    """

    reserved: Sequence[datetime]
    holds: Sequence[Hold] = ()

    def concerning(self, kind: DeliveryKind | None) -> Usage:
        """The same with those holds alone that hold acts of a kind; None: acts of any kind."""
        concern = {"gap", "account", kind}
        return Usage(
            reserved=self.reserved, holds=[one for one in self.holds if one.kind in concern]
        )


class Go(msgspec.Struct, frozen=True, kw_only=True):
    """Yes, now. What is left of the caps after this send."""

    left_today: int
    left_this_week: int


class WaitUntil(msgspec.Struct, frozen=True, kw_only=True):
    """Not before `moment`; `limit` names what holds it up, `reason` says it to a person.

    `held` is the kind of the hold when it is one: then `limit` is "gap".
    """

    moment: datetime
    limit: Literal["hours", "daily", "weekly", "gap", "never"]
    reason: str
    held: HoldKind | None = None


def can_send(now: datetime, usage: Usage, rules: RateRules) -> Go | WaitUntil:
    """Whether one more act may be claimed at `now`; the latest of all waits wins.

    The moment of a wait lies after `now` and inside working hours. When a limit is zero or no day
    is a working day the answer is a wait of a week, said as "never".
    """
    now = now.astimezone(UTC)  # a zone's own arithmetic would follow the wall clock
    if (never := _never(rules)) is not None:
        return WaitUntil(moment=now + WEEK, limit="never", reason=never)
    midnight = start_of_day(now, rules.hours.timezone)
    today = [at for at in usage.reserved if at >= midnight]
    week = [at.astimezone(UTC) for at in usage.reserved if at > now - WEEK]
    waits = [
        wait
        for wait in (
            _held(now, usage),
            _day_full(now, len(today), rules),
            _week_full(week, rules),
        )
        if wait is not None
    ]
    if not is_open(now, rules.hours):
        waits.append(_closed(now, rules.hours, waits))
    if waits:
        longest = max(waits, key=lambda wait: wait.moment)
        opens = _next_opening(longest.moment, rules.hours)
        return msgspec.structs.replace(longest, moment=opens)
    return Go(
        left_today=rules.daily_limit - len(today) - 1,
        left_this_week=rules.weekly_limit - len(week) - 1,
    )


def rehearsed(
    now: datetime, usage: Usage, rules: RateRules, *, count: int
) -> tuple[Usage, datetime]:
    """The usage, and the moment, at which one more would go if `count` acts went first from now on.

    For a dry run: it shows as many texts as would go today, each a mean gap after the one before.
    """
    gap = draw_gap(rules, 0.5)
    went = [now + gap * number for number in range(count)]
    return Usage(reserved=[*usage.reserved, *went], holds=usage.holds), now + gap * count


def sendable_until(now: datetime, until: datetime, usage: Usage, rules: RateRules) -> int:
    """How many acts the caps, the gaps and the working hours leave room for, at most.

    Every day is taken to be used in full; two months ahead are looked at, no more.
    """
    zone = ZoneInfo(rules.hours.timezone)
    held = max([now, *(hold.until for hold in usage.holds)])
    reserved = [at.astimezone(UTC) for at in usage.reserved]
    gap = (rules.min_interval_minutes + rules.max_interval_minutes) / 2
    first = now.astimezone(zone).date()
    total = 0
    for ahead in range(_DAYS_AHEAD):
        day = first + timedelta(days=ahead)
        if day.isoweekday() not in rules.hours.days:
            continue
        opens = datetime.combine(day, rules.hours.start, tzinfo=zone).astimezone(UTC)
        closes = _closing(day, rules.hours, zone)
        begin, end = max(opens, held), min(closes, until)
        if opens >= until:
            break
        if begin >= end:
            continue
        midnight = datetime.combine(day, datetime.min.time(), tzinfo=zone)
        room = min(
            rules.daily_limit - sum(midnight <= at < closes for at in reserved),
            rules.weekly_limit - sum(end - WEEK < at <= end for at in reserved),
        )
        if gap > 0:
            room = min(room, int((end - begin) / timedelta(minutes=gap)) + 1)
        if room > 0:
            total += room
            reserved += [end] * room
    return total


def is_open(at: datetime, hours: WorkingHours) -> bool:
    """Whether the wall clock of the account's zone stands inside working hours."""
    local = at.astimezone(ZoneInfo(hours.timezone))
    before_end = hours.end is None or local.time() < hours.end
    return local.isoweekday() in hours.days and hours.start <= local.time() and before_end


def most_a_day(rules: RateRules) -> int:
    """How many acts a day may have at most, whatever went before."""
    return max(0, min(rules.daily_limit, rules.weekly_limit))


def draw_gap(rules: RateRules, draw: float) -> timedelta:
    """The pause after a send; `draw` in 0..1 chooses between the shortest and the longest."""
    shortest, longest = rules.min_interval_minutes, rules.max_interval_minutes
    return timedelta(minutes=shortest + (longest - shortest) * draw)


def start_of_day(at: datetime, timezone: str) -> datetime:
    """Midnight of the account's calendar day that `at` falls on, in UTC."""
    local = at.astimezone(ZoneInfo(timezone))
    return local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0).astimezone(UTC)


def end_of_day(at: datetime, timezone: str) -> datetime:
    """Midnight after the account's calendar day that `at` falls on, in UTC."""
    return _local_midnight(at, timezone, days=1)


def _closing(day: date, hours: WorkingHours, zone: ZoneInfo) -> datetime:
    if hours.end is None:
        day, end = day + timedelta(days=1), datetime.min.time()
    else:
        end = hours.end
    return datetime.combine(day, end, tzinfo=zone).astimezone(UTC)


def _never(rules: RateRules) -> str | None:
    if rules.daily_limit <= 0 or rules.weekly_limit <= 0:
        return "a limit of zero allows no send at all"
    return None if rules.hours.days else "no day of the week is a working day"


def _held(now: datetime, usage: Usage) -> WaitUntil | None:
    standing = [hold for hold in usage.holds if hold.until > now]
    if not standing:
        return None
    last = max(standing)
    return WaitUntil(
        moment=last.until.astimezone(UTC), limit="gap", reason=last.reason, held=last.kind
    )


def _day_full(now: datetime, sent_today: int, rules: RateRules) -> WaitUntil | None:
    if sent_today < rules.daily_limit:
        return None
    tomorrow = end_of_day(now, rules.hours.timezone)
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


def _closed(now: datetime, hours: WorkingHours, waits: Sequence[WaitUntil]) -> WaitUntil:
    """The wait for working hours; its reason says what else holds, if anything does."""
    end = "24:00" if hours.end is None else hours.end.strftime("%H:%M")
    reason = f"outside working hours ({hours.start.strftime('%H:%M')}-{end} {hours.timezone})"
    if waits:
        reason = f"{reason}; {max(waits, key=lambda wait: wait.moment).reason}"
    return WaitUntil(moment=_next_opening(now, hours), limit="hours", reason=reason)


def _next_opening(at: datetime, hours: WorkingHours) -> datetime:
    """The first moment not before `at` inside working hours.

    An opening time that the clock shows twice opens at both (`fold`); one that it skips opens by
    as much later. Two weeks are looked at, because hours inside a skipped hour do not happen.
    """
    if is_open(at, hours):
        return at
    zone = ZoneInfo(hours.timezone)
    today = at.astimezone(zone).date()
    for days in range(15):
        for fold in (0, 1):
            shown = datetime.combine(today + timedelta(days=days), hours.start, tzinfo=zone)
            opens = shown.replace(fold=fold).astimezone(UTC)
            if opens > at and is_open(opens, hours):
                return opens
    return at + WEEK


def _local_midnight(at: datetime, timezone: str, *, days: int) -> datetime:
    zone = ZoneInfo(timezone)
    day = at.astimezone(zone).date() + timedelta(days=days)
    return datetime.combine(day, datetime.min.time(), tzinfo=zone).astimezone(UTC)
