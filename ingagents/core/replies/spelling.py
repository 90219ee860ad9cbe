"""How people spell in short messages: contractions written out, slips of the finger put right.

The phrase tables are written in full words ("do not", "interested"); this file brings what people
type ("dont", "intrsted", "plz") to that form, so that no table needs every spelling. Which words
these are stands in the files of the languages.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

import msgspec

from ingagents.core.text import languages

_SLIP_MIN_LETTERS = 5
_SLIP_MAX_LETTERS = 13
_TWO_SLIPS_LETTERS = 9


def written_out(tokens: list[str]) -> list[str]:
    """Contractions and short spellings as full words. Tokens are folded words or ","."""
    words: list[str] = []
    for index, token in enumerate(tokens):
        following = tokens[index + 1] if index + 1 < len(tokens) else ""
        words.extend(full_words(token, index, following))
    return words


def corrected(words: list[str]) -> list[str]:
    """Misspelt key words put right, at most two letters away; all other words untouched."""
    return [_correct(word) for word in words]


def full_words(word: str, index: int, following: str) -> Iterator[str]:
    """One word as full words; `index` is its place in the sentence, `following` the next one."""
    known = _short()
    if (word, following) in known.as_written:
        yield word
        return
    if full := known.whole.get(word) or (
        known.before.get((word, following))
        or (index == 0 and known.before.get((f"^{word}", following)))
    ):
        yield from full
        return
    for begin, end, meant in known.parts:
        if word.startswith(begin) and word.endswith(end) and len(word) >= len(begin) + len(end):
            stem = word[len(begin) : len(word) - len(end)]
            if "'" not in stem:
                yield from meant.replace("*", stem).split()
                return
    yield from (part for part in word.split("'") if part)


class _Short(msgspec.Struct, frozen=True, kw_only=True):
    """Spellings with the words they stand for."""

    whole: Mapping[str, tuple[str, ...]]
    parts: tuple[tuple[str, str, str], ...]
    """How a word begins and ends, and what it means; a * there is what stands between. In order."""
    before: Mapping[tuple[str, str], tuple[str, ...]]
    """Only before the second word; one with a ^ only as the first of a sentence."""
    as_written: frozenset[tuple[str, str]]
    """Before the second word the first is no short spelling."""


@cache
def _short() -> _Short:
    whole: dict[str, tuple[str, ...]] = {}
    parts: list[tuple[str, str, str]] = []
    for written, meant in languages.meanings("short"):
        begin, star, end = written.partition("*")
        if star:
            parts.append((begin, end, meant))
        else:
            whole[written] = tuple(meant.split())
    before: dict[tuple[str, str], tuple[str, ...]] = {}
    for written, meant in languages.meanings("short_before"):
        word, _, following = written.partition(" | ")
        before |= {(word, one): tuple(meant.split()) for one in following.split()}
    return _Short(
        whole=whole,
        parts=tuple(sorted(parts, key=lambda part: -len(part[1]))),
        before=before,
        as_written=frozenset((word, one) for one, word in languages.meanings("as_written")),
    )


# --- slips of the finger ------------------------------------------------------------------------


class _Slips(msgspec.Struct, frozen=True, kw_only=True):
    """The key words, and what they become with a letter left out, the long ones with two."""

    key_words: frozenset[str]
    known: frozenset[str]
    first_letters: frozenset[str]
    one_left_out: Mapping[str, str]
    two_left_out: Mapping[str, str]


@cache
def _slips() -> _Slips:
    one: dict[str, str] = {}
    two: dict[str, str] = {}
    key_words = languages.words("key_words")
    for word in key_words:
        for shorter in _without_one(word):
            one.setdefault(shorter, word)
            if len(word) >= _TWO_SLIPS_LETTERS:
                for shortest in _without_one(shorter):
                    two.setdefault(shortest, word)
    return _Slips(
        key_words=frozenset(key_words),
        known=frozenset((*key_words, *languages.words("left_alone"))),
        first_letters=frozenset(word[0] for word in key_words),
        one_left_out=one,
        two_left_out=two,
    )


def _without_one(word: str) -> Iterator[str]:
    return (word[:index] + word[index + 1 :] for index in range(len(word)))


def _correct(word: str) -> str:
    slips = _slips()
    if not _SLIP_MIN_LETTERS <= len(word) <= _SLIP_MAX_LETTERS:
        return word
    if word in slips.known or word[0] not in slips.first_letters:
        return word
    found = slips.one_left_out.get(word) or slips.two_left_out.get(word)
    if found is None:
        for shorter in _without_one(word):
            # One letter too many, a wrong one, or two letters swapped.
            if shorter in slips.key_words:
                found = shorter
                break
            found = slips.one_left_out.get(shorter)
            if found is not None and abs(len(found) - len(word)) <= 1:
                break
            found = None
    return found if found is not None and found[0] == word[0] else word
