"""What of a text in a field of names can be a person's name: its words, less page text and job."""

from __future__ import annotations

import re

from ingagents.core.names.garbled import has_escapes, is_garbled
from ingagents.core.names.parts import untitled
from ingagents.core.names.phrases import is_couple
from ingagents.core.names.text import BREAK, LONGEST_NAME, first_part, without_asides
from ingagents.core.names.vocabulary import bare, is_given, vocabulary


def person_words(name: str) -> list[str] | None:
    """The words of a name as a person would write it; None if it names no person."""
    if names_a_body(name) or _is_slogan(name):
        return None
    part = first_part(name).replace(",", ", ")
    words = [word for word in part.split() if any(char.isalpha() for char in word)]
    words = _before(words, _places("page_text", words))
    titles, _ = untitled(words)
    words = _before(words, [at for at in _places("roles", words) if at >= len(titles)])
    return words if words and len(words) <= _MOST_WORDS else None


def _before(words: list[str], places: list[int]) -> list[str]:
    """Cut "Maya Okafor Keynote Speaker" before its role; what leaves one word is no name."""
    if not places:
        return words
    before = words[: places[0]]
    return [*before[:-1], before[-1].rstrip(",;")] if len(before) > 1 else []


def _places(subject: str, words: list[str]) -> list[int]:
    """Where words of the subject stand; "Anna Post" and "Tom Lehrer" are called so."""
    places = [
        at
        for at, word in enumerate(words)
        if word in vocabulary(subject) and not (at == 0 and is_given(word))
    ]
    is_family = (
        len(words) == 2
        and places == [1]
        and words[1].istitle()
        and words[0] in vocabulary("given_names")
    )
    return [] if is_family else places


def names_a_body(name: str) -> bool:
    """Whether a name is a company's, a team's, an office's or a couple's."""
    words = [_ELIDED.sub("", word) for word in first_part(name).split()]
    if not {"&", "and", "und"}.isdisjoint(words) or vocabulary("organisations").anywhere(words):
        return True
    if is_couple(_JOINT.sub(r" \g<0> ", without_asides(name)).split()):
        return True
    if len(words) > 1 and words[-1].rstrip(".").isupper() and bare(words[-1]) in _LEGAL_CAPITALS:
        return not (name.isupper() and is_given(words[0]))
    return False


def _is_slogan(name: str) -> bool:
    """Whether little words make a sentence of it: "We build apps", "Anna und Tom"."""
    words = first_part(name).split()
    little = vocabulary("slogan_words")
    found = [word for word in words if word in little and not word.endswith(".")]
    opens = words[0] in found and not is_given(words[0]) if words else False
    lower = any(word.islower() and len(word) > 1 for word in found) and not name.islower()
    return len(found) > 1 or opens or lower


def is_unreadable(name: str) -> bool:
    """Whether a name is too long, an address, or garbled before its first break."""
    text = name[:400]
    if len(first_part(name)) > LONGEST_NAME or _NOT_A_NAME.search(text) or has_escapes(text):
        return True
    at = 0
    for part in BREAK.split(text):
        # With what is joined to it: the break itself may be half of a garbled letter.
        end = at + len(part)
        if any(map(str.isalnum, part)):
            return is_garbled(text[at : end + len(text[end:].split(" ", 1)[0])])
        at = end + 1
    return False


_MOST_WORDS = 7
_NOT_A_NAME = re.compile(r"\w@|^@|://|\bwww\.|\w_\w|[<>{}]")
_LEGAL_CAPITALS = frozenset(["ag", "se", "ab", "as", "sa", "lp", "ep", "co", "nv", "kk", "sl"])
"""Legal forms that are words or parts of names unless they stand in capitals."""
_JOINT = re.compile(r"[/+]")
_ELIDED = re.compile(r"^(?:l|d|dell|all|nell|un)'", re.IGNORECASE)
