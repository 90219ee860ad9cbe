"""A department of an earlier version is opened by this one: nothing is lost, nobody hears twice.

`schema_1` holds what the last version of that schema left of a Monday and a Tuesday morning: people
written to and people who answered, some still to be written to, and an act in the air, for the
process died right after the service had performed it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from ingagents.communication import journal_audit
from ingagents.model import DEFAULT_CAMPAIGN, Classification, ContactStatus, DeliveryState, Profile
from ingagents.ports import Row, Transaction
from ingagents.sandbox.record import Record
from ingagents.store.engine import open_store as opening
from ingagents.store.engine.copy import tables_of
from ingagents.store.tables import lead_counts, leads
from tests.factories import a_lead
from tests.support import databases, open_test_store
from tests.world import ACCOUNT, World, dead_letters, deliveries_of, doubts_of

OLD = Path(__file__).with_name("schema_1")
DIED_AT = datetime(2027, 3, 2, 8, 11, 22, 706925, tzinfo=UTC)
Rows = dict[str, tuple[tuple[str, ...], list[Row]]]


@pytest.fixture
async def old_url(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The database of a folder as the earlier version left it."""
    if databases.server is not None:
        databases._urls[tmp_path] = databases.server.fresh(template="empty_shape")
    url = databases.url(tmp_path)
    with monkeypatch.context() as then:
        first = opening._migrations()[:1]
        then.setattr(opening, "_migrations", lambda: first)
        await opening.open_store(url, folder=tmp_path).close()
    fill(url, tmp_path)
    return url if databases.server is not None else f"sqlite:///{tmp_path / 'ingagents.db'}"


def fill(url: str, folder: Path) -> None:
    script = (OLD / "department.sql").read_text("utf-8")
    if databases.server is not None:
        databases.server.run(script, url=url)
        return
    with closing(sqlite3.connect(folder / "ingagents.db")) as old:
        old.executescript(script)


def _rows(transaction: Transaction, sql: str) -> list[Row]:
    return transaction.rows(sql)


