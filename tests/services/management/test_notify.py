"""Slack, Teams and webhooks hear of each thing once, whatever happens to them meanwhile."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from ingagents.app.department import Department
from ingagents.sandbox.market.people import Person
from ingagents.services.management.reporting import open_now
from ingagents.services.management.team_mail import REPEATS_MOST
from tests import PATIENCE
from tests.integrations.notify.receiver import Receiver, signed_id
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


DOUBTS = ("lost", "hang up", "hung", "slow", "headers")
"""After these nobody but the receiver knows whether it took the notice."""


@pytest.mark.parametrize("trouble", [*DOUBTS, 500, 503, 302, 404, "endless"])
@pytest.mark.parametrize("channel", CHANNELS)
async def test_whatever_a_receiver_does_each_notice_comes_once_in_the_end_or_is_told_of(
    world, receiver, channel, trouble
):
    receiver.answers = [trouble]
    sections = told_on(world, receiver, channel)
    sections["notify"]["timeout_seconds"] = 2
    async with world.at_work(**sections, **AT_ONCE) as department:
        person = await one_positive_answer(world, department)
        for _ in range(3):
            world.pass_time(hours=1)
            await department.once("monitor")
        matters = await department.store.read(lambda t: open_now(t, world.clock.now().date()))
        assert await dead_letters(department) == []
    about = [one for one in receiver.asked if person.last_name in one.body.decode()]
    taken = [one for one in receiver.taken if one in about]
    in_doubt = [one for one in matters if f"come to {channel}" in one.what]
    if channel == "webhook":
        assert len({signed_id(one) for one in about}) == 1
        assert taken
        assert not in_doubt
    elif trouble in DOUBTS:
        assert len(about) == 1
        assert in_doubt
    else:
        assert len(taken) == 1
        assert not in_doubt


class Patient(Receiver):
    """One channel is answered only after all the others have their notice."""

    def __init__(self, last: str) -> None:
        super().__init__()
        self.last = last
        self.others: set[str] = set()
        self.others_told = threading.Event()

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        channel = request.path.split("/")[1]
        if channel == self.last:
            self.others_told.wait(PATIENCE)
        super().answer(request)
        self.others |= {channel} - {self.last}
        if len(self.others) == len(CHANNELS) - 1:
            self.others_told.set()


@pytest.mark.parametrize("last", CHANNELS)
async def test_a_channel_that_hangs_holds_up_none_of_the_others(world, last):
    """Told one after the other, they would wait for it until its time is over."""
    receiver = Patient(last)
    with receiver.listening():
        async with world.at_work(**told_on(world, receiver, *CHANNELS), **AT_ONCE) as department:
            person = await one_positive_answer(world, department)
            for channel in CHANNELS:
                assert len(taken_by(receiver, channel, person.last_name)) == 1, channel
            assert len(world.mail.about(person.name)) == 1


async def test_a_webhook_that_never_answers_is_left_in_doubt_after_many_tries(world, receiver):
    receiver.answers = ["lost"] * (REPEATS_MOST + 5)
    async with world.at_work(**told_on(world, receiver, "webhook"), **AT_ONCE) as department:
        person = await one_positive_answer(world, department)
        await department.run(until=world.at(0, 17))
        matters = await department.store.read(lambda t: open_now(t, world.clock.now().date()))
    assert len(taken_by(receiver, "webhook", person.last_name)) == REPEATS_MOST
    assert [one.what for one in matters if one.what.startswith("1 notice may not have come to web")]


async def test_a_channel_that_says_nothing_is_left_alone_for_a_while(world, receiver):
    receiver.answers = ["lost"] * 2
    async with world.at_work(**told_on(world, receiver, "slack"), **AT_ONCE) as department:
        people = world.welcoming("positive", count=2)
        await world.allocate(department, *people)
        world.go_to(0, 9, 5)
        await department.once("outreach")
        world.go_to(0, 12)
        await department.once("replies")
        assert len(receiver.asked) == 1
        await department.run(until=world.at(0, 12, 3))
        assert len(receiver.asked) == 2
        await department.run(until=world.at(0, 12, 30))
    assert len(receiver.asked) == 2


async def test_each_notice_to_a_webhook_has_an_id_of_its_own(world, receiver):
    sections = told_on(world, receiver, "webhook", "slack")
    async with world.at_work(
        email={"alerts_together_from": 2}, **sections, **AT_ONCE
    ) as department:
        people = world.welcoming("positive", count=2)
        await world.allocate(department, *people)
        world.go_to(0, 9, 5)
        await department.once("outreach")
        world.go_to(0, 12)
        await department.once("replies")
    assert len([one for one in receiver.taken if one.path.startswith("/slack/")]) == 1
    hooks = [one for one in receiver.taken if one.path.startswith("/webhook/")]
    assert len({signed_id(one) for one in hooks}) == len(hooks) == 2


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


async def test_a_new_process_tells_at_once_what_the_one_before_it_could_not(world, receiver):
    sections = told_on(world, receiver, "slack")
    receiver.otherwise = 500
    async with world.keeping_time():
        async with world.department(**sections, **AT_ONCE) as department:
            person = await one_positive_answer(world, department)
            await department.run(until=world.at(0, 12, 10))
        receiver.otherwise = 200
        assert taken_by(receiver, "slack", person.last_name) == []
        world.go_to(0, 12, 20)
        async with world.department(**sections, **AT_ONCE) as department:
            await department.run(until=world.at(0, 12, 25))
    assert len(taken_by(receiver, "slack", person.last_name)) == 1
