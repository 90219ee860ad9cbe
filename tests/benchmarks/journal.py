"""What the journal costs beside the raw limit of the same database, and how fast a backlog opens.

The raw limit is the driver itself, writing the same rows into the same tables of the same shape:
insert the events and commit, move the consumer's place and commit. Nothing is encoded, digested,
chained, read back, decoded or handed over.
"""

from __future__ import annotations

import random
import sqlite3
import time
import uuid
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import anyio
import psycopg

from ingagents.commands import SearchRequest
from ingagents.communication import inbox, journal
from ingagents.communication.inbox import InboxItem
from ingagents.communication.message_queue import MessageQueue
from ingagents.communication.role_session import PAGE
from ingagents.events import Event, decode, encode
from ingagents.integrations.clock import SystemClock
from ingagents.ports import Transaction
from ingagents.store.engine.group_commit import ThreadedStore
from ingagents.store.engine.open_store import open_store
from ingagents.store.engine.postgres import spoken
from ingagents.store.engine.sqlite import connect
from tests.benchmarks.lab import Figures, Lab, Row, awaited, in_rounds, median_ratio, medians, row
from tests.postgres import PostgresServer

EVENTS = 20_000
BACKLOG = 100_000
EVENT = SearchRequest(reason="x" * 200)
CHANCE = random.Random()
ROW = {
    "event_id": "0" * 32,
    "type": "search_request",
    "version": 1,
    "agent": "bench",
    "lead_id": None,
    "consumer": "lead_finder",
    "data": encode(EVENT).decode(),
    "timestamp": "2026-11-23T09:00:00.000000Z",
    "digest": "0" * 32,
    "chain": "f" * 32,
}
INSERT = "INSERT INTO journal (seq, {names}) VALUES (:seq, {values})".format(
    names=", ".join(ROW), values=", ".join(f":{name}" for name in ROW)
)
PLACE = (
    "INSERT INTO places (name, handled, taken, chain) VALUES ('lead_finder', :seq, :seq, '')"
    " ON CONFLICT (name) DO UPDATE SET handled = :seq, taken = :seq"
)


_FIGURE = "per_second"


def rows(lab: Lab) -> Iterator[Row]:
    """Events a second at several callers, and how fast a backlog opens, on both databases."""
    folder, server = lab.folder, lab.server
    rounds = in_rounds(
        [
            {
                "raw 1": awaited(partial(raw_sqlite, folder, group=1)),
                "1": awaited(partial(on_sqlite, folder, in_flight=1)),
                "3": awaited(partial(on_sqlite, folder, in_flight=3)),
            },
            {
                "raw 100": awaited(partial(raw_sqlite, folder, group=100)),
                "100": awaited(partial(on_sqlite, folder, in_flight=100)),
            },
            {
                "raw on PostgreSQL": awaited(partial(raw_postgres, server, folder, group=100)),
                "PostgreSQL": awaited(partial(on_postgres, server, folder, in_flight=100)),
            },
            {"waiting": awaited(partial(backlog, folder))},
        ],
        3,
    )
    found = medians(rounds)
    for case, raw, what, least in (
        ("100", "raw 100", "100 in flight", 0.7),
        ("3", "raw 1", "3 in flight", 2.3),
        ("1", "raw 1", "1 in flight", 0.95),
        ("PostgreSQL", "raw on PostgreSQL", "100 in flight, PostgreSQL", 0.65),
    ):
        yield row(
            f"journal, {what}",
            found[case][_FIGURE],
            "events/s",
            limit=found[raw][_FIGURE],
            limit_is="the driver, the same rows",
            ratio=median_ratio(rounds, _FIGURE, case, raw),
            at_least=least,
        )
    waiting = found["waiting"]
    yield row(f"{BACKLOG:,} waiting, read and decoded", waiting["all_ms"], "ms",
              limit=waiting["raw_ms"], limit_is="select and decode",
              ratio=waiting["times_raw"], at_most=1.5)  # fmt: skip


def new_id() -> str:
    """An id as the department makes them."""
    return f"{CHANCE.getrandbits(128):032x}"


async def raw_sqlite(folder: Path, *, group: int) -> Figures:
    """Raw SQLite, WAL and FULL, the journal's own tables: `group` events per commit."""
    name = f"raw-{uuid.uuid4().hex}.db"
    await open_store(f"sqlite:///{name}", folder=folder).close()
    connection = connect(folder / name)

    def commit(sql: str, rows: list[dict[str, Any]]) -> None:
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(sql, rows)
        connection.execute("COMMIT")

    found = _raw(commit, group=group)
    connection.close()
    return found


async def raw_postgres(server: PostgresServer, folder: Path, *, group: int) -> Figures:
    """The same with psycopg, its `executemany` in pipeline mode, on one connection."""
    url = server.fresh()
    await open_store(url, folder=folder).close()
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.cursor()

        def commit(sql: str, rows: list[dict[str, Any]]) -> None:
            cursor.execute(b"BEGIN")
            cursor.executemany(spoken(sql), rows)
            cursor.execute(b"COMMIT")

        found = _raw(commit, group=group)
    server.drop(url)
    return found


