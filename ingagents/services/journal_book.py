"""The journal as people use it: gone through in order, and as tables for notebooks."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

from ingagents.communication import journal
from ingagents.communication.journal import Entry
from ingagents.context import Context
from ingagents.display import Shown, Told, frame
from ingagents.events import DecisionMade, Event, UnreadableEvent, decode
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
            event = _read(entry) if entry.type == _DECISION else None
            if not isinstance(event, DecisionMade):
                continue
            made = event.decision
            row = {name: getattr(made, name) for name in _OF_DECISION}
            why = "; ".join(reason.why for reason in made.reasons)
            rows.append({**entry._asdict(), "lead_id": event.lead_id, **row, "why": why})
        return frame(rows, {**_COLUMNS, "lead_id": "", **_OF_DECISION, "why": ""})

    def _told(self) -> Told:
        return Told("`async for` every(), `await` to_dataframe(), decisions()")


def _read(entry: Entry) -> Event | None:
    try:
        return decode(entry.data, stored_type=entry.type, version=entry.version)
    except UnreadableEvent:
        return None


_DECISION = DecisionMade.__struct_config__.tag
_OF_DECISION = {"kind": "", "verdict": "", "confidence": "float64", "decided_by": ""}
