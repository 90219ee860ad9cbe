"""What speaks for what in a reply: the cues found, without those that only look like one.

Traps cross out what they touch ("don't stop"), a yes behind a "not" becomes a refusal, and from a
sentence that gives orders to a system on, nothing counts towards interest.
"""

from __future__ import annotations

import re

import msgspec

from ingagents.core.reply_phrases import Found, find
from ingagents.core.reply_phrases_cues import Cue
from ingagents.core.reply_text import KEPT_CHARACTERS, PlainReply

__all__ = ["STRONG_YES", "YES", "Evidence", "collect"]

YES = (Cue.INTEREST, Cue.LIKING, Cue.ASSENT, Cue.MEETING)
STRONG_YES = (Cue.INTEREST, Cue.MEETING)


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """The cues of a reply that stand, and where."""

    reply: PlainReply
    found: dict[Cue, list[Found]]

    def has(self, *cues: Cue) -> bool:
        return any(self.found.get(cue) for cue in cues)

    def count(self, *cues: Cue) -> int:
        return sum(len(self.found.get(cue, ())) for cue in cues)

    def last(self, *cues: Cue) -> int:
        """Where the last of these cues starts; -1 when there is none."""
        return max((item.start for cue in cues for item in self.found.get(cue, ())), default=-1)

    def says_no_after(self, offset: int) -> bool:
        """True when a "not" of any language stands behind that place, outside harmless phrases."""
        return self._says_no(offset, len(self.reply.text))

    def takes_back(self) -> bool:
        """True when a "not" stands in the same sentence behind the last yes ("for them, not us")."""
        last = self.last(*YES)
        end = _SENTENCE_END.search(self.reply.text, last)
        return last >= 0 and self._says_no(last, end.start() if end else len(self.reply.text))

    def _says_no(self, start: int, end: int) -> bool:
        return any(
            match.group() in _NEGATORS and not self._is_harmless(match.start())
            for match in _WORD.finditer(self.reply.text, start, end)
        )

    def _is_harmless(self, offset: int) -> bool:
        harmless = (*self.found.get(Cue.NOT_REFUSAL, ()), *self.found.get(Cue.NOT_OPT_OUT, ()))
        return any(item.start <= offset < item.end for item in harmless)

    @property
    def asks(self) -> bool:
        return " ?" in self.reply.text


def collect(reply: PlainReply) -> Evidence:
    """All cues in the first part; opt-outs in everything that was read."""
    read = find(reply.text[:KEPT_CHARACTERS] + " .", frozenset(Cue))
    if len(reply.text) > KEPT_CHARACTERS:
        read = [item for item in read if item.cue not in _OPT_OUT_CUES]
        read += find(reply.text, _OPT_OUT_CUES)
    by_cue: dict[Cue, list[Found]] = {}
    for item in read:
        by_cue.setdefault(item.cue, []).append(item)
    for cue, traps in _TRAP_OF.items():
        crossed_out = [trap for name in traps for trap in by_cue.get(name, ())]
        if crossed_out and cue in by_cue:
            by_cue[cue] = [item for item in by_cue[cue] if not _touches(item, crossed_out)]
    _turn_negated(reply.text, by_cue)
    _drop_instructed(reply.text, by_cue)
    return Evidence(reply=reply, found=by_cue)


_TRAP_OF = {
    Cue.OPT_OUT: (Cue.NOT_OPT_OUT,),
    Cue.REFUSAL: (Cue.NOT_REFUSAL,),
    Cue.OBJECTION: (Cue.NOT_REFUSAL,),
    Cue.NOT_NOW: (Cue.NOT_REFUSAL,),
    Cue.INTEREST: (Cue.NOT_INTEREST, Cue.LAPSED, Cue.SUSPICION, Cue.MOCKERY),
    Cue.LIKING: (Cue.NOT_INTEREST, Cue.LAPSED, Cue.MOCKERY),
    Cue.ASSENT: (Cue.NOT_INTEREST, Cue.LAPSED, Cue.MOCKERY),
    Cue.MEETING: (Cue.NOT_INTEREST, Cue.LAPSED, Cue.SUSPICION),
    Cue.REQUEST: (Cue.SUSPICION,),
}
_OPT_OUT_CUES = frozenset({Cue.OPT_OUT, Cue.NOT_OPT_OUT})


