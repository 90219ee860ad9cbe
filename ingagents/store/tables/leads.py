"""Leads, the names LinkedIn knows them by, and who may never be written to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

import msgspec

from ingagents.core.conversation.sequence import has_begun
from ingagents.core.identity import company_key
from ingagents.core.lead_status import Cause, Change, Refused, move
from ingagents.errors import Conflict
from ingagents.model import (
    Alias,
    ContactStatus,
    Lead,
    LeadId,
)
from ingagents.ports import Transaction
from ingagents.store.engine.codecs import (
    from_json,
    stamp,
)
from ingagents.store.engine.row_codec import RowCodec, assigned
from ingagents.store.tables import erased_identities, lead_counts, lead_plans
from ingagents.store.tables.by_name import Name, looked_up

_LEAD = RowCodec(Lead)
_SELECT = f"SELECT {_LEAD.columns} FROM leads"
_WRITTEN = (*_LEAD.names, "company_key")
_UPDATE = f"UPDATE leads SET {assigned(_WRITTEN[1:])} WHERE id = :id AND version = :version_read"


def insert(transaction: Transaction, lead: Lead, aliases: Iterable[Alias]) -> None:
    """Add a new lead with its aliases."""
    insert_many(transaction, [(lead, aliases)])


def insert_many(transaction: Transaction, people: Sequence[tuple[Lead, Iterable[Alias]]]) -> None:
    """Add new leads with their aliases."""
    rows = [(*_LEAD.row(lead), company_key(lead.company)) for lead, _ in people]
    transaction.insert("leads", _WRITTEN, rows)
    for lead, _ in people:
        lead_counts.moved(transaction, None, lead)
    _add_names(transaction, ((alias, lead.id) for lead, aliases in people for alias in aliases))


def update(
    transaction: Transaction,
    lead: Lead,
    *,
    now: datetime,
    moved: Change | Refused | None = None,
    **changes: Any,
) -> Lead:
    """Change a lead as it was read; the lead as it is now.

    Its status only changes by what `core.lead_status` said of where it stood.

    Raises:
        Conflict: somebody changed it since; read it again and decide again.
    """
    if isinstance(moved, Change):
        changes["contact_status"] = moved.after
    changed = msgspec.structs.replace(lead, **changes, last_updated=now, version=lead.version + 1)
    if not transaction.run(_UPDATE, {**_values(changed), "version_read": lead.version}):
        raise Conflict(f"lead {lead.id} was changed by somebody else meanwhile", "try again")
    lead_counts.moved(transaction, lead, changed)
    if has_begun(changed):
        lead_plans.mark(transaction, lead.id)
    return changed


def add_aliases(transaction: Transaction, lead_id: LeadId, aliases: Iterable[Alias]) -> None:
    """Remember more names of a lead; a name that another lead has stays with that one."""
    _add_names(transaction, ((alias, lead_id) for alias in aliases))


def take_over(transaction: Transaction, lead_id: LeadId, aliases: Iterable[Alias]) -> None:
    """Names that were another lead's are this one's from now on."""
    for alias in aliases:
        transaction.run(
            "UPDATE identities SET lead_id = :lead_id WHERE kind = :kind AND value = :value",
            {"lead_id": lead_id, "kind": alias.kind, "value": alias.value},
        )


def doubles_of(transaction: Transaction, lead_id: str) -> list[LeadId]:
    """The leads that were closed because they are the same person as this one."""
    rows = transaction.rows("SELECT id FROM leads WHERE duplicate_of = :id", {"id": lead_id})
    return [LeadId(row[0]) for row in rows]


def hand_over_names(transaction: Transaction, giver: LeadId, taker: LeadId) -> None:
    """All names and doubles of a lead are another's from now on: they are one person."""
    for table, column in (("identities", "lead_id"), ("leads", "duplicate_of")):
        transaction.run(
            f"UPDATE {table} SET {column} = :taker WHERE {column} = :giver",
            {"giver": giver, "taker": taker},
        )


def _add_names(transaction: Transaction, names: Iterable[tuple[Alias, LeadId]]) -> None:
    transaction.run_many(
        "INSERT INTO identities (kind, value, lead_id) VALUES (:kind, :value, :lead_id)"
        " ON CONFLICT (kind, value) DO NOTHING",
        [
            {"kind": alias.kind, "value": alias.value, "lead_id": lead_id}
            for alias, lead_id in names
        ],
    )


def find(transaction: Transaction, lead_id: str) -> Lead | None:
    """The lead of this id."""
    rows = transaction.rows(f"{_SELECT} WHERE id = :id", {"id": lead_id})
    return _LEAD.read(rows[0]) if rows else None


def find_by_aliases(transaction: Transaction, aliases: Iterable[Alias]) -> Lead | None:
    """The lead that has any of these names."""
    names = tuple(aliases)
    known = ids_by_alias(transaction, names)
    lead_id = next((known[name] for name in names if name in known), None)
    return None if lead_id is None else find(transaction, lead_id)


