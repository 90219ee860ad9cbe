"""Train the second net, say what it is worth, and write its weights into the package.

    python -m tests.training [--data FOLDER] [--dry]

`FOLDER` holds labelled replies that may not be shipped (`reply_suite`, `svara_replies`); without it
the weights are learned from the text here alone and come out a little different. The threshold is
the lowest one that holds 0.5 % of the ordinary replies of `held_out.csv` and 2 % of those of `FOLDER`,
these judged by nets that had not seen them.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from zlib import crc32

import msgspec

from ingagents.core.replies.second_net import to_text
from tests.training.fragments import HERE, Example, composed, expanded, read_languages, read_table
from tests.training.learning import learn
from tests.training.measuring import Judged, figures, judge, lowest_threshold

WEIGHTS = HERE.parents[1] / "ingagents" / "core" / "replies" / "second_net.txt"
HELD_OUT = HERE / "held_out.csv"
FOLDS = 5
_SET_WEIGHT = 0.5
"""A reply of the labelled sets counts half of a line of the training text."""
_MISLABELLED = {"Plz stop contacting me."}
"""Rows of sets that know no opt-outs, and are one."""


def main() -> None:
    """Train, measure, write."""
    parser = argparse.ArgumentParser(prog="python -m tests.training")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--dry", action="store_true", help="measure, but write nothing")
    asked = parser.parse_args()
    sets = _labelled_sets(asked.data)
    print(f"{asked.data}: {len(sets)} labelled replies" if sets else f"{asked.data}: skipped")

    unseen, unseen_sets = _cross_validated(sets)
    print("by fragment, unseen by the net: ", figures(unseen, 0.5), "(threshold 0.5)")

    weights = learn([*_examples(None), *sets], threshold=0.0)
    held_out = judge(read_table(HELD_OUT), weights)
    threshold = lowest_threshold([(held_out, 0.005), (unseen_sets, 0.02)])
    print(f"threshold {threshold}")
    print("by fragment, unseen by the net: ", figures(unseen, threshold))
    print("labelled sets, unseen by the net:", figures(unseen_sets, threshold))
    print("held_out.csv, never trained on:  ", figures(held_out, threshold))
    known = _known_sentences()
    new = [one for one in held_out if _bare(one.example.text) not in known]
    print("of these not word for word known:", figures(new, threshold))
    for language in sorted({one.example.language for one in held_out}):
        rows = [one for one in held_out if one.example.language == language]
        print(f"  {language}: {figures(rows, threshold)}")

    text = to_text(msgspec.structs.replace(weights, threshold=threshold))
    print(f"{len(text):,} bytes of weights")
    if not asked.dry:
        WEIGHTS.write_text(text, "ascii")


def _cross_validated(sets: Sequence[Example]) -> tuple[list[Judged], list[Judged]]:
    """The fragments (by their first sentences) and the sets, judged by nets that never saw them."""
    unseen: list[Judged] = []
    unseen_sets: list[Judged] = []
    for fold in range(FOLDS):
        weights = learn(
            [*_examples(fold), *(one for one in sets if _fold(one.text) != fold)], threshold=0.0
        )
        left_out = [
            Example(text, one.language, one.label)
            for language in read_languages()
            for one in language.fragments
            if _fold(one.line) == fold
            for text in expanded(one)[:2]
        ]
        unseen += judge(left_out, weights)
        unseen_sets += judge([one for one in sets if _fold(one.text) == fold], weights)
    return unseen, unseen_sets


def _examples(left_out: int | None) -> list[Example]:
    """All examples of the training text but for those of one fold."""
    return [
        example
        for language in read_languages()
        for example in composed(
            language, [one for one in language.fragments if _fold(one.line) != left_out]
        )
    ]


def _labelled_sets(folder: Path) -> list[Example]:
    """Replies of the labelled sets; none where the folder is not there."""
    rows: list[Example] = []
    for name in ("reply_suite", "svara_replies"):
        path = folder / name / "dev.csv"
        if path.is_file():
            with path.open(encoding="utf-8", newline="") as file:
                rows += [_labelled(row) for row in csv.DictReader(file)]
    return [replace(one, weight=_SET_WEIGHT) for one in rows]


def _labelled(row: dict[str, str]) -> Example:
    opt_out = row.get("intent") == "opt_out" or row["text"] in _MISLABELLED
    return Example(row["text"], "en", "opt_out" if opt_out else "ordinary")


def _known_sentences() -> set[str]:
    return {
        _bare(text)
        for language in read_languages()
        for fragment in language.fragments
        for text in expanded(fragment)
    }


def _bare(text: str) -> str:
    return "".join(sign for sign in text.casefold() if sign.isalnum())


def _fold(text: str) -> int:
    return crc32(text.encode()) % FOLDS


if __name__ == "__main__":
    main()
