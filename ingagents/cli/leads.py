"""leads import | list | show | export | suppress | erase: the people; `follow_up` has three more."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TextIO
from zoneinfo import ZoneInfo

import typer

from ingagents.cli.app import app, print_json, with_department
from ingagents.cli.dossier import say_dossier
from ingagents.cli.journal import readable
from ingagents.cli.options import Json, Limit, Output, check_choice, one_of, written_to
from ingagents.cli.terminal import progress, say_table
from ingagents.display import counted, one_line, visible
from ingagents.errors import UsageError
from ingagents.model import NOT_JUDGED, Classification, ContactStatus

if TYPE_CHECKING:
    from ingagents.app.department import Department
    from ingagents.services.leads.erasure import Erasure
    from ingagents.services.leads.people_import import Imported
    from ingagents.services.leads.views import Dossier

leads = typer.Typer(
    help="The people: import, list, show, export, suppress, erase, stage, assign, note.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.add_typer(leads, name="leads")

_REFUSALS_SHOWN = 10
_HEADINGS = {
    "kind": "classification",
    "score": "quality_score",
    "status": "contact_status",
    "next": "next_date",
}
"""What the table of leads calls a field."""

Status = Annotated[
    str | None, typer.Option("--status", help="Only leads of a status, such as Allocated.")
]
Kind = Annotated[
    str | None, typer.Option("--classification", help="Only Speaker, Sponsor or Other.")
]


@leads.command("import")
def import_(
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="A CSV or JSON file with people.")
    ] = None,
    from_sheet: Annotated[
        bool, typer.Option("--from-sheet", help="Fill an empty database from the team's sheet.")
    ] = False,
    mapping: Annotated[
        list[str] | None,
        typer.Option("--map", metavar="'Their column=field'", help="What a column is; repeatable."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Take nothing in; say what would be.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Take in people from a file: LinkedIn's own export, those of the usual tools, or yours."""
    if (file is None) != from_sheet:
        raise UsageError("name one source", "give a FILE, or --from-sheet without one")
    if from_sheet and (mapping or dry_run):
        raise UsageError("--map and --dry-run are for a FILE", "leave them away")
    if file is None:
        _import_from_sheet(as_json=as_json)
        return
    with progress(f"importing {file.name}") as on_progress:
        imported = with_department(
            lambda department: department.leads.import_file(
                file, mapping=mapping or (), dry_run=dry_run, on_progress=on_progress
            )
        )
    if as_json:
        print_json({**vars(imported), "refused": imported.refused[:1000]})
        return
    for line in _say_imported(imported):
        print(line)


def _import_from_sheet(*, as_json: bool) -> None:
    found = with_department(lambda department: department.rebuild_from_sheet())
    if as_json:
        print_json(vars(found))
        return
    print(
        f"{found.rows} rows read: {found.taken} leads taken, {len(found.refused)} refused,"
        f" {found.suppressed} suppressed"
    )
    for row, why in found.refused[:_REFUSALS_SHOWN]:
        print(f"  row {row}: {why}")


@leads.command("list")
def list_(
    status: Status = None,
    classification: Kind = None,
    limit: Limit = 50,
    sort: Annotated[
        str,
        typer.Option(
            "--sort",
            metavar="FIELD",
            help="By a field of the lead or a column of the table; -FIELD turns it round.",
        ),
    ] = "",
    as_json: Json = False,
) -> None:
    """List leads, oldest first, or by a field: words by the alphabet, the best score first."""
    from ingagents.services.leads.views import exported
    from ingagents.store.lead_list import SORTED_BY

    wanted, kind, field = _status(status), _classification(classification), sort.removeprefix("-")
    field = _HEADINGS.get(field, field)
    if sort:
        check_choice("--sort", field, SORTED_BY)
    sign = "-" if sort.startswith("-") else ""
    found = with_department(
        lambda department: department.leads.listed(
            sort=sign + field, status=wanted, classification=kind, limit=limit
        )
    )
    if as_json:
        print_json({"leads": [exported(lead) for lead in found]})
        return
    say_table(
        ("id", "name", "position", "company", "kind", "score", "status", "stage", "owner", "next"),
        (
            (
                lead.id[:8],
                lead.name,
                lead.position,
                lead.company,
                lead.classification or NOT_JUDGED,
                "" if lead.quality_score is None else f"{lead.quality_score:.1f}",
                lead.contact_status,
                lead.stage or "",
                lead.owner,
                lead.next_date.isoformat() if lead.next_date else "",
            )
            for lead in found
        ),
    )


@leads.command()
def show(
    lead: Annotated[str, typer.Argument(metavar="LEAD", help="An id or a profile URL.")],
    as_json: Json = False,
) -> None:
    """Show everything known of one lead, with every decision and its reasons."""
    from ingagents.services.leads.views import exported

    async def read(department: Department) -> tuple[Dossier, ZoneInfo]:
        zone = ZoneInfo(department.settings.campaign.timezone)
        return await department.leads.show(lead), zone

    dossier, zone = with_department(read)
    if as_json:
        print_json(
            {
                **exported(dossier.lead),
                "suppressed": dossier.suppressed,
                "history": [
                    {
                        "seq": one.seq,
                        "type": one.type,
                        "timestamp": one.timestamp,
                        "agent": one.agent,
                        "data": readable(one),
                    }
                    for one in dossier.history
                ],
                "deliveries": [
                    {
                        "id": one.id,
                        "kind": one.kind,
                        "step": str(one.step),
                        "state": one.state,
                        "text": one.text,
                        "claimed_at": one.claimed_at.isoformat(),
                        "detail": one.detail,
                    }
                    for one in dossier.deliveries
                ],
                "reviews": [{"id": one.id, "kind": one.kind} for one in dossier.waiting],
            }
        )
        return
    for line in say_dossier(dossier, zone):
        print(visible(line))


