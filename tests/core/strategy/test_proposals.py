"""Proposals: only on evidence that would survive a few different answers, and never to send more."""

from datetime import date, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingagents.core.reporting.daily_metrics import DayFigures
from ingagents.core.strategy.proposals import CurrentStrategy, Proposal, propose, wilson_interval

CURRENT = CurrentStrategy(
    quality_threshold=6.0, allocation_strategy="quality_priority", daily_limit=45
)
LIMIT = "outreach.rate_limiting.daily_limit"
THRESHOLD = "lead_finder.quality_threshold"
ALLOCATION = "sales_manager.allocation_strategy"


def days(number: int = 14, **counts: Any) -> list[DayFigures]:
    first = date(2027, 2, 1)
    return [
        msgspec.structs.replace(DayFigures.empty(first + timedelta(days=n)), **counts)
        for n in range(number)
    ]


def proposed(
    history: list[DayFigures],
    by_classification: dict[str, tuple[int, int]] | None = None,
    current: CurrentStrategy = CURRENT,
) -> dict[str, Proposal]:
    found = propose(history, by_classification or {}, current)
    assert len(found.proposals) + len(found.reasons) == 3
    return {proposal.setting: proposal for proposal in found.proposals}


@pytest.mark.parametrize(
    ("hits", "tries", "low", "high"),
    [
        (0, 0, 0.0, 1.0),
        (0, 10, 0.0, 0.2775),
        (1, 10, 0.0179, 0.4042),
        (5, 10, 0.2366, 0.7634),
        (10, 10, 0.7225, 1.0),
        (10, 100, 0.0552, 0.1744),
    ],
)
def test_the_interval_is_wilsons(hits: int, tries: int, low: float, high: float) -> None:
    interval = wilson_interval(hits, tries)
    assert interval.low == pytest.approx(low, abs=1e-4)
    assert interval.high == pytest.approx(high, abs=1e-4)


@given(tries=st.integers(0, 10_000), hits=st.integers(0, 10_000))
def test_an_interval_always_holds_its_share(tries: int, hits: int) -> None:
    interval = wilson_interval(hits, tries)
    assert 0 <= interval.low <= interval.high <= 1
    if 0 < hits <= tries:
        assert interval.low - 1e-12 <= hits / tries <= interval.high + 1e-12


def test_nothing_is_proposed_on_nothing_and_the_reasons_say_so() -> None:
    found = propose([], {}, CURRENT)
    assert found.proposals == ()
    assert len(found.reasons) == 3
    assert all("needed" in reason for reason in found.reasons)


def test_a_good_fortnight_proposes_nothing() -> None:
    history = days(messages_sent=40, positive_responses=4, queue_size=200, sponsors=5, speakers=5)
    assert proposed(history, {"Speaker": (300, 30), "Sponsor": (260, 26)}) == {}


@pytest.mark.parametrize(
    ("counts", "speaks"),
    [
        ({"messages_sent": 40, "refused": 20}, True),
        ({"messages_sent": 40, "refused": 2}, False),
        ({"messages_sent": 1, "refused": 1}, False),
        ({"messages_sent": 40, "opt_outs": 3}, True),
        ({"messages_sent": 40, "opt_outs": 1}, False),
    ],
)
def test_complaints_speak_for_sending_less(counts: dict[str, int], speaks: bool) -> None:
    found = proposed(days(queue_size=200, **counts))
    assert (LIMIT in found) is speaks
    if speaks:
        assert (found[LIMIT].current, found[LIMIT].proposed) == (45, 30)
        assert " of " in found[LIMIT].evidence


def test_a_bad_share_of_few_sends_is_not_yet_a_complaint() -> None:
    """10 of 60 is 17 %, but the true share may well be below the tolerated 10 %."""
    assert LIMIT not in proposed(days(5, messages_sent=10, refused=2, queue_size=200))


def test_a_small_limit_is_not_made_smaller_still() -> None:
    least = msgspec.structs.replace(CURRENT, daily_limit=5)
    assert LIMIT not in proposed(days(messages_sent=40, refused=20), current=least)


