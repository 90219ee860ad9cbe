"""What the report counts, on a small day whose figures can be told by hand."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import UTC, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from ingagents.communication import inbox, journal
from ingagents.core.reporting.incidents import stopped
from ingagents.events import (
    AgentError,
    AllocationReturned,
    DeliveryUncertain,
    Event,
    LanguageModelBack,
    LanguageModelLost,
    LeadSuppressed,
    MessageSent,
    ReportMade,
)
from ingagents.model import (
    Classification,
    ContactStatus,
    DeliveryKind,
    DeliveryState,
    Intent,
    LeadId,
    LeadStage,
    ReplyDetail,
    Sentiment,
)
from ingagents.ports import Transaction
from ingagents.services.management.reporting import open_now
from ingagents.store import metrics
from ingagents.store.engine.group_commit import ThreadedStore
from ingagents.store.tables import deliveries, leads, replies
from tests.factories import MONDAY, a_delivery, a_lead, a_reply, an_analysis, an_effect
from tests.support import numbered_ids, open_test_store

pytestmark = pytest.mark.usefixtures("database")

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SINCE, BEFORE = MONDAY, MONDAY + DAY
NEGATIVE = {"sentiment": Sentiment.NEGATIVE, "intent": Intent.NOT_INTERESTED}

ids = numbered_ids()


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[ThreadedStore]:
    async with open_test_store(tmp_path) as opened:
        yield opened


def publish(transaction: Transaction, *events: Event, at=MONDAY) -> None:
    journal.append(transaction, events, agent="outreach", at=at, new_id=ids)


def a_day(transaction: Transaction) -> None:
    """Three leads found, three written to, two answers, one doubt, one refusal."""
    status = ContactStatus
    for lead in (
        a_lead(
            1, contact_status=status.RESPONDED, response_sentiment=Sentiment.POSITIVE,
            response="Yes!", responded_at=MONDAY + 2 * HOUR, sent_at=MONDAY, quality_score=9.0,
            accepted_at=MONDAY + HOUR,
        ),
        a_lead(2, contact_status=status.SUPPRESSED, sent_at=MONDAY, quality_score=8.0),
        a_lead(3, contact_status=status.UNCERTAIN, classification=Classification.SPONSOR,
               quality_score=7.0, status_reason="timed out"),
        a_lead(4, contact_status=status.ALLOCATED, allocated_at=MONDAY, created_at=MONDAY - DAY),
        a_lead(5, contact_status=status.NEEDS_REVIEW, created_at=BEFORE,
               classification=None, last_updated=MONDAY - HOUR),
    ):  # fmt: skip
        leads.insert(transaction, lead, ())
    message, sent = DeliveryKind.MESSAGE, DeliveryState.SENT
    for act, state in (
        (a_delivery(1), sent),
        (a_delivery(2, kind=message), sent),
        (a_delivery(3), DeliveryState.UNCERTAIN),
        (a_delivery(4), DeliveryState.REFUSED),
        (a_delivery(5, claimed_at=MONDAY - DAY), sent),
        (a_delivery(6, kind=DeliveryKind.REPORT, recipient="team"), sent),
    ):
        deliveries.claim(transaction, act)
        if state is DeliveryState.UNCERTAIN:
            deliveries.doubt(transaction, act.id, detail="timed out")
        else:
            deliveries.settle(transaction, act.id, state, now=MONDAY + HOUR)
    for reply, analysis in (
        (a_reply(1), an_analysis()),
        (a_reply(1, id="again"), an_analysis()),
        (a_reply(2), an_analysis(**NEGATIVE, detail=ReplyDetail.OPT_OUT)),
    ):
        replies.keep(transaction, reply, analysis, an_effect(), now=MONDAY + 2 * HOUR)
    publish(
        transaction,
        AgentError(agent="outreach", error="x"),
        MessageSent(lead_id=LeadId("lead-000001"), delivery_id="d", kind=message),
        LeadSuppressed(lead_id=LeadId("lead-000002")),
        DeliveryUncertain(lead_id=LeadId("lead-000003"), delivery_id="delivery-000003"),
        AllocationReturned(lead_id=LeadId("lead-000004"), reason="old"),
        ReportMade(day=MONDAY.date()),
    )
    publish(transaction, AgentError(agent="outreach", error="x"), at=BEFORE)


async def test_a_day_is_counted_from_its_first_moment_up_to_the_next_days(
    store: ThreadedStore,
) -> None:
    await store.write(a_day)

    def read(transaction: Transaction):
        return metrics.day_figures(transaction, MONDAY.date(), SINCE, BEFORE)

    day = await store.read(read)
    assert (day.leads_discovered, day.avg_quality_score) == (3, 8.0)
    assert (day.speakers, day.sponsors, day.others) == (2, 1, 0)
    assert (day.invitations_sent, day.direct_messages_sent, day.messages_sent) == (1, 1, 2)
    assert (day.responses, day.positive_responses, day.negative_responses) == (2, 1, 1)
    assert (day.neutral_responses, day.opt_outs, day.accepted_invitations) == (0, 1, 1)
    assert (day.uncertain, day.refused, day.errors, day.dead_letters) == (1, 1, 1, 0)
    assert (day.total_leads, day.contacted_leads, day.qualified_opportunities) == (4, 3, 1)
    assert (day.accepted_leads, day.answered_leads) == (1, 2)
    assert (day.queue_size, day.needs_review, day.suppressed) == (1, 1, 1)


async def test_levels_are_told_as_they_stood_when_the_day_ended(store: ThreadedStore) -> None:
    await store.write(a_day)

    def the_day_before(transaction: Transaction):
        return metrics.day_figures(transaction, (MONDAY - DAY).date(), SINCE - DAY, SINCE)

    day = await store.read(the_day_before)
    assert (day.total_leads, day.contacted_leads, day.qualified_opportunities) == (1, 1, 0)
    assert (day.queue_size, day.suppressed, day.accepted_leads) == (0, 0, 0)
    assert day.uncertain == 1, "claimed before midnight, settled after"


async def test_an_event_counts_as_handled_when_no_consumer_waits_for_it(
    store: ThreadedStore,
) -> None:
    await store.write(a_day)

    def handled(transaction: Transaction) -> int:
        day = metrics.day_figures(transaction, MONDAY.date(), SINCE, BEFORE)
        return day.handled_events

    assert await store.read(handled) == 0

    def work(transaction: Transaction) -> None:
        page = inbox.claim_batch(transaction, "sales_manager", now=BEFORE, limit=2)
        inbox.acknowledge(transaction, page)

    await store.write(work)
    assert await store.read(handled) == 2, "history that nobody waits for is not counted"


async def test_an_empty_day_has_no_average(store: ThreadedStore) -> None:
    day = await store.read(lambda t: metrics.day_figures(t, MONDAY.date(), MONDAY - DAY, MONDAY))
    assert (day.leads_discovered, day.avg_quality_score, day.messages_sent) == (0, None, 0)


async def test_answers_are_listed_newest_first_with_who_gave_them(store: ThreadedStore) -> None:
    await store.write(a_day)
    found = await store.read(lambda t: metrics.answers(t, SINCE, BEFORE))
    assert {one.lead_id for one in found} == {"lead-000001", "lead-000002"}
    assert len(found) == 3
    assert await store.read(lambda t: metrics.answers(t, BEFORE, BEFORE + DAY)) == []


async def test_what_needs_a_human_is_listed_oldest_first_with_date_and_profile(
    store: ThreadedStore,
) -> None:
    await store.write(a_day)
    await store.write(
        lambda t: t.run("INSERT INTO retries VALUES ('outreach', 1, 'dead', 5, '', 'x')")
    )
    items = await store.read(lambda t: open_now(t, MONDAY.date()))
    assert sorted(item.lead_id or "" for item in items) == [
        "",
        "lead-000001",
        "lead-000003",
        "lead-000005",
    ]
    since = [item.since for item in items[:-1] if item.since is not None]
    assert len(since) == len(items) - 1
    assert since == sorted(since)
    assert all("linkedin.com/" in item.link for item in items[:-1])
    assert all(item.command for item in items)
    assert items[-1].command == "ingagents journal dead-letters"


async def test_who_answered_is_listed_with_their_own_words_what_to_do_and_the_command_after_it(
    store: ThreadedStore,
) -> None:
    ours = "Hi Robin, would you give a talk at the summit in Berlin next May?"
    theirs = "Could we talk on Friday? " + "I have so much to tell about it. " * 9

    def keep(transaction: Transaction) -> None:
        lead = a_lead(
            7,
            contact_status=ContactStatus.RESPONDED,
            message_sent=ours,
            response=f"{theirs}\n\n> {ours}",
            response_sentiment=Sentiment.POSITIVE,
            response_intent=Intent.INTERESTED,
            response_detail=ReplyDetail.MEETING,
            responded_at=MONDAY,
        )
        leads.insert(transaction, lead, ())

    await store.write(keep)
    (item,) = await store.read(lambda t: open_now(t, MONDAY.date()))
    assert "times for a call" in item.action
    assert item.command == 'ingagents leads stage lead-000 "In Discussion"'
    assert "Could we talk on Friday? I have" in item.what
    assert item.what.endswith("…")
    short = theirs[:40] + "\n\n> " + ours
    await store.write(lambda t: t.run("UPDATE leads SET response = :text", {"text": short}))
    (item,) = await store.read(lambda t: open_now(t, MONDAY.date()))
    assert item.what.endswith(theirs[:40].strip())


async def waiting(store: ThreadedStore, *, days: int = 0) -> list[str]:
    """Who needs a human so many days later, by the ids' last digit."""
    today = MONDAY.date() + timedelta(days=days)
    items = await store.read(lambda t: open_now(t, today))
    return [item.lead_id[-1] for item in items if item.lead_id]


