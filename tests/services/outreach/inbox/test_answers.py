"""An answer is prepared for each question, waits for a human, leaves once, and is void when it is late."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ingagents.app.department import Department
from ingagents.app.rules.campaign_facts import add_fact, campaign_of
from ingagents.core.reporting.open_matters import needs_human
from ingagents.core.review_policy import Review
from ingagents.errors import ModelUnavailable
from ingagents.model import ContactStatus, DeliveryState, ModelTask, Question
from ingagents.sandbox.market.people import Person
from ingagents.services.outreach.inbox.answers import asked_for
from ingagents.store.open_matters import open_matters
from tests.agents.test_conversation import QuietWorld, tell
from tests.scripted_model import ScriptedModel, data_of
from tests.world import AT_ONCE, dead_letters, deliveries_of, dies, lead_of

GOLD = """
[[fact]]
id = "length"
text = "A talk lasts 25 minutes."
asks = ["how long"]

[booking]
Kim = "https://cal.example/kim"
"""
ASKED = "How long would the talk be?"
ANSWER = "A talk lasts 25 minutes."


@pytest.fixture(autouse=True)
def _facts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    tell(GOLD)


@pytest.fixture
def world(tmp_path: Path) -> QuietWorld:
    world = QuietWorld(tmp_path)
    world.go_to(0, 9, 30)
    return world


async def asked(world: Any, department: Department, text: str = ASKED) -> Person:
    """Somebody whom we wrote to, and who asked this."""
    person: Person = world.friends()[0]
    await world.allocate(department, person)
    await department.once("outreach")
    await says(world, department, person, text)
    return person


async def says(world: Any, department: Department, person: Person, text: str) -> None:
    world.pass_time(minutes=20)
    world.market.speak(person, text)
    world.pass_time(minutes=1)
    await department.once("replies")


async def answers(department: Department, *states: str) -> list[Review]:
    listed = (await department.reviews.list(kind="answer", everything=True)).reviews
    return [one for one in listed if one.state in (states or ("open",))]


async def passes(world: Any, department: Department, count: int = 3) -> None:
    for _ in range(count):
        world.pass_time(minutes=30)
        await department.once("outreach")


async def test_a_question_is_answered_once_when_a_human_said_yes_to_exactly_this_text(world):
    async with world.at_work(**AT_ONCE) as department:
        person = await asked(world, department)
        (review,) = await answers(department)
        assert ANSWER in review.text
        assert (str(review.step), review.recipient) == ("answer:1", person.name)
        await passes(world, department)
        assert len(world.acts(person)) == 1, "nothing is answered unread"
        (decided,) = await department.reviews.approve(review.id, by="Kim")
        assert decided.result == "approved"
        await passes(world, department)
        assert [act.text for act in world.acts(person)][1:] == [review.text]
        lead = await lead_of(department, person)
        assert (lead.step, lead.contact_status) == ("answer_1", ContactStatus.RESPONDED)
        assert await answers(department, "done") != []
        sent = (await deliveries_of(department, lead.id))[-1]
        assert (sent.state, sent.facts) == (DeliveryState.SENT, ("length",))
        assert "Kim" in sent.approved_by
        assert await dead_letters(department) == []


async def test_the_next_question_gets_an_answer_of_its_own(world):
    async with world.at_work(**AT_ONCE) as department:
        person = await asked(world, department)
        (first,) = await answers(department)
        await department.reviews.approve(first.id, by="Kim")
        await passes(world, department, 1)
        await says(world, department, person, "And when is it?")
        (second,) = await answers(department)
        assert "20 May 2027" in second.text
        assert ANSWER not in second.text
        await department.reviews.approve(second.id, by="Kim")
        await passes(world, department)
        assert [act.text for act in world.acts(person)][1:] == [first.text, second.text]
        assert (await lead_of(department, person)).step == "answer_2"


@pytest.mark.parametrize("approved", [True, False])
async def test_a_newer_message_voids_it_and_both_questions_are_answered_together(world, approved):
    async with world.at_work(**AT_ONCE) as department:
        person = await asked(world, department)
        (first,) = await answers(department)
        if approved:
            await department.reviews.approve(first.id, by="Kim")
        await says(world, department, person, "And when is it, please?")
        (second,) = await answers(department)
        assert second.id != first.id
        assert ANSWER in second.text
        assert "20 May 2027" in second.text
        await passes(world, department)
        assert len(world.acts(person)) == 1
        (late,) = await department.reviews.approve(first.id, by="Kim")
        assert not late.ok


async def test_a_message_that_comes_between_approval_and_send_is_seen_right_before_it(world):
    async with world.at_work(**AT_ONCE) as department:
        person = await asked(world, department)
        (review,) = await answers(department)
        await department.reviews.approve(review.id, by="Kim")
        world.market.speak(person, "Never mind, please remove me from your list.")
        await passes(world, department)
        assert len(world.acts(person)) == 1
        assert (await lead_of(department, person)).contact_status is ContactStatus.SUPPRESSED


@pytest.mark.parametrize("text", ["Twenty five minutes, see you!", "the same"])
@pytest.mark.parametrize("looks", [True, False])
async def test_an_answer_by_a_humans_hand_voids_it(world, text, looks):
    async with world.at_work(**AT_ONCE) as department:
        person = await asked(world, department)
        (review,) = await answers(department)
        await department.reviews.approve(review.id, by="Kim")
        words = review.text if text == "the same" else text
        world.market.write((await lead_of(department, person)).provider_id, words)
        if looks:
            await department.once("replies")
            assert await answers(department, "void") != []
        before = len(world.acts(person))
        await passes(world, department)
        assert len(world.acts(person)) == before
        assert await answers(department) == []


@pytest.mark.parametrize("why", ["a competitor", " "])
async def test_whoever_is_suppressed_and_asks_is_owed_no_answer_and_stays_so_for_that_reason(
    world, why
):
    async with world.at_work(**AT_ONCE) as department:
        person = await asked(world, department)
        lead = await lead_of(department, person)
        await department.leads.suppress(lead.id, reason=why, by="team")
        await says(world, department, person, "And do you pay for the hotel?")
        assert await answers(department) == []
        lead = await lead_of(department, person)
        assert lead.contact_status is ContactStatus.SUPPRESSED
        assert lead.status_reason == (why.strip() or "by hand")


async def test_what_a_human_wrote_before_the_question_does_not_stand_in_its_way(world):
    async with world.at_work(**AT_ONCE) as department:
        (person,) = world.friends()
        await world.allocate(department, person)
        await department.once("outreach")
        world.pass_time(minutes=5)
        world.market.write(
            (await lead_of(department, person)).provider_id, "By hand: any thoughts?"
        )
        await says(world, department, person, ASKED)
        (review,) = await answers(department)
        await department.reviews.approve(review.id, by="Kim")
        before = len(world.acts(person))
        await passes(world, department)
        assert [act.text for act in world.acts(person)][before:] == [review.text]


async def test_who_thanks_for_the_last_word_asks_nobody_anything_and_who_asks_again_is_answered(
    world,
):
    async with world.at_work(**AT_ONCE) as department:
        person = await asked(world, department)
        for said, told in (
            (ASKED, ANSWER),
            ("Perfect, thank you! Talk soon.", "https://cal.example/kim"),
            ("Great, looking forward to it.", None),
            ("Thanks, that answers it. Let me check with Kim Park and come back to you.", None),
            ("Could we have a quick call on Friday?", "under the address I sent you"),
            ("Could we have a quick call on Monday?", ""),
        ):
            if said != ASKED:
                await says(world, department, person, said)
            waiting = (await department.reviews.list()).reviews
            assert len(waiting) == (told is not None), said
            for one in waiting:
                assert told in one.text
                assert bool(told) is bool(one.text), "a human writes it"
            if told:
                await department.reviews.approve(waiting[0].id, by="Kim")
                await passes(world, department, 1)
        assert len(world.acts(person)) == 4
        assert await dead_letters(department) == []


async def test_a_fact_that_comes_while_the_department_works_holds_for_whoever_approves(world):
    async with world.at_work(**AT_ONCE) as department:
        person = await asked(world, department, "Is there a code of conduct?")
        conduct = "Our code of conduct stands on our page."
        add_fact(department.settings, "conduct", text=conduct, asks=["conduct"], kinds=[], link="")
        await passes(world, department, 1)
        (review,) = await answers(department)
        assert conduct in review.text
        (decided,) = await department.reviews.approve(review.id, by="Kim")
        assert decided.ok, decided
        await passes(world, department, 1)
        assert world.acts(person)[-1].text == review.text


async def test_by_a_setting_facts_alone_go_by_themselves_and_nothing_else_does(world):
    own: Any = {"outreach": {**AT_ONCE["outreach"], "answer_facts_unread": True}}
    async with world.at_work(**own) as department:
        person = await asked(world, department)
        await passes(world, department)
        assert ANSWER in world.acts(person)[-1].text
        assert len(world.acts(person)) == 2
        await says(world, department, person, "Great, count me in! Do you pay for the hotel?")
        await passes(world, department)
        assert len(world.acts(person)) == 2
        assert len(await answers(department)) == 1


async def test_what_no_fact_answers_has_no_text_and_is_a_humans_to_write(world):
    async with world.at_work(**AT_ONCE) as department:
        person = await asked(world, department, "Do you pay for the hotel?")
        (review,) = await answers(department)
        assert (review.text, review.evidence["open"]) == ("", ["Do you pay for the hotel?"])
        (decided,) = await department.reviews.approve(review.id, by="Kim")
        assert "no fact answers it" in decided.says
        own = "Two nights are on us: https://hotel.example/summit. Shall we talk at 15:30?"
        decided = await department.reviews.edit(review.id, own, by="Kim")
        assert decided.result == "edited", decided.says
        await passes(world, department)
        assert world.acts(person)[-1].text == own


async def test_a_rejected_answer_is_not_sent_and_leaves_the_person_with_the_team(world):
    async with world.at_work(**AT_ONCE) as department:
        person = await asked(world, department)
        (review,) = await answers(department)
        await department.reviews.approve(review.id, by="Kim")
        (decided,) = await department.reviews.reject(review.id, reason="I call her", by="Kim")
        assert decided.ok
        await passes(world, department)
        assert len(world.acts(person)) == 1
        assert (await lead_of(department, person)).contact_status is ContactStatus.RESPONDED


async def test_an_answer_whose_fact_changed_is_void_when_it_is_approved(world):
    async with world.at_work(**AT_ONCE) as department:
        await asked(world, department)
    tell(GOLD.replace("25", "45"))
    async with world.at_work(**AT_ONCE) as department:
        (review,) = await answers(department)
        (decided,) = await department.reviews.approve(review.id, by="Kim")
        assert not decided.ok
        assert "says something else by now" in decided.says


async def test_an_answer_in_doubt_is_read_back_and_never_sent_again(world):
    async with world.at_work(**AT_ONCE) as department:
        person = await asked(world, department)
        (review,) = await answers(department)
        world.fail("act_then_drop", on="POST /chats")
        await department.reviews.approve(review.id, by="Kim")
        await department.once("outreach")
        lead = await lead_of(department, person)
        assert "not known yet" in lead.next_step_reason
        await passes(world, department, 6)
        assert [act.text for act in world.acts(person)][1:] == [review.text]
        assert (await lead_of(department, person)).step == "answer_1"


@pytest.mark.parametrize("after", [True, False])
async def test_who_dies_at_the_send_of_an_answer_never_sends_it_twice(world, after):
    async with world.at_work(**AT_ONCE) as department:
        person = await asked(world, department)
        (review,) = await answers(department)
        await department.reviews.approve(review.id, by="Kim")
    (world.die_after if after else world.die_before).add(world.sends + 1)
    with dies():
        async with world.at_work(**AT_ONCE) as department:
            await department.once("outreach")
    async with world.at_work(**AT_ONCE) as department:
        await passes(world, department, 8)
        assert [act.text for act in world.acts(person)][1:] == ([review.text] if after else [])
        doubts = (await department.reviews.list(kind="send")).reviews
        assert len(doubts) == (0 if after else 1), "what nobody can see a human is asked about"


async def test_the_team_is_told_with_the_suggested_answer_and_the_one_command_that_sends_it(world):
    async with world.at_work(**AT_ONCE) as department:
        person = await asked(world, department)
        (review,) = await answers(department)
        await department.once("monitor")
        (mail,) = world.mail.about(person.name)
        assert ANSWER in mail.text
        assert f"ingagents review approve {review.id}" in mail.text
        assert ASKED in mail.text


async def test_what_nobody_can_answer_is_told_with_the_question_and_counts_people_once(world):
    async with world.at_work(**AT_ONCE) as department:
        first, second = world.friends(2)
        await world.allocate(department, first, second)
        await department.once("outreach")
        await says(world, department, first, "Do you pay for the hotel?")
        await says(world, department, second, "Hello, do you pay for a hotel please?")
        await department.once("monitor")
        assert "no fact answers: Do you pay" in world.mail.about(first.name)[0].text
        campaign = department.settings.campaign.to_campaign()
        (open_,) = await department.store.read(
            lambda t: asked_for(t, campaign, today=world.now.date())
        )
        assert (open_.people, len(open_.reviews)) == (2, 2)
        assert world.mail.about(second.name) == [], "the team is asked once"


@pytest.mark.parametrize(
    "wrong",
    [
        'text = "A talk lasts 40 minutes."',
        'text = "A talk lasts 25 minutes."\nlink = "http://127.0.0.1:1/dead"',
        'text = "InG Summit takes place in Hamburg."',
    ],
)
async def test_whoever_asks_for_what_is_told_to_nobody_waits_for_the_team(world, wrong):
    text = f'[[fact]]\nid = "other"\nasks = ["how long"]\n{wrong}\n'
    tell(text + GOLD if "40" in wrong else text)
    own: Any = {"outreach": {**AT_ONCE["outreach"], "answer_facts_unread": True}}
    async with world.at_work(**own) as department:
        await asked(world, department)
        (review,) = await answers(department)
        assert (review.state, review.text) == ("open", "")
        assert f"no fact answers: {ASKED}" in [one.why for one in review.reasons]
        campaign = campaign_of(department.settings)
        (open_,) = await department.store.read(
            lambda t: asked_for(t, campaign, today=world.now.date())
        )
        assert open_.question == ASKED


@pytest.mark.parametrize("whom", ["theirs", "others"])
async def test_a_fact_for_others_leaves_the_question_of_whom_it_is_not_told_to_open(world, whom):
    async with world.at_work(**AT_ONCE) as department:
        person = await asked(world, department, "Do you pay for the hotel?")
        kind = (await lead_of(department, person)).classification
        others = [one for one in ("Speaker", "Sponsor", "Other") if one != kind]
        told = others if whom == "others" else [str(kind)]
        add_fact(
            department.settings, "hotel", text="Two nights.", asks=["hotel"], kinds=told, link=""
        )
        campaign = campaign_of(department.settings)
        open_ = await department.store.read(
            lambda t: asked_for(t, campaign, today=world.now.date())
        )
        assert bool(open_) is (whom == "others")


async def test_a_fact_that_is_added_answers_all_who_asked_for_it(world):
    async with world.at_work(**AT_ONCE) as department:
        await asked(world, department, "Do you pay for the hotel?")
        add_fact(
            department.settings,
            "hotel",
            text="Two nights are paid.",
            asks=["hotel"],
            kinds=[],
            link="",
        )
    async with world.at_work(**AT_ONCE) as department:
        await department.once("outreach")
        (review,) = await answers(department)
        assert "Two nights are paid." in review.text
        await department.once("outreach")
        assert await answers(department) == [review], "once, and not at every pass"
        campaign = campaign_of(department.settings)
        assert (
            await department.store.read(lambda t: asked_for(t, campaign, today=world.now.date()))
            == []
        )


async def test_whom_we_have_answered_waits_for_no_human_until_they_write_again(world):
    async with world.at_work(**AT_ONCE) as department:
        person = await asked(world, department)
        (review,) = await answers(department)

        async def waits() -> list[str]:
            today = world.now.date()
            matters = await department.store.read(lambda t: open_matters(t, today=today))
            return [one.command for one in needs_human(matters, today=today)]

        assert await waits() == [f"ingagents review show {review.id}"]
        await department.reviews.approve(review.id, by="Kim")
        await passes(world, department, 1)
        assert await waits() == []
        await says(world, department, person, "And when is it?")
        assert len(await waits()) == 1


async def test_a_model_finds_the_fact_that_no_word_asks_for_and_it_is_told_word_for_word(world):
    def script(question: Question) -> Any:
        if question.task is not ModelTask.ANSWER:
            return ModelUnavailable("not now", "the rules decide")
        (asked_,) = data_of(question)["questions"]
        quote = {"question": asked_, "fact": "length", "text": "lasts 25 minutes"}
        return {"sentences": [quote]}

    model = ScriptedModel(script)
    own: Any = {"model": model, **AT_ONCE}
    async with world.at_work(**own) as department:
        await asked(world, department, "Could you tell me the duration of my slot?")
        (review,) = await answers(department)
        assert ANSWER in review.text
        assert review.evidence["open"] == []
        assert len(model.asked(ModelTask.ANSWER)) == 1
        world.pass_time(days=1)
        await department.once("outreach")
        assert await answers(department) == [review], "another day makes no other answer of it"


@pytest.mark.parametrize("text", ["A talk lasts 45 minutes, with lunch.", "We pay everything."])
async def test_a_model_that_makes_something_up_is_refused_and_the_question_stays_open(world, text):
    def script(question: Question) -> Any:
        if question.task is not ModelTask.ANSWER:
            return ModelUnavailable("not now", "the rules decide")
        (asked_,) = data_of(question)["questions"]
        return {"sentences": [{"question": asked_, "fact": "length", "text": text}]}

    async with world.at_work(model=ScriptedModel(script), **AT_ONCE) as department:
        await asked(world, department, "Could you tell me the duration of my slot?")
        (review,) = await answers(department)
        assert (review.text, len(review.evidence["open"])) == ("", 1)
