"""journal list | dead-letters | requeue | verify: what happened, and what could not be handled."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ingagents.cli.app import Exit, app, print_json, with_department
from ingagents.cli.options import LARGEST, Json, check_choice
from ingagents.errors import EXIT_FAILED

if TYPE_CHECKING:
    from ingagents.app.department import Department
    from ingagents.communication.journal import Entry

journal = typer.Typer(
    help="What happened, and what could not be handled.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.add_typer(journal, name="journal")


@journal.command("list")
def list_(
    lead: Annotated[
        str | None, typer.Option("--lead", metavar="ID", help="Only what speaks of one lead.")
    ] = None,
    list_format: Annotated[
        str, typer.Option("--format", metavar="text|jsonl", help="How it is written.")
    ] = "text",
    after: Annotated[
        int, typer.Option("--after", max=LARGEST, help="Only events after this number.")
    ] = 0,
) -> None:
    """Print the journal in order."""
    check_choice("--format", list_format, ("text", "jsonl"))

    async def write(department: Department) -> None:
        lead_id = (await department.leads.find(lead)).id if lead is not None else None
        async for entry in department.journal.every(lead_id=lead_id, after=after):
            print(_jsonl(entry) if list_format == "jsonl" else _line(entry))

    with_department(write)


@journal.command("dead-letters")
def dead_letters(
    as_json: Json = False,
) -> None:
    """List the events nobody could handle, with the error."""
    from ingagents.communication import inbox

    letters = with_department(lambda department: department.store.read(inbox.dead_letters))
    if as_json:
        print_json({"dead_letters": [letter._asdict() for letter in letters]})
        return
    for letter in letters:
        error = letter.error.splitlines()[0] if letter.error else ""
        print(f"{letter.seq}\t{letter.consumer}\t{letter.type}\ttried {letter.attempts}\t{error}")
    if not letters:
        print("no dead letters")


@journal.command()
def requeue(
    seq: Annotated[
        int, typer.Argument(metavar="ID", max=LARGEST, help="The dead letter's number.")
    ],
) -> None:
    """Give a dead letter back to whoever should handle it."""
    from ingagents.communication import inbox

    count = with_department(
        lambda department: department.store.write(lambda t: inbox.requeue(t, seq))
    )
    print(f"event {seq} waits again for {count} consumer{'s' if count != 1 else ''}")


@journal.command()
def verify(
    as_json: Json = False,
) -> None:
    """Read the whole journal and name every row that is not as it was written; exit 1 if any."""
    from ingagents.communication import journal as book
    from ingagents.communication import journal_audit

    async def read(department: Department) -> tuple[tuple[journal_audit.Fault, ...], int]:
        faults = await department.store.read(journal_audit.verify)
        return faults, await department.store.read(book.last_seq)

    faults, last = with_department(read)
    if as_json:
        print_json({"ok": not faults, "events": last, "faults": [one._asdict() for one in faults]})
    else:
        for fault in faults:
            print(f"event {fault.seq}: {fault.what}")
        print(f"{len(faults)} faults" if faults else f"the journal is whole up to event {last}")
    if faults:
        raise Exit(EXIT_FAILED)


def _jsonl(entry: Entry) -> str:
    return json.dumps(
        {
            "seq": entry.seq,
            "type": entry.type,
            "agent": entry.agent,
            "data": readable(entry),
            "timestamp": entry.timestamp,
            "event_id": entry.event_id,
            "version": entry.version,
        },
        ensure_ascii=False,
    )


def _line(entry: Entry) -> str:
    data = json.dumps(readable(entry), ensure_ascii=False)
    return f"{entry.seq}\t{entry.timestamp}\t{entry.agent}\t{entry.type}\t{data}"


def readable(entry: Entry) -> dict[str, Any]:
    """The event's fields; what cannot be read any more is shown as it stands."""
    try:
        data = json.loads(entry.data)
    except ValueError:
        data = None
    if not isinstance(data, dict):
        return {"unreadable": entry.data}
    data.pop("type", None)
    return data
