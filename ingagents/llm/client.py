"""The language model the agents ask: cache, breaker, budget, throttle, call, settle - in order.

Whatever goes wrong ends in one sentence, `ModelUnavailable`, and the rules decide. That nobody can
be asked, or that nobody answers anything of use, is said once per outage, and once when somebody
answers again, not once per lead.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import NamedTuple

from ingagents.context import Context
from ingagents.core.llm.pricing import Price, TokenUse, cost_of
from ingagents.core.llm.schema_fit import fits, says_nothing
from ingagents.errors import ModelUnavailable, QuestionRefused, RequestRefused, ServiceError
from ingagents.llm.breakers import AGENT, Breakers
from ingagents.llm.stages import AnswerCache, ModelPolicy, Once, Route, Throttle, reserve
from ingagents.log import narrator
from ingagents.model import ModelAnswer, ModelTask, ProviderAnswer, Question
from ingagents.ports import Transaction
from ingagents.store.tables import llm_spend
from ingagents.tracing import span

_NOT_THE_QUESTION = frozenset({404, 405, 501})
"""Statuses of a refusal that concerns the model or the server, whatever is asked."""

log = narrator()


class _Failed(NamedTuple):
    """Why one way brought nothing; `refused`: for what was asked."""

    why: str
    refused: bool = False


class LlmClient:
    """Keeps `ports.LanguageModel`. `routes` are the ways for each task, the preferred one first."""

    def __init__(
        self, context: Context, routes: Mapping[ModelTask, Sequence[Route]], policy: ModelPolicy
    ) -> None:
        self.routes = routes
        self._context = context
        self._policy = policy
        self._cache = AnswerCache(context=context, policy=policy)
        self._breakers = Breakers(context, policy.breaker, policy.timezone)
        self._throttle = Throttle(context, policy)
        self._first_time = Once()

    async def complete(self, question: Question) -> ModelAnswer:
        await self._breakers.remember()
        routes = self.routes[question.task]
        if (kept := await self._cache.find(question, routes)) is not None:
            return kept
        names = [route.server.name for route in routes]
        failures: list[_Failed] = []
        for route in routes:
            answer = await self._ask(question, route)
            if isinstance(answer, _Failed):
                failures.append(answer)
                continue
            if unused := _useless(question, answer):
                await self._breakers.tell_if_lost(names, [f"{answer.provider}: {unused}"])
            return answer
        reasons = [one.why for one in failures]
        await self._breakers.tell_if_lost(names, reasons)
        kind = QuestionRefused if any(one.refused for one in failures) else ModelUnavailable
        raise kind("; ".join(reasons), "the rules decide", service=AGENT)

    async def probe(self, question: Question, route: Route) -> ModelAnswer:
        """One real question on one way, past the cache and the breaker; a good answer closes it.

        Raises:
            ServiceError: what the server answered instead, or that a budget is spent.
        """
        await self._breakers.remember()
        call, began = await self._reserve(question, route), self._context.clock.now()
        try:
            answer = await _asked(question, route)
        except ServiceError as exc:
            await self._context.store.write(partial(self._unanswered, call=call, exc=exc))
            raise
        return await self._settle(question, route, call, answer, began)

    def price(self, model: str) -> Price | None:
        """The price of a model, the user's own before ours; None when nobody knows it."""
        return self._policy.price(model)

    async def _ask(self, question: Question, route: Route) -> ModelAnswer | _Failed:
        """The answer on one way: the stages after the cache, from top to bottom."""
        name = route.server.name
        async with self._throttle.at_once:
            # Whoever waited here may find a breaker open that was closed when it began to wait.
            if shut := self._breakers.shut(name):
                return _Failed(shut)
            try:
                call = await self._reserve(question, route)
                await self._throttle.slot(name)
                began = self._context.clock.now()
                try:
                    answer = await _asked(question, route)
                except ServiceError as exc:
                    return await self._settle_failure(route, call, exc)
            except BaseException:
                # Given up, over the budget, or no database: the next one may be the probe.
                self._breakers.give_up(name)
                raise
        return await self._settle(question, route, call, answer, began)

    async def _reserve(self, question: Question, route: Route) -> llm_spend.Call:
        return await reserve(
            self._context, self._policy, question, route, first_time=self._first_time
        )

    async def _settle(
        self,
        question: Question,
        route: Route,
        call: llm_spend.Call,
        answer: ProviderAnswer,
        began: datetime,
    ) -> ModelAnswer:
        """Account for an answer, keep one that can be used, and let the breaker know: one commit."""
        clock, name = self._context.clock, route.server.name
        now = clock.now()
        used = TokenUse(
            input=answer.input_tokens,
            cached=answer.cached_tokens,
            written=answer.written_tokens,
            output=answer.output_tokens,
        )
        cost, unused = cost_of(self.price(route.model), used), _useless(question, answer)
        heard = (
            self._breakers.useless(
                name, f"{route.model}: {unused}", refused=answer.stop == "refused"
            )
            if unused
            else self._breakers.answered(name)
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
            if not unused:
                self._cache.keep(transaction, question, route, answer)
            return self._breakers.note(transaction, heard)

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
            seconds=(now - began).total_seconds() / clock.pace,
        )

    async def _settle_failure(
        self, route: Route, call: llm_spend.Call, exc: ServiceError
    ) -> _Failed:
        """Account for a call that brought nothing, and let the breaker know."""
        name, refused = route.server.name, isinstance(exc, RequestRefused)
        if refused and self._first_time(f"refused {name} {route.model} {exc.code}"):
            log.warning("model.refused", server=name, model=route.model, error=exc.what)
        heard = self._breakers.failed(name, exc)

        def settle(transaction: Transaction) -> None:
            self._unanswered(transaction, call, exc)
            self._breakers.note(transaction, heard)

        await self._context.store.write(settle)
        return _Failed(exc.what, refused and exc.status not in _NOT_THE_QUESTION)

    def _unanswered(
        self, transaction: Transaction, call: llm_spend.Call, exc: ServiceError
    ) -> None:
        # A refusal and a connection that was never made cost nothing; a lost answer may have cost
        # what was reserved.
        usd = 0.0 if exc.status >= 400 or exc.code == "not_connected" else None
        llm_spend.settle(transaction, call, outcome=exc.kind, at=self._context.clock.now(), usd=usd)


def _useless(question: Question, answer: ProviderAnswer | ModelAnswer) -> str:
    """Why nobody can use an answer, empty when somebody can: it would be so all day long."""
    if answer.stop == "refused":
        return "it refuses to answer"
    if answer.stop == "length":
        return "its answer was cut off; give it more llm max_output_tokens or less effort"
    if answer.data is None:
        return "its answer is no JSON" if answer.text.strip() else "its answer is empty"
    if not fits(question.schema, answer.data):
        return "its answer is not of the wanted shape"
    silent = says_nothing(question.schema, answer.data)
    return "its answer says nothing of anybody it was asked about" if silent else ""


async def _asked(question: Question, route: Route) -> ProviderAnswer:
    """The provider's answer, as a span of a model's call."""
    settings = route.settings(question)
    with span(
        f"chat {route.model}",
        "client",
        gen_ai__operation__name="chat",
        gen_ai__provider__name=route.server.vendor,
        gen_ai__request__model=route.model,
        gen_ai__request__max_tokens=settings.max_output_tokens,
        ingagents__task=str(question.task),
    ) as told:
        answer = await route.server.provider.ask(question, settings)
        told["gen_ai.usage.input_tokens"] = answer.input_tokens
        told["gen_ai.usage.output_tokens"] = answer.output_tokens
        return answer
