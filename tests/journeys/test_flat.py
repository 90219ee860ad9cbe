"""What a task costs the database is the same however many leads there are."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from ingagents.app.department import Department
from ingagents.events import DecisionMade
from ingagents.model import Classification, Lead
from ingagents.ports import Transaction
from ingagents.store.tables import leads
from tests.factories import a_decision, a_lead, aliases_of_lead
from tests.store.steps import Cost, counted
from tests.world import World

FEW, MANY = 1_200, 12_000
"""More than a page of the journal, and ten times as many."""
KINDS = (*Classification, None)


def once(task: str) -> Callable[[Department], Awaitable[Any]]:
    return lambda department: department.once(task)


TASKS: dict[str, Callable[[Department], Awaitable[Any]]] = {
    "allocate": once("allocate"),
    "monitor": once("monitor"),
    "replies": once("replies"),
    "report": once("report"),
    "status": lambda department: department.status(),
}


def a_crowd(world: World, count: int) -> list[Lead]:
    """Leads of every kind and quality, found over a month; two of a company."""
    return [
        a_lead(
            number,
            company=f"Firma {number // 2}",
            quality_score=1 + (number * 7919 % 90) / 10,
            classification=KINDS[number % len(KINDS)],
            created_at=world.now - timedelta(days=30) + timedelta(seconds=number),
        )
        for number in range(count)
    ]


async def cost_of(folder: Path, count: int, work: Callable[[Department], Awaitable[Any]]) -> Cost:
    world = World(folder)
    world.go_to(0, 9, 1)
    crowd = a_crowd(world, count)
    async with world.at_work() as department:

        def fill(transaction: Transaction) -> None:
            for lead in crowd:
                leads.insert(transaction, lead, aliases_of_lead(lead))
            append = department.context.queue.append
            append(
                transaction,
                "lead_finder",
                *(DecisionMade(lead_id=one.id, decision=a_decision()) for one in crowd),
            )

        await department.store.write(fill)
        with counted(department.store) as cost:
            await work(department)
    return cost


@pytest.mark.parametrize("task", TASKS)
async def test_a_task_costs_the_same_among_ten_times_the_leads(tmp_path: Path, task: str) -> None:
    few = await cost_of(tmp_path / "few", FEW, TASKS[task])
    many = await cost_of(tmp_path / "many", MANY, TASKS[task])
    print(f"{task}: {len(few.statements)} -> {len(many.statements)}, {few.steps} -> {many.steps}")
    assert len(many.statements) <= len(few.statements) * 1.1
    assert many.steps <= few.steps * 1.2
