"""A human's word on doubtful sends, unclear answers and proposed changes."""

from __future__ import annotations

from typing import Any

import pytest

from ingagents.app.department import Department
from ingagents.core.review_policy import Review
from ingagents.core.strategy.auto_apply import DAILY_LIMIT, THRESHOLD, Kept, kept_id
from ingagents.core.strategy.proposals import Proposal
from ingagents.errors import UsageError
from ingagents.events import DeliverySettled, LeadSuppressed, ReviewLapsed
from ingagents.llm.tasks import LlmTasks
from ingagents.model import (
    ContactStatus,
    DeliveryState,
    EffectKind,
    Intent,
    ReplyDetail,
    Sentiment,
)
from ingagents.ports import Transaction
from ingagents.services.outreach.inbox.replies import take_in
from ingagents.services.reviews.requests import ask_about_changes
from ingagents.store.tables import replies, strategy
from tests.factories import a_chat_message
from tests.world import AT_ONCE, World, deliveries_of, doubts_of, journal_of, lead_of, status_of


async def waiting(department: Department) -> list[Review]:
    return list((await department.reviews.list()).reviews)


# --- sends in doubt ------------------------------------------------------------------------------


async def a_doubt(world: World, department: Department, person: Any, kind: str) -> Review:
    """A message to a connection whose looks are used up."""
    world.fail(kind, on="POST /chats")
    await world.allocate(department, person)
    await department.once("outreach")
    world.plan()
    for _ in range(4):
        world.pass_time(minutes=6)
        await department.once("outreach")
    (review,) = await waiting(department)
    assert (review.kind, review.lead_id) == ("send", (await lead_of(department, person)).id)
    assert len(review.evidence["looks"]) == 3
    return review


async def test_a_send_a_human_vouches_for_counts_as_sent_and_is_not_repeated(world):
    (person,) = world.friends()
    async with world.at_work(**AT_ONCE) as department:
        review = await a_doubt(world, department, person, "504")
        status = await lead_of(department, person)
        assert status.contact_status is ContactStatus.NEEDS_REVIEW
        assert f"ingagents review show {review.id}" in status.status_reason
        (decided,) = await department.reviews.approve(review.id, by="Kim")
        assert decided.ok
        lead = await lead_of(department, person)
        assert lead.contact_status is ContactStatus.MESSAGE_SENT
        assert lead.message_sent == review.text
        await department.once("outreach")
        assert world.acts(person) == []
        (delivery,) = await deliveries_of(department, lead.id)
        assert delivery.state is DeliveryState.SENT
        assert "Kim says it did go out" in delivery.detail
        settled = await journal_of(department, DeliverySettled)
        assert [one.verdict for one in settled] == ["human", "sent"]


async def test_a_send_a_human_denies_is_tried_again_once_and_keeps_its_quota(world):
    (person,) = world.friends()
    async with world.at_work(**AT_ONCE) as department:
        review = await a_doubt(world, department, person, "504")
        (decided,) = await department.reviews.reject(review.id, reason="asked them", by="Kim")
        assert decided.ok
        await department.once("outreach")
        assert await status_of(department, person) is ContactStatus.MESSAGE_SENT
        assert len(world.acts(person)) == 1
        assert (await department.status()).limits.sent_today == 2
        (again,) = await department.reviews.approve(review.id, by="Lee")
        assert not again.ok
        assert "asked them" in again.says


async def test_a_send_a_human_denies_by_mistake_is_found_in_the_chat_and_not_repeated(world):
    """The service showed it late: the look before the next attempt sees it."""
    (person,) = world.friends()
    async with world.at_work(**AT_ONCE) as department:
        review = await a_doubt(world, department, person, "504")
        world.market.write(person.provider_id, review.text)
        await department.reviews.reject(review.id, reason="I think not", by="Kim")
        await department.once("outreach")
        assert len(world.acts(person)) == 1
        assert await status_of(department, person) is ContactStatus.MESSAGE_SENT


async def test_an_answer_about_a_send_that_is_settled_changes_nothing(world):
    (person,) = world.friends()
    async with world.at_work(**AT_ONCE) as department:
        review = await a_doubt(world, department, person, "504")
        (doubt,) = await doubts_of(department)
        await department.store.write(
            lambda t: t.run("UPDATE deliveries SET state = 'sent' WHERE id = :id", {"id": doubt.id})
        )
        (decided,) = await department.reviews.reject(review.id, reason="no", by="Kim")
        assert not decided.ok
        assert "the send is sent by now" in decided.says


