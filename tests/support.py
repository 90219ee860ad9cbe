"""Openers that many tests share: a store in a folder, a clock that keeps time, a context."""

from __future__ import annotations

import asyncio
import itertools
import random
import tempfile
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext, suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from ingagents.communication.message_queue import MessageQueue
from ingagents.context import Context
from ingagents.integrations.clock import JumpingClock
from ingagents.ports import Clock
from ingagents.private_files import make_private
from ingagents.store.engine import open_store as opening
from ingagents.store.engine.group_commit import ThreadedStore
from tests import PATIENCE
from tests.factories import MONDAY
from tests.postgres import PostgresServer

DATABASE = "ingagents.db"
URL = f"sqlite:///{DATABASE}"
_openings = itertools.count(1)


class Databases:
    """Which database is under test; on PostgreSQL each folder has one of its own."""

    def __init__(self) -> None:
        self.server: PostgresServer | None = None
        self._urls: dict[Path, str] = {}

    def url(self, folder: Path) -> str:
        """Where the department of a folder keeps its data."""
        if self.server is None:
            return URL
        if folder not in self._urls:
            self._urls[folder] = self.server.fresh()
        return self._urls[folder]

    def on(self, server: PostgresServer) -> None:
        """From now on on PostgreSQL."""
        self.server = server

    def off(self) -> None:
        """Back to SQLite; what was made is dropped."""
        server, self.server = self.server, None
        while self._urls:
            _, url = self._urls.popitem()
            if server is not None:
                server.drop(url)


databases = Databases()


def numbered_ids(prefix: str = "id") -> Callable[[], str]:
    """Ids that count up: id-000001, id-000002 ..."""
    numbers = itertools.count(1)
    return lambda: f"{prefix}-{next(numbers):06d}"


@cache
def _empty(migrations: tuple[str, ...]) -> bytes:
    """A department's database as these make it, made once for all tests of this process."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "empty.db"
        opening._prepare(file, PATIENCE)
        return file.read_bytes()


def lay_database(file: Path) -> None:
    """Put an empty database where none is yet: a copy costs a tenth of what the migrations cost."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        make_private(file)
        file.write_bytes(_empty(tuple(opening._migrations())))


@asynccontextmanager
async def open_test_store(
    folder: Path, *, busy: Callable[[], AbstractContextManager[None]] = nullcontext
) -> AsyncGenerator[ThreadedStore, None]:
    """The database of a folder, made if need be, closed at the end."""
    if databases.server is None:
        lay_database(folder / DATABASE)
    store = opening.open_store(databases.url(folder), folder=folder, busy=busy)
    assert isinstance(store, ThreadedStore)
    try:
        yield store
    finally:
        await store.close()


@asynccontextmanager
async def jumping_clock(
    start: datetime = MONDAY, *, pace: float = 600.0
) -> AsyncGenerator[JumpingClock, None]:
    """A jumping clock whose `keep_time` runs for as long as the block; good in a fixture too."""
    clock = JumpingClock(start, pace=pace)
    keeping = asyncio.create_task(clock.keep_time())  # a fixture may end in another task
    try:
        yield clock
    finally:
        keeping.cancel()
        with suppress(asyncio.CancelledError):
            await keeping


@dataclass(frozen=True, kw_only=True)
class Office:
    """One process's view of a department: a context, and its parts with their exact types."""

    context: Context
    store: ThreadedStore
    queue: MessageQueue
    clock: Clock


@asynccontextmanager
async def open_office(
    folder: Path, clock: Clock, *, process_id: str = "office", seed: int = 1
) -> AsyncGenerator[Office, None]:
    """A context over the database in a folder; open two with different ids for two processes."""
    async with open_test_store(folder, busy=clock.busy) as store:
        new_id = numbered_ids(f"{process_id}-{next(_openings)}")
        queue = MessageQueue(store, clock, process_id=process_id, new_id=new_id)
        context = Context(
            store=store, queue=queue, clock=clock, new_id=new_id, chance=random.Random(seed)
        )
        yield Office(context=context, store=store, queue=queue, clock=clock)
