"""What the benchmarks have in common: a row of the table, rounds, processes of their own."""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import os
import random
import statistics
import subprocess
import sys
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from tests.postgres import PostgresServer
from tests.processes import PROGRAM, environment

T = TypeVar("T")
Figures = dict[str, float]
Case = Callable[[], Figures]

_WATCHED = """
import json, os, resource, subprocess, sys
done = subprocess.run(sys.argv[1:], stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8")
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps({"code": done.returncode, "said": done.stderr[-2000:],
                  "cpu": used.ru_utime + used.ru_stime, "mib": used.ru_maxrss / 1024}))
"""
"""Between the benchmarks and a command stands a small process: what a process had in memory when
it was forked counts as its own."""


@dataclass(frozen=True, kw_only=True)
class Lab:
    """Where is measured; `large`: with the sizes that take minutes to lay out."""

    folder: Path
    server: PostgresServer
    large: bool


class Row(NamedTuple):
    """A line of the table: a figure, the raw limit of the same run, and their ratio.

    `ratio` is of the figure to the limit; `good` says whether it meets the `goal`.
    """

    what: str
    measured: float
    unit: str
    limit: float | None
    limit_is: str
    ratio: float | None
    goal: str
    good: bool


class Spent(NamedTuple):
    """What a process has used, its children included."""

    cpu: float
    mib: float


def awaited(work: Callable[[], Coroutine[Any, Any, Figures]]) -> Case:
    """A coroutine function as a case."""
    return lambda: asyncio.run(work())


def row(
    what: str,
    measured: float,
    unit: str,
    *,
    limit: float | None = None,
    limit_is: str = "",
    ratio: float | None = None,
    at_most: float | None = None,
    at_least: float | None = None,
    absolute: bool = False,
) -> Row:
    """A row judged by its ratio, or by the figure itself (`absolute`); without a goal it only tells."""
    if ratio is None and limit:
        ratio = measured / limit
    judged = measured if absolute or ratio is None else ratio
    sign = unit if absolute or ratio is None else "x"
    goal, good = "", True
    if at_most is not None:
        goal, good = f"<= {at_most:g} {sign}", judged <= at_most
    elif at_least is not None:
        goal, good = f">= {at_least:g} {sign}", judged >= at_least
    return Row(what, measured, unit, limit, limit_is, ratio, goal.rstrip(), good)


def spent_by(folder: Path, *command: str | Path, env: Mapping[str, str] | None = None) -> Spent:
    """What a command used, started afresh in a folder; it must exit 0."""
    done = subprocess.run(
        [sys.executable, "-S", "-E", "-c", _WATCHED, *map(str, command)],
        check=True,
        cwd=folder,
        env=environment(folder, env),
        capture_output=True,
        encoding="utf-8",
        timeout=1_800,
    )
    told = json.loads(done.stdout)
    assert told["code"] == 0, told["said"]
    return Spent(told["cpu"], told["mib"])


def spent_by_ingagents(
    folder: Path, *arguments: str, env: Mapping[str, str] | None = None
) -> Spent:
    """The same of the program."""
    return spent_by(folder, PROGRAM, *arguments, env=env)


def in_a_process_of_its_own(work: Callable[[], T]) -> T:
    """What `work` returns, done where no case before it has left the memory in disorder."""
    fork = multiprocessing.get_context("fork")
    answer, here = fork.Pipe(duplex=False)

    def tell() -> None:
        here.send(work())
        here.close()
        os._exit(0)  # the parent's exit handlers are the parent's

    process = fork.Process(target=tell)
    process.start()
    here.close()
    found: T = answer.recv()
    process.join()
    return found


def in_rounds(together: Sequence[Mapping[str, Case]], rounds: int) -> list[dict[str, Figures]]:
    """All cases, in interleaved rounds; those that are compared run right after each other."""
    found: list[dict[str, Figures]] = []
    for number in range(rounds):
        chance = random.Random(number)
        this: dict[str, Figures] = {}
        for cases in chance.sample(list(together), len(together)):
            this |= in_a_process_of_its_own(partial(_twice, cases, chance))
        found.append(this)
    return found


def medians(rounds: Sequence[Mapping[str, Figures]]) -> dict[str, Figures]:
    """The median of every figure of every case."""
    cases = dict.fromkeys(chain.from_iterable(rounds))
    return {
        case: {key: statistics.median(one[case][key] for one in rounds) for key in rounds[0][case]}
        for case in cases
    }


def median_ratio(rounds: Sequence[Mapping[str, Figures]], key: str, case: str, raw: str) -> float:
    """Of a case's figure to the raw one's, taken within each round: a slow minute slows both."""
    return statistics.median(one[case][key] / one[raw][key] for one in rounds)


def _twice(cases: Mapping[str, Case], chance: random.Random) -> dict[str, Figures]:
    """Each case, in any order; what counts is its second time, the first one warms up."""
    order = chance.sample(list(cases), len(cases))
    return [{case: cases[case]() for case in order} for _ in range(2)][-1]
