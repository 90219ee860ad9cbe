"""What each consumer still has to handle, handed out in order and settled.

All functions run inside the caller's transaction, so handling an event and its acknowledgement are
one commit.

A consumer's offset in the journal is two numbers: up to `acked` all is dealt with, what follows up
to `claimed` is in its hands (`offsets`). So a page of events costs two changed rows and not two for
each event. What fails is set aside (`retries`) and the offset moves past it; what a dead process
left in its hands is set aside as tried once. So what stands aside is always behind the offset. One
process at a time works for a consumer, and settles what it was handed in that order.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec

from ingagents.communication.hash_chain import digest_of
from ingagents.communication.offsets import Offset, offsets_of
from ingagents.communication.role_queues import RoleQueues
from ingagents.errors import InputError
from ingagents.events import ROLES, Published, Role, UnreadableEvent, decode
from ingagents.ports import Row, Transaction
from ingagents.store.engine.codecs import moment, stamp

MAX_ATTEMPTS = 5
"""Tries of one event by one consumer before it becomes a dead letter."""

_BACK_OFF_SECONDS = (1.0, 5.0, 30.0, 120.0)
_LONGEST_BACK_OFF_SECONDS = 3600.0
_DIED = "given up: every try ended without an answer, the process died or was killed in it"
_SET_ASIDE = (
    "INSERT INTO retries (consumer, seq, state, attempts, not_before, error)"
    " SELECT consumer, seq, :state, :attempts, :not_before, :error FROM journal"
    " WHERE seq = :seq AND consumer = :consumer"
)
"""Nothing where the event waits for nobody any more: it was erased while in hand."""
_KEEP_ASIDE = (
    "UPDATE retries SET state = :state, attempts = :attempts, not_before = :not_before,"
    " error = :error WHERE consumer = :consumer AND seq = :seq"
)
_THEIRS = "consumer = :consumer AND consumer <> ''"
"""As the index journal_waited_for says it: what nobody waits for is passed over unread."""
_FRESH = f"SELECT 1 FROM journal WHERE {_THEIRS} AND seq > :acked LIMIT 1"
_DUE = (
    "SELECT 1 FROM retries WHERE consumer = :consumer AND state = 'waiting'"
    " AND not_before <= :now LIMIT 1"
)
_WHOLE = (
    "j.seq, j.event_id, j.type, j.version, j.agent, j.data, j.timestamp,"
    " coalesce(j.erased, j.digest)"
)


class InboxItem(msgspec.Struct, frozen=True):
    """An event in a consumer's hands; `attempt` counts this try, from 1.

    `offset` is where the consumer stands once this is settled; None: it was set aside before.
    """

    consumer: Role
    attempt: int
    published: Published
    offset: int | None = None


class DeadLetter(NamedTuple):
    """An event nobody could handle, and why."""

    seq: int
    consumer: str
    attempts: int
    error: str
    type: str
    data: str
    timestamp: str


def claim_batch(
    transaction: Transaction,
    consumer: Role,
    *,
    now: datetime,
    limit: int,
    done: Sequence[InboxItem] = (),
    queues: RoleQueues | None = None,
) -> list[InboxItem]:
    """The consumer's next events in order, each with this try already counted.

    Counting before the work means that an event which kills the process is counted too. An event
    that was tried before is handed out alone, so that it takes no neighbour down with it. What
    cannot be read, or was tried `MAX_ATTEMPTS` times without anybody living to tell, goes to the
    dead letters when its turn comes. What `queues` know of is not read from the journal. `done` is
    acknowledged first; whatever else was claimed before is taken for given up: settle it first.
    """
    _forget(transaction, done)
    offsets = offsets_of(transaction)
    stands, claimed, _ = offsets[consumer]
    acked = max(stands, _settled(done) or 0)
    if claimed > acked:
        _set_aside_what_was_in_hand(transaction, consumer, acked, claimed)
        acked = claimed
    is_due = transaction.rows(_DUE, {"consumer": consumer, "now": stamp(now)})
    if is_due and (tried := _claim_tried(transaction, consumer, now=now, limit=limit)):
        if acked > stands:
            offsets.move(consumer, Offset(acked, claimed))
        return [tried]
    known = None
    if queues is not None:  # asked after a statement: what this transaction appended is in there
        known = queues.get(consumer, after=claimed, limit=limit, head=offsets.head)
    if known is None:
        page, end = _read(transaction, consumer, claimed, limit)
    else:
        page = [InboxItem(consumer, 1, one, one.seq) for one in known]
        end = known[-1].seq if len(known) == limit else max(claimed, offsets.end)
    begin = end
    if page:
        begin = page[0].published.seq - 1
        page[-1] = msgspec.structs.replace(page[-1], offset=end)  # nothing of ours lies between
    if (begin, end) != (stands, claimed):
        offsets.move(consumer, Offset(begin, end))
    return page


def _read(
    transaction: Transaction, consumer: Role, after: int, limit: int
) -> tuple[list[InboxItem], int]:
    """The consumer's next page from the journal itself, and up to where nothing more is its own."""
    rows: list[Row] = []
    end = offsets_of(transaction).end
    if end > after:
        rows = transaction.rows(
            f"SELECT {_WHOLE} FROM journal j WHERE j.seq > :after AND {_THEIRS}"
            " ORDER BY j.seq LIMIT :limit",
            {"consumer": consumer, "after": after, "limit": limit},
        )
    page: list[InboxItem] = []
    for row in rows:
        try:
            page.append(InboxItem(consumer, 1, _published(row), row[0]))
        except UnreadableEvent as exc:
            if page:  # what stands aside is behind the offset: this one's turn is the next page
                return page, row[0] - 1
            _put_aside(transaction, _SET_ASIDE, consumer, row[0], "dead", error=str(exc))
    return page, rows[-1][0] if len(rows) == limit else max(after, end)


