"""What may come of the gates before a send: it goes, waits, is left, asked about, or stands already."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum, auto
from types import MappingProxyType

import msgspec

from ingagents.core.lead_status import Cause
from ingagents.core.rate_limiter import Go, Waiting
from ingagents.core.review_policy import Review
from ingagents.core.send_policy import DECIDED_BY, Channel
from ingagents.model import Decision, Delivery, Draft, Reason


class Gate(StrEnum):
    """What may stand before a send, in the order in which it is asked."""

    SAME_PERSON = auto()
    SUPPRESSED = auto()
    ANSWERED = auto()
    STATUS = auto()
    NOT_DUE = auto()
    HELD = auto()
    REJECTED = auto()
    WITHDRAWN = auto()
    CLAIMED = auto()
    NOT_SHOWN = auto()
    NO_ID = auto()
    ARRIVED = auto()
    NO_NAME = auto()
    WRITTEN_BY_HAND = auto()
    NOT_CONNECTED = auto()
    INVITED = auto()
    KIND = auto()
    BLOCKED = auto()
    PROGRAMME = auto()
    VOICE = auto()
    TEXT = auto()
    CHANGED = auto()
    APPROVAL = auto()
    CAMPAIGN = auto()
    PAUSED = auto()
    OPEN_INVITATIONS = auto()
    LIMITS = auto()


class Send(msgspec.Struct, frozen=True, kw_only=True):
    """Yes, now, over this channel; `approved` is whose text goes, when a human approved one."""

    channel: Channel
    go: Go
    approved: Review | None = None

    def to_decision(self, draft: Draft, *, gap_draw: float) -> Decision:
        """For the journal, with the number that the pause after the send comes from."""
        left = self.go
        week = "" if left.left_this_week is None else f", {left.left_this_week} more this week"
        within = f"within limits: {left.left_today} more today{week}"
        return Decision(
            kind="send",
            verdict=f"send {draft.kind}",
            decided_by=DECIDED_BY,
            reasons=(Reason(why=self.channel.reason), Reason(why=within)),
            basis={"gap_draw": round(gap_draw, 4)},
        )


class Wait(msgspec.Struct, frozen=True, kw_only=True):
    """Not before `until`; None: only a human ends it. `held` says which acts wait, if not all."""

    gate: Gate
    reason: str
    until: datetime | None = None
    held: Waiting | None = None

    @property
    def of_one_kind(self) -> bool:
        """Whether acts of another kind may go meanwhile."""
        return self.held in {"invitation", "message", "first", "later", "person"}


class Skip(msgspec.Struct, frozen=True, kw_only=True):
    """Nothing is sent; `cause` moves the lead (None: it stays where it is)."""

    gate: Gate
    reason: str
    cause: Cause | None = None

    @property
    def puts_off(self) -> bool:
        """Whether a step after the first contact waits for it; else the plan itself says why."""
        return self.gate in _IN_THE_WAY

    def until(self, now: datetime) -> datetime | None:
        """When a step that it puts off is looked at again; None: not before a human changes it."""
        rest = _IN_THE_WAY.get(self.gate)
        return None if rest is None else now + rest


_IN_THE_WAY: Mapping[Gate, timedelta | None] = MappingProxyType(
    {
        Gate.NOT_SHOWN: None,
        Gate.NO_ID: None,
        Gate.NO_NAME: None,
        Gate.WRITTEN_BY_HAND: None,
        Gate.NOT_CONNECTED: timedelta(days=1),
        Gate.TEXT: timedelta(days=7),
    }
)
"""What is in the way of one step for a while, or for good. LinkedIn counts every look at a person."""


class AskHuman(msgspec.Struct, frozen=True, kw_only=True):
    """A human decides on the text; `review` is the question, when it is put already."""

    gate: Gate
    reason: str
    review: Review | None = None


class Adopt(msgspec.Struct, frozen=True, kw_only=True):
    """The act stands at LinkedIn already: one taken for `lost`, or none of ours."""

    gate: Gate
    reason: str
    lost: Delivery | None = None


Shut = Wait | Skip | AskHuman | Adopt
Plan = Send | Shut


def decision_to_stop(reason: str) -> Decision:
    """For the journal: the campaign writes to somebody no more, and why."""
    return Decision(
        kind="send",
        verdict="stop enrolment",
        decided_by=DECIDED_BY,
        reasons=(Reason(why=reason or "nothing more is written"),),
    )


def decision_against(reason: str) -> Decision:
    """That nothing is sent, for the journal."""
    return Decision(
        kind="send", verdict="not sent", decided_by=DECIDED_BY, reasons=(Reason(why=reason),)
    )
