"""The queues in memory: what was committed here is handed over as it is, all else is read."""

from __future__ import annotations

from typing import Any

import pytest

from ingagents.commands import SearchRequest
from ingagents.communication import inbox, journal
from ingagents.communication.role_queues import Head, RoleQueues
from ingagents.events import AgentError, Event, LeadErased, Published
from ingagents.model import LeadId, SearchCriteria
from ingagents.ports import Transaction, UnitOfWork
from tests.communication.handling import Handler, handle_all, publish, request
from tests.factories import MONDAY
from tests.support import Office

pytestmark = pytest.mark.usefixtures("database")


class Reads:
    """How often the journal was asked for a page that may hold something."""

    def __init__(self) -> None:
        self.count = 0

    def since_last(self) -> int:
        count, self.count = self.count, 0
        return count


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> Reads:
    counted, read = Reads(), inbox._read

    def spy(*asked: Any) -> Any:
        counted.count += 1
        return read(*asked)

    monkeypatch.setattr(inbox, "_read", spy)
    return counted


async def test_an_event_comes_out_as_the_very_object_that_went_in(office: Office) -> None:
    event = SearchRequest(criteria=SearchCriteria(positions=("CTO",)), reason="short")
    seen: list[Event] = []

    async def handle(one: Event) -> UnitOfWork | None:
        seen.append(one)
        return None

    await office.queue.publish("sales_manager", event)
    async with office.queue.session("lead_finder") as session:
        await session.process_messages(handle, agent="lead_finder")
    assert seen[0] is event


async def test_the_journal_is_not_read_while_this_process_alone_publishes(
    office: Office, reads: Reads
) -> None:
    handler = Handler()
    for _ in range(5):
        await publish(office, 200)
        assert await handle_all(office, handler) == 200
    assert handler.seen == list(range(200)) * 5
    assert reads.since_last() == 0


async def test_the_journal_is_read_after_a_start(
    office: Office, other: Office, reads: Reads
) -> None:
    await publish(other, 3)
    handler = Handler()
    assert await handle_all(office, handler) == 3
    assert reads.since_last() > 0
    await publish(office, 2)
    await handle_all(office, handler)
    assert reads.since_last() == 0
    assert handler.seen == [0, 1, 2, 0, 1]


@pytest.mark.parametrize("bound", [0, 1, 7, 127, 128, 129, 299])
async def test_what_overflows_waits_in_the_journal_in_its_order(
    office: Office, reads: Reads, bound: int
) -> None:
    office.queue.queues = RoleQueues(bound)
    await publish(office, 300)
    handler = Handler()
    assert await handle_all(office, handler) == 300
    assert handler.seen == list(range(300))
    assert reads.since_last() > 0


async def test_another_process_s_commit_in_between_is_neither_passed_over_nor_overtaken(
    office: Office, other: Office, reads: Reads
) -> None:
    await office.queue.publish("x", request(0))
    await other.queue.publish("x", request(1), AgentError(agent="x", error=""), request(2))
    await office.queue.publish("x", request(3))
    handler = Handler()
    assert await handle_all(office, handler) == 4
    assert handler.seen == [0, 1, 2, 3]
    assert reads.since_last() > 0


async def test_what_another_process_erased_is_not_handed_over_out_of_memory(
    office: Office, other: Office
) -> None:
    ann = LeadId("ann")
    await office.queue.publish("x", AgentError(agent="x", error="ann said", lead_id=ann))

    def erase(transaction: Transaction) -> None:
        rows = journal.erase(transaction, [ann], without=lambda text: text).rows
        other.queue.append(transaction, "x", LeadErased(by="a human", rows=rows))

    await other.store.write(erase)
    async with office.queue.session("sales_manager") as session:
        assert await session.process_messages(Handler(), agent="sales_manager") == 0


def published(*numbers: int) -> list[Published]:
    return [
        Published(seq=seq, event_id="", agent="", timestamp=MONDAY, event=request(seq))
        for seq in numbers
    ]


def seqs(found: list[Published] | None) -> list[int] | None:
    return None if found is None else [one.seq for one in found]


def test_the_queues_know_nothing_until_the_first_event_and_what_came_since_then() -> None:
    queues = RoleQueues()
    assert queues.get("outreach", after=0, limit=9, head=Head(0, "")) is None
    queues.put(Head(4, "d"), Head(6, "f"), {"outreach": published(5, 6)})
    assert queues.get("outreach", after=3, limit=9, head=Head(6, "f")) is None
    assert seqs(queues.get("outreach", after=4, limit=9, head=Head(6, "f"))) == [5, 6]
    assert seqs(queues.get("outreach", after=5, limit=9, head=Head(6, "f"))) == [6]
    assert seqs(queues.get("lead_finder", after=4, limit=9, head=Head(6, "f"))) == []
    assert queues.get("outreach", after=4, limit=9, head=Head(6, "f")) is None, "let go before"


@pytest.mark.parametrize("head", [Head(7, "g"), Head(5, "e"), Head(6, "another")])
def test_a_journal_that_ends_elsewhere_is_not_believed_to_be_known(head: Head) -> None:
    queues = RoleQueues()
    queues.put(Head(4, "d"), Head(6, "f"), {"outreach": published(5, 6)})
    assert queues.get("outreach", after=4, limit=9, head=head) is None
    queues.put(Head(6, "f"), Head(7, "g"), {"outreach": published(7)})
    assert queues.get("outreach", after=5, limit=9, head=Head(7, "g")) is None
    assert seqs(queues.get("outreach", after=6, limit=9, head=Head(7, "g"))) == [7]
