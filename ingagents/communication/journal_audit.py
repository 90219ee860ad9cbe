"""Reading the whole journal: is every row as it was written?

Who erased somebody changed rows rightly, and nobody else may pass a change off as that. So a row
may differ from its digest in one way only: a later `lead_erased` event lists the row's number with
the digest of what stands there now. That event is a row of the chain itself: it cannot be slipped
in, altered or taken out without breaking the chain from there on, and appended in the ordinary way
it stands in the journal for everybody to see, with who did it and when. The mark in the row
(`erased`) only lets readers tell an erasure from damage; it counts for nothing here.

The chain has no secret: it shows what was changed, lost or put in between, by accident or by hand.
Somebody who may write to the database and computes every link anew from a row to the head, and the
noted head too, leaves no trace in it; keep a copy of the head elsewhere where that matters. Rows
that pruning left behind (decisions about open leads) have lost their neighbours: there only each
row's own digest speaks.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import msgspec

from ingagents.communication.hash_chain import digest_of, link, pruned
from ingagents.communication.offsets import JOURNAL, offsets_of
from ingagents.events import LeadErased, UnreadableEvent, decode
from ingagents.ports import Row, Transaction

_PAGE = 500


class Fault(NamedTuple):
    """Something in the journal is not as it was written; `seq` is where."""

    seq: int
    what: str


class _About(msgspec.Struct):
    """What an event's data says of whom it concerns."""

    lead_id: str | None = None


_about = msgspec.json.Decoder(_About)


def verify(transaction: Transaction, *, most: int = 100) -> tuple[Fault, ...]:
    """Read the whole journal and say what is not as it was written; empty when all is well.

    Checks each row's data against its digest (or what an erasure left of it), its place in the
    chain from the pruned point on, that no number is missing, that the last row is the noted head,
    and that whatever waits is there. Stops at `most` faults.
    """
    faults: list[Fault] = []
    erased = _erased(transaction)
    behind, chain = pruned(transaction)
    last = 0
    while len(faults) < most:
        page = transaction.rows(
            "SELECT seq, event_id, type, version, agent, timestamp, digest, chain, data, lead_id,"
            " erased FROM journal WHERE seq > :last ORDER BY seq LIMIT :page",
            {"last": last, "page": _PAGE},
        )
        if not page:
            break
        for row in page:
            seq, written = int(row[0]), str(row[7])
            if wrong := _wrong_data(row, erased.get(seq)):
                faults.append(Fault(seq, wrong))
            if seq > behind:
                expected = max(last, behind) + 1
                if seq != expected:
                    faults.append(Fault(expected, f"rows {expected} to {seq - 1} are missing"))
                elif link(chain, *row[:7]) != written:
                    faults.append(Fault(seq, "the chain is broken: it or the row before changed"))
                chain = written
            last = seq
    else:
        return tuple(faults[:most])
    faults += _head_faults(transaction, max(last, behind), chain)
    faults += [
        Fault(int(seq), f"{consumer} waits for it and it is missing")
        for seq, consumer in transaction.rows(
            "SELECT r.seq, r.consumer FROM retries r WHERE NOT EXISTS"
            " (SELECT 1 FROM journal j WHERE j.seq = r.seq) ORDER BY r.seq LIMIT :most",
            {"most": most},
        )
    ]
    return tuple(faults[:most])


def _erased(transaction: Transaction) -> Mapping[int, str]:
    """What erasures put in place of rows, by number; the latest erasure of a row counts.

    A row cannot be listed before it was written, so an event speaks for rows before it alone.
    """
    found: dict[int, str] = {}
    for seq, version, data in transaction.rows(
        "SELECT seq, version, data FROM journal WHERE type = 'lead_erased' ORDER BY seq"
    ):
        try:
            event = decode(data, stored_type="lead_erased", version=version)
        except UnreadableEvent:
            continue  # it is a fault of its own
        if isinstance(event, LeadErased):
            found |= {row: left for row, left in event.rows.items() if row < int(seq)}
    return found


def _wrong_data(row: Row, left: str | None) -> str:
    """What is wrong with a row's data; `left` is the digest of what an erasure left of it."""
    digest, data, lead_id, mark = row[6], row[8], row[9], row[10]
    found = digest_of(data) if isinstance(data, str) else ""
    if left is not None:
        return "" if found == left == mark else "it was erased and holds something else now"
    if found != digest:
        return "its data was changed: the digest does not fit"
    if mark is not None:
        return "it is marked as erased, and no event of an erasure lists it"
    try:
        about = _about.decode(data).lead_id
    except msgspec.MsgspecError:
        return ""  # written so; the dead letters say it
    return "" if about == lead_id else "it stands under another lead than its data names"


def _head_faults(transaction: Transaction, last: int, chain: str) -> list[Fault]:
    _, seq, head = offsets_of(transaction)[JOURNAL]
    if not head:
        return [Fault(last, "the head of the journal is not noted")] if last else []
    if seq > last:
        return [Fault(last + 1, f"rows {last + 1} to {seq} are missing at the end")]
    if seq < last:
        return [Fault(seq + 1, f"rows {seq + 1} to {last} were added past the noted head")]
    return [] if head == chain else [Fault(last, "the last row is not the noted head")]
