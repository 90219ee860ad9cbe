"""Measure the reply analysis on labelled replies: `python -m tests.evaluation.replies [FOLDER]`.

FOLDER (by default ../shared/data) holds `reply_suite/dev.csv` and `svara_replies/dev.csv`; when it
is missing that is said and nothing fails. A column `*_ok` lists further right answers, parted
by "|".
"""

from __future__ import annotations

import csv
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from ingagents.core.response_analyser import analyse_response
from ingagents.model import ResponseAnalysis

DEFAULT_FOLDER = Path("../shared/data")
SETS = ("reply_suite", "svara_replies")
SHOWN = 30


@dataclass(frozen=True)
class Labelled:
    """A reply with its right answers; the first of each list is the label itself."""

    text: str
    detail: str
    intents: tuple[str, ...]
    sentiments: tuple[str, ...]


def main(arguments: list[str]) -> int:
    folder = Path(arguments[0]) if arguments else DEFAULT_FOLDER
    if not folder.is_dir():
        print(f"{folder} is not there: nothing measured.")
        return 0
    paths = [path for name in SETS for path in sorted((folder / name).glob("*.csv"))]
    if not paths:
        print(f"{folder} holds no set of replies: nothing measured.")
    for path in paths:
        _measure(f"{path.parent.name}/{path.name}", _read(path))
    return 0


def _read(path: Path) -> list[Labelled]:
    with path.open(encoding="utf-8", newline="") as file:
        return [_labelled(row) for row in csv.DictReader(file)]


_INTENT_OF_SENTIMENT = {
    "positive": "interested",
    "negative": "not_interested",
    "neutral": "requesting_info",
}


def _labelled(row: dict[str, str]) -> Labelled:
    intents = [row.get("intent_core4") or _INTENT_OF_SENTIMENT[row["sentiment"]]]
    if "core4_ok" in row:
        intents += row["core4_ok"].split("|")
    else:
        intents += [part for part in row.get("intent_ok", "").split("|") if part != "opt_out"]
    sentiments = [row["sentiment"], *row.get("sentiment_ok", "").split("|")]
    return Labelled(
        text=row["text"],
        detail=row.get("intent", ""),
        intents=tuple(filter(None, intents)),
        sentiments=tuple(filter(None, sentiments)),
    )


def _measure(name: str, rows: list[Labelled]) -> None:
    started = perf_counter()
    answers = [analyse_response(row.text) for row in rows]
    milliseconds = (perf_counter() - started) * 1000 / max(len(rows), 1)
    pairs = list(zip(rows, answers, strict=True))
    right = [answer.intent.value in row.intents for row, answer in pairs]
    strict = sum(answer.intent.value == row.intents[0] for row, answer in pairs)
    tone = [
        (
            row.sentiments[0] if answer.sentiment.value not in row.sentiments else answer.sentiment,
            answer.sentiment.value,
        )
        for row, answer in pairs
    ]
    strict_tone = [(row.sentiments[0], answer.sentiment.value) for row, answer in pairs]
    print(f"\n== {name}: {len(rows)} replies, {milliseconds:.2f} ms each (first ones slower)")
    print(
        f"intent accuracy         {sum(right) / len(rows):.3f}  (label alone {strict / len(rows):.3f})"
    )
    print(
        f"sentiment macro-F1      {_macro_f1(tone):.3f}  (label alone {_macro_f1(strict_tone):.3f})"
    )
    _print_confusion(pairs)
    _print_failures(pairs)
    _print_calibration(answers, right)
    print(f"-- first {SHOWN} disagreements")
    wrong = [pair for pair, good in zip(pairs, right, strict=True) if not good]
    for row, answer in wrong[:SHOWN]:
        reason = answer.reasons[0].why if answer.reasons else ""
        print(
            f"{'|'.join(row.intents)} -> {answer.intent} {answer.confidence}: {row.text!r} ({reason})"
        )


def _macro_f1(pairs: list[tuple[str, str]]) -> float:
    scores = []
    for label in ("positive", "negative", "neutral"):
        hits = sum(want == got == label for want, got in pairs)
        total = sum((want == label) + (got == label) for want, got in pairs)
        scores.append(2 * hits / total if total else 0.0)
    return sum(scores) / len(scores)


def _print_confusion(pairs: list[tuple[Labelled, ResponseAnalysis]]) -> None:
    table = Counter((row.detail or row.intents[0], answer.intent.value) for row, answer in pairs)
    columns = sorted({column for _, column in table})
    print("-- labels in rows, answers in columns")
    print(" " * 18 + "".join(f"{column:>17}" for column in columns))
    for label in sorted({label for label, _ in table}):
        print(f"{label:<18}" + "".join(f"{table[label, column]:>17}" for column in columns))


def _print_failures(pairs: list[tuple[Labelled, ResponseAnalysis]]) -> None:
    missed = [row for row, answer in pairs if row.detail == "opt_out" and not answer.opt_out]
    opt_outs = sum(row.detail == "opt_out" for row, _ in pairs)
    print(f"opt-outs missed         {len(missed)} of {opt_outs}")
    for row in missed:
        print(f"    {row.text!r}")
    false = [row for row, answer in pairs if answer.opt_out and "not_interested" not in row.intents]
    print(f"opt-outs wrongly read   {len(false)}")
    for row in false:
        print(f"    {row.text!r}")
    turned = [
        row
        for row, answer in pairs
        if answer.intent == "interested"
        and (row.detail in {"opt_out", "not_interested"} or row.intents[0] == "not_interested")
        and "interested" not in row.intents
    ]
    print(f"refusals read as interest {len(turned)}")
    for row in turned:
        print(f"    {row.text!r}")


def _print_calibration(answers: list[ResponseAnalysis], right: list[bool]) -> None:
    bands: defaultdict[int, list[bool]] = defaultdict(list)
    for answer, good in zip(answers, right, strict=True):
        bands[min(int(answer.confidence * 10), 9)].append(good)
    print("-- calibration: confidence, replies, share right")
    for band, goods in sorted(bands.items()):
        print(
            f"{band / 10:.1f}-{(band + 1) / 10:.1f} {len(goods):>5} {sum(goods) / len(goods):.2f}"
        )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
