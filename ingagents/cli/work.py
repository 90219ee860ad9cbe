"""run, once, report, pause, resume: the department at work."""

from __future__ import annotations

import re
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AsyncExitStack, nullcontext
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ingagents.cli.app import app, common, print_json, read_settings, with_department
from ingagents.cli.ending import is_ending, stop_signals
from ingagents.cli.options import Json, Output, check_choice, written_to
from ingagents.cli.terminal import progress, say_texts
from ingagents.display import one_line
from ingagents.errors import (
    CommitUnknown,
    InputError,
    Paused,
    StoreError,
    StoreLocked,
    UsageError,
)
from ingagents.private_files import write_private

if TYPE_CHECKING:
    from ingagents.app.department import Department
    from ingagents.services.outcome import Outcome

_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*([smhd])")
_AWAY_SECONDS = 2.0
_LONG = frozenset({"search", "sync"})
"""Tasks that may take minutes: a terminal sees that they go on."""
_KEPT = "the work is kept; try again later"
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


@app.command()
def run(
    lasting: Annotated[
        str | None,
        typer.Option("--for", metavar="DURATION", help="End after 90s, 30m, 8h or 1d."),
    ] = None,
    no_screen: Annotated[
        bool, typer.Option("--no-screen", help="No live screen; the sandbox's day in seconds.")
    ] = False,
) -> None:
    """Let the three agents work: in the sandbox for `sandbox.days`, on a real account until stopped."""
    duration = _duration(lasting) if lasting is not None else None
    settings = read_settings()
    in_sandbox = settings.linkedin.in_process
    live_screen = not no_screen and sys.stderr.isatty()
    if not common.level_given:
        common.log_level = "critical" if live_screen else "info"

    until: datetime | None = None

    async def work(department: Department) -> None:
        nonlocal until
        if settings.file is None and in_sandbox:
            from ingagents.log import narrator

            narrator().info(
                "settings.absent",
                folder=str(settings.path(".").absolute()),
                meaning="one day in the sandbox, where nobody real is written to; `ingagents init`"
                " writes a settings.toml, and a real account needs its [linkedin] filled in",
            )
        if duration is not None and until is None:
            until = department.clock.now() + duration * department.clock.pace
        elif in_sandbox and duration is None:
            ends = department.begin_run(watched=not no_screen)
            until = until or ends
        with stop_signals() as stop:
            async with AsyncExitStack() as beside:
                if settings.web.enabled:
                    from ingagents.web import serving

                    await beside.enter_async_context(serving(department))
                if live_screen:
                    if settings.web.enabled:
                        print(
                            f"page: http://{settings.web.host}:{settings.web.port}/",
                            file=sys.stderr,
                        )
                    from ingagents.cli.screen import watching

                    await beside.enter_async_context(watching(department))
                await department.run(until=until, stop=stop)
        try:
            await _say_the_day(department)
        except StoreError as exc:
            print(f"no report of the day now: {exc.what}; see `ingagents report`", file=sys.stderr)

    jumping = in_sandbox and duration is None
    _while_away(settings.database.url, lambda: with_department(work, jumping=jumping))


@app.command()
def once(
    task: Annotated[str, typer.Option("--task", metavar="NAME", help="The task to do now.")],
    as_json: Json = False,
) -> None:
    """Do one task now and end: search, allocate, outreach, replies, coordinate, monitor, report, optimise, sync."""
    from ingagents.app.tasks import known_task

    known_task(task)  # before anything is opened or made

    async def work(department: Department) -> tuple[Outcome, dict[str, str] | None]:
        with progress(task) if task in _LONG else nullcontext():
            outcome = await department.once(task)
        return outcome, await department.paused()

    outcome, paused = with_department(work)
    waits = outcome.waits_until.isoformat() if outcome.waits_until else None
    if as_json:
        print_json(
            {
                "task": task,
                "summary": outcome.summary,
                **outcome.figures,
                "waits_until": waits,
                "waits_for": outcome.waits_for,
                "try_later": outcome.try_later,
            }
        )
    else:
        print(f"{task}: {outcome.summary}")
        for line in _say_outreach(outcome.figures) if task == "outreach" else ():
            print(line)
    if outcome.refused is not None:
        raise outcome.refused
    if outcome.error is not None:
        raise outcome.error.with_remedy(outcome.error.remedy or _KEPT)
    if paused and task == "outreach":
        raise Paused(
            f"nothing is sent since {paused['by']} paused it ({paused['reason']})",
            "`ingagents resume` lets it go on",
        )


