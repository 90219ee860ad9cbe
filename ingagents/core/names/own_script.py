"""The given name in names of Chinese, Japanese or Korean letters, where it is certain.

Family names stand first, mostly without a space between; where the parts are not plain to see,
nobody is greeted: half of such a name is often the wrong half.
"""

from __future__ import annotations

import re
from functools import cache
from unicodedata import normalize

from ingagents.core.names.parts import lexicon
from ingagents.core.names.text import is_east_asian, is_letters
from ingagents.core.names.vocabulary import bare, vocabulary


def given_in_own_script(text: str, family: str = "") -> str:
    """The given name of `text`, or ""; `family` is what a field of its own says."""
    before, comma, after = text.replace("，", ",").replace("、", ",").partition(",")
    if comma and (given := _parts(after)) and len(parts := _parts(before)) == 1:
        return given[0] if len(given) == 1 and _may_be_family(parts[0]) else ""
    foreign = _SEPARATED.fullmatch(before.strip())
    if foreign:
        return foreign[1]
    parts = _parts(before)
    beside = "".join(_parts(family)) if is_east_asian(family) else family
    if beside:
        return _beside(beside, parts)
    if len(parts) == 1:
        return _unspaced_korean(parts[0]) or _unspaced_japanese(parts[0])
    return _of_two(*parts) if len(parts) == 2 else ""


def _beside(family: str, parts: list[str]) -> str:
    """From a field of given names, where the family name stands in another."""
    if len(parts) == 2 and family in parts:
        parts = [part for part in parts if part != family]
    if len(parts) != 1:
        return ""
    given = parts[0]
    if given.startswith(family) and len(given) > len(family):
        return given[len(family) :]
    if len(given) == 2 and _HANGUL.fullmatch(given) and _is_surname(given):
        return ""  # a family name of two syllables: 황보, 남궁
    swapped = (_is_surname(given) or _is_japanese_family(given)) and not (
        _is_surname(family) or _is_japanese_family(family)
    )
    return "" if swapped or len(given) > _LONGEST else given


def _of_two(first: str, second: str) -> str:
    if _HANGUL.fullmatch(first) and _HANGUL.fullmatch(second):
        if _is_surname(first):
            return second
        # Neither order is Korean: a foreign name, spelt in Korean letters as its bearer orders it.
        return first if len(first) > 1 and (len(second) == 1 or not _is_surname(second)) else ""
    if _KATAKANA.fullmatch(first):
        # Foreign or a reading aid: both orders are usual.
        return ""
    is_last = _is_japanese_family(second) or (_is_surname(second) and len(second) == 1)
    if is_last and not (_is_surname(first) or _is_japanese_family(first)):
        return ""
    return second if len(first) <= 4 and len(second) <= _LONGEST else ""


def _unspaced_korean(word: str) -> str:
    """민준 of 김민준; two syllables may be a given name alone."""
    if not _HANGUL.fullmatch(word):
        return ""
    if len(word) == 4 and _is_surname(word[:2]):
        return word[2:]
    return word[1:] if len(word) == 3 and _is_surname(word[0]) and not _is_surname(word[:2]) else ""


def _unspaced_japanese(word: str) -> str:
    """みなみ of 高橋みなみ: a known family name, and the rest in another script."""
    found = _KANJI_KANA.fullmatch(word)
    known = found is not None and _is_japanese_family(found[1]) and found[2] not in _NO_NAMES
    return found[2] if found and known else ""


def _parts(text: str) -> list[str]:
    """The words in East Asian letters, without honorifics; none when one has other signs in it."""
    parts: list[str] = []
    for word in text.split():
        left = word.strip(".,;·・")
        if bare(left) in vocabulary("honorifics_after").words:
            continue
        while tail := next((tail for tail in _tails() if left.endswith(tail)), ""):
            left = left[: -len(tail)].rstrip(".")
        if left and is_east_asian(left):
            if not is_letters(left):
                return []
            parts.append(left)
    return parts


@cache
def _tails() -> tuple[str, ...]:
    """Honorifics that are written without a space behind a name, the longest first."""
    listed = {normalize("NFC", word) for word in vocabulary("honorifics_after").words}
    tails = {tail for tail in listed | lexicon().honorific_tails if is_east_asian(tail)}
    return tuple(sorted(tails - _ENDS_OF_NAMES, key=len, reverse=True))


def _may_be_family(word: str) -> bool:
    return _is_surname(word) or (not _HANGUL.fullmatch(word) and len(word) <= 4)


def _is_surname(word: str) -> bool:
    return word in lexicon().surnames or word in _chinese_surnames()


def _is_japanese_family(word: str) -> bool:
    return bare(word) in vocabulary("japanese_families").words


@cache
def _chinese_surnames() -> frozenset[str]:
    from nameparser import locales

    return frozenset(locales.ZH.lexicon.surnames)


_LONGEST = 6
_KANJI_KANA = re.compile("([\u3005\u4e00-\u9fff]{1,3})([\u3041-\u3096]{2,4})")
_NO_NAMES = frozenset(
    ("たん", "さん", "さま", "どの", "です", "より", "たち", "から", "まで", "など", "ほか", "だけ")
)
"""Forms of address and particles behind a family name."""
_HANGUL = re.compile("[\uac00-\ud7a3]+")
_KATAKANA = re.compile("[\u30a0-\u30ff\uff66-\uff9f]+")
_SEPARATED = re.compile("([\u30a1-\u30faー]{2,10})(?:[·・･=＝][\u30a1-\u30faー]{1,12}){1,3}")
"""Foreign names in Japanese letters, in their own order: マイケル・ジャクソン."""
_ENDS_OF_NAMES = frozenset("君군양")
"""Honorifics only where they stand apart: given names end in them, too."""
