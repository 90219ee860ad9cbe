"""How many people stand alike: the first rule counts, and everybody counts once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from ingagents.core.why.why import Standing
from ingagents.model import Classification, ContactStatus, LeadId, WaitsFor
from ingagents.ports import Transaction
from ingagents.store import standings
from ingagents.store.engine.group_commit import ThreadedStore
from ingagents.store.tables import leads, vetoes
from tests.factories import MONDAY, a_lead
from tests.support import open_test_store

pytestmark = pytest.mark.usefixtures("database")

URL = "https://www.linkedin.com/in/somebody-{}"


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[ThreadedStore]:
    async with open_test_store(tmp_path) as opened:
        yield opened


def uncontacted(transaction: Transaction) -> standings.Uncontacted:
    for number in range(1, 7):
        score = 3.0 if number in {2, 5} else 8.0
        address = "" if number in {3, 5} else URL.format(number)
        company = "Acme" if number in {4, 6} else f"Company {number}"
        lead = a_lead(number, quality_score=score, linkedin_url=address, company=company)
        leads.insert(transaction, lead, ())
    kind = Classification.OTHER
    leads.insert(transaction, a_lead(7, classification=kind, linkedin_url=URL.format(7)), ())
    held = vetoes.Veto("Notes", "not now", MONDAY, ContactStatus.NOT_CONTACTED, "")
    vetoes.hold(transaction, a_lead(1).id, held)
    ((key,),) = transaction.rows("SELECT DISTINCT company_key FROM leads WHERE company = 'Acme'")
    return standings.uncontacted(
        transaction,
        threshold=6.0,
        write_to_other=False,
        taken=[str(key)],
        chosen=[LeadId(a_lead(6).id)],
    )


async def test_of_those_nobody_has_written_to_each_stands_before_the_first_rule(
    store: ThreadedStore,
) -> None:
    found = await store.write(uncontacted)
    assert found.by_rule == {
        "held": 1,
        "below_threshold": 2,
        "no_address": 1,
        "other": 1,
        "same_company": 1,
    }
    assert found.free == {"Speaker": 1}


async def test_of_the_others_those_with_one_plan_count_together(store: ThreadedStore) -> None:
    def work(transaction: Transaction) -> list[standings.Alike]:
        sent = {"contact_status": ContactStatus.MESSAGE_SENT, "waits_for": WaitsFor.MOMENT}
        for number, days in ((1, -1), (2, 3), (3, 5)):
            at = MONDAY + timedelta(days=days)
            leads.insert(transaction, a_lead(number, next_step_at=at, **sent), ())
        closed = a_lead(4, contact_status=ContactStatus.CLOSED, duplicate_of=a_lead(1).id)
        leads.insert(transaction, closed, ())
        leads.insert(transaction, a_lead(5, contact_status=ContactStatus.ALLOCATED), ())
        return list(standings.by_plan(transaction, MONDAY))

    found = {one.standing: (one.people, one.next_at) for one in await store.write(work)}
    talks, moment = ContactStatus.MESSAGE_SENT, WaitsFor.MOMENT
    assert found == {
        Standing(talks, moment, comes_later=False, is_double=False): (1, None),
        Standing(talks, moment, comes_later=True, is_double=False): (2, MONDAY + timedelta(days=3)),
        Standing(ContactStatus.CLOSED, WaitsFor.NOTHING, False, True): (1, None),
    }
