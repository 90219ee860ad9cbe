"""What became of the withdrawal of an invitation: delivery, lead, account and events in one commit."""

from __future__ import annotations

from ingagents.context import Context
from ingagents.core.conversation.withdrawals import REST
from ingagents.core.lead_status import Cause, Change, move
from ingagents.core.send_policy import asked_pause
from ingagents.events import InvitationWithdrawn
from ingagents.model import AccountId, Delivery, DeliveryState, Lead, Refusal, SendResult
from ingagents.ports import Transaction
from ingagents.services.outreach.sending.send_outcomes import AGENT
from ingagents.services.outreach.taking_back import write_taken_back
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
    withdrawn, refusal = write_taken_back(
        context,
        transaction,
        delivery,
        result,
        note=note_withdrawn,
        doing="withdrawing an invitation",
        refused_by="LinkedIn",
        alone=alone,
    )
    # Refused for this person it is open still, or was taken or declined: looked at another day.
    if refusal not in {None, Refusal.THIS_PERSON}:
        later = refusal is Refusal.RETRY_LATER
        lasts = asked_pause(result.retry_after_seconds) if later else REST
        holds.hold(
            transaction,
            delivery.account_id,
            "withdrawal",
            until=context.clock.now() + lasts,
            reason=f"withdrawals held: {result.detail}",
        )
    return withdrawn


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