def ids_by_alias(transaction: Transaction, aliases: Iterable[Alias]) -> dict[Alias, LeadId]:
    """Whose these names are, of those that somebody has."""
    names = {(str(alias.kind), alias.value): alias for alias in aliases}
    found = looked_up(transaction, "identities", "lead_id", names)
    return {names[name]: LeadId(lead_id) for name, lead_id in found.items()}


def id_named(transaction: Transaction, name: str) -> LeadId | None:
    """A lead that is called so, in whatever case. Reads every lead's name."""
    rows = transaction.rows(
        "SELECT id FROM leads WHERE name = :name OR lower(name) = lower(:name)"
        " ORDER BY created_at, id LIMIT 1",
        {"name": name},
    )
    return LeadId(rows[0][0]) if rows else None


def corrected_by_hand(transaction: Transaction, lead_id: str) -> frozenset[str]:
    """The fields of a lead that a human has set: what is read of the person changes them no more."""
    rows = transaction.rows(
        "SELECT data FROM journal WHERE lead_id = :id AND type = 'lead_updated'", {"id": lead_id}
    )
    return frozenset(field for (data,) in rows for field in from_json(data).get("changes", ()))


def said_beside_sheet(transaction: Transaction, lead_id: str, field: str, since: datetime) -> bool:
    """Whether somebody said a field of a lead from a moment on, elsewhere than in the sheet."""
    rows = transaction.rows(
        "SELECT data FROM journal WHERE lead_id = :id AND type = 'lead_updated'"
        " AND timestamp >= :since AND agent NOT LIKE 'sheet:%'",
        {"id": lead_id, "since": stamp(since)},
    )
    return any(field in (from_json(data).get("changes") or {}) for (data,) in rows)


def before_stage(transaction: Transaction, lead_id: str) -> tuple[ContactStatus, str] | None:
    """Where a lead stood, and why, before a stage closed it; None when none did so last."""
    rows = transaction.rows(
        "SELECT data FROM journal WHERE lead_id = :id AND type = 'lead_updated'"
        " ORDER BY seq DESC LIMIT 1000",
        {"id": lead_id},
    )
    said = (from_json(data).get("changes") or {} for (data,) in rows)
    last = next((one for one in said if "contact_status" in one), {})
    if (before := last.get("before")) is None or not last.get("stage"):
        return None
    return ContactStatus(before["contact_status"]), str(before["status_reason"])


def allocated(transaction: Transaction, *, limit: int) -> list[Lead]:
    """What outreach has to do: earliest allocation first, in the place the strategy gave."""
    return [
        _LEAD.read(row)
        for row in transaction.rows(
            f"{_SELECT} WHERE contact_status = 'Allocated'"
            " ORDER BY allocated_at, allocation_place, id LIMIT :limit",
            {"limit": limit},
        )
    ]


def best_waiting(transaction: Transaction, *, limit: int) -> list[Lead]:
    """The best of those nobody has written to and somebody could, allocated or not."""
    return [
        _LEAD.read(row)
        for row in transaction.rows(
            f"{_SELECT} WHERE contact_status IN ('Allocated', 'Not Contacted')"
            " AND linkedin_url <> '' ORDER BY coalesce(quality_score, 0) DESC, id LIMIT :limit",
            {"limit": limit},
        )
    ]


def allocated_before(transaction: Transaction, before: datetime, *, limit: int = 500) -> list[Lead]:
    """Leads allocated before a moment and still waiting, oldest first."""
    return [
        _LEAD.read(row)
        for row in transaction.rows(
            f"{_SELECT} WHERE contact_status = 'Allocated'"
            " AND allocated_at < :before ORDER BY allocated_at LIMIT :limit",
            {"before": stamp(before), "limit": limit},
        )
    ]


def allocate(
    transaction: Transaction,
    lead_id: LeadId,
    *,
    place: int,
    by: str,
    now: datetime,
    track: str = "",
) -> None:
    """Hand a lead that nobody has contacted to outreach; `place` is its turn, from 1.

    `track` is the line of the programme that it is for.

    Raises:
        Conflict: it is no longer uncontacted.
    """
    lead = find(transaction, lead_id)
    handed = lead and move(lead.contact_status, Cause.ALLOCATED)
    if lead is None or not isinstance(handed, Change):
        raise Conflict(f"lead {lead_id} is no longer uncontacted", "try again")
    update(
        transaction,
        lead,
        now=now,
        moved=handed,
        status_reason="",
        allocated_at=now,
        allocated_by=by,
        track=track,
    )
    transaction.run(
        "UPDATE leads SET allocation_place = :place WHERE id = :id", {"place": place, "id": lead_id}
    )


def allocated_since(transaction: Transaction, since: datetime) -> int:
    """How many leads were allocated from a moment on and not given back."""
    ((count,),) = transaction.rows(
        "SELECT count(*) FROM leads WHERE allocated_at >= :since"
        " AND contact_status <> 'Not Contacted'",
        {"since": stamp(since)},
    )
    return int(count)


