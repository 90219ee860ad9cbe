"""People whom somebody of the team holds back: nothing is sent to them until it is cleared.

A hold is what a person wrote about one lead in one place (a column of the sheet). It stays when
the row it was written in is gone: a no is taken back by whoever gave it, not by a deleted row.
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from ingagents.model import ContactStatus, LeadId
from ingagents.ports import Transaction
from ingagents.store.engine.row_codec import RowCodec, insert_into
from ingagents.store.tables import lead_plans


class Veto(msgspec.Struct, frozen=True):
    """A hold: where it was written, the words, and how the lead stood before it."""

    place: str
    words: str
    held_at: datetime
    status: ContactStatus
    status_reason: str

    @property
    def in_words(self) -> str:
        """Who holds, as far as the sheet tells."""
        return f"held by “{self.words[:80]}” under {self.place} in the sheet"


_VETO = RowCodec(Veto)
_HOLD = (
    insert_into("vetoes", ("lead_id", *_VETO.names)) + " ON CONFLICT (lead_id, place) DO UPDATE"
    " SET words = excluded.words, held_at = excluded.held_at"
)


def hold(transaction: Transaction, lead_id: LeadId, veto: Veto) -> None:
    """Hold a lead; other words in the same place change only what is said of it."""
    transaction.run(_HOLD, {**_VETO.values(veto), "lead_id": lead_id})
    lead_plans.mark(transaction, lead_id)


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
        lead_plans.mark(transaction, lead_id)
    return found


def of_lead(transaction: Transaction, lead_id: LeadId) -> tuple[Veto, ...]:
    """Every hold on a lead, the oldest first."""
    return tuple(
        _VETO.read(row)
        for row in transaction.rows(
            f"SELECT {_VETO.columns} FROM vetoes WHERE lead_id = :lead_id ORDER BY held_at, place",
            {"lead_id": lead_id},
        )
    )
