"""A database file that was deleted, moved or replaced under an open store takes no more writes."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from ingagents.errors import CommitUnknown, StoreGone
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
