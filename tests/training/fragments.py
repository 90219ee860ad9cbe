"""The training text: fragments in `text/<language>.txt`, expanded into examples the same way always.

A file has the sections `[opt_out]`, `[threat]`, `[ordinary]`, `[opening]` and `[tail]`. A line is one
fragment; `{a|b|}` stands for any of its parts. What is cross-validated is divided by fragment, so that
no two expansions of one line stand on both sides.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from random import Random

HERE = Path(__file__).parent
LABELS = ("ordinary", "opt_out", "threat")
_EXPANSIONS = 12
_ALTERNATIVES = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True)
class Fragment:
    """A line of the training text."""

    language: str
    label: str
    line: str


@dataclass(frozen=True)
class Example:
    """A text to learn from or to measure by; the examples of a fragment share `weight` 1."""

    text: str
    language: str
    label: str
    weight: float = 1.0


@dataclass(frozen=True)
class Language:
    """One file of the training text."""

    code: str
    fragments: tuple[Fragment, ...]
    openings: tuple[str, ...]
    tails: tuple[str, ...]


def read_languages() -> list[Language]:
    """All files of the training text, by language."""
    return [_read(path) for path in sorted((HERE / "text").glob("*.txt"))]


def read_table(path: Path) -> list[Example]:
    """A table with the columns text, language and label."""
    with path.open(encoding="utf-8", newline="") as file:
        return [Example(row["text"], row["language"], row["label"]) for row in csv.DictReader(file)]


def expanded(fragment: Fragment) -> list[str]:
    """A dozen of the sentences a fragment stands for, or all where there are fewer."""
    parts = [
        part.split("|") if place % 2 else [part]
        for place, part in enumerate(_ALTERNATIVES.split(fragment.line))
    ]
    count = 1
    for part in parts:
        count *= len(part)
    if count <= _EXPANSIONS:
        chosen: Iterator[tuple[str, ...]] = product(*parts)
    else:
        chance = Random(fragment.line)
        chosen = (tuple(chance.choice(part) for part in parts) for _ in range(_EXPANSIONS))
    return list(dict.fromkeys(_tidy("".join(one)) for one in chosen))


def composed(language: Language, fragments: Sequence[Fragment]) -> list[Example]:
    """Examples of some of a language's fragments: alone, misspelt, and among other sentences."""
    ordinary = [text for one in fragments if one.label == "ordinary" for text in expanded(one)]
    examples: list[Example] = []
    for fragment in fragments:
        chance = Random(f"{language.code}:{fragment.line}")
        texts = expanded(fragment)
        made = [*texts, *(_misspelt(text, chance) for text in texts[::2])]
        for text in texts[::2]:
            before, after = chance.choice(language.openings), chance.choice(language.tails)
            made.append(f"{before} {text}" if chance.random() < 0.5 else f"{text} {after}")
            if ordinary:
                other = chance.choice(ordinary)
                made.append(f"{other}. {text}" if chance.random() < 0.5 else f"{text}. {other}")
        each = 1 / len(made)
        examples += [Example(text, language.code, fragment.label, each) for text in made]
    around = [*language.openings, *language.tails]
    return [*examples, *(Example(text, language.code, "ordinary", 0.5) for text in around)]


def _misspelt(text: str, chance: Random) -> str:
    """With two letters exchanged or one left out, or without marks."""
    place = chance.randrange(1, max(len(text) - 1, 2))
    match chance.randrange(3):
        case 0:
            return text[:place] + text[place + 1 :]
        case 1:
            return (
                text[:place]
                + text[place + 1 : place + 2]
                + text[place : place + 1]
                + text[place + 2 :]
            )
        case _:
            return re.sub(r"[.,!?;:'-]", "", text)


def _read(path: Path) -> Language:
    sections: dict[str, list[str]] = {name: [] for name in (*LABELS, "opening", "tail")}
    lines = sections["ordinary"]
    for raw in path.read_text("utf-8").splitlines():
        line = raw.strip()
        if line.startswith("["):
            lines = sections[line.strip("[]")]
        elif line and not line.startswith("#"):
            lines.append(line)
    return Language(
        code=path.stem,
        fragments=tuple(
            Fragment(path.stem, label, line) for label in LABELS for line in sections[label]
        ),
        openings=tuple(sections["opening"]),
        tails=tuple(sections["tail"]),
    )


def _tidy(text: str) -> str:
    return re.sub(r"\s+([,.])", r"\1", " ".join(text.split()))
