"""Logistic regression over hashed pieces of words, in numpy; the result is rounded to bytes."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ingagents.core.replies.second_net import KINDS, Weights, features_of
from tests.training.fragments import LABELS, Example

BUCKETS = 2**16
_STEPS = 150
_PACE = 0.15
_DECAY = 4e-7
"""Holds the weights small: what a single line taught does not outweigh what many teach."""

_SHARES = {"ordinary": 0.6, "opt_out": 0.3, "threat": 0.1}
_COUNTS_FOR = {"en": 4, "de": 2, "fr": 2, "es": 2, "it": 2, "nl": 2, "pt": 2}
"""What a language counts for; 1 for all others. Most answers come in these."""

Numbers = NDArray[np.float64]
Places = NDArray[np.int64]


@dataclass(frozen=True)
class _Matrix:
    """Examples as rows of buckets, one after the other."""

    rows: Places
    buckets: Places
    scale: Numbers
    truth: Places
    weight: Numbers


def learn(examples: Sequence[Example], threshold: float) -> Weights:
    """Weights for examples: the same for the same examples, whatever the machine's mood.

    In every language a label has its share, however many lines were written for it.
    """
    data = _matrix(examples)
    count = len(data.truth)
    kinds = len(KINDS)
    weights, bias = _Adapted((kinds, BUCKETS)), _Adapted((kinds,))
    aim = np.stack([data.truth == place + 1 for place in range(kinds)]).astype(float)
    for step in range(1, _STEPS + 1):
        scores = np.stack(
            [np.bincount(data.rows, one[data.buckets] * data.scale, count) for one in weights.value]
        )
        odds = np.exp(np.clip(scores + bias.value[:, None], -30, 30))
        error = (odds / (1 + odds.sum(axis=0)) - aim) * data.weight
        slope = np.stack(
            [np.bincount(data.buckets, one[data.rows] * data.scale, BUCKETS) for one in error]
        )
        weights.move(slope + _DECAY * weights.value, step)
        bias.move(error.sum(axis=1), step)
    return _rounded(weights.value, bias.value, threshold)


class _Adapted:
    """Numbers that are learned, each at its own pace (Adam: Kingma and Ba, 2015)."""

    def __init__(self, shape: tuple[int, ...]) -> None:
        self.value: Numbers = np.zeros(shape)
        self._mean: Numbers = np.zeros(shape)
        self._square: Numbers = np.zeros(shape)

    def move(self, slope: Numbers, step: int) -> None:
        """Go a step down the slope; from the middle of the way in ever smaller ones."""
        self._mean += 0.1 * (slope - self._mean)
        self._square += 0.01 * (slope * slope - self._square)
        pace = _PACE * min(1.0, 2 * (1 - step / (_STEPS + 1)))
        mean, square = self._mean / (1 - 0.9**step), self._square / (1 - 0.99**step)
        self.value -= pace * mean / (np.sqrt(square) + 1e-9)


def _matrix(examples: Sequence[Example]) -> _Matrix:
    total: dict[tuple[str, str], float] = {}
    for one in examples:
        key = (one.language, one.label)
        total[key] = total.get(key, 0) + one.weight
    parts = {one.language: _COUNTS_FOR.get(one.language, 1) for one in examples}
    whole = sum(parts.values())
    found = [list(features_of(one.text, BUCKETS)[0]) for one in examples]
    lengths = np.array([len(one) for one in found])
    return _Matrix(
        rows=np.repeat(np.arange(len(found)), lengths),
        buckets=np.concatenate([np.array(one, dtype=np.int64) for one in found]),
        scale=np.repeat(1 / np.sqrt(np.maximum(lengths, 1)), lengths),
        truth=np.array([LABELS.index(one.label) for one in examples]),
        weight=np.array(
            [
                one.weight
                / total[one.language, one.label]
                * _SHARES[one.label]
                * parts[one.language]
                / whole
                for one in examples
            ]
        ),
    )


def _rounded(weights: Numbers, bias: Numbers, threshold: float) -> Weights:
    # The few heaviest weights are cut off: they would make all others coarse.
    steps = [float(np.quantile(np.abs(one[one != 0]), 0.9995)) / 127 for one in weights]
    whole = [
        np.clip(np.rint(one / step), -127, 127).astype(np.int8)
        for one, step in zip(weights, steps, strict=True)
    ]
    return Weights(
        buckets=BUCKETS,
        threshold=threshold,
        step=dict(zip(KINDS, steps, strict=True)),
        bias=dict(zip(KINDS, map(float, bias), strict=True)),
        values={kind: array("b", one.tobytes()) for kind, one in zip(KINDS, whole, strict=True)},
    )
