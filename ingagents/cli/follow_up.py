"""leads stage | assign | note | reply | accepted | by-hand: what the team does, and hears, of a person."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated

import typer

from ingagents.cli.app import print_json, with_department
from ingagents.cli.leads import leads
from ingagents.cli.options import Json
from ingagents.display import one_line

if TYPE_CHECKING:
    from ingagents.app.department import Department
    from ingagents.model import Lead

_BY = "team"

LeadNamed = Annotated[
    str, typer.Argument(metavar="LEAD", help="An id, its beginning, a profile address or a name.")
]


@leads.command()
def stage(
    lead: LeadNamed,
    stage: Annotated[
        str,
        typer.Argument(
            metavar="STAGE",
            help="'In Discussion', Meeting, Proposal, Won, Lost (sales_manager.stages), or none.",
        ),
    ],
    next_date: Annotated[
        str, typer.Option("--next", metavar="DATE", help="When to look at them again.")
    ] = "",
    reason: Annotated[str, typer.Option("--reason", help="Why: it is kept with them.")] = "",
    place: Annotated[
        str, typer.Option("--place", help="The place or the amount it is about, or none.")
    ] = "",
    as_json: Json = False,
) -> None:
    """Say how far you are with a person: they leave "needs a human" until their next date."""
    _done(
        lambda department: department.leads.stage(
            lead, stage, next_date=next_date, place=place, reason=reason, by=_BY
        ),
        as_json=as_json,
    )


@leads.command()
def assign(
    lead: LeadNamed,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Who looks after them, or none.")],
    as_json: Json = False,
) -> None:
    """Say who of the team looks after a person."""
    _done(lambda department: department.leads.assign(lead, name, by=_BY), as_json=as_json)


@leads.command()
def note(
    lead: LeadNamed,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="What to remember of them.")],
    as_json: Json = False,
) -> None:
    """Keep a remark about a person."""
    _done(lambda department: department.leads.note(lead, text, by=_BY), as_json=as_json)


@leads.command()
def reply(
    lead: LeadNamed,
    text: Annotated[str, typer.Option("--text", help="What the person wrote, as it is.")],
    as_json: Json = False,
) -> None:
    """Paste an answer that came: it is read, and ends or changes the plan, as any other."""

    async def take(department: Department) -> tuple[Lead, bool]:
        from ingagents.app.told_by_hand import reply_told

        return await reply_told(department, lead, text)

    _told(take, ("kept as an answer", "known already"), as_json=as_json)


@leads.command()
def accepted(lead: LeadNamed, as_json: Json = False) -> None:
    """Say that somebody has accepted your invitation: the next step is planned."""

    async def note(department: Department) -> tuple[Lead, bool]:
        from ingagents.services.outreach.inbox.told_by_hand import note_accepted

        return await note_accepted(lead, context=department.context, by=_BY)

    _told(note, ("has accepted", "known already"), as_json=as_json)


@leads.command("by-hand")
def by_hand(
    lead: LeadNamed,
    back: Annotated[
        bool, typer.Option("--back", help="Give them back to the account that spoke before.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Send to a person yourself, because the service cannot; what it has claimed stays claimed."""
    from ingagents.services.leads.views import exported

    found = with_department(lambda d: d.leads.by_hand(lead, back=back, by=_BY))
    if as_json:
        print_json(exported(found))
        return
    speaks = found.account_id or "whichever account is free"
    print(one_line(f"{found.name or found.id}: {speaks} goes on with them"))


def _told(
    keep: Callable[[Department], Awaitable[tuple[Lead, bool]]],
    says: tuple[str, str],
    *,
    as_json: bool,
) -> None:
    """Keep what was heard, and say whether it was new and where the person stands."""
    from ingagents.services.leads.views import exported

    lead, new = with_department(keep)
    if as_json:
        print_json({**exported(lead), "new": new})
        return
    plan = f"; {lead.next_step_reason}" if lead.next_step_reason else ""
    said = says[0] if new else says[1]
    print(one_line(f"{lead.name or lead.id}: {said}; {lead.contact_status}{plan}"))


def _done(keep: Callable[[Department], Awaitable[Lead]], *, as_json: bool) -> None:
    """Keep it, and say how things stand with the person now."""
    from ingagents.core.conversation.follow_up import say_follow_up
    from ingagents.services.leads.views import exported

    lead = with_department(keep)
    if as_json:
        print_json(exported(lead))
        return
    stands = say_follow_up(lead.stage, lead.owner, lead.next_date, lead.place)
    stands = stands or "nobody is at it"
    count = len(lead.notes)
    notes = f"; {count} {'note' if count == 1 else 'notes'}" if count else ""
    print(one_line(f"{lead.name or lead.id}: {stands}{notes}"))
