"""SQLite as the department's database: one writer thread, group commit, a lock between processes.

Durability: WAL with `synchronous=FULL`: what `write` has returned from survives a power cut (as
far as the disk keeps its own promise). Whatever queued up while one commit ran shares the next
one, so many waiting commits cost one fsync.

A group is run without savepoints; when one unit of it fails, the whole group is rolled back and
every unit is run again by itself, so that nobody pays for a neighbour's failure. This is why
units of work must be repeatable.

Writers of different processes take turns on a lock file beside the database. SQLite would
serialise them by itself, but versions before 3.51.3 can damage a WAL when one connection resets
it while another writes (sqlite.org, "WAL-reset bug"); with the turn held over commit and
checkpoint that cannot meet.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import queue
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from ingagents.errors import CommitUnknown, StoreError, StoreFull, StoreLocked
from ingagents.ports import Row, Transaction

try:
    import fcntl
except ImportError:  # Windows has no flock; SQLite's own locks then have to do
    fcntl = None  # type: ignore[assignment]

__all__ = ["APPLICATION_ID", "SqliteStore", "connect", "explain"]

T = TypeVar("T")

APPLICATION_ID = 0x1A6A6E75
"""Marks a database file as ours (PRAGMA application_id)."""

_GROUP_MAX = 256
_PATIENCE_SECONDS = 15.0
"""How long a writer waits for another process's turn to end."""


class _Unit(NamedTuple):
    """One caller's work and the future it awaits."""

    work: Callable[[Transaction], Any]
    loop: asyncio.AbstractEventLoop
    future: asyncio.Future[Any]


