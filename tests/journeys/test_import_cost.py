"""What a list of people costs: few statements, bytes that one can afford, and no more memory."""

from __future__ import annotations

import csv
import sqlite3
import tracemalloc
from pathlib import Path

from tests.store.steps import counted
from tests.world import World

CHUNK = 500
"""As many rows as the import takes in one commit."""
BYTES_A_LEAD = 2_600
POSITIONS = ("CTO", "Head of Partnerships", "Senior Engineer", "HR Manager", "Founder & CEO")
HEADER = ("First Name", "Last Name", "URL", "Email Address", "Company", "Position")


def a_list(file: Path, rows: range) -> Path:
    """LinkedIn's own export: everybody has an address, a third an e-mail."""
    with file.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out)
        writer.writerow(HEADER)
        for number in rows:
            mail = f"robin.muster.{number}@firma-{number % 97}.example" if number % 3 == 0 else ""
            url = f"https://www.linkedin.com/in/robin-muster-{number:05x}"
            company = f"Muster Robotics {number % 97} GmbH"
            writer.writerow(("Robin", "Muster", url, mail, company, POSITIONS[number % 5]))
    return file


async def test_people_are_looked_up_by_the_chunk_and_not_one_by_one(tmp_path: Path) -> None:
    async with World(tmp_path).at_work() as department:
        with counted(department.store) as cost:
            taken = await department.leads.import_file(a_list(tmp_path / "a.csv", range(3 * CHUNK)))
    assert taken.taken == 3 * CHUNK
    read = [one for one in cost.statements if one.startswith("SELECT")]
    assert len(read) <= 3 * 8, "of a chunk: aliases and suppressions by their kinds"
    written = [one for one in cost.statements if one.startswith(("INSERT", "UPDATE", "DELETE"))]
    names = [one for one in written if "INTO identities" in one]
    assert len(written) - len(names) <= 3 * 40, "50 leads and 50 events go in a statement"
    assert len([one for one in cost.statements if one.startswith("COMMIT")]) <= 3 + 1


async def test_who_comes_twice_in_a_chunk_is_one_lead(tmp_path: Path) -> None:
    file = a_list(tmp_path / "a.csv", range(20))
    lines = file.read_text("utf-8").splitlines()
    file.write_text("\n".join([*lines, *lines[1:], lines[1].replace("CTO", "CEO")]), "utf-8")
    async with World(tmp_path).at_work() as department:
        found = await department.leads.import_file(file)
        people = await department.leads.every()
    assert (found.taken, found.merged, len(people)) == (20, 21, 20)
    assert [one.position for one in people if one.position == "CEO"] == ["CEO"]


async def test_a_lead_costs_few_bytes(tmp_path: Path) -> None:
    async with World(tmp_path).at_work() as department:
        before = bytes_in(tmp_path)
        await department.leads.import_file(a_list(tmp_path / "a.csv", range(4 * CHUNK)))
        assert (bytes_in(tmp_path) - before) / (4 * CHUNK) <= BYTES_A_LEAD


async def test_a_longer_list_needs_no_more_memory(tmp_path: Path) -> None:
    async with World(tmp_path).at_work() as department:
        await department.leads.import_file(a_list(tmp_path / "0.csv", range(CHUNK)))
        peaks = []
        for rows in (range(CHUNK, 3 * CHUNK), range(3 * CHUNK, 9 * CHUNK)):
            file = a_list(tmp_path / f"{rows.start}.csv", rows)
            tracemalloc.start()
            await department.leads.import_file(file)
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
    assert peaks[1] <= 1.5 * peaks[0], "three times the rows; a chunk more or less is garbage yet"


def bytes_in(folder: Path) -> int:
    (file,) = folder.rglob("*.db")
    connection = sqlite3.connect(file)
    try:
        ((pages,),) = connection.execute("PRAGMA page_count")
        ((size,),) = connection.execute("PRAGMA page_size")
    finally:
        connection.close()
    return int(pages) * int(size)
