"""What is wrong with the facts: they go out under the team's name, and nobody reads them again.

Every finding names the facts, says what is wrong, and what to do. A grave one is something that
people would be told wrongly or never; the others only say who is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from ipaddress import ip_address
from itertools import combinations, pairwise
from typing import Literal
from urllib.parse import urlsplit

import msgspec

from ingagents.core.facts.disagreements import (
    ComparedFact,
    compared,
    disagreement,
    narrower,
    never_together,
    says_the_same,
    sentences_of,
)
from ingagents.core.facts.facts import LONGEST_FACT, expired_in, said_in
from ingagents.core.messages.checks import has_link
from ingagents.core.messages.dates import days_in
from ingagents.core.messages.reader_language import LANGUAGES
from ingagents.core.messages.values import LANGUAGE_NAMES, known_cities
from ingagents.core.text.csv_injection import neutral_cell
from ingagents.core.text.prompt_injection import reads_like_instruction
from ingagents.core.text.word_lists import line_lists
from ingagents.model import Campaign, Fact, FactSheet

FindingKind = Literal[
    "contradiction", "past", "link", "nobody", "duplicate", "too-long", "instruction", "language"
]


_UNTOLD = frozenset({"contradiction", "past", "link", "nobody", "too-long", "instruction"})
"""Kinds of findings for which nobody is told a fact.

