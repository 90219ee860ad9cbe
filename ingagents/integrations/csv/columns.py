"""What the columns of other people's exports are called, and which of several is the best.

The names are those of LinkedIn's own export, Apollo, Evaboot, PhantomBuster, Dripify, HeyReach,
Dux-Soup, ZoomInfo and Clay, the words people use themselves, and the names of our own export.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache

import msgspec

from ingagents.core.text.word_lists import meanings
from ingagents.errors import UsageError
from ingagents.model import EXTRA_MAX

WANTED = "'LinkedIn URL', or 'First Name' and 'Last Name' with 'Company' or 'Email'"
"""For messages: the columns that make a file usable."""


class Columns(msgspec.Struct, frozen=True, kw_only=True):
    """Where each field stands in a row: the indices of its columns, the best first."""

    headers: tuple[str, ...]
    fields: Mapping[str, tuple[int, ...]]
    surely: frozenset[str] = frozenset()
    """The fields told by a whole name, by `mapped` or by cells, and not by some words."""

    @property
    def unused(self) -> tuple[str, ...]:
        """The headers that serve no field."""
        used = {index for found in self.fields.values() for index in found}
        return tuple(
            header for index, header in enumerate(self.headers) if header and index not in used
        )

    @property
    def own(self) -> dict[str, int]:
        """The columns that serve no field, by the name a template calls them; the first 20."""
        used = {index for found in self.fields.values() for index in found}
        found: dict[str, int] = {}
        for index, header in enumerate(self.headers):
            name = placeholder_of(header)
            if name and index not in used and len(found) < EXTRA_MAX:
                found.setdefault(name, index)
        return found

    @property
    def usable(self) -> bool:
        """Whether rows under this header can say who somebody is."""
        return any(field in self.fields for field in _WHO)

    @property
    def kept(self) -> dict[str, str]:
        """The headers of the `own` columns, by the name a template calls them."""
        return {name: self.headers[index] for name, index in self.own.items()}

    @property
    def understood(self) -> dict[str, str]:
        """Field by field the header that serves it."""
        return {field: self.headers[found[0]] for field, found in self.fields.items()}


def columns_of(headers: Sequence[str], mapping: Mapping[str, str] | None = None) -> Columns:
    """What is understood of a row of headers, whatever their case, spaces and punctuation.

    `mapping` says of some headers (as `mapped` reads them) which field they are; no other column
    serves such a field then, and "" makes a column unused.
    """
    ranked: dict[str, list[tuple[int, int]]] = {}
    others = _other_people(headers)
    for index, header in enumerate(headers):
        told = (mapping or {}).get(folded(header))
        field, rank = (told, -1) if told is not None else _meaning(header)
        if told is None and _number(_words(header)) in others:
            continue
        if field and (told or field not in (mapping or {}).values()):
            ranked.setdefault(field, []).append((rank, index))
    fields = {field: tuple(index for _, index in sorted(found)) for field, found in ranked.items()}
    return Columns(
        headers=tuple(header.strip() for header in headers),
        fields=fields,
        surely=frozenset(
            field for field, found in ranked.items() if min(found)[0] < _BY_WORDS_RANK
        ),
    )


def _other_people(headers: Sequence[str]) -> frozenset[int]:
    """The numbers of groups like "Person 2 Name": a row is its first person alone.

    One name with an "E-mail 2" beside it is one person.
    """
    numbers = {_number(_words(header)) for header in headers if _meaning(header)[0] in _NAME_FIELDS}
    return frozenset(numbers - {min(numbers)}) if numbers else frozenset()


def with_addresses(
    columns: Columns, addresses: Mapping[int, int], filled: Mapping[int, int]
) -> Columns:
    """The columns, where the cells tell which hold addresses of people, whatever they are called.

    `addresses` counts such cells by column, `filled` all that are not empty. A column by the name
    of one that holds other things is no address column; only where none is left do the cells
    decide, and never those of a column that speaks of somebody else or is meant for remarks.
    """
    named = columns.fields.get("url", ())
    serving = [index for index in named if addresses.get(index)]
    if serving or not addresses or any(not filled.get(index) for index in named):
        return _with_url(columns, serving)
    # A name may be a link to the person; other columns that serve a field hold that alone.
    names = {index for field in _NAME_FIELDS for index in columns.fields.get(field, ())}
    used = {index for found in columns.fields.values() for index in found} - names
    by_cells = sorted(addresses, key=lambda index: (index in names, -addresses[index], index))
    return _with_url(
        columns,
        [
            index
            for index in by_cells
            if index not in used and not _is_about_another(_words(columns.headers[index]))
        ],
    )


def _with_url(columns: Columns, serving: Sequence[int]) -> Columns:
    if not serving:
        return columns
    fields = {**columns.fields, "url": tuple(serving)}
    return Columns(headers=columns.headers, fields=fields, surely=columns.surely | {"url"})


def placeholder_of(header: str) -> str:
    """What a template calls a column of a list's own: "Their talk" is `their_talk`; "" for none."""
    plain = unicodedata.normalize("NFKC", header[: _LONGEST + 1]).casefold()
    name = re.sub(r"[\W_]+", "_", plain).strip("_")
    return name if name[:1].isalpha() and len(name) <= _LONGEST_PLACEHOLDER else ""