async def test_whom_the_team_has_taken_on_is_left_out_until_the_next_date_or_a_new_answer(
    store: ThreadedStore,
) -> None:
    await store.write(a_day)
    assert sorted(await waiting(store)) == ["1", "3", "5"]

    def say(number: int, **said: Any) -> Callable[[Transaction], object]:
        def keep(transaction: Transaction) -> object:
            lead = leads.find(transaction, f"lead-00000{number}")
            assert lead is not None
            return leads.update(
                transaction, lead, now=MONDAY + DAY, handled_at=MONDAY + DAY, **said
            )

        return keep

    await store.write(say(1, owner="Kim"))
    assert "1" in await waiting(store), "somebody has it, and nothing is done yet"
    await store.write(say(1, stage=LeadStage.MEETING, next_date=MONDAY.date() + 10 * DAY))
    await store.write(say(3, stage=LeadStage.LOST))
    assert await waiting(store) == ["5"]
    assert await waiting(store, days=9) == ["5"]
    assert sorted(await waiting(store, days=10)) == ["1", "5"]
    items = await store.read(lambda t: open_now(t, MONDAY.date() + timedelta(days=10)))
    (due,) = (item.what for item in items if item.lead_id == "lead-000001")
    assert "(Meeting, owner Kim, next 2027-02-18) answered positively" in due
    reply = a_reply(1, id="later", text="When do we talk?")
    await store.write(
        lambda t: replies.keep(t, reply, an_analysis(), an_effect(), now=MONDAY + DAY + HOUR)
    )
    assert sorted(await waiting(store)) == ["1", "5"], "they said something since"


