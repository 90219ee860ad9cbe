"""A conversation on the market: after acceptance, to the silent alone, each step once, with its reason."""

from __future__ import annotations

import random
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar

import msgspec
import pytest

from ingagents.app.department import Department
from ingagents.core.messages.sentences import repeated
from ingagents.events import DecisionMade
from ingagents.model import ContactStatus, Lead
from ingagents.sandbox.market.behaviour import accepts_after
from ingagents.sandbox.market.market import Market
from ingagents.sandbox.market.people import Person
from ingagents.sandbox.market.timeline import Story
from ingagents.services.leads.suppression import hold_lead, let_go
from ingagents.store.tables import leads
from tests.honest_writers import written
from tests.scripted_model import ScriptedModel
from tests.simulation.market import TalkativeMarket
from tests.world import AT_ONCE, World, deliveries_of, dies, journal_of, lead_of

FACTS = """
[[fact]]
id = "tracks"
text = "The programme has three tracks: platforms, data, and people."

[[fact]]
id = "evening"
text = "On the evening before, all speakers and partners have dinner together."

[[fact]]
id = "recordings"
text = "Every talk is recorded and published a month later."
"""


@pytest.fixture(autouse=True)
def _facts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    tell(FACTS)


def tell(facts: str) -> None:
    """This is what the file of facts holds from now on."""
    Path("facts.toml").write_text(facts, "utf-8")


class QuietMarket(TalkativeMarket):
    """Whoever accepts says nothing, unless a test lets them `speak`."""

    def story(self, person: Person) -> Story:
        return self._quiet(super().story(person))

    def _story_by_key(self, key: str) -> Story:
        return self._quiet(super()._story_by_key(key))

    def _quiet(self, told: Story) -> Story:
        spoken = {one.id for one in self._spoken.get(told.person.key, ())}
        kept = [one for one in told.said if one.sender is None or one.event or one.id in spoken]
        return msgspec.structs.replace(told, said=tuple(kept))


class QuietWorld(World):
    market_type: ClassVar[type[Market]] = QuietMarket


@pytest.fixture
def world(tmp_path: Path) -> QuietWorld:
    world = QuietWorld(tmp_path)
    world.go_to(0, 9, 30)
    return world


def accepts_soon(world: World, count: int = 1) -> list[Person]:
    def fits(person: Person) -> bool:
        verdict, delay = accepts_after(world.seed, person, 1)
        soon = verdict is True and delay < timedelta(hours=3)
        return soon and person.distance in {2, 3} and person.language == "en"

    return world.people(fits, count)


def texts(world: World, person: Person) -> list[str]:
    return [act.text for act in world.acts(person)]


async def at_work_on(world: World, department: Department, day: int, hour: int = 16) -> None:
    """One pass of outreach on that day, after a look for answers."""
    world.go_to(day, hour)
    await department.once("replies")
    await department.once("outreach")


async def plan_of(department: Department, person: Person) -> tuple[str, bool, str]:
    lead = await lead_of(department, person)
    return lead.next_step, lead.next_step_at is not None, lead.next_step_reason


async def test_an_accepted_invitation_is_followed_by_a_message_and_two_follow_ups(world):
    (person,) = accepts_soon(world)
    async with world.at_work(**AT_ONCE) as department:
        await world.allocate(department, person)
        await department.once("outreach")
        lead = await lead_of(department, person)
        assert lead.next_step == ""
        assert lead.next_step_reason == "waits for the invitation to be accepted"
        for day in range(1, 40):
            await at_work_on(world, department, day)
        lead = await lead_of(department, person)
        assert lead.step == "follow_up_2"
        assert (lead.next_step, lead.next_step_reason) == ("", "the last follow-up is sent")
        assert lead.contact_status is ContactStatus.MESSAGE_SENT
        world.check(department.settings)
    kinds = [act.kind for act in world.acts(person)]
    assert kinds == ["invitation", "message", "message", "message"]
    said = [line for text in texts(world, person) for line in text.split("\n\n")[1:]]
    assert len(said) == len(set(said)), "no sentence is said twice"
    assert 300 <= len(texts(world, person)[1]) <= 600
    days = [act.at.date() for act in world.acts(person)]
    assert days[2] - days[1] == timedelta(days=7)
    assert days[3] - days[2] == timedelta(days=14)


@pytest.mark.parametrize("mode", ["llm", "llm_enhanced"])
async def test_a_model_writes_every_step_at_one_question_and_one_repair_at_most(world, mode):
    chance = random.Random(7)
    model = ScriptedModel(lambda question: written(question, chance.randrange(60)))
    people = accepts_soon(world, 6)
    outreach = {**AT_ONCE["outreach"], "message_generation_mode": mode}
    async with world.at_work(model=model, outreach=outreach) as department:
        await world.allocate(department, *people)
        await department.once("outreach")
        for day in range(1, 40):
            await at_work_on(world, department, day)
        world.check(department.settings)
        acts = [
            act
            for person in people
            for act in await deliveries_of(department, (await lead_of(department, person)).id)
        ]
        told = await journal_of(department, DecisionMade)
    decisions = [event.decision for event in told if event.decision.kind == "message"]
    by = [decision.decided_by.partition(":")[0] for decision in decisions]
    refused = Counter(one.why for each in decisions for one in each.reasons if "refused" in one.why)
    assert len(by) == len(acts) > 3 * len(people)
    print(mode, Counter(by), f"{len(model.questions)} questions", refused.most_common(8))
    assert by.count("model") >= 0.8 * len(by)
    assert len(model.questions) <= 2 * len(by)
    for person in people:
        earlier: list[str] = []
        for text in texts(world, person):
            assert not repeated(text, earlier)
            earlier.append(text)


