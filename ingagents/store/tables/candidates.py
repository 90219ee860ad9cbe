"""Who may be allocated, in the order of a strategy: as many as are asked for, by pages."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from ingagents.core.allocator import LANES, Pool, Strategy
from ingagents.core.programme import Track, fitting
from ingagents.core.sending.wanted import UNJUDGED
from ingagents.model import Classification, LeadId, Profile
from ingagents.ports import Row, Transaction
from ingagents.store.engine.codecs import stamp
from ingagents.store.engine.row_codec import placed
from ingagents.store.tables import lead_counts
from ingagents.store.under_way import COMPANIES, since_silence

PAGE = 100
_BEST = 11.0
"""Better than every quality."""

_COLUMNS = "id, company_key, coalesce(classification, ''), coalesce(quality_score, 0), created_at, linkedin_url"
# These are the words of the indexes leads_to_allocate_by_...: a database knows an index by them.
_LANE = "coalesce(classification, '')"
_QUALITY = "-coalesce(quality_score, 0)"
_OPEN = "contact_status = 'Not Contacted' AND linkedin_url <> ''"
_PAGE_OF = f"SELECT {_COLUMNS} FROM leads WHERE {_OPEN} AND {_LANE} = :lane"
_BY_QUALITY = (
    f"{_PAGE_OF} AND {_QUALITY} <= :last AND ({_QUALITY}, created_at, id) >"
    f" (:quality, :created_at, :id) ORDER BY {_QUALITY}, created_at, id LIMIT {PAGE}"
)
_BY_AGE = (
    f"{_PAGE_OF} AND coalesce(quality_score, 0) >= :at_least"
    f" AND (created_at, id) > (:created_at, :id) ORDER BY created_at, id LIMIT {PAGE}"
)


class Candidate(NamedTuple):
    """What allocation needs to know of a lead, and no more."""

    id: LeadId
    company_key: str
    classification: str
    quality_score: float
    created_at: str
    linkedin_url: str
    suppressed: bool = False
    tracks: tuple[str, ...] = ()


def pool(
    transaction: Transaction,
    strategy: Strategy,
    *,
    at_least: float,
    tracks: Sequence[Track] = (),
    write_to_other: bool = True,
) -> Pool[Candidate]:
    """Everybody not contacted yet, to be looked at within this transaction.

    Nobody judged of a quality below `at_least`, or without an address, is handed out: they are counted.
    With each stand those of the programme's `tracks` that they fit. Nor are others handed out unless
    they are written to.
    """
    counts = lead_counts.uncontacted(transaction, at_least=at_least)
    lanes = LANES if write_to_other else [lane for lane in LANES if lane != Classification.OTHER]
    return Pool(
        lanes={lane: _in_order(transaction, lane, strategy, at_least, tracks) for lane in lanes},
        candidates=counts.every,
        below_threshold=counts.below,
        no_address=counts.no_address,
        others=0 if write_to_other else counts.others,
    )


def of_ids(
    transaction: Transaction, ids: Sequence[LeadId], tracks: Sequence[Track] = ()
) -> list[Candidate]:
    """Those of these leads whom nobody has contacted, in this order."""
    names = _named(ids)
    rows = transaction.rows(
        f"SELECT {_COLUMNS} FROM leads WHERE contact_status = 'Not Contacted'"
        f" AND id IN ({placed(names)})",
        names,
    )
    found = {one.id: one for one in _candidates(transaction, rows, tracks)}
    return [found[one] for one in ids if one in found]


def suppressed(transaction: Transaction, ids: Collection[LeadId]) -> frozenset[LeadId]:
    """Those of these leads whom a suppression names, by an alias or their mail's domain, or a veto."""
    names = _named(ids)
    theirs = placed(names)
    of_them = f"SELECT i.lead_id FROM identities i JOIN suppressions s ON {{}} WHERE i.lead_id IN ({theirs})"
    rows = transaction.rows(
        f"{of_them.format('s.kind = i.kind AND s.value = i.value')} UNION"
        f" {of_them.format(_SAME_DOMAIN)} UNION"
        f" SELECT lead_id FROM vetoes WHERE lead_id IN ({theirs})",
        names,
    )
    return frozenset(LeadId(row[0]) for row in rows)


