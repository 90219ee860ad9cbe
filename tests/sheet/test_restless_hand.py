"""People rearrange the sheet while it is synced: no misplaced value, no lost word.

The real adapter works on the sandbox's spreadsheet; a seeded hand acts between the look and the
write of each sync, and between the write and the second look.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from ingagents.communication.role_session import RoleSession
from ingagents.core.conversation.follow_up import stage_and_reason
from ingagents.core.sheet.layout import ANSWER, LEADS, PERSON_COLUMNS, STAGE, WHY, layouts
from ingagents.core.sheet.rows import lead_row
from ingagents.core.sheet.table import Row, same
from ingagents.integrations.google_sheets.client import GoogleSheet
from ingagents.model import ContactStatus, LeadId, LeadStage
from ingagents.model.spreadsheet import Change, SheetFound, Tab, TabLook, Write
from ingagents.ports import Transaction
from ingagents.sandbox.google_sheets.grid import Grid
from ingagents.services.sheet.sync import SheetDesk
from ingagents.store.tables import leads, sheet
from tests.factories import a_lead, a_profile, aliases_of_lead
from tests.sheet.desk import Calls, a_sheet_desk
from tests.sheet.google import google_sheet
from tests.sheet.hand import GUEST, PASTED, TYPED_OVER, Hand, Words, header_of, key_column, key_of
from tests.support import Office, open_office
from tests.world import ZONE, World

TAB = layouts()[0]
WHO = ("Name", "LinkedIn URL")
ANSWERS = ("taken", "not taken", "the same as row")
LEADS_AT_FIRST = 12
SEEDS = range(10)
ROUNDS = 50
"""Ten times fifty rounds."""


class Restless:
    """The real sheet with a hand that acts whenever the department looks away.

    The proof is checked at once: whatever the department does must leave every word where it is.
    """

    def __init__(self, real: GoogleSheet, hand: Hand) -> None:
        self.real, self.hand = real, hand
        self.looks = 0
        self.acts = 3
        self.quiet = False
        self.always = False
        """Whether the hand acts before the last write too, when nobody looks again."""

    async def tabs(self) -> Sequence[SheetFound]:
        return await self.real.tabs()

    async def look(self, tabs: Mapping[int, Tab]) -> Mapping[str, TabLook]:
        self.looks += 1
        if self.looks == 2:
            self._interfere()
        return await self.real.look(tabs)

    async def reshape(self, changes: Sequence[Change]) -> None:
        words = self._before()
        await self.real.reshape(changes)
        self._check(words)

    async def write(self, writes: Sequence[Write]) -> None:
        words = self._before()
        await self.real.write(writes)
        self._check(words)

    def begin(self, *, quiet: bool = False) -> None:
        """A new sync begins; in a quiet one the hand rests."""
        self.looks, self.quiet = 0, quiet
        self.hand.log.append("--- sync")

    def _before(self) -> Words:
        if self.looks == 1 or self.always:
            self._interfere()
        return self.hand.words()

    def _interfere(self) -> None:
        if not self.quiet:
            self.hand.act(self.hand.chance.randint(0, self.acts))

    def _check(self, before: Words) -> None:
        after = self.hand.words()
        for word, (column, key, _) in before.items():
            assert word in after, f"{word} of {key} in {column} is lost; {self.hand.log[-12:]}"
            assert after[word][0] == column, f"{word} changed its column; {self.hand.log[-12:]}"
            if key in self.hand.known:
                # A key may land over another's where nobody looks again, or one that a pasted row gets
                # before the next look; then the name still tells.
                name = self.hand.known[key]
                passing = self.always or after[word][1] not in self.hand.known
                told = passing and (before[word][2] != name or after[word][2] == name)
                assert after[word][1] == key or told, (
                    f"{word} changed its person; {self.hand.log[-12:]}"
                )


def keep_leads(transaction: Transaction, first: int, count: int) -> int:
    """New leads; the number of the next one."""
    for number in range(first, first + count):
        lead = a_lead(number, profile=a_profile(number))
        leads.insert(transaction, lead, aliases_of_lead(lead))
    return first + count


def change_leads(office: Office, chance: random.Random, number: int) -> Callable[..., int]:
    """A few leads change, sometimes new ones come."""
    seed = chance.random()

    def change(transaction: Transaction) -> int:
        draw = random.Random(seed)
        found = leads.every(transaction, limit=1000)
        for lead in draw.sample(found, k=min(len(found), draw.randint(0, 4))):
            changes: dict[str, Any] = draw.choice(
                [
                    {"contact_status": draw.choice(list(ContactStatus))},
                    {"quality_score": draw.randint(10, 100) / 10},
                    {"status_reason": f"because of {draw.random():.6f}"},
                    {"company": f"Firma {draw.randint(1, 10**6)}"},
                ]
            )
            leads.update(transaction, lead, now=office.clock.now(), **changes)
        more = draw.choice([0, 0, 0, 1, 2]) if len(found) < 40 else 0
        return keep_leads(transaction, number, more)

    return change


async def wanted_rows(office: Office) -> dict[str, Row]:
    answers = await office.store.read(lambda t: sheet.answers(t, LEADS))
    found = await office.store.read(lambda t: leads.every(t, limit=1000))
    return {lead.id: lead_row(lead, answers.get(lead.id, ""), ZONE) for lead in found}


def misplaced(world: World, wanted: Mapping[str, Row], hand: Hand, *, complete: bool) -> list[str]:
    """Cells of ours that say something else than the database; leads without a row.

    What stands in rows that somebody has just copied is theirs, until a sync has told them so.
    A row above the header is told nothing, also where it says the same as another of ours.
    """
    wrong: list[str] = []
    whom = [[line[TAB.machine.index(name)] for name in WHO] for line in wanted.values()]
    with world.sheets.shelf.open() as book:
        grid = book.titled(TAB.title)
        header = header_of(grid, TAB)
        places = {
            name: at
            for name in TAB.machine
            for at, column in enumerate(grid.columns)
            if TAB.pin(name) in column.metadata and grid.at(header, at) == name
        }
        rows = {row: key_of(grid, TAB, row) for row in range(grid.last_row()) if row != header}
        for row, key in rows.items():
            if key in wanted:
                for name, cell in zip(TAB.machine, wanted[key], strict=True):
                    stands = grid.at(row, places[name]) if name in places else cell
                    if not same("" if stands is None else stands, cell):
                        wrong.append(f"{key} {name}: {stands!r} instead of {cell!r}")
            # A key that was typed over is put back by the row's marks; if our own words landed in
            # that very row at the same moment, only a person can still tell whose it was.
            # A row that says the same as another of ours, a copy that lost its key among them, is told so.
            elif (
                key_column(grid, TAB) is not None
                and not key.startswith(TYPED_OVER)
                and not str(grid.at(row, places.get(ANSWER, grid.column_count))).startswith(
                    "the same as row"
                )
            ):
                copied = () if complete else hand.copied()
                said = [grid.at(row, places[name]) if name in places else "" for name in WHO]
                if row < header and said in whom:
                    continue
                for name in (*WHO, WHY):
                    stands = grid.at(row, places[name]) if name in places else None
                    ours = {line[TAB.machine.index(name)] for line in wanted.values()} - {""}
                    theirs = str(stands).startswith((GUEST, PASTED))
                    theirs |= str(stands) in copied or str(stands) in hand.pasted
                    if stands in ours and not theirs:
                        wrong.append(f"row {row}, nobody's, {name}: {stands!r}")
        if complete:
            wrong += [f"{key} has no row" for key in wanted.keys() - set(rows.values())]
            wrong += [f"{name} has no column" for name in TAB.machine if name not in places]
            wrong += unanswered(grid, wanted)
        wrong += [f"a formula: {text}" for text in grid.formulas()]
    return wrong


def unanswered(grid: Grid, wanted: Mapping[str, Row]) -> list[str]:
    """Rows of pasted people that are nobody's and say nothing; people with two leads."""
    header = header_of(grid, TAB)
    pins = {TAB.pin(name) for name in (ANSWER, *TAB.machine) if name not in PERSON_COLUMNS}
    places = [at for at, one in enumerate(grid.columns) if not pins.isdisjoint(one.metadata)]
    named = [str(line[TAB.machine.index("LinkedIn URL")]) for line in wanted.values()]
    twice = [url for url, count in Counter(named).items() if count > 1 and url.startswith(GUEST)]
    silent = [
        f"row {row} is not answered"
        for row in range(header + 1, grid.last_row())
        if key_of(grid, TAB, row) not in wanted
        and any(str(grid.at(row, at)).startswith(GUEST) for at in range(grid.column_count))
        and not any(str(grid.at(row, at)).startswith(ANSWERS) for at in places)
        and not all(grid.at(row, at) for at in places)  # a table that wide leaves no room
    ]
    return silent + [f"{url} is two leads" for url in twice]


