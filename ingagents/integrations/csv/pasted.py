"""Rows that people typed or pasted into a sheet, read as a list of people is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ingagents.integrations.csv.columns import columns_of
from ingagents.integrations.csv.files import RowOfPerson, own_text
from ingagents.integrations.csv.header import columns_over, heads_table
from ingagents.integrations.csv.reading import Row
from ingagents.model import ListedPerson, RefusedRow


class PastedRows:
    """Reads rows of cells. It keeps nothing."""

    def people(
        self, headers: Sequence[str], rows: Mapping[int, Sequence[str]]
    ) -> dict[int, ListedPerson | RefusedRow]:
        """Rows of a table whose header is known, each a person, or the reason why not."""
        reader = RowOfPerson(columns_over(headers, tuple(rows.values())))
        return {
            line: reader.read(Row(line=line, cells=list(cells))) for line, cells in rows.items()
        }

    def heads(self, cells: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
        """Whether a row is the header of a table that was pasted with it."""
        return heads_table(cells, below)

    def own(self, headers: Sequence[str]) -> Mapping[str, int]:
        """Where the columns of the list's own stand, by the names that templates call them."""
        return columns_of(headers).own

    def own_text(self, cell: str) -> str:
        """What a cell in such a column says; "" for nothing."""
        return own_text(cell)
