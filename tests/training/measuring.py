"""What a set of weights is worth: what it finds and what it holds in vain, as counts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from ingagents.core.replies.second_net import Weights, suspicion
from tests.training.fragments import Example


@dataclass(frozen=True)
class Judged:
    """An example and how suspicious it looked, from 0 to 1."""

    example: Example
    probability: float


@dataclass(frozen=True)
class Counts:
    """How many there were, and how many of them are held."""

    held: int
    all: int

    @property
    def share(self) -> float:
        return self.held / max(self.all, 1)

    def __str__(self) -> str:
        return f"{self.held}/{self.all}"


def judge(examples: Iterable[Example], weights: Weights) -> list[Judged]:
    """How suspicious each example looks."""
    return [Judged(one, suspicion(one.text, weights).probability) for one in examples]


def count(judged: Sequence[Judged], threshold: float, among: Callable[[Example], bool]) -> Counts:
    """How many of some examples a threshold holds."""
    chosen = [one for one in judged if among(one.example)]
    return Counts(sum(one.probability >= threshold for one in chosen), len(chosen))


def figures(judged: Sequence[Judged], threshold: float) -> str:
    """One line: opt-outs and threats found, ordinary replies held in vain."""
    parts = (
        f"{said} {count(judged, threshold, lambda one, label=label: one.label == label)}"  # type: ignore[misc]
        for label, said in (
            ("opt_out", "opt-outs held"),
            ("threat", "threats held"),
            ("ordinary", "ordinary held in vain"),
        )
    )
    return ", ".join(parts)


def lowest_threshold(bounds: Sequence[tuple[Sequence[Judged], float]]) -> float:
    """The lowest threshold, from 0.5 in steps of 0.05, within the share of false holds of each.

    Raises:
        ValueError: no threshold keeps within them.
    """
    for step in range(10, 20):
        threshold = step / 20
        shares = (
            count(judged, threshold, lambda one: one.label == "ordinary").share
            for judged, _ in bounds
        )
        if all(share <= most for share, (_, most) in zip(shares, bounds, strict=True)):
            return threshold
    raise ValueError("every threshold holds too many ordinary replies")
