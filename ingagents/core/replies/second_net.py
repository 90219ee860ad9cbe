"""The second net: a small learned look at replies that the rules took for harmless.

It knows 33 languages a little instead of one well: which pieces of words stand in replies that ask
to be left alone, and which in threats and insults. It never decides. What it suspects is held for a
human, so an error of its costs somebody a glance, and an opt-out that no phrase table knows is not
written over.

The weights stand in `second_net.txt`, made by `python -m tests.training` from the text beside that
program. They fit `_features` as it is: who changes how words are cut must train anew.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from base64 import b85decode, b85encode
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from functools import cache
from importlib import resources
from math import exp, sqrt
from zlib import compress, crc32, decompress

import msgspec

from ingagents.core.replies.text import own_words
from ingagents.core.send_policy import SURE_ENOUGH
from ingagents.model import Intent, Reason, ReplyDetail, ResponseAnalysis, Sentiment

NAME = "second-net-1"
"""Stands beside who read a reply that the net holds; raised when the weights are made anew."""
READ_CHARACTERS = 4_000
"""Nothing beyond this is weighed: people say what they want at the start."""
WORDS_SHOWN = 3
_WORD_CHARACTERS = 40
_SHOWN_CHARACTERS = 30
_HELD = SURE_ENOUGH - 0.05
"""The most confidence a reply keeps that is held: a human reads it."""
_QUARTER = 0.25
"""A word is shown as evidence when it weighs at least this share of the heaviest one."""


class Suspected(StrEnum):
    """What a reply may be that the rules took for harmless."""

    NOTHING = ""
    OPT_OUT = "opt_out"
    THREAT = "threat"


class Suspicion(msgspec.Struct, frozen=True, kw_only=True):
    """What the net holds a reply for, how probable that is (0 to 1), and by which words.

    `kind` is `NOTHING` below the threshold of the weights; `probability` then belongs to the more
    probable of the two, and `evidence` is empty.
    """

    kind: Suspected
    probability: float
    evidence: tuple[str, ...] = ()


class Weights(msgspec.Struct, frozen=True, kw_only=True):
    """What was learned: per suspected kind a whole number for every bucket, times `step`.

    `bias` is added before the sum becomes a probability; `threshold` is what a reply is held from.
    """

    buckets: int
    threshold: float
    step: Mapping[Suspected, float]
    bias: Mapping[Suspected, float]
    values: Mapping[Suspected, array[int]]


class _Head(msgspec.Struct, frozen=True, kw_only=True):
    """The first line of the file of weights."""

    buckets: int
    threshold: float
    step: Mapping[Suspected, float]
    bias: Mapping[Suspected, float]


KINDS = (Suspected.OPT_OUT, Suspected.THREAT)
_SAID = {
    Suspected.OPT_OUT: "This may be an opt-out",
    Suspected.THREAT: "This may be a threat, a complaint or an insult",
}
_WELCOME = {Intent.INTERESTED, Intent.REQUESTING_INFO}


def second_look(text: str, read: ResponseAnalysis, weights: Weights) -> ResponseAnalysis:
    """A reading of a reply, held for a human where the net suspects what the reading does not see.

    An opt-out stays one. Who threatens or insults is never called interested.
    """
    if read.opt_out:
        return read
    found = suspicion(own_words(text), weights)
    if found.kind is Suspected.NOTHING:
        return read
    reason = Reason(
        why=f"{_SAID[found.kind]} (second net, {found.probability:.2f}).",
        evidence=", ".join(found.evidence),
        weight=round(found.probability, 2),
    )
    held = msgspec.structs.replace(
        read,
        confidence=min(read.confidence, _HELD),
        reasons=(reason, *read.reasons),
        decided_by=f"{read.decided_by} + {NAME}",
    )
    if found.kind is Suspected.OPT_OUT or read.intent not in _WELCOME:
        return held
    return msgspec.structs.replace(
        held, sentiment=Sentiment.NEGATIVE, intent=Intent.UNCLEAR, detail=ReplyDetail.NONE
    )


def suspicion(text: str, weights: Weights) -> Suspicion:
    """What one reply may be, by its most suspicious sentence or as a whole. Never raises."""
    read = text[:READ_CHARACTERS]
    most = Suspicion(kind=Suspected.NOTHING, probability=0.0)
    for piece in {read: None, **dict.fromkeys(_sentences(read))}:
        found = _of_piece(piece, weights)
        if found.probability > most.probability:
            most = found
    return most


def _of_piece(piece: str, weights: Weights) -> Suspicion:
    features, words = features_of(piece, weights.buckets)
    if not features:
        return Suspicion(kind=Suspected.NOTHING, probability=0.0)
    length = sqrt(len(features))
    scores = {
        kind: weights.bias[kind]
        + weights.step[kind] * sum(map(weights.values[kind].__getitem__, features)) / length
        for kind in KINDS
    }
    odds = {kind: exp(min(score, 50.0)) for kind, score in scores.items()}
    kind = max(KINDS, key=odds.__getitem__)
    # Either reason is reason to hold: what counts is how little is left for an ordinary reply.
    probability = 1 - 1 / (1 + sum(odds.values()))
    if probability < weights.threshold:
        return Suspicion(kind=Suspected.NOTHING, probability=probability)
    return Suspicion(
        kind=kind,
        probability=probability,
        evidence=_heaviest(features, words, weights.values[kind]),
    )


def _heaviest(
    features: Mapping[int, int], words: Sequence[str], values: Sequence[int]
) -> tuple[str, ...]:
    """The words that speak most for the suspicion, as they stand in the reply."""
    weight: dict[int, int] = {}
    for bucket, place in features.items():
        weight[place] = weight.get(place, 0) + values[bucket]
    heaviest = max(weight.values())
    places = [place for place, one in weight.items() if one >= heaviest * _QUARTER and one > 0]
    shown = sorted(sorted(places, key=lambda place: -weight[place])[:WORDS_SHOWN])
    return tuple(dict.fromkeys(words[place][:_SHOWN_CHARACTERS] for place in shown))


# --- how a text is cut --------------------------------------------------------------------------

_SENTENCE = re.compile(r"[^.!?\n\u3002\uff01\uff1f\u061f\u037e]+[!?\uff01\uff1f\u061f\u037e]*")
_WORD = re.compile(r"[^\W\d_]+|\d+|[?!]")
_APOSTROPHE = re.compile(r"(?<=\w)['\u2019\u02bc](?=\w)")
_STROKES = str.maketrans("łøđıħ", "lodih")
_WITHOUT_SPACES = "\u0e00"
"""From here on scripts put no spaces between words, or write a syllable in one sign."""


def features_of(text: str, buckets: int) -> tuple[dict[int, int], list[str]]:
    """The buckets a text falls into, each with the place of its word; and the words as written.

    Pieces of 3 to 5 letters of every word with its ends, the words, and pairs of words next to
    each other or with one between; signs of Chinese, Japanese and Korean in pieces of 1 to 4.
    """
    words = _WORD.findall(_APOSTROPHE.sub("", unicodedata.normalize("NFKC", text)))
    found: dict[int, int] = {}
    for place, feature in _features([_folded(word) for word in words]):
        found.setdefault(crc32(feature.encode("utf-8", "replace")) % buckets, place)
    return found, words


def _features(words: Sequence[str]) -> Iterator[tuple[int, str]]:
    before = last = ""
    for place, word in enumerate(words):
        yield place, word
        yield place, f"{last} {word}"
        yield place, f"{before} * {word}"
        if len(word) > 1:
            for piece in _pieces(word):
                yield place, piece
        before, last = last, word


def _pieces(word: str) -> Iterator[str]:
    if word[0] >= _WITHOUT_SPACES:
        sizes, ended = range(1, 5), word
    else:
        sizes, ended = range(3, 6), f"<{word}>"
    for size in sizes:
        for start in range(len(ended) - size + 1):
            yield f"#{ended[start : start + size]}"


def _folded(word: str) -> str:
    """Small letters without accents and strokes; all numbers alike."""
    if word[0].isdigit():
        return "0"
    parts = unicodedata.normalize("NFD", word[:_WORD_CHARACTERS].casefold())
    plain = "".join(sign for sign in parts if not unicodedata.combining(sign))
    return unicodedata.normalize("NFC", plain).translate(_STROKES)


def _sentences(text: str) -> list[str]:
    return [match.group() for match in _SENTENCE.finditer(text)]


# --- the weights --------------------------------------------------------------------------------


@cache
def learned() -> Weights:
    """The weights of the package, read once, when the first reply is looked at."""
    return from_text((resources.files(__package__) / "second_net.txt").read_text("ascii"))


def to_text(weights: Weights) -> str:
    """The weights as a text file: a line about them, then the packed numbers in lines."""
    head = _Head(
        buckets=weights.buckets,
        threshold=weights.threshold,
        step=weights.step,
        bias=weights.bias,
    )
    packed = compress(b"".join(weights.values[kind].tobytes() for kind in KINDS), 9)
    letters = b85encode(packed).decode("ascii")
    lines = [letters[start : start + 100] for start in range(0, len(letters), 100)]
    return "\n".join([msgspec.json.encode(head).decode("ascii"), *lines, ""])


def from_text(text: str) -> Weights:
    """The weights out of what `to_text` made.

    Raises:
        ValueError: the text is damaged.
    """
    first, _, rest = text.partition("\n")
    head = msgspec.json.decode(first, type=_Head)
    numbers = decompress(b85decode(rest.replace("\n", "")))
    if len(numbers) != head.buckets * len(KINDS):
        raise ValueError("the second net's weights are incomplete")
    parts = (numbers[place * head.buckets :][: head.buckets] for place in range(len(KINDS)))
    return Weights(
        buckets=head.buckets,
        threshold=head.threshold,
        step=head.step,
        bias=head.bias,
        values={kind: array("b", part) for kind, part in zip(KINDS, parts, strict=True)},
    )
