"""What people answered; each service message is kept, and counted, once."""

from __future__ import annotations

from datetime import datetime

from ingagents.model import Reply, ResponseAnalysis
from ingagents.ports import Row, Transaction
from ingagents.store.engine.codecs import moment, stamp

_SELECT = "SELECT id, lead_id, chat_id, text, received_at FROM replies"


def keep(
    transaction: Transaction, reply: Reply, analysis: ResponseAnalysis, *, now: datetime
) -> bool:
    """Keep an answer with its reading; False when this message was already kept."""
    return bool(
        transaction.run(
            "INSERT INTO replies (id, lead_id, chat_id, text, received_at, seen_at, sentiment,"
            " intent, detail, confidence, key_info) VALUES (:id, :lead_id, :chat_id, :text,"
            " :received_at, :seen_at, :sentiment, :intent, :detail, :confidence, :key_info)"
            " ON CONFLICT (id) DO NOTHING",
            {
                "id": reply.id,
                "lead_id": reply.lead_id,
                "chat_id": reply.chat_id,
                "text": reply.text,
                "received_at": stamp(reply.received_at),
                "seen_at": stamp(now),
                "sentiment": analysis.sentiment.value,
                "intent": analysis.intent.value,
                "detail": analysis.detail.value,
                "confidence": analysis.confidence,
                "key_info": analysis.key_info,
            },
        )
    )


def read_again(transaction: Transaction, reply_id: str, analysis: ResponseAnalysis) -> None:
    """Replace how a kept answer was read."""
    transaction.run(
        "UPDATE replies SET sentiment = :sentiment, intent = :intent, detail = :detail,"
        " confidence = :confidence WHERE id = :id",
        {
            "id": reply_id,
            "sentiment": analysis.sentiment.value,
            "intent": analysis.intent.value,
            "detail": analysis.detail.value,
            "confidence": analysis.confidence,
        },
    )


def find(transaction: Transaction, reply_id: str) -> Reply | None:
    """The answer of this id."""
    rows = transaction.rows(f"{_SELECT} WHERE id = :id", {"id": reply_id})
    return _reply(rows[0]) if rows else None


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
    return _reply(rows[0]) if rows else None


def _reply(row: Row) -> Reply:
    reply_id, lead, chat_id, text, received_at = row
    return Reply(
        id=reply_id, lead_id=lead, chat_id=chat_id, text=text, received_at=moment(received_at)
    )
