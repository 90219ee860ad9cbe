"""Leads in the database: nothing is lost in a row, nobody overwrites a change unseen."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import pytest

from ingagents.errors import Conflict
from ingagents.model import (
    Alias,
    Classification,
    ContactStatus,
    Intent,
    Lead,
    LeadId,
    LeadStage,
    Position,
    ReplyDetail,
    Sentiment,
)
from ingagents.ports import Transaction
from ingagents.store.engine.group_commit import ThreadedStore
from ingagents.store.tables import candidates, lead_counts, leads
from ingagents.store.under_way import companies_taken
from tests.factories import MONDAY, a_lead, a_profile, aliases_of_lead
from tests.support import open_test_store

pytestmark = pytest.mark.usefixtures("database")

HOUR = timedelta(hours=1)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[ThreadedStore]:
    async with open_test_store(tmp_path) as opened:
        yield opened


async def keep(store: ThreadedStore, *some: Lead) -> None:
    def insert(transaction) -> None:
        for lead in some:
            leads.insert(transaction, lead, aliases_of_lead(lead))

    await store.write(insert)


FULL = a_lead(
    1,
    profile=a_profile(1, positions=(Position(title="CTO", current=True),), skills=("Rust", "Ü")),
    contact_status=ContactStatus.RESPONDED,
    message_sent="Hello 'you'; DROP TABLE leads; --",
    response="\U0001f600 yes\x00\n",
    response_sentiment=Sentiment.POSITIVE,
    response_intent=Intent.INTERESTED,
    response_detail=ReplyDetail.NONE,
    status_reason="because",
    reasons=("one", "two"),
    allocated_at=MONDAY,
    allocated_by="sales_manager",
    sent_at=MONDAY + HOUR,
    accepted_at=MONDAY + 2 * HOUR,
    responded_at=MONDAY + 3 * HOUR,
    stage=LeadStage.MEETING,
    owner="Kim \U0001f600",
    next_date=date(2027, 2, 28),
    notes=("one", "two; 'three'"),
    handled_at=MONDAY + 4 * HOUR,
)
BARE = Lead(id=LeadId("bare"), created_at=MONDAY, last_updated=MONDAY)


@pytest.mark.parametrize("lead", [FULL, BARE], ids=["full", "bare"])
async def test_a_lead_comes_back_as_it_was(store: ThreadedStore, lead: Lead, database: str) -> None:
    await keep(store, lead)
    if database == "postgresql" and lead.response is not None:  # its text can hold no NUL
        lead = msgspec.structs.replace(lead, response=lead.response.replace("\x00", "\ufffd"))
    assert await store.read(lambda t: leads.find(t, lead.id)) == lead


async def test_a_change_counts_the_version_and_a_stale_one_is_refused(store: ThreadedStore) -> None:
    lead = a_lead()
    await keep(store, lead)

    def close(transaction) -> Lead:
        return leads.update(
            transaction, lead, now=MONDAY + HOUR, contact_status=ContactStatus.CLOSED
        )

    changed = await store.write(close)
    assert (changed.version, changed.last_updated) == (2, MONDAY + HOUR)
    with pytest.raises(Conflict):
        await store.write(close)
    assert await store.read(lambda t: leads.find(t, lead.id)) == changed


async def test_a_changed_company_changes_its_key(store: ThreadedStore) -> None:
    lead = a_lead(1, contact_status=ContactStatus.ALLOCATED, allocated_at=MONDAY)
    await keep(store, lead)
    await store.write(lambda t: leads.update(t, lead, now=MONDAY, company="Other Ltd"))
    keys = await store.read(lambda t: companies_taken(t, MONDAY, now=MONDAY))
    assert len(keys) == 1
    assert "other" in next(iter(keys))


async def test_an_alias_stays_with_whom_it_was_given_to(store: ThreadedStore) -> None:
    first, second = a_lead(1), a_lead(2)
    await keep(store, first, second)
    alias = aliases_of_lead(first)[0]
    await store.write(lambda t: leads.add_aliases(t, second.id, [alias]))
    found = await store.read(lambda t: leads.find_by_aliases(t, [Alias("slug", "?"), alias]))
    assert found == first
    assert alias not in await store.read(lambda t: leads.aliases_of(t, second.id))


async def test_only_an_uncontacted_lead_is_allocated_and_only_once(store: ThreadedStore) -> None:
    lead = a_lead()
    await keep(store, lead)
    await store.write(lambda t: leads.allocate(t, lead.id, place=1, by="sales_manager", now=MONDAY))
    with pytest.raises(Conflict):
        await store.write(
            lambda t: leads.allocate(t, lead.id, place=1, by="sales_manager", now=MONDAY)
        )
    (found,) = await store.read(lambda t: leads.allocated(t, limit=10))
    assert (found.id, found.allocated_at, found.version) == (lead.id, MONDAY, 2)


async def test_outreach_gets_the_earliest_allocation_first_in_the_strategys_order(
    store: ThreadedStore,
) -> None:
    people = [a_lead(number, quality_score=9.0 - number) for number in (1, 2, 3, 4)]
    await keep(store, *people)
    for number, hours, place in ((1, 2, 1), (2, 1, 2), (3, 1, 1)):
        lead, at = people[number - 1], MONDAY + hours * HOUR

        def hand_over(transaction: Transaction, lead=lead, at=at, place=place) -> None:
            leads.allocate(transaction, lead.id, place=place, by="sales_manager", now=at)

        await store.write(hand_over)
    found = await store.read(lambda t: leads.allocated(t, limit=10))
    assert [lead.id[-1] for lead in found] == ["3", "2", "1"]
    old = await store.read(lambda t: leads.allocated_before(t, MONDAY + 2 * HOUR))
    assert {lead.id[-1] for lead in old} == {"2", "3"}


async def test_what_was_given_back_does_not_count_as_allocated(store: ThreadedStore) -> None:
    allocated = {"contact_status": ContactStatus.ALLOCATED, "allocated_at": MONDAY}
    await keep(
        store,
        a_lead(1, **allocated),
        a_lead(2, allocated_at=MONDAY),
        a_lead(3, **{**allocated, "allocated_at": MONDAY - HOUR}),
    )
    assert await store.read(lambda t: leads.allocated_since(t, MONDAY)) == 1


async def test_all_leads_are_paged_through_once_also_when_they_came_at_one_moment(
    store: ThreadedStore,
) -> None:
    await keep(store, *(a_lead(number) for number in range(1, 38)))
    seen: list[str] = []
    after = ("", "")
    while page := await store.read(partial(leads.every, after=after, limit=10)):
        seen += [lead.id for lead in page]
        after = leads.page_key(page[-1])
    assert seen == sorted(seen)
    assert len(seen) == 37


async def test_a_listing_can_be_narrowed(store: ThreadedStore) -> None:
    await keep(
        store,
        a_lead(1),
        a_lead(2, classification=Classification.SPONSOR),
        a_lead(3, classification=Classification.SPONSOR, contact_status=ContactStatus.CLOSED),
    )

    def ids(transaction) -> list[str]:
        page = leads.every(transaction, status="Not Contacted", classification="Sponsor")
        return [lead.id for lead in page]

    assert await store.read(ids) == ["lead-000002"]
    assert await store.read(lead_counts.by_status) == {"Closed": 1, "Not Contacted": 2}


async def test_a_suppression_hits_its_names_and_nobody_like_them(store: ThreadedStore) -> None:
    people = {
        1: "kim@a_b.example",
        2: "lee@axb.example",
        3: "max@sub.a_b.example",
        4: "zoe@100%.example",
        5: "eva@100x.example",
    }
    await keep(store, *(a_lead(number) for number in (*people, 6)))

    def suppress(transaction) -> None:
        for number, mail in people.items():
            lead_id = LeadId(f"lead-{number:06d}")
            leads.add_aliases(transaction, lead_id, [Alias("email", mail)])
        leads.suppress(
            transaction,
            [("domain", "a_b.example"), ("domain", "100%.example"), ("slug", "robin-muster-6")],
            reason="asked",
            by="team",
            at=MONDAY,
        )

    await store.write(suppress)
    everybody = [a_lead(number).id for number in (*people, 6)]
    hit = await store.read(lambda t: candidates.suppressed(t, everybody))
    assert {lead_id[-1] for lead_id in hit} == {"1", "4", "6"}
    names = [("domain", "a_b.example"), ("domain", "100%.example"), ("slug", "robin-muster-6")]
    assert {
        one[-1] for one in await store.read(lambda t: list(leads.ids_with_names(t, names)))
    } == {
        "1",
        "4",
        "6",
    }
    assert await store.read(lambda t: leads.is_suppressed(t, [("slug", "robin-muster-6")]))
    assert not await store.read(lambda t: leads.is_suppressed(t, [("slug", "robin-muster-5")]))


async def test_the_first_reason_of_a_suppression_stays(store: ThreadedStore) -> None:
    for reason in ("asked", "again"):
        await store.write(
            partial(leads.suppress, names=[("slug", "x")], reason=reason, by="team", at=MONDAY)
        )
    assert await store.read(lambda t: leads.is_suppressed(t, [("slug", "x")])) == "asked"


async def test_leads_of_a_source_are_counted_in_a_span(store: ThreadedStore) -> None:
    await keep(
        store,
        a_lead(1),
        a_lead(2, created_at=MONDAY + HOUR),
        a_lead(3, source="import:x.csv"),
    )
    count = await store.read(lambda t: leads.found_between(t, "search", MONDAY, MONDAY + HOUR))
    assert count == 1


QUERIES: dict[str, Callable[[Any], object]] = {
    "allocated_since": lambda t: leads.allocated_since(t, MONDAY),
    "every": leads.every,
    "suppressed": lambda t: candidates.suppressed(t, [LeadId("lead-000001")]),
    "found": lambda t: leads.found_between(t, "search", MONDAY, MONDAY + HOUR),
    "named": lambda t: leads.find_by_aliases(t, [Alias("slug", "x")]),
}


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("name", QUERIES)
async def test_no_query_reads_the_whole_table_of_leads(store: ThreadedStore, name: str) -> None:
    """A hundred thousand rows of profiles are a quarter of a gigabyte."""
    plans: list[str] = []

    class Explaining:
        def __init__(self, transaction) -> None:
            self._transaction = transaction

        def rows(self, sql: str, parameters=None):
            given = parameters or {}
            plans.extend(
                row[3] for row in self._transaction.rows("EXPLAIN QUERY PLAN " + sql, given)
            )
            return self._transaction.rows(sql, given)

    await store.read(lambda t: QUERIES[name](Explaining(t)))
    assert plans
    whole = [plan for plan in plans if plan.startswith(("SCAN leads", "SCAN i"))]
    assert [plan for plan in whole if "COVERING INDEX" not in plan] == []
