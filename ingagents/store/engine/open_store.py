"""A database URL becomes an open store: found or made, ours, migrated, not from the future."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import AbstractContextManager, closing, nullcontext
from importlib import resources
from pathlib import Path

from ingagents.errors import SettingsError, StoreError
from ingagents.masking import masked
from ingagents.ports import Store
from ingagents.private_files import make_private
from ingagents.store.engine.file_lock import FileLock
from ingagents.store.engine.folders import check_writable
from ingagents.store.engine.group_commit import APPLICATION_ID, PATIENCE_SECONDS
from ingagents.store.engine.sqlite import SqliteStore, connect, translated


def open_store(
    url: str,
    *,
    folder: Path,
    busy: Callable[[], AbstractContextManager[None]] = nullcontext,
    patience_seconds: float = PATIENCE_SECONDS,
) -> Store:
    """Open the department's database, making and migrating it as needed.

    `sqlite:///file`, relative paths meant from `folder`; or `postgresql://user:password@host/name`,
    and whatever else libpq reads there. `patience_seconds` is how long to wait for another
    process that holds the database, here and in every write.

    Raises:
        SettingsError: the URL is not one we know, or its driver is not installed.
        StoreError: the database is damaged, not ours, of a newer version, or not writable. One
            that is not ours or newer is left as it is.
    """
    if is_postgres(url):
        return _open_postgres(url, busy=busy, patience_seconds=patience_seconds)
    path = database_path(url, folder=folder)
    _prepare(path, patience_seconds)
    return SqliteStore(path, busy=busy, patience_seconds=patience_seconds)


def is_postgres(url: str) -> bool:
    """Whether a URL names a PostgreSQL database."""
    return url.partition("://")[0] in {"postgresql", "postgres"}


def shown(url: str, *, folder: Path) -> str:
    """A database as people may read it: never with its password."""
    if not is_postgres(url):
        return str(database_path(url, folder=folder))
    scheme, _, rest = url.partition("://")
    place = rest.partition("?")[0].rpartition("@")[2]
    return f"{scheme}://{place}"


def beside(url: str, ending: str, *, folder: Path) -> Path:
    """A file that belongs to a database: next to SQLite's, else in `folder` under its name."""
    if not is_postgres(url):
        file = database_path(url, folder=folder)
        return file.with_name(file.name + ending)
    name = url.partition("?")[0].rpartition("/")[2]
    return folder / ("".join(sign for sign in name if sign.isalnum() or sign in "_-") + ending)


def database_path(url: str, *, folder: Path) -> Path:
    """The file a `sqlite:///` URL names.

    Raises:
        SettingsError: another scheme, or no file in the URL.
    """
    scheme, _, rest = url.partition("://")
    if scheme != "sqlite":
        raise SettingsError(
            f"database.url begins with {masked(scheme)[:20]!r}, which is no database we know",
            'write database.url = "sqlite:///ingagents.db" or "postgresql://user@host/name"',
        )
    name = rest.removeprefix("/")
    if not name or name == ":memory:":
        raise SettingsError(
            "database.url names no file", 'write database.url = "sqlite:///ingagents.db"'
        )
    return folder / Path(name).expanduser()


def _open_postgres(
    url: str, *, busy: Callable[[], AbstractContextManager[None]], patience_seconds: float
) -> Store:
    try:
        from ingagents.store.engine.postgres import PostgresStore
        from ingagents.store.engine.postgres_server import open_server
    except ImportError as exc:
        raise SettingsError(
            f"database.url names PostgreSQL, and its driver is missing ({exc})",
            "run `pip install 'ingagents[postgres]'`",
        ) from exc
    connection = open_server(url, _migrations(), patience_seconds=patience_seconds)
    return PostgresStore(url, connection, busy=busy, patience_seconds=patience_seconds)


def _prepare(path: Path, patience_seconds: float) -> None:
    check_writable(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        make_private(path)
    except OSError as exc:
        raise StoreError(
            f"{path} cannot be made ({exc.strerror})", "make the folder writable for this user"
        ) from exc
    steps = _migrations()
    lock = FileLock(path.with_name(path.name + ".lock"))
    with closing(lock), lock.held(patience_seconds):
        version = _schema_version(path, known=len(steps), patience_seconds=patience_seconds)
        if version == len(steps):
            return
        with closing(connect(path, patience_seconds=patience_seconds)) as connection:
            if version:
                _back_up(connection, path, version)
            for number, script in list(enumerate(steps, start=1))[version:]:
                _migrate(connection, path, number, script)


def _schema_version(path: Path, *, known: int, patience_seconds: float) -> int:
    """The schema the file has, 0 when it is new; looks only, and writes nothing.

    Raises:
        StoreError: the file is not ours, or of a newer version.
    """
    with translated(path):
        uri = f"{path.absolute().as_uri()}?mode=rw"
        with closing(sqlite3.connect(uri, uri=True, timeout=patience_seconds)) as connection:
            (application,) = connection.execute("PRAGMA application_id").fetchone()
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if (tables or version) and application != APPLICATION_ID:
        raise StoreError(
            f"{path} is the database of another program", "name another file in database.url"
        )
    if version > known:
        raise StoreError(
            f"{path} was written by a newer version of ingagents (schema {version}, this "
            f"program knows {known})",
            "install the newer version; nothing was changed",
        )
    return int(version)


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
    """A copy beside the database; it has its name only once it is whole."""
    copy = path.with_name(f"{path.name}.before-schema-{version + 1}")
    if copy.exists():
        return
    unfinished = copy.with_name(copy.name + ".part")
    unfinished.unlink(missing_ok=True)
    make_private(unfinished)  # SQLite would make it readable for all
    with translated(path):
        connection.execute("VACUUM INTO :copy", {"copy": str(unfinished)})
    unfinished.replace(copy)
