"""What to write to a person, without any model: the reader's language, and the best variant in it.

A text is never cut and never has a hole: a variant that lacks a fact, is too long for the account
or does not pass `checks.unfit` is passed over for the next one. Facts come from the profile
and the campaign alone, cleaned by `known_facts`; a value that tries to be more than a fact (a
slogan, a link, an instruction) counts as unknown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import chain, islice
from types import MappingProxyType
from typing import Literal, TypeVar

import msgspec

from ingagents.core.facts.facts import STATED_BY, Earlier, Sayable, wording_for
from ingagents.core.messages.checks import SHORTEST, unfit, utf16_length
from ingagents.core.messages.reader_language import Language, ReaderLanguage, reader_language
from ingagents.core.messages.sentences import repeated
from ingagents.core.messages.templates import (
    OWN_WEIGHT,
    PERSONAL_LINE,
    WEIGHTS,
    Filling,
    MessageTemplate,
    Variant,
    fillings,
)
from ingagents.core.messages.values import LANGUAGE_NAMES, known_facts
from ingagents.core.messages.words import foreign_share
from ingagents.model import (
    FIRST_CONTACT,
    Campaign,
    Classification,
    DeliveryKind,
    Draft,
    Lead,
    LeadId,
    Reason,
    Step,
    StepKind,
)

T = TypeVar("T")

BUILT_IN: Mapping[Classification, str] = MappingProxyType(
    {
        Classification.SPEAKER: "speaker.txt",
        Classification.SPONSOR: "sponsor.txt",
        Classification.OTHER: "other.txt",
    }
)
"""The file for each classification, in `ingagents/templates/messages` and in a user's own folder;
in the folder `de`, `fr` or `es` in it for those who read that language."""

Templates = Mapping[Classification, Mapping[Language, MessageTemplate]]
"""The words for each classification by the reader's language; English ones stand for the rest."""

_FOREIGN = 0.5
_LEAST_ROOM = 60
"""Units a model's line needs to say something."""
_UNSURE = 0.5
"""Below this certainty of the classification the whole draft is unsure."""
_WEIGHTY = 32
"""Facts from this weight on are why a wording is preferred: name, job, company, audience."""
_MOST_TRIED = 24
"""Ways to write one variant that are checked before it is given up."""


STEP_FILES = ("first_message", "follow_up_1", "follow_up_2")
"""What the built-in files of the later steps are called behind the kind: `speaker_follow_up_1.txt`.
A follow-up without a file of its own is written with the last one's."""

RETURNING = "returning"
"""The file's name behind the kind for the first contact with whoever was at the last edition."""

_BOUNDS: Mapping[StepKind, tuple[int, int]] = MappingProxyType(
    {StepKind.FIRST_MESSAGE: (300, 600), StepKind.FOLLOW_UP: (SHORTEST, 500)}
)
"""The fewest and most units of a text, beside the account's limit."""


class Occasion(msgspec.Struct, frozen=True, kw_only=True):
    """For which step a text is written, after which texts, and the `fact` that it is to tell.

    The `last` text of a plan closes the conversation.
    """

    step: Step = FIRST_CONTACT
    last: bool = False
    fact: Sayable | None = None
    earlier: tuple[Earlier, ...] = ()

    def bounds(self, limit: int) -> tuple[int, int]:
        """The fewest and most UTF-16 units of a text whose account allows `limit`."""
        fewest, most = _BOUNDS.get(self.step.kind, (SHORTEST, limit))
        return fewest, min(most, limit)

    @property
    def texts(self) -> tuple[str, ...]:
        """What the person has read of ours."""
        return tuple(text.text for text in self.earlier)

    def still_to_tell(self, known: Mapping[str, str]) -> Mapping[str, str]:
        """The facts by placeholder, the new one among them, without what earlier texts told."""
        used = {fact for text in self.earlier for fact in text.facts}
        facts = {
            name: value
            for name, value in known.items()
            if name == "topic" or STATED_BY.get(name) not in used
        }
        if self.fact is not None:
            facts["fact"] = self.fact.text
            facts |= {"fact_link": self.fact.link} if self.fact.link else {}
        return facts

    def told(self, states: Iterable[str]) -> tuple[str, ...]:
        """The ids of the facts that a text has told, from the placeholders in it."""
        ids = (
            self.fact.id if name == "fact" and self.fact else STATED_BY.get(name, "")
            for name in states
        )
        return tuple(sorted(set(filter(None, ids))))