Of two that contradict each other neither is: nobody knows which is right. One whose link is dead is
not told without it either, for its words may send the reader there.
"""


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """Something wrong with one fact or between two; `ids` are theirs, empty for an address."""

    kind: FindingKind
    ids: tuple[str, ...]
    says: str
    fix: str
    grave: bool = True

    @property
    def untold(self) -> bool:
        """Whether nobody is told its facts."""
        return self.grave and self.kind in _UNTOLD

    @property
    def line(self) -> str:
        """In one line, for people."""
        named = f"{', '.join(self.ids)}: " if self.ids else ""
        return f"{self.kind}: {named}{self.says}; {self.fix}"

    def says_at(self, identity: str) -> str:
        """What is wrong with one of its facts, which names the others."""
        others = ", ".join(one for one in self.ids if one != identity)
        return f"with {others}: {self.says}" if others else self.says


def findings(sheet: FactSheet, campaign: Campaign, *, today: date) -> tuple[Finding, ...]:
    """All that is wrong with the facts on that day, in the order of the file."""
    found = [one for fact in sheet.facts for one in _of_one(fact, campaign, today)]
    lasting = [compared(fact) for fact in sheet.facts if not fact.until or fact.until >= today]
    for one, other in combinations(lasting, 2):
        found += _of_two(one, other)
    for owner, address in sheet.booking.items():
        if why := dead_on_its_face(address):
            says = f"the booking address of {owner} {why}"
            found.append(Finding(kind="link", ids=(), says=says, fix="mend it under [booking]"))
    return tuple(found)


def told_of(sheet: FactSheet, campaign: Campaign, *, today: date) -> FactSheet:
    """What may be told of a sheet; an owner whose address is dead has none.

    What is over stays: whoever tells a fact looks at its day.
    """
    found = findings(sheet, campaign, today=today)
    untold = {key for one in found if one.untold and one.kind != "past" for key in one.ids}
    return FactSheet(
        facts=tuple(fact for fact in sheet.facts if fact.id not in untold),
        booking={
            owner: "" if dead_on_its_face(address) else address
            for owner, address in sheet.booking.items()
        },
    )


def dead_on_its_face(link: str) -> str:
    """Why nobody can follow a link, without asking the network; "" when they might."""
    try:
        parts = urlsplit(link)
        host = (parts.hostname or "").rstrip(".")
        port = parts.port
    except ValueError:
        return "is no address"
    del port  # reading it is the check
    if parts.scheme not in {"http", "https"} or not host:
        return "does not begin with https:// and a host"
    if parts.username or parts.password:
        return "holds a user name"
    if re.search(r"[\s<>{}\[\]|\\^`]|https?:", link[8:]) or ".." in host:
        return "is not finished, or two in one"
    try:
        return "" if ip_address(host).is_global else "leads to a machine of your own"
    except ValueError:
        pass
    top = host.rpartition(".")[2]
    if host == "localhost" or top in {"localhost", "local", "internal", "lan", "invalid"}:
        return "leads to a machine of your own"
    if "." not in host or not re.fullmatch(r"(?:[\w-]{1,63}\.)+(?:[^\W\d_]{2,}|xn--[\w-]+)", host):
        return "has a host that cannot exist"
    return ""


def _of_one(fact: Fact, campaign: Campaign, today: date) -> Iterator[Finding]:
    ids = (fact.id,)
    texts = list(fact.text.values())
    if any(map(reads_like_instruction, (*texts, *fact.asks))):
        yield Finding(
            kind="instruction",
            ids=ids,
            says="it speaks to a machine, and so nobody is told",
            fix="say it as a fact",
        )
    if any(neutral_cell(text)[:1] != text[:1] for text in texts):
        yield Finding(
            kind="instruction",
            ids=ids,
            says="a spreadsheet takes it for a formula, and so nobody is told",
            fix="begin it with a word",
        )
    longest = max(map(len, texts), default=0)
    if longest > LONGEST_FACT:
        yield Finding(
            kind="too-long",
            ids=ids,
            says=f"{longest} of at most {LONGEST_FACT} characters, and so nobody is told",
            fix="shorten it, or make two facts of it",
        )
    yield from _over(fact, campaign, today)
    if fact.link and (why := dead_on_its_face(fact.link)):
        yield Finding(
            kind="link", ids=ids, says=f"its link {why}, and so nobody is told", fix="mend the link"
        )
    if any(map(has_link, texts)):
        yield Finding(
            kind="link",
            ids=ids,
            says="a link stands in its text, and so nobody is told",
            fix="put it into `link`, alone and with https://",
        )
    yield from _otherwise_than_campaign(fact, campaign)
    yield from _otherwise_by_language(fact)
    silent = [LANGUAGE_NAMES[one] for one in LANGUAGES if not said_in(fact, one)]
    if len(silent) == len(LANGUAGES):
        names = ", ".join(LANGUAGE_NAMES.values())
        yield Finding(
            kind="nobody",
            ids=ids,
            says=f"it is in none of the languages we write in ({names})",
            fix="give its text in one of them",
        )
    elif silent:
        yield Finding(
            kind="language",
            ids=ids,
            says=f"whoever reads {' or '.join(silent)} is not told",
            fix='write text = { en = "...", de = "...", fr = "...", es = "..." }',
            grave=False,
        )


def _over(fact: Fact, campaign: Campaign, today: date) -> Iterator[Finding]:
    ids = (fact.id,)
    if fact.since and fact.until and fact.since > fact.until:
        yield Finding(
            kind="nobody",
            ids=ids,
            says=f"it begins on {fact.since} and ends before, on {fact.until}",
            fix="mend `from` or `until`",
        )
    elif fact.until and fact.until < today:
        yield Finding(
            kind="past", ids=ids, says=f"it ended on {fact.until}", fix="renew it, or take it out"
        )
    elif fact.since and fact.since > campaign.event_date:
        yield Finding(
            kind="nobody",
            ids=ids,
            says=f"it begins on {fact.since}, after the event",
            fix="mend `from`",
        )
    for text in fact.text.values():
        if (day := expired_in(text, campaign, today)) is not None:
            yield Finding(
                kind="past",
                ids=ids,
                says=f"the day it names, {day}, is over, and so nobody is told",
                fix="renew it, or take it out",
            )
            break


def _otherwise_than_campaign(fact: Fact, campaign: Campaign) -> Iterator[Finding]:
    """When and where the event is, said otherwise than in the settings."""
    cities = known_cities()
    ours = cities.get(campaign.event_city.casefold(), campaign.event_city.casefold())
    for text in fact.text.values():
        for sentence in sentences_of(text):
            if not any(re.search(row, sentence, re.IGNORECASE) for row in _takes_place()):
                continue
            days = [day for _, _, day in days_in(sentence, campaign.event_date)]
            if days and campaign.event_date not in days:
                says = f"it names {days[0]}, and campaign.event_date is {campaign.event_date}"
                yield _against(fact, says)
            said = [cities[word] for word in _parts(sentence) if word in cities]
            if campaign.event_city and said and ours not in said:
                named, city = said[0].title(), campaign.event_city
                yield _against(fact, f"it names {named}, and campaign.event_city is {city}")


def _against(fact: Fact, says: str) -> Finding:
    return Finding(
        kind="contradiction", ids=(fact.id,), says=says, fix="mend the fact or the setting"
    )


def _otherwise_by_language(fact: Fact) -> Iterator[Finding]:
    """Another number in one language than in another; words for numbers are not compared."""
    by_language = {
        language: numbers for language, text in fact.text.items() if (numbers := _numbers(text))
    }
    for (one, first), (other, second) in combinations(by_language.items(), 2):
        if not first <= second and not second <= first:
            yield Finding(
                kind="contradiction",
                ids=(fact.id,),
                says=f"its text in {one} says {_listed(first - second)}, the one in {other}"
                f" {_listed(second - first)}",
                fix="mend one of them",
            )
            return


def _of_two(one: ComparedFact, other: ComparedFact) -> Iterator[Finding]:
    if never_together(one.fact, other.fact):
        return
    ids = (one.fact.id, other.fact.id)
    if why := disagreement(one, other):
        yield Finding(
            kind="contradiction",
            ids=ids,
            says=f"{why}, and so neither is told",
            fix='mend one, say of each what it is about ("standard tickets"), or give them `until` and `from`',
        )
    elif why := narrower(one, other):
        yield Finding(
            kind="contradiction",
            ids=ids,
            says=f"{why}, of something narrower as it seems, and so both are told",
            fix="mend one if they are about the same",
            grave=False,
        )
    elif says_the_same(one, other):
        yield Finding(
            kind="duplicate", ids=ids, says="they say the same", fix="take one of them out"
        )


def _numbers(text: str) -> frozenset[str]:
    """Its numbers as every language writes them: 6 pm is 18, 05 is 5."""
    text = _AFTERNOON.sub(lambda hour: str(int(hour[1]) % 12 + 12), text)
    found = re.findall(r"\d{1,3}(?:[.,'\u202f\u00a0 ]\d{3})+(?!\d)|\d+", text)
    return frozenset(re.sub(r"\D", "", number).lstrip("0") or "0" for number in found)


def _parts(sentence: str) -> Iterator[str]:
    """Its words and pairs of words, in small letters."""
    words = re.findall(r"[^\W\d_]+", sentence.casefold())
    yield from words
    yield from (f"{one} {other}" for one, other in pairwise(words))


def _listed(numbers: frozenset[str]) -> str:
    return ", ".join(sorted(numbers)[:3])


def _takes_place() -> tuple[str, ...]:
    return line_lists("campaign_facts")["takes place"]


_AFTERNOON = re.compile(r"(?<![\d:.])(\d{1,2})(?=(?:[:.]\d\d)?\s*p\.?\s?m\b)", re.IGNORECASE)
