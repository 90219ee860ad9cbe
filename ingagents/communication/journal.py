"""The journal: every event in order; who has to handle it, `inbox` hands out.

All functions run inside the caller's transaction, so an event and the changes it speaks of are one
commit.

Each row carries a digest of its data and a chain value over itself and its predecessor
(`hash_chain`): a changed, missing or reordered row is found (`verify`), and a damaged one goes to
the dead letters instead of to an agent. The head is noted beside it, so that rows missing at the
end are found too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import takewhile
from typing import NamedTuple, TypeVar

import msgspec

from ingagents.communication import inbox
from ingagents.communication.hash_chain import PRUNED, digest_of, link, pruned
from ingagents.communication.offsets import JOURNAL, Offset, Offsets, offsets_of
from ingagents.communication.role_queues import Head, RoleQueues
from ingagents.display import Told, in_a_line, table
from ingagents.events import VERSIONS, Event, Published, Role, encode, event_type
from ingagents.model import ContactStatus
from ingagents.ports import Transaction
from ingagents.routing import CONSUMERS
from ingagents.store.engine.codecs import stamp, to_json
from ingagents.store.tables import key_value

E = TypeVar("E", bound=msgspec.Struct)

_CLOSED = tuple(
    status.value
    for status in (ContactStatus.CLOSED, ContactStatus.SUPPRESSED, ContactStatus.FAILED)
)


_COLUMNS = (
    "seq",
    "event_id",
    "type",
    "version",
    "agent",
    "lead_id",
    "consumer",
    "data",
    "timestamp",
    "digest",
    "chain",
)

_UNWRITTEN = "journal.unwritten"
_ERASED = "journal.erased"
_SWEPT = "journal.swept"
"""The note of how far `prune` has looked again at what it left behind."""


class Entry(NamedTuple):
    """A journal row as people read it; `data` is JSON text, readable or not."""

    seq: int
    event_id: str
    type: str
    version: int
    agent: str
    data: str
    timestamp: str

    def __repr__(self) -> str:
        return in_a_line("Entry", self._told())

    def _repr_html_(self) -> str:
        return table(self._told())

    def _told(self) -> Told:
        line = f"{self.seq} {self.type} by {self.agent} at {self.timestamp}: {self.data}"
        return Told(line, list(self._asdict().items()))


class Erased(NamedTuple):
    """What an erasure did to the journal: rows with the digest of what is left, and the inbox."""

    rows: dict[int, str]
    no_longer_waiting: int


def append(
    transaction: Transaction,
    events: Sequence[Event],
    *,
    agent: str,
    at: datetime,
    new_id: Callable[[], str],
    queues: RoleQueues | None = None,
) -> None:
    """Write events at the journal's end, each with the consumer who waits for it.

    They are written before whatever the transaction does next: those of a whole group of commits
    cost few statements. `queues` hand them over to consumers of this process as they are.
    """
    if not events:
        return
    unwritten = transaction.state.get(_UNWRITTEN)
    if unwritten is None:
        unwritten = transaction.state[_UNWRITTEN] = []
        transaction.before_next(_UNWRITTEN, _write)
    unwritten.append((events, agent, at, new_id, queues))


def _write(transaction: Transaction) -> None:
    unwritten = transaction.state.pop(_UNWRITTEN)
    offsets = offsets_of(transaction)
    before = _head(transaction, offsets)
    seq, chain = before
    rows = []
    waited_for = defaultdict[Role, list[Published]](list)
    for events, agent, at, new_id, _ in unwritten:
        timestamp = stamp(at)
        for event in events:
            seq += 1
            kind, data, event_id = event_type(event), encode(event).decode(), new_id()
            version, digest = VERSIONS.get(kind, 1), digest_of(data)
            chain = link(chain, seq, event_id, kind, version, agent, timestamp, digest)
            about, consumer = getattr(event, "lead_id", None), CONSUMERS.get(type(event))
            rows.append(
                (seq, event_id, kind, version, agent, about, consumer or "", data, timestamp,
                 digest,
                 chain)
            )  # fmt: skip
            if consumer:
                waited_for[consumer].append(
                    Published(seq=seq, event_id=event_id, agent=agent, timestamp=at, event=event)
                )
    transaction.insert("journal", _COLUMNS, rows)
    offsets.move(JOURNAL, Offset(seq, seq, chain))
    head, some_erased = Head(seq, chain), transaction.state.pop(_ERASED, False)
    for queues in {one[-1] for one in unwritten}:
        if queues is not None and some_erased:
            queues.forget(head)
        elif queues is not None:
            queues.put(before, head, waited_for)


def entries(
    transaction: Transaction, *, lead_id: str | None = None, after: int = 0, limit: int = 1000
) -> list[Entry]:
    """One page of the journal in order: everything, or what speaks of one lead."""
    columns = "seq, event_id, type, version, agent, data, timestamp"
    if lead_id is None:
        sql = f"SELECT {columns} FROM journal WHERE seq > :after ORDER BY seq LIMIT :limit"
    else:
        sql = (
            f"SELECT {columns} FROM journal WHERE lead_id = :lead_id AND seq > :after"
            " ORDER BY seq LIMIT :limit"
        )
    return [
        Entry(*row)
        for row in transaction.rows(sql, {"lead_id": lead_id, "after": after, "limit": limit})
    ]


def last_of(transaction: Transaction, kind: type[E]) -> E | None:
    """The newest event of a kind."""
    rows = transaction.rows(
        "SELECT data FROM journal WHERE type = :type ORDER BY seq DESC LIMIT 1",
        {"type": kind.__struct_config__.tag},
    )
    return msgspec.json.decode(rows[0][0], type=kind) if rows else None


def last_seq(transaction: Transaction) -> int:
    """The number of the newest event; 0 when there is none."""
    return offsets_of(transaction).end


def erase(
    transaction: Transaction, lead_ids: Sequence[str], *, without: Callable[[str], str]
) -> Erased:
    """Take people out of the journal: their own events lose all data, others the words about them.

    `without` gives a text without the people. What waits about them alone is waited for no more.
    Whoever calls this publishes `lead_erased` with the answer's rows in the same commit: until
    then `verify` calls each of them changed.
    """
    rows: dict[int, str] = {}
    transaction.state[_ERASED] = True  # what this process has in memory holds people's names, too
    own = [
        (int(seq), str(kind))
        for lead_id in lead_ids
        for seq, kind in transaction.rows(
            "SELECT seq, type FROM journal WHERE lead_id = :id ORDER BY seq", {"id": lead_id}
        )
    ]
    for seq, kind in own:
        rows[seq] = _overwrite(transaction, seq, to_json({"type": kind, "erased": True}))
    for seq, data in _others_about(transaction, lead_ids):
        if (left := without(data)) != data:
            rows[seq] = _overwrite(transaction, seq, left)
    numbers = [{"seq": seq} for seq, _ in own]
    offsets_of(transaction).write_down()
    no_longer = sum(
        len(transaction.rows("SELECT 1 FROM inbox WHERE seq = :seq", one)) for one in numbers
    )
    transaction.run_many("DELETE FROM retries WHERE seq = :seq", numbers)
    transaction.run_many(
        "UPDATE journal SET lead_id = NULL, consumer = '' WHERE seq = :seq", numbers
    )
    return Erased(rows, no_longer)


def prune(transaction: Transaction, *, before: datetime, limit: int = 1000) -> int:
    """Delete the oldest handled events from before a moment; how many were dealt with.

    Only from the front and only up to the first event somebody still waits for, so that the chain
    stays whole from the noted point on. Decisions about open leads and what humans corrected in
    them stay behind until the lead is closed, and erasures for good: they vouch for what they left
    of other rows. Call again until it answers 0.
    """
    inbox.catch_up(transaction)
    ((waiting,),) = transaction.rows("SELECT min(seq) FROM inbox")
    end = last_seq(transaction)
    rows = transaction.rows(
        "SELECT seq, chain, timestamp FROM journal WHERE seq > :pruned AND seq < :stop"
        " ORDER BY seq LIMIT :limit",
        {
            "pruned": pruned(transaction)[0],
            "stop": end if waiting is None else min(end, int(waiting)),
            "limit": limit,
        },
    )
    old = list(takewhile(lambda row: row[2] < stamp(before), rows))
    if not old:
        return _prune_closed(transaction, limit, at=before)
    first, last, chain = int(old[0][0]), int(old[-1][0]), str(old[-1][1])
    transaction.run(
        "DELETE FROM journal WHERE seq >= :first AND seq <= :last"
        " AND type <> 'lead_erased' AND NOT EXISTS"
        " (SELECT 1 FROM leads l"
        " WHERE journal.type IN ('lead_discovered', 'decision_made', 'lead_updated')"
        " AND l.id = journal.lead_id"
        f" AND {_OPEN_LEAD})",
        {"first": first, "last": last},
    )
    key_value.note(transaction, PRUNED, (last, chain), at=before)
    return len(old)


_OPEN_LEAD = f"l.contact_status NOT IN ({', '.join(repr(status) for status in _CLOSED)})"


def _prune_closed(transaction: Transaction, limit: int, *, at: datetime) -> int:
    """Delete what `prune` left behind for leads that are closed by now.

    What was left behind is gone through by and by, from where the time before came to: a
    department of many open leads leaves more than can be looked at each time.
    """
    after = key_value.noted(transaction, _SWEPT) or 0
    rows = transaction.rows(
        "SELECT j.seq, CASE WHEN j.type = 'lead_erased' OR EXISTS"
        f" (SELECT 1 FROM leads l WHERE l.id = j.lead_id AND {_OPEN_LEAD}) THEN 1 ELSE 0 END"
        " FROM journal j WHERE j.seq > :after AND j.seq <= :pruned ORDER BY j.seq LIMIT :page",
        {"after": after, "pruned": pruned(transaction)[0], "page": 10 * limit},
    )
    closed = [int(seq) for seq, kept in rows if not kept]
    if len(closed) > limit:
        came_to = closed[limit - 1]
    else:
        came_to = int(rows[-1][0]) if len(rows) == 10 * limit else 0
    gone = [{"seq": seq} for seq in closed[:limit]]
    if gone:
        transaction.run_many("DELETE FROM journal WHERE seq = :seq", gone)
    if came_to != after:
        key_value.note(transaction, _SWEPT, came_to, at=at)
    return len(gone)


def _others_about(transaction: Transaction, lead_ids: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Rows that may speak of leads without being theirs: of nobody, or naming a lead's id."""
    for seq, data in transaction.rows("SELECT seq, data FROM journal WHERE lead_id IS NULL"):
        yield int(seq), str(data)
    for lead_id in lead_ids:
        for seq, data in transaction.rows(
            "SELECT seq, data FROM journal WHERE lead_id <> :id AND data LIKE :pattern",
            {"id": lead_id, "pattern": f"%{lead_id}%"},
        ):
            yield int(seq), str(data)


def _overwrite(transaction: Transaction, seq: int, data: str) -> str:
    digest = digest_of(data)
    transaction.run(
        "UPDATE journal SET data = :data, erased = :digest WHERE seq = :seq",
        {"seq": seq, "data": data, "digest": digest},
    )
    return digest


def _head(transaction: Transaction, offsets: Offsets) -> Head:
    """The last row's number and chain value.

    The noted place is believed before the rows: where rows are missing at the end, their numbers
    must not be given away again, and where the last one was changed, the chain must show it.
    """
    _, seq, chain = offsets[JOURNAL]
    if chain and seq == offsets.end:
        return Head(seq, chain)
    rows = transaction.rows("SELECT seq, chain FROM journal ORDER BY seq DESC LIMIT 1")
    seq, chain = rows[0] if rows else pruned(transaction)
    return Head(int(seq), str(chain))
