"""The leads as people use them: import, list, show, export, suppress, erase; a table for notebooks."""

from __future__ import annotations

from collections import Counter
from collections.abc import (
    AsyncIterable,
    AsyncIterator,
    Awaitable,
    Callable,
    Generator,
    Iterable,
    Sequence,
)
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import anyio
import msgspec

from ingagents.communication import journal
from ingagents.communication.journal import Entry
from ingagents.context import Context
from ingagents.core.follow_up import with_note
from ingagents.core.identity import aliases_of_url, domain_of
from ingagents.core.review_policy import Review
from ingagents.display import Shown, Told, counted, frame, person
from ingagents.errors import InputError
from ingagents.events import LeadsImported, LeadSuppressed
from ingagents.model import Delivery, Lead, Profile
from ingagents.ports import Transaction
from ingagents.services.leads.erasure import Erasure, erase_person
from ingagents.services.leads.follow_up import (
    follow_up,
    read_day_to_come,
    read_note,
    read_owner,
    read_stage,
)
from ingagents.services.leads.intake import Kept, Reception
from ingagents.services.leads.suppression import suppress_lead
from ingagents.store.lookup import lead_named
from ingagents.store.tables import deliveries, leads, reviews

if TYPE_CHECKING:
    import pandas as pd

_ROWS_A_COMMIT = 500
_REFUSALS_KEPT = 1000


@dataclass(kw_only=True, repr=False)
class Imported(Shown):
    """What became of a file's rows. `refused` holds the first thousand, `refused_count` all.

    `columns` says which header served which field and `unused` which served none, `encoding` what
    the letters were taken for. In a `dry_run` nothing was taken, and `merged` counts as taken.
    """

    source: str
    encoding: str = ""
    columns: dict[str, str] = field(default_factory=dict)
    unused: list[str] = field(default_factory=list)
    dry_run: bool = False
    rows: int = 0
    taken: int = 0
    merged: int = 0
    suppressed: int = 0
    blank: int = 0
    without_address: int = 0
    refused_count: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)

    def refuse(self, line: int, why: str) -> None:
        """Count a row that was not taken."""
        self.refused_count += 1
        if len(self.refused) < _REFUSALS_KEPT:
            self.refused.append((line, why))

    def _told(self) -> Told:
        line = (
            f"{self.source}: {self.taken} taken, {self.merged} merged,"
            f" {self.suppressed} suppressed, {self.refused_count} refused of {self.rows} rows"
        )
        return Told(f"{line} (dry run)" if self.dry_run else line, super()._told().rows)


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
        kinds = Counter(lead.classification or "not classified" for lead in self)
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


