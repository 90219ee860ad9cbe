"""What a question to a human is called, wherever it is shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from ingagents.core.review_policy import BY_HAND, CONTRADICTED, KINDS, STOPPED, Review
from ingagents.display import counted
from ingagents.events import ReviewKind
from ingagents.model import FIRST_CONTACT, DeliveryKind
from ingagents.model.step import in_words


class KindWords(NamedTuple):
    """A kind's noun, how it is put before a person's name, and what stands over its text."""

    one: str
    many: str
    asked: str
    head: str


WORDS: Mapping[ReviewKind, KindWords] = {
    "draft": KindWords("draft", "drafts", "Approve the text for", "the exact text"),
    "answer": KindWords("answer", "answers", "Approve the answer to", "the exact answer"),
    "send": KindWords("send", "sends", "Did this reach", "what may have been sent"),
    "reply": KindWords("reply", "replies", "Read the answer of", "what they wrote"),
    "strategy": KindWords("change", "changes", "Decide on a change", "what would change"),
}


_TAKE_OUT = "Take this person out of the service's campaign:"


def count_by_kind(kinds: Iterable[ReviewKind]) -> str:
    """How many of which kind: `3 drafts, 1 reply`."""
    listed = list(kinds)
    return ", ".join(
        counted(listed.count(kind), WORDS[kind].one, WORDS[kind].many)
        for kind in KINDS
        if kind in listed
    )


def asked_of(review: Review) -> str:
    """How a question is put before the person's name."""
    if review.way is DeliveryKind.STOP:
        return _TAKE_OUT
    if STOPPED in review.evidence:
        return "To"
    return "Send by hand to" if BY_HAND in review.evidence else WORDS[review.kind].asked


def action_of(review: Review) -> str:
    """What a human is to do before they answer; "" where the question says it."""
    if review.way is not DeliveryKind.STOP:
        return ""
    return f"Do it in the service's own pages, then say `ingagents review sent {review.id}`."


def head_of(review: Review) -> str:
    """What stands over a question's text."""
    if review.way is DeliveryKind.STOP:
        return "the campaign is to send them nothing more"
    if STOPPED in review.evidence:
        return "not to be sent any more"
    if BY_HAND in review.evidence:
        return "to be sent by hand: the exact text"
    return WORDS[review.kind].head


def headline(review: Review) -> str:
    """What it is about in a line.

    Of a draft first what LinkedIn contradicts, for that decides it; of a send and of a later
    text, which step it is; of an answer without a text, what no fact answers.
    """
    if review.kind == "answer" and not review.text:
        return "; ".join(reason.why for reason in review.reasons)
    text = "; ".join((*review.evidence.get(CONTRADICTED, ()), review.text))
    if review.way is DeliveryKind.STOP:
        return "take them out of the service's campaign, by hand"
    if BY_HAND in review.evidence:
        return f"send by hand, {step_asked(review)}: {text or 'without a text'}"
    if review.kind == "send" or (review.kind == "draft" and review.step != FIRST_CONTACT):
        step = step_asked(review)
        return f"{step}: {text or 'without a text'}" if step else text
    return text


def step_asked(review: Review) -> str:
    """Which step of the conversation it is about, in words: `the follow-up 1`; "" if none."""
    if review.step is None or review.kind not in {"draft", "answer", "send"}:
        return ""
    if review.way is DeliveryKind.ENROLMENT:
        return "the enrolment"
    if review.way is DeliveryKind.STOP:
        return "the end of the enrolment"
    return in_words(review.step, invitation=review.way is DeliveryKind.INVITATION)