@pytest.mark.parametrize("status", ["Needs Review", "Uncertain", "Message Sent"])
async def test_a_new_doubt_about_somebody_the_team_has_taken_on_needs_a_human_again(
    store: ThreadedStore, status: str
) -> None:
    def keep(transaction: Transaction) -> None:
        lead = a_lead(1)
        leads.insert(transaction, lead, ())
        said: dict[str, Any] = {"stage": LeadStage.MEETING, "contact_status": ContactStatus(status)}
        leads.update(transaction, lead, now=MONDAY + HOUR, handled_at=MONDAY + HOUR, **said)

    def doubt(hours: int) -> Callable[[Transaction], object]:
        event = DeliveryUncertain(
            lead_id=LeadId("lead-000001"), delivery_id="d", detail="timed out"
        )
        return lambda t: journal.append(
            t, [event], agent="outreach", at=MONDAY + hours * HOUR, new_id=numbered_ids(str(hours))
        )

    await store.write(keep)
    await store.write(doubt(0))
    assert await waiting(store) == [], "that the team has seen"
    await store.write(doubt(2))
    assert await waiting(store) == ([] if status == "Message Sent" else ["1"])


async def test_a_next_date_reminds_of_people_who_wait_for_nothing_else(
    store: ThreadedStore,
) -> None:
    def keep(transaction: Transaction) -> None:
        for number, status in enumerate((ContactStatus.MESSAGE_SENT, ContactStatus.SUPPRESSED), 7):
            lead = a_lead(number, contact_status=status, owner="Kim", next_date=MONDAY.date() + DAY)
            leads.insert(transaction, lead, ())

    await store.write(keep)
    assert await waiting(store) == []
    assert await waiting(store, days=1) == ["7"]


