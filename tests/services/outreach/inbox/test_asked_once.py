"""What no fact answers is asked of the team once, and its answer becomes a fact when it says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingagents.app.rules.campaign_facts import fact_of_answer, write_facts
from ingagents.events import FactsChanged
from tests.agents.test_conversation import QuietWorld, tell
from tests.services.outreach.inbox.test_answers import GOLD, answers, asked, passes, says
from tests.world import AT_ONCE, journal_of


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> QuietWorld:
    monkeypatch.chdir(tmp_path)
    tell(GOLD)
    world = QuietWorld(tmp_path)
    world.go_to(0, 9, 30)
    return world


@pytest.mark.parametrize("answered", ["with a fact", "by hand"])
async def test_whoever_asks_what_is_asked_already_is_told_of_when_the_first_is_answered(
    world, answered
):
    async with world.at_work(**AT_ONCE) as department:
        first, second = world.friends(2)
        await world.allocate(department, first, second)
        await department.once("outreach")
        await says(world, department, first, "Do you pay for the hotel?")
        await says(world, department, second, "Do you pay for the hotel?")
        assert world.mail.about(second.name) == []
        if answered == "by hand":
            reviews = [one for one in await answers(department) if one.recipient == first.name]
            await department.reviews.reject(reviews[0].id, reason="told them", by="Kim")
            await department.once("monitor")
            (told,) = world.mail.about(second.name)
            assert "no fact answers: Do you pay" in told.text
    if answered == "with a fact":
        tell(GOLD + '[[fact]]\nid = "hotel"\ntext = "Two nights are paid."\nasks = ["hotel"]\n')
        async with world.at_work(**AT_ONCE) as department:
            await department.once("outreach")
            await department.once("monitor")
            (told,) = world.mail.about(second.name)
            assert "Two nights are paid." in told.text


async def test_two_messages_that_one_answer_is_prepared_for_are_one_notice(world):
    async with world.at_work(**AT_ONCE) as department:
        person = await asked(world, department)
        assert len(world.mail.about(person.name)) == 1
        world.market.speak(person, "Do you pay for the hotel?")
        await says(world, department, person, "And do you pay for my dog?")
        (_, told) = world.mail.about(person.name)
        assert "no fact answers: Do you pay for the hotel?" in told.text
        assert "no fact answers: And do you pay for my dog?" in told.text


async def test_what_the_team_answers_becomes_a_fact_for_whoever_asks_next_when_it_says_so(world):
    async with world.at_work(**AT_ONCE) as department:
        first, second = world.friends(2)
        await world.allocate(department, first, second)
        await department.once("outreach")
        await says(world, department, first, "Do you pay for the hotel?")
        await says(world, department, second, "Do you pay for the hotel?")
        waiting = {one.recipient: one for one in await answers(department)}
        text = f"Hi {first.name.split()[0]},\n\nyes, two nights are paid."
        kept = fact_of_answer(department.settings, "hotel", waiting[first.name], text, asks=())
        decided = await department.reviews.edit(waiting[first.name].id, text, by="Kim")
        assert decided.ok, decided.says
        assert kept is not None
        write_facts(*kept)
        await passes(world, department, 1)
        (theirs,) = await answers(department)
        assert (theirs.recipient, "yes, two nights are paid." in theirs.text) == (second.name, True)
        (event,) = await journal_of(department, FactsChanged)
        assert event.ids == {"hotel": "added"}
