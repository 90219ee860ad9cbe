"""Quick commits are made by the loop itself, and whatever may take longer by the thread."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from ingagents.errors import CommitUnknown
from ingagents.ports import Transaction
from ingagents.store.engine.file_lock import FileLock
from ingagents.store.engine.open_store import open_store
from ingagents.store.engine.sqlite import SqliteStore
from tests.store.engine.test_contract import child, fill, get, put
from tests.support import open_test_store


async def get_quick(store: SqliteStore) -> None:
    """Write until the loop commits by itself; a busy machine may take a few more."""
    for number in range(200):
        if await store.write(by_the_loop):
            return
        await store.write(put("warm", number))
    pytest.fail("no commit was made by the loop")


def by_the_loop(_: Transaction) -> bool:
    return threading.current_thread() is threading.main_thread()


def slowly(_: Transaction) -> None:
    time.sleep(0.006)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    async with open_test_store(tmp_path) as opened:
        assert isinstance(opened, SqliteStore)
        await get_quick(opened)
        yield opened


async def test_a_store_that_has_shown_nothing_yet_commits_on_its_thread(tmp_path: Path) -> None:
    async with open_test_store(tmp_path) as store:
        assert not await store.write(by_the_loop)


async def test_after_a_slow_commit_the_thread_has_the_line_until_it_was_quick_again(
    store: SqliteStore,
) -> None:
    await store.write(slowly)
    assert not await store.write(by_the_loop)
    await get_quick(store)


async def test_no_commit_of_postgresql_holds_the_loop_up(
    tmp_path: Path, on_postgres: object
) -> None:
    async with open_test_store(tmp_path) as store:
        assert not any([await store.write(by_the_loop) for _ in range(20)])


async def test_what_is_written_in_one_turn_of_the_loop_shares_a_commit(store: SqliteStore) -> None:
    commits = store.commits
    await asyncio.gather(*(store.write(put(f"n{i}")) for i in range(200)))
    assert store.commits - commits == 1


async def test_more_than_a_group_is_written_to_the_last_one(store: SqliteStore) -> None:
    await asyncio.gather(*(store.write(put(f"n{i}")) for i in range(1000)))
    assert await store.read(fill) >= 1000


async def test_whoever_fails_fails_alone_and_is_told_by_the_thread(store: SqliteStore) -> None:
    seen: list[bool] = []

    def fail(transaction: Transaction) -> None:
        put("never")(transaction)
        seen.append(by_the_loop(transaction))
        raise ValueError("mine")

    answers = await asyncio.gather(
        store.write(put("a")), store.write(fail), store.write(put("b")), return_exceptions=True
    )
    assert [type(answer) for answer in answers] == [type(None), ValueError, type(None)]
    assert seen == [True, False, False], "on the loop, in a group on the thread, by itself"
    assert [await store.read(get(name)) for name in ("a", "never", "b")] == [1, None, 1]


async def turns(count: int) -> None:
    """Let the loop turn this often; a loop that is held up never comes to the end of it."""
    for _ in range(count):
        await asyncio.sleep(0.001)


async def test_another_processs_turn_does_not_hold_the_loop_up(
    store: SqliteStore, tmp_path: Path
) -> None:
    other = FileLock(tmp_path / "ingagents.db.lock")
    with other.held():
        writing = asyncio.ensure_future(store.write(put("a")))
        await turns(20)
        assert not writing.done()
    other.close()
    await writing
    assert await store.read(get("a")) == 1


async def test_a_program_that_locks_the_file_through_sqlite_does_not_hold_the_loop_up(
    store: SqliteStore, tmp_path: Path
) -> None:
    other = sqlite3.connect(tmp_path / "ingagents.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    writing = asyncio.ensure_future(store.write(put("a")))
    await turns(20)
    assert not writing.done()
    other.execute("ROLLBACK")
    other.close()
    await writing
    assert await store.read(get("a")) == 1


async def test_while_the_thread_is_at_work_the_loop_leaves_it_the_line(
    store: SqliteStore, gate: threading.Event
) -> None:
    await store.write(slowly)
    held = asyncio.ensure_future(store.write(lambda _: gate.wait(10)))
    writing = [asyncio.ensure_future(store.write(put(f"n{i}"))) for i in range(3)]
    await turns(10)
    gate.set()
    await asyncio.gather(held, *writing)
    assert await store.read(get("n2")) == 1


class Failing:
    """A connection whose next COMMIT stands, and is answered like this."""

    def __init__(self, connection: sqlite3.Connection | None, answer: BaseException) -> None:
        self._connection = connection
        self._answer = answer

    def __getattr__(self, name: str):
        return getattr(self._connection, name)

    def execute(self, sql: str, *parameters):
        cursor = self._connection.execute(sql, *parameters)  # type: ignore[union-attr]
        if sql == "COMMIT":
            raise self._answer
        return cursor


def put_one_more(transaction: Transaction) -> None:
    put("count", (get("count")(transaction) or 0) + 1)(transaction)


async def test_a_commit_without_a_clear_answer_is_not_repeated(store: SqliteStore) -> None:
    failing = Failing(store._writer, sqlite3.OperationalError("disk I/O error"))
    store._writer = failing  # type: ignore[assignment]
    with pytest.raises(CommitUnknown):
        await store.write(put_one_more)
    await store.write(put("b"))
    assert await store.read(get("count")) == 1


async def test_wakeups_that_fail_do_not_repeat_what_was_committed(store: SqliteStore) -> None:
    said: list[str] = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: said.append(str(context["exception"])))

    def notify() -> None:
        raise ValueError("broken wakeup")

    def work(transaction: Transaction) -> None:
        put_one_more(transaction)
        transaction.after_commit(notify)

    await store.write(work)
    loop.set_exception_handler(None)
    assert said == ["broken wakeup"]
    assert await store.read(get("count")) == 1


def test_ctrl_c_amid_a_commit_ends_the_program_and_repeats_nothing(tmp_path: Path) -> None:
    loop = asyncio.new_event_loop()

    async def opened() -> SqliteStore:
        store = open_store("sqlite:///ingagents.db", folder=tmp_path)
        assert isinstance(store, SqliteStore)
        await get_quick(store)
        return store

    store = loop.run_until_complete(opened())
    store._writer = Failing(store._writer, KeyboardInterrupt())  # type: ignore[assignment]
    writing = loop.create_task(store.write(put_one_more))
    with pytest.raises(KeyboardInterrupt):
        loop.run_until_complete(writing)
    with pytest.raises(CommitUnknown):
        loop.run_until_complete(writing)
    assert loop.run_until_complete(store.read(get("count"))) == 1
    loop.run_until_complete(store.write(put("later")))
    loop.run_until_complete(store.close())
    loop.close()


async def test_closing_right_behind_a_write_finishes_it(tmp_path: Path) -> None:
    async with open_test_store(tmp_path) as store:
        assert isinstance(store, SqliteStore)
        await get_quick(store)
        writing = [asyncio.ensure_future(store.write(put(f"n{i}"))) for i in range(300)]
        await asyncio.sleep(0)
    await asyncio.gather(*writing)
    async with open_test_store(tmp_path) as again:
        assert await again.read(get("n299")) == 1


async def test_a_process_that_always_commits_starves_no_other(
    store: SqliteStore, tmp_path: Path
) -> None:
    """Each write of the other process waits for one of ours to end, and we never pause."""
    with child(tmp_path, "other", 20) as process:
        while process.poll() is None:
            await store.write(put("a"))
        process.communicate()
    assert process.returncode == 0
    assert await store.read(get("other19")) == 19
