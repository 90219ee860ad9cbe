"""What people write into the sheet is carried out: checked, once, in the commit that saw it.

Nothing here trusts a word: it names one of a few acts on the lead of its own row, or it is
answered as not understood.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from ingagents.context import Context
from ingagents.core.conversation.follow_up import with_note
from ingagents.core.lead_status import Cause, Refused, move
from ingagents.core.profiles.merge import extra_field, names_of
from ingagents.core.sheet.edits import COUNTERPARTS, SENT, Order, Seen, Word, understand
from ingagents.core.sheet.layout import CONFLICTS, LEADS, NOTES, REVIEW, VETO
from ingagents.core.sheet.rows import Conflict, lead_row, review_row, texts_of
from ingagents.core.sheet.table import Table, cell_text, same
from ingagents.core.text.prompt_injection import cut_instructions
from ingagents.events import LeadUpdated
from ingagents.model import EXTRA_MAX, Classification, ContactStatus, Lead
from ingagents.model.spreadsheet import Cell
from ingagents.ports import Transaction
from ingagents.services.leads.follow_up import follow_up
from ingagents.services.leads.suppression import hold_lead, let_go, suppress_lead
from ingagents.services.reviews.decisions import Verdicts
from ingagents.store.tables import hand_outs, leads, reviews, sheet

_CORRECTIONS = frozenset({"close", "classify", "score"})
_FIELDS = {"stage": "stage", "place": "place", "own": "owner", "next": "next_date"}
"""What the team says of a person here and in the terminal, and which field of the lead it is."""

_BY = "sheet:"
"""The editor of an event that a word in the sheet caused: this and the word's column."""


