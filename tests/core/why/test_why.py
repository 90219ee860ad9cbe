"""Why nothing is sent: exactly one first gate for everybody, and opening it changes the answer."""

from __future__ import annotations

from datetime import timedelta
from itertools import product

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingagents.core.gates import may_act
from ingagents.core.sending.plans import Gate, Wait
from ingagents.core.sending.send_facts import SendFacts
from ingagents.core.why.why import (
    AT_THE_VISIT,
    Offer,
    Standing,
    Turn,
    Why,
    gate_of,
    is_due,
    why_not_allocated,
    why_not_sent,
    why_rests,
)
from ingagents.core.why.why_words import NotYet, change_of, said_of
from ingagents.model import ContactStatus, Lead, WaitsFor
from tests.core.send_facts import NOW, QUESTION, facts
from tests.core.test_gates import FACTS, FLIPS, SHUT
from tests.factories import a_lead

AT_LEISURE = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
LATER = NOW + timedelta(hours=3)
ASKED = [gate for gate in Gate if gate not in AT_THE_VISIT]
STANDINGS = [
    Standing(*one) for one in product(ContactStatus, WaitsFor, (False, True), (False, True))
]


def sent(found: SendFacts, **turn: object) -> Why:
    """What is said of a due step, the account's gates asked as a pass asks them."""
    held = may_act(found.account, NOW, found.channel.kind, first=found.begins)
    wait = held if isinstance(held, Wait) else None
    stands = msgspec.structs.replace(Turn(wait=wait, next_pass=LATER), **turn)
    return why_not_sent(found, stands, NOW)


# --- a step that is due ---------------------------------------------------------------------------


@pytest.mark.parametrize("gate", ASKED)
def test_a_gate_that_is_shut_is_named_with_its_value_and_what_changes_it(gate: Gate) -> None:
    found = facts(**{"text": None, **SHUT[gate][0]})
    if gate is Gate.APPROVAL:
        found = msgspec.structs.replace(found, review=QUESTION)
    why = sent(found)
    assert why.gate is gate
    assert why.asked[-1] == msgspec.structs.replace(why.asked[-1], gate=gate, says="shut")
    assert why.asked[-1].value
    assert why.reason
    assert why.change


@AT_LEISURE
@given(FACTS)
def test_opening_the_first_gate_changes_the_answer(found: SendFacts) -> None:
    why = sent(found)
    assert [one.says for one in why.asked].count("shut") == 1
    assert why.asked[-1].says == "shut"
    if why.gate is NotYet.TURN:
        assert why.lifts_at == LATER
        return
    assert isinstance(why.gate, Gate)
    opened = sent(msgspec.structs.replace(found, **FLIPS[why.gate](found)))
    assert opened.gate is not why.gate
    order = [*Gate, NotYet.TURN]
    assert order.index(opened.gate) > order.index(why.gate)


@AT_LEISURE
@given(FACTS)
def test_a_moment_at_which_a_gate_lifts_is_one_at_which_it_does_not_hold(found: SendFacts) -> None:
    why = sent(found)
    if why.lifts_at is None or why.gate is NotYet.TURN:
        return
    held = may_act(found.account, why.lifts_at, found.channel.kind, first=found.begins)
    still = why_not_sent(
        found,
        Turn(wait=held if isinstance(held, Wait) else None, next_pass=LATER),
        why.lifts_at,
    )
    assert (still.gate, still.lifts_at) != (why.gate, why.lifts_at)


def test_what_is_not_about_a_gate_stands_between_the_person_and_the_account() -> None:
    paused = facts(text=None, paused="paused by Kim")
    resting = {"resting_until": NOW + timedelta(hours=1)}
    assert sent(paused, **resting).gate is NotYet.RESTING
    assert sent(paused, **resting).lifts_at == resting["resting_until"]
    assert sent(paused, resting_until=NOW).gate is Gate.PAUSED
    assert sent(paused, live=False, shown=True).gate is NotYet.DRY_RUN
    assert sent(paused, live=False).gate is Gate.PAUSED
    assert sent(facts(text=None), ahead=4).reason.startswith("4 wait before")
    assert "4 wait before" in sent(paused, ahead=4).reason


# --- nobody has written to them -------------------------------------------------------------------

