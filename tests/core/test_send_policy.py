"""The last look before a send: which way, whether at all, and what a refusal means."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any, Literal, get_args, get_type_hints

import msgspec
import pytest

from ingagents.core.lead_status import Cause
from ingagents.core.rate_limiter import Go, RateRules, Usage, WaitUntil
from ingagents.core.send_policy import (
    MESSAGE_LIMIT,
    RECENT_CONTACT,
    AfterRefusal,
    Channel,
    DoNotSend,
    MaySend,
    SendFacts,
    after_refusal,
    choose_way,
    may_send,
    needs_approval,
    note_limit,
)
from ingagents.model import (
    ChatMessage,
    ContactStatus,
    DeliveryKind,
    Profile,
    Refusal,
    WorkingHours,
)
from tests.factories import a_chat_message, a_draft, a_lead, a_profile

NOW = datetime(2027, 2, 8, 9, 0, tzinfo=UTC)
INVITATION, MESSAGE = DeliveryKind.INVITATION, DeliveryKind.MESSAGE
InvitationState = Literal["", "pending", "ignored", "withdrawn", "received"]


def way(profile: Profile, *conversation: ChatMessage) -> Channel | DoNotSend:
    return choose_way(profile, note_limit=200, conversation=conversation, now=NOW)


def ours(days_ago: float, **changes: Any) -> ChatMessage:
    return a_chat_message(from_us=True, sent_at=NOW - timedelta(days=days_ago), **changes)


REVIEW = Cause.MUST_DECIDE
OUTCOMES: dict[tuple[bool, InvitationState], DeliveryKind | Cause] = {
    (True, ""): MESSAGE,
    (True, "pending"): MESSAGE,
    (True, "ignored"): MESSAGE,
    (True, "withdrawn"): MESSAGE,
    (True, "received"): MESSAGE,
    (False, ""): INVITATION,
    (False, "pending"): Cause.ALREADY_INVITED,
    (False, "ignored"): REVIEW,
    (False, "withdrawn"): REVIEW,
    (False, "received"): REVIEW,
}


def test_the_table_of_ways_names_every_state_of_an_invitation() -> None:
    states = set(get_args(InvitationState))
    assert states == set(get_args(get_type_hints(Profile)["invitation"]))
    assert set(OUTCOMES) == {(close, state) for close in (True, False) for state in states}


@pytest.mark.parametrize("distance", [0, 1, 2, 3])
@pytest.mark.parametrize("state", get_args(InvitationState))
def test_the_way_follows_from_the_connection_and_the_invitation(
    distance: int, state: InvitationState
) -> None:
    found = way(a_profile(network_distance=distance, invitation=state))
    expected = OUTCOMES[distance == 1, state]
    if isinstance(expected, DeliveryKind):
        assert isinstance(found, Channel)
        assert found.kind is expected
        assert found.limit == (MESSAGE_LIMIT if expected is MESSAGE else 200)
    else:
        assert isinstance(found, DoNotSend)
        assert found.cause is expected
        assert found.reason


@pytest.mark.parametrize("state", get_args(InvitationState))
@pytest.mark.parametrize("distance", [0, 1, 2, 3])
def test_somebody_written_to_by_hand_lately_is_left_to_a_human(
    distance: int, state: InvitationState
) -> None:
    profile = a_profile(network_distance=distance, invitation=state)
    found = way(profile, ours(200), ours(10))
    assert isinstance(found, DoNotSend)
    assert found.cause is REVIEW
    assert "2027-01-29" in found.reason


def test_a_conversation_long_ago_or_of_theirs_alone_does_not_stop_us() -> None:
    connection = a_profile(network_distance=1)
    long_ago = ours(RECENT_CONTACT.days)
    assert isinstance(way(connection, long_ago), Channel)
    assert isinstance(way(connection, a_chat_message(sent_at=NOW)), Channel)
    assert isinstance(way(connection, msgspec.structs.replace(long_ago, sent_at=NOW)), DoNotSend)


@pytest.mark.parametrize(
    ("premium", "shown", "limit"),
    [
        (True, None, 300),
        (False, None, 200),
        (True, 200, 200),
        (True, 500, 300),
        (False, 300, 200),
        (False, 120, 120),
    ],
)
def test_a_note_is_as_long_as_the_account_and_the_service_allow(
    premium: bool, shown: int | None, limit: int
) -> None:
    assert note_limit(premium=premium, shown_limit=shown) == limit


@pytest.mark.parametrize(
    ("approval", "confidence", "needed"),
    [
        ("all", 1.0, True),
        ("low_confidence", 0.49, True),
        ("low_confidence", 0.5, False),
        ("none", 0.0, False),
    ],
)
def test_approval_is_asked_for_as_the_settings_say(
    approval: Literal["all", "low_confidence", "none"], confidence: float, needed: bool
) -> None:
    assert needs_approval(a_draft(confidence=confidence), approval) is needed


def circumstances(**changes: Any) -> SendFacts:
    rules = RateRules(
        daily_limit=changes.pop("daily_limit", 5),
        weekly_limit=10,
        min_interval_minutes=5,
        max_interval_minutes=15,
        hours=WorkingHours(
            start=time(0), end=None, days=frozenset(range(1, 8)), timezone="Europe/Berlin"
        ),
    )
    return SendFacts(usage=Usage(reserved=()), rules=rules, **changes)


ALLOCATED = a_lead(contact_status=ContactStatus.ALLOCATED)


def test_when_nothing_speaks_against_it_the_send_may_go() -> None:
    permit = may_send(ALLOCATED, circumstances(), now=NOW)
    assert permit == MaySend(go=Go(left_today=4, left_this_week=9))


LADDER: list[tuple[str, dict[str, Any], Cause | type[WaitUntil] | None]] = [
    ("suppressed: asked", {"suppressed": "asked"}, Cause.SUPPRESSED),
    ("has answered", {"replied": True}, None),
    ("the lead is Closed by now", {}, None),
    ("rejected by Kim", {"rejected": "rejected by Kim"}, Cause.DRAFT_REJECTED),
    ("a human must", {"unapproved": "a human must approve it"}, None),
    ("paused by hand", {"paused": "paused by hand"}, WaitUntil),
    ("limit of zero", {"daily_limit": 0}, WaitUntil),
]


@pytest.mark.parametrize("step", range(len(LADDER)))
def test_the_first_rule_of_the_ladder_that_speaks_against_it_wins(step: int) -> None:
    """This rule and every later one speak against the send; this one is named."""
    changes: dict[str, Any] = {}
    for _, change, _ in LADDER[step:]:
        changes |= change
    closed = step <= 2
    lead = a_lead(contact_status=ContactStatus.CLOSED) if closed else ALLOCATED
    answer = may_send(lead, circumstances(**changes), now=NOW)
    words, _, expected = LADDER[step]
    assert not isinstance(answer, MaySend)
    assert words in answer.reason
    if isinstance(answer, WaitUntil):
        assert expected is WaitUntil
        assert answer.moment > NOW
    else:
        assert answer.cause is expected


@pytest.mark.parametrize("status", [s for s in ContactStatus if s is not ContactStatus.ALLOCATED])
def test_only_an_allocated_lead_is_written_to(status: ContactStatus) -> None:
    answer = may_send(a_lead(contact_status=status), circumstances(), now=NOW)
    assert isinstance(answer, DoNotSend)
    assert answer.cause is None


def test_a_skip_and_a_permit_are_written_down_with_their_reasons() -> None:
    skip = DoNotSend(cause=None, reason="this person has answered").to_decision()
    assert (skip.kind, skip.verdict) == ("send", "not sent")
    assert skip.reasons[0].why == "this person has answered"
    chosen = way(a_profile())
    assert isinstance(chosen, Channel)
    permit = MaySend(go=Go(left_today=4, left_this_week=9)).to_decision(a_draft(), chosen)
    assert permit.verdict == "send invitation"
    assert "4 more today, 9 more this week" in permit.reasons[1].why


def refused(refusal: Refusal, kind: DeliveryKind = INVITATION, **changes: Any) -> AfterRefusal:
    fields: dict[str, Any] = {
        "detail": "the service's words",
        "retry_after_seconds": None,
        "people_who_showed_it": 1,
        "refusals_of_lead": 1,
    }
    return after_refusal(refusal, kind=kind, **{**fields, **changes})


class Meaning(msgspec.Struct, frozen=True):
    """What a first refusal means: for the lead, what is held, whether the pass goes on."""

    cause: Cause
    hold: Literal["", "gap", "kind"] = ""
    stop: bool = False
    pause: bool = False
    counts_as_try: bool = True


MEANINGS = {
    Refusal.RETRY_LATER: Meaning(Cause.REFUSED_FOR_NOW, hold="gap", stop=True, counts_as_try=False),
    Refusal.THIS_PERSON: Meaning(Cause.REFUSED_FOR_GOOD),
    Refusal.ALREADY_INVITED: Meaning(Cause.REFUSED_UNCLEAR),
    Refusal.ALREADY_CONNECTED: Meaning(Cause.REFUSED_FOR_NOW),
    Refusal.NOT_CONNECTED: Meaning(Cause.REFUSED_FOR_NOW),
    Refusal.TOO_LONG: Meaning(Cause.REFUSED_FOR_NOW),
    Refusal.LIMIT_REACHED: Meaning(Cause.REFUSED_FOR_NOW, hold="kind", counts_as_try=False),
    Refusal.ACCOUNT_BLOCKED: Meaning(
        Cause.REFUSED_FOR_NOW, stop=True, pause=True, counts_as_try=False
    ),
    Refusal.OUR_MISTAKE: Meaning(Cause.REFUSED_FOR_GOOD),
}


@pytest.mark.parametrize("kind", [INVITATION, MESSAGE])
@pytest.mark.parametrize("refusal", list(Refusal))
def test_every_refusal_has_its_meaning(refusal: Refusal, kind: DeliveryKind) -> None:
    expected, found = MEANINGS[refusal], refused(refusal, kind)
    assert found.cause is expected.cause
    assert (found.stop, found.pause) == (expected.stop, expected.pause)
    assert "the service's words" in found.reason
    held = found.hold[0] if found.hold else ""
    assert held == (kind.value if expected.hold == "kind" else expected.hold)


@pytest.mark.parametrize("refusal", list(Refusal))
def test_a_third_refusal_of_one_person_is_the_last_unless_it_is_not_about_them(
    refusal: Refusal,
) -> None:
    second, third = refused(refusal, refusals_of_lead=2), refused(refusal, refusals_of_lead=3)
    assert second == refused(refusal)
    if MEANINGS[refusal].counts_as_try:
        assert third.cause is Cause.REFUSED_FOR_GOOD
        assert "refused 3 times" in third.reason
    else:
        assert third == second


@pytest.mark.parametrize(("people", "days"), [(1, 1), (2, 1), (3, 7), (9, 7)])
@pytest.mark.parametrize("kind", [INVITATION, MESSAGE])
def test_only_three_different_people_make_a_limit_the_weekly_one(
    people: int, days: int, kind: DeliveryKind
) -> None:
    found = refused(Refusal.LIMIT_REACHED, kind, people_who_showed_it=people)
    assert found.hold == (kind.value, timedelta(days=days))


@pytest.mark.parametrize(
    ("asked", "seconds"),
    [
        (None, 60),
        (0, 60),
        (-5, 60),
        (59, 60),
        (600, 600),
        (1e12, 86_400),
        (float("inf"), 86_400),
        (float("nan"), 60),
    ],
)
def test_a_pause_the_service_asks_for_lasts_between_a_minute_and_a_day(
    asked: float | None, seconds: int
) -> None:
    found = refused(Refusal.RETRY_LATER, retry_after_seconds=asked)
    assert found.hold == ("gap", timedelta(seconds=seconds))
