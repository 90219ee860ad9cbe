"""Two weeks without an account: people send and say so, in terminal, sheet or page, start to report."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from ingagents import open_department
from ingagents.app.department import Department
from ingagents.app.told_by_hand import reply_told
from ingagents.core.sheet.layout import APPROVE
from ingagents.errors import InputError
from ingagents.model import ContactStatus, DeliveryState, Lead, Profile
from ingagents.services.outreach.account import visits_on
from ingagents.services.outreach.inbox.told_by_hand import note_accepted
from ingagents.store.tables import deliveries
from ingagents.web import application
from tests.sheet.desk import Paper
from tests.sheet.google import lend_sheet
from tests.web.test_hooks import posted_to
from tests.web.test_page import csrf_of
from tests.world import NO_GAP, World

FACTS = """
[[fact]]
id = "tracks"
text = "The programme has three tracks: platforms, data, and people."
"""
NAMES = ("ada", "alan", "grace", "edsger", "barbara", "donald")


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "facts.toml").write_text(FACTS)
    world = World(tmp_path)
    world.go_to(0, 9, 1)
    return world


@asynccontextmanager
async def by_hand(world: World) -> AsyncIterator[Department]:
    """A department whose people send, with six leads allocated."""
    settings = world.settings(
        linkedin={"service": "manual", "account_id": "", "base_url": "", "live": False},
        sheets={"enabled": True, "spreadsheet_id": "team"},
        outreach={
            "rate_limiting": {**NO_GAP, "daily_limit": 4},
            "sequence": {"message_delay_hours": [0, 0], "follow_ups": [5]},
        },
    )
    async with (
        world.keeping_time(),
        open_department(settings, clock=world.clock, seed=1) as department,
    ):
        await lend_sheet(department, world.sheets)
        await department.leads.add(
            [
                Profile(
                    name=f"{name.title()} Testperson",
                    position="CTO",
                    company=f"Firma {name}",
                    linkedin_url=f"https://www.linkedin.com/in/{name}",
                )
                for name in NAMES
            ],
            source="import:people.csv",
        )
        await department.once("allocate")
        yield department


async def of(department: Department, name: str) -> Lead:
    return await department.leads.find(f"https://www.linkedin.com/in/{name}")


async def to_send(department: Department) -> dict[str, str]:
    """What waits to be sent by hand: the review's id by the person's first name."""
    listed = await department.reviews.list(kind="send", limit=100)
    return {one.recipient.split()[0].lower(): one.id for one in listed.reviews}


async def states(department: Department, name: str) -> list[DeliveryState]:
    lead = await of(department, name)
    acts = await department.store.read(lambda t: deliveries.of_recipient(t, lead.id))
    return [act.state for act in acts]


async def tick(department: Department, review_id: str) -> Any:
    (decided,) = await department.reviews.approve(review_id, by="Kim")
    return decided


async def test_what_is_handed_out_is_ticked_once_in_terminal_or_sheet(world: World) -> None:
    paper = Paper(world.sheets, "Review")
    async with by_hand(world) as department:
        outcome = await department.once("outreach")
        assert outcome.figures["for_review"] == 4, "as many as the day allows, at once"
        assert (await department.once("outreach")).figures["for_review"] == 0
        waiting = await to_send(department)
        first, second, third, fourth = sorted(waiting)
        assert (await of(department, first)).contact_status is ContactStatus.UNCERTAIN
        report = await department.report()
        assert (report.today.handed_out, report.today.uncertain) == (4, 0)
        assert "4 texts wait to be sent by hand" in " ".join(report.insights)

        assert (await tick(department, waiting[first])).result == "approved"
        assert (await tick(department, waiting[first])).result == "unchanged"
        assert await states(department, first) == [DeliveryState.SENT]

        await department.once("sync")
        paper.write(waiting[second], APPROVE, "sent")
        await department.once("sync")
        await department.once("sync")
        assert await states(department, second) == [DeliveryState.SENT]
        assert (await tick(department, waiting[second])).result == "unchanged"

        (no,) = await department.reviews.reject(waiting[third], reason="wrong profile", by="Kim")
        assert no.result == "rejected"
        assert await states(department, third) == [DeliveryState.REFUSED]

        world.pass_time(hours=3)  # nobody concludes anything from what nobody can see
        await department.once("replies")
        again = await department.once("outreach")
        assert again.figures["for_review"] == 1, "what was not sent is no part of the day"
        assert await states(department, fourth) == [DeliveryState.UNCERTAIN]
        world.go_to(1, 10)
        assert (await department.once("outreach")).figures["for_review"] == 2
        assert len(await states(department, third)) == 2
        assert len((await department.report()).needs_human) == 4
    assert world.requests == []


async def test_sent_is_ticked_on_the_page_and_ticked_twice_counts_once(world: World) -> None:
    async with by_hand(world) as department, posted_to(application(department)) as client:
        await department.once("outreach")
        waiting = await to_send(department)
        first, second, *_ = sorted(waiting)
        shown = (await client.get(f"/review/{waiting[first]}")).text
        assert "It did go out" in shown
        form = {"csrf": csrf_of(shown)}
        for _ in range(2):
            await client.post(f"/review/{waiting[first]}", data={**form, "wish": "approve"})
        assert await states(department, first) == [DeliveryState.SENT]
        assert (await tick(department, waiting[first])).result == "unchanged"
        no = {**form, "wish": "reject", "reason": "wrong profile"}
        await client.post(f"/review/{waiting[second]}", data=no)
        assert await states(department, second) == [DeliveryState.REFUSED]
        assert (await department.report()).today.contacted_leads == 1


async def test_a_search_says_that_nobody_is_searched_and_where_people_come_from(
    world: World,
) -> None:
    async with by_hand(world) as department:
        summary = (await department.once("search")).summary
    assert summary == (
        "0 new leads of 0 people seen (this service searches nobody: people come by list and sheet)"
    )


async def test_a_fortnight_by_hand_from_acceptance_to_report(world: World) -> None:
    async with by_hand(world) as department:
        await department.once("outreach")
        waiting = await to_send(department)
        first, second, *_ = sorted(waiting)
        with pytest.raises(InputError, match="no invitation of ours"):
            await note_accepted(NAMES[-1], context=department.context, by="Kim")
        for name in (first, second):
            await tick(department, waiting[name])

        world.go_to(1, 10)
        lead, new = await note_accepted(first, context=department.context, by="Kim")
        assert (new, lead.next_step) == (True, "first_message")
        assert not (await note_accepted(first, context=department.context, by="Kim"))[1]
        lead, new = await reply_told(department, second, "Thanks, I would love to speak!")
        assert (new, lead.contact_status) == (True, ContactStatus.RESPONDED)
        assert not (await reply_told(department, second, "Thanks,  I would love to speak! "))[1]
        await department.once("outreach")
        waiting = await to_send(department)
        assert first in waiting
        assert second not in waiting
        await tick(department, waiting[first])
        lead = await of(department, first)
        assert (lead.step, lead.next_step) == ("first_message", "follow_up_1")

        world.go_to(9, 10)
        await department.once("outreach")
        await tick(department, (await to_send(department))[first])
        assert (await of(department, first)).step == "follow_up_1"
        assert await states(department, first) == [DeliveryState.SENT] * 3
        await reply_told(department, first, "Please do not write to me again.")
        assert (await of(department, first)).contact_status is ContactStatus.SUPPRESSED

        report = await department.report()
        assert report.today.contacted_leads == 2
        assert report.today.answered_leads == 2
        assert (await department.once("report")).try_later == ""
    assert world.requests == []


async def test_of_whoever_nobody_can_judge_a_human_is_asked_once(world: World) -> None:
    """No page is read here: without a position nobody says what LinkedIn shows, and nobody is dropped."""
    url = "https://www.linkedin.com/in/"
    async with by_hand(world) as department:
        for name in NAMES:
            await department.leads.suppress(f"{url}{name}", reason="not today", by="Kim")
        await department.leads.add(
            [Profile(name="Mary Testperson", linkedin_url=f"{url}mary", complete=False)],
            source="import:names.csv",
        )
        await department.once("allocate")
        assert (await department.once("outreach")).figures["for_review"] == 1
        mary = await of(department, "mary")
        assert mary.classification is None
        assert "no position is known" in mary.status_reason
        assert "LinkedIn shows" not in mary.status_reason
        (draft,) = (await department.reviews.list(kind="draft", limit=10)).reviews
        await tick(department, draft.id)
        await department.once("outreach")
        (review,) = (await to_send(department)).values()
        await tick(department, review)
        assert await states(department, "mary") == [DeliveryState.SENT]
        assert (await department.once("outreach")).figures["for_review"] == 0
        assert not (await department.reviews.list(kind="draft", limit=10)).reviews
        made = await department.store.read(lambda t: visits_on(t, mary.account_id, world.at(0, 0)))
    assert made == 0, "nobody was looked at"
