"""A department that lost its database comes back from its sheet: the leads, and what people said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from ingagents.communication.role_session import RoleSession
from ingagents.core.sheet.edits import Seen, read_words
from ingagents.core.sheet.layout import LEADS, NOTES
from ingagents.core.sheet.restore import Rebuilt, rebuild_lead
from ingagents.core.sheet.rows import texts_of
from ingagents.core.sheet.table import Table, as_table, cell_text, mend
from ingagents.errors import InputError
from ingagents.events import Event, LeadsImported, LeadUpdated
from ingagents.model import ContactStatus, LeadId
from ingagents.model.spreadsheet import TabLook
from ingagents.ports import Transaction
from ingagents.services.sheet.sync import SheetDesk
from ingagents.store.tables import lead_counts, leads, sheet

_BY = "import:sheet"


@dataclass(kw_only=True)
class Rebuilding:
    """What became of the rows of a sheet. `refused` holds row numbers and why."""

    rows: int = 0
    taken: int = 0
    suppressed: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)


async def rebuild(context: SheetDesk, session: RoleSession) -> Rebuilding:
    """Fill an empty database from the Leads tab, in one commit; then obey what people wrote.

    Raises:
        InputError: the database holds leads, or the sheet none.
        ServiceError: the sheet cannot be read.
    """
    if await context.context.store.read(lead_counts.by_status):
        raise InputError(
            "the database holds leads already", "rebuild into an empty one (database.url)"
        )
    looks = await _as_they_stand(context, session)
    look = looks[LEADS]
    tab, now = context.tabs[0], context.context.clock.now()
    keys = look.columns[tab.key].cells if tab.key in look.columns else ()
    standing = {cell_text(cell) for cell in keys} - {tab.key, ""}
    found = Rebuilding()
    table = as_table(tab, look, dict.fromkeys(standing, ()))
    rebuilt = list(_readable(table, found, zone=context.zone, now=now))
    if not rebuilt:
        raise InputError("the sheet holds no leads", "check sheets.spreadsheet_id")
    await session.commit(lambda t: _keep(context, t, rebuilt, found))
    wanted = await context.rows.all(looks)
    table = as_table(tab, look, wanted[LEADS])
    seen = _said_before(table, rebuilt)
    await session.commit(lambda t: sheet.keep_seen(t, LEADS, {}, seen))
    await context.obey({LEADS: table}, session)
    return found


async def _as_they_stand(context: SheetDesk, session: RoleSession) -> Mapping[str, TabLook]:
    """The tabs; a copy of the sheet may have lost its pins, which are put back first."""
    looks = await context.spreadsheet.look(session)
    if changes := mend(context.tabs[0], looks[LEADS]):
        port = await context.open()
        await port.reshape(changes)
        looks = await context.spreadsheet.look(session)
    return looks


def _said_before(table: Table, rebuilt: Sequence[Rebuilt]) -> Seen:
    """The words that came back with their leads, and notes that did: those are not said anew."""
    leads_by_id = {one.lead.id: one for one in rebuilt}
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for (key, column), words in read_words(table, {}).seen.items():
        one = leads_by_id.get(LeadId(key))
        notes = one.lead.notes if one is not None and column == NOTES else ()
        if one is not None and (column in one.said or set(words) <= set(notes)):
            found[key, column] = words
    return found


def _readable(
    table: Table, found: Rebuilding, *, zone: ZoneInfo, now: datetime
) -> Iterator[Rebuilt]:
    """The leads of a table; what cannot be one is told by row."""
    for rows in table.persons.values():
        found.rows += 1
        one = rebuild_lead(texts_of(table, rows[0]), zone=zone, now=now)
        if isinstance(one, Rebuilt):
            yield one
        else:
            found.refused.append((rows[0] + 1, one))


def _keep(
    context: SheetDesk, transaction: Transaction, rebuilt: Sequence[Rebuilt], found: Rebuilding
) -> None:
    events: list[Event] = []
    found.taken = found.suppressed = 0  # a commit may be run again
    for one in rebuilt:
        lead = one.lead
        if leads.find_by_aliases(transaction, one.aliases) is not None:
            continue  # a second row of somebody who has one already
        leads.insert(transaction, lead, one.aliases)
        found.taken += 1
        if lead.contact_status is ContactStatus.SUPPRESSED:
            names = [(str(alias.kind), alias.value) for alias in one.aliases]
            reason = lead.status_reason or "suppressed when the sheet was last written"
            now = context.context.clock.now()
            leads.suppress(transaction, names, reason=reason, by=_BY, at=now)
            found.suppressed += 1
        said = {"contact_status": lead.contact_status.value, "from": "the sheet"}
        events.append(LeadUpdated(lead_id=lead.id, changes=said, by=_BY))
    imported = LeadsImported(source=_BY, taken=found.taken, merged=0, refused=len(found.refused))
    context.context.queue.append(transaction, _BY, *events, imported)
