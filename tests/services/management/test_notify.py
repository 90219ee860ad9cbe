"""Slack, Teams and webhooks hear of each thing once, whatever happens to them meanwhile."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ingagents.app.department import Department
from ingagents.sandbox.market.people import Person
from tests.integrations.notify.receiver import Receiver
from tests.world import AT_ONCE, World, dead_letters

CHANNELS = ("slack", "teams", "webhook")


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    with receiver.listening():
        yield receiver


@pytest.fixture
def world(tmp_path: Path) -> World:
    world = World(tmp_path)
    world.go_to(0, 9, 1)
    return world


def told_on(world: World, receiver: Receiver, *channels: str) -> dict[str, Any]:
    """Settings under which these channels lead to the receiver, each by a path of its own."""
    for name in channels:
        address = receiver.url.replace("/hooks/", f"/{name}/")
        (world.folder / name).write_text(f"{address}\n", "utf-8")
    return {"notify": {f"{name}_url_file": str(world.folder / name) for name in channels}}


def taken_by(receiver: Receiver, channel: str, word: str) -> list[str]:
    """The notices that a channel took with a word in them."""
    bodies = [one.body.decode() for one in receiver.taken if one.path.startswith(f"/{channel}/")]
    return [body for body in bodies if word in body]


async def one_positive_answer(world: World, department: Department) -> Person:
    (person,) = world.welcoming("positive")
    await world.allocate(department, person)
    world.go_to(0, 9, 5)
    await department.once("outreach")
    world.go_to(0, 12)
    await department.once("replies")
    return person


async def test_an_answer_is_told_on_every_channel_and_by_mail_once(world, receiver):
    async with world.at_work(**told_on(world, receiver, *CHANNELS), **AT_ONCE) as department:
        person = await one_positive_answer(world, department)
        for _ in range(3):
            world.pass_time(hours=1)
            await department.once("monitor")
        assert len(world.mail.about(person.name)) == 1
        for channel in CHANNELS:
            assert len(taken_by(receiver, channel, person.last_name)) == 1, channel


@pytest.mark.parametrize("trouble", [500, 503, 302, 404])
async def test_a_channel_that_refuses_gets_it_in_the_end_and_holds_up_nobody(
    world, receiver, trouble
):
    receiver.answers = [trouble] * 12
    async with world.at_work(**told_on(world, receiver, "slack"), **AT_ONCE) as department:
        person = await one_positive_answer(world, department)
        assert len(world.mail.about(person.name)) == 1, "mail does not wait for Slack"
        assert taken_by(receiver, "slack", person.last_name) == []
        await department.run(until=world.at(0, 14))
        assert len(taken_by(receiver, "slack", person.last_name)) == 1
        assert await dead_letters(department) == []


async def test_a_channel_that_is_down_for_an_hour_hears_of_everything_once_it_is_back(world):
    receiver = Receiver()
    with receiver.listening():
        port = int(receiver.url.split(":")[2].split("/")[0])
        sections = told_on(world, receiver, "webhook")
    async with world.at_work(**sections, **AT_ONCE) as department:
        person = await one_positive_answer(world, department)
        await department.run(until=world.at(0, 13))
        assert receiver.taken == []
        with receiver.listening(port):
            await department.run(until=world.at(0, 13, 10))
        assert len(taken_by(receiver, "webhook", person.last_name)) == 1


@pytest.mark.parametrize("answer", ["lost", "hang up"])
async def test_what_a_channel_may_have_taken_is_not_told_again(world, receiver, answer):
    receiver.answers = [answer]
    async with world.at_work(**told_on(world, receiver, "teams"), **AT_ONCE) as department:
        person = await one_positive_answer(world, department)
        for _ in range(3):
            world.pass_time(hours=1)
            await department.once("monitor")
        assert len([one for one in receiver.asked if person.last_name in one.body.decode()]) == 1


async def test_a_notice_tried_again_has_the_same_id(world, receiver):
    receiver.answers = [500]
    async with world.at_work(**told_on(world, receiver, "webhook"), **AT_ONCE) as department:
        await one_positive_answer(world, department)
        world.pass_time(minutes=5)
        await department.once("monitor")
    first, second = (json.loads(one.body) for one in receiver.asked[:2])
    assert first["id"] == second["id"]


async def test_a_new_channel_is_not_flooded_with_what_mail_told_long_ago(world, receiver):
    async with world.keeping_time():
        async with world.department(**AT_ONCE) as department:
            await one_positive_answer(world, department)
        world.pass_time(days=3)
        async with world.department(**told_on(world, receiver, "slack"), **AT_ONCE) as department:
            await department.once("monitor")
    assert receiver.asked == []
