"""What webhooks rang for and nobody has looked at yet; the newest of the others, to know them again."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec

from ingagents.model import AccountId, Ring, RingKind
from ingagents.model.hook import ToldAnswer
from ingagents.ports import Transaction
from ingagents.store.engine.codecs import moment, stamp

KEPT = 2_000
"""Rings at most, and as many with answers that wait. Older ones are forgotten: whoever rings so much
is looked after by looking."""

_NEWS_AGAIN = (
    " DO UPDATE SET rung_at = excluded.rung_at, heard_at = NULL WHERE rings.heard_at IS NOT NULL"
)


TOLD_AT_ONCE = 50
"""Rings whose answers are taken in at a time."""


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
        "INSERT INTO rings (ring_key, account_id, kind, rung_at, told)"
        f" VALUES (:key, :account_id, :kind, :now, :told) ON CONFLICT (ring_key){again}",
        {
            "key": hashlib.sha256(name.encode()).hexdigest(),
            "account_id": rung.account_id,
            "kind": rung.kind.value,
            "now": stamp(now),
            "told": msgspec.json.encode(rung.told).decode() if rung.told else "",
        },
    )
    for told in ("=", "<>") if new else ():
        those = f"told {told} ''"
        transaction.run(
            f"DELETE FROM rings WHERE {those} AND rung_at < (SELECT rung_at FROM rings WHERE {those}"
            " ORDER BY rung_at DESC LIMIT 1 OFFSET :kept)",
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
        " AND heard_at IS NULL AND rung_at <= :until AND told = ''",
        {
            "account_id": account_id,
            "kind": kind.value,
            "until": stamp(until),
            "now": stamp(now),
        },
    )


def told(
    transaction: Transaction, account_id: AccountId
) -> Sequence[tuple[str, tuple[ToldAnswer, ...]]]:
    """The answers that rings brought with them and nobody has taken in, by ring, the oldest first."""
    rows = transaction.rows(
        "SELECT ring_key, told FROM rings WHERE account_id = :account_id AND heard_at IS NULL"
        " AND told <> '' ORDER BY rung_at, ring_key LIMIT :most",
        {"account_id": account_id, "most": TOLD_AT_ONCE},
    )
    return [(key, msgspec.json.decode(text, type=tuple[ToldAnswer, ...])) for key, text in rows]


def taken_in(transaction: Transaction, key: str) -> None:
    """A ring's answers are kept where answers are: no word of them stays here."""
    transaction.run("UPDATE rings SET told = '' WHERE ring_key = :key", {"key": key})


def last(transaction: Transaction) -> datetime | None:
    """When it rang last; None: never, as far as is remembered."""
    ((found,),) = transaction.rows("SELECT max(rung_at) FROM rings")
    return moment(found) if found else None
