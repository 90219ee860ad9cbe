"""The English a model's message may use without resting on the profile or the campaign.

A word that is not in `courtesy.txt` and in no fact is a statement nobody made: "payments", "Dave",
"keynote", "third".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

from ingagents.core.text.word_lists import line_lists, word_set

WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")


def words_of(text: str) -> list[str]:
    """The words of a text, casefolded, without the genitive's end."""
    found = (word.replace("’", "'").casefold() for word in WORD.findall(text))
    return [word.removesuffix("'s") for word in found]


def spellings(word: str) -> Iterator[str]:
    """The word and what it may be a form of: planning, plann, planne, plan."""
    yield word
    for ending in _ENDINGS:
        stem = word.removesuffix(ending)
        if stem == word or len(stem) < 3:
            continue
        yield stem
        yield stem + "e"
        if stem[-1] == stem[-2]:
            yield stem[:-1]
        if stem[-1] == "i":
            yield stem[:-1] + "y"


def known_word(word: str, facts: Iterable[str] = ()) -> bool:
    """True for a word (casefolded) of courtesy, or a form of one of the facts' words."""
    forms = set(spellings(word))
    return not forms.isdisjoint(word_set("courtesy", "courtesy")) or not forms.isdisjoint(facts)


def without_phrases(text: str) -> str:
    """The text without set phrases whose words say something else alone: "feel free"."""
    return _phrases().sub("so", text)


def foreign_share(text: str, facts: frozenset[str] = frozenset()) -> float:
    """The share of words that are no English of invitations, the facts' left out of the count.

    Near 1 for another language; a text of facts alone has no language, and 0.
    """
    words = [word for word in words_of(text) if len(word) > 1 and facts.isdisjoint(spellings(word))]
    return sum(not known_word(word) for word in words) / len(words) if words else 0.0


@cache
def _phrases() -> re.Pattern[str]:
    return re.compile("|".join(line_lists("courtesy")["phrases"]), re.IGNORECASE)


_ENDINGS = ("ings", "ing", "ers", "er", "ed", "ies", "es", "s", "ly", "d")
