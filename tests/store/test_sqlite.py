"""The driver: what was answered is on the disk, one unit's failure is its own, nobody hangs."""

from __future__ import annotations

import asyncio
import json
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingagents.errors import CommitUnknown, StoreError, StoreFull, StoreLocked
from ingagents.ports import Transaction
from ingagents.store import notes
from ingagents.store.opening import open_store
from ingagents.store.sqlite import FileLock, SqliteStore
from tests.factories import MONDAY
from tests.support import URL, open_test_store

ROOT = Path(__file__).parents[2]


def put(name: str, value: object = 1):
    return lambda t: notes.note(t, name, value, at=MONDAY)


def get(name: str):
    return lambda t: notes.noted(t, name)


def fill(transaction: Transaction) -> int:
    ((count,),) = transaction.rows("SELECT count(*) FROM notes")
    return int(count)


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    """Holds the writer thread inside a unit until it is set, so that others queue up behind."""
    event = threading.Event()
    yield event
    event.set()


async def held_back(store: SqliteStore, gate: threading.Event, *works):
    """Queue units while the writer is busy, so that they share the next commit."""
    started = threading.Event()

    def block(transaction: Transaction) -> None:
        started.set()
        gate.wait(10)

    blocker = asyncio.ensure_future(store.write(block))
    await asyncio.to_thread(started.wait, 10)
    waiting = [asyncio.ensure_future(store.write(work)) for work in works]
    await asyncio.sleep(0)
    gate.set()
    await blocker
    return await asyncio.gather(*waiting, return_exceptions=True)


async def test_what_was_written_is_read_back(tmp_path: Path) -> None:
    async with open_test_store(tmp_path) as store:
        assert await store.write(lambda t: (put("a", [1, "ü"])(t), "answer")[1]) == "answer"
        assert await store.read(get("a")) == [1, "ü"]
    async with open_test_store(tmp_path) as store:
        assert await store.read(get("a")) == [1, "ü"]


async def test_writes_that_wait_together_share_one_commit(
    tmp_path: Path, gate: threading.Event
) -> None:
    async with open_test_store(tmp_path) as store:
        await held_back(store, gate, *(put(f"n{i}", i) for i in range(100)))
        assert store.commits == 2
        assert store.units == 101
        assert await store.read(fill) == 100


async def test_many_writers_at_once_need_far_fewer_commits(tmp_path: Path) -> None:
    async with open_test_store(tmp_path) as store:
        await asyncio.gather(*(store.write(put(f"n{i}", i)) for i in range(600)))
        assert await store.read(fill) == 600
        assert store.units == 600
        assert store.commits < 60


async def test_a_failing_unit_fails_alone(tmp_path: Path, gate: threading.Event) -> None:
    def broken(transaction: Transaction) -> None:
        put("half")(transaction)
        raise ZeroDivisionError("mine")

    def refused(transaction: Transaction) -> None:
        put("other half")(transaction)
        transaction.run("INSERT INTO notes (name) VALUES ('no value')")

    async with open_test_store(tmp_path) as store:
        answers = await held_back(store, gate, put("a"), broken, put("b"), refused, put("c"))
        assert isinstance(answers[1], ZeroDivisionError)
        assert isinstance(answers[3], StoreError)
        assert [answers[i] for i in (0, 2, 4)] == [None] * 3
        names = await store.read(lambda t: t.rows("SELECT name FROM notes ORDER BY name"))
        assert names == [("a",), ("b",), ("c",)]


async def test_what_one_unit_remembers_is_forgotten_with_its_rollback(
    tmp_path: Path, gate: threading.Event
) -> None:
    def remember_and_fail(transaction: Transaction) -> None:
        transaction.remember("head", 99)
        raise ValueError("no")

    async with open_test_store(tmp_path) as store:
        answers = await held_back(store, gate, remember_and_fail, lambda t: t.recall("head"))
        assert isinstance(answers[0], ValueError)
        assert answers[1] is None


async def test_a_unit_that_raises_stop_iteration_keeps_nobody_waiting(
    tmp_path: Path, gate: threading.Event
) -> None:
    async with open_test_store(tmp_path) as store:
        answers = await asyncio.wait_for(
            held_back(store, gate, put("a"), lambda t: next(iter(())), put("b")), 10
        )
        assert isinstance(answers[1], RuntimeError)
        assert await store.read(fill) == 2


async def test_bells_ring_after_the_commit_is_durable(tmp_path: Path) -> None:
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


async def test_bells_of_a_rolled_back_unit_never_ring(
    tmp_path: Path, gate: threading.Event
) -> None:
    rung: list[str] = []

    def good(transaction: Transaction) -> None:
        transaction.after_commit(lambda: rung.append("good"))

    def bad(transaction: Transaction) -> None:
        transaction.after_commit(lambda: rung.append("bad"))
        raise ValueError("no")

    async with open_test_store(tmp_path) as store:
        await held_back(store, gate, good, bad, good)
        await asyncio.sleep(0)
        assert rung == ["good", "good"]


async def test_a_cancelled_waiter_leaves_the_others_alone(
    tmp_path: Path, gate: threading.Event
) -> None:
    async with open_test_store(tmp_path) as store:
        started = threading.Event()

        def block(transaction: Transaction) -> None:
            started.set()
            gate.wait(10)

        tasks = [asyncio.ensure_future(store.write(work)) for work in (block, put("a"), put("b"))]
        await asyncio.to_thread(started.wait, 10)
        tasks[1].cancel()
        await asyncio.sleep(0)
        gate.set()
        await tasks[2]
        await tasks[0]
        assert tasks[1].cancelled()
        assert await store.read(get("b")) == 1
        assert await store.read(get("a")) == 1, "what was queued is done, only nobody waits"


