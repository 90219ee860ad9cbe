"""What people answered; each service message is kept, and counted, once."""

from __future__ import annotations

from datetime import datetime

from ingagents.model import Reply, ResponseAnalysis
from ingagents.ports import Transaction
from ingagents.store.engine.codecs import stamp
from ingagents.store.engine.row_codec import RowCodec, insert_into
from ingagents.store.tables import lead_plans

_REPLY = RowCodec(Reply)
_READING = RowCodec(ResponseAnalysis, without=("reasons", "decided_by"))
_SELECT = f"SELECT {_REPLY.columns} FROM replies"
_KEEP = (
    insert_into("replies", (*_REPLY.names, *_READING.names, "seen_at")) + " ON CONFLICT DO NOTHING"
)
_READ_AGAIN = (
    "UPDATE replies SET sentiment = :sentiment, intent = :intent, detail = :detail,"
    " confidence = :confidence WHERE id = :id"
)


def keep(
    transaction: Transaction, reply: Reply, analysis: ResponseAnalysis, *, now: datetime
) -> bool:
    """Keep an answer with its reading; False when this message was already kept."""
    row = {**_REPLY.values(reply), **_READING.values(analysis), "seen_at": stamp(now)}
    is_new = bool(transaction.run(_KEEP, row))
    if is_new:
        lead_plans.mark(transaction, reply.lead_id)
    return is_new


def read_again(transaction: Transaction, reply_id: str, analysis: ResponseAnalysis) -> None:
    """Replace how a kept answer was read."""
    transaction.run(_READ_AGAIN, {**_READING.values(analysis), "id": reply_id})


def find(transaction: Transaction, reply_id: str) -> Reply | None:
    """The answer of this id."""
    rows = transaction.rows(f"{_SELECT} WHERE id = :id", {"id": reply_id})
    return _REPLY.read(rows[0]) if rows else None


def has_any(transaction: Transaction, lead_id: str) -> bool:
    """Whether a person has ever answered."""
    return bool(
        transaction.rows("SELECT 1 FROM replies WHERE lead_id = :id LIMIT 1", {"id": lead_id})
    )


def last_of(transaction: Transaction, lead_id: str) -> Reply | None:
    """A person's newest answer."""
    rows = transaction.rows(
        f"{_SELECT} WHERE lead_id = :id ORDER BY received_at DESC, id DESC LIMIT 1",
        {"id": lead_id},
    )
    return _REPLY.read(rows[0]) if rows else None


def of_lead(transaction: Transaction, lead_id: str) -> list[Reply]:
    """Everything a person answered."""
    rows = transaction.rows(f"{_SELECT} WHERE lead_id = :id", {"id": lead_id})
    return [_REPLY.read(row) for row in rows]
