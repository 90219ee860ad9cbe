"""What counts as a person's word to us, and that it is kept once."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from ingagents.events import LeadSuppressed, ResponseReceived
from ingagents.llm.tasks import LlmTasks
from ingagents.model import ContactStatus, DeliveryKind, DeliveryState, Lead, Profile
from ingagents.services.outreach.inbox.acceptances import note_acceptances
from ingagents.services.outreach.inbox.replies import answers_to_us, take_in
from ingagents.store.tables import deliveries, leads
from tests.factories import MONDAY, a_chat_message, a_delivery, a_lead, aliases_of_lead
from tests.support import Office, jumping_clock, open_office

DAY = timedelta(days=1)
RULES = LlmTasks(prompts={})
OPT_OUT = "Please do not contact me again."


@pytest.fixture
async def office(tmp_path: Path) -> AsyncGenerator[Office, None]:
    async with jumping_clock() as clock, open_office(tmp_path, clock) as office:
        yield office


async def keep(office: Office, lead: Lead) -> Lead:
    await office.store.write(lambda t: leads.insert(t, lead, aliases_of_lead(lead)))
    return lead


async def read(office: Office, lead: Lead) -> Lead:
    found = await office.store.read(lambda t: leads.find(t, lead.id))
    assert found is not None
    return found


def they(text: str = "Sounds interesting", *, days: float = 1, number: int = 1, **more):
    """A message of the first lead's person, so many days after we came to know them."""
    moment = MONDAY + days * DAY
    fields = {"text": text, "sent_at": moment, "from_us": False, **more}
    return a_chat_message(number, provider_id=a_lead().provider_id, **fields)


def we(text: str = "Hello", *, days: float = 1, number: int = 50, **more):
    return they(text, days=days, number=number, from_us=True, **more)


@pytest.mark.parametrize(
    ("conversation", "answers"),
    [
        ([], 0),
        ([we()], 0),
        ([we(days=1), they(days=2)], 1),
        ([they(days=-10)], 1),  # a recent last word of theirs waits for an answer of ours
        ([they(days=-10), we(days=-9)], 0),
        ([they(days=-100)], 0),
        ([they(OPT_OUT, days=-1000), we(days=-900)], 1),
        ([they("the note of their invitation", is_note=True)], 0),
        ([they(OPT_OUT, is_note=True)], 1),
        ([they(""), we(days=2)], 1),  # a voice message has no text and is an answer
        (
            [
                we("Would you speak at it? Or reply stop."),
                they("would you speak at it? Or reply STOP"),
            ],
            0,
        ),
    ],
    ids=[
        "silence",
        "only ours",
        "an answer",
        "a recent last word",
        "long answered",
        "old talk",
        "an opt-out of any age",
        "an invitation's note",
        "an opt-out in an invitation's note",
        "a message without text",
        "nothing but our own text",
    ],
)
def test_what_counts_as_an_answer_to_us(conversation, answers):
    assert len(answers_to_us(a_lead(), conversation)) == answers


async def test_an_answer_is_kept_once_however_often_it_is_seen(office):
    lead = await keep(office, a_lead(contact_status=ContactStatus.MESSAGE_SENT))
    async with office.queue.session("outreach") as session:
        for expected in (1, 0):
            seen = [we(), they()]
            assert (
                await take_in(
                    seen, context=office.context, llm=RULES, session=session, agent="outreach"
                )
                == expected
            )
    assert (await read(office, lead)).contact_status is ContactStatus.RESPONDED


async def test_an_id_that_was_kept_hides_neither_another_person_nor_other_words(office):
    first = await keep(office, a_lead(contact_status=ContactStatus.MESSAGE_SENT))
    second = await keep(office, a_lead(2, contact_status=ContactStatus.MESSAGE_SENT))
    theirs = they("Gladly!", number=7)
    others = msgspec.structs.replace(theirs, provider_id=second.provider_id, text=OPT_OUT)
    edited = msgspec.structs.replace(theirs, text=OPT_OUT)
    async with office.queue.session("outreach") as session:
        for seen, kept in (([theirs, others], 2), ([edited], 1), ([theirs, others, edited], 0)):
            taken = await take_in(
                seen, context=office.context, llm=RULES, session=session, agent="outreach"
            )
            assert taken == kept
    for lead in (first, second):
        assert (await read(office, lead)).contact_status is ContactStatus.SUPPRESSED