FIRST = Occasion()


class Frame(msgspec.Struct, frozen=True, kw_only=True):
    """A template's text around one line that is still to be written; `room` is its UTF-16 units."""

    name: str
    before: str
    after: str
    room: int

    def with_line(self, line: str) -> str:
        """The whole text."""
        return f"{self.before}{line}{self.after}"


class Unwritable(msgspec.Struct, frozen=True, kw_only=True):
    """No variant is fit for this person; `reasons` say why for each of them."""

    lead_id: LeadId
    reasons: tuple[str, ...]


def generate_message(
    lead: Lead,
    *,
    campaign: Campaign,
    templates: Templates,
    kind: Literal[DeliveryKind.INVITATION, DeliveryKind.MESSAGE],
    limit: int,
    variant_draw: float,
    occasion: Occasion = FIRST,
) -> Draft | Unwritable:
    """The first variant that is fit for this person, or why none is.

    `templates` are those of the occasion's step. No sentence of an earlier text is said again.

    `limit` is in UTF-16 units (a note: 200 or 300 by account); `variant_draw` from 0 to 1 chooses
    among wordings of equal rank (`wording_draw` gives a person's own). Whose classification is
    unsure gets the neutral words written for Other. A draft that greets nobody by name says so by
    a confidence of 0.6.
    """
    template = template_for(lead, templates)
    if template is None:
        reason = f"no template for {wording_for(lead)}"
        return Unwritable(lead_id=lead.id, reasons=(reason,))
    facts = occasion.still_to_tell(known_facts(lead, campaign, template.language))
    _, limit = occasion.bounds(limit)
    passed_over: list[str] = []
    for rank in _ranks(template, kind, occasion):
        for variant, ways in _preferred(rank, facts, template, limit, variant_draw):
            written, why_not = _first_fit(variant, ways, facts, lead, campaign, limit, occasion)
            if written is None:
                passed_over.append(f"variant {variant.label}: {why_not}")
                continue
            if why_not:
                passed_over.append(f"ways to write variant {variant.label}: {why_not}")
            return Draft(
                lead_id=lead.id,
                kind=kind,
                text=written.text,
                written_by=f"template:{template.version}/{variant.label}",
                confidence=_confidence(written),
                reasons=tuple(_reasons(lead, template, variant, written, limit, passed_over)),
                facts=occasion.told(written.states),
            )
    return Unwritable(lead_id=lead.id, reasons=tuple(passed_over))


def wording_draw(lead: Lead) -> float:
    """A number from 0 to 1 that is this person's own: the same lead gets the same wording."""
    return int.from_bytes(sha256(lead.id.encode()).digest()[:6]) / 2**48


def template_for(lead: Lead, templates: Templates) -> MessageTemplate | None:
    """Whose words are used for this lead: by classification and the reader's language."""
    by_language = templates.get(wording_for(lead), {})
    return by_language.get(reader_language(lead).language) or by_language.get("en")


def frame_for(
    lead: Lead,
    *,
    campaign: Campaign,
    template: MessageTemplate,
    kind: Literal[DeliveryKind.INVITATION, DeliveryKind.MESSAGE],
    limit: int,
    variant_draw: float,
    occasion: Occasion = FIRST,
) -> Frame | None:
    """The first hybrid variant whose facts are known and that has room for a line; None: none.

    One with a sentence that the person has read already is passed over.
    """
    slot = f"{{{PERSONAL_LINE}}}"
    facts = dict(occasion.still_to_tell(known_facts(lead, campaign, template.language)))
    facts[PERSONAL_LINE] = slot
    _, limit = occasion.bounds(limit)
    for rank in _ranks(template, kind, occasion, hybrid=True):
        frames = []
        for variant in rank:
            room = limit + utf16_length(slot) - _LEAST_ROOM
            way = next(fillings(variant, facts, language=template.language, limit=room), None)
            if way is not None and not repeated(way.text, occasion.texts):
                before, _, after = way.text.partition(slot)
                left = limit - utf16_length(before) - utf16_length(after)
                name = f"{template.version}/{variant.label}"
                frames.append(Frame(name=name, before=before, after=after, room=left))
        if frames:
            return frames[_place(len(frames), variant_draw)]
    return None


def in_english(template: MessageTemplate) -> bool:
    """Whether a template's own words are English, as those of the built-in ones are."""
    variants = [v for rank in (*template.invitation, *template.message) for v in rank]
    words = "\n".join(way for v in variants for part in v.parts for way in part)
    return foreign_share(re.sub(r"\{[^{}]*\}", " ", words)) < _FOREIGN


