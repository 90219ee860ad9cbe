"""The profile just read beats what was known; where they contradict each other a human decides."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from ingagents.app.department import Department
from ingagents.events import DecisionMade, LeadUpdated
from ingagents.model import Classification, ContactStatus, Lead, Profile
from ingagents.sandbox.market.people import Person
from ingagents.store.tables import leads
from tests.world import AT_ONCE, World, journal_of, lead_of, profile_of, status_of

THERESA = Profile(
    name="Theresa Brandt",
    first_name="Theresa",
    last_name="Brandt",
    position="CTO",
    company="Cobalt Works",
    headline="CTO at Cobalt Works",
    linkedin_url="https://www.linkedin.com/in/theresa-brandt-1",
    public_identifier="theresa-brandt-1",
)
OLD_ROW = {
    "name": "Tessa Brand",
    "first_name": "Tessa",
    "last_name": "Brand",
    "position": "VP Engineering",
    "company": "Old Harbour",
    "headline": "",
}


@pytest.fixture
def world(tmp_path: Path) -> World:
    world = World(tmp_path, people=(THERESA,))
    world.go_to(0, 9, 30)
    return world


def theresa(world: World) -> Person:
    return world.market.find("theresa-brandt-1")


async def imported(world: World, department: Department, **row: str) -> Lead:
    """Theresa on somebody's list, as the list says, and given to outreach."""
    listed = msgspec.structs.replace(THERESA, **row)
    await department.leads.add([listed], source="import:old.csv")
    lead = await lead_of(department, theresa(world))
    await allocated_again(world, department, lead)
    return lead


async def allocated_again(world: World, department: Department, lead: Lead) -> None:
    await department.store.write(
        lambda t: leads.allocate(t, lead.id, place=1, by="test", now=world.now)
    )


def becomes(world: World, **changes: Any) -> None:
    """From now on LinkedIn shows her otherwise."""
    person = msgspec.structs.replace(theresa(world), **changes)
    names = world.market.people._by_name
    names.update({name: person for name, one in names.items() if one.key == person.key})


CONTRADICTIONS = {
    "everything": OLD_ROW,
    "the name": {"name": "Tessa Brand", "first_name": "Tessa", "last_name": "Brand"},
    "the company": {"company": "Old Harbour", "headline": "CTO at Old Harbour"},
    "the job": {"position": "VP Engineering", "headline": ""},
}


@pytest.mark.parametrize("row", CONTRADICTIONS.values(), ids=CONTRADICTIONS.keys())
@pytest.mark.parametrize("approval", ["none", "low_confidence"])
async def test_a_contradiction_is_never_sent_and_a_human_sees_both_values(
    world: World, row: dict[str, str], approval: str
) -> None:
    async with world.at_work(outreach={"approval": approval}) as department:
        await imported(world, department, **row)
        outcome = await department.once("outreach")
        assert outcome.figures["for_review"] == 1
        assert world.acts() == []
        (review,) = (await department.reviews.list()).reviews
        said = " ".join(reason.why for reason in review.reasons)
        for field in ("name", "position", "company"):
            old, shown = row.get(field, ""), getattr(THERESA, field)
            if old and old != shown:
                assert f'"{old}"' in said
                assert f'"{shown}"' in said
                assert old not in review.text
        assert "Theresa" in review.text
        lead = await lead_of(department, theresa(world))
        assert (lead.name, lead.position, lead.company) == ("Theresa Brandt", "CTO", "Cobalt Works")
        assert lead.contradictions
        (item,) = (await department.report()).needs_human
        assert f"ingagents review show {review.id}" == item.command
        assert all(one in item.what for one in lead.contradictions)
        (decision,) = (
            one.decision
            for one in await journal_of(department, DecisionMade)
            if one.decision.kind == "profile"
        )
        assert [reason.why for reason in decision.reasons] == list(lead.contradictions)


async def test_what_a_human_approved_goes_out_with_the_fresh_values(world: World) -> None:
    async with world.at_work(**AT_ONCE) as department:
        await imported(world, department, **OLD_ROW)
        await department.once("outreach")
        (review,) = (await department.reviews.list()).reviews
        await department.reviews.approve(review.id, by="Kim")
        await department.once("outreach")
        (act,) = world.acts()
        assert act.text == review.text
        for old in ("Tessa", "Old Harbour", "VP Engineering"):
            assert old not in act.text


@pytest.mark.parametrize(
    "row",
    [
        {"name": "THERESA BRANDT", "first_name": "THERESA", "last_name": "BRANDT"},
        {"name": "Tess Brandt", "first_name": "Tess", "last_name": "Brandt"},
        {"name": "Dr. Theresa M. Brandt", "first_name": "", "last_name": ""},
        {"company": "Cobalt Works GmbH & Co. KG", "headline": ""},
        {"position": "Chief Technology Officer", "headline": ""},
        {"position": "", "company": "", "headline": ""},
    ],
)
async def test_another_spelling_is_sent_in_linkedins_own(world: World, row: dict[str, str]):
    async with world.at_work() as department:
        await imported(world, department, **row)
        await department.once("outreach")
        (act,) = world.acts()
        assert act.text.startswith("Hi Theresa,")
        lead = await lead_of(department, theresa(world))
        assert (lead.name, lead.company) == ("Theresa Brandt", "Cobalt Works")
        assert lead.contradictions == ()


