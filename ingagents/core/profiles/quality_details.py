"""What tells two people of one title apart: how long in the job, how near, how close, on what.

All of it rests on fields of a profile that hold for the person as they are (dates, places,
distances, titles); prose is not read.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from itertools import pairwise

import msgspec

from ingagents.core.lead_classifier import Classified
from ingagents.core.profiles.places import Nearness, nearness, place_of
from ingagents.core.profiles.titles import title_part
from ingagents.model import Campaign, Classification, Profile

UNKNOWN = 0.55
"""The value of a factor about which nothing is known."""

Judged = tuple[float, str, bool]
"""Value 0 to 1, one sentence why, and whether it is known."""


class Occasion(msgspec.Struct, frozen=True, kw_only=True):
    """What of the event, and which day, people are scored for."""

    city: str = ""
    topics: tuple[str, ...] = ()
    today: date | None = None

    @classmethod
    def of(cls, campaign: Campaign, today: date) -> Occasion:
        """The campaign's, with its topics in all languages."""
        topics = (topic for each in campaign.topics.values() for topic in each)
        return cls(
            city=campaign.event_city,
            topics=tuple(dict.fromkeys(" ".join(topic.split()) for topic in topics)),
            today=today,
        )


def judge_tenure(profile: Profile, occasion: Occasion) -> Judged:
    """Who has just begun is busy, who has been there for long has little new to tell."""
    started = next((job.started for job in profile.positions[:5] if job.current), "")
    months = months_since(started, occasion.today) if occasion.today else None
    if months is None:
        return UNKNOWN, "time in the present job unknown", False
    said = f"{months} months in the present job"
    if months <= _SETTLED:
        return 0.3 + 0.7 * (months / _SETTLED) ** 0.7, said, True
    return max(0.3, 1.0 - 0.19 * math.log2(months / _SETTLED)), said, True


def judge_place(profile: Profile, occasion: Occasion) -> Judged:
    """How near the event somebody lives or works."""
    if not occasion.city.strip():
        return UNKNOWN, "the event's city is not set", False
    near = nearness(place_of(profile.location, profile.country), place_of(occasion.city))
    value, why = _NEAR[near]
    return value, why.format(city=occasion.city), near != "unknown"


def judge_network(profile: Profile) -> Judged:
    """How close somebody is to the account; strangers seldom take an invitation.

    Open and premium profiles are of people who use the network.
    """
    value, why = _DISTANCES.get(profile.network_distance, (UNKNOWN, "distance unknown"))
    known = profile.network_distance in _DISTANCES
    seat = " and ".join(
        word for word, has in (("open", profile.open_profile), ("premium", profile.premium)) if has
    )
    if not seat:
        return value, why, known
    more = 0.083 * profile.open_profile + 0.047 * profile.premium
    return min(1.0, value + more), f"{why}; the profile is {seat}", True


def judge_post(profile: Profile, wanted: Sequence[str] = ()) -> Judged:
    """Whether the title is held in full: not as a deputy, for a while, or beside another job.

    Of those who hold it in full, the fewer words they need the surer it is what they do; whom all
    that leaves equal the letters put in an order, by their likeness to the `wanted` positions.
    """
    title = title_part(profile.position or profile.headline)
    if not title:
        return 0.3, "no title that could be held", False
    for pattern, value, why in _POSTS:
        if found := pattern.search(title):
            return value, f"{why} ({found[0].strip().lower()})", True
    jobs = {job.company.casefold().strip() for job in profile.positions[:10] if job.current} - {""}
    if len(jobs) > 1:
        return max(0.4, 0.9 - 0.15 * (len(jobs) - 1)), f"{len(jobs)} jobs at a time", True
    words = len(_WORD.findall(title))
    like = max((likeness(title, each) for each in wanted), default=0.0)
    return (
        max(0.65, 0.92 - 0.029 * words) + 0.05 * like,
        f"held in full, said in {words} word{'s' * (words != 1)}",
        True,
    )


def judge_topics(profile: Profile, classified: Classified, topics: Sequence[str]) -> Judged:
    """Which of the event's topics the title names, or a skill; a list of many counts no more."""
    if classified.label is not Classification.SPEAKER:
        return UNKNOWN, "topics of talks say nothing of this person", False
    if not topics:
        return UNKNOWN, "the event's topics are not set", False
    title, skills = _said(profile)
    if titled := [topic for topic in topics if _names(title, topic)]:
        return 1.0, f"the title names a topic of the event: {titled[0]}", True
    if skilled := [topic for topic in topics if _names(skills, topic)]:
        return 0.8, f"a skill is a topic of the event: {skilled[0]}", True
    return 0.4, "names none of the event's topics", bool(profile.headline or profile.skills)