async def unheard(bench: Bench) -> list[str]:
    """Stages that stand in the one row of a lead and are not the lead's."""
    found = await bench.office.store.read(
        lambda t: {one.id: one for one in leads.every(t, limit=1000)}
    )
    wrong: list[str] = []
    with bench.world.sheets.shelf.open() as book:
        grid = book.titled(TAB.title)
        header, pin = header_of(grid, TAB), TAB.pin(STAGE)
        place = next((at for at, one in enumerate(grid.columns) if pin in one.metadata), None)
        keys = [key_of(grid, TAB, row) for row in range(grid.last_row())]
        for row, key in enumerate(keys):
            if place is None or row == header or key not in found or keys.count(key) > 1:
                continue
            stage, reason = stage_and_reason(str(grid.at(row, place) or ""), tuple(LeadStage))
            kept = found[LeadId(key)]
            if stage is not None and (kept.stage, kept.stage_reason) != (stage, reason):
                wrong.append(f"{key} is {kept.stage!r} and not {stage!r}")
    return wrong


@asynccontextmanager
async def an_office(folder: Path, seed: object) -> AsyncGenerator[Bench, None]:
    """A department's office, a sheet with leads in it, and the hand."""
    world = World(folder)
    async with (
        world.keeping_time(),
        open_office(folder, world.clock) as office,
        google_sheet(world.sheets, world.clock) as real,
        office.queue.session("sales_manager") as session,
    ):
        port = Restless(real, Hand(world.sheets, TAB, seed))

        async def opened() -> Restless:
            return port

        context = a_sheet_desk(office, opened, (TAB,))
        await office.store.write(lambda t: keep_leads(t, 1, LEADS_AT_FIRST))
        bench = Bench(world, office, port, context, session, random.Random(f"leads/{seed}"))
        await bench.sync(quiet=True)
        yield bench


