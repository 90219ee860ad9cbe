"""Never again, or not for now: one person, whoever asked for it."""

from __future__ import annotations

from ingagents.context import Context
from ingagents.core.lead_status import Cause, Change, move
from ingagents.events import LeadSuppressed, LeadUpdated
from ingagents.model import FIRST_CONTACT, ContactStatus, DeliveryState, Lead
from ingagents.ports import Transaction
from ingagents.services.reviews.requests import draft_subject, void_draft
from ingagents.store.tables import deliveries, leads, reviews, vetoes


def suppress_lead(
    context: Context, transaction: Transaction, lead: Lead, *, reason: str, by: str
) -> None:
    """Mark a lead as never to be written to; the names it is known by are suppressed apart."""
    moved = move(lead.contact_status, Cause.SUPPRESSED)
    if isinstance(moved, Change):
        leads.update(transaction, lead, now=context.clock.now(), moved=moved, status_reason=reason)
    void_draft(context, transaction, lead.id, f"suppressed: {reason}")
    context.queue.append(transaction, by, LeadSuppressed(lead_id=lead.id, reason=reason))


def hold_lead(
    context: Context, transaction: Transaction, lead: Lead, *, place: str, words: str, by: str
) -> None:
    """Send nothing to a lead until whoever wrote these words in this place clears them."""
    now, standing = context.clock.now(), vetoes.of_lead(transaction, lead.id)
    drafted = reviews.standing(transaction, "draft", draft_subject(lead.id, FIRST_CONTACT))
    before, why = lead.contact_status, lead.status_reason
    if standing:
        before, why = standing[0].status, standing[0].status_reason
    elif before is ContactStatus.ALLOCATED or (drafted is not None and drafted.state == "open"):
        # Its draft is void: it begins anew. An approved one may have gone out: that is a doubt.
        before, why = ContactStatus.NOT_CONTACTED, ""
    veto = vetoes.Veto(place, words, now, before, why)
    vetoes.hold(transaction, lead.id, veto)
    void_draft(context, transaction, lead.id, _says(veto))
    moved = move(lead.contact_status, Cause.HELD)
    if isinstance(moved, Change):
        leads.update(transaction, lead, now=now, moved=moved, status_reason=_says(veto))
    changed = LeadUpdated(lead_id=lead.id, changes={"held": words}, by=by)
    context.queue.append(transaction, by, changed)


def let_go(context: Context, transaction: Transaction, lead: Lead, *, place: str, by: str) -> bool:
    """Take back what was held in one place; True when something was.

    With the last hold whoever was not written to begins anew, and a question to a human stands
    again. Whoever was in doubt and is a human's question by now keeps that reason.
    """
    veto = vetoes.lift(transaction, lead.id, place)
    if veto is None:
        return False
    left = vetoes.of_lead(transaction, lead.id)
    acts = deliveries.of_recipient(transaction, lead.id)
    in_doubt = any(one.state is DeliveryState.UNCERTAIN for one in acts)
    anew = veto.status is ContactStatus.NOT_CONTACTED and not in_doubt
    asked_before = veto.status is ContactStatus.NEEDS_REVIEW
    if lead.contact_status is ContactStatus.NEEDS_REVIEW and (anew or asked_before):
        moved = move(lead.contact_status, Cause.LET_GO) if anew and not left else None
        leads.update(
            transaction,
            lead,
            now=context.clock.now(),
            moved=moved,
            status_reason=_says(left[0]) if left else veto.status_reason,
            allocated_at=None if anew else lead.allocated_at,
            allocated_by=None if anew else lead.allocated_by,
        )
    context.queue.append(transaction, by, LeadUpdated(lead_id=lead.id, changes={"held": ""}, by=by))
    return True


def held_by(transaction: Transaction, lead: Lead) -> str:
    """What holds a lead back, as a sentence; "" when nothing does."""
    standing = vetoes.of_lead(transaction, lead.id)
    return _says(standing[0]) if standing else ""


def _says(veto: vetoes.Veto) -> str:
    return f"{veto.in_words}; clear that cell, or write no there, to let it go on"
