"""What people answered, and what it does to their plan; each service message is kept once."""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from ingagents.model import Effect, EffectKind, LeadId, Reply, ResponseAnalysis
from ingagents.ports import Transaction
from ingagents.store.engine.codecs import moment, stamp
from ingagents.store.engine.row_codec import RowCodec, assigned, insert_into
from ingagents.store.tables import lead_plans

_REPLY = RowCodec(Reply)
_READING = RowCodec(ResponseAnalysis, without=("reasons", "decided_by"))
_SELECT = f"SELECT {_REPLY.columns} FROM replies"
_EFFECT = ("effect", "effect_at", "effect_reason", "refers_to")
_KEEP = (
    insert_into("replies", (*_REPLY.names, *_READING.names, *_EFFECT, "seen_at"))
    + " ON CONFLICT DO NOTHING"
)
_READ_AGAIN = (
    f"UPDATE replies SET {assigned(('sentiment', 'intent', 'detail', 'confidence', *_EFFECT))}"
    " WHERE id = :id"
)
IS_ANSWER = "effect <> 'absent'"
"""The condition under which a row is a person's word to us; a machine's that says who is away is not."""


class KeptEffect(msgspec.Struct, frozen=True, kw_only=True):
    """What one kept answer does to the plan, and when it was written."""

    reply_id: str
    received_at: datetime
    effect: Effect


class Referral(msgspec.Struct, frozen=True, kw_only=True):
    """An answer that names somebody else, who is no lead yet."""

    reply_id: str
    lead_id: LeadId
    name: str
    text: str


def keep(
    transaction: Transaction,
    reply: Reply,
    analysis: ResponseAnalysis,
    effect: Effect,
    *,
    now: datetime,
) -> bool:
    """Keep an answer with its reading; False when this message was already kept."""
    row = {
        **_REPLY.values(reply),
        **_READING.values(analysis),
        **_effect_values(effect),
        "seen_at": stamp(now),
    }
    is_new = bool(transaction.run(_KEEP, row))
    if is_new:
        lead_plans.mark(transaction, reply.lead_id)
    return is_new


def read_again(
    transaction: Transaction, reply_id: str, analysis: ResponseAnalysis, effect: Effect
) -> None:
    """Replace how a kept answer was read."""
    row = {**_READING.values(analysis), **_effect_values(effect), "id": reply_id}
    transaction.run(_READ_AGAIN, row)
    if (reply := find(transaction, reply_id)) is not None:
        lead_plans.mark(transaction, reply.lead_id)


def effects_of(transaction: Transaction, lead_id: str) -> list[KeptEffect]:
    """What each of a person's answers does to the plan, oldest first."""
    rows = transaction.rows(
        "SELECT id, received_at, effect, effect_at, effect_reason, refers_to FROM replies"
        " WHERE lead_id = :id ORDER BY received_at, id",
        {"id": lead_id},
    )
    return [
        KeptEffect(
            reply_id=reply_id,
            received_at=moment(received_at),
            effect=Effect(
                kind=EffectKind(kind),
                reason=reason,
                at=date.fromisoformat(at) if at else None,
                name=name,
            ),
        )
        for reply_id, received_at, kind, at, reason, name in rows
    ]


def to_refer(transaction: Transaction, *, limit: int) -> list[Referral]:
    """Answers that name somebody who was not made a lead yet, oldest first."""
    rows = transaction.rows(
        "SELECT id, lead_id, refers_to, text FROM replies WHERE effect = 'refers'"
        " AND referred_lead = '' ORDER BY received_at, id LIMIT :limit",
        {"limit": limit},
    )
    return [
        Referral(reply_id=reply_id, lead_id=LeadId(lead_id), name=name, text=text)
        for reply_id, lead_id, name, text in rows
    ]


def referred(transaction: Transaction, reply_id: str, *, to: str) -> None:
    """Note which lead became of whom an answer names, or why ("-") none does."""
    transaction.run(
        "UPDATE replies SET referred_lead = :to WHERE id = :id", {"to": to, "id": reply_id}
    )


def _effect_values(effect: Effect) -> dict[str, str | None]:
    return {
        "effect": effect.kind.value,
        "effect_at": effect.at.isoformat() if effect.at else None,
        "effect_reason": effect.reason,
        "refers_to": effect.name,
    }


def find(transaction: Transaction, reply_id: str) -> Reply | None:
    """The answer of this id."""
    rows = transaction.rows(f"{_SELECT} WHERE id = :id", {"id": reply_id})
    return _REPLY.read(rows[0]) if rows else None


def has_any(transaction: Transaction, lead_id: str) -> bool:
    """Whether a person has ever answered; that they were away is no answer."""
    return bool(
        transaction.rows(
            f"SELECT 1 FROM replies WHERE lead_id = :id AND {IS_ANSWER} LIMIT 1", {"id": lead_id}
        )
    )


def last_of(transaction: Transaction, lead_id: str) -> Reply | None:
    """A person's newest answer."""
    rows = transaction.rows(
        f"{_SELECT} WHERE lead_id = :id AND {IS_ANSWER} ORDER BY received_at DESC, id DESC LIMIT 1",
        {"id": lead_id},
    )
    return _REPLY.read(rows[0]) if rows else None


def last_seen(transaction: Transaction, lead_id: str) -> datetime | None:
    """When a person's last answer was taken in; that they were away is no answer."""
    ((at,),) = transaction.rows(
        f"SELECT max(seen_at) FROM replies WHERE lead_id = :id AND {IS_ANSWER}", {"id": lead_id}
    )
    return moment(at) if at else None


def of_lead(transaction: Transaction, lead_id: str) -> list[Reply]:
    """Everything a person answered."""
    rows = transaction.rows(f"{_SELECT} WHERE lead_id = :id", {"id": lead_id})
    return [_REPLY.read(row) for row in rows]


def newest(transaction: Transaction, *, limit: int) -> list[Reply]:
    """What people answered last, the newest first."""
    rows = transaction.rows(
        f"{_SELECT} ORDER BY received_at DESC, id DESC LIMIT :limit", {"limit": limit}
    )
    return [_REPLY.read(row) for row in rows]
