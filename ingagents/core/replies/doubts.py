"""Opt-outs that may be none: their words, in a sentence that tells or asks, or means another thing.

"You never wrote to me again" has the words of an opt-out and is the opposite of one; "I opt out of
the dinner" leaves something else. Neither may cost somebody the event, nor be taken for a yes: who
is only doubted is shown to a human. `[told]` of the language files are the words of telling and
asking, `[the]` those that announce a thing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from ingagents.core.replies.notation import Part
from ingagents.core.replies.phrases import Found

Parts = Mapping[Part, Sequence[Found]]


def parted(opt_outs: Sequence[Found], text: str, parts: Parts) -> tuple[list[Found], list[Found]]:
    """The opt-outs that order to be left alone, and those that may mean something else."""
    plain: list[Found] = []
    doubted: list[Found] = []
    for run in _runs(opt_outs):
        doubt = _is_told(run, parts) or _has_own_object(run, text, parts)
        (doubted if doubt else plain).extend(run)
    return plain, doubted


def _runs(items: Sequence[Found]) -> Iterator[list[Found]]:
    """Those that overlap, together: several phrases see the same words as an opt-out."""
    run: list[Found] = []
    for item in sorted(items, key=lambda item: item.start):
        if run and item.start >= _end(run):
            yield run
            run = []
        run.append(item)
    if run:
        yield run


def _end(run: Sequence[Found]) -> int:
    return max(item.end for item in run)


def _is_told(run: Sequence[Found], parts: Parts) -> bool:
    """Whether it lies in words that tell or ask: "why do you not write", "I was removed"."""
    return any(
        told.start < _end(run) and run[0].start < told.end for told in parts.get(Part.TOLD, ())
    )


def _has_own_object(run: Sequence[Found], text: str, parts: Parts) -> bool:
    """Whether a thing is named right behind it that is no message, list or data of theirs.

    "Any more" leaves no doubt: nothing of the kind is wanted.
    """
    ends = {item.language: item.end for item in sorted(run, key=lambda item: item.end)}
    for the in parts.get(Part.THE, ()):
        thing = _THING.match(text, the.end)
        end = ends.get(the.language, -1)
        if the.start != end + 1 or thing is None:
            continue
        known = (one for part in _NO_OWN_OBJECT for one in parts.get(part, ()))
        again = (one for one in parts.get(Part.AGAIN, ()) if one.start >= run[0].start)
        return not any(
            one.start < thing.end() and one.end > run[0].start
            for one in (*again, *(one for one in known if one.end > end))
        )
    return False


_THING = re.compile(r" [^ .,?!]+(?: [^ .,?!]+)?")
"""The thing's name, perhaps with a word before it: "the annoying mails"."""
_NO_OWN_OBJECT = (
    Part.LIST,
    Part.DATA,
    Part.MESSAGE,
    Part.SUBSCRIPTION,
    Part.CONTACT,
    Part.PROCESSING,
    Part.PLEASE,
)
