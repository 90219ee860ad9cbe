"""`make kills`: a department dies at every boundary of its day, one after the other.

`python -m tests.kills --database sqlite --phase "weeks later" --at committed:17` repeats one death.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.kills.deaths import Fresh, Tally, die_at_every_boundary, die_once, on_postgres, sqlite
from tests.kills.nursery import end_on_signals, nursery
from tests.kills.phases import PHASES
from tests.postgres import PostgresServer


def main() -> None:
    parser = argparse.ArgumentParser(prog="tests.kills", description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="both")
    parser.add_argument("--at", default="", help="only this boundary, such as committed:17")
    parser.add_argument("--phase", choices=tuple(PHASES), help="only this day")
    parser.add_argument("--together", type=int, default=3, help="departments at a time")
    options = parser.parse_args()
    end_on_signals()
    names = ("sqlite", "postgresql") if options.database == "both" else (options.database,)
    failed = False
    for name in names:
        with databases(name) as fresh:
            for phase in [options.phase] if options.phase else PHASES:
                began = time.monotonic()
                named = f"{name}, {phase}"
                tally = _proof(
                    fresh, at=options.at, phase=phase, together=options.together, name=named
                )
                print(f"{named}: {tally.line()}, {time.monotonic() - began:.0f} s", flush=True)
                failed |= bool(tally.failures)
    sys.exit(1 if failed else 0)


def _proof(fresh: Fresh, *, at: str, phase: str, together: int, name: str) -> Tally:
    with tempfile.TemporaryDirectory(prefix="ingagents-kills-") as folder, nursery() as warm:
        if at:
            tally = Tally(days=1)
            boundary = die_once(Path(folder) / "once", warm, fresh, at, tally, phase=phase)
            if boundary is None:
                tally.missed = 1
            else:
                print(f"died at {boundary}")
                tally.died(boundary)
            return tally
        return die_at_every_boundary(
            Path(folder),
            warm,
            fresh,
            phase=phase,
            together=together,
            tell=lambda line: print(f"{name}: {line}", flush=True),
        )


@contextmanager
def databases(name: str) -> Iterator[Fresh]:
    """New databases of a kind, for as long as the block."""
    if name == "sqlite":
        yield sqlite
        return
    server = PostgresServer()
    try:
        yield on_postgres(server)
    finally:
        server.close()


if __name__ == "__main__":
    main()
