"""A database URL becomes an open store: found or made, ours, migrated, not from the future."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import AbstractContextManager, closing, nullcontext
from importlib import resources
from pathlib import Path

from ingagents.errors import SettingsError, StoreError
from ingagents.ports import Store
from ingagents.store.sqlite import APPLICATION_ID, FileLock, SqliteStore, connect, translated

__all__ = ["database_path", "open_store"]


def open_store(
    url: str,
    *,
    folder: Path,
    busy: Callable[[], AbstractContextManager[None]] = nullcontext,
) -> Store:
    """Open the department's database, making and migrating it as needed.

    Relative paths are meant from `folder`.

    Raises:
        SettingsError: the URL is not one we know.
        StoreError: the file is damaged, not ours, of a newer version, or not writable.
    """
    path = database_path(url, folder=folder)
    _prepare(path)
    return SqliteStore(path, busy=busy)


def database_path(url: str, *, folder: Path) -> Path:
    """The file a `sqlite:///` URL names.

    Raises:
        SettingsError: another scheme, or no file in the URL.
    """
    scheme, _, rest = url.partition("://")
    if scheme != "sqlite":
        raise SettingsError(
            f"database.url starts with {scheme!r}; this version keeps its data in SQLite only",
            'write database.url = "sqlite:///ingagents.db"',
        )
    name = rest.removeprefix("/")
    if not name or name == ":memory:":
        raise SettingsError(
            "database.url names no file", 'write database.url = "sqlite:///ingagents.db"'
        )
    return folder / Path(name).expanduser()


def _prepare(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            path.touch(mode=0o600)
    except OSError as exc:
        raise StoreError(
            f"{path} cannot be made ({exc.strerror})", "make the folder writable for this user"
        ) from exc
    with FileLock(path.with_name(path.name + ".lock")).held(), closing(connect(path)) as connection:
        with translated(path):
            (application,) = connection.execute("PRAGMA application_id").fetchone()
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if tables and application != APPLICATION_ID:
            raise StoreError(
                f"{path} is the database of another program", "name another file in database.url"
            )
        steps = _migrations()
        if version > len(steps):
            raise StoreError(
                f"{path} was written by a newer version of ingagents (schema {version}, this "
                f"program knows {len(steps)})",
                "install the newer version; nothing was changed",
            )
        if version and version < len(steps):
            _back_up(connection, path, version)
        for number, script in list(enumerate(steps, start=1))[version:]:
            _migrate(connection, path, number, script)


def _migrations() -> list[str]:
    folder = resources.files("ingagents.store") / "migrations"
    scripts = sorted(
        (entry for entry in folder.iterdir() if entry.name.endswith(".sql")),
        key=lambda entry: entry.name,
    )
    return [entry.read_text("utf-8") for entry in scripts]


def _migrate(connection: sqlite3.Connection, path: Path, number: int, script: str) -> None:
    """One step, whole or not at all; `user_version` is part of the same commit."""
    with translated(path):
        connection.executescript(
            f"BEGIN IMMEDIATE;\n{script}\nPRAGMA application_id = {APPLICATION_ID};\n"
            f"PRAGMA user_version = {number};\nCOMMIT;"
        )


def _back_up(connection: sqlite3.Connection, path: Path, version: int) -> None:
    copy = path.with_name(f"{path.name}.before-schema-{version + 1}")
    if not copy.exists():
        with translated(path):
            connection.execute("VACUUM INTO :copy", {"copy": str(copy)})
