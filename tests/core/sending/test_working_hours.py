"""Working hours and days: holidays, however many follow each other, and what is left of a day."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingagents.core.sending.working_hours import (
    closing_of,
    hours_left,
    is_open,
    next_opening,
    works_on,
)
from ingagents.model import WorkingHours

BERLIN = ZoneInfo("Europe/Berlin")
HOURS = WorkingHours(
    start=time(9),
    end=time(17),
    days=frozenset(range(1, 6)),
    timezone="Europe/Berlin",
    holidays=frozenset({date(2027, 3, 26), date(2027, 3, 29)}),
)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN).astimezone(UTC)


@pytest.mark.parametrize(
    ("at", "opens"),
    [
        ("2027-03-25 16:59", "2027-03-25 16:59"),
        ("2027-03-25 17:00", "2027-03-30 09:00"),  # Good Friday to Easter Monday
        ("2027-03-26 11:00", "2027-03-30 09:00"),
        ("2027-03-29 11:00", "2027-03-30 09:00"),
    ],
)
def test_a_holiday_is_no_working_day(at: str, opens: str) -> None:
    assert is_open(local(at), HOURS) == (at == opens)
    assert next_opening(local(at), HOURS) == local(opens)


def test_a_month_of_holidays_is_waited_for() -> None:
    july = frozenset(date(2027, 7, 1) + timedelta(days=n) for n in range(31))
    away = WorkingHours(
        start=HOURS.start, end=HOURS.end, days=HOURS.days, timezone=HOURS.timezone, holidays=july
    )
    assert next_opening(local("2027-06-30 17:00"), away) == local("2027-08-02 09:00")


@given(
    minutes=st.integers(0, 60 * 24 * 60),
    holidays=st.sets(st.dates(date(2027, 3, 1), date(2027, 4, 30)), max_size=20),
)
def test_the_next_opening_is_the_first_open_moment(minutes: int, holidays: set[date]) -> None:
    hours = WorkingHours(
        start=time(9),
        end=time(17),
        days=frozenset(range(1, 6)),
        timezone="Europe/Berlin",
        holidays=frozenset(holidays),
    )
    at = datetime(2027, 3, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    opens = next_opening(at, hours)
    assert is_open(opens, hours)
    assert works_on(opens.astimezone(BERLIN).date(), hours)
    between = [at + timedelta(hours=n) for n in range(int((opens - at) / timedelta(hours=1)))]
    assert not any(is_open(one, hours) for one in between if one < opens and one != at)


@pytest.mark.parametrize(
    ("at", "left"),
    [
        ("2027-03-25 06:00", 1.0),
        ("2027-03-25 09:00", 1.0),
        ("2027-03-25 13:00", 0.5),
        ("2027-03-25 17:00", 0.0),
        ("2027-03-26 10:00", 0.0),
    ],
)
def test_what_is_left_of_a_days_hours(at: str, left: float) -> None:
    assert hours_left(local(at), HOURS) == left


def test_a_day_that_lasts_until_24_closes_at_the_next_days_first_moment() -> None:
    late = WorkingHours(start=time(9), end=None, days=HOURS.days, timezone=HOURS.timezone)
    assert closing_of(date(2027, 3, 25), late) == local("2027-03-26 00:00")
