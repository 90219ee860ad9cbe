"""Does a model's text say only what the profile and the campaign say? Every reason why not.

`checks.unfit` looks at any text; here is what a model can get wrong beyond that: facts,
names, numbers and dates nobody gave, quoted titles, money and promises, a past that never was,
another language, the words of a hostile field, and the same words as yesterday's message.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache

import msgspec

from ingagents.core.facts.facts import wording_for
from ingagents.core.messages.facts import fact_words, raw_texts
from ingagents.core.messages.words import WORD, foreign_share, known_word, without_phrases, words_of
from ingagents.core.text.word_lists import line_lists
from ingagents.model import Campaign, Classification, Lead

_LONGEST = 4_000
_COPIED_RUN = 5
_SHINGLE = 3
_SAME_AS_BEFORE = 0.7
"""The share of a text's three-word runs that an earlier text has, from where on it is a copy."""
_FOREIGN = 0.35
_SHOWN = 5


class Claim(msgspec.Struct, frozen=True):
    """Words of the text, and the field the model says they rest on."""

    words: str
    field: str


def unfounded(
    text: str, *, lead: Lead, campaign: Campaign, facts: Mapping[str, str]
) -> tuple[str, ...]:
    """Every statement of `text` that `facts` do not carry; empty when all of it is founded.

    What the team says itself (a fact, a link) is to be taken out before: it is not judged.
    """
    text = text[:_LONGEST].replace("’", "'")
    grounds = fact_words(facts)
    plain = without_phrases(_without_names(text, facts))
    if foreign_share(plain, grounds) > _FOREIGN:
        return ("is not in English, the language of the templates",)
    untitled = _without_title(plain, facts.get("position", ""))
    found: list[str] = [why for why, pattern in _forbidden() if pattern.search(untitled)]
    found += _posing(text, facts)
    found += _other_offer(plain, lead, grounds)
    found += _names(plain, facts)
    found += _words(plain, grounds)
    found += _numbers(text, facts, campaign)
    found += _quotes(text, facts)
    found += _copied(text, lead, facts)
    return tuple(found)


def unsupported(
    claims: Sequence[Claim], text: str, facts: Mapping[str, str]
) -> tuple[list[Claim], list[str]]:
    """The claims their field bears out, and a sentence for each that the text makes without it.

    A claim stands when every word of it that is more than courtesy is in its field. One whose words
    are not in the text is nobody's: it neither counts nor harms.
    """
    said = " ".join(words_of(text))
    standing: list[Claim] = []
    void: list[str] = []
    for claim in claims:
        words = words_of(claim.words)
        if not words or " ".join(words) not in said:
            continue
        field = fact_words({"": facts.get(claim.field, "")})
        bearing = [word for word in words if not known_word(word)]
        held = [word for word in words if known_word(word, field) and word not in _FILLING]
        if any(not known_word(word, field) for word in bearing) or not (
            bearing or _shares(held, field)
        ):
            void.append(f"'{claim.words[:60]}' is not in {claim.field[:20] or 'any field'}")
        else:
            standing.append(claim)
    return standing, void


def near_copy(text: str, earlier: Iterable[str], shared: frozenset[str]) -> bool:
    """True when one earlier text has most of this one's wording, and all it says of its reader.

    `shared` are the words that stand in everybody's text: the name greeted, the event, the fact
    told. The same courtesy about another job is no copy: the templates, too, have few wordings.
    """
    runs = _shingles(text)
    if not runs:
        return False
    personal = {word for word in words_of(text[:_LONGEST]) if not known_word(word, shared)}
    return any(
        personal.issubset(words_of(old[:_LONGEST]))
        and len(runs & _shingles(old)) / len(runs) >= _SAME_AS_BEFORE
        for old in earlier
    )


def _shares(words: Iterable[str], field: frozenset[str]) -> bool:
    return any(word in field for word in words)


def _shingles(text: str) -> set[tuple[str, ...]]:
    """Three-word runs of the wording: what is no courtesy is a name or a fact and becomes a gap."""
    words: list[str] = []
    for word in words_of(text[:_LONGEST]):
        shown = word if known_word(word) else ""
        if shown or not words or words[-1]:
            words.append(shown)
    return {tuple(words[at : at + _SHINGLE]) for at in range(len(words) - _SHINGLE + 1)}


def _without_names(text: str, facts: Mapping[str, str]) -> str:
    """The user's own event, city and name are never held against a text; nor is the company."""
    for field in ("event_name", "sender_name", "event_city", "company"):
        if value := facts.get(field):
            text = re.sub(rf"(?<!\w){re.escape(value)}(?!\w)", "Linkedin", text)
    return text


def _without_title(text: str, position: str) -> str:
    """A Chief Revenue Officer may be called that: it speaks of no money. Offers are no titles."""
    if not position or not _PLAIN_TITLE.fullmatch(position):
        return text
    return re.sub(rf"(?<!\w){re.escape(position)}(?!\w)", "Linkedin", text, flags=re.IGNORECASE)


def _names(text: str, facts: Mapping[str, str]) -> Iterator[str]:
    """Capitals inside a sentence are names: they must stand in the facts, as a word of them."""
    known = {word for value in facts.values() for word in words_of(value)}
    known |= {said for word in known for said in _PLAIN_CAPITALS.get(word, ())}
    strange = [
        found[0]
        for found in WORD.finditer(text)
        if found[0][0].isupper()
        and not _opens_sentence(text, found.start())
        and found[0].removesuffix("'s") not in _CAPITALS
        and found[0].casefold().removesuffix("'s") not in known
    ]
    if strange:
        yield f"names {_shown(strange)}, which neither the profile nor the campaign has"


