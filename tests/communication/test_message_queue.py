"""The queue: a bell in memory, the truth in the journal, a role in one pair of hands."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path

import anyio
import pytest

from ingagents.communication import inbox, journal
from ingagents.communication.inbox import MAX_ATTEMPTS
from ingagents.communication.message_queue import (
    LEASE_SECONDS,
    Work,
    Working,
    explain,
    root_of,
    sleep_unless,
)
from ingagents.errors import BusyElsewhere, LeaseLost, StoreFull, StoreLocked, TryLater
from ingagents.events import AgentError, Event, LeadAllocation, SearchRequest
from ingagents.integrations.clock import JumpingClock
from ingagents.model import LeadId
from ingagents.ports import Transaction
from ingagents.store import leases, notes
from tests.factories import MONDAY
from tests.support import Office, jumping_clock, open_office

pytestmark = pytest.mark.usefixtures("database")

SECOND = timedelta(seconds=1)


@pytest.fixture
async def clock() -> AsyncIterator[JumpingClock]:
    async with jumping_clock(pace=1.0) as running:
        yield running


@pytest.fixture
async def office(tmp_path: Path, clock: JumpingClock) -> AsyncIterator[Office]:
    async with open_office(tmp_path, clock, holder="here") as opened:
        yield opened


@pytest.fixture
async def other(tmp_path: Path, clock: JumpingClock) -> AsyncIterator[Office]:
    """The same department as another process sees it."""
    async with open_office(tmp_path, clock, holder="there") as opened:
        yield opened


def request(number: int) -> SearchRequest:
    return SearchRequest(wanted=number)


async def publish(office: Office, count: int) -> None:
    await office.queue.publish("sales_manager", *(request(number) for number in range(count)))


class Handler:
    """Notes each event it handles, in the commit that acknowledges it."""

    def __init__(self) -> None:
        self.seen: list[int] = []
        self.fails: dict[int, Exception] = {}

    async def __call__(self, event: Event) -> Work | None:
        number = getattr(event, "wanted", -1)
        self.seen.append(number)
        if number in self.fails:
            raise self.fails[number]

        def work(transaction: Transaction) -> None:
            name = f"done:{number}"
            count = notes.noted(transaction, name) or 0
            notes.note(transaction, name, count + 1, at=MONDAY)

        return work


async def handle_all(office: Office, handler: Handler, *, most: int = 1000) -> int:
    async with office.queue.working("lead_finder") as working:
        return await working.process_messages(handler, agent="lead_finder", most=most)


async def effects(office: Office) -> dict[str, int]:
    rows = await office.store.read(
        lambda t: t.rows("SELECT name, value FROM notes WHERE name LIKE 'done:%'")
    )
    return {name: int(value) for name, value in rows}


async def counts(office: Office) -> dict[str, dict[str, int]]:
    return await office.store.read(inbox.counts)


# ---- bells ----


async def test_who_waits_is_rung_once_the_event_is_committed(office: Office) -> None:
    began = office.clock.now()
    async with anyio.create_task_group() as tasks:
        far = began + timedelta(days=1)
        tasks.start_soon(lambda: office.queue.wait("lead_finder", until=far))
        await publish(office, 1)
    assert office.clock.now() == began, "rung, not timed out"
    assert await office.queue.something_waits("lead_finder")


async def test_a_bell_rung_before_the_wait_is_not_missed(office: Office) -> None:
    began = office.clock.now()
    await office.queue.something_waits("lead_finder")
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
    while not await office.queue.something_waits("lead_finder"):
        await office.queue.wait("lead_finder", until=began + timedelta(days=1))
    assert office.clock.now() - began <= 2 * SECOND


async def test_a_sleep_ends_early_when_its_event_is_set(clock: JumpingClock) -> None:
    event = anyio.Event()
    event.set()
    await sleep_unless(event, clock=clock, until=MONDAY + timedelta(days=1))
    assert clock.now() == MONDAY
    await sleep_unless(anyio.Event(), clock=clock, until=MONDAY + SECOND)
    assert clock.now() == MONDAY + SECOND


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

    async def handle(event: Event) -> Work:
        def work(transaction: Transaction) -> None:
            notes.note(transaction, "done:0", 1, at=MONDAY)
            raise ValueError("after the change")

        return work

    async with office.queue.working("lead_finder") as working:
        await working.process_messages(handle, agent="lead_finder")
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

    async with office.queue.working("outreach") as working:
        await working.process_messages(handle, agent="outreach")
    entries = await office.store.read(lambda t: journal.entries(t, lead_id="lead-1"))
    assert [entry.type for entry in entries] == ["agent_error"]
    assert "service-unavailable: the service is down" in entries[0].data
    retry = await office.queue.next_retry("outreach")
    assert retry == office.clock.now() + timedelta(seconds=90)


async def test_a_failing_error_report_makes_no_further_reports(office: Office) -> None:
    await office.queue.publish("x", AgentError(agent="outreach", error="x"))

    async def handle(event: Event) -> None:
        raise ValueError("again")

    async with office.queue.working("sales_manager") as working:
        assert await working.process_messages(handle, agent="sales_manager") == 1
    assert len(await office.store.read(journal.entries)) == 1


async def test_an_error_out_of_a_handlers_task_group_is_named_itself(office: Office) -> None:
    await publish(office, 1)

    async def handle(event: Event) -> None:
        async with anyio.create_task_group():
            raise TryLater("the service is down")

    async with office.queue.working("lead_finder") as working:
        await working.process_messages(handle, agent="lead_finder")
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
            async with office.queue.working("lead_finder") as working:
                await working.process_messages(handle, agent="lead_finder")

        tasks.start_soon(work)
        await begun.wait()
        tasks.cancel_scope.cancel()
    rows = await office.store.read(lambda t: t.rows("SELECT seq, attempts FROM inbox"))
    assert rows == [(2, 0), (3, 0)]
    assert await office.store.read(leases.holders) == {}, "and the role is free"


# ---- leases ----


async def test_a_role_is_in_one_process_at_a_time(office: Office, other: Office) -> None:
    async with office.queue.working("outreach"):
        with pytest.raises(BusyElsewhere):
            async with other.queue.working("outreach"):
                pytest.fail("two at once")
        async with other.queue.working("lead_finder"):
            pass
    async with other.queue.working("outreach") as working:
        assert working.role == "outreach"


async def test_who_is_patient_gets_the_role_when_it_is_free(office: Office, other: Office) -> None:
    async with anyio.create_task_group() as tasks, office.queue.working("outreach"):

        async def wait() -> None:
            async with other.queue.working("outreach", patience_seconds=10):
                taken.append(office.clock.now())

        taken: list[object] = []
        tasks.start_soon(wait)
        await office.clock.sleep_until(MONDAY + 5 * SECOND)
        assert taken == []
    (at,) = taken
    assert at == office.clock.now()
    assert office.clock.now() >= MONDAY + 5 * SECOND


async def test_patience_has_an_end(office: Office, other: Office) -> None:
    async with office.queue.working("outreach"):
        with pytest.raises(BusyElsewhere):
            async with other.queue.working("outreach", patience_seconds=10):
                pytest.fail("two at once")
    assert timedelta(seconds=10) <= office.clock.now() - MONDAY < timedelta(seconds=12)


async def test_two_tasks_of_one_process_take_turns(office: Office) -> None:
    inside: list[str] = []

    async def work(name: str) -> None:
        async with office.queue.working("outreach"):
            inside.append(name)
            await office.clock.sleep_until(office.clock.now() + SECOND)
            inside.append(name)

    async with anyio.create_task_group() as tasks:
        for name in "abc":
            tasks.start_soon(work, name)
    assert inside == ["a", "a", "b", "b", "c", "c"]


async def test_long_work_keeps_its_role(office: Office, other: Office) -> None:
    async with office.queue.working("outreach") as working:
        for _ in range(5):
            await office.clock.sleep_until(
                office.clock.now() + timedelta(seconds=LEASE_SECONDS * 0.9)
            )
            with pytest.raises(BusyElsewhere):
                async with other.queue.working("outreach"):
                    pytest.fail("two at once")
        await working.commit(lambda _: None)


async def test_a_holder_that_slept_too_long_writes_nothing_any_more(
    office: Office, other: Office
) -> None:
    """The machine was suspended: no task of ours ran, and another process took over."""
    await publish(office, 3)
    handler = Handler()

    async def sleep_and_handle(event: Event) -> Work | None:
        office.clock.set(office.clock.now() + timedelta(seconds=3 * LEASE_SECONDS))  # type: ignore[attr-defined]
        await handle_all(other, handler)
        return await handler(event)

    with pytest.raises(LeaseLost):
        async with office.queue.working("lead_finder") as working:
            await working.process_messages(sleep_and_handle, agent="lead_finder")
    assert handler.seen == [0, 1, 2, 0], "both handled the first one ..."
    assert await effects(office) == {"done:0": 1, "done:1": 1, "done:2": 1}, "... one wrote"
    assert await counts(office) == {}


async def test_an_old_holder_is_fenced_also_when_the_new_one_is_done(
    office: Office, other: Office
) -> None:
    async with office.queue.working("outreach") as first:
        office.clock.set(office.clock.now() + timedelta(seconds=3 * LEASE_SECONDS))  # type: ignore[attr-defined]
        async with other.queue.working("outreach") as second:
            assert second.epoch == first.epoch + 1
        with pytest.raises(LeaseLost):
            await first.commit(lambda t: notes.note(t, "x", 1, at=MONDAY))
    assert await office.store.read(lambda t: notes.noted(t, "x")) is None
    async with office.queue.working("outreach") as third:
        assert third.epoch > second.epoch


async def test_a_lease_is_prolonged_once_a_quarter_of_it_is_over(office: Office) -> None:
    lasts = timedelta(seconds=100)
    lease = await office.store.write(
        lambda t: leases.acquire(t, "outreach", holder="here", now=MONDAY, lasts=lasts)
    )
    assert lease is not None
    ends = []
    for seconds in (24, 26, 50, 52):
        now = MONDAY + timedelta(seconds=seconds)
        await office.store.write(lambda t, now=now: leases.fence(t, lease, now=now, lasts=lasts))  # type: ignore[misc]
        ends.append((await office.store.read(leases.holders))["outreach"][1] - MONDAY)
    assert [end.total_seconds() for end in ends] == [100, 126, 126, 152]


async def test_an_old_grip_is_fenced_also_when_the_role_came_back_to_its_process(
    office: Office, other: Office
) -> None:
    def acquire(holder: str, hours: int) -> Callable[[Transaction], leases.Lease | None]:
        now = MONDAY + timedelta(hours=hours)
        return lambda t: leases.acquire(t, "outreach", holder=holder, now=now, lasts=SECOND)

    first = await office.store.write(acquire("here", 0))
    again = await office.store.write(acquire("here", 0))
    assert first is not None
    assert again == first, "the same grip as long as nobody else had it"
    assert await other.store.write(acquire("there", 0)) is None
    assert await other.store.write(acquire("there", 1))
    back = await office.store.write(acquire("here", 2))
    assert back is not None
    assert back.epoch == first.epoch + 2

    def fence(lease: leases.Lease) -> Callable[[Transaction], None]:
        return lambda t: leases.fence(t, lease, now=MONDAY, lasts=SECOND)

    with pytest.raises(LeaseLost):
        await office.store.write(fence(first))
    await office.store.write(lambda t: leases.release(t, first, now=MONDAY))
    await office.store.write(fence(back))
    assert list(await office.store.read(leases.holders)) == ["outreach"]


async def test_a_lost_role_ends_the_work_with_the_plain_error(
    office: Office, other: Office
) -> None:
    async def work() -> None:
        async with office.queue.working("outreach"):
            await steal(other, "outreach")
            await anyio.sleep_forever()

    with pytest.raises(LeaseLost):
        await work()


async def steal(office: Office, role: str) -> None:
    """Take a role as a process would whose clock runs ahead."""

    def take(transaction: Transaction) -> None:
        ahead = office.clock.now() + timedelta(days=1)
        assert leases.acquire(transaction, role, holder="thief", now=ahead, lasts=SECOND)

    await office.store.write(take)


async def test_a_lease_survives_a_database_that_is_locked_for_a_moment(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = 0
    commit = Working.commit

    async def locked_once(self: Working, work):
        nonlocal calls
        calls += 1
        if calls == 1:
            raise StoreLocked("for a moment")
        return await commit(self, work)

    monkeypatch.setattr(Working, "commit", locked_once)
    async with office.queue.working("outreach"):
        await office.clock.sleep_until(MONDAY + timedelta(seconds=LEASE_SECONDS * 0.8))
    assert calls >= 2


# ---- errors come out as they are ----


@pytest.mark.parametrize(
    "error",
    [TryLater("x"), ValueError("x"), BusyElsewhere("x"), LeaseLost("x"), TimeoutError("x")],
)
async def test_what_a_block_raises_comes_out_as_it_is(office: Office, error: Exception) -> None:
    with pytest.raises(type(error)) as caught:
        async with office.queue.working("outreach"):
            raise error
    assert caught.value is error
    assert await office.store.read(leases.holders) == {}


async def test_several_errors_of_a_block_stay_a_group(office: Office) -> None:
    with pytest.raises(ExceptionGroup) as caught:
        async with office.queue.working("outreach"):
            raise ExceptionGroup("two", [ValueError("a"), TypeError("b")])
    assert len(caught.value.exceptions) == 2


def test_an_error_is_explained_by_what_really_happened() -> None:
    inner = TryLater("the service is down", "try again")
    group = ExceptionGroup("a", [ExceptionGroup("b", [inner])])
    assert root_of(group) is inner
    assert explain(group) == "service-unavailable: the service is down; try again"
    assert explain(ValueError("x")) == "ValueError: x"


async def test_a_role_that_cannot_be_given_back_runs_out(
    office: Office, other: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(transaction: Transaction, lease: leases.Lease, **how: object) -> None:
        raise StoreFull("no room")

    with monkeypatch.context() as patch:
        patch.setattr(leases, "release", broken)
        with pytest.raises(ValueError, match="mine"):
            async with office.queue.working("outreach"):
                raise ValueError("mine")
    patience = 2 * LEASE_SECONDS
    async with other.queue.working("outreach", patience_seconds=patience):
        assert office.clock.now() - MONDAY >= timedelta(seconds=LEASE_SECONDS)
