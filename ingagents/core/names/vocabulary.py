"""The word lists beside this module, one subject a file: titles, jobs, page text, given names.

Entries are parted by commas. An entry with a full stop
counts only where the word is written with one, one with a hyphen in front is the end of a word, one
of several words is a phrase, and one in a script without spaces counts within other letters, too.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache

import msgspec

from ingagents.core.text.word_lists import word_lists


class Vocabulary(msgspec.Struct, frozen=True, kw_only=True):
    """The words of one subject, folded as `bare` does."""

    words: frozenset[str]
    dotted: frozenset[str]
    endings: tuple[str, ...]
    phrases: frozenset[tuple[str, ...]]
    unspaced: re.Pattern[str] | None

    def __contains__(self, word: str) -> bool:
        """Whether a word, as written, is one of the subject's."""
        folded = bare(word)
        return (
            folded in self.words
            or (folded in self.dotted and "." in word)
            or (bool(self.endings) and folded.endswith(self.endings) and folded.isascii())
            or (self.unspaced is not None and self.unspaced.search(word) is not None)
        )

    def opens(self, words: Sequence[str]) -> int:
        """How many of the first words are an entry: 0, 1, or more for a phrase."""
        for length in (3, 2):
            if tuple(map(bare, words[:length])) in self.phrases:
                return length
        return int(bool(words) and words[0] in self)

    def anywhere(self, words: Sequence[str]) -> bool:
        """Whether any of the words, or any run of them, is an entry."""
        return any(self.opens(words[at:]) for at in range(len(words)))


@cache
def vocabulary(subject: str) -> Vocabulary:
    """The word list `words/<subject>.txt`, read at the first use."""
    entries = {" ".join(entry.split()) for entry in word_lists(f"core/names/words/{subject}")[""]}
    phrases = {entry for entry in entries if " " in entry}
    endings = {entry for entry in entries if entry.startswith("-")}
    dotted = {entry for entry in entries - phrases if "." in entry}
    plain = entries - phrases - endings - dotted
    unspaced = sorted((entry for entry in plain if _UNSPACED.search(entry)), key=len, reverse=True)
    return Vocabulary(
        words=frozenset(map(bare, plain)),
        dotted=frozenset(map(bare, dotted)),
        endings=tuple(sorted(bare(ending) for ending in endings)),
        phrases=frozenset(tuple(map(bare, phrase.split())) for phrase in phrases),
        unspaced=re.compile("|".join(map(re.escape, unspaced))) if unspaced else None,
    )


def set_of(words: str) -> frozenset[str]:
    """A few words that stand in one line, to look one up."""
    return frozenset(words.split())


def is_given(word: str) -> bool:
    """Whether a word is known as a given name, also one that is a word or a title first."""
    return word in vocabulary("given_names") or word in vocabulary("word_names")


def bare(word: str) -> str:
    """Casefolded, letters alone, without accents: how words are looked up."""
    if word.isascii():
        return "".join(filter(str.isalpha, word.lower()))
    decomposed = unicodedata.normalize("NFD", word.casefold())
    return "".join(_PLAIN.get(char, char) for char in decomposed if char.isalpha())


_PLAIN = dict(zip("øæœðþłđı", ("o", "ae", "oe", "d", "th", "l", "d", "i"), strict=True))
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]{2}")
