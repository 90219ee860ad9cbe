"""The account's limits: a day, a rolling week, a gap, working hours, in any zone on any day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingagents.core.rate_limiter import (
    WEEK,
    Act,
    Go,
    Hold,
    RateRules,
    Usage,
    WaitUntil,
    can_send,
    draw_gap,
    most_a_day,
    rehearsed,
    sendable_until,
)
from ingagents.core.sending.working_hours import end_of_day, is_open, start_of_day
from ingagents.model import DeliveryKind, WorkingHours

BERLIN = "Europe/Berlin"
INVITATION, MESSAGE = DeliveryKind.INVITATION, DeliveryKind.MESSAGE
WORKDAYS = frozenset({1, 2, 3, 4, 5})
EVERY_DAY = frozenset(range(1, 8))
ZONES = (BERLIN, "UTC", "Australia/Lord_Howe", "America/Nuuk", "Asia/Kathmandu", "America/Havana")


def hours(
    start: str = "09:00",
    end: str = "17:00",
    days: frozenset[int] = WORKDAYS,
    timezone: str = BERLIN,
) -> WorkingHours:
    return WorkingHours(
        start=time.fromisoformat(start),
        end=None if end == "24:00" else time.fromisoformat(end),
        days=days,
        timezone=timezone,
    )


def rules(**changes: Any) -> RateRules:
    fields: dict[str, Any] = {
        "daily_limit": 45,
        "weekly_limit": 100,
        "message_daily_limit": 50,
        "spread": "greedy",
        "min_interval_minutes": 5.0,
        "max_interval_minutes": 15.0,
        "hours": hours(),
    }
    return RateRules(**{**fields, **changes})


def local(text: str, timezone: str = BERLIN, *, fold: int = 0) -> datetime:
    shown = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(timezone), fold=fold)
    return shown.astimezone(UTC)


def asked(
    now: datetime,
    reserved: Sequence[datetime] = (),
    *,
    holds: Sequence[tuple[datetime, str]] = (),
    **changes: Any,
) -> Go | WaitUntil:
    usage = Usage(acts=[Act(at) for at in reserved], holds=[Hold(*hold) for hold in holds])
    return can_send(now, usage, rules(**changes), INVITATION)


def wait(answer: Go | WaitUntil) -> WaitUntil:
    assert isinstance(answer, WaitUntil)
    return answer


MONDAY_TEN = local("2027-02-08 10:00")


def test_a_send_within_all_limits_may_go_and_says_what_is_left() -> None:
    this_morning, last_week = MONDAY_TEN - timedelta(minutes=30), MONDAY_TEN - timedelta(days=3)
    answer = asked(MONDAY_TEN, [last_week, this_morning], daily_limit=5, weekly_limit=10)
    assert answer == Go(left_today=3, left_this_week=7)


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        ("2027-02-08 08:59:59", "2027-02-08 09:00"),
        ("2027-02-08 17:00", "2027-02-09 09:00"),
        ("2027-02-08 03:00", "2027-02-08 09:00"),
        ("2027-02-12 17:30", "2027-02-15 09:00"),
        ("2027-02-13 12:00", "2027-02-15 09:00"),
        ("2027-02-14 23:59", "2027-02-15 09:00"),
    ],
)
def test_outside_working_hours_it_waits_for_the_next_opening(now: str, opens: str) -> None:
    answer = wait(asked(local(now)))
    assert answer.limit == "hours"
    assert answer.moment == local(opens)
    assert "outside working hours (09:00-17:00 Europe/Berlin)" in answer.reason


@pytest.mark.parametrize("now", ["2027-02-08 09:00", "2027-02-08 16:59:59"])
def test_hours_begin_at_the_start_and_end_before_the_end(now: str) -> None:
    assert isinstance(asked(local(now)), Go)


def test_hours_until_24_last_to_the_end_of_the_day() -> None:
    late = hours("22:00", "24:00", frozenset({1}))
    assert isinstance(asked(local("2027-02-08 23:59:59"), hours=late), Go)
    after = wait(asked(local("2027-02-09 00:00"), hours=late))
    assert after.moment == local("2027-02-15 22:00")
    assert "22:00-24:00" in after.reason


def test_hours_around_the_clock_never_close() -> None:
    always = hours("00:00", "24:00", EVERY_DAY)
    for hour in range(24 * 8):
        assert isinstance(asked(MONDAY_TEN + timedelta(hours=hour), hours=always), Go)


def test_a_full_day_waits_for_the_next_opening_of_another_day() -> None:
    reserved = [MONDAY_TEN - timedelta(minutes=10)] * 2
    answer = wait(asked(MONDAY_TEN, reserved, daily_limit=2))
    assert answer.limit == "daily"
    assert answer.moment == local("2027-02-09 09:00")
    assert "day's limit of 2" in answer.reason


def test_the_day_is_the_accounts_calendar_day() -> None:
    always = hours("00:00", "24:00", EVERY_DAY)
    before_midnight = [local("2027-02-08 23:59")] * 3
    assert isinstance(
        asked(local("2027-02-09 00:00"), before_midnight, daily_limit=3, hours=always), Go
    )
    after_midnight = [local("2027-02-09 00:00")] * 3
    full = wait(asked(local("2027-02-09 23:59"), after_midnight, daily_limit=3, hours=always))
    assert full.moment == local("2027-02-10 00:00")


def test_the_week_is_168_rolling_hours_and_frees_one_by_one() -> None:
    reserved = [MONDAY_TEN - timedelta(days=6), MONDAY_TEN - timedelta(days=5)]
    answer = wait(asked(MONDAY_TEN, reserved, weekly_limit=2))
    assert answer.limit == "weekly"
    assert answer.moment == MONDAY_TEN + timedelta(days=1)
    at_the_second = asked(reserved[0] + WEEK, reserved, weekly_limit=2)
    assert at_the_second == Go(left_today=44, left_this_week=0)


@pytest.mark.parametrize("spread", ["greedy", "even"])
@pytest.mark.parametrize("kind", [INVITATION, DeliveryKind.ENROLMENT])
def test_an_enrolment_is_an_invitation_to_come_and_reserves_the_week_as_one(
    kind: DeliveryKind, spread: str
) -> None:
    now = local("2027-03-05T10:00")
    known = [Act(now - timedelta(hours=20, minutes=i), kind) for i in range(20)]
    wants = (INVITATION, DeliveryKind.ENROLMENT)
    said = rules(weekly_limit=20, spread=spread)
    full = [can_send(now, Usage(acts=known), said, want) for want in wants]
    assert {one.limit for one in full if isinstance(one, WaitUntil)} == {"weekly"}
    free = [can_send(now, Usage(acts=known[:10]), said, want) for want in wants]
    assert full[0] == full[1]
    assert free[0] == free[1]
    assert isinstance(free[0], Go)


def test_a_week_fuller_than_its_limit_waits_until_enough_has_passed() -> None:
    reserved = [MONDAY_TEN - timedelta(days=days) for days in (6, 5, 4)]
    answer = wait(asked(MONDAY_TEN, reserved, weekly_limit=1))
    assert answer.moment == reserved[-1] + WEEK


def test_a_week_keeps_its_hours_over_a_clock_change_whatever_zone_the_caller_speaks() -> None:
    sent = datetime(2027, 3, 24, 10, 0, tzinfo=ZoneInfo(BERLIN))  # the clock springs on the 28th
    now = datetime(2027, 3, 31, 10, 30, tzinfo=ZoneInfo(BERLIN))  # 167.5 hours later
    answer = wait(asked(now, [sent], weekly_limit=1))
    assert answer.moment == sent.astimezone(UTC) + WEEK == local("2027-03-31 11:00")


def test_a_hold_waits_until_its_moment_and_says_its_own_reason() -> None:
    until = MONDAY_TEN + timedelta(minutes=7)
    past = (MONDAY_TEN, "a pause that is over")
    answer = wait(asked(MONDAY_TEN, holds=[past, (until, "a pause of 7 min")]))
    assert answer == WaitUntil(moment=until, limit="gap", reason="a pause of 7 min", held="gap")
    assert isinstance(asked(until, holds=[(until, "a pause of 7 min")]), Go)


def test_a_hold_that_ends_in_the_night_is_named_but_waited_for_until_the_morning() -> None:
    answer = wait(asked(MONDAY_TEN, holds=[(local("2027-02-08 20:00"), "invitation limit shown")]))
    assert answer.limit == "gap"
    assert answer.reason == "invitation limit shown"
    assert answer.moment == local("2027-02-09 09:00")


def test_of_several_limits_the_longest_is_named() -> None:
    reserved = [MONDAY_TEN - timedelta(hours=1)]
    short = (MONDAY_TEN + timedelta(minutes=5), "a pause")
    answer = wait(asked(MONDAY_TEN, reserved, holds=[short], daily_limit=1, weekly_limit=1))
    assert answer.limit == "weekly"
    assert answer.moment == reserved[0] + WEEK


def test_outside_hours_the_reason_also_says_what_else_holds() -> None:
    evening = local("2027-02-08 18:00")
    answer = wait(asked(evening, [evening - timedelta(hours=2)], daily_limit=1))
    assert answer.limit == "hours"
    assert answer.reason.endswith("the day's limit of 1 is used up")


@pytest.mark.parametrize(
    "changes", [{"daily_limit": 0}, {"weekly_limit": 0}, {"hours": hours(days=frozenset())}]
)
def test_a_limit_of_nothing_allows_no_send_at_all(changes: dict[str, Any]) -> None:
    answer = wait(asked(MONDAY_TEN, **changes))
    assert answer.limit == "never"
    assert answer.moment == MONDAY_TEN + WEEK


def test_a_reservation_from_the_future_still_counts() -> None:
    answer = wait(asked(MONDAY_TEN, [MONDAY_TEN + timedelta(minutes=5)], daily_limit=1))
    assert answer.limit == "daily"


@pytest.mark.parametrize(
    ("zone", "day", "start", "end", "utc_start", "utc_end"),
    [
        (BERLIN, "2027-03-28", "09:00", "17:00", "07:00", "15:00"),  # summer time from today on
        (BERLIN, "2027-10-31", "09:00", "17:00", "08:00", "16:00"),  # winter time from today on
        (BERLIN, "2027-03-28", "01:30", "03:30", "00:30", "01:30"),  # 2 to 3 does not happen
        (BERLIN, "2027-10-31", "01:30", "03:30", "23:30", "02:30"),  # 2 to 3 happens twice
        (
            "Australia/Lord_Howe",
            "2027-10-03",
            "01:30",
            "03:00",
            "15:00",
            "16:00",
        ),  # by half an hour
        ("Australia/Lord_Howe", "2027-04-04", "01:00", "03:00", "14:00", "16:30"),
    ],
)
def test_hours_follow_the_wall_clock_when_it_changes(
    zone: str, day: str, start: str, end: str, utc_start: str, utc_end: str
) -> None:
    open_hours = hours(start, end, EVERY_DAY, zone)
    begins = local(f"{day} 00:00", zone)
    minutes = [begins + timedelta(minutes=minute) for minute in range(24 * 60)]
    inside = [at for at in minutes if isinstance(asked(at, hours=open_hours), Go)]
    assert inside[0].strftime("%H:%M") == utc_start
    assert (inside[-1] + timedelta(minutes=1)).strftime("%H:%M") == utc_end
    assert len(inside) == (inside[-1] - inside[0]) // timedelta(minutes=1) + 1


def test_an_opening_time_that_the_clock_skips_opens_after_the_gap() -> None:
    answer = wait(asked(local("2027-03-28 01:00"), hours=hours("02:30", "12:00", EVERY_DAY)))
    assert local("2027-03-28 03:00") <= answer.moment <= local("2027-03-28 03:30")


def test_hours_that_fall_into_the_skipped_hour_wait_for_the_next_week() -> None:
    only_sundays = hours("02:10", "02:50", frozenset({7}))
    answer = wait(asked(local("2027-03-21 02:50"), hours=only_sundays))
    assert answer.moment == local("2027-04-04 02:10")


def test_a_time_shown_twice_is_open_only_where_the_clock_says_so() -> None:
    half = hours("02:30", "04:00", EVERY_DAY)
    assert isinstance(asked(local("2027-10-31 02:40"), hours=half), Go)
    again = wait(asked(local("2027-10-31 02:10", fold=1), hours=half))
    assert again.moment == local("2027-10-31 02:30", fold=1)


@pytest.mark.parametrize(
    ("zone", "at", "utc"),
    [
        (BERLIN, "2027-03-28 12:00", "2027-03-27T23:00"),
        (BERLIN, "2027-10-31 12:00", "2027-10-30T22:00"),
        ("Asia/Kathmandu", "2027-02-08 12:00", "2027-02-07T18:15"),
        ("Asia/Beirut", "2027-03-28 12:00", "2027-03-27T22:00"),  # midnight itself is skipped
        ("America/Havana", "2027-11-07 12:00", "2027-11-07T04:00"),  # midnight comes twice
    ],
)
def test_a_day_starts_at_the_zones_first_moment_of_it(zone: str, at: str, utc: str) -> None:
    assert start_of_day(local(at, zone), zone) == datetime.fromisoformat(utc).replace(tzinfo=UTC)


@given(draw=st.floats(0, 1))
def test_a_gap_lies_between_the_shortest_and_the_longest(draw: float) -> None:
    gap = draw_gap(rules(), draw)
    assert timedelta(minutes=5) <= gap <= timedelta(minutes=15)


def test_the_draw_spans_the_whole_gap_and_zero_is_no_gap() -> None:
    assert draw_gap(rules(), 0.0) == timedelta(minutes=5)
    assert draw_gap(rules(), 1.0) == timedelta(minutes=15)
    none = rules(min_interval_minutes=0.0, max_interval_minutes=0.0)
    assert draw_gap(none, 0.7) == timedelta(0)


any_rules = st.builds(
    lambda daily, weekly, start, length, days, zone: rules(
        daily_limit=daily,
        weekly_limit=weekly,
        hours=hours(
            f"{start:02d}:15",
            "24:00" if start + length >= 24 else f"{start + length:02d}:00",
            frozenset(days),
            zone,
        ),
    ),
    st.integers(1, 5),
    st.integers(1, 12),
    st.integers(0, 23),
    st.integers(1, 24),
    st.sets(st.integers(1, 7), min_size=1),
    st.sampled_from(ZONES),
)
around_clock_changes = st.one_of(
    *(
        st.datetimes(
            datetime.fromisoformat(day) - timedelta(days=3),
            datetime.fromisoformat(day) + timedelta(days=3),
            timezones=st.just(UTC),
        )
        for day in ("2027-03-28", "2027-10-31", "2027-04-04", "2027-10-03", "2027-11-07")
    )
)


@settings(max_examples=80, deadline=None)
@given(now=around_clock_changes, account=any_rules, data=st.data())
def test_following_the_answers_never_breaks_a_limit(
    now: datetime, account: RateRules, data: st.DataObject
) -> None:
    zone = ZoneInfo(account.hours.timezone)
    sent: list[datetime] = []
    hold, waited = now, 0
    for _ in range(60):
        recent = [Act(at) for at in sent if at > now - WEEK]
        answer = can_send(now, Usage(acts=recent, holds=[Hold(hold, "gap")]), account, INVITATION)
        if isinstance(answer, WaitUntil):
            assert answer.moment > now
            waited += 1
            assert waited <= 1, "a wait that is over leads on"
            now = answer.moment
            continue
        waited = 0
        assert is_open(now, account.hours)
        assert now >= hold
        sent.append(now)
        assert answer.left_today >= 0
        assert (answer.left_this_week or 0) >= 0
        hold = now + draw_gap(account, data.draw(st.floats(0, 1)))
        now += timedelta(seconds=data.draw(st.integers(0, 600)))
    assert sent
    for at in sent:
        same_day = [
            one for one in sent if one.astimezone(zone).date() == at.astimezone(zone).date()
        ]
        assert len(same_day) <= account.daily_limit
        assert sum(at - WEEK < one <= at for one in sent) <= account.weekly_limit


@settings(max_examples=150, deadline=None)
@given(now=around_clock_changes, account=any_rules, ages=st.lists(st.integers(0, 168 * 60)))
def test_a_wait_that_is_over_is_a_go_when_nothing_new_happened(
    now: datetime, account: RateRules, ages: list[int]
) -> None:
    usage = Usage(
        acts=[Act(at) for at in sorted(now - timedelta(minutes=age) for age in ages)],
        holds=[Hold(now + timedelta(hours=1), "a pause")],
    )
    answer = can_send(now, usage, account)
    assert isinstance(answer, WaitUntil)
    assert answer.moment > now
    assert is_open(answer.moment, account.hours)
    assert isinstance(can_send(answer.moment, usage, account), Go)


@given(
    minutes=st.integers(0, 7 * 24 * 60),
    daily=st.integers(0, 60),
    weekly=st.integers(0, 60),
    gap=st.floats(0, 120),
)
def test_a_dry_run_ends_where_the_real_run_of_the_day_would(
    minutes: int, daily: int, weekly: int, gap: float
) -> None:
    """Nothing is shown that would not go today: no more than the limits, nothing after hours."""
    now = datetime(2027, 3, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    limits = rules(
        daily_limit=daily,
        weekly_limit=weekly,
        min_interval_minutes=gap,
        max_interval_minutes=gap,
    )
    for count in range(most_a_day(limits) + 1):
        usage, moment = rehearsed(now, Usage(acts=[]), limits, count=count)
        verdict = can_send(moment, usage, limits)
        if isinstance(verdict, WaitUntil):
            assert verdict.moment > now
            break
        assert moment < end_of_day(now, BERLIN)
        assert is_open(moment, limits.hours)
    else:
        pytest.fail("a dry run never ends")


def test_a_day_ends_at_the_senders_midnight() -> None:
    assert end_of_day(local("2027-03-27T22:00"), BERLIN) == local("2027-03-28T00:00")
    assert end_of_day(local("2027-03-28T12:00"), BERLIN) == local("2027-03-29T00:00")


@pytest.mark.parametrize(
    ("hours", "daily", "weekly", "sent_today", "room"),
    [
        (24, 10, 100, 0, 10),  # nine to nine: the next day has not opened
        (25, 10, 100, 0, 17),  # one hour of the next morning, at ten minutes each
        (72, 10, 100, 4, 26),
        (7 * 24, 10, 100, 0, 50),
        (7 * 24, 45, 100, 0, 100),
        (7 * 24, 45, 100, 30, 70),
        (14 * 24, 45, 100, 0, 200),
        (7 * 24, 0, 100, 0, 0),
        (7 * 24, 45, 0, 0, 0),
        (10**5, 1, 7, 0, 45),  # two months, no further
    ],
)
def test_what_can_be_sent_until_a_moment_keeps_every_limit(
    hours: int, daily: int, weekly: int, sent_today: int, room: int
) -> None:
    monday = datetime(2027, 2, 8, 8, tzinfo=UTC)  # nine in Berlin
    limits = RateRules(
        daily_limit=daily,
        weekly_limit=weekly,
        message_daily_limit=50,
        spread="greedy",
        min_interval_minutes=5,
        max_interval_minutes=15,
        hours=WorkingHours(
            start=time(9), end=time(17), days=frozenset(range(1, 6)), timezone="Europe/Berlin"
        ),
    )
    usage = Usage(acts=[Act(monday - timedelta(seconds=1))] * sent_today)
    assert sendable_until(monday, monday + timedelta(hours=hours), usage, limits) == room


def test_a_hold_leaves_no_room_before_it_ends() -> None:
    monday = datetime(2027, 2, 8, 8, tzinfo=UTC)
    limits = RateRules(
        daily_limit=10,
        weekly_limit=100,
        message_daily_limit=50,
        spread="greedy",
        min_interval_minutes=5,
        max_interval_minutes=15,
        hours=WorkingHours(
            start=time(9), end=time(17), days=frozenset(range(1, 6)), timezone="Europe/Berlin"
        ),
    )
    held = Usage(acts=[], holds=[Hold(monday + timedelta(days=2), "the service asked for a rest")])
    assert sendable_until(monday, monday + timedelta(days=3), held, limits) == 10
