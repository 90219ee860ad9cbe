"""Reading how the department stands, in one look at its database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import msgspec
from msgspec import UNSET

from ingagents.app.rules.send_rules import account_policies, is_dry_run
from ingagents.app.views.status import (
    Adopted,
    AgentState,
    DryRunState,
    HoldState,
    JobState,
    LimitsState,
    LlmState,
    MailNotReached,
    NeedsHumanState,
    NoteOfPause,
    Outage,
    QueueState,
    ServerLeftAlone,
    Status,
    StrategyState,
    WhoWaits,
)
from ingagents.communication import inbox
from ingagents.core.gates import may_act
from ingagents.core.rate_limiter import WEEK, RateRules, most_a_day
from ingagents.core.reporting.outlook import kept_back
from ingagents.core.review_policy import as_shown
from ingagents.core.schedule import Job, next_due
from ingagents.core.sending.means import Mean
from ingagents.core.sending.plans import Wait
from ingagents.core.sending.send_facts import AccountFacts
from ingagents.core.sending.working_hours import start_of_day
from ingagents.core.strategy.auto_apply import THRESHOLD, Kept, in_force
from ingagents.events import ROLES, Role
from ingagents.model import AccountId, DeliveryKind
from ingagents.ports import Store, Transaction
from ingagents.services.management.reporting import open_now
from ingagents.services.outreach.account import account_facts, means_now
from ingagents.services.outreach.backfill import ADOPTED
from ingagents.settings import Settings
from ingagents.store import conversations, metrics
from ingagents.store.tables import (
    candidates,
    deliveries,
    key_value,
    lead_counts,
    leases,
    llm_spend,
    reviews,
    schedule,
    strategy,
)

T = TypeVar("T")

_EVER = datetime(1970, 1, 1, tzinfo=UTC)

TEXTS_TOLD = 5
"""Texts of a dry run that stand in the status."""

WAITING_TOLD = 5
"""People who wait for the team that stand in the status."""

HEALTH_SECONDS = 30.0
"""Real seconds after which a running process must have shown its agents' health again."""


async def department_status(
    settings: Settings,
    store: Store,
    *,
    now: datetime,
    jobs: Mapping[Role, Mapping[str, Job]],
    health: Mapping[Role, Mapping[str, Any]],
    fresh: timedelta,
    people: bool = True,
) -> Status:
    """Everything `ingagents status` shows.

    `people`: also who waits for the team, for which each of them is looked at.

    `health` is what the agents running in this process say of themselves; those of another
    process count as running when they were heard of within `fresh`.
    """
    zone = settings.campaign.timezone
    policies = account_policies(settings)
    policy = policies[0]

    def read(transaction: Transaction) -> Status:
        steps = strategy.in_force(transaction, allowed=policy.apply_small_changes)
        account = account_facts(transaction, policy, now=now)
        limits = tuple(
            _limits(
                one.account_id,
                account_facts(transaction, one, now=now) if one.others else account,
                now,
                means_now(transaction, one, now=now),
            )
            for one in policies
        )
        adopted = _as(key_value.noted(transaction, ADOPTED), Adopted)
        queues = inbox.counts(transaction)
        return Status(
            now=now,
            timezone=zone,
            service=", ".join(settings.linkedin.services),
            live=not is_dry_run(settings),
            paused=_as(key_value.noted(transaction, key_value.PAUSED), NoteOfPause),
            barred=str(policy.gate.bar(now) or ""),
            adopted=adopted if adopted and adopted.at > now - WEEK else None,
            agents=tuple(_agents(transaction, health, now, fresh)),
            schedule=tuple(_schedule(transaction, jobs, now)),
            limits=limits[0],
            accounts=limits if len(limits) > 1 else UNSET,
            conversations=conversations.waits(transaction, now),
            programme=account.programme,
            held_up=_held_up(transaction, settings, steps, now) if people else "",
            queues={role: msgspec.convert(queues.get(role, {}), QueueState) for role in ROLES},
            dry_run=_dry_run(transaction, settings, account.rules),
            llm=_llm(transaction, settings, now),
            leads=lead_counts.by_status(transaction),
            deliveries=deliveries.counts(transaction),
            mail_not_reached=_as(
                key_value.noted(transaction, key_value.MAIL_UNREACHED), MailNotReached
            ),
            strategy=StrategyState(
                in_force=tuple(one.to_dict() for one in steps),
                waiting=sum(one.state == "waiting" for one in strategy.every(transaction)),
            ),
            review=reviews.counts(transaction),
            needs_human=_needs_human(transaction, now, zone) if people else None,
        )

    return await store.read(read)


def _as(kept: object, kind: type[T]) -> T | None:
    """A kept value, read as what it is; None when there is none."""
    return None if kept is None else msgspec.convert(kept, kind)


def _needs_human(transaction: Transaction, now: datetime, zone: str) -> NeedsHumanState:
    found = open_now(transaction, now.astimezone(ZoneInfo(zone)).date())
    first = (
        WhoWaits(what=one.what, lead_id=one.lead_id, command=one.command)
        for one in found[:WAITING_TOLD]
    )
    return NeedsHumanState(count=len(found), first=tuple(first))


