"""A database file that was deleted, moved, replaced or overwritten under an open store takes no more writes."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing, nullcontext
from pathlib import Path

import pytest

from ingagents.errors import CommitUnknown, StoreGone
from ingagents.store.engine.file_lock import FileLock
from ingagents.store.engine.open_store import open_store
from ingagents.store.engine.sqlite import SqliteStore
from tests.store.engine.test_contract import get, put
from tests.support import URL

FILE = "ingagents.db"


def delete(folder: Path) -> None:
    for file in folder.glob(f"{FILE}*"):
        file.unlink()


def delete_database_alone(folder: Path) -> None:
    (folder / FILE).unlink()


def delete_log(folder: Path) -> None:
    (folder / f"{FILE}-wal").unlink()
    (folder / f"{FILE}-shm").unlink()


def delete_index_of_log(folder: Path) -> None:
    (folder / f"{FILE}-shm").unlink()


def move(folder: Path) -> None:
    for file in folder.glob(f"{FILE}*"):
        file.rename(folder / f"old-{file.name}")


def move_folder(folder: Path) -> None:
    folder.rename(folder.with_name("elsewhere"))


def remove_folder(folder: Path) -> None:
    shutil.rmtree(folder)


def replace_by_a_copy(folder: Path) -> None:
    shutil.copy(folder / FILE, folder / "copy")
    (folder / "copy").replace(folder / FILE)


def replace_by_another(folder: Path) -> None:
    delete(folder)
    with closing(sqlite3.connect(folder / FILE)) as other:
        other.execute("CREATE TABLE other (x)")


def replace_folder_by_a_copy(folder: Path) -> None:
    shutil.copytree(folder, folder.with_name("copy"))
    folder.rename(folder.with_name("elsewhere"))
    folder.with_name("copy").rename(folder)


def empty(folder: Path) -> None:
    (folder / FILE).write_bytes(b"")


def overwrite_by_zeros(folder: Path) -> None:
    with (folder / FILE).open("r+b") as file:
        file.write(bytes(8 * 4096))


def overwrite_by_a_backup(folder: Path) -> None:
    with closing(sqlite3.connect(folder / FILE)) as other:
        other.execute("VACUUM INTO ?", (str(folder / "backup"),))
    shutil.copyfile(folder / "backup", folder / FILE)


def overwrite_by_another(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "other")) as other:
        other.execute("CREATE TABLE other (x)")
        other.commit()
    shutil.copyfile(folder / "other", folder / FILE)


IN_PLACE = [empty, overwrite_by_zeros, overwrite_by_a_backup, overwrite_by_another]
WAYS = [
    delete,
    delete_database_alone,
    delete_log,
    delete_index_of_log,
    move,
    move_folder,
    remove_folder,
    replace_by_a_copy,
    replace_by_another,
    replace_folder_by_a_copy,
]


@pytest.mark.parametrize("way", WAYS)
async def test_nothing_is_written_where_nobody_else_sees_it(
    way: Callable[[Path], None], tmp_path: Path
) -> None:
    folder = tmp_path / "here"
    folder.mkdir()
    store = open_store(URL, folder=folder)
    try:
        for _ in range(6):  # the quick ones are made on the loop
            await store.write(put("a"))
        way(folder)
        with pytest.raises(StoreGone):
            await store.write(put("b"))
        with pytest.raises(StoreGone) as caught:
            await store.write(put("b"))
        assert str(folder / FILE) in caught.value.what
        assert caught.value.remedy
        assert await store.read(get("b")) is None
    finally:
        await store.close()


@pytest.mark.parametrize("way", IN_PLACE)
async def test_nothing_is_written_over_what_is_another_database_by_now(
    way: Callable[[Path], None], tmp_path: Path
) -> None:
    store = open_store(URL, folder=tmp_path)
    try:
        for _ in range(6):
            await store.write(put("a"))
        way(tmp_path)
        for _ in range(2):
            with pytest.raises(StoreGone) as caught:
                await store.write(put("b"))
            assert str(tmp_path / FILE) in caught.value.what
    finally:
        await store.close()


async def test_a_link_that_leads_elsewhere_is_noticed(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        await open_store(URL, folder=tmp_path / name).close()
    link = tmp_path / "now"
    link.symlink_to(tmp_path / "one")
    store = open_store(URL, folder=link)
    try:
        await store.write(put("a"))
        link.unlink()
        link.symlink_to(tmp_path / "two")
        with pytest.raises(StoreGone):
            await store.write(put("b"))
    finally:
        await store.close()


async def test_a_linked_file_is_used_like_any_other(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    await open_store(URL, folder=tmp_path / "real").close()
    (tmp_path / FILE).symlink_to(tmp_path / "real" / FILE)
    store = open_store(URL, folder=tmp_path)
    try:
        await store.write(put("a"))
        (tmp_path / FILE).unlink()
        with pytest.raises(StoreGone):
            await store.write(put("b"))
    finally:
        await store.close()


async def test_leaving_a_replaced_database_spares_the_log_of_the_new_one(tmp_path: Path) -> None:
    """SQLite deletes a log by its name; by then that is the name of another's."""
    old = open_store(URL, folder=tmp_path)
    await old.write(put("a"))
    delete(tmp_path)
    new = open_store(URL, folder=tmp_path)
    await new.write(put("fresh"))
    log = (tmp_path / f"{FILE}-wal").stat().st_ino
    await old.close()
    assert (tmp_path / f"{FILE}-wal").stat().st_ino == log
    await new.write(put("more"))
    third = open_store(URL, folder=tmp_path)
    assert await third.read(get("fresh")) is not None
    assert await third.read(get("more")) is not None
    await third.close()
    await new.close()


