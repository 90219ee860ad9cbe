"""What a cell under Approve or Veto means. Each column has words of its own; doubt never sends.

The words stand in the files of the languages, in the sections `[cell_...]`.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Literal

from ingagents.core.text import languages

Approval = Literal["approve", "reject", "nothing", "unclear"]
Veto = Literal["veto", "clear", "hold"]

_LONGEST = 80
"""Characters of a cell that is looked at for a plain word: more is a sentence, and none is plain."""

_BETWEEN = re.compile(r"[\s,.;:!]+")
_TRAILS_OFF = re.compile(r"\.{2,}")
_QUOTES = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'"})
_AROUND = "\"'“”„«»‹›()[]{}<>*_ "
"""What may stand around a word without changing it."""

_SHADES = re.compile("[\ufe0e\ufe0f\u200d\U0001f3fb-\U0001f3ff]")
"""What only changes how a sign looks: variation selectors, skin tones."""


def read_approval(text: str) -> Approval:
    """What a cell under Approve says of the text in its row.

    Only what is plainly yes approves. A plain no rejects; anything else lets nothing go.
    """
    if not text.strip():
        return "nothing"
    if _says(text, "no", "stop", "reject"):
        return "reject"
    return "approve" if _says(text, "yes", "approve") else "unclear"


def read_veto(text: str) -> Veto:
    """What a cell under Veto says of its person.

    A plain no, or nothing, is no veto. A plain veto is for good. Whatever else somebody wrote
    there (a reason, a question, a name) holds the person until the cell is cleared.
    """
    plain = tuple(_folded(text[:_LONGEST]))
    if not text.strip() or (plain in _words("no") and plain not in _words("stop")):
        return "clear"
    if plain == ("x",) or (_says(text, "yes", "stop") and plain not in _words("no")):
        return "veto"
    return "hold"


def _says(text: str, *meanings: str) -> bool:
    """Whether a text holds words of these meanings and, but for politeness, nothing else."""
    if len(text) > _LONGEST:
        return False
    words, polite = frozenset().union(*map(_words, meanings)), _words("polite")
    rest, said = _folded(text), False
    while rest:
        for length in range(min(_longest(), len(rest)), 0, -1):
            phrase = tuple(rest[:length])
            if phrase in words:
                said = True
                break
            if phrase in polite:
                break
        else:
            return False
        rest = rest[length:]
    return said


def plainly(text: str) -> str:
    """A cell as it reads: without case, shades, and letters nobody sees."""
    plain = _SHADES.sub("", unicodedata.normalize("NFKC", text)).translate(_QUOTES)
    seen = "".join(sign for sign in plain if unicodedata.category(sign) != "Cf")
    return " ".join(seen.casefold().split())


def unquoted(text: str) -> str:
    """The same without quotes or brackets around it; only a plain yes or no must not have any."""
    return plainly(text).strip(_AROUND)


def is_none(text: str) -> bool:
    """Whether a cell says that nothing is meant to stand there."""
    return not unquoted(text) or tuple(_folded(unquoted(text))) in _words("none")


def _folded(text: str) -> list[str]:
    """The words of a cell, without case and the marks between them.

    A question mark stays, and dots by which somebody trails off: "ok..." is in doubt.
    """
    plain = _TRAILS_OFF.sub(" … ", plainly(text).replace("?", " ? "))
    return [word for part in _BETWEEN.split(plain) if (word := part.strip())]


@cache
def _words(meaning: str) -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(_folded(word)) for word in languages.phrases(f"cell_{meaning}"))


@cache
def _longest() -> int:
    return max(len(phrase) for meaning in _MEANINGS for phrase in _words(meaning))


_MEANINGS = ("yes", "approve", "no", "stop", "none", "reject", "polite")
