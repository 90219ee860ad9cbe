"""The daily report: a day's figures go in, a `Report` with everything its pages show comes out.

Figures are counted elsewhere (`DayFigures`); here they are compared and put into words. Every
sentence rests on numbers it names.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import msgspec

from ingagents.core.programme import TrackState, in_words
from ingagents.core.reporting.conversations import Conversations
from ingagents.core.reporting.daily_metrics import DayFigures
from ingagents.core.reporting.funnel import Funnel, funnel_of
from ingagents.core.reporting.insights import insights, named_day
from ingagents.core.reporting.metrics_table import Section, sections_of
from ingagents.core.reporting.outlook import Outlook
from ingagents.core.sending.means import Mean, told_of
from ingagents.display import Shown, Told
from ingagents.model import (
    Campaign,
    Classification,
    Intent,
    LeadId,
    LeadStage,
    ReplyDetail,
    Sentiment,
)

SHOWN_AT_MOST = 40
"""Rows of a list on a page; the report says how many more there are."""


class Answer(Shown, msgspec.Struct, frozen=True, kw_only=True):
    """Who answered what. `text` is the person's own words: data."""

    lead_id: LeadId
    name: str
    company: str
    classification: Classification | None
    sentiment: Sentiment
    intent: Intent
    detail: ReplyDetail
    text: str
    at: datetime


class NeedsHuman(Shown, msgspec.Struct, frozen=True, kw_only=True):
    """Something only a person can settle: since when, who it is, what to do and the command after it.

    `action` is a sentence, or "" where the command alone is what to do.
    """

    what: str
    lead_id: LeadId | None
    command: str
    action: str = ""
    since: datetime | None = None
    link: str = ""


class Stopped(Shown, msgspec.Struct, frozen=True, kw_only=True):
    """What the system stopped itself from doing, and how often."""

    what: str
    count: int


class WouldGo(Shown, msgspec.Struct, frozen=True, kw_only=True):
    """A dry run's text: to whom, over which channel, the exact words."""

    name: str
    position: str
    company: str
    channel: str
    text: str


class PositiveReply(Shown, msgspec.Struct, frozen=True, kw_only=True):
    """Everything the team needs to take over from here, when a person answered positively."""

    lead_id: LeadId
    name: str
    position: str
    company: str
    classification: Classification | None
    intent: Intent
    detail: ReplyDetail
    reply_text: str
    our_text: str
    linkedin_url: str
    at: datetime
    answer: str = ""
    """The answer that was prepared; empty: no fact answers it, or none is due."""
    review: str = ""
    """The question to a human whether it may go; empty: there is none."""
    unanswered: tuple[str, ...] = ()
    """What they ask that no fact answers."""

    @property
    def command(self) -> str:
        """The one command that decides what happens now."""
        if not self.review:
            return take_on(self.lead_id)
        return f"ingagents review {'approve' if self.answer else 'show'} {self.review}"


class DaySends(Shown, msgspec.Struct, frozen=True, kw_only=True):
    """One day of the fortnight: people written to, and people who answered."""

    day: date
    sent: int
    answered: int


def fortnight_in_words(days: Sequence[DaySends]) -> str:
    """How many were written to and how many answered in the days shown, most at the busiest."""
    sent, answered = sum(day.sent for day in days), sum(day.answered for day in days)
    most = max((day.sent for day in days), default=0)
    return f"{len(days)} days: {sent} sent (at most {most} a day), {answered} answered"


class Report(Shown, msgspec.Struct, frozen=True, kw_only=True):
    """A day, ready for a page. Lists are cut to `SHOWN_AT_MOST`; `*_left_out` counts the rest.

    `so_far` says what has happened since, when the report is of a day that is past, and `columns`
    what the figures' days are called.
    """

    title: str
    day: date
    campaign: Campaign
    generated_at: datetime
    summary: str
    today: DayFigures
    funnel: Funnel
    conversations: Conversations | None
    fortnight: tuple[DaySends, ...]
    sections: tuple[Section, ...]
    insights: tuple[str, ...]
    answers: tuple[Answer, ...]
    answers_left_out: int
    needs_human: tuple[NeedsHuman, ...]
    needs_human_left_out: int
    would_go: tuple[WouldGo, ...]
    would_go_left_out: int
    stopped: tuple[Stopped, ...]
    means: tuple[Mean, ...] = ()
    programme: tuple[TrackState, ...] = ()
    so_far: str | None = None
    columns: tuple[str, str] = ("today", "yesterday")

    def _told(self) -> Told:
        so_far = ", ".join(f"{stage.label} {stage.people}" for stage in self.funnel)
        rows = [row for section in self.sections for row in section.rows()]
        return Told(
            f"{self.title}: {self.summary}; so far {so_far}",
            rows,
            ("figure", *self.columns, "mean of the week"),
        )


class ReportFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What a report of `today` is made of.

    `week` is the days up to and including it, `yesterday` None: unknown. `judgements` say what a
    model or a change of strategy did differently; they follow the insights. `barred`, why the
    campaign lets nothing out, comes before them, and so does `idle`, why nothing was sent or
    nobody is left. `past`: the day is over; `so_far` is then what came since, up to its day.
    """

    today: DayFigures
    campaign: Campaign
    generated_at: datetime
    yesterday: DayFigures | None = None
    week: Sequence[DayFigures] = ()
    answers: Sequence[Answer] = ()
    needs_human: Sequence[NeedsHuman] = ()
    would_go: Sequence[WouldGo] = ()
    stopped: Sequence[Stopped] = ()
    fortnight: Sequence[DaySends] = ()
    advice: Sequence[str] = ()
    judgements: Sequence[str] = ()
    barred: str = ""
    outlook: Outlook | None = None
    idle: Sequence[str] = ()
    means: Sequence[Mean] = ()
    programme: Sequence[TrackState] = ()
    so_far: DayFigures | None = None
    past: bool = False
    conversations: Conversations | None = None


def build_report(facts: ReportFacts) -> Report:
    """The report of a day, ready for a page."""
    today, yesterday, week, past = facts.today, facts.yesterday, facts.week, facts.past
    ordered = sorted(facts.answers, key=lambda answer: answer.at, reverse=True)
    ordered.sort(key=lambda answer: answer.sentiment is not Sentiment.POSITIVE)
    return Report(
        title=f"Daily Sales Department Report - {today.day.isoformat()}",
        day=today.day,
        campaign=facts.campaign,
        generated_at=facts.generated_at,
        summary=_summary(today),
        today=today,
        funnel=funnel_of(today, facts.conversations),
        conversations=facts.conversations,
        fortnight=tuple(facts.fortnight),
        sections=sections_of(today, yesterday, week, past=past),
        insights=(
            *([_sentence(facts.barred)] if facts.barred else ()),
            *(_sentence(one) for one in facts.idle),
            *(_sentence(one) for one in in_words(facts.programme)),
            *([_sentence(missing)] if (missing := _facts_missing(facts)) else ()),
            *(_sentence(one) for one in told_of(facts.means, facts.campaign.timezone)),
            *insights(
                today,
                yesterday,
                week,
                facts.advice,
                facts.outlook,
                past=past,
                idle=bool(facts.idle),
            ),
            *facts.judgements,
        ),
        answers=tuple(ordered[:SHOWN_AT_MOST]),
        answers_left_out=max(0, len(ordered) - SHOWN_AT_MOST),
        needs_human=tuple(facts.needs_human[:SHOWN_AT_MOST]),
        needs_human_left_out=max(0, len(facts.needs_human) - SHOWN_AT_MOST),
        would_go=tuple(facts.would_go[:SHOWN_AT_MOST]),
        would_go_left_out=max(0, len(facts.would_go) - SHOWN_AT_MOST),
        stopped=tuple(item for item in facts.stopped if item.count > 0),
        means=tuple(facts.means),
        programme=tuple(facts.programme),
        so_far=_say_so_far(today.day, facts.so_far) if facts.so_far else None,
        columns=(named_day(today.day), "day before") if past else ("today", "yesterday"),
    )


def next_step(intent: Intent, detail: ReplyDetail) -> str:
    """What a person of the team does now about a positive answer."""
    by_detail = {
        ReplyDetail.MEETING: "Propose two times for a call, or take the one they offer.",
        ReplyDetail.QUESTION: "Answer their question yourself; nothing is sent automatically.",
        ReplyDetail.REFERRAL: "Thank them by hand; whom they name in full is a lead that needs a review.",
        ReplyDetail.NOT_NOW: "Thank them and note when to come back.",
    }
    if detail in by_detail:
        return by_detail[detail]
    if intent is Intent.REQUESTING_INFO:
        return "Send them the information they ask for; nothing is sent automatically."
    return "Answer personally within a day, while they remember us: offer a short call."


def names_another(who: str, words: str) -> tuple[str, str]:
    """What somebody who names another person is told of as, and what to do about it."""
    step = next_step(Intent.UNCLEAR, ReplyDetail.REFERRAL)
    return f"{who or 'A person without a name'} names somebody else: {words}", step


def take_on(lead_id: LeadId) -> str:
    """The command that says of a person that somebody of the team goes on with them."""
    return f'ingagents leads stage {beginning(lead_id)} "{LeadStage.IN_DISCUSSION}"'


def beginning(lead_id: LeadId) -> str:
    """As much of an id as a hand may type: where two leads begin so, the command lists both."""
    return lead_id[:8]


def meaning(intent: Intent, detail: ReplyDetail) -> str:
    """What an answer means, in words, nothing said twice: "interested, meeting", "not now"."""
    detail_words = detail.value.replace("_", " ")
    if detail in {ReplyDetail.NONE, ReplyDetail.INTEREST, ReplyDetail.REFUSAL}:
        return intent.value.replace("_", " ")
    return f"interested, {detail_words}" if intent is Intent.INTERESTED else detail_words


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def _facts_missing(facts: ReportFacts) -> str:
    waits = facts.conversations.waits if facts.conversations is not None else None
    return waits.facts_missing if waits is not None else ""


def _summary(day: DayFigures) -> str:
    return (
        f"found {day.leads_discovered}, contacted {day.people_contacted}, "
        f"replied {day.responses}, positive {day.positive_responses}"
    )


def _say_so_far(reported: date, since: DayFigures) -> str:
    """What came since a reported day: today, or the days off before it as well."""
    first = reported + timedelta(days=1)
    if first >= since.day:
        return f"Today so far ({named_day(since.day)}): {_summary(since)}"
    return f"Since then ({named_day(first)} to {named_day(since.day)}): {_summary(since)}"
