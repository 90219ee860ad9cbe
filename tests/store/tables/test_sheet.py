"""What the sheet needs remembered, on each database."""

from __future__ import annotations

from collections.abc import Callable

from ingagents.core.sheet.layout import CORRECT_SCORE, NOTES, VETO, layouts
from ingagents.core.sheet.rows import Conflict
from ingagents.model import LeadId
from ingagents.ports import Transaction
from ingagents.sandbox.google_sheets.api import SheetsFace
from ingagents.sandbox.record import Record
from ingagents.store.tables import lead_counts, leads, replies, sheet
from tests.factories import MONDAY, a_lead, a_reply, aliases_of_lead, an_analysis, an_effect
from tests.sheet.desk import Paper, a_sheet_desk
from tests.sheet.google import google_sheet
from tests.support import jumping_clock, open_office, open_test_store


async def test_words_that_were_seen_are_replaced_and_forgotten(database, tmp_path):
    async with open_test_store(tmp_path) as store:
        first = {("a", "Notes"): ("x",), ("b", "Notes"): ("y", "z")}
        await store.write(lambda t: sheet.keep_seen(t, "leads", {}, first))
        assert await store.read(lambda t: sheet.seen(t, "leads")) == first
        second = {("b", "Notes"): ("y",), ("c", "Veto"): ("yes",)}
        await store.write(lambda t: sheet.keep_seen(t, "leads", first, second))
        assert await store.read(lambda t: sheet.seen(t, "leads")) == second
        assert await store.read(lambda t: sheet.seen(t, "review")) == {}


async def test_the_last_answer_counts(database, tmp_path):
    async with open_test_store(tmp_path) as store:
        lead = a_lead(1)
        await store.write(lambda t: leads.insert(t, lead, aliases_of_lead(lead)))

        def say(text: str) -> Callable[[Transaction], None]:
            def keep(transaction: Transaction) -> None:
                sheet.keep_answers(transaction, "leads", {"a": text})

            return keep

        await store.write(say("one"))
        await store.write(say("two"))
        assert await store.read(lambda t: sheet.answers(t, "leads")) == {"a": "two"}


async def test_a_conflict_is_settled_once(database, tmp_path):
    async with open_test_store(tmp_path) as store:
        lead = a_lead(1)
        conflict = Conflict(
            id="c-1",
            lead_id=LeadId(lead.id),
            name=lead.name,
            column=CORRECT_SCORE,
            in_sheet="9",
            in_database="7",
            found_at=MONDAY,
        )
        await store.write(lambda t: leads.insert(t, lead, aliases_of_lead(lead)))
        await store.write(lambda t: sheet.keep_conflict(t, conflict))
        assert await store.read(sheet.open_conflicts) == [conflict]
        assert await store.write(lambda t: sheet.settle_conflict(t, "c-1", "sheet"))
        assert not await store.write(lambda t: sheet.settle_conflict(t, "c-1", "database"))
        assert await store.read(sheet.open_conflicts) == []
        (settled,) = await store.read(sheet.conflicts)
        assert settled.state == "sheet"
        assert await store.read(lambda t: sheet.find_conflict(t, "c-2")) is None


async def test_a_whole_sync_obeys_and_answers(database, tmp_path):
    record = Record()
    async with (
        jumping_clock() as clock,
        open_office(tmp_path, clock) as office,
        google_sheet(SheetsFace(record, now=clock.now), clock) as port,
        office.queue.session("sales_manager") as session,
    ):

        async def opened():
            return port

        context = a_sheet_desk(office, opened, layouts())

        def some_leads(t):
            for number in (1, 2):
                lead = a_lead(number)
                leads.insert(t, lead, aliases_of_lead(lead))
            replies.keep(t, a_reply(1), an_analysis(), an_effect(), now=MONDAY)

        await office.store.write(some_leads)
        await context.sync(session)
        paper = Paper(SheetsFace(record, now=clock.now))
        paper.write("lead-000001", VETO, "yes")
        paper.write("lead-000002", NOTES, "call")
        assert (await context.sync(session)).figures["words"] == 2
        assert (await context.sync(session)).figures["cells_written"] == 0
        statuses = await office.store.read(lead_counts.by_status)
    assert statuses == {"Suppressed": 1, "Not Contacted": 1}
    assert paper.read("lead-000001", "Status") == "Suppressed"
    record.close()
