"""One pass through the queue of outreach: what came of it, and how that is told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from ingagents.core.campaign_gate import Bar
from ingagents.core.rate_limiter import WaitUntil, most_a_day
from ingagents.core.review_policy import Review, as_shown
from ingagents.errors import IngagentsError, SettingsError, TryLater
from ingagents.model import AccountState, LeadId
from ingagents.ports import Transaction
from ingagents.services.outcome import Outcome
from ingagents.services.outreach.last_look import ContactPolicy
from ingagents.services.outreach.send_outcomes import SendOutcome
from ingagents.store.tables import reviews

RESULTS = ("sent", "uncertain", "refused", "skipped", "for_review", "answered", "dry_run")
TEXTS_TOLD = 100
"""Texts of a dry run that `once` tells; more than a day's limit is shown on no day."""


@dataclass(kw_only=True)
class Pass:
    """One pass through the queue: what came of it, and what got in its way."""

    counts: Counter[str] = field(default_factory=Counter)
    account: AccountState | None = None
    held: WaitUntil | None = None
    down: TryLater | None = None
    ours: frozenset[LeadId] = frozenset()
    wrong: Mapping[str, datetime] = field(default_factory=dict)
    unseen: int = 0
    refused: int = 0
    shown: Mapping[LeadId, Review] = field(default_factory=dict)
    instead: list[str] = field(default_factory=list)
    """What dry runs showed; and of whom another text went, and why."""

    def hold_up(self, wait: WaitUntil) -> None:
        """Somebody of the queue waits; the earliest end of all waits counts."""
        if self.held is None or wait.moment < self.held.moment:
            self.held = wait


def would_go(
    transaction: Transaction, policy: ContactPolicy, *, now: datetime
) -> list[dict[str, Any]]:
    """The texts of a dry run that would go, were it for real; none where sends are."""
    if policy.live or policy.gate.bar(now):
        return []
    most = most_a_day(policy.rules_now(transaction))
    return [as_shown(one) for one in reviews.all_shown(transaction, limit=most)]


def outcome_of(
    state: Pass,
    ended: SendOutcome,
    *,
    zone: ZoneInfo,
    bar: Bar | None,
    texts: Sequence[Mapping[str, Any]],
    error: IngagentsError | None,
) -> Outcome:
    """What a pass came to, in words and figures; `bar` is what the campaign has against sends.

    Moments in the words are in the `zone`, the account's.
    """
    counts = Counter({**state.counts, "dry_run": len(texts)})
    said = [
        f"{counts[kind]} {kind.replace('_', ' ')}" for kind in (*RESULTS, "waits") if counts[kind]
    ]
    summary = ", ".join(said) or "nothing sent"
    wait = ended.wait if ended.wait is not None and ended.wait.limit != "never" else None
    if bar is not None:
        summary += f"; {bar}"
    elif ended.reason:
        when = f" until {wait.moment.astimezone(zone):%Y-%m-%d %H:%M %Z}" if wait else ""
        summary += f"; waits{when}: {ended.reason}"
    return Outcome(
        summary=summary,
        figures={
            **{kind: counts[kind] for kind in RESULTS},
            "dry_run_texts": texts[:TEXTS_TOLD],
            "dry_run_texts_left_out": max(0, len(texts) - TEXTS_TOLD),
            "changed_texts": state.instead,
        },
        waits_until=wait.moment if wait else None,
        waits_for=ended.reason,
        error=error,
        # That the event draws near is as it should be; the rest is for a human to set.
        refused=SettingsError(bar.what, bar.remedy) if bar and bar.kind != "near" else None,
    )
