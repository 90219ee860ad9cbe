"""Measuring by hand-counted cases, and reading labelled files whoever wrote them."""

from __future__ import annotations

import pytest

from ingagents.core.evaluation.datasets import read_labelled
from ingagents.core.evaluation.metrics import Answer, Case, between, disagreements, measure
from ingagents.model import Profile

CASES = [
    Case(shown="one", label="a"),
    Case(shown="two", label="a", also=("b",)),
    Case(shown="three", label="b"),
    Case(shown="four", label="b"),
]


def said(*labels: str, confidence: float = 0.5) -> list[Answer]:
    return [Answer(label=label, confidence=confidence, by="test", why=label) for label in labels]


def test_figures_counted_by_hand():
    measured = measure(CASES, said("a", "b", "b", "a", confidence=0.75))
    assert (measured.cases, measured.accuracy) == (4, 0.5)
    assert measured.accuracy_with_alternatives == 0.75
    assert measured.macro_f1 == 0.5
    assert measured.macro_f1_with_alternatives == pytest.approx(0.7333, abs=1e-4)
    assert measured.confusion == {"a": {"a": 1, "b": 1}, "b": {"a": 1, "b": 1}}
    assert (measured.labels["a"].precision, measured.labels["a"].recall) == (0.5, 0.5)
    assert [(one.low, one.cases, one.right) for one in measured.bins] == [(0.7, 4, 0.75)]
    assert measured.ece == 0.0
    assert measured.brier == pytest.approx((3 * 0.0625 + 0.5625) / 4, abs=1e-4)


def test_overconfidence_shows_in_the_calibration():
    measured = measure(CASES, said("b", "a", "a", "b", confidence=1.0))
    assert measured.ece == 0.5
    assert measured.brier == 0.5
    assert measured.bins[0].low == 0.9


def test_nothing_measured_is_no_error():
    assert measure([], []).cases == 0


def test_disagreements_are_listed_the_most_confident_first():
    answers = [*said("b", confidence=0.2), *said("b", "a", confidence=0.9), *said("b")]
    found = disagreements(CASES, answers)
    assert [(one.shown, one.said, one.expected) for one in found] == [
        ("three", "a", "b"),
        ("one", "b", "a"),
    ]
    assert [one.shown for one in between(CASES, answers, said("b", "a", "a", "b"))] == ["two"]


@pytest.mark.parametrize(
    ("row", "label", "profile"),
    [
        ({"headline": "CTO", "company": "Sample", "label": "Speaker"}, "Speaker",
         Profile(position="CTO", company="Sample")),
        ({"Title": "CTO", "Classification": "SPEAKER", "id": "1"}, "Speaker",
         Profile(position="CTO")),
        ({"headline": "", "label": "Speaker"}, None, None),
        ({"headline": "CTO", "label": "good"}, None, None),
        ({"text": "hello", "label": "Speaker"}, None, None),
        ({}, None, None),
        ({"headline": None, "label": "Speaker"}, None, None),
    ],
)  # fmt: skip
def test_people_are_read_from_columns_of_several_names(row, label, profile):
    found = read_labelled("classify", [row])
    assert [one.case.label for one in found] == ([label] if label else [])
    assert [one.profile for one in found] == ([profile] if label else [])


@pytest.mark.parametrize(
    ("row", "label", "also"),
    [
        ({"text": "no", "intent": "opt_out", "intent_core4": "not_interested", "core4_ok": ""},
         "not_interested", ()),
        ({"text": "hm", "intent_core4": "unclear", "core4_ok": "interested|not_interested"},
         "unclear", ("interested", "not_interested")),
        ({"reply": "later", "intent": "not_now", "intent_ok": "unclear"},
         "not_interested", ("unclear",)),
        ({"Text": "nice", "Sentiment": "Positive"}, "interested", ()),
        ({"text": "price?", "sentiment": "neutral", "intent_ok": "requesting_info"},
         "requesting_info", ("requesting_info",)),
        ({"text": "x", "label": "good"}, None, ()),
        ({"text": "x", "intent": "dance"}, None, ()),
    ],
)  # fmt: skip
def test_replies_are_read_with_their_alternatives(row, label, also):
    found = read_labelled("replies", [row])
    assert [one.case.label for one in found] == ([label] if label else [])
    assert [one.case.also for one in found] == ([also] if label else [])


@pytest.mark.parametrize(
    ("label", "expected"),
    [("good", ["fit"]), ("bad:pitch", ["unfit"]), ("unfit", ["unfit"]), ("Speaker", [])],
)
def test_messages_are_fit_or_not(label: str, expected: list[str]):
    found = read_labelled("messages", [{"text": "Hi Ada", "label": label}])
    assert [one.case.label for one in found] == expected
