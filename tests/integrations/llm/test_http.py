"""Finding JSON in what models say, and counting tokens in what servers tell."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingagents.integrations.llm.adapter import tokens_of
from ingagents.integrations.llm.text import data_of, schema_in_words


@pytest.mark.parametrize(
    ("text", "data", "bare"),
    [
        ('{"a": 1}', {"a": 1}, True),
        ('  {"a": 1}\n', {"a": 1}, True),
        ('```json\n{"a": 1}\n```', {"a": 1}, False),
        ('```\n{"a": 1}\n```', {"a": 1}, False),
        ('Sure! {"a": {"b": [1, 2]}} Anything else?', {"a": {"b": [1, 2]}}, False),
        ('Use {braces} so: {"a": 1}', {"a": 1}, False),
        ('{"a": 1', None, True),  # it tried
        ('{"a": 1} and more', {"a": 1}, False),
        ('{"a": NaN}', None, True),
        ('{"a": "\\ud83d"}', None, True),  # half an emoji: no store holds it
        ("[1, 2]", None, False),
        ("I cannot say.", None, False),
        ("", None, False),
        ("{" * 5000, None, True),
        ("x " + "{" * 5000, None, False),
        ('x {"a": ' + "[" * 100_000, None, False),
        ('{"a": "' + "x" * 300_000 + '"}', None, True),
    ],
)
def test_the_object_in_a_text_is_found_wherever_it_stands(text: str, data: Any, bare: bool) -> None:
    assert data_of(text) == (data, bare)


@given(st.text(alphabet='{}[]":,ab1\\`\n ', max_size=300))
def test_no_text_breaks_the_search(text: str) -> None:
    found, _ = data_of(text)
    assert found is None or isinstance(found, dict)


@pytest.mark.parametrize(
    ("usage", "tokens"),
    [
        ({"a": {"b": 5}}, 5),
        ({"a": {"b": -5}}, 0),
        ({"a": {"b": True}}, 0),
        ({"a": {"b": "5"}}, 0),
        ({"a": {"b": None}}, 0),
        ({"a": None}, 0),
        ({}, 0),
        ({"a": {"b": 10**30}}, 100_000_000),
    ],
)
def test_a_count_is_a_count_or_nothing(usage: Any, tokens: int) -> None:
    assert tokens_of(usage, "a", "b") == tokens


def test_the_schema_in_words_holds_the_whole_schema() -> None:
    assert '{"type":"object","title":"é"}' in schema_in_words({"type": "object", "title": "é"})
