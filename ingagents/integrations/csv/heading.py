"""What one header means, by its whole name or by its words; `columns` reads headers together."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache

import msgspec

from ingagents.core.text.word_lists import meanings


class Meaning(msgspec.Struct, frozen=True, kw_only=True):
    """The field a header is for, "" for none, and how far down it stands among that field's columns.

    `whole`: told by a whole name. `beside`: words in it that we do not know. They may say whose
    name it is, or what of a company, so such a header is a guess.
    """

    field: str = ""
    rank: int = 0
    whole: bool = False
    beside: frozenset[str] = frozenset()


NAMES = {
    field: " ".join(rows)
    for field, rows in meanings("integrations/csv/header_names").items()
    if field != "nothing"
}
"""By field the names of its columns without case, spaces and punctuation, the best first."""
_MEANINGS = {
    name: Meaning(field=field, rank=2 * rank + 1, whole=True)
    for field, names in NAMES.items()
    for rank, name in enumerate(names.split())
} | dict.fromkeys(" ".join(meanings("integrations/csv/header_names")["nothing"]).split(), Meaning())
_PREFIXED = re.compile(
    "(?:lead|contact|person|prospect|candidate|attendee|speaker|member|recipient|participant|primary"
    "|your)(.+)"
)
_PREFIXED_RANK = 200
_BY_WORDS_RANK = 400
_ASKED_RANK = _MEANINGS["title"].rank - 1
"""Before a mere "Title", which is a degree or a rank in some lists, comes what a form asks for."""
_LINKEDIN_RANK = _MEANINGS["linkedin"].rank + 1
"""Behind the named public addresses, before a mere "profile", "link" or "url"."""
_LONGEST = 100
_YEAR = re.compile(r"(?:19|20)\d\d$|^(?:19|20)\d\d")
_ROLES = frozenset({"role", "rolle", "rol", "ruolo"})
_LAST_EDITION = frozenset({"spoke", "sponsored", "past_role"})


def meaning_of(header: str) -> Meaning:
    """What a header means, read by itself."""
    name = folded(header)
    if name in _MEANINGS:
        return _MEANINGS[name]
    if (dated := _YEAR.sub("", name)) != name:  # "Spoke 2026"
        if dated in _ROLES:
            return Meaning(field="past_role", whole=True)
        if _MEANINGS.get(dated, Meaning()).field in _LAST_EDITION:
            return _MEANINGS[dated]
    words = words_of(header)
    if is_about_another(words):
        return Meaning()
    prefixed = _PREFIXED.fullmatch(name)
    if prefixed and (known := _MEANINGS.get(prefixed[1])):
        return msgspec.structs.replace(known, rank=known.rank + _PREFIXED_RANK)
    return _by_words(words)


def number_of(words: Sequence[str]) -> int:
    """The number in a header, at most 99; 0 without one. "Name B" and "Second name" have a 2."""
    if words and words[-1] in _LETTERS:
        return _LETTERS.index(words[-1]) + 1
    numbers = (_ORDINALS.get(word, word) for word in words)
    return min(next((int(word) for word in numbers if word.isdecimal()), 0), 99)


_LETTERS = "abcdef"
_ORDINALS = {"second": "2", "2nd": "2", "third": "3", "3rd": "3", "zweite": "2", "zweiter": "2"}


def is_about_another(words: Sequence[str]) -> bool:
    """Whether a header is about somebody beside the person of the row, or for remarks."""
    return not (_concepts()["another"] | _concepts()["remarks"]).isdisjoint(words)


def only_counts(header: str) -> bool:
    """Whether a header is that of a column that numbers the rows: "#", "No.", "ID"."""
    return _concepts()["number"].issuperset(words_of(header))


def needs_surname(header: str) -> bool:
    """Whether a header is a first name only beside a surname: "Ad" is Turkish, and English."""
    return not _concepts()["short"].isdisjoint(words_of(header))


def unknown_in(words: Sequence[str]) -> frozenset[str]:
    """The words of a header that say nothing we know."""
    return frozenset(word for word in words if not word.isdecimal()) - _known_words()


def is_name_of(field: str, text: str) -> bool:
    """Whether a text is the whole name of a field's columns."""
    return _MEANINGS.get(folded(text), Meaning()).field == field


def role_in(header: str) -> frozenset[str]:
    """Which of several people a header speaks of: the guest, the speaker."""
    return _concepts()["role"].intersection(words_of(header))


def asks(header: str) -> bool:
    """Whether a header is a question to whoever fills in a form: "Your name"."""
    return not _concepts()["asked"].isdisjoint(words_of(header))


def is_bare_name(header: str) -> bool:
    """Whether a header says "name" and not of which kind; beside "Vorname" it is the surname."""
    words = frozenset(words_of(header)) - _concepts()["plain"]
    return bool(words) and words <= _concepts()["name"] - _concepts()["full"]


