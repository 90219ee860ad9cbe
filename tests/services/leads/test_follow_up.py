"""What the team says of a person is kept, told apart from what the department does, and ends it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from ingagents.app.department import Department
from ingagents.errors import UsageError
from ingagents.events import LeadUpdated, ReviewLapsed
from ingagents.model import ContactStatus, Lead, LeadStage
from ingagents.settings.sections import SalesManagerSection
from tests.world import World, journal_of, lead_of, profile_of


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


async def some_leads(world: World, department: Department, count: int) -> list[Lead]:
    people = world.strangers(count)
    await department.leads.add([profile_of(one) for one in people], source="import:test")
    return [await lead_of(department, one) for one in people]


async def test_somebody_the_team_talks_to_is_never_written_to_by_the_department(
    world: World,
) -> None:
    async with world.at_work() as department:
        first, second, third = await some_leads(world, department, 3)
        await department.leads.stage(first.id, "in discussion", by="team")
        await department.once("allocate")
        await department.leads.stage(second.id, "Lost", reason="met her, no interest", by="team")
        world.go_to(0, 10, 0)
        await department.once("outreach")
        found = {one.id: one async for one in department.leads.every()}
    assert found[first.id].contact_status is ContactStatus.CLOSED
    assert found[second.id].contact_status is ContactStatus.CLOSED
    assert found[first.id].message_sent is found[second.id].message_sent is None
    assert found[third.id].contact_status is ContactStatus.MESSAGE_SENT, "others go on"
    assert found[first.id].status_reason == "the team talks to this person: In Discussion"


@pytest.mark.parametrize("stood", ["Not Contacted", "Allocated", "Needs Review", "Closed"])
async def test_a_stage_said_by_mistake_leaves_no_trace_in_where_a_lead_stands(
    world: World, stood: str
) -> None:
    async with world.at_work() as department:
        lead, *_ = await some_leads(world, department, 1)
        if stood == "Allocated":
            await department.once("allocate")
        else:
            await department.store.write(
                lambda t: t.run(
                    "UPDATE leads SET contact_status = :status, status_reason = 'why'",
                    {"status": stood},
                )
            )
        await department.leads.stage(lead.id, "meeting", by="team")
        further = await department.leads.stage(lead.id, "proposal", by="team")
        talks = "the team talks to this person: Proposal"
        assert further.status_reason == ("why" if stood == "Closed" else talks)
        kept = await department.leads.stage(lead.id, "none", by="team")
        expected = "Not Contacted" if stood == "Allocated" else stood
        assert (kept.contact_status, kept.stage, kept.allocated_at) == (expected, None, None)
        assert kept.status_reason == ("" if expected == "Not Contacted" else "why")
        again = await department.leads.stage(lead.id, "none", by="team")
        assert again.contact_status == expected


async def test_a_draft_that_waits_is_void_when_the_team_takes_the_person_on(world: World) -> None:
    async with world.at_work(outreach={"approval": "all"}) as department:
        lead, *_ = await some_leads(world, department, 1)
        await department.once("allocate")
        world.go_to(0, 10, 0)
        await department.once("outreach")
        (draft,) = (await department.reviews.list()).reviews
        await department.leads.stage(lead.id, "meeting", by="team")
        (lapsed,) = await journal_of(department, ReviewLapsed)
        assert (lapsed.review_id, lapsed.state) == (draft.id, "void")
        assert not (await department.reviews.list()).reviews


async def test_every_word_is_an_event_and_a_stage_ends_a_date_that_has_come(world: World) -> None:
    async with world.at_work() as department:
        lead, *_ = await some_leads(world, department, 1)
        today = world.now.date()
        tomorrow = (today + timedelta(days=1)).isoformat()
        await department.leads.assign(lead.id, "  Kim\nLee ", by="team")
        await department.leads.note(lead.id, "met in Berlin", by="team")
        await department.leads.stage(
            lead.id, "meeting", next_date=tomorrow, reason="call set", by="team"
        )
        kept = await department.leads.stage(lead.id, "proposal", by="team")
        assert kept.next_date == today + timedelta(days=1), "it is still to come"
        world.pass_time(days=1)
        kept = await department.leads.stage(lead.id, "won", by="team")
        assert (kept.stage, kept.owner, kept.next_date) == (LeadStage.WON, "Kim Lee", None)
        assert kept.notes == ("met in Berlin",)
        words = [one.changes for one in await journal_of(department, LeadUpdated)]
        assert words[:2] == [{"owner": "Kim Lee"}, {"notes": ["met in Berlin"]}]
        assert words[2].items() >= {
            ("stage", "Meeting"), ("next_date", tomorrow), ("reason", "call set"),
        }  # fmt: skip
        assert words[4]["next_date"] is None
        kept = await department.leads.stage(lead.id, "none", by="team")
        kept = await department.leads.assign(lead.id, "none", by="team")
        assert (kept.stage, kept.owner) == (None, "")


async def test_stages_are_the_teams_own_and_are_kept_with_their_reason_and_what_they_are_about(
    world: World,
) -> None:
    stages = ["Talking", "Signed by both", "Won", "Lost"]
    async with world.at_work(sales_manager={"stages": stages}) as department:
        lead, *_ = await some_leads(world, department, 1)
        kept = await department.leads.stage(
            lead.id, "signed-by both", place="AI  track", reason="met", by="team"
        )
        assert (kept.stage, kept.place, kept.stage_reason) == ("Signed by both", "AI track", "met")
        kept = await department.leads.stage(lead.id, "lost", reason="no budget", by="team")
        assert (kept.place, kept.stage_reason) == ("AI track", "no budget")
        with pytest.raises(UsageError, match="there is no stage"):
            await department.leads.stage(lead.id, "meeting", by="team")
        kept = await department.leads.stage(lead.id, "none", place="none", by="team")
        assert (kept.stage, kept.place, kept.stage_reason) == (None, "", "")


@pytest.mark.parametrize(
    ("stages", "complaint"),
    [
        (["Meeting", "Won"], "Lost must be among them"),
        (["Won", "Lost", "won!"], "each once"),
        (["Won", "Lost", "a: b"], "no colon"),
        (["Won", "Lost", "none"], "not as none"),
        (["Won", "Lost", " "], "1 to 40 letters"),
    ],
)
def test_stages_that_cannot_be_told_apart_are_refused(stages: list[str], complaint: str) -> None:
    with pytest.raises(ValidationError, match=complaint):
        SalesManagerSection(stages=tuple(stages))


@pytest.mark.parametrize(
    ("said", "complaint"),
    [
        (("stage", "metting"), "did you mean Meeting"),
        (("stage", "whatever"), "known are In Discussion, Meeting, Proposal, Won, Lost"),
        (("stage", "won", {"next_date": "soon"}), "is no day"),
        (("stage", "won", {"next_date": "2027-02-28"}), "is over; today is 2027-03-01"),
        (("assign", " "), "is no name"),
        (("assign", "k" * 201), "is no name"),
        (("note", ""), "1 to 5000"),
        (("note", "n" * 5001), "1 to 5000"),
    ],
)
async def test_a_word_that_cannot_be_kept_is_refused_and_changes_nothing(
    world: World, said: tuple[Any, ...], complaint: str
) -> None:
    async with world.at_work() as department:
        lead, *_ = await some_leads(world, department, 1)
        what, word, *more = said
        with pytest.raises(UsageError) as refused:
            await getattr(department.leads, what)(lead.id, word, by="team", **dict(*more))
        assert complaint in refused.value.line()
        assert await department.leads.find(lead.id) == lead


async def test_status_and_report_leave_out_whom_the_team_has_taken_on(world: World) -> None:
    async with world.at_work() as department:
        lead, *_ = await some_leads(world, department, 1)
        await department.store.write(
            lambda t: t.run(
                "UPDATE leads SET contact_status = 'Responded', response = 'Gladly',"
                " response_sentiment = 'positive', responded_at = :at",
                {"at": "2027-03-01T07:00:00.000000Z"},
            )
        )
        status = await department.status()
        assert status.needs_human
        assert status.needs_human.count == 1
        assert status.needs_human.first[0].lead_id == lead.id
        tomorrow = (world.now.date() + timedelta(days=1)).isoformat()
        await department.leads.stage(lead.id, "meeting", next_date=tomorrow, by="team")
        status = await department.status()
        assert status.needs_human
        assert status.needs_human.count == 0
        assert (await department.report()).needs_human == ()
        world.pass_time(days=1)
        (item,) = (await department.report()).needs_human
        assert "(Meeting, next 2027-03-02) answered positively: Gladly" in item.what
