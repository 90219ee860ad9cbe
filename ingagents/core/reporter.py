"""The daily report: a day's figures go in, a `Report` with everything its pages show comes out.

Figures are counted elsewhere (`DayFigures`); here they are compared and put into words. Every
sentence rests on numbers it names.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import msgspec

from ingagents.core.reporting.daily_metrics import DEFAULT_THRESHOLDS, DayFigures, error_rate, total
from ingagents.core.reporting.funnel import Funnel, funnel_of
from ingagents.core.reporting.metrics_table import Section, sections_of
from ingagents.core.reporting.outlook import Outlook, say_outlook
from ingagents.display import Shown, Told, counted
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

FEW_CONTACTS = 50
"""Below this many contacts a response rate is hearsay: at 50, 10 % may be anything from 4 to 21 %."""


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


def insights(
    today: DayFigures,
    yesterday: DayFigures | None,
    week: Sequence[DayFigures],
    advice: Sequence[str] = (),
    outlook: Outlook | None = None,
    *,
    past: bool = False,
    idle: bool = False,
) -> tuple[str, ...]:
    """Three to five sentences, the urgent ones first, each with the figures it rests on.

    `week` is the days up to and including today; it may be shorter than seven. `advice` are a
    model's accepted sentences: they stand in for the rules' standing ones, not for the urgent.
    `outlook` None: of a day that is past, nothing is foretold. `idle`: that nobody is left is said
    already.
    """
    days = tuple(week) or (today,)
    when = f"on {_named(today.day)}" if past else "today"
    urgent = (
        _say_positive(today, when),
        _say_failures(today, when),
        _say_refusals(days, when),
        _say_opt_outs(days, when),
        _say_waiting(today),
    )
    standing = (
        _say_answers(days, when),
        _say_people(today, days, when, outlook, idle=idle),
        _say_found(today, yesterday, when, outlook),
        _say_accepted(days, when),
    )
    first = [sentence for sentence in urgent if sentence][:3]
    return tuple([*first, *advice, *(sentence for sentence in standing if sentence)][:5])


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
    so_far: DayFigures | None = None
    past: bool = False


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
        funnel=funnel_of(today),
        fortnight=tuple(facts.fortnight),
        sections=sections_of(today, yesterday, week, past=past),
        insights=(
            *([_sentence(facts.barred)] if facts.barred else ()),
            *(_sentence(one) for one in facts.idle),
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
        so_far=_say_so_far(today.day, facts.so_far) if facts.so_far else None,
        columns=(_named(today.day), "day before") if past else ("today", "yesterday"),
    )


def next_step(intent: Intent, detail: ReplyDetail) -> str:
    """What a person of the team does now about a positive answer."""
    by_detail = {
        ReplyDetail.MEETING: "Propose two times for a call, or take the one they offer.",
        ReplyDetail.QUESTION: "Answer their question yourself; nothing is sent automatically.",
        ReplyDetail.REFERRAL: "Thank them and write to the person they name, mentioning them.",
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


def _summary(day: DayFigures) -> str:
    return (
        f"found {day.leads_discovered}, contacted {day.messages_sent}, "
        f"replied {day.responses}, positive {day.positive_responses}"
    )


def _say_so_far(reported: date, since: DayFigures) -> str:
    """What came since a reported day: today, or the days off before it as well."""
    first = reported + timedelta(days=1)
    if first >= since.day:
        return f"Today so far ({_named(since.day)}): {_summary(since)}"
    return f"Since then ({_named(first)} to {_named(since.day)}): {_summary(since)}"


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f} %"


def _span(days: Sequence[DayFigures], when: str) -> str:
    until = "" if when == "today" else f" up to {_named(days[-1].day)}"
    return when if len(days) == 1 else f"in the last {len(days)} days{until}"


def _named(day: date) -> str:
    """`Mon 8 Feb`, in any locale."""
    return f"{_DAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]}"


_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = (
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
)  # fmt: skip


def _say_positive(today: DayFigures, when: str) -> str | None:
    if not today.positive_responses:
        return None
    people = counted(today.positive_responses, "person", "people")
    return f"{people} answered positively {when}: write to them personally while they remember us."


def _say_failures(today: DayFigures, when: str) -> str | None:
    rate = error_rate(today.errors, today.handled_events)
    tried = today.errors + today.handled_events
    limits = DEFAULT_THRESHOLDS
    if rate is not None and rate > limits.error_rate and tried >= limits.error_events_min:
        share = _share(today.errors, tried)
        return (
            f"{today.errors} of {tried} things tried {when} failed ({share}): "
            "see `ingagents journal list` before anything else."
        )
    if today.dead_letters:
        events = counted(today.dead_letters, "event could", "events could")
        return f"{events} not be handled: see `ingagents journal dead-letters`."
    return None


def _say_refusals(days: Sequence[DayFigures], when: str) -> str | None:
    refused = total("refused", days)
    attempts = refused + total("messages_sent", days)
    limits = DEFAULT_THRESHOLDS
    if attempts < limits.refused_attempts_min or refused <= limits.refused_rate * attempts:
        return None
    return (
        f"{refused} of {attempts} sends were refused by the service {_span(days, when)} "
        f"({_share(refused, attempts)}): send less until the reason is known."
    )


def _say_opt_outs(days: Sequence[DayFigures], when: str) -> str | None:
    opt_outs, answers = total("opt_outs", days), total("responses", days)
    limits = DEFAULT_THRESHOLDS
    if opt_outs < limits.opt_outs_min or opt_outs <= limits.opt_out_rate * answers:
        return None
    return (
        f"{opt_outs} of {counted(answers, 'answer')} {_span(days, when)} asked not to be written to "
        "again: read the messages once more before sending further ones."
    )


def _say_waiting(today: DayFigures) -> str | None:
    if today.needs_review:
        leads = counted(today.needs_review, "lead waits", "leads wait")
        return f"{leads} for your review: `ingagents review list`."
    if today.uncertain:
        sends = counted(today.uncertain, "send is", "sends are")
        return f"{sends} in doubt; the service is asked what became of it, nothing is sent twice."
    return None


def _say_answers(days: Sequence[DayFigures], when: str) -> str:
    sent, answers = total("messages_sent", days), total("responses", days)
    if not sent and not answers:
        return f"Nobody was contacted {_span(days, when)}, so there is no response rate to judge."
    came = f"{counted(answers, 'answer')} came"
    if not sent:
        return f"{came} {_span(days, when)} to earlier messages; nobody was contacted."
    if answers > sent:
        return (
            f"{came} {_span(days, when)} for {counted(sent, 'message')} sent: "
            "most of them belong to earlier messages."
        )
    positive = total("positive_responses", days)
    caution = "; small numbers, wait before judging" if sent < FEW_CONTACTS else ""
    contacted = f"{counted(sent, 'person was', 'people were')} contacted {_span(days, when)}"
    if not answers:
        return f"{contacted} and nobody has answered yet{caution}."
    return (
        f"{contacted} and {came} ({_share(answers, sent)}), {positive or 'none'} of them "
        f"positive{caution}."
    )


def _say_people(
    today: DayFigures,
    days: Sequence[DayFigures],
    when: str,
    outlook: Outlook | None,
    *,
    idle: bool,
) -> str | None:
    """Who is there to be written to; None where another sentence says that nobody is."""
    if outlook is None:
        return _say_supply(today, days, when)
    nobody = not outlook.allocated and not outlook.in_store
    return None if idle and nobody else say_outlook(outlook)


def _say_supply(today: DayFigures, days: Sequence[DayFigures], when: str) -> str:
    queued = counted(today.queue_size, "lead waits", "leads wait") if today.queue_size else ""
    waiting = f"{queued or 'Nobody waits'} in the queue"
    active = [day.messages_sent for day in days if day.messages_sent]
    if not active:
        if not today.queue_size:
            return f"{waiting}: start with `ingagents once --task search`."
        return f"{waiting} and nobody was contacted {_span(days, when)}: see `ingagents status`."
    return f"{waiting}; {sum(active) / len(active):.0f} people a day were written to {_span(days, when)}."


def _say_found(
    today: DayFigures, yesterday: DayFigures | None, when: str, outlook: Outlook | None
) -> str:
    """What the search brought; what to do about too little says the outlook, if there is one."""
    day_before = "yesterday" if when == "today" else "the day before"
    before = f" ({yesterday.leads_discovered} {day_before})" if yesterday else ""
    if not today.leads_discovered:
        none = f"No lead was found {when}{before}"
        return (
            f"{none}: widen the search criteria if that goes on." if outlook is None else f"{none}."
        )
    quality = today.avg_quality_score
    score = "" if quality is None else f", average quality {quality:.1f} of 10"
    found = counted(today.leads_discovered, "lead was", "leads were")
    kinds = f"{counted(today.speakers, 'speaker')} and {counted(today.sponsors, 'sponsor')}"
    return f"{found} found {when}{before}, {kinds} among them{score}."


def _say_accepted(days: Sequence[DayFigures], when: str) -> str | None:
    invited, accepted = total("invitations_sent", days), total("accepted_invitations", days)
    if not invited or accepted > invited:
        return None
    went = f"{counted(invited, 'invitation')} went out {_span(days, when)}"
    if not accepted:
        return f"{went} and none was accepted yet."
    taken = counted(accepted, "was", "were")
    return f"{went} and {taken} accepted ({_share(accepted, invited)})."