def before() -> Rows:
    """Every row of the earlier version, by the table's columns of then."""
    old = sqlite3.connect(":memory:")
    with closing(old):
        old.executescript(opening._migrations()[0])
        old.executescript((OLD / "department.sql").read_text("utf-8"))
        tables = [n for (n,) in old.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        found: Rows = {}
        for table in tables:
            cursor = old.execute(f"SELECT * FROM {table}")
            columns = tuple(str(one[0]) for one in cursor.description)
            found[table] = (columns, sorted(cursor.fetchall(), key=repr))
        return found


def _of_the_one(value: Any) -> Any:
    """A value as it was told while there was one account: notes of it had no name of their own."""
    return value.removesuffix(f":{ACCOUNT}") if isinstance(value, str) else value


async def test_every_row_of_the_earlier_version_is_there_as_it_was(
    old_url: str, tmp_path: Path
) -> None:
    old = before()
    async with open_test_store(tmp_path) as store:
        for table, (columns, rows) in old.items():
            kept = await store.read(partial(_rows, sql=f"SELECT {', '.join(columns)} FROM {table}"))
            said = [tuple(_of_the_one(value) for value in row) for row in kept]
            assert sorted(said, key=repr) == rows, table
        assert set(await store.read(lambda t: tables_of(t.rows(store.CATALOGUE)))) == {
            *old,
            "lead_counts",
            "rings",
        }
        statuses = await store.read(
            lambda t: t.rows("SELECT contact_status, count(*) FROM leads GROUP BY 1")
        )
        assert await store.read(lead_counts.by_status) == dict(statuses)
        assert await store.read(journal_audit.verify) == ()


async def test_what_was_done_is_of_the_one_campaign_and_of_the_account_that_wrote(
    old_url: str, tmp_path: Path
) -> None:
    async with open_test_store(tmp_path) as store:
        everybody = await store.read(leads.every)
        assert {one.campaign for one in everybody} == {DEFAULT_CAMPAIGN}
        assert {(one.sent_at is not None, one.account_id) for one in everybody} == {
            (True, ACCOUNT),
            (False, ACCOUNT),  # claimed, and not known to have arrived
            (False, ""),
        }
        for table in ("deliveries", "replies", "reviews", "schedule"):
            rows = await store.read(partial(_rows, sql=f"SELECT campaign FROM {table}"))
            assert {campaign for (campaign,) in rows} <= {"default"}
        answered = await store.read(lambda t: t.rows("SELECT account_id FROM replies"))
        assert answered
        assert set(answered) == {(ACCOUNT,)}
        holds = await store.read(lambda t: t.rows("SELECT account_id, campaign FROM limits"))
        assert holds == [(ACCOUNT, "")]


@asynccontextmanager
async def the_same_world(folder: Path) -> AsyncIterator[World]:
    """The market with what is on its record, at the moment the process died."""
    Record(folder / "market.db").close()
    with closing(sqlite3.connect(folder / "market.db")) as file:
        file.execute("ALTER TABLE acts DROP COLUMN account")  # as it was then
        file.executescript((OLD / "market.sql").read_text("utf-8"))
    record = Record(folder / "market.db")
    with closing(record):
        world = World(folder, seed=5, size=30, start=DIED_AT, record=record)
        world._openings = 2  # ids are drawn by the number of the opening: two were before
        yield world


async def test_the_department_lives_on_and_writes_to_nobody_twice(
    old_url: str, tmp_path: Path
) -> None:
    async with the_same_world(tmp_path) as world:
        written_to = {act.person for act in world.acts()}
        async with world.at_work(
            sales_manager={"max_leads": 6}, database={"url": old_url}
        ) as department:
            await department.run(until=world.at(2, 18))
            world.check(department.settings)
            later = [act for act in world.acts() if act.at > DIED_AT]
            anew = {act.person for act in later} - written_to
            assert len(anew) >= 4, "those who waited were written to"
            assert all(act.kind == "message" for act in later if act.person in written_to)
            assert len(written_to) == 8
            assert await doubts_of(department) == []
            assert await dead_letters(department) == []
            assert await department.store.read(journal_audit.verify) == ()
            everybody = await department.store.read(leads.every)
            for lead in everybody:
                acts = await deliveries_of(department, lead.id)
                sent = [act.step for act in acts if act.state is DeliveryState.SENT]
                assert len(sent) == len(set(sent))
                assert (lead.account_id == ACCOUNT) == bool(acts)


async def test_a_copy_of_the_earlier_file_stands_beside_it(tmp_path: Path, monkeypatch) -> None:
    with monkeypatch.context() as then:
        first = opening._migrations()[:1]
        then.setattr(opening, "_migrations", lambda: first)
        async with open_test_store(tmp_path):
            pass
    fill("", tmp_path)
    async with open_test_store(tmp_path) as store:
        ((count,),) = await store.read(lambda t: t.rows("SELECT count(*) FROM leads"))
    with closing(sqlite3.connect(tmp_path / "ingagents.db.before-schema-2")) as copy:
        assert copy.execute("PRAGMA user_version").fetchone() == (1,)
        assert copy.execute("SELECT count(*) FROM leads").fetchone() == (count,)


async def test_who_was_taken_for_other_for_want_of_a_position_is_not_judged_yet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scripts = opening._migrations()
    (before,) = (n for n, one in enumerate(scripts) if "nothing to judge by is" in one)
    bare: dict[str, Any] = {
        "classification": Classification.OTHER,
        "classification_confidence": 0.2,
        "position": "",
        "provider_id": "",
        "profile": Profile(name="Ada"),
    }
    people = [
        a_lead(1, **bare),
        a_lead(2, **{**bare, "provider_id": "ACoAAseen"}),
        a_lead(3, **{**bare, "position": "Accountant"}),
        a_lead(4, **bare),
        a_lead(5, **{**bare, "contact_status": ContactStatus.INVITED}),
    ]

    def fill(transaction: Transaction) -> None:
        for one in people:
            leads.insert(transaction, one, [])
        transaction.run(
            "INSERT INTO journal VALUES (1, 'e1', 'lead_updated', 1, 'sheet:Kim', :id, '',"
            " '{}', '2027-03-01T09:00:00Z', '', '', NULL)",
            {"id": people[3].id},
        )

    with monkeypatch.context() as then:
        then.setattr(opening, "_migrations", lambda: scripts[:before])
        async with open_test_store(tmp_path) as store:
            await store.write(fill)
    async with open_test_store(tmp_path) as store:
        kinds = {one.id[-1]: one.classification for one in await store.read(leads.every)}
        left = await store.read(lambda t: lead_counts.uncontacted(t, at_least=6.0))
    assert [number for number, kind in sorted(kinds.items()) if kind is None] == ["1"]
    assert left.every == 4
