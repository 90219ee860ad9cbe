"""`make bench`: what the hot paths cost, beside the raw limit measured in the same run.

Prints a table and writes bench.json. Times are this machine's; commits per event and the ratio to
the raw limit are the portable part. Rounds are interleaved and medians shown.
"""

from __future__ import annotations

import asyncio
import json
import random
import sqlite3
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import anyio

from ingagents.communication.message_queue import MessageQueue
from ingagents.core.lead_classifier import classify
from ingagents.core.quality_scorer import Weights, calculate_score
from ingagents.core.response_analyser import analyse_response
from ingagents.department import open_department
from ingagents.events import Event, SearchRequest
from ingagents.integrations.clock import SystemClock
from ingagents.model import Profile, SearchCriteria
from ingagents.settings import Settings
from ingagents.store.opening import open_store
from ingagents.store.sqlite import SqliteStore, connect

ROUNDS = 5
EVENTS = 2000
EVENT = SearchRequest(reason="x" * 200)


def raw_commits(folder: Path, *, group: int) -> dict[str, float]:
    """Raw SQLite, WAL and FULL: insert and delete a row of the same size, `group` per commit."""
    path = folder / f"raw-{uuid.uuid4().hex}.db"
    path.touch()
    connection = connect(path)
    connection.execute("CREATE TABLE j (id INTEGER PRIMARY KEY, data TEXT)")
    connection.execute("CREATE TABLE i (id INTEGER PRIMARY KEY)")
    data, events = "x" * 320, EVENTS if group > 1 else EVENTS // 2
    began = time.perf_counter()
    for start in range(0, events, group):
        connection.execute("BEGIN IMMEDIATE")
        rows = [(n, data) for n in range(start, start + group)]
        connection.executemany("INSERT INTO j VALUES (?, ?)", rows)
        connection.executemany("INSERT INTO i VALUES (?)", [(n,) for n, _ in rows])
        connection.execute("COMMIT")
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany("DELETE FROM i WHERE id = ?", [(n,) for n, _ in rows])
        connection.execute("COMMIT")
    seconds = time.perf_counter() - began
    connection.close()
    return {"per_second": events / seconds, "commits_per_event": 2 / group}


async def journal(folder: Path, *, in_flight: int) -> dict[str, float]:
    """Publish, hand out with typed decode and digest, handle, acknowledge; real dispatch."""
    store = open_store(f"sqlite:///{uuid.uuid4().hex}.db", folder=folder)
    assert isinstance(store, SqliteStore)
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

    began = time.perf_counter()
    async with anyio.create_task_group() as tasks:
        for _ in range(in_flight):
            tasks.start_soon(publish, events // in_flight)
        async with queue.working("lead_finder") as working:
            wanted = events // in_flight * in_flight
            while handled < wanted:
                await working.process_messages(handle, agent="lead_finder")
                await anyio.lowlevel.checkpoint()
    seconds = time.perf_counter() - began
    commits = store.commits
    await store.close()
    return {"per_second": wanted / seconds, "commits_per_event": commits / wanted}


async def day(folder: Path) -> dict[str, float]:
    """A whole day in the sandbox on the jumping clock."""
    home = folder / uuid.uuid4().hex
    home.mkdir()
    settings = Settings(database={"url": f"sqlite:///{home}/d.db"}, email={"outbox": str(home)})
    began = time.perf_counter()
    async with open_department(settings, jumping=True, seed=1) as department:
        await department.run(until=department.day_ends())
        report = await department.report()
        store = department.store
        assert isinstance(store, SqliteStore)
        commits = store.commits
    return {
        "seconds": time.perf_counter() - began,
        "leads_found": report.today.leads_discovered,
        "sent": report.today.messages_sent,
        "commits": commits,
    }


def rules() -> dict[str, float]:
    """Microseconds of the rules for one lead and one reply."""
    chance = random.Random(1)
    roles = ("CTO", "Head of Partnerships", "Senior Engineer", "HR Manager", "Founder & CEO")
    people = [
        Profile(name=f"Ann {n}", position=f"{chance.choice(roles)} {n % 97}", company=f"Acme {n}")
        for n in range(1000)
    ]
    criteria, weights = SearchCriteria(positions=("CTO", "Founder")), Weights()
    began = time.perf_counter()
    for person in people:
        calculate_score(person, classify(person, criteria=criteria), criteria, weights)
    lead = (time.perf_counter() - began) / len(people)
    replies = [
        f"Thanks for writing, could you send me the programme for day {n}?" for n in range(300)
    ]
    began = time.perf_counter()
    for reply in replies:
        analyse_response(reply)
    return {
        "lead_us": lead * 1e6,
        "reply_us": (time.perf_counter() - began) / len(replies) * 1e6,
    }


def measure() -> dict[str, dict[str, float]]:
    """All cases, in interleaved rounds; the median of every figure."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        cases: dict[str, Callable[[], dict[str, float]]] = {
            "raw, one per commit": lambda: raw_commits(folder, group=1),
            "raw, 100 per commit": lambda: raw_commits(folder, group=100),
            "journal, 1 in flight": _awaited(lambda: journal(folder, in_flight=1)),
            "journal, 3 in flight": _awaited(lambda: journal(folder, in_flight=3)),
            "journal, 100 in flight": _awaited(lambda: journal(folder, in_flight=100)),
            "a day in the sandbox": _awaited(lambda: day(folder)),
            "the rules": rules,
        }
        rounds: dict[str, list[dict[str, float]]] = {case: [] for case in cases}
        for number in range(ROUNDS):
            order = list(cases)
            random.Random(number).shuffle(order)
            for case in order:
                rounds[case].append(cases[case]())
        return {
            case: {key: statistics.median(one[key] for one in found) for key in found[0]}
            for case, found in rounds.items()
        }


def _awaited(
    work: Callable[[], Coroutine[Any, Any, dict[str, float]]],
) -> Callable[[], dict[str, float]]:
    return lambda: asyncio.run(work())


def main() -> None:
    """Measure, print the table, write bench.json."""
    figures = measure()
    one, hundred = figures["raw, one per commit"], figures["raw, 100 per commit"]
    figures["ratios to the raw limit"] = {
        "1 in flight": figures["journal, 1 in flight"]["per_second"] / one["per_second"],
        "3 in flight": figures["journal, 3 in flight"]["per_second"] / one["per_second"],
        "100 in flight": figures["journal, 100 in flight"]["per_second"] / hundred["per_second"],
    }
    print(f"Python {sys.version.split()[0]}, SQLite {sqlite3.sqlite_version}, medians of {ROUNDS}")
    for case, found in figures.items():
        print(f"{case:<26}" + "  ".join(f"{key} {value:,.2f}" for key, value in found.items()))
    Path("bench.json").write_text(json.dumps(figures, indent=2), "utf-8")


main()
