"""Whoever says no after a message was handed out is not offered to be written to, in any place."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import pytest

from ingagents.app.department import Department
from ingagents.app.told_by_hand import reply_told
from ingagents.cli.review import say_file
from ingagents.core.reporter import NeedsHuman
from ingagents.core.review_words import headline
from ingagents.core.sheet.layout import APPROVE, VETO
from ingagents.model import ContactStatus, DeliveryState
from ingagents.ports import Transaction
from ingagents.store.tables import deliveries, notifications
from ingagents.web import application
from tests.journeys.test_manual_week import FACTS, by_hand, of, states, tick, to_send
from tests.sheet.desk import Paper
from tests.web.test_hooks import posted_to
from tests.world import World

STOPPED = "do NOT send"


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "facts.toml").write_text(FACTS)
    world = World(tmp_path)
    world.go_to(0, 9, 1)
    return world


async def suppressed(department: Department, _: World, name: str) -> None:
    url = f"https://www.linkedin.com/in/{name}"
    await department.leads.suppress(url, reason="competitor", by="Kim")


async def opted_out(department: Department, _: World, name: str) -> None:
    await reply_told(department, name, "No thanks, please never contact me again")


async def answered(department: Department, _: World, name: str) -> None:
    await reply_told(department, name, "Thanks, I would love to speak!")


async def lost(department: Department, _: World, name: str) -> None:
    await department.leads.stage((await of(department, name)).id, "Lost", reason="budget", by="Kim")


async def vetoed(department: Department, world: World, name: str) -> None:
    await department.once("sync")
    Paper(world.sheets).write((await of(department, name)).id, VETO, "yes")
    await department.once("sync")


async def everywhere(department: Department, world: World, review_id: str) -> dict[str, str]:
    """What each place says of a question."""
    await department.once("sync")
    book, now = department.reviews, world.clock.now()
    (listed,) = [one for one in (await book.list(kind="send")).reviews if one.id == review_id]
    file = await book.show(review_id)
    lead = file.lead
    assert lead is not None
    told = await department.store.read(
        lambda t: notifications.untold(t, now=now, to="a new channel")
    )
    command = f"ingagents review show {review_id}"
    async with posted_to(application(department)) as client:
        pages = [(await client.get(path)).text for path in (f"/review/{review_id}", "/review")]
    return {
        "list": headline(listed),
        "list as JSON": msgspec.json.encode(listed).decode(),
        "show": "\n".join(say_file(file, ZoneInfo("Europe/Berlin"))),
        "sheet": str(Paper(world.sheets, "Review").read(review_id, "Text")),
        "page": pages[0],
        "page's list": pages[1],
        "report": "".join(
            one.what for one in (await department.report()).needs_human if one.command == command
        ),
        "mail": "".join(
            one.about.what
            for one in told
            if isinstance(one.about, NeedsHuman) and one.about.command == command
        ),
    }


@pytest.mark.parametrize("says_no", [suppressed, opted_out, answered, lost, vetoed])
async def test_no_place_offers_what_was_handed_out_once_it_is_not_to_be_sent(
    world: World, says_no: Callable[[Department, World, str], Awaitable[None]]
) -> None:
    async with by_hand(world) as department:
        await department.once("outreach")
        listed = (await department.reviews.list(kind="send")).reviews
        review = next(one for one in listed if one.text)
        name, waiting, offered = review.recipient.split()[0].lower(), review.id, review.text[:40]
        before = await everywhere(department, world, waiting)
        assert [place for place, told in before.items() if STOPPED in told] == []
        assert [place for place, told in before.items() if offered not in told] == []

        await says_no(department, world, name)
        await department.once("outreach")
        after = await everywhere(department, world, waiting)
        assert [place for place, told in after.items() if offered in told] == []
        assert [place for place, told in after.items() if STOPPED not in told] == []
        assert "send on" not in after["show"]
        why = (await department.leads.why((await of(department, name)).id)).why
        assert why.change != f"`ingagents review show {waiting}`"

        stands = (await of(department, name)).contact_status
        (no,) = await department.reviews.reject(waiting, reason="not sent", by="Kim")
        assert no.result == "rejected"
        assert await states(department, name) == [DeliveryState.REFUSED]
        await department.once("outreach")
        assert name not in await to_send(department), "it is not handed out again"
        assert stands is not ContactStatus.MESSAGE_SENT


async def test_whoever_did_send_it_before_the_no_says_so_in_terminal_and_sheet(
    world: World,
) -> None:
    paper = Paper(world.sheets, "Review")
    async with by_hand(world) as department:
        await department.once("outreach")
        first, second, third, _ = sorted((await to_send(department)).items())
        await department.once("sync")
        for name, _id in (first, second, third):
            await suppressed(department, world, name)
        assert (await tick(department, first[1])).result == "approved"
        paper.write(second[1], APPROVE, "sent")  # beside the text as it was handed out
        await department.once("sync")
        paper.write(third[1], APPROVE, "sent")  # beside what it says now
        await department.once("sync")
        for name, _id in (first, second, third):
            assert await states(department, name) == [DeliveryState.SENT]
            assert (await of(department, name)).contact_status is ContactStatus.SUPPRESSED


async def test_what_a_human_says_they_did_not_send_costs_neither_a_place_nor_a_note(
    world: World,
) -> None:
    async with by_hand(world) as department:
        await department.once("outreach")
        listed = (await department.reviews.list(kind="send")).reviews
        account, since = listed[0].account_id, world.at(0, 0)

        async def used() -> tuple[int, int]:
            def count(transaction: Transaction) -> tuple[int, int]:
                acts = deliveries.claimed_since(transaction, account, since)
                return len(acts), len(deliveries.notes_since(transaction, account, since))

            return await department.store.read(count)

        acts, notes = await used()
        noted = next(one for one in listed if one.text)
        (no,) = await department.reviews.reject(noted.id, reason="no time", by="Kim")
        assert "LinkedIn" not in no.says, "nothing is looked at there"
        assert await used() == (acts - 1, notes - 1)
        assert (await department.report()).today.refused == 0, "no service refused it"
        assert (await department.once("outreach")).figures["for_review"] == 1
        assert await used() == (acts, notes)
