"""database copy: a department moves between SQLite and PostgreSQL, losing nothing."""

from __future__ import annotations

from contextlib import AsyncExitStack
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from ingagents.cli.app import app, read_settings, until_ctrl_c
from ingagents.cli.terminal import progress
from ingagents.errors import InputError, StoreError
from ingagents.masking import keep_url_secrets

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ingagents.communication.journal_audit import Fault

database = typer.Typer(help="The database as a whole.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(database, name="database")


@database.command()
def copy(
    source: Annotated[str, typer.Argument(metavar="FROM", help="Its URL, as database.url has it.")],
    target: Annotated[str, typer.Argument(metavar="TO", help="The URL of an empty database.")],
) -> None:
    """Copy a department to an empty database. Stop what works on it first."""
    import anyio

    from ingagents.store.engine.open_store import shown

    folder = read_settings().path(".")
    for url in (source, target):
        keep_url_secrets(url)
    with progress("copying") as on_progress:
        copying = partial(_copy, source, target, folder, on_progress)
        counts, faults = anyio.run(until_ctrl_c, copying)
    for table, count in counts.items():
        print(f"{table}\t{count}")
    if faults:
        raise StoreError(
            f"all was copied, but the journal has {len(faults)} faults, as it had before"
            f" (event {faults[0].seq}: {faults[0].what})",
            "see `ingagents journal list`",
        )
    print(f"copied to {shown(target, folder=folder)}; the journal's chain is whole")
    print("to go on there, set database.url to it")


async def _copy(
    source: str, target: str, folder: Path, on_progress: Callable[[int, int], None] | None
) -> tuple[dict[str, int], tuple[Fault, ...]]:
    from ingagents.communication import journal_audit
    from ingagents.store.engine import copy as copying
    from ingagents.store.engine.group_commit import ThreadedStore
    from ingagents.store.engine.open_store import database_path, is_postgres, open_store

    if not is_postgres(source) and not (file := database_path(source, folder=folder)).is_file():
        raise InputError(f"there is no database {file}", "name the department's database as FROM")
    async with AsyncExitStack() as resources:
        stores = []
        for url in (source, target):
            store = open_store(url, folder=folder)
            resources.push_async_callback(store.close)
            assert isinstance(store, ThreadedStore)  # noqa: S101  every driver is one
            stores.append(store)
        counts = await copying.copy(*stores, on_progress=on_progress)
        return counts, await stores[1].read(journal_audit.verify)
