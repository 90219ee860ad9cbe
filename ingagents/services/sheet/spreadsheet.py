"""The spreadsheet's tabs: known by their ids, looked at together, made where they are missing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from zlib import crc32

import msgspec

from ingagents.communication.role_session import RoleSession
from ingagents.context import Context
from ingagents.errors import RequestRefused
from ingagents.model.spreadsheet import Change, CreateTab, Tab, TabLook
from ingagents.ports import TeamSheet as SheetPort
from ingagents.store.tables import key_value, lead_counts

TABS = "sheet.tabs"
"""Which sheet id each tab has: {"spreadsheet", "tabs": {kind: id}}."""

BAD_REQUEST = 400
"""Google's word for a tab, a row or a column that is not there."""

_WHOLE_MOST = 10_000
"""Leads of which a look shows every column: an answer of Google's has its bound."""


@dataclass(frozen=True, kw_only=True)
class Spreadsheet:
    """Where the tabs are. `open` gives it, opened when it is first needed."""

    context: Context
    open: Callable[[], Awaitable[SheetPort]]
    spreadsheet_id: str
    tabs: tuple[Tab, ...]

    async def look(self, session: RoleSession) -> Mapping[str, TabLook]:
        """All tabs at one moment; those that are missing are made."""
        port = await self.open()
        ids = await self._known_ids()
        tabs = await self._asked_for()
        if len(ids) == len(self.tabs):
            try:
                return await port.look({ids[tab.kind]: tab for tab in tabs})
            except RequestRefused as exc:
                if exc.status != BAD_REQUEST:  # else a tab we knew is gone
                    raise
        ids = await self._find_tabs(port, session)
        return await port.look({ids[tab.kind]: tab for tab in tabs})

    async def _asked_for(self) -> Sequence[Tab]:
        """The tabs as a look asks for them: of very many leads, columns of the team's own are not read."""
        count = sum((await self.context.store.read(lead_counts.by_status)).values())
        if count <= _WHOLE_MOST:
            return self.tabs
        return [msgspec.structs.replace(tab, takes_rows=False) for tab in self.tabs]

    async def _find_tabs(self, port: SheetPort, session: RoleSession) -> dict[str, int]:
        known, standing = await self._known_ids(), await port.tabs()
        titles = {found.title: found.sheet_id for found in standing}
        taken = {found.sheet_id for found in standing}
        ids: dict[str, int] = {}
        missing: list[Change] = []
        for tab in self.tabs:
            if known.get(tab.kind) in taken:
                ids[tab.kind] = known[tab.kind]
            elif tab.title in titles:
                ids[tab.kind] = titles[tab.title]
            else:
                ids[tab.kind] = _free_id(tab, taken)
                taken.add(ids[tab.kind])
                missing.append(CreateTab(tab, ids[tab.kind]))
        if missing:
            await port.reshape(missing)
        value = {"spreadsheet": self.spreadsheet_id, "tabs": ids}
        now = self.context.clock.now()
        await session.commit(lambda t: key_value.note(t, TABS, value, at=now))
        return ids

    async def _known_ids(self) -> dict[str, int]:
        noted = await self.context.store.read(lambda t: key_value.noted(t, TABS))
        if not noted or noted["spreadsheet"] != self.spreadsheet_id:
            return {}
        return {str(kind): int(sheet_id) for kind, sheet_id in noted["tabs"].items()}

    async def known(self, kinds: Collection[str]) -> dict[int, Tab]:
        """Some of the tabs, by the ids they were last seen with."""
        ids = await self._known_ids()
        return {ids[tab.kind]: tab for tab in await self._asked_for() if tab.kind in kinds}


def _free_id(tab: Tab, taken: set[int]) -> int:
    """A sheet id for a new tab: the same every time, unless somebody has it."""
    sheet_id = crc32(f"ingagents/{tab.kind}".encode()) & 0x7FFFFFFF
    while sheet_id in taken:
        sheet_id += 1
    return sheet_id
