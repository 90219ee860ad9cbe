"""As what a message goes, whether a human has to see it first, and what a refusal of it means."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

import msgspec

from ingagents.core.lead_status import Cause
from ingagents.model import (
    DeliveryKind,
    Draft,
    Profile,
    Refusal,
)

DECIDED_BY = "rules/sending-1"

MESSAGE_LIMIT = 1000
"""UTF-16 units of a direct message. LinkedIn takes 3,000 or 8,000 (vendors disagree); a first
message longer than this is not read."""

RECENT_CONTACT = timedelta(days=90)
"""When somebody of ours wrote to this person by hand so lately, a template would embarrass."""

Approval = Literal["all", "low_confidence", "none"]
SURE_ENOUGH = 0.5
"""The confidence below which a human is asked."""


class Channel(msgspec.Struct, frozen=True, kw_only=True):
    """How a person is reached."""

    kind: DeliveryKind
    limit: int
    reason: str


def note_limit(*, premium: bool, shown_limit: int | None = None) -> int:
    """How long an invitation's note may be, in UTF-16 units.

    300 for premium accounts, 200 for free ones (vendors agree, linkedin-services.md 7); less if
    the service refused that length before.
    """
    allowed = 300 if premium else 200
    return min(allowed, shown_limit) if shown_limit else allowed


def channel_to(profile: Profile, *, note_limit: int) -> Channel:
    """How a person is reached: a message to a connection, an invitation with a note to others."""
    if profile.network_distance == 1:
        return Channel(
            kind=DeliveryKind.MESSAGE, limit=MESSAGE_LIMIT, reason="already a connection: a message"
        )
    return Channel(
        kind=DeliveryKind.INVITATION,
        limit=note_limit,
        reason="not a connection: an invitation with a note",
    )


def needs_approval(draft: Draft, approval: Approval) -> bool:
    """Whether a human must see this draft first."""
    match approval:
        case "all":
            return True
        case "low_confidence":
            return draft.confidence < SURE_ENOUGH
        case "none":
            return False


class AfterRefusal(msgspec.Struct, frozen=True, kw_only=True):
    """What a refusal means for the lead and the account.

    `cause` is what it means for the lead's status. `hold` is a kind of act with a duration.
    `stop` ends this pass; `pause` sets the kill switch, because only a human can help.
    """

    cause: Cause
    reason: str
    hold: tuple[Literal["gap", "invitation", "message"], timedelta] | None = None
    stop: bool = False
    pause: bool = False


_DAY = timedelta(days=1)
COOL_DOWN = timedelta(days=21)
"""A withdrawn invitation blocks a new one for up to three weeks (LinkedIn help, mirrored)."""

PEOPLE_BEFORE_A_WEEK = 3
"""So many different people must show the account's limit before it is taken for the weekly one:
readings of `cannot_resend_yet` disagree (linkedin-services.md 1.5), one signal is not overread."""

TRIES_PER_PERSON = 3


def after_refusal(
    refusal: Refusal,
    *,
    kind: DeliveryKind,
    detail: str,
    retry_after_seconds: float | None,
    people_who_showed_it: int,
    refusals_of_lead: int,
) -> AfterRefusal:
    """What to do about a definite no. `refusals_of_lead` counts this one."""
    if refusals_of_lead >= TRIES_PER_PERSON and refusal not in {
        Refusal.RETRY_LATER,
        Refusal.LIMIT_REACHED,
        Refusal.ACCOUNT_BLOCKED,
    }:
        return AfterRefusal(
            cause=Cause.REFUSED_FOR_GOOD,
            reason=f"refused {refusals_of_lead} times, at last: {detail}",
        )
    act: Literal["invitation", "message"] = (
        "invitation" if kind is DeliveryKind.INVITATION else "message"
    )
    match refusal:
        case Refusal.RETRY_LATER:
            pause = _pause_for(retry_after_seconds)
            return AfterRefusal(
                cause=Cause.REFUSED_FOR_NOW, reason=detail, hold=("gap", pause), stop=True
            )
        case Refusal.THIS_PERSON:
            return AfterRefusal(cause=Cause.REFUSED_FOR_GOOD, reason=detail)
        case Refusal.ALREADY_INVITED:
            return AfterRefusal(
                cause=Cause.REFUSED_UNCLEAR,
                reason=f"LinkedIn says this person was invited before ({detail}); after a"
                f" withdrawal it refuses for up to {COOL_DOWN.days} days",
            )
        case Refusal.ALREADY_CONNECTED | Refusal.NOT_CONNECTED | Refusal.TOO_LONG:
            return AfterRefusal(cause=Cause.REFUSED_FOR_NOW, reason=detail)
        case Refusal.LIMIT_REACHED:
            whole_week = people_who_showed_it >= PEOPLE_BEFORE_A_WEEK
            return AfterRefusal(
                cause=Cause.REFUSED_FOR_NOW,
                reason=detail,
                hold=(act, timedelta(days=7) if whole_week else _DAY),
            )
        case Refusal.ACCOUNT_BLOCKED:
            return AfterRefusal(cause=Cause.REFUSED_FOR_NOW, reason=detail, stop=True, pause=True)
        case Refusal.OUR_MISTAKE:
            return AfterRefusal(cause=Cause.REFUSED_FOR_GOOD, reason=detail)


def _pause_for(seconds: float | None) -> timedelta:
    """The pause a service asked for, between a minute and a day: it is a header from outside."""
    longest = _DAY.total_seconds()
    if seconds is None or not seconds > 60:  # also not a number
        return timedelta(minutes=1)
    return timedelta(seconds=min(seconds, longest))
