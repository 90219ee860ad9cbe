"""The given name where the family name may stand first: China, Korea, Japan, Viet Nam, Hungary, ...

All in Latin or Cyrillic letters; `own_script` reads Chinese, Japanese and Korean ones.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from ingagents.core.names.vocabulary import bare, is_given, vocabulary


def given_behind_family(words: Sequence[str]) -> str | None:
    """The given name when the first word is an Asian family name; "" in doubt, None if it is none.

    Minh of "Trần Văn Minh", Ji-woo of "Kim Ji-woo", Xiaoming of "Zhang Xiaoming"; "Zhang Wei" is in
    doubt, as both may be either, and so is "Kim Min Jun" for where its given name ends.
    """
    if not 2 <= len(words) <= 4 or (words[0].islower() and not words[-1].islower()):
        return None
    if (vietnamese := _vietnamese(words)) is not None:
        return vietnamese
    first, *rest = words
    surely = first in vocabulary("east_asian_families")
    if not surely and first not in vocabulary("east_asian_either"):
        return _in_western_order(words)
    if len(rest) > 1:
        romanised = all(_SYLLABLES.fullmatch(bare(word)) for word in rest)
        return "" if surely or romanised else None
    return _of_two(first, rest[0], surely=surely)


def is_family_in_front(words: Sequence[str]) -> bool:
    """Whether a name seems to open with a family name, so that its order is in doubt."""
    if len(words) < 2 or is_given(words[0]):
        return False
    if _HUNGARIAN_WIFE.search(words[0]):
        return True
    if any(part in vocabulary("family_names") for part in words[0].split("-")[1:]):
        return True
    ending = _FAMILY_ENDING.search(bare(words[0]))
    return words[0].split("-")[0] in vocabulary("family_names") or (
        bool(ending) and not _FAMILY_ENDING.search(bare(words[1]))
    )


def may_be_swapped(first: Sequence[str], family: Sequence[str]) -> bool:
    """Whether a field of first names seems to hold the family name: "Nagy | Eszter"."""
    if not family or len(first) > 1:
        return False
    word, last = first[0], family[0]
    vietnamese = word in vocabulary("vietnamese_families")
    surely = vietnamese or word in vocabulary("east_asian_families")
    asian = surely or any(
        word in vocabulary(subject) for subject in ("east_asian_either", "vietnamese_either")
    )
    if asian and _are_given_names(family):
        return True
    if surely and (not _is_family(last) or (vietnamese and len(family) > 1)):
        return True
    if vietnamese and not is_given(word) and is_given(last):
        return True
    if is_given(word):
        return False
    if asian and _is_family(last):
        return not surely
    in_front = is_family_in_front([*first, *family])
    return (word.isupper() and last.istitle() and is_given(last)) or (
        in_front and (is_given(last) or not last.isascii())
    )


def _are_given_names(words: Sequence[str]) -> bool:
    """Thi Hang, Ji-hoon, Min Jun, Na: what follows a family name in East Asia."""
    parts = [part for word in words for part in word.split("-")]
    romanised = all(_SYLLABLES.fullmatch(bare(part)) for part in parts)
    alone = len(parts) == 1 and is_given(parts[0]) and not _is_family(parts[0])
    return romanised and (len(parts) > 1 or alone)


def without_middle_marks(words: Sequence[str]) -> list[str]:
    """Vietnamese given names without Thị and Văn, which nobody is called by."""
    kept = [word for word in words if bare(word) not in _VIETNAMESE_MARKS]
    return kept if kept and len(words) > 1 else list(words)


def _of_two(family: str, given: str, *, surely: bool) -> str | None:
    if "-" in given and all(_SYLLABLES.fullmatch(bare(part)) for part in given.split("-")):
        return given
    romanised = bool(_SYLLABLES.fullmatch(bare(given)))
    if _is_family(given):
        # "Sakura Yamamoto" is in Western order; of "Chen Li" nobody knows.
        families = ("east_asian_families", "vietnamese_families")
        western = not surely and any(given in vocabulary(subject) for subject in families)
        return None if western else ""
    if surely:
        several = len(re.findall("[aeiouy]+", bare(given))) > 1
        return given if several or (not romanised and is_given(given)) else ""
    if not romanised:
        return None
    return given if not is_given(family) and len(bare(given)) > 4 else ""


def _in_western_order(words: Sequence[str]) -> str | None:
    """Doubt about "Tai Man Chan": of three syllables, how many are the given name?"""
    syllables = len(words) == 3 and all(_SYLLABLES.fullmatch(bare(word)) for word in words)
    return "" if syllables and _is_family(words[-1]) and len(bare(words[0])) < 5 else None


def _vietnamese(words: Sequence[str]) -> str | None:
    """The last word, if family name and spelling or middle name are Vietnamese."""
    if words[0] in vocabulary("vietnamese_families"):
        plainly = True
    elif words[0] in vocabulary("vietnamese_either"):
        plainly = any(map(_is_vietnamese_spelling, words)) or (
            len(words) > 2 and bare(words[1]) in _VIETNAMESE_MARKS
        )
    else:
        return None
    if not plainly:
        return None
    last = words[-1]
    in_doubt = not is_given(last) and (
        last in vocabulary("vietnamese_families") or last in vocabulary("vietnamese_either")
    )
    return "" if in_doubt else last


def _is_vietnamese_spelling(word: str) -> bool:
    """Letters of Vietnamese alone: horns, hooks, two marks on one vowel."""
    return any(
        char in "ơưƠƯđĐ" or ("\u1ea0" <= char <= "\u1ef9")
        for char in unicodedata.normalize("NFC", word)
    )


def _is_family(word: str) -> bool:
    return any(
        word in vocabulary(subject)
        for subject in ("east_asian_families", "east_asian_either", "vietnamese_families")
    )


_HUNGARIAN_WIFE = re.compile("[^\\W\\d_]{4}né$")
"""Kovácsné: the wife of Kovács."""
_VIETNAMESE_MARKS = frozenset({"thi", "van"})
_SYLLABLES = re.compile(r"(?:[bcdfghjklmnpqrstwxyz]{0,2}[aeiouy]{1,3}(?:ng|nh|ch|[nkmphlt])?){1,4}")
_FAMILY_ENDING = re.compile(
    r"..(?:ova|eva|ski|ska|sky|skaya|skii|enko|chuk|shvili|adze|oglu|opoulos|opoulou|escu|wicz|czyk"
    r"|dottir|sson|ovic|evic|kova)$"
    r"|..(?:ов|ова|ев|ева|ский|ская|ський|ська|енко|чук)$"
)
