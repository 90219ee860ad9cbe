"""The journal: nothing is lost, order is kept, what cannot be handled is set aside and named."""

from __future__ import annotations

import tracemalloc
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import pytest

from ingagents.communication import inbox, journal
from ingagents.communication.inbox import MAX_ATTEMPTS
from ingagents.errors import InputError, StoreError
from ingagents.events import (
    AgentError,
    DecisionMade,
    MessageSent,
)
from ingagents.model import ContactStatus, DeliveryKind, LeadId
from ingagents.ports import Row, Transaction
from ingagents.store.engine.group_commit import ThreadedStore
from ingagents.store.tables import leads
from tests.communication.journals import (
    acknowledge,
    change,
    faults,
    history,
    ids,
    numbers,
    publish,
    request,
    take,
)
from tests.factories import MONDAY, a_decision, a_lead
from tests.support import open_test_store

pytestmark = pytest.mark.usefixtures("database")

SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[ThreadedStore]:
    async with open_test_store(tmp_path) as opened:
        yield opened


async def test_events_come_in_the_order_they_were_committed(store: ThreadedStore) -> None:
    for number in range(5):
        await publish(store, request(10 * number), request(10 * number + 1))
    page = await take(store)
    assert numbers(page) == [0, 1, 10, 11, 20, 21, 30, 31, 40, 41]
    assert [waiting.published.seq for waiting in page] == list(range(1, 11))
    assert {waiting.attempt for waiting in page} == {1}
    assert page[0].published.timestamp == MONDAY


async def test_every_consumer_gets_its_own_events_and_history_waits_for_nobody(
    store: ThreadedStore,
) -> None:
    error = AgentError(agent="outreach", error="x")
    await publish(store, request(1), error, history("kim"))
    assert await store.read(inbox.counts) == {
        "lead_finder": {"waiting": 1},
        "sales_manager": {"waiting": 1},
    }
    (waiting,) = await take(store, consumer="sales_manager")
    await acknowledge(store, waiting)
    assert len(await take(store)) == 1
    assert await store.read(journal.last_seq) == 3
    assert [entry.type for entry in await store.read(journal.entries)] == [
        "search_request",
        "agent_error",
        "lead_suppressed",
    ]


async def test_an_event_and_its_commit_are_one(store: ThreadedStore) -> None:
    def publish_and_fail(transaction: Transaction) -> None:
        journal.append(transaction, [request(1)], agent="x", at=MONDAY, new_id=ids)
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        await store.write(publish_and_fail)
    await publish(store, request(2))
    page = await take(store)
    assert numbers(page) == [2]
    assert page[0].published.seq == 1


async def test_what_was_taken_and_not_acknowledged_is_handed_out_again_alone(
    store: ThreadedStore,
) -> None:
    await publish(store, *map(request, range(4)))
    assert numbers(await take(store, limit=2)) == [0, 1]
    # The process dies here. The two it had in hand are suspects; they go first, one by one.
    seen = []
    while page := await take(store):
        seen.append([(one.attempt, getattr(one.published.event, "wanted", -1)) for one in page])
        await acknowledge(store, *page)
    assert seen == [[(2, 0)], [(2, 1)], [(1, 2), (1, 3)]]


async def test_a_retried_event_goes_alone_and_before_the_fresh_ones(store: ThreadedStore) -> None:
    await publish(store, *map(request, range(5)))
    first, second, third = await take(store, limit=3)
    await acknowledge(store, first)
    await store.write(lambda t: inbox.fail(t, second, "x", now=MONDAY))
    await acknowledge(store, third)
    seen = []
    while page := await take(store, now=MONDAY + SECOND):
        seen.append(numbers(page))
        await acknowledge(store, *page)
    assert seen == [[1], [3, 4]]


