"""init, doctor, status: setting up and looking after the department."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from ingagents.cli.app import Exit, app, print_json, read_settings, until_ctrl_c, with_department
from ingagents.cli.options import Json
from ingagents.cli.terminal import at_minute, say_texts
from ingagents.display import counted, one_line
from ingagents.errors import EXIT_FAILED, IngagentsError, InputError
from ingagents.private_files import write_private

if TYPE_CHECKING:
    from ingagents.app.views.status import LlmState, Status


_FILES = {
    "settings.toml": "settings.toml",
    "env.example": ".env.example",
    "facts.toml": "facts.toml",
}


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(metavar="[FOLDER]")] = Path(),
) -> None:
    """Write a commented settings.toml, .env.example and facts.toml into a folder."""
    taken = [name for name in _FILES.values() if (folder / name).exists()]
    if taken:
        raise InputError(
            f"{', '.join(taken)} stand in {folder} already",
            "move them away, or take another folder",
        )
    templates = resources.files("ingagents") / "templates"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for source, name in _FILES.items():
            # As private as the .env that is made by copying the example.
            write_private(folder / name, (templates / source).read_text("utf-8"))
    except OSError as exc:
        raise InputError(
            f"{folder} cannot be written ({exc.strerror})", "take another folder"
        ) from exc
    print(f"wrote {', '.join(str(folder / name) for name in _FILES.values())}")
    first = "" if folder.samefile(".") else f"cd {shlex.quote(str(folder))}, "
    print(f"next: {first}ingagents doctor, then ingagents run")


@app.command()
def doctor(
    as_json: Json = False,
    notify: Annotated[
        bool, typer.Option("--notify", help="Send a test notice to each channel of [notify].")
    ] = False,
    hooks: Annotated[
        str,
        typer.Option(
            "--hooks", metavar="URL", help="Have the service post webhooks to this address first."
        ),
    ] = "",
) -> None:
    """Check every setting and connection: ok, warns or not ok, and the fix."""
    import anyio

    from ingagents.app.doctor import examine

    try:
        settings = read_settings()
    except IngagentsError as exc:
        checks: list[dict[str, Any]] = [
            {"check": "settings", "ok": False, "says": exc.what, "fix": exc.remedy}
        ]
    else:
        checks = anyio.run(until_ctrl_c, partial(examine, settings, notify=notify, hooks=hooks))
    healthy = all(check["ok"] for check in checks)
    if as_json:
        print_json({"ok": healthy, "checks": checks})
    else:
        for check in checks:
            mark = ("warns " if check["fix"] else "ok    ") if check["ok"] else "NOT OK"
            fix = f"; {check['fix']}" if check["fix"] else ""
            print(f"{mark} {check['check']}: {check['says']}{fix}")
    if not healthy:
        raise Exit(EXIT_FAILED)


@app.command()
def status(
    as_json: Json = False,
    running: Annotated[
        bool, typer.Option("--running", help="Exit 1 unless all agents run and are healthy.")
    ] = False,
) -> None:
    """Show agents, schedule, limits, queues, and what is waited for."""
    found = with_department(lambda department: department.status())
    if as_json:
        print_json(found)
    else:
        sys.stdout.write(_say(found))
    if running and any(agent.status != "healthy" for agent in found.agents):
        raise Exit(EXIT_FAILED)


def _say(found: Status) -> str:
    dry_run = "" if found.live else " (dry run: linkedin.live is false)"
    zone = ZoneInfo(found.timezone)

    def at(moment: datetime) -> str:
        return at_minute(moment, zone)

    lines = [f"{at(found.now)}  service {found.service}{dry_run}"]
    if adopted := found.adopted:
        lines.append(
            f"{at(adopted.at)}: the service knew {counted(adopted.count, 'act')} this database did not;"
            " they were adopted, not repeated (restored from a backup, or written by hand?)"
        )
    if found.barred:
        lines.append(f"BARRED: {found.barred}")
    if found.paused:
        lines.append(f"PAUSED by {found.paused.by}: {found.paused.reason}")
    if missed := found.mail_not_reached:
        lines += [
            f"the last mail ({at(missed.at)}) did not reach {who}: {why}"
            for who, why in missed.recipients.items()
        ]
    lines.append("agents")
    for agent in found.agents:
        doing = agent.doing or agent.by or ""
        lines.append(f"  {agent.agent:<14} {agent.status} {doing}".rstrip())
    lines.append("schedule")
    lines += [
        f"  {job.job:<14} next {at(job.next_due)}  last: {job.outcome}" for job in found.schedule
    ]
    lines += _say_limits(found, at)
    lines += ["conversations", *(f"  {one}" for one in found.conversations.in_words(zone))]
    lines += _say_programme(found)
    lines.append("queues")
    lines += [
        f"  {role:<14} {queue.waiting} waiting, {queue.dead} dead"
        for role, queue in found.queues.items()
    ]
    if found.dry_run.count:
        lines.append("dry run: these texts would go, were linkedin.live true")
        lines += say_texts(found.dry_run.texts, found.dry_run.count)
    lines += _say_llm(found.llm, at)
    lines.append("leads")
    lines += [f"  {name:<14} {count}" for name, count in sorted(found.leads.items())]
    lines.append("deliveries")
    lines += [f"  {name:<14} {count}" for name, count in sorted(found.deliveries.items())]
    if found.needs_human and (waiting := found.needs_human.count):
        lines.append(f"needs a human: {waiting}")
        lines += [f"  {one_line(one.what)}" for one in found.needs_human.first]
        if waiting > (told := len(found.needs_human.first)):
            lines.append(f"  and {waiting - told} more: `ingagents report`")
    if any(found.review.values()):
        lines.append("review: `ingagents review list`")
        lines += [f"  {name:<14} {count}" for name, count in found.review.items() if count]
    return "\n".join(lines) + "\n"


def _say_programme(found: Status) -> list[str]:
    from ingagents.core.programme import in_words

    lines = [f"  {one}" for one in in_words(found.programme)]
    if found.held_up:
        lines.append(f"  nobody in store may be allocated: {found.held_up}")
    return ["first touches", *lines] if lines else []


def _say_llm(llm: LlmState, at: Callable[[datetime], str]) -> list[str]:
    """The language models' lines; one where rules decide and nothing was ever spent."""
    lines = ["llm", f"  provider {llm.provider}"]
    if llm.provider == "rules" and not llm.spent_usd and not llm.calls_today:
        return lines
    hits = llm.cache_hit_rate_today
    tokens = f"{llm.input_tokens_today} tokens in, {llm.output_tokens_today} out"
    today = (
        f"  today {llm.spent_today_usd:.4f} of {llm.daily_budget_usd:g} USD,"
        f" {llm.calls_today} calls ({llm.unanswered_today} unanswered), {tokens},"
        f" {'-' if hits is None else f'{hits:.0%}'} from the cache"
    )
    ever = (
        f"  so far {llm.spent_usd:.4f} USD: per lead {_usd(llm.usd_per_lead)},"
        f" per contacted person {_usd(llm.usd_per_contacted)},"
        f" per positive reply {_usd(llm.usd_per_positive_reply)}"
    )
    lines += [today, ever]
    if llm.calls_without_price_today:
        lines.append(
            f"  {llm.calls_without_price_today} calls to models without a known price are not"
            " in these sums: set them in [llm.prices]"
        )
    lines += [
        f"  {one.server} is left alone until {at(one.until) if one.until else 'asked anew'}:"
        f" {one.reason}"
        for one in llm.left_alone
    ]
    if llm.outage:
        lines.append(f"  no model answers since {at(llm.outage.since)}; the rules decide")
    return lines


def _usd(value: float | None) -> str:
    return "-" if value is None else f"{value:.4f}"


def _say_limits(found: Status, at: Callable[[datetime], str]) -> Iterator[str]:
    zone = ZoneInfo(found.timezone)
    for limits in found.each:
        today = f"today {limits.sent_today} of {limits.daily_limit}"
        week = f"week {limits.sent_this_week} of {limits.weekly_limit}"
        whose = f" of {limits.account}" if len(found.each) > 1 else ""
        yield from [f"limits{whose}", f"  {today}, {week}"]
        yield from [f"  {one.said(zone)}" for one in limits.means]
        if limits.waits_for and not found.barred:
            until = at(limits.next_send_at) if limits.next_send_at else "not before resume"
            yield f"  next send {until}: {limits.waits_for}"
        yield from [
            f"  {one.kind} held until {at(one.until)}: {one.reason}" for one in limits.holds
        ]
