"""What the sheet should say: every row of every tab, as the database has it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from ingagents.context import Context
from ingagents.core.review_policy import ReviewState
from ingagents.core.sending.working_hours import start_of_day
from ingagents.core.sheet.layout import CONFLICTS, LEADS, REPLIES, REPORT, REVIEW
from ingagents.core.sheet.rows import conflict_row, day_row, lead_row, reply_row, review_row
from ingagents.core.sheet.table import Row, cell_text
from ingagents.model.spreadsheet import Tab, TabLook
from ingagents.ports import Transaction
from ingagents.store import metrics
from ingagents.store.tables import hand_outs, leads, reviews, sheet

_DAYS_SHOWN = 7
_OPEN_SHOWN = 2000
_CLOSED_SHOWN = 200
_CLOSED: tuple[ReviewState, ...] = ("approved", "rejected", "void", "expired", "done")
_MORE_THAN_A_DAY = timedelta(hours=30)
"""From the beginning of a day into the next one, however long the day is."""

Wanted = dict[str, dict[str, Row]]
"""By tab and key: the rows there should be."""


@dataclass(frozen=True, kw_only=True)
class WantedRows:
    """Reads the rows there should be."""

    context: Context
    tabs: tuple[Tab, ...]
    zone: ZoneInfo

    async def all(self, looks: Mapping[str, TabLook]) -> Wanted:
        """Every row there should be. Leads come page by page, each page at its moment.

        In rows of people who were erased, as the looks show them, nothing is to stand any more.
        """
        found: Wanted = {tab.kind: {} for tab in self.tabs}
        answers = await self.context.store.read(lambda t: sheet.answers(t, LEADS))
        after = ("", "")
        while page := await self.context.store.read(_page(after)):
            for lead in page:
                found[LEADS][lead.id] = lead_row(lead, answers.get(lead.id, ""), self.zone)
            after = leads.page_key(page[-1])
        found |= await self.context.store.read(self._other_rows)
        for tab in self.tabs:
            silent = await self.context.store.read(
                partial(_silenced, tab=tab, look=looks[tab.kind])
            )
            found[tab.kind] |= dict.fromkeys(silent, ("",) * len(tab.machine))
        return found

    def _other_rows(self, transaction: Transaction) -> Wanted:
        """What the tabs beside the leads' say, all of one moment."""
        rows: dict[str, Callable[[Transaction], dict[str, Row]]] = {
            REVIEW: self._reviews,
            REPLIES: self._replies,
            REPORT: self._days,
            CONFLICTS: self._conflicts,
        }
        return {tab.kind: rows[tab.kind](transaction) for tab in self.tabs if tab.kind in rows}

    def _reviews(self, transaction: Transaction) -> dict[str, Row]:
        """All open questions, and the newest of those that were answered or lapsed."""
        answered = sheet.answers(transaction, REVIEW)
        found = [
            *reviews.listed(transaction, states=("open",), limit=_OPEN_SHOWN),
            *reviews.listed(transaction, states=_CLOSED, limit=_CLOSED_SHOWN),
        ]
        return {
            one.id: review_row(
                hand_outs.standing(transaction, one),
                leads.find(transaction, one.lead_id) if one.lead_id else None,
                answered.get(one.id, ""),
                self.zone,
            )
            for one in found
        }

    def _replies(self, transaction: Transaction) -> dict[str, Row]:
        return {reply.id: reply_row(reply, self.zone) for reply in sheet.replies(transaction)}

    def _conflicts(self, transaction: Transaction) -> dict[str, Row]:
        answered = sheet.answers(transaction, CONFLICTS)
        return {
            one.id: conflict_row(one, answered.get(one.id, ""), self.zone)
            for one in sheet.conflicts(transaction)
        }

    def _days(self, transaction: Transaction) -> dict[str, Row]:
        """The last days on which there was a department; earlier rows stay as they are."""
        now = self.context.clock.now()
        days: dict[str, Row] = {}
        for back in range(_DAYS_SHOWN - 1, -1, -1):
            since = start_of_day(now - timedelta(days=back), self.zone.key)
            before = start_of_day(since + _MORE_THAN_A_DAY, self.zone.key)
            day = since.astimezone(self.zone).date()
            found = metrics.day_figures(transaction, day, since, before)
            if found.total_leads or not back:
                days[day.isoformat()] = day_row(found, self.zone)
        return days


def _page(after: tuple[str, str]) -> Callable[[Transaction], list[Any]]:
    return lambda transaction: leads.every(transaction, after=after)


def _silenced(transaction: Transaction, *, tab: Tab, look: TabLook) -> frozenset[str]:
    """The keys in a tab whose people were erased."""
    standing = look.columns[tab.key].cells if tab.key in look.columns else ()
    return sheet.forgotten(transaction, tab.kind, map(cell_text, standing))
