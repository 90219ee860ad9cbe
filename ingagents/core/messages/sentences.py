"""The sentences of a text, and whether one of them was said to the same person before."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

_LONGEST = 10_000
_FEWEST_WORDS = 3
"""A shorter piece is a name or a greeting and repeats nothing."""
_END = re.compile(r"[.!?…:;]+(?=\s|$)|\n")
_WORD = re.compile(r"[^\W_]+")


def sentences(text: str) -> Iterator[str]:
    """What is said, sentence by sentence, without spelling: small letters, no signs."""
    for piece in _END.split(text[:_LONGEST]):
        words = folded(piece)
        if words.count(" ") + 1 >= _FEWEST_WORDS:
            yield words


def repeated(text: str, earlier: Iterable[str]) -> str:
    """The first sentence of a text that stands in an earlier one, be it within a sentence; or ""."""
    before = [f" {folded(old[:_LONGEST])} " for old in earlier]
    return next((said for said in sentences(text) if any(f" {said} " in old for old in before)), "")


def folded(text: str) -> str:
    """The words of a text in small letters, without signs."""
    return " ".join(_WORD.findall(text.casefold()))
