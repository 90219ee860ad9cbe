"""Steps after the first contact that are not taken for now: why, and until when."""

from __future__ import annotations

from datetime import datetime, timedelta

from ingagents.communication.role_session import RoleSession
from ingagents.context import Context
from ingagents.core.facts.facts import NothingNew, earlier_texts
from ingagents.model import Lead, LeadId, Step, WaitsFor
from ingagents.ports import Transaction
from ingagents.services.outreach.sending.draft import Drafting
from ingagents.services.outreach.sending.send_outcomes import SendOutcome
from ingagents.store.tables import deliveries, leads

_ASKED_AGAIN = timedelta(days=1)
"""A fact may begin on any day; what the file of facts gains is seen at the next start."""


async def nothing_new(
    context: Context, drafting: Drafting, lead: Lead, step: Step, session: RoleSession
) -> SendOutcome | None:
    """Put a step off for a day that has nothing to tell; None when it has.

    Asked before anybody looks at the person: LinkedIn counts every visit of a profile.
    """
    acts = await context.store.read(lambda t: deliveries.of_recipient(t, lead.id))
    occasion = drafting.occasion(lead, step, earlier_texts(acts))
    if not isinstance(occasion, NothingNew):
        return None
    until, reason = context.clock.now() + _ASKED_AGAIN, occasion.reason
    await session.commit(
        lambda t: put_off(context, t, lead.id, until, reason, waits=WaitsFor.FACTS)
    )
    return SendOutcome(kind="skipped", reason=reason)


def put_off(
    context: Context,
    transaction: Transaction,
    lead_id: LeadId,
    until: datetime | None,
    reason: str,
    *,
    waits: WaitsFor = WaitsFor.LATER,
) -> None:
    """The next step with a lead waits: until a moment, or (None) until a human changes something."""
    if (lead := leads.find(transaction, lead_id)) is not None:
        now = context.clock.now()
        leads.update(
            transaction,
            lead,
            now=now,
            put_off_until=until,
            put_off_reason=reason,
            put_off_for=waits,
        )
