"""What a reply means, with a model's help where the rules doubt. An opt-out by either is one.

The model reads the writer's own words and answers in closed values; each reason must quote the
reply, or it is void, and an answer without a valid reason is refused. Nothing in a reply that
speaks to a machine reaches the model: such replies are the rules' and then a human's.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

import msgspec

from ingagents.core.llm.answers import (
    NUMBER,
    TEXT,
    Accepted,
    closed_object,
    confidence_in,
    decided_by,
    list_of,
    one_of,
    quoted,
    unusable,
)
from ingagents.core.llm.prompts import Prompt, question_of
from ingagents.core.replies.text import own_words
from ingagents.core.text.prompt_injection import cut_instructions_of_reply
from ingagents.model import (
    Intent,
    LeadId,
    ModelAnswer,
    Question,
    Reason,
    ReplyDetail,
    ResponseAnalysis,
    Sentiment,
)

SURE = 0.86
"""Below this the rules are not sure: of 344 labelled replies they were so of 56, mostly wishes
and doubts in words of the writer's own."""
LONG = 700
"""Characters of the writer's own words; in a longer text more is said than phrases can tell."""
MODEL_ALONE = 0.9
CONTRADICTED = 0.4
"""The confidence of a reading on which rules and model contradict each other: a human reads it."""

_LONGEST_TEXT, _LONGEST_QUOTE, _REASONS_MAX = 2_000, 160, 3
_READABLE = 0.7
"""The share of Latin letters below which the rules cannot have read a text."""
_OUTPUT_TOKENS = 400

Choice = TypeVar("Choice", bound=StrEnum)


_ANSWER = closed_object(
    sentiment=one_of(Sentiment),
    intent=one_of(Intent),
    detail=one_of(ReplyDetail),
    confidence=NUMBER,
    key_info=TEXT,
    reasons=list_of(closed_object(why=TEXT, evidence=TEXT)),
)


def worth_asking(text: str, rules: ResponseAnalysis) -> bool:
    """Whether a model could know better than the rules, and may be asked."""
    own = own_words(text)
    if rules.opt_out or not any(map(str.isalpha, own)) or cut_instructions_of_reply(own).removed:
        return False
    return rules.confidence < SURE or len(own) > LONG or not _readable(own)


def ask_reply(prompt: Prompt, text: str, *, about: LeadId | None = None) -> Question:
    """The question what one reply means."""
    return question_of(
        prompt,
        data={"answer": _shown(text)},
        schema=_ANSWER,
        max_output_tokens=_OUTPUT_TOKENS,
        about=(about,) if about else (),
    )


def accept_reply(
    question: Question, text: str, answer: ModelAnswer
) -> Accepted[ResponseAnalysis | None]:
    """The reading, or why it is refused. Never raises, whatever was answered."""
    read = _read(question, text, answer)
    return Accepted(None, (read,)) if isinstance(read, str) else Accepted(read)


def _read(question: Question, text: str, answer: ModelAnswer) -> ResponseAnalysis | str:
    if why := unusable(answer):
        return why
    data = answer.data
    sentiment = _choice(Sentiment, data.get("sentiment"))
    intent = _choice(Intent, data.get("intent"))
    detail = _choice(ReplyDetail, data.get("detail"))
    if sentiment is None or intent is None or detail is None:
        return "sentiment, intent and detail must be of the values named"
    confidence = confidence_in(data)
    if isinstance(confidence, str):
        return confidence
    reasons = _reasons(data.get("reasons"), _shown(text))
    if not reasons:
        return "no reason quotes words of the answer as evidence"
    if detail is ReplyDetail.OPT_OUT:
        sentiment, intent = Sentiment.NEGATIVE, Intent.NOT_INTERESTED
    elif intent not in _INTENTS_OF.get(detail, (intent,)):
        return f"the detail {detail.value} contradicts the intent {intent.value}"
    key_info = data.get("key_info")
    kept = isinstance(key_info, str) and quoted(key_info, _shown(text))
    return ResponseAnalysis(
        sentiment=sentiment,
        intent=intent,
        detail=detail,
        confidence=round(confidence, 2),
        key_info=" ".join(str(key_info).split())[:_LONGEST_QUOTE] if kept else "",
        reasons=reasons,
        decided_by=decided_by(question, answer),
    )


