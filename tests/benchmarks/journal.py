"""What the journal costs beside the raw limit of the same database, and how fast a backlog opens.

The raw limit writes rows of the journal's shape with the driver itself: insert the event, insert
who waits for it, delete that again. No digest, no chain, no typed decode, no hand-over to a loop.
"""

from __future__ import annotations

import sqlite3
import time
import uuid
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import anyio
import psycopg

from ingagents.communication import journal
from ingagents.communication.journal import Waiting
from ingagents.communication.message_queue import PAGE, MessageQueue
from ingagents.events import Event, SearchRequest, decode
from ingagents.integrations.clock import SystemClock
from ingagents.ports import Transaction
from ingagents.store.lines import ThreadedStore
from ingagents.store.opening import open_store
from ingagents.store.sqlite import connect
from tests.postgres import PostgresServer

EVENTS = 2000
BACKLOG = 100_000
EVENT = SearchRequest(reason="x" * 200)
SQL = (
    "CREATE TABLE j (id INTEGER PRIMARY KEY, data TEXT)",
    "CREATE TABLE i (id INTEGER PRIMARY KEY)",
)


def raw_sqlite(folder: Path, *, group: int) -> dict[str, float]:
    """Raw SQLite, WAL and FULL: insert and delete a row of the same size, `group` per commit."""
    path = folder / f"raw-{uuid.uuid4().hex}.db"
    path.touch()
    connection = connect(path)
    for statement in SQL:
        connection.execute(statement)

    def commit(rows: list[tuple[int, str]]) -> None:
        connection.execute("BEGIN IMMEDIATE")
        if rows[0][1]:
            connection.executemany("INSERT INTO j VALUES (?, ?)", rows)
            connection.executemany("INSERT INTO i VALUES (?)", [(n,) for n, _ in rows])
        else:
            connection.executemany("DELETE FROM i WHERE id = ?", [(n,) for n, _ in rows])
        connection.execute("COMMIT")

    found = _raw(commit, group=group)
    connection.close()
    return found


def raw_postgres(server: PostgresServer, *, group: int) -> dict[str, float]:
    """The same with psycopg, its `executemany` in pipeline mode, on one connection."""
    url = server.fresh(template="empty_shape")
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.cursor()
        for statement in SQL:
            cursor.execute(statement.encode())

        def commit(rows: list[tuple[int, str]]) -> None:
            cursor.execute(b"BEGIN")
            if rows[0][1]:
                cursor.executemany(b"INSERT INTO j VALUES (%s, %s)", rows)
                cursor.executemany(b"INSERT INTO i VALUES (%s)", [(n,) for n, _ in rows])
            else:
                cursor.executemany(b"DELETE FROM i WHERE id = %s", [(n,) for n, _ in rows])
            cursor.execute(b"COMMIT")

        found = _raw(commit, group=group)
    server.drop(url)
    return found


async def published_to_acknowledged(store: ThreadedStore, *, in_flight: int) -> dict[str, float]:
    """Publish, hand out with typed decode and digest, handle, acknowledge; real dispatch."""
    queue = MessageQueue(store, SystemClock(), holder="bench", new_id=lambda: uuid.uuid4().hex)
    events = EVENTS if in_flight > 1 else EVENTS // 4
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
        async with queue.working("lead_finder") as working:
            wanted = events // in_flight * in_flight
            while handled < wanted:
                await working.process_messages(handle, agent="lead_finder")
                await anyio.lowlevel.checkpoint()
    seconds, spent = time.perf_counter() - began, time.process_time() - cpu
    commits = store.commits
    await store.close()
    return {
        "per_second": wanted / seconds,
        "commits_per_event": commits / wanted,
        "cpu_us_per_event": spent / wanted * 1e6,
    }


async def on_sqlite(folder: Path, *, in_flight: int) -> dict[str, float]:
    """The journal on a fresh SQLite file."""
    store = open_store(f"sqlite:///{uuid.uuid4().hex}.db", folder=folder)
    assert isinstance(store, ThreadedStore)
    return await published_to_acknowledged(store, in_flight=in_flight)


async def on_postgres(server: PostgresServer, folder: Path, *, in_flight: int) -> dict[str, float]:
    """The journal on a fresh PostgreSQL database; this server does not wait for its disk."""
    url = server.fresh()
    store = open_store(url, folder=folder)
    assert isinstance(store, ThreadedStore)
    found = await published_to_acknowledged(store, in_flight=in_flight)
    server.drop(url)
    return found


async def backlog(folder: Path) -> dict[str, float]:
    """100,000 waiting events: opened, each handed out (verified, decoded, its try counted) and
    acknowledged, page by page in one commit.

    The raw side reads the same rows through the bare driver and decodes them the same way; it
    verifies, counts and acknowledges nothing.
    """
    name = f"{uuid.uuid4().hex}.db"
    store = open_store(f"sqlite:///{name}", folder=folder)
    for start in range(0, BACKLOG, 10_000):
        await store.write(_publish_many(start))
    await store.close()

    began = time.perf_counter()
    connection = sqlite3.connect(folder / name)
    for kind, version, data in connection.execute(
        "SELECT j.type, j.version, j.data FROM inbox i JOIN journal j ON j.seq = i.seq"
        " WHERE i.consumer = 'lead_finder' ORDER BY i.seq"
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


def _raw(commit: Callable[[list[tuple[int, str]]], None], *, group: int) -> dict[str, float]:
    data, events = "x" * 320, EVENTS if group > 1 else EVENTS // 2
    began, cpu = time.perf_counter(), time.process_time()
    for start in range(0, events, group):
        commit([(n, data) for n in range(start, start + group)])
        commit([(n, "") for n in range(start, start + group)])
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
            new_id=lambda: uuid.uuid4().hex,
        )

    return publish


def _take_all(transaction: Transaction) -> int:
    taken = 0
    while page := _take(PAGE)(transaction):
        taken += sum(waiting.attempt == 1 for waiting in page)
        _acknowledge(transaction, page)
    return taken


def _acknowledge(transaction: Transaction, page: list[Waiting]) -> None:
    for waiting in page:
        journal.acknowledge(transaction, waiting)


def _take(limit: int) -> Callable[[Transaction], Any]:
    now = SystemClock().now()
    return lambda transaction: journal.take(transaction, "lead_finder", now=now, limit=limit)