def kinds_allocated_since(transaction: Transaction, since: datetime) -> dict[str, int]:
    """How many of each classification were allocated from a moment on and not given back."""
    rows = transaction.rows(
        "SELECT coalesce(classification, ''), count(*) FROM leads WHERE allocated_at >= :since"
        " AND contact_status <> 'Not Contacted' GROUP BY 1",
        {"since": stamp(since)},
    )
    return {str(kind): int(count) for kind, count in rows}


def found_between(transaction: Transaction, source: str, since: datetime, before: datetime) -> int:
    """How many leads a source brought in a span of time."""
    ((count,),) = transaction.rows(
        "SELECT count(*) FROM leads WHERE source = :source"
        " AND created_at >= :since AND created_at < :before",
        {"source": source, "since": stamp(since), "before": stamp(before)},
    )
    return int(count)


def ids_created_before(transaction: Transaction, before: datetime) -> set[LeadId]:
    """Every lead that was there at a moment."""
    return {
        LeadId(row[0])
        for row in transaction.rows(
            "SELECT id FROM leads WHERE created_at < :before", {"before": stamp(before)}
        )
    }


def waiting(transaction: Transaction) -> int:
    """How many are allocated and not written to yet."""
    ((count,),) = transaction.rows("SELECT count(*) FROM leads WHERE contact_status = 'Allocated'")
    return int(count)


def every(
    transaction: Transaction,
    *,
    status: str | None = None,
    classification: str | None = None,
    after: tuple[str, str] = ("", ""),
    limit: int = 500,
) -> list[Lead]:
    """One page of all leads by (created_at, id); give the last one's pair to go on."""
    wanted = f"(created_at, id) > (:created_at, :id){also(status, classification)}"
    return [
        _LEAD.read(row)
        for row in transaction.rows(
            f"{_SELECT} WHERE {wanted} ORDER BY created_at, id LIMIT :limit",
            {
                "created_at": after[0],
                "id": after[1],
                "status": status,
                "classification": classification,
                "limit": limit,
            },
        )
    ]


def also(status: str | None, classification: str | None) -> str:
    """Conditions that let only leads of a `:status` and a `:classification` pass, where those are given."""
    of_status = " AND contact_status = :status" if status is not None else ""
    if classification is None:
        return of_status
    return f"{of_status} AND coalesce(classification, 'Other') = :classification"


def page_key(lead: Lead) -> tuple[str, str]:
    """Where the next page of `every` begins."""
    return stamp(lead.created_at), lead.id


def aliases_of(transaction: Transaction, lead_id: str) -> tuple[Alias, ...]:
    """All names of a lead; of one that was closed as another's double that one's."""
    return tuple(
        Alias(kind, value)
        for kind, value in transaction.rows(
            "SELECT kind, value FROM identities WHERE lead_id = coalesce("
            "(SELECT duplicate_of FROM leads WHERE id = :id), :id) ORDER BY kind, value",
            {"id": lead_id},
        )
    )


def suppress(
    transaction: Transaction,
    names: Sequence[tuple[str, str]],
    *,
    reason: str,
    by: str,
    at: datetime,
) -> None:
    """Never write to whoever has one of these names: alias kinds, or ("domain", ...)."""
    transaction.run_many(
        "INSERT INTO suppressions (kind, value, reason, suppressed_by, suppressed_at)"
        " VALUES (:kind, :value, :reason, :by, :at) ON CONFLICT (kind, value) DO NOTHING",
        [
            {"kind": kind, "value": value, "reason": reason, "by": by, "at": stamp(at)}
            for kind, value in names
        ],
    )


def is_suppressed(transaction: Transaction, names: Sequence[tuple[str, str]]) -> str:
    """Why one of these names may not be written to; empty when none is suppressed."""
    reasons = suppressed(transaction, names)
    return next((reasons[name] for name in names if name in reasons), "")


def suppressed(transaction: Transaction, names: Sequence[Name]) -> dict[Name, str]:
    """Why these names may not be written to, of those that are suppressed.

    Somebody who was erased is known here by keyed hashes alone.
    """
    erased = erased_identities.reasons_for(transaction, names)
    return erased | looked_up(transaction, "suppressions", "reason", names)


def ids_with_names(transaction: Transaction, names: Iterable[tuple[str, str]]) -> Iterator[LeadId]:
    """The leads that have one of these names; a domain means everybody with mail there."""
    for kind, value in names:
        if kind == "domain":
            rows = transaction.rows(
                "SELECT DISTINCT lead_id FROM identities WHERE kind = 'email'"
                " AND value LIKE :pattern ESCAPE '!'",
                {"pattern": "%@" + re.sub("([!%_])", r"!\1", value)},
            )
        else:
            rows = transaction.rows(
                "SELECT lead_id FROM identities WHERE kind = :kind AND value = :value",
                {"kind": kind, "value": value},
            )
        yield from (LeadId(row[0]) for row in rows)


def _values(lead: Lead) -> dict[str, Any]:
    return {**_LEAD.values(lead), "company_key": company_key(lead.company)}
