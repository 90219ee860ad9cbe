"""Chance without a stream: every question about a person has its own hash, asked in any order."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from hashlib import blake2b
from typing import TypeVar

T = TypeVar("T")


class Draw:
    """Numbers that depend only on the seed and the key, never on what was drawn before."""

    __slots__ = ("_bits", "_key", "_pool", "_refills")

    def __init__(self, seed: int, *key: str | int) -> None:
        self._key = "\x1f".join(map(str, (seed, *key))).encode("utf-8", "surrogatepass")
        self._refills = 0
        self._fill()

    def _fill(self) -> None:
        salt = self._refills.to_bytes(8, "big")
        self._pool = int.from_bytes(blake2b(self._key, digest_size=64, salt=salt).digest(), "big")
        self._bits = 512
        self._refills += 1

    def below(self, bound: int) -> int:
        """A whole number from 0 to `bound` - 1."""
        cost = bound.bit_length() + 8  # eight bits more keep the remainder's bias under 1 in 256
        if self._bits < cost:
            self._fill()
        self._bits -= cost
        self._pool, shifted = divmod(self._pool, 1 << cost)
        return shifted % bound

    def fraction(self) -> float:
        """A number from 0 up to 1."""
        return self.below(1 << 32) / (1 << 32)

    def between(self, low: float, high: float) -> float:
        """A number from `low` up to `high`."""
        return low + (high - low) * self.fraction()

    def chance(self, probability: float) -> bool:
        """True in so many of all cases."""
        return self.fraction() < probability

    def pick(self, options: Sequence[T]) -> T:
        """One of the options, all alike."""
        return options[self.below(len(options))]

    def weighted(self, options: Sequence[T], weights: Sequence[int]) -> T:
        """One of the options, each as often as its weight says."""
        left = self.below(sum(weights))
        for option, weight in zip(options, weights, strict=True):
            left -= weight
            if left < 0:
                return option
        raise AssertionError("the weights are used up before the draw is")


def opaque_id(seed: int, *key: str | int) -> str:
    """A 22-character id such as the service gives to chats and messages."""
    digest = blake2b("\x1f".join(map(str, (seed, *key))).encode("utf-8", "surrogatepass"))
    return base64.urlsafe_b64encode(digest.digest()[:16]).decode("ascii").rstrip("=")
