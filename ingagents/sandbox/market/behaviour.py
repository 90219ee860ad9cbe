"""How invented people behave: who accepts, who answers, what they say, and after how long.

All of it is drawn from the seed, the person and the occasion, so the same market always reacts in
the same way to the same acts. The shares are meant for a lively demonstration day: about a
quarter of those contacted in a working day answer within it, far more than in real life.
"""

from __future__ import annotations

import functools
from datetime import datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec

from ingagents.sandbox.chance import Draw
from ingagents.sandbox.market.account import COOL_DOWN
from ingagents.sandbox.market.people import Person
from ingagents.sandbox.market.wording import AnswerKind

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
ANSWER_KINDS: tuple[AnswerKind, ...] = (*_FIRST_ANSWERS, "thanks", "greeting")
_ANSWERED = (0.72, 0.4, 0.4, 0.25)
"""How many of those who never answered do so to our first text, the second, and so on."""
_CLOSED: frozenset[AnswerKind] = frozenset({"refusal", "opt_out"})
Wall = Literal["", "user_unreachable", "blocked_recipient", "cannot_resend_yet"]


Manner = Literal["", "greets", "written_to_by_hand", "deleted", "restricted"]
"""What somebody does who accepted an invitation, beside answering: they write first to somebody
they know nothing of, a colleague of ours writes to them from the same account, they delete
theirs, or LinkedIn restricts it."""


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What kind of thing somebody will say, and how long after being written to."""

    kind: AnswerKind
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


def manner_of(seed: int, person: Person) -> Manner:
    """What an invented person does once they have accepted; "" for nearly all."""
    if not person.key.isdecimal():
        return ""
    manners: tuple[Manner, ...] = ("", "greets", "written_to_by_hand", "deleted", "restricted")
    return Draw(seed, person.key, "manner").weighted(manners, (940, 26, 16, 10, 8))


def manner_after(seed: int, person: Person) -> timedelta:
    """How long after the acceptance their manner shows."""
    draw = Draw(seed, person.key, "manner after")
    if manner_of(seed, person) == "greets":
        return timedelta(minutes=draw.between(2, 90))
    return timedelta(hours=draw.between(1, 120))


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
    if same_day < 0.92:
        return verdict, timedelta(hours=draw.between(7, 80))
    return verdict, timedelta(days=draw.between(4, 16))


def answer(seed: int, person: Person, *, nth: int, before: AnswerKind | None) -> Answer | None:
    """What the person says to our nth text (1 and up); None: nothing.

    `before` is the kind of their last answer.
    """
    draw = Draw(seed, person.key, "answer", nth)
    if before in _CLOSED and not (before == "opt_out" and draw.chance(0.3)):
        return None
    often = _ANSWERED[min(nth, len(_ANSWERED)) - 1] if before is None else 0.55
    if not draw.chance(often):
        return None
    if before == "opt_out":
        kind: AnswerKind = "opt_out"
    else:
        weights = _FIRST_ANSWERS if before is None else _LATER_ANSWERS
        kind = draw.weighted(tuple(weights), tuple(weights.values()))
    return Answer(kind=kind, delay=_answer_delay(draw, kind))


def answer_back_from_leave(seed: int, person: Person, *, nth: int) -> Answer | None:
    """What somebody says on the day of their return to our nth text, which their absence answered."""
    draw = Draw(seed, person.key, "back from leave", nth)
    if not draw.chance(0.5):
        return None
    kinds = {kind: weight for kind, weight in _FIRST_ANSWERS.items() if kind != "out_of_office"}
    kind = draw.weighted(tuple(kinds), tuple(kinds.values()))
    return Answer(kind=kind, delay=timedelta(hours=draw.between(0.5, 6)))


def _answer_delay(draw: Draw, kind: AnswerKind) -> timedelta:
    """Minutes or hours for most; some answer when they are followed up already."""
    if kind == "out_of_office":
        return timedelta(minutes=draw.between(0.2, 3))
    pace = draw.fraction()
    if pace < 0.6:
        return timedelta(minutes=draw.between(2, 50))
    if pace < 0.86:
        return timedelta(hours=draw.between(1, 5))
    if pace < 0.95:
        return timedelta(hours=draw.between(6, 60))
    return timedelta(days=draw.between(4, 11))


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
