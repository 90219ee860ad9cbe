"""What is due when: daily jobs in the sender's zone, intervals, and clocks that misbehave."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingagents.core.schedule import Daily, Every, Job, due, next_due

BERLIN = "Europe/Berlin"
WORKDAYS = frozenset({1, 2, 3, 4, 5})
ZONES = (BERLIN, "UTC", "Australia/Lord_Howe", "America/Nuuk", "America/Havana", "Asia/Beirut")


def daily(at: str = "09:00", zone: str = BERLIN, days: frozenset[int] | None = None) -> Job:
    return Job("job", Daily(time.fromisoformat(at), zone, days or frozenset(range(1, 8))))


def local(text: str, zone: str = BERLIN, *, fold: int = 0) -> datetime:
    shown = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold)
    return shown.astimezone(UTC)


NEW_YEAR = datetime(2027, 1, 1, tzinfo=UTC)
NINE = local("2027-02-08 09:00")


def test_a_daily_job_is_due_from_its_moment_on() -> None:
    assert due(daily(), last_due=None, now=NINE - timedelta(microseconds=1)) is None
    assert due(daily(), last_due=None, now=NINE) == NINE


def test_a_daily_job_missed_while_down_is_due_once_as_long_as_its_day_lasts() -> None:
    late = local("2027-02-08 23:59:59")
    assert due(daily(), last_due=NINE - timedelta(days=1), now=late) == NINE
    assert due(daily(), last_due=NINE, now=late) is None


def test_yesterdays_missed_job_is_never_made_up_for() -> None:
    assert due(daily(), last_due=None, now=local("2027-02-09 00:00")) is None
    assert due(daily(), last_due=NINE - timedelta(days=9), now=local("2027-02-09 08:59")) is None


def test_a_job_of_workdays_rests_at_the_weekend() -> None:
    job = daily(days=WORKDAYS)
    saturday = local("2027-02-13 12:00")
    assert due(job, last_due=None, now=saturday) is None
    assert next_due(job, last_due=None, now=saturday) == local("2027-02-15 09:00")
    assert due(job, last_due=None, now=local("2027-02-15 09:00")) == local("2027-02-15 09:00")


def test_sunday_alone_is_the_seventh_day() -> None:
    job = daily(days=frozenset({7}))
    assert next_due(job, last_due=None, now=NINE) == local("2027-02-14 09:00")


@pytest.mark.parametrize(
    ("now", "last", "expected"),
    [
        ("2027-02-08 08:00", None, "2027-02-08 09:00"),
        ("2027-02-08 09:00", "2027-02-08 09:00", "2027-02-09 09:00"),
        ("2027-02-08 12:00", "2027-02-08 09:00", "2027-02-09 09:00"),
        ("2027-02-08 12:00", "2027-02-07 09:00", "2027-02-08 09:00"),  # due already
    ],
)
def test_the_next_moment_of_a_daily_job(now: str, last: str | None, expected: str) -> None:
    last_due = local(last) if last else None
    assert next_due(daily(), last_due=last_due, now=local(now)) == local(expected)


def test_a_job_at_midnight_belongs_to_the_day_that_begins() -> None:
    job = daily("00:00")
    midnight = local("2027-02-09 00:00")
    assert due(job, last_due=None, now=midnight) == midnight
    assert due(job, last_due=midnight, now=local("2027-02-09 23:59")) is None


def test_the_day_is_that_of_the_jobs_zone() -> None:
    job = daily("23:30", "Asia/Kathmandu")
    moment = local("2027-02-08 23:30", "Asia/Kathmandu")
    assert moment == datetime(2027, 2, 8, 17, 45, tzinfo=UTC)
    assert due(job, last_due=None, now=moment + timedelta(minutes=29)) == moment
    assert due(job, last_due=None, now=moment + timedelta(minutes=30)) is None


def test_a_moment_the_clock_skips_is_due_once_after_the_gap() -> None:
    job = daily("02:30")
    assert due(job, last_due=None, now=local("2027-03-28 01:59")) is None
    moment = due(job, last_due=None, now=local("2027-03-28 04:00"))
    assert moment is not None
    assert local("2027-03-28 03:00") <= moment <= local("2027-03-28 03:30")
    assert due(job, last_due=moment, now=local("2027-03-28 23:00")) is None
    assert next_due(job, last_due=moment, now=moment) == local("2027-03-29 02:30")


def test_a_moment_the_clock_shows_twice_is_due_once() -> None:
    job = daily("02:30")
    first = local("2027-10-31 02:30")
    assert due(job, last_due=None, now=first) == first
    second = local("2027-10-31 02:30", fold=1)
    assert due(job, last_due=first, now=second) is None
    assert due(job, last_due=first, now=second + timedelta(hours=1)) is None


def test_in_the_repeated_hour_the_next_moment_still_lies_ahead() -> None:
    first, repeated = local("2027-10-31 02:30"), local("2027-10-31 02:10", fold=1)
    assert next_due(daily("02:30"), last_due=first, now=repeated) == local("2027-11-01 02:30")


def test_an_evening_the_clock_skips_does_not_swallow_the_next_evening() -> None:
    job = daily("23:30", "America/Nuuk")  # on 27 March 2027 the clock goes from 23:00 to 24:00
    made_up = due(job, last_due=None, now=local("2027-03-28 12:00", "America/Nuuk"))
    assert made_up == local("2027-03-28 00:00", "America/Nuuk")
    evening = local("2027-03-28 23:30", "America/Nuuk")
    assert due(job, last_due=made_up, now=evening) == evening


def test_a_clock_set_back_makes_a_last_run_in_the_future_count_as_none() -> None:
    tomorrow = NINE + timedelta(days=1)
    assert due(daily(), last_due=tomorrow, now=NINE + timedelta(hours=1)) == NINE
    assert due(Job("job", Every(timedelta(hours=1))), last_due=tomorrow, now=NINE) == NINE


def test_a_repeating_job_is_due_at_once_and_then_at_its_interval() -> None:
    job = Job("job", Every(timedelta(minutes=30)))
    assert due(job, last_due=None, now=NINE) == NINE
    assert due(job, last_due=NINE, now=NINE + timedelta(minutes=29, seconds=59)) is None
    half_past = NINE + timedelta(minutes=30)
    assert due(job, last_due=NINE, now=half_past) == half_past
    assert next_due(job, last_due=NINE, now=NINE + timedelta(minutes=1)) == half_past


def test_a_repeating_job_missed_many_times_is_due_once() -> None:
    job = Job("job", Every(timedelta(minutes=30)))
    later = NINE + timedelta(days=3)
    assert due(job, last_due=NINE, now=later) == later
    assert due(job, last_due=later, now=later) is None


@settings(max_examples=150, deadline=None)
@given(
    now=st.integers(0, 365 * 24 * 60).map(lambda minute: NEW_YEAR + timedelta(minutes=minute)),
    at=st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    zone=st.sampled_from(ZONES),
    days=st.sets(st.integers(1, 7), min_size=1),
)
def test_the_next_moment_is_ahead_and_due_when_it_comes(
    now: datetime, at: time, zone: str, days: set[int]
) -> None:
    job = Job("job", Daily(at, zone, frozenset(days)))
    ready = due(job, last_due=None, now=now)
    if ready is not None:
        assert ready <= now
        assert ready.astimezone(ZoneInfo(zone)).date() == now.astimezone(ZoneInfo(zone)).date()
        assert due(job, last_due=ready, now=now) is None
    moment = next_due(job, last_due=ready, now=now)
    assert moment > now
    assert moment - now <= timedelta(days=8, hours=2)
    assert due(job, last_due=ready, now=moment) == moment
