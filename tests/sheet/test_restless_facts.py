"""Somebody is at work in the tab Facts, somebody else in the file: no word is lost, and both agree in the end."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingagents.app.rules.campaign_facts import CampaignFacts
from ingagents.core.sheet.fact_rows import OVER
from ingagents.core.sheet.layout import FACTS, TEXT, layouts
from ingagents.model import Fact, FactSheet
from ingagents.sandbox.google_sheets.grid import Grid
from ingagents.settings import Settings
from tests.sheet.desk import a_sheet_desk
from tests.sheet.google import google_sheet
from tests.sheet.hand import Hand, header_of, key_of
from tests.sheet.test_restless_hand import Restless
from tests.support import open_office
from tests.world import World

LEADS_TAB, *_, FACTS_TAB = layouts()
ROUNDS = 25


class Teller(Hand):
    """Writes, changes, moves and deletes facts."""

    acts: tuple[str, ...] = (
        "sort",
        "insert_rows",
        "move_rows",
        "move_column",
        "delete_row",
        "nothing",
        "filter",
    ) + (
        "say",
        "say_anew",
    ) * 3

    def say(self, grid: Grid) -> None:
        """A new row, sometimes with an id that another has, or with none."""
        at = max(grid.last_row(), header_of(grid, self.tab) + 1)
        grid.insert("ROWS", min(at, grid.row_count), 1)
        name = self.chance.choice([f"fact.{self.chance.randint(1, 9)}", "", "no id !"])
        for column, value in ((self.tab.key, name), (TEXT, self.word())):
            grid.put(at, self._place(grid, column), value)

    def say_anew(self, grid: Grid) -> None:
        if rows := self._lead_rows(grid):
            grid.put(self.chance.choice(rows), self._place(grid, TEXT), self.word())

    def _place(self, grid: Grid, name: str) -> int:
        pin = self.tab.pin(name)
        return next(at for at, one in enumerate(grid.columns) if pin in one.metadata)


def told_in_tab(world: World) -> dict[str, str]:
    """By id the text of the rows that have an id of their own and are not over."""
    with world.sheets.shelf.open() as book:
        grid = book.titled(FACTS_TAB.title)
        pin = FACTS_TAB.pin(TEXT)
        place = next(at for at, one in enumerate(grid.columns) if pin in one.metadata)
        header = header_of(grid, FACTS_TAB)
        rows = [row for row in range(grid.last_row()) if row != header]
        keys = [key_of(grid, FACTS_TAB, row) for row in rows]
        return {
            key: str(grid.at(row, place) or "")
            for row, key in zip(rows, keys, strict=True)
            if keys.count(key) == 1 and key.startswith("fact.") and not key.endswith(OVER)
        }


@pytest.mark.parametrize("seed", range(8))
async def test_tab_and_file_agree_in_the_end_and_no_word_is_lost(tmp_path: Path, seed: int) -> None:
    print(f"seed {seed}")
    world = World(tmp_path)
    settings = Settings.model_validate(
        {"campaign": {"facts": str(tmp_path / "facts.toml"), "event_name": "A summit of ours"}}
    )
    file = CampaignFacts(settings)
    async with (
        world.keeping_time(),
        open_office(tmp_path, world.clock) as office,
        google_sheet(world.sheets, world.clock) as real,
        office.queue.session("sales_manager") as session,
    ):
        port = Restless(real, Teller(world.sheets, FACTS_TAB, seed))
        desk = a_sheet_desk(office, lambda: opened(port), (LEADS_TAB, FACTS_TAB), facts=file)
        for number in range(ROUNDS):
            world.pass_time(minutes=10)
            if port.hand.chance.random() < 0.3:
                named = Fact(
                    id=f"fact.{port.hand.chance.randint(1, 9)}", text={"": f"file {number}"}
                )
                others = [one for one in file.read().facts if one.id != named.id]
                file.write(FactSheet(facts=(*others, named)))
            port.begin(quiet=number == 0)
            assert (await desk.sync(session)).try_later == ""
            if number:
                port.hand.act(3)
        for _ in range(3):
            port.begin(quiet=True)
            assert (await desk.sync(session)).try_later == ""
        told = {fact.id: fact.text[""] for fact in file.read().facts}
        shown = told_in_tab(world)
        assert {key: told.get(key) for key in shown} == shown, port.hand.log[-20:]
        assert FACTS in {tab.kind for tab in desk.tabs}


async def opened(port: Restless) -> Restless:
    return port
