"""Nothing is written to anybody before a human approved it, and then exactly what was approved."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import anyio
import msgspec
import pytest

from ingagents.app.department import Department
from ingagents.core.review_policy import Review
from ingagents.events import DecisionMade, ReviewAsked, ReviewDecided, ReviewLapsed
from ingagents.model import ContactStatus, DeliveryState, Recipient
from ingagents.store.tables import leads
from tests.world import (
    NO_GAP,
    World,
    deliveries_of,
    dies,
    journal_of,
    lead_of,
    profile_of,
    status_of,
)

ALL: dict[str, Any] = {"outreach": {"approval": "all", "rate_limiting": NO_GAP}}
MINE = (
    "Hi {}, InG Summit is in Berlin in May 2027, and your work is a good fit for a talk there."
    " May I send you a short outline?"
)


async def waiting(department: Department, **how: Any) -> list[Review]:
    return list((await department.reviews.list(**how)).reviews)


async def asked_about(world: World, department: Department, *people: Any) -> list[Review]:
    """These people allocated and asked about, in this order."""
    await world.allocate(department, *people)
    outcome = await department.once("outreach")
    assert outcome.figures["for_review"] == len(people)
    assert world.acts() == []
    by_lead = {one.lead_id: one for one in await waiting(department)}
    return [by_lead[(await lead_of(department, person)).id] for person in people]


async def test_a_day_with_approvals_sends_what_was_approved_and_nothing_else(world):
    people = world.strangers(4)
    async with world.at_work(**ALL) as department:
        first, second, third, _ = await asked_about(world, department, *people)
        assert {await status_of(department, one) for one in people} == {ContactStatus.NEEDS_REVIEW}
        assert "review approve" in (await lead_of(department, people[0])).status_reason
        decided = await department.reviews.approve(first.id, second.id, by="Kim")
        assert [one.result for one in decided] == ["approved", "approved"]
        await department.reviews.reject(third.id, reason="a competitor", by="Lee")
        await department.run(until=world.at(0, 17))
        world.go_to(1, 9, 30)
        await department.once("outreach")
        assert sorted((act.person, act.text) for act in world.acts()) == sorted(
            [(people[0].key, first.text), (people[1].key, second.text)]
        )
        world.check(department.settings)
        (delivery,) = await deliveries_of(department, str(first.lead_id))
        assert delivery.approved_by == f"Kim (review {first.id})"
        assert delivery.text_hash == first.text_hash
        closed = await lead_of(department, people[2])
        assert closed.contact_status is ContactStatus.CLOSED
        assert closed.status_reason == "rejected by Lee: a competitor"
        by = [(one.by, one.verdict) for one in await journal_of(department, ReviewDecided)]
        assert by == [("Kim", "approved"), ("Kim", "approved"), ("Lee", "rejected")]
        states = {one.id: one.state for one in await waiting(department, everything=True)}
        assert [states[one.id] for one in (first, second, third)] == ["done", "done", "rejected"]


async def test_an_approval_beside_a_running_department_wakes_it(world):
    (person,) = world.strangers()
    quiet = {**ALL["outreach"], "process_interval_minutes": 600}
    async with world.at_work(outreach=quiet) as department:
        (review,) = await asked_about(world, department, person)
        async with anyio.create_task_group() as tasks:

            async def run() -> None:
                await department.run(until=world.at(0, 12))

            tasks.start_soon(run)
            await department.clock.sleep_until(world.at(0, 11))
            assert world.acts() == []
            await department.reviews.approve(review.id, by="Kim")
        (act,) = world.acts(person)
        assert act.at - world.at(0, 11) < timedelta(minutes=5)


async def test_approved_texts_go_first(world):
    first, second, third = world.strangers(3)
    async with world.at_work(**ALL) as department:
        (review,) = await asked_about(world, department, third)
    freely = {"outreach": {"approval": "none", "rate_limiting": {**NO_GAP, "daily_limit": 2}}}
    async with world.at_work(**freely) as department:
        await world.allocate(department, first, second)
        await department.reviews.approve(review.id, by="Kim")
        await department.once("outreach")
        assert [act.person for act in world.acts()] == [third.key, first.key]


@pytest.mark.parametrize("death", ["before", "after"])
async def test_a_death_between_approval_and_send_sends_once(world, death):
    (person,) = world.silent()
    async with world.at_work(**ALL) as department:
        (review,) = await asked_about(world, department, person)
        await department.reviews.approve(review.id, by="Kim")
        (world.die_before if death == "before" else world.die_after).add(1)
        with dies():
            await department.once("outreach")
    async with world.at_work(**ALL) as department:
        await department.run(until=world.at(0, 16))
        assert [act.text for act in world.acts(person)] == [review.text]
        assert await status_of(department, person) is ContactStatus.MESSAGE_SENT


async def test_an_approval_survives_a_restart_before_anything_was_tried(world):
    (person,) = world.strangers()
    async with world.at_work(**ALL) as department:
        (review,) = await asked_about(world, department, person)
        await department.reviews.approve(review.id, by="Kim")
    async with world.at_work(**ALL) as department:
        await department.once("outreach")
        await department.once("outreach")
        assert [act.text for act in world.acts(person)] == [review.text]


async def test_a_refused_send_keeps_the_approval_for_the_same_text(world):
    (person,) = world.strangers()
    world.fail("429")
    async with world.at_work(**ALL) as department:
        (review,) = await asked_about(world, department, person)
        await department.reviews.approve(review.id, by="Kim")
        await department.once("outreach")
        assert world.acts() == []
        world.pass_time(minutes=30)
        await department.once("outreach")
        assert [act.text for act in world.acts(person)] == [review.text]
        states = [one.state for one in await deliveries_of(department, str(review.lead_id))]
        assert states == [DeliveryState.REFUSED, DeliveryState.SENT]


# --- editing -------------------------------------------------------------------------------------


async def test_an_edited_text_goes_exactly_as_it_was_edited(world):
    (person,) = world.strangers()
    async with world.at_work(**ALL) as department:
        (review,) = await asked_about(world, department, person)
        text = MINE.format(person.first_name)
        decided = await department.reviews.edit(review.id, f"\n{text}\n", by="Kim")
        assert decided.result == "edited"
        await department.once("outreach")
        assert [act.text for act in world.acts(person)] == [text]
        written = [
            event.decision
            for event in await journal_of(department, DecisionMade)
            if event.decision.decided_by == "human:Kim"
        ]
        assert {one.verdict for one in written} == {text}
        assert written[0].reasons[0].evidence == review.text


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Hi [Name], will you come to our summit in Berlin, please?", "placeholder"),
        ("Hi there, see https://example.com for all about our summit in Berlin.", "link"),
        ("Hi Zacharias, InG Summit is in Berlin in May, would you like to speak?", "greets"),
        ("x" * 301, "too long"),
        ("", "too short"),
    ],
)
async def test_an_edited_text_that_is_not_fit_is_refused_with_the_reasons(world, text, says):
    (person,) = world.strangers()
    async with world.at_work(**ALL) as department:
        (review,) = await asked_about(world, department, person)
        decided = await department.reviews.edit(review.id, text, by="Kim")
        assert not decided.ok
        assert says in decided.says
        assert await waiting(department) == [review]
        await department.once("outreach")
        assert world.acts() == []


# --- what voids and ends -------------------------------------------------------------------------


async def test_a_person_who_answers_meanwhile_is_not_written_to(world):
    (person,) = world.welcoming("positive", "question", "refusal")
    async with world.at_work(**ALL) as department:
        (review,) = await asked_about(world, department, person)
        await department.once("replies")
        await department.reviews.approve(review.id, by="Kim")
        world.market.invite(person.provider_id, "by hand")
        world.pass_time(hours=3)
        await department.once("replies")
        assert await status_of(department, person) is ContactStatus.RESPONDED
        await department.once("outreach")
        assert [act.text for act in world.acts(person)] == ["by hand"]
        (gone,) = await journal_of(department, ReviewLapsed)
        assert (gone.review_id, gone.state) == (review.id, "void")
        assert "answered" in gone.reason
        (decided,) = await department.reviews.approve(review.id, by="Lee")
        assert not decided.ok
        assert "answered" in decided.says


async def test_a_suppression_voids_what_waits_and_what_was_approved(world):
    first, second = world.strangers(2)
    async with world.at_work(**ALL) as department:
        one, two = await asked_about(world, department, first, second)
        await department.reviews.approve(one.id, by="Kim")
        for person in (first, second):
            url = profile_of(person).linkedin_url
            await department.leads.suppress(url, reason="asked by mail", by="Kim")
        (decided,) = await department.reviews.approve(two.id, by="Kim")
        assert not decided.ok
        assert "asked by mail" in decided.says
        await department.once("outreach")
        assert world.acts() == []
        assert await waiting(department) == []


async def test_somebody_of_ours_who_writes_by_hand_voids_the_approval(world):
    (person,) = world.friends()
    async with world.at_work(**ALL) as department:
        (review,) = await asked_about(world, department, person)
        await department.reviews.approve(review.id, by="Kim")
        world.market.write(person.provider_id, "lunch on Friday?")
        await department.once("outreach")
        assert [act.text for act in world.acts(person)] == ["lunch on Friday?"]
        assert (await department.reviews.show(review.id)).review.state == "void"


@pytest.mark.parametrize("field", ["name", "provider_id"])
async def test_another_person_behind_the_profile_voids_the_approval_and_asks_anew(world, field):
    (person,) = world.strangers()
    async with world.at_work(**ALL) as department:
        (review,) = await asked_about(world, department, person)
        await department.reviews.approve(review.id, by="Kim")
        agent: Any = await department.agent("outreach")
        real = agent.desks[0].profiles.fetch_profile

        async def renamed(who: Recipient, **known: Any) -> Any:
            profile = await real(who, **known)
            other = {"name": "Somebody Else", "provider_id": "ACoAASomebodyElse00"}
            return msgspec.structs.replace(profile, **{field: other[field]})

        agent.desks[0].profiles.fetch_profile = renamed
        await department.once("outreach")
        assert world.acts() == []
        (fresh,) = await waiting(department)
        assert fresh.id != review.id
        (gone,) = await journal_of(department, ReviewLapsed)
        assert "changed" in gone.reason


async def test_a_note_that_became_too_long_for_the_account_is_asked_about_anew(world):
    (person,) = world.strangers()
    async with world.at_work(**ALL) as department:
        (review,) = await asked_about(world, department, person)
        long = MINE.format(person.first_name) + " I would be glad to tell you more about it all."
        long += " We have a full day of talks, and a good audience too."
        assert (await department.reviews.edit(review.id, long, by="Kim")).ok
        world.refuse("too_many_characters", status=400)
        await department.once("outreach")
        await department.once("outreach")
        (fresh,) = await waiting(department)
        assert len(fresh.text) <= 200 < len(long)
        assert world.acts() == []


async def test_a_question_nobody_answers_expires_and_the_lead_is_given_back(world):
    (person,) = world.strangers()
    async with world.at_work(**ALL) as department:
        (review,) = await asked_about(world, department, person)
        world.pass_time(hours=73)
        await department.once("outreach")
        assert await status_of(department, person) is ContactStatus.NOT_CONTACTED
        assert (await department.reviews.show(review.id)).review.state == "expired"


async def test_an_answer_that_comes_too_late_says_so_and_asks_for_a_fresh_draft(world):
    (person,) = world.strangers()
    async with world.at_work(**ALL) as department:
        (review,) = await asked_about(world, department, person)
        world.pass_time(hours=73)
        (decided,) = await department.reviews.approve(review.id, by="Kim")
        assert not decided.ok
        assert "is expired" in decided.says
        await department.once("outreach")
        (fresh,) = await waiting(department)
        assert fresh.id != review.id
        await department.reviews.approve(fresh.id, by="Kim")
        await department.once("outreach")
        assert [act.text for act in world.acts(person)] == [fresh.text]


async def test_an_approval_that_waited_too_long_for_its_turn_is_asked_for_again(world):
    (person,) = world.strangers()
    short = {"outreach": {**ALL["outreach"], "approval_valid_hours": 2}}
    async with world.at_work(**short) as department:
        (review,) = await asked_about(world, department, person)
        await department.pause(by="Kim")
        await department.reviews.approve(review.id, by="Kim")
        world.pass_time(hours=3)
        await department.resume(by="Kim")
        await department.once("outreach")
        assert world.acts() == []
        assert len(await waiting(department)) == 1
        assert [one.state for one in await journal_of(department, ReviewLapsed)] == ["expired"]


async def test_whoever_was_rejected_is_never_drafted_again(world):
    (person,) = world.strangers()
    async with world.at_work(**ALL) as department:
        (review,) = await asked_about(world, department, person)
        await department.reviews.reject(review.id, reason="met in person", by="Kim")
        lead = await lead_of(department, person)

        def allocated_by_mistake(transaction: Any) -> None:
            leads.update(transaction, lead, now=world.now, contact_status=ContactStatus.ALLOCATED)

        await department.store.write(allocated_by_mistake)
    freely = {"outreach": {"approval": "none", "rate_limiting": NO_GAP}}
    async with world.at_work(**freely) as department:
        await department.once("outreach")
        assert world.acts() == []
        assert await status_of(department, person) is ContactStatus.CLOSED
        assert len(await journal_of(department, ReviewAsked)) == 1


async def test_the_claim_looks_at_the_approval_again_in_its_own_commit(world):
    """An approval that held when the person was looked at may be void when the claim is made."""
    (person,) = world.strangers()
    async with world.at_work(**ALL) as department:
        (review,) = await asked_about(world, department, person)
        await department.reviews.approve(review.id, by="Kim")
        agent: Any = await department.agent("outreach")
        drafts = type(agent.contact)._draft

        async def slowly(self: Any, *given: Any) -> Any:
            drafted = await drafts(self, *given)
            assert drafted.approval == review.id
            await department.store.write(lambda t: t.run("UPDATE reviews SET state = 'void'"))
            return drafted

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(type(agent.contact), "_draft", slowly)
            await department.once("outreach")
        assert world.acts() == []
        assert await deliveries_of(department, str(review.lead_id)) == []


# --- two humans ----------------------------------------------------------------------------------


async def test_of_two_who_decide_at_once_the_no_counts(world):
    people = world.strangers(6)
    async with world.at_work(**ALL) as department:
        for review in await asked_about(world, department, *people):
            answers: list[Any] = []

            async def say_yes(review_id: str = review.id, into: list[Any] = answers) -> None:
                into.extend(await department.reviews.approve(review_id, by="Kim"))

            async def say_no(review_id: str = review.id, into: list[Any] = answers) -> None:
                into.extend(await department.reviews.reject(review_id, reason="no", by="Lee"))

            async with anyio.create_task_group() as tasks:
                tasks.start_soon(say_yes)
                tasks.start_soon(say_no)
            for one in answers:
                assert one.ok or "rejected by Lee" in one.says
            assert "rejected" in {one.result for one in answers}
        await department.once("outreach")
        last = {one.review_id: one.verdict for one in await journal_of(department, ReviewDecided)}
        assert list(last.values()) == ["rejected"] * len(people)
        assert world.acts() == []


async def test_a_no_to_a_text_that_has_gone_out_is_told_that_it_is_too_late(world):
    (person,) = world.strangers()
    async with world.at_work(**ALL) as department:
        (review,) = await asked_about(world, department, person)
        await department.reviews.approve(review.id, by="Kim")
        await department.once("outreach")
        (late,) = await department.reviews.reject(review.id, reason="no", by="Lee")
        assert not late.ok
        assert "has gone out" in late.says
    assert len(world.acts(person)) == 1


async def test_approving_twice_changes_nothing_and_says_so(world):
    (person,) = world.strangers()
    async with world.at_work(**ALL) as department:
        (review,) = await asked_about(world, department, person)
        await department.reviews.approve(review.id, by="Kim")
        (again,) = await department.reviews.approve(review.id, by="Lee")
        assert (again.ok, again.result) == (True, "unchanged")
        assert "approved by Kim" in again.says
        await department.once("outreach")
        (late,) = await department.reviews.approve(review.id, by="Lee")
        assert (late.ok, late.result) == (True, "unchanged")
        assert len(world.acts(person)) == 1
        assert len(await journal_of(department, ReviewDecided)) == 1