def _ranks(
    template: MessageTemplate, kind: DeliveryKind, occasion: Occasion, *, hybrid: bool = False
) -> tuple[tuple[Variant, ...], ...]:
    if kind is DeliveryKind.INVITATION:
        return template.hybrid_invitation if hybrid else template.invitation
    if occasion.last:
        return template.hybrid_last if hybrid else template.last
    if occasion.step.kind is StepKind.FIRST_MESSAGE and not occasion.texts:
        return template.hybrid_after_bare if hybrid else template.after_bare
    return template.hybrid_message if hybrid else template.message


def _place(count: int, draw: float) -> int:
    return min(int(max(0.0, min(draw, 1.0)) * count), count - 1)


def _preferred(
    rank: Sequence[Variant],
    facts: Mapping[str, str],
    template: MessageTemplate,
    limit: int,
    draw: float,
) -> Iterator[tuple[Variant, Iterator[Filling]]]:
    """The wordings of a rank in the order in which they are tried, with the ways to write them.

    First those that can state most of what matters, the drawn one before the others; last those
    that cannot be written, so that the reasons say why.
    """
    ways = [(v, fillings(v, facts, language=template.language, limit=limit)) for v in rank]
    firsts = [next(each, None) for _, each in ways]
    most = max((_weighty(first) for first in firsts if first), default=0)
    best = [
        (variant, chain([first], each))
        for (variant, each), first in zip(ways, firsts, strict=True)
        if first and _weighty(first) == most
    ]
    at = _place(len(best), draw) if best else 0
    yield from (*best[at:], *best[:at])
    for (variant, each), first in zip(ways, firsts, strict=True):
        if not first or _weighty(first) != most:
            yield variant, chain([first] if first else [], each)


def _weighty(way: Filling) -> int:
    return sum(
        weight for fact in way.states if (weight := WEIGHTS.get(fact, OWN_WEIGHT)) >= _WEIGHTY
    )


def _first_fit(
    variant: Variant,
    ways: Iterator[Filling],
    facts: Mapping[str, str],
    lead: Lead,
    campaign: Campaign,
    limit: int,
    occasion: Occasion,
) -> tuple[Filling | None, str]:
    """The best way to write it that may be sent, and why a better one, or none, may not."""
    if missing := sorted(variant.needs - facts.keys()):
        return None, f"not known: {', '.join(missing)}"
    why = ""
    for way in islice(ways, _MOST_TRIED):
        reasons = unfit(
            way.text,
            lead=lead,
            campaign=campaign,
            limit=limit,
            shortest=occasion.bounds(limit)[0],
            earlier=occasion.texts,
        )
        if not reasons:
            return way, why
        why = why or "; ".join(reasons)
    if not why:
        unlimited = fillings(variant, facts, language="en", limit=10 * max(limit, 1000))
        shortest = min((utf16_length(way.text) for way in unlimited), default=0)
        why = f"too long: {shortest} of {limit} units" if shortest else "some fact is not known"
    return None, why


def _confidence(written: Filling) -> float:
    if "first_name" not in written.states:
        return 0.6
    if {"company", "at_company"} & written.states:
        return 0.95
    return 0.85 if {"position", "a_position"} & written.states else 0.75


def _reasons(
    lead: Lead,
    template: MessageTemplate,
    variant: Variant,
    written: Filling,
    limit: int,
    passed_over: Sequence[str],
) -> Iterator[Reason]:
    length = utf16_length(written.text)
    yield Reason(
        why=f"variant {variant.label} is the first that fits", evidence=f"{length}/{limit}"
    )
    read: ReaderLanguage = reader_language(lead)
    if read.language == template.language != "en":
        name = LANGUAGE_NAMES[read.language]
        yield Reason(
            why=f"the reader's language is {name}", evidence=", ".join(read.evidence)[:120]
        )
    if "first_name" not in written.states:
        yield Reason(why="greets without a name: none is safe to use", evidence=lead.name[:80])
    if lead.classification is None:
        yield Reason(why="not judged yet: written as for Other")
    elif lead.classification_confidence is not None and lead.classification_confidence < _UNSURE:
        yield Reason(
            why="the classification is unsure: written as for Other",
            evidence=str(lead.classification),
            weight=lead.classification_confidence,
        )
    for why in passed_over:
        yield Reason(why=f"passed over {why}")
