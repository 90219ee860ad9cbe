"""What asking a model and accepting its answer have in common: quotes, and what it cost."""

from __future__ import annotations

from importlib import resources
from typing import Any

import pytest

from ingagents.core.llm.answers import paid_for, quoted
from ingagents.core.llm.prompts import file_of, parse_prompt
from ingagents.model import (
    ModelAnswer,
    ModelTask,
)

FOLDER = resources.files("ingagents") / "templates" / "prompts"
PROMPTS = {
    task: parse_prompt(task, (FOLDER / file_of(task)).read_text("utf-8")) for task in ModelTask
}


def answered(data: Any = None, **more: Any) -> ModelAnswer:
    return ModelAnswer(data=data, provider="openai", model="small-1", **more)


@pytest.mark.parametrize(
    ("evidence", "text", "is_quoted"),
    [
        ("Head of   SALES", "head-of-sales, EMEA", True),
        ("Café", "Cafe owner", True),
        ("sale", "head of sales", False),
        ("it", "head of it", False),
        ("", "anything", False),
        ("...", "a ... b", False),
        ("head sales", "head of sales", False),
    ],
)
def test_what_counts_as_quoted(evidence: str, text: str, is_quoted: bool):
    assert quoted(evidence, text) is is_quoted


def test_a_price_nobody_knows_is_not_zero():
    assert "cost_usd" not in paid_for(answered())
    assert paid_for(answered(cached=True, cost_usd=0.0)) == {
        "input_tokens": 0, "output_tokens": 0, "seconds": 0.0, "cost_usd": 0.0, "cached": True,
    }  # fmt: skip
