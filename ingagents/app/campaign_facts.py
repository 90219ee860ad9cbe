"""Which facts a department tells: those of its own file, or of the event the sandbox plays."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from importlib import resources
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from ingagents.core.fact_checks import Finding, findings
from ingagents.core.facts import facts_of_campaign, is_told_on
from ingagents.errors import SettingsError
from ingagents.integrations.clock import SystemClock
from ingagents.model import Campaign, Fact, FactSheet
from ingagents.private_files import write_whole
from ingagents.settings import Settings
from ingagents.settings.facts import parse_facts, read_facts


class ListedFact(msgspec.Struct, frozen=True, kw_only=True):
    """A fact as it is listed: whom it is `told_to`, none for everybody, and `state`."""

    fact: Fact
    source: str
    state: str

    def row(self) -> dict[str, object]:
        """As JSON shows it, under the names of the file."""
        fact = self.fact
        return {
            "id": fact.id,
            "text": fact.text if "" not in fact.text or len(fact.text) > 1 else fact.text[""],
            "link": fact.link,
            "for": list(fact.kinds),
            "asks": list(fact.asks),
            "from": fact.since,
            "until": fact.until,
            "source": self.source,
            "state": self.state,
        }


def fact_sheet(settings: Settings) -> FactSheet:
    """What may be told to people; the shipped event has facts of its own in the sandbox.

    Raises:
        SettingsError: the file is there and cannot be used.
    """
    own = _own_facts(settings)
    if _plays_the_shipped_event(settings) and not own.facts:
        shipped = resources.files("ingagents") / "sandbox" / "facts.toml"
        return parse_facts(shipped.read_text("utf-8"), "the sandbox's facts")
    return own


def campaign_of(settings: Settings) -> Campaign:
    """The campaign with its facts.

    Raises:
        SettingsError: as `fact_sheet`.
    """
    return settings.campaign.to_campaign(fact_sheet(settings))


def add_fact(
    settings: Settings,
    identity: str,
    *,
    text: str,
    asks: Sequence[str],
    kinds: Sequence[str],
    link: str,
) -> Path:
    """Add one to the file of facts, which it names.

    Raises:
        SettingsError: it is no fact, or the file cannot be read or written; nothing is changed.
    """
    file = settings.path(settings.campaign.facts)
    read_facts(file)
    rows = {"id": identity, "text": text, "link": link, "for": list(kinds), "asks": list(asks)}
    lines = (f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in rows.items())
    before = file.read_text("utf-8-sig").rstrip() if file.exists() else ""
    facts, _, booking = before.partition("\n[booking]")
    parts = (facts, "\n".join(("[[fact]]", *lines)), f"[booking]{booking}" if booking else "")
    after = "\n\n".join(filter(None, parts)) + "\n"
    parse_facts(after, str(file))
    try:
        write_whole(file, after.encode())
    except OSError as exc:
        raise SettingsError(f"{file} cannot be written: {exc.strerror}", "check the file") from exc
    return file


def checked_facts(settings: Settings) -> tuple[Finding, ...]:
    """What is wrong with the facts today.

    Raises:
        SettingsError: as `fact_sheet`.
    """
    return findings(fact_sheet(settings), campaign_of(settings), today=_today(settings))


def listed_facts(settings: Settings) -> list[ListedFact]:
    """Every fact, the file's first, and whether people are told it today.

    Raises:
        SettingsError: as `fact_sheet`.
    """
    today, campaign = _today(settings), campaign_of(settings)
    kept = {one.ids[0] for one in checked_facts(settings) if one.kind in _UNTOLD and one.ids}
    source = settings.campaign.facts if _own_facts(settings).facts else "sandbox"
    listed = [
        ListedFact(fact=fact, source=source, state=_state(fact, today, kept=fact.id in kept))
        for fact in campaign.facts
    ]
    for said, _ in facts_of_campaign(campaign, "en", today=today):
        fact = Fact(id=said.id, text={"en": said.text}, link=said.link)
        listed.append(ListedFact(fact=fact, source="settings", state="told"))
    return listed


def _state(fact: Fact, today: date, *, kept: bool) -> str:
    if fact.since and today < fact.since:
        return "not yet"
    return "not told, see facts check" if kept or not is_told_on(fact, today) else "told"


def _own_facts(settings: Settings) -> FactSheet:
    return read_facts(settings.path(settings.campaign.facts))


def _plays_the_shipped_event(settings: Settings) -> bool:
    return settings.linkedin.service == "sandbox" and settings.campaign.as_shipped()


def _today(settings: Settings) -> date:
    return SystemClock().now().astimezone(ZoneInfo(settings.campaign.timezone)).date()


_UNTOLD = frozenset({"past", "nobody", "too-long", "instruction"})
"""Kinds of findings for which nobody is told a fact."""
