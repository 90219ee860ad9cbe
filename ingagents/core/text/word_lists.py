"""The word lists of the core: text files in `words`, read at the first use and kept.

A file has sections, `[name]`, and under each its entries; a line that starts with # is a comment.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType


@cache
def word_lists(name: str) -> Mapping[str, tuple[str, ...]]:
    """The phrases of `words/<name>.txt` by section, divided by commas or line ends."""
    return MappingProxyType(
        {
            section: tuple(filter(None, (phrase.strip() for phrase in ",".join(lines).split(","))))
            for section, lines in line_lists(name).items()
        }
    )


@cache
def line_lists(name: str) -> Mapping[str, tuple[str, ...]]:
    """The lines of `words/<name>.txt` by section, in their order."""
    text = (resources.files(__package__) / "words" / f"{name}.txt").read_text("utf-8")
    found: dict[str, tuple[str, ...]] = {}
    section = ""
    for line in text.splitlines():
        if line.startswith("[") and line.endswith("]"):
            section = line[1:-1]
        elif line and not line.startswith("#"):
            found[section] = (*found.get(section, ()), line)
    return MappingProxyType(found)
