"""A role is in one pair of hands: leases, fences, and what comes out of the work under them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import anyio
import pytest

from ingagents.communication.message_queue import LEASE_SECONDS
from ingagents.communication.role_session import RoleSession
from ingagents.errors import (
    BusyElsewhere,
    LeaseLost,
    StoreFull,
    StoreLocked,
    TryLater,
    explain,
    root_of,
)
from ingagents.events import Event
from ingagents.ports import Transaction, UnitOfWork
from ingagents.store.tables import key_value, leases
from tests.communication.handling import Handler, counts, effects, handle_all, publish
from tests.factories import MONDAY
from tests.support import Office

pytestmark = pytest.mark.usefixtures("database")

SECOND = timedelta(seconds=1)


async def test_a_role_is_in_one_process_at_a_time(office: Office, other: Office) -> None:
    async with office.queue.session("outreach"):
        with pytest.raises(BusyElsewhere):
            async with other.queue.session("outreach"):
                pytest.fail("two at once")
        async with other.queue.session("lead_finder"):
            pass
    async with other.queue.session("outreach") as session:
        assert session.role == "outreach"


async def test_who_is_patient_gets_the_role_when_it_is_free(office: Office, other: Office) -> None:
    async with anyio.create_task_group() as tasks, office.queue.session("outreach"):

        async def wait() -> None:
            async with other.queue.session("outreach", patience_seconds=10):
                taken.append(office.clock.now())

        taken: list[object] = []
        tasks.start_soon(wait)
        await office.clock.sleep_until(MONDAY + 5 * SECOND)
        assert taken == []
    (at,) = taken
    assert at == office.clock.now()
    assert office.clock.now() >= MONDAY + 5 * SECOND


async def test_patience_has_an_end(office: Office, other: Office) -> None:
    async with office.queue.session("outreach"):
        with pytest.raises(BusyElsewhere):
            async with other.queue.session("outreach", patience_seconds=10):
                pytest.fail("two at once")
    assert timedelta(seconds=10) <= office.clock.now() - MONDAY < timedelta(seconds=12)


async def test_two_tasks_of_one_process_take_turns(office: Office) -> None:
    inside: list[str] = []

    async def work(name: str) -> None:
        async with office.queue.session("outreach"):
            inside.append(name)
            await office.clock.sleep_until(office.clock.now() + SECOND)
            inside.append(name)

    async with anyio.create_task_group() as tasks:
        for name in "abc":
            tasks.start_soon(work, name)
    assert inside == ["a", "a", "b", "b", "c", "c"]


async def test_long_work_keeps_its_role(office: Office, other: Office) -> None:
    async with office.queue.session("outreach") as session:
        for _ in range(5):
            await office.clock.sleep_until(
                office.clock.now() + timedelta(seconds=LEASE_SECONDS * 0.9)
            )
            with pytest.raises(BusyElsewhere):
                async with other.queue.session("outreach"):
                    pytest.fail("two at once")
        await session.commit(lambda _: None)


async def test_a_holder_that_slept_too_long_writes_nothing_any_more(
    office: Office, other: Office
) -> None:
    """The machine was suspended: no task of ours ran, and another process took over."""
    await publish(office, 3)
    handler = Handler()

    async def sleep_and_handle(event: Event) -> UnitOfWork | None:
        office.clock.set(office.clock.now() + timedelta(seconds=3 * LEASE_SECONDS))  # type: ignore[attr-defined]
        await handle_all(other, handler)
        return await handler(event)

    with pytest.raises(LeaseLost):
        async with office.queue.session("lead_finder") as session:
            await session.process_messages(sleep_and_handle, agent="lead_finder")
    assert handler.seen == [0, 1, 2, 0], "both handled the first one ..."
    assert await effects(office) == {"done:0": 1, "done:1": 1, "done:2": 1}, "... one wrote"
    assert await counts(office) == {}


async def test_an_old_holder_is_fenced_also_when_the_new_one_is_done(
    office: Office, other: Office
) -> None:
    async with office.queue.session("outreach") as first:
        office.clock.set(office.clock.now() + timedelta(seconds=3 * LEASE_SECONDS))  # type: ignore[attr-defined]
        async with other.queue.session("outreach") as second:
            assert second.epoch == first.epoch + 1
        with pytest.raises(LeaseLost):
            await first.commit(lambda t: key_value.note(t, "x", 1, at=MONDAY))
    assert await office.store.read(lambda t: key_value.noted(t, "x")) is None
    async with office.queue.session("outreach") as third:
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
        async with office.queue.session("outreach"):
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
    commit = RoleSession.commit

    async def locked_once(self: RoleSession, work):
        nonlocal calls
        calls += 1
        if calls == 1:
            raise StoreLocked("for a moment")
        return await commit(self, work)

    monkeypatch.setattr(RoleSession, "commit", locked_once)
    async with office.queue.session("outreach"):
        await office.clock.sleep_until(MONDAY + timedelta(seconds=LEASE_SECONDS * 0.8))
    assert calls >= 2


# ---- errors come out as they are ----


@pytest.mark.parametrize(
    "error",
    [TryLater("x"), ValueError("x"), BusyElsewhere("x"), LeaseLost("x"), TimeoutError("x")],
)
async def test_what_a_block_raises_comes_out_as_it_is(office: Office, error: Exception) -> None:
    with pytest.raises(type(error)) as caught:
        async with office.queue.session("outreach"):
            raise error
    assert caught.value is error
    assert await office.store.read(leases.holders) == {}


async def test_several_errors_of_a_block_stay_a_group(office: Office) -> None:
    with pytest.raises(ExceptionGroup) as caught:
        async with office.queue.session("outreach"):
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
            async with office.queue.session("outreach"):
                raise ValueError("mine")
    patience = 2 * LEASE_SECONDS
    async with other.queue.session("outreach", patience_seconds=patience):
        assert office.clock.now() - MONDAY >= timedelta(seconds=LEASE_SECONDS)
