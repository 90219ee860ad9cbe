"""The file by which people enter a campaign whose API takes no words: one row a person, a column a step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ingagents.model import DeliveryKind
from ingagents.ports import Transaction
from ingagents.store.tables import deliveries, hand_outs, leads, reviews


def upload_rows(transaction: Transaction) -> Sequence[Mapping[str, str]]:
    """Whoever was handed to a human to upload, and is not said to be in the campaign yet.

    Not who is not to be written to any more: an upload begins a conversation with everybody in it.
    """
    rows = []
    for act in deliveries.doubtful(transaction, kinds=(DeliveryKind.ENROLMENT,)):
        lead = leads.find(transaction, act.recipient)
        asked = reviews.standing(transaction, "send", act.id)
        stopped = asked is not None and hand_outs.why_stopped(transaction, asked)
        if lead is not None and not stopped:
            first = lead.profile.first_name or lead.name.partition(" ")[0]
            who = {"linkedinUrl": lead.linkedin_url, "first_name": first}
            rows.append({**who, **act.texts})
    return rows


def columns_of(rows: Sequence[Mapping[str, str]]) -> tuple[str, ...]:
    """The columns of such rows, in the order of the steps."""
    return tuple(dict.fromkeys(column for row in rows for column in row)) or _WITHOUT_ROWS


_WITHOUT_ROWS = ("linkedinUrl", "first_name", "invitation")
