"""From the bytes of a delimited text file to its rows, one at a time, whatever wrote the file.

Half-broken files are the rule: every row that can be read is given, every one that cannot is named
with its line. Memory holds one row, never the file.
"""

from __future__ import annotations

import codecs
import csv
from collections import deque
from collections.abc import Iterator
from io import BufferedReader, TextIOWrapper
from pathlib import Path

import msgspec

from ingagents.errors import InputError
from ingagents.integrations.csv.asian import asian_code_page, is_shifted
from ingagents.integrations.csv.encoding import Guess, Spelling, code_page_of

DELIMITERS = (",", ";", "\t", "|")

_CELL_MAX = 1_000_000
_ROW_MAX = 2_000_000
_ROW_LINES_MAX = 500
"""A quote that is never closed swallows what follows: no honest row is larger than this."""
_RECOVERIES_MAX = 200
_SAMPLE_BYTES = 65_536


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One row. `line` is where it starts; `cut`: the file ends in it, without a line break."""

    line: int
    cells: list[str]
    cut: bool = False


class BadRow(msgspec.Struct, frozen=True, kw_only=True):
    """Lines that are no row, and why."""

    line: int
    why: str


class TableFile:
    """A delimited text file on disk, read as often as asked.

    Raises:
        InputError: it is no file, cannot be read, is empty, or is a workbook.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._buffer: BufferedReader | None = None
        self._done = 0
        try:
            # A pipe or a device would block or never end, and is gone after the first look.
            if not path.is_file():
                what = "is not a file" if path.exists() else "does not exist"
                raise InputError(f"{path} {what}", "give the path of a CSV file")
            self.bytes_total = path.stat().st_size
            with path.open("rb") as file:
                sample = file.read(_SAMPLE_BYTES)
            self._codec, self._errors, self.encoding = _codec_of(sample, path)
        except (OSError, ValueError) as exc:
            raise InputError(f"{path} cannot be read ({exc})", "check the file") from exc
        if not sample.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
            raise InputError(f"{path} is empty", "export the list again")
        if sample.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
            raise InputError(f"{path} is a workbook, not a CSV file", "save the sheet as CSV")

    @property
    def bytes_read(self) -> int:
        """How far the last reading got, in bytes of the file; a little ahead of the rows."""
        return self._done if self._buffer is None else self._buffer.tell()

    def rows(self, delimiter: str) -> Iterator[Row | BadRow]:
        """All rows from the top, blank ones included.

        Raises:
            InputError: the file went away or broke while being read.
        """
        # The limit belongs to the whole process, so it is only ever raised.
        csv.field_size_limit(max(csv.field_size_limit(), _CELL_MAX))
        try:
            with self.path.open("rb") as buffer:
                self._buffer = buffer
                try:
                    text = TextIOWrapper(buffer, self._codec, errors=self._errors, newline="")
                    yield from _rows(_Lines(text), delimiter)
                finally:
                    self._done = buffer.tell()
                    self._buffer = None
        except (OSError, UnicodeError) as exc:
            raise InputError(f"{self.path} cannot be read ({exc})", "check the file") from exc


class _BrokenRowError(Exception):
    """The row under way cannot become one."""


class _Lines:
    """The lines as `csv` takes them: it remembers those of the row under way, and can repeat."""

    def __init__(self, text: TextIOWrapper) -> None:
        self._text = text
        self._again: deque[str] = deque()
        self.number = 0
        self.taken: list[str] = []
        self.ended = False
        self._size = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else self._text.readline(_ROW_MAX)
        if not line:
            self.ended = True
            raise StopIteration
        self.number += 1
        self.taken.append(line)
        self._size += len(line)
        if self._size >= _ROW_MAX or len(self.taken) > _ROW_LINES_MAX:
            self._skip_rest_of(line)
            raise _BrokenRowError
        return line.replace("\x00", "") if "\x00" in line else line

    def start_row(self) -> None:
        """Forget the lines of the row before."""
        self.taken.clear()
        self.ended = False
        self._size = 0

    def repeat_all_but_first(self) -> None:
        """Give the lines of this row once more, but the first one."""
        again = self.taken[1:]
        self._again.extendleft(reversed(again))
        self.number -= len(again)

    def _skip_rest_of(self, line: str) -> None:
        while len(line) == _ROW_MAX and not line.endswith(("\n", "\r")):
            line = self._text.readline(_ROW_MAX)


def _rows(lines: _Lines, delimiter: str) -> Iterator[Row | BadRow]:
    """Rows as `csv` sees them; after a quote without end, on from the next line."""
    reader = csv.reader(lines, delimiter=delimiter)
    recoveries = 0
    while True:
        lines.start_row()
        first = lines.number + 1
        try:
            cells = next(reader)
            # Only inside quotes does the reader ask for more than the last line.
            broken = lines.ended
        except StopIteration:
            return
        except (csv.Error, _BrokenRowError):
            cells, broken = [], True
        if not broken:
            cut = not lines.taken[-1].endswith(("\n", "\r"))
            yield Row(line=first, cells=cells, cut=cut)
        elif recoveries < _RECOVERIES_MAX:
            recoveries += 1
            several = len(lines.taken) > 1 or lines.ended
            yield BadRow(
                line=first,
                why="a quote is opened and never closed" if several else "a cell is far too long",
            )
            lines.repeat_all_but_first()
        else:
            yield BadRow(line=first, why=f"{len(lines.taken)} lines are no rows: quotes are broken")


def _codec_of(sample: bytes, path: Path) -> tuple[str, str, str]:
    """The codec to read with, what it does with bytes that are none of its, its name for people."""
    if sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16", "replace", "utf-16"
    half = len(sample) // 2
    for offset, codec in ((1, "utf-16-le"), (0, "utf-16-be")):
        if sample[offset::2].count(0) > 0.4 * half > sample[1 - offset :: 2].count(0):
            return codec, "replace", codec
    if is_shifted(sample):
        return "iso2022_jp", "replace", "iso-2022-jp"
    spelling = _spelling_of(path)
    if not spelling.garbled:
        return "utf-8-sig", "replace", "utf-8"
    if asian := asian_code_page(spelling.lines):
        return asian.codec, "replace", asian.name
    guess = code_page_of(spelling.garbled)
    if len(spelling.utf8) > _GLUED * len(spelling.garbled):
        # Two files in one: each byte that is no UTF-8 is read by itself.
        return "utf-8-sig", _mending(guess), f"utf-8 and {guess.name}"
    return guess.codec, "replace", guess.name


_GLUED = 0.25
"""So many words in UTF-8 beside one that is none are no accident."""
_SCAN_MAX = 64 * 1024 * 1024
_SCAN_PIECE = 1024 * 1024


def _spelling_of(path: Path) -> Spelling:
    """The words beyond ASCII of a file, or of its first 64 MiB."""
    found = Spelling()
    with path.open("rb") as file:
        rest = b""
        for _ in range(_SCAN_MAX // _SCAN_PIECE):
            piece = file.read(_SCAN_PIECE)
            whole, end, rest = (rest + piece).rpartition(b"\n") if piece else (rest, b"", b"")
            found.take(whole + end)
            if not piece:
                break
    return found


def _mending(guess: Guess) -> str:
    """The name of a way to read bytes that are no UTF-8 in a code page."""

    def mend(error: UnicodeError) -> tuple[str, int]:
        if not isinstance(error, UnicodeDecodeError):
            raise error
        return error.object[error.start : error.end].decode(guess.codec, "replace"), error.end

    name = f"ingagents.{guess.codec}"
    codecs.register_error(name, mend)
    return name
