"""The language model the agents ask: cache, breaker, budget, throttle, server, account - in order.

Whatever goes wrong ends in one sentence, `ModelUnavailable`, and the rules decide. That nobody can
be asked, or that nobody answers anything of use, is said once per outage, and once when somebody
answers again, not once per lead.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import anyio
import msgspec

from ingagents.context import Context
from ingagents.core.llm.circuit_breaker import BreakerRules
from ingagents.core.llm.pricing import (
    Allowed,
    Budgets,
    OverBudget,
    Price,
    TokenUse,
    cost_of,
    highest_cost,
    price_of,
)
from ingagents.core.llm.schema_fit import fits
from ingagents.core.rate_limiter import start_of_day
from ingagents.errors import (
    ModelUnavailable,
    QuestionRefused,
    RequestRefused,
    ServiceError,
)
from ingagents.llm.breakers import AGENT, Breakers, short
from ingagents.log import narrator
from ingagents.model import ModelAnswer, ModelTask, Question
from ingagents.ports import Effort, ModelProvider, ProviderAnswer, ProviderSettings, Transaction
from ingagents.store.tables import llm_spend

_NOT_THE_QUESTION = frozenset({404, 405, 501})
"""Statuses of a refusal that concerns the model or the server, whatever is asked."""

log = narrator()


@dataclass(frozen=True, kw_only=True)
class Server:
    """One server of models. `name` tells it from the others, for people and in the database."""

    name: str
    provider: ModelProvider


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


@dataclass
class _Failed:
    """Why the ways so far brought nothing; `refused`: one of them for what was asked."""

    reasons: list[str] = field(default_factory=list)
    refused: bool = False


class LlmClient:
    """Keeps `ports.LanguageModel`. `routes` are the ways for each task, the preferred one first."""

    def __init__(
        self, context: Context, routes: Mapping[ModelTask, Sequence[Route]], policy: ModelPolicy
    ) -> None:
        self.routes = routes
        self._context = context
        self._policy = policy
        self._at_once = anyio.Semaphore(policy.max_at_once)
        self._next_slots: dict[str, datetime] = {}
        self._breakers = Breakers(context, policy.breaker)
        self._said: set[str] = set()

    async def complete(self, question: Question) -> ModelAnswer:
        await self._breakers.remember()
        routes = self.routes[question.task]
        if (kept := await self._kept(question, routes)) is not None:
            return kept
        failed, names = _Failed(), [route.server.name for route in routes]
        for route in routes:
            answer = await self._try(question, route, failed)
            if answer is not None:
                if unused := _useless(question, answer):
                    await self._breakers.tell_if_lost(names, [f"{answer.provider}: {unused}"])
                return answer
        await self._breakers.tell_if_lost(names, failed.reasons)
        kind = QuestionRefused if failed.refused else ModelUnavailable
        raise kind("; ".join(failed.reasons), "the rules decide", service=AGENT)

    async def probe(self, question: Question, route: Route) -> ModelAnswer:
        """One real question on one way, past the cache and the breaker; a good answer closes it.

        Raises:
            ServiceError: what the server answered instead, or that a budget is spent.
        """
        await self._breakers.remember()
        call = await self._reserve(question, route)
        began = self._context.clock.now()
        try:
            answer = await route.server.provider.ask(question, _settings(question, route))
        except ServiceError as exc:
            usd, now = _billed(exc), self._context.clock.now()
            await self._context.store.write(
                partial(llm_spend.settle, call=call, outcome=exc.kind, at=now, usd=usd)
            )
            raise
        return await self._settle(question, route, call, answer, self._seconds_since(began))

    def price(self, model: str) -> Price | None:
        """The price of a model, the user's own before ours; None when nobody knows it."""
        return price_of(model, self._policy.prices)

    # --- the cache ----------------------------------------------------------------------------

    async def _kept(self, question: Question, routes: Sequence[Route]) -> ModelAnswer | None:
        if not self._may_keep(question):
            return None
        now = self._context.clock.now()

        def look(transaction: Transaction) -> tuple[Route, Any] | None:
            for route in routes:
                found = llm_spend.kept_answer(transaction, _key(question, route), now=now)
                if found is not None:
                    return route, found
            return None

        found = await self._context.store.read(look)
        if found is None:
            return None
        route, value = found
        call = self._call(question, route, usd=0.0)
        await self._context.store.write(lambda t: llm_spend.note_cached(t, call))
        return ModelAnswer(
            data=value["data"],
            text=value["text"],
            provider=route.server.name,
            model=route.model,
            cost_usd=0.0,
            cached=True,
        )

    def _may_keep(self, question: Question) -> bool:
        """Two people never get the same message out of a cache."""
        return question.task is not ModelTask.MESSAGE and self._policy.cache_ttl > timedelta()

    # --- one way ------------------------------------------------------------------------------

    async def _try(self, question: Question, route: Route, so_far: _Failed) -> ModelAnswer | None:
        """The answer on this way; None when there is none, and why is added to what failed."""
        name = route.server.name
        # Whoever waits here may find a breaker open that was closed when it began to wait.
        async with self._at_once:
            if not self._breakers.may_ask(name):
                breaker = self._breakers.of(name)
                so_far.reasons.append(
                    f"{name} is left alone until {short(breaker.until)} ({breaker.reason})"
                )
                return None
            try:
                call = await self._reserve(question, route)
                await self._wait_for_slot(name)
                began = self._context.clock.now()
                try:
                    answer = await route.server.provider.ask(question, _settings(question, route))
                except ServiceError as exc:
                    await self._failed(call, route, exc)
                    so_far.reasons.append(exc.what)
                    so_far.refused |= (
                        isinstance(exc, RequestRefused) and exc.status not in _NOT_THE_QUESTION
                    )
                    return None
                seconds = self._seconds_since(began)
            except BaseException:
                # Given up, over the budget, or no database: the next one may be the probe.
                self._breakers.give_up(name)
                raise
        return await self._settle(question, route, call, answer, seconds)

    async def _reserve(self, question: Question, route: Route) -> llm_spend.Call:
        policy, now = self._policy, self._context.clock.now()
        price = self.price(route.model)
        settings = _settings(question, route)
        cost = highest_cost(price, question, max_output_tokens=settings.max_output_tokens)
        call = self._call(question, route, usd=cost)
        if price is None and self._first_time(f"price {route.model}"):
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
        midnight = start_of_day(now, policy.timezone)
        verdict = await self._context.store.write(
            lambda t: llm_spend.reserve(t, call, budgets=budgets, since=midnight)
        )
        match verdict:
            case Allowed():
                return call
            case OverBudget():
                what = f"no model is asked: {verdict.reason}"
                if self._first_time(f"{verdict.budget} {midnight}"):
                    log.warning("model.over_budget", task=question.task.value, why=verdict.reason)
                raise ModelUnavailable(
                    what, "the rules decide; raise the budget in [llm]", service=AGENT
                )

    async def _wait_for_slot(self, name: str) -> None:
        """Requests leave one after the other, evenly: a server's minute is never overdrawn."""
        clock = self._context.clock
        slot = max(clock.now(), self._next_slots.get(name, clock.now()))
        gap = timedelta(seconds=60 / self._policy.requests_per_minute)
        self._next_slots[name] = slot + gap
        await clock.sleep_until(slot)

    async def _settle(
        self,
        question: Question,
        route: Route,
        call: llm_spend.Call,
        answer: ProviderAnswer,
        seconds: float,
    ) -> ModelAnswer:
        now, name = self._context.clock.now(), route.server.name
        used = TokenUse(
            input=answer.input_tokens,
            cached=answer.cached_tokens,
            written=answer.written_tokens,
            output=answer.output_tokens,
        )
        cost = cost_of(self.price(route.model), used)
        unused, breakers = _useless(question, answer), self._breakers
        heard = (
            breakers.useless(name, f"{route.model}: {unused}", refused=answer.stop == "refused")
            if unused
            else breakers.answered(name)
        )

        def settle(transaction: Transaction) -> datetime | None:
            llm_spend.settle(
                transaction,
                call,
                outcome=answer.stop,
                at=now,
                usd=cost or 0.0,
                used=used,
                estimated=answer.usage_estimated,
            )
            if self._may_keep(question) and not unused:
                value = {"data": answer.data, "text": answer.text}
                until = now + self._policy.cache_ttl
                llm_spend.keep_answer(
                    transaction, _key(question, route), value, now=now, until=until
                )
            return breakers.note(transaction, heard)

        lost_at = await self._context.store.write(settle)
        if lost_at:
            log.warning("model.back", server=name, lost_at=lost_at.isoformat())
        return ModelAnswer(
            data=answer.data,
            text=answer.text,
            stop=answer.stop,
            provider=name,
            model=route.model,
            input_tokens=used.input,
            output_tokens=used.output,
            cost_usd=cost,
            seconds=seconds,
        )

    async def _failed(self, call: llm_spend.Call, route: Route, exc: ServiceError) -> None:
        """Account for a call that brought nothing, and let the breaker know."""
        name = route.server.name
        if isinstance(exc, RequestRefused) and self._first_time(
            f"refused {name} {route.model} {exc.code}"
        ):
            log.warning("model.refused", server=name, model=route.model, error=exc.what)
        heard, now = self._breakers.failed(name, exc), self._context.clock.now()

        def settle(transaction: Transaction) -> None:
            llm_spend.settle(transaction, call, outcome=exc.kind, at=now, usd=_billed(exc))
            self._breakers.note(transaction, heard)

        await self._context.store.write(settle)

    def _seconds_since(self, began: datetime) -> float:
        clock = self._context.clock
        return (clock.now() - began).total_seconds() / clock.pace

    def _first_time(self, subject: str) -> bool:
        if subject in self._said:
            return False
        self._said.add(subject)
        return True

    def _call(self, question: Question, route: Route, *, usd: float) -> llm_spend.Call:
        return llm_spend.Call(
            id=self._context.new_id(),
            task=question.task,
            prompt_version=question.prompt_version,
            provider=route.server.name,
            model=route.model,
            at=self._context.clock.now(),
            leads=tuple(dict.fromkeys(question.about)),
            usd=usd,
            priced=self.price(route.model) is not None,
        )


