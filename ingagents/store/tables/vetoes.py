"""People whom somebody of the team holds back: nothing is sent to them until it is cleared.

A hold is what a person wrote about one lead in one place (a column of the sheet). It stays when
the row it was written in is gone: a no is taken back by whoever gave it, not by a deleted row.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from ingagents.model import ContactStatus, LeadId
from ingagents.ports import Transaction
from ingagents.store.engine.codecs import moment, stamp


class Veto(NamedTuple):
    """A hold: where it was written, the words, and how the lead stood before it."""

    place: str
    words: str
    held_at: datetime
    status: ContactStatus
    status_reason: str


def hold(transaction: Transaction, lead_id: LeadId, veto: Veto) -> None:
    """Hold a lead; other words in the same place change only what is said of it."""
    transaction.run(
        "INSERT INTO vetoes (lead_id, place, words, held_at, status, status_reason)"
        " VALUES (:lead_id, :place, :words, :held_at, :status, :status_reason)"
        " ON CONFLICT (lead_id, place) DO UPDATE"
        " SET words = excluded.words, held_at = excluded.held_at",
        {
            "lead_id": lead_id,
            "place": veto.place,
            "words": veto.words,
            "held_at": stamp(veto.held_at),
            "status": veto.status.value,
            "status_reason": veto.status_reason,
        },
    )


def begin_anew(transaction: Transaction, lead_id: LeadId) -> None:
    """Whatever the lead was when it was held, it was free to be written to by now."""
    transaction.run(
        "UPDATE vetoes SET status = :status, status_reason = '' WHERE lead_id = :lead_id",
        {"status": ContactStatus.NOT_CONTACTED.value, "lead_id": lead_id},
    )


def lift(transaction: Transaction, lead_id: LeadId, place: str) -> Veto | None:
    """Take one hold back; what it was, None when there was none."""
    found = next((one for one in of_lead(transaction, lead_id) if one.place == place), None)
    if found is not None:
        transaction.run(
            "DELETE FROM vetoes WHERE lead_id = :lead_id AND place = :place",
            {"lead_id": lead_id, "place": place},
        )
    return found


def of_lead(transaction: Transaction, lead_id: LeadId) -> tuple[Veto, ...]:
    """Every hold on a lead, the oldest first."""
    return tuple(
        Veto(place, words, moment(held_at), ContactStatus(status), status_reason)
        for place, words, held_at, status, status_reason in transaction.rows(
            "SELECT place, words, held_at, status, status_reason FROM vetoes"
            " WHERE lead_id = :lead_id ORDER BY held_at, place",
            {"lead_id": lead_id},
        )
    )