async def test_what_was_held_back_is_counted(store: ThreadedStore) -> None:
    await store.write(a_day)
    found = await store.read(lambda t: metrics.stopped(t, SINCE, BEFORE))
    assert [one.count for one in stopped(found)] == [1, 1, 1]
    found = await store.read(lambda t: metrics.stopped(t, BEFORE, BEFORE + DAY))
    assert [one.count for one in stopped(found)] == [0, 0, 0]


async def test_success_is_counted_by_classification(store: ThreadedStore) -> None:
    await store.write(a_day)
    found = await store.read(lambda t: metrics.contacted_and_positive(t, SINCE))
    assert found == {"Speaker": (2, 1)}
    assert await store.read(lambda t: metrics.contacted_and_positive(t, BEFORE)) == {}


async def test_a_fortnight_is_counted_day_by_day(store: ThreadedStore) -> None:
    await store.write(a_day)
    days = [
        (MONDAY.date(), SINCE, BEFORE),
        ((MONDAY + DAY).date(), BEFORE, BEFORE + DAY),
    ]
    first, second = await store.read(lambda t: metrics.sends_and_answers(t, days))
    assert (first.day, first.sent, first.answered) == (MONDAY.date(), 2, 2)
    assert (second.sent, second.answered) == (0, 0)


async def test_a_time_without_a_model_is_said_in_the_days_that_it_lasted(
    store: ThreadedStore,
) -> None:
    lost = MONDAY + timedelta(hours=1)
    back = LanguageModelBack(server="a", lost_at=lost)

    def outages(transaction: Transaction) -> list[str]:
        days = [MONDAY + timedelta(days=number) for number in range(-1, 4)]
        found = [metrics.model_outage(transaction, day, day + timedelta(days=1)) for day in days]
        return [one.sentence(UTC) if one else "" for one in found]

    await store.write(lambda t: publish(t, LanguageModelLost(reason="it is empty"), at=lost))
    before, *others = await store.read(outages)
    assert before == ""
    assert all("it is empty" in said for said in others), "it is not over"
    await store.write(lambda t: publish(t, back, at=lost + timedelta(days=1)))
    before, first, second, third, fourth = await store.read(outages)
    assert (before, third, fourth) == ("", "", "")
    assert " on, and the rules decided" in first
    assert " to " in second
    berlin = MONDAY.astimezone(ZoneInfo("Europe/Berlin"))
    outage = await store.read(lambda t: metrics.model_outage(t, berlin, berlin + DAY))
    assert outage is not None
    assert f"from {lost.astimezone(berlin.tzinfo):%Y-%m-%d %H:%M} CET on" in outage.sentence(
        berlin.tzinfo
    )
