"""Which facts a department tells: those of its own file, or of the event the sandbox plays."""

from __future__ import annotations

from importlib import resources

from ingagents.model import Campaign, FactSheet
from ingagents.settings import Settings
from ingagents.settings.facts import parse_facts, read_facts


def fact_sheet(settings: Settings) -> FactSheet:
    """What may be told to people; the shipped event has facts of its own in the sandbox.

    Raises:
        SettingsError: the file is there and cannot be used.
    """
    file = settings.path(settings.campaign.facts)
    simulated = settings.linkedin.service == "sandbox" and settings.campaign.as_shipped()
    if simulated and not file.exists():
        shipped = resources.files("ingagents") / "sandbox" / "facts.toml"
        return parse_facts(shipped.read_text("utf-8"), "the sandbox's facts")
    return read_facts(file)


def campaign_of(settings: Settings) -> Campaign:
    """The campaign with its facts.

    Raises:
        SettingsError: as `fact_sheet`.
    """
    return settings.campaign.to_campaign(fact_sheet(settings).facts)
