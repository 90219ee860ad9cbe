"""Which letters the bytes of a file mean, when they are no UTF-8.

Nothing in such a file says its code page. It is chosen by what the words with foreign letters
would spell in each: names and letters of the languages in `letters.txt`. A guess stays one: it
is named to whoever imports the file.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache
from importlib import resources

import msgspec

_WORD = re.compile(rb"[A-Za-z'\x80-\xff]*[\x80-\xff][A-Za-z'\x80-\xff]*")
_LINES_MAX = 500
_WORDS_MAX = 2000
"""So many different words tell the code page; a file of another one reads no better with more."""

# What each letter beyond ASCII says for a language: it stands in a name we know, between neighbours
# it has in such names on both sides, on one, on none; it is foreign there; it is none, or a capital
# amid small ones; it is a mark that people write, or a byte that means nothing in the page.
_KNOWN = 3.0
_SEEN_PAIRS, _SEEN_PAIR, _OWN_LETTER = 2.0, 1.2, 0.5
_FOREIGN = -3.0
_NO_LETTER = -5.0
_MARK = 1.0
_STRAY = -1.0
_ODD_CASE = -3.0


class Guess(msgspec.Struct, frozen=True, kw_only=True):
    """A code page by Python's name, and what people call it."""

    codec: str
    name: str


class Spelling:
    """The words of a file that are beyond ASCII: those in UTF-8, and those that are none."""

    def __init__(self) -> None:
        self.utf8: set[bytes] = set()
        self.garbled: set[bytes] = set()
        self.lines: list[bytes] = []
        """The first whole lines with such words, as they are in text of two bytes a letter."""

    def take(self, piece: bytes) -> None:
        """Look at some more whole lines."""
        if piece.isascii():
            return
        if len(self.lines) < _LINES_MAX:
            self.lines += [line for line in piece.splitlines() if not line.isascii()]
        for word in _WORD.findall(piece):
            kept = self.utf8 if _is_utf8(word) else self.garbled
            if len(kept) < _WORDS_MAX:
                kept.add(word)


class _Language(msgspec.Struct, frozen=True):
    """How a language spells: its letters beyond a to z, their neighbours, and names."""

    code: str
    codecs: tuple[str, ...]
    letters: frozenset[str]
    pairs: frozenset[str]
    names: frozenset[str]


def code_page_of(words: Iterable[bytes]) -> Guess:
    """The code page in which words that are no UTF-8 spell the most like names.

    Windows-1252 when nothing speaks for any: most files without a mark are from there.
    """
    sample = sorted(words)
    best, codec = float("-inf"), "cp1252"
    for candidate in _codecs():
        spelt = [word.decode(candidate, "replace") for word in sample]
        for language in _languages():
            if candidate in language.codecs:
                # A language's first code page is its usual one; the others must be better.
                score = sum(_likeness(word, language) for word in spelt)
                score -= 0.01 * language.codecs.index(candidate)
                if score > best:
                    best, codec = score, candidate
    return Guess(codec=codec, name=_NAMES.get(codec, codec.replace("_", "-")))


def undo_double_encoding(text: str) -> str:
    """Text that was UTF-8, read as a code page and encoded once more, as it was meant.

    "JosÃ©" is read back as José. Text that is none is returned as it is: by chance a name does not
    spell valid UTF-8.
    """
    found = read = text
    for _ in range(_ENCODINGS_UNDONE):
        if not _BESIDE.search(read):  # UTF-8 has two bytes at least for such a letter
            break
        less = [meant for codec in _DOUBLED if (meant := _once_less(read, codec))]
        if not less:
            break
        read = next(filter(_is_text, less), less[0])
        found = read if _is_text(read) else found
    return found


_ENCODINGS_UNDONE = 3
_BESIDE = re.compile(r"[^\x00-\x7f]{2}")
_DOUBLED = (
    *("cp1252", "latin-1", "mac_roman", "cp1250", "cp1254", "cp1251", "cp1253", "cp437"),
    *("cp850", "cp866"),
)


def _once_less(text: str, codec: str) -> str | None:
    """Text with one encoding undone; None where there was none."""
    try:
        meant = b"".join(_byte_of(letter, codec) for letter in text).decode("utf-8")
    except UnicodeError:
        return None
    return meant if len(meant) < len(text) else None


