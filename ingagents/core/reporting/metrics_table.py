"""The figures of the report: which ones, in which order, today beside yesterday and the week."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

import msgspec

from ingagents.core.reporting.daily_metrics import DayFigures, error_rate, response_rate, total
from ingagents.display import Shown, Told

FIGURE_COLUMNS = ("figure", "today", "yesterday", "mean of the week")

Unit = Literal["count", "score", "percent", "usd"]


class Figure(Shown, msgspec.Struct, frozen=True, kw_only=True):
    """One line of the report; None where there is nothing to count or to divide by."""

    key: str
    emoji: str
    label: str
    unit: Unit
    today: float | None
    yesterday: float | None
    week_mean: float | None


class Section(Shown, msgspec.Struct, frozen=True, kw_only=True):
    """A headed group of figures."""

    key: str
    emoji: str
    title: str
    figures: tuple[Figure, ...]

    def rows(self) -> list[tuple[object, ...]]:
        """Each figure's label, today, yesterday and the week's mean."""
        return [(one.label, one.today, one.yesterday, one.week_mean) for one in self.figures]

    def _told(self) -> Told:
        return Told(self.title, self.rows(), FIGURE_COLUMNS)


def sections_of(
    today: DayFigures,
    yesterday: DayFigures | None,
    week: Sequence[DayFigures],
    *,
    past: bool = False,
) -> tuple[Section, ...]:
    """All figures under their headings; the language models' only where one was asked.

    `past`: `today` is over, and no label says "today".
    """
    return tuple(
        Section(
            key=key,
            emoji=emoji,
            title=title,
            figures=tuple(_figure(row, today, yesterday, week, past=past) for row in rows),
        )
        for key, emoji, title, rows in _LAYOUT
        if key != _MODELS or any(day.model_calls + day.model_cached for day in (today, *week))
    )


_Row = tuple[str, str, str, Unit]

_MODELS = "language_models"
"""The section that only stands where a model was asked."""

_LAYOUT: tuple[tuple[str, str, str, tuple[_Row, ...]], ...] = (
    (
        "lead_finder",
        "🎯",
        "LEAD FINDER AGENT",
        (
            ("✅", "New leads discovered", "leads_discovered", "count"),
            ("📈", "Average quality score", "avg_quality_score", "score"),
            ("🎤", "Speakers found", "speakers", "count"),
            ("💼", "Sponsors found", "sponsors", "count"),
            ("👥", "Others found", "others", "count"),
        ),
    ),
    (
        "outreach",
        "📧",
        "OUTREACH AGENT",
        (
            ("👋", "People contacted first", "people_contacted", "count"),
            ("✅", "Messages sent today", "messages_sent", "count"),
            ("📨", "Invitations among them", "invitations_sent", "count"),
            ("💬", "Direct messages among them", "direct_messages_sent", "count"),
            ("📊", "Remaining in queue", "queue_size", "count"),
            ("🤝", "Invitations accepted", "accepted_invitations", "count"),
            ("🔄", "Responses received", "responses", "count"),
            ("📈", "Response rate", "response_rate", "percent"),
            ("👍", "Positive responses", "positive_responses", "count"),
            ("👎", "Negative responses", "negative_responses", "count"),
            ("😐", "Neutral responses", "neutral_responses", "count"),
            ("🚫", "Asked not to be written to", "opt_outs", "count"),
            ("⛔", "Refused by the service", "refused", "count"),
            ("❓", "Sends in doubt", "uncertain", "count"),
            ("✋", "Waiting to be sent by hand", "handed_out", "count"),
        ),
    ),
    (
        "overall",
        "📊",
        "OVERALL METRICS",
        (
            ("📈", "Total leads in database", "total_leads", "count"),
            ("🎯", "Qualified opportunities", "qualified_opportunities", "count"),
            ("📬", "People contacted so far", "contacted_leads", "count"),
            ("🤝", "People who accepted so far", "accepted_leads", "count"),
            ("💭", "People who answered so far", "answered_leads", "count"),
            ("👀", "Waiting for review", "needs_review", "count"),
            ("🔕", "Never to be written to", "suppressed", "count"),
            ("❌", "Errors", "errors", "count"),
            ("📉", "Error rate", "error_rate", "percent"),
            ("📮", "Dead letters", "dead_letters", "count"),
        ),
    ),
    (
        _MODELS,
        "🤖",
        "LANGUAGE MODELS",
        (
            ("📞", "Calls", "model_calls", "count"),
            ("📦", "Answered from the cache", "model_cached", "count"),
            ("🎯", "Cache hit rate", "model_hit_rate", "percent"),
            ("📥", "Tokens read", "model_input_tokens", "count"),
            ("📤", "Tokens written", "model_output_tokens", "count"),
            ("💵", "Cost, USD", "model_usd", "usd"),
            ("🔎", "Cost per new lead, USD", "usd_per_lead", "usd"),
            ("📧", "Cost per contact, USD", "usd_per_contacted", "usd"),
            ("👍", "Cost per positive reply, USD", "usd_per_positive", "usd"),
            ("📞", "Calls per contact", "calls_per_contacted", "score"),
            ("🔢", "Tokens per contact", "tokens_per_contacted", "score"),
        ),
    ),
)
"""The specification's lines under its own labels and emojis, with what the agents count besides."""


