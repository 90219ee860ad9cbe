"""facts list | check: what may be told to people, and what is wrong with it."""

from __future__ import annotations

from typing import Any

import msgspec
import typer

from ingagents.cli.app import Exit, app, print_json, read_settings
from ingagents.cli.options import Json
from ingagents.cli.terminal import say_table
from ingagents.display import counted, one_line
from ingagents.errors import EXIT_FAILED

facts = typer.Typer(
    help="What may be told to people: list, check.", no_args_is_help=True, rich_markup_mode=None
)
app.add_typer(facts, name="facts")


@facts.command("list")
def list_(
    as_json: Json = False,
) -> None:
    """List the facts of facts.toml and of [campaign], and whether people are told them today."""
    from ingagents.app.campaign_facts import fact_sheet, listed_facts

    settings = read_settings()
    listed = listed_facts(settings)
    if as_json:
        booking = fact_sheet(settings).booking
        print_json({"facts": [one.row() for one in listed], "booking": booking})
        return
    rows = (
        (
            one.fact.id,
            ", ".join(one.fact.kinds) or "everybody",
            ", ".join(filter(None, one.fact.text)) or "one language",
            one.state,
            next(iter(one.fact.text.values())),
            one.fact.link,
        )
        for one in listed
    )
    say_table(("fact", "for", "languages", "today", "text", "link"), rows)


@facts.command()
def check(
    as_json: Json = False,
) -> None:
    """Find contradictions, days that are over, dead links, repetitions; exit 1 when there are any."""
    from ingagents.app.campaign_facts import checked_facts, fact_sheet

    settings = read_settings()
    found = checked_facts(settings)
    wrong = sum(one.grave for one in found)
    count = len(fact_sheet(settings).facts)
    if as_json:
        rows: list[dict[str, Any]] = [msgspec.to_builtins(one) for one in found]
        print_json({"ok": not wrong, "facts": count, "findings": rows})
    else:
        for one in found:
            print(f"{'NOT OK' if one.grave else 'note  '} {one_line(one.line)}")
        print(f"{counted(count, 'fact')}, {counted(wrong, 'thing')} to mend")
    if wrong:
        raise Exit(EXIT_FAILED)
