"""The department's figures as Prometheus reads them, from its status alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from ingagents.app.views.status import Status

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Gauge(NamedTuple):
    """One figure, or one of each label's value."""

    name: str
    means: str
    values: Mapping[Any, float]
    label: str = ""


def as_prometheus(status: Status) -> str:
    """The exposition format, version 0.0.4."""
    return "".join(f"{line}\n" for gauge in _gauges(status) for line in _lines(gauge))


def _gauges(status: Status) -> Iterator[Gauge]:
    accounts, llm, waits = status.each, status.llm, status.conversations
    yield _one("paused", "1 while the kill switch is on", status.paused is not None)
    yield _one("live", "1 where sends are for real", status.live)
    yield Gauge(
        "agent_healthy",
        "1 for each agent that is at work and well",
        {one.agent: one.status in {"healthy", "working"} for one in status.agents},
        "agent",
    )
    yield Gauge("leads", "People by where they stand", status.leads, "status")
    yield Gauge("deliveries", "Acts by what came of them", status.deliveries, "state")
    waiting = {role: queue.waiting for role, queue in status.queues.items()}
    dead = {role: queue.dead for role, queue in status.queues.items()}
    yield Gauge("events_waiting", "Events not handled yet", waiting, "agent")
    yield Gauge("events_dead", "Events nobody could handle", dead, "agent")
    yield _one(
        "first_contacts_today", "First contacts today", sum(one.sent_today for one in accounts)
    )
    week = sum(one.sent_this_week for one in accounts)
    yield _one("invitations_week", "Invitations of the last seven days", week)
    used: dict[str, float] = {}
    left: dict[str, float] = {}
    for one in (mean for limits in accounts for mean in limits.means):
        used[one.what.value] = used.get(one.what.value, 0) + one.used
        if one.left is not None:
            left[one.what.value] = left.get(one.what.value, 0) + one.left
    yield Gauge("means_used", "What is used of each scarce means", used, "means")
    yield Gauge("means_left", "What is left of each scarce means", left, "means")
    yield _one(
        "next_send_seconds",
        "When a first contact may go, Unix time",
        min((one.next_send_at for one in accounts if one.next_send_at), default=None),
    )
    yield Gauge("reviews_open", "Questions to a human", status.review, "kind")
    yield Gauge(
        "conversations",
        "Conversations by what they wait for",
        {
            name: getattr(waits, name)
            for name in ("due", "later", "acceptance", "put_off", "in_doubt", "service", "human")
        },
        "waits_for",
    )
    yield _one("llm_spent_usd", "What language models cost so far", llm.spent_usd)
    yield _one("llm_spent_today_usd", "What they cost today", llm.spent_today_usd)
    yield _one("llm_daily_budget_usd", "What they may cost a day", llm.daily_budget_usd)
    yield _one("llm_calls_today", "Questions put to them today", llm.calls_today)
    jobs = {one.job: one.next_due.timestamp() for one in status.schedule}
    yield Gauge("job_next_seconds", "When a job is due next, Unix time", jobs, "job")


def _one(name: str, means: str, value: float | datetime | None) -> Gauge:
    if isinstance(value, datetime):
        value = value.timestamp()
    return Gauge(name, means, {} if value is None else {"": value})


def _lines(gauge: Gauge) -> Iterator[str]:
    name = f"ingagents_{gauge.name}"
    yield f"# HELP {name} {gauge.means}"
    yield f"# TYPE {name} gauge"
    for value, figure in gauge.values.items():
        label = f'{{{gauge.label}="{_escaped(value)}"}}' if gauge.label else ""
        yield f"{name}{label} {float(figure)!r}"


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace("\n", "\\n").replace('"', '\\"')
