"""What a reply means, without a model: phrases found, then one ladder of decisions.

`analyse_response` collects the evidence of a reply (`replies.evidence`, from the phrase tables in
`replies/languages/`) and goes down `_LADDER`: the first rung that answers decides. Rungs are
ordered by what an error costs: to write to somebody who opted out is worst, to call a refusal
interest is next, to leave a reply to a human ("unclear", low confidence) costs least.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import msgspec

from ingagents.core.replies.evidence import STRONG_YES, YES, Evidence, collect
from ingagents.core.replies.notation import Cue
from ingagents.core.replies.phrases import Found
from ingagents.core.replies.reasons import key_info, quote, reasons
from ingagents.core.replies.text import KEPT_CHARACTERS, PlainReply, plain_reply
from ingagents.core.text import languages
from ingagents.core.text.prompt_injection import cut_instructions_of_reply
from ingagents.model import Intent, Reason, ReplyDetail, ResponseAnalysis, Sentiment

DECIDED_BY = "rules/replies-6"
"""Raised with every change that can change a decision: the journal tells the versions apart."""


def analyse_response(text: str, sent: Sequence[str] = ()) -> ResponseAnalysis:
    """Sentiment, intent and detail of one reply. Never raises; any text is only data.

    What equals a text of `sent`, those we sent to this person, is not theirs and left out.

    A confidence below 0.5 means weak or contradicting evidence: a human should read the reply.
    What speaks to a machine is left out and makes unsure; an opt-out counts wherever it stands.
    """
    return _by_rules(plain_reply(text, sent))


def _by_rules(reply: PlainReply) -> ResponseAnalysis:
    whole = _read(reply)
    cut = cut_instructions_of_reply(reply.own[:KEPT_CHARACTERS].strip())
    if not cut.removed or whole.opt_out:
        return whole
    read = _read(plain_reply(cut.text))
    note = Reason(
        why="A part of it speaks to a machine and was left out.", evidence=quote(cut.removed)
    )
    return msgspec.structs.replace(
        read, confidence=min(read.confidence, _STEERED), reasons=(*read.reasons, note)
    )


def _read(reply: PlainReply) -> ResponseAnalysis:
    evidence = collect(reply)
    verdict = next(answer for rung in _LADDER if (answer := rung(evidence)) is not None)
    if not evidence.told.known and verdict.detail is not ReplyDetail.OPT_OUT:
        # What reads like a phrase of ours may mean anything in a language that we do not know.
        verdict = msgspec.structs.replace(verdict, confidence=min(verdict.confidence, _UNTOLD))
    return ResponseAnalysis(
        sentiment=verdict.sentiment or _SENTIMENT[verdict.intent],
        intent=verdict.intent,
        detail=verdict.detail,
        confidence=round(verdict.confidence, 2),
        key_info=key_info(verdict.detail, verdict.because, evidence),
        reasons=reasons(verdict.because, evidence),
        decided_by=DECIDED_BY,
    )


# The confidences of the rungs are the shares that were right among replies read for the first time,
# by kind of evidence: some 90 % of all, plain phrases more, a lone question mark or a thanks less.
# Below a half is no measured share but the line under which a human reads.
_UNTOLD = 0.3
"""The most confidence in the reading of a language that was not told: a human looks."""
_HELD = 0.45
"""Below the half: read, and shown to a human all the same."""
_STEERED = 0.45
"""The most confidence an answer deserves in which somebody tried to steer us."""

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


def _opt_out(evidence: Evidence) -> _Verdict | None:
    """Whoever asks to be left alone is left alone, whatever else the reply says."""
    if not evidence.has(Cue.OPT_OUT):
        return None
    if _all_are("bare_stop", evidence.found[Cue.OPT_OUT]) and evidence.last(
        *STRONG_YES
    ) > evidence.last(Cue.OPT_OUT):
        # "Stop! Take my money": a bare stop before a plain yes may be an exclamation.
        return _unclear(0.3, (Cue.OPT_OUT, *STRONG_YES))
    if not evidence.plain_opt_out():
        return _unclear(0.35, (Cue.OPT_OUT, *STRONG_YES, Cue.ASSENT))
    return _Verdict(
        intent=Intent.NOT_INTERESTED,
        detail=ReplyDetail.OPT_OUT,
        confidence=0.8 if evidence.has(*STRONG_YES) else 0.97,
        because=(Cue.OPT_OUT,),
    )


def _threat(evidence: Evidence) -> _Verdict | None:
    """Who threatens us is written to no more, who insults us is never interested; a human sees it."""
    if evidence.has(Cue.THREAT):
        return _Verdict(
            intent=Intent.NOT_INTERESTED,
            detail=ReplyDetail.OPT_OUT,
            confidence=_HELD,
            because=(Cue.THREAT,),
        )
    return _declined(_HELD, (Cue.ABUSE,)) if evidence.has(Cue.ABUSE) else None


def _doubted(evidence: Evidence) -> _Verdict | None:
    """The words of an opt-out in a sentence that may mean something else: only a human can tell."""
    return _unclear(0.35, (Cue.DOUBTED,)) if evidence.has(Cue.DOUBTED) else None


def _bounce(evidence: Evidence) -> _Verdict | None:
    """A machine says that the message did not arrive."""
    if not evidence.has(Cue.BOUNCE):
        return None
    return _Verdict(
        intent=Intent.UNCLEAR,
        detail=ReplyDetail.BOUNCE,
        confidence=0.95 if not evidence.has(*STRONG_YES) else _HELD,
        because=(Cue.BOUNCE,),
    )


def _out_of_office(evidence: Evidence) -> _Verdict | None:
    """Absence, unless the person answers us all the same ("... but send it over")."""
    if not evidence.has(Cue.AWAY) or evidence.has(Cue.REFUSAL):
        return None
    answers = evidence.has(Cue.INTEREST, Cue.ASSENT) or (
        evidence.has(Cue.MEETING) and evidence.asks
    )
    said = (word in evidence.reply.text for word in languages.words("machine"))
    machine = any(said) or evidence.count(Cue.AWAY) > 3
    if answers and not machine:
        return None
    return _Verdict(
        intent=Intent.UNCLEAR,
        detail=ReplyDetail.OUT_OF_OFFICE,
        confidence=min(0.97, 0.85 + 0.05 * evidence.count(Cue.AWAY)),
        because=(Cue.AWAY,),
    )


def _refusal(evidence: Evidence) -> _Verdict | None:
    """A plain no outweighs every friendly word around it."""
    kind_words = evidence.has(*STRONG_YES)
    if not evidence.has(Cue.REFUSAL):
        # "I would not decline": no refusal, and not yet a yes.
        denied = evidence.has(Cue.DENIED) and not kind_words
        return _unclear(0.4, (Cue.DENIED,)) if denied else None
    if kind_words and _all_are("bare_no", evidence.found[Cue.REFUSAL]):
        # "No, tell me more": a no to something else perhaps. A human decides.
        return _unclear(0.35, (Cue.REFUSAL, *STRONG_YES))
    confidence = 0.88 + 0.02 * min(evidence.count(Cue.REFUSAL, Cue.OBJECTION), 3)
    return _declined(confidence - (0.15 if kind_words else 0.0), (Cue.REFUSAL, Cue.OBJECTION))


def _mockery(evidence: Evidence) -> _Verdict | None:
    """Irony is never interest; beside strong interest it is left to a human."""
    if not evidence.has(Cue.MOCKERY):
        return None
    if evidence.has(*STRONG_YES, Cue.ASSENT):
        return _unclear(0.35, (Cue.MOCKERY, *STRONG_YES))
    return _declined(_HELD, (Cue.MOCKERY,))


def _not_now(evidence: Evidence) -> _Verdict | None:
    """Later is neither yes nor no; with a yes beside it, a human looks."""
    if not evidence.has(Cue.NOT_NOW) or evidence.has(Cue.ASSENT):
        return None
    wanting = evidence.has(*YES, Cue.REQUEST)
    return _Verdict(
        intent=Intent.UNCLEAR if wanting else Intent.NOT_INTERESTED,
        detail=ReplyDetail.NOT_NOW,
        confidence=0.75 if wanting else 0.88,
        because=(Cue.NOT_NOW,),
        sentiment=Sentiment.NEUTRAL,
    )


def _objection(evidence: Evidence) -> _Verdict | None:
    """What speaks against it decides when it comes last; "no budget, but let's talk" goes on."""
    against = evidence.last(Cue.OBJECTION, Cue.LAPSED)
    if against < 0 or evidence.last(*STRONG_YES, Cue.ASSENT) > against:
        return None
    if evidence.has(*STRONG_YES):
        return _declined(0.7, (Cue.OBJECTION, Cue.LAPSED))
    if evidence.has(Cue.REFERRAL):
        return None
    if evidence.asks or evidence.last(Cue.REQUEST) > against:
        return _Verdict(
            intent=Intent.REQUESTING_INFO,
            detail=ReplyDetail.QUESTION,
            confidence=0.7,
            because=(Cue.OBJECTION, Cue.REQUEST),
        )
    return _declined(0.84, (Cue.OBJECTION, Cue.LAPSED))


def _referral(evidence: Evidence) -> _Verdict | None:
    """Somebody else is named; own interest beside it counts more."""
    if not evidence.has(Cue.REFERRAL) or evidence.has(Cue.INTEREST):
        return None
    return _Verdict(
        intent=Intent.UNCLEAR,
        detail=ReplyDetail.REFERRAL,
        confidence=0.9 if not evidence.has(*YES) else 0.8,
        because=(Cue.REFERRAL,),
    )


def _little_time(evidence: Evidence) -> _Verdict | None:
    """Busy and nothing more is a polite "later"."""
    if not evidence.has(Cue.BUSY) or evidence.has(*YES, Cue.REQUEST):
        return None
    return _Verdict(
        intent=Intent.NOT_INTERESTED,
        detail=ReplyDetail.NOT_NOW,
        confidence=0.8,
        because=(Cue.BUSY,),
        sentiment=Sentiment.NEUTRAL,
    )


def _interest(evidence: Evidence) -> _Verdict | None:
    """A yes, a wish or a time to talk. Praise alone, with a "but" behind it, is none."""
    strong = evidence.count(*STRONG_YES)
    mild = evidence.count(Cue.LIKING, Cue.ASSENT)
    if not strong and not mild:
        return None
    if _only_signs(evidence.reply.text):
        return _unclear(0.4, (Cue.LIKING,), Sentiment.POSITIVE)
    but = evidence.turns_after(evidence.last(*YES))
    doubts = but >= 0 or evidence.has(
        Cue.OBJECTION, Cue.UNSURE, Cue.LAPSED, Cue.INSTRUCTION, Cue.SUSPICION
    )
    if not strong and not evidence.has(Cue.ASSENT) and evidence.praises_after_a_turn():
        return None  # "much is wrong, but this sounds good, please more details": asks for these
    if doubts and not strong:
        return None if evidence.has(Cue.REQUEST) else _unclear(0.4, (*YES, Cue.UNSURE))
    if evidence.takes_back() or (but >= 0 and evidence.says_no_after(but)):
        return _unclear(0.4, YES)
    confidence = (0.86 if strong else 0.76) + 0.02 * min(strong + mild, 4)
    return _Verdict(
        intent=Intent.INTERESTED,
        detail=ReplyDetail.MEETING if evidence.has(Cue.MEETING) else ReplyDetail.INTEREST,
        confidence=confidence - (0.2 if doubts else 0.0),
        because=YES,
    )


def _question(evidence: Evidence) -> _Verdict | None:
    """Asks for facts; who asks what we are and why we write has not said what he wants."""
    asked = evidence.has(Cue.REQUEST)
    if evidence.has(Cue.SUSPICION) and not asked:
        return _unclear(0.7, (Cue.SUSPICION,), detail=ReplyDetail.QUESTION)
    if not asked and not (evidence.asks and evidence.told.known):
        return None
    if evidence.has(Cue.INSTRUCTION) or (evidence.has(Cue.NOT_INTEREST) and not asked):
        # Orders to a system, or an offer in return: "are you interested in our services?"
        return _unclear(0.3, (Cue.INSTRUCTION, Cue.NOT_INTEREST))
    return _Verdict(
        intent=Intent.REQUESTING_INFO,
        detail=ReplyDetail.QUESTION,
        confidence=0.88 if asked and not evidence.has(Cue.SUSPICION, Cue.UNSURE) else 0.78,
        because=(Cue.REQUEST,),
    )


def _negative_words(evidence: Evidence) -> _Verdict | None:
    """No phrase decided, but somebody says "not": most of these decline in words of their own."""
    if evidence.has(Cue.UNSURE, Cue.INSTRUCTION, *YES) or not evidence.says_no_after(0):
        return None
    if not evidence.told.known:
        return None
    return _declined(_HELD, (Cue.REFUSAL,))


def _nothing_said(evidence: Evidence) -> _Verdict:
    """Thanks, "I'll think about it", or nothing the tables know."""
    if evidence.has(Cue.UNSURE):
        return _unclear(0.78, (Cue.UNSURE,))
    if evidence.has(Cue.THANKS):
        sign = _only_signs(evidence.reply.text) and "thumbsup" in evidence.reply.text
        return _unclear(
            0.4 if sign else 0.78, (Cue.THANKS,), Sentiment.POSITIVE if sign else Sentiment.NEUTRAL
        )
    return _unclear(0.2, (Cue.INSTRUCTION,))


_LADDER: tuple[Callable[[Evidence], _Verdict | None], ...] = (
    _opt_out,
    _threat,
    _doubted,
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


def _all_are(section: str, items: Iterable[Found]) -> bool:
    """Whether nothing was found but words of that section."""
    words = {word for item in items for word in item.words.split()} - {","}
    return words.issubset(languages.words(section))


_SIGNS = frozenset(("thumbsup", "happyface", "foldedhands", "rolledeyes"))


def _only_signs(text: str) -> bool:
    """True when a reply is made of emoji alone."""
    words = set(text.split()) - {".", "!", "?", ","}
    return bool(words) and words <= _SIGNS