def _say_outreach(figures: Mapping[str, Any]) -> Iterator[str]:
    """The texts of a dry run, and of whom another text went than was shown."""
    yield from (one_line(one) for one in figures["changed_texts"])
    texts, left_out = figures["dry_run_texts"], figures["dry_run_texts_left_out"]
    if texts:
        yield "dry run, nothing was sent; these texts would go:"
        yield from say_texts(texts, len(texts))
    if left_out:
        yield f"  and {left_out} more"


@app.command()
def report(
    day: Annotated[
        str | None, typer.Option("--day", metavar="YYYY-MM-DD", help="By default today so far.")
    ] = None,
    report_format: Annotated[
        str, typer.Option("--format", metavar="html|text|json", help="How it is written.")
    ] = "text",
    output: Output = None,
) -> None:
    """Print the report of a day."""
    from ingagents.integrations.email.report_pages import render_report

    wanted = _day(day) if day is not None else None
    check_choice("--format", report_format, ("html", "text", "json"))
    found = with_department(lambda department: department.report(wanted))
    page = render_report(found, report_format)  # type: ignore[arg-type]  # checked above
    with written_to(output) as stream:
        stream.write(page if output or page.endswith("\n") else page + "\n")
    if output is not None:
        print(f"{found.title}: {output}")


@app.command()
def pause(
    reason: Annotated[str, typer.Option("--reason", help="Why, for the journal.")] = "",
) -> None:
    """The kill switch: nothing is sent to anybody until `resume`."""
    changed = with_department(lambda department: department.pause(by="team", reason=reason))
    print("paused: nothing is sent until `ingagents resume`" if changed else "was paused already")


@app.command()
def resume() -> None:
    """Release the kill switch."""
    changed = with_department(lambda department: department.resume(by="team"))
    print("resumed: sending goes on under the limits" if changed else "was not paused")


def _while_away(url: str, work: Callable[[], None]) -> None:
    """Do the work; while a database server is away, wait for it, however often it goes."""
    from ingagents.log import narrator
    from ingagents.store.engine.open_store import is_postgres

    told = ""
    while True:
        try:
            work()
        except (StoreLocked, CommitUnknown) as exc:
            if is_ending():
                return
            if not is_postgres(url):
                raise
            if exc.what != told:
                narrator().warning("database.away", error=exc.what, until="it answers again")
                told = exc.what
            threading.Event().wait(_AWAY_SECONDS)
        else:
            return


async def _say_the_day(department: Department) -> None:
    """The last lines: what the day came to, and where its report lies."""
    from ingagents.app.providers import sandbox_sheet_page
    from ingagents.integrations.email.report_pages import report_html

    found = await department.report()
    folder = department.settings.path("reports")
    file = folder / f"{found.day.isoformat()}.html"
    today = found.today
    print(f"in all: {found.funnel.in_words()}")
    print(
        f"{found.day.isoformat()}: leads found {today.leads_discovered},"
        f" contacted {today.people_contacted}, replied {today.responses},"
        f" positive {today.positive_responses}"
    )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_private(file, report_html(found))
    except OSError as exc:
        raise InputError(
            f"the report cannot be written to {file} ({exc.strerror})",
            "make the folder writable; `ingagents report` prints it",
        ) from exc
    print(f"report: {file}")
    page = sandbox_sheet_page(department.settings, department.clock, department.sandbox)
    if page is not None:
        sheet = folder / "sheet.html"
        write_private(sheet, page)
        print(f"sheet: {sheet}")


def _duration(text: str) -> timedelta:
    parts = _DURATION.findall(text)
    if not parts or "".join(number + unit for number, unit in parts) != text.replace(" ", ""):
        raise UsageError(f"--for {text!r} is no duration", "write 90s, 30m, 8h or 1d")
    try:
        return timedelta(seconds=sum(float(number) * _SECONDS[unit] for number, unit in parts))
    except OverflowError as exc:
        raise UsageError(f"--for {text!r} is too long", "write 90s, 30m, 8h or 1d") from exc


def _day(text: str) -> date:
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007  a calendar day
    except ValueError as exc:
        raise UsageError(f"--day {text!r} is no day", "write it as 2027-05-20") from exc
