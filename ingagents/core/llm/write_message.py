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

from ingagents.core.facts.facts import wording_for
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
from ingagents.core.message_generator import FIRST, Frame, Occasion
from ingagents.core.messages.checks import unfit, utf16_length
from ingagents.core.messages.claims import Claim, near_copy, unfounded, unsupported
from ingagents.core.messages.facts import (
    CAMPAIGN_FIELDS,
    FACT_FIELDS,
    PERSON_FIELDS,
    fact_words,
    told_facts,
)
from ingagents.core.messages.later_steps import out_of_step, without_references
from ingagents.core.messages.sentences import folded
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
    StepKind,
)

LONGEST_LINE = 120
"""Units. A longer line is a letter of its own."""
SHORTEST_LINE = 20
_MOST_CLAIMS = 8
_ITSELF = "It"
"""Stands for the team's own words where what a model wrote around them is judged."""
_MESSAGE_LENGTH = 500
"""Units asked for in a first direct message, where the service would take 8,000: people read a screen."""


class Assignment(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be written: to whom, how long, and for a line the template around it.

    `limit` is in UTF-16 units. Without a `frame` the whole text is wanted. The `occasion` says after
    which texts, and the fact that the whole is to tell; a frame has told it already.
    """

    lead: Lead
    campaign: Campaign
    kind: Literal[DeliveryKind.INVITATION, DeliveryKind.MESSAGE]
    limit: int
    frame: Frame | None = None
    occasion: Occasion = FIRST

    @property
    def room(self) -> int:
        """Units for what the model writes."""
        if self.frame is not None:
            return min(self.frame.room, LONGEST_LINE)
        longest = _MESSAGE_LENGTH if self.occasion == FIRST else self.limit
        return min(self.occasion.bounds(self.limit)[1], longest)

    def facts(self) -> dict[str, str]:
        """All that the text may rest on: what earlier texts told of the event is not told again."""
        return dict(self.occasion.still_to_tell(told_facts(self.lead, self.campaign)))

    def without_fact(self, text: str) -> str:
        """The text without the words of the team's that it was to tell."""
        fact = self.occasion.fact
        if fact is None:
            return text
        text = text.replace(f" {fact.link}", "") if fact.link else text
        return text.replace(fact.text.rstrip(" ."), _ITSELF)


def ask_message(assignment: Assignment, prompt: Prompt) -> Question:
    """The question for one text, or one line, to one person."""
    lead, line, occasion = assignment.lead, assignment.frame is not None, assignment.occasion
    facts = assignment.facts()
    if line:
        facts = {name: value for name, value in facts.items() if name not in CAMPAIGN_FIELDS}
    data: dict[str, Any] = {"invited_as": _invited_as(lead), **facts}
    if occasion != FIRST:
        data |= {"step": _step(occasion), "earlier": occasion.texts}
    return question_of(
        prompt,
        data=data,
        schema=_SCHEMA,
        # A little less than fits: models count badly.
        words={"limit": assignment.room * 9 // 10, "wanted": _wanted(assignment)},
        max_output_tokens=160 if line else 320 if occasion == FIRST else 480,
        about=(lead.id,),
    )


def _step(occasion: Occasion) -> str:
    if occasion.step.kind is StepKind.FIRST_MESSAGE:
        return "first message"
    return "last follow-up" if occasion.last else "follow-up"


def _wanted(assignment: Assignment) -> str:
    """What is to be written, in the words of the question."""
    occasion, fact = assignment.occasion, assignment.occasion.fact
    again = ". Repeat no sentence of `earlier`" if occasion.texts else ""
    if assignment.frame is not None:
        what = " makes `fact` matter to them" if fact is not None else " fits the event"
        return (
            "one sentence for the middle of a letter: what in this person's role or company"
            f"{what}. No greeting, no question, no event{again}"
        )
    if occasion == FIRST:
        note = "note" if assignment.kind is DeliveryKind.INVITATION else "message"
        return (
            f"the whole {note}: greet by first name, name company or role, the event, and end with"
            " one clear question"
        )
    tells = ""
    if fact is not None:
        tells = ", tell `fact` word for word" + (" with `fact_link`" if fact.link else "")
    opens = f"greet by first name, name company or role and the event{tells}"
    if occasion.step.kind is StepKind.FIRST_MESSAGE:
        fewest = occasion.bounds(assignment.limit)[0] * 11 // 10
        return (
            f"the first message, of at least {fewest} characters, to somebody who has just accepted"
            f" our invitation: {opens}, say why you ask them and what they could contribute, and end"
            f" with one clear question{again}"
        )
    if occasion.last:
        return (
            f"the last follow-up to `earlier`, which had no answer: {opens}, say that you will not"
            f" write again, and close kindly. No question{again}"
        )
    return (
        f"a short follow-up to `earlier`, which had no answer: {opens}, and end with one clear"
        f" question{again}"
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
    lead, campaign, occasion = assignment.lead, assignment.campaign, assignment.occasion
    text, limit = written, assignment.limit
    problems: list[str] = []
    if assignment.frame is not None:
        problems += _unfit_line(written, assignment.room)
        text = assignment.frame.with_line(written)
    elif utf16_length(text) > assignment.room:
        over = f"too long: {utf16_length(text)} of {assignment.room} units; shorten it"
        return Accepted(None, (over,))
    fewest, most = occasion.bounds(limit)
    problems += unfit(
        text,
        lead=lead,
        campaign=campaign,
        limit=most,
        shortest=fewest,
        personal=True,
        earlier=occasion.texts,
    )
    standing: list[Claim] = []
    if utf16_length(text) <= most and utf16_length(written) <= assignment.room:
        standing, void = _founded(assignment, written, claims, earlier)
        problems += void
    if occasion.step.kind is StepKind.FOLLOW_UP:
        problems += out_of_step(text, last=occasion.last)
    if assignment.frame is None:
        problems += _untold(assignment, text)
    if problems:
        return Accepted(None, tuple(dict.fromkeys(problems)))
    draft = Draft(
        lead_id=lead.id,
        kind=assignment.kind,
        text=text,
        written_by=decided_by(question, answer),
        confidence=_confidence(standing, whole=assignment.frame is None),
        reasons=_reasons(standing, assignment, text),
        facts=_told(assignment, text),
    )
    return Accepted(draft)


def _founded(
    assignment: Assignment, written: str, claims: Sequence[Claim], earlier: Iterable[str]
) -> tuple[list[Claim], list[str]]:
    """The claims that stand, and all that the model's own words say without ground."""
    lead, campaign, occasion = assignment.lead, assignment.campaign, assignment.occasion
    facts = assignment.facts()
    own = assignment.without_fact(written)
    accepted = occasion.step.kind is StepKind.FIRST_MESSAGE
    honest = without_references(
        own, wrote=bool(occasion.texts), accepted=accepted, last=occasion.last
    )
    problems = list(unfounded(honest, lead=lead, campaign=campaign, facts=facts))
    standing, void = unsupported(claims, written, facts)
    shared = {name: facts.get(name, "") for name in ("name", *CAMPAIGN_FIELDS)}
    if near_copy(own, earlier, fact_words(shared)):
        problems.append("is nearly the same as a message sent before; use other words")
    return standing, problems + void


def _untold(assignment: Assignment, text: str) -> Iterable[str]:
    """What the whole of a text had to say and does not."""
    if assignment.campaign.event_name.casefold() not in text.casefold():
        yield "does not name the event"
    fact = assignment.occasion.fact
    if fact is not None and f" {folded(fact.text)} " not in f" {folded(text)} ":
        yield "does not tell the fact word for word"
    if fact is not None and fact.link not in text:
        yield "does not give the fact's link"


def _told(assignment: Assignment, text: str) -> tuple[str, ...]:
    """The ids of the facts that a text has told, as its words show."""
    known, fact = told_facts(assignment.lead, assignment.campaign), assignment.occasion.fact
    known |= {"fact": fact.text} if fact is not None else {}
    said = f" {folded(text)} "
    return assignment.occasion.told(
        name for name, value in known.items() if f" {folded(value)} " in said
    )


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
    claims=list_of(
        closed_object(words=TEXT, field=one_of((*PERSON_FIELDS, *CAMPAIGN_FIELDS, *FACT_FIELDS)))
    ),
)