def _is_text(text: str) -> bool:
    """Whether all that is not ASCII is letters people use, or marks between words."""
    return all(letter.isascii() or _is_plausible(letter) for letter in text)


def _byte_of(letter: str, codec: str) -> bytes:
    try:
        return letter.encode(codec)
    except UnicodeEncodeError:
        if not "\x80" <= letter <= "\x9f":
            raise
        return letter.encode("latin-1")  # the five places Windows-1252 leaves empty


def _is_plausible(letter: str) -> bool:
    if letter.isalpha():
        parts = unicodedata.normalize("NFD", letter)
        # A letter of Europe with marks, such as Vietnamese has two of, or one of Asia.
        marked = len(parts) > 1 and parts[0].isascii()
        return marked or bool(_ASIAN.match(letter)) or letter.lower() in _letters_known()
    if unicodedata.category(letter) == "Mn":
        return letter < _FIRST_GREEK or bool(_ASIAN.match(letter))
    return unicodedata.category(letter) in {"Pd", "Pi", "Pf", "Po", "So", "Zs", "Sc"}


_ASIAN = re.compile("[\u0e01-\u0e4e\u3041-\u30ff\u4e00-\u9fff\uac00-\ud7a3]")


@cache
def _letters_known() -> frozenset[str]:
    return frozenset().union(*(language.letters for language in _languages()))


def _is_utf8(word: bytes) -> bool:
    try:
        word.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _likeness(word: str, language: _Language) -> float:
    """How much a word looks like one of a language."""
    score = _STRAY * word.count("\ufffd")
    word = word.replace("\ufffd", "")
    if word.lower() in language.names:
        return score + _KNOWN * sum(not letter.isascii() for letter in word)
    framed = f"^{word.lower()}$"
    for place, letter in enumerate(word):
        if letter.isascii():
            continue
        if not letter.isalpha() and letter not in language.letters:  # as vowels of Thai are
            score += _MARK if letter in _MARKS else _NO_LETTER
            continue
        if letter >= _FIRST_GREEK and _LATIN.search(word):
            score += _NO_LETTER  # no word is of two scripts
        beside = word[max(place - 1, 0) : place] + word[place + 1 : place + 2] if place else ""
        if letter.isupper() and any(map(str.islower, beside)):
            score += _ODD_CASE
        lower = letter.lower()[:1]
        if lower not in language.letters:
            score += _FOREIGN
            continue
        seen = (framed[place : place + 2] in language.pairs) + (
            framed[place + 1 : place + 3] in language.pairs
        )
        score += (_OWN_LETTER, _SEEN_PAIR, _SEEN_PAIRS)[seen]
    return score


_FIRST_GREEK = "\u0370"
"""Here the Latin letters end, for a name."""
_LATIN = re.compile("[A-Za-z]")
_MARKS = frozenset("’‘–—“”„…·´\xa0")

_NAMES = {
    "cp1250": "windows-1250", "cp1251": "windows-1251", "cp1252": "windows-1252",
    "cp1253": "windows-1253", "cp1254": "windows-1254", "cp1257": "windows-1257",
    "mac_roman": "mac-roman", "koi8_r": "koi8-r", "koi8_u": "koi8-u",
}  # fmt: skip


@cache
def _codecs() -> Sequence[str]:
    """Every code page, the usual ones of all languages first."""
    languages = _languages()
    deepest = max(len(language.codecs) for language in languages)
    found = dict.fromkeys(
        language.codecs[depth]
        for depth in range(deepest)
        for language in languages
        if depth < len(language.codecs)
    )
    return tuple(found)


@cache
def _languages() -> Sequence[_Language]:
    file = resources.files(__package__).joinpath("letters.txt")
    text = "".join(f"{line}\n" for line in file.read_text("utf-8").splitlines() if line[:1] != "#")
    return tuple(_language(block) for block in text.split("[") if block.strip())


def _language(block: str) -> _Language:
    head, _, rest = block.partition("\n")
    code, _, codecs = head.partition("]")
    names = frozenset(name.lower() for name in rest.split())
    framed = [f"^{name}$" for name in names]
    return _Language(
        code,
        tuple(codecs.split()),
        frozenset(letter for name in names for letter in name if not letter.isascii()),
        frozenset(name[at : at + 2] for name in framed for at in range(len(name) - 1)),
        names,
    )
