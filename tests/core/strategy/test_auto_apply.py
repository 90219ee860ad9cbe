"""Which changes may apply by themselves, and what is in force."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ingagents.core.strategy.auto_apply import (
    ALLOCATION,
    BY_ITSELF,
    DAILY_LIMIT,
    THRESHOLD,
    Kept,
    in_force,
    is_small,
    kept_id,
    rules_after,
    strategy_after,
    takes_effect,
)
from ingagents.core.strategy.proposals import CurrentStrategy, Proposal
from tests.core.test_rate_limiter import rules as rate_rules

NOW = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)


def proposal(setting: str, before: Any, after: Any) -> Proposal:
    return Proposal(setting=setting, current=before, proposed=after, why="Why.", evidence="1 of 2")


def step(setting: str, before: Any, after: Any, *, days_ago: float = 20, **changes: Any) -> Kept:
    one = proposal(setting, before, after)
    at = NOW - timedelta(days=days_ago)
    fields: dict[str, Any] = {
        "id": kept_id(one),
        "proposal": one,
        "decided_by": "rules/strategy-1",
        "at": at,
        "state": "applied",
        "settled_by": BY_ITSELF,
        "settled_at": at,
    }
    return Kept(**{**fields, **changes})


@pytest.mark.parametrize(
    ("setting", "before", "after", "small"),
    [
        (ALLOCATION, "quality_priority", "balanced", True),
        (ALLOCATION, "balanced", "random", False),
        (ALLOCATION, 1, 2, False),
        (THRESHOLD, 6.0, 6.5, True),
        (THRESHOLD, 6.0, 5.5, True),
        (THRESHOLD, 6.0, 6.6, False),
        (THRESHOLD, 6.0, 7.0, False),
        (THRESHOLD, 8.0, 8.5, False),
        (THRESHOLD, 5.0, 4.5, False),
        (THRESHOLD, 6.0, "6.5", False),
        (DAILY_LIMIT, 45, 36, True),
        (DAILY_LIMIT, 45, 35, False),
        (DAILY_LIMIT, 45, 46, False),
        (DAILY_LIMIT, 45, 45, False),
        ("outreach.message_generation_mode", "llm", "template", False),
        ("templates.speaker", "speaker-1", "a new version", False),
        ("linkedin.live", 0, 1, False),
    ],
)
def test_only_small_bounded_steps_of_the_closed_list_are_small(setting, before, after, small):
    assert is_small(proposal(setting, before, after), (), now=NOW) is small


@pytest.mark.parametrize(
    ("setting", "before", "after", "effect"),
    [
        (ALLOCATION, "balanced", "oldest_first", True),
        (THRESHOLD, 6.0, 9.0, True),
        (DAILY_LIMIT, 45, 10, True),
        (DAILY_LIMIT, 45, 50, False),
        (DAILY_LIMIT, "45", 10, False),
        ("templates.speaker", "speaker-1", "a new version", False),
    ],
)
def test_an_approved_change_is_followed_where_the_department_reads_it(
    setting, before, after, effect
):
    assert takes_effect(proposal(setting, before, after)) is effect


@pytest.mark.parametrize(("days_ago", "small"), [(13.9, False), (14.0, True)])
def test_a_setting_rests_until_all_evidence_is_from_after_the_last_step(days_ago, small):
    before = step(DAILY_LIMIT, 45, 36, days_ago=days_ago)
    assert is_small(proposal(DAILY_LIMIT, 36, 30), [before], now=NOW) is small
    assert is_small(proposal(THRESHOLD, 6.0, 6.5), [before], now=NOW) is True


def test_steps_follow_each_other_and_end_when_the_file_says_something_else():
    steps = [step(THRESHOLD, 6.0, 5.5), step(THRESHOLD, 5.5, 5.0)]
    assert in_force(THRESHOLD, 6.0, steps) == 5.0
    assert in_force(THRESHOLD, 5.5, steps) == 5.0
    assert in_force(THRESHOLD, 7.0, steps) == 7.0
    assert in_force(THRESHOLD, 6.0, steps[1:]) == 6.0
    assert in_force(DAILY_LIMIT, 6, steps) == 6


def test_the_manager_and_the_limits_follow_the_steps_and_a_limit_never_rises():
    steps = [
        step(THRESHOLD, 6.0, 5.5),
        step(ALLOCATION, "quality_priority", "balanced"),
        step(DAILY_LIMIT, 45, 36),
    ]
    current = CurrentStrategy(
        quality_threshold=6.0, allocation_strategy="quality_priority", daily_limit=45
    )
    now = strategy_after(current, steps)
    assert (now.quality_threshold, now.allocation_strategy, now.daily_limit) == (
        5.5,
        "balanced",
        36,
    )
    rules = rate_rules(daily_limit=45)
    assert rules_after(rules, steps).daily_limit == 36
    assert rules_after(rules, [step(DAILY_LIMIT, 45, 90)]).daily_limit == 45


def test_the_same_change_has_the_same_id_whoever_proposes_it():
    one = proposal(THRESHOLD, 6.0, 6.5)
    other = Proposal(
        setting=THRESHOLD, current=6.0, proposed=6.5, why="Otherwise said.", evidence="other"
    )
    assert kept_id(one) == kept_id(other) != kept_id(proposal(THRESHOLD, 6.5, 6.0))
    assert kept_id(one).startswith("strategy-")
