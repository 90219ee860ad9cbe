"""What became of a stop: the campaign was to send a person nothing more."""

from __future__ import annotations

from ingagents.context import Context
from ingagents.core.lead_status import Cause, Change, move
from ingagents.events import AgentError, LeadEnrolled
from ingagents.model import ContactStatus, Delivery, DeliveryState, Lead, Refusal, SendResult
from ingagents.ports import Transaction
from ingagents.services.outreach.kill_switch import pause_outreach
from ingagents.services.outreach.send_outcomes import (
    AGENT,
    mark_uncertain,
    outcome_of_nobody,
    settle_refused,
)
from ingagents.store.tables import deliveries, leads


def write_stop(
    context: Context, transaction: Transaction, delivery: Delivery, result: SendResult
) -> bool:
    """Write down how a stop ended; whether the campaign sends nothing more."""
    lead = leads.find(transaction, delivery.recipient)
    if lead is None:
        return outcome_of_nobody(context, transaction, delivery, result).kind == "sent"
    if result.outcome == "sent":
        note_stopped(context, transaction, delivery, lead, result.detail)
        return True
    if result.outcome == "refused":
        _refused(context, transaction, delivery, lead, result)
    else:
        mark_uncertain(context, transaction, delivery, lead, result.detail)
    return False


def note_stopped(
    context: Context, transaction: Transaction, delivery: Delivery, lead: Lead, reason: str
) -> None:
    """The campaign sends nothing more, by our act or as it shows; whom it sent nothing is closed."""
    now = context.clock.now()
    settle = deliveries.settle
    if not settle(transaction, delivery.id, DeliveryState.SENT, now=now, detail=reason):
        return
    moved = move(lead.contact_status, Cause.WITHDRAWN)
    if lead.contact_status is ContactStatus.ENROLLED and isinstance(moved, Change):
        leads.update(transaction, lead, now=now, moved=moved, status_reason=lead.next_step_reason)
    over = LeadEnrolled(lead_id=lead.id, delivery_id=delivery.id, over=reason)
    context.queue.append(transaction, AGENT, over)


def _refused(
    context: Context, transaction: Transaction, delivery: Delivery, lead: Lead, result: SendResult
) -> None:
    refusal = settle_refused(context, transaction, delivery, lead, result)
    doing = "stopping the campaign for a person"
    if refusal is Refusal.ACCOUNT_BLOCKED:
        reason = f"the campaign: {result.detail}"
        pause_outreach(context, transaction, reason, doing=doing, lead=lead)
    elif refusal is Refusal.OUR_MISTAKE:
        error = AgentError(agent=AGENT, error=result.detail, doing=doing, lead_id=lead.id)
        context.queue.append(transaction, AGENT, error)
