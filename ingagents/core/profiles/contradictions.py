"""Where a fresh profile says something else than what was known of a person, in more than spelling.

Of two sources the fresher and nearer one counts; but where they contradict each other, one of them
is about somebody else or about another time, and which one only a human can tell. What differs in
writing alone (a nickname, an initial, a legal form, a wording) is no contradiction, and what
LinkedIn does not show contradicts nothing.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Literal

import msgspec

from ingagents.core.identity import company_key
from ingagents.core.profiles.name_matching import names_agree, without_accents
from ingagents.core.profiles.titles import Title, read_title
from ingagents.core.text.word_lists import meanings
from ingagents.model import Lead, Profile

SEARCH = "search"
"""The source of a lead that LinkedIn's search found: what is known of it is LinkedIn's own word."""

_LONGEST = 300
_SHOWN = 120
"""Characters of a value that are compared, and that stand in a sentence about it."""


class Contradiction(msgspec.Struct, frozen=True, kw_only=True):
    """One thing LinkedIn says differently: what was known, and what it shows."""

    field: Literal["name", "company", "position"]
    known: str
    shown: str

    def __str__(self) -> str:
        """Both values in one sentence."""
        known, shown = (" ".join(one.split())[:_SHOWN] for one in (self.known, self.shown))
        return f'{self.field}: LinkedIn shows "{shown}", we knew "{known}"'


def contradictions(lead: Lead, fresh: Profile) -> tuple[Contradiction, ...]:
    """What of a lead a profile just read contradicts in more than spelling: name, company, position.

    A job is confirmed by any that the profile shows as present.
    """
    return (*_of_name(lead, fresh), *_of_job(lead, fresh))


def renamed(lead: Lead, fresh: Profile) -> bool:
    """Whether LinkedIn shows the person under another name than we know.

    Until a human has looked it may be somebody else: its ids are not yet the lead's, or the person
    who has them by right would be taken for this one.
    """
    return any(True for _ in _of_name(lead, fresh))


def drifted(written_for: Mapping[str, str], lead: Lead) -> tuple[Contradiction, ...]:
    """What of the name, position and company a text was written for is another by now."""
    before = msgspec.structs.replace(lead, **written_for, source="", profile=Profile())
    now = {field: getattr(lead, field) for field in written_for}
    return contradictions(before, Profile(**now))


def companies_agree(known: str, shown: str) -> bool:
    """Whether two companies are one; a company that is not told agrees with any.

    Legal form, spelling, an abbreviation, and a word that says only where or what kind of house it
    is make no other company.
    """
    one, two = _employer(known), _employer(shown)
    if not one or not two or _squeezed(one) == _squeezed(two):
        return True
    if _initials(known) == _squeezed(two) or _initials(shown) == _squeezed(one):
        return True
    if _misspelt(_squeezed(one), _squeezed(two)):
        return True
    shorter, longer = sorted((one.split(), two.split()), key=len)
    return longer[: len(shorter)] == shorter and _SAYS_LITTLE.issuperset(longer[len(shorter) :])


def titles_agree(known: str, shown: str) -> bool:
    """Whether two titles name one job; a title that is not told agrees with any.

    The same words in another order, language or abbreviation do, and a title that only says more
    at the same rank.
    """
    one, two = read_title(known), read_title(shown)
    words, others = _wording(one), _wording(two)
    if not words or not others or words == others:
        return True
    same_rank = one.seniority == two.seniority or {one.seniority, two.seniority} <= _AT_THE_TOP
    return same_rank and (words < others or others < words) and not (words ^ others) & _RANKING


def shows_less(lead: Lead, fresh: Profile) -> bool:
    """Whether LinkedIn keeps back the jobs it has shown before, under an unchanged headline.

    It does so when it is asked for much: the headline alone then says less than is known.
    """
    unchanged = lead.profile.headline == fresh.headline
    return unchanged and bool(lead.profile.positions) and not fresh.positions


def _of_name(lead: Lead, fresh: Profile) -> Iterator[Contradiction]:
    if fresh.name.strip() and not names_agree(lead.name, fresh.name):
        yield Contradiction(field="name", known=lead.name, shown=fresh.name)


def _of_job(lead: Lead, fresh: Profile) -> Iterator[Contradiction]:
    if shows_less(lead, fresh) or _same_headline(lead, fresh):
        return
    present = [(job.title, job.company) for job in fresh.positions if job.current]
    for title, company in ((fresh.position, fresh.company), *present):
        if companies_agree(lead.company, company) and titles_agree(lead.position, title):
            if not company and (over := _past_job(lead, fresh)):
                yield Contradiction(field="company", known=lead.company, shown=over)
            return
    if not companies_agree(lead.company, fresh.company):
        yield Contradiction(field="company", known=lead.company, shown=fresh.company)
    if not titles_agree(lead.position, fresh.position):
        yield Contradiction(field="position", known=lead.position, shown=fresh.position)


def _same_headline(lead: Lead, fresh: Profile) -> bool:
    """What a search hit's headline said, LinkedIn says still; the jobs below it are a better reading."""
    unchanged = bool(fresh.headline) and lead.profile.headline == fresh.headline
    return lead.source == SEARCH and unchanged and not lead.profile.positions


