"""Who is written to as LinkedIn shows them, once somebody has looked."""

from __future__ import annotations

from typing import Any

import pytest

from ingagents.core.sending.wanted import Wanted, unwanted
from ingagents.model import Classification
from tests.factories import a_lead

PICKY = Wanted(write_to_other=False, quality_threshold=6.0)
OTHER: dict[str, Any] = {
    "classification": Classification.OTHER,
    "position": "Accountant",
    "quality_score": 7.0,
}


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        ({"quality_score": 6.0}, ""),
        ({"quality_score": 5.9, "position": "Junior Developer"}, "Junior Developer: quality 5.9"),
        (OTHER, "LinkedIn shows Accountant: kind Other"),
        ({**OTHER, "position": ""}, "LinkedIn shows no position: kind Other"),
        ({**OTHER, "contradictions": ("another name",)}, ""),
        ({"classification": None, "quality_score": 1.0}, ""),
    ],
)
def test_who_is_of_no_use_as_shown_is_not_written_to(shown: dict[str, Any], said: str) -> None:
    assert said in unwanted(a_lead(**shown), PICKY)
    assert bool(said) is bool(unwanted(a_lead(**shown), PICKY))


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        (
            {**OTHER, "position": ""},
            "no page is shown by this service, and no position is known: kind",
        ),
        (OTHER, "no page is shown by this service, and Accountant is known: kind Other"),
    ],
)
def test_nobody_says_of_a_page_that_was_never_read_what_it_shows(
    shown: dict[str, Any], said: str
) -> None:
    unread = Wanted(write_to_other=False, shows_pages=False)
    assert unwanted(a_lead(**shown), unread).startswith(said)


def test_where_everybody_is_written_to_nothing_speaks_against_anybody() -> None:
    assert unwanted(a_lead(**OTHER), Wanted()) == ""
