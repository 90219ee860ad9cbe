"""Which invitations are withdrawn: none that was taken, answered, or might just have been."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingagents.core.conversation.withdrawals import (
    LOOKS,
    TRIES,
    InvitationFacts,
    Leave,
    Why,
    Withdraw,
    WithdrawalRules,
    decide,
    due_before,
    invited_again_from,
    too_many_open,
    waits,
)
from ingagents.core.rate_limiter import Hold
from ingagents.model import (
    FIRST_CONTACT,
    AccountId,
    ContactStatus,
    Delivery,
    DeliveryKind,
    DeliveryState,
    LeadStage,
    Recipient,
    Step,
)
from ingagents.model.linkedin import SentInvitation
from ingagents.model.step import StepKind
from tests.core.send_facts import HOURS, NOW, ours
from tests.factories import a_chat_message, a_lead, a_profile

RULES = WithdrawalRules()
SENT_AT = NOW - timedelta(days=22)
LEAD = a_lead(contact_status=ContactStatus.INVITED)
OPEN = SentInvitation(to=Recipient(provider_id=LEAD.profile.provider_id), id="7001")
PENDING = a_profile(network_distance=2, invitation="pending")


def an_act(**changes: Any) -> Delivery:
    fields: dict[str, Any] = {
        "id": "d1",
        "recipient": LEAD.id,
        "account_id": AccountId("a"),
        "kind": DeliveryKind.INVITATION,
        "step": FIRST_CONTACT,
        "text": "",
        "text_hash": "",
        "state": DeliveryState.SENT,
        "claimed_at": SENT_AT,
    }
    return Delivery(**{**fields, **changes})


def a_withdrawal(**changes: Any) -> Delivery:
    step = Step(StepKind.WITHDRAWAL, about="d1")
    fields = {"id": "w1", "kind": DeliveryKind.WITHDRAWAL, "step": step, "claimed_at": NOW}
    return an_act(**{**fields, **changes})


def the_facts(**changes: Any) -> InvitationFacts:
    """An invitation that nobody took and everything shows as open."""
    fields: dict[str, Any] = {
        "invitation": an_act(),
        "lead": LEAD,
        "open": OPEN,
        "shown": PENDING,
    }
    return InvitationFacts(**{**fields, **changes})


def why(**changes: Any) -> Why | None:
    decided = decide(the_facts(**changes), RULES, NOW)
    return decided.why if isinstance(decided, Leave) else None


def test_an_invitation_nobody_took_is_withdrawn_by_the_id_that_linkedin_lists():
    decided = decide(the_facts(), RULES, NOW)
    assert isinstance(decided, Withdraw)
    assert decided.invitation_id == "7001"
    assert "2027-01-17" in decided.reason


def test_a_list_without_ids_is_helped_by_the_id_that_sending_gave():
    nameless = msgspec.structs.replace(OPEN, id="")
    decided = decide(the_facts(open=nameless, invitation=an_act(service_id="7002")), RULES, NOW)
    assert isinstance(decided, Withdraw)
    assert decided.invitation_id == "7002"


@pytest.mark.parametrize(
    ("changes", "left"),
    [
        ({"invitation": an_act(state=DeliveryState.UNCERTAIN)}, Why.NOT_OURS),
        ({"invitation": an_act(state=DeliveryState.LOST)}, Why.NOT_OURS),
        ({"invitation": an_act(state=DeliveryState.REFUSED)}, Why.NOT_OURS),
        ({"invitation": an_act(kind=DeliveryKind.MESSAGE)}, Why.NOT_OURS),
        ({"earlier": (a_withdrawal(),)}, Why.BEGUN),
        ({"earlier": (a_withdrawal(state=DeliveryState.ATTEMPTED),)}, Why.BEGUN),
        ({"earlier": (a_withdrawal(state=DeliveryState.UNCERTAIN),)}, Why.BEGUN),
        ({"earlier": (a_withdrawal(state=DeliveryState.REFUSED),) * TRIES}, Why.BEGUN),
        ({"replied": True}, Why.ANSWERED),
        ({"conversation": (a_chat_message(sent_at=NOW),)}, Why.ANSWERED),
        ({"lead": a_lead(accepted_at=NOW)}, Why.ACCEPTED),
        ({"shown": a_profile(network_distance=1)}, Why.ACCEPTED),
        ({"shown": a_profile(network_distance=1, invitation="pending")}, Why.ACCEPTED),
        ({"lead": a_lead(stage=LeadStage.IN_DISCUSSION)}, Why.TALKED_TO),
        ({"invitation": an_act(claimed_at=NOW - timedelta(days=20.9))}, Why.YOUNG),
        ({"conversation": (ours(1, is_note=True),)}, Why.UNCLEAR),
        ({"shown": a_profile(network_distance=2, invitation="")}, Why.UNCLEAR),
        ({"shown": None}, Why.UNCLEAR),
        ({"open": None}, Why.UNCLEAR),
        ({"open": None, "shown": None}, Why.UNCLEAR),
        ({"open": None, "shown": a_profile(invitation="ignored")}, Why.OVER),
        ({"open": None, "shown": a_profile(invitation="withdrawn")}, Why.OVER),
        ({"open": None, "shown": None, "looks": LOOKS - 1}, Why.OVER),
        ({"open": None, "shown": a_profile(invitation=""), "looks": LOOKS - 1}, Why.OVER),
        # Days later the list alone says that it is open.
        ({"shown": a_profile(network_distance=2, invitation=""), "looks": LOOKS - 1}, None),
        ({"shown": None, "looks": LOOKS - 1}, None),
        ({"earlier": (a_withdrawal(state=DeliveryState.REFUSED),)}, None),
        ({"earlier": (a_withdrawal(state=DeliveryState.LOST),)}, None),
        # What was said before the invitation is no answer to it.
        ({"conversation": (a_chat_message(sent_at=SENT_AT - timedelta(days=1)),)}, None),
    ],
)
def test_what_speaks_against_it_goes_first(changes: dict[str, Any], left: Why | None):
    assert why(**changes) is left


SHOWN = st.one_of(
    st.none(),
    st.builds(
        lambda distance, state: a_profile(network_distance=distance, invitation=state),
        st.sampled_from([0, 1, 2, 3]),
        st.sampled_from(["", "pending", "ignored", "withdrawn", "received"]),
    ),
)
STATES = st.sampled_from(list(DeliveryState))


@given(
    shown=SHOWN,
    listed=st.booleans(),
    replied=st.booleans(),
    accepted=st.booleans(),
    state=STATES,
    earlier=st.lists(STATES, max_size=3),
    age=st.floats(0, 60),
    looks=st.integers(0, 5),
    note_shows=st.booleans(),
    days=st.integers(0, 40),
)
def test_whatever_shows_only_what_is_surely_open_and_old_enough_is_withdrawn(
    shown, listed, replied, accepted, state, earlier, age, looks, note_shows, days
):
    given_facts = the_facts(
        invitation=an_act(state=state, claimed_at=NOW - timedelta(days=age)),
        lead=a_lead(accepted_at=NOW if accepted else None),
        replied=replied,
        earlier=tuple(a_withdrawal(state=one) for one in earlier),
        open=OPEN if listed else None,
        shown=shown,
        conversation=(ours(0.5, is_note=True),) if note_shows else (),
        looks=looks,
    )
    rules = WithdrawalRules(withdraw_after_days=days)
    if isinstance(decide(given_facts, rules, NOW), Withdraw):
        assert listed
        assert state is DeliveryState.SENT
        assert days > 0
        assert age >= days
        assert not replied
        assert not accepted
        assert not note_shows
        assert shown is None or shown.network_distance != 1
        assert set(earlier) <= {DeliveryState.REFUSED, DeliveryState.LOST}


def test_zero_days_withdraw_nothing():
    never = WithdrawalRules(withdraw_after_days=0)
    assert due_before(never, NOW) is None
    old = the_facts(invitation=an_act(claimed_at=NOW - timedelta(days=900)))
    assert isinstance(decide(old, never, NOW), Leave)


def test_withdrawals_wait_for_the_kill_switch_the_hours_and_their_own_pause():
    later, closed = NOW + timedelta(hours=1), msgspec.structs.replace(HOURS, days=frozenset())
    held = {kind: [Hold(later, "held", kind)] for kind in ("withdrawal", "account", "gap")}
    assert waits(NOW, paused="by Kim", holds=[], hours=HOURS) == "by Kim"
    assert waits(NOW, paused="", holds=[], hours=closed) == "outside working hours"
    assert waits(NOW, paused="", holds=held["withdrawal"], hours=HOURS) == later
    assert waits(NOW, paused="", holds=held["account"], hours=HOURS) == later
    assert waits(NOW, paused="", holds=held["gap"], hours=HOURS) is None
    assert waits(later, paused="", holds=held["withdrawal"], hours=HOURS) is None


@pytest.mark.parametrize(("pending", "full"), [(0, False), (399, False), (400, True), (900, True)])
def test_so_many_may_stand_open_and_no_more(pending: int, full: bool):
    assert bool(too_many_open(pending, RULES)) is full


@pytest.mark.parametrize(
    ("state", "counts"),
    [
        (DeliveryState.SENT, True),
        (DeliveryState.UNCERTAIN, True),
        (DeliveryState.ATTEMPTED, True),
        (DeliveryState.REFUSED, False),
        (DeliveryState.LOST, False),
    ],
)
def test_nobody_is_invited_again_for_three_weeks(state: DeliveryState, counts: bool):
    from_when = invited_again_from([an_act(), a_withdrawal(state=state)])
    assert from_when == (NOW + timedelta(days=21) if counts else None)
