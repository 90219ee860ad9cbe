"""Who of the people we invited has accepted: by the newest connections, or by writing to us."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

import msgspec

from ingagents.communication.role_session import RoleSession
from ingagents.context import Context
from ingagents.core.identity import aliases_of_profile
from ingagents.core.profiles.recognition import contradict
from ingagents.core.reconciler import CLOCK_SKEW
from ingagents.events import InvitationAccepted, Role
from ingagents.model import (
    AccountId,
    ChatMessage,
    DeliveryKind,
    DeliveryState,
    Lead,
    Profile,
)
from ingagents.ports import Transaction
from ingagents.store.tables import deliveries, leads


async def note_acceptances(
    relations: Sequence[Profile],
    *,
    context: Context,
    session: RoleSession,
    agent: Role,
    others: Collection[AccountId] = (),
) -> int:
    """Note who of the people we invited is a connection by now; how many are new.

    To be connected with one account says nothing of whom one of the `others` invited.
    """

    def note(transaction: Transaction) -> int:
        accepted, now = 0, context.clock.now()
        for person in relations:
            aliases = aliases_of_profile(person)
            lead = leads.find_by_aliases(transaction, aliases)
            if lead is None or lead.account_id in others or not may_accept(transaction, lead):
                continue
            if contradict(leads.aliases_of(transaction, lead.id), aliases):
                continue
            accept(context, transaction, lead, by=agent, at=now)
            accepted += 1
        return accepted

    return await session.commit(note) if relations else 0


def accept(
    context: Context, transaction: Transaction, lead: Lead, *, by: str, at: datetime
) -> Lead:
    """Our invitation was taken: from then on they are a connection, whoever looks. The lead then."""
    context.queue.append(transaction, by, InvitationAccepted(lead_id=lead.id, accepted_at=at))
    profile = msgspec.structs.replace(lead.profile, network_distance=1, invitation="")
    now = context.clock.now()
    return leads.update(transaction, lead, now=now, accepted_at=at, profile=profile)


def may_accept(transaction: Transaction, lead: Lead) -> bool:
    """Whether the person has an invitation of ours whose acceptance is not noted yet."""
    invited = lead.accepted_at is None and lead.sent_at is not None
    return invited and _was_invited(transaction, lead)


def has_accepted(transaction: Transaction, lead: Lead, message: ChatMessage) -> bool:
    """Whether a message of theirs shows that they took the invitation: it came after it."""
    if message.is_note or not may_accept(transaction, lead):
        return False
    invited_at = lead.invited_at or lead.sent_at
    if invited_at is None or message.sent_at < invited_at - CLOCK_SKEW:
        return False
    acts = deliveries.of_recipient(transaction, lead.id)
    gone = (one.kind is DeliveryKind.WITHDRAWAL and one.state is DeliveryState.SENT for one in acts)
    return not any(gone)


def _was_invited(transaction: Transaction, lead: Lead) -> bool:
    """By us, or by hand before (an adopted invitation): not somebody connected all along."""
    acts = deliveries.of_recipient(transaction, lead.id)
    stands = {DeliveryState.SENT, DeliveryState.UNCERTAIN}
    return not acts or any(
        one.kind is DeliveryKind.INVITATION and one.state in stands for one in acts
    )
