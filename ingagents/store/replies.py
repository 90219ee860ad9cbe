"""What people answered; each service message is kept, and counted, once."""

from __future__ import annotations

from datetime import datetime

from ingagents.model import Reply, ResponseAnalysis
from ingagents.ports import Transaction
from ingagents.store.rows import moment, stamp

__all__ = ["has_any", "keep", "known", "last_of"]


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


def known(transaction: Transaction, message_id: str) -> bool:
    """Whether this service message was already kept."""
    return bool(transaction.rows("SELECT 1 FROM replies WHERE id = :id", {"id": message_id}))


def has_any(transaction: Transaction, lead_id: str) -> bool:
    """Whether a person has ever answered."""
    return bool(
        transaction.rows("SELECT 1 FROM replies WHERE lead_id = :id LIMIT 1", {"id": lead_id})
    )


def last_of(transaction: Transaction, lead_id: str) -> Reply | None:
    """A person's newest answer."""
    rows = transaction.rows(
        "SELECT id, lead_id, chat_id, text, received_at FROM replies WHERE lead_id = :id"
        " ORDER BY received_at DESC, id DESC LIMIT 1",
        {"id": lead_id},
    )
    if not rows:
        return None
    reply_id, lead, chat_id, text, received_at = rows[0]
    return Reply(
        id=reply_id, lead_id=lead, chat_id=chat_id, text=text, received_at=moment(received_at)
    )
