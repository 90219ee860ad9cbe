"""The journal: every event in order, and for each consumer what it still has to handle.

All functions run inside the caller's transaction, so an event, the changes it speaks of and the
acknowledgement of the event that caused it are one commit.

Each row carries a digest of its data and a chain value over itself and its predecessor (`chain`): a
changed, missing or reordered row is found (`verify`), and a damaged one goes to the dead letters
instead of to an agent. The head is noted beside it, so that rows missing at the end are found too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import takewhile
from typing import NamedTuple

from ingagents.communication.chain import HEAD, PRUNED, digest_of, link, pruned
from ingagents.communication.verification import Fault, verify
from ingagents.errors import InputError
from ingagents.events import (
    SUBSCRIBERS,
    VERSIONS,
    Event,
    Published,
    Role,
    UnreadableEvent,
    decode,
    encode,
    event_type,
)
from ingagents.model import ContactStatus
from ingagents.ports import Row, Transaction
from ingagents.store import notes
from ingagents.store.rows import moment, stamp, to_json

__all__ = [
    "HEAD",
    "MAX_ATTEMPTS",
    "PRUNED",
    "DeadLetter",
    "Entry",
    "Erased",
    "Fault",
    "Waiting",
    "acknowledge",
    "append",
    "dead_letters",
    "entries",
    "erase",
    "fail",
    "give_back",
    "has_waiting",
    "last_seq",
    "next_retry",
    "prune",
    "requeue",
    "take",
    "verify",
    "waiting_counts",
]

MAX_ATTEMPTS = 5
"""Tries of one event by one consumer before it becomes a dead letter."""

_BACK_OFF_SECONDS = (1.0, 5.0, 30.0, 120.0)
_LONGEST_BACK_OFF_SECONDS = 3600.0
_DIED = "given up: every try ended without an answer, the process died or was killed in it"
_CLOSED = tuple(
    status.value
    for status in (ContactStatus.CLOSED, ContactStatus.SUPPRESSED, ContactStatus.FAILED)
)


_INSERT = (
    "INSERT INTO journal (seq, event_id, type, version, agent, lead_id, data, timestamp, digest,"
    " chain) VALUES (:seq, :event_id, :type, :version, :agent, :lead_id, :data, :timestamp,"
    " :digest, :chain)"
)
_DELIVER = (
    "INSERT INTO inbox (consumer, seq, state, attempts, not_before, error)"
    " VALUES (:consumer, :seq, 'waiting', 0, '', '')"
)


class Waiting(NamedTuple):
    """An event in a consumer's hands; `attempt` counts this try, from 1."""

    consumer: Role
    attempt: int
    published: Published


class Entry(NamedTuple):
    """A journal row as people read it; `data` is JSON text, readable or not."""

    seq: int
    event_id: str
    type: str
    version: int
    agent: str
    data: str
    timestamp: str


class DeadLetter(NamedTuple):
    """An event nobody could handle, and why."""

    seq: int
    consumer: str
    attempts: int
    error: str
    type: str
    data: str
    timestamp: str


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
) -> None:
    """Write events at the journal's end and into the inbox of every subscriber."""
    if not events:
        return
    seq, chain = _head(transaction)
    timestamp = stamp(at)
    for event in events:
        seq += 1
        kind, data, event_id = event_type(event), encode(event).decode(), new_id()
        version = VERSIONS.get(kind, 1)
        digest = digest_of(data)
        chain = link(chain, seq, event_id, kind, version, agent, timestamp, digest)
        transaction.run_later(
            _INSERT,
            {
                "seq": seq,
                "event_id": event_id,
                "type": kind,
                "version": version,
                "agent": agent,
                "lead_id": getattr(event, "lead_id", None),
                "data": data,
                "timestamp": timestamp,
                "digest": digest,
                "chain": chain,
            },
        )
        for consumer in SUBSCRIBERS.get(type(event), ()):
            transaction.run_later(_DELIVER, {"consumer": consumer, "seq": seq})
    transaction.remember(HEAD, (seq, chain))
    notes.note(transaction, HEAD, (seq, chain), at=at)


