"""What comes next with a person: after each step, after each word, and how long after."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingagents.core.conversation.sequence import (
    ANSWER,
    Coming,
    Conversation,
    SequenceRules,
    after_working_days,
    coming_step,
    delay_draw,
)
from ingagents.core.sending.working_hours import is_open, works_on
from ingagents.model import (
    FIRST_CONTACT,
    AccountId,
    ContactStatus,
    Delivery,
    DeliveryKind,
    DeliveryState,
    Effect,
    EffectKind,
    Intent,
    Lead,
    LeadStage,
    Step,
    StepKind,
    WaitsFor,
    WorkingHours,
)
from tests.factories import a_lead

MONDAY = datetime(2027, 2, 8, 9, 30, tzinfo=UTC)
HOURS = WorkingHours(
    start=time(9), end=time(17), days=frozenset(range(1, 6)), timezone="Europe/Berlin"
)
RULES = SequenceRules(
    message_after_acceptance=True, message_delay_hours=(2, 26), follow_ups=(5, 10), hours=HOURS
)
FIRST_MESSAGE = Step(StepKind.FIRST_MESSAGE)
FOLLOW_UP_1, FOLLOW_UP_2 = Step(StepKind.FOLLOW_UP, "1"), Step(StepKind.FOLLOW_UP, "2")
ACCEPTED = a_lead(
    contact_status=ContactStatus.INVITED,
    step="invitation",
    sent_at=MONDAY,
    invited_at=MONDAY,
    accepted_at=MONDAY + timedelta(days=2),
)
WRITTEN = msgspec.structs.replace(
    ACCEPTED, contact_status=ContactStatus.MESSAGE_SENT, step="first_message"
)


def an_act(step: Step, at: datetime = MONDAY, **changes: Any) -> Delivery:
    invites = step == FIRST_CONTACT
    act = Delivery(
        id=f"d-{step}",
        recipient=ACCEPTED.id,
        account_id=AccountId("acc"),
        kind=DeliveryKind.INVITATION if invites else DeliveryKind.MESSAGE,
        step=step,
        text=f"text of {step}",
        text_hash="",
        state=DeliveryState.SENT,
        service_id=f"m-{step}",
        claimed_at=at,
        attempted_at=at,
    )
    return msgspec.structs.replace(act, **changes)


INVITATION = an_act(FIRST_CONTACT)
MESSAGE = an_act(FIRST_MESSAGE, MONDAY + timedelta(days=3))
TALK = Conversation(lead=WRITTEN, acts=(INVITATION, MESSAGE))


def lead_with(**changes: Any) -> Lead:
    return msgspec.structs.replace(WRITTEN, **changes)


@pytest.mark.parametrize(
    ("acts", "comes"),
    [
        ((INVITATION,), FIRST_MESSAGE),
        ((INVITATION, MESSAGE), FOLLOW_UP_1),
        ((an_act(FIRST_CONTACT, kind=DeliveryKind.MESSAGE),), FOLLOW_UP_1),
        ((INVITATION, MESSAGE, an_act(FOLLOW_UP_1)), FOLLOW_UP_2),
        ((INVITATION, MESSAGE, an_act(FOLLOW_UP_1), an_act(FOLLOW_UP_2)), None),
        (
            (INVITATION, msgspec.structs.replace(MESSAGE, state=DeliveryState.REFUSED)),
            FIRST_MESSAGE,
        ),
        ((INVITATION, msgspec.structs.replace(MESSAGE, state=DeliveryState.LOST)), FIRST_MESSAGE),
    ],
)
def test_one_step_follows_the_last_that_went_out(
    acts: tuple[Delivery, ...], comes: Step | None
) -> None:
    coming = coming_step(Conversation(lead=WRITTEN, acts=acts), RULES)
    assert coming.step == comes
    assert (coming.at is None) is (comes is None)
    assert coming.reason


@pytest.mark.parametrize("stage", [LeadStage.WON, LeadStage.LOST])
def test_won_and_lost_end_the_plan_for_good_and_say_why(stage: LeadStage) -> None:
    answered = (Effect(kind=EffectKind.ENDS, reason="has answered"),)
    lead = lead_with(stage=stage, stage_reason="no budget")
    for effects in ((), answered):
        coming = coming_step(msgspec.structs.replace(TALK, lead=lead, effects=effects), RULES)
        assert (coming.step, coming.at, coming.waits) == (None, None, WaitsFor.NOTHING)
        assert coming.reason == f"{stage}: no budget; nothing more is written"


STOPS: Mapping[str, Conversation] = {
    "not accepted": msgspec.structs.replace(
        TALK, lead=lead_with(accepted_at=None, step="invitation"), acts=(INVITATION,)
    ),
    "answered": msgspec.structs.replace(
        TALK, effects=(Effect(kind=EffectKind.ENDS, reason="has answered"),)
    ),
    "written by hand": msgspec.structs.replace(TALK, lead=lead_with(written_by_hand_at=MONDAY)),
    "a stage": msgspec.structs.replace(TALK, lead=lead_with(stage=LeadStage.MEETING)),
    "held": msgspec.structs.replace(TALK, held="held by a word"),
    "rejected": msgspec.structs.replace(TALK, rejected="rejected by Kim"),
    "by hand": msgspec.structs.replace(
        TALK, acts=(an_act(FIRST_CONTACT, kind=DeliveryKind.MESSAGE, by_hand=True),)
    ),
    "put off for good": msgspec.structs.replace(TALK, lead=lead_with(put_off_reason="restricted")),
    "withdrawn": msgspec.structs.replace(
        TALK,
        acts=(INVITATION, an_act(Step(StepKind.WITHDRAWAL, "d"), kind=DeliveryKind.WITHDRAWAL)),
    ),
    "not ours": msgspec.structs.replace(TALK, acts=()),
    **{
        f"in doubt: {state}": msgspec.structs.replace(
            TALK, acts=(INVITATION, msgspec.structs.replace(MESSAGE, state=state))
        )
        for state in (DeliveryState.CLAIMED, DeliveryState.ATTEMPTED, DeliveryState.UNCERTAIN)
    },
    "a human is asked whether it arrived": msgspec.structs.replace(
        TALK,
        acts=(INVITATION, msgspec.structs.replace(MESSAGE, state=DeliveryState.UNCERTAIN)),
        unsure="review-1",
    ),
    **{
        f"status {status}": msgspec.structs.replace(TALK, lead=lead_with(contact_status=status))
        for status in ContactStatus
        if status
        not in {ContactStatus.INVITED, ContactStatus.MESSAGE_SENT, ContactStatus.UNCERTAIN}
    },
}


@pytest.mark.parametrize("why", STOPS)
def test_nothing_comes_next_and_a_reason_says_why(why: str) -> None:
    coming = coming_step(STOPS[why], RULES)
    assert coming.step is None
    assert coming.at is None
    assert coming.reason


OTHERS_TURN = {
    "not accepted": WaitsFor.ACCEPTANCE,
    **dict.fromkeys(
        (
            "answered",
            "written by hand",
            "a stage",
            "held",
            "by hand",
            "put off for good",
            "not ours",
            "a human is asked whether it arrived",
        ),
        WaitsFor.HUMAN,
    ),
    **{f"in doubt: {state}": WaitsFor.OUTCOME for state in ("claimed", "attempted", "uncertain")},
    "status Responded": WaitsFor.HUMAN,
    "status Needs Review": WaitsFor.HUMAN,
    "status Enrolled": WaitsFor.SERVICE,
}


@pytest.mark.parametrize("why", STOPS)
def test_what_a_conversation_without_a_next_step_waits_for_is_told_apart(why: str) -> None:
    assert coming_step(STOPS[why], RULES).waits is OTHERS_TURN.get(why, WaitsFor.NOTHING)


def put_off(waits: WaitsFor) -> Conversation:
    off = {"put_off_until": MONDAY + timedelta(days=60), "put_off_reason": "in the way"}
    return msgspec.structs.replace(TALK, lead=lead_with(put_off_for=waits, **off))


@pytest.mark.parametrize(
    ("talk", "waits"),
    [
        (TALK, WaitsFor.MOMENT),
        (Conversation(lead=ACCEPTED, acts=(INVITATION,)), WaitsFor.MOMENT),
        (msgspec.structs.replace(TALK, asked=(FOLLOW_UP_1, "abc123")), WaitsFor.HUMAN),
        (put_off(WaitsFor.FACTS), WaitsFor.FACTS),
        (put_off(WaitsFor.LATER), WaitsFor.LATER),
        (put_off(WaitsFor.NOTHING), WaitsFor.LATER),
    ],
)
def test_a_next_step_waits_for_its_moment_for_facts_or_for_what_was_in_the_way(
    talk: Conversation, waits: WaitsFor
) -> None:
    coming = coming_step(talk, RULES)
    assert coming.step is not None
    assert coming.waits is waits


def test_whoever_was_never_written_to_has_no_plan() -> None:
    assert coming_step(Conversation(lead=a_lead()), RULES) == Coming()


def test_a_text_that_a_human_must_approve_waits_without_a_moment() -> None:
    coming = coming_step(msgspec.structs.replace(TALK, asked=(FOLLOW_UP_1, "abc123")), RULES)
    assert coming.step == FOLLOW_UP_1
    assert coming.at is None
    assert "review approve abc123" in coming.reason
    other = coming_step(msgspec.structs.replace(TALK, asked=(FIRST_MESSAGE, "abc123")), RULES)
    assert other.at is not None


def test_the_settings_end_a_conversation_early() -> None:
    silent = msgspec.structs.replace(RULES, message_after_acceptance=False)
    invited = Conversation(lead=ACCEPTED, acts=(INVITATION,))
    assert "message_after_acceptance" in coming_step(invited, silent).reason
    none = msgspec.structs.replace(RULES, follow_ups=())
    assert "follow_ups" in coming_step(TALK, none).reason


def test_what_was_in_the_way_puts_a_step_off_and_says_so() -> None:
    until = MONDAY + timedelta(days=60)
    off = lead_with(put_off_until=until, put_off_reason="nothing new to say")
    coming = coming_step(msgspec.structs.replace(TALK, lead=off), RULES)
    assert coming.step == FOLLOW_UP_1
    assert coming.at is not None
    assert coming.at >= until
    assert coming.reason == "nothing new to say"


@given(
    st.integers(0, 2_000_000).map(lambda minutes: MONDAY + timedelta(minutes=minutes)),
    st.integers(1, 40),
    st.sets(st.dates(date(2027, 1, 1), date(2031, 6, 1)), max_size=5),
)
def test_a_follow_up_waits_for_so_many_working_days(
    at: datetime, days: int, holidays: set[date]
) -> None:
    hours = msgspec.structs.replace(HOURS, holidays=frozenset(holidays))
    due = after_working_days(at, days, hours)
    assert is_open(due, hours)
    zone = due.astimezone(UTC).date()
    first = at.date()
    between = [first + timedelta(days=n) for n in range(1, (zone - first).days + 1)]
    assert sum(works_on(day, hours) for day in between) in {days - 1, days, days + 1}
    assert due - at >= timedelta(days=days - 1)


@given(st.text(min_size=1, max_size=8), st.floats(0, 400), st.floats(0, 400))
def test_the_message_comes_within_its_hours_and_in_working_hours(
    lead_id: str, one: float, other: float
) -> None:
    least, most = sorted((one, other))
    rules = msgspec.structs.replace(RULES, message_delay_hours=(least, most))
    lead = msgspec.structs.replace(ACCEPTED, id=lead_id)
    talk = Conversation(lead=lead, acts=(INVITATION,))
    coming = coming_step(talk, rules)
    assert coming == coming_step(talk, rules)
    assert 0 <= delay_draw(lead) < 1
    assert coming.at is not None
    assert lead.accepted_at is not None
    assert is_open(coming.at, HOURS)
    assert coming.at >= lead.accepted_at + timedelta(hours=least)
    assert coming.at <= lead.accepted_at + timedelta(hours=most, days=3)


AWAY = Effect(kind=EffectKind.ABSENT, at=date(2027, 3, 29), reason="back on 29 March")
LATER = Effect(kind=EffectKind.RESUMES, at=date(2027, 5, 3), reason="asks for later: “in May”")
ENDS = Effect(kind=EffectKind.ENDS, reason="has answered")


def test_an_absence_is_no_answer_and_puts_the_step_off_until_they_are_back() -> None:
    plain = coming_step(TALK, RULES)
    coming = coming_step(msgspec.structs.replace(TALK, effects=(AWAY,)), RULES)
    assert coming.step == plain.step == FOLLOW_UP_1
    assert coming.at == datetime(2027, 3, 29, 7, 0, tzinfo=UTC)
    assert coming.reason == "back on 29 March"
    over = msgspec.structs.replace(AWAY, at=date(2027, 2, 9))
    assert coming_step(msgspec.structs.replace(TALK, effects=(over,)), RULES) == plain


@pytest.mark.parametrize("intent", list(Intent))
def test_a_no_is_nobodys_turn_and_any_other_answer_is_a_humans(intent: Intent) -> None:
    lead = lead_with(contact_status=ContactStatus.RESPONDED, response_intent=intent)
    coming = coming_step(msgspec.structs.replace(TALK, lead=lead, effects=(ENDS,)), RULES)
    assert coming.step is None
    declined = intent is Intent.NOT_INTERESTED
    assert coming.waits is (WaitsFor.NOTHING if declined else WaitsFor.HUMAN)
    assert ("no" in coming.reason.split(": ")[0].split()) is declined
    staged = msgspec.structs.replace(lead, stage=LeadStage.MEETING)
    talk = msgspec.structs.replace(TALK, lead=staged, effects=(ENDS,))
    assert coming_step(talk, RULES).waits is WaitsFor.HUMAN, "the team has taken it up again"


def test_whoever_asks_for_later_gets_a_humans_answer_then_and_no_text_of_ours() -> None:
    lead = lead_with(contact_status=ContactStatus.RESPONDED)
    coming = coming_step(msgspec.structs.replace(TALK, lead=lead, effects=(LATER,)), RULES)
    assert coming.step == ANSWER
    assert coming.at == datetime(2027, 5, 3, 7, 0, tzinfo=UTC)
    assert "human" in coming.reason
    for effects in ((LATER, ENDS), (ENDS,)):
        talk = msgspec.structs.replace(TALK, lead=lead, effects=effects)
        assert coming_step(talk, RULES).step is None
    staged = msgspec.structs.replace(lead, stage=LeadStage.MEETING)
    assert (
        coming_step(msgspec.structs.replace(TALK, lead=staged, effects=(LATER,)), RULES).step
        is None
    )