# --- answers nobody understood -------------------------------------------------------------------


async def an_answer(
    world: World, department: Department, person: Any, text: str
) -> tuple[Review, str]:
    """A person who was written to and says something unclear."""
    (lead_id,) = await world.allocate(department, person)
    await department.once("outreach")
    said = a_chat_message(provider_id=person.provider_id, text=text, sent_at=world.now)
    async with department.queue.session("outreach") as session:
        taken = await take_in(
            [said],
            context=department.context,
            llm=LlmTasks(prompts={}),
            session=session,
            agent="outreach",
        )
    assert taken == 1
    (review,) = await waiting(department)
    assert (review.kind, review.text) == ("reply", text)
    assert review.evidence["we_wrote"] == world.acts(person)[0].text
    return review, lead_id


@pytest.mark.parametrize(
    ("reading", "sentiment", "intent", "detail", "status"),
    [
        ("", None, None, None, ContactStatus.RESPONDED),
        (
            "interested",
            Sentiment.POSITIVE,
            Intent.INTERESTED,
            ReplyDetail.INTEREST,
            ContactStatus.RESPONDED,
        ),
        (
            "opt_out",
            Sentiment.NEGATIVE,
            Intent.NOT_INTERESTED,
            ReplyDetail.OPT_OUT,
            ContactStatus.SUPPRESSED,
        ),
    ],
)
async def test_a_human_says_what_an_answer_means(world, reading, sentiment, intent, detail, status):
    (person,) = world.silent()
    async with world.at_work(**AT_ONCE) as department:
        review, lead_id = await an_answer(world, department, person, "Hm.")
        (decided,) = await department.reviews.approve(review.id, by="Kim", read_as=reading)
        assert decided.ok
        lead = await lead_of(department, person)
        assert lead.contact_status is status
        if reading:
            assert lead.response_sentiment is sentiment
            assert (lead.response_intent, lead.response_detail) == (intent, detail)
        suppressed = await journal_of(department, LeadSuppressed)
        assert [one.lead_id for one in suppressed] == ([lead_id] if reading == "opt_out" else [])
        dossier = await department.leads.show(lead_id)
        assert bool(dossier.suppressed) is (reading == "opt_out")
        assert await waiting(department) == []


async def test_a_positive_reading_by_a_human_reaches_the_team(world):
    (person,) = world.silent()
    async with world.at_work(**AT_ONCE) as department:
        review, _ = await an_answer(world, department, person, "Hm.")
        await department.reviews.approve(review.id, by="Kim", read_as="interested")
        await department.once("monitor")
        assert len(world.mail.about(person.name)) == 1


@pytest.mark.parametrize(
    ("text", "reading", "effect"),
    [
        # The second net takes the first for an opt-out: a human says what it is.
        ("Not now, ask me again in March.", "", EffectKind.ENDS),
        ("Not now, ask me again in March.", "not_now", EffectKind.RESUMES),
        ("Not now, ask me again in March.", "opt_out", EffectKind.ENDS),
        ("Hm.", "not_now", EffectKind.ENDS),
    ],
)
async def test_what_a_human_reads_in_an_answer_decides_what_becomes_of_the_plan(
    world, text, reading, effect
):
    (person,) = world.silent()
    async with world.at_work(**AT_ONCE) as department:
        review, lead_id = await an_answer(world, department, person, text)
        await department.reviews.approve(review.id, by="Kim", read_as=reading)
        (kept,) = await department.store.read(lambda t: replies.effects_of(t, lead_id))
        assert kept.effect.kind is effect


async def test_an_answer_from_which_nothing_follows_closes_the_lead(world):
    (person,) = world.silent()
    async with world.at_work(**AT_ONCE) as department:
        review, _ = await an_answer(world, department, person, "Hm.")
        await department.reviews.reject(review.id, reason="a joke", by="Kim")
        lead = await lead_of(department, person)
        assert lead.contact_status is ContactStatus.CLOSED
        assert lead.status_reason == "rejected by Kim: a joke"


async def test_a_reading_is_refused_where_it_makes_no_sense(world):
    (person,) = world.friends()
    async with world.at_work(**AT_ONCE) as department:
        review = await a_doubt(world, department, person, "504")
        with pytest.raises(UsageError, match="only a reply"):
            await department.reviews.approve(review.id, by="Kim", read_as="interested")
        with pytest.raises(UsageError, match="cannot be read as"):
            await department.reviews.approve(review.id, by="Kim", read_as="delighted")
        with pytest.raises(UsageError, match="reason"):
            await department.reviews.reject(review.id, by="Kim", reason=" ")
        decided = await department.reviews.edit(review.id, "another text", by="Kim")
        assert not decided.ok


