"""`make bench`: what the hot paths cost, beside the raw limit measured in the same run.

Prints a table and writes bench.json. Times are this machine's; commits per event and the ratio to
the raw limit are the portable part. Rounds are interleaved and medians shown. A ratio is taken
within each round, of cases that ran right after each other: a shared machine's slow minutes then
slow down both sides.
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import random
import sqlite3
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Coroutine
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any, TypeVar

from ingagents.app.department import open_department
from ingagents.cli.app import spare_the_collector
from ingagents.core.lead_classifier import classify
from ingagents.core.quality_scorer import Weights, calculate_score
from ingagents.core.response_analyser import analyse_response
from ingagents.model import Profile, SearchCriteria
from ingagents.settings import Settings
from ingagents.store.engine.sqlite import SqliteStore
from tests.benchmarks import journal
from tests.postgres import PostgresServer

T = TypeVar("T")

ROUNDS = 5


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


Case = Callable[[], dict[str, float]]

TO_RAW = "ratios to the raw limit"
RATIOS = {
    "1 in flight": ("journal, 1 in flight", "raw, one per commit"),
    "3 in flight": ("journal, 3 in flight", "raw, one per commit"),
    "100 in flight": ("journal, 100 in flight", "raw, 100 per commit"),
    "postgres, 100 in flight": ("postgres, 100 in flight", "postgres raw, 100 a commit"),
}


def neighbours(server: PostgresServer, folder: Path) -> list[dict[str, Case]]:
    """The cases; those that are compared stand together and run right after each other."""
    return [
        {
            "raw, one per commit": _awaited(lambda: journal.raw_sqlite(folder, group=1)),
            "journal, 1 in flight": _awaited(lambda: journal.on_sqlite(folder, in_flight=1)),
            "journal, 3 in flight": _awaited(lambda: journal.on_sqlite(folder, in_flight=3)),
        },
        {
            "raw, 100 per commit": _awaited(lambda: journal.raw_sqlite(folder, group=100)),
            "journal, 100 in flight": _awaited(lambda: journal.on_sqlite(folder, in_flight=100)),
        },
        {
            "postgres raw, 100 a commit": _awaited(
                lambda: journal.raw_postgres(server, folder, group=100)
            ),
            "postgres, 100 in flight": _awaited(
                lambda: journal.on_postgres(server, folder, in_flight=100)
            ),
        },
        {"100,000 events waiting": _awaited(lambda: journal.backlog(folder))},
        {"a day in the sandbox": _awaited(lambda: day(folder))},
        {"the rules": rules},
    ]


def run(cases: dict[str, Case], chance: random.Random) -> dict[str, dict[str, float]]:
    """Each case, in any order; what counts is its second time, the first one warms up."""
    order = chance.sample(list(cases), len(cases))
    return [{case: cases[case]() for case in order} for _ in range(2)][-1]


def in_a_process_of_its_own(work: Callable[[], T]) -> T:
    """What `work` returns, done where no case before it has left the memory in disorder."""
    fork = multiprocessing.get_context("fork")
    answer, here = fork.Pipe(duplex=False)
    process = fork.Process(target=lambda: here.send(work()))
    process.start()
    here.close()
    found: T = answer.recv()
    process.join()
    return found


def measure(server: PostgresServer) -> dict[str, dict[str, float]]:
    """All cases, in interleaved rounds; the median of every figure and of every ratio."""
    with tempfile.TemporaryDirectory() as name:
        together = neighbours(server, Path(name))
        rounds: list[dict[str, dict[str, float]]] = []
        for number in range(ROUNDS):
            chance = random.Random(number)
            found: dict[str, dict[str, float]] = {}
            for cases in chance.sample(together, len(together)):
                found |= in_a_process_of_its_own(partial(run, cases, chance))
            found[TO_RAW] = {
                ratio: found[case]["per_second"] / found[raw]["per_second"]
                for ratio, (case, raw) in RATIOS.items()
            }
            rounds.append(found)
        return {
            case: {
                key: statistics.median(one[case][key] for one in rounds) for key in rounds[0][case]
            }
            for case in [*chain.from_iterable(together), TO_RAW]
        }


def _awaited(work: Callable[[], Coroutine[Any, Any, dict[str, float]]]) -> Case:
    return lambda: asyncio.run(work())


def main() -> None:
    """Measure, print the table, write bench.json."""
    server = PostgresServer()
    spare_the_collector()  # as the commands do
    try:
        server.run("ALTER SYSTEM SET fsync = on", "SELECT pg_reload_conf()")
        figures = measure(server)
    finally:
        server.close()
    print(f"Python {sys.version.split()[0]}, SQLite {sqlite3.sqlite_version}, medians of {ROUNDS}")
    for case, found in figures.items():
        print(f"{case:<28}" + "  ".join(f"{key} {value:,.2f}" for key, value in found.items()))
    Path("bench.json").write_text(json.dumps(figures, indent=2), "utf-8")


main()
