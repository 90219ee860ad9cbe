"""Names of erased people in the suppression list, as keyed hashes.

Whoever was erased must not be found anew, and must not stand here in the clear. The key is made
once, lies in the notes, and moves with the database: without the database the hashes say nothing.
Who has the database can still ask for a name they know already whether it was erased; that is what
the list is for.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterable
from datetime import datetime

from ingagents.ports import Transaction
from ingagents.store.engine.codecs import stamp
from ingagents.store.tables import key_value
from ingagents.store.tables.by_name import Name, looked_up

ERASED = "erased"
"""The kind of a hashed name in the suppression list, and the reason given for it."""

_KEY = "suppressions.key"


def forget_in_clear(
    transaction: Transaction, names: Iterable[tuple[str, str]], *, by: str, at: datetime
) -> int:
    """Keep these names as hashes only; how many are new."""
    added = 0
    for kind, value in names:
        name = {"kind": kind, "value": value}
        transaction.run("DELETE FROM suppressions WHERE kind = :kind AND value = :value", name)
        added += transaction.run(
            "INSERT INTO suppressions (kind, value, reason, suppressed_by, suppressed_at)"
            " VALUES (:kind, :value, :reason, :by, :at) ON CONFLICT (kind, value) DO NOTHING",
            {
                "kind": ERASED,
                "value": hashed(transaction, kind, value, at=at),
                "reason": ERASED,
                "by": by,
                "at": stamp(at),
            },
        )
    return added


def hashed(transaction: Transaction, kind: str, value: str, *, at: datetime) -> str:
    """A name as the list keeps it; makes the key if there is none yet."""
    key = _key(transaction)
    if key is None:
        key = secrets.token_bytes(32)
        key_value.note(transaction, _KEY, key.hex(), at=at)
        transaction.state[_KEY] = key
    return _hash(key, kind, value)


def reasons_for(transaction: Transaction, names: Iterable[Name]) -> dict[Name, str]:
    """Why those of these names may not be written to of which somebody was erased."""
    key = _key(transaction)
    if key is None:
        return {}
    hashes = {(ERASED, _hash(key, *name)): name for name in names}
    found = looked_up(transaction, "suppressions", "reason", hashes)
    return {hashes[hashed]: reason for hashed, reason in found.items()}


def _key(transaction: Transaction) -> bytes | None:
    kept: bytes | None = transaction.state.get(_KEY)
    if kept is None and (noted := key_value.noted(transaction, _KEY)) is not None:
        kept = bytes.fromhex(noted)
        transaction.state[_KEY] = kept
    return kept


def _hash(key: bytes, kind: str, value: str) -> str:
    return hmac.new(key, f"{kind}\x1f{value}".encode(), "sha256").hexdigest()
