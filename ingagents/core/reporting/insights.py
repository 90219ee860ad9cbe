"""Three to five sentences about a day, by rules: the urgent ones first, each with its figures."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ingagents.core.reporting.daily_metrics import DEFAULT_THRESHOLDS, DayFigures, error_rate, total
from ingagents.core.reporting.outlook import Outlook, say_outlook
from ingagents.display import counted

FEW_CONTACTS = 50
"""Below this many contacts a response rate is hearsay: at 50, 10 % may be anything from 4 to 21 %."""


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
    when = f"on {named_day(today.day)}" if past else "today"
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


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f} %"


def _span(days: Sequence[DayFigures], when: str) -> str:
    until = "" if when == "today" else f" up to {named_day(days[-1].day)}"
    return when if len(days) == 1 else f"in the last {len(days)} days{until}"


def named_day(day: date) -> str:
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
    if today.handed_out:
        acts = counted(today.handed_out, "text waits", "texts wait")
        return f"{acts} to be sent by hand: `ingagents review list`."
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
    if not invited:
        return None
    went = f"{counted(invited, 'invitation')} went out {_span(days, when)}"
    if not accepted:
        return f"{went} and none was accepted yet."
    taken = counted(accepted, "was", "were")
    return f"{went}; {taken} accepted meanwhile, of these and of earlier ones."
