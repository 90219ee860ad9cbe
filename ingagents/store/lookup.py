"""Ids by what somebody knows of them: how one begins, what a person is called."""

from __future__ import annotations

import unicodedata
from typing import Literal

from ingagents.model import LeadId
from ingagents.ports import Transaction


def ids_beginning(
    transaction: Transaction, table: Literal["leads", "reviews"], text: str, *, limit: int
) -> list[str]:
    """The first ids that begin like this, none for an empty beginning."""
    if not text:
        return []
    rows = transaction.rows(
        f"SELECT id FROM {table} WHERE id >= :text AND id < :beyond ORDER BY id LIMIT :limit",
        {"text": text, "beyond": text + "\uffff", "limit": limit},
    )
    return [str(row[0]) for row in rows]


def leads_called(transaction: Transaction, name: str) -> list[LeadId]:
    """The leads of a name; case and accents do not count, which only Python can compare."""
    wanted = _folded(name)
    rows = transaction.rows("SELECT id, name FROM leads ORDER BY id") if wanted else ()
    return [LeadId(lead_id) for lead_id, called in rows if _folded(called) == wanted]


def _folded(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).casefold()
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).split())
