"""Tables that are kept by name, a kind and a value: many names are looked up in few statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Literal

from ingagents.ports import Transaction

Name = tuple[str, str]
"""The kind of a name (of an alias, or "domain") and the name itself."""

_NAMES_A_STATEMENT = 500


def looked_up(
    transaction: Transaction,
    table: Literal["identities", "suppressions"],
    column: Literal["lead_id", "reason"],
    names: Iterable[Name],
) -> dict[Name, str]:
    """What a column says of those names that are in a table; a statement a kind and 500 names."""
    values = defaultdict[str, dict[str, None]](dict)
    for kind, value in names:
        values[kind][value] = None
    found: dict[Name, str] = {}
    for kind, ones in values.items():
        left = iter(ones)
        while page := list(islice(left, _NAMES_A_STATEMENT)):
            rows = transaction.rows(
                f"SELECT value, {column} FROM {table}"
                f" WHERE kind = :kind AND value IN ({_marks(page)})",
                {"kind": kind, **{f"v{at}": value for at, value in enumerate(page)}},
            )
            found |= {(kind, str(value)): str(said) for value, said in rows}
    return found


def _marks(page: Sequence[str]) -> str:
    return ", ".join(f":v{at}" for at in range(len(page)))
