"""What a driver's transaction keeps beside its statements."""

from __future__ import annotations

import functools
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from typing import Any, ClassVar

from ingagents.ports import Row, Transaction

_ROWS_AT_ONCE = 50


class BaseTransaction(ABC):
    """What a driver's transaction keeps beside its statements: state, work put off, wakeups.

    `MARK` is how the driver writes the place of an unnamed value; {} is its number.
    """

    MARK: ClassVar[str]

    def __init__(self) -> None:
        self.state: dict[object, Any] = {}
        self._later: dict[str, Callable[[Transaction], object]] = {}
        self._last: dict[str, Callable[[Transaction], object]] = {}
        self._wakeups: dict[Callable[[], None], None] = {}

    @property
    def wakeups(self) -> Sequence[Callable[[], None]]:
        """Whom to wake once this is durable, each once."""
        return tuple(self._wakeups)

    def before_next(self, key: str, work: Callable[[Transaction], object]) -> None:
        self._later[key] = work

    def before_commit(self, key: str, work: Callable[[Transaction], object]) -> None:
        self._last[key] = work

    def catch_up(self) -> None:
        """Run what was put off; before every other statement, and before the commit."""
        while self._later:
            later, self._later = self._later, {}
            for work in later.values():
                work(self)

    def finish(self) -> None:
        """Run all that was put off; nothing but the commit comes after it."""
        self.catch_up()
        while self._last:
            last, self._last = self._last, {}
            for work in last.values():
                work(self)
            self.catch_up()

    def insert(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        self.catch_up()
        several = len(rows) - len(rows) % _ROWS_AT_ONCE
        if several:
            self.run_rows(
                _insert(self.MARK, table, tuple(columns), _ROWS_AT_ONCE),
                [
                    tuple(chain.from_iterable(rows[at : at + _ROWS_AT_ONCE]))
                    for at in range(0, several, _ROWS_AT_ONCE)
                ],
            )
        if several < len(rows):
            self.run_rows(_insert(self.MARK, table, tuple(columns), 1), rows[several:])

    @abstractmethod
    def rows(self, sql: str, parameters: Mapping[str, Any] = {}) -> list[Row]: ...

    @abstractmethod
    def run(self, sql: str, parameters: Mapping[str, Any] = {}) -> int: ...

    @abstractmethod
    def run_rows(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        """Run one statement for each set of unnamed values, which go to its `MARK`s."""

    @abstractmethod
    def run_many(self, sql: str, parameters: Sequence[Mapping[str, Any]]) -> None: ...

    def after_commit(self, notify: Callable[[], None]) -> None:
        self._wakeups[notify] = None


@functools.lru_cache(maxsize=256)
def _insert(mark: str, table: str, columns: tuple[str, ...], rows: int) -> str:
    """The statement that inserts so many rows.

    Starting a statement costs as much as writing a row; a group of events starts few.
    """
    width = len(columns)
    marks = [mark.format(number) for number in range(1, width * rows + 1)]
    values = (", ".join(marks[at : at + width]) for at in range(0, len(marks), width))
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES " + ", ".join(
        f"({row})" for row in values
    )
