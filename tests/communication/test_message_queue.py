"""The queue: a wakeup in memory, the truth in the journal."""

from __future__ import annotations

from datetime import timedelta

import anyio
import msgspec
import pytest

from ingagents.commands import LeadAllocation, SearchRequest
from ingagents.communication import inbox, journal, journal_audit
from ingagents.communication.inbox import MAX_ATTEMPTS
from ingagents.communication.wakeups import sleep_unless
from ingagents.errors import StoreError, StoreFull, StoreLocked, TryLater
from ingagents.events import AgentError, Event
from ingagents.integrations.clock import JumpingClock
from ingagents.model import LeadId
from ingagents.ports import Transaction, UnitOfWork
from ingagents.store.engine.group_commit import NoTurn
from ingagents.store.tables import key_value, leases
from tests.communication.handling import Handler, counts, effects, handle_all, publish, request
from tests.factories import MONDAY
from tests.support import Office

pytestmark = pytest.mark.usefixtures("database")

SECOND = timedelta(seconds=1)


# ---- wakeups ----


async def something_waits(office: Office) -> bool:
    office.queue.clear("lead_finder")
    return await office.store.read(lambda t: office.queue.something_waits(t, "lead_finder"))


async def test_who_waits_is_woken_once_the_event_is_committed(office: Office) -> None:
    began = office.clock.now()
    async with anyio.create_task_group() as tasks:
        far = began + timedelta(days=1)
        tasks.start_soon(lambda: office.queue.wait("lead_finder", until=far))
        await publish(office, 1)
    assert office.clock.now() == began, "woken, not timed out"
    assert await something_waits(office)


async def test_a_wakeup_before_the_wait_is_not_missed(office: Office) -> None:
    began = office.clock.now()
    await something_waits(office)
    await publish(office, 1)
    await office.queue.wait("lead_finder", until=began + timedelta(days=1))
    assert office.clock.now() == began


async def test_a_wait_ends_at_its_moment(office: Office) -> None:
    until = office.clock.now() + 0.3 * SECOND
    await office.queue.wait("outreach", until=until)
    assert office.clock.now() == until


async def test_events_of_another_process_are_noticed_within_two_seconds(
    office: Office, other: Office
) -> None:
    began = office.clock.now()
    await publish(other, 1)
    while not await something_waits(office):
        await office.queue.wait("lead_finder", until=began + timedelta(days=1))
    assert office.clock.now() - began <= 2 * SECOND


async def test_a_sleep_ends_early_when_its_event_is_set(clock: JumpingClock) -> None:
    event = anyio.Event()
    event.set()
    await sleep_unless(event, clock=clock, until=MONDAY + timedelta(days=1))
    assert clock.now() == MONDAY
    await sleep_unless(anyio.Event(), clock=clock, until=MONDAY + SECOND)
    assert clock.now() == MONDAY + SECOND


# ---- publishing ----


async def test_what_many_publish_at_once_is_one_unit_of_work_in_their_order(office: Office) -> None:
    units = office.store.units
    async with anyio.create_task_group() as tasks:
        for number in range(200):
            tasks.start_soon(office.queue.publish, f"agent {number // 70}", request(number))
    assert office.store.units - units < 20
    handler = Handler()
    assert await handle_all(office, handler) == 200
    assert handler.seen == list(range(200))
    assert await office.store.read(journal_audit.verify) == ()


async def test_whose_event_cannot_be_written_hears_it_and_nobody_else(office: Office) -> None:
    heard: list[str] = []

    async def publish_one(reason: str) -> None:
        try:
            await office.queue.publish("sales_manager", SearchRequest(reason=reason))
        except UnicodeEncodeError:
            heard.append(reason)

    async with anyio.create_task_group() as tasks:
        for reason in ("one", "no character: \ud800", "two"):
            tasks.start_soon(publish_one, reason)
    assert heard == ["no character: \ud800"]
    events = await office.store.read(journal.entries)
    assert [msgspec.json.decode(event.data)["reason"] for event in events] == ["one", "two"]