# --- changes of strategy -------------------------------------------------------------------------


def lower_threshold(to: float = 5.5) -> Proposal:
    return Proposal(
        setting=THRESHOLD, current=6.0, proposed=to, why="few are good", evidence="12 of 300"
    )


HIGHER_LIMIT = Proposal(
    setting=DAILY_LIMIT, current=15, proposed=20, why="all went", evidence="15 of 15"
)


async def propose(department: Department, *made: Proposal, by_itself: bool = False) -> list[Review]:
    """The newest figures speak for just these; what a human is asked now, in their order."""
    now = department.clock.now()

    def keep(transaction: Transaction) -> list[Kept]:
        proposals = [(one, "rules/strategy-1") for one in made]
        kept = strategy.keep(transaction, proposals, now=now, apply_small=by_itself)
        ask_about_changes(department.context, transaction, kept)
        return kept

    kept = await department.store.write(keep)
    by_subject = {one.subject: one for one in await waiting(department)}
    return [by_subject[one.id] for one in kept if one.id in by_subject]


async def in_force(department: Department) -> list[Any]:
    steps = await department.store.read(lambda t: strategy.in_force(t, allowed=True))
    return [one.proposal.proposed for one in steps]


async def test_an_approved_change_is_in_force_and_can_be_undone(world):
    async with world.at_work() as department:
        (review,) = await propose(department, lower_threshold())
        assert await in_force(department) == []
        (decided,) = await department.reviews.approve(review.id, by="Kim")
        assert decided.says == "in force from now on"
        assert await in_force(department) == [5.5]
        (undone,) = await department.reviews.reject(review.id, reason="too many", by="Lee")
        assert undone.ok
        assert await in_force(department) == []
        (again,) = await department.reviews.approve(review.id, by="Kim")
        assert not again.ok


async def test_a_change_the_department_may_not_make_is_told_as_a_line_for_the_settings(world):
    async with world.at_work() as department:
        (review,) = await propose(department, HIGHER_LIMIT)
        (decided,) = await department.reviews.approve(review.id, by="Kim")
        assert decided.ok
        assert "`outreach.rate_limiting.daily_limit = 20`" in decided.says
        assert (await department.status()).limits.daily_limit == 15


async def test_a_step_that_applied_by_itself_is_undone_under_the_name_the_report_gives_it(world):
    step = lower_threshold(5.8)
    async with world.at_work() as department:
        assert await propose(department, step, by_itself=True) == []
        assert await in_force(department) == [5.8]
        (undone,) = await department.reviews.reject(kept_id(step), reason="no", by="Kim")
        assert undone.ok
        assert await in_force(department) == []


async def test_a_rejected_change_is_not_asked_about_again_but_another_value_is(world):
    async with world.at_work() as department:
        (review,) = await propose(department, lower_threshold())
        await department.reviews.reject(review.id, reason="too low", by="Kim")
        assert await propose(department, lower_threshold()) == []
        assert len(await propose(department, lower_threshold(5.8))) == 1


async def test_questions_the_newest_figures_do_not_speak_for_are_taken_back(world):
    async with world.at_work() as department:
        first = await propose(department, lower_threshold(), HIGHER_LIMIT)
        second = await propose(department, HIGHER_LIMIT, lower_threshold(5.8))
        assert second[0] == first[1], "a question that still stands keeps its id"
        assert {one.id for one in await waiting(department)} == {one.id for one in second}
        (gone,) = await journal_of(department, ReviewLapsed)
        assert gone.review_id == first[0].id
        (late,) = await department.reviews.approve(first[0].id, by="Kim")
        assert not late.ok


async def test_status_and_report_count_and_name_what_waits(world):
    (person,) = world.friends()
    async with world.at_work(**AT_ONCE) as department:
        review = await a_doubt(world, department, person, "504")
        found = (await department.status()).review
        assert found == {"draft": 0, "answer": 0, "send": 1, "reply": 0, "strategy": 0}
        report = await department.report()
        commands = [one.command for one in report.needs_human]
        assert commands == [f"ingagents review show {review.id}"]
        dossier = await department.leads.show(str(review.lead_id))
        assert [one.id for one in dossier.waiting] == [review.id]
