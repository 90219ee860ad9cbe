"""The manager's judgements: by the rules, and where it is wanted by a model that the rules watch.

Each question is asked once, and once more with what was wrong; then the rules decide alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

import msgspec

from ingagents.communication.role_session import RoleSession
from ingagents.context import Context
from ingagents.core.allocator import Allocation, AllocationRules, Strategy, allocate
from ingagents.core.campaign_gate import CampaignGate
from ingagents.core.llm.insights import accept_insights, ask_insights
from ingagents.core.llm.prompts import Prompt, repair_question
from ingagents.core.llm.propose_strategy import (
    accept_proposals,
    ask_proposals,
    enough_to_ask,
    shares,
)
from ingagents.core.llm.rank_candidates import (
    MOST_LISTED,
    Comparison,
    accept_order,
    ask_order,
    compare,
)
from ingagents.core.rate_limiter import start_of_day
from ingagents.core.reporter import Report
from ingagents.core.reporting.daily_metrics import DayFigures
from ingagents.core.strategy.auto_apply import Kept, strategy_after
from ingagents.core.strategy.proposals import CurrentStrategy, Proposal
from ingagents.errors import ModelUnavailable
from ingagents.events import DecisionMade, LeadAllocation, Role
from ingagents.model import Campaign, LeadId, ModelAnswer, ModelTask, Question
from ingagents.ports import LanguageModel, Transaction
from ingagents.services.management.supply import Supply
from ingagents.store import metrics
from ingagents.store.tables import leads, strategy

LISTED_PER_PLACE = 3
"""So many candidates, the best by the rules, are shown to the model for each place."""
ATTEMPTS = 2
RESPONSE_DAYS = timedelta(days=14)

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class ManagerPolicy:
    """How the sales manager decides."""

    campaign: Campaign
    strategy: Strategy
    max_leads: int
    quality_threshold: float
    speaker_share: float
    search_below: int
    allow_same_company: bool
    take_back_after: timedelta
    daily_limit: int
    keep_history: timedelta
    gate: CampaignGate
    dry_run_shows: int = 0
    """So many texts of a dry run a day at most; 0 where sends are for real."""
    apply_small_changes: bool = False
    message_mode: str = ""
    templates: Mapping[str, str] | None = None

    def after(self, steps: Sequence[Kept]) -> ManagerPolicy:
        """The policy with the applied changes of strategy."""
        now = strategy_after(self.current, steps)
        return replace(
            self,
            strategy=msgspec.convert(now.allocation_strategy, Strategy),
            quality_threshold=now.quality_threshold,
            daily_limit=now.daily_limit,
        )

    @property
    def current(self) -> CurrentStrategy:
        """The settings a proposal may speak of."""
        return CurrentStrategy(
            quality_threshold=self.quality_threshold,
            allocation_strategy=self.strategy,
            daily_limit=self.daily_limit,
            message_mode=self.message_mode,
            templates=self.templates or {},
        )


@dataclass(frozen=True, kw_only=True)
class Asked(Generic[T]):
    """What came of asking: what was accepted, or why nothing was; by whom, at what cost."""

    accepted: T | None = None
    why_not: str = ""
    decided_by: str = ""
    basis: Mapping[str, Any] | None = None


@dataclass(frozen=True, kw_only=True)
class Advisor:
    """The model the manager asks. `orders` False: not for the order of candidates."""

    model: LanguageModel
    prompts: Mapping[ModelTask, Prompt]
    orders: bool

    async def order(
        self,
        listed: Sequence[leads.Candidate],
        *,
        count: int,
        by_kind: Mapping[str, tuple[int, int]],
        now: datetime,
    ) -> Asked[tuple[LeadId, ...]]:
        """The candidates' order."""
        prompt = self.prompts[ModelTask.ALLOCATION]
        question = ask_order(listed, prompt, count=count, by_kind=by_kind, now=now)
        return await self._ask(question, lambda answer: accept_order(answer, listed))

    async def insights(self, report: Report) -> Asked[tuple[str, ...]]:
        """What the day's figures say."""

        def accept(answer: ModelAnswer) -> tuple[str, ...] | str:
            kept, dropped = accept_insights(answer, report)
            return kept or "; ".join(dropped) or "the answer has no insight"

        return await self._ask(ask_insights(report, self.prompts[ModelTask.REPORT]), accept)

    async def proposals(
        self,
        history: Sequence[DayFigures],
        by_kind: Mapping[str, tuple[int, int]],
        current: CurrentStrategy,
    ) -> Asked[tuple[Proposal, ...]]:
        """Changes of strategy. With too few contacts nobody is asked."""
        told = shares(history, by_kind)
        if not enough_to_ask(told):
            return Asked(why_not="too few people were contacted to ask a model")

        def accept(answer: ModelAnswer) -> tuple[Proposal, ...] | str:
            kept, dropped = accept_proposals(answer, told, current)
            return kept if kept or not dropped else "; ".join(dropped)

        question = ask_proposals(told, current, self.prompts[ModelTask.STRATEGY])
        return await self._ask(question, accept)

    async def _ask(self, question: Question, accept: Callable[[ModelAnswer], T | str]) -> Asked[T]:
        why: list[str] = []
        for _ in range(ATTEMPTS):
            try:
                answer = await self.model.complete(question)
            except ModelUnavailable as exc:
                why.append(str(exc))
                break
            accepted = accept(answer)
            if not isinstance(accepted, str):
                by = f"model:{answer.provider}/{answer.model}:{question.prompt_version}"
                basis = {
                    "cost_usd": answer.cost_usd,
                    "input_tokens": answer.input_tokens,
                    "output_tokens": answer.output_tokens,
                }
                return Asked(accepted=accepted, decided_by=by, basis=basis)
            why.append(accepted)
            question = repair_question(question, answer, [accepted])
        return Asked(why_not="; ".join(why))