def acknowledge(transaction: Transaction, handled: Sequence[InboxItem]) -> None:
    """The events are handled; belongs into the commit that holds the handling's changes.

    Each of them settles what was handed out before it, too: name those, or have failed them.
    """
    _forget(transaction, handled)
    if offset := _settled(handled):
        _settle(transaction, handled[0].consumer, offset)


def fail(
    transaction: Transaction,
    item: InboxItem,
    error: str,
    *,
    now: datetime,
    retry_after_seconds: float = 0.0,
) -> bool:
    """Put a failed event aside for later, or to the dead letters; True when it is dead.

    Settles it as `acknowledge` does. A service's wish to be left alone for `retry_after_seconds`
    is heard, up to an hour.
    """
    dead = item.attempt >= MAX_ATTEMPTS
    back_off = _BACK_OFF_SECONDS[min(item.attempt, len(_BACK_OFF_SECONDS)) - 1]
    pause = max(back_off, min(retry_after_seconds, _LONGEST_BACK_OFF_SECONDS))
    _put_aside(
        transaction,
        _KEEP_ASIDE if item.offset is None else _SET_ASIDE,
        item.consumer,
        item.published.seq,
        "dead" if dead else "waiting",
        attempts=item.attempt,
        not_before="" if dead else stamp(now + timedelta(seconds=pause)),
        error=error,
    )
    if item.offset is not None:
        _settle(transaction, item.consumer, item.offset)
    return dead


def give_back(transaction: Transaction, page: Iterable[InboxItem]) -> None:
    """Hand events back that were claimed and not begun; their try does not count.

    The page is all that is still in hand: what was handed out before it is settled.
    """
    for item in page:
        if item.offset is not None:
            offsets = offsets_of(transaction)
            acked, _, _ = offsets[item.consumer]
            offsets.move(item.consumer, Offset(acked, acked))
            return  # one offset for all of the page
        transaction.run(
            "UPDATE retries SET attempts = attempts - 1"
            " WHERE consumer = :consumer AND seq = :seq AND attempts > 0",
            {"consumer": item.consumer, "seq": item.published.seq},
        )


def counts(transaction: Transaction) -> dict[str, dict[str, int]]:
    """How many events wait, and how many are dead, by consumer."""
    offsets_of(transaction).write_down()
    found: dict[str, dict[str, int]] = {}
    for consumer, state, count in transaction.rows(
        "SELECT consumer, state, count(*) FROM inbox GROUP BY consumer, state"
    ):
        found.setdefault(str(consumer), {})[str(state)] = int(count)
    return found


def has_waiting(transaction: Transaction, consumer: Role, *, now: datetime) -> bool:
    """Whether the consumer has anything to do now."""
    acked, _, _ = offsets_of(transaction)[consumer]
    return bool(
        transaction.rows(_DUE, {"consumer": consumer, "now": stamp(now)})
        or transaction.rows(_FRESH, {"consumer": consumer, "acked": acked})
    )


def next_retry(transaction: Transaction, consumer: Role) -> datetime | None:
    """When the consumer's earliest failed event may be tried again."""
    ((when,),) = transaction.rows(
        "SELECT min(not_before) FROM retries WHERE consumer = :consumer AND state = 'waiting'"
        " AND not_before <> ''",
        {"consumer": consumer},
    )
    return moment(when) if when else None


def dead_letters(transaction: Transaction) -> list[DeadLetter]:
    """All dead letters, oldest first."""
    return [
        DeadLetter(*row)
        for row in transaction.rows(
            "SELECT r.seq, r.consumer, r.attempts, r.error, coalesce(j.type, ''),"
            " coalesce(j.data, ''), coalesce(j.timestamp, '')"
            " FROM retries r LEFT JOIN journal j ON j.seq = r.seq"
            " WHERE r.state = 'dead' ORDER BY r.seq, r.consumer"
        )
    ]


