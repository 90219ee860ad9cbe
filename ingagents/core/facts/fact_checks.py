"""What is wrong with the facts: they go out under the team's name, and nobody reads them again.

Every finding names the facts, says what is wrong, and what to do. A grave one is something that
people would be told wrongly or never; the others only say who is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from ipaddress import ip_address
from itertools import combinations, pairwise
from typing import Literal
from urllib.parse import urlsplit

import msgspec

from ingagents.core.facts.facts import LONGEST_FACT, expired_in, said_in
from ingagents.core.messages.checks import has_link
from ingagents.core.messages.dates import days_in
from ingagents.core.messages.reader_language import LANGUAGES
from ingagents.core.messages.sentences import folded
from ingagents.core.messages.values import LANGUAGE_NAMES, city_names
from ingagents.core.text.csv_injection import neutral_cell
from ingagents.core.text.prompt_injection import reads_like_instruction
from ingagents.core.text.word_lists import line_lists, word_set
from ingagents.model import Campaign, Fact, FactSheet

FindingKind = Literal[
    "contradiction", "past", "link", "nobody", "duplicate", "too-long", "instruction", "language"
]


UNTOLD = frozenset({"past", "nobody", "too-long", "instruction"})
"""Kinds of findings for which nobody is told a fact."""


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """Something wrong with one fact or between two; `ids` are theirs, empty for an address."""

    kind: FindingKind
    ids: tuple[str, ...]
    says: str
    fix: str
    grave: bool = True

    @property
    def line(self) -> str:
        """In one line, for people."""
        named = f"{', '.join(self.ids)}: " if self.ids else ""
        return f"{self.kind}: {named}{self.says}; {self.fix}"


def findings(sheet: FactSheet, campaign: Campaign, *, today: date) -> tuple[Finding, ...]:
    """All that is wrong with the facts on that day, in the order of the file."""
    found = [one for fact in sheet.facts for one in _of_one(fact, campaign, today)]
    for one, other in combinations(sheet.facts, 2):
        found += _of_two(one, other)
    for owner, address in sheet.booking.items():
        if why := dead_on_its_face(address):
            says = f"the booking address of {owner} {why}"
            found.append(Finding(kind="link", ids=(), says=says, fix="mend it under [booking]"))
    return tuple(found)


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
        yield Finding(kind="link", ids=ids, says=f"its link {why}", fix="mend the link")
    if any(map(has_link, texts)):
        yield Finding(
            kind="link",
            ids=ids,
            says="a link stands in its text",
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
    cities = {name: city for city, names in city_names().items() for name in names}
    ours = cities.get(campaign.event_city.casefold(), campaign.event_city.casefold())
    for text in fact.text.values():
        for sentence in _sentences(text):
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


def _of_two(one: Fact, other: Fact) -> Iterator[Finding]:
    apart = one.kinds and other.kinds and set(one.kinds).isdisjoint(other.kinds)
    if apart or _never_together(one, other):
        return
    ids = (one.id, other.id)
    for language in LANGUAGES:
        first, second = said_in(one, language), said_in(other, language)
        if not first or not second:
            continue
        if folded(first) == folded(second):
            yield Finding(
                kind="duplicate", ids=ids, says="they say the same", fix="take one of them out"
            )
            return
        if why := _disagreement(first, second):
            yield Finding(
                kind="contradiction",
                ids=ids,
                says=why,
                fix="mend one, or give them `until` and `from`",
            )
            return


def _never_together(one: Fact, other: Fact) -> bool:
    first, second = sorted((one, other), key=lambda fact: fact.since or date.min)
    return bool(first.until and second.since and first.until < second.since)


def _disagreement(one: str, other: str) -> str:
    """What two texts say differently of the same thing; "" when nothing that words show."""
    for this in _sentences(one):
        for that in _sentences(other):
            for (about, unit), number in _stated(this).items():
                for (also_about, also_unit), another in _stated(that).items():
                    same = about and also_about and (about <= also_about or also_about <= about)
                    if same and unit == also_unit and number != another:
                        return f"one says {number}, the other {another}"
            differ = set(folded(this).split()) ^ set(folded(that).split())
            if differ and differ <= word_set("campaign_facts", "negations"):
                return "one says what the other denies"
    return ""


def _sentences(text: str) -> Sequence[str]:
    """The sentences as they are written; a full stop after a figure ends none."""
    return [one for one in re.split(r"(?<=[!?])\s+|(?<=[^\d\s])\.\s+|\n", text[:2_000]) if one]


def _stated(sentence: str) -> Mapping[tuple[frozenset[str], str], str]:
    """The numbers and days of a sentence by their unit and what they are said of.

    That stands before the number; where nothing does ("320 people have registered"), behind it.
    """
    stated: dict[tuple[frozenset[str], str], str] = {}
    tokens = _TOKEN.findall(_with_days(sentence))
    for at, token in enumerate(tokens):
        before, after = tokens[:at], tokens[at + 1 :]
        about = frozenset(_said_of(before) or _said_of(after[1:]))
        if token.startswith("day-"):
            stated.setdefault((about, ""), token.removeprefix("day-"))
        elif token[0].isdecimal():
            unit = next(filter(None, map(_unit, (*after[:1], *before[-1:]))), "")
            stated.setdefault((about, unit), re.sub(r"[.,'\s\u202f\u00a0]", "", token))
    return stated


def _said_of(tokens: Sequence[str]) -> list[str]:
    small = word_set("campaign_facts", "small")
    return [
        _stem(one) for one in tokens if one[0].isalpha() and "-" not in one and one not in small
    ]


def _unit(token: str) -> str:
    if _is_currency(token):
        return "euro" if token in {"€", "eur"} else token
    return _stem(token) if token and token[0].isalpha() else ""


def _is_currency(token: str) -> bool:
    return token in {"€", "$", "£", "%", "eur", "usd", "gbp", "chf"}


def _with_days(sentence: str) -> str:
    """The sentence in small letters, with every day as one word."""
    flat = sentence.casefold()
    for start, end, day in reversed(list(days_in(sentence, date(date.max.year - 1, 1, 1)))):
        flat = f"{flat[:start]} day-{day:%m-%d} {flat[end:]}"
    return flat


def _stem(word: str) -> str:
    stem = re.sub(r"(?:es|en|s|e|n)$", "", word)
    return stem if len(stem) > 2 else word


def _numbers(text: str) -> frozenset[str]:
    found = re.findall(r"\d{1,3}(?:[.,'\u202f\u00a0 ]\d{3})+(?!\d)|\d+", text)
    return frozenset(re.sub(r"\D", "", number) for number in found)


def _parts(sentence: str) -> Iterator[str]:
    """Its words and pairs of words, in small letters."""
    words = re.findall(r"[^\W\d_]+", sentence.casefold())
    yield from words
    yield from (f"{one} {other}" for one, other in pairwise(words))


def _listed(numbers: frozenset[str]) -> str:
    return ", ".join(sorted(numbers)[:3])


def _takes_place() -> tuple[str, ...]:
    return line_lists("campaign_facts")["takes place"]


_TOKEN = re.compile(
    r"day-\d\d-\d\d|\d{1,3}(?:[.,'\u202f\u00a0 ]\d{3})+(?!\d)|\d+(?:[.,]\d+)?|[^\W\d_]+|[€$£%]"
)
