"""A person is handed to whoever sends by hand, or back to the service; what was claimed stays claimed."""

from __future__ import annotations

from ingagents.context import Context
from ingagents.core.sending.hand_over import against_by_hand, against_service, service_voice
from ingagents.errors import InputError
from ingagents.events import LeadUpdated
from ingagents.model import AccountId, Lead
from ingagents.ports import Transaction
from ingagents.services.reviews.requests import void_draft
from ingagents.store.tables import deliveries, leads


def give_to_hand(
    context: Context, transaction: Transaction, lead: Lead, hand: AccountId, *, by: str
) -> Lead:
    """From now on a human sends to this person; the lead then. Again changes nothing.

    Raises:
        InputError: a campaign goes on with them.
    """
    acts = deliveries.of_recipient(transaction, lead.id)
    if reason := against_by_hand(lead, acts):
        raise InputError(
            f"{lead.name or lead.id} is not handed over: {reason}",
            "close them, which takes them out of it, or wait until it is over",
        )
    return _spoken_by(context, transaction, lead, hand, by=by)


def give_back(
    context: Context, transaction: Transaction, lead: Lead, hand: AccountId, *, by: str
) -> Lead:
    """From now on the account that spoke with them before goes on; the lead then.

    Raises:
        InputError: no service has ever spoken with them, and a human has.
    """
    acts = deliveries.of_recipient(transaction, lead.id)
    if reason := against_service(acts, hand):
        raise InputError(
            f"{lead.name or lead.id} is not given back: {reason}", "go on with them by hand"
        )
    return _spoken_by(context, transaction, lead, service_voice(acts, hand), by=by)


def _spoken_by(
    context: Context, transaction: Transaction, lead: Lead, account_id: AccountId, *, by: str
) -> Lead:
    if lead.account_id == account_id:
        return lead
    # A text is approved for the account that was to send it.
    void_draft(context, transaction, lead.id, "somebody else goes on with this person")
    now = context.clock.now()
    changed = leads.update(transaction, lead, now=now, account_id=account_id)
    changes = {"account_id": account_id, "before": lead.account_id}
    context.queue.append(transaction, by, LeadUpdated(lead_id=lead.id, changes=changes, by=by))
    transaction.after_commit(lambda: context.queue.notify("outreach"))
    return changed