FREE = a_lead(linkedin_url="https://www.linkedin.com/in/ada", quality_score=8.0)
CHOSEN = Offer(threshold=6.0, place=2, chosen=5, next_at=LATER)
LADDER: list[tuple[Gate | NotYet, dict[str, object], dict[str, object]]] = [
    (Gate.SUPPRESSED, {}, {"suppressed": "they asked for it"}),
    (Gate.HELD, {}, {"held": "held by a word"}),
    (NotYet.BELOW_THRESHOLD, {"quality_score": 3.0}, {}),
    (NotYet.NO_ADDRESS, {"linkedin_url": ""}, {}),
    (NotYet.OTHER, {}, {"against": "other", "place": None}),
    (NotYet.SAME_COMPANY, {}, {"against": "same_company", "place": None}),
    (Gate.PROGRAMME, {}, {"no_room": "all 2 places of Gold are filled", "place": None}),
    (NotYet.FULL, {}, {"place": None}),
]


@given(st.sets(st.integers(0, len(LADDER) - 1)))
def test_of_whoever_is_not_allocated_the_first_rule_is_named(shut: set[int]) -> None:
    lead, offer = FREE, CHOSEN
    for one in sorted(shut, reverse=True):  # of two rules the first is against them
        _, of_lead, of_offer = LADDER[one]
        lead = msgspec.structs.replace(lead, **of_lead)
        offer = msgspec.structs.replace(offer, **of_offer)
    why = why_not_allocated(lead, offer)
    assert why.gate is (LADDER[min(shut)][0] if shut else NotYet.ALLOCATION)
    assert [one.says for one in why.asked].count("shut") == 1
    assert (why.lifts_at == LATER) is (why.gate in {NotYet.FULL, NotYet.ALLOCATION})
    assert why.change


# --- whoever waits for no step of ours ------------------------------------------------------------


@pytest.mark.parametrize("standing", STANDINGS, ids=str)
def test_whoever_waits_for_no_step_stands_before_exactly_one_gate(standing: Standing) -> None:
    if standing.status in {ContactStatus.NOT_CONTACTED, ContactStatus.ALLOCATED}:
        assert not is_due(standing)
        return
    if is_due(standing):
        assert not is_due(standing._replace(comes_later=True))
        assert gate_of(standing._replace(comes_later=True)) is Gate.NOT_DUE
        return
    gate = gate_of(standing)
    assert said_of(gate)
    assert change_of(gate)


def resting(**changes: object) -> Lead:
    return a_lead(**{"contact_status": ContactStatus.MESSAGE_SENT, **changes})  # type: ignore[arg-type]


def test_a_planned_step_says_when_and_why() -> None:
    lead = resting(
        waits_for=WaitsFor.MOMENT,
        next_step="follow_up_1",
        next_step_at=LATER,
        next_step_reason="5 days",
    )
    why = why_rests(lead, NOW)
    assert (why.gate, why.lifts_at, why.reason) == (Gate.NOT_DUE, LATER, "5 days")


def test_a_doubt_lifts_at_its_next_look_and_a_question_names_its_command() -> None:
    doubtful = resting(contact_status=ContactStatus.UNCERTAIN, status_reason="the line broke")
    why = why_rests(doubtful, NOW, next_look=LATER)
    assert (why.gate, why.lifts_at, why.reason) == (NotYet.IN_DOUBT, LATER, "the line broke")
    asked = resting(contact_status=ContactStatus.NEEDS_REVIEW)
    assert "review show abc" in why_rests(asked, NOW, question="abc").change


def test_an_invitation_that_waits_says_from_when_it_is_withdrawn() -> None:
    invited = resting(waits_for=WaitsFor.ACCEPTANCE, sent_at=NOW)
    why = why_rests(invited, NOW, withdraw_after=timedelta(days=21))
    assert (why.gate, why.lifts_at) == (NotYet.NOT_ACCEPTED, None)
    assert "from 2027-03-01 on it is withdrawn" in why.change
    assert "withdraw_after_days" in why_rests(invited, NOW).change


def test_every_gate_that_may_be_named_says_what_changes_it() -> None:
    assert [gate for gate in (*ASKED, *NotYet) if not change_of(gate)] == []