def _by_words(words: Sequence[str]) -> Meaning:
    """What a header means by the words in it, whatever stands between them."""
    listed = frozenset(words)
    said = {concept for concept, of_it in _concepts().items() if listed & of_it}
    field = next((f for f, wanted, barred in _RULES if said >= wanted and not said & barred), "")
    if not field and listed and listed <= _concepts()["person"]:
        return Meaning(field="name", rank=_BY_WORDS_RANK, beside=_PERSON_ALONE)
    number, beside = number_of(words), unknown_in(words)
    if said & {"last", "company"} or listed <= _concepts()["short"]:
        beside -= _concepts()["short"]
    if field == "url" and not number and not beside:
        return Meaning(field="url", rank=_LINKEDIN_RANK, whole=True)
    if field == "position" and not beside and "what" in said:
        return Meaning(field="position", rank=_ASKED_RANK)
    # "Organization 1 - Title" comes before "Organization 2 - Title".
    return Meaning(field=field, rank=_BY_WORDS_RANK + number, beside=beside)


_PERSON_ALONE = frozenset({"person"})
"""Under "Speaker" stands a name, or whether they are one: a guess."""

# A field, the concepts its header has, and those it has not; the first that fits counts. A header
# that speaks of something else about a person or a company (its "type", its "id", a date) is none.
_ASIDE = frozenset({"aside", "time", "past", "wish"})
_RULES: tuple[tuple[str, frozenset[str], frozenset[str]], ...] = tuple(
    (field, frozenset(wanted.split()), frozenset(barred.split()) | _ASIDE)
    for field, wanted, barred in (
        ("url", "linkedin", "company email number title industry size thing"),
        ("email", "email", "company_site thing"),
        ("company_size", "company size", "url place"),
        ("company_size", "company employees", "url place"),
        ("industry", "industry", "url"),
        ("position", "title", "url email place industry size ordinal"),
        ("company", "company linkedin name", "url email place size employees number"),
        ("company", "company", "url email place size employees number linkedin ordinal"),
        ("company", "where work", "url"),
        ("company", "who work", "url"),
        ("position", "what do", "url company"),
        ("position", "as_what work", "url company"),
        ("name", "first last", "company number thing"),
        ("name", "ordinal last", "company number thing"),
        ("name", "short last", "company number thing"),
        ("name", "first name and", "company number thing"),
        ("name", "full name", "company number thing"),
        ("first_name", "first", "company number thing"),
        ("first_name", "short", "company number name thing"),
        ("last_name", "last", "company number thing"),
        ("name", "name", "company number email url other thing"),
        ("location", "where live", "company"),
    )
)


@cache
def _concepts() -> Mapping[str, frozenset[str]]:
    found = meanings("integrations/csv/header_words")
    return {
        concept: frozenset(folded(word) for row in rows for word in row.split())
        for concept, rows in found.items()
    }


@cache
def _known_words() -> frozenset[str]:
    said = "plain person linkedin email company title first last ordinal full who where"
    said += " work what as_what do live url and size employees industry name"
    return frozenset(_ORDINALS).union(*(_concepts()[concept] for concept in said.split()))


_LINKEDIN = re.compile(r"linked\W?in", re.IGNORECASE)
_WORD_BREAK = re.compile(r"[^\w]+|_+|(?<=[a-z])(?=[A-Z])|(?<=\D)(?=\d)|(?<=\d)(?=\D)")


def words_of(header: str) -> list[str]:
    """The words of a header, folded; "First Name" is one of them, "first" alone a number."""
    if len(header) > _LONGEST:
        return []
    apart = _LINKEDIN.sub(" linkedin ", header)
    words = [
        word
        for part in _WORD_BREAK.split(apart)
        if part
        for word in _unspaced(folded(part))
        if word
    ]
    for at in range(len(words) - 1, 0, -1):
        if words[at - 1] in _PARTS and words[at] in {"name", "names"}:
            words[at - 1 : at + 1] = [f"{words[at - 1]}name"]
    return words


_PARTS = frozenset({"first", "last"})
_NO_SPACES = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")


def _unspaced(word: str) -> list[str]:
    """What is written without spaces, parted at the words that we know."""
    if not _NO_SPACES.search(word):
        return [word]
    return [part for part in _known_unspaced().split(word) if part]


@cache
def _known_unspaced() -> re.Pattern[str]:
    listed = {word for words in _concepts().values() for word in words if _NO_SPACES.match(word)}
    polite = "^[" + "".join(
        word for word in listed if word in _concepts()["plain"] and len(word) == 1
    )
    longest_first = sorted((word for word in listed if len(word) > 1), key=len, reverse=True)
    return re.compile(f"({polite}]|{'|'.join(longest_first)})")


def folded(header: str) -> str:
    """Letters and digits alone, without case and accents; "" for what is too long for a header."""
    if len(header) > _LONGEST:
        return ""
    plain = unicodedata.normalize("NFKD", header).casefold().replace("ı", "i")
    return "".join(letter for letter in plain if letter.isalnum())
