"""Where the looks for answers stand: what is new, what was left, which chats are of people we know."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from ingagents.core.identity import aliases_of_recipient
from ingagents.core.replies.list_walk import Walk, merge_walks
from ingagents.model import AccountId, LeadId, Recipient
from ingagents.model.linkedin import Chat
from ingagents.ports import Transaction
from ingagents.store.engine.codecs import moment
from ingagents.store.tables import deliveries, key_value, leads

OVERLAP = timedelta(hours=1)
"""New messages are asked for from this long before the last look: services show some late."""

DAILY_OVERLAP = timedelta(days=3)
"""The same for the first look of a day (UTC): some are shown very late, after an outage for one."""


class Unread(msgspec.Struct, frozen=True, kw_only=True):
    """A chat that could not be read: what to ask for again, and how often it was."""

    lead_id: LeadId | None
    after: datetime
    first: datetime
    last: datetime
    count: int = 1


def walks_left(transaction: Transaction, *, account_id: AccountId) -> list[Walk]:
    """The walks through the lists of chats that are not at their ends."""
    noted = key_value.noted(transaction, key_value.REPLIES_WALKS, of=account_id)
    return msgspec.convert(noted or [], list[Walk])


def stands(
    transaction: Transaction, *, account_id: AccountId, now: datetime
) -> tuple[list[Walk], dict[str, Unread], datetime]:
    """The walks that go on, the chats that could not be read, and from when on all is new to us."""
    entries = key_value.noted(transaction, key_value.REPLIES_UNREAD, of=account_id) or {}
    return (
        merge_walks(walks_left(transaction, account_id=account_id)),
        msgspec.convert(entries, dict[str, Unread]),
        new_since(transaction, account_id=account_id, now=now),
    )


def new_since(transaction: Transaction, *, account_id: AccountId, now: datetime) -> datetime:
    """From when on all that people wrote to an account is new to us, or may be."""
    seen = key_value.noted(transaction, key_value.REPLIES_SEEN_UNTIL, of=account_id)
    after = moment(seen) if seen else deliveries.first_claim(transaction) or now
    return after - (OVERLAP if seen and after.date() == now.date() else DAILY_OVERLAP)


def known_chats(transaction: Transaction, chats: Sequence[Chat]) -> dict[str, LeadId | None]:
    """The chats with people we know, and (None) those of which the service hides with whom."""
    known: dict[str, LeadId | None] = {}
    for chat in chats:
        if chat.who == Recipient():
            known[chat.id] = None
        elif lead := leads.find_by_aliases(transaction, aliases_of_recipient(chat.who)):
            known[chat.id] = lead.id
    return known
