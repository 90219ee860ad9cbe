"""The leads as people use them: import, list, show, export, suppress, erase; a table for notebooks."""

from __future__ import annotations

from collections.abc import (
    AsyncIterator,
    Awaitable,
    Callable,
    Iterable,
    Sequence,
)
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from ingagents.communication import journal
from ingagents.context import Context
from ingagents.core.conversation.follow_up import with_note
from ingagents.core.identity import aliases_of_url, domain_of
from ingagents.display import Shown, Told
from ingagents.errors import InputError, SettingsError
from ingagents.events import LeadSuppressed
from ingagents.model import AccountId, Lead, Profile, SaidNo
from ingagents.ports import PeopleList, Transaction
from ingagents.services.leads.follow_up import (
    follow_up,
    read_day_to_come,
    read_name,
    read_note,
    read_stage,
)
from ingagents.services.leads.hand_over import give_back, give_to_hand
from ingagents.services.leads.suppression import suppress_lead
from ingagents.services.leads.views import Dossier, EveryLead, Leads, table_of
from ingagents.services.lookup import lead_named
from ingagents.store import lead_list
from ingagents.store.enrolments import in_a_campaign
from ingagents.store.tables import deliveries, leads, reviews

if TYPE_CHECKING:
    import pandas as pd

    from ingagents.services.leads.erasure import Erasure
    from ingagents.services.leads.intake import Reception
    from ingagents.services.leads.people_import import Imported
    from ingagents.services.why import Explaining, Idle, NextUp, Story


@dataclass(frozen=True, kw_only=True)
class LeadFiles:
    """What the leads need of files: lists of people read, and what names somebody destroyed.

    `read` takes a path and what its columns are ("Their column=field"), `noes` are who said no to the
    edition whose database a path is. `destroy` is asked which
    text names the person, and tells by folder how many files it destroyed.
    """

    read: Callable[[Path, Sequence[str]], PeopleList]
    noes: Callable[[Path], Sequence[SaidNo]]
    destroy: Callable[[Callable[[str], bool]], dict[str, int]]


