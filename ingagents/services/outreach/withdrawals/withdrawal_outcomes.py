"""What became of the withdrawal of an invitation: delivery, lead, account and events in one commit."""

from __future__ import annotations

from ingagents.context import Context
from ingagents.core.lead_status import Cause, Change, move
from ingagents.core.send_policy import asked_pause
from ingagents.core.withdrawals import REST
from ingagents.events import AgentError, InvitationWithdrawn
from ingagents.model import AccountId, Delivery, DeliveryState, Lead, Refusal, SendResult
from ingagents.ports import Transaction
from ingagents.services.outreach.kill_switch import pause_outreach
from ingagents.services.outreach.send_outcomes import (
    AGENT,
    mark_uncertain,
    outcome_of_nobody,
    settle_refused,
)
from ingagents.store.tables import deliveries, holds, leads


def write_withdrawal(
    context: Context,
    transaction: Transaction,
    delivery: Delivery,
    result: SendResult,
    *,
    alone: AccountId | None = None,
) -> bool:
    """Write down how a withdrawal ended; whether the invitation is open no more.

    `alone` is as `write_outcome` has it.
    """
    lead = leads.find(transaction, delivery.recipient)
    if lead is None:
        return outcome_of_nobody(context, transaction, delivery, result).kind == "sent"
    if result.outcome == "sent":
        note_withdrawn(context, transaction, delivery, lead, result.detail)
        return True
    if result.outcome == "unknown":
        mark_uncertain(context, transaction, delivery, lead, result.detail)
    else:
        _refused(context, transaction, delivery, lead, result, alone=alone)
    return False


def note_withdrawn(
    context: Context, transaction: Transaction, delivery: Delivery, lead: Lead, reason: str
) -> None:
    """The invitation is over, by our act or as the service shows: nobody waits for it any more."""
    now = context.clock.now()
    settle = deliveries.settle
    if not settle(transaction, delivery.id, DeliveryState.SENT, now=now, detail=reason):
        return
    moved = move(lead.contact_status, Cause.WITHDRAWN)
    leads.update(
        transaction,
        lead,
        now=now,
        moved=moved,
        status_reason=reason if isinstance(moved, Change) else lead.status_reason,
    )
    withdrawn = InvitationWithdrawn(lead_id=lead.id, delivery_id=delivery.id, reason=reason)
    context.queue.append(transaction, AGENT, withdrawn)


def _refused(
    context: Context,
    transaction: Transaction,
    delivery: Delivery,
    lead: Lead,
    result: SendResult,
    *,
    alone: AccountId | None,
) -> None:
    """It is open still, or was taken or declined meanwhile: it is looked at another day."""
    now = context.clock.now()
    refusal = settle_refused(context, transaction, delivery, lead, result)
    if refusal is None:
        return
    doing = "withdrawing an invitation"
    if refusal is Refusal.ACCOUNT_BLOCKED:
        reason = f"LinkedIn: {result.detail}"
        pause_outreach(context, transaction, reason, doing=doing, lead=lead, alone=alone)
    elif refusal is not Refusal.THIS_PERSON:
        lasts = REST
        if refusal is Refusal.RETRY_LATER:
            lasts = asked_pause(result.retry_after_seconds)
        else:
            error = AgentError(agent=AGENT, error=result.detail, doing=doing, lead_id=lead.id)
            context.queue.append(transaction, AGENT, error)
        holds.hold(
            transaction,
            delivery.account_id,
            "withdrawal",
            until=now + lasts,
            reason=f"withdrawals held: {result.detail}",
        )