async def test_a_job_that_linkedin_hides_stays_as_it_was_known(world: World) -> None:
    becomes(world, headline="", title="", company_name="")
    async with world.at_work() as department:
        await imported(world, department)
        await department.once("outreach")
        (act,) = world.acts()
        assert "Cobalt Works" in act.text


async def test_nobody_without_a_name_is_written_to(world: World) -> None:
    becomes(world, first_name="LinkedIn", last_name="Member")
    async with world.at_work() as department:
        await imported(world, department)
        await department.once("outreach")
        assert world.acts() == []
        lead = await lead_of(department, theresa(world))
        assert lead.contact_status is ContactStatus.NEEDS_REVIEW
        assert "no name" in lead.status_reason
        assert lead.name == "Theresa Brandt"


async def test_a_question_nobody_answered_does_not_make_a_contradiction_true(world: World) -> None:
    async with world.at_work(outreach={"approval_valid_hours": 1}) as department:
        lead = await imported(world, department, **OLD_ROW)
        await department.once("outreach")
        world.pass_time(hours=2)
        await department.once("outreach")
        assert await status_of(department, theresa(world)) is ContactStatus.NOT_CONTACTED
        await allocated_again(world, department, lead)
        await department.once("outreach")
        assert world.acts() == []
        assert await status_of(department, theresa(world)) is ContactStatus.NEEDS_REVIEW


async def test_an_approval_is_void_when_the_job_changes_once_more(world: World) -> None:
    async with world.at_work(outreach={"approval": "all"}) as department:
        await imported(world, department)
        await department.once("outreach")
        (review,) = (await department.reviews.list()).reviews
        await department.reviews.approve(review.id, by="Kim")
        becomes(world, title="CEO", company_name="Third House", headline="CEO at Third House")
        await department.once("outreach")
        assert world.acts() == []
        (second,) = (await department.reviews.list()).reviews
        assert second.id != review.id
        assert "Cobalt" not in second.text


async def test_a_sponsor_who_leads_technology_by_now_is_asked_to_speak(world: World) -> None:
    async with world.at_work() as department:
        row = {"position": "Head of Partnerships", "company": "Old Harbour", "headline": ""}
        before = await imported(world, department, **row)
        assert before.classification is Classification.SPONSOR
        await department.once("outreach")
        lead = await lead_of(department, theresa(world))
        assert lead.classification is Classification.SPEAKER
        assert lead.quality_score != before.quality_score
        (review,) = (await department.reviews.list()).reviews
        assert "speaker" in review.written_by


async def test_what_a_human_corrected_still_counts(world: World) -> None:
    async with world.at_work() as department:
        lead = await imported(world, department, **OLD_ROW)
        corrected = {"classification": "Other", "quality_score": 9.9}

        def correct(transaction: Any) -> None:
            now = leads.find(transaction, lead.id)
            assert now is not None
            leads.update(
                transaction,
                now,
                now=world.now,
                classification=Classification.OTHER,
                classification_confidence=1.0,
                quality_score=9.9,
            )
            department.queue.append(
                transaction,
                "sheet:Correct classification",
                LeadUpdated(lead_id=lead.id, changes=corrected, by="sheet:Correct classification"),
            )

        await department.store.write(correct)
        await department.once("outreach")
        after = await lead_of(department, theresa(world))
        assert (after.classification, after.quality_score) == (Classification.OTHER, 9.9)
        assert after.company == "Cobalt Works"


async def test_a_search_that_shows_a_new_job_does_not_hide_the_contradiction(world: World) -> None:
    async with world.at_work() as department:
        await imported(world, department, **OLD_ROW)
        shown = msgspec.structs.replace(THERESA, provider_id=theresa(world).provider_id)
        await department.leads.add([shown], source="search")
        lead = await lead_of(department, theresa(world))
        assert (lead.name, lead.company) == ("Theresa Brandt", "Cobalt Works")
        assert lead.contradictions
        await department.once("outreach")
        assert world.acts() == []
        assert await status_of(department, theresa(world)) is ContactStatus.NEEDS_REVIEW


async def test_an_old_list_does_not_overrule_what_linkedin_has_shown(world: World) -> None:
    async with world.at_work() as department:
        person = theresa(world)
        shown = msgspec.structs.replace(profile_of(person), provider_id=person.provider_id)
        await department.leads.add([shown], source="search")
        await department.leads.add(
            [msgspec.structs.replace(THERESA, **OLD_ROW, email="t@brandt.example")],
            source="import:old.csv",
        )
        lead = await lead_of(department, person)
        assert (lead.name, lead.position, lead.company) == ("Theresa Brandt", "CTO", "Cobalt Works")
        assert lead.profile.email == "t@brandt.example"


async def test_a_person_found_by_us_who_has_changed_jobs_meanwhile_is_a_humans_case(world: World):
    async with world.at_work() as department:
        person = theresa(world)
        shown = msgspec.structs.replace(profile_of(person), provider_id=person.provider_id)
        await department.leads.add([shown], source="search")
        await allocated_again(world, department, await lead_of(department, person))
        becomes(world, title="CEO", company_name="Third House", headline="CEO at Third House")
        await department.once("outreach")
        assert world.acts() == []
        (review,) = (await department.reviews.list()).reviews
        assert "Cobalt" not in review.text
