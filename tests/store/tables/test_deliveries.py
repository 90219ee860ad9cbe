"""Outward acts in the database: one live act per person, account and step, whoever tries."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from ingagents.core.rate_limiter import Act, Hold
from ingagents.model import AccountId, CampaignId, DeliveryKind, DeliveryState, Look, Step, StepKind
from ingagents.ports import Transaction
from ingagents.store.engine.group_commit import ThreadedStore
from ingagents.store.tables import deliveries, holds, replies
from ingagents.store.tables.deliveries import claim, settle
from ingagents.store.tables.leads import insert
from tests.factories import MONDAY, a_delivery, a_lead, a_reply, an_analysis, an_effect
from tests.support import open_test_store

pytestmark = pytest.mark.usefixtures("database")

HOUR = timedelta(hours=1)
ACCOUNT = AccountId("account-1")
LOOK = Look(at=MONDAY, found=False, evidence="nothing in the chat")


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[ThreadedStore]:
    async with open_test_store(tmp_path) as opened:
        yield opened


@pytest.mark.parametrize(
    "delivery",
    [
        a_delivery(),
        a_delivery(
            state=DeliveryState.ATTEMPTED,
            attempted_at=MONDAY,
            approved_by="kim",
            chat_id="c",
            text="'; --\n\U0001f600",
            looks=(LOOK,),
        ),
    ],
    ids=["claimed", "attempted"],
)
async def test_an_act_comes_back_as_it_was(store: ThreadedStore, delivery) -> None:
    assert await store.write(lambda t: claim(t, delivery))
    assert await store.read(lambda t: deliveries.find(t, delivery.id)) == delivery
    assert await store.read(lambda t: deliveries.of_recipient(t, delivery.recipient)) == [delivery]


async def test_the_same_step_is_claimed_once_whoever_tries(store: ThreadedStore, tmp_path) -> None:
    async with open_test_store(tmp_path) as other:
        answers = await asyncio.gather(
            *(
                (store if number % 2 else other).write(
                    partial(claim, delivery=a_delivery(1, id=f"{kind}{number}", kind=kind))
                )
                for number in range(20)
                for kind in (DeliveryKind.INVITATION, DeliveryKind.MESSAGE)
            )
        )
    assert answers.count(True) == 1


@pytest.mark.parametrize(
    ("state", "again", "counts"),
    [
        (DeliveryState.CLAIMED, False, True),
        (DeliveryState.ATTEMPTED, False, True),
        (DeliveryState.SENT, False, True),
        (DeliveryState.UNCERTAIN, False, True),
        (DeliveryState.LOST, True, True),
        (DeliveryState.REFUSED, True, False),
    ],
)
async def test_only_a_refusal_gives_the_quota_back_and_what_is_lost_the_step_alone(
    store: ThreadedStore, state: DeliveryState, again: bool, counts: bool
) -> None:
    await store.write(lambda t: claim(t, a_delivery(1, state=state)))
    used = await store.read(lambda t: deliveries.claimed_since(t, ACCOUNT, MONDAY))
    assert used == ([Act(MONDAY)] if counts else [])
    assert await store.write(lambda t: claim(t, a_delivery(1, id="second"))) is again


async def test_another_campaign_step_or_person_is_another_act_and_another_account_is_not(
    store: ThreadedStore,
) -> None:
    others = {
        "first": a_delivery(1),
        "another account": a_delivery(1, id="a", account_id=AccountId("account-2")),
        "step": a_delivery(1, id="b", step=Step(StepKind.REPLY, "1")),
        "campaign": a_delivery(1, id="c", campaign=CampaignId("spring")),
        "person": a_delivery(2),
    }
    taken = [
        name for name, one in others.items() if await store.write(partial(claim, delivery=one))
    ]
    assert taken == ["first", "step", "campaign", "person"]


@pytest.mark.parametrize(
    ("first", "second", "stands"),
    [
        (DeliveryState.SENT, DeliveryState.REFUSED, DeliveryState.SENT),
        (DeliveryState.REFUSED, DeliveryState.SENT, DeliveryState.REFUSED),
        (DeliveryState.SENT, DeliveryState.SENT, DeliveryState.SENT),
    ],
)
async def test_sent_and_refused_are_final(
    store: ThreadedStore, first: DeliveryState, second: DeliveryState, stands: DeliveryState
) -> None:
    await store.write(lambda t: claim(t, a_delivery()))
    assert await store.write(lambda t: settle(t, a_delivery().id, first, now=MONDAY))
    assert not await store.write(lambda t: settle(t, a_delivery().id, second, now=MONDAY + HOUR))
    assert not await store.write(lambda t: deliveries.doubt(t, a_delivery().id, detail="late"))
    found = await store.read(lambda t: deliveries.find(t, a_delivery().id))
    assert found is not None
    assert (found.state, found.settled_at) == (stands, MONDAY)


async def test_a_doubt_gathers_looks_and_is_settled_later(store: ThreadedStore) -> None:
    act = a_delivery()
    await store.write(lambda t: claim(t, act))
    await store.write(lambda t: deliveries.doubt(t, act.id, detail="timed out"))
    await store.write(lambda t: deliveries.doubt(t, act.id, detail="timed out", looks=(LOOK,)))
    await store.write(lambda t: deliveries.doubt(t, act.id, detail="process died"))
    (found,) = await store.read(lambda t: deliveries.doubtful(t, kinds=[DeliveryKind.INVITATION]))
    assert (found.looks, found.detail) == ((LOOK,), "process died"), "looks are never forgotten"
    assert await store.write(lambda t: settle(t, act.id, DeliveryState.SENT, now=MONDAY))


async def test_open_and_doubtful_acts_are_found_by_kind(store: ThreadedStore) -> None:
    acts = [
        a_delivery(1),
        a_delivery(2, state=DeliveryState.ATTEMPTED, claimed_at=MONDAY - HOUR),
        a_delivery(3, state=DeliveryState.UNCERTAIN),
        a_delivery(4, state=DeliveryState.SENT),
        a_delivery(5, kind=DeliveryKind.REPORT, recipient="team"),
    ]
    for act in acts:
        await store.write(partial(claim, delivery=act))
    people = [DeliveryKind.INVITATION, DeliveryKind.MESSAGE]
    opened = await store.read(lambda t: deliveries.open_attempts(t, kinds=people))
    assert [act.id[-1] for act in opened] == ["2", "1"]
    doubtful = await store.read(lambda t: deliveries.doubtful(t, kinds=iter(people)))
    assert [act.id[-1] for act in doubtful] == ["3"]
    counts = await store.read(deliveries.counts)
    assert counts == {"claimed": 1, "attempted": 1, "uncertain": 1, "sent": 1}
    assert await store.read(deliveries.first_claim) == MONDAY - HOUR


async def test_quota_counts_acts_towards_people_from_a_moment_on(store: ThreadedStore) -> None:
    acts = [
        a_delivery(1, claimed_at=MONDAY - timedelta(microseconds=1)),
        a_delivery(2),
        a_delivery(3, claimed_at=MONDAY + HOUR, state=DeliveryState.UNCERTAIN),
        a_delivery(4, kind=DeliveryKind.ALERT, recipient="team"),
        a_delivery(5, account_id=AccountId("account-2")),
    ]
    for act in acts:
        await store.write(partial(claim, delivery=act))
    used = await store.read(lambda t: deliveries.claimed_since(t, ACCOUNT, MONDAY))
    assert [act.at for act in used] == [MONDAY, MONDAY + HOUR]


async def test_nothing_was_claimed_in_an_empty_database(store: ThreadedStore) -> None:
    assert await store.read(deliveries.first_claim) is None
    assert await store.read(lambda t: deliveries.find(t, "x")) is None


async def test_a_hold_only_grows_until_it_is_lifted(store: ThreadedStore) -> None:
    async def hold(hours: int) -> None:
        await store.write(
            lambda t: holds.hold(
                t, ACCOUNT, "gap", until=MONDAY + hours * HOUR, reason=f"{hours} h"
            )
        )

    for hours in (2, 1):
        await hold(hours)
    (found,) = await store.read(lambda t: holds.holds(t, ACCOUNT))
    assert found == Hold(MONDAY + 2 * HOUR, "2 h", "gap")
    assert await store.read(lambda t: holds.holds(t, AccountId("account-2"))) == ()
    assert await store.write(lambda t: holds.lift(t, ACCOUNT, "gap"))
    assert not await store.write(lambda t: holds.lift(t, ACCOUNT, "gap"))


async def test_each_answer_is_kept_once_and_the_newest_is_the_last(store: ThreadedStore) -> None:
    lead, first = a_lead(), a_reply(1)
    later = a_reply(1, id="message-2", received_at=MONDAY + HOUR, text="And again")
    await store.write(lambda t: insert(t, lead, ()))
    assert not await store.read(lambda t: replies.has_any(t, lead.id))
    kept = [
        await store.write(
            partial(
                replies.keep,
                reply=reply,
                analysis=an_analysis(),
                effect=an_effect(),
                now=MONDAY,
            )
        )
        for reply in (later, first, later)
    ]
    assert kept == [True, True, False]
    assert await store.read(lambda t: replies.last_of(t, lead.id)) == later
    assert await store.read(lambda t: replies.find(t, first.id)) == first
    assert await store.read(lambda t: replies.has_any(t, lead.id))


async def test_what_was_lost_and_shows_counts_as_sent_unless_the_step_was_claimed_anew(
    store: ThreadedStore,
) -> None:
    lost = a_delivery(1, state=DeliveryState.LOST)
    await store.write(lambda t: claim(t, lost))

    def show(transaction: Transaction) -> bool:
        return deliveries.settle_lost(transaction, lost.id, now=MONDAY, detail="it shows")

    again = a_delivery(1, id="again")
    await store.write(lambda t: claim(t, again))
    assert not await store.write(show)
    await store.write(lambda t: settle(t, "again", DeliveryState.REFUSED, now=MONDAY))
    assert await store.write(show)
    assert not await store.write(lambda t: claim(t, a_delivery(1, id="third")))


@pytest.mark.parametrize(
    ("invitation", "withdrawal", "changes", "counts", "is_due"),
    [
        ("sent", None, {}, True, True),
        ("uncertain", None, {"invited_at": None}, True, False),
        ("attempted", None, {"invited_at": None}, True, False),
        ("refused", None, {"invited_at": None}, False, False),
        ("sent", "sent", {}, False, False),
        ("sent", "uncertain", {}, True, False),
        ("sent", "attempted", {}, True, False),
        ("sent", "lost", {}, True, True),
        ("sent", "refused", {}, True, True),
        ("sent", None, {"accepted_at": MONDAY}, False, False),
        ("sent", None, {"responded_at": MONDAY}, False, False),
        ("sent", None, {"invited_at": MONDAY + HOUR}, True, False),
        ("sent", None, {"account_id": AccountId("account-2")}, False, False),
    ],
)
async def test_whatever_may_stand_open_counts_and_what_surely_does_is_due(
    store: ThreadedStore, invitation, withdrawal, changes, counts, is_due
) -> None:
    lead = a_lead(**{"account_id": ACCOUNT, "invited_at": MONDAY, **changes})
    sent = a_delivery(
        recipient=lead.id, kind=DeliveryKind.INVITATION, state=DeliveryState(invitation)
    )

    def write(transaction: Transaction) -> None:
        insert(transaction, lead, ())
        claim(transaction, sent)
        if withdrawal is not None:
            taken_back = a_delivery(
                id="w1",
                recipient=lead.id,
                kind=DeliveryKind.WITHDRAWAL,
                step=Step(StepKind.WITHDRAWAL, sent.id),
                state=DeliveryState(withdrawal),
            )
            claim(transaction, taken_back)

    await store.write(write)
    assert await store.read(lambda t: deliveries.open_invitations(t, ACCOUNT)) == counts
    oldest = partial(deliveries.oldest_invitations, before=MONDAY, tries=3, limit=5)
    assert len(await store.read(lambda t: oldest(t, ACCOUNT))) == is_due
