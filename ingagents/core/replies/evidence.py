"""What speaks for what in a reply: the cues found, without those that only look like one.

Traps cross out what they touch ("don't stop"), a yes behind a "not" becomes a refusal, and from a
sentence that gives orders to a system on, nothing counts towards interest.
"""

from __future__ import annotations

import re
from bisect import bisect_left

import msgspec

from ingagents.core.replies.doubts import parted
from ingagents.core.replies.language_tables import Told, tell_languages
from ingagents.core.replies.notation import Cue, Part
from ingagents.core.replies.opt_out import composed, is_plain
from ingagents.core.replies.phrases import Found, find
from ingagents.core.replies.text import KEPT_CHARACTERS, PlainReply
from ingagents.core.text import languages

YES = (Cue.INTEREST, Cue.LIKING, Cue.ASSENT, Cue.MEETING)
STRONG_YES = (Cue.INTEREST, Cue.MEETING)


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """The cues of a reply that stand, and where."""

    reply: PlainReply
    told: Told
    found: dict[Cue, list[Found]]
    parts: dict[Part, list[Found]]

    def has(self, *cues: Cue) -> bool:
        return any(self.found.get(cue) for cue in cues)

    def count(self, *cues: Cue) -> int:
        return sum(len(self.found.get(cue, ())) for cue in cues)

    def last(self, *cues: Cue) -> int:
        """Where the last of these cues starts; -1 when there is none."""
        return max((item.start for cue in cues for item in self.found.get(cue, ())), default=-1)

    def says_no_after(self, offset: int) -> bool:
        """True when a "not" stands behind that place, outside harmless phrases."""
        return self._says_no(offset, len(self.reply.text))

    def takes_back(self) -> bool:
        """True when a "not" stands in the same sentence behind the last yes ("for them, not us")."""
        last = self.last(*YES)
        end = _SENTENCE_END.search(self.reply.text, last)
        return last >= 0 and self._says_no(last, end.start() if end else len(self.reply.text))

    def turns_after(self, offset: int) -> int:
        """Where the first "but" behind that place stands; -1 when there is none."""
        turns = (item.start for item in self.parts.get(Part.TURN, ()) if item.start >= offset)
        return min(turns, default=-1)

    def plain_opt_out(self) -> bool:
        """True when one of the opt-outs says whom it means, or no yes is beside it.

        "Stop asking about the budget, the answer is yes" has the word and means something else.
        """
        items = self.found.get(Cue.OPT_OUT, ())
        return not self.has(*STRONG_YES, Cue.ASSENT) or any(
            is_plain(item, self.reply, self.parts) for item in items
        )

    def praises_after_a_turn(self) -> bool:
        """Whether the only praise stands behind a "but", and a request behind that."""
        praise = self.last(Cue.LIKING)
        turned = any(item.start < praise for item in self.parts.get(Part.TURN, ()))
        return turned and self.last(Cue.REQUEST) > praise

    def _says_no(self, start: int, end: int) -> bool:
        harmless = _harmless(self.found)
        return any(
            start <= item.start < end and not _inside(item.start, harmless)
            for item in self.parts.get(Part.NOT, ())
        )

    @property
    def asks(self) -> bool:
        return " ?" in self.reply.text

    @property
    def words(self) -> int:
        """How many words the reply has."""
        return sum(1 for _ in _WORD.finditer(self.reply.text))


