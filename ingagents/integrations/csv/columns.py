"""What the columns of other people's exports are called, and which of several is the best.

The names are those of LinkedIn's own export, Apollo, Evaboot, PhantomBuster, Dripify, HeyReach,
Dux-Soup, ZoomInfo and Clay, the words people use themselves, and the names of our own export.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence

import msgspec

from ingagents.errors import UsageError
from ingagents.integrations.csv.heading import (
    NAMES,
    Meaning,
    asks,
    folded,
    is_about_another,
    is_bare_name,
    meaning_of,
    needs_surname,
    number_of,
    role_in,
    unknown_in,
    words_of,
)
from ingagents.model import EXTRA_MAX

WANTED = "'First Name' and 'Last Name', with 'LinkedIn URL', 'Company' or 'Email'"
"""For messages: the columns that make a file usable."""


class Columns(msgspec.Struct, frozen=True, kw_only=True):
    """Where each field stands in a row: the indices of its columns, the best first."""

    headers: tuple[str, ...]
    fields: Mapping[str, tuple[int, ...]]
    surely: frozenset[str] = frozenset()
    """The fields told by a whole name, by `mapped` or by cells, and not by some words."""
    bare_name: bool = False
    """Beside a first name there is a "Name" and no surname: it holds that, or all of the name."""

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
    meant: dict[int, Meaning] = {}
    others, theirs = _other_people(headers), _of_somebody_else(headers)
    for index, header in enumerate(headers):
        told = (mapping or {}).get(folded(header))
        if told is not None:
            meant[index] = Meaning(field=told, rank=-1, whole=True)
        elif number_of(words_of(header)) not in others and index not in theirs:
            meaning = meaning_of(header)
            if meaning.field not in (mapping or {}).values():
                meant[index] = meaning
    ranked: dict[str, list[tuple[int, int]]] = {}
    for index, one in _of_one_person(headers, _certain(meant)).items():
        if one.field:
            ranked.setdefault(one.field, []).append((one.rank, index))
    fields = {field: tuple(index for _, index in sorted(found)) for field, found in ranked.items()}
    if "last_name" not in fields and all(
        needs_surname(headers[index]) for index in fields.get("first_name", ())
    ):
        fields.pop("first_name", None)
    return Columns(
        headers=tuple(header.strip() for header in headers),
        fields=fields,
        surely=frozenset(
            field for field, found in fields.items() if any(meant[at].whole for at in found)
        ),
        bare_name="first_name" in fields
        and "last_name" not in fields
        and any(is_bare_name(headers[index]) for index in fields.get("name", ())),
    )


def _certain(meant: Mapping[int, Meaning]) -> dict[int, Meaning]:
    """The meanings that hold when all headers are read together.

    A header with words we do not know serves only where no sure one of its field does: it may be of
    the payer, the sender, the parent company. Of two such guesses at a person none is better. An
    address is no guess at all: with such words it is this person's only if the name has the same.
    """
    sure = {one.field for one in meant.values() if not one.beside}
    if sure & {"first_name", "last_name"}:
        sure |= {"name"}
    elif "name" in sure:
        sure |= set(_NAME_FIELDS)
    guessed: dict[str, list[frozenset[str]]] = {}
    for one in meant.values():
        if one.beside and one.field not in sure:
            guessed.setdefault(one.field, []).append(one.beside)
    of_person = {beside for field in _NAME_FIELDS for beside in guessed.get(field, ()) if beside}
    urls = set(guessed.get("url", ()))
    if len(of_person) > 1:
        of_person &= urls
    holding = {
        field: of_person if field in (*_NAME_FIELDS, "url") else set(besides[:1])
        for field, besides in guessed.items()
    }
    return {
        index: one
        for index, one in meant.items()
        if not one.beside or one.field not in _OF_PERSON or one.beside in holding.get(one.field, ())
    }


def _of_one_person(headers: Sequence[str], meant: Mapping[int, Meaning]) -> dict[int, Meaning]:
    """The meanings without those of somebody else in the same row, as "Guest LinkedIn" may be.

    The best name tells whose row it is; what speaks of somebody in another role is theirs. Beside a
    name without a role it is only where another column of the field has none.
    """
    named = [(one.rank, index) for index, one in meant.items() if one.field in _NAME_FIELDS]
    name = [headers[min(named)[1]]] if named else []
    plain = {
        one.field for index, one in meant.items() if one.rank >= 0 and not role_in(headers[index])
    }

    def is_own(index: int, one: Meaning) -> bool:
        header = headers[index]
        if one.field not in _OF_PERSON or one.rank < 0 or not role_in(header):
            return True
        if any(role_in(of_name) or asks(of_name) for of_name in name):
            return not _is_of_other(header, name)
        return one.field not in plain

    return {index: one for index, one in meant.items() if is_own(index, one)}


def _is_of_other(header: str, names: Sequence[str]) -> bool:
    """Whether a header speaks of a role, and those of the name of another or of "you"."""
    own = frozenset(role for name in names for role in role_in(name))
    asked = any(map(asks, names))
    return bool(role_in(header)) and bool(own or asked) and own.isdisjoint(role_in(header))


def _other_people(headers: Sequence[str]) -> frozenset[int]:
    """The numbers of groups like "Person 2 Name": a row is its first person alone.

    One name with an "E-mail 2" beside it is one person.
    """
    numbers = {
        number_of(words_of(header))
        for header in headers
        if meaning_of(header).field in _NAME_FIELDS
    }
    return frozenset(numbers - {min(numbers)}) if numbers else frozenset()


def _of_somebody_else(headers: Sequence[str]) -> frozenset[int]:
    """The columns of a form that tell of "their company" after it asked for "your name"."""
    words = [words_of(header) for header in headers]
    if not any(asks(header) and meaning_of(header).field in _NAME_FIELDS for header in headers):
        return frozenset()
    return frozenset(index for index, said in enumerate(words) if "their" in said)


def with_addresses(
    columns: Columns,
    addresses: Mapping[int, int],
    filled: Mapping[int, int],
    fitting: Callable[[], frozenset[int]],
) -> Columns:
    """The columns, where the cells tell which hold addresses of people, whatever they are called.

    `addresses` counts such cells by column, `filled` all that are not empty; the addresses of those
    `fitting` read like the names beside them. A column by the name of one that holds other things
    is no address column; only where none is left do the cells decide, and never those of a column
    that speaks of somebody else or is meant for remarks. One whose header has words we do not know
    has to be fitting, unless there is no name and no other that could be the person.
    """
    named = columns.fields.get("url", ())
    serving = [index for index in named if addresses.get(index)]
    if serving or not addresses:
        return _with_url(columns, serving)
    # A name may be a link to the person; other columns that serve a field hold that alone.
    names = {index for field in _NAME_FIELDS for index in columns.fields.get(field, ())}
    used = {index for found in columns.fields.values() for index in found} - names
    told = {index: words_of(columns.headers[index]) for index in addresses if index not in used}
    theirs = {index for index, words in told.items() if not is_about_another(words)}
    roles = [columns.headers[index] for index in sorted(names)]
    sure = {
        index
        for index in theirs
        if index in names
        or not (unknown_in(told[index]) or _is_of_other(columns.headers[index], roles))
    }
    if any(not filled.get(index) for index in named):
        sure = set()  # the column that was meant for them is empty
    elif not names and len(addresses) == 1 and not any(map(_DELIMITED.search, columns.headers)):
        sure = theirs
    if theirs - sure:
        sure |= theirs & fitting()
    return _with_url(
        columns, sorted(sure, key=lambda index: (index in names, -addresses[index], index))
    )


def _with_url(columns: Columns, serving: Sequence[int]) -> Columns:
    if not serving:
        return columns
    fields = {**columns.fields, "url": tuple(serving)}
    return msgspec.structs.replace(columns, fields=fields, surely=columns.surely | {"url"})


def placeholder_of(header: str) -> str:
    """What a template calls a column of a list's own: "Their talk" is `their_talk`; "" for none."""
    plain = unicodedata.normalize("NFKC", header[: _LONGEST + 1]).casefold()
    name = re.sub(r"[\W_]+", "_", plain).strip("_")
    return name if name[:1].isalpha() and len(name) <= _LONGEST_PLACEHOLDER else ""


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
        if wanted and wanted not in NAMES:
            known = ", ".join(NAMES)
            raise UsageError(f"there is no field {wanted!r}", f"known are {known}")
        found[name] = wanted
    return found


_FIELDS_BY_OTHER_NAMES = {"linkedin_url": "url", "title": "position", "job_title": "position"}
"""As the export of leads and people call some fields."""


_NAME_FIELDS = ("name", "first_name", "last_name")
_OF_PERSON = frozenset({*_NAME_FIELDS, "url", "email", "position", "company"})
"""Where a wrong column would be somebody else, or a wrong word in a text."""
_WHO = ("url", "sales_url", "provider_id", "public_identifier", "name", "first_name", "last_name")

_LONGEST = 100
_DELIMITED = re.compile(r"[,;\t|]")
_LONGEST_PLACEHOLDER = 40
