"""The languages people write to us in: all that is known of one stands in its text file.

The files lie in `core/replies/languages`, and the head of `any.txt` there says how one is written.
Who adds or mends a language changes its file and nothing else. They are read at the first question.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources

from ingagents.core.text.word_lists import rows_of

FOLDER = resources.files("ingagents") / "core" / "replies" / "languages"


@cache
def files() -> Mapping[str, tuple[tuple[str, str], ...]]:
    """Every row of every language with the section it stands in, by the language's code."""
    return {
        file.name.removesuffix(".txt"): tuple(rows_of(file.read_text("utf-8")))
        for file in sorted(FOLDER.iterdir(), key=lambda one: one.name)
        if file.name.endswith(".txt")
    }


@cache
def rows(section: str) -> tuple[str, ...]:
    """The rows of a section in all languages, each once."""
    found = (row for file in files().values() for name, row in file if name == section)
    return tuple(dict.fromkeys(found))


@cache
def words(section: str) -> tuple[str, ...]:
    """The words of a section in all languages, each once."""
    return tuple(dict.fromkeys(word for row in rows(section) for word in row.split()))


@cache
def phrases(section: str) -> frozenset[str]:
    """What commas or line ends divide in a section, in all languages."""
    return frozenset(phrase.strip() for row in rows(section) for phrase in row.split(",")) - {""}


def meanings(section: str) -> Iterator[tuple[str, str]]:
    """What is written and what it means, from rows "meaning: written, written"."""
    for row in rows(section):
        meant, _, written = row.partition(":")
        for one in written.split(","):
            yield one.strip(), meant


@cache
def pattern(section: str) -> str:
    """A regular expression for any row of a section of mails, in all languages; group-free.

    In such rows [brackets] may be missing, (one|another) is a choice, ~ stands for up to thirty
    signs, and $ is the end of a word.
    """
    written = (
        "".join(_NOTATION.get(sign) or re.escape(sign) for sign in row) for row in rows(section)
    )
    return f"(?:{'|'.join(written)})" if rows(section) else "(?!)"


_NOTATION = {"[": "(?:", "]": ")?", "(": "(?:", ")": ")", "|": "|", "~": ".{1,30}", "$": r"\b"}