async def test_reads_see_a_snapshot_and_never_write(tmp_path: Path) -> None:
    async with open_test_store(tmp_path) as store:
        await store.write(put("a"))
        with pytest.raises(StoreError, match="read-only"):
            await store.read(put("b"))
        assert await store.read(fill) == 1


async def test_a_long_read_does_not_hold_up_writes(tmp_path: Path, gate: threading.Event) -> None:
    async with open_test_store(tmp_path) as store:

        def read(transaction: Transaction) -> tuple[int, int]:
            before = fill(transaction)
            gate.wait(10)
            return before, fill(transaction)

        reading = asyncio.ensure_future(store.read(read))
        await asyncio.sleep(0)
        await asyncio.wait_for(store.write(put("a")), 5)
        gate.set()
        before, after = await reading
        assert before == after, "one snapshot from the first look on"
        assert await store.read(fill) == 1


async def test_a_full_disk_is_said_and_nothing_of_the_step_is_kept(tmp_path: Path) -> None:
    async with open_test_store(tmp_path) as store:
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
        await _limit_pages(store)
        answers = await held_back(store, gate, put("s"), put("big", "x" * 1_000_000), put("t"))
        assert [type(answer) for answer in answers] == [type(None), StoreFull, type(None)]


async def _limit_pages(store: SqliteStore) -> None:
    """No more than two pages beyond what the file has."""
    connection = store._writer
    assert connection is not None
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count = {pages + 2}")


async def test_a_process_that_keeps_the_turn_is_waited_for_and_then_named(tmp_path: Path) -> None:
    store = open_store(URL, folder=tmp_path, patience_seconds=0.05)
    other = FileLock(tmp_path / "ingagents.db.lock")
    with other.held():
        began = time.monotonic()
        answers = await asyncio.gather(
            *(store.write(put(f"n{i}")) for i in range(20)), return_exceptions=True
        )
        took = time.monotonic() - began
    other.close()
    assert {type(answer) for answer in answers} == {StoreLocked}
    assert took < 1, "a group waits once, not each of its units"
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
        await asyncio.wait_for(store.write(put("a")), 10)
    (tmp_path / "gone.db").rename(tmp_path / "ingagents.db")
    await asyncio.wait_for(store.write(put("b")), 10)
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


@pytest.mark.parametrize("verb", ["write", "read"])
async def test_a_closed_store_refuses_work(tmp_path: Path, verb: str) -> None:
    async with open_test_store(tmp_path) as store:
        pass
    with pytest.raises(StoreError, match="closed"):
        await getattr(store, verb)(fill)


async def test_the_clock_is_told_while_a_thread_works(tmp_path: Path) -> None:
    inside = 0
    deepest = 0

    class Busy:
        def __enter__(self) -> None:
            nonlocal inside, deepest
            inside += 1
            deepest = max(deepest, inside)

        def __exit__(self, *_: object) -> None:
            nonlocal inside
            inside -= 1

    async with open_test_store(tmp_path, busy=Busy) as store:
        await asyncio.gather(store.write(put("a")), store.read(fill))
    assert deepest == 2
    assert inside == 0


CHILD = """
import asyncio, sys
from pathlib import Path
from ingagents.store import notes
from ingagents.store.opening import open_store
from tests.factories import MONDAY

async def main(folder, name, count):
    store = open_store("sqlite:///ingagents.db", folder=Path(folder))
    for number in range(count):
        await store.write(lambda t: notes.note(t, f"{name}{number}", number, at=MONDAY))
        print(number, flush=True)
    await store.close()

asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
"""


def child(folder: Path, name: str, count: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", CHILD, str(folder), name, str(count)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )


async def test_what_a_killed_process_was_answered_is_there(tmp_path: Path) -> None:
    process = child(tmp_path, "n", 100_000)
    assert process.stdout is not None
    answered = [int(process.stdout.readline()) for _ in range(30)][-1]
    process.send_signal(signal.SIGKILL)
    rest = process.stdout.read().split()
    process.wait(10)
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


async def test_processes_that_write_together_lose_nothing(tmp_path: Path) -> None:
    async with open_test_store(tmp_path) as store:
        processes = [child(tmp_path, name, 60) for name in ("left", "right")]
        for number in range(60):
            await store.write(put(f"here{number}", number))
        outputs = [await asyncio.to_thread(process.communicate) for process in processes]
        assert [len(out.split()) for out, _ in outputs] == [60, 60]
        assert [process.returncode for process in processes] == [0, 0]
        assert await store.read(fill) == 180


async def test_a_busy_process_does_not_starve_another(tmp_path: Path) -> None:
    """One process with a backlog that never ends, and one with now and then a write."""
    async with open_test_store(tmp_path) as store, open_test_store(tmp_path) as other:
        done = False

        async def flood() -> None:
            while not done:
                await asyncio.gather(*(store.write(put(f"f{i}")) for i in range(300)))

        flooding = [asyncio.ensure_future(flood()) for _ in range(3)]
        waits = []
        for number in range(10):
            began = time.monotonic()
            await other.write(put(f"o{number}"))
            waits.append(time.monotonic() - began)
        done = True
        await asyncio.gather(*flooding)
        print(json.dumps([round(wait, 3) for wait in waits]))
        assert max(waits) < 5
