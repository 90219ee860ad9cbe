"""Who is in a campaign of the service's that is to write to them no more, and is not out of it yet.

Whether a campaign is to go on with a double, the lead says that stands for the person.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import msgspec

from ingagents.core.reporting.open_matters import StillInCampaign
from ingagents.model import AccountId, Delivery, LeadId
from ingagents.ports import Transaction
from ingagents.store.engine.codecs import moment
from ingagents.store.engine.row_codec import RowCodec

_DELIVERY, _STILL = RowCodec(Delivery), RowCodec(StillInCampaign)

_STOPS = "SELECT {} FROM deliveries s WHERE s.recipient = d.recipient AND s.kind = 'stop'"
_REFUSED = " AND s.state = 'refused' AND s.refusal <> 'retry_later'"
_LEFT_THERE = (
    " AND EXISTS (SELECT 1 FROM reviews r WHERE r.kind = 'send' AND r.subject = s.id"
    " AND r.state = 'rejected')"
)
"""A human had the stop in hand, and says that it was not done: their no is a no."""
_OVER = (
    " FROM deliveries d JOIN leads o ON o.id = d.recipient"
    " JOIN leads l ON l.id = coalesce(o.duplicate_of, o.id)"
    " WHERE d.texts <> '{}' AND d.state = 'sent' AND l.waits_for <> 'service'"
    f" AND NOT EXISTS ({_STOPS.format('1')} AND s.state NOT IN ('refused', 'lost'))"
    f" AND NOT EXISTS ({_STOPS.format('1')}{_LEFT_THERE})"
)


class Unstopped(msgspec.Struct, frozen=True, kw_only=True):
    """An enrolment that goes on though its plan has ended, and what became of its stops so far.

    `refused_at`: when the service last refused one for another reason than that it was busy.
    """

    enrolment: Delivery
    lost: int
    refused: int
    refused_at: datetime | None
    detail: str
    """The service's last words of it."""


def unstopped(
    transaction: Transaction, account_id: AccountId, *, recipient: str = ""
) -> list[Unstopped]:
    """Enrolments of an account, or of one person in it, that go on though nothing is to be written.

    Not those whose stop has begun, is in a human's hands, or was left undone by them.
    """
    about = " AND d.recipient = :recipient" if recipient else ""
    last = _STOPS.format("s.detail") + " ORDER BY s.claimed_at DESC, s.id LIMIT 1"
    return [
        Unstopped(
            enrolment=_DELIVERY.read(tuple(row)),
            lost=int(lost),
            refused=int(refused),
            refused_at=moment(str(at)) if at else None,
            detail=str(detail or ""),
        )
        for *row, lost, refused, at, detail in transaction.rows(
            f"SELECT {_DELIVERY.columns_of('d')},"
            f" ({_STOPS.format('count(*)')} AND s.state = 'lost'),"
            f" ({_STOPS.format('count(*)')}{_REFUSED}),"
            f" ({_STOPS.format('max(s.settled_at)')}{_REFUSED}), ({last})"
            f"{_OVER} AND d.account_id = :account_id{about} ORDER BY d.claimed_at, d.id",
            {"account_id": account_id, **({"recipient": recipient} if recipient else {})},
        )
    ]


def still_in_campaign(transaction: Transaction) -> list[StillInCampaign]:
    """Whom the service refused to stop, in whichever account, until they are out of the campaign."""
    last = _STOPS.format("s.detail") + _REFUSED + " ORDER BY s.claimed_at DESC, s.id LIMIT 1"
    return [
        _STILL.read(row)
        for row in transaction.rows(
            f"SELECT d.id, l.id, l.name, l.linkedin_url, ({last}),"
            f" ({_STOPS.format('min(s.settled_at)')}{_REFUSED}){_OVER}"
            f" AND d.recipient IN (SELECT s.recipient FROM deliveries s WHERE s.kind = 'stop'"
            f"{_REFUSED}) ORDER BY d.claimed_at, d.id"
        )
    ]


def in_a_campaign(transaction: Transaction, lead_ids: Collection[LeadId]) -> int:
    """How many of these people are in a campaign that nobody has stopped for them."""
    return sum(
        bool(
            transaction.rows(
                "SELECT 1 FROM deliveries d WHERE d.recipient = :lead_id AND d.texts <> '{}'"
                f" AND d.state = 'sent' AND NOT EXISTS ({_STOPS.format('1')} AND s.state = 'sent')",
                {"lead_id": one},
            )
        )
        for one in lead_ids
    )
