"""People from CSV files: LinkedIn's own export, those of the usual tools, and hand-made lists.

    people = PeopleFile(Path("Connections.csv"))
    for row in people:
        ...   # a `ListedPerson`, or a `RefusedRow` with the reason

Cells are text from outside: they are cleaned and cut to size, and never believed further. The way
back, to a spreadsheet, is `writing`; its functions can be had from here too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Literal

from ingagents.core.identity import aliases_of_identifier, canonical_url
from ingagents.core.names import is_stand_in
from ingagents.core.text.word_lists import word_set
from ingagents.integrations.csv.cells import address_of, cleaned
from ingagents.integrations.csv.columns import Columns
from ingagents.integrations.csv.encoding import undo_double_encoding
from ingagents.integrations.csv.header import find_header
from ingagents.integrations.csv.heading import is_name_of
from ingagents.integrations.csv.reading import BadRow, Row, TableFile
from ingagents.model import Alias, ListedPerson, Profile, RefusedRow


class PeopleFile:
    """A file of people, its format found out; iterating reads it from the top, row by row.

    `mapping` (see `columns.mapped`) says which columns are which fields, whatever they look
    like. `columns` tells which header serves which field, `bytes_read` of `bytes_total` how far the
    reading is, `blank_rows` how many empty rows were passed over.

    Raises:
        InputError: no file, unreadable, empty, or no column says who somebody is. While
            iterating: the file went away.
        UsageError: `mapping` names a column that is not there.
    """

    def __init__(self, path: Path, mapping: Mapping[str, str] | None = None) -> None:
        self._table = TableFile(path)
        self.path = path
        self.bytes_total = self._table.bytes_total
        self.blank_rows = 0
        header = find_header(self._table, mapping or {})
        self.delimiter = header.delimiter
        self._header_line = header.line
        self._columns = header.columns
        self._reader = RowOfPerson(self._columns)

    @property
    def columns(self) -> Mapping[str, str]:
        """Field by field the header that was understood as it."""
        return self._columns.understood

    @property
    def unused(self) -> Sequence[str]:
        """The headers of the columns that serve no field."""
        return self._columns.unused

    @property
    def own(self) -> Mapping[str, str]:
        """Those of them that are kept for templates, by the name that a template calls them."""
        return self._columns.kept

    @property
    def encoding(self) -> str:
        """What the letters were taken for; so far as it was read, also whether twice encoded."""
        twice = " (encoded twice)" if self._reader.encoded_twice else ""
        return self._table.encoding + twice

    @property
    def bytes_read(self) -> int:
        """How far the reading got, in bytes of the file."""
        return self._table.bytes_read

    def __iter__(self) -> Iterator[ListedPerson | RefusedRow]:
        self.blank_rows = 0
        for row in self._table.rows(self.delimiter):
            if row.line <= self._header_line:
                continue
            if isinstance(row, BadRow):
                yield RefusedRow(line=row.line, why=row.why)
            elif not "".join(row.cells).strip():
                self.blank_rows += 1
            else:
                yield self._reader.read(row)


class RowOfPerson:
    """From the cells of one row to a profile, or to the reason why not."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self._width = len(columns.headers)
        self._at = columns.fields
        self._own = columns.own
        self._id_fields = [item for item in _KINDS_OF.items() if item[0] in self._at]
        self._header = _stripped(columns.headers)
        self.encoded_twice = False

    def read(self, row: Row) -> ListedPerson | RefusedRow:
        cells = row.cells
        short = len(cells) < self._width
        if short and row.cut:
            cells = cells[:-1]  # the file ends in the middle of this cell
        spilled = len(cells) > self._width and "".join(cells[self._width :]).strip() != ""
        if _stripped(cells[:1]) == self._header[:1] and _stripped(cells) == self._header:
            return RefusedRow(line=row.line, why="the header once more")
        if self._first("matches_filters", cells).casefold() in _NO:
            why = self._first("mismatch", cells) or "no reason given"
            return RefusedRow(line=row.line, why=f"does not match the search it comes from: {why}")
        aliases, url_at = self._who(cells)
        if spilled:
            # A delimiter without quotes moved what follows it. An address that still stands in
            # its column proves that everything up to it is in place.
            cells = cells[: url_at + 1]
            aliases, _ = self._who(cells)
        profile = self._profile(cells, aliases)
        if why := self._refusal(profile, cells):
            if spilled:
                why = "more cells than headers: a cell with the delimiter in it needs quotes"
            elif short:
                why = f"the row is cut short ({len(row.cells)} of {self._width} cells): {why}"
            return RefusedRow(line=row.line, why=why)
        return ListedPerson(line=row.line, profile=profile)

    def _refusal(self, profile: Profile, cells: Sequence[str]) -> str:
        if profile.linkedin_url:
            return ""
        address = self._first("url", cells)
        empty = address.casefold() in word_set(_EMPTY, "nothing")
        if any(mark in address for mark in "/.:") and not empty:
            return f"not the LinkedIn address of a person: {address[:80]}"
        if not profile.name:
            return "no name and no LinkedIn address"
        if not profile.email and not profile.company:
            return "no LinkedIn address, no e-mail and no company"
        return ""

    def _who(self, cells: Sequence[str]) -> tuple[dict[str, Alias], int]:
        """One alias of each kind, the best column first, and where the deciding address stands."""
        found: dict[str, Alias] = {}
        url_at = -1
        for index in self._at.get("url", ()):
            aliases = address_of(cells[index]) if index < len(cells) else ()
            if aliases and (not found or aliases[0].kind == "slug"):
                found = {alias.kind: alias for alias in aliases}
                url_at = index
            if "slug" in found:
                break
        for field, kinds in self._id_fields:
            text = self._first(field, cells)
            for alias in aliases_of_identifier(text) if text else ():
                if alias.kind in kinds:
                    found.setdefault(alias.kind, alias)
        return found, url_at

    def _profile(self, cells: Sequence[str], aliases: Mapping[str, Alias]) -> Profile:
        first = self._first("first_name", cells, _NAME_MAX)
        last = self._first("last_name", cells, _NAME_MAX)
        name = self._first("name", cells, _NAME_MAX)
        if self._columns.bare_name and name and first and not _has_words_of(name, first):
            name, last = f"{first} {name}", name
        name = name or f"{first} {last}".strip()
        if is_stand_in(name):
            name = first = last = ""
        headline = self._first("headline", cells)
        position = self._first("position", cells) if "position" in self._at else headline
        country = self._first("country", cells)
        location = self._first("location", cells) or ", ".join(
            part
            for part in (self._first("city", cells), self._first("state", cells), country)
            if part
        )
        ids = [aliases[kind].value for kind in ("acoa", "acwa", "ae") if kind in aliases]
        email = self._first("email", cells)
        return Profile(
            name=name[:_NAME_MAX],
            first_name=first,
            last_name=last,
            headline=headline,
            summary=self._first("summary", cells),
            position=position,
            company=self._first("company", cells),
            location=location[:_TEXT_MAX],
            country=country,
            industry=self._first("industry", cells),
            company_size=self._first("company_size", cells),
            email=email if _EMAIL.fullmatch(email) and "not_unlocked" not in email else "",
            linkedin_url=canonical_url(aliases.values()),
            provider_id=ids[0] if ids else "",
            public_identifier=aliases["slug"].value if "slug" in aliases else "",
            member_number=aliases["member_number"].value if "member_number" in aliases else "",
            network_distance=self._distance(cells),
            past_role=self._past_role(cells),
            complete=bool(name and (position or headline)),
            extra=self._extra(cells),
        )

    def _extra(self, cells: Sequence[str]) -> dict[str, str]:
        """What stands in the list's own columns."""
        own = (
            (name, own_text(cells[index]))
            for name, index in self._own.items()
            if index < len(cells)
        )
        return {name: text for name, text in own if text}

    def _past_role(self, cells: Sequence[str]) -> Literal["", "Speaker", "Sponsor"]:
        """What they were at the last edition: by a column of that role, or by a word for it."""
        if self._first("spoke", cells).casefold() not in _NOT_SO:
            return "Speaker"
        if self._first("sponsored", cells).casefold() not in _NOT_SO:
            return "Sponsor"
        said = self._first("past_role", cells).casefold()
        roles: tuple[tuple[Literal["Speaker", "Sponsor"], re.Pattern[str]], ...] = (
            ("Speaker", _SPEAKER),
            ("Sponsor", _SPONSOR),
        )
        return next((role for role, words in roles if words.search(said)), "")

    def _distance(self, cells: Sequence[str]) -> int:
        """1 to 3, or 0; who stands in the export of one's own connections is of the first degree."""
        text = self._first("network_distance", cells).casefold()
        if text:
            found = _DEGREE.search(text)
            return _DEGREES[found[0]] if found else 0
        return 1 if self._first("connected_on", cells) else 0

    def _first(self, field: str, cells: Sequence[str], longest: int = 500) -> str:
        """The first filled column of a field, cleaned."""
        for index in self._at.get(field, ()):
            if index < len(cells) and cells[index]:
                # First of all: what cleaning takes out may be half a letter.
                meant = undo_double_encoding(cells[index][: 4 * longest])
                text = cleaned(meant, longest)
                if text and not _says_nothing(field, text):
                    self.encoded_twice |= meant != cells[index][: 4 * longest]
                    return text
        return ""


