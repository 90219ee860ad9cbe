"""What a question to a language model costs: before the call at most, after it really.

Prices change without asking us. The table below is what the vendors published by `PRICES_DATE`,
for prompts of ordinary length; check it against your own bill, and correct it in `[llm.prices]`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from datetime import date
from typing import Literal

import msgspec

from ingagents.model import ModelTask, ProviderName, Question

PRICES_DATE = date(2026, 11, 22)


class Price(msgspec.Struct, frozen=True):
    """USD for a million tokens: read anew, read from the vendor's prompt cache, written."""

    input: float
    cached_input: float
    output: float


PRICES: Mapping[str, Price] = {
    "gpt-6-luna": Price(0.10, 0.01, 0.50),
    "gpt-6-sol": Price(2.0, 0.20, 10.0),
    "gpt-6.1-sol": Price(2.0, 0.10, 10.0),
    "gpt-6-astra": Price(10.0, 1.0, 50.0),
    "gpt-5.6-luna": Price(0.20, 0.02, 1.20),
    "gpt-5.6-terra": Price(2.0, 0.20, 12.0),
    "claude-haiku-5-5": Price(0.10, 0.01, 0.50),
    "claude-sonnet-5-5": Price(2.0, 0.20, 10.0),
    "claude-opus-5-5": Price(4.0, 0.20, 20.0),
    "claude-opus-5": Price(5.0, 0.50, 25.0),
    "claude-sonnet-4-6": Price(3.0, 0.30, 15.0),
    "claude-haiku-4-5": Price(1.0, 0.10, 5.0),
}
"""List prices, read from the vendors' model pages and repeated by several price trackers. Very long
prompts (above 100,000 tokens) cost more; ours never get there."""

_CHEAP: Mapping[ProviderName, str] = {"openai": "gpt-6-luna", "anthropic": "claude-haiku-5-5"}
_STRONG: Mapping[ProviderName, str] = {"openai": "gpt-6-sol", "anthropic": "claude-sonnet-5-5"}
_FOR_THE_STRONG = frozenset({ModelTask.ALLOCATION, ModelTask.REPORT, ModelTask.STRATEGY})

_BYTES_PER_TOKEN = 2.5
_FRAME_TOKENS = 60
_CACHE_WRITE_SURCHARGE = 0.25
"""Both vendors bill a token written to their prompt cache at 1.25 times the price of input."""


class TokenUse(msgspec.Struct, frozen=True, kw_only=True):
    """Tokens of one call. `input` counts all that was read; `cached` and `written` are parts of it.

    `written` went into the vendor's prompt cache, `cached` came out of it. `output` includes what
    the model thought and did not say.
    """

    input: int = 0
    cached: int = 0
    written: int = 0
    output: int = 0


class Budgets(msgspec.Struct, frozen=True, kw_only=True):
    """What may be spent at most, in USD. `task` is the task's own day budget, None: no own one."""

    daily: float
    lead: float
    task: float | None = None


class Spent(msgspec.Struct, frozen=True, kw_only=True):
    """What is spent or reserved already, in USD: today, today for the task, on the dearest lead."""

    today: float = 0.0
    task: float = 0.0
    lead: float = 0.0


class Allowed(msgspec.Struct, frozen=True, kw_only=True):
    """The call may be made."""


class OverBudget(msgspec.Struct, frozen=True, kw_only=True):
    """The call may not be made; `reason` says which budget it would break, and by what."""

    budget: Literal["daily", "task", "lead"]
    reason: str


def default_model(provider: ProviderName, task: ModelTask) -> str:
    """The model for a task when no setting names one: cheap, but strong for the manager's."""
    return (_STRONG if task in _FOR_THE_STRONG else _CHEAP)[provider]


def price_of(model: str, own: Mapping[str, Price] | None = None) -> Price | None:
    """The price of a model: the user's own, else the table's; None when nobody knows it."""
    return (own or {}).get(model) or PRICES.get(model)


def estimate_tokens(text: str) -> int:
    """At least as many tokens as a model will read: one for each 2.5 bytes of UTF-8.

    The vendors speak of about four characters a token in English; other languages, JSON and newer
    tokenisers have fewer, which is what the lower figure leaves room for. Only the vendor's own
    count, told with the answer, is exact; it replaces this one.
    """
    return math.ceil(len(text.encode("utf-8", "replace")) / _BYTES_PER_TOKEN)


def question_tokens(question: Question) -> int:
    """At least as many tokens as the whole question has, its schema and the frame included."""
    schema = json.dumps(question.schema, ensure_ascii=False, default=str)
    return _FRAME_TOKENS + estimate_tokens(question.system + question.user + schema)


def highest_cost(price: Price | None, question: Question, *, max_output_tokens: int) -> float:
    """What the call costs in USD at most; 0 for a model whose price nobody knows."""
    if price is None:
        return 0.0
    read = question_tokens(question)
    return cost_of(price, TokenUse(input=read, written=read, output=max_output_tokens)) or 0.0


def cost_of(price: Price | None, used: TokenUse) -> float | None:
    """What a call cost in USD; None for a model whose price nobody knows."""
    if price is None:
        return None
    cached = min(used.cached, used.input)
    written = min(used.written, used.input - cached)
    fresh = used.input - cached + written * _CACHE_WRITE_SURCHARGE
    millions = fresh * price.input + cached * price.cached_input + used.output * price.output
    return millions / 1_000_000


def budget_verdict(
    cost: float, spent: Spent, budgets: Budgets, *, leads: int
) -> Allowed | OverBudget:
    """Whether a call of this cost still fits. Its cost is shared evenly by the `leads` it is about.

    A call that costs nothing (a model of your own, without a price) always fits.
    """
    if cost <= 0:
        return Allowed()
    share = cost / leads if leads else 0.0
    limits: tuple[tuple[Literal["daily", "task", "lead"], str, float, float, float | None], ...] = (
        ("daily", "the day's budget", cost, spent.today, budgets.daily),
        ("task", "the task's budget of the day", cost, spent.task, budgets.task),
        ("lead", "the budget of one lead", share, spent.lead, budgets.lead if leads else None),
    )
    for budget, name, more, before, limit in limits:
        if limit is not None and before + more > limit:
            return OverBudget(
                budget=budget,
                reason=f"{name} is {limit:.4g} USD, {before:.4g} are spent or reserved,"
                f" and this call may cost {more:.2g}",
            )
    return Allowed()
