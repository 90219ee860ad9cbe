"""A department moves to another database: every row, in one commit there, from one snapshot here."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from ingagents.errors import InputError, StoreError
from ingagents.ports import Row, Transaction
from ingagents.store.engine.group_commit import ThreadedStore

_PAGE = 1000
_FIRST = ("leads",)
"""Tables that others refer to."""


async def copy(source: ThreadedStore, target: ThreadedStore) -> dict[str, int]:
    """Copy every table; how many rows each had. The target must hold nothing.

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
            return {table: _pour(there, here, table, tables[table]) for table in _ordered(tables)}

        return asyncio.run_coroutine_threadsafe(target.write(write), loop).result()

    return await source.read(read)


def tables_of(catalogue: Iterable[Row]) -> dict[str, tuple[str, ...]]:
    """Each table's columns, in an order both databases agree on; the first two come first."""
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


def _pour(there: Transaction, here: Transaction, table: str, columns: tuple[str, ...]) -> int:
    """Copy one table page by page, by its first two columns: every key is among them.

    Raises:
        StoreError: the target does not have as many rows as the source.
    """
    first, second = columns[:2]
    listed = ", ".join(columns)
    select = f"SELECT {listed} FROM {table}"
    ordered = f" ORDER BY {first}, {second} LIMIT :page"
    rows = there.rows(select + ordered, {"page": _PAGE})
    while rows:
        here.insert(table, columns, rows)
        rows = there.rows(
            f"{select} WHERE ({first}, {second}) > (:first, :second){ordered}",
            {"first": rows[-1][0], "second": rows[-1][1], "page": _PAGE},
        )
    count = _count(here, table)
    if count != (wanted := _count(there, table)):
        raise StoreError(
            f"only {count} of the {wanted} rows of {table} could be copied",
            "nothing was kept; report this as a bug",
        )
    return count