class Bench:
    """Syncs, each after a few changes in the database."""

    def __init__(
        self,
        world: World,
        office: Office,
        port: Restless,
        context: SheetDesk,
        session: RoleSession,
        chance: random.Random,
    ) -> None:
        self.world, self.office, self.port = world, office, port
        self.context, self.session, self.chance = context, session, chance
        self.number = LEADS_AT_FIRST + 1

    async def change(self) -> None:
        """Time passes, leads change and come."""
        self.world.pass_time(minutes=10)
        self.number = await self.office.store.write(
            change_leads(self.office, self.chance, self.number)
        )

    async def sync(self, *, quiet: bool = False) -> Counter[str]:
        """One sync; how many reads and writes it took."""
        standing = self.port.hand.standing()
        self.port.hand.known = {
            str(key): str(row[0])
            for key, row in (await wanted_rows(self.office)).items()
            if key in standing  # else it gets a row, and that only where it belongs
        }
        self.port.begin(quiet=quiet)
        calls = Calls(self.world.sheets)
        outcome = await self.context.sync(self.session)
        # Before every write a column may be gone anew: then a sync waits, and says so.
        waits = self.port.always and "no range matches the data filter" in outcome.try_later
        assert waits or outcome.try_later == "", outcome.try_later
        return calls()

    async def wrong(self, *, complete: bool = False) -> str:
        """What stands where it should not, with what the hand did last; "" when all is well."""
        wanted = await wanted_rows(self.office)
        found = misplaced(self.world, wanted, self.port.hand, complete=complete)
        return f"{found[:5]} after {self.port.hand.log[-14:]}" if found else ""


@pytest.mark.parametrize("seed", SEEDS)
async def test_after_each_sync_nothing_is_misplaced_and_no_word_is_lost(tmp_path, seed):
    print(f"seed {seed}")
    async with an_office(tmp_path, seed) as bench:
        assert await bench.wrong(complete=True) == ""
        for _ in range(ROUNDS):
            await bench.change()
            calls = await bench.sync()
            assert calls["read"] <= 2
            assert calls["write"] <= 4  # shape and cells, and what a rearranged sheet needs
            assert await bench.wrong() == ""
        await bench.sync(quiet=True)
        await bench.sync(quiet=True)
        assert await bench.wrong(complete=True) == ""
        assert await unheard(bench) == []
        assert await bench.sync(quiet=True) == Counter(read=1)


@pytest.mark.parametrize("seed", range(24))
async def test_a_hand_that_never_rests_costs_no_word_and_is_made_up_for_by_the_next_sync(
    tmp_path, seed
):
    """It acts before the very last write too, at which nobody looks again."""
    async with an_office(tmp_path, f"never rests {seed}") as bench:
        bench.port.always = True
        for _ in range(12):
            await bench.change()
            await bench.sync()
        await bench.sync(quiet=True)
        await bench.sync(quiet=True)
        assert await bench.wrong(complete=True) == ""


@pytest.mark.parametrize("seed", range(12))
async def test_tables_with_headers_of_their_own_cost_no_word_and_nobody_is_double(tmp_path, seed):
    """They are pasted, sorted and moved like any row, at the worst moment too."""
    async with an_office(tmp_path, f"tables {seed}") as bench:
        bench.port.hand.acts = (*bench.port.hand.acts, *["paste_table"] * 4)
        for _ in range(12):
            await bench.change()
            calls = await bench.sync()
            assert calls["read"] <= 2
            assert calls["write"] <= 4
        for _ in range(3):
            await bench.sync(quiet=True)
        assert await bench.wrong(complete=True) == ""
        assert await unheard(bench) == []
        assert await bench.sync(quiet=True) == Counter(read=1)