def _posing(text: str, facts: Mapping[str, str]) -> Iterator[str]:
    """Claims about their company, and a writer who takes their role: both in words they gave us."""
    if company := facts.get("company"):
        says = rf"(?:{_SUBJECT_OPENS}){re.escape(company)} (?:{_COMPANY_DOES})\b"
        if re.search(says, text, re.IGNORECASE):
            yield f"claims what {company} does"
    theirs = fact_words({name: facts.get(name, "") for name in ("position", "company")})
    for found in _I_AM.finditer(text):
        own = _OF_THEM.split(found[1])[0]
        if any(word in theirs and not known_word(word) for word in words_of(own)):
            yield "speaks as if the writer had the reader's role or company"
            return


def _other_offer(text: str, lead: Lead, grounds: frozenset[str]) -> Iterator[str]:
    """A guest is not asked for a talk, nor a speaker for support."""
    wording = wording_for(lead)
    for offer, words in _OFFERS.items():
        if wording is not offer and not words.isdisjoint(set(words_of(text)) - grounds):
            yield f"asks as one asks a {offer}, and this person is invited otherwise"


def _opens_sentence(text: str, at: int) -> bool:
    before = text[:at].rstrip(" ")
    if not before or before[-1] in ".!?:\n(–—-":
        return True
    return bool(_GREETING_ENDS.fullmatch(before))


def _words(text: str, grounds: frozenset[str]) -> Iterator[str]:
    strange = [word for word in words_of(text) if len(word) > 1 and not known_word(word, grounds)]
    if strange:
        yield f"says what neither the profile nor the campaign says: {_shown(strange)}"


def _numbers(text: str, facts: Mapping[str, str], campaign: Campaign) -> Iterator[str]:
    day = campaign.event_date
    known = {str(day.day), f"{day.day:02d}", str(day.year)}
    known |= {number for value in facts.values() for number in _NUMBER.findall(value)}
    if strange := [number for number in _NUMBER.findall(text) if number not in known]:
        yield f"states a number nobody gave: {_shown(strange)}"


def _quotes(text: str, facts: Mapping[str, str]) -> Iterator[str]:
    told = " | ".join(facts.values()).casefold()
    for found in _QUOTED.finditer(text):
        quoted = next(filter(None, found.groups()))
        if quoted.strip(" .,!?").casefold() not in told:
            yield f"quotes '{quoted[:40]}', which is no title in the profile"


def _copied(text: str, lead: Lead, facts: Mapping[str, str]) -> Iterator[str]:
    """Runs of words of the profile that are not the facts we gave."""
    words = words_of(text)
    job = f"{facts.get('position', '')} at {facts.get('company', '')}"
    given = {run for value in (*facts.values(), job) for run in _runs(words_of(value))}
    for field in raw_texts(lead):
        theirs = words_of(field[:_LONGEST])
        if not (_runs(words) & _runs(theirs)) - given:
            continue
        yield "repeats a passage of the profile"
        return


def _runs(words: Sequence[str]) -> set[tuple[str, ...]]:
    return {tuple(words[at : at + _COPIED_RUN]) for at in range(len(words) - _COPIED_RUN + 1)}


def _shown(words: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(word[:30] for word in list(words)[:_SHOWN]))


@cache
def _forbidden() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Why a text is refused, and the pattern of what it says then."""
    sections = line_lists("claims").items()
    return tuple((why, re.compile("|".join(rows), re.IGNORECASE)) for why, rows in sections)


_FILLING = frozenset({"a", "an", "the", "of", "as", "at", "in", "on", "for", "and", "your", "you"})
_CAPITALS = frozenset({"I", "I'm", "I'd", "I'll", "I've", "Linkedin", "LinkedIn", "Best", "Kind"})
_PLAIN_CAPITALS = {"cto": ("chief", "technology", "officer"), "vp": ("vice", "president")}
_GREETING_ENDS = re.compile(
    r"\s*(?:hi|hello|hey|dear|good (?:morning|afternoon|evening|day))(?: [^,\n]{0,60})?,?",
    re.IGNORECASE,
)
_SUBJECT_OPENS = (
    r"\A|[.!?,:;\n] ?|\b(?:that|how|and|but|because|as|while|since|if|hear|know|think) "
)
"""Where a name is the subject: "your work at Acme made me think of you" says nothing of Acme."""
_COMPANY_DOES = (
    r"(?:also |already |now |still |really )?(?:is|was|has|had|wants?|needs?|plans?|sponsors?"
    r"|supports?|offers?|hosts?|joins?|joined|said|says|likes?|loves?|knows?|takes?|leads?|gave"
    r"|made|built|will|can|should|must)"
)
_I_AM = re.compile(
    r"\b(?:i am|i'm|we are|we're|my role as|i work|we work) ([^.,;!?\n]{1,40})", re.IGNORECASE
)
_OF_THEM = re.compile(r"\b(?:your|you are|you're|because|since|that)\b", re.IGNORECASE)
"""Ends what somebody says of themselves: "I am writing because you are CTO at Acme"."""
_OFFERS = {
    Classification.SPEAKER: frozenset({"speak", "speaker", "speaking", "talk", "talks", "stage"}),
    Classification.SPONSOR: frozenset(
        {"sponsor", "sponsors", "sponsoring", "sponsorship", "partnering", "partnership", "exhibit"}
    ),
}
_NUMBER = re.compile(r"\d+(?:[.,:/]\d+)*")
_PLAIN_TITLE = re.compile(r"[^\W\d_]+(?:(?: & |, |[ /-])[^\W\d_]+){0,6}")
_QUOTED = re.compile(r"\"([^\"]{2,200})\"|“([^”]{2,200})”|«([^»]{2,200})»|‘([^’']{2,200})['’]")
