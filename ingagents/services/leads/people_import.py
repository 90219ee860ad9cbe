"""People from a list become leads, a few hundred rows a commit."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from itertools import islice

import anyio

from ingagents.context import Context
from ingagents.core.profiles.merge import lacking
from ingagents.display import Shown, Told
from ingagents.events import LeadsImported
from ingagents.model import ContactStatus, ListedPerson, Profile, SaidNo
from ingagents.ports import PeopleList, Transaction
from ingagents.services.leads.intake import Kept, Reception
from ingagents.services.leads.suppression import suppress_lead
from ingagents.store.tables import leads

_ROWS_A_COMMIT = 500
_REFUSALS_KEPT = 1000


@dataclass(kw_only=True, repr=False)
class Imported(Shown):
    """What became of a file's rows. `refused` holds the first thousand, `refused_count` all.

    `columns` says which header served which field, `unused` which served none, `own` which of these
    are kept for templates under which name, `encoding` what the letters were taken for. In a `dry_run` nothing was taken, and `merged` counts as taken.
    """

    source: str
    encoding: str = ""
    columns: dict[str, str] = field(default_factory=dict)
    unused: list[str] = field(default_factory=list)
    own: dict[str, str] = field(default_factory=dict)
    dry_run: bool = False
    rows: int = 0
    taken: int = 0
    merged: int = 0
    suppressed: int = 0
    blank: int = 0
    without_address: int = 0
    refused_count: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)
    noes: int = 0
    """Names of people who said no to an earlier edition."""

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


async def import_people(
    context: Context,
    reception: Callable[[], Awaitable[Reception]],
    people_list: PeopleList,
    *,
    source: str,
    noes: Sequence[SaidNo] = (),
    dry_run: bool = False,
    on_progress: Callable[[int, int], None] | None = None,
) -> Imported:
    """Take a list in; a refused row never loses the others. `noes` hold before anybody is taken.

    Raises:
        InputError: the list went away while it was read; what was taken before stays.
    """
    imported = Imported(
        source=source,
        columns=dict(people_list.columns),
        unused=list(people_list.unused),
        own=dict(people_list.own),
        dry_run=dry_run,
    )
    imported.noes = len(noes)
    if noes and not dry_run:
        await context.store.write(lambda t: keep_noes(context, t, noes, by=source))
    rows = iter(people_list)
    while chunk := await anyio.to_thread.run_sync(lambda: list(islice(rows, _ROWS_A_COMMIT))):
        people: list[tuple[int, Profile]] = []
        for row in chunk:
            imported.rows += 1
            if not isinstance(row, ListedPerson):
                imported.refuse(row.line, row.why)
            elif why := lacking(row.profile):
                imported.refuse(row.line, why)
            else:
                people.append((row.line, row.profile))
        if dry_run:
            imported.taken += len(people)
            imported.without_address += sum(not one.linkedin_url for _, one in people)
        else:
            await take(context, await reception(), people, imported)
        if on_progress is not None:
            on_progress(people_list.bytes_read, people_list.bytes_total)
    imported.blank, imported.encoding = people_list.blank_rows, people_list.encoding
    if dry_run:
        return imported
    await context.queue.publish(
        "import",
        LeadsImported(
            source=imported.source,
            taken=imported.taken,
            merged=imported.merged,
            refused=imported.refused_count,
        ),
    )
    return imported


def keep_noes(
    context: Context, transaction: Transaction, noes: Sequence[SaidNo], *, by: str
) -> None:
    """A no of an earlier edition holds in this one, under every name they were known by."""
    now = context.clock.now()
    for no in noes:
        name = (no.kind, no.value)
        leads.suppress(transaction, [name], reason=no.reason, by=by, at=now)
        for lead_id in list(leads.ids_with_names(transaction, [name])):
            lead = leads.find(transaction, lead_id)
            if lead is not None and lead.contact_status is not ContactStatus.SUPPRESSED:
                suppress_lead(context, transaction, lead, reason=no.reason, by=by)


async def take(
    context: Context,
    reception: Reception,
    people: Sequence[tuple[int, Profile]],
    imported: Imported,
) -> None:
    """Analyse people, keep them in one commit, and count in `imported` what became of each."""
    asked = await reception.ask([profile for _, profile in people])
    analysed = [
        (line, reception.analyse(profile, source=imported.source, asked=one))
        for (line, profile), one in zip(people, asked, strict=True)
    ]

    def keep(transaction: Transaction) -> list[Kept]:
        return reception.keep_all(transaction, [one for _, one in analysed])

    for (line, one), kept in zip(analysed, await context.store.write(keep), strict=True):
        imported.taken += kept == "discovered"
        imported.merged += kept == "known"
        imported.suppressed += kept == "suppressed"
        imported.without_address += kept == "discovered" and not one.lead.linkedin_url
        if kept == "unusable":
            imported.refuse(line, lacking(one.lead.profile))
