"""How good answers are, measured on labelled cases: quality, calibration, disagreements.

Plain counting over values. Where a case has other acceptable answers, the strict figures count the
label alone, and those "with alternatives" any of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import msgspec

BINS = 10
"""Bins of confidence, each a tenth wide; a confidence of 1 is in the last."""


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """Something to judge, its label, and what else is right."""

    shown: str
    label: str
    also: tuple[str, ...] = ()

    def accepts(self, label: str) -> bool:
        """Whether a label is right, alternatives included."""
        return label == self.label or label in self.also


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What was judged, how surely (0 to 1), by whom, and the first reason.

    `tone` is the sentiment of a reply, `opt_out` whether it was read as one.
    """

    label: str
    tone: str = ""
    confidence: float
    by: str
    why: str = ""
    opt_out: bool = False


class ClassFigures(msgspec.Struct, frozen=True, kw_only=True):
    """One label's figures; strict."""

    cases: int
    precision: float
    recall: float
    f1: float


class Bin(msgspec.Struct, frozen=True, kw_only=True):
    """Answers of about one confidence: what they claimed, and how many were right."""

    low: float
    cases: int
    stated: float
    right: float


class Disagreement(msgspec.Struct, frozen=True, kw_only=True):
    """A case on which label and answer, or two answers, differ."""

    shown: str
    expected: str
    said: str
    confidence: float
    why: str


class Measured(msgspec.Struct, frozen=True, kw_only=True):
    """Everything about one set of answers. Shares are 0 to 1; `ece` and `brier` better if lower.

    `ece` is the expected calibration error: the mean distance of claimed and true share over the
    bins, by their size. `brier` is the mean square of (confidence - right).
    """

    cases: int
    macro_f1: float
    macro_f1_with_alternatives: float
    accuracy: float
    accuracy_with_alternatives: float
    labels: Mapping[str, ClassFigures]
    confusion: Mapping[str, Mapping[str, int]]
    bins: tuple[Bin, ...]
    ece: float
    brier: float


def measure(cases: Sequence[Case], answers: Sequence[Answer]) -> Measured:
    """Measure answers, one for each case, against the labels."""
    pairs = [(case.label, answer.label) for case, answer in zip(cases, answers, strict=True)]
    lenient = [
        (answer.label if case.accepts(answer.label) else case.label, answer.label)
        for case, answer in zip(cases, answers, strict=True)
    ]
    labels = sorted({label for label, _ in pairs})
    right = [case.accepts(answer.label) for case, answer in zip(cases, answers, strict=True)]
    confidences = [answer.confidence for answer in answers]
    bins = _bins(confidences, right)
    count = max(len(pairs), 1)
    counts = Counter(pairs)
    return Measured(
        cases=len(pairs),
        macro_f1=_macro_f1(pairs, labels),
        macro_f1_with_alternatives=_macro_f1(lenient, labels),
        accuracy=_rounded(sum(truth == said for truth, said in pairs) / count),
        accuracy_with_alternatives=_rounded(sum(right) / count),
        labels={label: _figures(pairs, label) for label in labels},
        confusion={
            truth: {said: counts[truth, said] for said in sorted({said for _, said in pairs})}
            for truth in labels
        },
        bins=bins,
        ece=_rounded(sum(one.cases * abs(one.stated - one.right) for one in bins) / count),
        brier=_rounded(
            sum((claim - good) ** 2 for claim, good in zip(confidences, right, strict=True)) / count
        ),
    )


def disagreements(cases: Sequence[Case], answers: Sequence[Answer]) -> tuple[Disagreement, ...]:
    """The wrong answers, the most confident first."""
    wrong = [
        Disagreement(
            shown=case.shown,
            expected="|".join(filter(None, (case.label, *case.also))),
            said=answer.label,
            confidence=answer.confidence,
            why=answer.why,
        )
        for case, answer in zip(cases, answers, strict=True)
        if not case.accepts(answer.label)
    ]
    return tuple(sorted(wrong, key=lambda one: -one.confidence))


def between(
    cases: Sequence[Case], ours: Sequence[Answer], theirs: Sequence[Answer]
) -> tuple[Disagreement, ...]:
    """Where two judges differ; `expected` is what the second says."""
    return tuple(
        Disagreement(
            shown=case.shown,
            expected=second.label,
            said=first.label,
            confidence=first.confidence,
            why=f"labelled {case.label}; {first.why}",
        )
        for case, first, second in zip(cases, ours, theirs, strict=True)
        if first.label != second.label
    )


def _figures(pairs: Sequence[tuple[str, str]], label: str) -> ClassFigures:
    hits = sum(truth == said == label for truth, said in pairs)
    meant = sum(truth == label for truth, _ in pairs)
    said_so = sum(said == label for _, said in pairs)
    return ClassFigures(
        cases=meant,
        precision=_rounded(hits / max(said_so, 1)),
        recall=_rounded(hits / max(meant, 1)),
        f1=_rounded(2 * hits / max(meant + said_so, 1)),
    )


def _macro_f1(pairs: Sequence[tuple[str, str]], labels: Sequence[str]) -> float:
    """The mean of F1 over the labels that occur in the data."""
    scores = [_figures(pairs, label).f1 for label in labels]
    return _rounded(sum(scores) / max(len(scores), 1))


def _bins(confidences: Sequence[float], right: Sequence[bool]) -> tuple[Bin, ...]:
    inside: dict[int, list[tuple[float, bool]]] = {}
    for claim, good in zip(confidences, right, strict=True):
        place = min(max(int(claim * BINS + 1e-9), 0), BINS - 1)
        inside.setdefault(place, []).append((claim, good))
    return tuple(
        Bin(
            low=place / BINS,
            cases=len(pairs),
            stated=_rounded(sum(claim for claim, _ in pairs) / len(pairs)),
            right=_rounded(sum(good for _, good in pairs) / len(pairs)),
        )
        for place, pairs in sorted(inside.items())
    )


def _rounded(value: float) -> float:
    return round(value, 4)