def _figure(
    row: _Row,
    today: DayFigures,
    yesterday: DayFigures | None,
    week: Sequence[DayFigures],
    *,
    past: bool,
) -> Figure:
    emoji, label, key, unit = row
    over = _OVER.get(key) or (lambda days: _mean(key, days))
    return Figure(
        key=key,
        emoji=emoji,
        label=label.removesuffix(" today") if past else label,
        unit=unit,
        today=over((today,)),
        yesterday=over((yesterday,)) if yesterday else None,
        week_mean=over(week) if week and key not in _LEVELS else None,
    )


_LEVELS = frozenset(
    {
        "queue_size",
        "uncertain",
        "handed_out",
        "total_leads",
        "qualified_opportunities",
        "contacted_leads",
        "accepted_leads",
        "answered_leads",
        "needs_review",
        "suppressed",
        "dead_letters",
    }
)
"""How it stood at a day's end: a mean over days of what only grows says nothing."""


def _mean(key: str, days: Sequence[DayFigures]) -> float:
    """A count, or over several days its mean, to two decimals."""
    counted = total(key, days)
    return counted if len(days) == 1 else round(counted / len(days), 2)


def _average_quality(days: Sequence[DayFigures]) -> float | None:
    """Each day's average counts by its leads; a day without leads does not count at all."""
    scored = [(day.avg_quality_score, max(day.leads_discovered, 1)) for day in days]
    known = [(score, weight) for score, weight in scored if score is not None]
    weights = sum(weight for _, weight in known)
    return sum(score * weight for score, weight in known) / weights if weights else None


def _error_percent(days: Sequence[DayFigures]) -> float | None:
    rate = error_rate(total("errors", days), total("handled_events", days))
    return None if rate is None else 100 * rate


def _each(days: Sequence[DayFigures], parts: Sequence[str], whole: str) -> float | None:
    """What was used in these days for each of what came of it; None when nothing did."""
    number = total(whole, days)
    return sum(total(part, days) for part in parts) / number if number else None


def _hit_percent(days: Sequence[DayFigures]) -> float | None:
    asked = total("model_cached", days) + total("model_calls", days)
    return 100 * total("model_cached", days) / asked if asked else None


_TOKENS = ("model_input_tokens", "model_output_tokens")

_OVER: dict[str, Callable[[Sequence[DayFigures]], float | None]] = {
    "avg_quality_score": _average_quality,
    "response_rate": lambda days: response_rate(*days),
    "error_rate": _error_percent,
    "model_usd": lambda days: sum(day.model_usd for day in days) / len(days),
    "model_hit_rate": _hit_percent,
    "usd_per_lead": lambda days: _each(days, ["model_usd"], "leads_discovered"),
    "usd_per_contacted": lambda days: _each(days, ["model_usd"], "people_contacted"),
    "usd_per_positive": lambda days: _each(days, ["model_usd"], "positive_responses"),
    "calls_per_contacted": lambda days: _each(days, ["model_calls"], "people_contacted"),
    "tokens_per_contacted": lambda days: _each(days, _TOKENS, "people_contacted"),
}
"""Figures that are not simply added up; all others are a mean of counts."""
