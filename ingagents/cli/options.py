"""What options of several commands have in common: how they are named, read and refused."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, TextIO

import typer

from ingagents.errors import InputError, UsageError
from ingagents.private_files import open_private

LARGEST = 2**63 - 1
"""No database takes a larger number: options that count rows, or name one, end here."""

Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
Limit = Annotated[int, typer.Option("--limit", min=1, max=LARGEST, help="At most so many.")]
Output = Annotated[Path | None, typer.Option("--output", metavar="FILE", help="By default stdout.")]


def one_of(text: str, known: Iterable[str], *, of: str) -> str:
    """The known value that an option's text is, in any case.

    Raises:
        UsageError: it is none; `of` names what it is none of.
    """
    listed = list(known)
    for one in listed:
        if one.casefold() == text.casefold():
            return one
    raise UsageError(f"there is no {of} {text!r}", f"known are {', '.join(listed)}")


def check_choice(option: str, text: str | None, known: Iterable[str]) -> None:
    """Let only known words of an option pass, as they are written.

    Raises:
        UsageError: it is none of them.
    """
    *first, last = listed = list(known)
    if text is not None and text not in listed:
        take = f"{', '.join(first)} or {last}" if first else last
        raise UsageError(f"{option} {text!r} is unknown", f"take {take}")


@contextmanager
def written_to(output: Path | None) -> Iterator[TextIO]:
    """Where a result goes: a file that its owner alone may read, by default stdout.

    Raises:
        InputError: the file cannot be written.
    """
    if output is None:
        yield sys.stdout
        return
    try:
        with open_private(output) as stream:
            yield stream
    except OSError as exc:
        raise InputError(f"{output} cannot be written ({exc.strerror})", "name another") from exc