async def test_whoever_publishes_while_the_turn_is_not_to_be_had_hears_it(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_turn(works: object) -> None:
        raise NoTurn(StoreLocked("somebody has it", "wait"))

    with monkeypatch.context() as patched:
        patched.setattr(office.store, "_commit_together", no_turn)
        async with anyio.create_task_group() as tasks:
            for _ in range(3):
                tasks.start_soon(_refused, office)
    await publish(office, 1)
    assert [event.seq for event in await office.store.read(journal.entries)] == [1]


async def _refused(office: Office) -> None:
    with pytest.raises(StoreLocked):
        await publish(office, 1)


async def test_nobody_publishes_into_a_closed_store(office: Office) -> None:
    await office.store.close()
    for _ in range(2):
        with pytest.raises(StoreError, match="closed"):
            await publish(office, 1)


# ---- handling ----


async def test_events_are_handled_in_order_and_their_effect_happens_once(office: Office) -> None:
    await publish(office, 200)
    handler = Handler()
    assert await handle_all(office, handler) == 200
    assert handler.seen == list(range(200))
    assert set((await effects(office)).values()) == {1}
    assert await counts(office) == {}
    assert await handle_all(office, handler) == 0


async def test_at_most_so_many_are_handled(office: Office) -> None:
    await publish(office, 10)
    handler = Handler()
    assert await handle_all(office, handler, most=3) == 3
    assert handler.seen == [0, 1, 2]
    assert (await counts(office))["lead_finder"] == {"waiting": 7}


async def test_the_effect_and_the_acknowledgement_are_one_commit(office: Office) -> None:
    await publish(office, 1)

    async def handle(event: Event) -> UnitOfWork:
        def work(transaction: Transaction) -> None:
            key_value.note(transaction, "done:0", 1, at=MONDAY)
            raise ValueError("after the change")

        return work

    async with office.queue.session("lead_finder") as session:
        await session.process_messages(handle, agent="lead_finder")
    assert await effects(office) == {}
    assert (await counts(office))["lead_finder"] == {"waiting": 1}


async def test_a_failing_event_backs_off_is_reported_and_dies_while_the_rest_goes_on(
    office: Office,
) -> None:
    await publish(office, 3)
    handler = Handler()
    handler.fails[1] = TypeError("broken")
    for _ in range(MAX_ATTEMPTS + 2):
        await handle_all(office, handler)
        await office.clock.sleep_until(office.clock.now() + timedelta(minutes=5))
    assert handler.seen == [0, 1, 2, *[1] * (MAX_ATTEMPTS - 1)]
    assert await effects(office) == {"done:0": 1, "done:2": 1}
    (letter,) = await office.store.read(inbox.dead_letters)
    assert (letter.seq, letter.attempts) == (2, MAX_ATTEMPTS)
    assert letter.error.startswith("TypeError: broken\n")
    assert "in __call__" in letter.error, "where it broke is kept"
    entries = await office.store.read(journal.entries)
    assert [entry.type for entry in entries].count("agent_error") == MAX_ATTEMPTS


async def test_a_failure_names_the_lead_when_it_is_about_one(office: Office) -> None:
    await office.queue.publish("x", LeadAllocation(lead_ids=(LeadId("lead-1"),)))

    async def handle(event: Event) -> None:
        raise TryLater("the service is down", retry_after_seconds=90)

    async with office.queue.session("outreach") as session:
        await session.process_messages(handle, agent="outreach")
    entries = await office.store.read(lambda t: journal.entries(t, lead_id="lead-1"))
    assert [entry.type for entry in entries] == ["agent_error"]
    assert "service-unavailable: the service is down" in entries[0].data
    retry = await office.store.read(lambda t: inbox.next_retry(t, "outreach"))
    assert retry == office.clock.now() + timedelta(seconds=90)


async def test_a_failing_error_report_makes_no_further_reports(office: Office) -> None:
    await office.queue.publish("x", AgentError(agent="outreach", error="x"))

    async def handle(event: Event) -> None:
        raise ValueError("again")

    async with office.queue.session("sales_manager") as session:
        assert await session.process_messages(handle, agent="sales_manager") == 1
    assert len(await office.store.read(journal.entries)) == 1


async def test_an_error_out_of_a_handlers_task_group_is_named_itself(office: Office) -> None:
    await publish(office, 1)

    async def handle(event: Event) -> None:
        async with anyio.create_task_group():
            raise TryLater("the service is down")

    async with office.queue.session("lead_finder") as session:
        await session.process_messages(handle, agent="lead_finder")
    (entry,) = [e for e in await office.store.read(journal.entries) if e.type == "agent_error"]
    assert "TaskGroup" not in entry.data
    assert "the service is down" in entry.data


@pytest.mark.parametrize("error", [StoreFull("full"), StoreLocked("locked")])
async def test_a_database_in_trouble_is_not_counted_against_the_event(
    office: Office, error: Exception
) -> None:
    await publish(office, 3)
    handler = Handler()
    handler.fails[1] = error
    with pytest.raises(type(error)):
        await handle_all(office, handler)
    rows = await office.store.read(lambda t: t.rows("SELECT seq, attempts FROM inbox"))
    assert rows == [(2, 0), (3, 0)]


async def test_work_that_is_cut_short_gives_its_events_back(office: Office) -> None:
    await publish(office, 3)
    begun = anyio.Event()

    async def handle(event: Event) -> None:
        if getattr(event, "wanted", 0):
            begun.set()
            await anyio.sleep_forever()

    async with anyio.create_task_group() as tasks:

        async def work() -> None:
            async with office.queue.session("lead_finder") as session:
                await session.process_messages(handle, agent="lead_finder")

        tasks.start_soon(work)
        await begun.wait()
        tasks.cancel_scope.cancel()
    rows = await office.store.read(lambda t: t.rows("SELECT seq, attempts FROM inbox"))
    assert rows == [(2, 0), (3, 0)]
    assert await office.store.read(leases.holders) == {}, "and the role is free"