class LeadBook(Shown):
    """The department's leads. Reached as `department.leads`."""

    def __init__(
        self,
        context: Context,
        reception: Callable[[], Awaitable[Reception]],
        *,
        zone: ZoneInfo,
        files: LeadFiles,
        stages: Sequence[str],
        hand: AccountId | None,
        explaining: Callable[[], Awaitable[Explaining]],
    ) -> None:
        """`zone` is where the team's day is, `hand` the account of whoever sends by hand, if any."""
        self._context = context
        self._reception = reception
        self._zone = zone
        self._files = files
        self._stages = stages
        self._hand = hand
        self._explaining = explaining

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
        from ingagents.services.leads.people_import import import_people

        return await import_people(
            self._context,
            self._reception,
            self._files.read(path, mapping),
            source=f"import:{_as_text(path.name)}",
            noes=self._files.noes(path),
            dry_run=dry_run,
            on_progress=on_progress,
        )

    async def add(self, profiles: Iterable[Profile], *, source: str) -> Imported:
        """Take in people from anywhere, as an import would."""
        from ingagents.services.leads.people_import import Imported, take

        imported = Imported(source=source)
        numbered = list(enumerate(profiles, start=1))
        imported.rows = len(numbered)
        await take(self._context, await self._reception(), numbered, imported)
        return imported

    def every(self, *, status: str | None = None, classification: str | None = None) -> EveryLead:
        """All leads in the order they came: awaited a list, in `async for` a page at a time."""
        return EveryLead(lambda: self._pages(status, classification))

    async def listed(
        self,
        *,
        sort: str = "",
        status: str | None = None,
        classification: str | None = None,
        limit: int = 50,
    ) -> Leads:
        """The first so many by a field of `SORTED_BY`, with a "-" before it turned round."""
        return Leads(
            await self._context.store.read(
                lambda t: lead_list.listed(
                    t, sort=sort, status=status, classification=classification, limit=limit
                )
            )
        )

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

    async def why(self, text: str) -> Story:
        """Why nothing is sent to a person now: the first gate that holds, and all before it.

        Raises:
            InputError: nobody is meant.
            UsageError: more than one may be.
        """
        return await (await self._explaining()).of_lead(text)

    async def idle(self) -> Idle:
        """Why nothing happens in the whole department: everybody by their first gate."""
        return await (await self._explaining()).idle()

    async def next_up(self, limit: int) -> tuple[NextUp, ...]:
        """Whose turn comes soonest, and what is in the way until then."""
        return await (await self._explaining()).next_up(limit)

    async def suppress(self, text: str, *, reason: str, by: str) -> int:
        """Never write to a person, or to anybody with mail at a domain; how many leads that hits.

        Works for people who are not leads yet: they will never become contacted ones.

        Raises:
            InputError: the text names neither a lead, nor a profile URL, nor a domain.
        """
        now, reason = self._context.clock.now(), " ".join(reason.split()) or "by hand"

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

    async def in_a_campaign(self, text: str) -> int:
        """Of how many of the leads known so a campaign of the service's has not been stopped.

        Raises:
            InputError: as `suppress`.
        """

        def read(transaction: Transaction) -> int:
            names = _names(transaction, text)
            return in_a_campaign(transaction, set(leads.ids_with_names(transaction, names)))

        return await self._context.store.read(read)

    async def stage(
        self,
        text: str,
        stage: str,
        *,
        next_date: str = "",
        place: str = "",
        reason: str = "",
        by: str,
    ) -> Lead:
        """Say how far the team is with a person, when to look at them again, and for what; the lead then.

        `stage` is one of `sales_manager.stages`, or "none". A lead that was not written to is closed
        by it. `place` is the place or the amount it is about, "none" for none, and stays where it is empty.

        Raises:
            InputError: nobody is meant.
            UsageError: more than one may be, there is no such stage, no such day to come, or a
                reason or a place is too long.
        """
        why = read_note(reason) if reason else ""
        said: dict[str, Any] = {"stage": read_stage(stage, self._stages), "stage_reason": why}
        if place:
            said["place"] = read_name(place)
        if next_date:
            said["next_date"] = read_day_to_come(next_date, self._today())
        return await self._follow_up(text, lambda _: said, by=by)

    async def assign(self, text: str, owner: str, *, by: str) -> Lead:
        """Say who of the team looks after a person, "none" for nobody; the lead then.

        Raises:
            InputError: nobody is meant.
            UsageError: more than one may be.
        """
        name = read_name(owner)
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

    async def by_hand(self, text: str, *, back: bool = False, by: str) -> Lead:
        """Have a human send to a person, or (`back`) the service again; the lead then.

        What a service has claimed stays claimed: nobody hears the same step twice.

        Raises:
            InputError: nobody is meant, or they cannot be handed over now.
            UsageError: more than one may be.
            SettingsError: nobody sends by hand here.
        """
        if (hand := self._hand) is None:
            raise SettingsError(
                "nobody sends by hand here",
                'add [[linkedin.accounts]] with account_id = "by-hand" and service = "manual"',
            )
        give = give_back if back else give_to_hand
        return await self._context.store.write(
            lambda t: give(self._context, t, lead_named(t, text), hand, by=by)
        )

    async def _follow_up(
        self, text: str, said: Callable[[Lead], dict[str, Any]], *, by: str
    ) -> Lead:
        def keep(transaction: Transaction) -> Lead:
            lead = lead_named(transaction, text)
            return follow_up(
                self._context,
                transaction,
                lead,
                by=by,
                today=self._today(),
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
        from ingagents.services.leads.erasure import erase_person

        try:
            return await erase_person(self._context, text, by=by, destroy=self._files.destroy)
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
        return await table_of(self.every())

    def _told(self) -> Told:
        return Told("`await` every(), find(text), show(text), import_file(path), to_dataframe()")


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


def _as_text(file_name: str) -> str:
    """A file's name as it may be kept: its bytes need be no text in any encoding we know."""
    return file_name.encode("utf-8", "replace").decode("utf-8")