async def test_what_was_handled_and_what_failed_is_not_in_hand_when_the_process_dies(
    store: ThreadedStore,
) -> None:
    await publish(store, *map(request, range(4)))
    first, second, *_ = await take(store)
    await acknowledge(store, first)
    await store.write(lambda t: inbox.fail(t, second, "x", now=MONDAY))
    # The process dies here, with two in hand.
    seen = []
    while page := await take(store):
        seen.append([(one.attempt, getattr(one.published.event, "wanted", -1)) for one in page])
        await acknowledge(store, *page)
    assert seen == [[(2, 2)], [(2, 3)]], "and the failed one waits for its time"


async def test_history_between_events_moves_no_place_by_itself(store: ThreadedStore) -> None:
    await publish(store, request(1), history("a"), request(2), history("b"))
    first, second = await take(store)
    await acknowledge(store, first)
    await store.write(lambda t: inbox.give_back(t, [second]))
    (second,) = await take(store)
    assert second.attempt == 1
    await acknowledge(store, second)
    assert await take(store) == []
    await publish(store, request(3))
    assert numbers(await take(store)) == [3]


async def test_an_event_that_kills_its_process_each_time_ends_in_the_dead_letters(
    store: ThreadedStore,
) -> None:
    await publish(store, request(1), request(2))
    for attempt in range(1, MAX_ATTEMPTS + 1):
        assert [one.attempt for one in await take(store, limit=1)] == [attempt]
    page = await take(store)
    assert numbers(page) == [2], "what stands behind it goes on"
    (letter,) = await store.read(inbox.dead_letters)
    assert (letter.seq, letter.attempts) == (1, MAX_ATTEMPTS)
    assert "died" in letter.error


async def test_a_failing_event_waits_longer_each_time_and_then_is_dead(
    store: ThreadedStore,
) -> None:
    await publish(store, request(1))
    now, pauses = MONDAY, []
    for attempt in range(1, MAX_ATTEMPTS + 1):
        (waiting,) = await take(store, now=now)
        assert waiting.attempt == attempt
        dead = await store.write(
            lambda t, w=waiting, at=now: inbox.fail(t, w, "it broke\ntrace", now=at)  # type: ignore[misc]
        )
        assert dead is (attempt == MAX_ATTEMPTS)
        retry = await store.read(lambda t: inbox.next_retry(t, "lead_finder"))
        if not dead:
            assert retry is not None
            pauses.append((retry - now).total_seconds())
            assert await take(store, now=retry - timedelta(microseconds=1)) == []
            now = retry
    assert pauses == sorted(set(pauses))
    assert await take(store, now=now + 365 * DAY) == []
    (letter,) = await store.read(inbox.dead_letters)
    assert (letter.consumer, letter.attempts, letter.type) == (
        "lead_finder",
        MAX_ATTEMPTS,
        "search_request",
    )
    assert letter.error == "it broke\ntrace"
    assert await store.read(inbox.counts) == {"lead_finder": {"dead": 1}}


@pytest.mark.parametrize(("wished", "waits"), [(0.0, 1.0), (90.0, 90.0), (1e9, 3600.0)])
async def test_a_services_wish_to_be_left_alone_is_heard(
    store: ThreadedStore, wished: float, waits: float
) -> None:
    await publish(store, request(1))
    (waiting,) = await take(store)
    await store.write(
        lambda t: inbox.fail(t, waiting, "busy", now=MONDAY, retry_after_seconds=wished)
    )
    retry = await store.read(lambda t: inbox.next_retry(t, "lead_finder"))
    assert retry == MONDAY + timedelta(seconds=waits)


async def test_the_events_behind_a_failed_one_go_on(store: ThreadedStore) -> None:
    await publish(store, *map(request, range(3)))
    page = await take(store, limit=1)
    await store.write(lambda t: inbox.fail(t, page[0], "x", now=MONDAY))
    assert numbers(await take(store)) == [1, 2]
    assert await store.read(lambda t: inbox.has_waiting(t, "lead_finder", now=MONDAY))


async def test_what_was_given_back_counts_as_never_taken(store: ThreadedStore) -> None:
    await publish(store, *map(request, range(3)))
    page = await take(store)
    await store.write(lambda t: inbox.give_back(t, page))
    again = await take(store)
    assert numbers(again) == [0, 1, 2]
    assert {waiting.attempt for waiting in again} == {1}


