"""What an answer does to the plan is kept with it, and somebody who is away has not answered."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from datetime import date, timedelta
from pathlib import Path

import msgspec
import pytest

from ingagents.communication import inbox
from ingagents.events import DecisionMade, InvitationAccepted, ResponseReceived
from ingagents.llm.tasks import LlmTasks
from ingagents.model import (
    ChatMessage,
    ContactStatus,
    DeliveryKind,
    DeliveryState,
    EffectKind,
    Lead,
    Step,
    StepKind,
)
from ingagents.ports import Transaction
from ingagents.services.outreach.inbox.by_hand import note_by_hand
from ingagents.services.outreach.inbox.replies import take_in
from ingagents.store import metrics
from ingagents.store.engine.codecs import from_json
from ingagents.store.open_matters import open_matters
from ingagents.store.tables import deliveries, leads, notifications, replies, reviews
from tests.factories import MONDAY, a_chat_message, a_delivery, a_lead, aliases_of_lead
from tests.support import Office, jumping_clock, open_office

DAY = timedelta(days=1)
RULES = LlmTasks(prompts={})
AWAY = "Automatic reply: I am out of the office, back on 15 March."
LATER = "We are busy now, please write in April."
OPT_OUT = "Please do not contact me again. Back on 15 March."
ELSE = "Please ask my colleague Jane Doe."


@pytest.fixture
async def office(tmp_path: Path) -> AsyncGenerator[Office, None]:
    async with jumping_clock() as clock, open_office(tmp_path, clock) as office:
        yield office


async def keep(office: Office, **changes) -> Lead:
    fields = {
        "contact_status": ContactStatus.MESSAGE_SENT,
        "sent_at": MONDAY,
        "invited_at": MONDAY,
        **changes,
    }
    lead = a_lead(**fields)
    await office.store.write(lambda t: leads.insert(t, lead, aliases_of_lead(lead)))
    return lead


async def invited(office: Office, **changes) -> Lead:
    lead = await keep(office, **changes)
    act = a_delivery(
        recipient=lead.id, kind=DeliveryKind.INVITATION, state=DeliveryState.SENT, text=""
    )
    await office.store.write(lambda t: deliveries.claim(t, act))
    return lead


def they(text: str, *, number: int = 1, hours: float = 24, **more) -> ChatMessage:
    moment = MONDAY + timedelta(hours=hours)
    fields = {"text": text, "sent_at": moment, "from_us": False, **more}
    return a_chat_message(number, provider_id=a_lead().provider_id, **fields)


async def taken(office: Office, *messages: ChatMessage) -> int:
    async with office.queue.session("outreach") as session:
        return await take_in(
            messages, context=office.context, llm=RULES, session=session, agent="outreach"
        )


async def noted(office: Office, *messages: ChatMessage) -> bool:
    async with office.queue.session("outreach") as session:
        return await note_by_hand(
            messages, context=office.context, session=session, agent="outreach"
        )


async def read(office: Office, lead: Lead) -> Lead:
    found = await office.store.read(lambda t: leads.find(t, lead.id))
    assert found is not None
    return found


def _events(transaction: Transaction) -> Sequence[tuple[str, str]]:
    rows = transaction.rows("SELECT type, data FROM journal ORDER BY seq")
    return [(str(kind), str(data)) for kind, data in rows]


async def events(office: Office, kind: type[msgspec.Struct]) -> list[str]:
    tag = kind.__struct_config__.tag
    return [data for name, data in await office.store.read(_events) if name == tag]


@pytest.mark.parametrize(
    ("text", "kind", "at", "name"),
    [
        ("Great, tell me more", EffectKind.ENDS, None, ""),
        (OPT_OUT, EffectKind.ENDS, None, ""),
        ("", EffectKind.ENDS, None, ""),
        (LATER, EffectKind.RESUMES, date(2027, 4, 1), ""),
        (AWAY, EffectKind.ABSENT, date(2027, 3, 15), ""),
        (ELSE, EffectKind.REFERS, None, "Jane Doe"),
    ],
)
async def test_the_effect_is_kept_with_the_answer_and_told_in_the_journal(
    office, text, kind, at, name
):
    lead = await keep(office)
    assert await taken(office, they(text)) == 1
    (kept,) = await office.store.read(lambda t: replies.effects_of(t, lead.id))
    assert (kept.effect.kind, kept.effect.at, kept.effect.name) == (kind, at, name)
    assert kept.effect.reason
    (told,) = await events(office, DecisionMade)
    decision = from_json(told)["decision"]
    assert decision["basis"]["effect"] == kind.value
    assert decision["basis"].get("until") == (at.isoformat() if at else None)
    assert kept.effect.reason in decision["reasons"][-1]["why"]


async def test_who_names_somebody_is_thanked_by_a_humans_hand(office):
    lead = await keep(office)
    await taken(office, they(ELSE))
    (review,) = await office.store.read(lambda t: reviews.of_lead(t, lead.id))
    assert "Thank them by hand: Jane Doe" in review.reasons[-1].why
    assert (await read(office, lead)).contact_status is ContactStatus.RESPONDED


async def test_effects_stand_in_the_order_in_which_they_were_written(office):
    lead = await keep(office)
    await taken(office, they(LATER, number=2, hours=30), they(AWAY, number=1, hours=20))
    kept = await office.store.read(lambda t: replies.effects_of(t, lead.id))
    assert [one.effect.kind for one in kept] == [EffectKind.ABSENT, EffectKind.RESUMES]


@pytest.mark.parametrize(
    "status",
    [one for one in ContactStatus if one is not ContactStatus.SUPPRESSED],
)
async def test_who_is_away_has_not_answered(office, status):
    lead = await keep(office, contact_status=status)
    assert await taken(office, they(AWAY)) == 1
    assert await taken(office, they(AWAY)) == 0
    after = await read(office, lead)
    assert after.contact_status is status
    assert (after.responded_at, after.response) == (None, None)
    assert not await office.store.read(lambda t: replies.has_any(t, lead.id))
    assert await events(office, ResponseReceived) == []
    waiting = await office.store.write(
        lambda t: inbox.claim_batch(t, "sales_manager", now=office.clock.now(), limit=10)
    )
    assert waiting == []


async def test_who_is_away_is_nobodys_to_answer_and_counts_as_no_answer(office):
    await keep(office)
    await taken(office, they(AWAY))
    now = office.clock.now()
    since, until = now - 100 * DAY, now + 100 * DAY
    figures = await office.store.read(
        lambda t: metrics.day_figures(t, now.date(), since=since, before=until)
    )
    assert (figures.responses, figures.answered_leads, figures.neutral_responses) == (0, 0, 0)
    assert await office.store.read(lambda t: metrics.answers(t, since, until)) == []
    matters = await office.store.read(lambda t: open_matters(t, today=now.date()))
    assert (list(matters.people), list(matters.reviews)) == ([], [])
    told = await office.store.read(
        lambda t: notifications.untold(t, now=now, to="team", since=None, drafts=True)
    )
    assert list(told) == []


async def test_an_absence_beside_an_answer_takes_nothing_of_it_back(office):
    lead = await keep(office)
    await taken(office, they("Great, tell me more"), they(AWAY, number=2, hours=30))
    after = await read(office, lead)
    assert after.contact_status is ContactStatus.RESPONDED
    assert after.response == "Great, tell me more"
    assert await office.store.read(lambda t: replies.has_any(t, lead.id))


@pytest.mark.parametrize("text", ["Great, tell me more", AWAY, OPT_OUT, LATER, ""])
async def test_who_writes_to_us_after_an_invitation_has_accepted_it(office, text):
    lead = await invited(office, contact_status=ContactStatus.INVITED)
    await taken(office, they(text), they("And one more thing", number=2, hours=25))
    assert (await read(office, lead)).accepted_at == office.clock.now()
    (accepted,) = await events(office, InvitationAccepted)
    assert from_json(accepted)["lead_id"] == lead.id


async def test_what_was_written_before_the_invitation_accepts_nothing(office):
    lead = await invited(office)
    await taken(office, they("Great, tell me more", hours=-24))
    assert (await read(office, lead)).accepted_at is None


async def test_nobody_accepts_what_was_withdrawn_or_never_sent(office):
    lead = await invited(office)
    withdrawal = a_delivery(
        2,
        recipient=lead.id,
        kind=DeliveryKind.WITHDRAWAL,
        state=DeliveryState.SENT,
        step=Step(StepKind.WITHDRAWAL, "one"),
    )
    await office.store.write(lambda t: deliveries.claim(t, withdrawal))
    await taken(office, they("Great, tell me more"))
    assert (await read(office, lead)).accepted_at is None
    assert await events(office, InvitationAccepted) == []


async def test_an_acceptance_that_is_known_is_not_noted_again(office):
    lead = await invited(office, accepted_at=MONDAY + DAY / 2)
    await taken(office, they("Great, tell me more"))
    assert (await read(office, lead)).accepted_at == MONDAY + DAY / 2
    assert await events(office, InvitationAccepted) == []


async def test_a_message_of_ours_that_is_no_act_is_a_humans_and_noted_once(office):
    lead = await invited(office)
    ours = a_delivery(
        3,
        recipient=lead.id,
        kind=DeliveryKind.MESSAGE,
        state=DeliveryState.SENT,
        step=Step(StepKind.FIRST_MESSAGE),
        text="Thank you for connecting!",
        service_id="message-ours",
    )
    await office.store.write(lambda t: deliveries.claim(t, ours))
    sent = they("Thank you for connecting!", number=8, from_us=True)
    assert not await noted(office, sent, they("Hello", number=9))
    assert (await read(office, lead)).written_by_hand_at is None
    picture = they("", number=10, hours=30, from_us=True)
    assert await noted(office, sent, picture)
    assert not await noted(office, sent, picture)
    assert (await read(office, lead)).written_by_hand_at == picture.sent_at
    later = they("Shall we talk on Friday?", number=11, hours=40, from_us=True)
    assert await noted(office, sent, picture, later)
    assert (await read(office, lead)).written_by_hand_at == later.sent_at
    assert not await noted(office, sent, picture)
    told = [from_json(one)["decision"] for one in await events(office, DecisionMade)]
    assert [one["verdict"] for one in told] == ["written by hand"] * 2


async def test_messages_to_nobody_we_know_are_nobodys(office):
    assert not await noted(office, a_chat_message(5, provider_id="ACoAANobody", from_us=True))
    assert not await noted(office)
