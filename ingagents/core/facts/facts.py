"""What may be told to a person, and what of it is still new to them.

The facts are the team's own (`facts.toml`) and those that stand in `[campaign]`. A follow-up rests
on one that no earlier text used, neither by its id nor in its words; without one nothing is sent.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from types import MappingProxyType

import msgspec

from ingagents.core.messages.dates import days_in
from ingagents.core.messages.reader_language import Language, language_of, reader_language
from ingagents.core.messages.sentences import folded
from ingagents.core.messages.values import LANGUAGE_NAMES, campaign_values, said_date
from ingagents.core.text.prompt_injection import reads_like_instruction
from ingagents.core.text.word_lists import line_lists, word_lists
from ingagents.model import (
    Campaign,
    Classification,
    Delivery,
    DeliveryKind,
    Fact,
    Lead,
)

LONGEST_FACT = 300
"""Characters. A longer one leaves no room for a text around it."""
_UNSURE = 0.5
"""Below this certainty of the classification the whole draft is unsure."""
_DEADLINE_NEAR = timedelta(days=60)
"""The end of the invitations is no news before."""

_TEXTS = frozenset(
    {
        DeliveryKind.INVITATION,
        DeliveryKind.MESSAGE,
        DeliveryKind.REPLY,
        DeliveryKind.ENROLMENT,
    }
)

DATE, AUDIENCE, TOPICS = "campaign.date", "campaign.audience", "campaign.topics"
URL, DEADLINE = "campaign.url", "campaign.deadline"

STATED_BY: Mapping[str, str] = MappingProxyType(
    {
        "event_date": DATE,
        "audience": AUDIENCE,
        "topics": TOPICS,
        "topic": TOPICS,
        "other_topics": TOPICS,
        "event_url": URL,
    }
)
"""The fact that a text has told once it states what stands for this placeholder."""


class Earlier(msgspec.Struct, frozen=True, kw_only=True):
    """A text that this person got from us, and the ids of the facts it used.

    An invitation without a text is none: where there is no earlier text, nothing of ours was read.
    """

    text: str
    facts: tuple[str, ...] = ()


class Sayable(msgspec.Struct, frozen=True, kw_only=True):
    """A fact as it is said in the reader's language."""

    id: str
    text: str
    link: str = ""


class NothingNew(msgspec.Struct, frozen=True, kw_only=True):
    """There is no fact left for this person, and why."""

    reason: str


def earlier_texts(acts: Iterable[Delivery]) -> tuple[Earlier, ...]:
    """What the person has read of ours, or may have, in order."""
    return tuple(
        Earlier(text=text, facts=act.facts)
        for act in acts
        if act.kind in _TEXTS and not act.state.frees_step
        for text in act.says
    )


def next_fact(
    lead: Lead, campaign: Campaign, earlier: Sequence[Earlier], *, today: date
) -> Sayable | NothingNew:
    """What a follow-up to this person may rest on: the first fact that no earlier text used."""
    unused = unused_facts(lead, campaign, earlier, today=today)
    if unused:
        return unused[0]
    known = len(list(_sayable(lead, campaign, today)))
    language = LANGUAGE_NAMES[reader_language(lead).language]
    told = f"the {known} that there are have been told" if known else "there is none"
    kind = wording_for(lead)
    whom = "a guest" if kind is Classification.OTHER else f"a {kind}"
    return NothingNew(
        reason=f"nothing new to say: of the facts for {whom} in {language}, {told};"
        " add one to facts.toml (`ingagents facts list`)"
    )


def unused_facts(
    lead: Lead, campaign: Campaign, earlier: Sequence[Earlier], *, today: date
) -> tuple[Sayable, ...]:
    """The facts this person may be told and was not, in the order in which they are told.

    First what ends soonest, then what is for this kind of person alone, then as the file has it.
    """
    used = {fact for text in earlier for fact in text.facts}
    before = " | ".join(f" {folded(text.text)} " for text in earlier)
    return tuple(
        fact
        for fact, marks in _sayable(lead, campaign, today)
        if fact.id not in used and not any(f" {folded(mark)} " in before for mark in marks if mark)
    )