def test_when_leads_run_out_the_threshold_may_fall() -> None:
    found = proposed(days(messages_sent=40, positive_responses=4, queue_size=3))
    assert (found[THRESHOLD].current, found[THRESHOLD].proposed) == (6.0, 5.5)


def test_when_plenty_wait_and_nobody_is_glad_the_threshold_may_rise() -> None:
    found = proposed(days(messages_sent=40, positive_responses=0, queue_size=400))
    assert (found[THRESHOLD].current, found[THRESHOLD].proposed) == (6.0, 6.5)


@pytest.mark.parametrize(
    ("history", "threshold"),
    [
        (days(4, messages_sent=40, queue_size=3), 6.0),
        (days(messages_sent=40, positive_responses=0, queue_size=3), 6.0),
        (days(messages_sent=2, positive_responses=0, queue_size=400), 6.0),
        (days(messages_sent=40, positive_responses=4, queue_size=3), 1.0),
        (days(messages_sent=40, positive_responses=0, queue_size=400), 10.0),
    ],
    ids=[
        "four days are too few",
        "no leads and no joy contradict each other",
        "28 contacts are too few",
        "it is at its bottom",
        "it is at its top",
    ],
)
def test_otherwise_the_threshold_stays(history: list[DayFigures], threshold: float) -> None:
    current = msgspec.structs.replace(CURRENT, quality_threshold=threshold)
    assert THRESHOLD not in proposed(history, current=current)


def test_only_the_last_fourteen_days_count() -> None:
    old = days(20, messages_sent=40, refused=40)
    recent = days(14, messages_sent=40, queue_size=200, positive_responses=4)
    assert proposed([*old, *recent]) == {}


@pytest.mark.parametrize(
    ("strategy", "by_classification", "expected"),
    [
        ("quality_priority", {"Speaker": (190, 20), "Sponsor": (10, 1)}, "balanced"),
        ("quality_priority", {"Speaker": (190, 20)}, "balanced"),
        ("quality_priority", {"Speaker": (100, 20), "Sponsor": (100, 1)}, None),
        ("quality_priority", {"Speaker": (40, 20), "Sponsor": (1, 1)}, None),
        ("balanced", {"Speaker": (100, 20), "Sponsor": (100, 1)}, "quality_priority"),
        ("balanced", {"Speaker": (100, 20), "Sponsor": (100, 15)}, None),
        ("balanced", {"Speaker": (100, 20), "Sponsor": (29, 0)}, None),
        ("oldest_first", {"Speaker": (100, 20), "Sponsor": (100, 1)}, None),
    ],
)
def test_the_allocation_follows_what_is_known_of_both_kinds(
    strategy: str, by_classification: dict[str, tuple[int, int]], expected: str | None
) -> None:
    current = msgspec.structs.replace(CURRENT, allocation_strategy=strategy)
    found = proposed(days(speakers=5, sponsors=5), by_classification, current)
    assert (found[ALLOCATION].proposed if ALLOCATION in found else None) == expected


def test_a_kind_that_is_not_found_is_not_neglected() -> None:
    assert ALLOCATION not in proposed(days(speakers=5, sponsors=0), {"Speaker": (190, 20)})


def test_a_proposal_is_plain_data() -> None:
    found = proposed(days(messages_sent=40, refused=20, queue_size=200))
    plain = found[LIMIT].to_dict()
    assert list(plain) == ["setting", "from", "to", "why", "evidence"]
    assert (plain["from"], plain["to"]) == (45, 30)


counts = st.integers(min_value=0, max_value=200)


@given(
    history=st.lists(
        st.builds(
            DayFigures,
            day=st.just(date(2027, 2, 1)),
            avg_quality_score=st.none(),
            **{
                name: counts
                for name in DayFigures.__struct_fields__
                if name not in {"day", "avg_quality_score"}
            },
        ),
        max_size=20,
    ),
    contacted=st.integers(0, 500),
    positive=st.integers(0, 500),
)
def test_nothing_ever_proposes_to_send_more(
    history: list[DayFigures], contacted: int, positive: int
) -> None:
    found = proposed(history, {"Speaker": (contacted, positive), "Other": (9, 9)})
    assert LIMIT not in found or float(found[LIMIT].proposed) < 45
