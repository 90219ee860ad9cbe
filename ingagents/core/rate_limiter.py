"""May the account act now? If not: when, and why. Limits by kind of act, the gap, the hours.

First contacts and later messages count on the sending account's calendar day, invitations in any
168 hours; every act counts that may have reached a person (also uncertain ones). Working hours are
the account's, in its own time zone, so a change to or from daylight saving moves with the wall
clock. `spread = "even"` plans the week's invitations over its working days.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from math import ceil, floor
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from ingagents.core.sending.working_hours import (
    closing_of,
    end_of_day,
    hours_left,
    is_open,
    next_opening,
    start_of_day,
    works_on,
)
from ingagents.model import DeliveryKind, WorkingHours

WEEK = timedelta(days=7)
_DAYS_AHEAD = 62

_CATCH_UP = 1.2
"""So many times an even day's share a day may take that makes up for a short one; LinkedIn sees
bursts, and the team was promised at most 1.3 times the mean."""

REST_IF_UNKNOWN = timedelta(days=1)
"""How long invitations rest when the week is full by acts that nobody told us of."""


INVITING = frozenset({DeliveryKind.INVITATION, DeliveryKind.ENROLMENT})
"""Whoever is enrolled is invited by the service's campaign, when it comes to them."""


class RateRules(msgspec.Struct, frozen=True, kw_only=True):
    """The account's limits. Gaps are in minutes; a day is the account's calendar day.

    `daily_limit` counts first contacts, `weekly_limit` invitations in any seven days (an enrolment
    is one to come), `message_daily_limit` later messages.
    """

    daily_limit: int
    weekly_limit: int
    message_daily_limit: int
    spread: Literal["even", "greedy"]
    min_interval_minutes: float
    max_interval_minutes: float
    hours: WorkingHours


class Act(NamedTuple):
    """When quota was reserved, and as what it counts: of a kind, a first contact or a later one."""

    at: datetime
    kind: DeliveryKind = DeliveryKind.INVITATION
    first: bool = True


HoldKind = Literal["gap", "invitation", "message", "withdrawal", "account"]
"""What a hold concerns: every send after the last one, a kind of act, or all of the account's."""

Waiting = HoldKind | Literal["first", "later", "person"]
"""What a wait concerns; `first` are first contacts of any kind, `later` messages after them."""


class Hold(NamedTuple):
    """Until when acts wait, why, and which."""

    until: datetime
    reason: str
    kind: HoldKind = "gap"


class FullWeek(NamedTuple):
    """LinkedIn showed that the account's week is full: when, and how many invitations that was."""

    at: datetime
    taken: int


class Usage(msgspec.Struct, frozen=True, kw_only=True):
    """What the account did, and what holds it.

    `acts` are those of the last week, oldest first; `holds` what it may not do before a moment;
    `full` a week that LinkedIn called full before our own limit did.
    """

    acts: Sequence[Act]
    holds: Sequence[Hold] = ()
    full: FullWeek | None = None

    def concerning(self, kind: DeliveryKind | None) -> Usage:
        """The same with those holds alone that hold acts of a kind; None: acts of any kind."""
        concern = {"gap", "account", kind}
        return msgspec.structs.replace(
            self, holds=[one for one in self.holds if one.kind in concern]
        )


class Go(msgspec.Struct, frozen=True, kw_only=True):
    """Yes, now. What is left of the caps after this act; None: no cap of a week counts it."""

    left_today: int
    left_this_week: int | None = None


class WaitUntil(msgspec.Struct, frozen=True, kw_only=True):
    """Not before `moment`; `limit` names what holds it up, `reason` says it to a person.

    `held` says which acts wait, when others may go meanwhile or a hold stands.
    """

    moment: datetime
    limit: Literal["hours", "daily", "weekly", "spread", "gap", "never"]
    reason: str
    held: Waiting | None = None


def can_send(
    now: datetime,
    usage: Usage,
    rules: RateRules,
    kind: DeliveryKind | None = None,
    *,
    first: bool = True,
) -> Go | WaitUntil:
    """Whether one more act may be claimed at `now`; the latest of all waits wins.

    `first` says whether it is a first contact. Without a `kind` it is asked whether one of any
    kind may go: the one that may go soonest answers. The moment of a wait lies after `now` and inside
    working hours. When a limit is zero or no day is a working day the answer is a wait of a week,
    said as "never".
    """
    if kind is None:
        kinds = _FIRST_CONTACTS if first else (DeliveryKind.MESSAGE,)
        answers = [can_send(now, usage, rules, one, first=first) for one in kinds]
        going = (one for one in answers if isinstance(one, Go))
        waits = [one for one in answers if isinstance(one, WaitUntil)]
        return next(going, None) or min(waits, key=lambda wait: wait.moment)
    now = now.astimezone(UTC)  # a zone's own arithmetic would follow the wall clock
    usage = usage.concerning(kind)
    caps = _caps(now, usage, rules, kind, first=first)
    if (never := _never(caps, rules)) is not None:
        return WaitUntil(moment=now + WEEK, limit="never", reason=never)
    waits = [wait for wait in (_held(now, usage), *(cap.wait for cap in caps)) if wait is not None]
    if not is_open(now, rules.hours):
        waits.append(_closed(now, rules.hours, waits))
    if waits:
        longest = max(waits, key=lambda wait: wait.moment)
        opens = next_opening(longest.moment, rules.hours)
        return msgspec.structs.replace(longest, moment=opens)
    week = [cap.left for cap in caps if cap.of_week]
    return Go(
        left_today=min(cap.left for cap in caps if not cap.of_week) - 1,
        left_this_week=min(week) - 1 if week else None,
    )


