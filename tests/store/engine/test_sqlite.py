"""The SQLite driver: what was answered is on the disk, a full or locked one is said."""

from __future__ import annotations

import asyncio
import signal
import sqlite3
import threading
from pathlib import Path

import pytest

from ingagents.errors import CommitUnknown, StoreError, StoreFull, StoreLocked
from ingagents.ports import Transaction
from ingagents.store.engine.file_lock import FileLock
from ingagents.store.engine.open_store import open_store
from ingagents.store.engine.sqlite import SqliteStore
from tests import PATIENCE
from tests.store.engine.test_contract import child, fill, get, held_back, put
from tests.support import URL, open_test_store


async def test_who_waits_is_woken_after_the_commit_is_durable(tmp_path: Path) -> None:
    seen: list[int] = []

    def look_from_outside() -> None:
        with sqlite3.connect(tmp_path / "ingagents.db") as other:
            seen.append(other.execute("SELECT count(*) FROM notes").fetchone()[0])
        other.close()

    def work(transaction: Transaction) -> None:
        put("a")(transaction)
        transaction.after_commit(look_from_outside)

    async with open_test_store(tmp_path) as store:
        await store.write(work)
        await asyncio.sleep(0)
        assert seen == [1]


async def test_a_full_disk_is_said_and_nothing_of_the_step_is_kept(tmp_path: Path) -> None:
    async with open_test_store(tmp_path) as store:
        assert isinstance(store, SqliteStore)
        await store.write(put("kept"))
        await _limit_pages(store)
        with pytest.raises(StoreFull) as caught:
            await store.write(put("big", "x" * 1_000_000))
        assert caught.value.remedy
        assert await store.read(get("kept")) == 1
        assert await store.read(get("big")) is None
        store._writer.execute("PRAGMA max_page_count = 1000000")  # type: ignore[union-attr]
        await store.write(put("later"))
        assert await store.read(get("later")) == 1


async def test_a_full_disk_hits_only_the_units_that_do_not_fit(
    tmp_path: Path, gate: threading.Event
) -> None:
    async with open_test_store(tmp_path) as store:
        assert isinstance(store, SqliteStore)
        await _limit_pages(store)
        answers = await held_back(store, gate, put("s"), put("big", "x" * 1_000_000), put("t"))
        assert [type(answer) for answer in answers] == [type(None), StoreFull, type(None)]


async def _limit_pages(store: SqliteStore) -> None:
    """No more than two pages beyond what the file has."""
    connection = store._writer
    assert connection is not None
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count = {pages + 2}")


async def test_a_process_that_keeps_the_turn_is_waited_for_and_then_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_store(URL, folder=tmp_path, patience_seconds=0.05)
    assert isinstance(store, SqliteStore)
    other = FileLock(tmp_path / "ingagents.db.lock")
    with other.held():
        waits: list[float] = []
        take = store._lock.take

        def counted(patience: float) -> None:
            waits.append(patience)
            take(patience)

        monkeypatch.setattr(store._lock, "take", counted)
        answers = await asyncio.gather(
            *(store.write(put(f"n{i}")) for i in range(20)), return_exceptions=True
        )
    other.close()
    assert {type(answer) for answer in answers} == {StoreLocked}
    assert sum(patience > 0 for patience in waits) <= 2, "a group waits once, not each of its units"
    await store.write(put("later"))
    assert await store.read(fill) == 1
    await store.close()


async def test_a_program_that_locks_the_file_through_sqlite_is_named_too(tmp_path: Path) -> None:
    store = open_store(URL, folder=tmp_path, patience_seconds=0.05)
    other = sqlite3.connect(tmp_path / "ingagents.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreLocked):
        await store.write(put("a"))
    other.execute("ROLLBACK")
    other.close()
    await store.write(put("a"))
    await store.close()


async def test_a_commit_without_a_clear_answer_is_unknown_and_the_store_goes_on(
    tmp_path: Path, gate: threading.Event
) -> None:
    class Failing:
        """A connection whose next COMMIT fails like a dying disk."""

        def __init__(self, connection: sqlite3.Connection) -> None:
            self._connection = connection

        def __getattr__(self, name: str):
            return getattr(self._connection, name)

        def execute(self, sql: str, *parameters):
            if sql == "COMMIT":
                raise sqlite3.OperationalError("disk I/O error")
            return self._connection.execute(sql, *parameters)

    async with open_test_store(tmp_path) as store:
        assert isinstance(store, SqliteStore)
        store._writer = Failing(store._writer)  # type: ignore[assignment, arg-type]
        with pytest.raises(CommitUnknown):
            await store.write(put("a"))
        await store.write(put("b"))
        assert await store.read(get("b")) == 1


async def test_a_store_that_cannot_reopen_says_so_and_does_not_hang(tmp_path: Path) -> None:
    store = open_store(URL, folder=tmp_path)
    assert isinstance(store, SqliteStore)
    store._drop_writer()
    (tmp_path / "ingagents.db").rename(tmp_path / "gone.db")
    with pytest.raises(StoreError):
        await store.write(put("a"))
    (tmp_path / "gone.db").rename(tmp_path / "ingagents.db")
    await store.write(put("b"))
    await store.close()


async def test_closing_finishes_what_is_queued_and_may_be_repeated(tmp_path: Path) -> None:
    store = open_store(URL, folder=tmp_path)
    writes = [asyncio.ensure_future(store.write(put(f"n{i}"))) for i in range(50)]
    await asyncio.sleep(0)
    await asyncio.gather(store.close(), store.close())
    await store.close()
    await asyncio.gather(*writes)
    assert not (tmp_path / "ingagents.db-wal").exists(), "the log was taken into the file"
    with sqlite3.connect(tmp_path / "ingagents.db") as found:
        assert found.execute("SELECT count(*) FROM notes").fetchone() == (50,)
    found.close()


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


async def test_a_store_leaves_no_open_file_behind(tmp_path: Path) -> None:
    async def one() -> None:
        async with open_test_store(tmp_path) as store:
            await store.write(put("a"))

    await one()
    before = open_files()
    for _ in range(5):
        await one()
    assert open_files() <= before


async def test_what_a_killed_process_was_answered_is_there(tmp_path: Path) -> None:
    process = child(tmp_path, "n", 100_000)
    assert process.stdout is not None
    answered = [int(process.stdout.readline()) for _ in range(30)][-1]
    process.send_signal(signal.SIGKILL)
    rest = process.stdout.read().split()
    process.wait(PATIENCE)
    process.stdout.close()
    answered = int(rest[-1]) if rest and rest[-1].isdigit() else answered
    assert (tmp_path / "ingagents.db-wal").stat().st_size, "it died with its log not taken in"
    async with open_test_store(tmp_path) as store:
        for number in range(answered):
            assert await store.read(get(f"n{number}")) == number
        await store.write(put("after"))
    with sqlite3.connect(tmp_path / "ingagents.db") as found:
        assert found.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    found.close()
