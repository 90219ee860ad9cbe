"""ingagents: a sales department of three agents that never writes to anybody twice.

    from ingagents import open_department

    async with open_department("settings.toml") as department:
        result = await department.once("allocate")

Importing this package reads no file, opens no socket, starts no loop and configures no logging;
what stands in `__all__` is loaded when it is first named.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ingagents.app.department import Department, open_department
    from ingagents.errors import IngagentsError
    from ingagents.model import Campaign, Classification, ContactStatus, Lead, Profile
    from ingagents.settings import Settings, load_settings

__version__ = "0.1.0"

__all__ = [
    "Campaign",
    "Classification",
    "ContactStatus",
    "Department",
    "IngagentsError",
    "Lead",
    "Profile",
    "Settings",
    "load_settings",
    "open_department",
]

_HOMES = {
    "Campaign": "ingagents.model",
    "Classification": "ingagents.model",
    "ContactStatus": "ingagents.model",
    "Department": "ingagents.app.department",
    "IngagentsError": "ingagents.errors",
    "Lead": "ingagents.model",
    "Profile": "ingagents.model",
    "Settings": "ingagents.settings",
    "load_settings": "ingagents.settings",
    "open_department": "ingagents.app.department",
}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
