"""SQLite as the department's database: a write-ahead log, and a lock between processes.

Durability: WAL with `synchronous=FULL`: what `write` has returned from survives a power cut (as
far as the disk keeps its own promise). Group commit and threads are in `group_commit` and
`commit_queue`.

Writers of different processes take turns on a lock file beside the database. SQLite would
serialise them by itself, but versions before 3.51.3 can damage a WAL when one connection resets
it while another writes (sqlite.org, "WAL-reset bug"); with the turn held over commit and
checkpoint that cannot meet.

Before each group commits, what stands at the path is compared with what was opened (`open_file`).
"""

from __future__ import annotations

import contextlib
import functools
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any

from ingagents.errors import (
    CommitUnknown,
    OutOfMemory,
    StoreError,
    StoreFull,
    StoreLocked,
)
from ingagents.ports import Row, UnitOfWork
from ingagents.store.engine.base_transaction import BaseTransaction
from ingagents.store.engine.file_lock import FileLock
from ingagents.store.engine.group_commit import (
    APPLICATION_ID,
    PATIENCE_SECONDS,
    Committed,
    NoTurn,
    ThreadedStore,
)
from ingagents.store.engine.open_file import OpenFile, note_standing

_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


class SqliteTransaction(BaseTransaction):
    """Keeps `ports.Transaction` on one connection."""

    MARK = "?"

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._execute = connection.execute
        self._execute_many = connection.executemany
        super().__init__()

    def rows(self, sql: str, parameters: Mapping[str, Any] = {}) -> list[Row]:
        self.catch_up()
        try:
            return self._execute(sql, parameters).fetchall()
        except sqlite3.OperationalError as exc:
            if "decode to UTF-8" not in str(exc):
                raise
            return self._rows_with_marks(sql, parameters)

    def _rows_with_marks(self, sql: str, parameters: Mapping[str, Any]) -> list[Row]:
        """Read text that is no UTF-8 any more with marks in its place: the digests find it."""
        self._connection.text_factory = functools.partial(str, encoding="utf-8", errors="replace")
        try:
            return self._execute(sql, parameters).fetchall()
        finally:
            self._connection.text_factory = str

    def run(self, sql: str, parameters: Mapping[str, Any] = {}) -> int:
        self.catch_up()
        return self._execute(sql, parameters).rowcount

    def run_rows(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        self._execute_many(sql, rows)

    def run_many(self, sql: str, parameters: Sequence[Mapping[str, Any]]) -> None:
        self.catch_up()
        self._execute_many(sql, parameters)


class SqliteStore(ThreadedStore):
    """Keeps `ports.Store` on one SQLite file. Open it with `open_store.open_store`."""

    CATALOGUE = (
        "SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c"
        " WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' ORDER BY m.name, c.cid"
    )

    def __init__(
        self,
        path: Path,
        *,
        busy: Callable[[], AbstractContextManager[None]] = nullcontext,
        patience_seconds: float = PATIENCE_SECONDS,
    ) -> None:
        super().__init__(busy=busy, commit_now=self._commit_now)
        self._path = path
        self._patience = patience_seconds
        self._lock = FileLock(path.with_name(path.name + ".lock"))
        self._file = OpenFile(path, self._lock, is_whole=functools.partial(_is_whole, path))
        self._writer: sqlite3.Connection | None = connect(path, patience_seconds=patience_seconds)
        self._writer_waits = patience_seconds
        self._reader = connect(path, read_only=True, patience_seconds=patience_seconds)
        with translated(path):
            self._reader.execute("SELECT count(*) FROM sqlite_master").fetchone()
        # With both connections in the log none of the three files changes while the store is open.
        with self._lock.held(patience_seconds):
            self._file.is_open()
        self._start()

    def _scrub(self) -> tuple[str, ...]:
        """Overwrite in place what is deleted, rebuild the file from what is left, empty the log."""
        lock = FileLock(self._path.with_name(self._path.name + ".lock"))
        with contextlib.closing(lock), lock.held(self._patience), translated(self._path):
            connection = connect(self._path, patience_seconds=self._patience)
            with contextlib.closing(connection):
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                connection.execute("VACUUM")
                (busy, *_) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            note_standing(self._path, lock)
        copies = sorted(self._path.parent.glob(f"{self._path.name}.before-schema-*"))
        return (
            *(f"{copy} is a backup from before an upgrade: delete it" for copy in copies),
            *(
                (f"another process reads: {self._path.name}-wal is emptied when it ends",)
                if busy
                else ()
            ),
        )

    def _let_go(self) -> None:
        if self._writer is not None:
            with contextlib.suppress(sqlite3.Error, StoreError), self._lock.held(self._patience):
                self._file.check()
                # Closing the last connection is a checkpoint too, so it happens inside the turn.
                self._reader.close()
                with self._file.changing():
                    self._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                    self._writer.close()
            self._writer.close()
        # Where the file is gone, the reader goes last: it may not write, and so does not delete a
        # log by its name, which may by now be that of somebody else's.
        self._reader.close()
        self._lock.close()

    def _commit_together(self, works: Sequence[UnitOfWork]) -> Committed:
        return self._commit_within(self._patience, works)

    def _commit_now(self, works: Sequence[UnitOfWork]) -> Committed:
        """As `_commit_together`, but whoever else has the turn is not waited for."""
        return self._commit_within(0.0, works)

    def _commit_within(self, patience_seconds: float, works: Sequence[UnitOfWork]) -> Committed:
        """As `_commit_together`, waiting so long for the turn."""
        connection = self._begin(patience_seconds)
        try:
            return self._run_and_commit(connection, works)
        except (CommitUnknown, KeyboardInterrupt, SystemExit):
            self._drop_writer()
            raise
        finally:
            self._lock.give()

    def _begin(self, patience_seconds: float) -> sqlite3.Connection:
        """Take the turn; the writer's connection inside an open transaction."""
        try:
            self._lock.take(patience_seconds)
        except Exception as exc:
            raise NoTurn(exc) from exc
        try:
            if self._writer is None:
                self._writer = connect(self._path, patience_seconds=patience_seconds)
                self._writer_waits = patience_seconds
            with translated(self._path):
                if self._writer_waits != patience_seconds:
                    self._writer.execute(f"PRAGMA busy_timeout = {patience_seconds * 1000:.0f}")
                    self._writer_waits = patience_seconds
                self._writer.execute("BEGIN IMMEDIATE")
        except BaseException as exc:
            self._lock.give()
            if isinstance(exc, Exception):
                raise NoTurn(exc) from exc
            raise
        return self._writer

    def _run_and_commit(
        self, connection: sqlite3.Connection, works: Sequence[UnitOfWork]
    ) -> Committed:
        transaction = SqliteTransaction(connection)
        try:
            answers = [work(transaction) for work in works]
            transaction.finish()
            self._file.check()
        except BaseException as exc:
            _roll_back(connection)
            if isinstance(exc, sqlite3.Error):
                self._file.check()  # what is no longer there cannot be asked for either
                raise explain(exc, self._path) from exc
            raise
        try:
            with self._file.changing():
                connection.execute("COMMIT")
        except sqlite3.Error as exc:
            failure = explain(exc, self._path)
            _roll_back(connection)
            if isinstance(failure, (StoreFull, StoreLocked)):
                raise failure from exc  # SQLite rolled the whole group back: a definite no
            raise CommitUnknown(
                f"the database answered the commit with an error ({exc})",
                "check the disk, then start again: what was committed stands",
            ) from exc
        return Committed(answers, transaction.wakeups)

    def _drop_writer(self) -> None:
        """Let go of a connection that cannot be trusted; the next turn opens a new one."""
        if self._writer is not None:
            with contextlib.suppress(sqlite3.Error):
                self._writer.close()
            self._writer = None

    def _answer(self, query: UnitOfWork) -> Any:
        with translated(self._path):
            self._reader.execute("BEGIN")
            try:
                transaction = SqliteTransaction(self._reader)
                answer = query(transaction)
                transaction.finish()  # a read that wants to write is refused
            finally:
                _roll_back(self._reader)
        return answer


def connect(
    path: Path, *, read_only: bool = False, patience_seconds: float = PATIENCE_SECONDS
) -> sqlite3.Connection:
    """A connection set up for durability, what matters read back.

    Raises:
        StoreError: the file cannot be opened, is damaged, or refuses WAL.
    """
    with translated(path):
        connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode={'ro' if read_only else 'rw'}",
            uri=True,
            isolation_level=None,
            check_same_thread=False,
            timeout=patience_seconds,
            cached_statements=256,
        )
    try:
        with translated(path):
            _set_up(connection, path, read_only=read_only)
    except BaseException:
        connection.close()
        raise
    return connection