async def test_a_whole_conversation_costs_one_visit_of_the_profile_a_step(world):
    """LinkedIn counts visits: whoever has had all four acts was looked at four times."""
    (person,) = accepts_soon(world)
    async with world.at_work(**AT_ONCE) as department:
        await world.allocate(department, person)
        await department.once("outreach")
        for day in range(1, 40):
            world.go_to(day, 16)
            if (await lead_of(department, person)).accepted_at is None:
                await department.once("replies")
            await department.once("outreach")
    assert len(world.acts(person)) == 4
    names = (person.slug, person.provider_id)
    assert sum(world.asked(f"GET /users/{name}") for name in names) == 4
    assert world.asked("POST /chats") + world.asked("POST /users/invite") == 4
    assert len(world.requests) <= 30, Counter(world.requests)


async def test_a_connection_is_followed_up_after_the_message(world):
    (person,) = world.friends()
    async with world.at_work(**AT_ONCE) as department:
        await world.allocate(department, person)
        await department.once("outreach")
        assert (await plan_of(department, person))[:2] == ("follow_up_1", True)
        await at_work_on(world, department, 4)
        assert len(world.acts(person)) == 1
        await at_work_on(world, department, 7)
        assert len(world.acts(person)) == 2
        lead = await lead_of(department, person)
        assert (lead.step, lead.next_step) == ("follow_up_1", "follow_up_2")


async def _told_stage(world: World, department: Department, lead: Lead) -> None:
    await department.leads.stage(lead.id, "Meeting", by="Kim")


async def _held(world: World, department: Department, lead: Lead) -> None:
    await department.store.write(
        lambda t: hold_lead(department.context, t, lead, place="Notes", words="not now", by="sheet")
    )


async def _suppressed(world: World, department: Department, lead: Lead) -> None:
    await department.leads.suppress(lead.id, reason="asked by phone", by="Kim")


async def _by_hand(world: World, department: Department, lead: Lead) -> None:
    world.market.write(lead.provider_id, "By hand: shall we talk on Friday?")


@pytest.mark.parametrize("word", [_told_stage, _held, _suppressed, _by_hand])
async def test_a_humans_word_ends_the_plan(world, word: Any):
    (person,) = world.friends()
    async with world.at_work(**AT_ONCE) as department:
        await world.allocate(department, person)
        await department.once("outreach")
        world.go_to(3, 10)
        await word(world, department, await lead_of(department, person))
        before = len(world.acts(person))
        for day in (7, 8, 9, 21, 22):
            await at_work_on(world, department, day)
        assert len(world.acts(person)) == before
        step, planned, reason = await plan_of(department, person)
        assert (step, planned) == ("", False)
        assert reason


async def test_an_answer_that_comes_while_a_follow_up_is_due_is_seen_right_before_it(world):
    (person,) = world.friends()
    async with world.at_work(**AT_ONCE) as department:
        await world.allocate(department, person)
        await department.once("outreach")
        world.go_to(7, 16)
        assert isinstance(world.market, QuietMarket)
        world.market.speak(person, "I would like to know more about it.")
        await department.once("outreach")
        assert len(world.acts(person)) == 1
        lead = await lead_of(department, person)
        assert lead.contact_status is ContactStatus.RESPONDED
        assert (lead.next_step, lead.next_step_at) == ("", None)


async def test_a_hold_that_is_cleared_lets_the_plan_go_on(world):
    (person,) = world.friends()
    async with world.at_work(**AT_ONCE) as department:
        await world.allocate(department, person)
        await department.once("outreach")
        await _held(world, department, await lead_of(department, person))
        await at_work_on(world, department, 7)
        lead = await lead_of(department, person)
        await department.store.write(
            lambda t: let_go(department.context, t, lead, place="Notes", by="sheet")
        )
        assert (await plan_of(department, person))[:2] == ("follow_up_1", True)
        await at_work_on(world, department, 8)
        assert len(world.acts(person)) == 2


async def test_without_anything_new_to_say_nobody_is_looked_at_and_the_reason_is_told(world):
    tell("")
    (person,) = world.friends()
    async with world.at_work(**AT_ONCE) as department:
        await world.allocate(department, person)
        await department.once("outreach")
        for day in range(1, 29):
            await at_work_on(world, department, day)
        told = len(world.acts(person))
        assert told < 3
        step, planned, reason = await plan_of(department, person)
        assert (step, planned) == (f"follow_up_{told}", True)
        assert reason.startswith("nothing new to say")
        before = world.asked("GET /users/")
        world.go_to(29, 12)
        await department.once("outreach")
        assert world.asked("GET /users/") == before
    tell(FACTS)
    async with world.at_work(**AT_ONCE) as department:
        world.go_to(29, 13)
        await department.once("outreach")
        assert len(world.acts(person)) == told + 1, "another fact is a reason to look again"


