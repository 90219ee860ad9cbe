"""Messages of ours that the database lost: each becomes one step, and no step becomes two."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingagents.core.conversation.backfill import New, Shown, step_of
from ingagents.core.reconciler import folded
from ingagents.model import FIRST_CONTACT, Delivery, DeliveryKind, DeliveryState, Step
from ingagents.model.step import StepKind
from tests.factories import MONDAY, a_delivery

INVITATION, MESSAGE = DeliveryKind.INVITATION, DeliveryKind.MESSAGE
FIRST_MESSAGE = Step(StepKind.FIRST_MESSAGE)
FOLLOW_UPS = [Step(StepKind.FOLLOW_UP, str(n)) for n in (1, 2)]
LATER = MONDAY + timedelta(days=2)


def shown(text: str, kind: DeliveryKind = MESSAGE, **changes: Any) -> Shown:
    return Shown(**{"kind": kind, "at": LATER, "text": text, "id": "m1", **changes})


def act(step: Step, text: str, **changes: Any) -> Delivery:
    fields: dict[str, Any] = {
        "step": step,
        "text": text,
        "kind": MESSAGE,
        "state": DeliveryState.SENT,
        "claimed_at": MONDAY,
    }
    return a_delivery(**{**fields, **changes})


NOTE = act(FIRST_CONTACT, "Hello", kind=INVITATION, id="note")
BARE = act(FIRST_CONTACT, "", kind=INVITATION, id="bare")
LOST = act(FIRST_MESSAGE, "The programme is out", id="lost", state=DeliveryState.LOST)
DRAFTS = {folded("Who else comes"): FOLLOW_UPS[0]}


@pytest.mark.parametrize(
    ("one", "acts", "found"),
    [
        # The first contact, by its place.
        (shown("Hello", INVITATION), [], New(step=FIRST_CONTACT, ours=False)),
        (shown("", INVITATION, id=""), [], New(step=FIRST_CONTACT, ours=False)),
        (shown("Hello"), [], New(step=FIRST_CONTACT, ours=False)),
        (shown("Hello"), [act(FIRST_CONTACT, "x", state=DeliveryState.REFUSED)], None),
        # What is known stays one act.
        (shown("Hello", INVITATION), [NOTE], None),
        (shown("Hello, shortened", INVITATION), [NOTE], None),
        (shown("", INVITATION, id=""), [BARE], None),
        (shown("HELLO"), [act(FIRST_CONTACT, "hello")], None),
        (shown("altered", id="m7"), [act(FIRST_CONTACT, "Hello", service_id="m7")], None),
        (shown("the programme is out"), [NOTE, act(FIRST_MESSAGE, LOST.text)], None),
        # A step by its text.
        (shown("The  programme is OUT"), [NOTE, LOST], LOST),
        (shown("Who else comes"), [NOTE], New(step=FOLLOW_UPS[0], ours=True)),
        (shown("Who else comes"), [NOTE, act(FOLLOW_UPS[0], "Other")], None),
        # A text that is none of ours may be a human's own.
        (shown("Call me, Kim"), [NOTE], None),
        (shown("Call me, Kim"), [BARE], None),
        (shown(""), [BARE], None),
        (shown("> The programme is out"), [NOTE, LOST], None),
        (shown("The programme"), [NOTE, LOST], None),
        (shown("The programme is out", at=MONDAY - timedelta(hours=1)), [NOTE, LOST], None),
    ],
)
def test_an_act_is_the_step_that_its_text_or_the_beginning_says(
    one: Shown, acts: list[Delivery], found: Delivery | New | None
) -> None:
    refused = [a for a in acts if a.state is DeliveryState.REFUSED]
    expected = New(step=FIRST_CONTACT, ours=False) if refused else found
    assert step_of(one, acts, DRAFTS) == expected


def test_a_first_contact_taken_for_lost_is_the_first_contact_however_it_shows() -> None:
    lost = act(FIRST_CONTACT, "Hello", kind=INVITATION, state=DeliveryState.LOST)
    assert step_of(shown("Hello, altered"), [lost], {}) == lost


TEXTS = ["Hello", "The programme is out", "Who else comes", "It closes soon", "Call me, Kim", ""]
STEPS = [FIRST_CONTACT, FIRST_MESSAGE, *FOLLOW_UPS]


@given(
    known=st.lists(
        st.tuples(
            st.sampled_from(STEPS),
            st.sampled_from(TEXTS),
            st.sampled_from(list(DeliveryState)),
            st.sampled_from([INVITATION, MESSAGE]),
        ),
        max_size=4,
        unique_by=lambda one: one[0],
    ),
    chat=st.lists(
        st.tuples(st.sampled_from(TEXTS), st.sampled_from([INVITATION, MESSAGE])), max_size=6
    ),
    drafts=st.dictionaries(st.sampled_from(TEXTS).map(folded), st.sampled_from(STEPS)),
    again=st.booleans(),
)
def test_whatever_shows_no_step_is_given_twice_and_a_second_reading_gives_nothing(
    known, chat, drafts, again
) -> None:
    acts = [
        act(step, text, id=str(n), state=state, kind=kind)
        for n, (step, text, state, kind) in enumerate(known)
    ]
    messages = [
        shown(text, kind, id=f"m{n}", at=LATER + timedelta(hours=n))
        for n, (text, kind) in enumerate(chat)
    ]
    for one in messages * (2 if again else 1):
        found = step_of(one, acts, drafts)
        if found is None:
            continue
        if isinstance(found, Delivery):
            assert found.state is DeliveryState.LOST
            acts.remove(found)
            step, text = found.step, found.text
        else:
            step, text = found.step, one.text
        acts.append(act(step, text, id=one.id, kind=one.kind, service_id=one.id))
    live = [a for a in acts if a.state not in {DeliveryState.LOST, DeliveryState.REFUSED}]
    assert len({a.step for a in live}) == len(live)
    adopted = [a.service_id for a in live if a.service_id]
    assert len(set(adopted)) == len(adopted)