def take(transaction: Transaction, consumer: Role, *, now: datetime, limit: int) -> list[Waiting]:
    """The consumer's next events in order, each with this try already counted.

    Counting before the work means that an event which kills the process is counted too. An event
    that was tried before is handed out alone, so that it takes no neighbour down with it. What
    cannot be read, or was tried `MAX_ATTEMPTS` times without anybody living to tell, goes to the
    dead letters here and now.
    """
    found = transaction.rows(
        "SELECT i.seq, i.attempts, j.event_id, j.type, j.version, j.agent, j.data, j.timestamp,"
        " coalesce(j.erased, j.digest) FROM inbox i LEFT JOIN journal j ON j.seq = i.seq"
        " WHERE i.consumer = :consumer AND i.state = 'waiting' AND i.not_before <= :now"
        " ORDER BY i.seq LIMIT :limit /*+ FOR UPDATE OF i SKIP LOCKED */",
        {"consumer": consumer, "now": stamp(now), "limit": limit},
    )
    page: list[Waiting] = []
    for row in found:
        attempts = int(row[1])
        if attempts and page:
            break
        if attempts >= MAX_ATTEMPTS:
            _bury(transaction, consumer, int(row[0]), _DIED)
            continue
        try:
            page.append(Waiting(consumer, attempts + 1, _published(row)))
        except UnreadableEvent as exc:
            _bury(transaction, consumer, int(row[0]), str(exc))
            continue
        if attempts:
            break
    if page:
        # Whatever of this span was found and could be read is on the page, and nothing else.
        transaction.run(
            "UPDATE inbox SET attempts = attempts + 1 WHERE consumer = :consumer"
            " AND seq BETWEEN :first AND :last AND state = 'waiting' AND not_before <= :now",
            {
                "consumer": consumer,
                "first": page[0].published.seq,
                "last": page[-1].published.seq,
                "now": stamp(now),
            },
        )
    return page


def acknowledge(transaction: Transaction, waiting: Waiting) -> None:
    """The event is handled; belongs into the commit that holds the handling's changes."""
    transaction.run_later(
        "DELETE FROM inbox WHERE consumer = :consumer AND seq = :seq",
        {"consumer": waiting.consumer, "seq": waiting.published.seq},
    )


def fail(
    transaction: Transaction,
    waiting: Waiting,
    error: str,
    *,
    now: datetime,
    retry_after_seconds: float = 0.0,
) -> bool:
    """Put a failed event back for later, or to the dead letters; True when it is dead.

    A service's wish to be left alone for `retry_after_seconds` is heard, up to an hour.
    """
    if waiting.attempt >= MAX_ATTEMPTS:
        _bury(transaction, waiting.consumer, waiting.published.seq, error)
        return True
    back_off = _BACK_OFF_SECONDS[min(waiting.attempt, len(_BACK_OFF_SECONDS)) - 1]
    pause = max(back_off, min(retry_after_seconds, _LONGEST_BACK_OFF_SECONDS))
    transaction.run(
        "UPDATE inbox SET not_before = :not_before, error = :error"
        " WHERE consumer = :consumer AND seq = :seq",
        {
            "consumer": waiting.consumer,
            "seq": waiting.published.seq,
            "not_before": stamp(now + timedelta(seconds=pause)),
            "error": error,
        },
    )
    return False


def give_back(transaction: Transaction, page: Sequence[Waiting]) -> None:
    """Hand events back that were taken and not begun; their try does not count."""
    transaction.run_many(
        "UPDATE inbox SET attempts = attempts - 1"
        " WHERE consumer = :consumer AND seq = :seq AND attempts > 0",
        [{"consumer": waiting.consumer, "seq": waiting.published.seq} for waiting in page],
    )


def waiting_counts(transaction: Transaction) -> dict[str, dict[str, int]]:
    """How many events wait, and how many are dead, by consumer."""
    counts: dict[str, dict[str, int]] = {}
    for consumer, state, count in transaction.rows(
        "SELECT consumer, state, count(*) FROM inbox GROUP BY consumer, state"
    ):
        counts.setdefault(str(consumer), {})[str(state)] = int(count)
    return counts


def has_waiting(transaction: Transaction, consumer: Role, *, now: datetime) -> bool:
    """Whether the consumer has anything to do now."""
    return bool(
        transaction.rows(
            "SELECT 1 FROM inbox WHERE consumer = :consumer AND state = 'waiting'"
            " AND not_before <= :now LIMIT 1",
            {"consumer": consumer, "now": stamp(now)},
        )
    )


def next_retry(transaction: Transaction, consumer: Role) -> datetime | None:
    """When the consumer's earliest failed event may be tried again."""
    ((when,),) = transaction.rows(
        "SELECT min(not_before) FROM inbox WHERE consumer = :consumer AND state = 'waiting'"
        " AND not_before <> ''",
        {"consumer": consumer},
    )
    return moment(when) if when else None


def dead_letters(transaction: Transaction) -> list[DeadLetter]:
    """All dead letters, oldest first."""
    return [
        DeadLetter(*row)
        for row in transaction.rows(
            "SELECT i.seq, i.consumer, i.attempts, i.error, coalesce(j.type, ''),"
            " coalesce(j.data, ''), coalesce(j.timestamp, '')"
            " FROM inbox i LEFT JOIN journal j ON j.seq = i.seq"
            " WHERE i.state = 'dead' ORDER BY i.seq, i.consumer"
        )
    ]


def requeue(transaction: Transaction, seq: int) -> int:
    """Give a dead letter back to its consumers as if it were new; how many took it.

    Raises:
        InputError: there is no dead letter of this number.
    """
    revived = transaction.run(
        "UPDATE inbox SET state = 'waiting', attempts = 0, not_before = '', error = ''"
        " WHERE seq = :seq AND state = 'dead'",
        {"seq": seq},
    )
    if not revived:
        raise InputError(f"there is no dead letter {seq}", "see `ingagents journal dead-letters`")
    return revived


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