def rehearsed(
    now: datetime, usage: Usage, rules: RateRules, *, count: int
) -> tuple[Usage, datetime]:
    """The usage, and the moment, at which one more would go if `count` acts went first from now on.

    For a dry run: it shows as many texts as would go today, each a mean gap after the one before,
    and all of them as invitations, which have the least room.
    """
    gap = draw_gap(rules, 0.5)
    went = [Act(now + gap * number) for number in range(count)]
    return msgspec.structs.replace(usage, acts=[*usage.acts, *went]), now + gap * count


def sendable_until(now: datetime, until: datetime, usage: Usage, rules: RateRules) -> int:
    """How many first contacts the caps, the gaps and the working hours leave room for, at most.

    They are counted as invitations. Every day is taken to be used in full; two months ahead are
    looked at, no more.
    """
    zone = ZoneInfo(rules.hours.timezone)
    held = max([now, *(hold.until for hold in usage.holds)])
    firsts = [act.at.astimezone(UTC) for act in usage.acts if act.first]
    invited = _invited(usage)
    gap = (rules.min_interval_minutes + rules.max_interval_minutes) / 2
    first = now.astimezone(zone).date()
    total = 0
    for ahead in range(_DAYS_AHEAD):
        day = first + timedelta(days=ahead)
        if not works_on(day, rules.hours):
            continue
        opens = datetime.combine(day, rules.hours.start, tzinfo=zone).astimezone(UTC)
        closes = closing_of(day, rules.hours)
        begin, end = max(opens, held), min(closes, until)
        if opens >= until:
            break
        if begin >= end:
            continue
        midnight = datetime.combine(day, datetime.min.time(), tzinfo=zone)
        weekly = _weekly_limit(begin, usage, rules)
        room = min(
            rules.daily_limit - sum(midnight <= at < closes for at in firsts),
            weekly - sum(end - WEEK <= at <= end for at in invited),
            day_share(begin, invited, rules, weekly=weekly)
            - sum(midnight <= at < closes for at in invited),
        )
        if gap > 0:
            room = min(room, int((end - begin) / timedelta(minutes=gap)) + 1)
        if room > 0:
            total += room
            firsts += [begin] * room
            invited += [begin] * room
    return total


def day_share(
    now: datetime, invited: Sequence[datetime], rules: RateRules, *, weekly: int | None = None
) -> int:
    """How many invitations today may take in all, so that the week's are spread over its days.

    A working day's even part of the week; after a short day what is left of the week, over the
    working days left of it and the hours left of today, but no more than `_CATCH_UP` even parts.
    """
    weekly = rules.weekly_limit if weekly is None else weekly
    if rules.spread == "greedy":
        return weekly
    zone = ZoneInfo(rules.hours.timezone)
    today = now.astimezone(zone).date()
    days = [today + timedelta(days=ahead) for ahead in range(-6, 7)]
    working = [works_on(day, rules.hours) for day in days]
    # Of all the weeks that hold this day, the one with the most working days asks for least a day.
    mean = weekly / max(1, *(sum(working[start : start + 7]) for start in range(7)))
    monday = today - timedelta(days=today.weekday())
    begins = start_of_day(datetime.combine(monday, _NOON, tzinfo=zone), rules.hours.timezone)
    midnight = start_of_day(now, rules.hours.timezone)
    this_week = sum(begins <= at for at in invited)
    today_already = sum(midnight <= at for at in invited)
    to_come = sum(
        works_on(today + timedelta(days=n), rules.hours) for n in range(1, 7 - today.weekday())
    )
    hours = hours_left(now, rules.hours)
    of_today = floor((weekly - this_week + today_already) / (to_come + 1))
    of_hours = floor((weekly - this_week) * hours / (to_come + hours)) if hours else 0
    planned = min(of_today, today_already + of_hours)
    return max(ceil(mean), min(planned, floor(mean * _CATCH_UP)))


def most_a_day(rules: RateRules) -> int:
    """How many first contacts a day may have at most, whatever went before."""
    return max(0, rules.daily_limit)


def draw_gap(rules: RateRules, draw: float) -> timedelta:
    """The pause after a send; `draw` in 0..1 chooses between the shortest and the longest."""
    shortest, longest = rules.min_interval_minutes, rules.max_interval_minutes
    return timedelta(minutes=shortest + (longest - shortest) * draw)