async def test_a_dead_letter_can_be_given_back_as_new(store: ThreadedStore) -> None:
    await publish(store, request(1))
    (waiting,) = await take(store)
    last = msgspec.structs.replace(waiting, attempt=MAX_ATTEMPTS)
    assert await store.write(lambda t: inbox.fail(t, last, "x", now=MONDAY)) is True
    assert await store.write(lambda t: inbox.requeue(t, 1)) == 1
    (waiting,) = await take(store)
    assert waiting.attempt == 1
    with pytest.raises(InputError, match="no dead letter 1"):
        await store.write(lambda t: inbox.requeue(t, 1))
    with pytest.raises(InputError):
        await store.write(lambda t: inbox.requeue(t, 77))


DAMAGE = {
    "unknown type": "UPDATE journal SET type = 'lead_cloned' WHERE seq = 2",
    "another type": "UPDATE journal SET type = 'agent_error' WHERE seq = 2",
    "newer version": "UPDATE journal SET version = 99 WHERE seq = 2",
    "version that is no number": "UPDATE journal SET version = 'x' WHERE seq = 2",
    "changed data": 'UPDATE journal SET data = \'{"type":"search_request"}\' WHERE seq = 2',
    "no JSON": "UPDATE journal SET data = 'x' WHERE seq = 2",
    "binary data": "UPDATE journal SET data = X'00FF' WHERE seq = 2",
    "no UTF-8": "UPDATE journal SET data = CAST(X'7BFF7D' AS TEXT) WHERE seq = 2",
    "a moment that is none": "UPDATE journal SET timestamp = 'yesterday' WHERE seq = 2",
}


@pytest.mark.parametrize("damage", DAMAGE)
async def test_an_event_that_cannot_be_read_is_set_aside_and_the_rest_goes_on(
    store: ThreadedStore, damage: str, database: str
) -> None:
    await publish(store, *map(request, range(3)))
    if database == "postgresql" and damage == "version that is no number":
        with pytest.raises(StoreError):  # there the column itself holds numbers only
            await change(store, DAMAGE[damage])
        return
    await change(store, DAMAGE[damage])
    page = await take(store)
    await acknowledge(store, *page)
    page += await take(store)
    assert numbers(page) == [0, 2]
    await acknowledge(store, *page)
    (letter,) = await store.read(inbox.dead_letters)
    assert (letter.seq, letter.consumer) == (2, "lead_finder")
    assert letter.error
    assert await store.write(lambda t: inbox.requeue(t, 2)) == 1
    assert await take(store) == []
    assert len(await store.read(inbox.dead_letters)) == 1, "mending nothing changes nothing"


@pytest.mark.parametrize("dies", [False, True])
async def test_an_unreadable_event_is_a_dead_letter_once_though_its_page_comes_back(
    store: ThreadedStore, dies: bool
) -> None:
    await publish(store, *map(request, range(5)))
    await change(store, DAMAGE["no JSON"])
    seen: list[int] = []
    for _ in range(12):
        in_hand = await take(store)
        if not dies:  # else the next process finds what was in its hands
            await store.write(lambda t, page=in_hand: inbox.give_back(t, page))  # type: ignore[misc]
        page = await take(store)
        seen += numbers(page)
        await acknowledge(store, *page)
        counted = await store.read(inbox.counts)
        assert counted.get("lead_finder", {}).get("dead", 0) <= 1, "and stands there once"
    assert seen == [0, 2, 3, 4]
    (letter,) = await store.read(inbox.dead_letters)
    assert letter.seq == 2
    assert await store.read(inbox.counts) == {"lead_finder": {"dead": 1}}


async def test_a_missing_row_does_not_stop_the_rest_and_verify_tells(store: ThreadedStore) -> None:
    await publish(store, *map(request, range(3)))
    await change(store, "DELETE FROM journal WHERE seq = 2")
    assert numbers(await take(store)) == [0, 2]
    assert await faults(store) == [2]


