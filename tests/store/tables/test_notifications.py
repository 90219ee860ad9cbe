"""What the team has not been told: found in the database, told once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from ingagents.communication import journal
from ingagents.core.reporter import NeedsHuman, PositiveReply
from ingagents.core.reporting.alerts import Notice
from ingagents.core.review_policy import Review
from ingagents.events import AgentError, Event, PerformanceAlert, ReviewKind
from ingagents.model import (
    DeliveryKind,
    DeliveryState,
    Intent,
    ReplyDetail,
    Sentiment,
    Step,
    StepKind,
)
from ingagents.ports import Transaction
from ingagents.services.management.reporting import open_now
from ingagents.store.engine.group_commit import ThreadedStore
from ingagents.store.tables import deliveries, key_value, leads, notifications, replies, reviews
from tests.factories import MONDAY, a_delivery, a_lead, a_reply, an_analysis, an_effect
from tests.support import numbered_ids, open_test_store

pytestmark = pytest.mark.usefixtures("database")
HOUR = timedelta(hours=1)
ids = numbered_ids()


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[ThreadedStore]:
    async with open_test_store(tmp_path) as opened:
        yield opened


async def untold(store: ThreadedStore, *, at=MONDAY, to="team") -> list[Notice]:
    return await store.read(lambda t: notifications.untold(t, now=at, to=to))


def answered(transaction: Transaction, number: int, **analysis) -> None:
    leads.insert(transaction, a_lead(number), ())
    replies.keep(transaction, a_reply(number), an_analysis(**analysis), an_effect(), now=MONDAY)


def record(transaction: Transaction, number: int, step: Step, state=DeliveryState.SENT) -> None:
    act = a_delivery(number, kind=DeliveryKind.ALERT, recipient="team", step=step, state=state)
    assert deliveries.claim(transaction, act)


def publish(transaction: Transaction, *events: Event, at=MONDAY) -> None:
    journal.append(transaction, events, agent="sales_manager", at=at, new_id=ids)


def needs_human(notice: Notice) -> NeedsHuman:
    assert isinstance(notice.about, NeedsHuman)
    return notice.about


async def test_a_positive_answer_is_told_until_its_alert_stands(store):
    await store.write(lambda t: answered(t, 1))
    (notice,) = await untold(store)
    assert (notice.kind, notice.step) == ("positive_reply", Step(StepKind.REPLY, "message-000001"))
    assert isinstance(notice.about, PositiveReply)
    assert notice.about.name == "Robin Muster1"
    assert notice.about.reply_text == "Sounds good, tell me more."
    await store.write(lambda t: record(t, 21, notice.step, DeliveryState.REFUSED))
    assert len(await untold(store)) == 1, "a refused alert told nobody"
    await store.write(lambda t: record(t, 22, notice.step, DeliveryState.UNCERTAIN))
    assert await untold(store) == []


@pytest.mark.parametrize(
    ("analysis", "kinds"),
    [
        ({"sentiment": Sentiment.NEUTRAL, "intent": Intent.REQUESTING_INFO}, ["question"]),
        ({"sentiment": Sentiment.NEUTRAL, "intent": Intent.UNCLEAR}, []),
        ({"sentiment": Sentiment.NEGATIVE, "intent": Intent.NOT_INTERESTED}, []),
        ({"detail": ReplyDetail.OUT_OF_OFFICE}, []),
        ({"detail": ReplyDetail.OPT_OUT}, []),
    ],
)
async def test_who_asks_something_is_handed_over_too_and_robots_are_not(store, analysis, kinds):
    await store.write(lambda t: answered(t, 1, **analysis))
    assert [notice.kind for notice in await untold(store)] == kinds


async def test_the_account_is_told_of_when_outreach_stopped_itself(store):
    paused = {"by": "outreach", "reason": "LinkedIn: log in again", "at": MONDAY.isoformat()}
    await store.write(lambda t: key_value.note(t, key_value.PAUSED, paused, at=MONDAY))
    (notice,) = await untold(store)
    assert notice.kind == "account"
    assert "log in again" in needs_human(notice).what
    await store.write(lambda t: record(t, 1, notice.step))
    assert await untold(store) == []
    again = {**paused, "at": (MONDAY + HOUR).isoformat()}
    await store.write(lambda t: key_value.note(t, key_value.PAUSED, again, at=MONDAY))
    assert len(await untold(store)) == 1, "a second time is news again"


async def test_a_pause_by_a_person_is_no_news_to_the_team(store):
    paused = {"by": "somebody", "reason": "lunch", "at": MONDAY.isoformat()}
    await store.write(lambda t: key_value.note(t, key_value.PAUSED, paused, at=MONDAY))
    assert await untold(store) == []


async def test_an_event_that_nobody_could_handle_is_told_with_its_command(store):
    await store.write(lambda t: publish(t, AgentError(agent="outreach", error="broken")))
    await store.write(
        lambda t: t.run(
            "INSERT INTO retries SELECT consumer, seq, 'dead', 5, '', 'no such lead' FROM inbox"
        )
    )
    (notice,) = await untold(store)
    assert notice.kind == "escalation"
    assert needs_human(notice).command == "ingagents journal requeue 1"
    assert "no such lead" in needs_human(notice).what


async def test_a_figure_out_of_bounds_is_told_once_a_day_and_not_when_it_is_old(store):
    alert = PerformanceAlert(metric="error_rate", value=0.3, threshold=0.1)
    await store.write(lambda t: publish(t, alert, alert))
    (notice,) = await untold(store, at=MONDAY + HOUR)
    assert notice.about == alert
    assert await untold(store, at=MONDAY + 30 * HOUR) == []
    await store.write(lambda t: record(t, 1, notice.step))
    assert await untold(store, at=MONDAY + HOUR) == []


async def test_a_hundred_thousand_answers_and_their_alerts_are_matched(store):
    """Once every answer was compared with every act, which at a hundred thousand never ended."""

    def fill(transaction: Transaction) -> None:
        leads.insert(transaction, a_lead(1), ())
        transaction.run(
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)"
            " INSERT INTO replies (id, lead_id, chat_id, text, received_at, seen_at, sentiment,"
            " intent, detail, confidence, key_info) SELECT 'r' || i, 'lead-000001', '', '', :at, :at, 'positive',"
            " 'interested', '', 1, '' FROM n",
            {"at": "2027-02-08T09:00:00.000000Z"},
        )
        transaction.run(
            "INSERT INTO deliveries (id, recipient, account_id, kind, step, text, text_hash, state,"
            " address, approved_by, claimed_at, attempted_at, settled_at, service_id, chat_id, detail,"
            " looks) SELECT 'd' || id, 'team', 'mail', 'alert', 'reply:' || id, '',"
            " '', 'sent', '', '', seen_at, NULL, NULL, '', '', '', '[]' FROM replies"
        )

    await store.write(fill)
    assert await untold(store) == []


async def test_what_only_a_human_can_settle_is_told_and_drafts_wait_for_the_report(store):
    def ask(transaction: Transaction) -> None:
        kinds: tuple[ReviewKind, ...] = ("send", "reply", "draft")
        for number, kind in enumerate(kinds, start=1):
            question = Review(
                id=f"r{number}",
                kind=kind,
                subject=f"subject-{number}",
                recipient="Robin Muster",
                text="the words",
                asked_at=MONDAY + number * HOUR,
            )
            assert reviews.ask(transaction, question)

    await store.write(ask)
    told = await untold(store)
    assert [needs_human(notice).command for notice in told] == [
        "ingagents review show r1",
        "ingagents review show r2",
    ]
    assert needs_human(told[0]).what == "Did this reach Robin Muster: the words"
    step = told[0].step
    await store.write(lambda t: record(t, 9, step))
    assert len(await untold(store)) == 1


async def test_who_names_somebody_else_is_told_as_that_with_what_to_do(store):
    def ask(transaction: Transaction) -> None:
        answered(
            transaction,
            4,
            sentiment=Sentiment.NEUTRAL,
            intent=Intent.UNCLEAR,
            detail=ReplyDetail.REFERRAL,
        )
        question = Review(
            id="r4",
            kind="reply",
            subject=a_reply(4).id,
            recipient="Robin Muster",
            text="Lena Muster took over events, best ask her.",
            asked_at=MONDAY,
        )
        assert reviews.ask(transaction, question)

    await store.write(ask)
    (told,) = await untold(store)
    (waits,) = await store.read(lambda t: open_now(t, MONDAY.date()))
    for item in (needs_human(told), waits):
        assert item.what.startswith("Robin Muster names somebody else: Lena Muster took over")
        assert "Thank them by hand" in item.action
        assert item.command == "ingagents review show r4"


async def test_of_somebody_the_team_heard_of_or_took_on_it_hears_when_they_want_no_more(store):
    def write(transaction: Transaction) -> None:
        for number in range(1, 5):
            answered(transaction, number, detail=ReplyDetail.OPT_OUT, sentiment=Sentiment.NEGATIVE)
        taken_on: dict[int, dict[str, Any]] = {1: {"owner": "Kim"}, 2: {"stage": "Meeting"}}
        for number, changes in taken_on.items():
            lead = leads.find(transaction, f"lead-{number:06}")
            assert lead is not None
            leads.update(transaction, lead, now=MONDAY, **changes)
        before = msgspec.structs.replace(a_reply(31), lead_id=a_reply(3).lead_id)
        replies.keep(transaction, before, an_analysis(), an_effect(), now=MONDAY)

    await store.write(write)
    told = [one for one in await untold(store) if one.kind == "opt_out"]
    assert [needs_human(one).what.split(" wants")[0] for one in told] == [
        "Robin Muster1 (Kim sees to them)",
        "Robin Muster2",
        "Robin Muster3",
    ], "and of the fourth, who never showed interest, the report tells"
    for number, notice in enumerate(told, start=41):
        await store.write(lambda t, n=number, one=notice: record(t, n, one.step))
    later = await untold(store, at=MONDAY)
    assert not [one for one in later if one.kind == "opt_out"]


@pytest.mark.parametrize("how", ["interested before", "somebody's, and the mail was refused"])
async def test_an_opt_out_that_nobody_could_be_told_of_is_told_when_it_can(store, how: str):
    """A day without a server, or without the machine, loses nothing that was to be told at once."""

    def write(transaction: Transaction) -> None:
        answered(transaction, 1, detail=ReplyDetail.OPT_OUT, sentiment=Sentiment.NEGATIVE)
        (given,) = replies.of_lead(transaction, "lead-000001")
        if how == "interested before":
            before = msgspec.structs.replace(
                given, id="first", received_at=given.received_at - HOUR
            )
            replies.keep(transaction, before, an_analysis(), an_effect(), now=MONDAY)
            return
        lead = leads.find(transaction, "lead-000001")
        assert lead is not None
        leads.update(transaction, lead, now=MONDAY, owner="Kim")
        record(transaction, 1, Step(StepKind.REPLY, given.id), state=DeliveryState.REFUSED)

    await store.write(write)
    for to in ("team", "slack"):
        told = await untold(store, at=MONDAY + 48 * HOUR, to=to)
        assert [one.kind for one in told if one.kind == "opt_out"] == ["opt_out"]


async def test_whoever_is_interested_after_all_makes_no_news_of_an_old_opt_out(store):
    def write(transaction: Transaction) -> None:
        answered(transaction, 1, detail=ReplyDetail.OPT_OUT, sentiment=Sentiment.NEGATIVE)
        (given,) = replies.of_lead(transaction, "lead-000001")
        after = msgspec.structs.replace(given, id="second", received_at=given.received_at + HOUR)
        replies.keep(transaction, after, an_analysis(), an_effect(), now=MONDAY)

    await store.write(write)
    told = await untold(store, at=MONDAY + 48 * HOUR)
    assert not [one for one in told if one.kind == "opt_out"]


async def test_an_opt_out_of_long_ago_is_no_news(store):
    await store.write(lambda t: answered(t, 1, detail=ReplyDetail.OPT_OUT))
    lead = await store.read(lambda t: leads.find(t, "lead-000001"))
    await store.write(lambda t: leads.update(t, lead, now=MONDAY, owner="Kim"))
    assert await untold(store, at=MONDAY + 48 * HOUR) == []
