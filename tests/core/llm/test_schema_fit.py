"""Whether a value plausibly answers a schema."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingagents.core.llm.answers import TEXT, closed_object, list_of
from ingagents.core.llm.schema_fit import fits, fitted, says_nothing

PEOPLE = closed_object(
    people={
        "type": "array",
        "items": closed_object(
            i={"type": "integer"}, label={"type": "string", "enum": ["a", "b"]}, p={"type": "number"}
        ),
    },
    note={"type": ["string", "null"]},
)  # fmt: skip
GOOD: dict[str, Any] = {"i": 0, "label": "a", "p": 1}


@pytest.mark.parametrize(
    ("people", "fit"),
    [
        ([GOOD], True),
        ([], True),
        ([{**GOOD, "more": 1}], True),
        ([{"i": 7}, GOOD], True),
        ([{"i": 7}], False),
        ([{**GOOD, "label": "a | b"}], False),
        ([{**GOOD, "label": None}], False),
        ([{**GOOD, "p": "high"}], False),
        ([{**GOOD, "p": True}], False),
        ([{**GOOD, "i": 0.5}], False),
        (["a"], False),
        ({"0": GOOD}, False),
        ("none", False),
        (None, False),
    ],
)
def test_names_and_types_must_be_there_and_of_a_list_one_that_fits(people: Any, fit: bool) -> None:
    assert fits(PEOPLE, {"people": people, "note": ""}) is fit


@pytest.mark.parametrize(
    ("value", "fit"),
    [
        ({"people": [], "note": None}, True),
        ({"people": []}, False),
        ({}, False),
        ([], False),
        ("text", False),
        (None, False),
    ],
)
def test_what_is_required_must_be_there(value: Any, fit: bool) -> None:
    assert fits(PEOPLE, value) is fit


@given(st.recursive(st.none() | st.booleans() | st.text(max_size=3), st.lists, max_leaves=8))
def test_a_schema_that_asks_for_nothing_fits_everything(value: Any) -> None:
    assert fits({}, value)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ({"i": "0", "label": "A", "p": "0.5"}, {"i": 0, "label": "a", "p": 0.5}),
        ({"I": 0.0, "Label": " b ", "P": 1}, {"i": 0, "label": "b", "p": 1}),
        ({"i": "0.5", "label": "c", "p": "high"}, {"i": "0.5", "label": "c", "p": "high"}),
        ({"i": True, "label": None, "p": "1e3"}, {"i": True, "label": None, "p": "1e3"}),
    ],
)
def test_an_entry_is_spelt_as_the_schema_spells_it_where_it_says_the_same(
    said: dict[str, Any], meant: dict[str, Any]
) -> None:
    assert fitted(PEOPLE, {"people": [said], "note": "2"}) == {"people": [meant], "note": "2"}


def test_an_answer_about_people_without_any_says_nothing() -> None:
    assert says_nothing(PEOPLE, {"people": [], "note": ""})
    assert not says_nothing(PEOPLE, {"people": [GOOD], "note": ""})
    assert not says_nothing(closed_object(hints=list_of(TEXT)), {"hints": []})


@given(st.recursive(st.none() | st.booleans() | st.text(max_size=3), st.lists, max_leaves=8))
def test_what_fits_is_left_as_it_is(value: Any) -> None:
    assert fitted({}, value) == value
    assert fitted(PEOPLE, {"people": [GOOD], "note": value}) == {"people": [GOOD], "note": value}
