"""What reading and writing cost SQLite: statements, and steps of its machine, on any day the same."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from ingagents.ports import Store
from ingagents.store.engine.sqlite import SqliteStore

_STEPS_AT_ONCE = 50


@dataclass
class Cost:
    """Counted so far."""

    statements: list[str] = field(default_factory=list)
    steps: int = 0

    def step(self) -> int:
        self.steps += _STEPS_AT_ONCE
        return 0


@contextmanager
def counted(store: Store) -> Iterator[Cost]:
    """Count what an open store does meanwhile."""
    assert isinstance(store, SqliteStore)
    cost, connections = Cost(), [store._reader, store._writer]
    for connection in connections:
        assert isinstance(connection, sqlite3.Connection)
        connection.set_progress_handler(cost.step, _STEPS_AT_ONCE)
        connection.set_trace_callback(cost.statements.append)
    try:
        yield cost
    finally:
        for connection in connections:
            assert isinstance(connection, sqlite3.Connection)
            connection.set_progress_handler(None, 0)
            connection.set_trace_callback(None)
