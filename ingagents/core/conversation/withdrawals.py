"""Which open invitations are withdrawn: those that nobody took, and only what is surely still open.

Too many open invitations cost an account its standing with LinkedIn, so they are taken back some
weeks later, the oldest first. Whoever accepted, answered, or might just have, keeps theirs.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum, auto

import msgspec

from ingagents.core.rate_limiter import Hold
from ingagents.core.send_policy import COOL_DOWN
from ingagents.core.sending.working_hours import is_open
from ingagents.model import (
    ChatMessage,
    Delivery,
    DeliveryKind,
    DeliveryState,
    Lead,
    Profile,
    WorkingHours,
)
from ingagents.model.linkedin import SentInvitation

DECIDED_BY = "rules/withdrawing-1"
LOOKS = 3
"""So many looks, days apart, at an invitation that is not surely open; then what the list says counts."""
REST = timedelta(days=1)
"""How long an invitation is left alone whose state is in doubt, or whose withdrawal was refused."""
TRIES = 3
"""So many withdrawals of one invitation that came to nothing; then it is left as it is."""


class WithdrawalRules(msgspec.Struct, frozen=True, kw_only=True):
    """`[outreach.sequence]`: after how many days (0: never), and how many may stand open."""

    withdraw_after_days: int = 21
    max_pending_invitations: int = 400


class Why(StrEnum):
    """Why an invitation is left as it is."""

    NOT_OURS = auto()  # it never went out, or nobody knows whether it did
    BEGUN = auto()  # withdrawn already, or in doubt about it
    ANSWERED = auto()
    ACCEPTED = auto()
    TALKED_TO = auto()  # a human of the team talks to the person
    YOUNG = auto()
    UNCLEAR = auto()  # LinkedIn shows neither that it is open nor that it is over
    OVER = auto()  # not open any more, and not accepted: there is nothing to withdraw


class Withdraw(msgspec.Struct, frozen=True, kw_only=True):
    """It is withdrawn now, by the id that LinkedIn shows it under."""

    invitation_id: str
    reason: str


class Leave(msgspec.Struct, frozen=True, kw_only=True):
    """It is left as it is."""

    why: Why
    reason: str


class InvitationFacts(msgspec.Struct, frozen=True, kw_only=True):
    """One invitation of ours: what is known of it, and what LinkedIn shows at this moment.

    `earlier` are the acts that were to withdraw it. `open` is its line in LinkedIn's list of open
    ones, `shown` the person's profile, None where LinkedIn does not show them. `looks` counts the
    looks before this one that showed neither.
    """

    invitation: Delivery
    lead: Lead
    replied: bool = False
    earlier: tuple[Delivery, ...] = ()
    open: SentInvitation | None = None
    shown: Profile | None = None
    conversation: tuple[ChatMessage, ...] = ()
    looks: int = 0


def due_before(rules: WithdrawalRules, now: datetime) -> datetime | None:
    """Invitations sent until then are withdrawn; None: none ever are."""
    days = rules.withdraw_after_days
    return now - timedelta(days=days) if days > 0 else None


def decide(facts: InvitationFacts, rules: WithdrawalRules, now: datetime) -> Withdraw | Leave:
    """Whether an invitation is withdrawn now; everything that speaks against it goes first."""
    known = _known_against(facts, rules, now)
    return known if known is not None else _by_what_shows(facts, rules)


def waits(
    now: datetime, *, paused: str, holds: Sequence[Hold], hours: WorkingHours
) -> datetime | str | None:
    """What holds every withdrawal of the account: a moment, or a sentence; None: nothing does.

    Withdrawals have a pause of their own between two, which holds no send, and use no quota.
    """
    if paused:
        return paused
    if not is_open(now, hours):
        return "outside working hours"
    standing = [one.until for one in holds if one.kind in {"withdrawal", "account"}]
    latest = max(standing, default=now)
    return latest if latest > now else None


def too_many_open(pending: int, rules: WithdrawalRules) -> str:
    """Why no further invitation may go for now; "" when one may."""
    if pending < rules.max_pending_invitations:
        return ""
    days = rules.withdraw_after_days
    relief = f"those nobody took are withdrawn after {days} days" if days else "withdraw some"
    return f"{pending} invitations stand open and at most {rules.max_pending_invitations} may; {relief}"


def invited_again_from(acts: Sequence[Delivery]) -> datetime | None:
    """From when on LinkedIn lets somebody be invited again whose invitation was withdrawn.

    A withdrawal in doubt counts as one from when it was tried.
    """
    withdrawn = [
        one.settled_at or one.attempted_at or one.claimed_at
        for one in acts
        if one.kind is DeliveryKind.WITHDRAWAL and not one.state.frees_step
    ]
    return max(withdrawn) + COOL_DOWN if withdrawn else None


def _known_against(facts: InvitationFacts, rules: WithdrawalRules, now: datetime) -> Leave | None:
    """What the database knows that leaves an invitation as it is."""
    sent, lead = facts.invitation, facts.lead
    if sent.kind is not DeliveryKind.INVITATION or sent.state is not DeliveryState.SENT:
        return Leave(why=Why.NOT_OURS, reason="no invitation that surely went out")
    if any(not one.state.frees_step for one in facts.earlier):
        return Leave(why=Why.BEGUN, reason="its withdrawal has begun already")
    if len(facts.earlier) >= TRIES:
        return Leave(why=Why.BEGUN, reason=f"its withdrawal came to nothing {TRIES} times")
    if facts.replied:
        return Leave(why=Why.ANSWERED, reason="this person has answered")
    if lead.accepted_at is not None:
        return Leave(why=Why.ACCEPTED, reason="the invitation was accepted")
    if lead.stage is not None:
        return Leave(why=Why.TALKED_TO, reason=f"somebody of the team has it as {lead.stage}")
    before = due_before(rules, now)
    if before is None or moment_of(sent) > before:
        return Leave(why=Why.YOUNG, reason="it may still be accepted")
    return None


def _by_what_shows(facts: InvitationFacts, rules: WithdrawalRules) -> Withdraw | Leave:
    shown, sent = facts.shown, facts.invitation
    if shown is not None and shown.network_distance == 1:
        return Leave(why=Why.ACCEPTED, reason="this person is a connection by now")
    # The note of an invitation comes into the chat when it is accepted.
    if any(one.from_us and one.is_note for one in facts.conversation):
        return Leave(why=Why.UNCLEAR, reason="the chat shows the note of an accepted invitation")
    if any(not one.from_us and one.sent_at >= moment_of(sent) for one in facts.conversation):
        return Leave(why=Why.ANSWERED, reason="this person has written to us")
    state = shown.invitation if shown is not None else ""
    if facts.open is None and state in {"ignored", "withdrawn"}:
        return Leave(why=Why.OVER, reason=f"the invitation is not open any more: {state}")
    sure = state == "pending" or facts.looks + 1 >= LOOKS
    if not sure or (facts.open is None and state == "pending"):
        reason = "LinkedIn shows neither surely that the invitation is open nor that it is over"
        return Leave(why=Why.UNCLEAR, reason=reason)
    if facts.open is None:
        reason = f"{LOOKS} looks on different days found it open no more, and no acceptance"
        return Leave(why=Why.OVER, reason=reason)
    days, since = rules.withdraw_after_days, moment_of(sent).date().isoformat()
    return Withdraw(
        invitation_id=facts.open.id or sent.service_id,
        reason=f"the invitation of {since}, which nobody took within {days} days, was withdrawn",
    )


def moment_of(act: Delivery) -> datetime:
    """When an act was tried."""
    return act.attempted_at or act.claimed_at