async def test_a_failed_event_whose_row_is_missing_is_a_dead_letter(store: ThreadedStore) -> None:
    await publish(store, request(1))
    (waiting,) = await take(store)
    await store.write(lambda t: inbox.fail(t, waiting, "x", now=MONDAY))
    await change(store, "DELETE FROM journal WHERE seq = 1")
    assert await take(store, now=MONDAY + SECOND) == []
    (letter,) = await store.read(inbox.dead_letters)
    assert "no such row" in letter.error
    assert await faults(store) == [1, 1], "the gap, and what waits for it"


async def test_the_history_of_one_lead_is_found(store: ThreadedStore) -> None:
    one = LeadId("one")
    await publish(
        store,
        MessageSent(lead_id=one, delivery_id="d", kind=DeliveryKind.MESSAGE),
        MessageSent(lead_id=LeadId("two"), delivery_id="e", kind=DeliveryKind.MESSAGE),
        DecisionMade(lead_id=one, decision=a_decision()),
    )
    found = await store.read(lambda t: journal.entries(t, lead_id="one"))
    assert [entry.seq for entry in found] == [1, 3]
    later = await store.read(lambda t: journal.entries(t, lead_id="one", after=1))
    assert [entry.seq for entry in later] == [3]


# ---- prune ----


async def all_seqs(store: ThreadedStore) -> list[int]:
    return [entry.seq for entry in await store.read(journal.entries)]


async def prune(store: ThreadedStore, before, limit: int = 1000) -> int:
    return await store.write(lambda t: journal.prune(t, before=before, limit=limit))


async def test_old_history_goes_and_the_chain_stays_whole(store: ThreadedStore) -> None:
    for day in range(5):
        await publish(
            store,
            history("a"),
            history("b"),
            at=MONDAY + day * DAY,
        )
    assert await prune(store, MONDAY + 2 * DAY, limit=3) == 3
    assert await prune(store, MONDAY + 2 * DAY, limit=3) == 1
    assert await prune(store, MONDAY + 2 * DAY, limit=3) == 0
    assert await all_seqs(store) == [5, 6, 7, 8, 9, 10]
    assert await faults(store) == []
    await publish(store, history("c"), at=MONDAY + 6 * DAY)
    assert await faults(store) == []
    await change(store, "DELETE FROM journal WHERE seq = 5")
    assert await faults(store) == [5], "the first row after the pruned point is missed as well"


async def test_pruning_stops_at_the_first_event_somebody_waits_for(store: ThreadedStore) -> None:
    await publish(store, history("a"), request(1), history("b"))
    await publish(store, history("c"))
    assert await prune(store, MONDAY + DAY) == 1
    assert await all_seqs(store) == [2, 3, 4]
    assert numbers(await take(store)) == [1]


async def test_a_consumer_without_work_does_not_hold_pruning_back(store: ThreadedStore) -> None:
    await publish(store, request(1), AgentError(agent="outreach", error="x"))
    for consumer in ("lead_finder", "sales_manager"):
        await acknowledge(store, *await take(store, consumer=consumer))
    await publish(store, *map(history, "abcd"))
    assert await prune(store, MONDAY + DAY) == 5
    assert await all_seqs(store) == [6]
    await publish(store, request(2))
    assert numbers(await take(store)) == [2]


async def test_pruning_everything_keeps_the_last_row_and_the_numbers(store: ThreadedStore) -> None:
    await publish(store, history("a"), history("b"))
    assert await prune(store, MONDAY + DAY) == 1
    await publish(store, history("c"))
    assert await all_seqs(store) == [2, 3]
    assert await faults(store) == []


async def test_pruning_never_skips_a_younger_row_in_front(store: ThreadedStore) -> None:
    """The clock was put back in between: an old moment stands behind a young one."""
    for at in (MONDAY, MONDAY + 5 * DAY, MONDAY, MONDAY + 5 * DAY):
        await publish(store, history("a"), at=at)
    assert await prune(store, MONDAY + DAY) == 1
    assert await all_seqs(store) == [2, 3, 4]


