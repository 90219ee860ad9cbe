"""What became of a stop: the campaign was to send a person nothing more."""

from __future__ import annotations

from ingagents.context import Context
from ingagents.core.lead_status import Cause, Change, move
from ingagents.events import LeadEnrolled
from ingagents.model import AccountId, ContactStatus, Delivery, DeliveryState, Lead, SendResult
from ingagents.ports import Transaction
from ingagents.services.outreach.sending.send_outcomes import AGENT
from ingagents.services.outreach.taking_back import write_taken_back
from ingagents.store.tables import deliveries, leads


def write_stop(
    context: Context,
    transaction: Transaction,
    delivery: Delivery,
    result: SendResult,
    *,
    alone: AccountId | None = None,
) -> bool:
    """Write down how a stop ended; whether the campaign sends nothing more."""
    stopped, _ = write_taken_back(
        context,
        transaction,
        delivery,
        result,
        note=note_stopped,
        doing="stopping the campaign for a person",
        refused_by="the campaign",
        alone=alone,
    )
    return stopped


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
