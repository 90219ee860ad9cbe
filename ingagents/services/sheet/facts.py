"""The tab Facts and the file of facts say the same, and each row is answered where it stands.

A row `booking: Kim` holds the address of Kim's calendar under Link. The file is what is told to people. What is written into it was judged first: a row that speaks to a
machine, holds a link of another kind or cannot be read is refused in its row, and the file stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date
from typing import Any, NamedTuple, Protocol

import msgspec

from ingagents.communication.role_session import RoleSession
from ingagents.context import Context
from ingagents.core.facts.fact_checks import Finding, findings
from ingagents.core.facts.facts import is_told_on
from ingagents.core.sheet.fact_rows import (
    OVER,
    Cells,
    Merged,
    booking_cells,
    cells_of,
    is_cleared,
    keys_of_owners,
    merge,
    owner_of,
    table_of,
)
from ingagents.core.sheet.layout import ANSWER, LINK
from ingagents.core.sheet.orphans import Back
from ingagents.core.sheet.rows import as_cell, texts_of
from ingagents.core.sheet.table import Row, Table, as_table, cell_text
from ingagents.errors import IngagentsError
from ingagents.log import narrator
from ingagents.model import Campaign, Fact, FactSheet
from ingagents.model.spreadsheet import Cell, ClearWords, Tab, TabLook
from ingagents.services.sheet.typed import with_answers
from ingagents.store.tables import key_value

NOTED = "sheet.facts"
"""What tab and file said when they last agreed: {"tab": sheet id, "rows": {id: cells}}."""

_MOST_ROWS = 1_000
_REFUSED = frozenset({"instruction", "link", "too-long", "nobody"})
_NO_ID = "not taken: give it an id under Fact, such as tiers.gold"
_BOOKED = "told to whom they see to, where a talk is proposed"
_OVER = "over: the file of facts was changed, and another row says it anew, or nothing does; delete this one"

log = narrator()


class FactFile(Protocol):
    """What may be told to people, where the team keeps it beside the sheet."""

    def read(self) -> FactSheet:
        """What is told now.

        Raises:
            SettingsError: it cannot be used.
        """
        ...

    def parse(self, table: Mapping[str, Any]) -> Fact | str:
        """A fact from what somebody typed, or why it is none."""
        ...

    def why_no_booking(self, owner: str, address: str) -> str:
        """What is wrong with the address of somebody's calendar; "" when nothing is."""
        ...

    def campaign(self, sheet: FactSheet) -> Campaign:
        """The campaign with these facts."""
        ...

    def write(self, sheet: FactSheet) -> None:
        """Keep these facts instead.

        Raises:
            SettingsError: they cannot be kept; what was there stays.
        """
        ...


class Calendar(NamedTuple):
    """Where somebody's talks are booked."""

    address: str


class FactRows(msgspec.Struct, frozen=True, kw_only=True):
    """The tab as it is to be: the rows, what `fresh` ones hold, and which ids are over.

    `agreed` is what tab and file said before the write.
    """

    table: Table
    rows: Mapping[str, Row]
    beside: Mapping[str, Mapping[int, str]]
    back: Back
    agreed: Mapping[str, Cells]
    fresh: Mapping[str, Cells]
    over: ClearWords | None = None
    changed: bool = False


async def take_facts(
    context: Context,
    session: RoleSession,
    file: FactFile,
    *,
    tab: Tab,
    look: TabLook,
    back: Back,
    today: date,
) -> FactRows:
    """Bring tab and file together; whatever keeps the file from being written is told in the rows.

    Raises:
        SettingsError: the file that stands there cannot be used; nothing was changed.
    """
    keys = [cell_text(cell) for cell in _cells(look, tab.key) if cell != ""][:_MOST_ROWS]
    table = as_table(tab, look, dict.fromkeys(filter(None, keys), ("",)))
    kept = file.read()
    read, booking, told = _read(table, file, today)
    noted = await context.store.read(lambda t: key_value.noted(t, NOTED)) or {}
    base = msgspec.convert(noted.get("rows", {}), dict[str, Cells])
    if noted.get("tab") != look.sheet_id or is_cleared(
        [*read, *told], [one for one in base if owner_of(one) is None]
    ):
        base = {}
    of_tab = {key: cells_of(one) for key, one in read.items()}
    of_tab |= {key: booking_cells(address) for key, address in booking.items()}
    merged = merge(of_tab, _cells_of_all(kept, table.persons), base, unread=told)
    merged, why = _write(file, kept, (read, booking), merged, base)
    await _note(context, session, look.sheet_id, merged.base)
    after = file.read()
    booked = keys_of_owners(after.booking, table.persons).values()
    told = {**dict.fromkeys(booked, _BOOKED), **_states(after, file, today), **told, **why}
    stand = _cells_of_all(after, table.persons)
    fresh = {key: cells for key, cells in stand.items() if key in merged.to_tab}
    persons = {key: rows for key, rows in table.persons.items() if key not in merged.over}
    table = msgspec.structs.replace(table, persons=persons)
    places = {name: found.position for name, found in look.columns.items()}
    return FactRows(
        table=table,
        rows={key: (as_cell(told.get(key, ""), UTC),) for key in (*persons, *fresh)},
        beside={
            key: {places[name]: text for name, text in cells if name in places}
            for key, cells in fresh.items()
        },
        agreed=merged.base,
        fresh=fresh,
        back=with_answers(table, back, _without_id(table)),
        over=ClearWords(look.sheet_id, merged.over, mark=OVER) if merged.over else None,
        changed=bool(merged.to_file or merged.removed),
    )


