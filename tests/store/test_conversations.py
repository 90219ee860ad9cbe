"""What is counted of conversations, on a few of them that can be told by hand."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from ingagents.core.reporting.conversations import PutOff, StepFigures, Waits
from ingagents.model import DeliveryKind, DeliveryState, EffectKind, Step, StepKind, WaitsFor
from ingagents.ports import Transaction
from ingagents.store.conversations import conversations, waits
from ingagents.store.engine.group_commit import ThreadedStore
from ingagents.store.tables import deliveries, leads, replies
from tests.factories import MONDAY, a_delivery, a_lead, a_reply, an_analysis, an_effect
from tests.support import open_test_store

pytestmark = pytest.mark.usefixtures("database")

DAY = timedelta(days=1)
MESSAGE = DeliveryKind.MESSAGE
FIRST_MESSAGE, FOLLOW_UP = Step(StepKind.FIRST_MESSAGE), Step(StepKind.FOLLOW_UP, "1")


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[ThreadedStore]:
    async with open_test_store(tmp_path) as opened:
        yield opened


def talked(transaction: Transaction) -> None:
    """One answers the invitation, two the follow-up, one nothing; a connection is away."""
    for number in range(1, 6):
        leads.insert(transaction, a_lead(number), ())
    acts = [a_delivery(number) for number in range(1, 5)]
    acts.append(a_delivery(5, kind=MESSAGE))
    for number in (2, 3, 4):
        for step, day in ((FIRST_MESSAGE, 1), (FOLLOW_UP, 8)):
            at = MONDAY + day * DAY
            named = f"{number}-{day}"
            acts.append(a_delivery(number, id=named, kind=MESSAGE, step=step, claimed_at=at))
    for act in acts:
        deliveries.claim(transaction, act)
        state = DeliveryState.REFUSED if act.id == "4-8" else DeliveryState.SENT
        deliveries.settle(transaction, act.id, state, now=act.claimed_at)
    for number, half_days in ((1, 1), (2, 18), (3, 18), (3, 20)):
        at = MONDAY + half_days * DAY / 2
        said = a_reply(number, id=f"r-{number}-{half_days}", received_at=at)
        replies.keep(transaction, said, an_analysis(), an_effect(), now=at)
    away = an_effect(kind=EffectKind.ABSENT)
    replies.keep(transaction, a_reply(5, received_at=MONDAY), an_analysis(), away, now=MONDAY)


async def test_each_answer_counts_for_the_last_step_before_it_and_each_person_once(store) -> None:
    await store.write(talked)
    found = await store.read(lambda t: conversations(t, MONDAY + 20 * DAY, now=None))
    assert found.steps == (
        StepFigures(step="invitation", sent=4, answered=1),
        StepFigures(step="first_message", sent=4, answered=0),
        StepFigures(step="follow_up_1", sent=2, answered=2),
    )
    assert (found.invited, found.messaged, found.followed_up, found.waits) == (4, 4, 2, None)


async def test_a_day_that_is_past_knows_nothing_of_what_came_later(store) -> None:
    await store.write(talked)
    found = await store.read(lambda t: conversations(t, MONDAY + 2 * DAY, now=None))
    assert [(one.step, one.sent, one.answered) for one in found.steps] == [
        ("invitation", 4, 1),
        ("first_message", 4, 0),
    ]


async def test_a_department_without_conversations_counts_none(store) -> None:
    found = await store.read(lambda t: conversations(t, MONDAY, now=MONDAY))
    assert found.steps == ()
    assert found.waits == Waits()


async def test_everybody_waits_for_one_thing_and_what_is_in_the_way_is_told_by_its_commonest(store):
    soon, past = MONDAY + DAY, MONDAY - DAY
    states = [
        (WaitsFor.MOMENT, past, ""),
        (WaitsFor.MOMENT, MONDAY, ""),
        (WaitsFor.MOMENT, soon + DAY, ""),
        (WaitsFor.MOMENT, soon, ""),
        (WaitsFor.LATER, past, "no chat"),
        *((WaitsFor.LATER, soon, why) for why in ("d", "c", "b", "b", "a", "a", "a")),
        (WaitsFor.FACTS, soon, "nothing new"),
        (WaitsFor.FACTS, past, "nothing new"),
        (WaitsFor.HUMAN, None, "answered"),
        (WaitsFor.OUTCOME, None, ""),
        (WaitsFor.ACCEPTANCE, None, ""),
        (WaitsFor.NOTHING, None, "closed"),
    ]

    def fill(transaction: Transaction) -> None:
        for number, (kind, at, why) in enumerate(states, start=1):
            lead = a_lead(number, waits_for=kind, next_step_at=at, next_step_reason=why)
            leads.insert(transaction, lead, ())

    await store.write(fill)
    assert await store.read(lambda t: waits(t, MONDAY)) == Waits(
        due=3,
        later=2,
        next_at=soon,
        acceptance=1,
        put_off=7,
        reasons=(
            PutOff(reason="a", people=3),
            PutOff(reason="b", people=2),
            PutOff(reason="c", people=1),
        ),
        nothing_new=2,
        in_doubt=1,
        human=1,
    )