def spare_fact(
    lead: Lead, campaign: Campaign, earlier: Sequence[Earlier], *, today: date, keep: int
) -> Sayable | None:
    """A fact of the team's for a text that can do without, where `keep` others are left."""
    own = {fact.id for fact in campaign.facts}
    unused = [one for one in unused_facts(lead, campaign, earlier, today=today) if one.id in own]
    return unused[keep] if len(unused) > keep else None


def told_to(lead: Lead, campaign: Campaign) -> tuple[Fact, ...]:
    """The team's facts that a text to this person may hold, whatever the day."""
    kind = wording_for(lead)
    return tuple(fact for fact in campaign.facts if not fact.kinds or kind in fact.kinds)


def said_in(fact: Fact, language: Language) -> str:
    """The fact as that language says it; "" where it has no words of it.

    What was given without a language is in the one it is written in: a half-foreign text is worse
    than none.
    """
    own = fact.text.get(language, "")
    plain = fact.text.get("", "")
    if not own and plain and (language_of(plain) or "en") == language:
        own = plain
    own = " ".join(own.split())
    return own if not own or own[-1] in ".!?…" else f"{own}."


def wording_for(lead: Lead) -> Classification:
    """Whose words to use: an unsure Speaker or Sponsor is better asked as a guest."""
    confidence = lead.classification_confidence
    if lead.classification is None or (confidence is not None and confidence < _UNSURE):
        return Classification.OTHER
    return lead.classification


def is_told_on(fact: Fact, today: date) -> bool:
    """Whether its time has come and is not over."""
    return not (fact.since and today < fact.since) and not (fact.until and today > fact.until)


def expired_in(text: str, campaign: Campaign, today: date) -> date | None:
    """The day a text names that is over by now, unless it tells what was."""
    if any(re.search(row, text, re.IGNORECASE) for row in line_lists("campaign_facts")["was"]):
        return None
    days = [day for _, _, day in days_in(text, campaign.event_date)]
    return max(days) if days and max(days) < today else None


def sayable_facts(
    lead: Lead, campaign: Campaign, language: Language, *, today: date
) -> Iterator[tuple[Sayable, Sequence[str]]]:
    """All that this person may be told today in a language, each with the words that ask for it."""
    asks = {fact.id: fact.asks for fact in campaign.facts}
    for said, _ in _said(lead, campaign, language, today):
        words = word_lists("answers").get(f"asks {said.id}", ())
        yield said, asks.get(said.id, words)


def _sayable(lead: Lead, campaign: Campaign, today: date) -> Iterator[tuple[Sayable, list[str]]]:
    """Each fact with what an earlier text would hold that has told it."""
    return _said(lead, campaign, reader_language(lead).language, today)


def _said(
    lead: Lead, campaign: Campaign, language: Language, today: date
) -> Iterator[tuple[Sayable, list[str]]]:
    facts = sorted(
        told_to(lead, campaign), key=lambda fact: (fact.until or date.max, not fact.kinds)
    )
    for fact in facts:
        text = said_in(fact, language)
        if not text or len(text) > LONGEST_FACT or not is_told_on(fact, today):
            continue
        if not reads_like_instruction(text) and expired_in(text, campaign, today) is None:
            yield Sayable(id=fact.id, text=text, link=fact.link), [text]
    for said, mark in facts_of_campaign(campaign, language, today=today):
        yield said, [said.text, mark]


def facts_of_campaign(
    campaign: Campaign, language: Language, *, today: date
) -> Iterator[tuple[Sayable, str]]:
    """What `[campaign]` says, as sentences, each with the words that a text has if it told it."""
    known = dict(campaign_values(campaign, language))
    last = campaign.stop_date
    if last is not None and today <= last <= today + _DEADLINE_NEAR:
        known["stop_date"] = said_date(last, language)
    marks = {
        DATE: known.get("event_date", ""),
        AUDIENCE: known.get("audience", ""),
        TOPICS: known.get("topics", ""),
        URL: campaign.event_url,
        DEADLINE: known.get("stop_date", ""),
    }
    for identity, mark in marks.items():
        if not mark:
            continue
        for row in line_lists("campaign_facts")[f"{language} {identity.partition('.')[2]}"]:
            try:
                text = row.format_map(known)
            except KeyError:
                continue
            link = campaign.event_url if identity == URL else ""
            yield Sayable(id=identity, text=text[:1].upper() + text[1:], link=link), mark
            break
