"""PostgreSQL as the department's database: the same statements, spoken by another driver.

Writers of all processes take turns on an advisory lock, taken as each write transaction begins.
The rules were written for one writer at a time, and it must be one here too: counting what was
claimed today and claiming the next, reading the journal's head and chaining to it, are each two
statements that nobody may come between. The statement after the lock sees everything the turn
before committed, because each takes its snapshot when it starts (READ COMMITTED). A process that
dies lets go at once, as its connection ends; one that stands still is thrown out by the server.

A lost connection is a pause: what was not yet at its COMMIT is run again on a new connection, up
to the patience. Group commit and threads are in `group_commit` and
`commit_queue`.
"""

from __future__ import annotations

import contextlib
import functools
import re
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any, TypeVar

import psycopg
from psycopg.pq import TransactionStatus

from ingagents.errors import CommitUnknown, StoreError
from ingagents.ports import Row, UnitOfWork
from ingagents.store.engine.base_transaction import BaseTransaction
from ingagents.store.engine.group_commit import PATIENCE_SECONDS, Committed, NoTurn, ThreadedStore
from ingagents.store.engine.postgres_listener import CHANNEL, Listener
from ingagents.store.engine.postgres_server import (
    TAKE_TURN,
    Connection,
    ServerAway,
    connect,
    explain,
    roll_back,
    translated,
)

T = TypeVar("T")

_SNAPSHOT = b"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
_FIRST_PAUSE_SECONDS = 0.05
_LONGEST_PAUSE_SECONDS = 1.0
_KEPT_BY_THE_SERVER = (
    "PostgreSQL's write-ahead log, replicas and backups keep what was for as long as they are kept"
)
_TOKEN = re.compile(r"'(?:[^']|'')*'|::|/\*\+(?P<ours>.*?)\*/|:(?P<name>[a-z_]\w*)|%")


