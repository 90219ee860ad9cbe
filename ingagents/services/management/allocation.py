"""The day's allocation: by the rules, and where it is wanted in the order of a model they watch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import msgspec

from ingagents.commands import LeadAllocation
from ingagents.context import Context
from ingagents.core.allocator import Allocation, AllocationRules, Pool, allocate
from ingagents.core.llm.rank_candidates import (
    MOST_LISTED,
    Comparison,
    accept_order,
    ask_order,
    compare,
)
from ingagents.core.programme import Track, rooms_of, speaker_share_of
from ingagents.core.sending.working_hours import start_of_day
from ingagents.events import DecisionMade, Role
from ingagents.llm.tasks import Asked, LlmTasks
from ingagents.model import LeadId, ModelTask
from ingagents.ports import Transaction
from ingagents.services.management.policy import ManagerPolicy
from ingagents.services.management.supply import Supply
from ingagents.store import metrics, programme
from ingagents.store.tables import candidates, leads
from ingagents.store.tables.candidates import Candidate
from ingagents.store.under_way import companies_taken

LISTED_PER_PLACE = 3
"""So many candidates, the best by the rules, are shown to the model for each place."""
RESPONSE_DAYS = timedelta(days=14)


@dataclass(frozen=True, kw_only=True)
class Allocating:
    """Chooses the day's leads and hands them to outreach, in one commit.

    Never more than can be written to before they would be taken back.
    """

    context: Context
    policy: ManagerPolicy
    supply: Supply
    llm: LlmTasks
    agent: Role

    async def choose(self, max_leads: int | None = None) -> Callable[[Transaction], dict[str, Any]]:
        """Ask the model, if one has a say; the unit of work that allocates and tells its figures."""
        asked = await self._order(max_leads)

        def decide(transaction: Transaction) -> dict[str, Any]:
            rules = self._rules(transaction, max_leads)
            pool = self._pool(transaction, rules)
            chosen = by_rules = allocate(pool, rules)
            comparison = None
            if asked.accepted:
                preferred = candidates.of_ids(transaction, asked.accepted, self._tracks)
                chosen = allocate(self._pool(transaction, rules), rules, preferred)
                comparison = compare(chosen, by_rules, decided_by=asked.decided_by)
            self._hand_out(transaction, chosen, rules, comparison, asked)
            told: dict[str, Any] = {
                "allocated": len(chosen.chosen),
                "candidates": pool.candidates,
                "strategy": rules.strategy,
                "room": rules.max_leads,
                "passed_over": dict(chosen.passed_over),
                "lead_ids": list(chosen.chosen),
            }
            if comparison is not None:
                told["model"] = comparison.to_basis()
            elif asked.why_not:
                told["model_not_followed"] = asked.why_not
            return told

        return decide

    def preview(self, transaction: Transaction) -> tuple[AllocationRules, Allocation[Candidate]]:
        """By which rules, and whom, it would choose at this moment; no model is asked."""
        rules = self._rules(transaction, None)
        return rules, allocate(self._pool(transaction, rules), rules)

    def _hand_out(
        self,
        transaction: Transaction,
        allocation: Allocation[Candidate],
        rules: AllocationRules,
        comparison: Comparison | None,
        asked: Asked[tuple[LeadId, ...]],
    ) -> None:
        now = self.context.clock.now()
        for place, lead_id in enumerate(allocation.chosen, start=1):
            track = allocation.tracks.get(lead_id, "")
            leads.allocate(transaction, lead_id, place=place, by=self.agent, now=now, track=track)
        if not allocation.chosen:
            return
        decisions = (
            DecisionMade(
                lead_id=one.id,
                decision=allocation.to_decision(place, one, rules, preferred_by=asked.decided_by),
            )
            for place, one in enumerate(allocation.people, start=1)
        )
        event = LeadAllocation(
            lead_ids=allocation.chosen,
            strategy=rules.strategy,
            judgement=comparison.sentence() if comparison is not None else "",
            basis={**comparison.to_basis(), **asked.basis} if comparison is not None else {},
        )
        self.context.queue.append(transaction, self.agent, *decisions, event)

    def _rules(self, transaction: Transaction, max_leads: int | None) -> AllocationRules:
        policy = self.policy.in_force(transaction)
        now = self.context.clock.now()
        today = start_of_day(now, policy.campaign.timezone)
        wanted = policy.max_leads if max_leads is None else max_leads
        states = programme.programme_now(transaction, self._tracks, now=now)
        return AllocationRules(
            strategy=policy.strategy,
            max_leads=min(wanted, self.supply.room(transaction, now, policy.take_back_after)),
            quality_threshold=policy.quality_threshold,
            allow_same_company=policy.allow_same_company,
            speaker_share=speaker_share_of(states, policy.speaker_share),
            rooms=rooms_of(states),
            taken=leads.kinds_allocated_since(transaction, today),
            write_to_other=policy.write_to_other,
            companies_taken=companies_taken(transaction, today, now=now),
        )

    @property
    def _tracks(self) -> tuple[Track, ...]:
        return self.supply.account.programme

    def _pool(self, transaction: Transaction, rules: AllocationRules) -> Pool[Candidate]:
        return candidates.pool(
            transaction,
            rules.strategy,
            at_least=rules.quality_threshold,
            tracks=self._tracks,
            write_to_other=rules.write_to_other,
        )

    async def _order(self, max_leads: int | None) -> Asked[tuple[LeadId, ...]]:
        """The model's order of the best by the rules; not asked for when there is no choice."""
        if not (self.llm.asks and self.policy.use_llm_for_allocation):
            return Asked()
        now = self.context.clock.now()

        def read(
            transaction: Transaction,
        ) -> tuple[int, Sequence[Candidate], dict[str, tuple[int, int]]]:
            rules = self._rules(transaction, max_leads)
            wide = _widened(rules)
            listed = allocate(self._pool(transaction, wide), wide).people
            by_kind = metrics.contacted_and_positive(transaction, now - RESPONSE_DAYS)
            return rules.max_leads, listed, by_kind

        count, listed, by_kind = await self.context.store.read(read)
        if len(listed) <= count:
            return Asked(away="everybody who may be allocated is")
        prompt = self.llm.prompts[ModelTask.ALLOCATION]
        question = ask_order(listed, prompt, count=count, by_kind=by_kind, now=now)
        return await self.llm.ask(question, lambda _, answer: accept_order(answer, listed))


def _widened(rules: AllocationRules) -> AllocationRules:
    places = min(LISTED_PER_PLACE * rules.max_leads, MOST_LISTED)
    return msgspec.structs.replace(rules, max_leads=places)