def erase(
    transaction: Transaction, lead_ids: Sequence[str], *, without: Callable[[str], str]
) -> Erased:
    """Take people out of the journal: their own events lose all data, others the words about them.

    `without` gives a text without the people. What waits about them alone is waited for no more.
    Whoever calls this publishes `lead_erased` with the answer's rows in the same commit: until
    then `verify` calls each of them changed.
    """
    rows: dict[int, str] = {}
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
    transaction.run_many("UPDATE journal SET lead_id = NULL WHERE seq = :seq", numbers)
    dropped = sum(transaction.run("DELETE FROM inbox WHERE seq = :seq", one) for one in numbers)
    return Erased(rows, dropped)


def last_seq(transaction: Transaction) -> int:
    """The number of the newest event; 0 when there is none."""
    ((last,),) = transaction.rows("SELECT coalesce(max(seq), 0) FROM journal")
    return int(last)


def prune(transaction: Transaction, *, before: datetime, limit: int = 1000) -> int:
    """Delete the oldest handled events from before a moment; how many were dealt with.

    Only from the front and only up to the first event somebody still waits for, so that the chain
    stays whole from the noted point on. Decisions about open leads stay behind until the lead is
    closed, and erasures for good: they vouch for what they left of other rows. Call again until it
    answers 0.
    """
    rows = transaction.rows(
        "SELECT seq, chain, timestamp FROM journal WHERE seq > :pruned"
        " AND seq < coalesce((SELECT min(seq) FROM inbox), :far)"
        " AND seq < (SELECT max(seq) FROM journal) ORDER BY seq LIMIT :limit",
        {"pruned": pruned(transaction)[0], "far": 1 << 62, "limit": limit},
    )
    old = list(takewhile(lambda row: row[2] < stamp(before), rows))
    if not old:
        return _prune_closed(transaction, limit)
    first, last, chain = int(old[0][0]), int(old[-1][0]), str(old[-1][1])
    transaction.run(
        "DELETE FROM journal WHERE seq >= :first AND seq <= :last"
        " AND type <> 'lead_erased' AND NOT EXISTS"
        " (SELECT 1 FROM leads l WHERE journal.type = 'decision_made' AND l.id = journal.lead_id"
        f" AND {_OPEN_LEAD})",
        {"first": first, "last": last},
    )
    notes.note(transaction, PRUNED, (last, chain), at=before)
    return len(old)


_OPEN_LEAD = f"l.contact_status NOT IN ({', '.join(repr(status) for status in _CLOSED)})"


def _prune_closed(transaction: Transaction, limit: int) -> int:
    """Delete what `prune` left behind for leads that are closed by now."""
    rows = transaction.rows(
        "SELECT j.seq FROM journal j WHERE j.seq <= :pruned"
        " AND j.type <> 'lead_erased' AND NOT EXISTS"
        f" (SELECT 1 FROM leads l WHERE l.id = j.lead_id AND {_OPEN_LEAD})"
        " ORDER BY j.seq LIMIT :limit",
        {"pruned": pruned(transaction)[0], "limit": limit},
    )
    if rows:
        transaction.run_many(
            "DELETE FROM journal WHERE seq = :seq", [{"seq": int(row[0])} for row in rows]
        )
    return len(rows)


def _bury(transaction: Transaction, consumer: Role, seq: int, error: str) -> None:
    transaction.run(
        "UPDATE inbox SET state = 'dead', error = :error WHERE consumer = :consumer AND seq = :seq",
        {"consumer": consumer, "seq": seq, "error": error},
    )


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


def _head(transaction: Transaction) -> tuple[int, str]:
    """The last seq and chain value; read once per commit.

    The note is believed before the rows: where rows are missing at the end, their numbers must
    not be given away again, and where the last one was changed, the chain must show it.
    """
    head: tuple[int, str] | None = transaction.recall(HEAD)
    if head is not None:
        return head
    rows = transaction.rows("SELECT seq, chain FROM journal ORDER BY seq DESC LIMIT 1")
    seq, chain = rows[0] if rows else pruned(transaction)
    noted_seq, noted_chain = notes.noted(transaction, HEAD) or (0, "")
    if noted_seq >= seq:
        return int(noted_seq), str(noted_chain)
    return int(seq), str(chain)


def _published(row: Row) -> Published:
    seq, _, event_id, kind, version, agent, data, timestamp, digest = row
    if event_id is None:
        raise UnreadableEvent(f"the journal has no row {seq}")
    if not isinstance(data, str) or digest_of(data) != digest:
        raise UnreadableEvent(f"row {seq} ({kind}) is damaged: its digest does not fit its data")
    event = decode(data, stored_type=kind, version=version)
    try:
        at = moment(timestamp)
    except (ValueError, TypeError) as exc:
        raise UnreadableEvent(f"row {seq} ({kind}) is damaged: {exc}") from exc
    return Published(seq=seq, event_id=event_id, agent=agent, timestamp=at, event=event)
