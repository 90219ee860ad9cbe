"""What webhooks rang for and nobody has looked at yet; the newest of the others, to know them again."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from ingagents.model import AccountId, Ring, RingKind
from ingagents.ports import Transaction
from ingagents.store.engine.codecs import moment, stamp

KEPT = 2_000
"""Rings at most. Older ones are forgotten: whoever rings so much is looked after by looking."""

_NEWS_AGAIN = (
    " DO UPDATE SET rung_at = excluded.rung_at, heard_at = NULL WHERE rings.heard_at IS NOT NULL"
)


class Unheard(NamedTuple):
    """When the first and the last rang of those that wait."""

    first: datetime
    last: datetime


def ring(transaction: Transaction, service: str, rung: Ring, *, now: datetime) -> bool:
    """Keep a ring; False when it is known."""
    # Its key may name a person, and has any length.
    name = f"{service}\n{rung.account_id}\n{rung.kind.value}\n{rung.key}"
    again = _NEWS_AGAIN if rung.kind is RingKind.ACCOUNT else " DO NOTHING"
    new = transaction.run(
        "INSERT INTO rings (ring_key, account_id, kind, rung_at)"
        f" VALUES (:key, :account_id, :kind, :now) ON CONFLICT (ring_key){again}",
        {
            "key": hashlib.sha256(name.encode()).hexdigest(),
            "account_id": rung.account_id,
            "kind": rung.kind.value,
            "now": stamp(now),
        },
    )
    if new:
        transaction.run(
            "DELETE FROM rings WHERE rung_at < (SELECT rung_at FROM rings ORDER BY rung_at DESC"
            " LIMIT 1 OFFSET :kept)",
            {"kept": KEPT - 1},
        )
    return bool(new)


def unheard(transaction: Transaction, account_id: AccountId) -> Mapping[RingKind, Unheard]:
    """What waits, by kind."""
    return {
        RingKind(kind): Unheard(moment(first), moment(last))
        for kind, first, last in transaction.rows(
            "SELECT kind, min(rung_at), max(rung_at) FROM rings"
            " WHERE account_id = :account_id AND heard_at IS NULL GROUP BY kind",
            {"account_id": account_id},
        )
    }


def hear(
    transaction: Transaction,
    account_id: AccountId,
    kind: RingKind,
    *,
    until: datetime,
    now: datetime,
) -> None:
    """What rang until a moment was looked at."""
    transaction.run(
        "UPDATE rings SET heard_at = :now WHERE account_id = :account_id AND kind = :kind"
        " AND heard_at IS NULL AND rung_at <= :until",
        {
            "account_id": account_id,
            "kind": kind.value,
            "until": stamp(until),
            "now": stamp(now),
        },
    )


def last(transaction: Transaction) -> datetime | None:
    """When it rang last; None: never, as far as is remembered."""
    ((found,),) = transaction.rows("SELECT max(rung_at) FROM rings")
    return moment(found) if found else None
