"""A department moves to another database: every row, in one commit there, from one snapshot here."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence

from ingagents.errors import InputError, StoreError
from ingagents.ports import Row, Transaction
from ingagents.store.engine.group_commit import ThreadedStore

_PAGE = 1000
KEY_WIDTH = 3
"""Every table's key is among its first three columns; only a third one beside a key may be empty."""
_FIRST = ("leads",)
"""Tables that others refer to."""


async def copy(
    source: ThreadedStore,
    target: ThreadedStore,
    *,
    on_progress: Callable[[int, int], None] | None = None,
) -> dict[str, int]:
    """Copy every table; how many rows each had. The target must hold nothing.

    `on_progress` hears, in the target's thread, how many rows are copied, of how many.

    Both are open and so of the same schema. The snapshot is read by the target's thread while the
    source's own waits: rows pass through in pages, and never all at once.

    Raises:
        InputError: the target holds a department already, or the source none.
        StoreError: a row could not be copied; the target is as empty as before.
    """
    loop = asyncio.get_running_loop()

    def read(there: Transaction) -> dict[str, int]:
        tables = tables_of(there.rows(source.CATALOGUE))

        def write(here: Transaction) -> dict[str, int]:
            if tables != tables_of(here.rows(target.CATALOGUE)):
                raise StoreError("the two databases differ in their tables", "report this as a bug")
            _refuse_what_is_not_to_copy(there, here, tables)
            whole = sum(_count(there, table) for table in tables) if on_progress else 0
            done = 0
            poured: dict[str, int] = {}
            for table in _ordered(tables):
                for rows in pages(there, table, tables[table]):
                    here.insert(table, tables[table], rows)
                    done += len(rows)
                    if on_progress is not None:
                        on_progress(done, whole)
                poured[table] = _checked(there, here, table)
            return poured

        return asyncio.run_coroutine_threadsafe(target.write(write), loop).result()

    return await source.read(read)


def tables_of(catalogue: Iterable[Row]) -> dict[str, tuple[str, ...]]:
    """Each table's columns, in an order both databases agree on."""
    found: dict[str, tuple[str, ...]] = {}
    for table, column in catalogue:
        found[str(table)] = (*found.get(str(table), ()), str(column))
    return found


def _ordered(tables: Iterable[str]) -> list[str]:
    return sorted(tables, key=lambda table: (table not in _FIRST, table))


def _refuse_what_is_not_to_copy(
    there: Transaction, here: Transaction, tables: Iterable[str]
) -> None:
    if any(_count(here, table) for table in tables):
        raise InputError("the target already holds a department", "name an empty database as TO")
    if not any(_count(there, table) for table in tables):
        raise InputError("there is nothing to copy", "name the database of a department as FROM")


def _count(transaction: Transaction, table: str) -> int:
    ((count,),) = transaction.rows(f"SELECT count(*) FROM {table}")
    return int(count)


def pages(
    transaction: Transaction, table: str, columns: tuple[str, ...]
) -> Iterator[Sequence[Row]]:
    """All rows of a table, at most a thousand at a time."""
    keys = columns[:KEY_WIDTH]
    listed, placed = ", ".join(keys), ", ".join(f":{name}" for name in keys)
    select = f"SELECT {', '.join(columns)} FROM {table}"
    ordered = f" ORDER BY {listed} LIMIT :page"
    rows = transaction.rows(select + ordered, {"page": _PAGE})
    while rows:
        yield rows
        last = dict(zip(keys, rows[-1], strict=False))
        rows = transaction.rows(
            f"{select} WHERE ({listed}) > ({placed}){ordered}", {**last, "page": _PAGE}
        )


def _checked(there: Transaction, here: Transaction, table: str) -> int:
    """How many rows of a table were copied.

    Raises:
        StoreError: the target does not have as many as the source.
    """
    count = _count(here, table)
    if count != (wanted := _count(there, table)):
        raise StoreError(
            f"only {count} of the {wanted} rows of {table} could be copied",
            "nothing was kept; report this as a bug",
        )
    return count
