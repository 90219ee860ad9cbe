"""Tables pasted below the sheet's rows with a header of their own: read under it, and left as they are."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import pytest

from ingagents.core.sheet.layout import ANSWER, LEADS_COLUMNS
from ingagents.core.sheet.typed import HEADS
from ingagents.model import ContactStatus
from tests.sheet.desk import Calls, Paper, leads_by_name, synced

ON = {"enabled": True, "spreadsheet_id": "team"}
URL = "https://www.linkedin.com/in/"
WIDTH = len(LEADS_COLUMNS)

CONNECTIONS = (
    ("First Name", "Last Name", "URL", "Email Address", "Company", "Position", "Connected On"),
    ("Ada", "Lund", f"{URL}ada-lund", "", "Acme", "CTO", "12 Mar 2024"),
    ("Bo", "Berg", f"{URL}bo-berg", "bo@example.org", "Bolt", "Founder", "13 Mar 2024"),
)
SALES_NAVIGATOR = (
    ("#", "Full Name", "Their talk", "Current Job Title", "Company Name", "Default Profile Url"),
    (1, "Ada Lund", "Queues", "CTO", "Acme", f"{URL}ada-lund"),
    (2, "Bo Berg", "Locks", "Founder", "Bolt", f"{URL}bo-berg"),
)


def said(paper: Paper, row: int, header: str) -> str:
    return str(paper.line(row).get(header, ""))


@pytest.mark.parametrize("table", [CONNECTIONS, SALES_NAVIGATOR])
async def test_a_table_pasted_with_its_header_is_read_under_it_and_nothing_else_is_obeyed(
    world, table
):
    """Its cells stand under Stage, Owner and Veto as well; there they are nobody's words."""
    paper = Paper(world.sheets)
    async with world.at_work(sheets=ON) as department:
        await synced(department)
        first = paper.paste_table(*table)
        calls = Calls(world.sheets)
        assert (await synced(department))["rows_taken"] == 2
        assert calls() == Counter(read=2, write=2)
        found = await leads_by_name(department)
        assert set(found) == {"Ada Lund", "Bo Berg"}
        bo = found["Bo Berg"]
        assert (bo.linkedin_url, bo.company, bo.position) == (f"{URL}bo-berg", "Bolt", "Founder")
        assert (bo.stage, bo.owner, bo.next_date, bo.notes) == (None, "", None, ())
        assert bo.contact_status is ContactStatus.NOT_CONTACTED
        if table is SALES_NAVIGATOR:
            assert bo.profile.extra["their_talk"] == "Locks"
        header = first + 2  # each lead has a row of its own, above
        assert {paper.line(first + at)["Name"] for at in range(2)} == set(found)
        assert "taken" in said(paper, first, ANSWER)
        answers = next(name for name, text in paper.line(header).items() if text == HEADS)
        assert "taken" in said(paper, header + 1, answers)
        for at, line in enumerate(table):
            assert paper.cells(header + at)[: len(line)] == [
                float(cell) if isinstance(cell, int) else cell or None for cell in line
            ], "what was pasted stays"
        await synced(department)
        rows = {paper.line(first + at)["Name"]: first + at + 1 for at in range(2)}
        for at, name in enumerate(("Ada Lund", "Bo Berg"), header + 1):
            assert said(paper, at, answers) == f"the same as row {rows[name]}"
        assert (await synced(department))["cells_written"] == 0
        assert await leads_by_name(department) == found


