"""A campaign whose API takes no words: people enter it bare, or by a file that a human uploads."""

from __future__ import annotations

from functools import partial

import pytest

from ingagents.model import ContactStatus, DeliveryKind, DeliveryState
from ingagents.services.outreach.enrolments.upload import columns_of, upload_rows
from ingagents.store.tables import deliveries
from tests.campaign_world import DripifyWorld
from tests.world import AT_ONCE, lead_of

UPLOAD = {"upload": True}


@pytest.fixture
def world(tmp_path) -> DripifyWorld:
    world = DripifyWorld(tmp_path)
    world.go_to(0, 9, 30)
    return world


async def test_people_enter_a_campaign_with_words_of_its_own_bare_and_are_followed(world):
    (person,) = world.silent()
    async with world.at_work() as department:
        await world.allocate(department, person)
        await department.once("outreach")
        enrolled = await lead_of(department, person)
        world.pass_time(hours=2)
        await department.once("outreach")
        await department.once("outreach")
        invited = await lead_of(department, person)
        (act,) = await department.store.read(partial(deliveries.of_recipient, recipient=invited.id))
    assert enrolled.contact_status is ContactStatus.ENROLLED
    assert invited.contact_status is ContactStatus.INVITED
    assert (act.kind, act.text, act.says) == (DeliveryKind.INVITATION, "", ())
    assert [act.kind for act in world.acts(person)] == ["enrolment", "invitation"]


async def test_a_file_has_a_row_a_person_and_a_column_a_step_until_a_human_has_uploaded_it(world):
    people = world.silent(2)
    async with world.at_work(
        linkedin=UPLOAD, outreach={**AT_ONCE["outreach"], "sequence": {"follow_ups": []}}
    ) as department:
        await world.allocate(department, *people)
        await department.once("outreach")
        rows = await department.store.read(upload_rows)
        assert columns_of(rows) == ("linkedinUrl", "first_name", "invitation", "first_message")
        assert len(rows) == 2
        for person, row in zip(people, rows, strict=True):
            assert person.slug in row["linkedinUrl"]
            assert row["invitation"]
            assert row["first_message"]
        waiting = (await department.reviews.list()).reviews
        await department.reviews.approve(waiting[-1].id, by="robin")
        left = await department.store.read(upload_rows)
        states = [(await lead_of(department, person)).contact_status for person in people]
    assert world.acts() == []
    assert len(left) == 1
    assert sorted(states) == [ContactStatus.ENROLLED, ContactStatus.UNCERTAIN]


async def test_a_file_leaves_out_whoever_is_not_to_be_written_to_since(world):
    people = world.silent(3)
    async with world.at_work(linkedin=UPLOAD, **AT_ONCE) as department:
        ids = await world.allocate(department, *people)
        await department.once("outreach")
        assert len(await department.store.read(upload_rows)) == 3
        await department.leads.suppress(ids[0], reason="competitor", by="robin")
        await department.leads.stage(ids[1], "Lost", by="robin")
        (left,) = await department.store.read(upload_rows)
    assert people[2].slug in left["linkedinUrl"]


async def test_whoever_cannot_be_stopped_by_the_api_is_told_of_once(world):
    (person,) = world.silent()
    async with world.at_work() as department:
        (lead_id,) = await world.allocate(department, person)
        await department.once("outreach")
        await department.leads.stage(lead_id, "Lost", by="robin")
        for _ in range(3):
            world.pass_time(minutes=10)
            await department.once("outreach")
        lead = await lead_of(department, person)
        acts = await department.store.read(partial(deliveries.of_recipient, recipient=lead.id))
    assert [(act.kind, act.state) for act in acts] == [
        (DeliveryKind.ENROLMENT, DeliveryState.SENT),
        (DeliveryKind.STOP, DeliveryState.UNCERTAIN),
    ]