def _dry_run(transaction: Transaction, settings: Settings, rules: RateRules) -> DryRunState:
    rehearses = is_dry_run(settings)
    shown = reviews.all_shown(transaction, limit=most_a_day(rules)) if rehearses else []
    texts = tuple(as_shown(one) for one in shown[:TEXTS_TOLD])
    return DryRunState(count=len(shown), texts=texts)


def _held_up(
    transaction: Transaction, settings: Settings, steps: Sequence[Kept], now: datetime
) -> str:
    manager = settings.sales_manager
    store = candidates.available(
        transaction,
        at_least=in_force(THRESHOLD, settings.lead_finder.quality_threshold, steps),
        allow_same_company=manager.allow_same_company,
        write_to_other=manager.write_to_other,
        now=now,
    )
    return "" if store.free else kept_back(store.same_company, store.others)


def _agents(
    transaction: Transaction,
    health: Mapping[Role, Mapping[str, Any]],
    now: datetime,
    fresh: timedelta,
) -> Iterator[AgentState]:
    held = leases.holders(transaction)
    elsewhere: Mapping[str, Mapping[str, Any]] = (
        key_value.noted(transaction, key_value.HEALTH) or {}
    )
    for role in ROLES:
        if role in health:
            yield msgspec.convert(health[role], AgentState)
        elif role in elsewhere and _heard_at(elsewhere[role]) > now - fresh:
            yield msgspec.convert(elsewhere[role], AgentState)
        elif role in held and held[role][1] > now:
            yield AgentState(agent=role, status="working", by=held[role][0])
        else:
            yield AgentState(agent=role, status="not at work in this moment")


def _llm(transaction: Transaction, settings: Settings, now: datetime) -> LlmState:
    zone = settings.campaign.timezone
    today = llm_spend.figures(transaction, start_of_day(now, zone))
    ever = llm_spend.figures(transaction)
    by_kind = metrics.contacted_and_positive(transaction, _EVER).values()
    contacted, positive = (sum(counts) for counts in zip((0, 0), *by_kind, strict=True))
    total = sum(lead_counts.by_status(transaction).values())
    breakers = key_value.noted(transaction, key_value.MODEL_BREAKERS) or {}
    return LlmState(
        provider=settings.llm.provider,
        spent_today_usd=today.usd,
        daily_budget_usd=settings.llm.daily_budget_usd,
        calls_today=today.calls,
        unanswered_today=today.unanswered,
        input_tokens_today=today.input_tokens,
        output_tokens_today=today.output_tokens,
        cache_hit_rate_today=today.hit_rate,
        calls_without_price_today=today.unpriced,
        spent_usd=ever.usd,
        usd_per_lead=_ratio(ever.usd, total),
        usd_per_contacted=_ratio(ever.usd, contacted),
        usd_per_positive_reply=_ratio(ever.usd, positive),
        calls_per_contacted=_ratio(ever.calls, contacted),
        tokens_per_contacted=_ratio(ever.input_tokens + ever.output_tokens, contacted),
        left_alone=tuple(
            ServerLeftAlone(server=name, until=until, reason=one.get("reason", ""))
            for name, one in breakers.items()
            if one.get("state") != "closed"
            for until in [datetime.fromisoformat(one["until"]) if one.get("until") else None]
        ),
        outage=_as(key_value.noted(transaction, key_value.MODEL_OUTAGE), Outage),
    )


def _ratio(part: float, whole: int) -> float | None:
    return part / whole if whole else None


def _heard_at(health: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(health["timestamp"])


def _schedule(
    transaction: Transaction, jobs: Mapping[Role, Mapping[str, Job]], now: datetime
) -> Iterator[JobState]:
    runs = schedule.runs(transaction)
    for role, of_role in jobs.items():
        for name, job in of_role.items():
            last_due = runs[name].due_at if name in runs else None
            yield JobState(
                job=name,
                agent=role,
                last_due=last_due,
                outcome=runs[name].said if name in runs else "never ran",
                next_due=next_due(job, last_due=last_due, now=now),
            )


def _limits(
    account_id: AccountId, account: AccountFacts, now: datetime, means: tuple[Mean, ...]
) -> LimitsState:
    rules, answer = account.rules, may_act(account, now, DeliveryKind.INVITATION)
    acts = [act for act in account.usage.acts if act.at > now - WEEK]
    midnight = start_of_day(now, rules.hours.timezone)
    return LimitsState(
        account=account_id,
        sent_today=sum(act.first and act.at >= midnight for act in acts),
        daily_limit=rules.daily_limit,
        sent_this_week=sum(act.kind is DeliveryKind.INVITATION for act in acts),
        weekly_limit=rules.weekly_limit,
        means=means,
        holds=tuple(
            HoldState(kind=one.kind, until=one.until, reason=one.reason)
            for one in account.usage.holds
            if one.until > now
        ),
        next_send_at=answer.until if isinstance(answer, Wait) else now,
        waits_for=answer.reason if isinstance(answer, Wait) else "",
    )