class PostgresTransaction(BaseTransaction):
    """Keeps `ports.Transaction` on one connection."""

    MARK = "${}"

    def __init__(self, connection: Connection) -> None:
        self._cursor = connection.cursor()
        self._raw_cursor = psycopg.RawCursor(connection)  # it takes a long statement as it is
        super().__init__()

    def rows(self, sql: str, parameters: Mapping[str, Any] = {}) -> list[Row]:
        self.catch_up()
        return self._cursor.execute(spoken(sql), _values(parameters)).fetchall()

    def run(self, sql: str, parameters: Mapping[str, Any] = {}) -> int:
        self.catch_up()
        return self._cursor.execute(spoken(sql), _values(parameters)).rowcount

    def run_rows(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        plain = [[_value(value) for value in values] for values in rows]
        if len(plain) == 1:  # a pipeline for one costs more than it saves
            self._raw_cursor.execute(sql.encode(), plain[0])
        else:
            self._raw_cursor.executemany(sql.encode(), plain)

    def run_many(self, sql: str, parameters: Sequence[Mapping[str, Any]]) -> None:
        self.catch_up()
        if len(parameters) == 1:  # a pipeline for one costs more than it saves
            self._cursor.execute(spoken(sql), _values(parameters[0]))
        elif parameters:
            self._cursor.executemany(spoken(sql), [_values(one) for one in parameters])


class PostgresStore(ThreadedStore):
    """Keeps `ports.Store` on a PostgreSQL database. Open it with `open_store.open_store`.

    `connection` is an open one to begin with; it becomes the writer's.
    """

    CATALOGUE = (
        "SELECT c.table_name, c.column_name FROM information_schema.columns c"
        " JOIN information_schema.tables t ON t.table_schema = c.table_schema"
        " AND t.table_name = c.table_name AND t.table_type = 'BASE TABLE'"
        " WHERE c.table_schema = current_schema() AND c.table_name <> 'ingagents_schema'"
        " ORDER BY c.table_name, c.ordinal_position"
    )

    def __init__(
        self,
        url: str,
        connection: Connection,
        *,
        busy: Callable[[], AbstractContextManager[None]] = nullcontext,
        patience_seconds: float = PATIENCE_SECONDS,
    ) -> None:
        super().__init__(busy=busy)
        self._connect = functools.partial(connect, url, patience_seconds=patience_seconds)
        self._patience = patience_seconds
        self._writer: Connection | None = connection
        self._reader: Connection | None = None
        self._sender = uuid.uuid4().hex
        self._listener: Listener | None = None
        self._start()

    def listen(self, notify: Callable[[], None]) -> None:
        """From now on call `notify` on the running loop when another process committed events."""
        if self._listener is None and not self._closing.is_set():
            self._listener = Listener(self._connect, notify, sender=self._sender)

    def _scrub(self) -> tuple[str, ...]:
        """Rewrite every table: a plain VACUUM leaves the bytes of dead rows where they were.

        The server unlinks the old files and does not overwrite them; its write-ahead log, replicas
        and backups keep old pages for as long as they are kept.
        """
        refused: list[str] = []
        with translated(), contextlib.closing(self._connect()) as connection:
            connection.add_notice_handler(
                lambda notice: refused.append(notice.message_primary or "a table was skipped")
            )
            tables = sorted({str(row[0]) for row in connection.execute(self.CATALOGUE.encode())})
            for table in tables:
                connection.execute(f"VACUUM (FULL) {table}".encode())
        return (*refused, _KEPT_BY_THE_SERVER)

    def _let_go(self) -> None:
        if self._listener is not None:
            self._listener.stop()
        for connection in (self._writer, self._reader):
            if connection is not None:
                connection.close()

    def _commit_together(self, works: Sequence[UnitOfWork]) -> Committed:
        try:
            return self._patiently(lambda: self._commit_once(works))
        except ServerAway as exc:
            raise NoTurn(exc) from exc

    def _commit_once(self, works: Sequence[UnitOfWork]) -> Committed:
        if self._writer is None:
            self._writer = self._reconnect()
        connection = self._writer
        try:
            with translated():
                connection.execute(TAKE_TURN)
        except ServerAway:
            connection.close()
            self._writer = None
            raise
        except StoreError as exc:
            roll_back(connection)
            raise NoTurn(exc) from exc
        transaction = PostgresTransaction(connection)
        try:
            with translated():
                answers = [work(transaction) for work in works]
                transaction.finish()
                _check_whole(connection)
        except BaseException as exc:
            roll_back(connection)
            if connection.closed:
                connection.close()
                self._writer = None
                raise ServerAway("the connection to the database was lost", "try again") from exc
            raise
        self._commit_at_last(connection, notifies=bool(transaction.wakeups))
        return Committed(answers, transaction.wakeups)

    def _commit_at_last(self, connection: Connection, *, notifies: bool) -> None:
        """COMMIT, and let other processes know; a lost answer is the one thing not to repeat."""
        notify = f"NOTIFY {CHANNEL}, '{self._sender}'; " if notifies else ""
        try:
            connection.execute(f"{notify}COMMIT".encode())
        except psycopg.Error as exc:
            roll_back(connection)
            if not connection.closed:
                raise explain(exc) from exc  # the server lives and said no
            connection.close()
            self._writer = None
            raise CommitUnknown(
                f"the connection was lost while the database committed ({exc})",
                "start again: what was committed stands",
            ) from exc

    def _answer(self, query: UnitOfWork) -> Any:
        return self._patiently(lambda: self._answer_once(query))

    def _answer_once(self, query: UnitOfWork) -> Any:
        if self._reader is None:
            self._reader = self._reconnect()
        connection = self._reader
        try:
            with translated():
                connection.execute(_SNAPSHOT)
                transaction = PostgresTransaction(connection)
                answer = query(transaction)
                transaction.finish()  # a read that wants to write is refused
                return answer
        except BaseException as exc:
            if connection.closed:
                connection.close()
                self._reader = None
                raise ServerAway("the connection to the database was lost", "try again") from exc
            raise
        finally:
            roll_back(connection)

    def _reconnect(self) -> Connection:
        """A new connection; whatever stands against it may pass, for it stood before."""
        try:
            return self._connect()
        except ServerAway:
            raise
        except StoreError as exc:
            raise ServerAway(exc.what, exc.remedy) from exc

    def _patiently(self, attempt: Callable[[], T]) -> T:
        """Try until it works, with growing pauses, while the server is away and we are not closing.

        Raises:
            ServerAway: it was away for longer than the patience.
        """
        deadline = time.monotonic() + self._patience
        pause = _FIRST_PAUSE_SECONDS
        while True:
            try:
                return attempt()
            except ServerAway:
                if time.monotonic() + pause > deadline or self._closing.wait(pause):
                    raise
                pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)


@functools.lru_cache(maxsize=1024)
def spoken(sql: str) -> bytes:
    """A statement as psycopg takes it: `:name` as `%(name)s`, `%` doubled.

    What stands in a `/*+ ... */` comment is meant for PostgreSQL alone, and said there.
    """
    return _TOKEN.sub(_speak, sql).encode()


def _speak(token: re.Match[str]) -> str:
    if token["name"]:
        return f"%({token['name']})s"
    return (token["ours"] or token[0]).replace("%", "%%")


def _values(parameters: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _value(value) for name, value in parameters.items()}


def _value(value: Any) -> Any:
    """What the server can hold: no NUL in text, and flags are numbers here."""
    if type(value) is str and "\x00" not in value:
        return value
    if isinstance(value, str):
        return str.__str__(value).replace("\x00", "\ufffd")
    return int(value) if isinstance(value, bool) else value


def _check_whole(connection: Connection) -> None:
    """Refuse to commit what has failed inside: the server would roll back and call it a success."""
    if connection.info.transaction_status != TransactionStatus.INTRANS:
        raise StoreError("a step went on after a failed statement", "report this as a bug")
