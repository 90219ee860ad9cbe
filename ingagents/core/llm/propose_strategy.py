"""Strategy proposals by a model, from figures with denominators and intervals that code computed.

The model names a setting, its value now, a better one, why, and the figures it rests on. Here that
becomes a `Proposal` or nothing: known settings, valid values, the true present value, figures that
exist, no number of its own. The evidence is written by us, from the figures it named.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from ingagents.core.llm.answers import TEXT, Accepted, closed_object, list_in, list_of
from ingagents.core.llm.insights import numbers_in, one_sentence, spoken
from ingagents.core.llm.prompts import Prompt, question_of
from ingagents.core.reporting.daily_metrics import DayFigures, total
from ingagents.core.strategy.auto_apply import ALLOCATION, DAILY_LIMIT, THRESHOLD
from ingagents.core.strategy.proposals import (
    CONTACTS_MIN,
    DAILY_LIMIT_LEAST,
    STRATEGIES,
    CurrentStrategy,
    Interval,
    Proposal,
    wilson_interval,
)
from ingagents.model import ModelAnswer, Question

MOST_PROPOSALS = 5
_MODE = "outreach.message_generation_mode"
_MODES = ("template", "llm_enhanced", "llm")
_REWRITE = "a new version"


class Share(msgspec.Struct, frozen=True):
    """So many of so many."""

    hits: int
    tries: int

    @property
    def interval(self) -> Interval:
        """Where the true share lies."""
        return wilson_interval(self.hits, self.tries)

    def __str__(self) -> str:
        return f"{self.hits} of {self.tries} ({self.interval})"


def shares(days: Sequence[DayFigures], by_kind: Mapping[str, tuple[int, int]]) -> dict[str, Share]:
    """The figures a proposal may rest on, by name; those that rest on nothing are left out."""
    sent, refused = total("messages_sent", days), total("refused", days)
    active = [day for day in days if day.messages_sent]
    pace = sent / len(active) if active else 0.0
    found = {
        "answered_of_contacted": Share(total("responses", days), sent),
        "positive_of_contacted": Share(total("positive_responses", days), sent),
        "opt_outs_of_contacted": Share(total("opt_outs", days), sent),
        "refused_of_tried": Share(refused, sent + refused),
        "accepted_of_invited": Share(
            total("accepted_invitations", days), total("invitations_sent", days)
        ),
        "days_short_of_leads": Share(sum(day.queue_size < pace for day in active), len(active)),
        **{f"positive_of_{kind}": Share(hits, tries) for kind, (tries, hits) in by_kind.items()},
    }
    return {name: share for name, share in found.items() if 0 < share.tries >= share.hits}


def enough_to_ask(figures: Mapping[str, Share]) -> bool:
    """Whether there is anything to tell effect from chance with."""
    contacted = figures.get("positive_of_contacted")
    return contacted is not None and contacted.tries >= CONTACTS_MIN


def ask_proposals(
    figures: Mapping[str, Share], current: CurrentStrategy, prompt: Prompt
) -> Question:
    """The question for changes worth proposing."""
    told = {
        name: {"hits": one.hits, "of": one.tries, "95_percent": str(one.interval)}
        for name, one in figures.items()
    }
    settings = {
        name: {"from": value, "to": _choices(name, current)}
        for name, value in _values(current).items()
    }
    return question_of(
        prompt,
        data={"figures": told, "settings": settings},
        schema=_SCHEMA,
        max_output_tokens=900,
    )


def accept_proposals(
    answer: ModelAnswer, figures: Mapping[str, Share], current: CurrentStrategy
) -> Accepted[tuple[Proposal, ...]]:
    """The proposals that hold, one for each setting; for the others why not."""
    listed = list_in(answer, "proposals")
    if isinstance(listed, str):
        return Accepted((), (listed,))
    kept: dict[str, Proposal] = {}
    dropped: list[str] = []
    for one in listed[: 2 * MOST_PROPOSALS]:
        read = _read(one, figures, current) if isinstance(one, Mapping) else "no object"
        if isinstance(read, str):
            dropped.append(read)
        else:
            kept.setdefault(read.setting, read)
    return Accepted(tuple(list(kept.values())[:MOST_PROPOSALS]), tuple(dropped))


def _read(
    one: Mapping[str, Any], figures: Mapping[str, Share], current: CurrentStrategy
) -> Proposal | str:
    setting, values = one.get("setting"), _values(current)
    if not isinstance(setting, str) or setting not in values:
        return f"there is no setting {str(setting)[:60]!r} to propose for"
    now = values[setting]
    if not _same(one.get("from"), now):
        return f"{setting}: the value now is {now}, not {str(one.get('from'))[:40]!r}"
    proposed = _valid(setting, one.get("to"), current)
    if proposed is None:
        return f"{setting}: {str(one.get('to'))[:40]!r} is no valid other value"
    names = one.get("figures")
    named = [name for name in names if isinstance(name, str)] if isinstance(names, list) else []
    if not named or any(name not in figures for name in named):
        return f"{setting}: names no figure, or one that was not given"
    why = one_sentence(one.get("why"))
    rests_on = [figures[name] for name in dict.fromkeys(named)]
    if not why or not numbers_in(why) <= _spoken(rests_on, now, proposed):
        return f"{setting}: its reason is no plain sentence, or has a number nobody counted"
    evidence = "; ".join(f"{name}: {figures[name]}" for name in dict.fromkeys(named))
    return Proposal(setting=setting, current=now, proposed=proposed, why=why, evidence=evidence)


def _values(current: CurrentStrategy) -> dict[str, float | str]:
    values: dict[str, float | str] = {
        THRESHOLD: current.quality_threshold,
        ALLOCATION: current.allocation_strategy,
        DAILY_LIMIT: current.daily_limit,
    }
    if current.message_mode:
        values[_MODE] = current.message_mode
    return values | {f"templates.{name}": version for name, version in current.templates.items()}


def _choices(setting: str, current: CurrentStrategy) -> Any:
    if setting == THRESHOLD:
        return "1 to 10"
    if setting == DAILY_LIMIT:
        return f"{DAILY_LIMIT_LEAST} to {current.daily_limit - 1}"
    return {ALLOCATION: STRATEGIES, _MODE: _MODES}.get(setting, (_REWRITE,))


def _valid(setting: str, value: Any, current: CurrentStrategy) -> float | str | None:
    """The proposed value in its own type, or None. Nothing may ever propose to send more."""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if setting == THRESHOLD:
        fits = number and 1 <= value <= 10 and round(value, 1) != current.quality_threshold
        return round(float(value), 1) if fits else None
    if setting == DAILY_LIMIT:
        fits = number and DAILY_LIMIT_LEAST <= value < current.daily_limit and value == int(value)
        return int(value) if fits else None
    choices = {ALLOCATION: STRATEGIES, _MODE: _MODES}.get(setting, (_REWRITE,))
    return (
        value
        if isinstance(value, str) and value in choices and value != _values(current)[setting]
        else None
    )


def _same(value: Any, now: float | str) -> bool:
    """Whether a model's word for the present value is that value."""
    if isinstance(now, str) or isinstance(value, bool) or not isinstance(value, int | float):
        return value == now and not isinstance(value, bool)
    return abs(value - now) < 1e-9


def _spoken(rests_on: Sequence[Share], *values: float | str) -> set[str]:
    numbers: list[float] = [value for value in values if not isinstance(value, str)]
    for one in rests_on:
        percent = (100 * one.hits / one.tries, 100 * one.interval.low, 100 * one.interval.high)
        numbers += [one.hits, one.tries, *percent]
    return spoken([*numbers, 95.0])


_EITHER: Mapping[str, Any] = {"type": ["number", "string"]}
_SCHEMA = closed_object(
    proposals=list_of(
        closed_object(
            setting=TEXT, **{"from": _EITHER, "to": _EITHER}, why=TEXT, figures=list_of(TEXT)
        )
    )
)
