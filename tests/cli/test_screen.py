"""The live screen: whom it names, and that everything on it fits the smallest usual terminal."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from rich.console import Console

from ingagents.app.department import Department
from ingagents.app.views.status import LlmState
from ingagents.cli import screen
from ingagents.cli.screen import Feed, countdown
from ingagents.events import InvitationAccepted, MessageSent, ResponseReceived, TeamNotified
from ingagents.model import DeliveryKind, Intent, LeadId, Sentiment
from ingagents.store.tables import leads
from tests.factories import a_lead, aliases_of_lead
from tests.world import AT_ONCE, World

LONG = "I would love to hear more about the summit and who comes; " * 4


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def a_console(*, width: int = 80, height: int = 24) -> Console:
    return Console(file=io.StringIO(), width=width, height=height)


async def drawn(feed: Feed, console: Console) -> list[str]:
    """The lines of the picture."""
    with console.capture() as caught:
        console.print(await feed.picture())
    return caught.get().splitlines()


async def known(department: Department, number: int, name: str) -> LeadId:
    lead = a_lead(number, name=name)
    await department.store.write(lambda t: leads.insert(t, lead, aliases_of_lead(lead)))
    return lead.id


def answered(lead_id: LeadId, text: str) -> ResponseReceived:
    return ResponseReceived(
        lead_id=lead_id,
        reply_id="r",
        sentiment=Sentiment.POSITIVE,
        intent=Intent.INTERESTED,
        response_text=text,
    )


async def test_people_found_before_a_restart_are_named(world: World) -> None:
    async with world.at_work() as department:
        lead_id = await known(department, 1, "Ada Lund")
    async with world.at_work() as department:
        console = a_console()
        feed = Feed(department, console)
        await feed.picture()
        events = (
            MessageSent(lead_id=lead_id, delivery_id="d", kind=DeliveryKind.INVITATION),
            InvitationAccepted(lead_id=lead_id, accepted_at=world.now),
            answered(lead_id, "Gladly."),
        )
        await department.queue.publish("outreach", *events)
        shown = "\n".join(await drawn(feed, console))
    assert "invitation to Ada Lund" in shown
    assert "Ada Lund accepted" in shown
    assert "Ada Lund: Gladly." in shown


@pytest.mark.parametrize("paused", [False, True])
async def test_the_screen_fits_80_by_24_and_no_line_is_cut_or_lost(
    world: World, paused: bool
) -> None:
    event_name = "The Great InG Summit of Intelligent Networks and Gadgets 2027"
    async with world.at_work(campaign={"event_name": event_name}) as department:
        lead_id = await known(department, 1, "Maximiliane Schwarzenberger-Lindqvist")
        await department.agent("outreach")
        console = a_console()
        feed = Feed(department, console)
        await feed.picture()
        if paused:
            await department.pause(by="Kim", reason="the venue burnt down and we look for another")
        for number in range(30):
            await department.queue.publish("outreach", answered(lead_id, f"{number} {LONG}"))
        for agent in department.agents.values():
            agent.is_running, agent.doing = True, "writing to Maximiliane Schwarzenberger " * 2
        lines = await drawn(feed, console)
        for agent in department.agents.values():
            agent.is_running = False
    assert len(lines) <= 23, "and a line for the cursor"
    assert {len(line) for line in lines} == {80}
    text = " ".join(line.strip("│╭╮╰╯─ ") for line in lines)
    assert event_name in text
    assert "Monday 01 March 2027, 08:55  unipile" in text
    assert "found" in text
    assert "positive" in text
    assert ("the venue burnt down and we look for another" in text) is paused
    assert "sent 0 of 15 today, 0 of 40 this week" in text
    newest = " ".join(text[text.rindex("29 I would") : text.rindex("Monday 01")].split())
    assert newest.startswith("29 I would love to hear more about the summit")
    assert newest.endswith("…"), "what is left out of a long answer is marked"
    assert text.count("…") == text.count(" I would love")


async def test_a_larger_terminal_shows_more_of_what_happened(world: World) -> None:
    async with world.at_work() as department:
        lead_id = await known(department, 1, "Ada Lund")
        shown = []
        for console in (a_console(), a_console(width=120, height=40)):
            feed = Feed(department, console)
            await feed.picture()
            for number in range(30):
                await department.queue.publish("outreach", answered(lead_id, f"no {number}."))
            lines = await drawn(feed, console)
            assert "no 29." in lines[-2], "the newest comes last"
            shown.append(sum("Ada Lund: no" in line for line in lines))
    assert 8 <= shown[0] < shown[1] <= 30


async def test_an_answer_is_shown_without_what_it_quotes_and_a_question_is_not_called_positive(
    world: World,
) -> None:
    async with world.at_work() as department:
        lead_id = await known(department, 1, "Ada Lund")
        console = a_console()
        feed = Feed(department, console)
        await feed.picture()
        told = TeamNotified(about="reply:r", delivery_id="d", lead_id=lead_id)
        await department.queue.publish(
            "outreach",
            answered(lead_id, "What does it cost?\n\n> Hi Ada, would you sponsor it?"),
            told,
        )
        shown = "\n".join(await drawn(feed, console))
    assert "Ada Lund: What does it cost?" in shown
    assert "Hi Ada" not in shown
    assert "told the team: Ada Lund answered" in shown
    assert "answered positively" not in shown


async def test_the_screen_reads_no_more_than_it_shows(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Drawn four times a second, it neither builds a report nor looks at everybody who waits."""

    def refused(*_: object, **__: object) -> None:
        raise AssertionError("the screen shows nothing of this")

    monkeypatch.setattr("ingagents.services.management.reporting.open_matters", refused)
    monkeypatch.setattr("ingagents.services.management.reporting.build_report", refused)
    async with world.at_work() as department:
        assert await drawn(Feed(department, a_console()), a_console())


