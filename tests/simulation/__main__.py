"""Seeds of the simulation: one with its story, or many with their figures.

    python -m tests.simulation --seed 123
    python -m tests.simulation --seeds 2000 --processes 2

Exits 1 when an invariant did not hold; every failing seed is named with the command that repeats
it.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import chain, count, islice

from tests.simulation.seeds import Ended, by_campaign, simulate


def main(arguments: list[str] | None = None) -> int:
    """The command; its exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    chosen = parser.add_mutually_exclusive_group(required=True)
    chosen.add_argument("--seed", type=int, help="run this one and tell its story")
    chosen.add_argument("--seeds", type=int, help="run so many")
    parser.add_argument("--first", type=int, default=1, help="the first of many (default 1)")
    parser.add_argument("--processes", type=int, default=2, help="at a time (default 2)")
    parser.add_argument("--campaign", action="store_true", help="of many, those with a campaign")
    asked = parser.parse_args(arguments)
    if asked.seed is not None:
        return _tell(simulate(asked.seed))
    seeds = (seed for seed in count(asked.first) if by_campaign(seed) or not asked.campaign)
    return _count(list(islice(seeds, asked.seeds)), asked.processes)


def repeat(seed: int) -> str:
    """The command that runs a seed again."""
    return f"python -m tests.simulation --seed {seed}"


def _tell(ended: Ended) -> int:
    print("\n".join(ended.story))
    print("\n".join(f"{name}: {count}" for name, count in sorted(ended.figures.items())))
    print(f"journal {ended.journal}")
    for violation in ended.violations:
        print(f"violated: {violation}")
    return 1 if ended.violations else 0


def _count(seeds: Sequence[int], processes: int) -> int:
    began = time.monotonic()
    figures: Counter[str] = Counter()
    failed = 0
    for ended in _run(seeds, processes):
        figures.update(ended.figures)
        if ended.violations:
            failed += 1
            print(f"seed {ended.seed} failed: {ended.violations[0]}")
            print(f"  {repeat(ended.seed)}", flush=True)
    killed = sum(count for name, count in figures.items() if name.startswith("killed"))
    faults = sum(
        count
        for name, count in figures.items()
        if name.startswith(("fault ", "commit ", "mail ", "machine", "suspended", "clock"))
    )
    print("\n".join(f"{name:32} {count:9,}" for name, count in sorted(figures.items())))
    print(
        f"{len(seeds):,} seeds, {failed} failed; {killed:,} kills, {faults:,} faults,"
        f" {figures['acts']:,} acts, {figures['events']:,} events,"
        f" {figures['steps']:,} steps looked at; duplicates {figures['duplicates']},"
        f" lost {figures['lost']}; {time.monotonic() - began:.0f} s"
    )
    return 1 if failed else 0


def _run(seeds: Sequence[int], processes: int) -> Iterator[Ended]:
    """What each seed came to, in order."""
    with ProcessPoolExecutor(processes) as pool:
        yield from chain.from_iterable(
            pool.map(_some, (seeds[at : at + 10] for at in range(0, len(seeds), 10)))
        )


def _some(seeds: Sequence[int]) -> list[Ended]:
    return [simulate(seed)._replace(story=()) for seed in seeds]


if __name__ == "__main__":
    sys.exit(main())
