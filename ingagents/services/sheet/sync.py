"""The team's sheet kept in step with the database: look, obey, write, look again, put right.

The database is the record, the sheet the team's view and voice. A sync is at most two looks and,
for each tab, two writes: one that says what is new, and one that puts right what landed wrong
because somebody rearranged the sheet in the split second between. What a write puts where is noted
before it and looked for until a look has shown it, if need be by the next sync: so a sync that was
cut short, or rearranged at its very last write, is made up for.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from ingagents.communication.role_session import RoleSession
from ingagents.context import Context
from ingagents.core.sheet.diff import Plan, plan, repair
from ingagents.core.sheet.edits import Reading, read_words
from ingagents.core.sheet.layout import ANSWER, FACTS, LEADS
from ingagents.core.sheet.orphans import Strays, Written, joined, strays, written
from ingagents.core.sheet.table import Table, as_table, mend
from ingagents.core.sheet.typed import Content, landed, own_headers, with_own_columns
from ingagents.errors import RequestRefused, ServiceError, SettingsError
from ingagents.log import narrator
from ingagents.model import LeadStage
from ingagents.model.spreadsheet import AddRows, Change, ClearWords, Tab, TabLook, Write
from ingagents.ports import TeamSheet as SheetPort
from ingagents.ports import Transaction
from ingagents.services.leads.intake import Reception
from ingagents.services.outcome import Outcome
from ingagents.services.reviews.decisions import Verdicts
from ingagents.services.sheet.edits import Orders
from ingagents.services.sheet.facts import FactFile, FactRows, note_landed, take_facts
from ingagents.services.sheet.spreadsheet import BAD_REQUEST, Spreadsheet
from ingagents.services.sheet.typed import RowReader, take_typed
from ingagents.services.sheet.wanted import Wanted, WantedRows
from ingagents.store.tables import key_value, leads, sheet

SYNCED = "sheet.synced"
"""When a sync last began that came to its end."""

UNSEEN = "sheet.unseen"
"""What was written and not looked at since, by tab."""

_ANSWERED_AT_ONCE = 200
"""More rows than that do not get lost one by one: somebody has cleared the tab."""

log = narrator()


@dataclass(frozen=True, kw_only=True)
class SheetDesk:
    """Keeps the sheet. `open` gives the spreadsheet, opened when it is first needed."""

    context: Context
    open: Callable[[], Awaitable[SheetPort]]
    verdicts: Verdicts
    reception: Callable[[], Awaitable[Reception]]
    row_reader: RowReader
    spreadsheet_id: str
    tabs: tuple[Tab, ...]
    zone: ZoneInfo
    facts: FactFile | None = None
    facts_changed: Callable[[], Awaitable[None]] | None = None
    stages: tuple[str, ...] = tuple(LeadStage)

    @property
    def rows(self) -> WantedRows:
        """What the tabs should say."""
        return WantedRows(context=self.context, tabs=self.tabs, zone=self.zone)

    @property
    def spreadsheet(self) -> Spreadsheet:
        """Where the tabs are."""
        return Spreadsheet(
            context=self.context,
            open=self.open,
            spreadsheet_id=self.spreadsheet_id,
            tabs=self.tabs,
        )

    async def sync(self, session: RoleSession) -> Outcome:
        """One sync. Whatever keeps the service from it is told, and made up for later."""
        began = self.context.clock.now()
        try:
            port = await self.open()
            done = await self._sync(port, session, began)
        except ServiceError as exc:
            return Outcome(summary=f"the sheet waits: {exc.what}", figures={}, error=exc)
        await session.commit(lambda t: key_value.note(t, SYNCED, began.isoformat(), at=began))
        return Outcome(summary=_say(done), figures=done)

    async def _sync(self, port: SheetPort, session: RoleSession, began: datetime) -> dict[str, Any]:
        looks = await self.spreadsheet.look(session)
        wanted = await self.rows.all(looks)
        unseen = await self._unseen()
        tables = {
            tab.kind: _table(tab, looks[tab.kind], wanted, unseen.get(tab.kind, Written()))
            for tab in self.tabs
        }
        astray = {
            kind: strays(table, unseen.get(kind, Written())) for kind, table in tables.items()
        }
        typed = await take_typed(
            session,
            self.reception,
            self.row_reader,
            table=tables[LEADS],
            look=looks[LEADS],
            back=astray[LEADS].back,
            at=f"{began.astimezone(self.zone):%H:%M}",
        )
        facts = await self._take_facts(session, looks, astray)
        if facts is not None:
            tables[FACTS] = facts.table
            astray[FACTS] = Strays(facts.back, astray[FACTS].found)
        tables[LEADS] = typed.table
        astray[LEADS] = Strays(typed.back, astray[LEADS].found)
        words = {kind: table for kind, table in tables.items() if kind != FACTS}
        words[LEADS] = with_own_columns(
            tables[LEADS],
            looks[LEADS],
            self.row_reader.own(own_headers(tables[LEADS], looks[LEADS])),
            self.row_reader.own_text,
        )
        obeyed = await self.obey(words, session)
        if obeyed or typed.taken or typed.beside:
            wanted = await self.rows.all(looks)
        if facts is not None:
            wanted[FACTS] = dict(facts.rows)
        plans = {
            kind: plan(
                table,
                wanted[kind],
                astray[kind].back,
                keys_alone=typed.taken,
                beside=facts.beside if facts is not None and kind == FACTS else None,
            )
            for kind, table in tables.items()
        }
        changes: list[Change] = [
            change for tab in self.tabs for change in mend(tab, looks[tab.kind])
        ]
        if facts is not None and facts.over is not None:
            changes.append(facts.over)
        touched = {one.tab.kind for one in changes if not isinstance(one, ClearWords | AddRows)}
        touched |= {kind for kind, found in plans.items() if not found.is_empty}
        repaired = 0
        done = await self._note_unseen(session, tables, plans, astray)
        if touched:
            refused = await _fits(self._write(port, changes, plans))
            after = await self._look_again(port, touched, wanted, done, plans, typed.taken)
            if facts is not None and FACTS in after:
                await note_landed(self.context, session, facts, after[FACTS])
            astray = {
                kind: strays(table, done[kind], at_once=True) for kind, table in after.items()
            }
            repairs = {
                kind: repair(plans[kind], table, wanted[kind], astray[kind].back)
                for kind, table in after.items()
            }
            await self._note_unseen(session, after, repairs, astray)
            refused_too = await _fits(self._repair(port, repairs))
            if refused is not None and refused_too is not None:
                raise refused_too  # twice in a row nobody was that quick
            repaired = sum(_count(found) for found in repairs.values())
        added = sum(len(found.added) for found in plans.values())
        return {
            "words": obeyed,
            "rows_taken": len(typed.taken) + typed.beside,
            "rows_added": added,
            "cells_written": sum(_count(found) for found in plans.values()),
            "cells_repaired": repaired,
        }

    async def _take_facts(
        self, session: RoleSession, looks: Mapping[str, TabLook], astray: Mapping[str, Strays]
    ) -> FactRows | None:
        """The tab Facts and the file brought together, and the plans made anew where that matters."""
        if self.facts is None or FACTS not in looks:
            return None
        tab = next(tab for tab in self.tabs if tab.kind == FACTS)
        if tab.key not in looks[FACTS].columns or ANSWER not in looks[FACTS].columns:
            return None  # mended first
        try:
            found = await take_facts(
                self.context,
                session,
                self.facts,
                tab=tab,
                look=looks[FACTS],
                back=astray[FACTS].back,
                today=self.context.clock.now().astimezone(self.zone).date(),
            )
        except SettingsError as exc:
            log.warning("sheet.facts_unusable", reason=exc.what)
            return None
        if found.changed and self.facts_changed is not None:
            await self.facts_changed()
        return found

    async def _write(
        self, port: SheetPort, changes: Sequence[Change], plans: Mapping[str, Plan]
    ) -> None:
        shape = [*changes, *(found.add for found in plans.values() if found.add is not None)]
        if shape:
            await port.reshape(shape)
        writes = _all_writes(plans)
        if writes:
            await port.write(writes)

    async def _look_again(
        self,
        port: SheetPort,
        touched: set[str],
        wanted: Wanted,
        done: Mapping[str, Written],
        plans: Mapping[str, Plan],
        typed: Mapping[str, Content],
    ) -> dict[str, Table]:
        """The second look: how the tabs stand after the write."""
        tabs = await self.spreadsheet.known(touched)
        looks = await port.look(tabs)
        after = {
            tab.kind: _table(
                tab,
                looks[tab.kind],
                wanted,
                done[tab.kind],
                added=plans[tab.kind].added,
                typed=typed,
            )
            for tab in tabs.values()
        }
        if LEADS in after:
            after[LEADS] = landed(after[LEADS], looks[LEADS], typed)
        return after

    async def _repair(self, port: SheetPort, repairs: Mapping[str, Plan]) -> None:
        strays = [found.strays for found in repairs.values() if found.strays is not None]
        if strays:
            await port.reshape(strays)
        writes = _all_writes(repairs)
        if writes:
            await port.write(writes)

    async def _unseen(self) -> dict[str, Written]:
        """What earlier syncs wrote and nobody has looked at yet."""
        noted = await self.context.store.read(lambda t: key_value.noted(t, UNSEEN))
        return msgspec.convert(noted or {}, dict[str, Written])

    async def _note_unseen(
        self,
        session: RoleSession,
        tables: Mapping[str, Table],
        plans: Mapping[str, Plan],
        astray: Mapping[str, Strays],
    ) -> dict[str, Written]:
        """Note what is written now, and what has yet to be taken back, before it is written."""
        unseen = {
            kind: joined(
                astray[kind].found,
                written(table, plans[kind].writes, plans[kind].add, astray[kind].back),
            )
            for kind, table in tables.items()
        }
        kept = {kind: one.bounded() for kind, one in unseen.items() if one.cells}
        value = msgspec.to_builtins(kept)
        if value != (await self.context.store.read(lambda t: key_value.noted(t, UNSEEN)) or {}):
            now = self.context.clock.now()
            await session.commit(lambda t: key_value.note(t, UNSEEN, value, at=now))
        return unseen

    # --- what people wrote ----------------------------------------------------------------------

    async def obey(self, tables: Mapping[str, Table], session: RoleSession) -> int:
        """Carry out the new words and remember what was seen, in one commit; how many words."""

        def obey(transaction: Transaction) -> int:
            count, synced = 0, key_value.noted(transaction, SYNCED)
            orders = Orders(
                context=self.context,
                verdicts=self.verdicts,
                zone=self.zone,
                stages=self.stages,
                since=datetime.fromisoformat(synced) if synced else None,
            )
            for kind, table in tables.items():
                before = sheet.seen(transaction, kind)
                gone = sheet.forgotten(transaction, kind, table.persons)
                reading = read_words(table, before, unread=gone)
                count += self._answer(transaction, orders, table, reading)
                if kind == LEADS:
                    orders.withdraw(transaction, table, reading.seen)
                    count += self._welcome_back(transaction, table)
                sheet.keep_seen(transaction, kind, before, reading.seen)
            return count

        return await session.commit(obey)

    def _answer(
        self, transaction: Transaction, orders: Orders, table: Table, reading: Reading
    ) -> int:
        said: dict[str, list[str]] = {}
        for word in reading.words:
            if answer := orders.carry_out(transaction, table, word):
                said.setdefault(word.key, []).append(answer)
        answers = {key: "; ".join(lines) for key, lines in said.items()}
        sheet.keep_answers(transaction, table.tab.kind, answers)
        return len(reading.words)

    def _welcome_back(self, transaction: Transaction, table: Table) -> int:
        """Tell in their rows of leads that somebody deleted: a lead is closed, not deleted."""
        synced = key_value.noted(transaction, SYNCED)
        if synced is None or not table.persons or table.tab.key not in table.columns:
            return 0
        before = datetime.fromisoformat(synced)
        gone = leads.ids_created_before(transaction, before) - table.persons.keys()
        if not 0 < len(gone) <= _ANSWERED_AT_ONCE:
            return 0
        now = self.context.clock.now().astimezone(self.zone)
        text = f"this row was missing and was put back {now:%H:%M}; to stop a lead write a veto"
        sheet.keep_answers(transaction, LEADS, dict.fromkeys(gone, text))
        return len(gone)


async def _fits(writing: Awaitable[None]) -> RequestRefused | None:
    """Write; the refusal where somebody took a column or a row away meanwhile, which a look shows."""
    try:
        await writing
    except RequestRefused as exc:
        if exc.status != BAD_REQUEST:
            raise
        log.info("sheet.write_refused", reason=exc.what)
        return exc
    return None


def _table(
    tab: Tab,
    look: TabLook,
    wanted: Wanted,
    unseen: Written,
    *,
    added: Collection[str] = (),
    typed: Collection[str] = (),
) -> Table:
    unsure = unseen.whose(tab.key)
    return as_table(tab, look, wanted[tab.kind], unsure=unsure, added=added, typed=typed)


def _all_writes(plans: Mapping[str, Plan]) -> list[Write]:
    return [write for found in plans.values() for write in found.writes]


def _count(found: Plan) -> int:
    return sum(len(write.cells) for write in found.writes)


def _say(done: Mapping[str, int]) -> str:
    parts = [
        f"{done['words']} words from the team" if done["words"] else "",
        f"{done['rows_taken']} rows taken" if done["rows_taken"] else "",
        f"{done['rows_added']} rows added" if done["rows_added"] else "",
        f"{done['cells_written']} cells written" if done["cells_written"] else "",
        f"{done['cells_repaired']} put right" if done["cells_repaired"] else "",
    ]
    return ", ".join(part for part in parts if part) or "the sheet is up to date"
