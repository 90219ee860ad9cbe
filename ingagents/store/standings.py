"""How many people stand alike: before which rule of the allocation, or with which plan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from ingagents.core.why.why import Standing
from ingagents.model import ContactStatus, LeadId, WaitsFor
from ingagents.ports import Transaction
from ingagents.store.engine.codecs import moment_or_none, stamp
from ingagents.store.engine.row_codec import placed
from ingagents.store.tables.candidates import SUPPRESSED_IDS


class Uncontacted(NamedTuple):
    """How many nobody has written to stand before each rule, and of each kind before none."""

    by_rule: Mapping[str, int]
    free: Mapping[str, int]


class Alike(NamedTuple):
    """So many people stand alike; the first moment of a next step among them, if it is to come."""

    standing: Standing
    people: int
    next_at: datetime | None


def uncontacted(
    transaction: Transaction,
    *,
    threshold: float,
    write_to_other: bool,
    taken: Collection[str],
    chosen: Collection[LeadId],
) -> Uncontacted:
    """How those stand whom nobody has written to.

    `taken` are the companies that had their person today, or have one among the `chosen`.
    """
    companies = {f"company{number}": one for number, one in enumerate(sorted(taken))}
    ids = {f"id{number}": one for number, one in enumerate(sorted(chosen))}
    theirs = f"company_key IN ({placed(companies)})" if companies else "1 = 0"
    other = "1 = 0" if write_to_other else "classification = 'Other'"
    others = f"id NOT IN ({placed(ids)})" if ids else "1 = 1"
    rows = transaction.rows(
        "SELECT rule, kind, count(*) FROM (SELECT coalesce(classification, '') AS kind, CASE"
        f" WHEN id IN ({SUPPRESSED_IDS}) THEN 'suppressed'"
        " WHEN id IN (SELECT lead_id FROM vetoes) THEN 'held'"
        " WHEN classification IS NOT NULL AND coalesce(quality_score, 0) < :threshold"
        " THEN 'below_threshold'"
        " WHEN linkedin_url = '' THEN 'no_address'"
        f" WHEN {other} THEN 'other'"
        f" WHEN {theirs} AND {others} THEN 'same_company'"
        " ELSE '' END AS rule FROM leads WHERE contact_status = 'Not Contacted') found"
        " GROUP BY rule, kind",
        {"threshold": threshold, **companies, **ids},
    )
    by_rule, free = Counter[str](), Counter[str]()
    for rule, kind, count in rows:
        if rule:
            by_rule[str(rule)] += int(count)
        else:
            free[str(kind)] += int(count)
    return Uncontacted(by_rule, free)


def by_plan(transaction: Transaction, now: datetime) -> Iterator[Alike]:
    """Everybody but those nobody has written to yet, by all that their gate follows from."""
    rows = transaction.rows(
        "SELECT contact_status, waits_for, later, is_double, count(*),"
        " min(CASE WHEN later = 1 THEN next_step_at END) FROM (SELECT contact_status, waits_for,"
        " next_step_at, CASE WHEN next_step_at > :now THEN 1 ELSE 0 END AS later,"
        " CASE WHEN duplicate_of IS NULL THEN 0 ELSE 1 END AS is_double FROM leads"
        " WHERE contact_status NOT IN ('Not Contacted', 'Allocated')) found"
        " GROUP BY contact_status, waits_for, later, is_double",
        {"now": stamp(now)},
    )
    for status, waits, later, double, people, at in rows:
        standing = Standing(ContactStatus(status), WaitsFor(waits), bool(later), bool(double))
        yield Alike(standing, int(people), moment_or_none(at))
