"""Doubtful acts: when to look, what counts as a trace, and what the looks together say."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingagents.core.reconciler import (
    CLOCK_SKEW,
    LookRules,
    judge,
    next_look,
    read_enrolment,
    read_evidence,
)
from ingagents.model import ChatMessage, Delivery, DeliveryKind, DeliveryState, Look, Recipient
from ingagents.model.linkedin import Enrolment
from tests.factories import MONDAY, a_chat_message, a_delivery, a_profile

RULES = LookRules(settle_seconds=120, looks=3, window_seconds=600)
INVITATION, MESSAGE = DeliveryKind.INVITATION, DeliveryKind.MESSAGE
ATTEMPT = MONDAY + timedelta(seconds=30)


def seconds(number: float) -> timedelta:
    return timedelta(seconds=number)


def doubt(kind: DeliveryKind = INVITATION, **changes: Any) -> Delivery:
    fields: dict[str, Any] = {
        "kind": kind,
        "state": DeliveryState.UNCERTAIN,
        "attempted_at": ATTEMPT,
        "text": "Hello Robin,\nwill you speak at our summit?",
    }
    return a_delivery(**{**fields, **changes})


def looked(*found: bool) -> tuple[Look, ...]:
    """Looks at their planned moments, each with what it found."""
    return tuple(
        Look(at=ATTEMPT + seconds(120 + 300 * n), found=hit, evidence=f"look {n + 1}")
        for n, hit in enumerate(found)
    )


def test_looks_begin_after_the_settling_time_and_are_spread_over_the_window() -> None:
    moments = [next_look(doubt(looks=looked(*[False] * n)), RULES) for n in range(3)]
    assert moments == [ATTEMPT + seconds(120), ATTEMPT + seconds(420), ATTEMPT + seconds(720)]


def test_a_claim_whose_attempt_was_never_written_settles_from_the_claim_on() -> None:
    assert next_look(doubt(attempted_at=None), RULES) == MONDAY + seconds(120)


def test_a_single_look_comes_after_the_settling_time() -> None:
    once = LookRules(settle_seconds=10, looks=1, window_seconds=600)
    assert next_look(doubt(), once) == ATTEMPT + seconds(10)


def test_after_a_late_look_the_next_one_is_not_in_the_same_breath() -> None:
    late = ATTEMPT + timedelta(hours=8)
    seen = doubt(looks=(Look(at=late, found=False, evidence="nothing"),))
    assert next_look(seen, RULES) == late + seconds(300)


@given(
    rules=st.builds(
        lambda settle, looks, window: LookRules(
            settle_seconds=settle, looks=looks, window_seconds=window
        ),
        st.floats(0, 1e6),
        st.integers(1, 20),
        st.floats(0, 1e6),
    ),
    delays=st.lists(st.floats(0, 1e5), min_size=20, max_size=20),
)
def test_looks_are_never_early_and_never_closer_than_their_spacing(
    rules: LookRules, delays: list[float]
) -> None:
    looks: tuple[Look, ...] = ()
    spacing = rules.window_seconds / max(rules.looks - 1, 1)
    for delay in delays[: rules.looks]:
        moment = next_look(doubt(looks=looks), rules)
        assert moment >= ATTEMPT + seconds(rules.settle_seconds)
        if looks:
            assert moment >= looks[-1].at + seconds(spacing)
        looks = (*looks, Look(at=moment + seconds(delay), found=False, evidence=""))


@pytest.mark.parametrize("kind", [INVITATION, MESSAGE])
@pytest.mark.parametrize("found", [(True,), (False, True), (False, False, True), (True, False)])
@pytest.mark.parametrize("tries", [0, 1])
def test_any_look_that_found_it_settles_it_as_sent(
    kind: DeliveryKind, found: tuple[bool, ...], tries: int
) -> None:
    verdict = judge(doubt(kind, looks=looked(*found)), RULES, tries_before=tries)
    assert verdict.state == "sent"
    assert verdict.reason == f"look {found.index(True) + 1}"


@pytest.mark.parametrize("kind", [INVITATION, MESSAGE])
@pytest.mark.parametrize("number", [0, 1, 2])
def test_too_few_looks_say_nothing_yet(kind: DeliveryKind, number: int) -> None:
    delivery = doubt(kind, looks=looked(*[False] * number))
    assert judge(delivery, RULES, tries_before=0).state == "look_again"


@pytest.mark.parametrize(
    ("kind", "tries", "state"),
    [
        (INVITATION, 0, "not_sent"),
        (INVITATION, 1, "human"),
        (INVITATION, 2, "human"),
        (MESSAGE, 0, "human"),
        (MESSAGE, 1, "human"),
        (DeliveryKind.REPLY, 0, "human"),
        (DeliveryKind.REPORT, 0, "human"),
        (DeliveryKind.ALERT, 0, "human"),
        # What is open can be withdrawn again, and LinkedIn withdraws nothing else.
        (DeliveryKind.WITHDRAWAL, 0, "not_sent"),
        (DeliveryKind.WITHDRAWAL, 2, "not_sent"),
        # A campaign takes a person up once, and a stop again does no harm.
        (DeliveryKind.ENROLMENT, 0, "not_sent"),
        (DeliveryKind.ENROLMENT, 1, "human"),
        (DeliveryKind.STOP, 0, "not_sent"),
        (DeliveryKind.STOP, 2, "not_sent"),
    ],
)
def test_only_an_invitation_without_any_trace_is_tried_again_and_only_once(
    kind: DeliveryKind, tries: int, state: str
) -> None:
    verdict = judge(doubt(kind, looks=looked(False, False, False)), RULES, tries_before=tries)
    assert verdict.state == state


@pytest.mark.parametrize("blind", range(3))
def test_a_look_at_which_the_person_was_not_shown_proves_nothing(blind: int) -> None:
    looks = [
        msgspec.structs.replace(look, blind=number == blind)
        for number, look in enumerate(looked(False, False, False))
    ]
    assert judge(doubt(INVITATION, looks=tuple(looks)), RULES, tries_before=0).state == "human"


def test_the_table_above_names_every_kind_of_act() -> None:
    assert set(DeliveryKind) == {
        INVITATION,
        MESSAGE,
        DeliveryKind.REPLY,
        DeliveryKind.REPORT,
        DeliveryKind.ALERT,
        DeliveryKind.WITHDRAWAL,
        DeliveryKind.ENROLMENT,
        DeliveryKind.STOP,
    }


@pytest.mark.parametrize(
    ("kind", "shown", "found"),
    [
        (DeliveryKind.ENROLMENT, None, False),
        (DeliveryKind.ENROLMENT, Enrolment(to=Recipient()), True),
        (DeliveryKind.ENROLMENT, Enrolment(to=Recipient(), stopped=True), True),
        (DeliveryKind.STOP, None, False),
        (DeliveryKind.STOP, Enrolment(to=Recipient()), False),
        (DeliveryKind.STOP, Enrolment(to=Recipient(), stopped=True), True),
        (DeliveryKind.STOP, Enrolment(to=Recipient(), paused=True), True),
    ],
)
def test_the_campaigns_list_says_what_became_of_an_enrolment_and_of_its_end(
    kind: DeliveryKind, shown: Enrolment | None, found: bool
) -> None:
    look = read_enrolment(doubt(kind), shown, now=MONDAY)
    assert look.found is found
    assert look.evidence


def evidence(
    delivery: Delivery, *conversation: ChatMessage, pending: bool = False, **profile: Any
) -> Look:
    return read_evidence(
        delivery,
        a_profile(**profile),
        conversation,
        pending=pending,
        now=MONDAY + timedelta(hours=1),
    )


def said(text: str, **changes: Any) -> ChatMessage:
    fields: dict[str, Any] = {"text": text, "from_us": True, "sent_at": ATTEMPT}
    return a_chat_message(**{**fields, **changes})


TEXT = doubt().text


@pytest.mark.parametrize("kind", [INVITATION, MESSAGE])
@pytest.mark.parametrize(
    "shown",
    [
        TEXT,
        TEXT.replace("\n", "\r\n"),
        TEXT.replace("\n", " "),
        f"  {TEXT}\u00a0\n",
        TEXT.upper(),
    ],
)
def test_our_text_in_the_chat_is_a_trace_however_it_is_spaced(
    kind: DeliveryKind, shown: str
) -> None:
    look = evidence(doubt(kind), said(shown, id="m-7"))
    assert look.found
    assert "m-7" in look.evidence
    assert look.at == MONDAY + timedelta(hours=1)


def test_composed_and_decomposed_letters_are_the_same() -> None:
    assert evidence(doubt(MESSAGE, text="Gru\u0308\u00dfe"), said("Gr\u00fc\u00dfe")).found


@pytest.mark.parametrize(
    "message",
    [
        said(TEXT, from_us=False),
        said(TEXT + " Greetings"),
        said(TEXT.removesuffix("?")),
        said(""),
        said(TEXT, sent_at=ATTEMPT - CLOCK_SKEW - seconds(1)),
    ],
    ids=["theirs", "longer", "shorter", "empty", "before"],
)
def test_other_messages_are_no_trace(message: ChatMessage) -> None:
    assert not evidence(doubt(MESSAGE), message).found
    assert not evidence(doubt(INVITATION), message).found


def test_a_message_that_is_another_act_of_ours_is_no_trace_though_it_says_the_same() -> None:
    conversation = (said(TEXT, id="m-1"),)
    for others, found in ((("m-1",), False), (("m-2",), True)):
        look = read_evidence(
            doubt(MESSAGE), a_profile(), conversation, pending=False, now=MONDAY, others=others
        )
        assert look.found is found


def test_the_services_clock_may_run_a_little_behind_ours() -> None:
    assert evidence(doubt(MESSAGE), said(TEXT, sent_at=ATTEMPT - CLOCK_SKEW)).found


def test_any_message_of_the_conversation_may_be_the_trace() -> None:
    assert evidence(doubt(MESSAGE), said("Hello"), said("Hi", from_us=False), said(TEXT)).found


@pytest.mark.parametrize(
    ("shown", "invitation_found"),
    [
        ({"invitation": "pending"}, True),
        ({"pending": True}, True),
        ({"network_distance": 1}, True),
        ({"invitation": "received"}, False),
        ({"invitation": "withdrawn"}, False),
        ({"network_distance": 2}, False),
        ({"network_distance": 0}, False),
    ],
)
def test_profile_and_pending_list_prove_an_invitation_but_never_a_message(
    shown: dict[str, Any], invitation_found: bool
) -> None:
    assert evidence(doubt(INVITATION), **shown).found is invitation_found
    assert not evidence(doubt(MESSAGE), **shown).found


@pytest.mark.parametrize(
    ("shown", "withdrawn"),
    [
        ({"invitation": "pending"}, False),
        ({"pending": True}, False),
        ({"pending": True, "invitation": "withdrawn"}, False),
        ({"network_distance": 1}, False),
        ({"network_distance": 1, "invitation": "withdrawn"}, False),
        ({"invitation": "withdrawn"}, True),
        ({"invitation": "ignored"}, True),
        ({"network_distance": 2}, True),
    ],
)
def test_a_withdrawal_is_found_where_nothing_is_open_and_nothing_was_accepted(
    shown: dict[str, Any], withdrawn: bool
) -> None:
    assert evidence(doubt(DeliveryKind.WITHDRAWAL, text=""), said(""), **shown).found is withdrawn


@pytest.mark.parametrize("text", ["", "  ", "Hello"])
def test_an_invitation_without_a_text_is_found_by_no_message(text: str) -> None:
    assert not evidence(doubt(INVITATION, text=""), said(text)).found
    assert evidence(doubt(INVITATION, text=""), said(text), pending=True).found


def test_our_message_is_found_though_the_clock_was_put_back_since_it_was_sent():
    """A time ahead of our clock is taken as now, which then lies before the act."""
    now = ATTEMPT - timedelta(hours=1)
    found = read_evidence(
        doubt(MESSAGE), a_profile(), (said(TEXT, sent_at=now),), pending=False, now=now
    )
    assert found.found