def collect(reply: PlainReply) -> Evidence:
    """All cues in the first part; opt-outs in everything that was read."""
    told = tell_languages(reply)
    kept = bisect_left(reply.starts, KEPT_CHARACTERS)
    read = find(
        reply.text[:KEPT_CHARACTERS] + " .",
        reply.starts[:kept],
        told.of_sentences[:kept],
        _EVERYTHING,
    )
    if len(reply.text) > KEPT_CHARACTERS:
        read = [item for item in read if item.cue not in _FOR_OPT_OUTS]
        read += find(reply.text, reply.starts, told.of_sentences, _FOR_OPT_OUTS)
    by_cue: dict[Cue, list[Found]] = {}
    parts: dict[Part, list[Found]] = {}
    for item in read:
        if isinstance(item.cue, Part):
            parts.setdefault(item.cue, []).append(item)
        else:
            by_cue.setdefault(item.cue, []).append(item)
    for item in composed(reply, parts):
        by_cue.setdefault(Cue(item.cue), []).append(item)
    for cue, traps in _TRAP_OF.items():
        crossed_out = [trap for name in traps for trap in by_cue.get(name, ())]
        if crossed_out and cue in by_cue:
            by_cue[cue] = [item for item in by_cue[cue] if not _touches(item, crossed_out)]
    opt_outs = by_cue.get(Cue.OPT_OUT, ())
    by_cue[Cue.OPT_OUT], by_cue[Cue.DOUBTED] = parted(opt_outs, reply.text, parts)
    _turn_negated(reply.text, by_cue, parts)
    _drop_instructed(reply.text, by_cue)
    # "Is this an automatic reply?" is none.
    by_cue[Cue.AWAY] = [
        item for item in by_cue.get(Cue.AWAY, ()) if not _asked(reply.text, item.start)
    ]
    return Evidence(reply=reply, told=told, found=by_cue, parts=parts)


_EVERYTHING: frozenset[Cue | Part] = frozenset((*Cue, *Part))
_FOR_OPT_OUTS: frozenset[Cue | Part] = frozenset((Cue.OPT_OUT, Cue.NOT_OPT_OUT, *Part))
_TRAP_OF = {
    Cue.OPT_OUT: (Cue.NOT_OPT_OUT,),
    Cue.REFUSAL: (Cue.NOT_REFUSAL,),
    Cue.OBJECTION: (Cue.NOT_REFUSAL,),
    Cue.NOT_NOW: (Cue.NOT_REFUSAL,),
    Cue.MOCKERY: (Cue.REQUEST,),
    Cue.INTEREST: (Cue.NOT_INTEREST, Cue.LAPSED, Cue.SUSPICION, Cue.MOCKERY),
    Cue.LIKING: (Cue.NOT_INTEREST, Cue.LAPSED, Cue.MOCKERY),
    Cue.ASSENT: (Cue.NOT_INTEREST, Cue.LAPSED, Cue.MOCKERY),
    Cue.MEETING: (Cue.NOT_INTEREST, Cue.LAPSED, Cue.SUSPICION),
    Cue.REQUEST: (Cue.SUSPICION,),
}


def _asked(text: str, offset: int) -> bool:
    end = _SENTENCE_END.search(text, offset)
    return end is not None and end.group().strip() == "?"


def _touches(item: Found, others: list[Found]) -> bool:
    return any(item.start < other.end and other.start < item.end for other in others)


def _harmless(found: dict[Cue, list[Found]]) -> list[Found]:
    return [*found.get(Cue.NOT_REFUSAL, ()), *found.get(Cue.NOT_OPT_OUT, ())]


def _inside(offset: int, items: list[Found]) -> bool:
    return any(item.start <= offset < item.end for item in items)


# --- a "not" and what it denies -------------------------------------------------------------------

_WORD = re.compile(r"[^ .,?!]+")
_SENTENCE_END = re.compile(r" [.?!](?: |$)")
_NEGATION_REACH = 4
"""Words between a "not" and what it negates; further away it mostly belongs to something else."""


class _Nots(msgspec.Struct, frozen=True, kw_only=True):
    """Where the words stand that deny, and those that end what a denial reaches."""

    before: list[int]
    own: frozenset[tuple[str, int]]
    """The places again, each with the language in which the word denies."""
    behind: frozenset[int]
    ends: frozenset[int]


