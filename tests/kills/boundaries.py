"""Where a process may die, counted and named while it works.

uncommitted  the work of a transaction is done, and COMMIT has not been said
committed    the commit is durable, and the product has not heard so
unsent       a request (or a mail) is about to leave
sent         its last byte has left, and no answer has come
answered     the answer has come, and the product has not seen it

A boundary has a kind, a name (what was written, which route was asked) and a number: the k-th of
its kind in this process. Every one passed is a line of the trace.
"""

from __future__ import annotations

import json
import os
import re
import signal
import sqlite3
import threading
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple
from unittest import mock

import httpx

KINDS = ("uncommitted", "committed", "unsent", "sent", "answered")

_WRITES = re.compile(r"\s*(INSERT INTO|UPDATE|DELETE FROM)\s+(\w+)")
_SIGNS = {"INSERT INTO": "+", "UPDATE": "~", "DELETE FROM": "-"}
_IDS = re.compile(r"/(?!api|v1)(?=[^/]*[\d_-])[^/]{6,}")
_QUIET = (
    *("schedule~", "schedule+", "places+", "notes-", "notes+"),
    *("limits+", "limits-", "identities+", "leases+", "leases~", "lead_counts+"),
)
"""What rides in many commits: a name tells of it only where nothing else was written, and then of
the first of these."""


class Boundary(NamedTuple):
    """One boundary that a process has passed."""

    kind: str
    number: int
    name: str

    @property
    def sort(self) -> str:
        """What makes it another kind of moment than others."""
        return f"{self.kind} {self.name}"


