"""Knowing who we are before writing to people: the sending account is nobody's lead."""

from __future__ import annotations

from ingagents.communication.role_session import RoleSession
from ingagents.context import Context
from ingagents.core.identity import aliases_of_profile
from ingagents.core.profiles.merge import names_of
from ingagents.events import Role
from ingagents.model import AccountId, AccountState, LeadId
from ingagents.ports import Transaction
from ingagents.services.leads.suppression import suppress_lead
from ingagents.services.outreach.account import note_seat, seat_shown
from ingagents.store.tables import leads

OUR_OWN = "this is our own account"


async def know_ourselves(
    account: AccountState,
    *,
    account_id: AccountId,
    context: Context,
    session: RoleSession,
    agent: Role,
) -> frozenset[LeadId]:
    """Suppress the names the account itself has, for searches and imports to come too.

    What kind of seat it is, is remembered with them.

    Returns:
        The leads that turned out to be us.
    """
    names = names_of(aliases_of_profile(account.owner))

    def unknown(transaction: Transaction) -> bool:
        return seat_shown(transaction, account_id) != account.premium or any(
            not leads.is_suppressed(transaction, [name]) for name in names
        )

    def suppress(transaction: Transaction) -> frozenset[LeadId]:
        note_seat(transaction, account_id, account, context.clock.now())
        leads.suppress(transaction, names, reason=OUR_OWN, by=agent, at=context.clock.now())
        ours = frozenset(leads.ids_with_names(transaction, names))
        for lead_id in sorted(ours):
            if (lead := leads.find(transaction, lead_id)) is not None:
                suppress_lead(context, transaction, lead, reason=OUR_OWN, by=agent)
        return ours

    if not await context.store.read(unknown):
        return frozenset()
    return await session.commit(suppress)
