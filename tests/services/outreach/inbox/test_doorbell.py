"""What webhooks ring for: an early look, however it rings; and without a ring nothing costs more."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from functools import partial
from typing import Any

import anyio
import pytest

from ingagents.app.department import Department
from ingagents.events import InvitationAccepted, ResponseReceived
from ingagents.model import AccountId, Ring, RingKind
from ingagents.sandbox.faults import FaultRule
from ingagents.services.outreach.inbox.doorbell import keep_ring
from ingagents.store.tables import rings
from tests.services.outreach.inbox.test_glance import RARELY, written_to, wrote_at
from tests.store.steps import counted
from tests.world import ACCOUNT, journal_of, lead_of

NEVER: dict[str, Any] = {**RARELY, "outreach": {**RARELY["outreach"], "reply_look_minutes": 10_000}}
"""Whatever is found is found because it rang."""


async def ring(department: Department, kind: RingKind, key: str = "1", **other: Any) -> None:
    rung = Ring(**{"account_id": ACCOUNT, "kind": kind, "key": key, **other})
    await keep_ring(department.context, "unipile", rung)


async def unheard(department: Department) -> set[RingKind]:
    found = await department.store.read(partial(rings.unheard, account_id=AccountId(ACCOUNT)))
    return set(found)


async def test_an_answer_is_known_when_it_rings_and_once(world):
    async with world.at_work(**NEVER) as department:
        (person,) = await written_to(world, department)
        await department.run(until=wrote_at(world, person) + timedelta(minutes=1))
        assert await journal_of(department, ResponseReceived) == []
        for _ in range(3):
            await ring(department, RingKind.MESSAGE)
        await department.run(until=world.now + timedelta(seconds=5))
        assert len(await journal_of(department, ResponseReceived)) == 1
        await department.run(until=world.now + timedelta(hours=1))
        assert len(await journal_of(department, ResponseReceived)) == 1
        assert await unheard(department) == set()


async def test_it_rings_from_another_process(world):
    async with world.at_work(**NEVER) as department, world.department(**NEVER) as page:
        (person,) = await written_to(world, department)
        await department.run(until=wrote_at(world, person) + timedelta(minutes=1))
        await ring(page, RingKind.MESSAGE)
        # Without being told it looks about once a second, which is this long here.
        await department.run(until=world.now + timedelta(seconds=2 * world.clock.pace))
        assert len(await journal_of(department, ResponseReceived)) == 1


async def test_an_answer_that_the_service_shows_late_is_found_by_the_second_look(world):
    async with world.at_work(**NEVER) as department:
        (person,) = await written_to(world, department)
        await department.run(until=wrote_at(world, person))
        world.plan(lag_seconds=40)
        await ring(department, RingKind.MESSAGE)
        await department.run(until=world.now + timedelta(seconds=30))
        assert await journal_of(department, ResponseReceived) == []
        await department.run(until=world.now + timedelta(seconds=60))
        assert len(await journal_of(department, ResponseReceived)) == 1


async def test_a_flood_of_rings_is_a_look_now_and_then(world):
    async with world.at_work(**NEVER) as department:
        await written_to(world, department)
        await department.run(until=world.now + timedelta(hours=3))
        asked = len(world.requests)

        async def flood() -> None:
            for number in range(300):
                for kind in RingKind:
                    await ring(department, kind, str(number))
                await world.clock.sleep_until(world.now + timedelta(seconds=2))

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(flood)
            await department.run(until=world.now + timedelta(minutes=10))
        asked_for = Counter(world.requests[asked:])
        assert 15 <= asked_for["GET /chats"] <= 21
        assert asked_for["GET /users/relations"] == 1
        assert 4 <= asked_for["GET /users/me"] <= 6
        await department.run(until=world.now + timedelta(hours=1))
        assert await unheard(department) == set()


async def test_what_rings_for_nothing_of_ours_costs_its_two_looks_and_no_word(world):
    async with world.at_work(**NEVER) as department:
        await world.allocate(department, *world.silent())
        await department.once("outreach")
        await ring(department, RingKind.MESSAGE, "before")
        await department.run(until=world.now + timedelta(hours=3))
        asked = len(world.requests)
        await ring(department, RingKind.MESSAGE)
        await ring(department, RingKind.MESSAGE, "2", account_id="another-account")
        await department.run(until=world.now + timedelta(hours=1))
        assert world.requests[asked:] == ["GET /chats", "GET /chats"]
        with counted(department.store) as cost:
            await department.run(until=world.now + timedelta(hours=1))
        writes = [one for one in cost.statements if one.startswith(("INSERT", "UPDATE", "DELETE"))]
        assert [one for one in writes if "agents.health" not in one] == []


@pytest.mark.parametrize("dies", [False, True])
async def test_an_acceptance_is_noted_when_it_rings_also_for_nobody(world, dies):
    (person,) = world.welcoming()
    async with world.at_work(**NEVER) as department:
        await world.allocate(department, person)
        await department.once("outreach")
        world.pass_time(hours=1, minutes=1)
        await ring(department, RingKind.ACCEPTANCE)
        if not dies:
            await department.run(until=world.now + timedelta(minutes=1))
    async with world.at_work(**NEVER) as department:
        await department.run(until=world.now + timedelta(minutes=1))
        assert (await lead_of(department, person)).accepted_at is not None
        assert len(await journal_of(department, InvitationAccepted)) == 1


@pytest.mark.parametrize("state", ["CREDENTIALS", "STOPPED", "ERROR", "PERMISSIONS"])
async def test_an_account_in_trouble_is_told_when_it_rings(world, state):
    async with world.at_work(**NEVER) as department:
        await department.run(until=world.now + timedelta(minutes=1))
        await ring(department, RingKind.ACCOUNT, "CONNECTING")
        await department.run(until=world.now + timedelta(minutes=1))
        assert await department.paused() is None
        world.plan(account_status=state)
        await ring(department, RingKind.ACCOUNT, state)
        await department.run(until=world.now + timedelta(minutes=3))
        paused = await department.paused()
        assert paused is not None
        assert state in paused["reason"]
        assert len(world.mail.taken) == 1, [one.subject for one in world.mail.taken]


async def test_a_service_that_does_not_answer_is_left_alone_however_it_rings(world):
    async with world.at_work(**NEVER) as department:
        (person,) = await written_to(world, department)
        await department.run(until=wrote_at(world, person) + timedelta(minutes=1))
        world.plan(FaultRule(kind="500", on="GET /chats", probability=1.0))
        asked = len(world.requests)
        for number in range(100):
            await ring(department, RingKind.MESSAGE, str(number))
            await department.run(until=world.now + timedelta(seconds=10))
        assert world.requests[asked:].count("GET /chats") <= 2 * 2  # each repeated once
        assert await unheard(department) == {RingKind.MESSAGE}
