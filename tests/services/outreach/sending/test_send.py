"""Rules beside the writing itself: which account can act, and what counts as used quota."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from datetime import timedelta
from pathlib import Path

import pytest

from ingagents.agents.outreach_agent import OutreachAgent
from ingagents.errors import AccountBlocked, TryLater
from ingagents.model import AccountId, AccountState, DeliveryKind, DeliveryState
from ingagents.services.outreach.account import in_order, usage_of
from ingagents.services.outreach.sending.send_outcomes import give_up, taken_for_lost
from ingagents.store.engine.group_commit import ThreadedStore
from ingagents.store.tables import deliveries
from ingagents.store.tables import holds as limits
from tests.factories import a_delivery
from tests.support import Office, jumping_clock, open_office
from tests.world import World, lead_of

ACCOUNT = AccountId("account-1")
OTHER = AccountId("account-2")


@pytest.fixture
async def office(tmp_path: Path) -> AsyncGenerator[Office, None]:
    async with jumping_clock() as clock, open_office(tmp_path, clock) as office:
        yield office


def test_an_account_in_order_is_handed_on():
    account = AccountState(id=ACCOUNT)
    assert in_order(account) is account


@pytest.mark.parametrize(
    ("status", "error"),
    [
        ("CONNECTING", TryLater),
        ("CREDENTIALS", AccountBlocked),
        ("STOPPED", AccountBlocked),
        ("SOMETHING_NEW", AccountBlocked),
    ],
)
def test_an_account_that_cannot_act_is_an_error(status, error):
    with pytest.raises(error, match=status if error is AccountBlocked else "connecting"):
        in_order(AccountState(id=ACCOUNT, status=status))


@pytest.mark.parametrize(
    ("state", "counts"),
    [
        (DeliveryState.CLAIMED, 1),
        (DeliveryState.ATTEMPTED, 1),
        (DeliveryState.SENT, 1),
        (DeliveryState.UNCERTAIN, 1),
        (DeliveryState.REFUSED, 0),
    ],
)
async def test_whatever_may_have_reached_a_person_uses_quota(office, state, counts):
    act = a_delivery(state=state)
    await office.store.write(lambda t: deliveries.claim(t, act))
    now = office.clock.now() + timedelta(hours=1)
    usage = await office.store.read(lambda t: usage_of(t, ACCOUNT, now=now))
    assert len(usage.acts) == counts
    other = await office.store.read(lambda t: usage_of(t, OTHER, now=now))
    assert other.acts == []


async def test_an_act_that_looks_took_for_not_sent_keeps_its_quota_for_a_week(office):
    """Looks can be wrong; only a definite refusal gives quota back."""
    act = a_delivery(state=DeliveryState.UNCERTAIN)
    await office.store.write(lambda t: deliveries.claim(t, act))
    await office.store.write(lambda t: give_up(office.context, t, act, "no trace"))
    found = await office.store.read(lambda t: taken_for_lost(t, act.recipient, act.step))
    assert found is not None
    assert found.state is DeliveryState.LOST
    now = office.clock.now()
    usage = await office.store.read(lambda t: usage_of(t, ACCOUNT, now=now))
    assert [one.at for one in usage.acts] == [act.claimed_at]
    other = await office.store.read(lambda t: usage_of(t, OTHER, now=now))
    assert other.acts == []


@pytest.mark.parametrize(
    ("hold", "kind", "holds"),
    [
        ("gap", None, 1),
        ("account", None, 1),
        ("invitation", None, 0),
        ("invitation", DeliveryKind.INVITATION, 1),
        ("invitation", DeliveryKind.MESSAGE, 0),
        ("message", DeliveryKind.MESSAGE, 1),
    ],
)
async def test_a_hold_on_one_kind_of_act_leaves_the_other_kind_free(office, hold, kind, holds):
    now = office.clock.now()
    until = now + timedelta(hours=1)
    await office.store.write(
        lambda t: limits.hold(t, ACCOUNT, hold, until=until, reason="the service said so")
    )
    usage = await office.store.read(lambda t: usage_of(t, ACCOUNT, now=now).concerning(kind))
    assert len(usage.holds) == holds


async def test_an_outward_send_costs_two_commits(tmp_path):
    """The claim before the request and the outcome after it; each is one flush of the log."""
    world = World(tmp_path)
    world.go_to(0, 9, 30)
    people = world.silent(2)
    async with world.at_work() as department:
        await world.allocate(department, *people)
        await department.once("outreach")
        agent = department.agents["outreach"]
        assert isinstance(agent, OutreachAgent)
        store = department.store
        assert isinstance(store, ThreadedStore)
        world.pass_time(minutes=20)
        lead = await lead_of(department, people[1])
        account = await agent.desks[0].account.account()
        async with department.queue.session("outreach") as session:
            before = store.commits
            contacted = await agent.send_message(lead, account, session)
            assert contacted.kind == "sent"
            assert store.commits - before == 2
