"""What the report and the status count of conversations: steps sent and answered, what is waited for."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from ingagents.core.reporting.conversations import (
    REASONS_TOLD,
    Conversations,
    PutOff,
    StepFigures,
    Waits,
)
from ingagents.model import FIRST_CONTACT, DeliveryKind, Step, StepKind, WaitsFor
from ingagents.model.step import public_name
from ingagents.ports import Transaction
from ingagents.store.engine.codecs import moment_or_none, stamp
from ingagents.store.tables import replies

_TALK = "state = 'sent' AND kind IN ('invitation', 'message') AND claimed_at < :before"
_ORDER = (StepKind.FIRST_CONTACT, StepKind.FIRST_MESSAGE, StepKind.FOLLOW_UP)
_ANSWERED = f"""
    SELECT d.kind, d.step, count(*) FROM (
        SELECT lead_id, min(received_at) AS at FROM replies
        WHERE seen_at < :before AND {replies.IS_ANSWER} GROUP BY lead_id
    ) r JOIN deliveries d ON d.id = (
        SELECT id FROM deliveries WHERE recipient = r.lead_id AND {_TALK} AND claimed_at <= r.at
        ORDER BY claimed_at DESC, id DESC LIMIT 1
    ) GROUP BY d.kind, d.step
"""
"""Whose first answer came after which step, the last one before it."""


def conversations(
    transaction: Transaction, before: datetime, *, now: datetime | None
) -> Conversations:
    """How far conversations had come by a moment; with `now` also what they wait for."""
    span = {"before": stamp(before)}
    sent, answered = (
        _by_step(
            transaction.rows(
                f"SELECT kind, step, count(DISTINCT recipient) FROM deliveries WHERE {_TALK}"
                " GROUP BY kind, step",
                span,
            )
        ),
        _by_step(transaction.rows(_ANSWERED, span)),
    )
    ((messaged, followed_up),) = transaction.rows(
        "SELECT count(DISTINCT recipient),"
        " count(DISTINCT CASE WHEN step LIKE 'follow-up:%' THEN recipient END) FROM deliveries"
        " WHERE state = 'sent' AND kind = 'message' AND claimed_at < :before",
        span,
    )
    return Conversations(
        invited=sent["invitation"],
        messaged=int(messaged),
        followed_up=int(followed_up),
        steps=tuple(
            StepFigures(step=step, sent=count, answered=answered[step])
            for step, count in sent.items()
        ),
        waits=None if now is None else waits(transaction, now),
    )


def waits(transaction: Transaction, now: datetime) -> Waits:
    """How many conversations wait for what at this moment."""
    found = {
        WaitsFor(kind): (int(count), int(due), moment_or_none(at))
        for kind, count, due, at in transaction.rows(
            "SELECT waits_for, count(*), count(CASE WHEN next_step_at <= :now THEN 1 END),"
            " min(CASE WHEN next_step_at > :now THEN next_step_at END)"
            " FROM leads WHERE waits_for <> '' GROUP BY waits_for",
            {"now": stamp(now)},
        )
    }
    counts = {kind: found.get(kind, (0, 0, None)) for kind in WaitsFor}
    scheduled, due, next_at = counts[WaitsFor.MOMENT]
    put_off, due_again, _ = counts[WaitsFor.LATER]
    return Waits(
        due=due + due_again,
        later=scheduled - due,
        next_at=next_at,
        acceptance=counts[WaitsFor.ACCEPTANCE][0],
        put_off=put_off - due_again,
        reasons=_commonest(transaction, now) if put_off > due_again else (),
        nothing_new=counts[WaitsFor.FACTS][0],
        in_doubt=counts[WaitsFor.OUTCOME][0],
        service=counts[WaitsFor.SERVICE][0],
        human=counts[WaitsFor.HUMAN][0],
    )


def _commonest(transaction: Transaction, now: datetime) -> tuple[PutOff, ...]:
    return tuple(
        PutOff(reason=str(reason), people=int(count))
        for reason, count in transaction.rows(
            "SELECT next_step_reason, count(*) FROM leads WHERE waits_for = 'later'"
            " AND next_step_at > :now"
            " GROUP BY next_step_reason ORDER BY count(*) DESC, next_step_reason LIMIT :limit",
            {"limit": REASONS_TOLD, "now": stamp(now)},
        )
    )


def _by_step(rows: list[tuple[object, ...]]) -> Counter[str]:
    """Counts by a step's public name, in the order of the conversation."""
    counts: Counter[str] = Counter()
    read = [(Step.parse(str(step)), str(kind), int(str(count))) for kind, step, count in rows]
    for step, kind, count in sorted(read, key=lambda one: _place(one[0], one[1])):
        counts[public_name(step, invitation=kind == DeliveryKind.INVITATION)] += count
    return counts


def _place(step: Step, kind: str) -> tuple[bool, int, int]:
    known = step.kind in _ORDER
    number = int(step.about) if step.kind is StepKind.FOLLOW_UP else 0
    direct = step == FIRST_CONTACT and kind != DeliveryKind.INVITATION
    return not known, 1 if direct else _ORDER.index(step.kind) if known else 0, number