_SAME_DOMAIN = (
    "i.kind = 'email' AND s.kind = 'domain' AND s.value ="
    # What is left when the signs before the last @ are kept, and all after it cut off, is cut off.
    " substr(i.value, length(rtrim(i.value, replace(i.value, '@', ''))) + 1)"
)
SUPPRESSED_IDS = " UNION ".join(
    f"SELECT i.lead_id FROM identities i JOIN suppressions s ON {same}"
    for same in ("s.kind = i.kind AND s.value = i.value", _SAME_DOMAIN)
)
"""Everybody whom a suppression names, as a query."""


def _in_order(
    transaction: Transaction,
    lane: str,
    strategy: Strategy,
    at_least: float,
    tracks: Sequence[Track],
) -> Iterator[Candidate]:
    by_age = strategy == "oldest_first"
    if lane == UNJUDGED:
        at_least = 0.0
    after: dict[str, Any] = {"created_at": "", "id": ""}
    bounds = {"at_least": at_least} if by_age else {"last": -at_least, "quality": -_BEST}
    while True:
        values = {"lane": lane, **bounds, **after}
        page = _candidates(
            transaction, transaction.rows(_BY_AGE if by_age else _BY_QUALITY, values), tracks
        )
        yield from page
        if len(page) < PAGE:
            return
        last = page[-1]
        after = {"created_at": last.created_at, "id": last.id}
        if not by_age:
            after["quality"] = -last.quality_score


def _candidates(
    transaction: Transaction, rows: Sequence[Row], tracks: Sequence[Track]
) -> list[Candidate]:
    if not rows:
        return []
    ids = [row[0] for row in rows]
    barred = suppressed(transaction, ids)
    shown = _profiles(transaction, ids) if any(track.topics for track in tracks) else {}
    return [
        Candidate._make((*row, row[0] in barred, fitting(tracks, row[2], shown.get(row[0]))))
        for row in rows
    ]


class Available(NamedTuple):
    """How many of those nobody has written to could be now, and whom only a rule keeps back."""

    free: int
    same_company: int
    others: int


def available(
    transaction: Transaction,
    *,
    at_least: float,
    allow_same_company: bool,
    write_to_other: bool,
    now: datetime,
) -> Available:
    """Who of a quality, or not judged yet, and with an address is left, as the rules stand."""
    counts = lead_counts.uncontacted(transaction, at_least=at_least)
    others = 0 if write_to_other else counts.others
    same = (
        0
        if allow_same_company
        else _at_taken(transaction, at_least, now, write_to_other=write_to_other)
    )
    left = counts.every - counts.below - counts.no_address - others
    return Available(free=left - same, same_company=same, others=others)


def _at_taken(
    transaction: Transaction, at_least: float, now: datetime, *, write_to_other: bool
) -> int:
    """How many of them are of a company with which a conversation is open."""
    wanted = "" if write_to_other else f" AND {_LANE} <> '{Classification.OTHER}'"
    ((count,),) = transaction.rows(
        f"SELECT count(*) FROM (SELECT DISTINCT company_key AS taken FROM ({COMPANIES}) c) t"
        # CROSS: SQLite then begins with the few that are taken, and finds their people by the index.
        f" CROSS JOIN leads WHERE company_key = taken AND {_OPEN}"
        f" AND (coalesce(quality_score, 0) >= :at_least OR classification IS NULL){wanted}",
        {"at_least": at_least, "since": stamp(now), "silent": since_silence(now)},
    )
    return int(count)


def _profiles(transaction: Transaction, ids: Sequence[LeadId]) -> Mapping[LeadId, Profile]:
    names = _named(ids)
    rows = transaction.rows(f"SELECT id, profile FROM leads WHERE id IN ({placed(names)})", names)
    return {LeadId(row[0]): msgspec.json.decode(row[1], type=Profile) for row in rows}


def _named(ids: Collection[LeadId]) -> dict[str, LeadId]:
    return {f"id{number}": one for number, one in enumerate(ids)}
