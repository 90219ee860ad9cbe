"""What reaches a terminal: tables, and foreign text with nothing hidden in it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from ingagents.display import one_line, visible


def at_minute(moment: datetime | str, zone: ZoneInfo) -> str:
    """A moment as the campaign's people read it, such as `2027-02-08 09:15 CET`."""
    at = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M %Z}"


@contextmanager
def progress(doing: str) -> Iterator[Callable[[int, int], None] | None]:
    """A bar on a terminal while the block works, nothing elsewhere.

    It moves as it is told how much is done, of how much; until then it shows that time passes.
    """
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

    with Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TaskProgressColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    ) as bar:
        task = bar.add_task(one_line(doing), total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


_SHORT, _LEAST, _GAP = 14, 8, 2
"""Cells of so many characters are shown whole, longer ones never with fewer than the second; between
two columns there are so many blanks."""


def say_table(columns: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> None:
    """A table on a terminal; tab-separated lines in a pipe, for other programs.

    On a terminal a column in which nothing stands is left out.
    """
    if not sys.stdout.isatty():
        for row in rows:
            print("\t".join(one_line(cell) for cell in row))
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    lines = [tuple(map(one_line, row)) for row in rows]
    widths = [max(len(row[at]) for row in (columns, *lines)) for at in range(len(columns))]
    shown = [at for at in range(len(columns)) if any(row[at] for row in lines) or not lines]
    long = [at for at in shown if widths[at] > _SHORT]
    console = Console()
    # What is short (a status, a score) is never cut: long cells share the rest of the line.
    short = sum(widths[at] for at in shown if at not in long)
    gaps = _GAP * (len(shown) - 1)
    rest = console.width - short - gaps
    shares = {at: max(len(columns[at]), _LEAST, rest // len(long)) for at in long}
    # A terminal too narrow for that wraps the lines: an id that is cut names nobody.
    console.width = max(console.width, short + gaps + sum(shares.values()))
    table = Table(box=None, pad_edge=False)
    for at in shown:
        share = shares.get(at)
        table.add_column(columns[at], overflow="ellipsis", no_wrap=True, max_width=share)
    for row in lines:
        table.add_row(*(Text(row[at]) for at in shown))
    console.print(table)


def say_texts(texts: Sequence[Mapping[str, Any]], count: int) -> Iterator[str]:
    """What a dry run shows: the person, the channel and the exact words of each; `count` is of all."""
    for one in texts:
        who = ", ".join(
            one_line(one[part]) for part in ("name", "position", "company") if one[part]
        )
        yield f"  {who}: {one['channel']}, shown {one['shown_at'][:10]} (review {one['review']})"
        yield from (f"  | {line}" for line in visible(one["text"]).splitlines())
    if count > len(texts):
        yield f"  and {count - len(texts)} more: `ingagents once --task outreach`"
