"""A URL becomes an open store; what is not ours, not whole or not writable is said and left alone."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest

from ingagents.errors import SettingsError, StoreError, StoreLocked
from ingagents.store.engine import open_store as opening
from ingagents.store.engine.file_lock import FileLock
from ingagents.store.engine.group_commit import APPLICATION_ID
from ingagents.store.engine.open_store import _migrations, database_path, open_store
from tests.store.engine.test_contract import fill, get, put
from tests.support import URL, open_test_store

FILE = "ingagents.db"


def fingerprint(file: Path) -> str:
    return sha256(file.read_bytes()).hexdigest()


def names(folder: Path) -> set[str]:
    return {file.name for file in folder.iterdir()}


def take_rights_away(folder: Path) -> None:
    (folder / (FILE + ".lock")).unlink()
    folder.chmod(0o555)


@pytest.fixture
def as_anybody() -> Iterator[Path]:
    """A folder, and the rights of a user who is not root (root may write anywhere)."""
    folder = Path(tempfile.mkdtemp(prefix="ingagents-"))
    folder.chmod(0o755)
    was = os.geteuid()
    if was == 0:
        os.chown(folder, 65534, 65534)
        os.seteuid(65534)
    yield folder
    os.seteuid(was)
    folder.chmod(0o755)
    shutil.rmtree(folder)


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("sqlite:///ingagents.db", "/folder/ingagents.db"),
        ("sqlite:///deep/er/x.db", "/folder/deep/er/x.db"),
        ("sqlite:////var/lib/x.db", "/var/lib/x.db"),
        ("sqlite:///with space & 100%.db", "/folder/with space & 100%.db"),
    ],
)
def test_a_url_names_a_file(url: str, path: str) -> None:
    assert database_path(url, folder=Path("/folder")) == Path(path)


@pytest.mark.parametrize(
    "url",
    ["", "ingagents.db", "mysql://host/db", "sqlite://", "sqlite:///", "sqlite:///:memory:"],
)
def test_a_url_that_names_no_file_is_a_mistake_in_the_settings(url: str) -> None:
    with pytest.raises(SettingsError, match=r"database\.url") as caught:
        database_path(url, folder=Path())
    assert "sqlite:///" in caught.value.remedy


async def test_a_new_database_is_made_with_its_folder_and_marked_as_ours(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "er? #1%"
    async with open_test_store(folder) as store:
        await store.write(put("a"))
    with closing(sqlite3.connect(folder / FILE)) as found:
        assert found.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
        assert found.execute("PRAGMA user_version").fetchone() == (len(_migrations()),)
        assert found.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert (folder / FILE).stat().st_mode & 0o077 == 0, "people's data are nobody else's business"


async def test_an_empty_file_is_a_new_database(tmp_path: Path) -> None:
    (tmp_path / FILE).touch()
    async with open_test_store(tmp_path) as store:
        await store.write(put("a"))
        assert await store.read(fill) == 1


def test_another_programs_database_is_refused_and_not_touched(tmp_path: Path) -> None:
    file = tmp_path / FILE
    with closing(sqlite3.connect(file)) as other:
        other.execute("CREATE TABLE theirs (x)")
        other.commit()
    before = fingerprint(file)
    with pytest.raises(StoreError, match="another program"):
        open_store(URL, folder=tmp_path)
    assert fingerprint(file) == before


async def test_a_newer_schema_is_refused_and_not_touched(tmp_path: Path) -> None:
    async with open_test_store(tmp_path):
        pass
    file = tmp_path / FILE
    with closing(sqlite3.connect(file)) as newer:
        newer.execute("PRAGMA user_version = 99")
    before = fingerprint(file)
    with pytest.raises(StoreError, match="newer version") as caught:
        open_store(URL, folder=tmp_path)
    assert "schema 99" in caught.value.what
    assert fingerprint(file) == before


@pytest.mark.parametrize(
    "content",
    [b"id,name\n1,Kim\n", b"SQLite format 3\x00" + b"\xff" * 4096, b"\x00" * 5000, b"xy"],
    ids=["a csv", "a damaged header", "zeros", "two bytes"],
)
def test_a_file_that_is_no_database_is_refused_and_not_touched(
    tmp_path: Path, content: bytes
) -> None:
    (tmp_path / FILE).write_bytes(content)
    with pytest.raises(StoreError) as caught:
        open_store(URL, folder=tmp_path)
    assert caught.value.remedy
    assert (tmp_path / FILE).read_bytes() == content


@pytest.mark.parametrize("keep", [50, 700, 4096, 20_000])
async def test_a_truncated_file_is_called_damaged(tmp_path: Path, keep: int) -> None:
    async with open_test_store(tmp_path) as store:
        await store.write(put("a", "x" * 50_000))
    file = tmp_path / FILE
    file.write_bytes(file.read_bytes()[:keep])
    with pytest.raises(StoreError, match=r"damaged|not a SQLite database"):
        open_store(URL, folder=tmp_path)


async def test_a_page_gone_bad_is_found_when_it_is_read(tmp_path: Path) -> None:
    async with open_test_store(tmp_path) as store:
        for number in range(200):
            await store.write(put(f"n{number}", "x" * 500))
    file = tmp_path / FILE
    content = bytearray(file.read_bytes())
    content[-30_000:] = os.urandom(30_000)
    file.write_bytes(content)
    async with open_test_store(tmp_path) as store:
        with pytest.raises(StoreError, match="damaged"):
            await store.read(lambda t: t.rows("SELECT * FROM notes"))


def test_a_folder_that_cannot_be_written_is_said(as_anybody: Path) -> None:
    as_anybody.chmod(0o555)
    with pytest.raises(StoreError, match=f"the folder {as_anybody} is not writable") as caught:
        open_store(URL, folder=as_anybody)
    assert f"the user id {os.geteuid()}" in caught.value.what
    assert "writable" in caught.value.remedy
    assert f"chown -R {os.geteuid()}:" in caught.value.remedy


async def test_a_folder_that_became_read_only_is_said(as_anybody: Path) -> None:
    async with open_test_store(as_anybody) as store:
        await store.write(put("a"))
    take_rights_away(as_anybody)
    with pytest.raises(StoreError, match=f"the folder {as_anybody} is not writable") as caught:
        open_store(URL, folder=as_anybody)
    assert "writable" in caught.value.remedy


async def test_a_file_that_became_read_only_is_said(as_anybody: Path) -> None:
    async with open_test_store(as_anybody) as store:
        await store.write(put("a"))
    (as_anybody / FILE).chmod(0o444)
    with pytest.raises(StoreError, match=f"the file {as_anybody / FILE} is not writable") as caught:
        async with open_test_store(as_anybody) as store:
            await store.write(put("b"))
    assert "writable" in caught.value.remedy


def test_a_folder_that_is_a_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "folder").write_text("a file")
    with pytest.raises(StoreError, match="cannot be made"):
        open_store(URL, folder=tmp_path / "folder")


def test_a_database_in_another_process_turn_is_waited_for_and_then_named(tmp_path: Path) -> None:
    lock = FileLock(tmp_path / (FILE + ".lock"))
    with closing(lock), lock.held(), pytest.raises(StoreLocked, match="another process"):
        open_store(URL, folder=tmp_path, patience_seconds=0.05)


async def test_a_new_step_is_taken_once_and_the_old_state_is_kept_beside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_test_store(tmp_path) as store:
        await store.write(put("old"))
    steps = opening._migrations()
    monkeypatch.setattr(opening, "_migrations", lambda: [*steps, "CREATE TABLE more (x TEXT);"])
    for _ in range(2):
        async with open_test_store(tmp_path) as store:
            assert await store.read(lambda t: t.rows("SELECT count(*) FROM more")) == [(0,)]
            assert await store.read(get("old")) == 1
    with closing(
        sqlite3.connect(tmp_path / f"ingagents.db.before-schema-{len(steps) + 1}")
    ) as copy:
        assert copy.execute("PRAGMA user_version").fetchone() == (len(steps),)
        assert copy.execute("SELECT count(*) FROM notes").fetchone() == (1,)
    assert "ingagents.db.before-schema-2.part" not in names(tmp_path)


async def test_a_step_that_fails_leaves_everything_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_test_store(tmp_path) as store:
        await store.write(put("old"))
    steps = opening._migrations()
    broken = "CREATE TABLE more (x TEXT);\nINSERT INTO nowhere VALUES (1);"
    monkeypatch.setattr(opening, "_migrations", lambda: [*steps, broken])
    with pytest.raises(StoreError):
        open_store(URL, folder=tmp_path)
    monkeypatch.setattr(opening, "_migrations", lambda: steps)
    async with open_test_store(tmp_path) as store:
        assert await store.read(get("old")) == 1
        tables = await store.read(
            lambda t: t.rows("SELECT count(*) FROM sqlite_master WHERE name = 'more'")
        )
        assert tables == [(0,)]


def test_the_schema_speaks_portable_sql() -> None:
    script = "\n".join(opening._migrations()).upper()
    for word in ("AUTOINCREMENT", "WITHOUT ROWID", "STRICT", "DATETIME(", "JULIANDAY", "PRAGMA"):
        assert word not in script
