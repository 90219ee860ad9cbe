"""What invented people say, in their language or in English, about days that lie ahead of them."""

from __future__ import annotations

import functools
import tomllib
from datetime import datetime, timedelta
from importlib import resources
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec

from ingagents.sandbox.chance import Draw
from ingagents.sandbox.market.fixtures import cast
from ingagents.sandbox.market.people import Person

AnswerKind = Literal[
    "positive",
    "meeting",
    "question",
    "not_now",
    "refusal",
    "opt_out",
    "out_of_office",
    "referral",
    "unclear",
    "thanks",
    "greeting",
]
_Kind = AnswerKind | Literal["by_hand"]


class Language(msgspec.Struct, frozen=True, kw_only=True):
    """One file of `replies/`: its texts by kind, and how a date is written in them."""

    date: str
    months: tuple[str, ...]
    weekdays: tuple[str, ...]
    texts: dict[_Kind, tuple[str, ...]]


def words(
    draw: Draw, person: Person, kind: AnswerKind, *, ours: str, sender: str, about: datetime
) -> str:
    """An answer. `ours` is the text it answers, `sender` the first name they know us by.

    `about` is a moment in their time zone: of a return, a call, or of when to ask again.
    """
    text = _phrase(draw, person, kind, sender=sender, about=about)
    if kind == "out_of_office":
        return text
    adornment = draw.fraction()
    if adornment < 0.12:
        return f"{text}\n\nBest,\n{person.first_name}\n{person.title}, {person.company_name}"
    if adornment < 0.18:
        first_line = ours.strip().splitlines()[0][:200] if ours.strip() else ""
        return f"{text}\n\n> {first_line}"
    if adornment < 0.22:
        return f"{text}\n\nSent from my phone, please excuse typos."
    return text


def by_hand(seed: int, person: Person, *, sender: str, at: datetime) -> str:
    """What a colleague of ours writes to somebody from the same account, without telling anybody."""
    draw = Draw(seed, person.key, "written by hand")
    return _phrase(draw, person, "by_hand", sender=sender, about=at)


def day_ahead(draw: Draw, kind: AnswerKind, at: datetime, zone: ZoneInfo) -> datetime:
    """The day an answer of this kind is about, seen from when it is given: a working day."""
    ahead = (30, 100) if kind == "not_now" else (2, 9)
    day = at.astimezone(zone) + timedelta(days=draw.below(ahead[1] - ahead[0]) + ahead[0])
    return day + timedelta(days=max(0, 7 - day.weekday())) if day.weekday() > 4 else day


def _phrase(draw: Draw, person: Person, kind: _Kind, *, sender: str, about: datetime) -> str:
    known = languages()
    language = person.language if person.language in known else "en"
    if language != "en" and not draw.chance(0.6):
        language = "en"
    chosen = known[language]
    culture = draw.pick(cast().cultures[:10])
    month = chosen.months[about.month - 1]
    return draw.pick(chosen.texts[kind]).format(
        sender=sender,
        first=person.first_name,
        name=person.name,
        company=person.company_name or "our team",
        colleague=f"{draw.pick(culture.first)} {draw.pick(culture.last)}",
        topic=person.topic,
        day=chosen.weekdays[about.weekday()],
        back=chosen.date.format(day=about.day, month=month),
        month=month,
    )


@functools.cache
def languages() -> dict[str, Language]:
    """What people can say, by the code of the language."""
    folder = resources.files(__package__).joinpath("replies")
    return {
        file.name.removesuffix(".toml"): msgspec.convert(
            tomllib.loads(file.read_text("utf-8")), Language
        )
        for file in sorted(folder.iterdir(), key=lambda one: one.name)
        if file.name.endswith(".toml")
    }
