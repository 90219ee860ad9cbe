"""What an answer does to the conversation's plan: it ends, rests until a day, or leads to somebody else.

Only who says "not now" and who is away can be written to again by itself; everybody else is a
human's from here on. A day that is doubtful is none, and of several the latest counts: too late
costs little, too early is a bother.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from ingagents.core.replies.effect.calendar_words import Marker
from ingagents.core.replies.effect.referral import person_named, without_title_dots
from ingagents.core.replies.effect.when import (
    Moment,
    comes_back,
    moments,
    refuses,
    with_numeric_days,
)
from ingagents.core.replies.evidence import Evidence, collect
from ingagents.core.replies.notation import Cue, Part
from ingagents.core.replies.text import plain_reply
from ingagents.core.send_policy import SURE_ENOUGH
from ingagents.core.text import languages
from ingagents.model import Effect, EffectKind, Intent, ReplyDetail, ResponseAnalysis

ABSENT_DAYS = 5
"""Working days that somebody is taken to be away who does not say until when."""


def effect_of(
    text: str,
    reading: ResponseAnalysis,
    *,
    received_at: datetime,
    now: datetime,
    timezone: str,
    sent: Sequence[str] = (),
) -> Effect:
    """What a reply, read so, does to the plan. Never raises; any text is only data.

    A day is a working day (Monday to Friday) of `timezone`, named on the day of `received_at`; it
    is never before the day of `now`, nor the day of the message. `sent` are our texts to the person.
    """
    held = reading.confidence < SURE_ENOUGH
    if reading.detail not in _MAY_GO_ON or held:
        return Effect(kind=EffectKind.ENDS, reason=_why_ended(reading, held=held))
    own = plain_reply(text, sent).own
    reply = plain_reply(without_title_dots(with_numeric_days(own)))
    evidence = collect(reply)
    if reading.detail is ReplyDetail.REFERRAL:
        return _referral(evidence)
    zone = ZoneInfo(timezone)
    # Services give wrong dates: nothing was written in the future, nor is read after a year.
    said_at = max(min(received_at, now), now - _LATEST)
    said_on, today = said_at.astimezone(zone).date(), now.astimezone(zone).date()
    earliest = max(said_on + timedelta(days=1), today)
    away = reading.detail is ReplyDetail.OUT_OF_OFFICE
    named = moments(
        reply.text, reply.starts, evidence.told.of_sentences, today=said_on, unmarked=away
    )
    if _asks_besides(evidence, named):
        return Effect(kind=EffectKind.ENDS, reason="asks something besides: a human answers")
    if reading.detail is ReplyDetail.NOT_NOW:
        if reading.intent is not Intent.NOT_INTERESTED and not _puts_off(evidence):
            return Effect(kind=EffectKind.ENDS, reason="says yes and names a day: a human goes on")
        return _not_now(evidence, named, earliest)
    refers = evidence.has(Cue.REFERRAL) and not evidence.has(Cue.GONE)
    if not named and refers and evidence.count(Cue.AWAY) == 1:
        return _referral(evidence)  # "please turn to my colleague" is what machines say, too
    return _absence(evidence, named, said_on, earliest)


_LATEST = timedelta(days=366)
_MAY_GO_ON = (ReplyDetail.NOT_NOW, ReplyDetail.OUT_OF_OFFICE, ReplyDetail.REFERRAL)
_WHY = {
    ReplyDetail.OPT_OUT: "asks not to be written to",
    ReplyDetail.REFUSAL: "declines",
    ReplyDetail.BOUNCE: "the message did not arrive",
}


def _why_ended(reading: ResponseAnalysis, *, held: bool) -> str:
    if reading.opt_out:
        return _WHY[ReplyDetail.OPT_OUT]
    if held:
        return "has answered: a human reads what it means"
    return _WHY.get(reading.detail, "has answered")


def _referral(evidence: Evidence) -> Effect:
    name = person_named(evidence)
    if not name:
        return Effect(kind=EffectKind.ENDS, reason="refers to somebody without a name")
    return Effect(kind=EffectKind.REFERS, reason=f"refers to {name}", name=name)


def _puts_off(evidence: Evidence) -> bool:
    """Whether a kind word beside the "later" leaves no doubt: "great, but not before May"."""
    late = evidence.found.get(Cue.NOT_NOW, ())
    nots = evidence.parts.get(Part.NOT, ())
    return bool(evidence.parts.get(Part.TURN)) or any(
        cue.start <= item.start < cue.end for cue in late for item in nots
    )


def _not_now(evidence: Evidence, named: Sequence[Moment], earliest: date) -> Effect:
    """The latest day of those with which the wish for later is said; else of all."""
    asked = evidence.found.get(Cue.NOT_NOW, ())
    within = [
        one for one in named if any(one.begin < cue.end and cue.start < one.end for cue in asked)
    ]
    refused = [one for one in named if _is_refused(one, evidence)]
    left = [one for one in within or named if one not in refused]
    days = [(_first_day(one, denied=_is_denied(one, evidence)), one) for one in left]
    if not days and not refused:
        return Effect(kind=EffectKind.ENDS, reason="not now, and no day is named: a human goes on")
    day, one = max(days, key=lambda pair: pair[0], default=(date.min, None))
    if one is None or any(day < other.over for other in refused) or _says_no_twice(one, evidence):
        return Effect(kind=EffectKind.ENDS, reason="not now, nor on a day named: a human goes on")
    at = _working_day(max(day, earliest))
    return Effect(kind=EffectKind.RESUMES, at=at, reason=f"asks for later: “{one.words}”")


def _absence(evidence: Evidence, named: Sequence[Moment], said_on: date, earliest: date) -> Effect:
    """Back on the latest day that is the end of something, or some days on."""
    if evidence.has(Cue.GONE):
        return Effect(kind=EffectKind.ENDS, reason="is no longer there: a human goes on")
    ends: list[tuple[date, Moment]] = []
    begins: list[tuple[date, Moment]] = []
    for one in named:
        back = _speaks_of_return(one, evidence)
        if one.marker in {Marker.UNTIL, Marker.AFTER, Marker.AHEAD} or back:
            ends.append((_first_day(one, denied=False), one))
        elif one.marker is Marker.FROM:
            begins.append((_days_on(one.first, ABSENT_DAYS), one))
        else:
            begins.append((one.over, one))
    if not ends and not begins:
        at = max(_days_on(said_on, ABSENT_DAYS), _working_day(earliest))
        return Effect(
            kind=EffectKind.ABSENT,
            at=at,
            reason=f"is away: {ABSENT_DAYS} working days, no day named",
        )
    day, one = max(ends or begins, key=lambda pair: pair[0])
    at = _working_day(max(day, earliest))
    return Effect(kind=EffectKind.ABSENT, at=at, reason=f"is away: “{one.words}”")


def _first_day(one: Moment, *, denied: bool) -> date:
    """The first day on which the person may be asked, by what stands beside the day named."""
    if one.marker is Marker.UNTIL:
        return one.until
    if one.marker is Marker.AFTER or (denied and one.marker in {Marker.IN, Marker.NONE}):
        return one.over
    return one.first


def _is_denied(one: Moment, evidence: Evidence) -> bool:
    """Whether the day is one on which it does not suit: "busy in December", "not next week"."""
    begin, end = _clause(one, evidence)
    busy = (item.start for item in evidence.found.get(Cue.BUSY, ()))
    return any(begin <= start < end for start in (*_own_nots(one, evidence), *busy))


def _own_nots(one: Moment, evidence: Evidence) -> list[int]:
    """Where the words of denial stand that are no part of a "not now", or right before the day."""
    late = evidence.found.get(Cue.NOT_NOW, ())
    spoken = {cue.language for cue in late}  # Czech "se" is no Hungarian "nor"
    return [
        item.start
        for item in evidence.parts.get(Part.NOT, ())
        if (not spoken or item.language in spoken)
        and (
            item.end + 1 == one.begin or not any(cue.start <= item.start < cue.end for cue in late)
        )
    ]


def _says_no_twice(one: Moment, evidence: Evidence) -> bool:
    """Whether the day is denied beside another "not": after "not now and not in March" nothing is left."""
    begin, end = _clause(one, evidence)
    own = {at for at in _own_nots(one, evidence) if begin <= at < end}
    others = {item.start for item in evidence.parts.get(Part.NOT, ())} - own
    return one.marker in {Marker.IN, Marker.NONE} and bool(own) and (bool(others) or len(own) > 1)


def _is_refused(one: Moment, evidence: Evidence) -> bool:
    """Whether the day is refused as another one is: "nor in March", "not in March either"."""
    begin, end = _clause(one, evidence)
    nots = (item.start for item in evidence.parts.get(Part.NOT, ()))
    denied = any(begin <= at < end and not one.begin <= at < one.end for at in nots)
    text = evidence.reply.text
    around = f"{text[begin : one.begin]} . {text[one.end : end]}"
    return refuses(around, _languages_at(one, evidence), denied=denied)


def _speaks_of_return(one: Moment, evidence: Evidence) -> bool:
    begin, end = _clause(one, evidence)
    return comes_back(evidence.reply.text[begin:end], _languages_at(one, evidence))


def _languages_at(one: Moment, evidence: Evidence) -> frozenset[str]:
    index = max(sum(start <= one.begin for start in evidence.reply.starts) - 1, 0)
    return evidence.told.of_sentences[index]


def _clause(one: Moment, evidence: Evidence) -> tuple[int, int]:
    """From the comma, "but" or full stop before a moment to the one behind it."""
    text = evidence.reply.text
    turns = [item.start for item in evidence.parts.get(Part.TURN, ())]
    begins = [text.rfind(mark, 0, one.begin) for mark in _MARKS]
    ends = [text.find(mark, one.end) for mark in _MARKS]
    begin = max(*begins, *(turn for turn in turns if turn < one.begin), 0)
    end = min(*(at for at in (*ends, *(t for t in turns if t >= one.end)) if at >= 0), len(text))
    return begin, end


_MARKS = (" ,", " .", " ?", " !")


def _asks_besides(evidence: Evidence, named: Sequence[Moment]) -> bool:
    """Whether a sentence that names no day is a question; a machine's do not count."""
    reply = evidence.reply
    if any(word in reply.text for word in languages.words("machine")):
        return False
    for start, end in zip(reply.starts, (*reply.starts[1:], len(reply.text) + 1), strict=False):
        asks = reply.text[start : end - 1].rstrip().endswith("?")
        if asks and not any(start <= one.begin < end for one in named):
            return True
    return False


def _working_day(day: date) -> date:
    """The day, or the Monday behind it."""
    return day + timedelta(days=max(7 - day.weekday(), 0) if day.weekday() > 4 else 0)


def _days_on(day: date, count: int) -> date:
    """So many working days on."""
    for _ in range(count):
        day = _working_day(day + timedelta(days=1))
    return day