def own_text(cell: str) -> str:
    """What a cell in a column of a list's own says; "" for nothing."""
    text = cleaned(undo_double_encoding(cell[: 4 * _OWN_TEXT_MAX]), _OWN_TEXT_MAX) if cell else ""
    return "" if _says_nothing("", text) else text


def _has_words_of(name: str, part: str) -> bool:
    return set(part.casefold().split()) <= set(name.casefold().replace(",", " ").split())


_TEXT_MAX = 500
_NAME_MAX = 100
_OWN_TEXT_MAX = 200
_NO = frozenset({"no", "false", "0", "n", "nein"})
_NOT_SO = _NO | {"", "non", "-", "not yet", "declined", "cancelled", "canceled", "abgesagt"}
_SPEAKER = re.compile(
    r"speak|spoke|referent|redner|panel|keynote|intervenant|conf[ée]renci|ponente"
)
_SPONSOR = re.compile(r"sponsor|partner|partenaire|exhibit|aussteller|colaborador|patrocin")
_EMPTY = "integrations/csv/empty_cells"
_FAILED = re.compile(
    r"#[¡¿]?[^\W\d_][\w/ ]{1,20}[!?]|#{2,}|\d(?:[.,]\d+)?E\+\d{1,3}", re.IGNORECASE
)
"""A formula that failed in any language, a column that is too narrow, a long number in short."""
_UNCOMPUTED = re.compile(r"=\s*(?:@?[^\W\d_][\w.]{0,40}\(|\$?[A-Z]{1,3}\$?\d{1,7}$|\")")
"""A formula whose value stands in no file: "=VLOOKUP(A2,...)", "=B7"."""
_DEGREE_ALONE = re.compile(
    r"(?:(?:dr|prof|mag|ing|dipl|med|phil|jur|rer|nat|h\.?\s?c|herr|frau|mr|mrs|ms|ph\.?d)\b[.,\s-]*)+",
    re.IGNORECASE,
)
"""Under "Titel" stands what a person is called by in some countries, and what they do in others."""
_NAMED = frozenset({"name", "first_name", "last_name"})
_ITS_OWN = frozenset({"company", "position"})
"""Here the name of the column stands where a form or an export had nothing to fill in."""


