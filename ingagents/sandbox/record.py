"""Every act the market received, in order; on the disk before its answer leaves, given a file.

A file may be shared: a `run` and a `once` beside it see each other's acts, because an act is
judged and written under the file's one write lock, with everything before it read first.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Literal

import msgspec

from ingagents.errors import StoreError, StoreFull, StoreLocked
from ingagents.private_files import make_private

ActKind = Literal["invitation", "message", "withdrawal", "enrolment", "stop"]
REACHES = frozenset({"invitation", "message"})
"""Acts that a person notices; an enrolment leads to such, later."""

_TABLES = """
CREATE TABLE IF NOT EXISTS acts (
    number INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    person TEXT NOT NULL,
    provider_id TEXT NOT NULL,
    slug TEXT NOT NULL,
    text TEXT NOT NULL,
    at TEXT NOT NULL,
    request INTEGER NOT NULL,
    account TEXT NOT NULL DEFAULT ''
);
CREATE TABLE IF NOT EXISTS people (
    number INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    text TEXT NOT NULL UNIQUE
);
CREATE TABLE IF NOT EXISTS named_values (key TEXT PRIMARY KEY, value TEXT NOT NULL);
"""


_OF_ONE_ACCOUNT = "ALTER TABLE acts ADD COLUMN account TEXT NOT NULL DEFAULT ''"


class Act(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something done to a person and really performed. `request` is the HTTP request's number.

    `account` is who did it, where the market has more than the one account without a name.
    """

    number: int
    kind: ActKind
    person: str
    provider_id: str
    slug: str
    text: str
    at: datetime
    request: int
    account: str = ""


class Record:
    """The acts and the people added by name, oldest first. One thread at a time may use it.

    Raises:
        StoreLocked: another process keeps the file locked for more than 30 seconds.
        StoreError: the file is no record or cannot be written.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.acts: list[Act] = []
        self.added: list[tuple[str, str]] = []
        """People added later: ("slug", a stranger's slug) or ("profile", a profile as JSON)."""
        self._path = path
        self._seen_version = -1
        try:
            if path is not None:
                make_private(path)
            self._file = sqlite3.connect(
                path or ":memory:", timeout=30, isolation_level=None, check_same_thread=False
            )
            with _told(path):
                self._file.execute("PRAGMA journal_mode = WAL")
                self._file.execute("PRAGMA synchronous = FULL")
                self._file.executescript(_TABLES)
                columns = self._file.execute("PRAGMA table_info(acts)").fetchall()
                if "account" not in {str(one[1]) for one in columns}:
                    self._file.execute(_OF_ONE_ACCOUNT)
        except (sqlite3.Error, OSError) as exc:
            raise StoreError(f"the sandbox's record {path} cannot be opened: {exc}") from exc
        self.refresh()

    def close(self) -> None:
        """Let go of the file; the record cannot be used afterwards."""
        self._file.close()

    def refresh(self) -> None:
        """Read what another process has added since the last look."""
        with _told(self._path):
            version: int = self._file.execute("PRAGMA data_version").fetchone()[0]
            if version != self._seen_version:
                self._seen_version = version
                self._read_on()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the file's write lock: what is read inside is complete and stays so until left.

        What was added inside is on the disk when the block is left, and gone when it raises.
        """
        with _told(self._path):
            self._file.execute("BEGIN IMMEDIATE")
            try:
                self._read_on()
                yield
                self._file.execute("COMMIT")
            except BaseException:
                if self._file.in_transaction:
                    self._file.execute("ROLLBACK")
                self._forget_unwritten()
                raise

    def add(
        self,
        kind: ActKind,
        *,
        person: str,
        provider_id: str,
        slug: str,
        text: str,
        at: datetime,
        request: int,
        account: str = "",
    ) -> Act:
        """Write one act; only inside `alone`."""
        act = Act(
            number=self.acts[-1].number + 1 if self.acts else 1,
            kind=kind,
            person=person,
            provider_id=provider_id,
            slug=slug,
            text=text,
            at=at,
            request=request,
            account=account,
        )
        values = {"account": account, **msgspec.to_builtins(act)}
        self._file.execute(
            "INSERT INTO acts VALUES"
            " (:number, :kind, :person, :provider_id, :slug, :text, :at, :request, :account)",
            values,
        )
        self.acts.append(act)
        return act

    def add_person(self, kind: Literal["slug", "profile"], text: str) -> None:
        """Keep somebody who was added later; again is harmless."""
        with self.alone():
            if (kind, text) not in self.added:
                number = len(self.added) + 1
                self._file.execute("INSERT INTO people VALUES (?, ?, ?)", (number, kind, text))
                self.added.append((kind, text))

    def remember(self, key: str, value: str) -> None:
        """Keep a small named value, durably; a later one replaces it."""
        with _told(self._path):
            self._file.execute(
                "INSERT INTO named_values VALUES (?, ?)"
                " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                (key, value),
            )

    def recall(self, key: str) -> str | None:
        """The named value, or None."""
        with _told(self._path):
            row = self._file.execute(
                "SELECT value FROM named_values WHERE key = ?", (key,)
            ).fetchone()
        return None if row is None else str(row[0])

    def repeated(self) -> Sequence[tuple[Act, Act]]:
        """Pairs of acts in which the same person got the same kind with the same text again."""
        first: dict[tuple[str, str, str], Act] = {}
        pairs = []
        for act in self.acts:
            if act.kind in {*REACHES, "enrolment"}:
                earlier = first.setdefault((act.person, act.kind, act.text), act)
                if earlier is not act:
                    pairs.append((earlier, act))
        return pairs

    def _read_on(self) -> None:
        last = self.acts[-1].number if self.acts else 0
        for row in self._file.execute(
            "SELECT number, kind, person, provider_id, slug, text, at, request, account"
            " FROM acts WHERE number > ? ORDER BY number",
            (last,),
        ):
            self.acts.append(
                msgspec.convert(dict(zip(Act.__struct_fields__, row, strict=True)), Act)
            )
        self.added.extend(
            self._file.execute(
                "SELECT kind, text FROM people WHERE number > ? ORDER BY number",
                (len(self.added),),
            )
        )

    def _forget_unwritten(self) -> None:
        """After a rollback: drop from memory what never reached the file."""
        last = self._file.execute("SELECT coalesce(max(number), 0) FROM acts").fetchone()[0]
        while self.acts and self.acts[-1].number > last:
            self.acts.pop()
        people = self._file.execute("SELECT count(*) FROM people").fetchone()[0]
        del self.added[people:]


@contextmanager
def _told(path: Path | None) -> Iterator[None]:
    """SQLite's errors in the words of `errors`."""
    try:
        yield
    except sqlite3.OperationalError as exc:
        if "locked" in str(exc):
            raise StoreLocked(
                f"the sandbox's record {path} is held by another program", "try again later"
            ) from exc
        if "full" in str(exc):
            raise StoreFull(
                f"the disk under the sandbox's record {path} is full", "make room and start again"
            ) from exc
        raise StoreError(
            f"the sandbox's record {path} cannot be used: {exc}", "check the file and its folder"
        ) from exc
    except sqlite3.DatabaseError as exc:
        raise StoreError(f"the sandbox's record {path} is damaged: {exc}") from exc
