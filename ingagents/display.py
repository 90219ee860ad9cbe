"""How our objects show themselves: one line for a prompt, a table and a frame for a notebook.

A class that is `Shown` tells the same facts twice, in `repr` and in HTML. Whatever reaches either
is data: known secrets are hidden first, then what does not show is spelt out, then it is cut, and
in HTML every text is escaped.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from enum import Enum
from html import escape
from typing import TYPE_CHECKING, Any, NamedTuple

from ingagents.errors import InputError
from ingagents.masking import masked

if TYPE_CHECKING:
    import pandas as pd

ROWS_MAX = 50
"""Rows of a table in a notebook; it says how many more there are."""

_LINE_MAX, _CELL_MAX, _PART_MAX = 400, 300, 60
_LEFT = ' style="text-align:left;vertical-align:top"'
"""Notebooks set tables to the right; colours are left to them, so that light and dark both read."""


class Told(NamedTuple):
    """What an object says of itself. Without `columns` the rows are labels with their values."""

    line: str
    rows: Sequence[Sequence[object]] = ()
    columns: Sequence[str] = ()


class Shown:
    """Mix in before `msgspec.Struct` or another base; override `_told` where fields do not do."""

    __slots__ = ()

    def _told(self) -> Told:
        """By default every field that holds something."""
        names: Iterable[str] = getattr(self, "__struct_fields__", ())
        names = names or getattr(self, "__dataclass_fields__", ())
        rows = [(name, value) for name in names if not _is_empty(value := getattr(self, name))]
        parts = [f"{name} {_shortened(_text(value), _PART_MAX)}" for name, value in rows]
        return Told(", ".join(parts), rows)

    def __repr__(self) -> str:
        return in_a_line(type(self).__name__, self._told())

    def __str__(self) -> str:
        return repr(self)

    def _repr_html_(self) -> str:
        """What Jupyter and its kin show in the place of `repr`."""
        return table(self._told())


def in_a_line(name: str, told: Told) -> str:
    """`<Lead: Ada Lovelace, CTO at Acme: ...>`."""
    line = _shortened(_text(told.line), _LINE_MAX)
    return f"<{name}: {line}>" if line else f"<{name}>"


def table(told: Told) -> str:
    """A table for a notebook, every text in it escaped."""
    head = "".join(f"<th{_LEFT}>{_cell(name)}</th>" for name in told.columns)
    lines = [f"<tr>{head}</tr>"] if head else []
    for row in told.rows[:ROWS_MAX]:
        cells = [_cell(value) for value in row]
        tags = ["td"] * len(cells) if told.columns else ["th", *["td"] * (len(cells) - 1)]
        shown = (f"<{tag}{_LEFT}>{cell}</{tag}>" for tag, cell in zip(tags, cells, strict=True))
        lines.append(f"<tr>{''.join(shown)}</tr>")
    body = f"<table>{''.join(lines)}</table>" if lines else ""
    more = len(told.rows) - ROWS_MAX
    rest = f"<p>and {more} more</p>" if more > 0 else ""
    return f"<div><p><b>{_cell(told.line)}</b></p>{body}{rest}</div>"


def frame(rows: Iterable[Mapping[str, Any]], columns: Mapping[str, Any]) -> pd.DataFrame:
    """A pandas table; `columns` are names with pandas' types ("" leaves one as it comes).

    Moments are `datetime64` in UTC, also in a column without any.

    Raises:
        InputError: pandas is not installed.
    """
    try:
        import pandas as pd
    except ImportError as exc:
        raise InputError(
            "a table needs pandas, which is not installed", "pip install 'ingagents[notebook]'"
        ) from exc
    made = pd.DataFrame(list(rows), columns=list(columns))
    for name, kind in columns.items():
        if kind.startswith("datetime64"):
            made[name] = pd.to_datetime(made[name], utc="UTC" in kind, format="ISO8601").astype(
                kind
            )
        elif kind:
            made[name] = made[name].astype(kind)
    return made


def person(name: str, position: str, company: str) -> str:
    """`Ada Lovelace, CTO at Acme`, as far as it is known."""
    told_already = company.casefold() in position.casefold()
    job = position if told_already else " at ".join(part for part in (position, company) if part)
    return ", ".join(part for part in (name or "somebody without a name", job) if part)


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


def _is_empty(value: object) -> bool:
    return value is None or (isinstance(value, str | tuple | list | Mapping) and not value)


def _text(value: object) -> str:
    """A value as people read it, on one line, without secrets."""
    if isinstance(value, Enum):
        value = value.value
    match value:
        case None:
            text = "–"
        case bool():
            text = "yes" if value else "no"
        case float():
            text = f"{value:.4g}" if abs(value) < 10_000 else f"{value:.0f}"
        case datetime():
            text = f"{value:%Y-%m-%d %H:%M} {value:%Z}".rstrip()
        case date():
            text = value.isoformat()
        case Mapping():
            text = ", ".join(f"{key} {_text(one)}" for key, one in value.items())
        case list() | tuple() | set() | frozenset() if not isinstance(value, Shown):
            text = "; ".join(_text(one) for one in value)
        case _:
            text = str(value)
    return one_line(masked(text))


def _cell(value: object) -> str:
    return escape(_shortened(_text(value), _CELL_MAX))


def counted(number: int, one: str, many: str = "") -> str:
    """A number with its noun: "1 person", "2 people"; without `many` the plural has an "s"."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def _shortened(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"