def _settings(question: Question, route: Route) -> ProviderSettings:
    said = route.max_output_tokens or question.max_output_tokens
    return ProviderSettings(
        model=route.model, max_output_tokens=said + route.thinking_tokens, effort=route.effort
    )


def _useless(question: Question, answer: ProviderAnswer | ModelAnswer) -> str:
    """Why nobody can use an answer, empty when somebody can: it would be so all day long."""
    if answer.stop == "refused":
        return "it refuses to answer"
    if answer.stop == "length":
        return "its answer was cut off; give it more llm max_output_tokens or less effort"
    if answer.data is None:
        return "its answer is no JSON" if answer.text.strip() else "its answer is empty"
    return "" if fits(question.schema, answer.data) else "its answer is not of the wanted shape"


def _billed(exc: ServiceError) -> float | None:
    """What a call that failed cost in USD; None when it may have cost what was reserved."""
    # A refusal and a connection that was never made cost nothing; a lost answer may have.
    return 0.0 if exc.status >= 400 or exc.code == "not_connected" else None


def _key(question: Question, route: Route) -> str:
    """The hash of everything the answer depends on."""
    asked = (
        question.task,
        question.prompt_version,
        route.server.name,
        _settings(question, route),
        question.system,
        question.user,
        question.schema,
    )
    encoded = msgspec.json.encode(asked, order="deterministic")
    return f"model:{hashlib.sha256(encoded).hexdigest()}"
