"""Reading the whole journal: what was done to it is found, an erasure is told from a forgery."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from ingagents.commands import LeadAllocation
from ingagents.communication import inbox, journal, journal_audit
from ingagents.communication.hash_chain import digest_of, link
from ingagents.core.text.redaction import Redactor
from ingagents.events import AgentError, DecisionMade, LeadDiscovered, LeadErased, MessageSent
from ingagents.model import DeliveryKind, LeadId
from ingagents.ports import Transaction
from ingagents.store.engine.group_commit import ThreadedStore
from ingagents.store.tables.leads import insert
from tests.communication.journals import (
    change,
    faults,
    history,
    ids,
    numbers,
    publish,
    request,
    take,
)
from tests.factories import MONDAY, a_decision, a_lead
from tests.support import open_test_store

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[ThreadedStore]:
    async with open_test_store(tmp_path) as opened:
        yield opened


async def test_an_empty_journal_and_a_whole_one_are_in_order(store: ThreadedStore) -> None:
    assert await faults(store) == []
    await publish(store, *map(request, range(1200)))
    await publish(store, request(1))
    assert await faults(store) == []


async def test_the_chain_is_what_the_rows_say(store: ThreadedStore) -> None:
    await publish(store, *map(request, range(3)))
    rows = await store.read(
        lambda t: t.rows(
            "SELECT seq, event_id, type, version, agent, timestamp, data, digest, chain"
            " FROM journal ORDER BY seq"
        )
    )
    chain = ""
    for *named, data, digest, written in rows:
        assert digest_of(data) == digest
        seq, event_id, kind, version, agent, at = named
        chain = link(chain, seq, event_id, kind, version, agent, at, digest)
        assert chain == written


NEW_DATA = '\'{"type":"search_request","wanted":77}\''
TAMPERING = [
    ("changed data", [f"UPDATE journal SET data = {NEW_DATA} WHERE seq = 3"], {3}),
    ("changed agent", ["UPDATE journal SET agent = 'mallory' WHERE seq = 3"], {3}),
    ("changed time", ["UPDATE journal SET timestamp = '2020' WHERE seq = 3"], {3}),
    ("changed chain", ["UPDATE journal SET chain = 'x' WHERE seq = 3"], {3, 4}),
    ("first row removed", ["DELETE FROM journal WHERE seq = 1"], {1}),
    ("row removed", ["DELETE FROM journal WHERE seq = 3"], {3}),
    ("rows removed", ["DELETE FROM journal WHERE seq IN (3, 4)"], {3}),
    ("last row removed", ["DELETE FROM journal WHERE seq = 6"], {6}),
    ("all rows removed", ["DELETE FROM journal"], {1}),
    (
        "row removed and the rest moved up",
        [
            "DELETE FROM journal WHERE seq = 3",
            "UPDATE journal SET seq = seq - 1 WHERE seq > 3",
        ],
        {3, 4, 5, 6},
    ),
    (
        "rows swapped",
        [
            "UPDATE journal SET seq = 100 WHERE seq = 3",
            "UPDATE journal SET seq = 3 WHERE seq = 4",
            "UPDATE journal SET seq = 4 WHERE seq = 100",
        ],
        {3, 4, 5},
    ),
    (
        "a row put in",
        [
            "INSERT INTO journal SELECT 7, 'e7', type, version, agent, lead_id, consumer, data, timestamp, digest, chain, erased FROM journal WHERE seq = 6"
        ],
        {7},
    ),
]


@pytest.mark.parametrize(("steps", "where"), [row[1:] for row in TAMPERING],
                         ids=[str(row[0]) for row in TAMPERING])  # fmt: skip
async def test_what_was_done_to_the_journal_is_found(
    store: ThreadedStore, steps: list[str], where: set[int]
) -> None:
    await publish(store, *(history(str(number)) for number in range(6)))
    for step in steps:
        await change(store, step)
    assert set(await faults(store)) == where


async def test_a_changed_last_row_is_found_also_after_the_journal_went_on(
    store: ThreadedStore,
) -> None:
    await publish(store, history("a"), history("b"))
    ((first,),) = await store.read(lambda t: t.rows("SELECT chain FROM journal WHERE seq = 1"))
    data = '{"type":"lead_suppressed","by":"mallory"}'
    digest = digest_of(data)
    ((event_id, at),) = await store.read(
        lambda t: t.rows("SELECT event_id, timestamp FROM journal WHERE seq = 2")
    )
    forged = link(first, 2, event_id, "lead_suppressed", 1, "sales_manager", at, digest)
    await change(
        store,
        "UPDATE journal SET data = :data, digest = :digest, chain = :chain WHERE seq = 2",
        data=data,
        digest=digest,
        chain=forged,
    )
    assert await faults(store) == [2]
    await publish(store, history("c"))
    assert await faults(store) == [3]


async def test_numbers_of_rows_lost_at_the_end_are_not_given_away_again(
    store: ThreadedStore,
) -> None:
    await publish(store, request(1), request(2))
    await change(store, "DELETE FROM journal WHERE seq = 2")
    await publish(store, request(3))
    assert await faults(store) == [2]
    assert numbers(await take(store)) == [1, 3]


async def test_at_most_so_many_faults_are_listed(store: ThreadedStore) -> None:
    await publish(store, *(history(str(number)) for number in range(30)))
    await change(store, "UPDATE journal SET data = 'x'")
    assert len(await store.read(lambda t: journal_audit.verify(t, most=7))) == 7


# ---- erasing ----

ADA = LeadId("lead-of-ada")
TRACES = Redactor(stand_in="erased-1", ids=(ADA,), names=("Ada Abel",))


async def a_life(store: ThreadedStore) -> None:
    """Six rows: three are Ada's, one names her, one allocates her with another, one is neither."""
    await publish(
        store,
        LeadDiscovered(lead_id=ADA, source="Ada Abel"),
        LeadAllocation(lead_ids=(ADA, LeadId("other"))),
        DecisionMade(lead_id=ADA, decision=a_decision()),
        AgentError(agent="outreach", error="x", doing="writing to Ada Abel"),
        history("Kim"),
        MessageSent(lead_id=ADA, delivery_id="d", kind=DeliveryKind.MESSAGE),
    )


