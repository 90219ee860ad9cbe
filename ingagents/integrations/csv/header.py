"""Where the header of a file stands and what separates its cells, found out from its first rows.

A delimiter counts by what it makes of the rows: a header whose cells are known, over rows with as
many cells as the header, none of them the half of a quoted text. How often the letter itself
stands in the file says nothing: people write all of them into notes.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice

import msgspec

from ingagents.errors import InputError, UsageError
from ingagents.integrations.csv.cells import address_of, cleaned
from ingagents.integrations.csv.columns import (
    WANTED,
    Columns,
    columns_of,
    names_of,
    with_addresses,
)
from ingagents.integrations.csv.encoding import undo_double_encoding
from ingagents.integrations.csv.heading import only_counts
from ingagents.integrations.csv.reading import DELIMITERS, BadRow, Row, TableFile


class Header(msgspec.Struct, frozen=True, kw_only=True):
    """How a file is read: its delimiter, the line of its header (0: it has none), its columns."""

    delimiter: str
    line: int
    columns: Columns


_HEADER_ROWS_MAX = 50
_ROWS_LOOKED_AT = 250
"""So many rows show how the file is built and which columns hold the addresses of people."""
_LOOSE = 0.25
"""What a header with known names is worth where no row has as many cells as it."""


def find_header(table: TableFile, mapping: Mapping[str, str]) -> Header:
    """The delimiter, the header and the columns that make the most sense of the file's top.

    Raises:
        InputError: nothing says who somebody is.
        UsageError: `mapping` names a column that is not there.
    """
    best, worth = None, 0.0
    seen: Sequence[str] = ()
    for delimiter in DELIMITERS:
        sample = _Sample(table, delimiter)
        seen = max((seen, *(row.cells for row in sample.rows[:_HEADER_ROWS_MAX])), key=len)
        for index in range(-1, min(len(sample.rows), _HEADER_ROWS_MAX)):
            columns = sample.columns_under(index, mapping)
            if columns.usable and (value := sample.worth(columns)) > worth:
                line = sample.rows[index].line if index >= 0 else 0
                best = Header(delimiter=delimiter, line=line, columns=columns)
                worth = value
    if best is None:
        names = ", ".join(repr(cleaned(cell, 40)) for cell in seen[:20] if cell.strip())
        raise InputError(
            f"{table.path} has no column that says who somebody is; its first row reads {names}",
            f"give it a header row with {WANTED}",
        )
    if missing := mapping.keys() - names_of(best.columns.headers):
        headers = filter(None, best.columns.headers)
        names = ", ".join(repr(cleaned(header, 40)) for header in headers)
        raise UsageError(f"{table.path} has no column {min(missing)!r}", f"its columns are {names}")
    return best


def columns_over(
    headers: Sequence[str],
    rows: Sequence[Sequence[str]],
    mapping: Mapping[str, str] | None = None,
) -> Columns:
    """The columns under a header that is known, of rows that people typed each in their own way.

    Every column that holds addresses serves, those that are called so first, unless `mapping`
    names one.
    """
    columns = columns_of(headers, mapping)
    if "url" in (mapping or {}).values():
        return columns
    filled = [{at for at, cell in enumerate(row) if cell.strip()} for row in rows]
    addresses = [_addresses_in(row, found) for row, found in zip(rows, filled, strict=True)]
    unnamed = {field: places for field, places in columns.fields.items() if field != "url"}
    by_cells = with_addresses(
        msgspec.structs.replace(columns, fields=unnamed),
        *_address_columns(addresses, filled, len(headers)),
        lambda: _fitting(columns, rows, addresses),
    )
    urls = (*columns.fields.get("url", ()), *by_cells.fields.get("url", ()))
    fields = {**unnamed, "url": tuple(dict.fromkeys(urls))} if urls else unnamed
    return msgspec.structs.replace(by_cells, fields=fields)


def heads_table(cells: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Whether a row somewhere in a sheet is the header of a table that was pasted with it.

    Two fields have to be named in full. They are the name of the person and something else; or an
    address, and most of what stands `below` in that column is one. Whoever stands in the row as a
    person has an address, or a name in a cell that is no header, and a company or a mail: of such
    a row three fields would have to read like headers.
    """
    texts = [cell.strip() for cell in cells]
    filled = [text for text in texts if text]
    if len(filled) < _FEWEST_HEADERS or any(map(_is_no_header, filled)):
        return False
    columns = columns_of(texts)
    sure = {columns.fields[field][0] for field in columns.surely}
    first = next((at for at, text in enumerate(texts) if text and not only_counts(text)), 0)
    if len(sure) < _FEWEST_HEADERS + (first not in sure):
        return False
    if columns.surely & _NAMED:
        return True
    return "url" in columns.surely and _hold_addresses(columns.fields["url"][0], below)


