"""What every driver promises: durable together, failing alone, nobody left waiting."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from ingagents.errors import StoreError
from ingagents.ports import Transaction
from ingagents.store.engine.group_commit import ThreadedStore
from ingagents.store.tables import key_value
from tests import PATIENCE
from tests.factories import MONDAY
from tests.support import databases, open_test_store

pytestmark = pytest.mark.usefixtures("database")

ROOT = Path(__file__).parents[3]


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[ThreadedStore]:
    async with open_test_store(tmp_path) as opened:
        yield opened


def put(name: str, value: object = 1):
    return lambda t: key_value.note(t, name, value, at=MONDAY)


def get(name: str):
    return lambda t: key_value.noted(t, name)


def fill(transaction: Transaction) -> int:
    ((count,),) = transaction.rows("SELECT count(*) FROM notes")
    return int(count)


async def held_back(store: ThreadedStore, gate: threading.Event, *works):
    """Queue units while the writer is busy, so that they share the next commit."""
    started = threading.Event()

    def block(transaction: Transaction) -> None:
        started.set()
        gate.wait(PATIENCE)

    blocker = asyncio.ensure_future(store.write(block))
    await asyncio.to_thread(started.wait, 10)
    waiting = [asyncio.ensure_future(store.write(work)) for work in works]
    await asyncio.sleep(0)
    gate.set()
    await blocker
    return await asyncio.gather(*waiting, return_exceptions=True)


CHILD = """
import asyncio, sys
from pathlib import Path
from ingagents.store.tables import key_value
from ingagents.store.engine.open_store import open_store
from tests.factories import MONDAY

async def main(url, folder, name, count):
    store = open_store(url, folder=Path(folder))
    for number in range(count):
        await store.write(lambda t: key_value.note(t, f"{name}{number}", number, at=MONDAY))
        print(number, flush=True)
    await store.close()

asyncio.run(main(*sys.argv[1:4], int(sys.argv[4])))
"""


def child(folder: Path, name: str, count: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", CHILD, databases.url(folder), str(folder), name, str(count)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )


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
        transaction.state["head"] = 99
        raise ValueError("no")

    async with open_test_store(tmp_path) as store:
        answers = await held_back(store, gate, remember_and_fail, lambda t: t.state.get("head"))
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


async def test_nobody_is_woken_by_a_unit_that_was_rolled_back(
    tmp_path: Path, gate: threading.Event
) -> None:
    woken: list[str] = []

    def good(transaction: Transaction) -> None:
        transaction.after_commit(lambda: woken.append("good"))

    def bad(transaction: Transaction) -> None:
        transaction.after_commit(lambda: woken.append("bad"))
        raise ValueError("no")

    async with open_test_store(tmp_path) as store:
        await held_back(store, gate, good, bad, good)
        await asyncio.sleep(0)
        assert woken == ["good", "good"]


async def test_a_cancelled_waiter_leaves_the_others_alone(
    tmp_path: Path, gate: threading.Event
) -> None:
    async with open_test_store(tmp_path) as store:
        started = threading.Event()

        def block(transaction: Transaction) -> None:
            started.set()
            gate.wait(PATIENCE)

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
            gate.wait(PATIENCE)
            return before, fill(transaction)

        reading = asyncio.ensure_future(store.read(read))
        await asyncio.sleep(0)
        await store.write(put("a"))
        gate.set()
        before, after = await reading
        assert before == after, "one snapshot from the first look on"
        assert await store.read(fill) == 1


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
        done, written = False, 0

        async def flood() -> None:
            nonlocal written
            while not done:
                await asyncio.gather(*(store.write(put(f"f{i}")) for i in range(300)))
                written += 1

        flooding = [asyncio.ensure_future(flood()) for _ in range(3)]
        waits = []
        for number in range(10):
            before = written
            await other.write(put(f"o{number}"))
            waits.append(written - before)
        done = True
        await asyncio.gather(*flooding)
        print(json.dumps(waits))
        assert max(waits) < 60, "so many times the whole backlog went first"


LIMITS = ("account_id", "kind", "not_before", "reason")


def put_off(account: str, kind: str = "gap"):
    row = (account, kind, "", "")
    return lambda t: t.before_next(account, lambda t: t.insert("limits", LIMITS, [row]))


def accounts(transaction: Transaction) -> list[str]:
    return [row[0] for row in transaction.rows("SELECT account_id FROM limits ORDER BY account_id")]


async def test_what_was_put_off_is_there_for_the_next_statement_and_after_the_commit(
    store: ThreadedStore,
) -> None:
    def work(transaction: Transaction) -> tuple[list[str], int]:
        put_off("a")(transaction)
        seen = accounts(transaction)
        put_off("b")(transaction)
        deleted = transaction.run("DELETE FROM limits WHERE account_id = 'b'")
        put_off("c")(transaction)
        return seen, deleted

    assert await store.write(work) == (["a"], 1)
    assert await store.read(accounts) == ["a", "c"]


async def test_of_changes_that_replace_each_other_the_last_one_is_kept(
    store: ThreadedStore,
) -> None:
    await store.write(lambda t: [put("x", number)(t) for number in range(5)])
    assert await store.read(get("x")) == 4


@pytest.mark.parametrize("count", [0, 1, 19, 20, 21, 45])
async def test_every_row_is_inserted_and_every_set_of_parameters_run(
    store: ThreadedStore, count: int
) -> None:
    rows = [(f"a{n:02}", f"k?:{n}'$1" if n % 2 else "", "", "%s") for n in range(count)]
    await store.write(lambda t: t.insert("limits", LIMITS, rows))
    everything = f"SELECT {', '.join(LIMITS)} FROM limits ORDER BY account_id"
    assert await store.read(lambda t: t.rows(everything)) == rows
    with pytest.raises(StoreError):
        await store.write(lambda t: t.insert("limits", LIMITS, [("z", "z", "", "")] * 40))
    assert "z" not in await store.read(accounts)
    change = "UPDATE limits SET reason = :reason WHERE account_id = :account"
    sets = [{"account": row[0], "reason": row[1]} for row in rows]
    await store.write(lambda t: t.run_many(change, sets))
    assert await store.read(lambda t: t.rows(everything)) == [(*r[:3], r[1]) for r in rows]


async def test_what_is_to_run_last_runs_once_and_sees_all_units_of_the_commit(
    store: ThreadedStore, gate: threading.Event
) -> None:
    seen: list[list[str]] = []

    def unit(account: str) -> Callable[[Transaction], None]:
        def work(transaction: Transaction) -> None:
            put_off(account)(transaction)
            transaction.before_commit("look", lambda t: seen.append(accounts(t)))
            transaction.before_commit(account, put_off(f"{account} last"))

        return work

    await held_back(store, gate, unit("a"), unit("b"))
    assert seen == [["a", "b"]]
    assert await store.read(accounts) == ["a", "a last", "b", "b last"]


async def test_a_change_that_fails_when_its_time_comes_fails_alone(
    store: ThreadedStore, gate: threading.Event
) -> None:
    await store.write(put_off("taken"))
    answers = await held_back(store, gate, put_off("a"), put_off("taken"), put_off("b"))
    assert [isinstance(answer, StoreError) for answer in answers] == [False, True, False]
    assert await store.read(accounts) == ["a", "b", "taken"]


async def test_a_unit_that_raises_takes_what_it_put_off_with_it(store: ThreadedStore) -> None:
    def work(transaction: Transaction) -> None:
        put_off("a")(transaction)
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        await store.write(work)
    assert await store.read(accounts) == []
