"""Whom people name instead of themselves: a lead each, for a human to find and to look at.

An answer gives a name and perhaps an address, and chooses nobody we write to: such a lead needs a
review and has no LinkedIn address. Who is a lead already, was erased or is suppressed becomes none.
"""

from __future__ import annotations

import re
from functools import partial

import msgspec

from ingagents.communication.role_session import RoleSession
from ingagents.core.identity import aliases_of_profile
from ingagents.core.lead_status import Cause, move
from ingagents.core.profiles.merge import names_of, weak_alias
from ingagents.model import Alias, Lead, Profile
from ingagents.ports import Transaction
from ingagents.services.leads.intake import Reception
from ingagents.store.tables import leads, replies
from ingagents.store.tables.replies import Referral

_AT_ONCE = 50
_NOBODY = "-"
_ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64}){1,4}")


async def take_in_named(reception: Reception, session: RoleSession) -> int:
    """Make a lead of everybody who is named in an answer and is none yet; how many are new."""
    store = reception.context.store
    named = await store.read(partial(replies.to_refer, limit=_AT_ONCE))
    taken = 0
    for referral in named:
        taken += await session.commit(partial(_take_in, referral=referral, reception=reception))
    return taken


def _take_in(transaction: Transaction, referral: Referral, reception: Reception) -> bool:
    referrer = leads.find(transaction, referral.lead_id)
    if referrer is None:  # erased meanwhile, and the answer with them
        return False
    profile = Profile(name=referral.name, email=_only_address(referral.text))
    aliases = _aliases(profile, referrer)
    known = leads.find_by_aliases(transaction, aliases)
    known_id = known.id if known else leads.id_named(transaction, profile.name)
    if known_id is not None or leads.is_suppressed(transaction, names_of(aliases)):
        replies.referred(transaction, referral.reply_id, to=known_id or _NOBODY)
        return False
    analysed = reception.analyse(profile, source=f"referred by {referrer.id}")
    new = reception.keep(transaction, analysed) == "discovered"
    if new:
        lead = analysed.lead
        leads.update(
            transaction,
            lead,
            now=reception.context.clock.now(),
            moved=move(lead.contact_status, Cause.REFERRED),
            status_reason=f"named in an answer of {referrer.name}: find and look at them by hand",
        )
    replies.referred(transaction, referral.reply_id, to=analysed.lead.id if new else _NOBODY)
    return new


def _only_address(text: str) -> str:
    """The mail address a text gives, if it gives one alone."""
    found = set(_ADDRESS.findall(text))
    return found.pop() if len(found) == 1 else ""


def _aliases(profile: Profile, referrer: Lead) -> tuple[Alias, ...]:
    """Under which names the person may be known: also as a colleague of whoever names them."""
    colleague = msgspec.structs.replace(profile, company=referrer.company)
    return (*aliases_of_profile(profile), *weak_alias(profile), *weak_alias(colleague))
