"""The languages people answer in: one file each in `languages/`, and which a sentence is in.

A file tells how its language is known (`common` words, `letters`, `script`) and holds phrases in
the notation of `notation`. Many words mean something else next door ("no", "die", "stop", "more"),
so a phrase counts only in sentences that can be of its language. People mix languages, and a wrong
guess would lose an opt-out: a language is left out only where another one is clearly told.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from functools import cache

import msgspec

from ingagents.core.replies.notation import Cue, Part, Phrase, cue_of
from ingagents.core.replies.text import PlainReply, fold
from ingagents.core.text.languages import files

ANY = "any"
"""The file of words that mean the same everywhere; it counts in every sentence."""
_SHORT = 6
"""A sentence of so few words without a common one may be of any language; a longer one is of a
language that we do not know."""
_TOLD_SHARE = 0.3
"""Common words and letters for each word of a longer text; of 344 English replies none had less,
while other languages reach a fifth by chance."""
_BY_CHANCE = 1
"""A word in common is nothing to tell a short sentence by."""
_LETTERS_COUNT = 2
_TIMES_LESS = 2
"""Languages with at least half the evidence of the strongest one stay in play: neighbours share
most of their common words."""


class Language(msgspec.Struct, frozen=True, kw_only=True):
    """One file: how the language is known; its phrases are read when they are first needed."""

    code: str
    scripts: frozenset[str]
    common: frozenset[str]
    letters: frozenset[str]


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """The languages each sentence of a reply can be in, and whether any was told at all."""

    of_sentences: tuple[frozenset[str], ...]
    known: bool


def tell_languages(reply: PlainReply) -> Told:
    """Which languages the sentences of a reply can be in; never none: `ANY` always counts."""
    ends = (*reply.starts[1:], len(reply.text) + 1)
    clues: dict[tuple[str, str], _Clues] = {}
    row: list[_Clues] = []
    whole: Counter[str] = Counter()
    for start, end, raw in zip(reply.starts, ends, reply.sentences, strict=False):
        sentence = reply.text[start : end - 1]
        one = clues.get((sentence, raw))
        if one is None:
            one = clues[(sentence, raw)] = _clues(sentence, raw)
        row.append(one)
        whole.update(one.score)
    possible = {id(one): _possible(one, whole) for one in clues.values()}
    count = sum(one.words for one in row)
    best = max(whole.values(), default=0)
    known = count == 0 or (best >= 1 and (count < _SHORT or best >= count * _TOLD_SHARE))
    return Told(of_sentences=tuple(possible[id(one)] for one in row), known=known)


class _Clues(msgspec.Struct, frozen=True, kw_only=True):
    """What a sentence tells of its language: how many words, which scripts, what speaks for which."""

    words: int
    scripts: frozenset[str]
    score: dict[str, int]


def _possible(clues: _Clues, whole: Mapping[str, int]) -> frozenset[str]:
    codes = {code for script in clues.scripts for code in _index().of_script.get(script, ())}
    both = {code: clues.score.get(code, 0) + whole.get(code, 0) / 2 for code in codes}
    best = max(both.values(), default=0)
    if best <= _BY_CHANCE and clues.words <= _SHORT:
        return frozenset((ANY, *codes))
    if best == 0:
        return frozenset((ANY,))
    return frozenset(
        (ANY, *(code for code, value in both.items() if value and value * _TIMES_LESS >= best))
    )


def _clues(sentence: str, raw: str) -> _Clues:
    """For every language of the sentence's script: its common words and letters in it."""
    words = set(sentence.split())
    scripts = {_script(word) for word in words} - {""}
    if "kana" in scripts:
        scripts.discard("han")
    index = _index()
    score: Counter[str] = Counter()
    for letter in set(raw.casefold()):
        score.update(index.of_letter.get(letter, ()))
    score = Counter({code: min(count, _LETTERS_COUNT) for code, count in score.items()})
    for word in words:
        score.update(index.of_word.get(word, ()))
    codes = {code for script in scripts for code in index.of_script.get(script, ())}
    return _Clues(
        words=sum(word.isalnum() for word in sentence.split()),
        scripts=frozenset(scripts),
        score={code: count for code, count in score.items() if code in codes},
    )


class _Index(msgspec.Struct, frozen=True, kw_only=True):
    """Which languages have a script, a letter, a common word."""

    of_script: Mapping[str, list[str]]
    of_letter: Mapping[str, list[str]]
    of_word: Mapping[str, list[str]]


@cache
def _index() -> _Index:
    index = _Index(
        of_script=defaultdict(list), of_letter=defaultdict(list), of_word=defaultdict(list)
    )
    for code, one in languages().items():
        for script in one.scripts:
            index.of_script[script].append(code)
        for letter in one.letters:
            index.of_letter[letter].append(code)
        for word in one.common:
            index.of_word[word].append(code)
    return index


_SCRIPTS = (
    ("latin", re.compile(r"[a-z]")),
    ("cyrillic", re.compile(r"[\u0400-\u052f]")),
    ("greek", re.compile(r"[\u0370-\u03ff]")),
    ("kana", re.compile(r"[\u3040-\u30ff]")),
    ("han", re.compile(r"[\u3400-\u9fff]")),
    ("hangul", re.compile(r"[\u1100-\u11ff]")),
    ("arabic", re.compile(r"[\u0600-\u06ff]")),
    ("hebrew", re.compile(r"[\u0590-\u05ff]")),
    ("devanagari", re.compile(r"[\u0900-\u097f]")),
)


def _script(word: str) -> str:
    if word.isascii():
        return "latin" if word.isalnum() else ""
    return next((name for name, letters in _SCRIPTS if letters.search(word)), "")


@cache
def languages() -> dict[str, Language]:
    """All languages by their code, with `ANY` left out."""
    return {code: _read(code) for code in files() if code != ANY}


@cache
def phrases_of(code: str) -> tuple[Phrase, ...]:
    """All phrases of a language, each once; expanding them is the costly part."""
    rows = dict.fromkeys((cue_of(section), row) for section, row in files()[code])
    return tuple(Phrase(code, cue, row) for cue, row in rows if cue is not None)


def _read(code: str) -> Language:
    """How the language is known; the small words of its first parts ("me", "not") count as well."""
    scripts: list[str] = []
    letters = ""
    common: set[str] = set()
    for section, row in files()[code]:
        title = cue_of(section)
        if isinstance(title, Cue):
            break
        if section == "script":
            scripts += row.split()
        elif section == "letters":
            letters += row
        elif section == "common":
            common.update(fold(row).split())
        elif title in _SMALL:
            common.update(_PLAIN_WORDS.findall(fold(row)))
    return Language(
        code=code,
        scripts=frozenset(scripts or ("latin",)),
        common=frozenset(common),
        letters=frozenset(letters),
    )


_SMALL = (Part.NOT, Part.TURN, Part.ME, Part.MY, Part.AGAIN, Part.PLEASE)
_PLAIN_WORDS = re.compile(r"(?<=[(|])\w+(?=[|)])")
