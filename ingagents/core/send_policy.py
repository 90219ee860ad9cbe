"""As what a message goes, whether a human has to see it first, and what a refusal of it means."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

import msgspec

from ingagents.core.lead_status import Cause
from ingagents.core.sending.first_touch import Touch
from ingagents.core.sending.refusals import BLOCKED_FOR, Refusals
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

Enrols = Literal["", "bare", "texts"]
"""Whether a first contact is an enrolment in a campaign of the service's: with our texts, or bare of
any, where the campaign has words of its own."""

Approval = Literal["all", "low_confidence", "none"]
SURE_ENOUGH = 0.5
"""The confidence below which a human is asked."""


class Channel(msgspec.Struct, frozen=True, kw_only=True):
    """How a person is reached. A `limit` of 0 leaves no room for a text: a bare invitation.

    `bare`: what a campaign sends begins with an invitation without a note.
    """

    kind: DeliveryKind
    limit: int
    reason: str
    bare: bool = False


def note_limit(*, premium: bool, shown_limit: int | None = None) -> int:
    """How long an invitation's note may be, in UTF-16 units.

    300 for premium accounts, 200 for free ones (vendors agree, linkedin-services.md 7); less if
    the service refused that length before.
    """
    allowed = 300 if premium else 200
    return min(allowed, shown_limit) if shown_limit else allowed


def channel_to(profile: Profile, *, note_limit: int, touch: Touch, enrols: Enrols = "") -> Channel:
    """How a person is reached: a message to a connection, an invitation to others.

    `touch` says whether that has a note. Where the service `enrols`, its campaign reaches everybody,
    and the limit is that of the first text it is given.
    """
    if enrols == "bare":
        reason = "the service's campaign sends by itself, and has words of its own"
        return Channel(kind=DeliveryKind.ENROLMENT, limit=0, reason=reason)
    if enrols:
        return Channel(
            kind=DeliveryKind.ENROLMENT,
            limit=note_limit if touch.noted else MESSAGE_LIMIT,
            reason=f"the service's campaign sends by itself; {touch.reason}",
            bare=not touch.noted,
        )
    if profile.network_distance == 1:
        return Channel(
            kind=DeliveryKind.MESSAGE, limit=MESSAGE_LIMIT, reason="already a connection: a message"
        )
    way = "an invitation with a note" if touch.noted else "a bare invitation"
    return Channel(
        kind=DeliveryKind.INVITATION,
        limit=note_limit if touch.noted else 0,
        reason=f"not a connection: {way}; {touch.reason}",
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
    `again`: the same person is next, in another way. `stop` ends this pass; `pause` sets the kill
    switch, because only a human can help.
    """

    cause: Cause
    reason: str
    hold: tuple[Literal["gap", "invitation", "message"], timedelta] | None = None
    again: bool = False
    stop: bool = False
    pause: bool = False


_DAY = timedelta(days=1)
COOL_DOWN = timedelta(days=21)
"""A withdrawn invitation blocks a new one for up to three weeks (LinkedIn help, mirrored)."""

TRIES_PER_PERSON = 3


def after_refusal(
    refusal: Refusal,
    *,
    kind: DeliveryKind,
    detail: str,
    retry_after_seconds: float | None,
    refusals_of_lead: int,
) -> AfterRefusal:
    """What to do about a definite no. `refusals_of_lead` counts this one.

    What `CANNOT_RESEND` means for an invitation takes more to know: `after_cannot_resend`.
    """
    if refusals_of_lead >= TRIES_PER_PERSON and refusal not in {
        Refusal.RETRY_LATER,
        Refusal.CANNOT_RESEND,
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
            pause = asked_pause(retry_after_seconds)
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
        case Refusal.LIMIT_REACHED | Refusal.CANNOT_RESEND:
            return AfterRefusal(cause=Cause.REFUSED_FOR_NOW, reason=detail, hold=(act, _DAY))
        case Refusal.ACCOUNT_BLOCKED:
            return AfterRefusal(cause=Cause.REFUSED_FOR_NOW, reason=detail, stop=True, pause=True)
        case Refusal.OUR_MISTAKE:
            return AfterRefusal(cause=Cause.REFUSED_FOR_GOOD, reason=detail)


def after_cannot_resend(
    person: str, at: datetime, *, detail: str, refusals: Refusals
) -> AfterRefusal:
    """What to do about an invitation, claimed at a moment, that LinkedIn would not take so far.

    `refusals` is read with this one.
    """
    if person in refusals.bare_next:
        reason = f"refused with a note ({detail}): once more without"
        return AfterRefusal(cause=Cause.REFUSED_FOR_NOW, reason=reason, again=True)
    if refusals.week_full_at == at:
        reason = f"refused to three people one after the other ({detail}): the week is full"
        return AfterRefusal(cause=Cause.REFUSED_FOR_NOW, reason=reason)
    until = (at + BLOCKED_FOR).date().isoformat()
    reason = f"LinkedIn takes no invitation to this person ({detail}): not asked before {until}"
    return AfterRefusal(cause=Cause.REFUSED_FOR_NOW, reason=reason)


def asked_pause(seconds: float | None) -> timedelta:
    """The pause a service asked for, between a minute and a day: it is a header from outside."""
    longest = _DAY.total_seconds()
    if seconds is None or not seconds > 60:  # also not a number
        return timedelta(minutes=1)
    return timedelta(seconds=min(seconds, longest))
