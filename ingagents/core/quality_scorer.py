"""How good a lead is, from 1.0 to 10.0: the weighted mean of twelve named factors.

What is not known is neither good nor bad: it counts near the middle, and its reason says so. A
lead imported with no more than name, position, company and link can therefore still be good,
while an almost empty one cannot. The details (`quality_details`) count only where they are known.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache

import msgspec

from ingagents.core.lead_classifier import Classified, read_profile
from ingagents.core.profiles.quality_details import (
    UNKNOWN,
    Judged,
    Occasion,
    judge_network,
    judge_place,
    judge_post,
    judge_tenure,
    judge_topics,
    letters_known,
)
from ingagents.core.profiles.title_words import Seniority
from ingagents.core.profiles.titles import Title, read_title
from ingagents.display import Shown, Told
from ingagents.model import Classification, Decision, Profile, Reason, SearchCriteria

DECIDED_BY = "rules/quality-2"

DECIMALS = 4
"""Scores rank people, and so they are kept finer than anybody reads them."""


class Weights(msgspec.Struct, frozen=True, kw_only=True):
    """How much each factor counts; only the proportions matter, a weight of 0 leaves it out."""

    seniority: float = 3.0
    position_fit: float = 2.0
    industry_fit: float = 1.5
    company: float = 1.0
    classification: float = 1.5
    reach: float = 0.5
    completeness: float = 0.5
    tenure: float = 1.0
    nearness: float = 1.0
    topic_fit: float = 0.75
    network: float = 0.75
    post: float = 0.75


class Factor(Shown, msgspec.Struct, frozen=True, kw_only=True):
    """One named part of a score: `value` is 0 to 1, `known` False when it is only assumed."""

    name: str
    value: float
    weight: float
    why: str
    known: bool = True


class Scored(Shown, msgspec.Struct, frozen=True, kw_only=True):
    """A score of 1.0 to 10.0 with `DECIMALS` decimals, and the factors it was made of."""

    score: float
    factors: tuple[Factor, ...]
    decided_by: str = DECIDED_BY

    def _told(self) -> Told:
        rows = [(one.name, one.value, one.weight, one.why) for one in self.factors]
        line = f"{self.score:.1f} of 10 (confidence {self.confidence:.2f}, by {self.decided_by})"
        return Told(line, rows, ("factor", "value", "weight", "why"))

    @property
    def confidence(self) -> float:
        """The share of the weights that rests on something known, 0 to 1."""
        total = sum(factor.weight for factor in self.factors)
        known = sum(factor.weight for factor in self.factors if factor.known)
        return round(known / total, 2) if total else 0.0

    def to_decision(self) -> Decision:
        """The judgement as the journal keeps it; each reason weighs what it adds to the score.

        What weighs nothing is no reason. The basis has the factors' values, in the same order.
        """
        total = sum(factor.weight for factor in self.factors) or 1.0
        counted = [factor for factor in self.factors if factor.weight]
        return Decision(
            kind="quality",
            verdict=f"{self.score:.2f}",
            decided_by=self.decided_by,
            confidence=self.confidence,
            reasons=tuple(
                Reason(
                    why=factor.why,
                    evidence=factor.name,
                    weight=round(9 * factor.value * factor.weight / total, 2),
                )
                for factor in counted
            ),
            basis={"values": tuple(factor.value for factor in counted)},
        )


def calculate_score(
    profile: Profile,
    classified: Classified,
    criteria: SearchCriteria | None = None,
    weights: Weights | None = None,
    occasion: Occasion | None = None,
) -> Scored:
    """Score one person for an event; summary, keywords and message-like text move nothing.

    With all weights at 0 every factor counts the same.
    """
    criteria, weights = criteria or SearchCriteria(), weights or Weights()
    occasion = occasion or Occasion()
    title = read_profile(profile)
    traits = (
        ("seniority", weights.seniority, _seniority(title, classified)),
        ("position_fit", weights.position_fit, _position_fit(title, classified, criteria)),
        ("industry_fit", weights.industry_fit, _industry_fit(profile, title, criteria)),
        ("company", weights.company, _company(profile, criteria)),
        ("classification", weights.classification, _classification(classified)),
        ("reach", weights.reach, _reach(profile)),
        ("completeness", weights.completeness, _completeness(profile, title)),
    )
    details = (
        ("tenure", weights.tenure, judge_tenure(profile, occasion)),
        ("nearness", weights.nearness, judge_place(profile, occasion)),
        ("topic_fit", weights.topic_fit, judge_topics(profile, classified, occasion.topics)),
        ("network", weights.network, judge_network(profile)),
        ("post", weights.post, judge_post(profile, criteria.positions)),
    )
    judged = (*traits, *(_detail(*each, classified) for each in details))
    total = sum(weight for _, weight, _ in judged)
    factors = tuple(
        Factor(
            name=name,
            value=round(value, DECIMALS),
            weight=weight if total else 1.0,
            why=why,
            known=known,
        )
        for name, weight, (value, why, known) in judged
    )
    whole = sum(factor.weight for factor in factors)
    mean = sum(factor.value * factor.weight for factor in factors) / whole
    return Scored(score=round(1 + 9 * mean, DECIMALS), factors=factors)


def _detail(
    name: str, weight: float, judged: Judged, classified: Classified
) -> tuple[str, float, Judged]:
    """A detail counts only where it is known, and half of people who are of no use.

    Nobody becomes a good lead by living near.
    """
    value, why, known = judged
    if classified.label is Classification.OTHER:
        value *= 0.5
    return name, weight if known else 0.0, (value, why, known)


_SENIORITY: Mapping[Seniority, tuple[float, str]] = {
    "founder": (1.0, "founds or owns the company"),
    "c_suite": (1.0, "top of the company"),
    "vp": (0.95, "vice president"),
    "director": (0.85, "director or head"),
    "manager": (0.75, "manager or lead"),
    "senior": (0.7, "senior in the craft"),
    "other": (0.6, "practitioner, no rank named"),
    "junior": (0.2, "at the beginning"),
}


def _seniority(title: Title, classified: Classified) -> Judged:
    if title.seniority == "unknown":
        return (
            (0.4, "rank unknown: the title was not understood", False)
            if title.words
            else (0.1, "rank unknown: no title", False)
        )
    value, why = _SENIORITY[title.seniority]
    named = f" ({title.seniority_words})" if title.seniority_words else ""
    if classified.label is Classification.OTHER:
        return value * 0.7, f"{why}{named}, in a field that neither speaks nor sponsors", True
    return value, f"{why}{named}", True


def _position_fit(title: Title, classified: Classified, criteria: SearchCriteria) -> Judged:
    if not title.words:
        return 0.0, "no title to compare with the wanted positions", False
    if not criteria.positions:
        return UNKNOWN, "no positions were asked for", False
    best, wanted = max((_position_match(title, each), each) for each in criteria.positions)
    if best >= 0.99:
        return 1.0, f"answers the wanted position {wanted!r}", True
    useful = classified.label is not Classification.OTHER
    floor = 0.45 if useful else 0.1
    if useful and best > floor:
        return best, f"close to the wanted position {wanted!r}", True
    return floor, "none of the wanted positions" + (", but a useful one" if useful else ""), True


def _industry_fit(profile: Profile, title: Title, criteria: SearchCriteria) -> Judged:
    if not criteria.industries:
        return UNKNOWN, "no industries were asked for", False
    wanted = _industries(" / ".join(criteria.industries))
    if profile.industry:
        name = profile.industry[:60]
        if _industries(name) & wanted:
            return 1.0, f"works in a wanted industry: {name}", True
        return 0.2, f"works in another industry: {name}", True
    # Of those of whom no more is known, whose company is called more like the industry comes first.
    finer = 0.1 * letters_known(profile.company, _spoken_of(wanted))
    if "tech" in wanted and {"technical", "product"} & set(title.functions[:2]):
        return 0.75 + finer, "industry unknown; the title is a technical one", False
    if _industries(profile.company[:100]) & wanted:
        return 0.75 + finer, "industry unknown; the company's name speaks for it", False
    known_person = bool(title.words or profile.company)
    return (UNKNOWN if known_person else 0.3) + finer, "industry unknown", False


def _company(profile: Profile, criteria: SearchCriteria) -> Judged:
    if not profile.company.strip():
        return 0.2, "no company named", False
    size, wanted = _size_band(profile.company_size), _size_band(criteria.company_size)
    if size is None:
        return 0.6, "company named, its size unknown", False
    if wanted is None:
        return 0.75, "company and size known, no size asked for", True
    steps = abs(size - wanted)
    value = (1.0, 0.75, 0.5)[steps] if steps <= 2 else 0.3
    why = "company of the wanted size" if not steps else f"company {steps} size bands off"
    return value, why, True


def _classification(classified: Classified) -> Judged:
    sure = f"{classified.label.value}, confidence {classified.confidence:.2f}"
    if classified.label is Classification.OTHER:
        return 0.3 * (1 - classified.confidence), sure, True
    return 0.6 + 0.4 * classified.confidence, sure, True


def _reach(profile: Profile) -> Judged:
    """On a logarithmic scale: 10,000 followers or connections are full reach."""
    audience = max(profile.follower_count, profile.connections_count, 0)
    if not audience:
        known = profile.creator
        return (0.7, "publishes as a creator", True) if known else (UNKNOWN, "reach unknown", False)
    value = min(1.0, math.log10(audience + 1) / 4 + (0.1 if profile.creator else 0.0))
    return value, f"{audience} followers or connections", True


def _completeness(profile: Profile, title: Title) -> Judged:
    """Free text is not counted by its length or presence, so that nobody writes up the score."""
    parts = (
        ("name", 0.2, bool(profile.name.strip() or profile.last_name.strip())),
        ("position", 0.25, bool(title.words)),
        ("company", 0.2, bool(profile.company.strip())),
        (
            "link",
            0.2,
            bool(profile.linkedin_url or profile.provider_id or profile.public_identifier),
        ),
        ("location", 0.1, bool(profile.location.strip())),
        ("industry", 0.05, bool(profile.industry.strip())),
    )
    missing = [name for name, _, there in parts if not there]
    value = sum(share for _, share, there in parts if there)
    return (
        value,
        f"missing: {', '.join(missing)}" if missing else "everything needed is there",
        True,
    )


# --- Comparing positions ---

_SAME_WORD: Mapping[str, str] = {
    "vp": "vice president", "svp": "senior vice president", "evp": "executive vice president",
    "cto": "chief technology officer", "ceo": "chief executive officer", "sr": "senior",
    "cfo": "chief financial officer", "coo": "chief operating officer", "jr": "junior",
    "cmo": "chief marketing officer", "cio": "chief information officer", "mgr": "manager",
    "ciso": "chief information security officer", "cpo": "chief product officer",
    "cro": "chief revenue officer", "cdo": "chief data officer", "technical": "technology",
    "pm": "product manager", "devrel": "developer relations", "ml": "machine learning",
    "ai": "artificial intelligence", "cofounder": "founder", "founding": "founder",
    "grunder": "founder", "mitgrunder": "founder", "fondateur": "founder", "fundador": "founder",
    "cofondateur": "founder", "cofundador": "founder", "geschaftsfuhrer": "chief executive officer",
    "pdg": "chief executive officer", "programmer": "developer", "entwickler": "developer",
    "desarrollador": "developer", "developpeur": "developer", "ingenieur": "engineer",
    "ingeniero": "engineer", "directeur": "director", "direktor": "director", "leiter": "head",
    "vertrieb": "sales", "ventas": "sales", "ventes": "sales", "partnership": "partner",
}  # fmt: skip
"""Abbreviations and translations, written as the words they stand for."""

_LEVELS: Mapping[Seniority, int] = {
    "founder": 0, "c_suite": 0, "vp": 1, "director": 2, "manager": 3,
    "senior": 4, "other": 4, "junior": 6, "unknown": 5,
}  # fmt: skip


def _position_match(title: Title, wanted: str) -> float:
    """How well a title answers a wanted position: 1 when all its words are there.

    Abbreviations and synonyms are resolved. Else the same kind of work counts, more at about the
    same rank; else the share of words, or the same high rank.
    """
    goal, goal_words = _wanted(wanted[:200])
    if not goal_words:
        return 0.0
    overlap = len(goal_words & _canonical(title.words)) / len(goal_words)
    if overlap == 1.0:
        return 1.0
    gap = abs(_LEVELS[title.seniority] - _LEVELS[goal.seniority])
    kin = 0.3 if gap == 0 and _LEVELS[goal.seniority] <= 1 else 0.0
    if goal.functions and goal.functions[0] in title.functions[:2]:
        kin = 0.8 if gap <= 1 else 0.5
    return max(kin, 0.6 * overlap)


def _canonical(words: Sequence[str]) -> frozenset[str]:
    return frozenset(part for word in words for part in _SAME_WORD.get(word, word).split())


@lru_cache(maxsize=256)
def _wanted(text: str) -> tuple[Title, frozenset[str]]:
    title = read_title(text)
    return title, _canonical(title.words)


# --- Comparing industries and sizes ---

_FAMILIES: Mapping[str, str] = {
    "tech": "technology software it internet saas cloud ai data computer computing cybersecurity "
    "digital web tech technologies informatik semiconductor games gaming blockchain fintech "
    "telecommunications robotics hardware programming labs systems",
    "finance": "finance financial banking bank insurance investment capital accounting fintech "
    "payments trading versicherung",
    "health": "health hospital medical pharmaceutical pharmaceuticals biotechnology biotech "
    "healthcare wellness clinic klinik",
    "education": "education university school learning academic universitat training edtech",
    "media": "media marketing advertising publishing entertainment communications broadcast",
    "industry": "manufacturing automotive industrial machinery engineering aerospace chemicals",
    "commerce": "retail ecommerce wholesale consumer fashion goods apparel",
    "public": "government public nonprofit charity ngo defense",
    "consulting": "consulting consultancy professional beratung",
    "energy": "energy utilities oil gas renewables solar environmental",
    "transport": "logistics transportation airlines shipping travel mobility",
    "property": "construction property architecture estate",
    "food": "food restaurants beverages hospitality agriculture farming",
}
_FAMILY_OF: Mapping[str, str] = {
    word: family for family, words in _FAMILIES.items() for word in words.split()
}
_NO_INDUSTRY = frozenset(("and", "of", "services", "service", "the", "und", "development", "other"))
_WORD = re.compile(r"[^\W_]+")


@lru_cache(maxsize=1024)
def _industries(text: str) -> frozenset[str]:
    """Families of industries a text names, and its own words where none is known."""
    words = (word for word in _WORD.findall(text.lower()) if word not in _NO_INDUSTRY)
    return frozenset(_FAMILY_OF.get(word, word) for word in words)


@cache
def _spoken_of(families: frozenset[str]) -> str:
    """The words by which families of industries are known."""
    return " ".join(sorted(_FAMILIES.get(family, family) for family in families))


_BANDS = (1, 10, 50, 200, 500, 1000, 5000, 10000)
"""The upper ends of LinkedIn's company-size bands; what is above is the last band."""
_CODES = "ABCDEFGHI"
"""LinkedIn's letters for the same bands."""
_NUMBER = re.compile(r"\d{1,9}")


def _size_band(text: str) -> int | None:
    """The band of "51-200", "1,001-5,000 employees", "10,001+", "D" or "Self-employed"."""
    text = text[:40].strip().lower().replace(",", "").replace(".", "")
    if "self" in text:
        return 0
    if len(text) == 1 and text.upper() in _CODES:
        return _CODES.index(text.upper())
    numbers = [int(number) for number in _NUMBER.findall(text)]
    if not numbers:
        return None
    size = numbers[0] + 1 if len(numbers) == 1 and "+" in text else numbers[-1]
    return next((band for band, upper in enumerate(_BANDS) if size <= upper), len(_BANDS))
