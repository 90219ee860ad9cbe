"""Taking back what is out: an invitation, or somebody who is in a campaign.

Such an act is claimed, tried once and written down as any other; it reaches nobody, and is about an
act that did. What became of it is written here; what that means, the two say themselves.
"""

from __future__ import annotations

from collections.abc import Callable

from ingagents.context import Context
from ingagents.events import AgentError, DecisionMade, DeliveryClaimed
from ingagents.model import (
    AccountId,
    Decision,
    Delivery,
    DeliveryKind,
    DeliveryState,
    Lead,
    Refusal,
    SendResult,
    Step,
    StepKind,
)
from ingagents.ports import Transaction
from ingagents.services.outreach.kill_switch import pause_outreach
from ingagents.services.outreach.sending.send_outcomes import (
    AGENT,
    hand_over,
    mark_uncertain,
    outcome_of_nobody,
    settle_refused,
)
from ingagents.store.tables import deliveries, leads

Note = Callable[[Context, Transaction, Delivery, Lead, str], None]
"""Writes down that it is taken back, by our act or as the service shows, and why."""

_STEPS = {
    DeliveryKind.WITHDRAWAL: StepKind.WITHDRAWAL,
    DeliveryKind.STOP: StepKind.STOP,
}


def claim_back(
    context: Context,
    transaction: Transaction,
    out: Delivery,
    kind: DeliveryKind,
    *,
    approved_by: str = "",
) -> Delivery | None:
    """The act that takes `out` back, claimed; None when another live one does: the index says so."""
    now = context.clock.now()
    delivery = Delivery(
        id=context.new_id(),
        recipient=out.recipient,
        campaign=out.campaign,
        account_id=out.account_id,
        kind=kind,
        step=Step(_STEPS[kind], out.id),
        text="",
        text_hash=deliveries.fingerprint(""),
        state=DeliveryState.ATTEMPTED,
        address=out.address,
        campaign_id=out.campaign_id,
        approved_by=approved_by,
        claimed_at=now,
        attempted_at=now,
    )
    return delivery if deliveries.claim(transaction, delivery) else None


def journal_claim(
    context: Context, transaction: Transaction, delivery: Delivery, lead: Lead, decision: Decision
) -> None:
    """Say why it is taken back, and that it is claimed."""
    claimed = DeliveryClaimed(
        lead_id=lead.id,
        delivery_id=delivery.id,
        kind=delivery.kind,
        text_hash=delivery.text_hash,
    )
    decided = DecisionMade(lead_id=lead.id, decision=decision)
    context.queue.append(transaction, AGENT, decided, claimed)


def write_taken_back(
    context: Context,
    transaction: Transaction,
    delivery: Delivery,
    result: SendResult,
    *,
    note: Note,
    doing: str,
    refused_by: str,
    alone: AccountId | None,
) -> tuple[bool, Refusal | None]:
    """Write down how it ended: whether it is taken back, and what a refusal is to be acted upon.

    A blocked account is paused here, and our own mistake is told. `alone` is as `write_outcome` has it.
    """
    lead = leads.find(transaction, delivery.recipient)
    if lead is None:
        return outcome_of_nobody(context, transaction, delivery, result).kind == "sent", None
    if result.outcome == "sent":
        note(context, transaction, delivery, lead, result.detail)
        return True, None
    if result.outcome == "by_hand":
        hand_over(context, transaction, delivery, lead, result.detail)
        return False, None
    if result.outcome != "refused":
        mark_uncertain(context, transaction, delivery, lead, result.detail)
        return False, None
    refusal = settle_refused(context, transaction, delivery, lead, result)
    if refusal is Refusal.ACCOUNT_BLOCKED:
        reason = f"{refused_by}: {result.detail}"
        pause_outreach(context, transaction, reason, doing=doing, lead=lead, alone=alone)
        return False, None
    if refusal not in {None, Refusal.THIS_PERSON, Refusal.RETRY_LATER}:
        error = AgentError(agent=AGENT, error=result.detail, doing=doing, lead_id=lead.id)
        context.queue.append(transaction, AGENT, error)
    return False, refusal
