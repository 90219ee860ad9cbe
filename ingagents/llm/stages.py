"""What a question passes before it leaves (cache, budgets, throttle), and the values it carries."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import anyio
import msgspec

from ingagents.context import Context
from ingagents.core.llm.circuit_breaker import BreakerRules
from ingagents.core.llm.pricing import Budgets, OverBudget, Price, highest_cost, price_of
from ingagents.core.sending.working_hours import start_of_day
from ingagents.errors import ModelUnavailable
from ingagents.llm.breakers import AGENT
from ingagents.log import narrator
from ingagents.model import ModelAnswer, ModelTask, ProviderAnswer, ProviderSettings, Question
from ingagents.model.llm import Effort
from ingagents.ports import ModelProvider, Transaction
from ingagents.store.tables import llm_spend

log = narrator()


@dataclass(frozen=True, kw_only=True)
class Server:
    """One server of models. `name` tells it from the others, for people and in the database."""

    name: str
    provider: ModelProvider
    vendor: str = ""
    """Whose dialect it speaks."""


@dataclass(frozen=True, kw_only=True)
class Route:
    """One way to have a task done: where, and with which model and settings."""

    server: Server
    model: str
    effort: Effort = ""
    max_output_tokens: int = 0
    """0: as many as the question asks for."""
    thinking_tokens: int = 0
    """Room for what the model thinks, on top of what it says."""

    def settings(self, question: Question) -> ProviderSettings:
        """How a question is asked on this way."""
        said = self.max_output_tokens or question.max_output_tokens
        return ProviderSettings(
            model=self.model, max_output_tokens=said + self.thinking_tokens, effort=self.effort
        )


@dataclass(frozen=True, kw_only=True)
class ModelPolicy:
    """What may be asked, kept and spent. Budgets are in USD; a day is the campaign's."""

    cache_ttl: timedelta
    daily_budget_usd: float
    lead_budget_usd: float
    task_budgets_usd: Mapping[ModelTask, float]
    prices: Mapping[str, Price]
    timezone: str
    requests_per_minute: float
    max_at_once: int
    breaker: BreakerRules = field(default_factory=BreakerRules)

    def price(self, model: str) -> Price | None:
        """The price of a model, the user's own before ours; None when nobody knows it."""
        return price_of(model, self.prices)


class Once:
    """What is said once in a process's life, by its subject."""

    def __init__(self) -> None:
        self._said: set[str] = set()

    def __call__(self, subject: str) -> bool:
        new = subject not in self._said
        self._said.add(subject)
        return new


@dataclass(frozen=True, kw_only=True)
class AnswerCache:
    """Answers are kept for a while; two people never get the same message out of it."""

    context: Context
    policy: ModelPolicy

    async def find(self, question: Question, routes: Sequence[Route]) -> ModelAnswer | None:
        """What is kept of this question, on the way that is preferred among those that know it."""
        if not self._keeps(question):
            return None
        now = self.context.clock.now()

        def look(transaction: Transaction) -> tuple[Route, Any] | None:
            for route in routes:
                kept = llm_spend.kept_answer(transaction, _key(question, route), now=now)
                if kept is not None:
                    return route, kept
            return None

        if (found := await self.context.store.read(look)) is None:
            return None
        route, kept = found
        call = call_of(self.context, self.policy, question, route, usd=0.0)
        await self.context.store.write(lambda t: llm_spend.note_cached(t, call))
        return ModelAnswer(
            data=kept["data"],
            text=kept["text"],
            provider=route.server.name,
            model=route.model,
            cost_usd=0.0,
            cached=True,
        )

    def keep(
        self, transaction: Transaction, question: Question, route: Route, answer: ProviderAnswer
    ) -> None:
        """Keep an answer that can be used."""
        if self._keeps(question):
            now = self.context.clock.now()
            value, until = {"data": answer.data, "text": answer.text}, now + self.policy.cache_ttl
            llm_spend.keep_answer(transaction, _key(question, route), value, now=now, until=until)

    def _keeps(self, question: Question) -> bool:
        return question.task is not ModelTask.MESSAGE and self.policy.cache_ttl > timedelta()


async def reserve(
    context: Context, policy: ModelPolicy, question: Question, route: Route, *, first_time: Once
) -> llm_spend.Call:
    """Reserve a call's highest cost.

    Raises:
        ModelUnavailable: a budget does not hold it.
    """
    price, midnight = policy.price(route.model), start_of_day(context.clock.now(), policy.timezone)
    most = route.settings(question).max_output_tokens
    cost = highest_cost(price, question, max_output_tokens=most)
    call = call_of(context, policy, question, route, usd=cost)
    if price is None and first_time(f"price {route.model}"):
        log.warning(
            "model.price_unknown",
            model=route.model,
            remedy="its tokens are counted, its cost is not; set it in [llm.prices]",
        )
    budgets = Budgets(
        daily=policy.daily_budget_usd,
        lead=policy.lead_budget_usd,
        task=policy.task_budgets_usd.get(question.task),
    )
    verdict = await context.store.write(
        lambda t: llm_spend.reserve(t, call, budgets=budgets, since=midnight)
    )
    if isinstance(verdict, OverBudget):
        if first_time(f"{verdict.budget} {midnight}"):
            log.warning("model.over_budget", task=question.task.value, why=verdict.reason)
        raise ModelUnavailable(
            f"no model is asked: {verdict.reason}",
            "the rules decide; raise the budget in [llm]",
            service=AGENT,
        )
    return call


class Throttle:
    """So many questions at once, and evenly: a server's minute is never overdrawn."""

    def __init__(self, context: Context, policy: ModelPolicy) -> None:
        self._clock = context.clock
        self._gap = timedelta(seconds=60 / policy.requests_per_minute)
        self.at_once = anyio.Semaphore(policy.max_at_once)
        self._next_slots: dict[str, datetime] = {}

    async def slot(self, server: str) -> None:
        """Wait for this question's turn with a server."""
        now = self._clock.now()
        slot = max(now, self._next_slots.get(server, now))
        # Taken before the wait: whoever comes meanwhile stands behind.
        self._next_slots[server] = slot + self._gap
        await self._clock.sleep_until(slot)


def call_of(
    context: Context, policy: ModelPolicy, question: Question, route: Route, *, usd: float
) -> llm_spend.Call:
    """The account's line for a question on one way."""
    return llm_spend.Call(
        id=context.new_id(),
        task=question.task,
        prompt_version=question.prompt_version,
        provider=route.server.name,
        model=route.model,
        at=context.clock.now(),
        leads=tuple(dict.fromkeys(question.about)),
        usd=usd,
        priced=policy.price(route.model) is not None,
    )


def _key(question: Question, route: Route) -> str:
    """The hash of everything the answer depends on."""
    asked = (
        question.task,
        question.prompt_version,
        route.server.name,
        route.settings(question),
        question.system,
        question.user,
        question.schema,
    )
    encoded = msgspec.json.encode(asked, order="deterministic")
    return f"model:{hashlib.sha256(encoded).hexdigest()}"
