"""The one question asked of all language files: which cues and parts are in a reply, and where?

Rows are kept under their first words, so that a word of the text meets only the few rows that can
start with it, and only those of the languages its sentence can be in. A language's file is taken
in when a sentence can first be of it.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence

import msgspec

from ingagents.core.replies.language_tables import phrases_of
from ingagents.core.replies.notation import Cue, Part, Phrase


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """The words that show a cue or are a part, and where they stand in the plain text."""

    cue: Cue | Part
    words: str
    start: int
    end: int
    language: str


def find(
    text: str,
    starts: Sequence[int],
    languages: Sequence[Collection[str]],
    cues: Collection[Cue | Part],
) -> list[Found]:
    """Every place where one of the cues shows in a plain text, first to last.

    `starts` are the offsets of its sentences, `languages` those each of them can be in.
    """
    found: list[Found] = []
    seen: Counter[str] = Counter()
    ends = (*starts[1:], len(text))
    for begin, end, possible in zip(starts, ends, languages, strict=False):
        _take_in(possible)
        for match in _WORD.finditer(text, begin, end):
            word, start = match.group(), match.start()
            seen[word] += 1
            if seen[word] > _SAME_WORD_LIMIT:
                continue
            for phrase in _candidates(word):
                if phrase.language not in possible or phrase.cue not in cues:
                    continue
                if phrase.anchored and start != begin:
                    continue
                stop = phrase.match(text, start)
                if stop >= 0:
                    found.append(
                        Found(
                            cue=phrase.cue,
                            words=text[start:stop],
                            start=start,
                            end=stop,
                            language=phrase.language,
                        )
                    )
    return found


_WORD = re.compile(r"[^ .,?!]+")
_SAME_WORD_LIMIT = 60
"""A word that came so often starts nothing new: it keeps rubbish from costing time."""

_BEGINNING_LETTERS = 3
_BY_WORD: defaultdict[str, list[Phrase]] = defaultdict(list)
_BY_BEGINNING: defaultdict[str, list[tuple[str, Phrase]]] = defaultdict(list)
_TAKEN_IN: set[str] = set()


def _candidates(word: str) -> Iterator[Phrase]:
    yield from _BY_WORD.get(word, ())
    for length in range(min(len(word), _BEGINNING_LETTERS) + 1):
        for beginning, phrase in _BY_BEGINNING.get(word[:length], ()):
            if word.startswith(beginning):
                yield phrase


def _take_in(codes: Collection[str]) -> None:
    for code in codes:
        if code not in _TAKEN_IN:
            _TAKEN_IN.add(code)
            for phrase in phrases_of(code):
                _file(phrase)


def _file(phrase: Phrase) -> None:
    for first in phrase.first_words:
        if first.endswith("*"):
            beginning = first[:-1]
            _BY_BEGINNING[beginning[:_BEGINNING_LETTERS]].append((beginning, phrase))
        else:
            _BY_WORD[first].append(phrase)