def _turn_negated(
    text: str, by_cue: dict[Cue, list[Found]], parts: dict[Part, list[Found]]
) -> None:
    """A yes behind a "not" speaks against, and a no behind a "not" is none."""
    harmless = _harmless(by_cue)
    denials = [item for item in parts.get(Part.NOT, ()) if not _inside(item.start, harmless)]
    nots = _Nots(
        before=sorted({item.start for item in denials}),
        own=frozenset((item.language, item.start) for item in denials),
        behind=frozenset(item.start for item in parts.get(Part.NOT_AFTER, ())),
        ends=frozenset(
            item.start for part in (Part.TURN, Part.JOINT) for item in parts.get(part, ())
        ),
    )
    refusals = by_cue.get(Cue.REFUSAL, ())
    by_cue[Cue.DENIED] = [item for item in refusals if _denies_refusal(text, item, nots)]
    by_cue[Cue.REFUSAL] = [item for item in refusals if item not in by_cue[Cue.DENIED]]
    for cue in YES:
        kept: list[Found] = []
        for item in by_cue.get(cue, ()):
            if not _negated(text, item, nots):
                kept.append(item)
            else:
                turned = _turned(text, item)
                by_cue.setdefault(turned, []).append(msgspec.structs.replace(item, cue=turned))
        by_cue[cue] = kept


def _turned(text: str, item: Found) -> Cue:
    """A "not interested" declines, "not sure I'm interested" doubts, "can't meet" objects."""
    if item.cue is not Cue.INTEREST:
        return Cue.OBJECTION
    before = text[max(0, item.start - 40) : item.start]
    unsure = any(f" {word} " in before for word in languages.words("sure"))
    return Cue.UNSURE if unsure else Cue.REFUSAL


def _negated(text: str, item: Found, nots: _Nots) -> bool:
    places = nots.before
    inside = places[bisect_left(places, item.start) : bisect_left(places, item.end)]
    if any((item.language, place) in nots.own for place in inside):
        return True  # within the phrase itself "be" is no Lithuanian "without"
    if _denied_before(text, item, nots) >= 0:
        return True
    offset = item.end
    for word in text[item.end : item.end + 30].split()[:2]:
        offset = text.find(word, offset)
        if word in {",", ".", "?", "!"} or offset in nots.ends:
            return False
        if offset in nots.behind:
            return True
    return False


def _denied_before(text: str, item: Found, nots: _Nots) -> int:
    """Where the "not" stands that reaches a phrase from before it; -1 when there is none."""
    before = text[max(0, item.start - 60) : item.start]
    offset = item.start
    for word in reversed(before.split()[-_NEGATION_REACH:]):
        offset = text.rfind(word, 0, offset)
        if word in {",", ".", "?", "!"} or offset in nots.ends:
            break
        index = bisect_left(nots.before, offset)
        if nots.before[index : index + 1] == [offset]:
            return offset
    return -1


def _denies_refusal(text: str, item: Found, nots: _Nots) -> bool:
    """Whether a "not" denies a no: "I would not decline". A second no makes no yes ("no, not for us").

    What opens the sentence is an answer of its own ("No we decline") unless the phrase follows it.
    """
    if item.start in nots.before or item.start in nots.ends:
        return False
    place = _denied_before(text, item, nots)
    opens = place >= 2 and text[place - 2] in ".?!"
    return place >= 0 and (not opens or " " not in text[place : item.start - 1])


def _drop_instructed(text: str, by_cue: dict[Cue, list[Found]]) -> None:
    """From a sentence that speaks to a system on, nothing counts towards interest."""
    orders = by_cue.get(Cue.INSTRUCTION)
    if not orders:
        return
    first = min(order.start for order in orders)
    begin = max(text.rfind(mark, 0, first) for mark in (". ", "? ", "! "))
    for cue in (*YES, Cue.REQUEST):
        by_cue[cue] = [item for item in by_cue.get(cue, ()) if item.start < begin]
