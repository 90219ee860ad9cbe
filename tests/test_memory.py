"""Memory that runs out is told in one line, with what to do now; nothing of it reads as a bug."""

from __future__ import annotations

import errno
import sqlite3
from typing import Any

import psycopg
import pytest

from ingagents.cli.app import run_command
from ingagents.errors import OutOfMemory, explain
from ingagents.store.engine import postgres_server
from ingagents.store.engine.open_store import open_store

RAN_OUT = [
    MemoryError(),
    MemoryError("Unable to allocate 3 GiB"),
    OSError(errno.ENOMEM, "Cannot allocate memory"),
    RuntimeError("can't start new thread"),
    ImportError("libx.so: failed to map segment from shared object"),
    ImportError("libx.so: cannot allocate memory in static TLS block"),
    ExceptionGroup("in a task", [MemoryError()]),
]


@pytest.mark.parametrize("exc", RAN_OUT, ids=repr)
def test_memory_that_ran_out_is_a_sentence_that_says_what_to_do(exc):
    assert explain(exc).startswith("out-of-memory: there is no memory left")
    assert "start it again" in explain(exc)


@pytest.mark.parametrize(
    "exc", [RuntimeError("odd"), OSError(errno.EACCES, "no"), ImportError("no module")], ids=repr
)
def test_no_other_error_is_taken_for_it(exc):
    assert OutOfMemory.of(exc) is None


@pytest.mark.parametrize("exc", RAN_OUT, ids=repr)
def test_a_command_ends_with_one_line(exc, monkeypatch, capsys):
    def failing(*_args, **_options):
        raise exc

    monkeypatch.setattr("ingagents.settings.load_settings", failing)
    assert run_command(["status"]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("error: out-of-memory: ")
    assert "bug" not in line


async def test_sqlite_without_memory_keeps_nothing_and_says_so(tmp_path):
    store = open_store("sqlite:///ingagents.db", folder=tmp_path)

    def starve(transaction):
        transaction.run("INSERT INTO notes (name, value, noted_at) VALUES ('a', '1', 'now')")
        raise sqlite_error()

    with pytest.raises(BaseException) as caught:  # noqa: PT011  whatever it is, its sentence counts
        await store.write(starve)
    assert explain(caught.value).startswith("out-of-memory")
    assert await store.read(lambda t: t.rows("SELECT name FROM notes")) == []
    await store.close()


def sqlite_error() -> Any:
    error = sqlite3.OperationalError("out of memory")
    error.sqlite_errorcode = sqlite3.SQLITE_NOMEM
    return error


def test_a_database_server_without_memory_is_named():
    told = postgres_server.explain(psycopg.errors.OutOfMemory("out of memory"))
    assert told.kind == "out-of-memory"
    assert "database server" in told.what
