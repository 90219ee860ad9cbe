"""Words that claim what never was: feelings, a shared past, praise. In all languages of our texts.

A reason that nobody had ("your work made me think of you") is invented, however kind; so is a talk
we loved and a friend we share. Only what stands in the profile may be praised.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

from ingagents.core.text.word_lists import line_lists, word_lists


def pretences(text: str, profile: str, *, wrote: bool = False, met: bool = False) -> Iterator[str]:
    """Every claim of a text that only its writer could know to be true; bounded texts only.

    `profile` is all that the person's profile says: what they did may be named when it is there.
    So may our own messages, where we `wrote` any, and that we `met`, where we did.
    """
    flat = _flat(text)
    if found := _pattern("feeling").search(flat):
        yield f"gives an invented reason: {found[0].strip()[:40]}"
    if (not met and _pattern("past").search(flat)) or (
        not wrote and _pattern("wrote").search(flat)
    ):
        yield "claims a meeting, a thread or a friend that is not known"
    known = _flat(profile)
    works = {next(filter(None, found.groups())) for found in _pattern("works").finditer(flat)}
    if any(work not in known for work in works):
        yield "praises a talk, post or success that is not in the profile"


def spam_phrase(text: str) -> str:
    """The first phrase of advertising in a text, or ""."""
    flat = " ".join(text.casefold().replace("’", "'").split())
    found = _spam().search(flat)
    return found[0] if found else ""


def _flat(text: str) -> str:
    """One line of small letters without accents."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("’", "'"))
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).split())


@cache
def _spam() -> re.Pattern[str]:
    phrases = (phrase for part in word_lists("spam").values() for phrase in part)
    listed = "|".join(re.escape(phrase.casefold()) for phrase in phrases)
    return re.compile(rf"(?<![\w-])(?:{listed})(?![\w-])|\$\$\$")


@cache
def _pattern(section: str) -> re.Pattern[str]:
    return re.compile("|".join(line_lists("pretence")[section]))
