"""Writing tables for people's spreadsheets and for programs, so that no cell becomes a formula."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from typing import TextIO

from ingagents.core.text.csv_injection import json_text, neutral_cell


def write_csv(
    rows: Iterable[Mapping[str, object]],
    columns: Sequence[str],
    stream: TextIO,
    *,
    header: bool = True,
) -> int:
    """Write a header (unless the stream has it) and the named columns of each row; their number.

    Keys that are not among `columns` are left out, missing ones are empty cells.
    """
    writer = csv.writer(stream, lineterminator="\n")
    if header:
        writer.writerow([neutral_cell(column) for column in columns])
    count = 0
    for row in rows:
        writer.writerow([neutral_cell(row.get(column)) for column in columns])
        count += 1
    return count


def write_jsonl(rows: Iterable[Mapping[str, object]], stream: TextIO) -> int:
    """Write one JSON object a line; returns the number of rows. Nothing is neutralised."""
    count = 0
    for row in rows:
        stream.write(json_text(row) + "\n")
        count += 1
    return count