async def test_what_others_do_in_the_same_file_is_no_replacement(tmp_path: Path) -> None:
    """Others come and go, checkpoint, and rebuild the file; we lose our own connection."""
    store = open_store(URL, folder=tmp_path)
    assert isinstance(store, SqliteStore)
    await store.write(put("a"))
    other = open_store(URL, folder=tmp_path)
    await other.write(put("b"))
    await other.scrub()
    await other.close()
    await store.write(put("c"))
    store._drop_writer()
    await store.write(put("d"))
    await store.close()
    assert not (tmp_path / f"{FILE}-wal").exists()


async def test_nothing_is_written_over_an_older_copy_whoever_opened_it_meanwhile(
    tmp_path: Path,
) -> None:
    """It is whole, and what was done since stands in it no more."""
    await open_store(URL, folder=tmp_path).close()
    shutil.copyfile(tmp_path / FILE, tmp_path / "older")
    before = open_store(URL, folder=tmp_path)
    await before.write(put("a"))
    await before.close()
    store = open_store(URL, folder=tmp_path)
    try:
        await store.write(put("b"))
        shutil.copyfile(tmp_path / "older", tmp_path / FILE)
        other = open_store(URL, folder=tmp_path)
        await other.write(put("c"))
        await other.close()
        with pytest.raises(StoreGone):
            await store.write(put("d"))
    finally:
        await store.close()


@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize("noting", [True, False])
async def test_who_died_within_a_checkpoint_leaves_a_file_that_is_looked_through(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, noting: bool, whole: bool
) -> None:
    store = open_store(URL, folder=tmp_path)
    assert isinstance(store, SqliteStore)
    await store.write(put("a"))
    lock = FileLock(tmp_path / f"{FILE}.lock")
    with closing(lock), lock.held():
        line, _, _ = lock.noted().partition(":")
        lock.note(f"{line}:" if noting else "")
        with closing(sqlite3.connect(tmp_path / FILE)) as dying:
            dying.execute("PRAGMA wal_checkpoint(PASSIVE)")
    monkeypatch.setattr(store._file, "_is_whole", lambda: whole)
    with nullcontext() if whole else pytest.raises(StoreGone):
        await store.write(put("b"))
    await store.close()


async def test_a_checkpoint_of_our_own_is_not_looked_through(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That would read the whole database at every end of a task."""
    looked: list[Path] = []
    monkeypatch.setattr("ingagents.store.engine.sqlite._is_whole", looked.append)
    stores = [open_store(URL, folder=tmp_path) for _ in range(2)]
    for store in stores:
        assert isinstance(store, SqliteStore)
        for number in range(3):
            await store.write(put(str(number) * 5_000_000))  # more than the log holds
            await stores[0].write(put("a"))
            await stores[1].write(put("b"))
    await stores[0].scrub()
    await stores[0].close()
    await stores[1].write(put("c"))
    await stores[1].close()
    assert looked == []


async def test_a_file_that_goes_while_work_runs_is_not_written_to(tmp_path: Path) -> None:
    store = open_store(URL, folder=tmp_path)

    def work(transaction: object) -> None:
        put("late")(transaction)
        (tmp_path / FILE).unlink(missing_ok=True)

    try:
        with pytest.raises(StoreGone) as caught:
            await store.write(work)
        assert not isinstance(caught.value, CommitUnknown)
        assert await store.read(get("late")) is None
    finally:
        await store.close()