def _touches(item: Found, others: list[Found]) -> bool:
    return any(item.start < other.end and other.start < item.end for other in others)


def _turn_negated(text: str, by_cue: dict[Cue, list[Found]]) -> None:
    """A yes behind a "not" speaks against."""
    harmless = [*by_cue.get(Cue.NOT_REFUSAL, ()), *by_cue.get(Cue.NOT_OPT_OUT, ())]
    for cue in YES:
        kept: list[Found] = []
        for item in by_cue.get(cue, ()):
            if not _negated(text, item, harmless):
                kept.append(item)
            else:
                turned = _turned(text, item)
                by_cue.setdefault(turned, []).append(msgspec.structs.replace(item, cue=turned))
        by_cue[cue] = kept


def _turned(text: str, item: Found) -> Cue:
    """A "not interested" declines, "not sure I'm interested" doubts, "can't meet" objects."""
    if item.cue is not Cue.INTEREST:
        return Cue.OBJECTION
    return Cue.UNSURE if " sure " in text[max(0, item.start - 40) : item.start] else Cue.REFUSAL


_NEGATORS = frozenset(
    (
        "not", "no", "never", "nor", "neither", "without", "hardly", "barely", "nobody", "none",
        "nothing", "zero", "doubt", "kein", "keine", "keinen", "keinem", "keiner", "nicht", "nichts",
        "nie", "niemals", "weder", "pas", "rien", "ni", "sin", "nada", "niet", "niets", "geen",
        "nooit", "non", "niente", "nulla", "nao", "nunca", "jamais", "jamas", "tampoco", "aucun",
        "aucune", "ningun", "ninguna", "nessun", "nessuna", "nenhum", "sans", "ohne",
    )
)  # fmt: skip
_WORD = re.compile(r"[^ .,?!]+")
_SENTENCE_END = re.compile(r" [.?!](?: |$)")
_NEGATORS_BEHIND = frozenset(("nicht", "pas", "niet", "plus"))
_CLAUSE_ENDS = frozenset(
    (",", ".", "?", "!", "but", "aber", "mais", "pero", "maar", "however", "though",
     "although", "and", "und", "et", "y", "so", "because")
)  # fmt: skip
_NEGATION_REACH = 4
"""Words between a "not" and what it negates; further away it mostly belongs to something else."""


def _negated(text: str, item: Found, harmless: list[Found]) -> bool:
    inside = (match for match in _WORD.finditer(text, item.start, item.end))
    if any(
        match.group() in _NEGATORS
        and not any(one.start <= match.start() < one.end for one in harmless)
        for match in inside
    ):
        return True
    before = text[max(0, item.start - 60) : item.start]
    offset = item.start
    for word in reversed(before.split()[-_NEGATION_REACH:]):
        offset = text.rfind(word, 0, offset)
        if word in _CLAUSE_ENDS:
            break
        if word in _NEGATORS and not any(one.start <= offset < one.end for one in harmless):
            return True
    for word in text[item.end : item.end + 30].split()[:2]:
        if word in _CLAUSE_ENDS:
            return False
        if word in _NEGATORS_BEHIND:
            return True
    return False


def _drop_instructed(text: str, by_cue: dict[Cue, list[Found]]) -> None:
    """From a sentence that speaks to a system on, nothing counts towards interest."""
    orders = by_cue.get(Cue.INSTRUCTION)
    if not orders:
        return
    first = min(order.start for order in orders)
    begin = max(text.rfind(mark, 0, first) for mark in (". ", "? ", "! "))
    for cue in (*YES, Cue.REQUEST):
        by_cue[cue] = [item for item in by_cue.get(cue, ()) if item.start < begin]
