"""A PostgreSQL server as we meet it: connected, set up, migrated, its errors made ours.

No error text ever holds the password: libpq quotes the URL in some of its own.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.types.numeric import Int8Dumper

from ingagents.errors import OutOfMemory, SettingsError, StoreError, StoreFull, StoreLocked
from ingagents.masking import keep_secret, keep_url_secrets, masked
from ingagents.store.engine.group_commit import APPLICATION_ID

Connection = psycopg.Connection[tuple[Any, ...]]

TAKE_TURN = f"BEGIN; SELECT pg_advisory_xact_lock({APPLICATION_ID})".encode()
"""Begins a write transaction once no other process is in one; its end lets go."""

_VERSION_TABLE = "ingagents_schema"
_IDLE_MAX_SECONDS = 10
"""A process that stands still inside its turn (a suspended machine) loses it after this long."""

_DEFAULTS = {
    "application_name": "ingagents",
    "connect_timeout": "5",
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "2",
    "tcp_user_timeout": "15000",
}
"""A server that fell silent is noticed within half a minute; the URL may say otherwise."""

_AWAY = (
    "connection refused",
    "no such file or directory",
    "timeout",
    "timed out",
    "starting up",
    "shutting down",
    "recovery",
    "not accepting connections",
    "too many clients",
    "connection slots",
    "closed the connection",
    "connection reset",
    "unreachable",
    "temporary failure in name resolution",
)


class ServerAway(StoreLocked):
    """Nobody answers, or the connection was lost before a commit was asked for."""


def connect(url: str, *, patience_seconds: float) -> Connection:
    """A connection set up for durability, what matters read back.

    Raises:
        SettingsError: the URL cannot be read.
        ServerAway: nobody answers there now.
        StoreError: the server refuses us.
    """
    keep_url_secrets(url)
    try:
        given = {name: str(value) for name, value in conninfo_to_dict(url).items()}
        address = make_conninfo("", **{**_DEFAULTS, **given})
    except (psycopg.Error, UnicodeError):  # its text holds the URL, and so the password
        raise SettingsError(
            "database.url cannot be read as a PostgreSQL address",
            'write database.url = "postgresql://user:password@host/database", with %40 for an @,'
            " %2F for a / and %25 for a % in the password",
        ) from None
    keep_secret(given.get("password", ""))
    try:
        connection = psycopg.connect(address, autocommit=True)
    except psycopg.Error as exc:
        raise _refusal(exc, given) from None  # the chain would show the address
    try:
        with translated():
            _set_up(connection, patience_seconds)
    except BaseException:
        connection.close()
        raise
    return connection


def open_server(url: str, steps: Sequence[str], *, patience_seconds: float) -> Connection:
    """Connect, and bring the database to the present schema; several processes may do so at once.

    Raises:
        SettingsError: the URL cannot be read.
        StoreLocked: nobody answers, or another process migrates for too long.
        StoreError: the server refuses us, or the database is not ours or of a newer version.
    """
    connection = connect(url, patience_seconds=patience_seconds)
    try:
        with translated():
            if _schema_version(connection, known=len(steps)) < len(steps):
                _migrate(connection, steps)
    except BaseException:
        connection.close()
        raise
    return connection


def roll_back(connection: Connection) -> None:
    """Leave the transaction, if the connection still lives."""
    with contextlib.suppress(psycopg.Error):
        if connection.info.transaction_status != psycopg.pq.TransactionStatus.IDLE:
            connection.execute(b"ROLLBACK")


@contextmanager
def translated() -> Iterator[None]:
    """Turn the driver's errors into ours."""
    try:
        yield
    except psycopg.Error as exc:
        raise explain(exc) from exc


def explain(exc: psycopg.Error) -> StoreError:
    """What an error of a statement means for the user."""
    said = exc.diag.message_primary or " ".join(str(exc).split())
    code = exc.sqlstate or ("08000" if isinstance(exc, psycopg.OperationalError) else "")
    match code[:2], code:
        case ("08" | "57", _) if code != "57014":
            return ServerAway(
                f"the connection to the database was lost ({said})", "start again in a moment"
            )
        case _, "25P03":
            return ServerAway("the database gave our turn to others", "start again in a moment")
        case _, "53100":
            return StoreFull(
                "the disk of the database server is full; nothing of this step was kept",
                "make room and start again: what was committed stands",
            )
        case _, "53200":
            return OutOfMemory(
                "the database server has no memory left; nothing of this step was kept",
                "give the server more and start again: what was committed stands",
            )
        case _, "55P03" | "57014" | "40P01" | "40001":
            return StoreLocked(
                f"another process has held the database for too long ({said})",
                "wait for it to end, or end it, and try again",
            )
        case _, "42501":
            return StoreError(
                f"the database does not permit it ({said})",
                "grant the user of database.url all rights on the database and its schema",
            )
        case _, "25006":
            return StoreError(f"the database is read-only here ({said})", "name the primary server")
        case "XX", _:
            return StoreError(
                f"the database is damaged ({said})", "restore the newest backup of the server"
            )
        case _:
            return StoreError(f"the database refused a statement ({said})", "report this as a bug")


