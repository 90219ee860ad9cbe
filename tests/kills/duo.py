"""`make duo MINUTES=5`: several processes on one PostgreSQL, all killed at random.

Two `run`s work beside loops, as cron would start them, of `once --task outreach`, `once --task
replies`, `once --task allocate` and `leads import`. Some processes believe to be on another
machine: nobody can look whether those live, and their leases must run out. At the end one `run`
finishes what is left, and the sandbox's record is compared with the leads.
"""

from __future__ import annotations

import argparse
import random
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count, pairwise
from pathlib import Path
from typing import NamedTuple

from ingagents.store.engine.codecs import moment
from tests import PATIENCE
from tests.front_door import invented_people, write_people
from tests.kills.nursery import Child, Nursery, end_on_signals, nursery
from tests.kills.workday import PACE, Workday, workday
from tests.postgres import PostgresServer

GAP_MINUTES = 0.5
_PEOPLE_AT_A_TIME = 3
_LIMIT = 10_000
_REACHED = (
    "SELECT count(*) FROM deliveries WHERE state = 'sent' AND kind IN ('invitation', 'message')"
)
_FINE_ENDS = frozenset({0, 75, -signal.SIGKILL})
"""Done, try later (another process holds the role), killed."""


@dataclass(kw_only=True)
class Figures:
    """What a run came to."""

    seconds: float = 0.0
    kills: Counter[str] = field(default_factory=Counter)
    reached: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    taken_over: list[float] = field(default_factory=list)
    """Real seconds from a kill to the next holder of each role the dead process held."""

    def line(self) -> str:
        """The figures in a line."""
        longest = max(self.taken_over, default=0.0)
        return (
            f"{self.kills.total()} kills in {self.seconds:.0f} s ({dict(self.kills)}),"
            f" {self.reached} people written to, duplicates 0, lost 0, {len(self.taken_over)} held"
            f" roles taken over, the last after {longest:.1f} s, {dict(self.statuses)}"
        )


class Least(NamedTuple):
    """What must have happened before the time may be over."""

    kills: int = 0
    reached: int = 0


NOTHING = Least()


class _Turmoil:
    """The processes, who kills them, and who watches what becomes of their roles."""

    def __init__(
        self, day: Workday, seed: int, seconds: float, *, elsewhere: float, least: Least
    ) -> None:
        self.day = day
        self.figures = Figures(seconds=seconds)
        self.ends = time.monotonic() + seconds
        self._chance = random.Random(seed)
        self._elsewhere = elsewhere
        self._least = least
        self._reached = 0
        self._alive: dict[Child, str] = {}
        self._turn = threading.Lock()
        self._machines = count(1)
        self._files = count(1)
        self._held: dict[tuple[str, int], float] = {}
        self._problems: list[str] = []

    def go(self) -> Figures:
        """Let all work and die until the time is over."""
        workers: Sequence[Callable[[], None]] = (
            lambda: self._again("run", "run"),
            lambda: self._again("run", "run"),
            lambda: self._again("outreach", "once", "--task", "outreach"),
            lambda: self._again("replies", "once", "--task", "replies"),
            lambda: self._again("allocate", "once", "--task", "allocate"),
            self._import_people,
            self._kill,
            self._watch,
        )
        with ThreadPoolExecutor(len(workers)) as pool:
            for end in [pool.submit(worker) for worker in workers]:
                end.result()
        for child in list(self._alive):
            child.send(signal.SIGKILL)
            child.wait()
        assert not self._problems, "\n".join(self._problems)
        return self.figures

    @property
    def over(self) -> bool:
        """Whether the time is over and, however slow the machine is, enough has happened."""
        return time.monotonic() >= self.ends and (
            self.figures.kills.total() >= self._least.kills and self._reached >= self._least.reached
        )

    def _draw(self, least: float, most: float) -> float:
        with self._turn:
            return self._chance.uniform(least, most)

    def _again(self, name: str, *command: str) -> None:
        while not self.over:
            machine = ""
            if self._draw(0, 1) < self._elsewhere:
                machine = f"elsewhere-{next(self._machines)}"
            self._start(name, *command, machine=machine)
            time.sleep(self._draw(0.1, 1.0))

    def _start(self, name: str, *command: str | Path, machine: str = "") -> None:
        """One process, until it ends or dies."""
        child = self.day.start(*command, machine=machine)
        with self._turn:
            self._alive[child] = name
        while child.alive and not self.over:
            child.ended.wait(0.1)
        if child.alive:
            return
        with self._turn:
            self._alive.pop(child, None)
        if child.code not in _FINE_ENDS:
            self._problems.append(f"{name} ended with {child.code}:\n{child.said[-2000:]}")

    def _import_people(self) -> None:
        people = invented_people(20_000)
        for number in count(1):
            if self.over:
                return
            some = people[number * _PEOPLE_AT_A_TIME : (number + 1) * _PEOPLE_AT_A_TIME]
            file = write_people(self.day.folder / f"people-{next(self._files)}.csv", some)
            self._start("import", "leads", "import", file)
            time.sleep(self._draw(0.5, 1.5))

    def _kill(self) -> None:
        while not self.over:
            time.sleep(self._draw(0.2, 1.2))
            with self._turn:
                found = [child for child in self._alive if child.alive]
                if not found:
                    continue
                child = self._chance.choice(found)
                self.figures.kills[self._alive[child]] += 1
            child.send(signal.SIGKILL)
            child.wait()
            self._note_held(child, time.monotonic())

    def _note_held(self, dead: Child, at: float) -> None:
        for role, holder, epoch, _ in self._leases():
            if f":{dead.pid}:" in holder:
                self._held[role, epoch] = at

    def _watch(self) -> None:
        while not self.over or (self._held and time.monotonic() < self.ends + 1):
            time.sleep(0.05)
            self.look()

    def look(self) -> None:
        """See how many were written to, and which roles of the dead somebody has taken since."""
        with self._turn:
            ((self._reached,),) = self.day.rows(_REACHED)
        epochs = {role: epoch for role, _, epoch, _ in self._leases()}
        for (role, epoch), since in list(self._held.items()):
            if epochs.get(role, 0) > epoch:
                self.figures.taken_over.append(time.monotonic() - since)
                del self._held[role, epoch]

    @property
    def held(self) -> bool:
        """Whether roles of dead processes wait for somebody."""
        return bool(self._held)

    def _leases(self) -> list[tuple[str, str, int, str]]:
        with self._turn:
            return self.day.rows("SELECT name, holder, epoch, expires_at FROM leases")


