"""How invented people behave: who accepts, who answers, what they say, and after how long.

All of it is drawn from the seed, the person and the occasion, so the same market always reacts in
the same way to the same acts. The shares are meant for a lively demonstration day: about a
quarter of those contacted in a working day answer within it, far more than in real life.
"""

from __future__ import annotations

import functools
import tomllib
from datetime import datetime, time, timedelta
from importlib import resources
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec

from ingagents.sandbox.chance import Draw
from ingagents.sandbox.market.account import COOL_DOWN
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
]
_FIRST_ANSWERS: dict[AnswerKind, int] = {
    "positive": 36,
    "meeting": 9,
    "question": 18,
    "not_now": 7,
    "refusal": 12,
    "opt_out": 4,
    "out_of_office": 5,
    "referral": 5,
    "unclear": 4,
}
_LATER_ANSWERS: dict[AnswerKind, int] = {
    "thanks": 40,
    "positive": 20,
    "meeting": 15,
    "question": 15,
    "not_now": 5,
    "refusal": 5,
}
ANSWER_KINDS: tuple[AnswerKind, ...] = (*_FIRST_ANSWERS, "thanks")
_CLOSED: frozenset[AnswerKind] = frozenset({"refusal", "opt_out"})
Wall = Literal["", "user_unreachable", "blocked_recipient", "cannot_resend_yet"]


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody will say, and how long after being written to."""

    kind: AnswerKind
    text: str
    delay: timedelta


class Pace(msgspec.Struct, frozen=True, kw_only=True):
    """When people act: delays are divided by `speed`, and nobody writes at night in `zone`."""

    speed: float = 1.0
    zone: str = "Europe/Berlin"

    def moment(self, after: datetime, delay: timedelta) -> datetime:
        """The moment somebody acts, in UTC like `after`, to the millisecond."""
        due = after + delay
        waiting = delay + _until_morning(due, self.zone)
        moment = after + waiting / self.speed
        return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def wall_of(seed: int, person: Person) -> Wall:
    """The error a few invented people answer an invitation with; "" for nearly all.

    That of those who turned one down lately ends (`turned_down_for`); the others' never does.

    People a user brought along (a list, a stranger's slug) are all to be reached.
    """
    if not person.key.isdecimal():
        return ""
    draw = Draw(seed, person.key, "wall")
    walls: tuple[Wall, ...] = ("", "user_unreachable", "blocked_recipient", "cannot_resend_yet")
    return draw.weighted(walls, (968, 13, 10, 9))


def turned_down_for(seed: int, person: Person) -> timedelta:
    """How long after the market opened somebody takes no invitation whose wall that is.

    They turned one down before, which somebody of ours had sent by hand.
    """
    return COOL_DOWN - timedelta(days=Draw(seed, person.key, "turned down").between(0, 15))


def accepts_after(seed: int, person: Person, nth: int) -> tuple[bool | None, timedelta]:
    """What becomes of the nth invitation (1 and up), and after how long.

    True: accepted. False: declined. None: left lying for ever.
    """
    draw = Draw(seed, person.key, "invited", nth)
    verdict = draw.weighted((True, False, None), (74, 4, 22))
    quick, same_day = draw.fraction(), draw.fraction()
    if quick < 0.55:
        return verdict, timedelta(minutes=draw.between(3, 60))
    if same_day < 0.6:
        return verdict, timedelta(hours=draw.between(1, 6))
    return verdict, timedelta(hours=draw.between(7, 80))


def answer(
    seed: int, person: Person, *, nth: int, before: AnswerKind | None, ours: str, sender: str
) -> Answer | None:
    """What the person says to our nth text (1 and up); None: nothing.

    `before` is the kind of their last answer, `ours` the text they answer to, `sender` the first
    name they know us by.
    """
    draw = Draw(seed, person.key, "answer", nth)
    if before in _CLOSED and not (before == "opt_out" and draw.chance(0.3)):
        return None
    if not draw.chance(0.72 if before is None else 0.55):
        return None
    if before == "opt_out":
        kind: AnswerKind = "opt_out"
    else:
        weights = _FIRST_ANSWERS if before is None else _LATER_ANSWERS
        kind = draw.weighted(tuple(weights), tuple(weights.values()))
    delay = _answer_delay(draw, kind)
    return Answer(kind=kind, text=_words(draw, person, kind, ours=ours, sender=sender), delay=delay)


def _answer_delay(draw: Draw, kind: AnswerKind) -> timedelta:
    if kind == "out_of_office":
        return timedelta(minutes=draw.between(0.2, 3))
    pace = draw.fraction()
    if pace < 0.6:
        return timedelta(minutes=draw.between(2, 50))
    if pace < 0.86:
        return timedelta(hours=draw.between(1, 5))
    return timedelta(hours=draw.between(6, 60))


def _until_morning(due: datetime, zone: str) -> timedelta:
    """How long somebody still sleeps at `due`: from ten in the evening until after seven.

    Whole hours, so that not everybody gets up at seven sharp: the minutes of `due` spread them.
    """
    local = due.astimezone(_zone(zone))
    if time(7) <= local.time() < time(22):
        return timedelta()
    return timedelta(hours=7 - local.hour if local.hour < 7 else 31 - local.hour)


@functools.cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday")


def _words(draw: Draw, person: Person, kind: AnswerKind, *, ours: str, sender: str) -> str:
    texts = _texts()
    language = person.language if person.language in texts else "en"
    if language != "en" and not draw.chance(0.6):
        language = "en"
    culture = draw.pick(cast().cultures[:10])
    text = draw.pick(texts[language][kind]).format(
        sender=sender,
        first=person.first_name,
        name=person.name,
        company=person.company_name or "our team",
        colleague=f"{draw.pick(culture.first)} {draw.pick(culture.last)}",
        day=draw.pick(_DAYS),
        topic=person.topic,
    )
    adornment = draw.fraction()
    if adornment < 0.12:
        return f"{text}\n\nBest,\n{person.first_name}\n{person.title}, {person.company_name}"
    if adornment < 0.18:
        first_line = ours.strip().splitlines()[0][:200] if ours.strip() else ""
        return f"{text}\n\n> {first_line}"
    if adornment < 0.22:
        return f"{text}\n\nSent from my phone, please excuse typos."
    return text


@functools.cache
def _texts() -> dict[str, dict[AnswerKind, tuple[str, ...]]]:
    text = resources.files(__package__).joinpath("replies.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(text), dict[str, dict[AnswerKind, tuple[str, ...]]])
