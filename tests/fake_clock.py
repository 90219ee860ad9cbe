"""A clock that waits for nothing, for the tests of clients."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

START = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)


class FakeClock:
    """Jumps over every wait, remembers it, and refuses to wait while somebody is outside."""

    pace = 1.0

    def __init__(self, start: datetime = START) -> None:
        self.moment = start
        self.pauses: list[float] = []
        self.outside = 0
        self.visits = 0

    def now(self) -> datetime:
        return self.moment

    async def sleep_until(self, moment: datetime) -> None:
        assert self.outside == 0, "a clock that must not jump was asked to"
        self.pauses.append((moment - self.moment).total_seconds())
        self.moment = max(self.moment, moment)

    @contextmanager
    def busy(self) -> Iterator[None]:
        self.outside += 1
        self.visits += 1
        try:
            yield
        finally:
            self.outside -= 1
