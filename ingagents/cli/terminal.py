"""What reaches a terminal: tables, and foreign text with nothing hidden in it."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterator

__all__ = ["one_line", "say_table", "visible"]


def visible(text: str) -> str:
    r"""A text as it is, line ends kept, with everything that does not show spelt out.

    Control and direction characters could steer a terminal, or show a reader another text than
    the one that is sent: they appear as escapes (`\x1b`, `\u202e`).
    """
    return "".join(
        sign
        if sign == "\n" or sign.isprintable()
        else " "
        if unicodedata.category(sign) == "Zs"
        else sign.encode("unicode_escape").decode("ascii")
        for sign in text
    )


def one_line(text: str) -> str:
    """As `visible`, on one line."""
    return visible(" ".join(text.split()))


def say_table(columns: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> None:
    """A table on a terminal; tab-separated lines in a pipe, for other programs."""
    if not sys.stdout.isatty():
        for row in rows:
            print("\t".join(one_line(cell) for cell in row))
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="ellipsis", no_wrap=True)
    for row in rows:
        table.add_row(*(Text(one_line(cell)) for cell in row))
    Console().print(table)
