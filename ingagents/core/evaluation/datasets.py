"""Labelled rows as cases: which columns mean what, whoever wrote the file.

A column is found by its name, in any case; a file without the columns a task needs, or without any
of its labels, is not for that task.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, get_args

import msgspec

from ingagents.core.evaluation.metrics import Case
from ingagents.model import Classification, Intent, Profile, Sentiment

EvaluationTask = Literal["classify", "replies", "messages"]

Row = Mapping[str, str]


class Labelled(msgspec.Struct, frozen=True, kw_only=True):
    """A case with what is judged: a `profile`, or the `text` of a reply or a message.

    `opt_out` is True where a reply is labelled so; `tone` is its labelled sentiment, if it has one.
    """

    case: Case
    profile: Profile = Profile()
    text: str = ""
    opt_out: bool = False
    tone: Case | None = None


def read_labelled(task: EvaluationTask, rows: Sequence[Row]) -> tuple[Labelled, ...]:
    """The rows that can be used for a task; none when the file is not for it."""
    plain = [
        {str(name).strip().casefold(): value or "" for name, value in row.items() if name}
        for row in rows
        if all(isinstance(value, str | None) for value in row.values())
    ]
    read = dict(zip(get_args(EvaluationTask), (_person, _reply, _message), strict=True))[task]
    return tuple(one for row in plain if (one := read(row)) is not None)


def _person(row: Row) -> Labelled | None:
    headline = _first(row, "headline", "title", "position", "job_title")
    label = _first(row, "label", "classification", "class", "lead_type").capitalize()
    if not headline or label not in {one.value for one in Classification}:
        return None
    company = _first(row, "company", "organisation", "organization", "employer")
    shown = f"{headline} @ {company}" if company else headline
    return Labelled(
        case=Case(shown=shown, label=label, also=_others(row, "label_ok", "classification_ok")),
        profile=Profile(position=headline, company=company),
    )


def _reply(row: Row) -> Labelled | None:
    text = _first(row, "text", "reply", "message", "response", "body")
    named = _first(row, "intent_core4", "intent").casefold()
    sentiment = _first(row, "sentiment").casefold()
    label = _INTENT.get(named) or _INTENT_OF_SENTIMENT.get(sentiment, "")
    if not text or not label:
        return None
    also = _others(row, "core4_ok") if "core4_ok" in row else _others(row, "intent_ok")
    return Labelled(
        case=Case(
            shown=text,
            label=label,
            also=tuple(one for other in also if (one := _INTENT.get(other.casefold()))),
        ),
        text=text,
        opt_out=_first(row, "intent", "detail").casefold() == "opt_out",
        tone=Case(shown=text, label=sentiment, also=_others(row, "sentiment_ok"))
        if sentiment in set(Sentiment)
        else None,
    )


def _message(row: Row) -> Labelled | None:
    text = _first(row, "text", "message", "body")
    label = _first(row, "label", "verdict").casefold().partition(":")[0].strip()
    if not text or label not in {"good", "bad", "fit", "unfit"}:
        return None
    good = label in {"good", "fit"}
    return Labelled(
        case=Case(shown=text, label="fit" if good else "unfit"),
        profile=Profile(
            name=_first(row, "name", "first_name", "recipient"),
            company=_first(row, "company"),
            position=_first(row, "position", "title"),
            summary=_first(row, "profile", "facts", "summary"),
        ),
        text=text,
    )


_INTENT: Mapping[str, str] = {
    **{one.value: one.value for one in Intent},
    **dict.fromkeys(("opt_out", "not_now", "refusal", "negative"), Intent.NOT_INTERESTED.value),
    **dict.fromkeys(("out_of_office", "bounce", "referral"), Intent.UNCLEAR.value),
    **dict.fromkeys(("question", "info"), Intent.REQUESTING_INFO.value),
    **dict.fromkeys(("meeting", "interest", "positive"), Intent.INTERESTED.value),
}
"""Finer labels, and what they are among the four intents."""
_INTENT_OF_SENTIMENT: Mapping[str, str] = {
    "positive": Intent.INTERESTED.value,
    "negative": Intent.NOT_INTERESTED.value,
    "neutral": Intent.REQUESTING_INFO.value,
}
"""For sets that label the tone alone: there, neutral is who asks for more."""


def _first(row: Row, *names: str) -> str:
    return next((row[name].strip() for name in names if row.get(name, "").strip()), "")


def _others(row: Row, *names: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in _first(row, *names).split("|") if part.strip())
