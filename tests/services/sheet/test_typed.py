"""Rows that people type or paste into the Leads tab: taken as a list's are, each answered in its row."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

from ingagents.core.sheet.layout import ANSWER, NOTES, OWNER, STAGE
from ingagents.events import LeadsImported
from tests.sheet.desk import Calls, Paper, leads_by_name, synced
from tests.world import journal_of

ON = {"enabled": True, "spreadsheet_id": "team"}
URL = "https://www.linkedin.com/in/"


async def test_a_pasted_row_becomes_a_lead_in_its_row_and_what_else_stands_there_is_obeyed(world):
    paper = Paper(world.sheets)
    async with world.at_work(sheets=ON) as department:
        await synced(department)
        for header in ("Profile link", "First name", "Their talk", "Job title"):
            paper.head(header)
        at = paper.paste(
            {"Name": "Ada Lund", "LinkedIn URL": f"{URL}ada-lund", STAGE: "meeting", OWNER: "Kim"},
            {"First name": "Bo", "Company": "Acme", "Profile link": f"{URL}bo-berg/?x=1"},
            {"Name": "Cy Young", "Job title": "CTO", "LinkedIn URL": f"{URL}cy", NOTES: "met"}
            | {"Their talk": "Queues that never lose"},
        )
        assert (await synced(department))["rows_taken"] == 3
        found = await leads_by_name(department)
        ada, bo, cy = found["Ada Lund"], found["Bo"], found["Cy Young"]
        assert (ada.stage, ada.owner, ada.source) == ("Meeting", "Kim", "import:sheet")
        assert (bo.linkedin_url, bo.company) == (f"{URL}bo-berg", "Acme")
        assert (cy.position, cy.notes) == ("CTO", ("met",))
        assert cy.profile.extra == {"their_talk": "Queues that never lose"}
        for place, lead in enumerate((ada, bo, cy)):
            line = paper.line(at + place)
            assert (line["Lead ID"], line["Name"]) == (lead.id, lead.name)
            assert line["Status"] == lead.contact_status
        assert "taken" in paper.line(at + 1)[ANSWER]
        assert paper.line(at + 2)["Their talk"] == "Queues that never lose", "it stays theirs"
        assert (await synced(department))["cells_written"] == 0
        imports = await journal_of(department, LeadsImported)
        assert [(one.taken, one.merged) for one in imports] == [(3, 0)]


async def test_every_other_row_is_told_why_it_is_none_and_is_taken_once_it_is_mended(world):
    paper = Paper(world.sheets)
    async with world.at_work(sheets=ON) as department:
        await synced(department)
        await department.leads.suppress(f"{URL}no-more", reason="asked", by="team")
        first = paper.paste(
            {"Name": "Ada Lund", "LinkedIn URL": f"{URL}ada-lund"},
            {"Name": "Ada L.", "LinkedIn URL": "www.linkedin.com/in/ADA-LUND/"},
            {"Name": "No More", "LinkedIn URL": f"{URL}no-more"},
            {"Name": "Call these on Monday"},
            {"Name": "A Firm", "LinkedIn URL": "https://www.linkedin.com/company/acme"},
            {"Name": "Weak Tie", "Company": "Acme"},
            {NOTES: "only a note"},
        )
        assert (await synced(department))["rows_taken"] == 2
        answers = [str(paper.line(first + place)[ANSWER]) for place in range(7)]
        assert answers[1] == f"the same as row {first + 1}"
        assert "suppressed" in answers[2]
        assert answers[3] == "not taken: no LinkedIn address, no e-mail and no company"
        assert "not the LinkedIn address of a person" in answers[4]
        assert answers[5].startswith("taken")
        assert "no LinkedIn address" in answers[5]
        assert answers[6] == "not taken: no name and no LinkedIn address"
        assert set(await leads_by_name(department)) == {"Ada Lund", "Weak Tie"}
        assert (await synced(department))["cells_written"] == 0, "it is said once"
        with world.sheets.shelf.open() as book:
            grid = book.titled("Leads")
            grid.put(first + 3, paper._column(grid, "LinkedIn URL"), f"{URL}monday")
            for column in range(grid.column_count):
                if column != paper._column(grid, ANSWER):
                    grid.put(first + 6, column, None)
        assert (await synced(department))["rows_taken"] == 1
        assert "taken" in paper.line(first + 3)[ANSWER]
        assert paper.line(first + 6) == {}, "an answer to nothing is taken away"


async def test_a_thousand_pasted_rows_are_taken_once_each_within_two_looks_and_two_writes(world):
    paper = Paper(world.sheets)
    rows: list[dict[str, Any]] = [
        {"Name": f"Ada Lund-{n}", "LinkedIn URL": f"{URL}guest-{n}"} for n in range(700)
    ]
    rows += [{"Name": f"Ada Lund-{n}", "LinkedIn URL": f"{URL}GUEST-{n}/"} for n in range(150)]
    rows += [{"Name": f"junk {number}"} for number in range(100)]
    rows += [{"Name": '=HYPERLINK("https://evil.example","x")', "Company": "=1+1"}] * 25
    rows += [{"LinkedIn URL": "javascript:alert(1)", "Name": "x"}] * 25
    random.Random("paste").shuffle(rows)
    async with world.at_work(sheets=ON) as department:
        await synced(department)
        first = paper.paste(*rows)
        calls = Calls(world.sheets)
        done = await synced(department)
        assert calls() == Counter(read=2, write=2)
        found = [lead async for lead in department.leads.every()]
        guests = Counter(lead.linkedin_url for lead in found if lead.linkedin_url)
        assert (len(guests), set(guests.values())) == (700, {1})
        assert done["rows_taken"] == len(found)
        lines = [paper.line(first + place) for place in range(len(rows))]
        unanswered = [line for line in lines if not line.get(ANSWER)]
        assert unanswered == [], "each row is answered in its row"
        keys = Counter(line["Lead ID"] for line in lines if "Lead ID" in line)
        assert (set(keys), set(keys.values())) == ({lead.id for lead in found}, {1})
        for row, line in zip(rows, lines, strict=True):
            if "Lead ID" in line and "GUEST" in str(row.get("LinkedIn URL", "")).upper():
                assert line["LinkedIn URL"].endswith(
                    str(row["LinkedIn URL"]).lower().strip("/")[28:]
                )
        assert await synced(department) | {"cells_repaired": 0} == done | {
            "rows_taken": 0, "cells_written": 0, "cells_repaired": 0,
        }  # fmt: skip
        assert calls() == Counter(read=1)
    with world.sheets.shelf.open() as book:
        assert not book.titled("Leads").formulas()
