"""What may be answered to a person: the team's own facts, word for word, and nothing else.

Each sentence of a prepared answer names what it rests on: a fact by its id, a booking address, or
courtesy, which states nothing. What no fact answers is left open and said to be; a human writes it,
or the team adds the fact. No word of theirs gets into the answer but the name in the greeting.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any

import msgspec

from ingagents.core.facts.facts import AUDIENCE, DATE, DEADLINE, TOPICS, URL, Sayable, sayable_facts
from ingagents.core.facts.questions import (
    asked_for_by,
    asks_to_talk,
    is_answered,
    questions_of,
)
from ingagents.core.messages.checks import utf16_length
from ingagents.core.messages.reader_language import Language, language_of, reader_language
from ingagents.core.messages.sentences import folded, repeated
from ingagents.core.names import greeting_of
from ingagents.core.send_policy import MESSAGE_LIMIT
from ingagents.core.text.word_lists import line_lists
from ingagents.model import Campaign, Intent, Lead, ReplyDetail, ResponseAnalysis

NOTHING_CHOSEN: Mapping[str, Sequence[str]] = MappingProxyType({})
BOOKING, COURTESY = "booking", "courtesy"
WRITTEN_BY = "template:answer-1"
_MOST_FACTS = 3
_OF_NO_FILE = frozenset({COURTESY, DATE, AUDIENCE, TOPICS, URL, DEADLINE})
ANSWERED = frozenset({Intent.INTERESTED, Intent.REQUESTING_INFO})
"""How a message is read to which an answer is prepared."""
_NOT_TO_US = frozenset({ReplyDetail.OPT_OUT, ReplyDetail.OUT_OF_OFFICE, ReplyDetail.BOUNCE})
_OF_A_HUMAN = frozenset({ReplyDetail.REFERRAL, ReplyDetail.NOT_NOW, ReplyDetail.REFUSAL})


class Grounded(msgspec.Struct, frozen=True, kw_only=True):
    """A sentence, and what it rests on: a fact's id, `BOOKING` or `COURTESY`.

    `is_opening`: it greets or thanks, and says nothing by itself.
    """

    text: str
    rests_on: str
    is_opening: bool = False


class Prepared(msgspec.Struct, frozen=True, kw_only=True):
    """An answer that waits for a human. An empty `text`: no fact answers it, a human has to.

    `open` are their questions that no fact answers, `talk` says that it proposes a talk.
    """

    text: str
    sentences: tuple[Grounded, ...] = ()
    open: tuple[str, ...] = ()
    talk: bool = False

    @property
    def facts(self) -> tuple[str, ...]:
        """The ids of the facts it tells."""
        return tuple(
            one.rests_on for one in self.sentences if one.rests_on not in {BOOKING, COURTESY}
        )

    @property
    def is_facts_alone(self) -> bool:
        """Whether it answers everything, and with nothing but facts."""
        return bool(self.facts) and not self.open and not self.talk


def prepare_answer(
    lead: Lead,
    said: str,
    analysis: ResponseAnalysis,
    campaign: Campaign,
    *,
    today: date,
    chosen: Mapping[str, Sequence[str]] = NOTHING_CHOSEN,
    earlier: Sequence[str] = (),
) -> Prepared | None:
    """The answer to what a person wrote, in their language; None where none of ours is due.

    `said` are their own words; `chosen` are the ids of facts that a model found for a question. An
    opt-out, a no, an absence and a referral are no question. No sentence of the `earlier` texts that
    they had from us is said again; where nothing else is left to say, a human has to. Who asks
    for a time again is pointed to the address that they have.
    """
    if analysis.intent not in ANSWERED or analysis.detail in _NOT_TO_US | _OF_A_HUMAN:
        return None
    language = language_for(lead, said)
    known = list(sayable_facts(lead, campaign, language, today=today))
    asked = questions_of(said, asks=analysis.intent is Intent.REQUESTING_INFO, known=known)
    talk, booking = analysis.intent is Intent.INTERESTED, booking_of(lead, campaign)
    told: dict[str, Sayable] = {}
    left: list[str] = []
    for question in asked:
        if talk and booking and asks_to_talk(question):
            continue  # the address at which a talk is booked answers it
        also = [one for one in known if one[0].id in chosen.get(question, ())]
        found = asked_for_by(question, known)
        told |= {one.id: one for one, _ in (*also, *found)}
        if not also and not is_answered(question, found, names=(campaign.event_name,)):
            left.append(question)
    facts = [one for one in told.values() if not repeated(one.text, earlier)][:_MOST_FACTS]
    if not facts and not talk:
        return Prepared(text="", open=tuple(left))
    while True:
        hello, *whole = _sentences(lead, facts, language, booking, talk=talk)
        if analysis.detail is ReplyDetail.MEETING and _has_booking(whole, earlier):
            again = line_lists("answers")[f"{language} talk again"][0]
            whole.append(Grounded(text=again, rests_on=COURTESY))
        sentences = (hello, *(one for one in whole if not repeated(one.text, earlier)))
        text = _text_of(sentences)
        if len(facts) < 2 or utf16_length(text) <= MESSAGE_LIMIT:
            break
        facts.pop()
    if all(one.is_opening for one in sentences):
        return Prepared(text="", open=tuple(left))
    return Prepared(text=text, sentences=sentences, open=tuple(left), talk=talk)


def answers_today(lead: Lead, question: str, campaign: Campaign, *, today: date) -> bool:
    """Whether facts that this person may be told by now answer their question."""
    known = sayable_facts(lead, campaign, language_for(lead, question), today=today)
    return is_answered(question, asked_for_by(question, known), names=(campaign.event_name,))


def language_for(lead: Lead, said: str) -> Language:
    """The language in which a person is answered: that of their words, or of their profile."""
    return language_of(said) or reader_language(lead).language


def kept_as_fact(text: str, name: str) -> str:
    """What a text to one person says to everybody: without its greeting; "" where it is about them."""
    names = {part for part in folded(name).split() if len(part) > 2}
    greeting, _, rest = text.strip().partition("\n")
    said = rest if rest.strip() and names & set(folded(greeting).split()) else text
    said = " ".join(said.split())
    return "" if names & set(folded(said).split()) else said


def why_void(
    text: str, sentences: Sequence[Mapping[str, Any]], campaign: Campaign, *, prepared: bool
) -> tuple[str, ...]:
    """Why an answer may not go as things stand: too long, or a fact that says something else by now.

    `sentences` as they were kept. `prepared` False: a human wrote it in its place, and knows.
    """
    if utf16_length(text) > MESSAGE_LIMIT:
        return (f"too long: {utf16_length(text)} of {MESSAGE_LIMIT} units",)
    if not prepared:
        return _unreadable(text)
    said = {fact.id: " ".join((*fact.text.values(), fact.link)) for fact in campaign.facts}
    said[BOOKING] = " ".join(campaign.booking.values())
    return tuple(
        f"the fact {one['rests_on']} says something else by now"
        for one in sentences
        if one["rests_on"] not in _OF_NO_FILE
        and not _stands(one["text"], said.get(one["rests_on"], ""))
    )


def _unreadable(text: str) -> tuple[str, ...]:
    """What a human's own words hold that no message can: they may paste them from anywhere."""
    if not text.strip():
        return ("there is no text",)
    bad = {sign for sign in text if unicodedata.category(sign) in {"Cc", "Cs"}} - set("\n\r\t")
    codes = ", ".join(sorted(f"U+{ord(sign):04X}" for sign in bad)[:3])
    return (f"has control or broken characters: {codes}",) if bad else ()