def requeue(transaction: Transaction, seq: int) -> int:
    """Give a dead letter back to its consumers as if it were new; how many took it.

    Raises:
        InputError: there is no dead letter of this number.
    """
    revived = transaction.run(
        "UPDATE retries SET state = 'waiting', attempts = 0, not_before = '', error = ''"
        " WHERE seq = :seq AND state = 'dead'",
        {"seq": seq},
    )
    if not revived:
        raise InputError(f"there is no dead letter {seq}", "see `ingagents journal dead-letters`")
    return revived


def catch_up(transaction: Transaction) -> None:
    """Move the offset of every consumer that nothing waits for to the journal's end.

    A consumer moves by itself with each page it takes; one without work would hold pruning back,
    and pass the same rows over and over in search of its own.
    """
    offsets = offsets_of(transaction)
    end = offsets.end
    for consumer in ROLES:
        acked, _, _ = offsets[consumer]
        if not transaction.rows(_FRESH, {"consumer": consumer, "acked": acked}):
            offsets.move(consumer, Offset(end, end))
    offsets.write_down()


def _forget(transaction: Transaction, handled: Sequence[InboxItem]) -> None:
    """Take what was set aside and is handled now off the list."""
    for item in handled:
        if item.offset is None:
            transaction.run(
                "DELETE FROM retries WHERE consumer = :consumer AND seq = :seq",
                {"consumer": item.consumer, "seq": item.published.seq},
            )


def _settled(handled: Sequence[InboxItem]) -> int | None:
    """The offset behind what is handled, which is in the order it was handed out."""
    return next((one.offset for one in reversed(handled) if one.offset is not None), None)


def _settle(transaction: Transaction, consumer: Role, offset: int) -> None:
    """Move the consumer's offset past what is settled."""
    offsets = offsets_of(transaction)
    acked, claimed, _ = offsets[consumer]
    if acked < offset:
        offsets.move(consumer, Offset(offset, claimed))


def _set_aside_what_was_in_hand(
    transaction: Transaction, consumer: Role, acked: int, claimed: int
) -> None:
    """What somebody held who is no more counts as tried."""
    transaction.run(
        "INSERT INTO retries (consumer, seq, state, attempts, not_before, error)"
        " SELECT consumer, seq, 'waiting', 1, '', '' FROM journal"
        f" WHERE seq > :acked AND seq <= :claimed AND {_THEIRS}",
        {"consumer": consumer, "acked": acked, "claimed": claimed},
    )


def _claim_tried(
    transaction: Transaction, consumer: Role, *, now: datetime, limit: int
) -> InboxItem | None:
    """The oldest event whose next try is due."""
    for seq, attempts, *row in transaction.rows(
        f"SELECT r.seq, r.attempts, {_WHOLE} FROM retries r LEFT JOIN journal j ON j.seq = r.seq"
        " WHERE r.consumer = :consumer AND r.state = 'waiting' AND r.not_before <= :now"
        " ORDER BY r.seq LIMIT :limit /*+ FOR UPDATE OF r SKIP LOCKED */",
        {"consumer": consumer, "now": stamp(now), "limit": limit},
    ):
        error = _DIED
        if attempts < MAX_ATTEMPTS:
            try:
                published = _published(tuple(row))
            except UnreadableEvent as exc:
                error = str(exc)
            else:
                transaction.run(
                    "UPDATE retries SET attempts = attempts + 1"
                    " WHERE consumer = :consumer AND seq = :seq",
                    {"consumer": consumer, "seq": seq},
                )
                return InboxItem(consumer, int(attempts) + 1, published)
        _put_aside(transaction, _KEEP_ASIDE, consumer, seq, "dead", attempts, error=error)
    return None


def _put_aside(
    transaction: Transaction,
    sql: str,
    consumer: Role,
    seq: int,
    state: str,
    attempts: int = 0,
    *,
    not_before: str = "",
    error: str = "",
) -> None:
    transaction.run(
        sql,
        {
            "consumer": consumer,
            "seq": seq,
            "state": state,
            "attempts": attempts,
            "not_before": not_before,
            "error": error,
        },
    )


def _published(row: Row) -> Published:
    seq, event_id, kind, version, agent, data, timestamp, digest = row
    if event_id is None:
        raise UnreadableEvent("the journal has no such row any more")
    if not isinstance(data, str) or digest_of(data) != digest:
        raise UnreadableEvent(f"row {seq} ({kind}) is damaged: its digest does not fit its data")
    event = decode(data, stored_type=kind, version=version)
    try:
        at = moment(timestamp)
    except (ValueError, TypeError) as exc:
        raise UnreadableEvent(f"row {seq} ({kind}) is damaged: {exc}") from exc
    return Published(seq=seq, event_id=event_id, agent=agent, timestamp=at, event=event)
