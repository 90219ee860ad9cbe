"""Leads as they are shown to people: one with its history, many as a list, a table's fields."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterable, AsyncIterator, Callable, Generator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import msgspec

from ingagents.communication.journal import Entry
from ingagents.core.review_policy import Review
from ingagents.display import Shown, Told, counted, frame, person
from ingagents.model import NOT_JUDGED, Delivery, Lead

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, kw_only=True, repr=False)
class Dossier(Shown):
    """Everything the department knows of one lead."""

    lead: Lead
    history: Sequence[Entry]
    deliveries: Sequence[Delivery]
    suppressed: str
    waiting: Sequence[Review]
    """The questions about this lead that a human has yet to answer."""

    def _told(self) -> Told:
        lead = self.lead
        who = person(lead.name, lead.position, lead.company)
        line = (
            f"{lead.id[:8]} {who}: {lead.contact_status}; events {len(self.history)},"
            f" acts {len(self.deliveries)}, open questions {len(self.waiting)}"
        )
        return Told(
            f"{line}; suppressed: {self.suppressed}" if self.suppressed else line,
            [(one.timestamp, one.type, one.agent, one.data) for one in self.history],
            ("when", "event", "agent", "what"),
        )


class Leads(Shown, list[Lead]):
    """A list of leads."""

    def _told(self) -> Told:
        kinds = Counter(lead.classification or NOT_JUDGED for lead in self)
        stages = Counter(lead.contact_status for lead in self)
        counts = (
            ", ".join(f"{n} {name}" for name, n in one.most_common()) for one in (kinds, stages)
        )
        return Told(
            "; ".join([counted(len(self), "lead"), *counts] if self else ["nobody"]),
            [
                (
                    lead.id[:8],
                    person(lead.name, lead.position, lead.company),
                    lead.classification,
                    lead.quality_score,
                    lead.contact_status,
                    lead.last_updated,
                )
                for lead in self
            ],
            ("id", "who", "kind", "quality", "status", "changed"),
        )


class EveryLead(Shown, AsyncIterable[Lead]):
    """Leads that are yet to be read: go through them with `async for`, or `await` them all."""

    def __init__(self, read: Callable[[], AsyncIterator[Lead]]) -> None:
        self._read = read

    def __aiter__(self) -> AsyncIterator[Lead]:
        return self._read()

    def __await__(self) -> Generator[Any, Any, Leads]:
        return self._all().__await__()

    async def _all(self) -> Leads:
        return Leads([lead async for lead in self])

    def _told(self) -> Told:
        return Told("not read yet: `await` them, or go through them with `async for`")


EXPORTED = (
    "id",
    "name",
    "position",
    "company",
    "linkedin_url",
    "classification",
    "classification_confidence",
    "quality_score",
    "contact_status",
    "status_reason",
    "message_sent",
    "response",
    "response_sentiment",
    "response_intent",
    "response_detail",
    "source",
    "reasons",
    "contradictions",
    "allocated_at",
    "sent_at",
    "accepted_at",
    "responded_at",
    "stage",
    "owner",
    "next_date",
    "notes",
    "created_at",
    "last_updated",
    "account_id",
    "invited_at",
    "step",
    "next_step",
    "next_step_at",
    "next_step_reason",
    "stage_reason",
    "place",
    "judged",
    "track",
)
"""The fields of a lead that leave the house, in this order."""


def exported(lead: Lead) -> dict[str, Any]:
    """A lead as `leads export` prints it."""
    fields = lead.to_dict()
    return {name: fields[name] for name in EXPORTED}


async def table_of(found: AsyncIterable[Lead]) -> pd.DataFrame:
    """Leads as a pandas table, a row each; moments are `datetime64` in UTC.

    Raises:
        InputError: pandas is not installed.
    """
    rows = [exported(lead) async for lead in found]
    return frame(rows, {name: _pandas_type(name) for name in EXPORTED})


def _pandas_type(name: str) -> str:
    """What a lead's field is in a table: text and lists are as they come."""
    kind = {one.name: one.type for one in msgspec.structs.fields(Lead)}.get(name)
    if kind in {datetime, datetime | None}:
        return "datetime64[us, UTC]"
    if kind in {date, date | None}:
        return "datetime64[s]"
    return "float64" if kind in {float, float | None} else ""
