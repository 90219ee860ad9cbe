"""Whether a value plausibly answers a schema."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingagents.core.llm.answers import closed_object
from ingagents.core.llm.schema_fit import fits

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
