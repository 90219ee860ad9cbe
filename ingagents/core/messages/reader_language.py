"""In which language a person is written to, and what in the profile says so.

The profile's own words count most, then the language it is kept in; the place only supports them:
many who live in Berlin or Madrid read no German or Spanish. English is everybody's second language
at a tech event, and so it is the answer in doubt, and for languages in which nothing is written.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import pairwise
from typing import Literal, get_args

import msgspec

from ingagents.core.text.word_lists import word_lists
from ingagents.model import Lead

Language = Literal["en", "de", "fr", "es"]
"""The languages in which texts are written, as in ISO 639."""
LANGUAGES: tuple[Language, ...] = get_args(Language)

_LOCALE = 3.0
_ENGLISH_LOCALE = 1.0
"""Less than another's: many keep an English profile, and services fill in English where they
know none."""
_PLACE = 1.0
_ENOUGH = 2.0
_LONGEST_FIELD = 1_500
_LONGEST_EVIDENCE = 6
_SHOUTED = re.compile(r"\b[A-ZÄÖÜÉÈÀÑ]{2,}\b")


class ReaderLanguage(msgspec.Struct, frozen=True, kw_only=True):
    """The language chosen, and the words and fields that spoke for it; none: it was in doubt."""

    language: Language
    evidence: tuple[str, ...] = ()


def reader_language(lead: Lead) -> ReaderLanguage:
    """The language in which this person is written to."""
    profile = lead.profile
    jobs = (job.title for job in profile.positions[:5])
    return _decided(
        f"{lead.position[:_LONGEST_FIELD]}\n{profile.headline[:_LONGEST_FIELD]}",
        "\n".join(field[:_LONGEST_FIELD] for field in (profile.summary, *jobs)),
        locale=profile.language[:20],
        place=profile.location[:200],
        country=profile.country[:60],
    )


def language_of(text: str) -> Language | None:
    """The language of a text by its words; None when it has none of its own, or another."""
    points, _ = _points(text[: 4 * _LONGEST_FIELD])
    best = _leading(points)
    return best if best in LANGUAGES else None


@lru_cache(maxsize=512)
def _decided(title: str, text: str, *, locale: str, place: str, country: str) -> ReaderLanguage:
    points, evidence = _points(f"{title}\n{text}")
    code = locale.strip().casefold().replace("_", "-").partition("-")[0]
    if code:
        points[code] += _ENGLISH_LOCALE if code == "en" else _LOCALE
        evidence[code].append(f"the profile's language is {code}")
    codes = _by_language("country")
    for language, places in _by_language("place").items():
        named = [one for one in _words(f"{place} {country}") if one in places]
        named += [code for code in codes[language] if code == country.casefold()]
        if found := next(iter(named), None):
            points[language] += _PLACE
            evidence[language].append(f"the place: {found}")
    enough = {language for language, count in points.items() if count >= _ENOUGH}
    for language, more in _points(title)[0].items():
        points[language] += more  # of two languages, that of the title counts more
    best = _leading(points)
    if best is None or best not in LANGUAGES or best not in enough:
        return ReaderLanguage(language="en")
    return ReaderLanguage(language=best, evidence=tuple(evidence[best][:_LONGEST_EVIDENCE]))


def _leading(points: Mapping[str, float]) -> str | None:
    """The language that leads all others, English too, and with enough points; None in doubt."""
    ranked = sorted(points.items(), key=lambda item: -item[1])
    if not ranked or ranked[0][1] < (1.0 if ranked[0][0] == "en" else _ENOUGH):
        return None
    return None if len(ranked) > 1 and ranked[1][1] == ranked[0][1] else ranked[0][0]


def _points(text: str) -> tuple[defaultdict[str, float], defaultdict[str, list[str]]]:
    """Points by language, each word counted once, and the words."""
    words = _words(text)
    points: defaultdict[str, float] = defaultdict(float)
    evidence: defaultdict[str, list[str]] = defaultdict(list)
    pairs = (f"{one} {other}" for one, other in pairwise(words))
    for phrase in dict.fromkeys((*words, *pairs)):
        for language, weight in _meanings(phrase):
            points[language] += weight
            evidence[language].append(phrase)
    return points, evidence


def _meanings(phrase: str) -> Iterator[tuple[str, float]]:
    known = _weights().get(phrase)
    if known:
        yield from known
    elif len(phrase) >= 9 and " " not in phrase:
        for language, endings in _by_language("ending").items():
            if phrase.endswith(endings):
                yield language, _ENOUGH


def _words(text: str) -> Sequence[str]:
    if not text.isupper():
        text = _SHOUTED.sub(" ", text)  # MIT is no German word
    folded = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(char for char in folded if not unicodedata.combining(char))
    return re.findall(r"[^\W\d_]+", plain.replace("\u2019", "'"))


@cache
def _weights() -> Mapping[str, tuple[tuple[str, float], ...]]:
    weights: dict[str, tuple[tuple[str, float], ...]] = {}
    for section, phrases in word_lists("reader_language").items():
        language, kind = section.split()
        if kind.isdecimal():
            for phrase in phrases:
                weights[phrase] = (*weights.get(phrase, ()), (language, float(kind)))
    return weights


@cache
def _by_language(kind: str) -> Mapping[str, tuple[str, ...]]:
    lists = word_lists("reader_language")
    return {language: lists[f"{language} {kind}"] for language in LANGUAGES if language != "en"}
