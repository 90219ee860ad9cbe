"""Which proposed changes may apply by themselves, and what the settings then are.

The list is closed, every step is small and bounded, and all of it is undone by rejecting the step
or by the setting `apply_small_changes`. A step holds only while the value it started from is the
one in force: whoever edits the settings file has the last word.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Literal, TypeVar

import msgspec

from ingagents.core.rate_limiter import RateRules
from ingagents.core.strategy.proposals import EVIDENCE_DAYS, STRATEGIES, CurrentStrategy, Proposal

BY_ITSELF = "sales_manager"
"""Who applied a step that nobody approved."""

THRESHOLD = "lead_finder.quality_threshold"
ALLOCATION = "sales_manager.allocation_strategy"
DAILY_LIMIT = "outreach.rate_limiting.daily_limit"

_THRESHOLD_STEP, _THRESHOLD_LEAST, _THRESHOLD_MOST = 0.5, 5.0, 8.0
_LIMIT_KEPT = 0.8
"""A daily limit may fall by a fifth at a time, and never rise."""
_REST = timedelta(days=EVIDENCE_DAYS)
"""After a step the same setting rests until the evidence is all from after it."""

Value = TypeVar("Value", float, int, str)


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """A proposal as it is kept: waiting, applied or rejected, by whom, when and why."""

    id: str
    proposal: Proposal
    decided_by: str
    at: datetime
    state: Literal["waiting", "applied", "rejected"] = "waiting"
    settled_by: str = ""
    settled_at: datetime | None = None
    reason: str = ""

    def sentence(self) -> str:
        """For people: what, from where to where, and why."""
        one = self.proposal
        return f"{one.setting}: {one.current} -> {one.proposed}. {one.why} ({one.evidence})"

    def to_dict(self) -> dict[str, Any]:
        """The proposal's own fields with its id, who made it and how it stands."""
        return {
            "id": self.id,
            **self.proposal.to_dict(),
            "decided_by": self.decided_by,
            "state": self.state,
        }


def kept_id(proposal: Proposal) -> str:
    """The same change has the same id, whenever and by whomever it is proposed."""
    change = f"{proposal.setting}|{proposal.current}|{proposal.proposed}"
    return f"strategy-{sha256(change.encode()).hexdigest()[:10]}"


def is_small(proposal: Proposal, applied: Iterable[Kept], *, now: datetime) -> bool:
    """Whether a proposal may apply without a human, where that is allowed at all."""
    lately = (
        one.settled_at is not None and now - one.settled_at < _REST
        for one in applied
        if one.proposal.setting == proposal.setting
    )
    if any(lately):
        return False
    before, after = proposal.current, proposal.proposed
    if proposal.setting == ALLOCATION:
        return before in STRATEGIES and after in STRATEGIES
    if isinstance(before, str) or isinstance(after, str):
        return False
    if proposal.setting == THRESHOLD:
        near = abs(after - before) <= _THRESHOLD_STEP + 1e-9
        return near and _THRESHOLD_LEAST <= after <= _THRESHOLD_MOST
    if proposal.setting == DAILY_LIMIT:
        return _LIMIT_KEPT * before <= after < before
    return False


def takes_effect(proposal: Proposal) -> bool:
    """Whether an approved change is followed from then on; any other is made in the settings file.

    A limit of the account is never raised by a change: the settings have the last word on it.
    """
    before, after = proposal.current, proposal.proposed
    if proposal.setting == DAILY_LIMIT:
        return not isinstance(before, str) and not isinstance(after, str) and after < before
    return proposal.setting in {THRESHOLD, ALLOCATION}


def in_force(setting: str, configured: Value, steps: Iterable[Kept]) -> Value:
    """The value of a setting after the steps, each of which starts where the last one ended."""
    value = configured
    for step in steps:
        one = step.proposal
        if one.setting == setting and one.current == value:
            value = type(configured)(one.proposed)
    return value


def strategy_after(current: CurrentStrategy, steps: Sequence[Kept]) -> CurrentStrategy:
    """The manager's own settings with the steps in force."""
    return msgspec.structs.replace(
        current,
        quality_threshold=in_force(THRESHOLD, current.quality_threshold, steps),
        allocation_strategy=in_force(ALLOCATION, current.allocation_strategy, steps),
        daily_limit=in_force(DAILY_LIMIT, current.daily_limit, steps),
    )


def rules_after(rules: RateRules, steps: Sequence[Kept]) -> RateRules:
    """The account's limits with the steps in force."""
    limit = in_force(DAILY_LIMIT, rules.daily_limit, steps)
    return msgspec.structs.replace(rules, daily_limit=min(limit, rules.daily_limit))


def say_strategy(applied: Iterable[Kept], waiting: int) -> list[str]:
    """The changes in force and how many proposals wait, as sentences for the report."""
    said = [
        f"In force since {one.settled_at:%Y-%m-%d} ({one.id}): {one.sentence()}" for one in applied
    ]
    if waiting:
        proposals = "change of strategy waits" if waiting == 1 else "changes of strategy wait"
        said.append(f"{waiting} {proposals} for your decision: `ingagents review list`.")
    return said
