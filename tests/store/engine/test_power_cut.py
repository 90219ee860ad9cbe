"""The plug is pulled: what was acknowledged is there, whatever else of the last writes arrived.

A kill cannot show this, for the operating system still writes what a dead process left. So the
files are taken as the disk surely has them (`tests.disk`), with any of the later sectors.
"""

from __future__ import annotations

import asyncio
import json
import random
import sqlite3
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from ingagents.communication import journal, journal_audit
from ingagents.errors import StoreError
from ingagents.events import LeadsImported
from ingagents.ports import Transaction
from ingagents.store.engine.open_store import open_store
from ingagents.store.engine.sqlite import SqliteStore
from tests.disk import Operation, watched_disk
from tests.factories import MONDAY
from tests.support import URL, numbered_ids, open_test_store

WRITERS = 4
EVENTS_EACH = 36
CUTS_EACH = 30
"""At most."""


@dataclass(frozen=True, kw_only=True)
class Cut:
    """A moment at which the plug was pulled: the files of then, and what had been answered."""

    folder: Path
    acknowledged: frozenset[str]


async def work_through_cuts(folder: Path, seed: int, *, synchronous: str) -> list[Cut]:
    """Write events, some at a time, while the plug is pulled at random operations."""
    chance = random.Random(seed)
    acknowledged: set[str] = set()
    cuts: list[Cut] = []
    new_id = numbered_ids()
    with watched_disk() as disk:
        store = open_store(URL, folder=folder)
        assert isinstance(store, SqliteStore)
        assert store._writer is not None
        store._writer.execute(f"PRAGMA synchronous = {synchronous}")
        store._writer.execute("PRAGMA wal_autocheckpoint = 40")

        def pull(_: Operation, path: Path) -> None:
            if len(cuts) < CUTS_EACH and chance.random() < 0.15:
                sure = frozenset(acknowledged)
                into = folder / f"cut-{len(cuts)}"
                disk.after_power_cut(folder / "ingagents.db", chance, into)
                cuts.append(Cut(folder=into, acknowledged=sure))

        disk.before = pull

        async def write(writer: int) -> None:
            for number in range(EVENTS_EACH):
                source = f"{writer}/{number}"
                await store.write(publishing(source, new_id))
                acknowledged.add(source)

        await asyncio.gather(*(write(writer) for writer in range(WRITERS)))
        disk.before = lambda *_: None
        await store.close()
    assert len(cuts) > CUTS_EACH / 2, f"seed {seed}"
    return cuts


async def outcome(cut: Cut) -> str:
    """What a start after the cut finds: "whole", "lossy" (acknowledged events are gone) or "damaged"."""
    try:
        with closing(sqlite3.connect(cut.folder / "ingagents.db")) as found:
            if found.execute("PRAGMA integrity_check").fetchone() != ("ok",):
                return "damaged"
        async with open_test_store(cut.folder) as store:
            entries = await store.read(lambda t: journal.entries(t, limit=10_000))
            faults = await store.read(journal_audit.verify)
            await store.write(publishing("after", numbered_ids("after")))
            faults += await store.read(journal_audit.verify)
    except (StoreError, sqlite3.DatabaseError):
        return "damaged"
    kept = {json.loads(entry.data)["source"] for entry in entries}
    if cut.acknowledged - kept:
        return "lossy"
    return "damaged" if faults else "whole"


def publishing(source: str, new_id: Callable[[], str]) -> Callable[[Transaction], None]:
    event = LeadsImported(source=source, taken=1, merged=0, refused=0)
    return lambda t: journal.append(t, [event], agent="test", at=MONDAY, new_id=new_id)


async def outcomes(folder: Path, seeds: Sequence[int], *, synchronous: str) -> Counter[str]:
    """What all cuts of some seeds came to."""
    found: Counter[str] = Counter()
    for seed in seeds:
        place = folder / str(seed)
        place.mkdir()
        for cut in await work_through_cuts(place, seed, synchronous=synchronous):
            found[await outcome(cut)] += 1
    print(f"synchronous = {synchronous}, seeds {seeds}: {dict(found)}")
    return found


async def test_nothing_acknowledged_is_lost_by_a_power_cut(tmp_path: Path) -> None:
    assert set(await outcomes(tmp_path, (1, 2, 3, 4), synchronous="FULL")) == {"whole"}


async def test_the_cut_shows_a_durability_that_was_turned_down(tmp_path: Path) -> None:
    found = await outcomes(tmp_path, (1, 2), synchronous="NORMAL")
    assert found["lossy"] > found.total() / 4
    assert not found["damaged"], "the log keeps the file whole even so"


async def test_the_cut_shows_a_durability_that_was_turned_off(tmp_path: Path) -> None:
    found = await outcomes(tmp_path, (1, 2), synchronous="OFF")
    assert found["lossy"] + found["damaged"] > found.total() / 2