async def test_a_text_is_named_by_its_step_of_the_conversation(world: World) -> None:
    (stranger,), (friend,) = world.strangers(1), world.friends(1)
    async with world.at_work(**AT_ONCE) as department:
        console = a_console(width=120)
        feed = Feed(department, console)
        await feed.picture()
        await world.allocate(department, stranger, friend)
        world.go_to(0, 10)
        await department.once("outreach")
        shown = "\n".join(await drawn(feed, console))
    assert f"invitation to {stranger.first_name}" in shown
    assert f"first message to {friend.first_name}" in shown


async def test_who_is_next_has_a_countdown_and_what_needs_a_human_is_counted(world: World) -> None:
    world.go_to(0, 8, 55)
    async with world.at_work(outreach={"approval": "all"}) as department:
        await world.allocate(department, *world.strangers(2))
        console = a_console()
        feed = Feed(department, console)
        before = " ".join(" ".join(await drawn(feed, console)).replace("│", "").split())
        world.go_to(0, 10)
        await department.once("outreach")
        after = " ".join(" ".join(await drawn(Feed(department, console), console)).split())
    assert "next: invitation to" in before
    assert "in 5 min" in before
    assert "needs you" not in before
    assert "needs you: 2 questions, see `ingagents review list`" in after


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-5, "now"),
        (0, "now"),
        (1, "in 1 min"),
        (720, "in 12 min"),
        (3 * 3600 + 300, "in 3 h 05 min"),
        (50 * 3600, "in 2 days"),
    ],
)
def test_a_countdown_is_read_at_a_glance(seconds: int, words: str) -> None:
    assert countdown(timedelta(seconds=seconds)) == words


def test_what_models_cost_is_shown_where_one_is_asked() -> None:
    asked = LlmState(
        provider="openai",
        spent_today_usd=0.123,
        daily_budget_usd=2,
        calls_today=7,
        unanswered_today=0,
        input_tokens_today=0,
        output_tokens_today=0,
        cache_hit_rate_today=None,
        calls_without_price_today=0,
        spent_usd=1,
        usd_per_lead=None,
        usd_per_contacted=None,
        usd_per_positive_reply=None,
        calls_per_contacted=None,
        tokens_per_contacted=None,
        left_alone=(),
        outage=None,
    )
    (line,) = screen._spent(asked)
    assert str(line) == "models: 0.12 of 2.00 USD today, 7 questions"
    assert screen._spent(msgspec.structs.replace(asked, provider="rules")) == ()
