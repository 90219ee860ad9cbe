"""What a model may write to a person: `ask_message` puts the question, `accept_message` judges.

Two ways: the whole text (`llm`), or one personal line inside a template (`llm_enhanced`). Either is
held against the same checks as every text, and against what only a model gets wrong
(`messages.claims`). A text is never cut or mended here: it is accepted as it is, or refused with
every reason, so that it can be asked for once more.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

import msgspec

from ingagents.core.facts import wording_for
from ingagents.core.llm.answers import (
    TEXT,
    Accepted,
    closed_object,
    decided_by,
    list_of,
    one_of,
    unusable,
)
from ingagents.core.llm.prompts import Prompt, question_of
from ingagents.core.message_generator import Frame
from ingagents.core.messages.checks import unfit, utf16_length
from ingagents.core.messages.claims import Claim, near_copy, unfounded, unsupported
from ingagents.core.messages.facts import CAMPAIGN_FIELDS, PERSON_FIELDS, told_facts
from ingagents.core.messages.words import words_of
from ingagents.model import (
    Campaign,
    Classification,
    DeliveryKind,
    Draft,
    Lead,
    ModelAnswer,
    Question,
    Reason,
)

LONGEST_LINE = 120
"""Units. A longer line is a letter of its own."""
SHORTEST_LINE = 20
_MOST_CLAIMS = 8
_MESSAGE_LENGTH = 500
"""Units asked for in a direct message, where the service would take 8,000: people read a screen."""


class Assignment(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be written: to whom, how long, and for a line the template around it.

    `limit` is in UTF-16 units. Without a `frame` the whole text is wanted.
    """

    lead: Lead
    campaign: Campaign
    kind: Literal[DeliveryKind.INVITATION, DeliveryKind.MESSAGE]
    limit: int
    frame: Frame | None = None

    @property
    def room(self) -> int:
        """Units for what the model writes."""
        if self.frame is not None:
            return min(self.frame.room, LONGEST_LINE)
        return min(self.limit, _MESSAGE_LENGTH)


def ask_message(assignment: Assignment, prompt: Prompt) -> Question:
    """The question for one text, or one line, to one person."""
    lead, line = assignment.lead, assignment.frame is not None
    facts = told_facts(lead, assignment.campaign)
    if line:
        facts = {name: value for name, value in facts.items() if name in PERSON_FIELDS}
    wanted = (
        "one sentence for the middle of a letter: what in this person's role, company or topic fits"
        " the event. No greeting, no question, no event"
        if line
        else f"the whole {'note' if assignment.kind is DeliveryKind.INVITATION else 'message'}:"
        " greet by first name, name company or role, the event, and end with one clear question"
    )
    return question_of(
        prompt,
        data={"invited_as": _invited_as(lead), **facts},
        schema=_SCHEMA,
        # A little less than fits: models count badly.
        words={"limit": assignment.room * 9 // 10, "wanted": wanted},
        max_output_tokens=160 if line else 320,
        about=(lead.id,),
    )


def accept_message(
    question: Question,
    assignment: Assignment,
    answer: ModelAnswer,
    *,
    earlier: Iterable[str] = (),
) -> Accepted[Draft | None]:
    """The draft, if the model's text may be sent to exactly this person; else every reason why not.

    The reasons are sentences that a repair can be asked with. `earlier` are the texts sent last, of
    which this must not be a copy.
    """
    read = _read(answer)
    if isinstance(read, str):
        return Accepted(None, (read,))
    written, claims = read
    lead, campaign = assignment.lead, assignment.campaign
    facts = told_facts(lead, campaign)
    problems: list[str] = []
    text = written
    if assignment.frame is not None:
        problems += _unfit_line(written, assignment.room)
        text = assignment.frame.with_line(written)
    elif utf16_length(text) > assignment.room:
        over = f"too long: {utf16_length(text)} of {assignment.room} units; shorten it"
        return Accepted(None, (over,))
    problems += unfit(text, lead=lead, campaign=campaign, limit=assignment.limit, personal=True)
    overlong = utf16_length(text) > assignment.limit or utf16_length(written) > assignment.room
    if not overlong:
        problems += unfounded(written, lead=lead, campaign=campaign, facts=facts)
        standing, void = unsupported(claims, written, facts)
        problems += void
        if near_copy(written, earlier):
            problems.append("is nearly the same as a message sent before; use other words")
    else:
        standing = []
    if assignment.frame is None and campaign.event_name.casefold() not in text.casefold():
        problems.append("does not name the event")
    if problems:
        return Accepted(None, tuple(dict.fromkeys(problems)))
    draft = Draft(
        lead_id=lead.id,
        kind=assignment.kind,
        text=text,
        written_by=decided_by(question, answer),
        confidence=_confidence(standing, whole=assignment.frame is None),
        reasons=_reasons(standing, assignment, text),
    )
    return Accepted(draft)


def at_second_attempt(draft: Draft) -> Draft:
    """The same draft, less sure: it had to be asked for once more."""
    return msgspec.structs.replace(
        draft,
        confidence=round(draft.confidence - 0.1, 2),
        reasons=(*draft.reasons, Reason(why="accepted at the second attempt")),
    )


def _read(answer: ModelAnswer) -> tuple[str, list[Claim]] | str:
    """Text and claims, or why there are none."""
    if why := unusable(answer):
        return why
    text, claims = answer.data.get("text"), answer.data.get("claims")
    if not isinstance(text, str) or not text.strip():
        return "the answer has no text"
    if not isinstance(claims, list):
        return "the answer has no list of claims"
    text = unicodedata.normalize("NFC", text.strip().replace("\r\n", "\n"))
    return text, list(_claims(claims))


def _claims(claims: Sequence[Any]) -> Iterable[Claim]:
    for one in claims[:_MOST_CLAIMS]:
        if isinstance(one, Mapping):
            words, field = one.get("words"), one.get("field")
            if isinstance(words, str) and isinstance(field, str):
                yield Claim(words[:300], field[:40])


def _unfit_line(line: str, room: int) -> Iterable[str]:
    length = utf16_length(line)
    if length > room:
        yield f"too long: {length} of {room} units for the line; shorten it"
    if length < SHORTEST_LINE:
        yield "too short: it says nothing about the person"
    if "\n" in line or not line.endswith("."):
        yield "is not one sentence that ends with a full stop"
    if "?" in line:
        yield "asks a question; the template asks"
    words = words_of(line)[:1]
    if words and words[0] in {"hi", "hello", "hey", "dear"}:
        yield "greets; the template greets"


def _confidence(standing: Sequence[Claim], *, whole: bool) -> float:
    personal = any(claim.field in PERSON_FIELDS for claim in standing)
    return round((0.8 if whole else 0.85) - (0.0 if personal else 0.15), 2)


def _reasons(standing: Sequence[Claim], assignment: Assignment, text: str) -> tuple[Reason, ...]:
    frame = assignment.frame
    how = "written by a model" if frame is None else f"a model's line in template {frame.name}"
    reasons = [Reason(why=how, evidence=f"{utf16_length(text)}/{assignment.limit}")]
    reasons += [Reason(why=f"rests on {one.field}", evidence=one.words[:120]) for one in standing]
    return tuple(reasons)


def _invited_as(lead: Lead) -> str:
    wording = wording_for(lead)
    return "Guest" if wording is Classification.OTHER else str(wording)


_SCHEMA = closed_object(
    text=TEXT,
    claims=list_of(closed_object(words=TEXT, field=one_of((*PERSON_FIELDS, *CAMPAIGN_FIELDS)))),
)
