"""How the department stands, as records: agents, schedule, limits, queues, and what is waited for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from ingagents.core.programme import TrackState
from ingagents.core.rate_limiter import HoldKind
from ingagents.core.reporting.conversations import Waits
from ingagents.core.sending.means import Mean
from ingagents.display import Shown, Told
from ingagents.events import ReviewKind, Role
from ingagents.model import AccountId, LeadId


class AgentState(msgspec.Struct, frozen=True, kw_only=True):
    """How an agent is. One that tells nothing of itself is known by its name and status alone."""

    agent: Role
    status: str
    by: str | UnsetType = UNSET
    """The process that works in the agent's name, where it is another one."""
    doing: str | UnsetType = UNSET
    last_error: str | UnsetType = UNSET
    restarts: int | UnsetType = UNSET
    timestamp: datetime | UnsetType = UNSET


class JobState(msgspec.Struct, frozen=True, kw_only=True):
    """When a job was due last and what came of it, and when it is due again."""

    job: str
    agent: Role
    last_due: datetime | None
    outcome: str
    next_due: datetime


class HoldState(msgspec.Struct, frozen=True, kw_only=True):
    """What the account may not do until a moment, and why."""

    kind: HoldKind
    until: datetime
    reason: str


class LimitsState(msgspec.Struct, frozen=True, kw_only=True):
    """What the account did and may do; `next_send_at` None: not before somebody acts."""

    account: AccountId
    sent_today: int
    daily_limit: int
    sent_this_week: int
    weekly_limit: int
    means: tuple[Mean, ...]
    holds: tuple[HoldState, ...]
    next_send_at: datetime | None
    waits_for: str


class QueueState(msgspec.Struct, frozen=True, kw_only=True):
    """Events that wait for an agent, and those it could not handle."""

    waiting: int = 0
    dead: int = 0


class DryRunState(msgspec.Struct, frozen=True, kw_only=True):
    """Texts that would go, were sends for real: how many in all, and the first of them."""

    count: int
    texts: tuple[Mapping[str, Any], ...]


class ServerLeftAlone(msgspec.Struct, frozen=True, kw_only=True):
    """A model server that is not asked for a while; `until` None: until it is asked anew."""

    server: str
    until: datetime | None
    reason: str


class LlmState(msgspec.Struct, frozen=True, kw_only=True):
    """What the language models did today and cost so far; figures without evidence are None."""

    provider: str
    spent_today_usd: float
    daily_budget_usd: float
    calls_today: int
    unanswered_today: int
    input_tokens_today: int
    output_tokens_today: int
    cache_hit_rate_today: float | None
    calls_without_price_today: int
    spent_usd: float
    usd_per_lead: float | None
    usd_per_contacted: float | None
    usd_per_positive_reply: float | None
    calls_per_contacted: float | None
    tokens_per_contacted: float | None
    left_alone: tuple[ServerLeftAlone, ...]
    outage: Outage | None


class Outage(msgspec.Struct, frozen=True, kw_only=True):
    """Since when no model answers, and why."""

    since: datetime
    reason: str


class NoteOfPause(msgspec.Struct, frozen=True, kw_only=True):
    """Who set the kill switch, why and when."""

    by: str
    reason: str
    at: datetime


class Adopted(msgspec.Struct, frozen=True, kw_only=True):
    """How many acts the service knew and this database did not, and when that came out."""

    count: int
    at: datetime


class MailNotReached(msgspec.Struct, frozen=True, kw_only=True):
    """Whom the last mail did not reach, and why."""

    at: datetime
    recipients: Mapping[str, str]


class StrategyState(msgspec.Struct, frozen=True, kw_only=True):
    """Changes of strategy in force, and how many wait for a human."""

    in_force: tuple[Mapping[str, Any], ...]
    waiting: int


class WhoWaits(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody or something that only a person can settle."""

    what: str
    lead_id: LeadId | None
    command: str


class NeedsHumanState(msgspec.Struct, frozen=True, kw_only=True):
    """What waits for the team: how much in all, and the first of it."""

    count: int
    first: tuple[WhoWaits, ...]


class Status(Shown, msgspec.Struct, frozen=True, kw_only=True):
    """How a department stands, under the names that `ingagents status --json` prints."""

    now: datetime
    timezone: str
    """The campaign's, in which people are told moments."""
    service: str
    live: bool
    paused: NoteOfPause | None
    barred: str
    adopted: Adopted | None
    """Only while it came out within the last week."""
    agents: tuple[AgentState, ...]
    schedule: tuple[JobState, ...]
    limits: LimitsState
    accounts: tuple[LimitsState, ...] | UnsetType
    """Where there are several: each of them, in the order of the settings; `limits` is the first's."""
    conversations: Waits
    programme: tuple[TrackState, ...]
    held_up: str
    """Which rules keep everybody back who is left to be written to; "" where nobody asked, too."""
    queues: Mapping[Role, QueueState]
    dry_run: DryRunState
    llm: LlmState
    leads: Mapping[str, int]
    deliveries: Mapping[str, int]
    mail_not_reached: MailNotReached | None
    strategy: StrategyState
    review: Mapping[ReviewKind, int]
    needs_human: NeedsHumanState | None
    """None where nobody asked who waits."""

    @property
    def each(self) -> tuple[LimitsState, ...]:
        """Every account, also where there is but one."""
        return self.accounts if isinstance(self.accounts, tuple) else (self.limits,)

    def _told(self) -> Told:
        limits = self.limits
        counts = ", ".join(f"{count} {name}" for name, count in self.leads.items() if count)
        line = (
            f"{self.service} at {self.now.isoformat()}; leads: {counts or 'none'};"
            f" sent {limits.sent_today} of {limits.daily_limit} today"
        )
        waits = f"; waits: {limits.waits_for}" if limits.waits_for else ""
        return Told(line + waits, [(name, getattr(self, name)) for name in self.__struct_fields__])
