"""How the department stands: agents, schedule, limits, queues, and what is waited for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from ingagents.app.providers import account_of, campaign_gate, is_dry_run, rate_rules
from ingagents.communication import inbox
from ingagents.core.campaign_gate import Bar
from ingagents.core.rate_limiter import (
    WEEK,
    Go,
    RateRules,
    Usage,
    can_send,
    most_a_day,
    start_of_day,
)
from ingagents.core.review_policy import as_shown
from ingagents.core.schedule import Job, next_due
from ingagents.core.strategy.auto_apply import rules_after
from ingagents.display import Shown, Told
from ingagents.events import ROLES, Role
from ingagents.ports import Store, Transaction
from ingagents.services.outreach.backfill import ADOPTED
from ingagents.services.outreach.send_outcomes import usage_of
from ingagents.settings import Settings
from ingagents.store import metrics
from ingagents.store.tables import (
    deliveries,
    key_value,
    leads,
    leases,
    llm_spend,
    reviews,
    schedule,
    strategy,
)
from ingagents.store.tables import (
    holds as limits,
)

_EVER = datetime(1970, 1, 1, tzinfo=UTC)

TEXTS_TOLD = 5
"""Texts of a dry run that stand in the status."""

WAITING_TOLD = 5
"""People who wait for the team that stand in the status."""

HEALTH_SECONDS = 30.0
"""Real seconds after which a running process must have shown its agents' health again."""


class Status(Shown, dict[str, Any]):
    """How a department stands: plain values by name, as `ingagents status --json` prints them."""

    def _told(self) -> Told:
        limits, leads_now = self["limits"], self["leads"]
        counts = ", ".join(f"{count} {name}" for name, count in leads_now.items() if count)
        line = (
            f"{self['service']} at {self['now']}; leads: {counts or 'none'};"
            f" sent {limits['sent_today']} of {limits['daily_limit']} today"
        )
        waits = limits["waits_for"]
        return Told(f"{line}; waits: {waits}" if waits else line, list(self.items()))


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
    """Everything `ingagents status` shows, as plain values; moments are ISO 8601 in UTC.

    `timezone` is the campaign's, in which people are told. `people`: also who waits for the team,
    for which each of them is looked at.

    `health` is what the agents running in this process say of themselves; those of another
    process count as running when they were heard of within `fresh`.
    """
    zone = settings.campaign.timezone
    account = account_of(settings)
    configured = rate_rules(settings)
    bar = campaign_gate(settings).bar(now)
    allowed = settings.sales_manager.apply_small_changes

    def read(transaction: Transaction) -> dict[str, Any]:
        steps = strategy.in_force(transaction, allowed=allowed)
        rules = rules_after(configured, steps)
        holds = limits.holds(transaction, account)
        usage = usage_of(transaction, account, None, now=now)
        reserved = [at for at in usage.reserved if at > now - WEEK]
        paused = key_value.noted(transaction, key_value.PAUSED)
        queues = inbox.counts(transaction)
        return {
            "now": now.isoformat(),
            "timezone": zone,
            "service": settings.linkedin.service,
            "live": not is_dry_run(settings),
            "paused": paused,
            "barred": str(bar) if bar else "",
            "adopted": _adopted(transaction, now),
            "agents": _agents(transaction, health, now, fresh),
            "schedule": _schedule(transaction, jobs, now),
            "limits": {
                "account": account,
                "sent_today": sum(at >= start_of_day(now, zone) for at in reserved),
                "daily_limit": rules.daily_limit,
                "sent_this_week": len(reserved),
                "weekly_limit": rules.weekly_limit,
                "holds": [
                    {"kind": one.kind, "until": one.until.isoformat(), "reason": one.reason}
                    for one in holds
                    if one.until > now
                ],
                **_next_send(now, usage, rules, paused, bar),
            },
            "queues": {
                role: {
                    "waiting": queues.get(role, {}).get("waiting", 0),
                    "dead": queues.get(role, {}).get("dead", 0),
                }
                for role in ROLES
            },
            "dry_run": _dry_run(transaction, settings, rules),
            "llm": _llm(transaction, settings, now),
            "leads": leads.count_by_status(transaction),
            "deliveries": deliveries.counts(transaction),
            "mail_not_reached": key_value.noted(transaction, key_value.MAIL_UNREACHED),
            "strategy": {
                "in_force": [one.to_dict() for one in steps],
                "waiting": sum(one.state == "waiting" for one in strategy.every(transaction)),
            },
            "review": reviews.counts(transaction),
            **({"needs_human": _needs_human(transaction, now, zone)} if people else {}),
        }

    return Status(await store.read(read))


def _needs_human(transaction: Transaction, now: datetime, zone: str) -> dict[str, Any]:
    """Who waits for the team, and how many wait in all."""
    found = metrics.needs_human(transaction, today=now.astimezone(ZoneInfo(zone)).date())
    first = [
        {"what": one.what, "lead_id": one.lead_id, "command": one.command}
        for one in found[:WAITING_TOLD]
    ]
    return {"count": len(found), "first": first}


