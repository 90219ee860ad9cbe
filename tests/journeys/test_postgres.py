"""A department on PostgreSQL: a whole day, a server that is restarted, moving in and out."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingagents.app.department import open_department
from ingagents.app.doctor import examine
from ingagents.cli.app import run_command
from ingagents.communication import inbox, journal_audit
from ingagents.settings import Settings
from ingagents.store.tables import lead_counts
from tests.postgres import PostgresServer


@pytest.fixture
def url(postgres: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An empty database; the working folder is the test's own."""
    monkeypatch.chdir(tmp_path)
    url = postgres.fresh(template="empty_shape")
    yield url
    postgres.drop(url)


def on(url: str, folder: Path) -> Settings:
    return Settings.model_validate(
        {"database": {"url": url}, "email": {"outbox": str(folder / "outbox")}}
    )


async def test_a_day_goes_through_two_restarts_of_the_server(
    url: str, tmp_path: Path, postgres: PostgresServer
) -> None:
    restarts = 0

    async def restart_now_and_then() -> None:
        nonlocal restarts
        while restarts < 2:
            await asyncio.sleep(0.5)
            await asyncio.to_thread(postgres.stop)
            await asyncio.sleep(0.2)
            await asyncio.to_thread(postgres.start)
            restarts += 1

    async with open_department(on(url, tmp_path), jumping=True, seed=1) as department:
        restarting = asyncio.ensure_future(restart_now_and_then())
        await department.run(until=department.day_ends())
        await restarting
        store = department.store
        people = await store.read(
            lambda t: t.rows("SELECT recipient FROM deliveries WHERE step = 'first-contact'")
        )
        assert len(people) > 20
        assert len(set(people)) == len(people), "nobody got a first message twice"
        assert await store.read(journal_audit.verify) == ()
        assert await store.read(inbox.dead_letters) == []
        assert await store.read(inbox.counts) == {}
        status = await department.status()
        assert status.leads.get("Uncertain", 0) == 0
    assert restarts == 2


def test_a_department_moves_there_and_back_by_a_command(
    url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async def search() -> int:
        settings = on(f"sqlite:///{tmp_path}/mine.db", tmp_path)
        async with open_department(settings, seed=1) as department:
            await department.once("search")
            return sum((await department.store.read(lead_counts.by_status)).values())

    found = asyncio.run(search())
    assert found > 0
    for source, target in (("sqlite:///mine.db", url), (url, "sqlite:///back.db")):
        assert run_command(["database", "copy", source, target]) == 0
        said = capsys.readouterr().out
        assert f"leads\t{found}\n" in said
        assert "chain is whole" in said
    assert run_command(["database", "copy", "sqlite:///back.db", url]) == 1
    assert "already holds a department" in capsys.readouterr().err
    assert run_command(["database", "copy", "sqlite:///typo.db", url]) == 1
    assert "there is no database" in capsys.readouterr().err
    assert not (tmp_path / "typo.db").exists()


async def test_the_doctor_says_where_the_data_are_or_what_is_wrong_with_the_url(
    url: str, tmp_path: Path
) -> None:
    secret = "s3cr3t-pw"
    with_password = url.replace("postgres:@", f"postgres:{secret}@")
    looks = {look["check"]: look for look in await examine(on(with_password, tmp_path))}
    assert looks["database"]["ok"]
    assert looks["database"]["says"].startswith("postgresql://")
    assert looks["disk"]["ok"]
    for wrong, says, fix in (
        (f"postgresql://kim:{secret}@127.0.0.1:1/x", "does not answer", "start it"),
        (with_password.replace("/test_", "/no_test_"), "no database", "createdb"),
        (f"mysql://kim:{secret}@h/x", "no database we know", "postgresql://"),
    ):
        found = await examine(on(wrong, tmp_path))
        looks[wrong] = next(look for look in found if look["check"] == "database")
        assert not looks[wrong]["ok"]
        assert says in looks[wrong]["says"]
        assert fix in looks[wrong]["fix"]
    assert secret not in repr([list(look.values()) for look in looks.values()])
