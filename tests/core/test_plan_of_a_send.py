"""What is planned for a send: by what LinkedIn shows, under whose word, and for the account alone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, get_args, get_type_hints

import msgspec
import pytest

from ingagents.core.gates import may_act, plan, unapproved
from ingagents.core.lead_status import Cause
from ingagents.core.rate_limiter import Act, Go, Hold, Usage
from ingagents.core.send_policy import MESSAGE_LIMIT, RECENT_CONTACT, Approval
from ingagents.core.sending.first_touch import Touch
from ingagents.core.sending.plans import (
    Adopt,
    AskHuman,
    Gate,
    Plan,
    Send,
    Skip,
    Wait,
    decision_against,
)
from ingagents.core.sending.send_facts import Text
from ingagents.model import (
    ChatMessage,
    Classification,
    ContactStatus,
    Profile,
)
from tests.core.send_facts import (
    ACCOUNT,
    ALLOCATED,
    APPROVED,
    BARE,
    DRAFT,
    INVITATION,
    LAPSE,
    LOST,
    MESSAGE,
    NOTED,
    NOW,
    QUESTION,
    RULES,
    TEXT,
    facts,
    ours,
)
from tests.core.test_gates import BARE_DRAFT, REFUSED_LATELY, SHUT
from tests.factories import a_chat_message, a_lead, a_profile

BARE_TEXT = Text(draft=BARE_DRAFT, written_for=ALLOCATED)

# --- what LinkedIn shows --------------------------------------------------------------------------

InvitationState = Literal["", "pending", "ignored", "withdrawn", "received"]
STATES: Mapping[InvitationState, type[Plan]] = {
    "": Send,
    "pending": Adopt,
    "ignored": Skip,
    "withdrawn": Skip,
    "received": Skip,
}


def way(profile: Profile, *conversation: ChatMessage) -> Plan:
    return plan(facts(profile=profile, conversation=conversation, text=None), NOW)


def test_the_table_of_invitations_names_every_state() -> None:
    assert set(STATES) == set(get_args(get_type_hints(Profile)["invitation"]))


@pytest.mark.parametrize("distance", [0, 1, 2, 3])
@pytest.mark.parametrize("state", STATES)
def test_the_way_follows_from_the_connection_and_the_invitation(
    distance: int, state: InvitationState
) -> None:
    planned = way(a_profile(network_distance=distance, invitation=state))
    assert isinstance(planned, Send if distance == 1 else STATES[state])
    if isinstance(planned, Send):
        kind, limit = (MESSAGE, MESSAGE_LIMIT) if distance == 1 else (INVITATION, 200)
        assert (planned.channel.kind, planned.channel.limit) == (kind, limit)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("distance", [0, 1, 2, 3])
def test_somebody_written_to_by_hand_lately_is_left_to_a_human(
    distance: int, state: InvitationState
) -> None:
    planned = way(a_profile(network_distance=distance, invitation=state), ours(200), ours(10))
    assert isinstance(planned, Skip)
    assert (planned.gate, planned.cause) == (Gate.WRITTEN_BY_HAND, Cause.MUST_DECIDE)
    assert "2027-01-29" in planned.reason


def test_a_conversation_long_ago_or_of_theirs_alone_does_not_stop_us() -> None:
    connection = a_profile(network_distance=1)
    long_ago = ours(RECENT_CONTACT.days)
    assert isinstance(way(connection, long_ago), Send)
    assert isinstance(way(connection, a_chat_message(sent_at=NOW)), Send)
    assert isinstance(way(connection, msgspec.structs.replace(long_ago, sent_at=NOW)), Skip)


def test_an_act_taken_for_lost_that_shows_after_all_is_adopted_and_not_repeated() -> None:
    invited = msgspec.structs.replace(LOST, kind=INVITATION)
    for seen in (
        {"profile": a_profile(network_distance=1)},
        {"conversation": (ours(99.5, text="hello"),)},
    ):
        planned = plan(facts(lost=invited, **seen), NOW)
        assert isinstance(planned, Adopt)
        assert planned.lost == invited
    assert isinstance(plan(facts(lost=invited), NOW), Send)


# --- the human's word -----------------------------------------------------------------------------


@pytest.mark.parametrize("status", [s for s in ContactStatus if s is not ContactStatus.ALLOCATED])
def test_only_an_allocated_lead_is_written_to(status: ContactStatus) -> None:
    planned = plan(facts(lead=a_lead(contact_status=status)), NOW)
    assert isinstance(planned, Skip)
    assert (planned.gate, planned.cause) == (Gate.STATUS, None)


def test_who_has_answered_and_is_not_allocated_any_more_stays_where_they_are() -> None:
    planned = plan(facts(replied=True, lead=a_lead(contact_status=ContactStatus.CLOSED)), NOW)
    assert isinstance(planned, Skip)
    assert (planned.gate, planned.cause) == (Gate.ANSWERED, None)


UNDER = msgspec.structs.replace(TEXT, review_id=APPROVED.id)
WORDS: list[tuple[str, dict[str, Any], type[Plan]]] = [
    ("an approval lets its text go", {"review": APPROVED, "text": UNDER, "approval": "all"}, Send),
    ("an approval is there before the text", {"review": APPROVED, "text": None}, Send),
    ("an open question is not put twice", {"review": QUESTION}, AskHuman),
    ("a question that lapsed is none", {"review": QUESTION, "lapse": LAPSE}, Send),
    ("an approval that is gone", {"review": None, "text": UNDER}, Skip),
    (
        "another approval",
        {"review": APPROVED, "text": msgspec.structs.replace(TEXT, review_id="z")},
        Skip,
    ),
    ("an approval taken back", {"review": QUESTION, "text": UNDER}, Skip),
    ("an approval that lapsed", {"review": APPROVED, "lapse": LAPSE, "text": UNDER}, Skip),
    ("a text beside an approved one", {"review": APPROVED, "text": TEXT}, Skip),
    ("nobody need see a sure text", {"approval": "low_confidence"}, Send),
    ("everything is to be seen", {"approval": "all"}, AskHuman),
    ("before a text is written nothing is asked", {"approval": "all", "text": None}, Send),
    (
        "a contradiction is a human's",
        {"lead": msgspec.structs.replace(ALLOCATED, contradictions=("another company",))},
        AskHuman,
    ),
]


@pytest.mark.parametrize(("what", "change", "kind"), WORDS, ids=[row[0] for row in WORDS])
def test_a_text_goes_under_its_own_approval_and_under_no_other(
    what: str, change: dict[str, Any], kind: type[Plan]
) -> None:
    planned = plan(facts(**change), NOW)
    assert isinstance(planned, kind), what
    if not isinstance(planned, Send):
        assert planned.gate is Gate.APPROVAL
    if isinstance(planned, AskHuman):
        assert planned.review == change.get("review")


@pytest.mark.parametrize(
    "part",
    [
        {"name": "Somebody Else"},
        {"position": "Gardener"},
        {"company": "Another GmbH"},
        {"classification": Classification.OTHER},
        {"profile": a_profile(summary="new")},
    ],
)
def test_a_text_written_for_another_person_than_the_lead_is_by_now_does_not_go(
    part: dict[str, Any],
) -> None:
    before = msgspec.structs.replace(ALLOCATED, **part)
    assert before != ALLOCATED
    written = msgspec.structs.replace(TEXT, written_for=before)
    planned = plan(facts(text=written), NOW)
    assert isinstance(planned, Skip)
    assert (planned.gate, planned.cause) == (Gate.CHANGED, None)
    assert next(iter(part)) in planned.reason


def test_a_note_does_not_go_as_a_message() -> None:
    planned = plan(facts(profile=a_profile(network_distance=1)), NOW)
    assert isinstance(planned, Skip)
    assert "way of writing" in planned.reason


# --- the account ----------------------------------------------------------------------------------


def test_the_account_answers_without_a_person_what_a_person_would_be_told() -> None:
    for gate in (Gate.CAMPAIGN, Gate.PAUSED, Gate.LIMITS):
        shut = facts(**SHUT[gate][0])
        assert may_act(shut.account, NOW) == plan(shut, NOW)
    assert may_act(ACCOUNT, NOW) == Go(left_today=4, left_this_week=9)


@pytest.mark.parametrize("kind", ["gap", "account", "invitation", "message"])
def test_a_hold_of_one_kind_of_act_leaves_the_other_free(
    kind: Literal["gap", "account", "invitation", "message"],
) -> None:
    until = NOW + timedelta(hours=3)
    account = msgspec.structs.replace(
        ACCOUNT, usage=Usage(acts=(), holds=[Hold(until, "held", kind)])
    )
    for act in (None, INVITATION, MESSAGE):
        concerns = kind in {"gap", "account"} or act == kind
        answer = may_act(account, NOW, act)
        assert isinstance(answer, Wait) == concerns
        if isinstance(answer, Wait):
            assert (answer.until, answer.held) == (until, kind)
            assert answer.of_one_kind == (kind in {"invitation", "message"})


def test_only_what_a_human_ends_has_no_end() -> None:
    for gate in (Gate.CAMPAIGN, Gate.PAUSED, Gate.LIMITS):
        planned = plan(facts(**SHUT[gate][0]), NOW)
        assert isinstance(planned, Wait)
        assert planned.until is None
    full = Usage(acts=[Act(NOW - timedelta(minutes=n)) for n in range(50, 0, -10)])
    planned = plan(facts(usage=full), NOW)
    assert isinstance(planned, Wait)
    assert planned.until == datetime(2027, 2, 8, 23, 0, tzinfo=UTC)


def test_texts_that_a_dry_run_has_shown_go_first() -> None:
    for shown in range(RULES.daily_limit):
        assert isinstance(plan(facts(rehearsed=shown), NOW), Send)
    assert isinstance(plan(facts(rehearsed=RULES.daily_limit), NOW), Wait)


def test_an_invitation_without_a_note_needs_no_approval_and_carries_no_text() -> None:
    for approval in ("none", "low_confidence", "all"):
        planned = plan(facts(touch=BARE, text=BARE_TEXT, approval=approval), NOW)
        assert isinstance(planned, Send)
        assert (planned.channel.kind, planned.channel.limit) == (INVITATION, 0)
    contradicted = msgspec.structs.replace(ALLOCATED, contradictions=("another company",))
    bare = msgspec.structs.replace(BARE_TEXT, written_for=contradicted)
    assert isinstance(plan(facts(touch=BARE, lead=contradicted, text=bare), NOW), Send)


@pytest.mark.parametrize(("touch", "text"), [(BARE, TEXT), (NOTED, BARE_TEXT)])
def test_a_text_does_not_go_where_no_note_may_nor_a_bare_one_where_a_note_goes(
    touch: Touch, text: Text
) -> None:
    planned = plan(facts(touch=touch, text=text), NOW)
    assert isinstance(planned, Skip)
    assert planned.gate is Gate.CHANGED
    assert planned.cause is None


def test_a_connection_is_written_to_whatever_linkedin_says_of_invitations() -> None:
    connection = a_profile(network_distance=1, invitation="")
    draft = msgspec.structs.replace(DRAFT, kind=MESSAGE)
    text = msgspec.structs.replace(TEXT, draft=draft)
    reached = facts(touch=BARE, profile=connection, text=text, refusals=REFUSED_LATELY)
    assert isinstance(plan(reached, NOW), Send)


def test_a_blocked_person_holds_up_nobody_else_and_only_for_three_weeks() -> None:
    planned = plan(facts(refusals=REFUSED_LATELY), NOW)
    assert isinstance(planned, Wait)
    assert planned.until == NOW + timedelta(days=18)
    assert planned.of_one_kind
    assert isinstance(plan(facts(refusals=REFUSED_LATELY), NOW + timedelta(days=18)), Send)


def test_a_skip_and_a_permit_are_written_down_with_their_reasons() -> None:
    skip = decision_against("this person has answered")
    assert (skip.kind, skip.verdict) == ("send", "not sent")
    assert skip.reasons[0].why == "this person has answered"
    planned = plan(facts(), NOW)
    assert isinstance(planned, Send)
    permit = planned.to_decision(DRAFT, gap_draw=0.123456)
    assert permit.verdict == "send invitation"
    assert "4 more today, 9 more this week" in permit.reasons[1].why
    assert permit.basis == {"gap_draw": 0.1235}


@pytest.mark.parametrize("rule", ["none", "low_confidence", "all"])
def test_whoever_nobody_could_judge_is_shown_to_a_human_once(rule: Approval) -> None:
    """A service that shows nobody's page leaves them unjudged: not even "none" lets them go unread."""
    unjudged = msgspec.structs.replace(ALLOCATED, classification=None)
    text = Text(draft=DRAFT, written_for=unjudged)
    first = plan(facts(lead=unjudged, stored=unjudged, text=text, approval=rule), NOW)
    assert isinstance(first, AskHuman)
    assert "no position is known" in first.reason
    assert unapproved(DRAFT, unjudged, "none", begins=False) == ""