def names_topic(profile: Profile, topics: Sequence[str]) -> bool:
    """Whether the title or a skill names one of some topics."""
    said = " | ".join(_said(profile))
    return any(_names(said, " ".join(topic.split())) for topic in topics)


def _said(profile: Profile) -> tuple[str, str]:
    """The title and the skills, for words to be found in."""
    title = f"{title_part(profile.position)} | {title_part(profile.headline)}".casefold()
    return title, " | ".join(profile.skills[:50]).casefold()[:4_000]


@lru_cache(maxsize=1024)
def likeness(text: str, wanted: str) -> float:
    """How many pairs of letters two texts share, 0 to 1 (Dice): what no word tells apart."""
    one, other = _pairs(text), _pairs(wanted)
    return 2 * len(one & other) / (len(one) + len(other)) if one and other else 0.0


def letters_known(text: str, words: str) -> float:
    """How usual a text's pairs of letters are in `words`: 0 never there, 1 the most usual ones."""
    pairs, usual = _pairs(text), _usual_pairs(words)
    return sum(usual.get(pair, 0.0) for pair in pairs) / len(pairs) if pairs else 0.0


@lru_cache(maxsize=64)
def _usual_pairs(words: str) -> dict[tuple[str, str], float]:
    counts = Counter(pairwise(words.casefold()))
    most = max(counts.values(), default=1)
    return {pair: count / most for pair, count in counts.items()}


@lru_cache(maxsize=1024)
def _pairs(text: str) -> frozenset[tuple[str, str]]:
    return frozenset(pairwise(" ".join(_WORD.findall(text[:500].casefold()))))


def months_since(started: str, today: date) -> int | None:
    """Months from a date as services write it ("2021-03", "3/1/2021", "Mar 2021", "2021").

    A year alone is taken for its middle. None: no date, or none of the last sixty years.
    """
    text = started.strip().casefold()[:40]
    year_found = _YEAR.search(text)
    if year_found is None:
        return None
    year, month = int(year_found[0]), 7
    if iso := _ISO.match(text):
        month = int(iso[1])
    elif slashed := _SLASHED.match(text):
        month = int(slashed[1])
    elif named := next((at for at, name in enumerate(_MONTHS, 1) if name in text), None):
        month = named
    months = (today.year - year) * 12 + today.month - min(12, max(1, month))
    return months if 0 <= months <= 720 else None


_SETTLED = 30
"""After so many months somebody knows the job and its people."""

_NEAR: dict[Nearness, tuple[float, str]] = {
    "same city": (1.0, "is in {city}, where the event is"),
    "same country": (0.8, "is in the event's country"),
    "same region": (0.55, "is in the event's part of the world"),
    "far": (0.25, "would have to travel far to {city}"),
    "unknown": (0.5, "it is unknown how far {city} is"),
}
_DISTANCES = {
    1: (0.98, "a connection of ours"),
    2: (0.68, "knows somebody we know"),
    3: (0.35, "knows nobody we know"),
}
_POSTS: tuple[tuple[re.Pattern[str], float, str], ...] = tuple(
    (re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE), value, why)
    for words, value, why in (
        (r"(?<!.)(?:ex|former|formerly|ehemalige[rs]?|ancien(?:ne)?|previously)", 0.2, "no longer in office"),
        (r"deputy|stellv\w*|adjoint\w*|assistant|vice(?! president)|associate|junior", 0.45,
         "second to somebody"),
        (r"acting|interim|ad interim|fractional|part[- ]?time|teilzeit|temporary",
         0.55, "only for a while or a part"),
        (r"aspiring|future|incoming|angehende[rs]?", 0.3, "not yet in office"),
    )
)  # fmt: skip
_WORD = re.compile(r"[^\W_]+")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_ISO = re.compile(r"\d{4}-(\d{1,2})")
_SLASHED = re.compile(r"(\d{1,2})/(?:\d{1,2}/)?\d{4}")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def _names(said: str, topic: str) -> bool:
    return bool(re.search(rf"(?<!\w){re.escape(topic.casefold())}(?!\w)", said))