async def published_to_acknowledged(store: ThreadedStore, *, in_flight: int) -> Figures:
    """Publish, hand out with typed decode and digest, handle, acknowledge; real dispatch."""
    queue = MessageQueue(store, SystemClock(), process_id="bench", new_id=new_id)
    events = EVENTS if in_flight > 3 else EVENTS // 10
    handled = 0

    async def handle(event: Event) -> None:
        nonlocal handled
        del event
        handled += 1

    async def publish(count: int) -> None:
        for _ in range(count):
            await queue.publish("bench", EVENT)

    began, cpu = time.perf_counter(), time.process_time()
    async with anyio.create_task_group() as tasks:
        for _ in range(in_flight):
            tasks.start_soon(publish, events // in_flight)
        async with queue.session("lead_finder") as session:
            wanted = events // in_flight * in_flight
            while handled < wanted:
                await session.process_messages(handle, agent="lead_finder")
                await anyio.lowlevel.checkpoint()
    seconds, spent = time.perf_counter() - began, time.process_time() - cpu
    commits = store.commits
    await store.close()
    return {
        "per_second": wanted / seconds,
        "commits_per_event": commits / wanted,
        "cpu_us_per_event": spent / wanted * 1e6,
    }


async def on_sqlite(folder: Path, *, in_flight: int) -> Figures:
    """The journal on a fresh SQLite file."""
    store = open_store(f"sqlite:///{uuid.uuid4().hex}.db", folder=folder)
    assert isinstance(store, ThreadedStore)
    return await published_to_acknowledged(store, in_flight=in_flight)


async def on_postgres(server: PostgresServer, folder: Path, *, in_flight: int) -> Figures:
    """The journal on a fresh PostgreSQL database; this server does not wait for its disk."""
    url = server.fresh()
    store = open_store(url, folder=folder)
    assert isinstance(store, ThreadedStore)
    found = await published_to_acknowledged(store, in_flight=in_flight)
    server.drop(url)
    return found


async def backlog(folder: Path) -> Figures:
    """100,000 waiting events: opened, each handed out (verified, decoded, its try counted) and
    acknowledged, page by page in one commit.

    The raw side reads the same columns of the same rows through the bare driver and decodes them
    the same way; it verifies, counts and acknowledges nothing.
    """
    name = f"{uuid.uuid4().hex}.db"
    store = open_store(f"sqlite:///{name}", folder=folder)
    for start in range(0, BACKLOG, 10_000):
        await store.write(_publish_many(start))
    await store.close()

    began = time.perf_counter()
    connection = sqlite3.connect(folder / name)
    for _, _, kind, version, _, data, _, _ in connection.execute(
        "SELECT seq, event_id, type, version, agent, data, timestamp, digest FROM journal"
        " WHERE consumer = 'lead_finder' ORDER BY seq"
    ):
        decode(data, stored_type=kind, version=version)
    raw = time.perf_counter() - began
    connection.close()

    began = time.perf_counter()
    opened = open_store(f"sqlite:///{name}", folder=folder)
    first = await opened.write(_take(PAGE))
    first_ms = (time.perf_counter() - began) * 1e3
    await opened.write(partial(_acknowledge, page=first))
    rest = await opened.write(_take_all)
    seconds = time.perf_counter() - began
    assert rest == BACKLOG - PAGE
    await opened.close()
    return {"first_ms": first_ms, "all_ms": seconds * 1e3, "raw_ms": raw * 1e3,
            "times_raw": seconds / raw}  # fmt: skip


def _raw(commit: Callable[[str, list[dict[str, Any]]], None], *, group: int) -> Figures:
    events = EVENTS if group > 1 else EVENTS // 10
    began, cpu = time.perf_counter(), time.process_time()
    for start in range(0, events, group):
        commit(INSERT, [{"seq": start + n + 1, **ROW} for n in range(group)])
        commit(PLACE, [{"seq": start + group}])
    seconds, spent = time.perf_counter() - began, time.process_time() - cpu
    return {
        "per_second": events / seconds,
        "commits_per_event": 2 / group,
        "cpu_us_per_event": spent / events * 1e6,
    }


def _publish_many(start: int) -> Callable[[Transaction], None]:
    clock = SystemClock()

    def publish(transaction: Transaction) -> None:
        events = [SearchRequest(wanted=start + n, reason="x" * 200) for n in range(10_000)]
        journal.append(
            transaction,
            events,
            agent="bench",
            at=clock.now(),
            new_id=new_id,
        )

    return publish


def _take_all(transaction: Transaction) -> int:
    taken = 0
    while page := _take(PAGE)(transaction):
        taken += sum(waiting.attempt == 1 for waiting in page)
        _acknowledge(transaction, page)
    return taken


def _acknowledge(transaction: Transaction, page: list[InboxItem]) -> None:
    inbox.acknowledge(transaction, page)


def _take(limit: int) -> Callable[[Transaction], Any]:
    now = SystemClock().now()
    return lambda transaction: inbox.claim_batch(transaction, "lead_finder", now=now, limit=limit)