async def test_our_own_text_that_comes_back_is_no_answer_and_no_opt_out(office):
    lead = await keep(office, a_lead(contact_status=ContactStatus.MESSAGE_SENT))
    ours = "Hi Ada, would you speak at the summit? If not, just reply stop and I won't write again."
    sent = a_delivery(recipient=lead.id, text=ours)
    await office.store.write(lambda t: deliveries.claim(t, sent))
    async with office.queue.session("outreach") as session:
        for text, kept in ((ours, 0), (f"Yes, gladly!\n\n{ours}", 1)):
            seen = [they(text, number=7 + kept)]
            assert (
                await take_in(
                    seen, context=office.context, llm=RULES, session=session, agent="outreach"
                )
                == kept
            )
    assert (await read(office, lead)).contact_status is ContactStatus.RESPONDED


async def test_messages_of_nobody_we_know_and_our_own_are_left_alone(office):
    await keep(office, a_lead())
    stranger = a_chat_message(9, provider_id="ACoAANobody", from_us=False, text="Hello")
    async with office.queue.session("outreach") as session:
        seen = [stranger, we(), they(is_note=True)]
        assert (
            await take_in(
                seen, context=office.context, llm=RULES, session=session, agent="outreach"
            )
            == 0
        )


@pytest.mark.parametrize(
    ("before", "text", "after"),
    [
        (ContactStatus.MESSAGE_SENT, "Great, tell me more", ContactStatus.RESPONDED),
        (ContactStatus.UNCERTAIN, "Great, tell me more", ContactStatus.RESPONDED),
        (ContactStatus.NOT_CONTACTED, "Hello, who are you?", ContactStatus.RESPONDED),
        (ContactStatus.MESSAGE_SENT, "", ContactStatus.RESPONDED),
        (ContactStatus.MESSAGE_SENT, OPT_OUT, ContactStatus.SUPPRESSED),
        (ContactStatus.CLOSED, "Great", ContactStatus.CLOSED),
        (ContactStatus.CLOSED, OPT_OUT, ContactStatus.SUPPRESSED),
        (ContactStatus.SUPPRESSED, "Changed my mind, great", ContactStatus.SUPPRESSED),
    ],
)
async def test_where_a_lead_stands_after_an_answer(office, before, text, after):
    lead = await keep(office, a_lead(contact_status=before, status_reason="as the team said"))
    async with office.queue.session("outreach") as session:
        await take_in(
            [they(text)], context=office.context, llm=RULES, session=session, agent="outreach"
        )
    stands = await read(office, lead)
    assert stands.contact_status is after
    # Why somebody stands where they stood before is not for a later answer to say.
    assert (stands.status_reason == "as the team said") is (before is after)


async def test_an_opt_out_suppresses_all_names_of_the_person_but_not_their_company(office):
    lead = await keep(office, a_lead())
    async with office.queue.session("outreach") as session:
        await take_in(
            [they(OPT_OUT)],
            context=office.context,
            llm=RULES,
            session=session,
            agent="outreach",
        )
    for alias in aliases_of_lead(lead):
        name = [(str(alias.kind), alias.value)]
        assert await office.store.read(lambda t, name=name: leads.is_suppressed(t, name))
    kinds = [
        type(one.published.event) for one in await office.store.write(lambda t: _waiting(t, office))
    ]
    assert ResponseReceived in kinds
    assert LeadSuppressed not in kinds  # history: nobody has to handle it


@pytest.mark.parametrize(
    ("kind", "state", "accepted"),
    [
        (DeliveryKind.INVITATION, DeliveryState.SENT, 1),
        (DeliveryKind.INVITATION, DeliveryState.UNCERTAIN, 1),
        (DeliveryKind.INVITATION, DeliveryState.REFUSED, 0),
        (DeliveryKind.MESSAGE, DeliveryState.SENT, 0),
        (None, None, 1),
    ],
    ids=["invited", "invited in doubt", "refused", "a connection all along", "invited by hand"],
)
async def test_only_who_was_invited_accepts_an_invitation(office, kind, state, accepted):
    lead = await keep(office, a_lead(sent_at=MONDAY, contact_status=ContactStatus.MESSAGE_SENT))
    if kind is not None:
        act = a_delivery(recipient=lead.id, kind=kind, state=state)
        await office.store.write(lambda t: deliveries.claim(t, act))
    relation = Profile(provider_id=lead.provider_id, network_distance=1)
    async with office.queue.session("outreach") as session:
        for expected in (accepted, 0):
            assert (
                await note_acceptances(
                    [relation], context=office.context, session=session, agent="outreach"
                )
                == expected
            )


def _waiting(transaction, office: Office):
    from ingagents.communication import inbox

    now = office.clock.now()
    return inbox.claim_batch(transaction, "sales_manager", now=now, limit=10)