async def test_each_row_of_a_pasted_table_is_answered_and_a_veto_in_it_is_a_no(world):
    paper = Paper(world.sheets)
    async with world.at_work(sheets=ON) as department:
        await synced(department)
        await department.leads.suppress(f"{URL}no-more", reason="asked", by="team")
        paper.paste({"Name": "Zoe Early", "LinkedIn URL": f"{URL}zoe"})
        first = paper.paste_table(
            ("Profile", "Name", "Company", "Veto"),
            (f"{URL}ada-lund", "Ada Lund", "Acme", ""),
            (f"{URL}ADA-LUND/", "Ada L.", "Acme", "no"),
            (f"{URL}no-more", "No More", "Acme", ""),
            (f"{URL}never", "Never Ever", "Acme", "please not"),
            ("", "", "", "call on Monday"),
            ("", "Weak Tie", "Acme", ""),
            ("=1+1", "", "", ""),
            (),
            ("", f"{URL}after", "a blank row", ""),
            at=None,
        )
        assert (await synced(department))["rows_taken"] == 3
        assert set(await leads_by_name(department)) == {"Zoe Early", "Ada Lund", "Weak Tie"}
        await synced(department)
        head = first + 2  # two rows of leads came in above
        assert said(paper, head, ANSWER) == HEADS
        answers = [said(paper, head + at, ANSWER) for at in range(1, 8)]
        ada = next(at for at in range(first, head) if paper.line(at)["Name"] == "Ada Lund")
        assert answers[0] == answers[1] == f"the same as row {ada + 1}"
        assert "suppressed" in answers[2]
        assert answers[3] == "not taken: “please not” stands under Veto"
        assert answers[4] == "not taken: “call on Monday” stands under Veto"
        assert answers[5].startswith("the same as row")
        assert answers[6].startswith("not taken: no")


async def test_a_table_as_wide_as_the_sheet_is_taken_and_not_a_cell_of_it_written_over(world):
    paper = Paper(world.sheets)
    wide = [f"Extra {number}" for number in range(WIDTH + 5)]
    wide[3:6] = ["Full name", "Company name", "LinkedIn profile"]
    rows = []
    for number in range(3):
        row: list[Any] = [f"x{number}"] * len(wide)
        row[3:6] = [f"Ada Lund-{number}", "Acme", f"{URL}guest-{number}"]
        rows.append(row)
    async with world.at_work(sheets=ON) as department:
        await synced(department)
        with world.sheets.shelf.open() as book:
            grid = book.titled("Leads")
            grid.insert("COLUMNS", grid.column_count, 10)
        first = paper.paste_table(wide, *rows)
        assert (await synced(department))["rows_taken"] == 3
        found = await leads_by_name(department)
        assert {lead.profile.extra["extra_0"] for lead in found.values()} == {"x0", "x1", "x2"}
        await synced(department)
        for at, line in enumerate([wide, *rows]):
            assert paper.cells(first + 3 + at)[: len(line)] == line


async def test_a_thousand_rows_below_a_header_are_two_looks_and_two_writes(world):
    paper = Paper(world.sheets)
    rows: list[tuple[Any, ...]] = [("Acme", f"Ada Lund-{n}", f"{URL}guest-{n}") for n in range(700)]
    rows += [("Acme", f"Ada L-{n}", f"{URL}GUEST-{n}/") for n in range(150)]
    rows += [("", f"junk {number}", "") for number in range(100)]
    rows += [("=1+1", '=HYPERLINK("https://evil.example","x")', "javascript:alert(1)")] * 50
    random.Random("table").shuffle(rows)
    async with world.at_work(sheets=ON) as department:
        await synced(department)
        first = paper.paste_table(("Company", "Full name", "Profile URL"), *rows)
        calls = Calls(world.sheets)
        assert (await synced(department))["rows_taken"] == 700
        assert calls() == Counter(read=2, write=2)
        found = [lead async for lead in department.leads.every()]
        assert len({lead.linkedin_url for lead in found}) == len(found) == 700
        silent = [at for at in range(1001) if not said(paper, first + 700 + at, ANSWER)]
        assert silent == []
        await synced(department)
        assert (await synced(department))["cells_written"] == 0
        assert len([lead async for lead in department.leads.every()]) == 700
    with world.sheets.shelf.open() as book:
        assert len(book.titled("Leads").formulas()) == 0


async def test_a_header_that_comes_later_than_its_rows_makes_nobody_double(world):
    """Pasted without the header first: whoever was taken then has that row, and keeps it."""
    paper = Paper(world.sheets)
    header, *rows = CONNECTIONS
    async with world.at_work(sheets=ON) as department:
        await synced(department)
        first = paper.paste_table(*rows)
        await synced(department)
        before = [lead async for lead in department.leads.every()]
        paper.paste_table(header, *rows, at=first)
        for _ in range(2):
            await synced(department)
        after = [lead async for lead in department.leads.every()]
        assert len(after) == len(before) == 2