class Reaper:
    """Counts the boundaries of this process, and kills it at one of them.

    `at` is "committed:17" (the 17th of its kind), a sort ("sent POST /api/v1/chats"), or the file of
    a JSON list of sorts: then the first boundary of a sort that is not in the list is the one.
    Empty: it lives.
    """

    def __init__(self, at: str = "", trace: Path | None = None) -> None:
        kind, _, number = at.partition(":")
        self._target = (kind, int(number)) if number.isdecimal() else None
        self._sort = at if at.partition(" ")[0] in KINDS else ""
        self._known: frozenset[str] | None = None
        if at and not self._target and not self._sort:
            self._known = frozenset(json.loads(Path(at).read_text("utf-8")))
        self._trace = os.open(trace, os.O_WRONLY | os.O_CREAT | os.O_APPEND) if trace else None
        self._counts: Counter[str] = Counter()
        self._turn = threading.Lock()

    def passes(self, kind: str, name: str) -> None:
        """The process is at a boundary: this is where it may end."""
        with self._turn:
            self._counts[kind] += 1
            boundary = Boundary(kind, self._counts[kind], name)
            if self._trace is not None:
                os.write(self._trace, "\t".join(map(str, boundary)).encode() + b"\n")
            if (
                (kind, boundary.number) == self._target
                or boundary.sort == self._sort
                or (self._known is not None and boundary.sort not in self._known)
            ):
                os.kill(os.getpid(), signal.SIGKILL)

    def attach(self) -> None:
        """From now on see what this process asks of its database, its services and its outbox."""
        self._watch_sqlite()
        self._watch_postgres()
        self._watch_http()
        self._watch_mail()

    def _watch_sqlite(self) -> None:
        reaper = self

        class Watched(sqlite3.Connection):
            def __init__(self, *args: Any, **kwargs: Any) -> None:
                super().__init__(*args, **kwargs)
                self._written = Written()

            def execute(self, sql: str, *args: Any) -> sqlite3.Cursor:
                if sql != "COMMIT":
                    self._written.note(sql, args[0] if args else {})
                    return super().execute(sql, *args)
                name = self._written.take()
                reaper.passes("uncommitted", name)
                cursor = super().execute(sql)
                reaper.passes("committed", name)
                return cursor

            def executemany(self, sql: str, rows: Any) -> sqlite3.Cursor:
                for row in rows:
                    self._written.note(sql, row)
                return super().executemany(sql, rows)

            def executescript(self, sql: str) -> sqlite3.Cursor:
                reaper.passes("uncommitted", "a migration")
                cursor = super().executescript(sql)
                reaper.passes("committed", "a migration")
                return cursor

        connect = sqlite3.connect

        def watched(database: Any, *args: Any, **kwargs: Any) -> sqlite3.Connection:
            return connect(database, *args, factory=Watched, **kwargs)

        mock.patch("ingagents.store.engine.sqlite.sqlite3.connect", watched).start()

    def _watch_postgres(self) -> None:
        import psycopg

        reaper = self
        on_connection = psycopg.Connection.execute
        on_cursor, many = psycopg.Cursor.execute, psycopg.Cursor.executemany
        written = threading.local()  # one thread writes, on one connection at a time

        def execute(self: Any, query: Any, *args: Any, **kwargs: Any) -> Any:
            if not isinstance(query, bytes) or not query.endswith(b"COMMIT"):
                return on_connection(self, query, *args, **kwargs)
            name = _of(written).take()
            reaper.passes("uncommitted", name)
            answer = on_connection(self, query, *args, **kwargs)
            reaper.passes("committed", name)
            return answer

        def execute_on_cursor(self: Any, query: Any, params: Any = None, **kwargs: Any) -> Any:
            _of(written).note(_text(query), params or {})
            return on_cursor(self, query, params, **kwargs)

        def execute_many(self: Any, query: Any, rows: Any, **kwargs: Any) -> Any:
            for row in rows:
                _of(written).note(_text(query), row)
            return many(self, query, rows, **kwargs)

        mock.patch.object(psycopg.Connection, "execute", execute).start()
        mock.patch.object(psycopg.Cursor, "execute", execute_on_cursor).start()
        mock.patch.object(psycopg.Cursor, "executemany", execute_many).start()

    def _watch_http(self) -> None:
        reaper = self
        handle = httpx.AsyncHTTPTransport.handle_async_request

        async def handle_request(
            self: httpx.AsyncHTTPTransport, request: httpx.Request
        ) -> httpx.Response:
            name = f"{request.method} {_IDS.sub('/*', request.url.path)}"

            async def trace(event: str, _: Mapping[str, Any]) -> None:
                if event == "http11.send_request_body.complete":
                    reaper.passes("sent", name)
                elif event == "http11.receive_response_headers.complete":
                    reaper.passes("answered", name)

            reaper.passes("unsent", name)
            request.extensions["trace"] = trace
            return await handle(self, request)

        mock.patch.object(httpx.AsyncHTTPTransport, "handle_async_request", handle_request).start()

    def _watch_mail(self) -> None:
        from ingagents.integrations.email.service import OutboxMailer

        reaper = self
        send = OutboxMailer.send_mail

        async def send_mail(self: OutboxMailer, mail: Any) -> Any:
            reaper.passes("unsent", "MAIL")
            answer = await send(self, mail)
            reaper.passes("answered", "MAIL")
            return answer

        mock.patch.object(OutboxMailer, "send_mail", send_mail).start()


class Written:
    """What a transaction has written so far: tables, and the types of journaled events."""

    def __init__(self) -> None:
        self._what: set[str] = set()

    def note(self, sql: str, values: Any) -> None:
        """A statement of the transaction."""
        if sql.startswith("BEGIN"):
            self._what.clear()
        elif (found := _WRITES.match(sql)) is not None:
            table = found[2]
            kind = _kind_of(values) if table == "journal" else ""
            self._what.add(f"{table}{_SIGNS[found[1]]}{kind}")

    def take(self) -> str:
        """All of it as a name, and begin anew."""
        loud = sorted(self._what.difference(_QUIET))
        told = loud or [one for one in _QUIET if one in self._what][:1]
        self._what.clear()
        return " ".join(told) or "nothing"


def parse_trace(trace: Path) -> list[Boundary]:
    """The boundaries that processes have passed, in order."""
    if not trace.exists():
        return []
    lines = [line.split("\t") for line in trace.read_text("utf-8").splitlines()]
    return [Boundary(kind, int(number), name) for kind, number, name in lines]


def _kind_of(values: Any) -> str:
    """The type of a journaled event; of several rows at once, the first one's."""
    return str(values.get("type", "") if isinstance(values, Mapping) else values[2])


def _of(local: threading.local) -> Written:
    if not hasattr(local, "written"):
        local.written = Written()
    found: Written = local.written
    return found


def _text(query: Any) -> str:
    return query.decode() if isinstance(query, bytes) else str(query)
