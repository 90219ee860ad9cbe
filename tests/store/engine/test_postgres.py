"""The PostgreSQL driver: several processes, a server that goes away, what is wrong with a URL."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from ingagents.commands import SearchRequest
from ingagents.communication import inbox, journal, journal_audit
from ingagents.communication.message_queue import LEASE_SECONDS, MessageQueue
from ingagents.errors import CommitUnknown, SettingsError, StoreError, StoreLocked
from ingagents.integrations.clock import SystemClock
from ingagents.ports import Store, Transaction, UnitOfWork
from ingagents.store.engine import open_store as opening
from ingagents.store.engine.group_commit import Committed
from ingagents.store.engine.open_store import open_store
from ingagents.store.engine.postgres import PostgresStore, spoken
from ingagents.store.engine.postgres_server import TAKE_TURN
from ingagents.store.tables import leases
from tests import PATIENCE
from tests.factories import MONDAY
from tests.postgres import PostgresServer
from tests.store.engine.test_contract import ROOT, child, fill, get, held_back, put
from tests.support import databases, numbered_ids, open_test_store

pytestmark = pytest.mark.usefixtures("on_postgres")


NEWEST = len(opening._migrations())
"""The version of the schema that a new database has."""


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[PostgresStore]:
    async with open_test_store(tmp_path) as opened:
        assert isinstance(opened, PostgresStore)
        yield opened


@pytest.fixture
def empty(postgres: PostgresServer) -> Iterator[str]:
    """The URL of a database with nothing in it."""
    url = postgres.fresh(template="empty_shape")
    yield url
    postgres.drop(url)


def opened(url: str, *, patience_seconds: float = 15.0) -> Store:
    return open_store(url, folder=Path(), patience_seconds=patience_seconds)


# ---- statements ----


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("SELECT :a, :a_b2", "SELECT %(a)s, %(a_b2)s"),
        ("SELECT ':a', x::text, 'it''s :b' || :c", "SELECT ':a', x::text, 'it''s :b' || %(c)s"),
        ("x LIKE 'done:%' AND 5 % :n", "x LIKE 'done:%%' AND 5 %% %(n)s"),
        ("SELECT 1 /*+ FOR UPDATE OF i SKIP LOCKED */", "SELECT 1  FOR UPDATE OF i SKIP LOCKED "),
    ],
)
def test_a_statement_is_spoken_as_the_server_takes_it(sql: str, said: str) -> None:
    assert spoken(sql) == said.encode()


async def test_odd_values_are_kept_as_they_are(store: PostgresStore) -> None:
    def echo(transaction: Transaction) -> list[object]:
        sql = "SELECT CAST(:a AS TEXT), CAST(:b AS BIGINT), CAST(:c AS DOUBLE PRECISION), :d"
        values = {"a": "50 % :x \U0001f600\x00", "b": 1 << 62, "c": 0.1 + 0.2, "d": None}
        return list(transaction.rows(sql, values)[0])

    assert await store.read(echo) == ["50 % :x \U0001f600\ufffd", 1 << 62, 0.1 + 0.2, None]


async def test_text_is_ordered_by_its_bytes_whatever_the_servers_language(
    store: PostgresStore,
) -> None:
    for name in ("b", "B", "a", "Ä", "_"):
        await store.write(put(name))
    names = await store.read(lambda t: t.rows("SELECT name FROM notes ORDER BY name"))
    assert [name for (name,) in names] == sorted(["b", "B", "a", "Ä", "_"])


async def test_a_step_that_went_on_after_a_failed_statement_is_not_called_committed(
    store: PostgresStore,
) -> None:
    def swallow(transaction: Transaction) -> None:
        put("a")(transaction)
        with contextlib.suppress(psycopg.Error):
            transaction.run("SELECT nonsense")

    with pytest.raises(StoreError, match="failed statement"):
        await store.write(swallow)
    assert await store.read(fill) == 0


async def test_a_table_that_grew_is_read_by_its_index_and_not_as_when_it_was_small(
    tmp_path: Path, store: PostgresStore
) -> None:
    """The server may keep a prepared statement's plan, and on a small table it reads all of it."""

    def publish(transaction: Transaction, count: int) -> None:
        queue.append(transaction, "a", *[SearchRequest(reason=f"{n}") for n in range(count)])

    def next_one(transaction: Transaction) -> list[inbox.InboxItem]:
        now = queue.clock.now()
        found = inbox.claim_batch(transaction, "lead_finder", now=now, limit=1)
        inbox.acknowledge(transaction, found)
        return found

    def passed_over(transaction: Transaction) -> int:
        """How many rows the server has read without an index."""
        ((rows,),) = transaction.rows(
            "SELECT seq_tup_read FROM pg_stat_xact_user_tables WHERE relname = 'journal'"
        )
        return int(rows)

    def passed_over_for_one(transaction: Transaction) -> int:
        before = passed_over(transaction)
        assert next_one(transaction)
        return passed_over(transaction) - before

    queue = MessageQueue(store, SystemClock(), process_id="here", new_id=numbered_ids())
    await store.write(lambda t: publish(t, 20))
    for _ in range(15):
        await store.write(next_one)
    await store.write(lambda t: publish(t, 20_000))
    assert await store.write(passed_over_for_one) == 0


