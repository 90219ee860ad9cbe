"""What `once` can be asked for."""

from __future__ import annotations

from collections.abc import Mapping

from ingagents.errors import UsageError
from ingagents.events import Role
from ingagents.settings.reading import nearest

TASKS: Mapping[str, Role] = {
    "search": "lead_finder",
    "allocate": "sales_manager",
    "coordinate": "sales_manager",
    "monitor": "sales_manager",
    "report": "sales_manager",
    "optimise": "sales_manager",
    "outreach": "outreach",
    "replies": "outreach",
    "sync": "sales_manager",
}
"""Each task, and whose work it is."""


def known_task(name: str) -> str:
    """The name, if there is such a task.

    Raises:
        UsageError: there is none; it tells the known ones and the nearest.
    """
    if name not in TASKS:
        known = f"there is no task {name!r} among {', '.join(TASKS)}"
        raise UsageError(known, nearest(str(name), list(TASKS)))
    return name
