"""How a new account's limits rise, and that they never exceed those of the settings."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest

from ingagents.core.sending.warm_up import FIRST_WEEK, MORE_EACH_WEEK, warmed_up
from tests.core.send_facts import RULES

LIMITS = msgspec.structs.replace(RULES, daily_limit=20, weekly_limit=100, message_daily_limit=50)
BEGINS = date(2027, 3, 1)
MORNING = datetime(2027, 3, 1, 8, tzinfo=UTC)


def test_an_account_of_old_has_its_limits_at_once() -> None:
    assert warmed_up(LIMITS, None, MORNING) is LIMITS


@pytest.mark.parametrize(
    ("days", "daily"),
    [
        (-1, 0),
        (0, FIRST_WEEK),
        (6, FIRST_WEEK),
        (7, FIRST_WEEK + MORE_EACH_WEEK),
        (14, FIRST_WEEK + 2 * MORE_EACH_WEEK),
        (21, 20),
        (400, 20),
    ],
)
def test_each_week_it_may_do_more(days: int, daily: int) -> None:
    rules = warmed_up(LIMITS, BEGINS, MORNING + timedelta(days=days))
    assert rules.daily_limit == daily
    assert rules.weekly_limit <= LIMITS.weekly_limit
    assert rules.message_daily_limit <= LIMITS.message_daily_limit


def test_the_week_and_the_messages_rise_with_the_days() -> None:
    rules = warmed_up(LIMITS, BEGINS, MORNING)
    assert rules.weekly_limit == FIRST_WEEK * len(LIMITS.hours.days)
    assert rules.message_daily_limit == 2 * FIRST_WEEK


def test_limits_below_the_ramp_stay_as_they_are() -> None:
    small = msgspec.structs.replace(LIMITS, daily_limit=3)
    assert warmed_up(small, BEGINS, MORNING) is small
