"""What goes out of the journal with time, and what asking it costs when it is large."""

from __future__ import annotations

import tracemalloc
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from ingagents.communication import inbox, journal
from ingagents.events import (
    AgentError,
    DecisionMade,
)
from ingagents.model import ContactStatus
from ingagents.ports import Row, Transaction
from ingagents.store.engine.group_commit import ThreadedStore
from ingagents.store.tables import leads
from tests.communication.journals import (
    acknowledge,
    change,
    faults,
    history,
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
