"""Deaths at chosen boundaries, each followed by a restart and a look at what came of it."""

from __future__ import annotations

import json
import threading
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.kills.boundaries import KINDS, Boundary, parse_trace
from tests.kills.nursery import Nursery
from tests.kills.phases import FIRST, begun
from tests.kills.workday import Workday
from tests.postgres import PostgresServer

Fresh = Callable[[], AbstractContextManager[str]]
"""A new database for one department: PostgreSQL's URL, or "" for SQLite's file."""

_DEATHS_EACH = 4
"""Deaths of one department: at five, an event that was in hand each time is a dead letter."""


@dataclass(kw_only=True)
class Tally:
    """What many deaths came to."""

    days: int = 0
    deaths: Counter[str] = field(default_factory=Counter)
    missed: int = 0
    """Boundaries that were not reached again: chance orders the work of three agents."""
    figures: Counter[str] = field(default_factory=Counter)
    """What the days came to, beside that nothing was lost."""
    failures: list[str] = field(default_factory=list)
    turn: threading.Lock = field(default_factory=threading.Lock)

    def died(self, boundary: Boundary) -> None:
        """Count a death."""
        with self.turn:
            self.deaths[boundary.kind] += 1

    def failed(self, told: str) -> None:
        """Keep what must not be."""
        with self.turn:
            self.failures.append(told)

    def ended(self, day: Workday) -> None:
        """Look at a day that is over, and count what it came to."""
        day.check()
        if day.team is not None:
            with self.turn:
                self.figures.update(day.team.figures)

    def line(self) -> str:
        """The figures in a line."""
        each = ", ".join(f"{kind} {self.deaths[kind]}" for kind in KINDS)
        return (
            f"{self.deaths.total()} kills ({each}), {self.days} days, not reached {self.missed},"
            f" duplicates or losses {len(self.failures)}"
            + "".join(f", {what} {count}" for what, count in sorted(self.figures.items()))
        )


def _passed(folder: Path, nursery: Nursery, fresh: Fresh, phase: str) -> Counter[str]:
    """How many boundaries of each kind a day without a death passes."""
    trace = folder / "trace"
    with fresh() as database, begun(folder, nursery, database=database, phase=phase) as day:
        assert day.work(trace=trace)
        day.check()
    return Counter(boundary.kind for boundary in parse_trace(trace))


def die_once(
    folder: Path, nursery: Nursery, fresh: Fresh, at: str, tally: Tally, *, phase: str = FIRST
) -> Boundary | None:
    """A day with one death, worked to its end and checked; where it died, None if nowhere."""
    trace = folder / "trace"
    with fresh() as database, begun(folder, nursery, database=database, phase=phase) as day:
        died = not day.work(at=at, trace=trace)
        if died:
            day.work()
        tally.ended(day)
    return parse_trace(trace)[-1] if died else None


def die_at_every_boundary(
    folder: Path,
    nursery: Nursery,
    fresh: Fresh,
    *,
    phase: str,
    together: int,
    tell: Callable[[str], None],
) -> Tally:
    """The whole proof: for every boundary of the day a fresh department that dies just there."""
    tally = Tally(days=1)
    counts = _passed(folder / "undisturbed", nursery, fresh, phase)
    points = [f"{kind}:{number}" for kind in KINDS for number in range(1, counts[kind] + 1)]
    tell(f"{len(points)} boundaries: {dict(counts)}")

    def one(at: str) -> None:
        try:
            place = folder / at.replace(":", "-")
            boundary = die_once(place, nursery, fresh, at, tally, phase=phase)
        except AssertionError as exc:
            tally.failed(f"--phase {phase!r} --at {at}: {_why(exc)}")
            tell(tally.failures[-1])
        else:
            if boundary is None:
                tally.missed += 1
            else:
                tally.died(boundary)
        tally.days += 1
        if tally.days % 100 == 0:
            tell(tally.line())

    with ThreadPoolExecutor(together) as pool:
        list(pool.map(one, points))
    return tally


def die_at_every_sort(
    folder: Path,
    nursery: Nursery,
    fresh: Fresh,
    *,
    phase: str,
    known: set[str],
    days_most: int,
    together: int,
) -> Tally:
    """Every sort of boundary once: departments that die at the first of a sort not yet known.

    Recovering is a part of it: what a restart does after a death is of new sorts, too.
    """
    tally = Tally()

    def one(number: int) -> None:
        place = folder / str(number)
        with fresh() as database, begun(place, nursery, database=database, phase=phase) as day:
            tally.days += 1
            try:
                for boundary in _deaths(day, known):
                    tally.died(boundary)
                tally.ended(day)
            except AssertionError as exc:
                tally.failed(f"{place}: {_why(exc)}")

    def some(first: int) -> None:
        for number in range(first, days_most, together):
            before = len(known)
            one(number)
            if len(known) == before:
                return

    with ThreadPoolExecutor(together) as pool:
        list(pool.map(some, range(together)))
    return tally


def _why(failure: AssertionError) -> str:
    """What an assertion says, or where it stands if it has no words."""
    return str(failure) or "".join(traceback.format_tb(failure.__traceback__)[-2:])


def _deaths(day: Workday, known: set[str]) -> Iterator[Boundary]:
    """Let a day die a few times at what is not known yet, and then come to its end."""
    for number in range(_DEATHS_EACH):
        at, trace = day.folder / f"known-{number}.json", day.folder / f"trace-{number}"
        at.write_text(json.dumps(sorted(known)), "utf-8")
        if day.work(at=str(at), trace=trace):
            return
        boundary = parse_trace(trace)[-1]
        known.add(boundary.sort)
        yield boundary
    assert day.work()


@contextmanager
def sqlite() -> Iterator[str]:
    """SQLite: the file lies in the department's folder."""
    yield ""


def on_postgres(server: PostgresServer) -> Fresh:
    """PostgreSQL: a new database of a server for each department."""

    @contextmanager
    def fresh() -> Iterator[str]:
        url = server.fresh()
        try:
            yield url
        finally:
            server.drop(url)

    return fresh
