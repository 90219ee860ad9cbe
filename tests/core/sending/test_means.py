"""What is left of each scarce means, from where it is known, and when the next one is back."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingagents.core.rate_limiter import WEEK, Act, FullWeek, RateRules, Usage
from ingagents.core.sending.first_touch import LONGEST_MONTH, notes_of
from ingagents.core.sending.means import Mean, Scarce, means_of, told_of
from ingagents.model import DeliveryKind, WorkingHours

BERLIN = "Europe/Berlin"
ZONE = ZoneInfo(BERLIN)
NOW = datetime(2027, 2, 10, 9, 0, tzinfo=UTC)
TOMORROW = datetime(2027, 2, 10, 23, 0, tzinfo=UTC)
RULES = RateRules(
    daily_limit=45,
    weekly_limit=100,
    message_daily_limit=50,
    spread="even",
    min_interval_minutes=5,
    max_interval_minutes=15,
    hours=WorkingHours(start=time(9), end=time(17), days=frozenset(range(1, 6)), timezone=BERLIN),
)
HOUR = timedelta(hours=1)


def means(acts: list[Act] | None = None, **changes: Any) -> dict[Scarce, Mean]:
    seat, used, spent_at = (
        changes.pop(name, default)
        for name, default in (("seat", "free"), ("used", 0), ("at", None))
    )
    usage = Usage(acts=acts or [], full=changes.pop("full", None))
    given_parts: dict[str, Any] = {
        "notes": notes_of(seat, written=[NOW] * used, spent_at=spent_at, now=NOW, timezone=BERLIN),
        "seat_from": "account",
        "visits": (0, 80),
        "pending": (0, 400),
        **changes,
    }
    found = means_of(NOW, usage, RULES, **given_parts)
    assert [one.what for one in found] == list(Scarce)
    return {one.what: one for one in found}


def test_each_act_uses_what_counts_it() -> None:
    acts = [
        Act(NOW - 3 * 24 * HOUR),
        Act(NOW - HOUR),
        Act(NOW - HOUR, DeliveryKind.MESSAGE, first=True),
        Act(NOW - HOUR, DeliveryKind.MESSAGE, first=False),
        Act(NOW - WEEK),
    ]
    found = means(acts, used=1, visits=(7, 80), pending=(12, 400))
    assert {what: (one.used, one.limit, one.left) for what, one in found.items()} == {
        Scarce.NOTES: (1, 5, 4),
        Scarce.INVITATIONS: (2, 100, 98),
        Scarce.INVITATIONS_TODAY: (1, 24, 23),
        Scarce.FIRST_CONTACTS: (2, 45, 43),
        Scarce.MESSAGES: (1, 50, 49),
        Scarce.PROFILE_VISITS: (7, 80, 73),
        Scarce.PENDING_INVITATIONS: (12, 400, 388),
    }
    assert found[Scarce.INVITATIONS].frees_at == NOW + 4 * 24 * HOUR
    assert found[Scarce.MESSAGES].frees_at == TOMORROW
    assert found[Scarce.NOTES].frees_at == NOW + LONGEST_MONTH
    assert found[Scarce.PENDING_INVITATIONS].frees_at is None


def test_what_is_not_used_need_not_come_back() -> None:
    assert all(one.frees_at is None for one in means().values())


@pytest.mark.parametrize(
    ("changes", "limit", "known_from"),
    [
        ({}, 5, "account"),
        ({"seat_from": "assumed"}, 5, "assumed"),
        ({"seat_from": "settings"}, 5, "settings"),
        ({"seat": "premium"}, None, "account"),
        ({"used": 3, "at": NOW}, 3, "refusal"),
        ({"used": 30, "at": NOW, "seat": "premium"}, 30, "refusal"),
    ],
)
def test_the_notes_say_from_where_their_limit_is_known(
    changes: dict[str, Any], limit: int | None, known_from: str
) -> None:
    notes = means(**changes)[Scarce.NOTES]
    assert (notes.limit, notes.known_from) == (limit, known_from)


def test_a_week_that_linkedin_called_full_is_known_from_its_refusals_and_told() -> None:
    acts = [Act(NOW - (30 - n) * HOUR) for n in range(20)]
    found = means(acts, full=FullWeek(NOW - HOUR, 20), used=5)
    week = found[Scarce.INVITATIONS]
    assert (week.used, week.limit, week.left, week.known_from) == (20, 20, 0, "refusal")
    assert week.frees_at == NOW - 30 * HOUR + WEEK
    assert told_of(found.values(), ZONE.key) == [
        "notes 5 of 5, next 2027-03-13 10:00",
        "invitations 20 of 20 (LinkedIn showed the limit), next 2027-02-16 04:00",
    ]


def test_a_day_that_is_used_up_is_no_news() -> None:
    acts = [Act(NOW - HOUR)] * 24
    assert told_of(means(acts).values(), ZONE.key) == []


@given(
    ages=st.lists(st.integers(0, 14 * 24), max_size=60),
    kinds=st.sampled_from([DeliveryKind.INVITATION, DeliveryKind.MESSAGE]),
)
def test_nothing_is_left_below_zero_and_what_frees_lies_ahead(
    ages: list[int], kinds: DeliveryKind
) -> None:
    acts = sorted(Act(NOW - age * HOUR, kinds, first=age % 2 == 0) for age in ages)
    for one in means(acts, pending=(900, 400), visits=(90, 80)).values():
        assert one.left is None or one.left >= 0
        assert one.frees_at is None or one.frees_at > NOW
