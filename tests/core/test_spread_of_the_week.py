"""Limits by kind of act, and the week's invitations spread over its working days."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from math import ceil
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingagents.core.rate_limiter import (
    REST_IF_UNKNOWN,
    WEEK,
    Act,
    FullWeek,
    Go,
    Hold,
    RateRules,
    Usage,
    WaitUntil,
    can_send,
    day_share,
    sendable_until,
)
from ingagents.core.sending.working_hours import is_open, works_on
from ingagents.model import DeliveryKind, WorkingHours

INVITATION, MESSAGE = DeliveryKind.INVITATION, DeliveryKind.MESSAGE
ZONES = ("Europe/Berlin", "UTC", "Australia/Lord_Howe", "America/Havana", "Asia/Kathmandu")
WORKDAYS = frozenset(range(1, 6))


def hours(**changes: Any) -> WorkingHours:
    fields: dict[str, Any] = {
        "start": time(9),
        "end": time(17),
        "days": WORKDAYS,
        "timezone": "Europe/Berlin",
    }
    return WorkingHours(**{**fields, **changes})


def rules(**changes: Any) -> RateRules:
    fields: dict[str, Any] = {
        "daily_limit": 45,
        "weekly_limit": 100,
        "message_daily_limit": 50,
        "spread": "even",
        "min_interval_minutes": 0.0,
        "max_interval_minutes": 0.0,
        "hours": hours(),
    }
    return RateRules(**{**fields, **changes})


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Berlin")).astimezone(UTC)


MONDAY = local("2027-02-08 10:00")


def wait(answer: Go | WaitUntil) -> WaitUntil:
    assert isinstance(answer, WaitUntil)
    return answer


# --- kinds of act -----------------------------------------------------------------------------


FULL = {
    "first contacts": [Act(MONDAY, MESSAGE, first=True)] * 5,
    "invitations": [Act(MONDAY - timedelta(days=3))] * 10,
    "later messages": [Act(MONDAY, MESSAGE, first=False)] * 7,
}
HOLDS_UP = {
    "first contacts": {(INVITATION, True), (MESSAGE, True)},
    "invitations": {(INVITATION, True)},
    "later messages": {(MESSAGE, False)},
}


@pytest.mark.parametrize("what", list(FULL))
@pytest.mark.parametrize(("kind", "first"), [(INVITATION, True), (MESSAGE, True), (MESSAGE, False)])
def test_a_limit_holds_up_the_acts_that_it_counts_and_no_others(
    what: str, kind: DeliveryKind, first: bool
) -> None:
    limits = rules(daily_limit=5, weekly_limit=10, message_daily_limit=7, spread="greedy")
    answer = can_send(MONDAY, Usage(acts=FULL[what]), limits, kind, first=first)
    assert isinstance(answer, WaitUntil) == ((kind, first) in HOLDS_UP[what])
    if isinstance(answer, WaitUntil):
        assert answer.held in {"first", "invitation", "later"}


@pytest.mark.parametrize("limit", ["daily_limit", "weekly_limit", "message_daily_limit"])
def test_a_limit_of_zero_stops_its_own_kind_alone_and_says_which(limit: str) -> None:
    stopped = {
        "daily_limit": {(INVITATION, True), (MESSAGE, True)},
        "weekly_limit": {(INVITATION, True)},
        "message_daily_limit": {(MESSAGE, False)},
    }[limit]
    for kind, first in ((INVITATION, True), (MESSAGE, True), (MESSAGE, False)):
        answer = can_send(MONDAY, Usage(acts=[]), rules(**{limit: 0}), kind, first=first)
        assert isinstance(answer, WaitUntil) == ((kind, first) in stopped)
        if isinstance(answer, WaitUntil):
            assert answer.limit == "never"
            assert limit in answer.reason


def test_without_a_kind_the_one_that_may_go_soonest_answers() -> None:
    held = Usage(acts=[], holds=[Hold(MONDAY + timedelta(hours=1), "no", "invitation")])
    assert isinstance(can_send(MONDAY, held, rules()), Go)
    both = Usage(acts=[], holds=[*held.holds, Hold(MONDAY + timedelta(minutes=9), "no", "message")])
    assert wait(can_send(MONDAY, both, rules())).moment == MONDAY + timedelta(minutes=9)
    assert isinstance(can_send(MONDAY, Usage(acts=FULL["first contacts"]), rules()), Go)


# --- the week that LinkedIn calls full --------------------------------------------------------


def test_a_full_week_rests_until_the_oldest_leaves_it_and_messages_go_on() -> None:
    acts = [Act(MONDAY - timedelta(days=6, hours=n)) for n in range(30, 0, -1)]
    full = Usage(acts=acts, full=FullWeek(MONDAY, sum(a.at > MONDAY - WEEK for a in acts)))
    answer = wait(can_send(MONDAY, full, rules(), INVITATION))
    assert answer.limit == "weekly"
    assert answer.held == "invitation"
    oldest = min(act.at for act in acts if act.at > MONDAY - WEEK)
    assert answer.moment == max(oldest + WEEK, MONDAY)
    assert "LinkedIn takes no more than these" in answer.reason
    assert isinstance(can_send(answer.moment, full, rules(), INVITATION), Go)
    assert isinstance(can_send(MONDAY, full, rules(), MESSAGE), Go)
    assert isinstance(can_send(MONDAY, full, rules(), MESSAGE, first=False), Go)


def test_what_linkedin_showed_is_forgotten_after_seven_days() -> None:
    shown = FullWeek(MONDAY - WEEK, 3)
    acts = [Act(MONDAY - timedelta(days=2))] * 3
    assert isinstance(can_send(MONDAY, Usage(acts=acts, full=shown), rules(), INVITATION), Go)


def test_a_week_filled_by_acts_unknown_to_us_rests_for_a_day() -> None:
    full = Usage(acts=[], full=FullWeek(MONDAY, 0))
    answer = wait(can_send(MONDAY, full, rules(), INVITATION))
    assert answer.moment == MONDAY + REST_IF_UNKNOWN
    assert isinstance(can_send(answer.moment, full, rules(), INVITATION), Go)


# --- the even week ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "sent", "share"),
    [
        ("2027-02-08 09:00", {}, 20),
        ("2027-02-08 16:59", {}, 20),  # `once` late in the day still has the day's part
        ("2027-02-09 09:00", {"2027-02-08": 20}, 20),
        ("2027-02-09 09:00", {"2027-02-08": 5}, 23),  # 95 over four days
        ("2027-02-09 13:00", {"2027-02-08": 5}, 20),  # the rest of today's hours takes 13 more
        ("2027-02-12 09:00", {"2027-02-08": 5, "2027-02-09": 20}, 24),  # never more than 1.2 parts
        ("2027-02-12 09:00", {"2027-02-08": 24, "2027-02-09": 24, "2027-02-10": 24}, 24),
    ],
)
def test_a_day_takes_its_part_of_the_week_and_a_little_of_what_short_days_left(
    now: str, sent: dict[str, int], share: int
) -> None:
    invited = [local(f"{day} 10:00") for day, count in sent.items() for _ in range(count)]
    assert day_share(local(now), invited, rules()) == share


def test_a_holiday_leaves_its_part_to_the_other_days_within_bounds() -> None:
    short = rules(hours=hours(holidays=frozenset({date(2027, 2, 11)})))
    assert day_share(local("2027-02-08 09:00"), [], short) == 24
    four_days_a_week = rules(hours=hours(days=frozenset({1, 2, 3, 4})))
    assert day_share(local("2027-02-08 09:00"), [], four_days_a_week) == 25


def test_a_used_up_share_waits_for_tomorrow_and_lets_messages_go() -> None:
    used = Usage(acts=[Act(MONDAY)] * 20)
    answer = wait(can_send(MONDAY, used, rules(), INVITATION))
    assert (answer.limit, answer.held) == ("spread", "invitation")
    assert answer.moment == local("2027-02-09 09:00")
    assert "even share" in answer.reason
    assert isinstance(can_send(MONDAY, used, rules(), MESSAGE), Go)


even_rules = st.builds(
    lambda weekly, daily, days, zone, holidays, start, length: rules(
        weekly_limit=weekly,
        daily_limit=daily,
        hours=hours(
            start=time(start, 15),
            end=None if start + length >= 24 else time(start + length),
            days=frozenset(days),
            timezone=zone,
            holidays=frozenset(holidays),
        ),
    ),
    st.integers(1, 60),
    st.integers(1, 60),
    st.sets(st.integers(1, 7), min_size=1),
    st.sampled_from(ZONES),
    st.sets(st.dates(date(2027, 3, 22), date(2027, 4, 11)), max_size=4),
    st.integers(0, 22),
    st.integers(1, 24),
)
starts = st.integers(0, 11 * 24 * 60).map(
    lambda minutes: datetime(2027, 3, 20, tzinfo=UTC) + timedelta(minutes=minutes)
)


@settings(max_examples=60, deadline=None)
@given(now=starts, limits=even_rules, data=st.data())
def test_no_day_of_a_full_week_takes_more_than_1_3_times_the_mean(
    now: datetime, limits: RateRules, data: st.DataObject
) -> None:
    """Whoever sends all that is allowed at any moments stays within every limit of any week."""
    zone = ZoneInfo(limits.hours.timezone)
    until, sent = now + timedelta(days=16), list[datetime]()
    while now < until:
        recent = Usage(acts=[Act(at) for at in sent if at > now - 2 * WEEK])
        answer = can_send(now, recent, limits, INVITATION)
        if isinstance(answer, WaitUntil):
            assert answer.moment > now
            late = data.draw(st.sampled_from([0, 0, 0, 1, 7, 26, 50]))
            now = answer.moment + timedelta(hours=late)
            continue
        assert is_open(now, limits.hours)
        sent.append(now)
        now += timedelta(seconds=data.draw(st.sampled_from([0, 0, 0, 30, 900])))
    days = Counter(at.astimezone(zone).date() for at in sent)
    assert not any(day in limits.hours.holidays for day in days)
    for at in sent:
        assert sum(at - WEEK < one <= at for one in sent) <= limits.weekly_limit
    for first in (date(2027, 3, 10) + timedelta(days=n) for n in range(40)):
        week = [first + timedelta(days=n) for n in range(7)]
        total = sum(days[day] for day in week)
        working = sum(works_on(day, limits.hours) for day in week)
        if total >= limits.weekly_limit:
            mean = total / working
            assert max(days[day] for day in week) <= max(ceil(mean), 1.3 * mean)


@settings(max_examples=40, deadline=None)
@given(limits=even_rules)
def test_whoever_is_always_there_uses_the_whole_week(limits: RateRules) -> None:
    now = datetime(2027, 5, 3, tzinfo=UTC)
    begin, sent = now, list[datetime]()
    while now < begin + WEEK:
        answer = can_send(now, Usage(acts=[Act(at) for at in sent]), limits, INVITATION)
        if isinstance(answer, WaitUntil):
            now = answer.moment
        else:
            sent.append(now)
    days = {at.astimezone(ZoneInfo(limits.hours.timezone)).date() for at in sent}
    assert len(sent) >= min(limits.weekly_limit, limits.daily_limit * len(days))


@settings(max_examples=60, deadline=None)
@given(limits=even_rules, ahead=st.integers(1, 20))
def test_what_can_be_sent_is_no_less_than_what_is_sent(limits: RateRules, ahead: int) -> None:
    begin = now = datetime(2027, 5, 3, tzinfo=UTC)
    until, sent = begin + timedelta(days=ahead), list[datetime]()
    while now < until:
        answer = can_send(now, Usage(acts=[Act(at) for at in sent]), limits, INVITATION)
        if isinstance(answer, WaitUntil):
            now = answer.moment
        else:
            sent.append(now)
    assert sendable_until(begin, until, Usage(acts=[]), limits) >= len(sent)