# ---- opening ----


async def test_an_empty_database_is_migrated_and_durable(
    empty: str, postgres: PostgresServer
) -> None:
    store = opened(empty)
    await store.write(put("a"))
    assert await store.read(get("a")) == 1
    found = await store.write(lambda t: t.rows("SHOW synchronous_commit"))
    assert found == [("on",)]
    await store.close()
    assert postgres.run("SELECT version FROM ingagents_schema", url=empty) == [(NEWEST,)]


async def test_many_may_migrate_at_once(empty: str, postgres: PostgresServer) -> None:
    with ThreadPoolExecutor(8) as pool:
        stores = list(pool.map(lambda _: opened(empty), range(8)))
    await asyncio.gather(*(store.write(put(f"n{i}")) for i, store in enumerate(stores)))
    assert await stores[0].read(fill) == 8
    for store in stores:
        await store.close()
    assert postgres.run("SELECT count(*), max(version) FROM ingagents_schema", url=empty) == [
        (1, NEWEST)
    ]


def test_another_programs_database_is_refused_and_not_touched(
    empty: str, postgres: PostgresServer
) -> None:
    postgres.run("CREATE TABLE theirs (x INT)", url=empty)
    with pytest.raises(StoreError, match="another program"):
        opened(empty)
    tables = postgres.run("SELECT tablename FROM pg_tables WHERE schemaname = 'public'", url=empty)
    assert tables == [("theirs",)]


async def test_a_newer_schema_is_refused(empty: str, postgres: PostgresServer) -> None:
    await opened(empty).close()
    postgres.run("UPDATE ingagents_schema SET version = 99", url=empty)
    with pytest.raises(StoreError, match="newer version") as caught:
        opened(empty)
    assert "schema 99" in caught.value.what


