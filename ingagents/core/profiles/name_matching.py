"""Can two names be one person's? Writing may differ, the name may not.

Everything is judged from the names alone, so this never says that two people are one; it says
whether a profile whose address is known may be the person a list calls otherwise.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache

from ingagents.core.names import split_name
from ingagents.core.text.word_lists import line_lists

_LONGEST = 300
"""Characters of a name that are looked at."""


_A_WHOLE_NAME = 4
"""So long a name of the table is no beginning of a name that does not stand with it there."""


def names_agree(known: str, shown: str) -> bool:
    """Whether two names are alike but for their writing; an empty one agrees with any.

    Accents, case, order, titles, middle names, initials, nicknames, another script and a double
    name that shares a part are writing.
    """
    one, two = _words(known), _words(shown)
    if not one or not two or _rotated(one, two):
        return True
    shorter, longer = sorted((one, two), key=len)
    if _all_found(shorter, longer):
        return True
    (given, family), (other_given, other_family) = map(_parts, (known, shown))
    straight = _given_agree(given, other_given) and _share(family, other_family)
    # "Brandt Theresa": who writes the family name first is read the wrong way round.
    return straight or (_given_agree(given, other_family) and _share(family, other_given))


@lru_cache(maxsize=4096)
def without_accents(word: str) -> str:
    """A word for comparing: no accents and case, Latin letters where they can be told.

    ä, ae and a are one; a word that was not in Latin letters is marked as told by its sound.
    """
    text = unicodedata.normalize("NFC", word).casefold().translate(_GARBLED)
    heard = text.translate(_BY_SOUND)
    decomposed = unicodedata.normalize("NFKD", heard.translate(_LATIN))
    plain = "".join(char for char in decomposed if char.isalnum() or char == _BROKEN)
    for pair, one in (("ae", "a"), ("oe", "o"), ("ue", "u"), ("aa", "a")):
        plain = plain.replace(pair, one)
    return plain if heard == text else _BY_EAR + plain


def _words(name: str) -> tuple[str, ...]:
    found = map(without_accents, _WORD.findall(name[:_LONGEST]))
    return tuple(word for word in found if word)


def _rotated(one: Sequence[str], two: Sequence[str]) -> bool:
    """Jean Luc Picard, Picard Jean-Luc, Jeanluc Picard."""
    joined = "".join(two)
    return any("".join((*one[at:], *one[:at])) == joined for at in range(len(one)))


def _all_found(shorter: Sequence[str], longer: Sequence[str]) -> bool:
    """Whether every word of the shorter name stands in the longer one, each of them once."""
    left = list(longer)
    for word in sorted(shorter, key=len, reverse=True):  # initials take what is left
        same = (one for one in left if _same_word(word, one))
        found = word if word in left else next(same, None)
        if found is None:
            return False
        left.remove(found)
    return True


def _same_word(one: str, two: str) -> bool:
    if one == two:
        return True
    if _BY_EAR in one + two:  # Sergey, Сергей: transcriptions differ
        return _alike(one.strip(_BY_EAR), two.strip(_BY_EAR))
    shorter, longer = sorted((one, two), key=len)
    if len(shorter) == 1:
        return longer.startswith(shorter)
    if _nicknames_of(one) & _nicknames_of(two):
        return True
    if len(shorter) >= _A_WHOLE_NAME and _nicknames_of(shorter):
        return False  # Daniel is another name than Danielle, and Paul than Pauline
    # Alex is short for Alexandra; but Daniel is not short for Daniela.
    if len(shorter) >= 3 and len(longer) - len(shorter) >= 2 and longer.startswith(shorter):
        return True
    return _BROKEN in one + two and _alike(one, two)


def _alike(one: str, two: str) -> bool:
    return difflib.SequenceMatcher(None, one, two, autojunk=False).ratio() >= 0.6


def _parts(name: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    given, family = split_name(name[:_LONGEST])
    return _words(given), _words(family)


def _given_agree(one: Sequence[str], two: Sequence[str]) -> bool:
    if not one or not two:
        return False
    shorter, longer = sorted((one, two), key=len)
    return _all_found(shorter, longer)


def _share(one: Iterable[str], two: Iterable[str]) -> bool:
    """Whether two family names share a part that is more than a particle, or its initial."""
    others = [word for word in two if word not in _PARTICLES]
    return any(
        word == other or (len(min(word, other, key=len)) == 1 and word[0] == other[0])
        for word in one
        if word not in _PARTICLES
        for other in others
    )


def _nicknames_of(word: str) -> frozenset[int]:
    return _nicknames().get(word, frozenset())


@cache
def _nicknames() -> Mapping[str, frozenset[int]]:
    """The lines of `nicknames.txt` in which each name stands."""
    lines: dict[str, set[int]] = {}
    for number, line in enumerate(line_lists("core/profiles/nicknames")[""]):
        for name in line.split():
            lines.setdefault(without_accents(name), set()).add(number)
    return {name: frozenset(numbers) for name, numbers in lines.items()}


_WORD = re.compile(r"[^\s.,;/\\|()\[\]{}\"“”«»–—_-]+")
_PARTICLES = frozenset(
    {"van", "von", "der", "den", "de", "da", "di", "do", "du", "del", "della", "dos", "das", "des"}
    | {"la", "le", "el", "al", "bin", "ibn", "ben", "bint", "abu", "zu", "ter", "ten", "y", "e"}
)
_BROKEN = "\ufffd"
_GARBLED = dict.fromkeys(map(ord, "?\u00ad¼½¾©®¶§±³²¹¤¢£¥¦¨¬°´¸‚ƒ„…†‡ˆ‰‹›€™"), _BROKEN)
"""Marks that stand in a name only where its letters were read in the wrong encoding."""
_LATIN = str.maketrans(
    {"ø": "o", "æ": "a", "œ": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ß": "ss", "ı": "i"}
)
_CYRILLIC = (
    "а=a б=b в=v г=g д=d е=e ё=e ж=zh з=z и=i й=i к=k л=l м=m н=n о=o п=p р=r с=s т=t у=u ф=f х=kh"
    " ц=ts ч=ch ш=sh щ=sch ъ= ы=y ь= э=e ю=yu я=ya і=i ї=i є=e ґ=g"
)
_GREEK = (
    "α=a β=v γ=g δ=d ε=e ζ=z η=i θ=th ι=i κ=k λ=l μ=m ν=n ξ=x ο=o π=p ρ=r σ=s ς=s τ=t υ=y φ=f χ=ch"
    " ψ=ps ω=o ά=a έ=e ή=i ί=i ό=o ύ=y ώ=o"
)
_BY_SOUND = {
    ord(letter): sound
    for letter, _, sound in (pair.partition("=") for pair in f"{_CYRILLIC} {_GREEK}".split())
}
_BY_EAR = "\u02bc"
"""Marks a word whose letters were not Latin, so that only its sound is compared."""