def _says_nothing(field: str, text: str) -> bool:
    """Whether a cell is filled for want of a value. "Null" and "None" are people's names too."""
    word = text.casefold()
    if _FAILED.fullmatch(text) or (word.startswith("#") and word[1:] in word_set(_EMPTY, "failed")):
        return True
    if field != "url" and _UNCOMPUTED.match(text):
        return True
    if field in _ITS_OWN and is_name_of(field, text):
        return True
    if field == "email" and "@" not in text:
        return True
    if field == "position" and _DEGREE_ALONE.fullmatch(text):
        return True
    return field not in _NAMED and field != "url" and word in word_set(_EMPTY, "nothing")


_KINDS_OF = {
    "sales_url": {"slug", "acoa", "acwa", "ae", "member_number"},
    # A bare number in a column like "Member ID" is some other system's count.
    "provider_id": {"acoa", "acwa", "ae"},
    "member_number": {"acoa", "member_number"},
    "public_identifier": {"slug", "acoa"},
}
"""Which aliases the cells of a field may give."""
_DEGREE = re.compile("[123]|first|second|third")
_DEGREES = {"1": 1, "2": 2, "3": 3, "first": 1, "second": 2, "third": 3}
_EMAIL = re.compile(r"[^\s@<>,;]{1,64}@[^\s@<>,;]{1,190}\.[^\s@<>,;.]{2,63}")


def _stripped(cells: Sequence[str]) -> list[str]:
    return [cell.strip() for cell in cells]
