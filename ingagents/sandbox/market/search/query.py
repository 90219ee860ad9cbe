"""LinkedIn's search language: words, "phrases", AND, OR, NOT and brackets, in any case.

A matcher looks into folded text (see `fold`): whole words, without the little ones, titles in
their short form, so that "VP Engineering" also finds a Vice President of Engineering.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable

Matcher = Callable[[str], bool]
"""True when a folded text fits."""

_LONGEST = 2000
_DEEPEST = 20
_TOKEN = re.compile(r'"[^"]*"?|[()]|[^\s()"]+')
_WORD = re.compile(r"[^\W_]+[+#]*")
_LITTLE = frozenset({"of", "the", "and", "for", "at", "in", "a"})
_SHORT = (
    ("chief technology officer", "cto"),
    ("chief executive officer", "ceo"),
    ("chief marketing officer", "cmo"),
    ("chief revenue officer", "cro"),
    ("chief information officer", "cio"),
    ("senior vice president", "svp"),
    ("vice president", "vp"),
)


@functools.lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """Lower-case words between single spaces, with one at either end."""
    words = [word for word in _WORD.findall(text[:_LONGEST].lower()) if word not in _LITTLE]
    folded = f" {' '.join(words)} "
    for long, short in _SHORT:
        folded = folded.replace(f" {long} ", f" {short} ")
    return folded


def matcher(query: str) -> Matcher:
    """What the query asks for; an empty one fits everything. Bad syntax is read as words."""
    return _Reader(_TOKEN.findall(query[:_LONGEST])).whole()


class _Reader:
    """Recursive descent over the tokens: OR binds weakest, then AND (also unwritten), then NOT."""

    def __init__(self, tokens: list[str]) -> None:
        self._tokens = tokens
        self._at = 0

    def whole(self) -> Matcher:
        parts = []
        while self._at < len(self._tokens):
            parts.append(self._either(0))
            if self._peek() == ")":  # one bracket too many: read past it
                self._at += 1
        return _all(parts)

    def _peek(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _either(self, depth: int) -> Matcher:
        parts = [self._both(depth)]
        while self._peek() == "OR":
            self._at += 1
            parts.append(self._both(depth))
        if len(parts) == 1:
            return parts[0]
        return lambda text: any(part(text) for part in parts)

    def _both(self, depth: int) -> Matcher:
        parts: list[Matcher] = []
        while (token := self._peek()) and token not in {"OR", ")"}:
            if token == "AND":  # noqa: S105  an operator, no secret
                self._at += 1
            else:
                parts.append(self._one(depth))
        return _all(parts)

    def _one(self, depth: int) -> Matcher:
        negated = False
        while self._peek() == "NOT":
            negated = not negated
            self._at += 1
        if negated:
            if self._peek() in {"", ")", "OR", "AND"}:
                return _all([])
            inner = self._one(depth)
            return lambda text: not inner(text)
        token = self._peek()
        self._at += 1
        if token == "(" and depth < _DEEPEST:  # noqa: S105  a bracket, no secret
            group = self._either(depth + 1)
            if self._peek() == ")":
                self._at += 1
            return group
        return _phrase(token)


def _all(parts: list[Matcher]) -> Matcher:
    if len(parts) == 1:
        return parts[0]
    return lambda text: all(part(text) for part in parts)


def _phrase(token: str) -> Matcher:
    wanted = fold(token.strip('"'))
    if not wanted.strip():
        return _all([])
    return lambda text: wanted in text
