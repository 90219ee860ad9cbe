"""Open invitations that are due to be withdrawn, and those that rest until another day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from ingagents.core.conversation.withdrawals import REST, TRIES, due_before
from ingagents.model import Delivery, DeliveryKind
from ingagents.ports import Transaction
from ingagents.services.outreach.account import AccountPolicy
from ingagents.store.tables import deliveries, key_value

A_PASS = 5
"""So many invitations are looked at in one pass: each look is a profile visit."""

_LOOKED = "withdrawals.looked"
"""Invitations whose state was in doubt: delivery id -> how many looks, and until when they rest."""


def candidates(transaction: Transaction, policy: AccountPolicy, *, now: datetime) -> list[Delivery]:
    """The oldest invitations that nobody took in time and that do not rest; so many as a pass may."""
    before = due_before(policy.withdrawals, now)
    if before is None:
        return []
    looked = _looked(transaction)
    resting = {one for one, noted in looked.items() if noted["until"] > now.isoformat()}
    refused = deliveries.refused_since(transaction, DeliveryKind.WITHDRAWAL, now - REST)
    resting |= {one.step.about for one in refused}
    oldest = deliveries.oldest_invitations(
        transaction,
        policy.account_id,
        before=before,
        tries=TRIES,
        limit=A_PASS + len(resting),
    )
    return [one for one in oldest if one.id not in resting][:A_PASS]


def looks_at(transaction: Transaction, invitation_id: str) -> int:
    """How many looks at an invitation showed neither that it is open nor that it is over."""
    looks: int = _looked(transaction).get(invitation_id, {}).get("looks", 0)
    return looks


def rest(transaction: Transaction, invitation_id: str, *, looks: int, now: datetime) -> None:
    """Leave an invitation alone: a day, and longer after each of so many `looks`."""
    until = now + REST * max(looks, 1)
    rests = {"looks": looks, "until": until.isoformat()}
    _keep(transaction, {**_looked(transaction), invitation_id: rests}, now)


def forget(transaction: Transaction, invitation_id: str, *, now: datetime) -> None:
    """An invitation is withdrawn or over."""
    looked = _looked(transaction)
    if looked.pop(invitation_id, None) is not None:
        _keep(transaction, looked, now)


def _looked(transaction: Transaction) -> dict[str, dict[str, Any]]:
    return key_value.noted(transaction, _LOOKED) or {}


def _keep(transaction: Transaction, looked: Mapping[str, Mapping[str, Any]], now: datetime) -> None:
    """Those that were not looked at for a week after their rest are no candidates any more."""
    kept = {
        one: noted
        for one, noted in looked.items()
        if datetime.fromisoformat(noted["until"]) > now - 7 * REST
    }
    key_value.note(transaction, _LOOKED, kept, at=now)