async def note_landed(
    context: Context, session: RoleSession, facts: FactRows, after: Table
) -> None:
    """Remember that fresh rows stand, as a look has shown: from now on they may be changed or deleted."""
    landed = {key: cells for key, cells in facts.fresh.items() if key in after.persons}
    if landed:
        await _note(context, session, after.sheet_id, {**facts.agreed, **landed})


async def _note(
    context: Context, session: RoleSession, sheet_id: int, rows: Mapping[str, Cells]
) -> None:
    value, now = msgspec.to_builtins({"tab": sheet_id, "rows": rows}), context.clock.now()
    if value != await context.store.read(lambda t: key_value.noted(t, NOTED)):
        await session.commit(lambda t: key_value.note(t, NOTED, value, at=now))


def _cells_of_all(sheet: FactSheet, rows: Iterable[str]) -> dict[str, Cells]:
    """What the file says, by the keys of the rows that say the same."""
    keys = keys_of_owners(sheet.booking, rows)
    return {fact.id: cells_of(fact) for fact in sheet.facts} | {
        keys[owner]: booking_cells(address) for owner, address in sheet.booking.items()
    }


def _cells(look: TabLook, name: str) -> tuple[Cell, ...]:
    return look.columns[name].cells if name in look.columns else ()


def _without_id(table: Table) -> dict[int, str]:
    """What rows without an id are told; nothing any more where nothing stands."""
    rows = [row for row in table.nobodys() if row > table.header]
    said = {row for row in rows if any(cell_text(table.at(row, name)) for name in table.tab.human)}
    return {
        row: _NO_ID if row in said else "" for row in rows if row in said or table.at(row, ANSWER)
    }


def _read(
    table: Table, file: FactFile, today: date
) -> tuple[dict[str, Fact], dict[str, str], dict[str, str]]:
    """The facts and the addresses of calendars in the rows, and why the others are none."""
    facts: dict[str, Fact] = {}
    booking: dict[str, str] = {}
    told: dict[str, str] = {}
    for key, rows in table.persons.items():
        said = [_said(key, texts_of(table, row), file, table.persons) for row in rows]
        if key.endswith(OVER):
            told[key] = _OVER
        elif any(one != said[0] for one in said[1:]):
            named = " and ".join(str(row + 1) for row in rows[:5])
            told[key] = f"not taken: rows {named} have this id; leave one of them"
        elif isinstance(said[0], Fact):
            facts[key] = said[0]
        elif isinstance(said[0], Calendar):
            booking[key] = said[0].address
        else:
            told[key] = f"not taken: {said[0]}"
    for wrong in _judged(FactSheet(facts=tuple(facts.values())), file, today):
        if wrong.grave and wrong.kind in _REFUSED:
            for key in wrong.ids:
                if facts.pop(key, None) is not None:
                    told[key] = f"not taken: {wrong.says}; {wrong.fix}"
    return facts, booking, told


def _said(
    key: str, row: Mapping[str, str], file: FactFile, rows: Iterable[str]
) -> Fact | Calendar | str:
    """What a row says, or why it says nothing; `rows` are the keys of all."""
    owner = owner_of(key)
    if owner is None:
        return file.parse(table_of(key, row))
    if key != keys_of_owners([owner], rows)[owner]:
        return "another row names this owner; leave one of them"
    address = row.get(LINK, "")
    return file.why_no_booking(owner, address) or Calendar(address)


def _judged(sheet: FactSheet, file: FactFile, today: date) -> tuple[Finding, ...]:
    return findings(sheet, file.campaign(sheet), today=today)


def _states(sheet: FactSheet, file: FactFile, today: date) -> dict[str, str]:
    """What people are told of the facts by now, and what to mend."""
    found: dict[str, list[Finding]] = {}
    for one in _judged(sheet, file, today):
        for key in one.ids:
            found.setdefault(key, []).append(one)
    states: dict[str, str] = {}
    for fact in sheet.facts:
        wrong = found.get(fact.id, [])
        silent = any(one.untold for one in wrong) or not is_told_on(fact, today)
        state = "not told today" if silent else "told"
        states[fact.id] = "; ".join(
            (state, *(f"{one.says_at(fact.id)} ({one.fix})" for one in wrong))
        )
    return states


def _write(
    file: FactFile,
    kept: FactSheet,
    said: tuple[Mapping[str, Fact], Mapping[str, str]],
    merged: Merged,
    base: Mapping[str, Cells],
) -> tuple[Merged, dict[str, str]]:
    """Write the file where the tab says something new; what the rows are told where it cannot be."""
    if not merged.to_file and not merged.removed:
        return merged, {}
    read, addresses = said
    facts = {fact.id: fact for fact in kept.facts if fact.id not in merged.removed}
    facts |= {key: read[key] for key in merged.to_file if key in read}
    keys = keys_of_owners(kept.booking, (*addresses, *merged.removed))
    booking = {owner: at for owner, at in kept.booking.items() if keys[owner] not in merged.removed}
    for key in merged.to_file:
        if key in addresses:
            owner = owner_of(key) or ""
            same = (one for one in booking if one.casefold() == owner.casefold())
            booking[next(same, owner)] = addresses[key]
    sheet = msgspec.structs.replace(kept, facts=tuple(facts.values()), booking=booking)
    try:
        file.write(sheet)
    except IngagentsError as exc:
        log.warning("sheet.facts_not_written", reason=str(exc))
        why = dict.fromkeys(merged.to_file, f"not taken: {exc.what}")
        agreed = {key: cells for key, cells in merged.base.items() if key not in why}
        agreed |= {key: base[key] for key in (*why, *merged.removed) if key in base}
        return Merged(to_tab=merged.to_tab, over=merged.over, base=agreed), why
    return merged, {}
