"""What a command from cron costs before it does anything: against the libraries it cannot do without."""

from __future__ import annotations

import statistics
import sys
from collections.abc import Iterator

from tests.benchmarks.lab import Lab, Row, row, spent_by, spent_by_ingagents

ROUNDS = 7
COMMANDS = {"once --task allocate": ("once", "--task", "allocate"), "status": ("status",)}


def rows(lab: Lab) -> Iterator[Row]:
    """Processor time; each round has one of each, the first round makes the database."""
    home = lab.folder / "cold"
    home.mkdir()
    rounds = []
    for _ in range(ROUNDS + 1):
        bare = spent_by(home, sys.executable, "-c", "import pydantic_settings, httpx")
        rounds.append((bare, {c: spent_by_ingagents(home, *a) for c, a in COMMANDS.items()}))
    for command in COMMANDS:
        ratio = statistics.median(found[command].cpu / bare.cpu for bare, found in rounds[1:])
        yield row(
            f"cold start of {command}",
            statistics.median(found[command].cpu for _, found in rounds[1:]),
            "s",
            limit=statistics.median(bare.cpu for bare, _ in rounds[1:]),
            limit_is="import pydantic_settings, httpx",
            ratio=ratio,
            at_most=1.5,
        )