def only_counts(header: str) -> bool:
    """Whether a header is that of a column that numbers the rows: "#", "No.", "ID"."""
    return _concepts()["number"].issuperset(_words(header))


def names_of(headers: Sequence[str]) -> frozenset[str]:
    """The headers as `mapped` names them."""
    return frozenset(map(folded, headers))


def mapped(pairs: Sequence[str]) -> dict[str, str]:
    """What "Their column=field" says, by the column's name without case and punctuation.

    Raises:
        UsageError: there is no such field, or no column or field is named.
    """
    found: dict[str, str] = {}
    for pair in pairs:
        column, equals, field = pair.rpartition("=")
        name, wanted = folded(column), field.strip().casefold()
        wanted = _FIELDS_BY_OTHER_NAMES.get(wanted, wanted)
        if not equals or not name:
            raise UsageError(f"{pair!r} maps nothing", "write --map 'Their column=field'")
        if wanted and wanted not in _NAMES:
            known = ", ".join(_NAMES)
            raise UsageError(f"there is no field {wanted!r}", f"known are {known}")
        found[name] = wanted
    return found


_FIELDS_BY_OTHER_NAMES = {"linkedin_url": "url", "title": "position", "job_title": "position"}
"""As the export of leads and people call some fields."""


_NAME_FIELDS = ("name", "first_name", "last_name")
_WHO = ("url", "sales_url", "provider_id", "public_identifier", "name", "first_name", "last_name")

_NAMES = {
    field: " ".join(rows) for field, rows in meanings("integrations/csv/header_names").items()
}
"""By field the names of its columns without case, spaces and punctuation, the best first."""
_MEANINGS = {
    name: (field, rank)
    for field, names in _NAMES.items()
    for rank, name in enumerate(names.split())
}
_PREFIXED = re.compile(
    "(?:lead|contact|person|prospect|candidate|attendee|speaker|member|recipient|primary|your)(.+)"
)
_PREFIXED_RANK = 100
_ANY_LINKEDIN = re.compile(
    "(?!.*(?:company|organi[sz]ation|account|employer|firma|unternehmen))"
    ".{0,30}linkedin(?:profile|member|person|public|contact|page)?(?:url|link|profile|page)?s?"
)
_ANY_LINKEDIN_RANK = 12
"""Behind the named public addresses, before a mere "profile", "link" or "url"."""
_LONGEST = 100
_LONGEST_PLACEHOLDER = 40
_YEAR = re.compile(r"(?:19|20)\d\d$|^(?:19|20)\d\d")
_ROLES = frozenset({"role", "rolle", "rol", "ruolo"})
_LAST_EDITION = frozenset({"spoke", "sponsored", "past_role"})


