"""A day in numbers: what is counted, which shares may be taken of it, and when one is alarming.

A share of nothing is `None` (a dash on a page), never 0 %, and nothing is judged on too little.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import msgspec

from ingagents.display import Shown, Told
from ingagents.events import PerformanceAlert


class DayFigures(Shown, msgspec.Struct, frozen=True, kw_only=True):
    """What is counted about one day of the campaign's calendar.

    Things that happened are counted on the day they happened (an answer on the day it came, not on
    the day of the message it answers). `messages_sent` is invitations and direct messages together.
    `queue_size`, `uncertain`, `handed_out`, `dead_letters`, `total_leads`, `contacted_leads`, `accepted_leads`,
    `answered_leads`, `qualified_opportunities`, `needs_review` and `suppressed` are levels: how it
    stood at the end of the day, or stands now. No field has a default: a forgotten figure must not
    read as zero.
    """

    day: date
    leads_discovered: int
    avg_quality_score: float | None
    speakers: int
    sponsors: int
    others: int
    people_contacted: int
    """People written to for the first time."""
    messages_sent: int
    invitations_sent: int
    direct_messages_sent: int
    queue_size: int
    responses: int
    positive_responses: int
    negative_responses: int
    neutral_responses: int
    opt_outs: int
    accepted_invitations: int
    uncertain: int
    handed_out: int
    """Acts that wait for somebody to do them by hand: nobody doubts what became of them."""
    refused: int
    errors: int
    handled_events: int
    dead_letters: int
    total_leads: int
    contacted_leads: int
    """People ever written to."""
    accepted_leads: int
    """People who ever accepted an invitation of ours."""
    answered_leads: int
    """People who ever answered."""
    qualified_opportunities: int
    """People who ever answered positively."""
    needs_review: int
    suppressed: int
    model_calls: int
    """Questions put to language models."""
    model_cached: int
    """Questions answered from the cache instead."""
    model_input_tokens: int
    model_output_tokens: int
    model_usd: float
    """What the calls cost, open reservations included; calls without a known price are not in it."""

    @classmethod
    def empty(cls, day: date) -> DayFigures:
        """A day on which nothing happened, before the first lead was found."""
        counts = {name: 0 for name in cls.__struct_fields__ if name != "day"}
        return cls(**{**counts, "day": day, "avg_quality_score": None})  # type: ignore[arg-type]

    def _told(self) -> Told:
        line = (
            f"{self.day.isoformat()}: found {self.leads_discovered}, contacted"
            f" {self.people_contacted}, replied {self.responses}, positive {self.positive_responses}"
        )
        return Told(line, [(name, getattr(self, name)) for name in self.__struct_fields__])


class Thresholds(msgspec.Struct, frozen=True, kw_only=True):
    """From where on a share is alarming, and the least evidence it takes to say so."""

    error_rate: float = 0.1
    error_events_min: int = 10
    opt_out_rate: float = 0.1
    opt_out_sent_min: int = 20
    opt_outs_min: int = 2
    """One opt-out is a person, two are a pattern."""
    refused_rate: float = 0.2
    refused_attempts_min: int = 10


DEFAULT_THRESHOLDS = Thresholds()


def response_rate(*days: DayFigures) -> float | None:
    """Answers for each hundred messages sent in these days.

    None when nothing was sent, and when more answers came than messages went: those answers
    belong to earlier days, and a share of other people is no rate.
    """
    sent, answered = total("messages_sent", days), total("responses", days)
    return 100 * answered / sent if 0 < sent >= answered else None


def error_rate(errors: int, handled: int) -> float | None:
    """The share (0-1) of what was tried that failed; None when nothing was tried."""
    tried = errors + handled
    return errors / tried if tried > 0 else None


def find_alerts(
    figures: DayFigures, thresholds: Thresholds = DEFAULT_THRESHOLDS
) -> tuple[PerformanceAlert, ...]:
    """The figures that left their bounds; nothing is judged on too little evidence."""
    sent, refused, answers = figures.messages_sent, figures.refused, figures.responses
    tried, attempts = figures.errors + figures.handled_events, sent + refused + figures.uncertain
    judged = (
        (
            "error_rate",
            error_rate(figures.errors, figures.handled_events),
            thresholds.error_rate,
            tried >= thresholds.error_events_min,
            f"{figures.errors} of {tried} things tried today failed",
        ),
        (
            "opt_out_rate",
            figures.opt_outs / answers if answers else None,
            thresholds.opt_out_rate,
            sent >= thresholds.opt_out_sent_min and figures.opt_outs >= thresholds.opt_outs_min,
            f"{figures.opt_outs} of {answers} answers today asked not to be written to again",
        ),
        (
            "refused_rate",
            refused / attempts if attempts else None,
            thresholds.refused_rate,
            attempts >= thresholds.refused_attempts_min,
            f"{refused} of {attempts} sends tried today were refused by the service",
        ),
    )
    return tuple(
        PerformanceAlert(metric=metric, value=value, threshold=threshold, detail=detail)
        for metric, value, threshold, enough, detail in judged
        if enough and value is not None and value > threshold
    )


def total(key: str, days: Iterable[DayFigures]) -> int:
    """One count, added up over days."""
    return sum(getattr(day, key) for day in days)
