"""What a model is told about a reader and the event: short, clean facts, each under a field's name.

These are also all that its text may rest on. A value that could be more than a fact (a sentence, a
link, an order to somebody) is left out: what a model never sees it cannot obey or repeat.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache

from ingagents.core.messages.checks import has_link
from ingagents.core.messages.values import known_facts
from ingagents.core.messages.words import spellings, words_of
from ingagents.core.names import plain_text
from ingagents.core.profiles.company_names import without_brand
from ingagents.core.text.prompt_injection import reads_like_instruction
from ingagents.core.text.word_lists import line_lists, word_set
from ingagents.model import Campaign, Lead

PERSON_FIELDS = ("name", "position", "company", "headline", "skills", "industry")
CAMPAIGN_FIELDS = ("event_name", "event_date", "event_city", "audience", "topics", "sender_name")
FACT_FIELDS = ("fact", "fact_link")
"""What the team wants to be told, of `core.facts.Sayable`."""

_LONGEST_PIECE = 60
_MOST_WORDS = 8
_LONGEST_HEADLINE = 120
_MOST_SKILLS = 5
_LONGEST_FIELD = 4_000


def told_facts(lead: Lead, campaign: Campaign) -> dict[str, str]:
    """The facts by field, those of `PERSON_FIELDS` and `CAMPAIGN_FIELDS`; what is unknown is absent."""
    known = known_facts(lead, campaign)
    profile, company = lead.profile, known.get("company", "")
    told = {
        "name": known.get("first_name", ""),
        "position": known.get("position", ""),
        "company": company if _fact(without_brand(company, company)) else "",
        "headline": _joined(_pieces(profile.headline), known),
        "skills": ", ".join(_skills(profile.skills)),
        "industry": _fact(profile.industry),
        "event_name": known.get("event_name", ""),
        "event_date": known.get("event_date", ""),
        "event_city": known.get("event_city", ""),
        "audience": known.get("audience", ""),
        "topics": known.get("topics", ""),
        "sender_name": known.get("sender_name", ""),
    }
    return {name: value for name, value in told.items() if value}


def fact_words(facts: Mapping[str, str]) -> frozenset[str]:
    """Every word of the facts with the forms it may take in a sentence, and what stands for it."""
    found: set[str] = set()
    for value in facts.values():
        for word in words_of(value):
            found.update(spellings(word))
            for said in _stand_ins().get(word, "").split():
                found.update(spellings(said))
    return frozenset(found)


@cache
def _stand_ins() -> dict[str, str]:
    """What may be said for a word."""
    pairs = (row.partition(": ") for row in line_lists("facts")["stands for"])
    return {word: said for word, _, said in pairs}


def raw_texts(lead: Lead) -> Iterator[str]:
    """Every free text of the profile as it came, hostile or not; each of bounded length."""
    profile = lead.profile
    yield from (lead.name, lead.position, lead.company, profile.headline, profile.summary)
    yield from (profile.industry, profile.location, profile.first_name, profile.last_name)
    yield from profile.skills[:50]
    for job in profile.positions[:20]:
        yield from (job.title, job.company, job.description[:_LONGEST_FIELD], job.location)


def _pieces(headline: str) -> list[str]:
    """The facts of a headline: "CTO @ Acme | Kubernetes, Go | I love it!" has the first three.

    One piece that gives orders makes the whole headline nobody's fact.
    """
    if len(headline) > 4 * _LONGEST_HEADLINE or reads_like_instruction(headline):
        return []
    pieces = _SEPARATORS.split(headline)
    return [] if any(map(_orders, pieces)) else [fact for piece in pieces if (fact := _fact(piece))]


def _skills(skills: Sequence[str]) -> list[str]:
    """The first few that are facts; none when one of them gives orders."""
    looked_at = skills[: 4 * _MOST_SKILLS]
    if any(map(_orders, looked_at)):
        return []
    return [fact for skill in looked_at if (fact := _fact(skill))][:_MOST_SKILLS]


def _orders(value: str) -> bool:
    """Whether somebody is told what to do, as far as words alone can show it."""
    parts = [words_of(part) for part in _PARTS.split(value[:_LONGEST_FIELD])]
    return (
        any(words and words[0] in word_set("facts", "orders") for words in parts)
        or any(not word_set("facts", "steers").isdisjoint(words) for words in parts)
        or reads_like_instruction(value)
    )


def _joined(pieces: Iterable[str], known: Mapping[str, str]) -> str:
    """The pieces that say more than position and company, up to the bound."""
    said = {value.casefold() for value in known.values()}
    joined = ""
    for piece in pieces:
        longer = f"{joined} | {piece}" if joined else piece
        if piece.casefold() not in said and len(longer) <= _LONGEST_HEADLINE:
            joined = longer
    return joined


def _fact(value: str) -> str:
    """The value when it is a plain noun phrase, else ""."""
    if len(value) > 4 * _LONGEST_PIECE or has_link(value) or reads_like_instruction(value):
        return ""
    text = plain_text(value, longest=_LONGEST_PIECE + 1).strip(" ,;.-–'\"")
    words = words_of(text)
    if not words or len(text) > _LONGEST_PIECE or len(words) > _MOST_WORDS:
        return ""
    speaks = (
        _orders(value)
        or _NO_PHRASE.search(text)
        or not word_set("facts", "speaks").isdisjoint(words)
    )
    return "" if speaks else text


_SEPARATORS = re.compile(r"\s*[|•·●~→»/,]\s*|\s+(?:[-–—]+|@)\s+|\s*[;:]\s+")
_PARTS = re.compile(r"[.!?:;,|\n()\"“”]+|\s[-–—]\s")
_NO_PHRASE = re.compile(r"[!?:;=\"“”«»<>{}\[\]\\*_#$%€£]|\w{4}\.\s|\.{2}|\d{4,}")