@dataclass(frozen=True, kw_only=True)
class Orders:
    """Carries words out, inside a commit of the caller's; `since` is when all was last looked at."""

    context: Context
    verdicts: Verdicts
    zone: ZoneInfo
    stages: Sequence[str]
    since: datetime | None = None

    def carry_out(self, transaction: Transaction, table: Table, word: Word) -> str:
        """Do what a word asks for, if it can be done; the answer for its row, "" for none."""
        order = understand(word, self.stages)
        if table.tab.kind == REVIEW and order.do in {"nothing", "unclear"}:
            taken_back = self._take_back(transaction, word)
            if taken_back or order.do == "nothing":
                return taken_back
        if order.do == "nothing":
            return ""
        if order.do == "unclear":
            return f"{word.column} not understood: {order.value} ({self._time()})"
        if table.tab.kind == CONFLICTS:
            return self._settle(transaction, word, order)
        if table.tab.kind == REVIEW:
            return self._decide(transaction, table, word, order)
        lead = leads.find(transaction, word.key)
        if lead is None:
            return ""
        if order.do in _CORRECTIONS and self._is_stale(lead, table, word):
            shown = COUNTERPARTS[word.column]
            now = _shown_as(lead, table, shown, self.zone)
            return self._fall_out(transaction, lead, word, f"{shown} has become", cell_text(now))
        if (field := _field_of(word.column, order)) and self._is_said_elsewhere(
            transaction, lead, field, order
        ):
            now = _said_of(lead, field) or "none"
            if not word.text:  # nothing stands there that could be settled
                return f"{word.column} stays {now}: somebody else said so ({self._time()})"
            return self._fall_out(transaction, lead, word, "somebody else said", now)
        return self._do(transaction, lead, word.column, order)

    def withdraw(self, transaction: Transaction, table: Table, seen: Seen) -> None:
        """Settle the conflicts whose cell says something else by now: that is a word of its own."""
        for conflict in sheet.open_conflicts(transaction):
            visible = conflict.lead_id in table.persons and conflict.column in table.columns
            if visible and conflict.in_sheet not in seen.get(
                (conflict.lead_id, conflict.column), ()
            ):
                self._close(transaction, conflict, "withdrawn")

    def _do(self, transaction: Transaction, lead: Lead, column: str, order: Order) -> str:
        match order.do:
            case "veto":
                reason, by = f"{column.lower()} in the sheet", _BY + column
                names = names_of(leads.aliases_of(transaction, lead.id))
                mine = [name for name in names if name[0] != "domain"]
                now = self.context.clock.now()
                leads.suppress(transaction, mine, reason=reason, by=by, at=now)
                suppress_lead(self.context, transaction, lead, reason=reason, by=by)
                return f"veto taken {self._time()}"
            case "hold":
                by, words = _BY + column, order.value
                hold_lead(self.context, transaction, lead, place=column, words=words, by=by)
                return (
                    f"held: “{words[:40]}” is not plainly yes or no, and so nothing is sent; clear"
                    f" the cell to let it go on ({self._time()})"
                )
            case "clear":
                if let_go(self.context, transaction, lead, place=column, by=_BY + column):
                    return f"goes on {self._time()}"
                stands = lead.contact_status is ContactStatus.SUPPRESSED and column == VETO
                return f"a veto that was given stands ({self._time()})" if stands else ""
            case "close":
                return self._close_lead(transaction, lead, column)
            case "classify":
                kind = Classification(order.value)
                changes: dict[str, Any] = {"classification": kind}
                self._change(
                    transaction, lead, column, changes, classification_confidence=1.0, **changes
                )
                return f"classification {kind.value} taken {self._time()}"
            case "score":
                score = float(order.value)
                self._change(
                    transaction, lead, column, {"quality_score": score}, quality_score=score
                )
                return f"score {score:g} taken {self._time()}"
            case "extra":
                return self._keep_extra(transaction, lead, column, order.value)
            case "stage" | "place" | "own" | "next" | "note":
                return self._follow_up(transaction, lead, column, order)
            case _:
                return ""

    def _close_lead(self, transaction: Transaction, lead: Lead, column: str) -> str:
        moved = move(lead.contact_status, Cause.TEAM_CLOSES)
        if isinstance(moved, Refused):
            return f"is {lead.contact_status.value} already ({self._time()})"
        self._change(
            transaction,
            lead,
            column,
            moved.told,
            moved=moved,
            status_reason="closed in the sheet",
        )
        return f"closed {self._time()}"

    def _keep_extra(self, transaction: Transaction, lead: Lead, column: str, text: str) -> str:
        """What stands in a column of the team's own, as the lead's list would say it."""
        before, text = lead.profile.extra, cut_instructions(text).text
        if before.get(column, "") == text:
            return ""
        if column not in before and len(before) >= EXTRA_MAX:
            return (
                f"{column} not kept: {EXTRA_MAX} columns of your own are, already ({self._time()})"
            )
        extra = {name: said for name, said in before.items() if name != column}
        profile = msgspec.structs.replace(
            lead.profile, extra=extra | ({column: text} if text else {})
        )
        self._change(transaction, lead, column, {extra_field(column): text}, profile=profile)
        return ""

    def _follow_up(self, transaction: Transaction, lead: Lead, column: str, order: Order) -> str:
        """What the team says of a person; only a stage or a date that was taken wants an answer."""
        today, word = self.context.clock.now().astimezone(self.zone).date(), order.value
        said: dict[str, Any] = {}
        match order.do:
            case "stage":
                said["stage"], said["stage_reason"] = word or None, order.reason
            case "own" | "place":
                said[_FIELDS[order.do]] = word
            case "next":
                said["next_date"] = date.fromisoformat(word) if word else None
            case _:
                before = sheet.seen_in(transaction, LEADS, lead.id, column)
                old = before[0] if len(before) == 1 else ""
                said["notes"] = with_note(lead.notes, word, instead_of=old)
        follow_up(self.context, transaction, lead, by=_BY + column, today=today, **said)
        if order.do in {"own", "place", "note"}:
            return ""
        return f"{column.lower()} {word} taken {self._time()}" if word else ""

    def _change(
        self,
        transaction: Transaction,
        lead: Lead,
        column: str,
        said: Mapping[str, Any],
        **changes: Any,
    ) -> None:
        leads.update(transaction, lead, now=self.context.clock.now(), **changes)
        self._journal(
            transaction, column, LeadUpdated(lead_id=lead.id, changes=said, by=_BY + column)
        )

    # --- reviews --------------------------------------------------------------------------------

    def _decide(self, transaction: Transaction, table: Table, word: Word, order: Order) -> str:
        """Approve or reject a question; a yes is for exactly the text that stood in the row."""
        review = reviews.find(transaction, word.key)
        if review is None or order.do not in {"approve", "reject"}:
            return ""
        by = _BY + word.column
        if order.do == "reject":
            why = texts_of(table, word.row).get(NOTES, "") or "rejected in the sheet"
            decided = self.verdicts.reject(transaction, review, reason=why, by=by)
            return f"{decided.says} ({self._time()})"
        if order.value == SENT and review.kind != "send":
            return f"nothing is approved by “sent”: read it and write yes ({self._time()})"
        # That a send went out is no permission: whichever of its words stood there, it is this one.
        texts = [review, hand_outs.standing(transaction, review)]
        place, stood = table.tab.machine.index("Text"), table.at(word.row, "Text")
        if not any(same(stood, review_row(one, None, "", self.zone)[place]) for one in texts):
            return f"not approved: another text stood here; read it and write yes anew ({self._time()})"
        return f"{self.verdicts.approve(transaction, review, by=by).says} ({self._time()})"

    def _take_back(self, transaction: Transaction, word: Word) -> str:
        """A yes that does not stand in its row any more, and whose text is still here, is none."""
        review, by = reviews.find(transaction, word.key), _BY + word.column
        if review is None or review.decided_by != by:
            return ""
        decided = self.verdicts.take_back(transaction, review, by=by)
        return f"{decided.says} ({self._time()})" if decided is not None else ""

    # --- conflicts ------------------------------------------------------------------------------

    def _is_stale(self, lead: Lead, table: Table, word: Word) -> bool:
        """Whether the row showed something else than the lead is now when the word was written."""
        shown = COUNTERPARTS[word.column]
        return not same(table.at(word.row, shown), _shown_as(lead, table, shown, self.zone))

    def _is_said_elsewhere(
        self, transaction: Transaction, lead: Lead, field: str, order: Order
    ) -> bool:
        """Whether something else was said in the terminal, or by a list, since the last sync.

        A cell has no date, and so nobody can tell which of both was the last word.
        """
        if self.since is None or _said_of(lead, field) == order.value:
            return False
        return leads.said_beside_sheet(transaction, lead.id, field, self.since)

    def _fall_out(
        self, transaction: Transaction, lead: Lead, word: Word, why: str, now: str
    ) -> str:
        conflict = Conflict(
            id=self.context.new_id(),
            lead_id=lead.id,
            name=lead.name,
            column=word.column,
            in_sheet=word.text,
            in_database=now,
            found_at=self.context.clock.now(),
        )
        sheet.keep_conflict(transaction, conflict)
        said = {"conflict": conflict.id, "sheet": word.text, "database": conflict.in_database}
        event = LeadUpdated(lead_id=lead.id, changes=said, by=_BY + word.column)
        self._journal(transaction, word.column, event)
        return (
            f"{word.column} not taken: {why} {conflict.in_database} meanwhile;"
            f" settle it in Conflicts ({self._time()})"
        )

    def _settle(self, transaction: Transaction, word: Word, order: Order) -> str:
        conflict = sheet.find_conflict(transaction, word.key)
        if conflict is None or conflict.state != "open":
            return f"is settled already ({self._time()})"
        self._close(transaction, conflict, order.value)
        if order.value == "database":
            return f"the database's value stands ({self._time()})"
        lead = leads.find(transaction, conflict.lead_id)
        again = Word(key=conflict.lead_id, column=conflict.column, text=conflict.in_sheet)
        if lead is None:
            return f"the lead is gone ({self._time()})"
        return self._do(transaction, lead, conflict.column, understand(again, self.stages))

    def _close(self, transaction: Transaction, conflict: Conflict, state: str) -> None:
        if sheet.settle_conflict(transaction, conflict.id, state):
            said = {"conflict": conflict.id, "settled": state}
            event = LeadUpdated(lead_id=conflict.lead_id, changes=said, by=_BY + conflict.column)
            self._journal(transaction, conflict.column, event)

    def _journal(self, transaction: Transaction, column: str, event: LeadUpdated) -> None:
        self.context.queue.append(transaction, _BY + column, event)

    def _time(self) -> str:
        return self.context.clock.now().astimezone(self.zone).strftime("%H:%M")


def _field_of(column: str, order: Order) -> str:
    """The field, as the journal calls it, in which an order wants something said; "" for none."""
    return extra_field(column) if order.do == "extra" else _FIELDS.get(order.do, "")


def _said_of(lead: Lead, field: str) -> str:
    """What stands with a lead in a field that `_field_of` gives."""
    name = field.removeprefix(extra_field(""))
    value = lead.profile.extra.get(name) if name != field else getattr(lead, field)
    return value.isoformat() if isinstance(value, date) else str(value or "")


def _shown_as(lead: Lead, table: Table, column: str, zone: ZoneInfo) -> Cell:
    """What the Leads tab says of a lead in one column."""
    return lead_row(lead, "", zone)[table.tab.machine.index(column)]