def _refusal(exc: psycopg.Error, given: dict[str, str]) -> StoreError:
    """What it means that no connection came about; libpq gives texts only, and no codes."""
    said = masked(" ".join(str(exc).split()))[:300]
    low = said.lower()
    user, name = given.get("user", "the user"), given.get("dbname", given.get("user", ""))
    host = given.get("host", "this machine")
    if "password" in low or (exc.pgconn is not None and exc.pgconn.needs_password):
        return StoreError(
            f"the database server at {host} refuses the password of {user}",
            "mend the password in INGAGENTS_DATABASE__URL or PGPASSWORD",
        )
    if re.search(r"role .* does not exist|no pg_hba\.conf entry|authentication failed", low):
        return StoreError(
            f"the database server at {host} does not let {user} in ({said})",
            "name another user in database.url, or let this one in on the server",
        )
    if re.search(r"database .* does not exist", low):
        return StoreError(
            f"the server at {host} has no database {name!r}",
            f"make it with `createdb {name}`, or name another one in database.url",
        )
    # While a container is down, its name cannot be looked up either.
    away = any(sign in low for sign in _AWAY)
    if not away and ("resolve host" in low or "translate host name" in low):
        return StoreError(f"the host {host!r} is not known", "mend the host in database.url")
    if away:
        return ServerAway(
            f"the database server at {host} does not answer ({said})",
            "start it, or mend database.url, and try again",
        )
    return StoreError(f"the database server at {host} refuses us ({said})", "mend database.url")


def _set_up(connection: Connection, patience_seconds: float) -> None:
    # One width for every number, so that a statement is prepared once and not once per width.
    connection.adapters.register_dumper(int, Int8Dumper)
    connection.prepared_max = 400
    # A plan is made anew for every execution: one that was kept from when a table was small goes on
    # reading all of it once it is large.
    connection.execute(
        "SET client_encoding = 'UTF8'; SET synchronous_commit = on;"
        " SET plan_cache_mode = force_custom_plan;"
        f" SET lock_timeout = {max(1, int(patience_seconds * 1000))};"
        f" SET idle_in_transaction_session_timeout = '{_IDLE_MAX_SECONDS}s'".encode()
    )
    ((durable, encoding, schema),) = connection.execute(
        b"SELECT current_setting('synchronous_commit'), current_setting('server_encoding'),"
        b" current_schema()"
    ).fetchall()
    if durable != "on":
        raise StoreError("the server does not keep commits durable", "set synchronous_commit = on")
    if encoding != "UTF8":
        raise StoreError(
            f"the database is encoded in {encoding}", "make one with `createdb --encoding=UTF8`"
        )
    if schema is None:
        raise StoreError("the database has no schema for us", "make the schema of the search_path")


def _schema_version(connection: Connection, *, known: int) -> int:
    """The schema the database has, 0 when it is empty; looks only.

    Raises:
        StoreError: it is not ours, or of a newer version.
    """
    tables = {
        str(name)
        for (name,) in connection.execute(
            b"SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            b" WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p', 'v', 'm', 'f')"
        )
    }
    if not tables:
        return 0
    if _VERSION_TABLE not in tables:
        raise StoreError(
            "the database holds another program's tables",
            "name an empty database in database.url; nothing was changed",
        )
    ((version,),) = connection.execute(f"SELECT version FROM {_VERSION_TABLE}".encode()).fetchall()
    if version > known:
        raise StoreError(
            f"the database was written by a newer version of ingagents (schema {version}, this "
            f"program knows {known})",
            "install the newer version; nothing was changed",
        )
    return int(version)


def _migrate(connection: Connection, steps: Sequence[str]) -> None:
    """All missing steps, whole or not at all; whoever comes second finds them done."""
    connection.execute(TAKE_TURN)
    try:
        version = _schema_version(connection, known=len(steps))
        if version == 0:
            connection.execute(f"CREATE TABLE {_VERSION_TABLE} (version BIGINT NOT NULL)".encode())
            connection.execute(f"INSERT INTO {_VERSION_TABLE} VALUES (0)".encode())
        for step in steps[version:]:
            connection.execute(_dialect(step).encode())
        connection.execute(f"UPDATE {_VERSION_TABLE} SET version = {len(steps)}".encode())
        connection.execute(b"COMMIT")
    except BaseException:
        roll_back(connection)
        raise


def _dialect(script: str) -> str:
    """A migration as this server must read it: 64 bits, and text in the order of its bytes."""
    return re.sub(r"\bTEXT\b", 'TEXT COLLATE "C"', re.sub(r"\bINTEGER\b", "BIGINT", script))
