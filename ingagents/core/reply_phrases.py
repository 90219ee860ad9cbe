"""All phrase tables put together, and the one question asked of them: which cues are in a text?

Languages are not told apart: people mix them, and a wrong guess would lose an opt-out.
Rows are kept under their first words, so that a word of the text meets only the few rows that
can start with it.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator

import msgspec

from ingagents.core.reply_phrases_cues import Cue, Phrase, phrases
from ingagents.core.reply_phrases_de import GERMAN
from ingagents.core.reply_phrases_en import ENGLISH
from ingagents.core.reply_phrases_en_no import ENGLISH_NO
from ingagents.core.reply_phrases_en_opt_out import ENGLISH_OPT_OUT
from ingagents.core.reply_phrases_en_yes import ENGLISH_YES
from ingagents.core.reply_phrases_es import SPANISH
from ingagents.core.reply_phrases_fr import FRENCH
from ingagents.core.reply_phrases_more import FURTHER, ITALIAN, PORTUGUESE
from ingagents.core.reply_phrases_nl import DUTCH

__all__ = ["Found", "find"]


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """The words that show a cue, and where they stand in the plain text."""

    cue: Cue
    words: str
    start: int
    end: int


def find(text: str, cues: Collection[Cue]) -> list[Found]:
    """Every place where one of the cues shows in a plain text, first to last."""
    found: list[Found] = []
    seen: Counter[str] = Counter()
    for match in _WORD.finditer(text):
        word, start = match.group(), match.start()
        seen[word] += 1
        if seen[word] > _SAME_WORD_LIMIT:
            continue
        for phrase in _candidates(word):
            if phrase.cue not in cues or (phrase.anchored and text[start - 2] not in ".?!"):
                continue
            end = phrase.match(text, start)
            if end >= 0:
                found.append(Found(cue=phrase.cue, words=text[start:end], start=start, end=end))
    return found


_WORD = re.compile(r"[^ .,?!]+")
_SAME_WORD_LIMIT = 60
"""A word that came so often starts nothing new: it keeps rubbish from costing time."""

_BEGINNING_LETTERS = 3
_BY_WORD: defaultdict[str, list[Phrase]] = defaultdict(list)
_BY_BEGINNING: defaultdict[str, list[tuple[str, Phrase]]] = defaultdict(list)


def _candidates(word: str) -> Iterator[Phrase]:
    yield from _BY_WORD.get(word, ())
    for length in range(min(len(word), _BEGINNING_LETTERS) + 1):
        for beginning, phrase in _BY_BEGINNING.get(word[:length], ()):
            if word.startswith(beginning):
                yield phrase


def _file(phrase: Phrase) -> None:
    for first in phrase.first_words:
        if first.endswith("*"):
            beginning = first[:-1]
            _BY_BEGINNING[beginning[:_BEGINNING_LETTERS]].append((beginning, phrase))
        else:
            _BY_WORD[first].append(phrase)


_TABLES = (
    ENGLISH,
    ENGLISH_NO,
    ENGLISH_OPT_OUT,
    ENGLISH_YES,
    GERMAN,
    FRENCH,
    SPANISH,
    DUTCH,
    ITALIAN,
    PORTUGUESE,
    FURTHER,
)
for _phrase in phrases(_TABLES):
    _file(_phrase)
