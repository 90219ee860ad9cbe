"""What a task costs among ten thousand leads and among many more: processor time and memory.

Each is a command of its own, from cron. The raw limit is the same command among few leads.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from ingagents.communication import journal
from ingagents.events import DecisionMade
from ingagents.integrations.clock import SystemClock
from ingagents.model import Classification, Lead
from ingagents.ports import Transaction
from ingagents.store.engine.open_store import open_store
from ingagents.store.tables import leads
from tests.benchmarks.journal import new_id
from tests.benchmarks.lab import Lab, Row, Spent, in_a_process_of_its_own, row, spent_by_ingagents
from tests.factories import a_decision, a_lead, aliases_of_lead

FEW = 10_000
TASKS: dict[str, tuple[str, ...]] = {
    "first report": ("once", "--task", "report"),
    "later report": ("once", "--task", "report"),
    "allocate": ("once", "--task", "allocate"),
    "monitor": ("once", "--task", "monitor"),
    "replies": ("once", "--task", "replies"),
    "status": ("status",),
    "leads list": ("leads", "list"),
}
"""In the order in which they run; allocate leaves work for no other."""

_AT_ONCE = 5_000
_KINDS = (*Classification, None)


def rows(lab: Lab) -> Iterator[Row]:
    few = among(lab.folder, FEW)
    for size in (100_000, 1_000_000) if lab.large else (100_000,):
        many = among(lab.folder, size)
        for task, found in many.items():
            beside, most = few[task], 1.2 if task == "allocate" else 1.5
            yield row(f"{task} at {size:,} leads", found.cpu, "s", limit=beside.cpu,
                      limit_is=f"at {FEW:,}", at_most=most)  # fmt: skip
            yield row(f"{task} at {size:,} leads: memory", found.mib, "MiB", limit=beside.mib,
                      limit_is=f"at {FEW:,}", at_most=120, absolute=True)  # fmt: skip


def among(folder: Path, size: int) -> dict[str, Spent]:
    """What every task costs among so many leads; the cheaper of two times, but for the first."""
    home = folder / f"leads-{size}"
    home.mkdir()
    in_a_process_of_its_own(lambda: asyncio.run(fill(home, size)))
    found = {}
    for task, command in TASKS.items():
        times = 1 if task == "first report" else 2
        found[task] = min(spent_by_ingagents(home, *command) for _ in range(times))
    return found


async def fill(home: Path, size: int) -> None:
    """Leads of every kind and quality, found over a month, two of a company, each with a decision."""
    store = open_store("sqlite:///ingagents.db", folder=home)
    for first in range(0, size, _AT_ONCE):
        await store.write(partial(_insert, first=first, beyond=min(first + _AT_ONCE, size)))
    await store.close()


def _insert(transaction: Transaction, *, first: int, beyond: int) -> None:
    now = SystemClock().now()
    crowd = [_one(number, now) for number in range(first, beyond)]
    for lead in crowd:
        leads.insert(transaction, lead, aliases_of_lead(lead))
    events = [DecisionMade(lead_id=one.id, decision=a_decision()) for one in crowd]
    journal.append(transaction, events, agent="lead_finder", at=now, new_id=new_id)


def _one(number: int, now: datetime) -> Lead:
    return a_lead(
        number,
        company=f"Firma {number // 2}",
        quality_score=1 + (number * 7919 % 90) / 10,
        classification=_KINDS[number % len(_KINDS)],
        created_at=now - timedelta(days=30) + timedelta(seconds=number),
    )
