"""Is this text a name at all, or what stands where one is hidden, missing or was never filled in?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from ingagents.core.names.vocabulary import bare, is_given, vocabulary


def is_stand_in(name: str) -> bool:
    """Whether `name` is nobody's: "LinkedIn-Mitglied", "Deleted user", "N/A", "{{first_name}}", "—".

    True also for the stand-ins of LinkedIn's pages in all its languages, for errors and blanks of
    spreadsheets, and for text without a letter. Of two words of which one is a name, the person
    counts: "Rosa Null" is somebody.
    """
    text = name.strip()[:200]
    if not any(char.isalpha() for char in text) or _FILLED_IN.fullmatch(text):
        return True
    if _LINKEDIN.search(text):
        rest = _WORDS.findall(_LINKEDIN.sub(" ", text))
        return all(word in vocabulary("members") or not word.isalpha() for word in rest)
    if _SOMEBODY_AT.match(text):
        return True
    if bare(text) in _whole_entries():
        return not (text.isalpha() and text.istitle() and is_given(text))
    words = [word for word in _WORDS.findall(text) if any(map(str.isalpha, word))]
    if len(words) < 2 or is_called_null(words[0], words) or any(map(is_given, words)):
        return False
    nobody = [
        word in vocabulary("stand_ins") or word in vocabulary("hidden_words") for word in words
    ]
    member = [word in vocabulary("members") for word in words]
    return any(nobody) and all(map(any, zip(nobody, member, strict=True)))


def is_called_null(word: str, words: Sequence[str]) -> bool:
    """Whether "Null", "Nan" or "Nil" is somebody's name: a family name stands beside it."""
    return word.istitle() and bare(word) in _NAMES_TOO and len(set(map(bare, words))) > 1


@cache
def _whole_entries() -> frozenset[str]:
    """Every entry of the list without its spaces: "First Name", "first_name" and "FIRSTNAME"."""
    listed = vocabulary("stand_ins")
    return listed.words | frozenset("".join(phrase) for phrase in listed.phrases)


_NAMES_TOO = frozenset({"null", "nan", "nil"})
_WORDS = re.compile(r"[^\s/_.,;:()\[\]{}|+\-–—]+")
_LINKEDIN = re.compile(
    "linked[ -]?in|领英|領英|링크드인|リンクトイン|لينكد ?إن|لينكدان|لینکدین|לינקדאין|लिंक्डइन|লিঙ্কডইন"
    "|линкед[иі]н",
    re.IGNORECASE,
)
_FILLED_IN = re.compile(
    r"\{\{?.*\}\}?|\[.*\]|<.*>|%+[^%]*%+|\*\|.*\|\*|\$\{.*\}|__+\w*|\$\w+|#[A-ZÀ-Þ¡/0-9]+[!?]?|=\w+\(.*"
    r"|(?:first|last|full|given|family|user)[_ .-]?name\d*",
    re.IGNORECASE,
)
"""Fields of mail merges, "[Name]", "#REF!", "#BEZUG!", formulas."""
_SOMEBODY_AT = re.compile(
    r"(?:some(?:one|body)|jemand|quelqu.un|alguien|algu[eé]m|qualcuno|iemand)\s+"
    r"(?:at|from|in|on|bei|aus|chez|de|da|em|en|di|bij|van)\s",
    re.IGNORECASE,
)
"""Whom a page of visitors shows as "Someone at Acme"."""