def _set_up(connection: sqlite3.Connection, path: Path, *, read_only: bool) -> None:
    connection.execute("PRAGMA foreign_keys = ON")
    if read_only:
        connection.execute("PRAGMA query_only = ON")
        return
    (mode,) = connection.execute("PRAGMA journal_mode = WAL").fetchone()
    for pragma in (
        "synchronous = FULL",
        "fullfsync = ON",
        "checkpoint_fullfsync = ON",
        "secure_delete = ON",  # what is deleted is overwritten, not only given up
    ):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("PRAGMA wal_autocheckpoint = 1000")
    connection.execute("PRAGMA journal_size_limit = 67108864")
    (level,) = connection.execute("PRAGMA synchronous").fetchone()
    if mode != "wal" or level != 2:
        raise StoreError(
            f"the file system under {path} cannot keep a write-ahead log",
            "put the database on a local disk",
        )


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into ours."""
    try:
        yield
    except sqlite3.Error as exc:
        raise explain(exc, path) from exc


def explain(exc: sqlite3.Error, path: Path) -> StoreError:
    """What a SQLite error means for the user."""
    code = getattr(exc, "sqlite_errorcode", 0) & 0xFF
    match code:
        case sqlite3.SQLITE_FULL:
            return StoreFull(
                f"the disk under {path} is full; nothing of this step was kept",
                "make room and start again: what was committed stands",
            )
        case sqlite3.SQLITE_NOMEM:
            return OutOfMemory.here()
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return StoreLocked(
                f"another program holds {path}", "wait for it to end, or end it, and try again"
            )
        case sqlite3.SQLITE_NOTADB:
            return StoreError(
                f"{path} is not a SQLite database", "name another file in database.url"
            )
        case sqlite3.SQLITE_CORRUPT:
            return StoreError(
                f"{path} is damaged ({exc})",
                "restore the newest backup, or move the file away to start afresh",
            )
        case sqlite3.SQLITE_READONLY:
            return StoreError(f"{path} is read-only", "make the file and its folder writable")
        case sqlite3.SQLITE_CANTOPEN:
            return StoreError(f"{path} cannot be opened", "check the path and its folder")
        case sqlite3.SQLITE_IOERR:
            return StoreError(f"the disk under {path} failed ({exc})", "check the disk")
        case _:
            return StoreError(f"the database refused a statement ({exc})", "report this as a bug")


def _is_whole(path: Path) -> bool:
    """Whether a database of ours, all of it, is what others find at the path.

    Raises:
        StoreError: that cannot be found out now.
    """
    with translated(path), contextlib.closing(connect(path, read_only=True)) as fresh:
        try:
            (application,) = fresh.execute("PRAGMA application_id").fetchone()
            (found,) = fresh.execute("PRAGMA integrity_check(1)").fetchone()
        except sqlite3.DatabaseError as exc:
            if getattr(exc, "sqlite_errorcode", 0) & 0xFF in _DAMAGED:
                return False
            raise
    return bool(application == APPLICATION_ID and found == "ok")


def _roll_back(connection: sqlite3.Connection) -> None:
    with contextlib.suppress(sqlite3.Error):
        if connection.in_transaction:
            connection.execute("ROLLBACK")