class SqliteTransaction:
    """Keeps `ports.Transaction` on one connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._execute = connection.execute
        self._execute_many = connection.executemany
        self._remembered: dict[str, Any] = {}
        self.bells: list[Callable[[], None]] = []

    def rows(self, sql: str, parameters: Mapping[str, Any] = {}) -> list[Row]:
        return self._execute(sql, parameters).fetchall()

    def run(self, sql: str, parameters: Mapping[str, Any] = {}) -> int:
        return self._execute(sql, parameters).rowcount

    def run_many(self, sql: str, parameters: Sequence[Mapping[str, Any]]) -> None:
        self._execute_many(sql, parameters)

    def remember(self, key: str, value: Any) -> None:
        self._remembered[key] = value

    def recall(self, key: str) -> Any:
        return self._remembered.get(key)

    def after_commit(self, ring: Callable[[], None]) -> None:
        self.bells.append(ring)


class SqliteStore:
    """Keeps `ports.Store` on one SQLite file. Open it with `store.opening.open_store`.

    `busy` is the clock's: entered while a caller waits for a thread.
    """

    def __init__(
        self, path: Path, *, busy: Callable[[], AbstractContextManager[None]] = nullcontext
    ) -> None:
        self._path = path
        self._busy = busy
        self._lock = FileLock(path.with_name(path.name + ".lock"))
        self._writer = connect(path)
        self._reader = connect(path, read_only=True)
        self._writes: queue.SimpleQueue[_Unit | None] = queue.SimpleQueue()
        self._reads: queue.SimpleQueue[_Unit | None] = queue.SimpleQueue()
        self._closed = False
        self.commits = 0
        """Commits made by this process: the number of fsyncs of the write-ahead log."""
        self.units = 0
        """Units of work committed; `units / commits` is what group commit saves."""
        self._threads = (
            threading.Thread(target=self._write_all, name="store-writer", daemon=True),
            threading.Thread(target=self._read_all, name="store-reader", daemon=True),
        )
        for thread in self._threads:
            thread.start()

    async def write(self, work: Callable[[Transaction], T]) -> T:
        return await self._ask(self._writes, work)

    async def read(self, query: Callable[[Transaction], T]) -> T:
        return await self._ask(self._reads, query)

    async def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        self._writes.put(None)
        self._reads.put(None)
        loop = asyncio.get_running_loop()
        with self._busy():
            await loop.run_in_executor(None, self._finish)

    async def _ask(
        self, line: queue.SimpleQueue[_Unit | None], work: Callable[[Transaction], T]
    ) -> T:
        if self._closed:
            raise StoreError("the database was already closed")
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        line.put(_Unit(work, loop, future))
        with self._busy():
            return await future

    def _finish(self) -> None:
        for thread in self._threads:
            thread.join()
        self._reader.close()
        with contextlib.suppress(sqlite3.Error, StoreError), self._lock.held():
            self._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._writer.close()

    def _write_all(self) -> None:
        while (group := _drain(self._writes)) is not None:
            self._commit(group)

    def _commit(self, group: list[_Unit]) -> None:
        """Commit a group in one go; when a unit fails, commit each by itself."""
        try:
            with self._lock.held():
                answers, bells = self._commit_together(group)
        except CommitUnknown as exc:
            self._reopen()
            _deliver(group, [exc] * len(group))
        except BaseException as exc:  # noqa: BLE001  whatever it was belongs to the caller
            if len(group) == 1:
                _deliver(group, [exc])
            else:
                for unit in group:
                    self._commit([unit])
        else:
            self.commits += 1
            self.units += len(group)
            _deliver(group, answers, bells)

    def _commit_together(self, group: list[_Unit]) -> tuple[list[Any], list[Callable[[], None]]]:
        connection = self._writer
        with translated(self._path):
            connection.execute("BEGIN IMMEDIATE")
        try:
            transaction = SqliteTransaction(connection)
            with translated(self._path):
                answers = [unit.work(transaction) for unit in group]
        except BaseException:
            _roll_back(connection)
            raise
        try:
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
        return answers, transaction.bells

    def _reopen(self) -> None:
        with contextlib.suppress(sqlite3.Error):
            self._writer.close()
        self._writer = connect(self._path)

    def _read_all(self) -> None:
        while (group := _drain(self._reads)) is not None:
            for unit in group:
                try:
                    with translated(self._path):
                        self._reader.execute("BEGIN")
                        try:
                            answer = unit.work(SqliteTransaction(self._reader))
                        finally:
                            _roll_back(self._reader)
                except BaseException as exc:  # noqa: BLE001  it belongs to the caller
                    answer = exc
                _deliver([unit], [answer])


class FileLock:
    """One writer at a time over all processes. Held by the process: its death lets go."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: int | None = None

    @contextmanager
    def held(self) -> Iterator[None]:
        """Wait for the turn, at most `_PATIENCE_SECONDS`, and keep it until left.

        Raises:
            StoreLocked: nobody gave up the turn in time.
        """
        if fcntl is None:
            yield
            return
        if self._file is None:
            try:
                self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
            except OSError as exc:
                raise StoreError(
                    f"the lock file {self._path} cannot be opened ({exc.strerror})",
                    "make the folder writable for this user",
                ) from exc
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while not self._try():
            if time.monotonic() > deadline:
                raise StoreLocked(
                    f"another process has held {self._path.stem} for {_PATIENCE_SECONDS:.0f} s",
                    "wait for it to end, or end it, and try again",
                )
            time.sleep(0.002)  # noqa: TID251  a thread waiting for a file lock, not the department
        try:
            yield
        finally:
            fcntl.flock(self._file, fcntl.LOCK_UN)

    def _try(self) -> bool:
        try:
            fcntl.flock(self._file or 0, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def connect(path: Path, *, read_only: bool = False) -> sqlite3.Connection:
    """A connection set up for durability, every pragma read back.

    Raises:
        StoreError: the file cannot be opened, is damaged, or refuses WAL.
    """
    with translated(path):
        connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode={'ro' if read_only else 'rw'}",
            uri=True,
            isolation_level=None,
            check_same_thread=False,
            timeout=_PATIENCE_SECONDS,
            cached_statements=256,
        )
        connection.execute("PRAGMA foreign_keys = ON")
        if read_only:
            connection.execute("PRAGMA query_only = ON")
            return connection
        (mode,) = connection.execute("PRAGMA journal_mode = WAL").fetchone()
        for pragma in ("synchronous = FULL", "fullfsync = ON", "checkpoint_fullfsync = ON"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("PRAGMA wal_autocheckpoint = 1000")
        connection.execute("PRAGMA journal_size_limit = 67108864")
        (level,) = connection.execute("PRAGMA synchronous").fetchone()
    if mode != "wal" or level != 2:
        connection.close()
        raise StoreError(
            f"the file system under {path} cannot keep a write-ahead log",
            "put the database on a local disk",
        )
    return connection


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


def _drain(line: queue.SimpleQueue[_Unit | None]) -> list[_Unit] | None:
    """Everything that waits, at most a group; None when the line is closed and empty."""
    first = line.get()
    if first is None:
        return None
    group = [first]
    while len(group) < _GROUP_MAX:
        try:
            unit = line.get_nowait()
        except queue.Empty:
            break
        if unit is None:
            line.put(None)
            break
        group.append(unit)
    return group


def _roll_back(connection: sqlite3.Connection) -> None:
    with contextlib.suppress(sqlite3.Error):
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def _deliver(
    group: list[_Unit], answers: list[Any], bells: list[Callable[[], None]] | None = None
) -> None:
    """Hand each caller its answer; one wake-up of a loop serves a whole group."""

    def resolve() -> None:
        for unit, answer in zip(group, answers, strict=True):
            if unit.future.done():
                continue  # the caller was cancelled; the commit stands
            if isinstance(answer, BaseException):
                unit.future.set_exception(answer)
            else:
                unit.future.set_result(answer)
        for ring in bells or ():
            ring()

    with contextlib.suppress(RuntimeError):  # the loop is gone: nobody is left to tell
        group[0].loop.call_soon_threadsafe(resolve)
