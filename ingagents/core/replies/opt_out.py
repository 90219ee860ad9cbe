"""Opt-outs put together from their parts, so that no language needs every sentence written out.

To ask to be left alone is built alike everywhere: a "not" with "write to me"; "remove" with "me" or
"from the list"; "stop" with "writing"; "no more" with "messages"; an objection to "processing"; a
consent withdrawn; a subscription cancelled. The language files say which words those are; here it
is said how they stand together. A "not" before "remove" or "stop" turns them round, and "do not
write before May" is a later, no never.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise, product

import msgspec

from ingagents.core.replies.notation import Cue, Part
from ingagents.core.replies.phrases import Found
from ingagents.core.replies.text import PlainReply

Parts = Mapping[Part, Sequence[Found]]

_SHORT_SENTENCE = 4
_EACH = 8
"""Of each part so many are looked at in a sentence; nobody says "stop" more often in earnest."""


class _Shape(msgspec.Struct, frozen=True, kw_only=True):
    """Parts that are an opt-out when they stand together, in any order."""

    parts: tuple[Part, ...]
    gap: int
    """Words that may stand between one part and the next."""
    beside: frozenset[Part] = frozenset()
    """One of these must stand in the sentence too, or the sentence be short."""
    over_commas: bool = False
    undone_by_not: bool = False
    """A "not" beside it means the opposite: "do not remove me"."""
    later: bool = False
    """With "before" or "until" in the sentence it only asks for another time."""
    asked: bool = True
    """A question may be an order ("could you remove me?"); without a "me" it is none."""


_TO_ME = frozenset((Part.ME, Part.AGAIN))
_MINE = frozenset((Part.ME, Part.MY))
_SHAPES = (
    _Shape(parts=(Part.NOT, Part.CONTACT), gap=3, beside=_TO_ME, later=True),
    _Shape(parts=(Part.NO_CONTACT,), gap=0, beside=_TO_ME, later=True),
    _Shape(parts=(Part.REMOVE, Part.ME), gap=3, undone_by_not=True),
    _Shape(parts=(Part.REMOVE, Part.LIST), gap=1, undone_by_not=True, asked=False),
    _Shape(parts=(Part.REMOVE, Part.DATA), gap=2, beside=_MINE, undone_by_not=True),
    _Shape(parts=(Part.STOP, Part.CONTACT), gap=3, undone_by_not=True, asked=False),
    _Shape(parts=(Part.STOP, Part.MESSAGE), gap=3, undone_by_not=True, asked=False),
    _Shape(parts=(Part.NOT, Part.WANT, Part.RECEIVE), gap=3, over_commas=True),
    _Shape(parts=(Part.NOT, Part.WANT, Part.MESSAGE), gap=3, asked=False),
    _Shape(parts=(Part.NOT, Part.WANT, Part.CONTACT, Part.ME), gap=3, over_commas=True),
    _Shape(parts=(Part.NO_WANT, Part.RECEIVE), gap=4, over_commas=True),
    _Shape(parts=(Part.NO_WANT, Part.MESSAGE), gap=4),
    _Shape(parts=(Part.NO_WANT, Part.CONTACT, Part.ME), gap=4, over_commas=True),
    _Shape(parts=(Part.NOT, Part.AGAIN, Part.MESSAGE), gap=1, asked=False),
    _Shape(parts=(Part.NOT, Part.AGAIN, Part.RECEIVE), gap=3, asked=False),
    _Shape(parts=(Part.OBJECT, Part.PROCESSING), gap=4),
    _Shape(parts=(Part.OBJECT, Part.DATA), gap=5),
    _Shape(parts=(Part.WITHDRAW, Part.CONSENT), gap=3, undone_by_not=True),
    _Shape(parts=(Part.NOT, Part.CONSENT), gap=3, asked=False),
    _Shape(parts=(Part.CANCEL, Part.SUBSCRIPTION), gap=3, undone_by_not=True, asked=False),
)


class _Sentence(msgspec.Struct, frozen=True, kw_only=True):
    """A sentence with the parts of one language in it, and the places of its words."""

    language: str
    places: tuple[int, ...]
    commas: tuple[int, ...]
    asks: bool
    dense: bool
    """Written without spaces: every sign counts as a word, and two of them make one."""
    parts: dict[Part, list[Found]]

    def between(self, left: Found, right: Found) -> int:
        """How many words stand between two parts; negative when they overlap."""
        first, second = (left, right) if left.start <= right.start else (right, left)
        if second.start < first.end:
            return -1
        count = sum(first.end < place < second.start for place in self.places)
        return count // 2 if self.dense else count

    @property
    def short(self) -> bool:
        """Whether the sentence has so few words that nothing else can be meant."""
        return len(self.places) <= (_SHORT_SENTENCE * 2 if self.dense else _SHORT_SENTENCE)

    def near(self, parts: Sequence[Part], item: Found, words: int) -> Found | None:
        """One of these parts at most so many words from an item, no comma between them."""
        for part in parts:
            for other in self.parts.get(part, ()):
                if 0 <= self.between(item, other) <= words and not self.parted(item, other):
                    return other
        return None

    def parted_behind(self, item: Found) -> bool:
        """Whether a comma stands somewhere behind a part."""
        return any(comma >= item.end for comma in self.commas)

    def parted(self, left: Found, right: Found) -> bool:
        """Whether a comma stands between two parts."""
        low, high = min(left.end, right.end), max(left.start, right.start)
        return any(low <= comma < high for comma in self.commas)


def composed(reply: PlainReply, parts: Parts) -> Iterator[Found]:
    """The opt-outs that the parts of a reply make together, what denies one, and what puts off."""
    before: dict[str, _Sentence] = {}
    for sentence in _sentences(reply, parts):
        for shape in _SHAPES:
            if all(part in sentence.parts for part in shape.parts):
                yield from _made(shape, sentence)
        yield from _delete_it(before.get(sentence.language), sentence)
        before[sentence.language] = sentence


def _delete_it(before: _Sentence | None, sentence: _Sentence) -> Iterator[Found]:
    """Where did you get my number? Delete it: the thing itself stands in the sentence before."""
    asked = before is not None and before.asks and Part.DATA in before.parts
    if not asked or Part.NOT in sentence.parts or len(sentence.places) > _DELETE_IT_WORDS:
        return
    for item in sentence.parts.get(Part.REMOVE, ()):
        yield msgspec.structs.replace(item, cue=Cue.OPT_OUT)


_DELETE_IT_WORDS = 6


def is_plain(item: Found, reply: PlainReply, parts: Parts) -> bool:
    """Whether an opt-out says whom it means: me, our list, any more, please; or says nothing else.

    "Stop", "unsubscribe" or "remove" with an object of its own is a word that has many uses.
    """
    index = max(i for i, start in enumerate(reply.starts) if start <= item.start)
    begin = reply.starts[index]
    end = reply.starts[index + 1] if index + 1 < len(reply.starts) else len(reply.text)
    others = [one for one in parts.get(Part.OTHER, ()) if begin <= one.start < end]
    words = reply.text[begin:end].split()
    if any(0 <= one.start - item.end <= _NEXT_WORDS for one in others):
        return False
    if any(item.end <= one.start < end for one in parts.get(Part.RATHER, ())):
        return False  # "no more mails please, rather call me, I am in"
    stops = [one for one in parts.get(Part.STOP, ()) if one.start <= item.start < one.end]
    about = [one for part in _ABOUT_MESSAGES for one in parts.get(part, ())]
    alone = bool(stops) and max(one.end for one in stops) >= item.end
    if (
        alone
        and len(words) > _SHORT_SENTENCE
        and not any(begin <= one.start < end for one in about)
    ):
        return False  # "Stop calling me doctor, I am in": what is to stop is no message
    if len([word for word in words if word.isalnum()]) <= _SHORT_SENTENCE:
        return True
    return any(
        item.start - _NEXT_WORDS <= one.start <= item.end + _NEXT_WORDS
        for part in (Part.ME, Part.MY, Part.AGAIN, Part.LIST, Part.PLEASE, Part.WANT, Part.NO_WANT)
        for one in parts.get(part, ())
        if begin <= one.start < end
    )


_ABOUT_MESSAGES = (Part.CONTACT, Part.MESSAGE, Part.LIST, Part.DATA, Part.SUBSCRIPTION)
_NEXT_WORDS = 16
"""Characters, about two or three words."""


def _sentences(reply: PlainReply, parts: Parts) -> Iterator[_Sentence]:
    """Every sentence once for each language that has parts in it."""
    ends = (*reply.starts[1:], len(reply.text))
    items = sorted((item for part in parts.values() for item in part), key=lambda item: item.start)
    next_item = 0
    for begin, end in zip(reply.starts, ends, strict=False):
        by_language: dict[str, dict[Part, list[Found]]] = {}
        while next_item < len(items) and items[next_item].start < end:
            item = items[next_item]
            of_part = by_language.setdefault(item.language, {}).setdefault(Part(item.cue), [])
            if len(of_part) < _EACH:
                of_part.append(item)
            next_item += 1
        if not by_language:
            continue
        places = tuple(match.start() for match in _WORD.finditer(reply.text, begin, end))
        commas = tuple(match.start() for match in _COMMA.finditer(reply.text, begin, end))
        for language, found in by_language.items():
            yield _Sentence(
                language=language,
                places=places,
                commas=commas,
                asks="?" in reply.text[end - 3 : end],
                dense=bool(_IDEOGRAPH.search(reply.text, begin, end)),
                parts=found,
            )


_WORD = re.compile(r"[^ .,?!]+")
_COMMA = re.compile(r",")
_IDEOGRAPH = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")


def _made(shape: _Shape, sentence: _Sentence) -> Iterator[Found]:
    if sentence.asks and not shape.asked and Part.ME not in sentence.parts:
        return
    if shape.beside and not sentence.short and shape.beside.isdisjoint(sentence.parts):
        return
    for chosen in product(*(sentence.parts[part] for part in shape.parts)):
        row = sorted(chosen, key=lambda item: item.start)
        gaps = [sentence.between(*pair) for pair in pairwise(row)]
        if any(not 0 <= gap <= shape.gap for gap in gaps):
            continue
        if not shape.over_commas and sentence.parted(row[0], row[-1]):
            continue
        whole = msgspec.structs.replace(row[0], cue=Cue.OPT_OUT, end=row[-1].end)
        words = " ... ".join(item.words for item in row)
        if (shape.undone_by_not and _denied(whole, sentence)) or _elsewhere(whole, sentence):
            yield msgspec.structs.replace(whole, cue=Cue.NOT_OPT_OUT, words=words)
        elif shape.later and Part.BEFORE in sentence.parts:
            yield msgspec.structs.replace(whole, cue=Cue.NOT_OPT_OUT, words=words)
            yield msgspec.structs.replace(whole, cue=Cue.NOT_NOW, words=words)
        else:
            yield msgspec.structs.replace(whole, words=words)


def _elsewhere(whole: Found, sentence: _Sentence) -> bool:
    """Whether another thing is meant ("delete my last mail") or another way ("mail me rather")."""
    again = sentence.parts.get(Part.AGAIN, ())
    others = [
        one
        for one in sentence.parts.get(Part.OTHER, ())
        if not any(more.start <= one.start < more.end for more in again)  # "otra vez" is "again"
    ]
    if any(whole.start <= one.start < whole.end for one in others):
        return True
    if Part.AGAIN in sentence.parts or not sentence.parted_behind(whole):
        return False
    return any(one.start >= whole.end for one in sentence.parts.get(Part.RATHER, ()))


def _denied(whole: Found, sentence: _Sentence) -> bool:
    """Whether a "not" stands in, right before or behind it and denies it, not something else."""
    for item in (*sentence.parts.get(Part.NOT, ()), *sentence.parts.get(Part.NO_REMOVE, ())):
        if whole.start <= item.start < whole.end:
            return True
        if 0 <= sentence.between(item, whole) <= 2 and not sentence.parted(item, whole):
            return sentence.near((Part.CONTACT,), item, 2) is None
    return False
