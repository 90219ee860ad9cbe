"""Never again: one person, whoever asked for it."""

from __future__ import annotations

from ingagents.agents.asking import void_draft
from ingagents.agents.base_agent import Desk
from ingagents.events import LeadSuppressed
from ingagents.model import ContactStatus, Lead
from ingagents.ports import Transaction
from ingagents.store import leads

__all__ = ["suppress_lead"]


def suppress_lead(
    desk: Desk, transaction: Transaction, lead: Lead, *, reason: str, by: str
) -> None:
    """Mark a lead as never to be written to; the names it is known by are suppressed apart."""
    if lead.contact_status is not ContactStatus.SUPPRESSED:
        leads.update(
            transaction,
            lead,
            now=desk.clock.now(),
            contact_status=ContactStatus.SUPPRESSED,
            status_reason=reason,
        )
    void_draft(desk, transaction, lead.id, f"suppressed: {reason}")
    desk.queue.append(transaction, by, LeadSuppressed(lead_id=lead.id, reason=reason))
