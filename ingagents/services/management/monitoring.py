"""Watching the figures of a day, and what is old or stuck: each use case is one function."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from ingagents.communication import journal
from ingagents.communication.role_session import RoleSession
from ingagents.context import Context
from ingagents.core.lead_status import Cause, move
from ingagents.core.reporting.daily_metrics import find_alerts
from ingagents.core.reporting.outlook import NOTHING_SENT, NOTHING_TO_ALLOCATE
from ingagents.events import AllocationReturned, PerformanceAlert, Role
from ingagents.model import DeliveryState
from ingagents.ports import Transaction
from ingagents.services.management.policy import ManagerPolicy
from ingagents.services.management.reporting import figures_of
from ingagents.services.management.supply import Supply
from ingagents.store.tables import deliveries, key_value, leads

_GOES_ON = "goes on"
"""Of what is told once until it is over, not once a day."""


async def raise_alerts(
    context: Context, policy: ManagerPolicy, supply: Supply, session: RoleSession, agent: Role
) -> dict[str, Any]:
    """Alert where a figure of the day so far left its bounds, once a day for each.

    That nobody is left to be allocated is told once, until somebody is again.
    """
    now, zone = context.clock.now(), ZoneInfo(policy.campaign.timezone)
    today = await context.store.read(lambda t: figures_of(t, now.astimezone(zone).date(), zone))
    alerts = find_alerts(today)
    bar = policy.gate.bar(now)
    barred = str(bar or "")
    idle = await context.store.read(
        lambda t: [] if policy.dry_run_shows else supply.idle(t, now, barred=barred)
    )
    # What is told of an alert's note: as long as it says the same, nothing is told again.
    told = [(one, today.day.isoformat()) for one in alerts]
    if bar is not None:
        told.append((bar.to_alert(), bar.to_alert().detail))
    told += [(one, _until(one, about)) for about, one in idle]

    def raise_new(transaction: Transaction) -> list[str]:
        if supply.anybody(transaction, now):
            key_value.forget(transaction, f"alert.{NOTHING_TO_ALLOCATE}")
        new = list(_not_told(transaction, told, now))
        context.queue.append(transaction, agent, *new)
        return [one.metric for one in new]

    raised = await session.commit(raise_new)
    return {
        "metrics": msgspec.to_builtins(today),
        "alerts": [msgspec.to_builtins(one) for one in (*alerts, *(one for _, one in idle))],
        "raised": raised,
    }


async def take_back(
    context: Context, policy: ManagerPolicy, session: RoleSession, agent: Role
) -> int:
    """Give leads back that were allocated long ago and never written to; how many."""
    now = context.clock.now()
    before = now - policy.take_back_after
    hours = policy.take_back_after.total_seconds() / 3600
    reason = f"allocated {hours:.0f} h ago and not written to"

    def give_back(transaction: Transaction) -> int:
        overdue = [
            lead
            for lead in leads.allocated_before(transaction, before)
            if not _act_stands(transaction, lead.id)
        ]
        for lead in overdue:
            leads.update(
                transaction,
                lead,
                now=now,
                moved=move(lead.contact_status, Cause.TAKEN_BACK),
                status_reason=reason,
                allocated_at=None,
                allocated_by=None,
            )
            event = AllocationReturned(lead_id=lead.id, reason=reason)
            context.queue.append(transaction, agent, event)
        return len(overdue)

    return await session.commit(give_back)


async def prune(context: Context, policy: ManagerPolicy, session: RoleSession) -> int:
    """Drop handled history that is older than the set age, a page at a time; how much."""
    before = context.clock.now() - policy.keep_history
    pruned = 0
    while gone := await session.commit(lambda t: journal.prune(t, before=before)):
        pruned += gone
    return pruned


def _until(alert: PerformanceAlert, about: date) -> str:
    return about.isoformat() if alert.metric == NOTHING_SENT else _GOES_ON


def _not_told(
    transaction: Transaction, told: Sequence[tuple[PerformanceAlert, str]], now: datetime
) -> Iterator[PerformanceAlert]:
    """Alerts that were not told before in these words, which are noted."""
    for alert, said in told:
        name = f"alert.{alert.metric}"
        if key_value.noted(transaction, name) != said:
            key_value.note(transaction, name, said, at=now)
            yield alert


def _act_stands(transaction: Transaction, lead_id: str) -> bool:
    """Whether an act towards a lead is under way, in doubt or done: then it is not given back."""
    return any(
        one.state is not DeliveryState.REFUSED
        for one in deliveries.of_recipient(transaction, lead_id)
    )
