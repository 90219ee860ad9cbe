"""What a question costs, before and after, and which budgets still hold it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingagents.core.llm.pricing import (
    PRICES,
    Allowed,
    Budgets,
    OverBudget,
    Price,
    Spent,
    TokenUse,
    budget_verdict,
    cost_of,
    default_model,
    estimate_tokens,
    highest_cost,
    price_of,
    question_tokens,
)
from ingagents.model import ModelTask, Question

PRICE = Price(2.0, 0.2, 10.0)
WIDE = Budgets(daily=5.0, lead=1.0)


def a_question(**changes: Any) -> Question:
    fields: dict[str, Any] = {
        "task": ModelTask.CLASSIFY,
        "prompt_version": "classify/1",
        "system": "Say what they are.",
        "user": "<data>{}</data>",
        "schema": {"type": "object"},
    }
    return Question(**{**fields, **changes})


@pytest.mark.parametrize(
    ("used", "cost"),
    [
        (TokenUse(), 0.0),
        (TokenUse(input=1_000_000), 2.0),
        (TokenUse(output=1_000_000), 10.0),
        (TokenUse(input=1_000_000, cached=1_000_000), 0.2),
        (TokenUse(input=1_000_000, cached=500_000), 1.1),
        (TokenUse(input=1_000_000, written=1_000_000), 2.5),
        (TokenUse(input=10, cached=20), 0.000002),  # more cached than read is no reason for credit
    ],
)
def test_tokens_become_dollars(used: TokenUse, cost: float) -> None:
    assert cost_of(PRICE, used) == pytest.approx(cost)


def test_a_model_nobody_knows_has_no_cost_and_is_not_taken_for_free() -> None:
    assert price_of("my-own-model") is None
    assert cost_of(None, TokenUse(input=5, output=5)) is None
    assert highest_cost(None, a_question(), max_output_tokens=100) == 0.0


def test_the_users_price_wins_over_the_table() -> None:
    assert price_of("gpt-6-luna") == PRICES["gpt-6-luna"]
    assert price_of("gpt-6-luna", {"gpt-6-luna": PRICE}) == PRICE
    assert price_of("mine", {"mine": PRICE}) == PRICE


@pytest.mark.parametrize("provider", ["openai", "anthropic"])
@pytest.mark.parametrize("task", list(ModelTask))
def test_every_default_model_has_a_price_and_the_managers_is_dearer(
    provider: Any, task: ModelTask
) -> None:
    price = price_of(default_model(provider, task))
    assert price is not None
    cheap = price_of(default_model(provider, ModelTask.CLASSIFY))
    assert cheap is not None
    strong = task in {ModelTask.ALLOCATION, ModelTask.REPORT, ModelTask.STRATEGY}
    assert (price.output > cheap.output) is strong


@pytest.mark.parametrize(
    ("text", "roughly"),
    [  # counted by hand: a token for a short word, one for three or four letters of a long one
        ("Head of Engineering at Example GmbH in Berlin", 9),
        ("Leiterin der Abteilung für Künstliche Intelligenz und Datenverarbeitung", 18),
        ('{"name": "Ada", "position": "CTO", "company": "Acme"}', 19),
        ("人工智能研究主管", 8),
        ("", 0),
    ],
)
def test_tokens_are_never_guessed_too_low(text: str, roughly: int) -> None:
    assert roughly <= estimate_tokens(text) <= 2.5 * roughly + 1


@given(st.text(max_size=200))
def test_any_text_has_an_estimate(text: str) -> None:
    assert estimate_tokens(text) >= len(text) / 2.5
    assert question_tokens(a_question(user=text)) > estimate_tokens(text)


def test_the_schema_and_the_longest_answer_are_in_the_estimate() -> None:
    short, long = a_question(), a_question(schema={"type": "object", "title": "x" * 1000})
    assert question_tokens(long) > question_tokens(short) + 300
    cost = highest_cost(PRICE, short, max_output_tokens=1000)
    really = cost_of(PRICE, TokenUse(input=question_tokens(short), output=1000))
    assert really is not None
    assert cost >= really


@pytest.mark.parametrize(
    ("cost", "spent", "budgets", "leads", "breaks"),
    [
        (0.1, Spent(), WIDE, 0, None),
        (0.1, Spent(today=4.9), WIDE, 0, None),  # exactly used up is still within
        (0.1, Spent(today=4.95), WIDE, 0, "daily"),
        (0.1, Spent(), Budgets(daily=0.0, lead=1.0), 0, "daily"),
        (0.0, Spent(today=9.0), Budgets(daily=0.0, lead=0.0), 1, None),  # it costs nothing
        (0.1, Spent(task=0.05), Budgets(daily=5.0, lead=1.0, task=0.1), 0, "task"),
        (0.1, Spent(task=0.05), Budgets(daily=5.0, lead=1.0), 0, None),
        (0.1, Spent(lead=0.95), WIDE, 1, "lead"),
        (0.1, Spent(lead=0.95), WIDE, 2, None),  # two leads share it
        (0.1, Spent(lead=9.0), WIDE, 0, None),  # it is about no lead
    ],
)
def test_a_call_that_would_break_a_budget_is_refused_with_the_figures(
    cost: float, spent: Spent, budgets: Budgets, leads: int, breaks: str | None
) -> None:
    verdict = budget_verdict(cost, spent, budgets, leads=leads)
    if breaks is None:
        assert verdict == Allowed()
    else:
        assert isinstance(verdict, OverBudget)
        assert verdict.budget == breaks
        assert "USD" in verdict.reason
        assert "this call may cost 0." in verdict.reason