@leads.command()
def export(
    export_format: Annotated[
        str, typer.Option("--format", metavar="csv|jsonl|upload", help="How it is written.")
    ] = "csv",
    output: Output = None,
    status: Status = None,
    classification: Kind = None,
) -> None:
    """Export leads as CSV (cells cannot become formulas) or JSON lines.

    Upload: with their texts, whoever is to be put into the service's campaign by a file.
    """
    check_choice("--format", export_format, ("csv", "jsonl", "upload"))
    wanted, kind = _status(status), _classification(classification)

    async def write(department: Department) -> int:
        with written_to(output) as stream:
            return await _export(department, stream, export_format, wanted, kind)

    count = with_department(write)
    if output is not None:
        print(f"{counted(count, 'lead')} written to {output}")


@leads.command()
def suppress(
    subject: Annotated[
        str, typer.Argument(metavar="LEAD-OR-URL-OR-DOMAIN", help="Whom never to write to.")
    ],
    reason: Annotated[str, typer.Option("--reason", help="Why, for the journal.")] = "by hand",
) -> None:
    """Never write to a person again, or to anybody with mail at a domain."""

    async def work(department: Department) -> tuple[int, int]:
        hit = await department.leads.suppress(subject, reason=reason, by="team")
        return hit, await department.leads.in_a_campaign(subject)

    hit, there = with_department(work)
    says = "nothing will be sent there"
    if there:
        says = (
            "the department sends nothing there any more, but"
            f" {'they are' if hit == there else f'{there} of them are'} in a campaign of the"
            " service's, which may write until it is stopped: `ingagents once --task outreach` stops"
            " it, or asks you to take them out there yourself (`ingagents review list`)"
        )
    print(f"suppressed {subject} ({counted(hit, 'lead')} known under it); {says}")


@leads.command()
def erase(
    lead: Annotated[str, typer.Argument(metavar="LEAD", help="An id or a profile URL.")],
    as_json: Json = False,
) -> None:
    """Erase a person everywhere, and never find them anew. There is no way back."""
    erased = with_department(lambda department: department.leads.erase(lead, by="team"))
    if as_json:
        print_json(erased.to_dict())
        return
    for line in _say_erased(erased):
        print(line)


async def _export(
    department: Department, stream: TextIO, export_format: str, status: Any, kind: Any
) -> int:
    from ingagents.integrations.csv.writing import write_csv, write_jsonl
    from ingagents.services.leads.views import EXPORTED, exported
    from ingagents.services.outreach.enrolments.upload import columns_of, upload_rows

    if export_format == "upload":
        rows = await department.store.read(upload_rows)
        return write_csv(rows, columns_of(rows), stream)
    page: list[dict[str, Any]] = []
    count, header = 0, True

    def flush() -> None:
        nonlocal header
        if export_format == "jsonl":
            write_jsonl(page, stream)
        else:
            write_csv(page, EXPORTED, stream, header=header)
        header = False
        page.clear()

    async for lead in department.leads.every(status=status, classification=kind):
        row = exported(lead)
        if export_format == "csv":
            for listed in ("reasons", "contradictions", "notes"):
                row[listed] = "; ".join(row[listed])
        page.append(row)
        count += 1
        if len(page) >= 500:
            flush()
    flush()
    return count


def _say_imported(imported: Imported) -> Iterator[str]:
    used = ", ".join(f"{one_line(header)} = {name}" for name, header in imported.columns.items())
    yield f"columns used: {used}"
    own = imported.own.items()
    if own:
        kept = ", ".join(f"{one_line(header)} = {{{name}}}" for name, header in own)
        yield f"columns kept for your templates: {kept}"
    if unused := [header for header in imported.unused if header not in imported.own.values()]:
        yield f"columns not used: {', '.join(map(one_line, unused))}"
    if imported.encoding not in {"utf-8", "utf-16"}:
        yield f"the letters were read as {imported.encoding}: look at a name with accents"
    if imported.dry_run:
        yield "a dry run: nothing was taken in"
    yield (
        f"{imported.rows} rows read: {imported.taken} taken, {imported.merged} merged into known"
        f" leads, {imported.refused_count} refused, {imported.suppressed} suppressed,"
        f" {imported.blank} blank"
    )
    if imported.without_address:
        yield (
            f"{imported.without_address} of the taken have no LinkedIn address and cannot be"
            " written to until one is imported"
        )
    for line, why in imported.refused[:_REFUSALS_SHOWN]:
        yield f"  line {line}: {why}"
    if imported.refused_count > _REFUSALS_SHOWN:
        yield f"  and {imported.refused_count - _REFUSALS_SHOWN} more; --json names them"


def _say_erased(erased: Erasure) -> Iterator[str]:
    yield "erased:"
    for table, count in erased.rows.items():
        yield f"  {table}: {count} {'row' if count == 1 else 'rows'}{_KEPT_WITHOUT.get(table, '')}"
    for folder, count in erased.files.items():
        if count:
            yield f"  {folder}/: {count} {'file' if count == 1 else 'files'}, overwritten and deleted"
    yield (
        f"kept: {erased.hashed_names} names as keyed hashes, so that nobody finds this person anew"
    )
    for what in erased.out_of_reach:
        yield f"out of reach: {what}"
    yield "out of reach: files you exported, what your logs hold, and LinkedIn itself"


_KEPT_WITHOUT = {
    "deliveries": " emptied; that there was an act still counts against the limits",
    "journal": " emptied of what they said; the chain over them stands",
}


def _status(text: str | None) -> str | None:
    return None if text is None else one_of(text, ContactStatus, of="status")


def _classification(text: str | None) -> str | None:
    return None if text is None else one_of(text, Classification, of="classification")