def _dry_run(transaction: Transaction, settings: Settings, rules: RateRules) -> dict[str, Any]:
    """What would go, were sends for real."""
    rehearses = is_dry_run(settings)
    shown = reviews.all_shown(transaction, limit=most_a_day(rules)) if rehearses else []
    return {"count": len(shown), "texts": [as_shown(one) for one in shown[:TEXTS_TOLD]]}


def _adopted(transaction: Transaction, now: datetime) -> dict[str, Any] | None:
    """Acts the service knew and this database did not, if that came out within the last week."""
    noted: dict[str, Any] | None = key_value.noted(transaction, ADOPTED)
    fresh = noted is not None and datetime.fromisoformat(noted["at"]) > now - WEEK
    return noted if fresh else None


def _agents(
    transaction: Transaction,
    health: Mapping[Role, Mapping[str, Any]],
    now: datetime,
    fresh: timedelta,
) -> list[dict[str, Any]]:
    held = leases.holders(transaction)
    elsewhere: Mapping[str, Mapping[str, Any]] = (
        key_value.noted(transaction, key_value.HEALTH) or {}
    )
    found: list[dict[str, Any]] = []
    for role in ROLES:
        if role in health:
            found.append(dict(health[role]))
        elif role in elsewhere and _heard_at(elsewhere[role]) > now - fresh:
            found.append(dict(elsewhere[role]))
        elif role in held and held[role][1] > now:
            found.append({"agent": role, "status": "working", "by": held[role][0]})
        else:
            found.append({"agent": role, "status": "not at work in this moment"})
    return found


def _llm(transaction: Transaction, settings: Settings, now: datetime) -> dict[str, Any]:
    """What the language models did today and cost so far; figures without evidence are None."""
    zone = settings.campaign.timezone
    today = llm_spend.figures(transaction, start_of_day(now, zone))
    ever = llm_spend.figures(transaction)
    by_kind = metrics.contacted_and_positive(transaction, _EVER).values()
    contacted, positive = (sum(counts) for counts in zip((0, 0), *by_kind, strict=True))
    total = sum(leads.count_by_status(transaction).values())
    breakers = key_value.noted(transaction, key_value.MODEL_BREAKERS) or {}
    return {
        "provider": settings.llm.provider,
        "spent_today_usd": today.usd,
        "daily_budget_usd": settings.llm.daily_budget_usd,
        "calls_today": today.calls,
        "unanswered_today": today.unanswered,
        "input_tokens_today": today.input_tokens,
        "output_tokens_today": today.output_tokens,
        "cache_hit_rate_today": today.hit_rate,
        "calls_without_price_today": today.unpriced,
        "spent_usd": ever.usd,
        "usd_per_lead": _ratio(ever.usd, total),
        "usd_per_contacted": _ratio(ever.usd, contacted),
        "usd_per_positive_reply": _ratio(ever.usd, positive),
        "calls_per_contacted": _ratio(ever.calls, contacted),
        "tokens_per_contacted": _ratio(ever.input_tokens + ever.output_tokens, contacted),
        "left_alone": [
            {"server": name, "until": one.get("until"), "reason": one.get("reason", "")}
            for name, one in breakers.items()
            if one.get("state") != "closed"
        ],
        "outage": key_value.noted(transaction, key_value.MODEL_OUTAGE),
    }


def _ratio(part: float, whole: int) -> float | None:
    return part / whole if whole else None


def _heard_at(health: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(health["timestamp"])


def _schedule(
    transaction: Transaction, jobs: Mapping[Role, Mapping[str, Job]], now: datetime
) -> list[dict[str, Any]]:
    runs = schedule.runs(transaction)
    return [
        {
            "job": name,
            "agent": role,
            "last_due": runs[name].due_at.isoformat() if name in runs else None,
            "outcome": runs[name].said if name in runs else "never ran",
            "next_due": next_due(
                job, last_due=runs[name].due_at if name in runs else None, now=now
            ).isoformat(),
        }
        for role, of_role in jobs.items()
        for name, job in of_role.items()
    ]


def _next_send(
    now: datetime, usage: Usage, rules: RateRules, paused: dict[str, str] | None, bar: Bar | None
) -> dict[str, Any]:
    if bar is not None:
        return {"next_send_at": None, "waits_for": str(bar)}
    if paused:
        return {
            "next_send_at": None,
            "waits_for": f"paused by {paused['by']}: {paused['reason']}",
        }
    verdict = can_send(now, usage, rules)
    if isinstance(verdict, Go):
        return {"next_send_at": now.isoformat(), "waits_for": ""}
    return {"next_send_at": verdict.moment.isoformat(), "waits_for": verdict.reason}