def _is_no_header(text: str) -> bool:
    """Whether a cell holds what belongs to a person and never heads a column."""
    return (
        len(text) > _LONGEST_HEADER
        or "@" in text
        or "://" in text
        or text.startswith("=")
        or (any(map(str.isdigit, text)) and not any(map(str.isalpha, text)))
        or bool(address_of(text))
    )


def _hold_addresses(place: int, rows: Sequence[Sequence[str]]) -> bool:
    cells = [row[place] for row in rows if place < len(row) and row[place].strip()]
    addresses = sum(bool(address_of(cell, alone=True)) for cell in cells)
    return 2 * addresses > len(cells)


_NAMED = frozenset({"name", "first_name", "last_name"})
_FEWEST_HEADERS = 2
_LONGEST_HEADER = 100


def _address_columns(
    addresses: Iterable[Iterable[int]], filled: Iterable[set[int]], width: int
) -> tuple[Counter[int], Counter[int]]:
    """By column, how many cells are addresses of people (where most are), and how many filled."""
    found = Counter(at for held in addresses for at in held if at < width)
    full = Counter(at for held in filled for at in held if at < width)
    return Counter({at: count for at, count in found.items() if 2 * count > full[at]}), full


def _addresses_in(cells: Sequence[str], filled: Iterable[int]) -> dict[int, str]:
    """By place, the addresses of people in a row, as far as they can be read."""
    found = {at: address_of(cells[at], alone=True) for at in filled}
    return {at: "".join(one.value for one in aliases) for at, aliases in found.items() if aliases}


def _fitting(
    columns: Columns, rows: Sequence[Sequence[str]], addresses: Sequence[Mapping[int, str]]
) -> frozenset[int]:
    """The columns most of whose addresses have a part of the name that stands in their row."""
    places = [at for field in _NAMED for at in columns.fields.get(field, ())]
    more: Counter[int] = Counter()
    for cells, held in zip(rows, addresses, strict=True):
        name = _plain(" ".join(cells[at] for at in places if at < len(cells))).split()
        for at, address in held.items():
            slug = _plain(address)
            fits = any(part in slug for part in name if len(part) >= _SHORTEST_PART)
            more[at] += 1 if fits or not set(name).isdisjoint(slug.split()) else -1
    return frozenset(at for at, count in more.items() if count > 0)


def _plain(text: str) -> str:
    """Letters and digits of a to z with blanks between, as they stand in addresses."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return " ".join(re.split(r"[\W_]+", plain)).strip()


_SHORTEST_PART = 3
"""Of a shorter part of a name the whole word has to stand in the address."""


class _Sample:
    """The first rows of a file, split at one delimiter."""

    def __init__(self, table: TableFile, delimiter: str) -> None:
        read = list(islice(table.rows(delimiter), _ROWS_LOOKED_AT))
        self._broken = sum(isinstance(row, BadRow) for row in read)
        self.rows = [row for row in read if isinstance(row, Row) and "".join(row.cells).strip()]
        self._whole = [not any(cell.count('"') % 2 for cell in row.cells) for row in self.rows]
        self._widths = Counter(
            len(row.cells) for row, whole in zip(self.rows, self._whole, strict=True) if whole
        )
        self._filled = [
            {at for at, cell in enumerate(row.cells) if cell.strip()} for row in self.rows
        ]
        self._addresses = [
            _addresses_in(row.cells, filled)
            for row, filled in zip(self.rows, self._filled, strict=True)
        ]

    def columns_under(self, index: int, mapping: Mapping[str, str]) -> Columns:
        """What is understood with a row as the header; -1 is a file without one.

        A row with the address of a person in it, or with half a quoted text, is none.
        """
        if index < 0:
            if not self.rows or not self._addresses[0]:
                return columns_of(())
            headers = [f"column {at + 1}" for at in range(len(self.rows[0].cells))]
        elif self._addresses[index] or not self._whole[index]:
            return columns_of(())
        else:
            headers = [undo_double_encoding(cell) for cell in self.rows[index].cells]
        columns = columns_of(headers, mapping)
        if "url" in mapping.values():
            return columns
        addresses, filled = self._addresses[index + 1 :], self._filled[index + 1 :]
        return with_addresses(
            columns,
            *_address_columns(addresses, filled, len(headers)),
            lambda: _fitting(columns, [row.cells for row in self.rows[index + 1 :]], addresses),
        )

    def worth(self, columns: Columns) -> float:
        """How much sense the columns make of the rows."""
        fitting = self._widths[len(columns.headers)] / (len(self.rows) + self._broken)
        known = len(columns.fields) + len(columns.surely)
        # Of two readings that know as much the one with more columns: cells seldom hold a list.
        return known * (_LOOSE + fitting) + 0.05 * fitting * min(len(columns.headers), 10)
