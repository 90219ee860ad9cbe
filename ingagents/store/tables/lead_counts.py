"""How many leads stand where, kept in the commit that changes it: nobody counts them all again.

Leads are told apart by status, by whether there is an address to write to, by quality and by kind;
whoever is not judged yet has none.
"""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from ingagents.model import Classification, Lead
from ingagents.ports import Transaction
from ingagents.store.engine.row_codec import insert_into

_UNWRITTEN = "leads.counts"
_COLUMNS = ("contact_status", "reachable", "quality", "kind", "leads")
_ADD = (
    insert_into("lead_counts", _COLUMNS) + " ON CONFLICT (contact_status, reachable, quality, kind)"
    " DO UPDATE SET leads = lead_counts.leads + excluded.leads"
)
_Place = tuple[str, int, float, str]


class Uncontacted(NamedTuple):
    """How many nobody has written to: all, and of them three that do not overlap.

    `below` are of a lower quality, `no_address` are good enough and have none, `others` are good
    enough, have one, and would neither speak nor sponsor. Whoever is not judged yet is good enough.
    """

    every: int
    below: int
    no_address: int
    others: int


def moved(transaction: Transaction, before: Lead | None, after: Lead) -> None:
    """A lead came, or changed; written once for all that a commit changes."""
    was, stands = None if before is None else _place(before), _place(after)
    if was == stands:
        return
    changes = _unwritten(transaction)
    changes[stands] += 1
    if was is not None:
        changes[was] -= 1


def gone(transaction: Transaction, lead: Lead) -> None:
    """A lead was deleted."""
    _unwritten(transaction)[_place(lead)] -= 1


def _unwritten(transaction: Transaction) -> Counter[_Place]:
    changes: Counter[_Place] | None = transaction.state.get(_UNWRITTEN)
    if changes is None:
        changes = transaction.state[_UNWRITTEN] = Counter[_Place]()
        transaction.before_commit(_UNWRITTEN, _write)
    return changes


def by_status(transaction: Transaction) -> dict[str, int]:
    """How many leads stand where."""
    _write(transaction)
    rows = transaction.rows(
        "SELECT contact_status, sum(leads) FROM lead_counts GROUP BY contact_status"
        " HAVING sum(leads) > 0"
    )
    return {str(status): int(count) for status, count in rows}


def uncontacted(transaction: Transaction, *, at_least: float) -> Uncontacted:
    """How many nobody has written to."""
    _write(transaction)
    (counts,) = transaction.rows(
        "SELECT coalesce(sum(leads), 0),"
        " coalesce(sum(CASE WHEN quality < :at_least AND kind <> '' THEN leads END), 0),"
        " coalesce(sum(CASE WHEN (quality >= :at_least OR kind = '') AND reachable = 0"
        " THEN leads END), 0),"
        " coalesce(sum(CASE WHEN quality >= :at_least AND reachable = 1 AND kind = :other"
        " THEN leads END), 0)"
        " FROM lead_counts WHERE contact_status = 'Not Contacted'",
        {"at_least": at_least, "other": Classification.OTHER.value},
    )
    return Uncontacted(*map(int, counts))


def _write(transaction: Transaction) -> None:
    changes = transaction.state.pop(_UNWRITTEN, None)
    if changes:
        transaction.run_many(
            _ADD,
            [
                dict(zip(_COLUMNS, (*place, count), strict=True))
                for place, count in changes.items()
                if count
            ],
        )


def _place(lead: Lead) -> _Place:
    kind = lead.classification or ""
    reachable = int(bool(lead.linkedin_url))
    return lead.contact_status.value, reachable, lead.quality_score or 0.0, str(kind)
