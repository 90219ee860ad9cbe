"""Two facts beside each other: whether they are ever told together, and what they say differently."""

from datetime import date
from typing import Any

import pytest

from ingagents.core.facts.disagreements import (
    compared,
    disagreement,
    never_together,
    says_the_same,
)
from ingagents.model import Fact

FEBRUARY = date(2027, 2, 1)


def fact(**changes: Any) -> Fact:
    return Fact(**{"id": "one", "text": {"": "A talk lasts 25 minutes."}, **changes})


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        ({"": "A talk lasts 25 minutes."}, {"": "A talk lasts 40 minutes."}, "one says 25"),
        ({"": "A talk lasts 25 minutes."}, {"de": "Ein Vortrag dauert 40 Minuten."}, ""),
        (
            {"en": "Lunch is free.", "de": "Eine Karte kostet 9 Euro."},
            {"en": "Lunch is free.", "de": "Eine Karte kostet 8 Euro."},
            "one says 9, the other 8",
        ),
        ({"": "Lunch is free."}, {"": "Lunch is not free."}, "one says what the other denies"),
    ],
)
def test_texts_of_one_language_are_compared_and_each_language_is(one, other, said):
    first, second = compared(fact(text=one)), compared(fact(text=other))
    assert disagreement(first, second).startswith(said)
    assert bool(disagreement(first, second)) is bool(said)
    assert bool(disagreement(second, first)) is bool(said)


def test_the_same_words_say_the_same_and_disagree_in_nothing():
    one = compared(fact(text={"": "A talk lasts 25 minutes. A keynote talk lasts 40 minutes."}))
    assert says_the_same(one, one)
    assert disagreement(one, one) == ""


@pytest.mark.parametrize(
    ("one", "other", "never"),
    [
        ({"kinds": ("Speaker",)}, {"kinds": ("Sponsor",)}, True),
        ({"kinds": ("Speaker", "Sponsor")}, {"kinds": ("Sponsor",)}, False),
        ({"kinds": ("Speaker",)}, {}, False),
        ({"until": date(2027, 1, 31)}, {"since": FEBRUARY}, True),
        ({"until": FEBRUARY}, {"since": FEBRUARY}, False),
        ({"until": FEBRUARY}, {}, False),
    ],
)
def test_facts_for_other_people_or_other_days_never_meet(one, other, never):
    assert never_together(fact(**one), fact(**other)) is never
    assert never_together(fact(**other), fact(**one)) is never