async def test_decisions_about_open_leads_stay_until_the_lead_is_closed(
    store: ThreadedStore,
) -> None:
    opened = a_lead(1)
    closed = a_lead(2, contact_status=ContactStatus.CLOSED)
    for lead in (opened, closed):
        await store.write(partial(leads.insert, lead=lead, aliases=()))
    decisions = [
        DecisionMade(lead_id=lead.id, decision=a_decision()) for lead in (opened, closed, opened)
    ]
    await publish(store, *decisions, history("a"))
    await publish(store, history("b"), at=MONDAY + 9 * DAY)
    assert await prune(store, MONDAY + DAY) == 4
    assert await all_seqs(store) == [1, 3, 5]
    assert await prune(store, MONDAY + DAY) == 0
    assert await faults(store) == []
    await store.write(
        lambda t: leads.update(t, opened, now=MONDAY, contact_status=ContactStatus.CLOSED)
    )
    assert await prune(store, MONDAY + DAY, limit=1) == 1
    assert await prune(store, MONDAY + DAY, limit=1) == 1
    assert await prune(store, MONDAY + DAY, limit=1) == 0
    assert await all_seqs(store) == [5]
    assert await faults(store) == []


# ---- size ----


async def fill(store: ThreadedStore, count: int) -> None:
    """`count` waiting requests, made by the database itself."""
    await publish(store, request(7))

    def work(transaction: Transaction) -> None:
        transaction.run(
            "WITH RECURSIVE n (i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < :count)"
            " INSERT INTO journal SELECT i, 'e' || i, type, version, agent, lead_id, consumer,"
            " data, timestamp, digest, chain, erased FROM n, journal WHERE seq = 1",
            {"count": count},
        )

    await store.write(work)


async def test_a_hundred_thousand_waiting_events_need_no_more_memory_than_a_thousand(
    tmp_path: Path,
) -> None:
    peaks = []
    for count in (1_000, 100_000):
        async with open_test_store(tmp_path / str(count)) as store:
            await fill(store, count)
            await acknowledge(store, *await take(store))
            tracemalloc.start()
            for _ in range(5):
                page = await take(store)
                assert len(page) == 64
                await acknowledge(store, *page)
            await store.read(lambda t: inbox.has_waiting(t, "lead_finder", now=MONDAY))
            await store.read(lambda t: inbox.next_retry(t, "lead_finder"))
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
    print("peak bytes", peaks)
    assert peaks[1] < 1.5 * peaks[0]


class Explaining:
    """Passes everything on and keeps how the database answers queries."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self.plans: list[str] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transaction, name)

    def rows(self, sql: str, parameters: dict[str, Any] | None = None) -> list[Row]:
        given = parameters or {}
        plan = self._transaction.rows("EXPLAIN QUERY PLAN " + sql, given)
        self.plans += [str(row[3]) for row in plan]
        return self._transaction.rows(sql, given)


OFTEN: dict[str, Callable[[Any], object]] = {
    "has_waiting": lambda t: inbox.has_waiting(t, "lead_finder", now=MONDAY),
    "next_retry": lambda t: inbox.next_retry(t, "lead_finder"),
    "dead_letters": inbox.dead_letters,
    "entries": journal.entries,
    "history": lambda t: journal.entries(t, lead_id="x"),
    "last_seq": journal.last_seq,
}


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("query", OFTEN)
async def test_what_is_asked_often_never_reads_a_whole_table(
    store: ThreadedStore, query: str
) -> None:
    await publish(store, request(1))

    def read(transaction: Transaction) -> list[str]:
        explaining = Explaining(transaction)
        OFTEN[query](explaining)
        return explaining.plans

    plans = await store.read(read)
    assert plans
    small = {"r", "retries", "places", "CONSTANT"}  # what failed, and a row for each consumer
    assert [
        plan for plan in plans if plan.startswith("SCAN") and plan.split()[1] not in small
    ] == []
