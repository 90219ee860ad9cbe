"""How long a note is, whether a human has to see a text first, and what a refusal means."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import msgspec
import pytest

from ingagents.core.lead_status import Cause
from ingagents.core.send_policy import (
    MESSAGE_LIMIT,
    AfterRefusal,
    after_cannot_resend,
    after_refusal,
    channel_to,
    needs_approval,
    note_limit,
)
from ingagents.core.sending.first_touch import Touch
from ingagents.core.sending.refusals import Refusals
from ingagents.model import (
    DeliveryKind,
    Refusal,
)
from tests.factories import a_draft, a_profile

NOW = datetime(2027, 2, 8, 9, 0, tzinfo=UTC)
INVITATION, MESSAGE = DeliveryKind.INVITATION, DeliveryKind.MESSAGE
InvitationState = Literal["", "pending", "ignored", "withdrawn", "received"]


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


def refused(refusal: Refusal, kind: DeliveryKind = INVITATION, **changes: Any) -> AfterRefusal:
    fields: dict[str, Any] = {
        "detail": "the service's words",
        "retry_after_seconds": None,
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
    # of a message; of an invitation it is read from what follows
    Refusal.CANNOT_RESEND: Meaning(Cause.REFUSED_FOR_NOW, hold="kind", counts_as_try=False),
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


@pytest.mark.parametrize("kind", [INVITATION, MESSAGE])
def test_a_limit_the_service_names_holds_its_kind_of_act_for_a_day(kind: DeliveryKind) -> None:
    found = refused(Refusal.LIMIT_REACHED, kind)
    assert found.hold == (kind.value, timedelta(days=1))


@pytest.mark.parametrize(
    ("refusals", "again", "says"),
    [
        (Refusals(bare_next=frozenset({"p"})), True, "once more without"),
        (Refusals(week_full_at=NOW), False, "the week is full"),
        (Refusals(blocked={"p": NOW}), False, "not asked before 2027-03-01"),
        (Refusals(week_full_at=NOW - timedelta(days=3), blocked={"p": NOW}), False, "not asked"),
    ],
)
def test_an_invitation_that_is_not_taken_is_retried_bare_or_says_what_it_means(
    refusals: Refusals, again: bool, says: str
) -> None:
    found = after_cannot_resend("p", NOW, detail="cannot_resend_yet", refusals=refusals)
    assert found.cause is Cause.REFUSED_FOR_NOW
    assert (found.again, found.hold, found.stop, found.pause) == (again, None, False, False)
    assert says in found.reason
    assert "cannot_resend_yet" in found.reason


@pytest.mark.parametrize(
    ("distance", "noted", "kind", "limit"),
    [(1, True, MESSAGE, 1000), (2, True, INVITATION, 200), (3, False, INVITATION, 0)],
)
def test_a_bare_invitation_has_no_room_for_a_text(
    distance: int, noted: bool, kind: DeliveryKind, limit: int
) -> None:
    way = channel_to(
        a_profile(network_distance=distance),
        note_limit=200,
        touch=Touch(noted=noted, reason="as told"),
    )
    assert (way.kind, way.limit) == (kind, limit)
    assert kind is MESSAGE or "as told" in way.reason


@pytest.mark.parametrize("distance", [0, 1, 2])
@pytest.mark.parametrize(("noted", "limit"), [(True, 200), (False, MESSAGE_LIMIT)])
def test_where_a_campaign_sends_everybody_is_enrolled_whoever_they_are(distance, noted, limit):
    touch = Touch(noted=noted, reason="as told")
    profile = a_profile(network_distance=distance)
    way = channel_to(profile, note_limit=200, touch=touch, enrols="texts")
    assert (way.kind, way.limit, way.bare) == (DeliveryKind.ENROLMENT, limit, not noted)
    way = channel_to(profile, note_limit=200, touch=touch, enrols="bare")
    assert (way.kind, way.limit) == (DeliveryKind.ENROLMENT, 0)


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
