"""why LEAD | --idle: why nothing is sent, to one person or to anybody."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from ingagents.cli.app import app, print_json, with_department
from ingagents.cli.journal import readable
from ingagents.cli.options import Json
from ingagents.cli.terminal import at_minute
from ingagents.display import one_line, person, visible
from ingagents.errors import UsageError

if TYPE_CHECKING:
    from ingagents.app.department import Department
    from ingagents.app.views.status import Status
    from ingagents.services.why import Idle, Story


@app.command()
def why(
    lead: Annotated[
        str | None, typer.Argument(metavar="LEAD", help="An id, a profile URL or a name.")
    ] = None,
    idle: Annotated[
        bool, typer.Option("--idle", help="Of the whole department: why nothing happens.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Show why nothing is sent to a person now: the first gate, its value, when it lifts."""
    if (lead is None) != idle:
        raise UsageError("name one person or --idle, not both", "`ingagents why --idle` is of all")
    if lead is None:
        _say_idle(as_json=as_json)
        return
    story, zone = with_department(lambda department: _of_lead(department, lead))
    if as_json:
        print_json(_story_json(story))
        return
    for line in _say_story(story, zone):
        print(visible(line))


async def _of_lead(department: Department, lead: str) -> tuple[Story, ZoneInfo]:
    return await department.leads.why(lead), ZoneInfo(department.settings.campaign.timezone)


def _say_idle(*, as_json: bool) -> None:
    async def read(department: Department) -> tuple[Idle, Status]:
        return await department.leads.idle(), await department.status(people=False)

    idle, status = with_department(read)
    if as_json:
        print_json(_idle_json(idle, status))
        return
    for line in _say_department(idle, status):
        print(line)


def _say_story(story: Story, zone: ZoneInfo) -> Iterator[str]:
    from ingagents.services.why import told_of

    lead, found = story.lead, story.why
    yield f"{person(lead.name, lead.position, lead.company)}  ({lead.id})"
    yield f"{lead.contact_status}: {found.reason}"
    yield f"first gate: {found.gate}{_until(found.lifts_at, zone)}"
    yield f"what changes it: {found.change}"
    yield "gates:"
    for one in found.asked:
        yield f"  {one.says.replace('_', ' '):<12} {one.gate}{f': {one.value}' if one.value else ''}"
    yield "so far:"
    for entry in story.history:
        first, *reasons = told_of(entry) or ("",)
        if first:
            yield f"  {at_minute(entry.timestamp, zone)} {first}"
        yield from (f"      because {reason}" for reason in reasons)


def _until(moment: datetime | None, zone: ZoneInfo) -> str:
    return f", until {at_minute(moment, zone)}" if moment else ", which does not lift by itself"


def _story_json(story: Story) -> dict[str, Any]:
    found = story.why
    return {
        "lead_id": story.lead.id,
        **{name: getattr(story.lead, name) for name in _OF_LEAD},
        **_gate_json(found.gate, found.reason, found.lifts_at, found.change),
        "gates": list(found.asked),
        "story": [
            {
                "seq": one.seq,
                "timestamp": one.timestamp,
                "type": one.type,
                "agent": one.agent,
                "data": readable(one),
            }
            for one in story.history
        ],
    }


_OF_LEAD = ("name", "contact_status", "next_step", "next_step_at")


def _gate_json(
    gate: str | None, reason: str, lifts_at: datetime | None, change: str, **more: Any
) -> dict[str, Any]:
    return {"gate": gate, **more, "reason": reason, "lifts_at": lifts_at, "change": change}


def _idle_json(idle: Idle, status: Status) -> dict[str, Any]:
    from ingagents.core.why.why_words import change_of, said_of

    held = idle.account
    return {
        "now": idle.now,
        "agents": {one.agent: one.status for one in status.agents},
        "account": _gate_json(held.gate, held.reason, held.until, change_of(held.gate))
        if held
        else _gate_json(None, "", None, ""),
        "next_at": idle.next_at,
        "next_gate": idle.next_gate,
        "search": _gate_json(idle.search, said_of(idle.search), None, change_of(idle.search))
        if idle.search
        else _gate_json(None, "", None, ""),
        "people": sum(one.people for one in idle.groups),
        "gates": [
            _gate_json(one.gate, one.reason, one.lifts_at, one.change, people=one.people)
            for one in idle.groups
        ],
        "schedule": {one.job: max(one.next_due, idle.now) for one in status.schedule},
    }


def _say_department(idle: Idle, status: Status) -> Iterator[str]:
    from ingagents.core.why.why_words import change_of, said_of

    zone = ZoneInfo(status.timezone)
    away = [one.agent for one in status.agents if one.status == "not at work in this moment"]
    yield at_minute(idle.now, zone)
    if away:
        yield f"not at work: {', '.join(away)}; `ingagents run` lets them work"
    if held := idle.account:
        yield f"no first contact: {held.gate}{_until(held.until, zone)}: {one_line(held.reason)}"
    if idle.next_at is None:
        yield "nothing more happens by itself"
    else:
        yield f"next: {idle.next_gate} lifts at {at_minute(idle.next_at, zone)}"
    if idle.search:
        yield f"nobody new: {idle.search}: {said_of(idle.search)}"
        yield f"         {change_of(idle.search)}"
    yield "people by their first gate:" if idle.groups else "there is nobody"
    for one in idle.groups:
        until = f" (first at {at_minute(one.lifts_at, zone)})" if one.lifts_at else ""
        yield f"  {one.people:>6} {one.gate}{until}: {one_line(one.reason)}"
        yield f"         {one.change}"
    for job in status.schedule:
        yield f"  {job.job:<14} next {at_minute(max(job.next_due, idle.now), zone)}"
