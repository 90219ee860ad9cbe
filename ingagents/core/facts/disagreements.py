"""Whether two facts say different things of one, as far as their words show it.

Every fact is read once and then compared with each other one: with many facts there are many pairs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from itertools import product
from operator import eq

import msgspec

from ingagents.core.facts.facts import said_in
from ingagents.core.messages.dates import days_in
from ingagents.core.messages.reader_language import LANGUAGES
from ingagents.core.messages.sentences import folded
from ingagents.core.text.word_lists import word_set
from ingagents.model import Fact

_About = frozenset[str]
"""Of what a number is said: the words before it."""


class _Said(msgspec.Struct, frozen=True, kw_only=True):
    """A sentence as it is compared: what it states, its words, and whether it `begins` or `ends`."""

    stated: Mapping[str, Sequence[tuple[_About, str]]]
    words: frozenset[str]
    bounds: Sequence[str]


class ComparedFact(msgspec.Struct, frozen=True, kw_only=True):
    """A fact as it is compared with each other one, read once; by language, without those it lacks."""

    fact: Fact
    folded: Mapping[str, str]
    said: Mapping[str, Sequence[_Said]]


def compared(fact: Fact) -> ComparedFact:
    """The fact, read."""
    texts = {language: text for language in LANGUAGES if (text := said_in(fact, language))}
    return ComparedFact(
        fact=fact,
        folded={language: folded(text) for language, text in texts.items()},
        said={
            language: [
                _Said(
                    stated=_by_unit(one), words=frozenset(folded(one).split()), bounds=_bounds(one)
                )
                for one in sentences_of(text)
            ]
            for language, text in texts.items()
        },
    )


def _bounds(sentence: str) -> tuple[str, ...]:
    """Whether it tells from when on something is so, or until when."""
    words = frozenset(folded(sentence).split())
    found = tuple(one for one in ("begins", "ends") if words & word_set("campaign_facts", one))
    return found if found and any(days_in(sentence, _SOME_DAY)) else ()


def _by_unit(sentence: str) -> Mapping[str, Sequence[tuple[_About, str]]]:
    """What it is said of, and the number, by the number's unit."""
    found: dict[str, list[tuple[_About, str]]] = {}
    for (about, unit), number in _stated(sentence).items():
        if about:
            found.setdefault(unit, []).append((about, number))
    return found


def says_the_same(one: ComparedFact, other: ComparedFact) -> bool:
    """Whether somebody may read the same words in both."""
    return any(one.folded[language] == other.folded[language] for language in _both(one, other))


def disagreement(one: ComparedFact, other: ComparedFact) -> str:
    """What the two say differently of the same thing; "" when nothing that words show."""
    return _first(one, other, lambda this, that: _number_of(this, that, eq) or _denied(this, that))


def narrower(one: ComparedFact, other: ComparedFact) -> str:
    """What one says of a thing, and the other differently of some of it: tickets, VIP tickets."""
    return _first(one, other, lambda this, that: _number_of(this, that, _is_part))


def _first(one: ComparedFact, other: ComparedFact, between: Callable[[_Said, _Said], str]) -> str:
    found = (
        between(this, that)
        for language in _both(one, other)
        if one.folded[language] != other.folded[language]
        for this, that in product(one.said[language], other.said[language])
    )
    return next(filter(None, found), "")


def _both(one: ComparedFact, other: ComparedFact) -> list[str]:
    return [language for language in one.folded if language in other.folded]


def never_together(one: Fact, other: Fact) -> bool:
    """Whether nobody could be told both: they are for other people, or for other days."""
    if one.kinds and other.kinds and set(one.kinds).isdisjoint(other.kinds):
        return True
    first, second = sorted((one, other), key=lambda fact: fact.since or date.min)
    return bool(first.until and second.since and first.until < second.since)


def _number_of(this: _Said, that: _Said, of_one: Callable[[_About, _About], bool]) -> str:
    if {*this.bounds, *that.bounds} == {"begins", "ends"} and this.bounds != that.bounds:
        return ""  # until March, and from March on: both may hold
    for unit, stated in this.stated.items():
        for (about, number), (also_about, another) in product(stated, that.stated.get(unit, ())):
            if number != another and of_one(about, also_about):
                return f"one says {number}, the other {another}"
    return ""


def _is_part(about: _About, also_about: _About) -> bool:
    return about < also_about or also_about < about


def _denied(this: _Said, that: _Said) -> str:
    differ, negations = this.words ^ that.words, word_set("campaign_facts", "negations")
    denies = differ & negations and differ <= negations | word_set("campaign_facts", "helping")
    return "one says what the other denies" if denies else ""


def sentences_of(text: str) -> Sequence[str]:
    """The sentences as they are written; a full stop after a figure ends none."""
    return [one for one in re.split(r"(?<=[!?])\s+|(?<=[^\d\s])\.\s+|\n", text[:2_000]) if one]


def _stated(sentence: str) -> Mapping[tuple[_About, str], str]:
    """The numbers and days of a sentence by their unit and what they are said of.

    That stands before the number; where nothing does ("320 people have registered"), behind it.
    """
    stated: dict[tuple[_About, str], str] = {}
    tokens = _TOKEN.findall(_with_days(sentence))
    for at, token in enumerate(tokens):
        is_day = token.startswith("day-")
        if not is_day and (not token[0].isdecimal() or _YEAR.fullmatch(token)):
            continue
        before, after = tokens[:at], tokens[at + 1 :]
        about = frozenset(_said_of(before) or _said_of(after[1:]))
        if is_day:
            stated.setdefault((about, ""), token.removeprefix("day-"))
        else:
            unit = next(filter(None, map(_unit, (*after[:1], *before[-1:]))), "")
            stated.setdefault((about, unit), re.sub(r"[.,'\s\u202f\u00a0]", "", token))
    return stated


def _said_of(tokens: Sequence[str]) -> list[str]:
    """The words, and the years: what was in one is not what was in another."""
    small = word_set("campaign_facts", "small")
    return [
        _stem(one)
        for one in tokens
        if _YEAR.fullmatch(one) or (one[0].isalpha() and "-" not in one and one not in small)
    ]


def _unit(token: str) -> str:
    if _is_currency(token):
        return "euro" if token in {"€", "eur"} else token
    return _stem(token) if token and token[0].isalpha() else ""


def _is_currency(token: str) -> bool:
    return token in {"€", "$", "£", "%", "eur", "usd", "gbp", "chf"}


def _with_days(sentence: str) -> str:
    """The sentence in small letters, with every day as one word."""
    flat = sentence.casefold()
    for start, end, day in reversed(list(days_in(sentence, _SOME_DAY))):
        flat = f"{flat[:start]} day-{day:%m-%d} {flat[end:]}"
    return flat


def _stem(word: str) -> str:
    stem = re.sub(r"(?:es|en|s|e|n)$", "", word)
    return stem if len(stem) > 2 else word


_SOME_DAY = date(date.max.year - 1, 1, 1)
"""Days are compared by what is written of them: a year that is not is the same for all."""
_YEAR = re.compile(r"20\d\d")
_TOKEN = re.compile(
    r"day-\d\d-\d\d|\d{1,3}(?:[.,'\u202f\u00a0 ]\d{3})+(?!\d)|\d+(?:[.,]\d+)?|[^\W\d_]+|[€$£%]"
)