def duo(
    folder: Path,
    warm: Nursery,
    server: PostgresServer,
    *,
    seconds: float,
    seed: int,
    elsewhere: float = 0.2,
    least: Least = NOTHING,
) -> Figures:
    """Let two `run`s and the loops work on one database for so many seconds, killed all the while.

    They go on for longer where that is needed for the `least` that must happen.

    `elsewhere` is the share of processes that seem to be on another machine.

    Raises:
        AssertionError: somebody was met twice or lost, a gap was not kept, a role stayed with the
            dead, or a command ended as none may.
    """
    url = server.fresh()
    with workday(folder, warm, database=url, limit=_LIMIT, gap=GAP_MINUTES, look=0.1) as day:
        turmoil = _Turmoil(day, seed, seconds, elsewhere=elsewhere, least=least)
        figures = turmoil.go()
        _allocate_the_rest(day)
        day.work(patience=PATIENCE + seconds, while_at_work=turmoil.look)
        assert not turmoil.held, "a role of a dead process was never taken over"
        figures.statuses = day.check()
        figures.reached = len([act for act in day.record()["acts"] if act["kind"] != "withdrawal"])
        late = [one for one in figures.taken_over if one > PATIENCE]
        assert not late, f"taken over only after {late}"
        _assert_gaps(day)
    server.drop(url)
    return figures


def _allocate_the_rest(day: Workday) -> None:
    """Hand over who was imported last; while the dead seem to hold the role, it is tried again."""
    deadline = time.monotonic() + PATIENCE
    while day.rows("SELECT 1 FROM leads WHERE contact_status = 'Not Contacted' LIMIT 1"):
        assert time.monotonic() < deadline, "nobody can be allocated any more"
        child = day.start("once", "--task", "allocate")
        assert child.wait() in _FINE_ENDS, child.said


def _assert_gaps(day: Workday) -> None:
    """Over all processes one claim came at least a gap after the one before."""
    claims = sorted(
        moment(at)
        for (at,) in day.rows(
            "SELECT claimed_at FROM deliveries WHERE kind IN ('invitation', 'message')"
        )
    )
    least = timedelta(minutes=GAP_MINUTES)
    close: list[tuple[datetime, datetime]] = [
        (one, two) for one, two in pairwise(claims) if two - one < least
    ]
    assert not close, f"claims closer than the gap: {close[:3]}"


def main() -> None:
    parser = argparse.ArgumentParser(prog="tests.kills.duo", description=__doc__)
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--seed", type=int, default=None, help="repeats the draws of a run")
    options = parser.parse_args()
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(10**6)
    print(f"seed {seed}; time runs {PACE:.0f} times as fast as in life", flush=True)
    end_on_signals()
    server = PostgresServer()
    try:
        with tempfile.TemporaryDirectory(prefix="ingagents-duo-") as folder, nursery() as warm:
            seconds = options.minutes * 60
            print(duo(Path(folder), warm, server, seconds=seconds, seed=seed).line())
    except AssertionError as exc:
        sys.exit(f"failed: {exc}")
    finally:
        server.close()


if __name__ == "__main__":
    main()
