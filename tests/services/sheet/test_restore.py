"""A department comes back from its sheet, and nobody is written to again."""

from __future__ import annotations

import pytest

from ingagents.app.department import Department
from ingagents.core.sheet.layout import NOTES, OWNER, STAGE, VETO
from ingagents.errors import InputError, SettingsError
from ingagents.events import LeadsImported, LeadUpdated
from ingagents.model import ContactStatus, LeadStage
from tests.sheet.desk import Paper
from tests.world import World, journal_of, statuses

ON = {"enabled": True, "spreadsheet_id": "team"}


async def a_day_with_a_sheet(world: World) -> dict[str, str]:
    """A department works, its sheet is up to date, its database is gone; lead ids by status."""
    async with world.department(sheets=ON) as department:
        await world.allocate(department, *world.silent(6))
        world.go_to(0, 9, 30)
        await department.run(until=world.at(0, 9, 55))
        await department.once("sync")
        found = {str(one.id): one.contact_status.value async for one in department.leads.every()}
    for file in world.folder.glob("ingagents.db*"):
        file.unlink()
    return found


async def rebuilt(department: Department) -> dict[str, str]:
    await department.rebuild_from_sheet()
    return {str(one.id): one.contact_status.value async for one in department.leads.every()}


async def test_leads_statuses_vetoes_and_notes_come_back_and_nobody_is_written_to_twice(tmp_path):
    world, paper = World(tmp_path), Paper
    async with world.keeping_time():
        before = await a_day_with_a_sheet(world)
        sent = [key for key, status in before.items() if status == "Message Sent"]
        waiting = [key for key, status in before.items() if status == "Allocated"]
        assert len(sent) >= 2
        assert len(waiting) >= 2
        paper(world.sheets).write(waiting[0], VETO, "yes")
        paper(world.sheets).write(sent[0], STAGE, "Meeting")
        paper(world.sheets).write(sent[0], NOTES, "call her")
        async with world.department(sheets=ON) as department:
            after = await rebuilt(department)
            assert after.keys() == before.keys()
            assert {after[key] for key in sent} == {"Message Sent"}
            assert after[waiting[0]] == "Suppressed"
            assert {after[key] for key in waiting[1:]} == {"Not Contacted"}
            kept = await department.leads.find(sent[0])
            assert (kept.stage, kept.notes) == (LeadStage.MEETING, ("call her",))
            (imported,) = await journal_of(department, LeadsImported)
            assert imported.taken == len(before)
            assert len(await journal_of(department, LeadUpdated)) == len(before) + 2
            await department.once("sync")
            world.go_to(1, 8, 55)
            await department.run(until=world.at(1, 17, 30))
            world.check(department.settings)


async def test_what_was_said_at_a_terminal_comes_back_with_the_sheet_too(tmp_path):
    world = World(tmp_path)
    async with world.keeping_time():
        async with world.department(sheets=ON) as department:
            won, mine = await world.allocate(department, *world.silent(2))
            await department.once("sync")
            Paper(world.sheets).write(won, STAGE, "Meeting")
            Paper(world.sheets).write(won, NOTES, "wants a stand")
            Paper(world.sheets).write(mine, OWNER, "Kim")
            await department.once("sync")
            world.pass_time(minutes=10)
            await department.leads.stage(won, "won", place="Gold", reason="signed", by="team")
            await department.leads.note(won, "met in Berlin", by="team")
            await department.once("sync")
            before = await department.leads.find(won)
        for file in world.folder.glob("ingagents.db*"):
            file.unlink()
        async with world.department(sheets=ON) as department:
            await department.rebuild_from_sheet()
            kept = await department.leads.find(won)
            assert (kept.stage, kept.place, kept.stage_reason) == ("Won", "Gold", "signed")
            assert kept.notes == before.notes == ("wants a stand", "met in Berlin")
            assert (await department.leads.find(mine)).owner == "Kim"
            await department.once("sync")
            assert (await department.leads.find(won)).stage == "Won"


async def test_a_database_that_holds_leads_is_left_as_it_is(tmp_path):
    world = World(tmp_path)
    async with world.at_work(sheets=ON) as department:
        await world.allocate(department, *world.silent(1))
        with pytest.raises(InputError, match="holds leads already"):
            await department.rebuild_from_sheet()
        assert await statuses(department) == {ContactStatus.ALLOCATED: 1}


async def test_an_empty_sheet_or_none_is_no_source(tmp_path):
    world = World(tmp_path)
    async with world.at_work(sheets=ON) as department:
        with pytest.raises(InputError, match="the sheet holds no leads"):
            await department.rebuild_from_sheet()
    async with world.at_work() as department:
        with pytest.raises(SettingsError):
            await department.rebuild_from_sheet()


async def test_a_copy_of_the_sheet_without_its_pins_and_with_rubbish_in_it_is_read_too(tmp_path):
    world = World(tmp_path)
    async with world.keeping_time():
        before = await a_day_with_a_sheet(world)
        with world.sheets.shelf.open() as book:
            for grid in book.grids:
                for column in grid.columns:
                    column.metadata.clear()
                grid.changed = True
            leads = book.titled("Leads")
            leads.insert("ROWS", 1, 3)
            key = leads.column_count - 1
            leads.put(1, 0, "=1+1")
            leads.put(1, key, "no such id !")
            for at in range(leads.column_count):
                leads.put(2, at, leads.at(4, at))  # a copied row
        async with world.department(sheets=ON) as department:
            found = await department.rebuild_from_sheet()
            assert found.taken == len(before)
            assert [why for _, why in found.refused] == ["“no such id !” is no lead id"]
