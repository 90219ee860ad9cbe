"""Somebody is held back while it is not known whether a message to them went out."""

from __future__ import annotations

from typing import Any

import pytest

from ingagents.app.department import Department
from ingagents.core.sheet.layout import VETO
from ingagents.model import ContactStatus, Recipient
from ingagents.sandbox.market.people import Person
from tests.sheet.desk import Paper
from tests.world import AT_ONCE, World, lead_of, outreach_of, status_of

ON: dict[str, Any] = {**AT_ONCE, "sheets": {"enabled": True, "spreadsheet_id": "team"}}
LOOKS = 4
"""Times of work after which every look was made."""


async def in_doubt(world: World, department: Department, person: Person) -> str:
    """A first message that may have gone out; the lead's id."""
    on = "POST /chats" if person.distance == 1 else "POST /users/invite"
    world.fail("504", on=on)
    (lead,) = await world.allocate(department, person)
    await department.once("sync")
    await department.once("outreach")
    world.plan()
    assert await status_of(department, person) is ContactStatus.UNCERTAIN
    await department.once("sync")
    return lead


async def looked_at(world: World, department: Department) -> None:
    for _ in range(LOOKS):
        world.pass_time(minutes=6)
        await department.once("outreach")


async def says(paper: Paper, department: Department, lead: str, word: str) -> None:
    paper.write(lead, VETO, word)
    await department.once("sync")


async def test_whoever_was_held_in_doubt_is_written_to_once_nothing_went_and_nothing_holds(world):
    (person,) = world.silent()
    paper = Paper(world.sheets)
    async with world.at_work(**ON) as department:
        lead = await in_doubt(world, department, person)
        await says(paper, department, lead, "ask me first")
        assert await status_of(department, person) is ContactStatus.UNCERTAIN
        await looked_at(world, department)
        assert await status_of(department, person) is ContactStatus.NEEDS_REVIEW
        assert world.acts(person) == []
        await says(paper, department, lead, "")
        found = await lead_of(department, person)
        assert (found.contact_status, found.status_reason) == (ContactStatus.NOT_CONTACTED, "")
        await department.once("allocate")
        world.pass_time(minutes=30)
        await department.once("outreach")
        assert len(world.acts(person)) == 1


async def test_a_doubt_that_waits_for_a_human_does_so_when_the_hold_on_it_is_cleared(world):
    (person,) = world.friends()
    paper = Paper(world.sheets)
    async with world.at_work(**ON) as department:
        lead = await in_doubt(world, department, person)
        await says(paper, department, lead, "ask me first")
        await looked_at(world, department)
        (review,) = (await department.reviews.list()).reviews
        await says(paper, department, lead, "")
        found = await lead_of(department, person)
        assert found.contact_status is ContactStatus.NEEDS_REVIEW
        assert f"ingagents review show {review.id}" in found.status_reason


async def test_a_send_denied_while_the_person_is_held_is_made_when_the_hold_is_cleared(world):
    (person,) = world.friends()
    paper = Paper(world.sheets)
    async with world.at_work(**ON) as department:
        lead = await in_doubt(world, department, person)
        await looked_at(world, department)
        await department.once("sync")
        (review,) = (await department.reviews.list()).reviews
        await says(paper, department, lead, "ask me first")
        await department.reviews.reject(review.id, reason="asked them", by="Kim")
        await department.once("outreach")
        assert world.acts(person) == []
        await says(paper, department, lead, "")
        assert await status_of(department, person) is ContactStatus.NOT_CONTACTED


async def test_no_hold_makes_a_doubt_forgotten_whose_text_a_human_had_approved(world):
    (person,) = world.friends()
    paper = Paper(world.sheets)
    settings = {**ON, "outreach": {**ON["outreach"], "approval": "all"}}
    async with world.at_work(**settings) as department:
        (lead,) = await world.allocate(department, person)
        await department.once("sync")
        await department.once("outreach")
        (draft,) = (await department.reviews.list()).reviews
        await department.reviews.approve(draft.id, by="Kim")
        await in_doubt_again(world, department)
        await looked_at(world, department)
        await department.once("sync")
        assert await status_of(department, person) is ContactStatus.NEEDS_REVIEW
        await says(paper, department, lead, "ask me first")
        assert "held by" in (await lead_of(department, person)).status_reason
        await says(paper, department, lead, "")
        found = await lead_of(department, person)
        assert found.contact_status is ContactStatus.NEEDS_REVIEW
        assert "ingagents review show" in found.status_reason


async def in_doubt_again(world: World, department: Department) -> None:
    world.fail("504", on="POST /chats")
    await department.once("outreach")
    world.plan()


@pytest.mark.parametrize(
    ("fault", "then", "kept"),
    [
        ("", ContactStatus.MESSAGE_SENT, ContactStatus.MESSAGE_SENT),
        ("act_then_504", ContactStatus.UNCERTAIN, ContactStatus.MESSAGE_SENT),
        ("504", ContactStatus.UNCERTAIN, ContactStatus.NEEDS_REVIEW),
    ],
)
async def test_a_hold_that_comes_while_the_request_is_out_does_not_hide_how_it_ended(
    world, fault, then, kept
):
    (person,) = world.friends()
    paper = Paper(world.sheets)
    async with world.at_work(**ON) as department:
        (lead,) = await world.allocate(department, person)
        await department.once("sync")
        await department.agent("outreach")
        sender = outreach_of(department).contact.sender
        send = sender.send_message

        async def hold_then_send(to: Recipient, text: str) -> Any:
            await says(paper, department, lead, "ask me first")
            assert await status_of(department, person) is ContactStatus.NEEDS_REVIEW
            return await send(to, text)

        sender.send_message = hold_then_send  # type: ignore[method-assign]
        if fault:
            world.fail(fault, on="POST /chats")
        await department.once("outreach")
        world.plan()
        assert await status_of(department, person) is then
        await looked_at(world, department)
        await says(paper, department, lead, "")
        assert await status_of(department, person) is kept
        assert len(world.acts(person)) == (fault != "504")
