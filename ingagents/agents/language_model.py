"""The language model the agents ask: cache, breaker, budget, throttle, server, account - in order.

Whatever goes wrong ends in one sentence, `ModelUnavailable`, and the rules decide. That nobody can
be asked is said once per outage, and once when somebody answers again, not once per lead.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import anyio
import msgspec

from ingagents.agents.base_agent import Desk
from ingagents.core.circuit_breaker import (
    Breaker,
    BreakerRules,
    abandoned,
    failed,
    may_ask,
    refused_for_good,
    succeeded,
)
from ingagents.core.model_costs import (
    Allowed,
    Budgets,
    OverBudget,
    Price,
    TokenUse,
    cost_of,
    highest_cost,
    price_of,
)
from ingagents.core.rate_limiter import start_of_day
from ingagents.errors import (
    AccountBlocked,
    ModelUnavailable,
    ServiceError,
    TryLater,
)
from ingagents.events import AgentError, LanguageModelBack, LanguageModelLost
from ingagents.model import ModelAnswer, ModelTask, Question
from ingagents.narration import narrator
from ingagents.ports import Effort, ModelProvider, ProviderAnswer, ProviderSettings, Transaction
from ingagents.store import notes, spend

__all__ = ["MeteredModel", "ModelPolicy", "Route", "Server"]

AGENT = "language_model"
"""Whose name stands at the events of this page."""

_UNHURRIED_SECONDS = 60.0
"""A server that asks for a longer pause than this is left alone for so long."""

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


class MeteredModel:
    """Keeps `ports.LanguageModel`. `routes` are the ways for each task, the preferred one first."""

    def __init__(
        self, desk: Desk, routes: Mapping[ModelTask, Sequence[Route]], policy: ModelPolicy
    ) -> None:
        self.routes = routes
        self._desk = desk
        self._policy = policy
        self._at_once = anyio.Semaphore(policy.max_at_once)
        self._next_slots: dict[str, datetime] = {}
        self._breakers: dict[str, Breaker] | None = None
        self._lost_told = False
        self._said: set[str] = set()

    async def complete(self, question: Question) -> ModelAnswer:
        await self._remember()
        routes = self.routes[question.task]
        if (kept := await self._kept(question, routes)) is not None:
            return kept
        reasons: list[str] = []
        for route in routes:
            answer = await self._try(question, route, reasons)
            if answer is not None:
                return answer
        await self._tell_if_lost(routes, reasons)
        raise ModelUnavailable("; ".join(reasons), "the rules decide", service=AGENT)

    def price(self, model: str) -> Price | None:
        """The price of a model, the user's own before ours; None when nobody knows it."""
        return price_of(model, self._policy.prices)

    # --- the cache ----------------------------------------------------------------------------

    async def _kept(self, question: Question, routes: Sequence[Route]) -> ModelAnswer | None:
        if not self._may_keep(question):
            return None
        now = self._desk.clock.now()

        def look(transaction: Transaction) -> tuple[Route, Any] | None:
            for route in routes:
                found = spend.kept_answer(transaction, _key(question, route), now=now)
                if found is not None:
                    return route, found
            return None

        found = await self._desk.store.read(look)
        if found is None:
            return None
        route, value = found
        call = self._call(question, route, usd=0.0)
        await self._desk.store.write(lambda t: spend.note_cached(t, call))
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

    async def _try(
        self, question: Question, route: Route, reasons: list[str]
    ) -> ModelAnswer | None:
        """The answer on this way; None when there is none, and why is added to `reasons`."""
        name, clock = route.server.name, self._desk.clock
        # Whoever waits here may find a breaker open that was closed when it began to wait.
        async with self._at_once:
            if not self._take_leave(name):
                breaker = self._breaker(name)
                reasons.append(
                    f"{name} is left alone until {_short(breaker.until)} ({breaker.reason})"
                )
                return None
            try:
                call = await self._reserve(question, route)
                await self._wait_for_slot(name)
                began = clock.now()
                try:
                    answer = await route.server.provider.ask(question, _settings(question, route))
                except ServiceError as exc:
                    await self._failed(call, route, exc)
                    reasons.append(exc.what)
                    return None
                seconds = (clock.now() - began).total_seconds() / clock.pace
            except BaseException:
                # Given up, over the budget, or no database: the next one may be the probe.
                self._set_breaker(name, abandoned(self._breaker(name), clock.now()))
                raise
        return await self._settle(question, route, call, answer, seconds)

    async def _reserve(self, question: Question, route: Route) -> spend.Call:
        policy, now = self._policy, self._desk.clock.now()
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
        verdict = await self._desk.store.write(
            lambda t: spend.reserve(t, call, budgets=budgets, since=midnight)
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
        clock = self._desk.clock
        slot = max(clock.now(), self._next_slots.get(name, clock.now()))
        gap = timedelta(seconds=60 / self._policy.requests_per_minute)
        self._next_slots[name] = slot + gap
        await clock.sleep_until(slot)

    async def _settle(
        self,
        question: Question,
        route: Route,
        call: spend.Call,
        answer: ProviderAnswer,
        seconds: float,
    ) -> ModelAnswer:
        now, name = self._desk.clock.now(), route.server.name
        used = TokenUse(
            input=answer.input_tokens,
            cached=answer.cached_tokens,
            written=answer.written_tokens,
            output=answer.output_tokens,
        )
        cost = cost_of(self.price(route.model), used)
        self._lost_told = False
        changed = self._set_breaker(name, succeeded(self._breaker(name)))

        def settle(transaction: Transaction) -> dict[str, str] | None:
            spend.settle(
                transaction,
                call,
                outcome=answer.stop,
                at=now,
                usd=cost or 0.0,
                used=used,
                estimated=answer.usage_estimated,
            )
            if self._may_keep(question) and _is_whole(question, answer):
                value = {"data": answer.data, "text": answer.text}
                until = now + self._policy.cache_ttl
                spend.keep_answer(transaction, _key(question, route), value, now=now, until=until)
            # Whoever said that nobody answers: whoever gets an answer takes it back.
            outage: dict[str, str] | None = notes.noted(transaction, notes.MODEL_OUTAGE)
            if changed or outage:
                self._note_breakers(transaction, now)
            if outage:
                notes.forget(transaction, notes.MODEL_OUTAGE)
                lost_at = datetime.fromisoformat(outage["since"])
                back = LanguageModelBack(server=name, lost_at=lost_at)
                self._desk.queue.append(transaction, AGENT, back)
            return outage

        lost = await self._desk.store.write(settle)
        if lost:
            log.warning("model.back", server=name, lost_at=lost["since"])
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

    async def _failed(self, call: spend.Call, route: Route, exc: ServiceError) -> None:
        """Account for a call that brought nothing, and let the breaker know."""
        now, name, rules = self._desk.clock.now(), route.server.name, self._policy.breaker
        before, fatal = self._breaker(name), isinstance(exc, AccountBlocked)
        if fatal:
            after = refused_for_good(before, now, rules, reason=exc.what)
        elif isinstance(exc, TryLater):
            asked = exc.retry_after_seconds or 0.0
            pause = timedelta(seconds=asked) if asked > _UNHURRIED_SECONDS else None
            after = failed(before, now, rules, reason=exc.what, pause=pause)
        else:  # the server is well and calls this question, or its model, wrong
            after = succeeded(before)
            if self._first_time(f"refused {name} {route.model} {exc.code}"):
                log.warning("model.refused", server=name, model=route.model, error=exc.what)
        changed = self._set_breaker(name, after)
        opened = after.state == "open" and before.openings == 0
        if opened:
            log.warning("model.left_alone", server=name, until=_short(after.until), why=exc.what)
        # A refusal and a connection that was never made cost nothing; a lost answer may have.
        free = exc.status >= 400 or exc.code == "not_connected"

        def settle(transaction: Transaction) -> None:
            usd = 0.0 if free else None
            spend.settle(transaction, call, outcome=exc.kind, at=now, usd=usd)
            if changed:
                self._note_breakers(transaction, now)
            if fatal and opened:
                error = AgentError(agent=AGENT, error=exc.line(), doing=f"asking {name}")
                self._desk.queue.append(transaction, AGENT, error)

        await self._desk.store.write(settle)

    # --- breakers and outages -----------------------------------------------------------------

    async def _remember(self) -> None:
        """Breakers outlive the process: a task from cron must not find out anew."""
        if self._breakers is not None:
            return

        kept = await self._desk.store.read(lambda t: notes.noted(t, notes.MODEL_BREAKERS))
        if self._breakers is None:  # nobody else was faster
            self._breakers = msgspec.convert(kept or {}, dict[str, Breaker])

    def _breaker(self, name: str) -> Breaker:
        return (self._breakers or {}).get(name, Breaker())

    def _set_breaker(self, name: str, breaker: Breaker) -> bool:
        """True when it differs from what was so in a way that others should know."""
        before = self._breaker(name)
        if self._breakers is not None:
            self._breakers[name] = breaker
        return before.state != breaker.state

    def _take_leave(self, name: str) -> bool:
        allowed, breaker = may_ask(
            self._breaker(name), self._desk.clock.now(), self._policy.breaker
        )
        self._set_breaker(name, breaker)
        return allowed

    def _note_breakers(self, transaction: Transaction, now: datetime) -> None:
        standing = {
            name: breaker
            for name, breaker in (self._breakers or {}).items()
            if breaker.state != "closed"
        }
        if standing:
            notes.note(transaction, notes.MODEL_BREAKERS, standing, at=now)
        else:
            notes.forget(transaction, notes.MODEL_BREAKERS)

    async def _tell_if_lost(self, routes: Sequence[Route], reasons: Sequence[str]) -> None:
        """Say once that nobody can be asked any more."""
        if self._lost_told or any(
            self._breaker(route.server.name).state == "closed" for route in routes
        ):
            return
        now, reason = self._desk.clock.now(), "; ".join(reasons)
        self._lost_told = True

        def tell(transaction: Transaction) -> bool:
            if notes.noted(transaction, notes.MODEL_OUTAGE):
                return False  # another process said it
            outage = {"since": now.isoformat(), "reason": reason}
            notes.note(transaction, notes.MODEL_OUTAGE, outage, at=now)
            self._desk.queue.append(transaction, AGENT, LanguageModelLost(reason=reason))
            return True

        if await self._desk.store.write(tell):
            log.warning("model.lost", why=reason, now="the rules decide")

    def _first_time(self, subject: str) -> bool:
        if subject in self._said:
            return False
        self._said.add(subject)
        return True

    def _call(self, question: Question, route: Route, *, usd: float) -> spend.Call:
        return spend.Call(
            id=self._desk.new_id(),
            task=question.task,
            prompt_version=question.prompt_version,
            provider=route.server.name,
            model=route.model,
            at=self._desk.clock.now(),
            leads=tuple(dict.fromkeys(question.about)),
            usd=usd,
            priced=self.price(route.model) is not None,
        )


def _settings(question: Question, route: Route) -> ProviderSettings:
    said = route.max_output_tokens or question.max_output_tokens
    return ProviderSettings(
        model=route.model, max_output_tokens=said + route.thinking_tokens, effort=route.effort
    )


def _is_whole(question: Question, answer: ProviderAnswer) -> bool:
    """Whether an answer is worth keeping: one that surely is refused would be so all day long."""
    if answer.stop != "complete" or not isinstance(answer.data, dict):
        return False
    return set(question.schema.get("required") or ()) <= answer.data.keys()


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


def _short(moment: datetime | None) -> str:
    return moment.strftime("%H:%M:%S UTC") if moment else "later"
