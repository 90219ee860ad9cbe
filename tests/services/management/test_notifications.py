"""What the team is told by mail: once, in few mails, and not at night."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ingagents.app.department import Department
from ingagents.events import TeamNotified
from ingagents.model import ContactStatus
from ingagents.sandbox.market.people import Person
from ingagents.services.outreach.kill_switch import pause_outreach
from tests.world import AT_ONCE, World, dead_letters, deliveries_of, journal_of, status_of

NIGHT: dict[str, Any] = {"quiet_hours_start": "11:00", "quiet_hours_end": "15:00"}


@pytest.fixture
def world(tmp_path: Path) -> World:
    world = World(tmp_path)
    world.go_to(0, 9, 1)
    return world


async def answer_of(world: World, department: Department, *people: Person) -> None:
    await world.allocate(department, *people)
    world.go_to(0, 9, 5)
    await department.once("outreach")
    world.go_to(0, 12)
    await department.once("replies")


async def test_in_quiet_hours_a_positive_reply_waits_and_is_told_at_their_end(world):
    async with world.at_work(email=NIGHT, **AT_ONCE) as department:
        (person,) = world.welcoming("positive")
        await answer_of(world, department, person)
        await department.run(until=world.at(0, 14, 59))
        assert world.mail.about("positive reply") == []
        await department.run(until=world.at(0, 15, 5))
        # Others may have answered by then: this person's is told, once.
        told = [mail for mail in world.mail.about("positive reply") if person.name in mail.subject]
        assert len(told) == 1


async def test_a_waiting_notice_survives_a_restart(world):
    async with world.keeping_time():
        async with world.department(email=NIGHT, **AT_ONCE) as department:
            (person,) = world.welcoming("positive")
            await answer_of(world, department, person)
        world.go_to(0, 15, 1)
        async with world.department(email=NIGHT, **AT_ONCE) as department:
            await department.once("monitor")
            assert len(world.mail.about("positive reply")) == 1


async def test_many_answers_at_once_share_one_mail_and_each_is_told_once(world):
    async with world.at_work(email={"alerts_together_from": 3}, **AT_ONCE) as department:
        people = world.welcoming("positive", count=3)
        await answer_of(world, department, *people)
        await department.once("monitor")
        (mail,) = world.mail.about("positive replies")
        for person in people:
            assert mail.text.count(person.last_name) >= 1
        told = await journal_of(department, TeamNotified)
        assert len({one.about for one in told}) == len(told) == 3
        world.pass_time(hours=2)
        await department.once("monitor")
        assert world.mail.about("positive") == [mail]


@pytest.mark.parametrize(("answer", "mails"), [("refused", 1), ("unknown", 1), ("lost", 0)])
async def test_a_shared_mail_stands_or_falls_as_one(world, answer, mails):
    world.mail.answers = [answer]
    async with world.at_work(email={"alerts_together_from": 2}, **AT_ONCE) as department:
        people = world.welcoming("positive", count=2)
        await answer_of(world, department, *people)
        for _ in range(3):
            world.pass_time(hours=1)
            await department.once("monitor")
        assert len(world.mail.about("positive")) == mails
        assert await dead_letters(department) == []
        alerts = await deliveries_of(department, "team")
        assert len({one.state for one in alerts if one.state != "refused"}) == 1


async def test_trouble_with_the_account_is_told_once(world):
    async with world.at_work(**AT_ONCE) as department:
        context = department.context
        await department.store.write(
            lambda t: pause_outreach(context, t, "LinkedIn: log in again", doing="sending")
        )
        await department.once("monitor")
        await department.once("monitor")
        (mail,) = world.mail.about("account trouble")
        assert "log in again" in mail.text
        assert "ingagents resume" in mail.text


async def test_a_person_who_asks_something_is_handed_over(world):
    async with world.at_work(**AT_ONCE) as department:
        (person,) = world.welcoming("question")
        await answer_of(world, department, person)
        assert await status_of(department, person) is ContactStatus.RESPONDED
        await department.once("monitor")
        told = [mail for mail in world.mail.taken if person.last_name in mail.subject]
        assert len(told) == 1


async def test_a_single_look_for_answers_mails_what_it_found(world):
    async with world.at_work(**AT_ONCE) as department:
        (person,) = world.welcoming("positive")
        await answer_of(world, department, person)
        (mail,) = world.mail.about("positive reply")
        assert person.last_name in mail.text
        await department.once("replies")
        await department.once("monitor")
        assert world.mail.about("positive reply") == [mail], "told once"


async def test_a_look_at_the_figures_mails_the_alerts_it_raises(world):
    async with world.at_work(**AT_ONCE) as department:
        await department.once("coordinate")
        await world.allocate(department, *world.strangers(2))
        await department.pause(by="Kim", reason="contract talks")
        world.go_to(0, 17, 30)
        assert "nothing_sent" in (await department.once("monitor")).figures["raised"]
        (mail,) = world.mail.about("nothing sent")
        assert "contract talks" in mail.text
        await department.once("monitor")
        assert world.mail.about("nothing sent") == [mail], "told once"


async def test_a_single_look_in_quiet_hours_leaves_the_mail_to_a_later_task(world):
    async with world.at_work(email=NIGHT, **AT_ONCE) as department:
        (person,) = world.welcoming("positive")
        await answer_of(world, department, person)
        assert world.mail.about("positive reply") == []
        world.go_to(0, 15, 1)
        await department.once("replies")
        assert len(world.mail.about("positive reply")) == 1


def asking(**outreach: Any) -> dict[str, Any]:
    return {"outreach": {**AT_ONCE["outreach"], **outreach}}


async def test_texts_that_wait_for_approval_are_told_at_once_in_one_mail(world):
    async with world.at_work(**asking(approval="all")) as department:
        people = world.people(lambda person: person.distance == 2, 3)
        await world.allocate(department, *people)
        await department.once("outreach")
        (mail,) = world.mail.about("to approve")
        for person in people:
            assert person.last_name in mail.text
        assert "ingagents review show" in mail.text
        await department.once("outreach")
        assert world.mail.about("to approve") == [mail], "told once"


async def test_texts_that_wait_are_told_while_the_department_runs(world):
    async with world.at_work(**asking(approval="all")) as department:
        people = world.people(lambda person: person.distance == 2, 3)
        await world.allocate(department, *people)
        await department.run(until=world.at(0, 10))
        told = world.mail.about("to approve")
        assert len(told) == 1
        assert all(person.last_name in told[0].text for person in people)


async def test_texts_that_wait_are_not_mailed_in_quiet_hours(world):
    night = {"quiet_hours_start": "08:00", "quiet_hours_end": "12:00"}
    async with world.at_work(email=night, **asking(approval="all")) as department:
        await world.allocate(department, *world.people(lambda p: p.distance == 2, 2))
        await department.once("outreach")
        assert world.mail.about("to approve") == []
        world.go_to(0, 12, 1)
        await department.once("outreach")
        assert len(world.mail.about("to approve")) == 1
