"""Changes of strategy: proposed by the rules and a model, kept as data, waiting for a human."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from ingagents.communication.role_session import RoleSession
from ingagents.context import Context
from ingagents.core.llm.propose_strategy import (
    Share,
    accept_proposals,
    ask_proposals,
    enough_to_ask,
    shares,
)
from ingagents.core.reporting.daily_metrics import DayFigures
from ingagents.core.strategy.auto_apply import Kept
from ingagents.core.strategy.proposals import CurrentStrategy, Proposal, propose
from ingagents.display import counted
from ingagents.events import Role, StrategyProposed
from ingagents.llm.tasks import Asked, LlmTasks
from ingagents.model import ModelTask
from ingagents.ports import Transaction
from ingagents.services.management.policy import ManagerPolicy
from ingagents.services.management.reporting import HISTORY_DAYS, figures_of, midnight
from ingagents.services.outcome import Outcome
from ingagents.services.reviews.requests import ask_about_changes
from ingagents.store import metrics
from ingagents.store.tables import strategy

BY_RULES = "rules/strategy-1"

History = tuple[list[DayFigures], dict[str, tuple[int, int]], CurrentStrategy]


async def propose_changes(
    context: Context, policy: ManagerPolicy, llm: LlmTasks, session: RoleSession, agent: Role
) -> Outcome:
    """Propose changes from a fortnight's figures.

    They wait for a human; only small steps of a closed list apply, and only when allowed.
    """
    now, allowed = context.clock.now(), policy.apply_small_changes
    history, by_kind, current = await context.store.read(lambda t: _history(t, policy, context))
    found = propose(history, by_kind, current)
    made = {one.setting: (one, BY_RULES) for one in found.proposals}
    decided_by, reasons = BY_RULES, list(found.reasons)
    asked = await _ask(llm, shares(history, by_kind), current)
    if asked.accepted is not None:
        decided_by = asked.decided_by
        # Where both propose a change of one setting, the rules' stands.
        made = {one.setting: (one, decided_by) for one in asked.accepted} | made
    elif asked.why_not:
        reasons.append(f"no model's proposals: {asked.why_not}")

    def keep(transaction: Transaction) -> list[Kept]:
        kept = strategy.keep(transaction, made.values(), now=now, apply_small=allowed)
        proposals = tuple(one.to_dict() for one in kept)
        event = StrategyProposed(proposals=proposals, decided_by=decided_by)
        context.queue.append(transaction, agent, event)
        ask_about_changes(context, transaction, kept)
        return kept

    kept = await session.commit(keep)
    applied = sum(one.state == "applied" for one in kept)
    said = f"{counted(len(kept), 'change')} proposed" if kept else "no change proposed"
    return Outcome(
        summary=f"{said}, {applied} applied" if applied else said,
        figures={"proposals": [one.to_dict() for one in kept], "reasons": reasons},
    )


def _history(transaction: Transaction, policy: ManagerPolicy, context: Context) -> History:
    zone = ZoneInfo(policy.campaign.timezone)
    today = context.clock.now().astimezone(zone).date()
    days = [today - timedelta(days=back) for back in range(HISTORY_DAYS - 1, -1, -1)]
    by_kind = metrics.contacted_and_positive(transaction, midnight(days[0], zone))
    history = [figures_of(transaction, one, zone) for one in days]
    return history, by_kind, policy.in_force(transaction).current


async def _ask(
    llm: LlmTasks, told: dict[str, Share], current: CurrentStrategy
) -> Asked[tuple[Proposal, ...]]:
    """A model's proposals. With too few contacts nobody is asked."""
    if not llm.asks:
        return Asked()
    if not enough_to_ask(told):
        return Asked(away="too few people were contacted to ask a model")
    return await llm.ask(
        ask_proposals(told, current, llm.prompts[ModelTask.STRATEGY]),
        lambda _, answer: accept_proposals(answer, told, current),
    )