def settle_reply(rules: ResponseAnalysis, model: ResponseAnalysis | None) -> ResponseAnalysis:
    """The reading that stands, from the rules' and a model's, which may be missing.

    Whoever of them reads an opt-out is believed. Yes against no is left to a human. Else the surer
    one decides, less sure the more the other spoke against it.
    """
    if model is None or rules.opt_out:
        return rules
    if model.opt_out:
        return model
    trusted = round(MODEL_ALONE * model.confidence, 2)
    note = Reason(
        why=f"{model.decided_by} reads it as {model.intent.value}",
        evidence=model.reasons[0].evidence if model.reasons else "",
    )
    if model.intent is rules.intent:
        return msgspec.structs.replace(
            model,
            detail=rules.detail or model.detail,
            confidence=max(rules.confidence, trusted),
            key_info=rules.key_info or model.key_info,
            reasons=(*model.reasons, *rules.reasons),
        )
    if {model.intent, rules.intent} == {Intent.INTERESTED, Intent.NOT_INTERESTED}:
        return msgspec.structs.replace(
            rules,
            sentiment=Sentiment.NEUTRAL,
            intent=Intent.UNCLEAR,
            detail=ReplyDetail.NONE,
            confidence=CONTRADICTED,
            reasons=(*rules.reasons, note),
        )
    if rules.confidence >= SURE or trusted <= rules.confidence:
        return msgspec.structs.replace(rules, reasons=(*rules.reasons, note))
    return msgspec.structs.replace(
        model,
        confidence=round(trusted * (1 - rules.confidence / 2), 2),
        reasons=(*model.reasons, *rules.reasons[:1]),
    )


_INTENTS_OF: Mapping[ReplyDetail, tuple[Intent, ...]] = {
    ReplyDetail.OUT_OF_OFFICE: (Intent.UNCLEAR,),
    ReplyDetail.BOUNCE: (Intent.UNCLEAR,),
    ReplyDetail.REFERRAL: (Intent.UNCLEAR,),
    ReplyDetail.MEETING: (Intent.INTERESTED,),
    ReplyDetail.INTEREST: (Intent.INTERESTED,),
    ReplyDetail.QUESTION: (Intent.REQUESTING_INFO, Intent.UNCLEAR),
    ReplyDetail.NOT_NOW: (Intent.NOT_INTERESTED, Intent.UNCLEAR),
    ReplyDetail.REFUSAL: (Intent.NOT_INTERESTED,),
}
"""Which intents a detail allows; any other pair contradicts itself."""


def _shown(text: str) -> str:
    return own_words(text)[:_LONGEST_TEXT]


def _readable(text: str) -> bool:
    letters = [sign for sign in text[:_LONGEST_TEXT] if sign.isalpha()]
    latin = sum(sign.isascii() or "LATIN" in unicodedata.name(sign, "") for sign in letters)
    return latin >= _READABLE * len(letters)


def _choice(values: type[Choice], given: object) -> Choice | None:
    return next((one for one in values if one.value == given), None)


def _reasons(entries: object, text: str) -> tuple[Reason, ...]:
    """The reasons whose evidence stands in the reply; the others are void."""
    valid: list[Reason] = []
    for entry in entries[:20] if isinstance(entries, list) else ():
        why, evidence = (
            (entry.get("why"), entry.get("evidence")) if isinstance(entry, Mapping) else ("", "")
        )
        if isinstance(why, str) and isinstance(evidence, str) and quoted(evidence, text):
            said = " ".join(why.split())[:_LONGEST_QUOTE]
            valid.append(
                Reason(why=said, evidence=" ".join(evidence.split())[:_LONGEST_QUOTE], weight=1.0)
            )
    return tuple(valid[:_REASONS_MAX])
