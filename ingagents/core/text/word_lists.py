"""The text files beside the code: words, phrases and rows under the names of their sections.

`[name]` begins a section ("" is what stands before the first one), and each line of it is a row; an
indented line goes on with the one above it, and a line that starts with # is a comment. A file is
read at its first use and kept. It is named by its path in the package without ".txt"; a bare name
is one of the folder `words` beside this module.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType

_SECTION = re.compile(r"\[([\w .-]*)\]")


@cache
def word_lists(path: str) -> Mapping[str, tuple[str, ...]]:
    """The phrases of a file by section, divided by commas or line ends."""
    return MappingProxyType(
        {
            section: tuple(filter(None, (phrase.strip() for phrase in ",".join(rows).split(","))))
            for section, rows in line_lists(path).items()
        }
    )


@cache
def word_set(path: str, section: str) -> frozenset[str]:
    """The phrases of one section, to look one up."""
    return frozenset(word_lists(path)[section])


@cache
def line_lists(path: str) -> Mapping[str, tuple[str, ...]]:
    """The rows of a file by section, in their order."""
    found: dict[str, list[str]] = {}
    for section, row in rows_of(text_file(path)):
        found.setdefault(section, []).append(row)
    return MappingProxyType({section: tuple(rows) for section, rows in found.items()})


@cache
def meanings(path: str) -> Mapping[str, tuple[str, ...]]:
    """The rows "meaning: one, another" of a file without sections: what is written for each."""
    found: dict[str, tuple[str, ...]] = {}
    for row in line_lists(path)[""]:
        meant, _, written = row.partition(":")
        listed = tuple(filter(None, map(str.strip, written.split(","))))
        found[meant.strip()] = (*found.get(meant.strip(), ()), *listed)
    return MappingProxyType(found)


def text_file(path: str) -> str:
    """The file as it is."""
    full = path if "/" in path else f"core/text/words/{path}"
    return (resources.files("ingagents") / f"{full}.txt").read_text("utf-8")


def rows_of(text: str) -> Iterator[tuple[str, str]]:
    """Every row of a text with the section it stands in."""
    section = row = ""
    for line in (*text.splitlines(), "[]"):
        if line.startswith((" ", "\t")):
            row += line.strip() if row.endswith("|") else " " + line.strip()
            continue
        if row:
            yield section, row
        named = _SECTION.fullmatch(line.strip())
        row = "" if line.startswith("#") or named else line.strip()
        if named:
            section = named[1]
