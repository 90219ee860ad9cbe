"""Who may be allocated comes out of the database in the order and number in which the core wants."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from ingagents.core.allocator import LANES, AllocationRules, Pool, Strategy, allocate
from ingagents.model import Classification, ContactStatus
from ingagents.ports import Transaction
from ingagents.store.tables import candidates, leads
from ingagents.store.tables.candidates import PAGE, Candidate
from tests.factories import MONDAY, a_lead, a_pool, a_profile
from tests.support import open_test_store

pytestmark = pytest.mark.usefixtures("database")

COUNT = 5 * PAGE
KINDS = (*Classification, None)


def some_leads(transaction: Transaction) -> None:
    for number in range(COUNT):
        profile = a_profile(number, linkedin_url="") if number % 50 == 0 else a_profile(number)
        lead = a_lead(
            number,
            profile=profile,
            company=f"Firma {number % 150}",
            classification=KINDS[number * number % 7 % len(KINDS)],
            quality_score=None if number % 31 == 0 else 1 + (number * 37 % 90) / 10,
            created_at=MONDAY.replace(minute=number % 7),
            contact_status=ContactStatus.CLOSED
            if number % 11 == 0
            else ContactStatus.NOT_CONTACTED,
        )
        leads.insert(transaction, lead, [])
    held = "INSERT INTO vetoes VALUES ('lead-000101', 'sheet', 'no', '', 'Not Contacted', '')"
    transaction.run(held)


@pytest.mark.parametrize("strategy", get_args(Strategy))
@pytest.mark.parametrize("most", [0, 7, 130, COUNT])
async def test_the_database_hands_out_what_sorting_everybody_would(
    tmp_path: Path, strategy: Strategy, most: int
) -> None:
    rules = AllocationRules(strategy=strategy, max_leads=most, quality_threshold=4.0)

    def everybody(transaction: Transaction) -> list[Candidate]:
        ids = [one.id for one in leads.every(transaction, limit=2 * COUNT)]
        return candidates.of_ids(transaction, ids)

    async with open_test_store(tmp_path) as store:
        await store.write(some_leads)
        people = await store.read(everybody)
        found = await store.read(
            lambda t: allocate(candidates.pool(t, strategy, at_least=4.0), rules)
        )
    wanted = allocate(a_pool(people, rules), rules)
    assert found == wanted
    assert sum(found.passed_over.values()) + len(found.people) == len(people)


def test_nobody_is_looked_at_once_enough_are_chosen() -> None:
    rules = AllocationRules(strategy="quality_priority", max_leads=3, quality_threshold=1.0)
    people = [
        Candidate(a_lead(number).id, f"{number}", "Speaker", 9 - number / 10, "", "x")
        for number in range(9)
    ]

    def handed_out() -> Iterator[Candidate]:
        yield from people[:4]
        raise AssertionError("a fifth was asked for")

    lanes = {lane: handed_out() if lane == "Speaker" else iter(()) for lane in LANES}
    found = allocate(Pool(lanes=lanes, candidates=1000, below_threshold=100), rules)
    assert found.people == tuple(people[:3])
    assert found.passed_over == {"below_threshold": 100, "full": 897}