async def erase(store: ThreadedStore, traces: Redactor = TRACES, *, told: bool = True) -> set[int]:
    def work(transaction: Transaction) -> set[int]:
        erased = journal.erase(transaction, [ADA], without=traces.without)
        if told:
            event = LeadErased(by="team", rows=erased.rows)
            journal.append(transaction, [event], agent="team", at=MONDAY, new_id=ids)
        return set(erased.rows)

    return await store.write(work)


async def test_an_erased_journal_is_in_order_and_says_nothing_of_the_person(
    store: ThreadedStore,
) -> None:
    await a_life(store)
    assert await erase(store) == {1, 2, 3, 4, 6}
    assert await faults(store) == []
    rows = await store.read(lambda t: t.rows("SELECT * FROM journal"))
    assert "Ada" not in str(rows)
    assert ADA not in str(rows)
    assert "other" in str(rows), "the allocation of the others stands"
    await publish(store, history("Kim"))
    assert await faults(store) == [], "the chain goes on"


async def test_what_is_left_can_be_handled_and_what_was_hers_alone_waits_no_more(
    store: ThreadedStore,
) -> None:
    await a_life(store)
    await erase(store)
    (allocation,) = await take(store, consumer="outreach")
    assert allocation.published.event == LeadAllocation(
        lead_ids=(LeadId("erased-1"), LeadId("other"))
    )
    (error,) = await take(store, consumer="sales_manager")
    assert isinstance(error.published.event, AgentError)
    assert await store.read(inbox.dead_letters) == []


async def test_a_second_erasing_goes_over_what_the_first_one_left(store: ThreadedStore) -> None:
    await a_life(store)
    await erase(store)
    other = Redactor(stand_in="erased-2", ids=("other",), names=())
    assert await erase(store, other) == {2}
    assert await faults(store) == []


AN_ERASED = '\'{"type":"lead_suppressed","erased":true}\''
FORGERIES = [
    ("changed and marked as erased", f"UPDATE journal SET data = {AN_ERASED}, erased = :digest WHERE seq = 5", {5}),
    ("marked as erased", "UPDATE journal SET erased = digest WHERE seq = 5", {5}),
    ("an erased row given other data", f"UPDATE journal SET data = {AN_ERASED}, erased = :digest WHERE seq = 1", {1}),
    ("an erased row given its mark alone back", "UPDATE journal SET erased = NULL WHERE seq = 1", {1}),
    ("an earlier state of an erasure put back", "UPDATE journal SET data = :before, erased = NULL WHERE seq = 1", {1}),
    ("a row slipped under the erasure's list", "UPDATE journal SET data = replace(data, '\"1\":', '\"5\":') WHERE seq = 7", {1, 5, 7}),
    ("the erasure taken out", "DELETE FROM journal WHERE seq = 7", {1, 2, 3, 4, 6, 7}),
    ("a row put under another lead", "UPDATE journal SET lead_id = 'other' WHERE seq = 5", {5}),
]  # fmt: skip


@pytest.mark.parametrize(("forgery", "where"), [row[1:] for row in FORGERIES],
                         ids=[row[0] for row in FORGERIES])  # fmt: skip
async def test_no_change_can_be_passed_off_as_an_erasure(
    store: ThreadedStore, forgery: str, where: set[int]
) -> None:
    await a_life(store)
    ((before,),) = await store.read(lambda t: t.rows("SELECT data FROM journal WHERE seq = 1"))
    await erase(store)
    await change(store, forgery, digest=digest_of(AN_ERASED.strip("'")), before=before)
    assert set(await faults(store)) == where


async def test_an_erasure_nobody_tells_of_is_a_fault(store: ThreadedStore) -> None:
    await a_life(store)
    assert await erase(store, told=False) == set(await faults(store))


async def test_an_erasure_speaks_only_for_rows_before_it(store: ThreadedStore) -> None:
    forged = '{"type":"lead_suppressed","by":"mallory"}'
    await publish(store, LeadErased(by="mallory", rows={2: digest_of(forged)}))
    await publish(store, history("Kim"))
    await change(
        store,
        "UPDATE journal SET data = :data, erased = :digest WHERE seq = 2",
        data=forged,
        digest=digest_of(forged),
    )
    assert await faults(store) == [2]


async def test_erasures_outlive_pruning_for_they_vouch_for_what_stays_behind(
    store: ThreadedStore,
) -> None:
    opened = a_lead(1)
    await store.write(partial(insert, lead=opened, aliases=()))
    decision = a_decision(basis={"same_as": ADA})
    await publish(store, DecisionMade(lead_id=opened.id, decision=decision), history("a"))
    assert await erase(store) == {1}
    await publish(store, history("b"), at=MONDAY + timedelta(days=9))
    before = MONDAY + timedelta(days=1)
    while await store.write(lambda t: journal.prune(t, before=before)):
        pass
    assert [one.seq for one in await store.read(journal.entries)] == [1, 3, 4]
    assert await faults(store) == []
    await change(store, "UPDATE journal SET data = '{}' WHERE seq = 1")
    assert await faults(store) == [1]
