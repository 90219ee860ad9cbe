"""facts list | check: what may be told to people, and what is wrong with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import typer

from ingagents.cli.app import Exit, app, print_json, read_settings, with_department
from ingagents.cli.options import Json
from ingagents.cli.terminal import say_table
from ingagents.display import counted, one_line
from ingagents.errors import EXIT_FAILED

if TYPE_CHECKING:
    from ingagents.app.department import Department

facts = typer.Typer(
    help="What may be told to people: list, add, check.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.add_typer(facts, name="facts")


@facts.command("list")
def list_(
    as_json: Json = False,
) -> None:
    """List the facts, whether people are told them today, and what they asked that none answers."""
    from ingagents.app.rules.campaign_facts import campaign_of, listed_facts, today_in
    from ingagents.services.outreach.inbox.answers import AskedFor, asked_for

    settings = read_settings()
    listed, campaign = listed_facts(settings), campaign_of(settings)

    async def read(department: Department) -> list[AskedFor]:
        today = today_in(settings, department.clock)
        return await department.store.read(lambda t: asked_for(t, campaign, today=today))

    asked = with_department(read)
    if as_json:
        print_json(
            {
                "facts": [one.row() for one in listed],
                "booking": campaign.booking,
                "asked": [msgspec.to_builtins(one) for one in asked],
            }
        )
        return
    rows = (
        (
            one.fact.id,
            ", ".join(one.fact.kinds) or "everybody",
            ", ".join(filter(None, one.fact.text)) or "one language",
            f"{one.state}: {one.why}" if one.why else one.state,
            next(iter(one.fact.text.values())),
            one.fact.link,
        )
        for one in listed
    )
    say_table(("fact", "for", "languages", "today", "text", "link"), rows)
    if asked:
        print(
            "\nasked, and no fact answers it (`ingagents facts add`, or `ingagents review edit`):"
        )
        say_table(
            ("question", "people", "answers that wait"),
            ((one.question, str(one.people), " ".join(one.reviews)) for one in asked),
        )


@facts.command()
def add(
    fact: Annotated[str, typer.Argument(metavar="ID", help="Letters, digits, dots and dashes.")],
    text: Annotated[str, typer.Option("--text", help="The fact, in the language it is told in.")],
    asks: Annotated[
        list[str] | None, typer.Option("--asks", help="A word that asks for it; may be repeated.")
    ] = None,
    kinds: Annotated[
        list[str] | None, typer.Option("--for", help="Speaker, Sponsor or Other; else everybody.")
    ] = None,
    link: Annotated[str, typer.Option("--link", help="Where more about it stands.")] = "",
) -> None:
    """Add a fact to the file of facts; answers that wait for it are prepared at the next pass."""
    from ingagents.app.rules.campaign_facts import add_fact

    settings = read_settings()
    file = add_fact(settings, fact, text=text, asks=asks or (), kinds=kinds or (), link=link)
    print(f"{fact} is added to {file}; `ingagents facts check` reads it with the others")


@facts.command()
def check(
    as_json: Json = False,
) -> None:
    """Find contradictions, days that are over, dead links, repetitions; exit 1 when there are any."""
    from ingagents.app.rules.campaign_facts import checked_facts, fact_sheet

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
