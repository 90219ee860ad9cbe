"""What humans are asked, and what they said.

The unique index `reviews_once` lets one question or approval stand per kind and subject; every
answer is a conditional update, so of two humans who answer at once one is first.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec

from ingagents.core.review_policy import KINDS, Review, ReviewState
from ingagents.events import ReviewKind
from ingagents.model import DeliveryKind, LeadId, Reason, Step
from ingagents.ports import Row, Transaction
from ingagents.store.engine.codecs import (
    from_json,
    moment,
    moment_or_none,
    stamp,
    stamp_or_none,
    to_json,
)

_COLUMNS = (
    "id, kind, subject, lead_id, recipient, address, account_id, way, step, text, text_hash,"
    " text_limit, written_by, confidence, reasons, evidence, asked_at, expires_at, state,"
    " decided_at, decided_by, reason"
)
_NAMES = tuple(name.strip() for name in _COLUMNS.split(","))
_SELECT = f"SELECT {_COLUMNS} FROM reviews"
_STANDING = "state IN ('open', 'approved')"


def ask(transaction: Transaction, review: Review) -> bool:
    """Put a question; False when one stands about this subject, or the id is taken."""
    return bool(
        transaction.run(
            f"INSERT INTO reviews ({_COLUMNS}) VALUES ({', '.join(f':{n}' for n in _NAMES)})"
            " ON CONFLICT DO NOTHING",
            _values(review),
        )
    )


def find(transaction: Transaction, review_id: str) -> Review | None:
    """The review of this id."""
    rows = transaction.rows(f"{_SELECT} WHERE id = :id", {"id": review_id})
    return _review(rows[0]) if rows else None


def about(transaction: Transaction, subject: str) -> Review | None:
    """The newest question about a subject."""
    rows = transaction.rows(
        f"{_SELECT} WHERE subject = :subject ORDER BY asked_at DESC, id LIMIT 1",
        {"subject": subject},
    )
    return _review(rows[0]) if rows else None


def listed(
    transaction: Transaction,
    *,
    kind: ReviewKind | None = None,
    states: Iterable[ReviewState] = ("open",),
    limit: int,
) -> list[Review]:
    """Reviews of a kind (None: of any) in these states, the newest question first."""
    wanted = ", ".join(f"'{state}'" for state in states)
    of_kind = "" if kind is None else " AND kind = :kind"
    return [
        _review(row)
        for row in transaction.rows(
            f"{_SELECT} WHERE state IN ({wanted}){of_kind} ORDER BY asked_at DESC, id LIMIT :limit",
            {"kind": kind, "limit": limit},
        )
    ]


def of_lead(transaction: Transaction, lead_id: str) -> list[Review]:
    """Everything humans were ever asked about a lead, oldest first."""
    return [
        _review(row)
        for row in transaction.rows(
            f"{_SELECT} WHERE lead_id = :lead_id ORDER BY asked_at, id", {"lead_id": lead_id}
        )
    ]


def standing(transaction: Transaction, kind: ReviewKind, subject: str) -> Review | None:
    """The open question or the approval about a subject."""
    rows = transaction.rows(
        f"{_SELECT} WHERE kind = :kind AND subject = :subject AND {_STANDING}",
        {"kind": kind, "subject": subject},
    )
    return _review(rows[0]) if rows else None


def rejection(transaction: Transaction, kind: ReviewKind, subject: str) -> Review | None:
    """The rejection of a subject, which is for good."""
    rows = transaction.rows(
        f"{_SELECT} WHERE kind = :kind AND subject = :subject AND state = 'rejected'"
        " ORDER BY decided_at DESC LIMIT 1",
        {"kind": kind, "subject": subject},
    )
    return _review(rows[0]) if rows else None


def ready(transaction: Transaction, *, limit: int) -> list[LeadId]:
    """Leads with an approved text that has not gone out, the earliest approval first."""
    return [
        LeadId(lead_id)
        for (lead_id,) in transaction.rows(
            "SELECT lead_id FROM reviews WHERE kind = 'draft' AND state = 'approved'"
            " ORDER BY decided_at, id LIMIT :limit",
            {"limit": limit},
        )
    ]


def due(transaction: Transaction, *, now: datetime, limit: int) -> list[Review]:
    """Open questions whose time is over, the longest first."""
    return [
        _review(row)
        for row in transaction.rows(
            f"{_SELECT} WHERE state = 'open' AND expires_at <= :now"
            " ORDER BY expires_at, id LIMIT :limit",
            {"now": stamp(now), "limit": limit},
        )
    ]


def show(transaction: Transaction, review: Review) -> bool:
    """Keep a draft as shown, in place of the one shown before; False when the id is taken."""
    put_away(transaction, review.subject)
    return ask(transaction, review)


def put_away(transaction: Transaction, subject: str) -> None:
    """Nothing is shown about a subject any more."""
    transaction.run(
        "DELETE FROM reviews WHERE kind = 'draft' AND subject = :subject AND state = 'shown'",
        {"subject": subject},
    )


def shown(transaction: Transaction, subject: str) -> Review | None:
    """The draft that a dry run showed about a subject."""
    rows = transaction.rows(
        f"{_SELECT} WHERE kind = 'draft' AND subject = :subject AND state = 'shown'",
        {"subject": subject},
    )
    return _review(rows[0]) if rows else None


def all_shown(transaction: Transaction, *, limit: int) -> list[Review]:
    """What a dry run showed of leads that still wait to be written to, in their turn."""
    columns = ", ".join(f"r.{name}" for name in _NAMES)
    return [
        _review(row)
        for row in transaction.rows(
            f"SELECT {columns} FROM reviews r JOIN leads l ON l.id = r.lead_id"
            " WHERE r.state = 'shown' AND l.contact_status = 'Allocated'"
            " ORDER BY l.allocated_at, l.allocation_place, l.id LIMIT :limit",
            {"limit": limit},
        )
    ]


def count_shown(transaction: Transaction, *, now: datetime, but: str = "") -> int:
    """How many drafts of leads that still wait need no other look yet, but for one subject."""
    ((count,),) = transaction.rows(
        "SELECT count(*) FROM reviews r JOIN leads l ON l.id = r.lead_id"
        " WHERE r.state = 'shown' AND l.contact_status = 'Allocated' AND r.expires_at > :now"
        " AND r.subject <> :but",
        {"now": stamp(now), "but": but},
    )
    return int(count)


def settle(transaction: Transaction, review: Review, **changes: Any) -> Review | None:
    """Change a review as it was read; None when somebody was first."""
    changed = msgspec.structs.replace(review, **changes)
    done = transaction.run(
        "UPDATE reviews SET state = :state, text = :text, text_hash = :text_hash,"
        " written_by = :written_by, confidence = :confidence, expires_at = :expires_at,"
        " decided_at = :decided_at, decided_by = :decided_by, reason = :reason"
        " WHERE id = :id AND state = :state_read AND text_hash = :hash_read",
        {
            **{name: value for name, value in _values(changed).items() if name in _CHANGEABLE},
            "id": review.id,
            "state_read": review.state,
            "hash_read": review.text_hash,
        },
    )
    return changed if done else None


def counts(transaction: Transaction) -> dict[ReviewKind, int]:
    """How many questions of each kind wait for a human."""
    found = {
        str(kind): int(count)
        for kind, count in transaction.rows(
            "SELECT kind, count(*) FROM reviews WHERE state = 'open' GROUP BY kind"
        )
    }
    return {kind: found.get(kind, 0) for kind in KINDS}


def unasked(transaction: Transaction) -> int:
    """How many leads need a human without a question that a human could answer."""
    ((count,),) = transaction.rows(
        "SELECT count(*) FROM leads l WHERE l.contact_status = 'Needs Review' AND NOT EXISTS"
        " (SELECT 1 FROM reviews r WHERE r.lead_id = l.id AND r.state = 'open')"
    )
    return int(count)


_CHANGEABLE = frozenset(
    {
        "state",
        "text",
        "text_hash",
        "written_by",
        "confidence",
        "expires_at",
        "decided_at",
        "decided_by",
        "reason",
    }
)


def _values(review: Review) -> dict[str, Any]:
    return {
        **{name: getattr(review, name) for name in _NAMES},
        "way": "" if review.way is None else review.way.value,
        "step": "" if review.step is None else str(review.step),
        "reasons": to_json(review.reasons),
        "evidence": to_json(review.evidence),
        "asked_at": stamp(review.asked_at),
        "expires_at": stamp_or_none(review.expires_at),
        "decided_at": stamp_or_none(review.decided_at),
    }


def _review(row: Row) -> Review:
    value = dict(zip(_NAMES, row, strict=True))
    return Review(
        **{
            **value,
            "way": DeliveryKind(value["way"]) if value["way"] else None,
            "step": Step.parse(value["step"]) if value["step"] else None,
            "reasons": msgspec.json.decode(value["reasons"], type=tuple[Reason, ...]),
            "evidence": from_json(value["evidence"]),
            "asked_at": moment(value["asked_at"]),
            "expires_at": moment_or_none(value["expires_at"]),
            "decided_at": moment_or_none(value["decided_at"]),
        }
    )