def booking_of(lead: Lead, campaign: Campaign) -> str:
    """Where to book a talk with this person's owner, or with the one person there is; or ""."""
    given = {name.casefold(): address for name, address in campaign.booking.items()}
    owned = given.get(lead.owner.strip().casefold(), "")
    return owned or (next(iter(given.values())) if len(given) == 1 else "")


def _has_booking(sentences: Sequence[Grounded], earlier: Sequence[str]) -> bool:
    """Whether the person has the address already at which a talk is booked."""
    return any(one.rests_on == BOOKING and repeated(one.text, earlier) for one in sentences)


def _stands(sentence: str, said: str) -> bool:
    words, link = _plain(sentence), re.search(r"https?://\S+", sentence)
    if link is not None:
        return link[0] in said.split()
    return words in _plain(said)


def _plain(text: str) -> str:
    return " ".join(text.split()).rstrip(" .")


def _sentences(
    lead: Lead, facts: Sequence[Sayable], language: Language, booking: str, *, talk: bool
) -> Iterator[Grounded]:
    """The whole answer in its order; what is courtesy stands in a file and states nothing."""

    def courtesy(section: str, **values: str) -> str:
        return line_lists("answers")[f"{language} {section}"][0].format(**values)

    name = greeting_of(lead)
    hello = courtesy("hello", first_name=name) if name else courtesy("hello nobody")
    yield Grounded(text=hello, rests_on=COURTESY, is_opening=True)
    thanks = courtesy("interest" if talk else "question")
    yield Grounded(text=thanks, rests_on=COURTESY, is_opening=True)
    for fact in facts:
        yield Grounded(text=fact.text, rests_on=fact.id)
        if fact.link:
            yield Grounded(text=fact.link, rests_on=fact.id)
    if talk and booking:
        yield Grounded(text=courtesy("talk", link=booking), rests_on=BOOKING)
    elif talk:
        yield Grounded(text=courtesy("when"), rests_on=COURTESY)


def _text_of(sentences: Sequence[Grounded]) -> str:
    hello, *thanks = (one.text for one in sentences if one.is_opening)
    if hello.endswith(":"):  # where a capital follows
        thanks = [one[:1].upper() + one[1:] for one in thanks]
    rest = " ".join(one.text for one in sentences if not one.is_opening)
    return f"{' '.join([hello, *thanks])}\n\n{rest}"
