"""Whether there is somebody to write to and room to do so, and why nobody was written to."""

from __future__ import annotations

import msgspec

from ingagents.core.reporting.daily_metrics import DayFigures
from ingagents.display import counted
from ingagents.events import PerformanceAlert

NOTHING_SENT, NOTHING_TO_ALLOCATE = "nothing_sent", "nothing_to_allocate"
"""Alerts about a day on which nothing went on; their value counts people, it is no share."""


class Outlook(msgspec.Struct, frozen=True, kw_only=True):
    """How it stands now. `room` is what limits, hours and holds leave for the coming week.

    `held` says why nothing goes out at this moment, `last_pass` what the last pass of outreach said, `kept_back` whom rules keep from being allocated,
    `exhausted` whether the last search showed everybody it finds.
    """

    allocated: int
    in_store: int
    room: int
    kept_back: str = ""
    held: str = ""
    exhausted: bool = False
    searched: bool = False
    last_pass: str = ""


def say_outlook(outlook: Outlook) -> str:
    """How long who is there will last, by the limits that hold, and what holds sends just now."""
    people = outlook.allocated + outlook.in_store
    if outlook.allocated:
        allocated = counted(outlook.allocated, "lead is", "leads are")
        there = (
            f"{allocated} allocated, {counted(outlook.in_store, 'more is', 'more are')} in store"
        )
    elif outlook.in_store:
        there = f"{counted(outlook.in_store, 'lead is', 'leads are')} in store, none is allocated"
    else:
        there = "Nobody is left in store"
        if outlook.kept_back:
            there = f"Nobody in store may be allocated: {outlook.kept_back}"
    if not outlook.room:
        why = f": {outlook.held}" if outlook.held else ""
        return f"{there}; the limits leave room for nobody in the coming week{why}."
    room = f"{counted(outlook.room, 'person', 'people')} can be written to in the coming week"
    if outlook.held:
        room += f" (nothing goes out for now: {outlook.held})"
    if people >= outlook.room:
        return f"{there}: enough for the coming week, as only {room}."
    if outlook.exhausted:
        return (
            f"{there}, but {room} and the search has shown everybody it finds: "
            "widen lead_finder.search_criteria."
        )
    return f"{there}, and {room}: {outlook.room - people} more are searched for."


def kept_back(same_company: int, others: int) -> str:
    """Whom only the settings keep from being allocated, and which."""
    found = []
    if same_company:
        people = counted(same_company, "person works", "people work")
        found.append(
            f"{people} where a conversation is open, and sales_manager.allow_same_company is false"
        )
    if others:
        people = counted(others, "person", "people")
        found.append(f"{people} of kind Other, and sales_manager.write_to_other is false")
    return "; ".join(found)


def find_idleness(
    day: DayFigures, outlook: Outlook, *, worked: bool, over: bool
) -> tuple[PerformanceAlert, ...]:
    """Alerts of a working day on which nothing was sent, or for which nobody is left.

    `worked`: the day's leads were allocated already; `over`: its working hours are past. Who waits
    for a review was allocated, too.
    """
    found: list[PerformanceAlert] = []
    given = day.queue_size + day.needs_review
    if over and given and not day.messages_sent:
        cause = outlook.held or _waiting(day) or _said(outlook)
        people = counted(given, "lead was", "leads were")
        detail = f"{people} allocated on {day.day.isoformat()} and nothing was sent: {cause}"
        found.append(_alert(NOTHING_SENT, given, detail))
    nobody = not outlook.allocated and not outlook.in_store and outlook.room
    if nobody and (worked or over) and (day.total_leads or outlook.searched):
        if outlook.kept_back:
            cause = outlook.kept_back
        elif outlook.exhausted:
            cause = "the search has shown everybody it finds: widen lead_finder.search_criteria"
        elif outlook.searched:
            cause = "the last search found nobody good enough who is left: see its result"
        else:
            cause = "no search has run yet: `ingagents once --task search`"
        detail = f"nobody is left to be allocated, and {outlook.room} could be written to: {cause}"
        found.append(_alert(NOTHING_TO_ALLOCATE, outlook.room, detail))
    return tuple(found)


def _alert(metric: str, value: int, detail: str) -> PerformanceAlert:
    return PerformanceAlert(metric=metric, value=value, threshold=0, detail=detail)


def _said(outlook: Outlook) -> str:
    if outlook.last_pass:
        return f"the last pass of outreach says: {outlook.last_pass}"
    return "no cause is known, and outreach has not run: `ingagents once --task outreach`"


def _waiting(day: DayFigures) -> str:
    if day.needs_review:
        waits = "lead waits" if day.needs_review == 1 else "leads wait"
        return f"{day.needs_review} {waits} for your review: `ingagents review list`"
    if day.errors:
        return f"{counted(day.errors, 'thing', 'things')} failed: `ingagents journal list`"
    return ""
