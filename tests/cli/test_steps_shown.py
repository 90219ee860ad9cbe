"""Where a conversation stands is told wherever a person of the team looks."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from ingagents.cli.dossier import say_dossier
from ingagents.cli.review import say_file
from tests.agents.test_conversation import FACTS, QuietWorld, at_work_on, tell
from tests.world import AT_ONCE, lead_of

ZONE = ZoneInfo("Europe/Berlin")
APPROVED: Any = {"outreach": {**AT_ONCE["outreach"], "approval": "all"}}


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> QuietWorld:
    monkeypatch.chdir(tmp_path)
    tell(FACTS)
    world = QuietWorld(tmp_path)
    world.go_to(0, 10)
    return world


async def test_a_lead_is_shown_with_its_last_and_next_step_its_moment_and_its_reason(world):
    (person,) = world.friends()
    async with world.at_work(**AT_ONCE) as department:
        await world.allocate(department, person)
        lead = await lead_of(department, person)
        before = say_dossier(await department.leads.show(lead.id), ZONE)
        assert not any("step:" in line for line in before)
        await department.once("outreach")
        lines = list(say_dossier(await department.leads.show(lead.id), ZONE))
    assert "  last step: first_message" in lines
    (told,) = [line for line in lines if line.startswith("  next step: ")]
    assert told.startswith("  next step: follow_up_1 on 2027-03-08 10:00 CET: ")
    assert told.endswith(": 5 working days after the first message, if there is no answer")


async def test_a_follow_up_to_approve_names_its_step_and_shows_every_word_said_before(world):
    (person,) = world.friends()
    async with world.at_work(**AT_ONCE) as department:
        await world.allocate(department, person)
        await department.once("outreach")
    async with world.at_work(**APPROVED) as department:
        world.go_to(7, 16)
        await department.once("outreach")
        (review,) = (await department.reviews.list()).reviews
        lines = list(say_file(await department.reviews.show(review.id), ZONE))
        before = (await lead_of(department, person)).message_sent or ""
    assert lines[0] == f"{review.id}  draft of the follow-up 1  open"
    begins = lines.index("us, 2027-03-01 10:00 CET")
    text = lines[lines.index("the exact text") + 1 :]
    thread = lines[begins + 1 : lines.index("the exact text")]
    assert [line.removeprefix("  | ") for line in thread] == before.splitlines()
    assert text[: len(review.text.splitlines())] == [f"  | {x}" for x in review.text.splitlines()]


async def test_that_facts_are_missing_is_told_in_status_and_report_until_there_are_some(world):
    tell("")
    (person,) = world.friends()
    missing = "othing new to say to 1 person: add facts to facts.toml (`ingagents facts list`)"
    async with world.at_work(**AT_ONCE) as department:
        await world.allocate(department, person)
        await department.once("outreach")
        for day in range(1, 29):
            await at_work_on(world, department, day)
        waits = (await department.status()).conversations
        assert (waits.nothing_new, waits.put_off) == (1, 0)
        assert f"n{missing}" in waits.in_words(ZONE)
        assert f"N{missing}." in (await department.report()).insights
    tell(FACTS)
    async with world.at_work(**AT_ONCE) as department:
        waits = (await department.status()).conversations
        assert (waits.nothing_new, waits.due) == (0, 1)
        assert not any("othing new to say" in one for one in (await department.report()).insights)