def _meaning(header: str) -> tuple[str, int]:
    """The field a header is for, and how far down it stands among that field's columns."""
    name = folded(header)
    if name in _MEANINGS:
        return _MEANINGS[name]
    if (dated := _YEAR.sub("", name)) != name:  # "Spoke 2026"
        if dated in _ROLES:
            return "past_role", 0
        if _MEANINGS.get(dated, ("", 0))[0] in _LAST_EDITION:
            return _MEANINGS[dated]
    words = _words(header)
    number = _number(words)
    if _is_about_another(words):
        return "", 0
    if _ANY_LINKEDIN.fullmatch(name):
        return ("url", _ANY_LINKEDIN_RANK) if not number else ("url", _BY_WORDS_RANK + number)
    prefixed = _PREFIXED.fullmatch(name)
    if prefixed and prefixed[1] in _MEANINGS:
        field, rank = _MEANINGS[prefixed[1]]
        return field, rank + _PREFIXED_RANK
    field = _by_words(frozenset(words))
    # "Organization 1 - Title" comes before "Organization 2 - Title".
    return (field, _BY_WORDS_RANK + number) if field else ("", 0)


def _number(words: Sequence[str]) -> int:
    """The number in a header, at most 99; 0 without one. "Name B" and "Second name" have a 2."""
    if words and words[-1] in _LETTERS:
        return _LETTERS.index(words[-1]) + 1
    numbers = (_ORDINALS.get(word, word) for word in words)
    return min(next((int(word) for word in numbers if word.isdecimal()), 0), 99)


_LETTERS = "abcdef"
_ORDINALS = {"second": "2", "2nd": "2", "third": "3", "3rd": "3", "zweite": "2", "zweiter": "2"}


_BY_WORDS_RANK = 200


def _is_about_another(words: Sequence[str]) -> bool:
    """Whether a header is about somebody beside the person of the row, or for remarks."""
    return not (_concepts()["another"] | _concepts()["remarks"]).isdisjoint(words)


def _by_words(words: frozenset[str]) -> str:
    """What a header means by the words in it, whatever stands between them; "" for nothing."""
    said = {concept for concept, listed in _concepts().items() if words & listed}
    for field, wanted, barred in _RULES:
        if said >= wanted and not said & barred:
            return field
    return ""


# A field, the concepts its header has, and those it has not; the first that fits counts. A header
# that speaks of something else about a person or a company (its "type", its "id", a date) is none.
_ASIDE = frozenset({"aside", "time"})
_RULES: tuple[tuple[str, frozenset[str], frozenset[str]], ...] = tuple(
    (field, frozenset(wanted.split()), frozenset(barred.split()) | _ASIDE)
    for field, wanted, barred in (
        ("url", "linkedin", "company email number"),
        ("email", "email", "company_site"),
        ("company_size", "company size", "url place"),
        ("company_size", "company employees", "url place"),
        ("industry", "industry", "url"),
        ("position", "title", "url email place industry size"),
        ("company", "company", "url email place size employees number linkedin"),
        ("company", "where work", "url"),
        ("company", "who work", "url"),
        ("position", "what do", "url company"),
        ("name", "first last", "company number"),
        ("name", "first name and", "company number"),
        ("name", "full name", "company number"),
        ("first_name", "first", "company number"),
        ("last_name", "last", "company number"),
        ("name", "name", "company number email url other"),
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


_LINKEDIN = re.compile(r"linked\W?in", re.IGNORECASE)
_WORD_BREAK = re.compile(r"[^\w]+|_+|(?<=[a-z])(?=[A-Z])|(?<=\D)(?=\d)|(?<=\d)(?=\D)")


def _words(header: str) -> list[str]:
    if len(header) > _LONGEST:
        return []
    joined = _LINKEDIN.sub("linkedin", header)
    return [word for part in _WORD_BREAK.split(joined) if (word := folded(part))]


def folded(header: str) -> str:
    """Letters and digits alone, without case and accents; "" for what is too long for a header."""
    if len(header) > _LONGEST:
        return ""
    plain = unicodedata.normalize("NFKD", header).casefold()
    return "".join(letter for letter in plain if letter.isalnum())
