"""What taking a list in costs, beside the same driver writing the same rows in the same commits.

The raw side knows the rows already: it reads no file, judges nobody and looks nobody up.
"""

from __future__ import annotations

import asyncio
import csv
import sqlite3
import time
import uuid
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from ingagents.app.department import open_department
from ingagents.settings import Settings
from ingagents.store.engine.open_store import open_store
from ingagents.store.engine.sqlite import connect
from tests.benchmarks.lab import (
    Case,
    Figures,
    Lab,
    Row,
    Spent,
    awaited,
    in_rounds,
    median_ratio,
    medians,
    row,
    spent_by_ingagents,
)

ROWS, LONG = 5_000, 25_000
ROUNDS = 5
ROWS_A_COMMIT = 500
TABLES = ("leads", "identities", "journal")
HEADER = (
    *("First Name", "Last Name", "URL", "Email Address", "Company", "Position", "Connected On"),
)
POSITIONS = (
    *("CTO", "Head of Partnerships", "Senior Engineer", "HR Manager", "Founder & CEO"),
    *("VP Engineering", "Marketing Director", "Principal Engineer, Platform", "Head of Data"),
)
NAMES = ("Maya", "Robin", "Kim", "Elena", "Olga", "Farid", "Jonas")


def rows(lab: Lab) -> Iterator[Row]:
    """Time and bytes of a lead from LinkedIn's own export, and the memory of a longer one."""
    short, long = (a_list(lab.folder / f"{count}.csv", count) for count in (ROWS, LONG))
    pattern = a_folder(lab.folder)
    asyncio.run(taken_in(pattern, short))
    written = what_was_written(pattern)
    cases: dict[str, Case] = {
        "raw": partial(raw, lab.folder, written),
        "import": awaited(lambda: taken_in(a_folder(lab.folder), short)),
    }
    rounds = in_rounds([cases], ROUNDS)
    found = medians(rounds)
    yield row(
        "CSV import, a row",
        found["import"]["us"],
        "us",
        limit=found["raw"]["us"],
        limit_is="the same rows by the driver",
        ratio=median_ratio(rounds, "per_second", "import", "raw"),
        at_least=0.6,
    )
    yield row("CSV import, processor time a row", found["import"]["cpu_us"], "us",
              limit=found["raw"]["cpu_us"], limit_is="the same rows by the driver")  # fmt: skip
    yield row(
        "CSV import, a lead in the database", found["import"]["bytes"], "bytes", at_most=2_000
    )
    peaks = [taken_in_by_command(lab, one).mib for one in (short, long)]
    yield row(f"CSV import, memory at {LONG:,} rows", peaks[1], "MiB", limit=peaks[0],
              limit_is=f"at {ROWS:,} rows", at_most=1.1)  # fmt: skip


def a_list(file: Path, count: int) -> Path:
    """LinkedIn's own export of so many connections, a third with an e-mail address."""
    with file.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out)
        writer.writerow(HEADER)
        for number in range(count):
            name = NAMES[number % len(NAMES)]
            mail = f"{name}.{number}@firma-{number % 97}.example" if number % 3 == 0 else ""
            url = f"https://www.linkedin.com/in/{name.lower()}-muster-{number:05x}"
            company = f"Muster Robotics {number % 997} GmbH"
            position = POSITIONS[number % len(POSITIONS)]
            writer.writerow((name, "Muster", url, mail, company, position, "01 Mar 2021"))
    return file


async def taken_in(folder: Path, file: Path) -> Figures:
    """A list taken in by a department that has nobody yet."""
    settings = Settings(database={"url": f"sqlite:///{folder}/d.db"}, email={"outbox": str(folder)})
    async with open_department(settings) as department:
        before = bytes_in(folder / "d.db")
        began, cpu = time.perf_counter(), time.process_time()
        found = await department.leads.import_file(file)
        seconds, spent = time.perf_counter() - began, time.process_time() - cpu
        assert found.taken == ROWS
        return {
            **_figures(seconds, spent),
            "bytes": (bytes_in(folder / "d.db") - before) / found.taken,
        }


def raw(folder: Path, written: dict[str, tuple[str, list[Any]]]) -> Figures:
    """The rows of an import, written once more as they are."""
    name = f"{uuid.uuid4().hex}.db"
    asyncio.run(open_store(f"sqlite:///{name}", folder=folder).close())
    connection = connect(folder / name)
    commits = ROWS // ROWS_A_COMMIT
    began, cpu = time.perf_counter(), time.process_time()
    for number in range(commits):
        connection.execute("BEGIN IMMEDIATE")
        for sql, found in written.values():
            start, end = (len(found) * at // commits for at in (number, number + 1))
            connection.executemany(sql, found[start:end])
        connection.execute("COMMIT")
    seconds, spent = time.perf_counter() - began, time.process_time() - cpu
    connection.close()
    return _figures(seconds, spent)


def what_was_written(folder: Path) -> dict[str, tuple[str, list[Any]]]:
    """By table: the statement, and the rows that an import wrote by it, in their order."""
    connection = sqlite3.connect(folder / "d.db")
    found: dict[str, tuple[str, list[Any]]] = {}
    for table in TABLES:
        all_rows = connection.execute(f"SELECT * FROM {table} ORDER BY rowid").fetchall()
        marks = ", ".join("?" * len(all_rows[0]))
        found[table] = f"INSERT INTO {table} VALUES ({marks})", all_rows
    connection.close()
    # The event that ends an import stands in a commit of its own.
    found["journal"] = found["journal"][0], found["journal"][1][:ROWS]
    found["identities"] = _by_leads(found["identities"], found["leads"])
    return found


def _by_leads(names: tuple[str, list[Any]], people: tuple[str, list[Any]]) -> tuple[str, list[Any]]:
    """The names in the order of their leads, so that both come in one commit."""
    place = {one[0]: at for at, one in enumerate(people[1])}
    return names[0], sorted(names[1], key=lambda one: place[one[2]])


def taken_in_by_command(lab: Lab, file: Path) -> Spent:
    """A list taken in by a program of its own."""
    return spent_by_ingagents(a_folder(lab.folder), "leads", "import", str(file))


def a_folder(beside: Path) -> Path:
    """A new folder for a department of its own."""
    folder = beside / uuid.uuid4().hex
    folder.mkdir()
    return folder


def bytes_in(file: Path) -> int:
    """How large a database is, what still stands in its log included."""
    connection = sqlite3.connect(file)
    ((pages,),) = connection.execute("PRAGMA page_count")
    ((size,),) = connection.execute("PRAGMA page_size")
    connection.close()
    return int(pages) * int(size)


def _figures(seconds: float, spent: float) -> Figures:
    return {
        "us": seconds / ROWS * 1e6,
        "cpu_us": spent / ROWS * 1e6,
        "per_second": ROWS / seconds,
    }