_NOON = time(12)
_FIRST_CONTACTS = (DeliveryKind.INVITATION, DeliveryKind.MESSAGE)


class _Cap(NamedTuple):
    """One limit: its name in the settings and value, what is left of it, the wait if nothing is."""

    name: str
    limit: int
    left: int
    wait: WaitUntil | None
    of_week: bool = False


def _caps(
    now: datetime, usage: Usage, rules: RateRules, kind: DeliveryKind, *, first: bool
) -> list[_Cap]:
    """The limits that count an act of this kind."""
    midnight = start_of_day(now, rules.hours.timezone)
    today = sum(act.first is first and act.at >= midnight for act in usage.acts)
    caps = [_day_cap(now, today, rules, first=first)]
    if kind in INVITING:
        caps.append(_week_cap(now, usage, rules))
        if rules.spread == "even":
            caps.append(_share_cap(now, usage, rules))
    return caps


def _day_cap(now: datetime, used: int, rules: RateRules, *, first: bool) -> _Cap:
    limit = rules.daily_limit if first else rules.message_daily_limit
    reason = (
        f"the day's limit of {limit} is used up"
        if first
        else f"the day's limit of {limit} later messages is used up"
    )
    wait = WaitUntil(
        moment=end_of_day(now, rules.hours.timezone),
        limit="daily",
        reason=reason,
        held="first" if first else "later",
    )
    name = "daily_limit" if first else "message_daily_limit"
    return _Cap(name, limit, limit - used, None if used < limit else wait)


def _week_cap(now: datetime, usage: Usage, rules: RateRules) -> _Cap:
    limit = _weekly_limit(now, usage, rules)
    week = sorted(at for at in _invited(usage) if at > now - WEEK)
    reason = f"the week's limit of {limit} is used up"
    if limit < rules.weekly_limit:
        reason = f"LinkedIn takes no more than these {limit} invitations in seven days"
    wait = None
    if usage.full is not None and limit == 0 < rules.weekly_limit:
        reason = (
            "LinkedIn takes no invitations now, though we know of none: another look after a day"
        )
        rested = usage.full.at.astimezone(UTC) + REST_IF_UNKNOWN
        wait = WaitUntil(moment=rested, limit="weekly", reason=reason, held="invitation")
    elif len(week) >= limit > 0:
        frees = week[len(week) - limit] + WEEK
        wait = WaitUntil(moment=frees, limit="weekly", reason=reason, held="invitation")
    return _Cap("weekly_limit", rules.weekly_limit, limit - len(week), wait, of_week=True)


def _share_cap(now: datetime, usage: Usage, rules: RateRules) -> _Cap:
    invited = _invited(usage)
    share = day_share(now, invited, rules, weekly=_weekly_limit(now, usage, rules) or None)
    midnight = start_of_day(now, rules.hours.timezone)
    used = sum(at >= midnight for at in invited)
    wait = WaitUntil(
        moment=end_of_day(now, rules.hours.timezone),
        limit="spread",
        reason=f"today's even share of the week's invitations, {share}, is used up",
        held="invitation",
    )
    return _Cap("weekly_limit", rules.weekly_limit, share - used, None if used < share else wait)


def _weekly_limit(now: datetime, usage: Usage, rules: RateRules) -> int:
    """The week's limit, ours or what LinkedIn showed within the last seven days."""
    full = usage.full
    if full is None or now - full.at >= (WEEK if full.taken else REST_IF_UNKNOWN):
        return rules.weekly_limit
    return min(rules.weekly_limit, full.taken)


def _invited(usage: Usage) -> list[datetime]:
    return [act.at.astimezone(UTC) for act in usage.acts if act.kind in INVITING]


def _never(caps: Sequence[_Cap], rules: RateRules) -> str | None:
    none = next((cap.name for cap in caps if cap.limit <= 0), None)
    if none is not None:
        return f"a {none} of zero allows no such act at all"
    return None if rules.hours.days else "no day of the week is a working day"


def _held(now: datetime, usage: Usage) -> WaitUntil | None:
    standing = [hold for hold in usage.holds if hold.until > now]
    if not standing:
        return None
    last = max(standing)
    return WaitUntil(
        moment=last.until.astimezone(UTC), limit="gap", reason=last.reason, held=last.kind
    )


def _closed(now: datetime, hours: WorkingHours, waits: Sequence[WaitUntil]) -> WaitUntil:
    """The wait for working hours; its reason says what else holds, if anything does."""
    end = "24:00" if hours.end is None else hours.end.strftime("%H:%M")
    reason = f"outside working hours ({hours.start.strftime('%H:%M')}-{end} {hours.timezone})"
    if waits:
        reason = f"{reason}; {max(waits, key=lambda wait: wait.moment).reason}"
    return WaitUntil(moment=next_opening(now, hours), limit="hours", reason=reason)
