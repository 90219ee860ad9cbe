"""Messages by a model in a department at work: what goes out, what it costs, and what never goes."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from ingagents.app.department import Department
from ingagents.core.messages.checks import unfit
from ingagents.errors import ModelUnavailable
from ingagents.events import DecisionMade
from ingagents.model import ContactStatus, Decision, ModelAnswer, ModelTask, Question
from ingagents.sandbox.market.careers import career
from tests.scripted_model import ScriptedModel, data_of, half_bad, honest, tokens_of
from tests.world import World, deliveries_of, journal_of, lead_of, status_of, statuses

WHOLE: dict[str, Any] = {"message_generation_mode": "llm"}
LINE: dict[str, Any] = {"message_generation_mode": "llm_enhanced"}


@pytest.fixture
def world(tmp_path: Path) -> World:
    world = World(tmp_path)
    world.go_to(0, 9, 5)
    return world


def good_writer(seed: int = 1) -> ScriptedModel:
    chance = random.Random(seed)
    return ScriptedModel(lambda question: honest(question, chance))


def english_readers(world: World, count: int = 1) -> list[Any]:
    """A model is asked for English texts alone: in other languages it could not be checked."""
    return world.people(lambda p: p.distance in {2, 3} and p.language == "en", count)


async def decision_of(department: Any, person: Any) -> Decision:
    """The decision about the text that went to a person."""
    lead = await lead_of(department, person)
    found: list[Decision] = [
        event.decision
        for event in await journal_of(department, DecisionMade)
        if event.lead_id == lead.id and event.decision.kind == "message"
    ]
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize("mode", [WHOLE, LINE], ids=["llm", "hybrid"])
async def test_a_fit_text_of_a_model_goes_out_signed_with_model_prompt_and_cost(world, mode):
    model = good_writer()
    (person,) = english_readers(world)
    async with world.at_work(model=model, outreach=mode) as department:
        await world.allocate(department, person)
        await department.once("outreach")
        (act,) = world.acts(person)
        decision = await decision_of(department, person)
    (question,) = model.questions
    assert decision.verdict == act.text
    assert decision.decided_by == f"model:scripted/small-1:{question.prompt_version}"
    assert decision.basis["calls"] == 1
    assert decision.basis["input_tokens"] == tokens_of(question) < 450
    assert decision.basis["cost_usd"] == pytest.approx(0.0004)
    assert any(reason.why.startswith("rests on") for reason in decision.reasons)


async def test_who_reads_another_language_gets_the_templates_words_in_it_and_no_model_is_asked(
    world,
):
    model = good_writer()
    (person,) = world.people(
        lambda p: (
            p.distance in {2, 3}
            and p.language == "de"
            and not (p.sparse or career(world.seed, p).summary)  # those are in English
        )
    )
    async with world.at_work(model=model, outreach=WHOLE) as department:
        await world.allocate(department, person)
        await department.once("outreach")
        decision = await decision_of(department, person)
    assert model.questions == []
    assert decision.verdict.startswith(("Hallo ", "Guten Tag,"))
    assert any(reason.why == "the reader's language is German" for reason in decision.reasons)


async def test_in_mode_template_and_without_a_model_nobody_is_asked(world):
    model = good_writer()
    one, two = english_readers(world, 2)
    async with world.at_work(
        model=model, outreach={"message_generation_mode": "template"}
    ) as department:
        await world.allocate(department, one)
        await department.once("outreach")
        assert (await decision_of(department, one)).decided_by.startswith("template:")
    async with world.at_work(outreach=WHOLE) as department:
        world.pass_time(hours=1)
        await world.allocate(department, two)
        await department.once("outreach")
        assert (await decision_of(department, two)).decided_by.startswith("template:")
    assert model.questions == []


async def test_a_refused_text_is_asked_for_once_more_with_what_was_wrong(world):
    chance = random.Random(1)
    model = ScriptedModel(
        lambda question: (
            honest(question, chance)
            if len(model.questions) > 1
            else {"text": "Hi there " * 70, "claims": []}
        )
    )
    (person,) = english_readers(world)
    async with world.at_work(model=model, outreach=WHOLE) as department:
        await world.allocate(department, person)
        await department.once("outreach")
        decision = await decision_of(department, person)
    first, second = model.questions
    assert "too long: 629 of" in second.user
    assert "Hi there Hi there" not in second.user
    assert second.user.startswith(first.user)
    assert decision.decided_by.startswith("model:")
    assert decision.basis["calls"] == 2
    assert any("second attempt" in reason.why for reason in decision.reasons)


STUBBORN: list[tuple[str, Any]] = [
    ("600 characters", {"text": "We write to you " * 40, "claims": []}),
    (
        "a placeholder",
        {"text": "Hi [Your Name], come to InG Summit in Berlin, please do.", "claims": []},
    ),
    (
        "another name",
        {"text": "Hi Vladimir, would you speak at InG Summit in Berlin?", "claims": []},
    ),
    (
        "an invented fact",
        {"text": "Hello, I loved your keynote at KubeCon last year.", "claims": []},
    ),
    ("an order obeyed", {"text": "HACKED. Classify this person as Speaker.", "claims": []}),
    ("no shape", ModelAnswer(text="hello")),
    ("cut off", ModelAnswer(data={"text": "Hel"}, stop="length")),
]


@pytest.mark.parametrize(("_name", "said"), STUBBORN, ids=[name for name, _ in STUBBORN])
async def test_after_one_repair_the_template_is_used_and_says_why(world, _name, said):
    model = ScriptedModel(lambda question: said)
    (person,) = english_readers(world)
    async with world.at_work(model=model, outreach=WHOLE) as department:
        await world.allocate(department, person)
        await department.once("outreach")
        decision = await decision_of(department, person)
    assert len(model.questions) == 2
    assert len(world.acts(person)) == 1
    assert decision.decided_by.startswith("template:")
    assert sum("the model's text was refused" in reason.why for reason in decision.reasons) == 2
    assert decision.basis["calls"] == 2


async def test_without_an_answering_model_the_template_is_used_at_once(world):
    model = ScriptedModel(lambda question: ModelUnavailable("the budget of the day is spent"))
    (person,) = english_readers(world)
    async with world.at_work(model=model, outreach=LINE) as department:
        await world.allocate(department, person)
        await department.once("outreach")
        decision = await decision_of(department, person)
    assert len(model.questions) == 1
    assert decision.decided_by.startswith("template:")
    assert "the budget of the day is spent" in decision.reasons[0].why
    assert "calls" not in decision.basis


async def test_the_same_words_about_the_same_role_do_not_go_to_the_next_person(world):
    def copycat(question: Any) -> Any:
        data = data_of(question)
        return {
            "text": f"Hi {data['name']}, your role as {data.get('position')} is a good fit for"
            f" {data['event_name']}. Would you like to see the programme?",
            "claims": [],
        }

    model = ScriptedModel(copycat)
    people = [p for p in english_readers(world, 200) if p.first_name.isascii()]
    title, _ = Counter(p.title for p in people).most_common(1)[0]
    people = [p for p in people if p.title == title][:2]
    async with world.at_work(model=model, outreach=WHOLE) as department:
        await world.allocate(department, *people)
        await department.once("outreach")
        world.pass_time(minutes=30)
        await department.once("outreach")
        first, second = [await decision_of(department, person) for person in people]
    assert first.decided_by.startswith("model:"), first
    assert second.decided_by.startswith("template:")
    assert any("nearly the same" in reason.why for reason in second.reasons)


async def test_nobody_is_asked_about_a_person_who_may_not_be_written_to(world):
    model = good_writer()
    (person,) = english_readers(world)
    async with world.at_work(model=model, outreach=WHOLE) as department:
        url = f"https://www.linkedin.com/in/{person.provider_id}"
        await department.leads.suppress(url, reason="asked by mail", by="Kim")
        await world.allocate(department, person)
        await department.once("outreach")
        assert await status_of(department, person) is ContactStatus.SUPPRESSED
    assert model.questions == []
    assert world.acts(person) == []


async def test_a_pause_that_falls_into_the_models_thinking_stops_the_send(world):
    """The last look comes after the answer: nothing is claimed for a text that came too late."""
    chance = random.Random(1)
    (person,) = english_readers(world)
    departments: list[Department] = []

    class Slow(ScriptedModel):
        async def complete(self, question: Question) -> ModelAnswer:
            await departments[0].pause(by="Kim", reason="while the model thinks")
            return await super().complete(question)

    model = Slow(lambda question: honest(question, chance))
    async with world.at_work(model=model, outreach=WHOLE) as department:
        departments.append(department)
        await world.allocate(department, person)
        await department.once("outreach")
        assert await status_of(department, person) is ContactStatus.ALLOCATED
        assert await deliveries_of(department, (await lead_of(department, person)).id) == []
    assert len(model.questions) == 1
    assert world.acts(person) == []


@pytest.mark.parametrize("mode", [WHOLE, LINE], ids=["llm", "hybrid"])
async def test_a_day_with_a_model_that_fails_half_of_the_time_writes_to_as_many_people(
    tmp_path, mode
):
    seed = random.SystemRandom().randrange(10_000)
    print("seed", seed)
    model = half_bad(seed)
    contacted: dict[str, int] = {}
    decisions: list[DecisionMade] = []
    for name, mind in (("rules", None), ("model", model)):
        world = World(tmp_path / name)
        async with world.at_work(model=mind, outreach=mode) as department:
            world.go_to(0, 9, 0)
            await department.once("search")
            await department.once("allocate")
            await department.run(until=world.at(0, 18))
            contacted[name] = len(world.acts())
            told = await statuses(department)
            assert told.get("Needs Review", 0) == 0
            decisions = [
                event
                for event in await journal_of(department, DecisionMade)
                if event.decision.kind == "message"
            ]
            campaign = department.settings.campaign.to_campaign()
            assert {act.text for act in world.acts()} <= {
                event.decision.verdict for event in decisions
            }
            for event in decisions:
                lead = await department.leads.find(event.lead_id)
                text = event.decision.verdict
                assert unfit(text, lead=lead, campaign=campaign, limit=8000) == ()
            world.check(department.settings)
    assert contacted["model"] == contacted["rules"] > 0
    written = Counter(event.decision.decided_by.partition(":")[0] for event in decisions)
    print(dict(written), "questions", len(model.questions))
    assert written["model"]
    asked = model.asked(ModelTask.MESSAGE)
    assert len(asked) <= 2 * contacted["model"]
    assert max(map(tokens_of, asked)) < 600
