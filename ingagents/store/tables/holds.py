"""Moments before which an account may not act: the drawn gap, a limit the service showed.

They live in the database, so a restart forgets nothing and several processes share them.
"""

from __future__ import annotations

from datetime import datetime

from ingagents.core.rate_limiter import Hold, HoldKind
from ingagents.model import AccountId
from ingagents.ports import Transaction
from ingagents.store.engine.codecs import moment, stamp


def hold(
    transaction: Transaction, account_id: AccountId, kind: HoldKind, *, until: datetime, reason: str
) -> None:
    """Let a kind of act wait until a moment; a longer wait that stands already is kept."""
    transaction.run(
        "INSERT INTO limits (account_id, kind, not_before, reason)"
        " VALUES (:account_id, :kind, :until, :reason) ON CONFLICT (account_id, kind, campaign) DO UPDATE"
        " SET not_before = excluded.not_before, reason = excluded.reason"
        " WHERE limits.not_before < excluded.not_before",
        {"account_id": account_id, "kind": kind, "until": stamp(until), "reason": reason},
    )


def lift(transaction: Transaction, account_id: AccountId, kind: HoldKind) -> bool:
    """Let a kind of act go on; True when it was held."""
    return bool(
        transaction.run(
            "DELETE FROM limits WHERE account_id = :account_id AND kind = :kind",
            {"account_id": account_id, "kind": kind},
        )
    )


def holds(transaction: Transaction, account_id: AccountId) -> tuple[Hold, ...]:
    """All holds on an account, past ones included."""
    return tuple(
        Hold(moment(until), reason, kind)
        for kind, until, reason in transaction.rows(
            "SELECT kind, not_before, reason FROM limits WHERE account_id = :account_id"
            " ORDER BY kind",
            {"account_id": account_id},
        )
    )
