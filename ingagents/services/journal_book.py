"""The journal as people use it: gone through in order, and as tables for notebooks."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

from ingagents.communication import journal
from ingagents.communication.journal import Entry
from ingagents.context import Context
from ingagents.core.why.story import decisions_of
from ingagents.display import Shown, Told, frame
from ingagents.events import DecisionMade, Event, LeadDiscovered, UnreadableEvent, decode
from ingagents.ports import Transaction

if TYPE_CHECKING:
    import pandas as pd

_COLUMNS = {"seq": "int64", "timestamp": "datetime64[us, UTC]", "agent": ""}


class JournalBook(Shown):
    """What happened in the department. Reached as `department.journal`."""

    def __init__(self, context: Context) -> None:
        self._context = context

    async def every(self, *, lead_id: str | None = None, after: int = 0) -> AsyncIterator[Entry]:
        """All events in order, or those of one lead; only those after a number."""
        last = after

        def read(transaction: Transaction) -> list[Entry]:
            return journal.entries(transaction, lead_id=lead_id, after=last)

        while page := await self._context.store.read(read):
            for entry in page:
                yield entry
            last = page[-1].seq

    async def to_dataframe(self, *, lead_id: str | None = None) -> pd.DataFrame:
        """The journal as a pandas table, an event a row; `data` is what it says, as JSON text.

        Raises:
            InputError: pandas is not installed.
        """
        rows = [one._asdict() async for one in self.every(lead_id=lead_id)]
        return frame(rows, {**_COLUMNS, "type": "", "data": ""})

    async def decisions(self, *, lead_id: str | None = None) -> pd.DataFrame:
        """Every decision as a pandas table, a row each, with its reasons in one text.

        Raises:
            InputError: pandas is not installed.
        """
        rows: list[dict[str, Any]] = []
        async for entry in self.every(lead_id=lead_id):
            event = read_event(entry) if entry.type in _DECIDED else None
            for made in decisions_of(event) if event is not None else ():
                row = {name: getattr(made, name) for name in _OF_DECISION}
                why = "; ".join(reason.why for reason in made.reasons)
                about = {"lead_id": getattr(event, "lead_id", "")}
                rows.append({**entry._asdict(), **about, **row, "why": why})
        return frame(rows, {**_COLUMNS, "lead_id": "", **_OF_DECISION, "why": ""})

    def _told(self) -> Told:
        return Told("`async for` every(), `await` to_dataframe(), decisions()")


def read_event(entry: Entry) -> Event | None:
    """The event of a journal row; None where it cannot be read any more."""
    try:
        return decode(entry.data, stored_type=entry.type, version=entry.version)
    except UnreadableEvent:
        return None


_DECIDED = {kind.__struct_config__.tag for kind in (DecisionMade, LeadDiscovered)}
_OF_DECISION = {"kind": "", "verdict": "", "confidence": "float64", "decided_by": ""}
