"""A disk that fails under the department: nothing is sent on doubt, and the day is finished later.

Every write and every sync of SQLite can fail here (`tests.disk`), once or from then on. What a
small disk, a read-only folder and a spoilt file look like from the command line is told in
`tests/journeys/test_bad_input.py`.
"""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from ingagents.communication import journal_audit
from ingagents.errors import StoreError
from tests.disk import Disk, Operation, watched_disk
from tests.world import World, dead_letters, statuses

SMALL: dict[str, Any] = {
    "sales_manager": {"max_leads": 5, "search_below": 5, "write_to_other": True},
    "lead_finder": {"max_leads_per_day": 5},
    "outreach": {"uncertain": {"settle_seconds": 60, "looks": 2, "window_seconds": 120}},
}
SYNC_FAILED, WRITE_FAILED = 1034, 778  # SQLITE_IOERR_FSYNC, SQLITE_IOERR_WRITE
SETTLED = {"Message Sent", "Responded", "Needs Review", "Failed", "Closed", "Suppressed"}
Trouble = Callable[[Operation, Path], int | None]


@pytest.fixture
def disk() -> Iterator[Disk]:
    with watched_disk() as made:
        yield made


def quiet(_: Operation, __: Path) -> None:
    """Nothing goes wrong."""


async def work(world: World, disk: Disk, trouble: Trouble = quiet, **lasting: float) -> None:
    """The department at work, with a disk in trouble from its opening on."""
    async with world.department(**SMALL) as department:
        disk.before = trouble
        try:
            await department.run(until=world.now + timedelta(**(lasting or {"hours": 4})))
        finally:
            disk.before = quiet


async def assert_the_day_is_whole(world: World) -> None:
    """Nobody twice, every act in the books, everybody accounted for, the journal whole."""
    world.check(world.settings(**SMALL))
    async with world.department(**SMALL) as department:
        assert await department.store.read(journal_audit.verify) == ()
        assert await dead_letters(department) == []
        found = await statuses(department)
        assert set(found) <= SETTLED, found
        assert sum(found.values()) == 5, found
        texts = await department.store.read(lambda t: t.rows("SELECT text FROM deliveries"))
        assert {act.text for act in world.acts()} <= {text for (text,) in texts}
        assert len(world.acts()) >= 4


class Failing:
    """A disk on which the operations that `fails` picks by their number end with an error."""

    def __init__(self, operation: Operation, code: int, fails: Callable[[int], bool]) -> None:
        self.operation, self.code, self.fails = operation, code, fails
        self.seen = self.failed = 0

    def __call__(self, operation: Operation, _: Path) -> int | None:
        if operation != self.operation:
            return None
        self.seen += 1
        if not self.fails(self.seen):
            return None
        self.failed += 1
        return self.code


async def assert_survived(world: World, disk: Disk, trouble: Failing, *, least: int) -> None:
    async with world.keeping_time():
        await work_on(world, disk, trouble)
        assert trouble.failed >= least, f"of {trouble.seen} operations {trouble.failed} failed"
        await work(world, disk)
        await assert_the_day_is_whole(world)


@pytest.mark.parametrize("offset", range(4))
async def test_commits_without_a_clear_answer_stop_nothing_and_repeat_nothing(
    tmp_path: Path, disk: Disk, offset: int
) -> None:
    """One sync in four fails: in four days each commit of the day was answered by an error once."""
    trouble = Failing("sync", SYNC_FAILED, lambda number: number % 4 == offset)
    await assert_survived(World(tmp_path, size=60), disk, trouble, least=20)


@pytest.mark.parametrize("code", [WRITE_FAILED, sqlite3.SQLITE_FULL], ids=["broken", "full"])
async def test_writes_that_fail_stop_nothing_and_repeat_nothing(
    tmp_path: Path, disk: Disk, code: int
) -> None:
    trouble = Failing("write", code, lambda number: number % 17 == 0)
    await assert_survived(World(tmp_path, size=60), disk, trouble, least=20)


async def test_a_disk_that_is_full_for_a_while_is_waited_for(tmp_path: Path, disk: Disk) -> None:
    trouble = Failing("write", sqlite3.SQLITE_FULL, lambda number: 300 < number < 330)
    await assert_survived(World(tmp_path, size=60), disk, trouble, least=29)


@pytest.mark.parametrize("seed", range(5))
async def test_a_disk_that_dies_ends_the_sends_and_a_restart_from_it_loses_nothing(
    tmp_path: Path, disk: Disk, seed: int
) -> None:
    """From one operation on all fail, and only what was synced is there for sure."""
    chance = random.Random(seed)
    world, cut = World(tmp_path / "world", size=60), tmp_path / "cut"
    disk.holds(file_of(world))
    async with world.keeping_time():
        await work_until_the_disk_dies(
            world,
            disk,
            at=chance.randrange(250, 800),
            keep=lambda: disk.after_power_cut(file_of(world), chance, cut),
        )
        put_back(world, cut)
        await work(world, disk)
        await assert_the_day_is_whole(world)


@pytest.mark.parametrize("share", [0.2, 0.6])
async def test_a_log_that_was_overwritten_goes_back_to_a_commit_and_repeats_nothing(
    tmp_path: Path, disk: Disk, share: float
) -> None:
    """What stood behind the spoilt place is gone; the service still knows whom we wrote to."""
    world, cut = World(tmp_path / "world", size=60), tmp_path / "cut"
    async with world.keeping_time():
        await work_until_the_disk_dies(
            world,
            disk,
            at=700,
            keep=lambda: shutil.copytree(
                world.folder, cut, ignore=lambda _, names: {n for n in names if "-shm" in n}
            ),
        )
        log = cut / "ingagents.db-wal"
        written = bytearray(log.read_bytes())
        place = int(len(written) * share)
        written[place : place + 5000] = random.Random(1).randbytes(5000)
        log.write_bytes(written)
        put_back(world, cut)
        before = len(world.acts())
        assert before > 1
        await work(world, disk)
        world.check(world.settings(**SMALL))
        async with world.department(**SMALL) as department:
            assert await department.store.read(journal_audit.verify) == ()
            assert set(await statuses(department)) <= SETTLED


def file_of(world: World) -> Path:
    return world.folder / "ingagents.db"


async def work_until_the_disk_dies(
    world: World, disk: Disk, *, at: int, keep: Callable[[], object]
) -> None:
    """Work until an operation from which on all fail; `keep` what is on the disk by then."""
    left, acts_by_then = at, 0

    def dies(_: Operation, __: Path) -> int | None:
        nonlocal left, acts_by_then
        left -= 1
        if left == 0:
            keep()
            acts_by_then = len(world.acts())
        return sqlite3.SQLITE_IOERR if left <= 0 else None

    await work_on(world, disk, dies)
    assert left <= 0, f"the day has only {at - left} operations"
    assert len(world.acts()) <= acts_by_then + 1, "only what was in flight went out"


def put_back(world: World, kept: Path) -> None:
    """The department's files are those that were kept."""
    for old in world.folder.glob("ingagents.db*"):
        old.unlink()
    for survived in kept.glob("ingagents.db*"):
        survived.rename(world.folder / survived.name)


async def work_on(world: World, disk: Disk, trouble: Trouble) -> None:
    """Work on such a disk; that the end cannot be written down is no surprise."""
    with suppress(StoreError):
        await work(world, disk, trouble)
