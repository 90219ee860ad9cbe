"""`make bench`: what the hot paths cost, beside the raw limit measured in the same run.

Prints a table and writes bench.json. Times are this machine's; ratios to the raw limit and counts are
the portable part. Rounds are interleaved and medians shown; a ratio is taken within each round, of
cases that ran right after each other: a shared machine's slow minutes then slow down both sides.
`make bench LARGE=1` adds a million leads.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from ingagents.cli.app import spare_the_collector
from tests.benchmarks import cold_start, csv_import, day, journal, model_layer, outreach, sizes
from tests.benchmarks.lab import Lab, Row
from tests.postgres import PostgresServer

SUBJECTS: Mapping[str, Callable[[Lab], Iterator[Row]]] = {
    "sizes": sizes.rows,
    "cold": cold_start.rows,
    "import": csv_import.rows,
    "models": model_layer.rows,
    "outreach": outreach.rows,
    "journal": journal.rows,
    "day": day.rows,
}


def main() -> None:
    """Measure, print the table, write bench.json."""
    asked = argparse.ArgumentParser(description="Benchmarks, each beside its raw limit.")
    asked.add_argument("subjects", nargs="*", metavar="SUBJECT", help=", ".join(SUBJECTS))
    asked.add_argument("--large", action="store_true", help="a million leads too: many minutes")
    wanted = asked.parse_args()
    if unknown := set(wanted.subjects) - set(SUBJECTS):
        asked.error(f"no such subject: {', '.join(sorted(unknown))}")
    server = PostgresServer()
    spare_the_collector()  # as the commands do
    print(f"Python {sys.version.split()[0]}, SQLite {sqlite3.sqlite_version}")
    found = []
    try:
        server.run("ALTER SYSTEM SET fsync = on", "SELECT pg_reload_conf()")
        with tempfile.TemporaryDirectory() as folder:
            lab = Lab(folder=Path(folder), server=server, large=wanted.large)
            for subject in wanted.subjects or SUBJECTS:
                for row in SUBJECTS[subject](lab):
                    print(told(row), flush=True)
                    found.append(row._asdict())
    finally:
        server.close()
    Path("bench.json").write_text(json.dumps(found, indent=2), "utf-8")


def told(row: Row) -> str:
    """A line of the table for people."""
    beside = f"{row.limit:,.2f} ({row.limit_is})" if row.limit is not None else ""
    ratio = f"{row.ratio:.2f} x" if row.ratio is not None else ""
    measured = f"{row.measured:,.2f} {row.unit}"
    mark = "" if row.good else "  missed"
    return f"{row.what:<52}{measured:>18}  {beside:<44}{ratio:>8}  {row.goal}{mark}"


main()
