"""Leads in the order that somebody asks for: by a field, whoever has none last."""

from __future__ import annotations

from ingagents.model import Lead
from ingagents.ports import Transaction
from ingagents.store.engine.row_codec import RowCodec
from ingagents.store.tables.leads import also

_LEAD = RowCodec(Lead)
_WORDS = (
    "name",
    "position",
    "company",
    "classification",
    "contact_status",
    "stage",
    "owner",
    "source",
    "account_id",
    "step",
    "next_step",
    "track",
    "place",
    "linkedin_url",
)
_RISING = ("next_date", "next_step_at")
_FALLING = (
    "quality_score",
    "classification_confidence",
    "created_at",
    "last_updated",
    "allocated_at",
    "sent_at",
    "invited_at",
    "accepted_at",
    "responded_at",
)
SORTED_BY = (*_WORDS, *_RISING, *_FALLING)
"""Words by the alphabet, what is to come the soonest first, scores and what was the highest first."""


def listed(
    transaction: Transaction,
    *,
    sort: str = "",
    status: str | None = None,
    classification: str | None = None,
    limit: int,
) -> list[Lead]:
    """So many leads; by the order in which they came, or by one of `SORTED_BY`, with a "-" turned round."""
    return [
        _LEAD.read(row)
        for row in transaction.rows(
            f"SELECT {_LEAD.columns} FROM leads WHERE 1 = 1{also(status, classification)}"
            f" ORDER BY {_order(sort)}created_at, id LIMIT :limit",
            {"status": status, "classification": classification, "limit": limit},
        )
    ]


def _order(sort: str) -> str:
    field = sort.removeprefix("-")
    if not field:
        return ""
    if field not in SORTED_BY:  # nothing else gets into the statement
        raise KeyError(field)
    by = f"nullif(lower({field}), '')" if field in _WORDS else field
    falls = (field in _FALLING) != sort.startswith("-")
    return f"CASE WHEN {by} IS NULL THEN 1 ELSE 0 END, {by}{' DESC' if falls else ''}, "
