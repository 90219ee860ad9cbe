"""Who of a page is worth a visit: not those we have, nor those whose name LinkedIn hides from us."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from ingagents.core.identity import aliases_of_profile
from ingagents.model import Profile
from ingagents.ports import Transaction
from ingagents.store.tables import key_value, leads

NAMELESS = "search.nameless"
NAMELESS_MAX = 500
"""People of whom a visit showed no name are remembered, the latest so many."""


def sorted_out(
    transaction: Transaction, profiles: Sequence[Profile]
) -> tuple[int, int, list[Profile]]:
    """How many we have, how many stay nameless also when visited, and who is worth reading."""
    nameless = set(key_value.noted(transaction, NAMELESS) or ())
    unknown = [
        profile
        for profile in profiles
        if leads.find_by_aliases(transaction, aliases_of_profile(profile)) is None
    ]
    fresh = [one for one in unknown if one.name or one.provider_id not in nameless]
    return len(profiles) - len(unknown), len(unknown) - len(fresh), fresh


def remember_nameless(transaction: Transaction, provider_id: str, *, now: datetime) -> None:
    """Not to visit in vain again: LinkedIn hides this person from the account."""
    kept = [one for one in key_value.noted(transaction, NAMELESS) or () if one != provider_id]
    key_value.note(transaction, NAMELESS, [*kept, provider_id][-NAMELESS_MAX:], at=now)
