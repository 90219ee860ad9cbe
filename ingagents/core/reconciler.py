"""What became of an act that may have happened? Judged from looks at the service, never repeated.

Services show an act late, so the first look waits for a settling time and the looks are spread
over a window. Any positive look settles the act as sent. Only when every look was negative is it
taken as not sent; then an invitation may be tried once more, since LinkedIn itself refuses a
second pending one, an enrolment too, since a campaign takes a person up once, and what takes one of
them back, since only what is open can be; everything else is a human's decision.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from ingagents.model import ChatMessage, Delivery, DeliveryKind, Look, Profile
from ingagents.model.linkedin import Enrolment

CLOCK_SKEW = timedelta(minutes=2)
"""How far the service's clock may be from ours when we look for our own message."""


class LookRules(msgspec.Struct, frozen=True, kw_only=True):
    """`[outreach.uncertain]`: when to look, how often, over how long."""

    settle_seconds: float
    looks: int
    window_seconds: float


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What is known by now."""

    state: Literal["sent", "not_sent", "look_again", "human"]
    reason: str


def next_look(delivery: Delivery, rules: LookRules) -> datetime:
    """When to read the service back next, counted from the act.

    After a late look another spacing passes first: two looks in one breath are one look.
    """
    began = delivery.attempted_at or delivery.claimed_at
    spacing = timedelta(seconds=rules.window_seconds / max(rules.looks - 1, 1))
    first = began + timedelta(seconds=rules.settle_seconds)
    if not delivery.looks:
        return first
    return max(first + spacing * len(delivery.looks), delivery.looks[-1].at + spacing)


def judge(delivery: Delivery, rules: LookRules, *, tries_before: int) -> Verdict:
    """The verdict after the looks so far. `tries_before` counts earlier acts found not sent."""
    for look in delivery.looks:
        if look.found:
            return Verdict(state="sent", reason=look.evidence)
    if len(delivery.looks) < rules.looks:
        return Verdict(
            state="look_again",
            reason=f"{len(delivery.looks)} of {rules.looks} looks found nothing",
        )
    if delivery.kind in {DeliveryKind.WITHDRAWAL, DeliveryKind.STOP}:
        return Verdict(state="not_sent", reason=delivery.looks[-1].evidence)
    if delivery.kind in _TAKEN_ONCE and tries_before == 0:
        if any(look.blind for look in delivery.looks):
            reason = "the service did not show this person at every look: that proves nothing"
            return Verdict(state="human", reason=reason)
        return Verdict(state="not_sent", reason=f"{rules.looks} looks found no trace of it")
    return Verdict(
        state="human",
        reason=f"{rules.looks} looks found no trace of it, which for this act proves nothing",
    )


_TAKEN_ONCE = frozenset({DeliveryKind.INVITATION, DeliveryKind.ENROLMENT})


def read_enrolment(delivery: Delivery, shown: Enrolment | None, *, now: datetime) -> Look:
    """One look: what the campaign's list shows of an enrolment, or of the end of one."""
    if delivery.kind is DeliveryKind.STOP:
        if shown is None:  # a list that is late, or has lost them, says nothing of what goes on
            return Look(at=now, found=False, evidence="the campaign does not show them")
        over = shown.stopped or shown.paused
        told = "the campaign sends them nothing more" if over else "the campaign goes on with them"
        return Look(at=now, found=over, evidence=told)
    told = "the campaign does not have them" if shown is None else "they are in the campaign"
    return Look(at=now, found=shown is not None, evidence=told)


def read_evidence(
    delivery: Delivery,
    profile: Profile,
    conversation: Sequence[ChatMessage],
    *,
    pending: bool,
    now: datetime,
    others: Collection[str] = (),
) -> Look:
    """One look: what the person's profile, the open invitations and the chat show of our act.

    `others` are the ids of messages that are other acts of ours. No message is later than `now`; an act may be, when our clock was put back since.
    """
    if delivery.kind is DeliveryKind.WITHDRAWAL:
        return _withdrawal_evidence(profile, pending=pending, now=now)
    since = min(delivery.attempted_at or delivery.claimed_at, now) - CLOCK_SKEW
    text = folded(delivery.text)
    for message in conversation if text else ():  # a bare invitation leaves no words
        same_text = folded(message.text) == text
        is_ours = message.from_us and message.id not in others
        if is_ours and same_text and message.sent_at >= since:
            return Look(at=now, found=True, evidence=f"the chat holds the message {message.id}")
    if delivery.kind is DeliveryKind.INVITATION:
        if profile.invitation == "pending" or pending:
            return Look(at=now, found=True, evidence="an invitation to this person is pending")
        if profile.network_distance == 1:
            return Look(at=now, found=True, evidence="this person is a connection by now")
    return Look(at=now, found=False, evidence="no trace on profile, invitations or chat")


def _withdrawal_evidence(profile: Profile, *, pending: bool, now: datetime) -> Look:
    """What is neither open nor accepted is over, whoever ended it."""
    if profile.network_distance == 1:
        return Look(at=now, found=False, evidence="this person is a connection by now")
    if pending or profile.invitation == "pending":
        return Look(at=now, found=False, evidence="the invitation is open still")
    return Look(at=now, found=True, evidence="the invitation is not open any more")


def folded(text: str) -> str:
    """The text without what services change on the way: spacing, case, composed letters."""
    return " ".join(unicodedata.normalize("NFKC", text).split()).casefold()
