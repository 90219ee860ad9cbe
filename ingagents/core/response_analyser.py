"""What a reply means, without a model: phrases found, then one ladder of decisions.

`analyse_response` collects the cues of a reply (see `reply_phrases_cues.Cue`), takes out those that
only look like one ("don't stop"), turns negated interest into refusal, and then goes down
`_LADDER`: the first rung that answers decides. Rungs are ordered by what an error costs: to write
to somebody who opted out is worst, to call a refusal interest is next, to leave a reply to a
human ("unclear", low confidence) costs least.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import msgspec

from ingagents.core.reply_phrases import Found, find
from ingagents.core.reply_phrases_cues import Cue
from ingagents.core.reply_text import KEPT_CHARACTERS, PlainReply, own_words, plain_reply
from ingagents.model import Intent, Reason, ReplyDetail, ResponseAnalysis, Sentiment

__all__ = ["DECIDED_BY", "analyse_response"]

DECIDED_BY = "rules/replies-1"
"""Raised with every change that can change a decision: the journal tells the versions apart."""


def analyse_response(text: str) -> ResponseAnalysis:
    """Sentiment, intent and detail of one reply. Never raises; any text is only data.

    A confidence below 0.5 means weak or contradicting evidence: a human should read the reply.
    """
    evidence = _collect(plain_reply(text))
    verdict = next(answer for rung in _LADDER if (answer := rung(evidence)) is not None)
    return ResponseAnalysis(
        sentiment=verdict.sentiment or _SENTIMENT[verdict.intent],
        intent=verdict.intent,
        detail=verdict.detail,
        confidence=round(verdict.confidence, 2),
        key_info=_key_info(verdict, evidence, text),
        reasons=_reasons(verdict, evidence),
        decided_by=DECIDED_BY,
    )


# --- evidence -----------------------------------------------------------------------------------


class _Evidence(msgspec.Struct, frozen=True, kw_only=True):
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
        return any(
            match.group() in _NEGATORS and not self._is_harmless(match.start())
            for match in _WORD.finditer(self.reply.text, offset)
        )

    def _is_harmless(self, offset: int) -> bool:
        harmless = (*self.found.get(Cue.NOT_REFUSAL, ()), *self.found.get(Cue.NOT_OPT_OUT, ()))
        return any(item.start <= offset < item.end for item in harmless)

    @property
    def asks(self) -> bool:
        return " ?" in self.reply.text


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
_YES = (Cue.INTEREST, Cue.LIKING, Cue.ASSENT, Cue.MEETING)
_OPT_OUT_CUES = frozenset({Cue.OPT_OUT, Cue.NOT_OPT_OUT})


def _collect(reply: PlainReply) -> _Evidence:
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
    return _Evidence(reply=reply, found=by_cue)


def _touches(item: Found, others: list[Found]) -> bool:
    return any(item.start < other.end and other.start < item.end for other in others)


def _turn_negated(text: str, by_cue: dict[Cue, list[Found]]) -> None:
    """A yes behind a "not" is a refusal; a meeting behind one is an objection."""
    harmless = [*by_cue.get(Cue.NOT_REFUSAL, ()), *by_cue.get(Cue.NOT_OPT_OUT, ())]
    for cue in _YES:
        kept: list[Found] = []
        for item in by_cue.get(cue, ()):
            if not _negated(text, item, harmless):
                kept.append(item)
            elif cue in {Cue.INTEREST, Cue.LIKING}:
                turned = (
                    Cue.UNSURE if " sure " in text[item.start - 40 : item.start] else Cue.REFUSAL
                )
                by_cue.setdefault(turned, []).append(msgspec.structs.replace(item, cue=turned))
            else:
                by_cue.setdefault(Cue.OBJECTION, []).append(
                    msgspec.structs.replace(item, cue=Cue.OBJECTION)
                )
        by_cue[cue] = kept


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
_NEGATORS_BEHIND = frozenset(("nicht", "pas", "niet", "plus"))
_CLAUSE_ENDS = frozenset(
    (",", ".", "?", "!", "but", "aber", "mais", "pero", "maar", "however", "though",
     "although", "and", "und", "et", "y", "so", "because")
)  # fmt: skip
_NEGATION_REACH = 4
"""Words between a "not" and what it negates; further away it mostly belongs to something else."""


def _negated(text: str, item: Found, harmless: list[Found]) -> bool:
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
    for cue in (*_YES, Cue.REQUEST):
        by_cue[cue] = [item for item in by_cue.get(cue, ()) if item.start < begin]


# --- the ladder ---------------------------------------------------------------------------------


class _Verdict(msgspec.Struct, frozen=True, kw_only=True):
    intent: Intent
    detail: ReplyDetail
    confidence: float
    because: tuple[Cue, ...]
    sentiment: Sentiment | None = None


_SENTIMENT = {
    Intent.INTERESTED: Sentiment.POSITIVE,
    Intent.NOT_INTERESTED: Sentiment.NEGATIVE,
    Intent.REQUESTING_INFO: Sentiment.NEUTRAL,
    Intent.UNCLEAR: Sentiment.NEUTRAL,
}
_STRONG_YES = (Cue.INTEREST, Cue.MEETING)


def _opt_out(evidence: _Evidence) -> _Verdict | None:
    """Whoever asks to be left alone is left alone, whatever else the reply says."""
    if not evidence.has(Cue.OPT_OUT):
        return None
    words = {item.words for item in evidence.found[Cue.OPT_OUT]}
    if words <= {"stop", "stop ,"} and evidence.last(*_STRONG_YES) > evidence.last(Cue.OPT_OUT):
        # "Stop! Take my money": a bare stop before a plain yes may be an exclamation.
        return _unclear(0.3, (Cue.OPT_OUT, *_STRONG_YES))
    return _Verdict(
        intent=Intent.NOT_INTERESTED,
        detail=ReplyDetail.OPT_OUT,
        confidence=0.7 if evidence.has(*_STRONG_YES) else 0.95,
        because=(Cue.OPT_OUT,),
    )


def _bounce(evidence: _Evidence) -> _Verdict | None:
    """A machine says that the message did not arrive."""
    if not evidence.has(Cue.BOUNCE):
        return None
    return _Verdict(
        intent=Intent.UNCLEAR,
        detail=ReplyDetail.BOUNCE,
        confidence=0.9 if not evidence.has(*_STRONG_YES) else 0.45,
        because=(Cue.BOUNCE,),
    )


def _out_of_office(evidence: _Evidence) -> _Verdict | None:
    """Absence, unless the person answers us all the same ("... but send it over")."""
    if not evidence.has(Cue.AWAY) or evidence.has(Cue.REFUSAL):
        return None
    answers = evidence.has(Cue.INTEREST, Cue.ASSENT) or (
        evidence.has(Cue.MEETING) and evidence.asks
    )
    machine = "auto" in evidence.reply.text or evidence.count(Cue.AWAY) > 3
    if answers and not machine:
        return None
    return _Verdict(
        intent=Intent.UNCLEAR,
        detail=ReplyDetail.OUT_OF_OFFICE,
        confidence=min(0.95, 0.75 + 0.1 * evidence.count(Cue.AWAY)),
        because=(Cue.AWAY,),
    )


def _refusal(evidence: _Evidence) -> _Verdict | None:
    """A plain no outweighs every friendly word around it."""
    if not evidence.has(Cue.REFUSAL):
        return None
    kind_words = evidence.has(*_STRONG_YES)
    only_first_no = all(item.words.startswith("no") and item.end - item.start <= 4
                        for item in evidence.found[Cue.REFUSAL])  # fmt: skip
    if only_first_no and kind_words:
        # "No, tell me more": a no to something else perhaps. A human decides.
        return _unclear(0.35, (Cue.REFUSAL, *_STRONG_YES))
    confidence = 0.85 + 0.05 * min(evidence.count(Cue.REFUSAL, Cue.OBJECTION), 3)
    return _declined(confidence - (0.3 if kind_words else 0.0), (Cue.REFUSAL, Cue.OBJECTION))


def _mockery(evidence: _Evidence) -> _Verdict | None:
    """Irony is never interest; beside strong interest it is left to a human."""
    if not evidence.has(Cue.MOCKERY):
        return None
    if evidence.has(*_STRONG_YES, Cue.ASSENT):
        return _unclear(0.35, (Cue.MOCKERY, *_STRONG_YES))
    return _declined(0.45, (Cue.MOCKERY,))


def _not_now(evidence: _Evidence) -> _Verdict | None:
    """Later is neither yes nor no; with a yes beside it, a human looks."""
    if not evidence.has(Cue.NOT_NOW) or evidence.has(Cue.ASSENT):
        return None
    wanting = evidence.has(*_YES, Cue.REQUEST)
    return _Verdict(
        intent=Intent.UNCLEAR if wanting else Intent.NOT_INTERESTED,
        detail=ReplyDetail.NOT_NOW,
        confidence=0.5 if wanting else 0.75,
        because=(Cue.NOT_NOW,),
        sentiment=Sentiment.NEUTRAL,
    )


def _objection(evidence: _Evidence) -> _Verdict | None:
    """What speaks against it decides when it comes last; "no budget, but let's talk" goes on."""
    against = evidence.last(Cue.OBJECTION, Cue.LAPSED)
    if against < 0 or evidence.last(*_STRONG_YES, Cue.ASSENT) > against:
        return None
    if evidence.has(*_STRONG_YES):
        return _declined(0.5, (Cue.OBJECTION, Cue.LAPSED))
    if evidence.has(Cue.REFERRAL):
        return None
    if evidence.asks or evidence.last(Cue.REQUEST) > against:
        return _Verdict(
            intent=Intent.REQUESTING_INFO,
            detail=ReplyDetail.QUESTION,
            confidence=0.5,
            because=(Cue.OBJECTION, Cue.REQUEST),
        )
    return _declined(0.65, (Cue.OBJECTION, Cue.LAPSED))


def _referral(evidence: _Evidence) -> _Verdict | None:
    """Somebody else is named; own interest beside it counts more."""
    if not evidence.has(Cue.REFERRAL) or evidence.has(Cue.INTEREST):
        return None
    return _Verdict(
        intent=Intent.UNCLEAR,
        detail=ReplyDetail.REFERRAL,
        confidence=0.8 if not evidence.has(*_YES) else 0.6,
        because=(Cue.REFERRAL,),
    )


def _little_time(evidence: _Evidence) -> _Verdict | None:
    """Busy and nothing more is a polite "later"."""
    if not evidence.has(Cue.BUSY) or evidence.has(*_YES, Cue.REQUEST):
        return None
    return _Verdict(
        intent=Intent.NOT_INTERESTED,
        detail=ReplyDetail.NOT_NOW,
        confidence=0.55,
        because=(Cue.BUSY,),
        sentiment=Sentiment.NEUTRAL,
    )


def _interest(evidence: _Evidence) -> _Verdict | None:
    """A yes, a wish or a time to talk. Praise alone, with a "but" behind it, is none."""
    strong = evidence.count(*_STRONG_YES)
    mild = evidence.count(Cue.LIKING, Cue.ASSENT)
    if not strong and not mild:
        return None
    if _only_signs(evidence.reply.text):
        return _unclear(0.4, (Cue.LIKING,), Sentiment.POSITIVE)
    but = _BUT.search(evidence.reply.text, evidence.last(*_YES))
    doubts = bool(but) or evidence.has(
        Cue.OBJECTION, Cue.UNSURE, Cue.LAPSED, Cue.INSTRUCTION, Cue.SUSPICION
    )
    if doubts and not strong:
        return None if evidence.has(Cue.REQUEST) else _unclear(0.4, (*_YES, Cue.UNSURE))
    if but and evidence.says_no_after(but.start()):
        return _unclear(0.4, _YES)
    confidence = (0.75 if strong else 0.5) + 0.05 * min(strong + mild, 4)
    return _Verdict(
        intent=Intent.INTERESTED,
        detail=ReplyDetail.MEETING if evidence.has(Cue.MEETING) else ReplyDetail.INTEREST,
        confidence=confidence - (0.3 if doubts else 0.0),
        because=_YES,
    )


def _question(evidence: _Evidence) -> _Verdict | None:
    """Asks for facts; who asks what we are and why we write has not said what he wants."""
    asked = evidence.has(Cue.REQUEST)
    if evidence.has(Cue.SUSPICION) and not asked:
        return _unclear(0.5, (Cue.SUSPICION,), detail=ReplyDetail.QUESTION)
    if not asked and not evidence.asks:
        return None
    if evidence.has(Cue.INSTRUCTION) or (evidence.has(Cue.NOT_INTEREST) and not asked):
        # Orders to a system, or an offer in return: "are you interested in our services?"
        return _unclear(0.3, (Cue.INSTRUCTION, Cue.NOT_INTEREST))
    return _Verdict(
        intent=Intent.REQUESTING_INFO,
        detail=ReplyDetail.QUESTION,
        confidence=0.8 if asked and not evidence.has(Cue.SUSPICION, Cue.UNSURE) else 0.55,
        because=(Cue.REQUEST,),
    )


def _negative_words(evidence: _Evidence) -> _Verdict | None:
    """No phrase decided, but somebody says "not": most of these decline in words of their own."""
    if evidence.has(Cue.UNSURE, Cue.INSTRUCTION, *_YES) or not evidence.says_no_after(0):
        return None
    return _declined(0.45, (Cue.REFUSAL,))


def _nothing_said(evidence: _Evidence) -> _Verdict:
    """Thanks, "I'll think about it", or nothing the tables know."""
    if evidence.has(Cue.UNSURE):
        return _unclear(0.6, (Cue.UNSURE,))
    if evidence.has(Cue.THANKS):
        sign = _only_signs(evidence.reply.text) and "thumbsup" in evidence.reply.text
        return _unclear(
            0.4 if sign else 0.6, (Cue.THANKS,), Sentiment.POSITIVE if sign else Sentiment.NEUTRAL
        )
    return _unclear(0.2, (Cue.INSTRUCTION,))


_LADDER: tuple[Callable[[_Evidence], _Verdict | None], ...] = (
    _opt_out,
    _bounce,
    _out_of_office,
    _refusal,
    _mockery,
    _not_now,
    _objection,
    _referral,
    _little_time,
    _interest,
    _question,
    _negative_words,
    _nothing_said,
)

_BUT = re.compile(r" (?:but|however|though|unfortunately|aber|leider|mais|pero|maar) ")


def _declined(confidence: float, because: tuple[Cue, ...]) -> _Verdict:
    return _Verdict(
        intent=Intent.NOT_INTERESTED,
        detail=ReplyDetail.REFUSAL,
        confidence=confidence,
        because=because,
    )


def _unclear(
    confidence: float,
    because: tuple[Cue, ...],
    sentiment: Sentiment = Sentiment.NEUTRAL,
    detail: ReplyDetail = ReplyDetail.NONE,
) -> _Verdict:
    return _Verdict(
        intent=Intent.UNCLEAR,
        detail=detail,
        confidence=confidence,
        because=because,
        sentiment=sentiment,
    )


_SIGNS = frozenset(("thumbsup", "happyface", "foldedhands", "rolledeyes"))


def _only_signs(text: str) -> bool:
    """True when a reply is made of emoji alone."""
    words = set(text.split()) - {".", "!", "?", ","}
    return bool(words) and words <= _SIGNS


# --- what to show -------------------------------------------------------------------------------

_QUOTE_CHARACTERS = 160
_REASONS_SHOWN = 6
_RETURN = re.compile(
    r"\b(?:until|till|through|back (?:on|in)|return(?:ing)? (?:on|to the office on)|after|from|bis|"
    r"ab|am|jusqu'au|jusqu'à|à partir du|hasta(?: el)?|el|tot|vanaf|fino al|dal|até)\s"
    r"(?:(?:the|dem|zum|zu|le|next|lunes|monday)\s)?"
    r"([^\s.;!?]*\d[^.;!?\n]{0,20}|(?:next )?(?:mon|tues|wednes|thurs|fri|satur|sun)day|"
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december)"
    r"[ \d]{0,8})",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64}){1,4}")


def _key_info(verdict: _Verdict, evidence: _Evidence, text: str) -> str:
    """The question asked, the objection, the person named or the day of return, as written."""
    sentences = evidence.reply.sentences
    if verdict.detail is ReplyDetail.QUESTION:
        asked = next((one for one in sentences if one.rstrip("!").endswith("?")), None)
        if asked is not None:
            return _quote(asked)
    sentence = _first_sentence(evidence, verdict.because)
    if verdict.detail is ReplyDetail.OUT_OF_OFFICE:
        day = _RETURN.search(" ".join(sentences)[:KEPT_CHARACTERS])
        return _quote(day.group() if day else sentence)
    if verdict.detail is ReplyDetail.REFERRAL:
        address = _ADDRESS.search(own_words(text))
        return _quote(address.group() if address else sentence)
    return _quote(sentence)


def _first_sentence(evidence: _Evidence, cues: tuple[Cue, ...]) -> str:
    places = [item.start for cue in cues for item in evidence.found.get(cue, ())]
    return evidence.reply.sentence_at(min(places)) if places else ""


def _quote(sentence: str) -> str:
    words = " ".join(sentence.split())
    return words if len(words) <= _QUOTE_CHARACTERS else words[: _QUOTE_CHARACTERS - 1] + "…"


def _reasons(verdict: _Verdict, evidence: _Evidence) -> tuple[Reason, ...]:
    """What decided first, then what was found besides and did not decide."""
    besides = [cue for cue in evidence.found if cue not in verdict.because]
    reasons: list[Reason] = []
    for cue in (*dict.fromkeys(verdict.because), *besides):
        items = evidence.found.get(cue)
        if items:
            decisive = cue in verdict.because
            reasons.append(
                Reason(
                    why=f"The writer {cue.value}: “{items[0].words}”"
                    + ("" if decisive else " (did not decide)"),
                    evidence=_quote(evidence.reply.sentence_at(items[0].start)),
                    weight=float(len(items)) if decisive else 0.0,
                )
            )
    if not reasons:
        why = "The reply asks something" if evidence.asks else "No phrase of the tables is in it"
        reasons.append(Reason(why=f"{why}.", evidence=_first_words(evidence)))
    return tuple(reasons[:_REASONS_SHOWN])


def _first_words(evidence: _Evidence) -> str:
    return _quote(evidence.reply.sentences[0]) if evidence.reply.sentences else ""
