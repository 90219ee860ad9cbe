"""A dry run is the real run without the act: what it shows is what goes once `live` is true."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import msgspec
import pytest

from ingagents.events import DecisionMade
from ingagents.model import ContactStatus, ModelTask
from tests.scripted_model import ScriptedModel, honest
from tests.world import AT_ONCE, NO_GAP, World, journal_of, lead_of, profile_of, status_of


def texts_of(outcome: Any) -> dict[str, str]:
    return {one["name"]: one["text"] for one in outcome.figures["dry_run_texts"]}


def sent(world: World) -> dict[str, str]:
    names = {person.key: person.name for person in world.market.people}
    return {names[act.person]: act.text for act in world.acts()}


async def test_exactly_the_text_that_was_shown_goes_out(world):
    """Another process draws other wordings; what was shown stays."""
    people = world.strangers(6)
    async with world.keeping_time():
        async with world.department(live=False, **AT_ONCE) as department:
            await world.allocate(department, *people)
            shown = texts_of(await department.once("outreach"))
        assert len(shown) == 6
        for day in (1, 2):
            world.go_to(day, 10)
            async with world.department(live=False, **AT_ONCE) as department:
                assert texts_of(await department.once("outreach")) == shown
        async with world.department(**AT_ONCE) as department:
            outcome = await department.once("outreach")
            assert outcome.figures["changed_texts"] == []
        assert sent(world) == shown


async def test_a_text_whose_facts_changed_says_so(world):
    (person,) = world.strangers()
    async with world.keeping_time():
        async with world.department(live=False, **AT_ONCE) as department:
            await world.allocate(department, person)
            (shown,) = texts_of(await department.once("outreach")).values()
        async with world.department(campaign={"event_city": "Bonn"}, **AT_ONCE) as department:
            outcome = await department.once("outreach")
            (said,) = outcome.figures["changed_texts"]
            assert person.name in said
            assert "the text shown on 2027-03-01 changed because the campaign" in said
            (act,) = world.acts(person)
            assert act.text != shown
            assert "Bonn" in act.text
            why = [
                reason.why
                for one in await journal_of(department, DecisionMade)
                for reason in one.decision.reasons
            ]
            assert any("changed because" in one for one in why)


async def test_a_dry_run_shows_again_what_changed(world):
    (person,) = world.strangers()
    async with world.keeping_time():
        async with world.department(live=False, **AT_ONCE) as department:
            await world.allocate(department, person)
            first = texts_of(await department.once("outreach"))
        async with world.department(
            live=False, campaign={"sender_name": "Lee Holm"}, **AT_ONCE
        ) as department:
            outcome = await department.once("outreach")
            assert texts_of(outcome) != first
            assert len(outcome.figures["changed_texts"]) == 1
            assert (await department.once("outreach")).figures["changed_texts"] == []


async def test_a_change_of_the_job_between_showing_and_sending_is_a_humans_case(world):
    (person,) = world.strangers()
    async with world.keeping_time():
        async with world.department(live=False, **AT_ONCE) as department:
            await world.allocate(department, person)
            await department.once("outreach")
        other = msgspec.structs.replace(
            person, title="Head of Sales", company_name="Third House", headline="", company=None
        )
        names = world.market.people._by_name
        names.update({person.slug: other, person.provider_id: other})
        async with world.department(**AT_ONCE) as department:
            await department.once("outreach")
            assert world.acts() == []
            assert await status_of(department, person) is ContactStatus.NEEDS_REVIEW
            (review,) = (await department.reviews.list()).reviews
            assert "Third House" in " ".join(reason.why for reason in review.reasons)


async def test_a_dry_run_costs_one_visit_a_day_and_no_second_draft(world):
    people = world.people(lambda p: p.distance in {2, 3} and p.country in {"US", "GB"}, 2)
    model = ScriptedModel(lambda question: honest(question, random.Random(1)))
    async with world.keeping_time():
        for _ in range(3):
            async with world.department(live=False, model=model, **AT_ONCE) as department:
                if not world.requests:
                    await world.allocate(department, *people)
                await department.once("outreach")
        asked = len(model.asked(ModelTask.MESSAGE))
        visits = world.asked("GET /users/ACo") + sum(
            world.asked(f"GET /users/{person.slug}") for person in people
        )
        assert 2 <= asked <= 4
        assert visits == 2
        world.go_to(1, 9, 30)
        async with world.department(live=False, model=model, **AT_ONCE) as department:
            await department.once("outreach")
        assert len(model.asked(ModelTask.MESSAGE)) == asked


@pytest.mark.parametrize(
    ("limits", "at", "shown", "says"),
    [
        ({**NO_GAP, "daily_limit": 2}, (9, 30), 2, "day's limit of 2"),
        ({**NO_GAP, "weekly_limit": 3, "spread": "greedy"}, (9, 30), 3, "week's limit of 3"),
        (
            {**NO_GAP, "weekly_limit": 12, "spread": "even"},
            (9, 30),
            3,
            "even share of the week's invitations, 3",
        ),
        ({"min_interval_minutes": 20, "max_interval_minutes": 40}, (16, 0), 2, "working hours"),
        (NO_GAP, (20, 0), 0, "working hours"),
    ],
)
async def test_a_dry_run_shows_what_would_go_today_and_what_waits_until_when(
    world, limits, at, shown, says
):
    world.go_to(0, *at)
    settings = {"outreach": {"rate_limiting": limits}}
    async with world.at_work(live=False, **settings) as department:
        await world.allocate(department, *world.strangers(5))
        for _ in range(2):
            outcome = await department.once("outreach")
            assert outcome.figures["dry_run"] == shown
            assert says in outcome.waits_for
            assert outcome.waits_until is not None


async def test_whom_the_real_run_would_not_write_to_is_not_shown(world):
    (person,) = world.strangers()
    async with world.at_work(live=False, **AT_ONCE) as department:
        url = f"https://www.linkedin.com/in/{person.provider_id}"
        await department.leads.suppress(url, reason="asked by mail", by="Kim")
        await world.allocate(department, person)
        assert (await department.once("outreach")).figures["dry_run"] == 0
        assert await status_of(department, person) is ContactStatus.SUPPRESSED


async def test_approvals_are_asked_for_as_in_the_real_run(world):
    (person,) = world.strangers()
    settings = {"outreach": {"approval": "all", "rate_limiting": NO_GAP}}
    async with world.at_work(live=False, **settings) as department:
        await world.allocate(department, person)
        assert (await department.once("outreach")).figures["dry_run"] == 0
        assert await status_of(department, person) is ContactStatus.NEEDS_REVIEW
        (review,) = (await department.reviews.list()).reviews
        await department.reviews.approve(review.id, by="Kim")
        outcome = await department.once("outreach")
        assert texts_of(outcome) == {person.name: review.text}
        assert await status_of(department, person) is ContactStatus.ALLOCATED
        assert world.acts() == []


async def test_a_shown_text_can_be_edited_or_rejected_before_it_is_for_real(world):
    first, second = world.strangers(2)
    mine = (
        f"Hi {first.first_name}, InG Summit is in Berlin in May 2027, and we look for speakers like"
        " you. May I send you a short outline?"
    )
    async with world.keeping_time():
        async with world.department(live=False, **AT_ONCE) as department:
            await world.allocate(department, first, second)
            outcome = await department.once("outreach")
            ids = {one["name"]: one["review"] for one in outcome.figures["dry_run_texts"]}
            edited = await department.reviews.edit(ids[first.name], mine, by="Kim")
            assert edited.ok, edited.says
            await department.reviews.reject(ids[second.name], reason="a friend", by="Kim")
            outcome = await department.once("outreach")
            assert texts_of(outcome) == {first.name: mine}
        async with world.department(**AT_ONCE) as department:
            await department.once("outreach")
            assert sent(world) == {first.name: mine}
            assert await status_of(department, second) is ContactStatus.CLOSED


async def test_status_and_report_list_what_would_go(world):
    people = world.strangers(7)
    async with world.at_work(live=False, linkedin={"live": False}, **AT_ONCE) as department:
        await world.allocate(department, *people)
        shown = texts_of(await department.once("outreach"))
        status = await department.status()
        assert status.dry_run.count == 7
        assert len(status.dry_run.texts) == 5
        report = await department.report()
        assert {one.name: one.text for one in report.would_go} == shown


async def test_what_was_read_in_a_dry_run_is_kept_with_the_lead(tmp_path: Path):
    world = World(tmp_path)
    world.go_to(0, 9, 30)
    (person,) = world.strangers()
    async with world.at_work(live=False, **AT_ONCE) as department:
        listed = msgspec.structs.replace(profile_of(person), headline="", position="", company="")
        await department.leads.add([listed], source="import:test")
        await world.allocate(department, person)
        await department.once("outreach")
        lead = await lead_of(department, person)
        assert lead.provider_id == person.provider_id
        assert lead.contact_status is ContactStatus.ALLOCATED
