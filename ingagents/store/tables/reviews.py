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
from ingagents.model import LeadId
from ingagents.ports import Transaction
from ingagents.store.engine.codecs import (
    stamp,
)
from ingagents.store.engine.row_codec import RowCodec, assigned, insert_into
from ingagents.store.tables import lead_plans

_REVIEW = RowCodec(Review, empty_for_none=("way", "step"))
_INSERT = insert_into("reviews", _REVIEW.names)
_SELECT = f"SELECT {_REVIEW.columns} FROM reviews"
_CHANGEABLE = (
    *("state", "text", "text_hash", "written_by", "confidence"),
    *("expires_at", "decided_at", "decided_by", "reason"),
)
_SETTLE = (
    f"UPDATE reviews SET {assigned(_CHANGEABLE)}"
    " WHERE id = :id AND state = :state_read AND text_hash = :hash_read"
)
_STANDING = "state IN ('open', 'approved')"


def ask(transaction: Transaction, review: Review) -> bool:
    """Put a question; False when one stands about this subject, or the id is taken."""
    is_new = bool(transaction.run(f"{_INSERT} ON CONFLICT DO NOTHING", _REVIEW.values(review)))
    if is_new:
        _mark_plan(transaction, review)
    return is_new


def find(transaction: Transaction, review_id: str) -> Review | None:
    """The review of this id."""
    rows = transaction.rows(f"{_SELECT} WHERE id = :id", {"id": review_id})
    return _REVIEW.read(rows[0]) if rows else None


def about(transaction: Transaction, subject: str) -> Review | None:
    """The newest question about a subject."""
    rows = transaction.rows(
        f"{_SELECT} WHERE subject = :subject ORDER BY asked_at DESC, id LIMIT 1",
        {"subject": subject},
    )
    return _REVIEW.read(rows[0]) if rows else None


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
        _REVIEW.read(row)
        for row in transaction.rows(
            f"{_SELECT} WHERE state IN ({wanted}){of_kind} ORDER BY asked_at DESC, id LIMIT :limit",
            {"kind": kind, "limit": limit},
        )
    ]


def of_lead(transaction: Transaction, lead_id: str) -> list[Review]:
    """Everything humans were ever asked about a lead, oldest first."""
    return [
        _REVIEW.read(row)
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
    return _REVIEW.read(rows[0]) if rows else None


def drafts(transaction: Transaction, lead_id: str) -> list[Review]:
    """Texts for a lead that are shown, asked about or approved, of whatever step."""
    return [
        _REVIEW.read(row)
        for row in transaction.rows(
            f"{_SELECT} WHERE lead_id = :lead_id AND kind IN ('draft', 'answer')"
            " AND state IN ('open', 'approved', 'shown') ORDER BY asked_at, id",
            {"lead_id": lead_id},
        )
    ]


def rejection(transaction: Transaction, kind: ReviewKind, subject: str) -> Review | None:
    """The rejection of a subject, which is for good."""
    rows = transaction.rows(
        f"{_SELECT} WHERE kind = :kind AND subject = :subject AND state = 'rejected'"
        " ORDER BY decided_at DESC LIMIT 1",
        {"kind": kind, "subject": subject},
    )
    return _REVIEW.read(rows[0]) if rows else None


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
        _REVIEW.read(row)
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
    return _REVIEW.read(rows[0]) if rows else None


def all_shown(transaction: Transaction, *, limit: int) -> list[Review]:
    """What a dry run showed of leads that still wait to be written to, in their turn."""
    return [
        _REVIEW.read(row)
        for row in transaction.rows(
            f"SELECT {_REVIEW.columns_of('r')} FROM reviews r JOIN leads l ON l.id = r.lead_id"
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
    values = _REVIEW.values(changed)
    done = transaction.run(
        _SETTLE,
        {
            **{name: values[name] for name in _CHANGEABLE},
            "id": review.id,
            "state_read": review.state,
            "hash_read": review.text_hash,
        },
    )
    if not done:
        return None
    _mark_plan(transaction, review)
    return changed


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


def _mark_plan(transaction: Transaction, review: Review) -> None:
    if review.kind in {"draft", "answer"} and review.lead_id:
        lead_plans.mark(transaction, review.lead_id)