def _past_job(lead: Lead, fresh: Profile) -> str:
    """What the profile says of the lead's company when it lists it as over, and no present job."""
    if not _employer(lead.company) or any(job.current for job in fresh.positions):
        return ""
    for job in fresh.positions:
        if _employer(job.company) and companies_agree(lead.company, job.company):
            ended = f" until {job.ended}" if job.ended else ""
            return f"{job.company}{ended}, and no present job"
    return ""


def _employer(company: str) -> str:
    """A company by its key; who works for nobody else has one employer, a hidden one is none."""
    bare = _DOMAIN_END.sub("", company[:_LONGEST].strip())
    if key := company_key(bare):
        return key
    words = " ".join(re.findall(r"\w+", bare.casefold()))
    return "" if words in _HIDDEN else _OWN_ACCOUNT


def _squeezed(key: str) -> str:
    return "".join(map(without_accents, key.split()))


def _initials(company: str) -> str:
    """The abbreviation of a company of three words and more: Boston Consulting Group, bcg."""
    words = re.findall(r"[^\W_]+", re.sub(r"\(.*", "", company[:_LONGEST]).casefold())
    return "".join(word[0] for word in words) if len(words) >= 3 else ""


def _misspelt(one: str, two: str) -> bool:
    """Harbor and Harbour, Organisation and Organization; but Deutsche Bahn is no Deutsche Bank."""
    if min(len(one), len(two)) < _LONG_WORD:
        return False
    codes = difflib.SequenceMatcher(None, one, two, autojunk=False).get_opcodes()
    changes = [one[a:b] + two[c:d] for kind, a, b, c, d in codes if kind != "equal"]
    if len(changes) != 1:
        return False
    letters = "".join(sorted(changes[0]))
    return letters in _HEARD_ALIKE or (len(letters) == 1 and letters.isalpha())


def _wording(title: Title) -> frozenset[str]:
    """The words of a title in the wording they are compared by, the longest phrases first."""
    text = f" {' '.join(word for word in title.words if word not in _LITTLE)} "
    for written, meant in _wordings():
        text = text.replace(f" {written} ", f" {meant} ")
    return frozenset(text.split())


@cache
def _wordings() -> tuple[tuple[str, str], ...]:
    found = meanings("core/profiles/title_wordings")
    pairs = ((one, meant) for meant, written in found.items() for one in written)
    return tuple(sorted(pairs, key=lambda pair: -len(pair[0].split())))


def _listed(text: str) -> frozenset[str]:
    return frozenset(text.split())


_OWN_ACCOUNT = "(their own account)"
_HIDDEN = frozenset(
    {"", "n a", "na", "none", "null", "nil", "nan", "unknown", "tbd", "tba", "undefined"}
    | {"confidential", "undisclosed", "private", "various", "multiple", "company", "hidden"}
)
"""What stands for a company that is not told; whoever writes it has not named another one."""
_DOMAIN_END = re.compile(
    r"\.(?:com|io|ai|net|org|co|app|dev|tech|cloud|eu|de|fr|es|it|nl|uk)\b", re.IGNORECASE
)
_LONG_WORD = 6
_HEARD_ALIKE = frozenset({"sz", "ck", "iy"})
_SAYS_LITTLE = _listed(
    "international global worldwide europe european emea dach germany deutschland france spain"
    " espana italy italia uk usa us america americas asia apac india poland austria switzerland"
    " nordics netherlands technologies technology tech software solutions services systems labs"
    " lab consulting company online digital hq headquarters"
)
"""Behind a company's own name these name a branch, a country or the trade, not another house."""
_AT_THE_TOP = frozenset({"founder", "c_suite"})
_RANKING = _listed(
    "assistant deputy associate vice junior senior principal staff former ex past interim acting"
    " intern trainee student apprentice working regional global group vp svp evp avp president"
    " head director manager lead chief"
    # what is over, or not yet begun
    " formerly previous previously outgoing until exited retired retd emeritus emerita aspiring future"
    " pensioniert rentner rentnerin retraite retraitee jubilado jubilada pensionato pensionata"
)
"""Words that make another job of the same words: deputy CTO, regional director, retired CTO."""
_LITTLE = _listed("of for the and a an de der des du la at")