@dataclass(frozen=True, kw_only=True)
class Allocating:
    """Chooses the day's leads and hands them to outreach, in one commit.

    Never more than can be written to before they would be taken back.
    """

    context: Context
    policy: ManagerPolicy
    supply: Supply
    advisor: Advisor | None
    agent: Role

    async def choose(self, session: RoleSession, max_leads: int | None = None) -> dict[str, Any]:
        """Allocate; the figures of what was done."""
        asked = await self._order(max_leads)

        def decide(transaction: Transaction) -> dict[str, Any]:
            found = {one.id: one for one in leads.candidates(transaction)}
            rules = self._rules(transaction, max_leads)
            chosen = by_rules = allocate(found.values(), rules)
            comparison = None
            if asked.accepted:
                chosen = allocate(found.values(), rules, asked.accepted)
                scores = {one.id: one.quality_score for one in found.values()}
                comparison = compare(chosen, by_rules, scores, decided_by=asked.decided_by)
            self._hand_out(transaction, chosen, found, rules, comparison, asked)
            told: dict[str, Any] = {
                "allocated": len(chosen.chosen),
                "candidates": len(found),
                "strategy": rules.strategy,
                "room": rules.max_leads,
                "passed_over": chosen.counts(),
                "lead_ids": list(chosen.chosen),
            }
            if comparison is not None:
                told["model"] = comparison.to_basis()
            elif asked.why_not:
                told["model_not_followed"] = asked.why_not
            return told

        return await session.commit(decide)

    def _hand_out(
        self,
        transaction: Transaction,
        allocation: Allocation,
        found: Mapping[LeadId, leads.Candidate],
        rules: AllocationRules,
        comparison: Comparison | None,
        asked: Asked[tuple[LeadId, ...]],
    ) -> None:
        now = self.context.clock.now()
        for place, lead_id in enumerate(allocation.chosen, start=1):
            leads.allocate(transaction, lead_id, place=place, by=self.agent, now=now)
        if not allocation.chosen:
            return
        decisions = (
            DecisionMade(
                lead_id=lead_id,
                decision=allocation.to_decision(
                    place, found[lead_id], rules, preferred_by=asked.decided_by
                ),
            )
            for place, lead_id in enumerate(allocation.chosen, start=1)
        )
        event = LeadAllocation(
            lead_ids=allocation.chosen,
            strategy=rules.strategy,
            judgement=comparison.sentence() if comparison is not None else "",
            basis={**comparison.to_basis(), **(asked.basis or {})}
            if comparison is not None
            else {},
        )
        self.context.queue.append(transaction, self.agent, *decisions, event)

    def _rules(self, transaction: Transaction, max_leads: int | None) -> AllocationRules:
        allowed = self.policy.apply_small_changes
        policy = self.policy.after(strategy.in_force(transaction, allowed=allowed))
        now = self.context.clock.now()
        today = start_of_day(now, policy.campaign.timezone)
        wanted = policy.max_leads if max_leads is None else max_leads
        return AllocationRules(
            strategy=policy.strategy,
            max_leads=min(wanted, self.supply.room(transaction, now, policy.take_back_after)),
            quality_threshold=policy.quality_threshold,
            allow_same_company=policy.allow_same_company,
            speaker_share=policy.speaker_share,
            taken=leads.kinds_allocated_since(transaction, today),
            companies_taken=leads.companies_allocated_since(transaction, today),
            suppressed=leads.suppressed_ids(transaction),
        )

    async def _order(self, max_leads: int | None) -> Asked[tuple[LeadId, ...]]:
        """The model's order of the best by the rules; not asked for when there is no choice."""
        if self.advisor is None or not self.advisor.orders:
            return Asked()
        now = self.context.clock.now()

        def read(
            transaction: Transaction,
        ) -> tuple[int, list[leads.Candidate], dict[str, tuple[int, int]]]:
            rules = self._rules(transaction, max_leads)
            found = {one.id: one for one in leads.candidates(transaction)}
            wide = _widened(rules)
            listed = [found[lead_id] for lead_id in allocate(found.values(), wide).chosen]
            by_kind = metrics.contacted_and_positive(transaction, now - RESPONSE_DAYS)
            return rules.max_leads, listed, by_kind

        count, listed, by_kind = await self.context.store.read(read)
        if len(listed) <= count:
            return Asked(why_not="everybody who may be allocated is")
        return await self.advisor.order(listed, count=count, by_kind=by_kind, now=now)


def _widened(rules: AllocationRules) -> AllocationRules:
    places = min(LISTED_PER_PLACE * rules.max_leads, MOST_LISTED)
    return msgspec.structs.replace(rules, max_leads=places)