async def test_other_settings_make_every_plan_anew(world):
    (person,) = world.friends()
    async with world.at_work(**AT_ONCE) as department:
        await world.allocate(department, person)
        await department.once("outreach")
        soon = (await lead_of(department, person)).next_step_at
    later: Any = {"outreach": {**AT_ONCE["outreach"], "sequence": {"follow_ups": (8,)}}}
    async with world.at_work(**later) as department:
        lead = await lead_of(department, person)
        assert soon is not None
        assert lead.next_step_at is not None
        assert lead.next_step_at > soon
    none: Any = {"outreach": {**AT_ONCE["outreach"], "sequence": {"follow_ups": ()}}}
    async with world.at_work(**none) as department:
        assert (await plan_of(department, person))[:2] == ("", False)


async def test_with_approval_of_all_each_text_is_asked_about_with_the_whole_thread(world):
    (person,) = world.friends()
    asks: Any = {"outreach": {**AT_ONCE["outreach"], "approval": "all"}}
    async with world.at_work(**asks) as department:
        await world.allocate(department, person)
        for day, step, said_by in ((0, "first-contact", []), (7, "follow-up:1", ["us"])):
            world.go_to(day, 16)
            await department.once("outreach")
            (review,) = (await department.reviews.list()).reviews
            assert str(review.step) == step
            assert [one["from"] for one in review.evidence["conversation"]] == said_by
            await department.reviews.approve(review.id, by="Kim")
            before = len(world.acts(person))
            await department.once("outreach")
            assert len(world.acts(person)) == before + 1
            assert texts(world, person)[-1] == review.text


async def test_a_rejected_follow_up_is_the_end_of_the_plan(world):
    (person,) = world.friends()
    async with world.at_work(**AT_ONCE) as department:
        await world.allocate(department, person)
        await department.once("outreach")
    asks: Any = {"outreach": {**AT_ONCE["outreach"], "approval": "all"}}
    async with world.at_work(**asks) as department:
        await at_work_on(world, department, 7)
        (review,) = (await department.reviews.list()).reviews
        assert (await plan_of(department, person))[:2] == ("follow_up_1", False)
        await department.reviews.reject(review.id, reason="enough", by="Kim")
        assert await plan_of(department, person) == ("", False, "rejected by Kim: enough")
        await at_work_on(world, department, 30)
        assert len(world.acts(person)) == 1
        assert not (await department.reviews.list()).reviews


async def test_a_later_step_in_doubt_is_read_back_and_never_repeated(world):
    (person,) = world.friends()
    async with world.at_work(**AT_ONCE) as department:
        await world.allocate(department, person)
        await department.once("outreach")
    world.go_to(7, 15)
    world.die_after.add(world.sends + 1)
    with dies():
        async with world.at_work(**AT_ONCE) as department:
            await department.once("outreach")
    assert len(world.acts(person)) == 2
    async with world.at_work(**AT_ONCE) as department:
        await department.once("outreach")
        assert "not known yet" in (await plan_of(department, person))[2]
        world.go_to(8, 12)
        await department.once("outreach")
        lead = await lead_of(department, person)
        assert (lead.step, lead.next_step) == ("follow_up_1", "follow_up_2")
    assert len(world.acts(person)) == 2


async def test_before_a_later_step_alone_what_a_restored_database_lacks_is_read_back(world):
    """No first contact may go today: what LinkedIn knows is asked for all the same."""
    (person,) = world.friends()
    async with world.at_work(**AT_ONCE) as department:
        await world.allocate(department, person)
        await department.once("outreach")
    limits = {**AT_ONCE["outreach"]["rate_limiting"], "daily_limit": 0}
    world.go_to(7, 15)
    before = world.asked("GET /users/invite/sent")
    async with world.at_work(outreach={"rate_limiting": limits}) as department:
        await department.once("outreach")
    assert world.asked("GET /users/invite/sent") == before + 1
    assert len(world.acts(person)) == 2


async def test_whoever_is_no_connection_any_more_is_looked_at_once_a_day_and_not_written_to(world):
    """LinkedIn showed a relation and shows none to the profile: nobody is written to on that."""
    (person,) = world.silent()
    async with world.at_work(**AT_ONCE) as department:
        await world.allocate(department, person)
        await department.once("outreach")
        lead, now = await lead_of(department, person), world.now
        await department.store.write(
            lambda t: leads.update(t, lead, now=now, accepted_at=now - timedelta(days=2))
        )
        assert (await plan_of(department, person))[0] == "first_message"
        for day in (1, 2, 3):
            world.go_to(day, 12)
            looks = world.asked(f"GET /users/{person.slug}")
            for _ in range(3):
                await department.once("outreach")
            assert world.asked(f"GET /users/{person.slug}") - looks <= 1
        assert len(world.acts(person)) == 1
        assert "not show this person as a connection" in (await plan_of(department, person))[2]