async def test_a_step_that_fails_leaves_everything_as_it_was(
    empty: str, postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    await opened(empty).close()
    steps = opening._migrations()
    broken = "CREATE TABLE more (x TEXT);\nINSERT INTO nowhere VALUES (1);"
    monkeypatch.setattr(opening, "_migrations", lambda: [*steps, broken])
    with pytest.raises(StoreError, match="nowhere"):
        opened(empty)
    monkeypatch.setattr(opening, "_migrations", lambda: steps)
    await opened(empty).close()
    assert postgres.run("SELECT to_regclass('more')", url=empty) == [(None,)]


def test_a_wrong_url_is_told_with_its_remedy_and_without_its_password(
    postgres: PostgresServer,
) -> None:
    secret = "s3cr3t-pw"
    at = postgres.url("postgres").replace("postgres:@", f"postgres:{secret}@")
    for url, error, what, remedy in (
        (at.replace("/postgres?", "/nowhere?"), StoreError, "no database 'nowhere'", "createdb"),
        (at.replace("postgres:", "nobody:"), StoreError, "does not let nobody in", "user"),
        (f"postgresql://kim:{secret}@127.0.0.1:1/x", StoreLocked, "does not answer", "start it"),
        (f"postgresql://kim:{secret}@no.invalid/x", StoreError, "not known", "host"),
        (f"postgresql://kim:{secret}@[bad/x", SettingsError, "cannot be read", "postgresql://"),
        (f"postgresql://kim:{secret}@h/x?bogus=1", SettingsError, "cannot be read", "postgresql:"),
    ):
        with pytest.raises(error) as caught:
            opened(url)
        assert what in caught.value.what
        assert remedy in caught.value.remedy
        shown = f"{caught.value!r}{caught.value.line()}{caught.value.__cause__!r}"
        assert secret not in shown


def test_a_wrong_password_is_told(postgres: PostgresServer) -> None:
    postgres.run("CREATE ROLE kim LOGIN PASSWORD 'right'")
    with postgres.asking_for_passwords("kim"):
        for url in (
            postgres.url().replace("postgres:@", "kim:wr0ng@"),
            postgres.url().replace("postgres:@", "kim@"),
        ):
            with pytest.raises(StoreError, match="refuses the password of kim") as caught:
                opened(url)
            assert "wr0ng" not in caught.value.line()
    postgres.run("DROP ROLE kim")


def test_a_missing_driver_is_named_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [
        name for name in sys.modules if name.startswith("ingagents.store.engine.postgres")
    ]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(SettingsError) as caught:
        opened("postgresql://h/x")
    assert "pip install 'ingagents[postgres]'" in caught.value.remedy


# ---- several processes ----


async def test_only_one_process_at_a_time_is_inside_a_write(tmp_path: Path) -> None:
    """Each adds one to a number it read a moment before: no addition may be lost."""

    def add(transaction: Transaction) -> None:
        before = get("sum")(transaction) or 0
        time.sleep(0.001)
        put("sum", before + 1)(transaction)

    async with open_test_store(tmp_path) as here, open_test_store(tmp_path) as there:
        for _ in range(40):
            await asyncio.gather(here.write(add), there.write(add))
        assert await here.read(get("sum")) == 80


async def test_a_process_that_keeps_the_turn_is_waited_for_and_then_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = databases.url(tmp_path)
    store = opened(url, patience_seconds=0.2)
    assert isinstance(store, PostgresStore)
    commit, groups = store._commit_once, list[int]()

    def counted(works: Sequence[UnitOfWork]) -> Committed:
        groups.append(len(works))
        return commit(works)

    monkeypatch.setattr(store, "_commit_once", counted)
    with psycopg.connect(url, autocommit=True) as other:
        other.execute(TAKE_TURN)
        answers = await asyncio.gather(
            *(store.write(put(f"n{i}")) for i in range(20)), return_exceptions=True
        )
    assert {type(answer) for answer in answers} == {StoreLocked}
    assert len(groups) <= 2, "a group waits once, not each of its units"
    await store.write(put("later"))
    assert await store.read(fill) == 1
    await store.close()


async def test_what_a_killed_process_was_answered_is_there_and_it_holds_nobody_up(
    tmp_path: Path,
) -> None:
    databases.url(tmp_path)
    process = child(tmp_path, "n", 100_000)
    assert process.stdout is not None
    answered = [int(process.stdout.readline()) for _ in range(30)][-1]
    process.send_signal(signal.SIGKILL)
    rest = process.stdout.read().split()
    process.wait(PATIENCE)
    process.stdout.close()
    answered = int(rest[-1]) if rest and rest[-1].isdigit() else answered
    async with open_test_store(tmp_path) as store:
        await store.write(put("after"))
        for number in range(0, answered, 7):
            assert await store.read(get(f"n{number}")) == number


HOLDER = """
import asyncio, sys
from datetime import timedelta
from pathlib import Path
from ingagents.integrations.clock import SystemClock
from ingagents.store.tables import leases
from ingagents.store.engine.open_store import open_store

async def main(url, seconds):
    store = open_store(url, folder=Path())
    now, lasts = SystemClock().now(), timedelta(seconds=float(seconds))
    await store.write(
        lambda t: leases.acquire(t, "outreach", holder="gone", now=now, lasts=lasts)
    )
    print(now.isoformat(), flush=True)
    await asyncio.Event().wait()

asyncio.run(main(*sys.argv[1:3]))
"""


def holder(url: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", HOLDER, url, str(LEASE_SECONDS)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


async def test_the_role_of_a_killed_process_is_taken_over_within_thirty_seconds(
    tmp_path: Path,
) -> None:
    async with open_test_store(tmp_path) as store:
        process = holder(databases.url(tmp_path))
        assert process.stdout is not None
        held = datetime.fromisoformat(process.stdout.readline().strip())
        process.kill()
        process.wait(PATIENCE)
        process.stdout.close()

        def acquire(after: float):
            now, lasts = held + timedelta(seconds=after), timedelta(seconds=LEASE_SECONDS)
            return lambda t: leases.acquire(t, "outreach", holder="me", now=now, lasts=lasts)

        assert await store.write(acquire(5)) is None, "nobody knows yet that it died"
        lease = await store.write(acquire(30))
        assert lease is not None
        assert lease.epoch == 2


async def test_an_event_of_another_process_wakes_who_waits(tmp_path: Path) -> None:
    """Who waits would else wait for an hour, which the suite's own limit would end."""
    clock = SystemClock()
    async with open_test_store(tmp_path) as here, open_test_store(tmp_path) as there:
        ours = MessageQueue(here, clock, process_id="here", new_id=numbered_ids("here"))
        theirs = MessageQueue(there, clock, process_id="there", new_id=numbered_ids("there"))
        far = clock.now() + timedelta(hours=1)
        for _ in range(4):
            ours.clear("outreach")
            assert not await here.read(lambda t: ours.something_waits(t, "outreach"))
            waiting = asyncio.ensure_future(ours.wait("outreach", until=far))
            await asyncio.sleep(0.15)  # the first time, its connection is still being made
            await theirs.publish("sales_manager", SearchRequest(wanted=1))
            await waiting


async def test_a_wakeup_of_our_own_does_not_come_back_over_the_server(tmp_path: Path) -> None:
    heard: list[str] = []
    async with open_test_store(tmp_path) as here, open_test_store(tmp_path) as there:
        assert isinstance(here, PostgresStore)
        here.listen(lambda: heard.append("woken"))
        await asyncio.sleep(0.2)
        await here.write(lambda t: t.after_commit(lambda: None))
        await asyncio.sleep(0.1)
        assert heard == []
        await there.write(lambda t: t.after_commit(lambda: None))
        await asyncio.sleep(0.1)
        assert heard == ["woken"]


# ---- a server that goes away ----


async def test_lost_connections_are_a_pause_for_reads_and_writes(
    tmp_path: Path, postgres: PostgresServer, store: PostgresStore
) -> None:
    for number in range(5):
        await store.write(put(f"n{number}"))
        await store.read(fill)
        assert postgres.cut(databases.url(tmp_path)) == 2
    await store.write(put("last"))
    assert await store.read(fill) == 6


async def test_a_connection_lost_inside_a_step_means_the_step_is_run_again(
    tmp_path: Path, postgres: PostgresServer, store: PostgresStore
) -> None:
    tries: list[int] = []

    def step(transaction: Transaction) -> None:
        put(f"try{len(tries)}")(transaction)
        tries.append(1)
        if len(tries) == 1:
            postgres.cut(databases.url(tmp_path))
        put("done")(transaction)

    await store.write(step)
    names = await store.read(lambda t: t.rows("SELECT name FROM notes ORDER BY name"))
    assert names == [("done",), ("try1",)], "once in effect"


async def test_a_connection_lost_at_the_commit_leaves_it_unknown_and_the_store_goes_on(
    tmp_path: Path, postgres: PostgresServer, store: PostgresStore
) -> None:
    def step(transaction: Transaction) -> None:
        put("a")(transaction)
        get("a")(transaction)  # nothing is put off: the COMMIT is what comes next
        postgres.cut(databases.url(tmp_path))

    with pytest.raises(CommitUnknown):
        await store.write(step)
    await store.write(put("b"))
    assert await store.read(get("b")) == 1


async def test_a_server_that_stays_away_is_said_after_the_patience(
    tmp_path: Path, postgres: PostgresServer, gate: threading.Event
) -> None:
    store = opened(databases.url(tmp_path), patience_seconds=0.5)
    assert isinstance(store, PostgresStore)
    await store.write(put("a"))
    postgres.stop()
    try:
        writes = [store.write(put(f"n{number}")) for number in range(10)]
        answers = await asyncio.gather(*writes, store.read(fill), return_exceptions=True)
        assert {isinstance(answer, StoreLocked) for answer in answers} == {True}
        assert answers[0].exit_code == 75  # type: ignore[union-attr]
    finally:
        postgres.start()
    await held_back(store, gate, put("later"))
    assert await store.read(fill) == 2
    await store.close()


async def test_a_server_that_is_restarted_is_waited_for(
    postgres: PostgresServer, store: PostgresStore
) -> None:
    ids = numbered_ids()

    def publish(transaction: Transaction) -> None:
        event = SearchRequest(wanted=1)
        journal.append(transaction, [event], agent="sales_manager", at=MONDAY, new_id=ids)

    await store.write(publish)
    await asyncio.to_thread(postgres.stop)
    writes = [asyncio.ensure_future(store.write(publish)) for _ in range(20)]
    reading = asyncio.ensure_future(store.read(fill))
    await asyncio.sleep(0.3)
    assert not any(write.done() for write in [*writes, reading])
    await asyncio.to_thread(postgres.start)
    await asyncio.gather(*writes, reading)
    assert await store.read(journal.last_seq) == 21
    assert await store.read(journal_audit.verify) == ()


async def test_a_process_that_stands_still_inside_its_turn_is_thrown_out(
    tmp_path: Path, store: PostgresStore
) -> None:
    with contextlib.closing(psycopg.connect(databases.url(tmp_path), autocommit=True)) as other:
        other.execute("SET idle_in_transaction_session_timeout = '200ms'")
        other.execute(TAKE_TURN)
        await store.write(put("a"))
    assert await store.write(lambda t: t.rows("SHOW idle_in_transaction_session_timeout")) == [
        ("10s",)
    ]
