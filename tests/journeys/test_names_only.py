"""A list of names and addresses, and nothing else: everybody is looked at first, and judged then."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from ingagents.core.lead_classifier import classify
from ingagents.core.sending.means import Scarce
from ingagents.core.sending.plans import Gate
from ingagents.core.why.why_words import NotYet
from ingagents.model import Classification, ContactStatus
from ingagents.sandbox.market.people import Person
from ingagents.services.leads.views import exported
from tests.world import AT_ONCE, World, lead_of, profile_of

SENT = {ContactStatus.MESSAGE_SENT, ContactStatus.INVITED}


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path, size=400)


def kind_of(person: Person) -> Classification:
    return classify(profile_of(person)).label


def people_of(world: World, kind: Classification, count: int) -> list[Person]:
    return world.people(lambda one: one.distance in {2, 3} and kind_of(one) is kind, count)


def listed(folder: Path, people: Sequence[Person]) -> Path:
    file = folder / "names.csv"
    with file.open("w", encoding="utf-8", newline="") as stream:
        table = csv.writer(stream)
        table.writerow(["Name", "LinkedIn URL"])
        table.writerows([one.name, f"https://www.linkedin.com/in/{one.slug}"] for one in people)
    return file


def sections(**more: Any) -> dict[str, Any]:
    manager = {"allow_same_company": True, **more.pop("sales_manager", {})}
    return {**AT_ONCE, "sales_manager": manager, **more}


async def test_who_speaks_is_written_to_and_who_does_not_is_told_why(
    world: World, tmp_path: Path
) -> None:
    speakers = people_of(world, Classification.SPEAKER, 3)
    sponsors = people_of(world, Classification.SPONSOR, 2)
    others = people_of(world, Classification.OTHER, 3)
    everybody = [*others, *speakers, *sponsors]
    async with world.at_work(**sections()) as department:
        await department.leads.import_file(listed(tmp_path, everybody))
        for person in everybody:
            lead = await lead_of(department, person)
            assert lead.classification is None
            assert exported(lead)["classification"] == "Other"
            assert exported(lead)["judged"] is False
        world.go_to(0, 9, 30)
        assert (await department.once("allocate")).figures["allocated"] == len(everybody)
        why = (await department.leads.why(everybody[0].slug)).why
        assert why.gate is NotYet.TURN
        assert any(one.gate is Gate.KIND and "not judged yet" in one.value for one in why.asked)
        await department.once("outreach")
        for person in (*speakers, *sponsors):
            lead = await lead_of(department, person)
            assert lead.contact_status in SENT, lead.status_reason
            assert lead.classification is kind_of(person)
            assert len(world.acts(person)) == 1
        for person in others:
            lead = await lead_of(department, person)
            assert lead.contact_status is ContactStatus.NOT_CONTACTED
            assert lead.classification is Classification.OTHER
            assert "kind Other" in exported(lead)["status_reason"]
            assert world.acts(person) == []
            why = (await department.leads.why(person.slug)).why
            assert why.gate is NotYet.OTHER
            assert "LinkedIn shows" in why.reason
            assert "write_to_other" in why.reason
        asked = len(world.requests)
        assert (await department.once("allocate")).figures["allocated"] == 0
        await department.once("outreach")
        assert not any("/users/" in one for one in world.requests[asked:]), "nobody twice"
        world.check(department.settings)


async def test_whose_quality_shows_to_be_too_low_is_given_back_for_that(
    world: World, tmp_path: Path
) -> None:
    (person,) = people_of(world, Classification.SPEAKER, 1)
    finder = {"quality_threshold": 9.9}
    async with world.at_work(**sections(lead_finder=finder)) as department:
        await department.leads.import_file(listed(tmp_path, [person]))
        world.go_to(0, 9, 30)
        await department.once("allocate")
        await department.once("outreach")
        why = (await department.leads.why(person.slug)).why
    assert why.gate is NotYet.BELOW_THRESHOLD
    assert world.acts() == []


async def test_others_of_such_a_list_are_written_to_where_they_are_wanted(
    world: World, tmp_path: Path
) -> None:
    others = people_of(world, Classification.OTHER, 2)
    manager = {"write_to_other": True}
    async with world.at_work(**sections(sales_manager=manager)) as department:
        await department.leads.import_file(listed(tmp_path, others))
        world.go_to(0, 9, 30)
        await department.once("allocate")
        await department.once("outreach")
        for person in others:
            assert (await lead_of(department, person)).contact_status in SENT


async def test_no_more_are_looked_at_on_a_day_than_profiles_may_be_visited(
    world: World, tmp_path: Path
) -> None:
    others = people_of(world, Classification.OTHER, 5)
    finder = {"profile_visits_per_day": 2, "quality_threshold": 1.0}
    async with world.at_work(**sections(lead_finder=finder)) as department:
        await department.leads.import_file(listed(tmp_path, others))
        for day, judged in ((0, 2), (1, 4), (2, 5)):
            world.go_to(day, 9, 30)
            await department.once("allocate")
            await department.once("outreach")
            await department.once("outreach")
            found = [(await lead_of(department, one)).classification for one in others]
            assert len([one for one in found if one]) == judged
        means = {one.what: one for one in (await department.status()).limits.means}
        assert means[Scarce.PROFILE_VISITS].used == 1
