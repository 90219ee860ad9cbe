"""What is shown of a reply's reading: its key words, and the reasons in the order in which they count."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from ingagents.core.replies.evidence import Evidence
from ingagents.core.replies.notation import Cue
from ingagents.core.replies.text import KEPT_CHARACTERS
from ingagents.core.text import languages
from ingagents.model import Reason, ReplyDetail

_QUOTE_CHARACTERS = 160
_REASONS_SHOWN = 6
_ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64}){1,4}")


def key_info(detail: ReplyDetail, because: Sequence[Cue], evidence: Evidence) -> str:
    """The question asked, the objection, the person named or the day of return, as written."""
    sentences = evidence.reply.sentences
    if detail is ReplyDetail.QUESTION:
        asked = next((one for one in sentences if one.rstrip("!").endswith("?")), None)
        if asked is not None:
            return quote(asked)
    sentence = _first_sentence(evidence, because)
    if detail is ReplyDetail.OUT_OF_OFFICE:
        day = _return().search(" ".join(sentences)[:KEPT_CHARACTERS])
        return quote(day.group() if day else sentence)
    if detail is ReplyDetail.REFERRAL:
        address = _ADDRESS.search(evidence.reply.own[:KEPT_CHARACTERS])
        return quote(address.group() if address else sentence)
    return quote(sentence)


@cache
def _return() -> re.Pattern[str]:
    """When somebody is back: "until the 5th", "back on Monday", "bis 3. Mai"."""
    the = f"(?:{languages.pattern('back_on_the')}\\s)?"
    day = rf"[^\s.;!?]*\d\.?[^.;!?\n]{{0,20}}|{languages.pattern('back_day')}"
    month = rf"{languages.pattern('back_month')}[ \d]{{0,8}}"
    back_on = languages.pattern("back_on")
    return re.compile(rf"\b{back_on}\s{the}(?:{day}|{month})", re.IGNORECASE)


def _first_sentence(evidence: Evidence, cues: Sequence[Cue]) -> str:
    places = [item.start for cue in cues for item in evidence.found.get(cue, ())]
    return evidence.reply.sentence_at(min(places)) if places else ""


def quote(sentence: str) -> str:
    """A sentence on one line, cut to the length of a reason's evidence."""
    words = " ".join(sentence.split())
    return words if len(words) <= _QUOTE_CHARACTERS else words[: _QUOTE_CHARACTERS - 1] + "…"


def reasons(because: Sequence[Cue], evidence: Evidence) -> tuple[Reason, ...]:
    """What decided first, then what was found besides and did not decide."""
    besides = [cue for cue in evidence.found if cue not in because]
    found: list[Reason] = []
    for cue in (*dict.fromkeys(because), *besides):
        items = evidence.found.get(cue)
        if items:
            decisive = cue in because
            found.append(
                Reason(
                    why=f"The writer {cue.value}: “{items[0].words}”"
                    + ("" if decisive else " (did not decide)"),
                    evidence=quote(evidence.reply.sentence_at(items[0].start)),
                    weight=float(len(items)) if decisive else 0.0,
                )
            )
    if not found:
        why = "The reply asks something" if evidence.asks else "No phrase of the tables is in it"
        found.append(Reason(why=f"{why}.", evidence=_first_words(evidence)))
    return tuple(found[:_REASONS_SHOWN])


def _first_words(evidence: Evidence) -> str:
    return quote(evidence.reply.sentences[0]) if evidence.reply.sentences else ""