class LeadBook(Shown):
    """The department's leads. Reached as `department.leads`."""

    def __init__(
        self,
        context: Context,
        reception: Callable[[], Awaitable[Reception]],
        *,
        zone: ZoneInfo,
        papers: Sequence[Path] = (),
    ) -> None:
        """`zone` is where the team's day is; mails and reports are written to the folders `papers`."""
        self._context = context
        self._reception = reception
        self._zone = zone
        self._papers = tuple(papers)

    async def import_file(
        self,
        path: Path,
        *,
        mapping: Sequence[str] = (),
        dry_run: bool = False,
        on_progress: Callable[[int, int], None] | None = None,
    ) -> Imported:
        """Take in a CSV, a few hundred rows a commit; a refused row never loses the others.

        `mapping` says what columns are, as "Their column=field"; `dry_run` takes nothing in and
        says what would be. `on_progress` hears bytes read and bytes in all.

        Raises:
            InputError: the file is unreadable or has no usable column; nothing was taken then.
            UsageError: `mapping` names a field that there is none of, or a column.
        """
        from ingagents.integrations.csv.columns import mapped
        from ingagents.integrations.csv.files import PeopleFile, Person

        file = PeopleFile(path, mapped(mapping))
        imported = Imported(
            source=f"import:{path.name}",
            columns=dict(file.columns),
            unused=list(file.unused),
            dry_run=dry_run,
        )
        rows = iter(file)
        while chunk := await anyio.to_thread.run_sync(lambda: list(islice(rows, _ROWS_A_COMMIT))):
            people: list[tuple[int, Profile]] = []
            for row in chunk:
                imported.rows += 1
                if isinstance(row, Person):
                    people.append((row.line, row.profile))
                else:
                    imported.refuse(row.line, row.why)
            if dry_run:
                imported.taken += len(people)
                imported.without_address += sum(not one.linkedin_url for _, one in people)
            else:
                await self._take(people, imported)
            if on_progress is not None:
                on_progress(file.bytes_read, file.bytes_total)
        imported.blank, imported.encoding = file.blank_rows, file.encoding
        if dry_run:
            return imported
        await self._context.queue.publish(
            "import",
            LeadsImported(
                source=imported.source,
                taken=imported.taken,
                merged=imported.merged,
                refused=imported.refused_count,
            ),
        )
        return imported

    async def add(self, profiles: Iterable[Profile], *, source: str) -> Imported:
        """Take in people from anywhere, as an import would."""
        imported = Imported(source=source)
        numbered = list(enumerate(profiles, start=1))
        imported.rows = len(numbered)
        await self._take(numbered, imported)
        return imported

    def every(self, *, status: str | None = None, classification: str | None = None) -> EveryLead:
        """All leads in the order they came: awaited a list, in `async for` a page at a time."""
        return EveryLead(lambda: self._pages(status, classification))

    async def _pages(self, status: str | None, classification: str | None) -> AsyncIterator[Lead]:
        after = ("", "")

        def read(transaction: Transaction) -> list[Lead]:
            return leads.every(
                transaction, status=status, classification=classification, after=after
            )

        while page := await self._context.store.read(read):
            for lead in page:
                yield lead
            after = leads.page_key(page[-1])

    async def find(self, text: str) -> Lead:
        """The lead an id, the beginning of one, or a profile URL means.

        Raises:
            InputError: nobody, or more than one.
        """
        return await self._context.store.read(lambda t: lead_named(t, text))

    async def show(self, text: str) -> Dossier:
        """Everything known of one lead.

        Raises:
            InputError: nobody, or more than one.
        """

        def read(transaction: Transaction) -> Dossier:
            lead = lead_named(transaction, text)
            names = [
                (str(alias.kind), alias.value) for alias in leads.aliases_of(transaction, lead.id)
            ]
            return Dossier(
                lead=lead,
                history=journal.entries(transaction, lead_id=lead.id),
                deliveries=deliveries.of_recipient(transaction, lead.id),
                suppressed=leads.is_suppressed(transaction, names),
                waiting=[
                    one for one in reviews.of_lead(transaction, lead.id) if one.state == "open"
                ],
            )

        return await self._context.store.read(read)

    async def suppress(self, text: str, *, reason: str, by: str) -> int:
        """Never write to a person, or to anybody with mail at a domain; how many leads that hits.

        Works for people who are not leads yet: they will never become contacted ones.

        Raises:
            InputError: the text names neither a lead, nor a profile URL, nor a domain.
        """
        now = self._context.clock.now()

        def suppress(transaction: Transaction) -> int:
            names = _names(transaction, text)
            hit = set(leads.ids_with_names(transaction, names))
            leads.suppress(transaction, names, reason=reason, by=by, at=now)
            for lead_id in sorted(hit):
                if (lead := leads.find(transaction, lead_id)) is not None:
                    suppress_lead(self._context, transaction, lead, reason=reason, by=by)
            if not hit:
                event = LeadSuppressed(subject=text, reason=reason)
                self._context.queue.append(transaction, by, event)
            return len(hit)

        return await self._context.store.write(suppress)

    async def stage(
        self, text: str, stage: str, *, next_date: str = "", reason: str = "", by: str
    ) -> Lead:
        """Say how far the team is with a person, and when to look at them again; the lead then.

        `stage` is one of `LeadStage`, or "none". A lead that was not written to is closed by it.

        Raises:
            InputError: nobody is meant.
            UsageError: more than one may be, there is no such stage, or no such day to come.
        """
        said: dict[str, Any] = {"stage": read_stage(stage)}
        if next_date:
            said["next_date"] = read_day_to_come(next_date, self._today())
        return await self._follow_up(text, lambda _: said, reason=reason, by=by)

    async def assign(self, text: str, owner: str, *, by: str) -> Lead:
        """Say who of the team looks after a person, "none" for nobody; the lead then.

        Raises:
            InputError: nobody is meant.
            UsageError: more than one may be.
        """
        name = read_owner(owner)
        return await self._follow_up(text, lambda _: {"owner": name}, by=by)

    async def note(self, text: str, remark: str, *, by: str) -> Lead:
        """Keep a remark about a person, beside the earlier ones; the lead then.

        Raises:
            InputError: nobody is meant.
            UsageError: more than one may be, or the remark is empty or too long.
        """
        new = read_note(remark)
        return await self._follow_up(
            text, lambda lead: {"notes": with_note(lead.notes, new)}, by=by
        )

    async def _follow_up(
        self, text: str, said: Callable[[Lead], dict[str, Any]], *, by: str, reason: str = ""
    ) -> Lead:
        def keep(transaction: Transaction) -> Lead:
            lead = lead_named(transaction, text)
            return follow_up(
                self._context,
                transaction,
                lead,
                by=by,
                today=self._today(),
                reason=reason,
                **said(lead),
            )

        return await self._context.store.write(keep)

    def _today(self) -> date:
        return self._context.clock.now().astimezone(self._zone).date()

    async def erase(self, text: str, *, by: str) -> Erasure:
        """Erase a person from the department, everywhere, and keep them from being found anew.

        Raises:
            InputError: nobody is meant, or more than one; or a written file cannot be destroyed.
            BusyElsewhere: an agent of another process has work in hand; nothing was erased.
        """

        def destroy(named_in: Callable[[str], bool]) -> dict[str, int]:
            from ingagents.integrations.file_erasure import destroy_naming

            return {folder.name: destroy_naming(folder, named_in) for folder in self._papers}

        try:
            return await erase_person(self._context, text, by=by, destroy=destroy)
        except OSError as exc:
            raise InputError(
                f"{exc.filename} cannot be erased ({exc.strerror}); the database was not touched",
                "make the file writable and erase again",
            ) from exc

    async def to_dataframe(self) -> pd.DataFrame:
        """All leads as a pandas table, a row each; moments are `datetime64` in UTC.

        Raises:
            InputError: pandas is not installed.
        """
        rows = [exported(lead) async for lead in self.every()]
        return frame(rows, {name: _pandas_type(name) for name in EXPORTED})

    def _told(self) -> Told:
        return Told("`await` every(), find(text), show(text), import_file(path), to_dataframe()")

    async def _take(self, people: Sequence[tuple[int, Profile]], imported: Imported) -> None:
        reception = await self._reception()
        asked = await reception.ask([profile for _, profile in people])
        analysed = [
            (line, reception.analyse(profile, source=imported.source, asked=one))
            for (line, profile), one in zip(people, asked, strict=True)
        ]

        def keep(transaction: Transaction) -> list[Kept]:
            return [reception.keep(transaction, one) for _, one in analysed]

        for (line, one), kept in zip(analysed, await self._context.store.write(keep), strict=True):
            imported.taken += kept == "discovered"
            imported.merged += kept == "known"
            imported.suppressed += kept == "suppressed"
            imported.without_address += kept == "discovered" and not one.lead.linkedin_url
            if kept == "unusable":
                imported.refuse(line, "neither a name nor a profile that tells who this is")


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
)
"""The fields of a lead that leave the house, in this order."""


def exported(lead: Lead) -> dict[str, Any]:
    """A lead as `leads export` prints it."""
    fields = lead.to_dict()
    return {name: fields[name] for name in EXPORTED}


def _pandas_type(name: str) -> str:
    """What a lead's field is in a table: text and lists are as they come."""
    kind = {one.name: one.type for one in msgspec.structs.fields(Lead)}.get(name)
    if kind in {datetime, datetime | None}:
        return "datetime64[us, UTC]"
    if kind in {date, date | None}:
        return "datetime64[s]"
    return "float64" if kind in {float, float | None} else ""


def _names(transaction: Transaction, text: str) -> list[tuple[str, str]]:
    """The names a suppression is meant for: a lead's, a URL's, or a mail domain."""
    aliases = aliases_of_url(text)
    if not aliases:
        try:
            lead = lead_named(transaction, text)
        except InputError:
            domain = domain_of(text)
            if not domain:
                raise
            return [("domain", domain)]
        aliases = leads.aliases_of(transaction, lead.id)
    else:
        known = leads.find_by_aliases(transaction, aliases)
        if known is not None:
            aliases = leads.aliases_of(transaction, known.id)
    return [(str(alias.kind), alias.value) for alias in aliases]
