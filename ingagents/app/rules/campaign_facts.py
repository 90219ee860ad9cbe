"""Which facts a department tells: those of its own file, or of the event the sandbox plays."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

import msgspec

from ingagents.core.facts.answers import kept_as_fact
from ingagents.core.facts.fact_checks import Finding, findings, told_of
from ingagents.core.facts.facts import facts_of_campaign
from ingagents.core.facts.questions import asking_for
from ingagents.core.review_policy import OPEN, Review
from ingagents.errors import SettingsError, UsageError
from ingagents.integrations.clock import SystemClock
from ingagents.model import Campaign, Fact, FactSheet
from ingagents.ports import Clock
from ingagents.private_files import write_whole
from ingagents.settings import Settings
from ingagents.settings.facts import (
    facts_as_toml,
    parse_fact,
    parse_facts,
    read_facts,
    why_no_booking,
)


class ListedFact(msgspec.Struct, frozen=True, kw_only=True):
    """A fact as it is listed: its `state` today, and `why` nobody is told it."""

    fact: Fact
    source: str
    state: Literal["told", "not yet", "not told"]
    why: str = ""

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
            "why": self.why,
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


def campaign_of(settings: Settings, *, clock: Clock | None = None) -> Campaign:
    """The campaign with those of its facts that may be told.

    Raises:
        SettingsError: as `fact_sheet`.
    """
    sheet, of_settings = fact_sheet(settings), settings.campaign.to_campaign()
    today = today_in(settings, clock)
    return settings.campaign.to_campaign(told_of(sheet, of_settings, today=today))


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
        UsageError: it is no fact; nothing is changed.
        SettingsError: the file cannot be read or written, or has one with this id; nothing is changed.
    """
    return write_facts(*with_fact(settings, identity, text=text, asks=asks, kinds=kinds, link=link))


def with_fact(
    settings: Settings,
    identity: str,
    *,
    text: str,
    asks: Sequence[str],
    kinds: Sequence[str] = (),
    link: str = "",
) -> tuple[Path, str]:
    """The file of facts, and what it would say with one more.

    Raises:
        UsageError: it is no fact.
        SettingsError: the file cannot be read, or has one with this id.
    """
    file = settings.path(settings.campaign.facts)
    read_facts(file)
    rows = {"id": identity, "text": text, "link": link, "for": list(kinds), "asks": list(asks)}
    if isinstance(why := parse_fact(rows), str):
        raise UsageError(f"{identity[:60]!r} is no fact: {why}", "nothing was changed; mend that")
    lines = (f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in rows.items())
    before = file.read_text("utf-8-sig").rstrip() if file.exists() else ""
    facts, _, booking = before.partition("\n[booking]")
    parts = (facts, "\n".join(("[[fact]]", *lines)), f"[booking]{booking}" if booking else "")
    after = "\n\n".join(filter(None, parts)) + "\n"
    parse_facts(after, str(file))
    return file, after


def fact_of_answer(
    settings: Settings, identity: str, review: Review, text: str, *, asks: Sequence[str]
) -> tuple[Path, str] | None:
    """The file of facts with what somebody is answered; without `asks` the question asks for it.

    None where no id of a fact is given.

    Raises:
        UsageError: the text is about the person, or words ask for a fact that has no id; or as
            `with_fact`.
        SettingsError: as `with_fact`.
    """
    if not identity:
        if asks:
            raise UsageError("--asks is about a fact", "name the fact with --keep-as-fact")
        return None
    said = kept_as_fact(text, review.recipient)
    if not said:
        raise UsageError("the text names the person it goes to", "use `ingagents facts add`")
    questions = asks or asking_for(review.evidence.get(OPEN, ()))
    return with_fact(settings, identity, text=said, asks=questions)


def write_facts(file: Path, text: str) -> Path:
    """Let the file of facts say this.

    Raises:
        SettingsError: it cannot be written; what was there stays.
    """
    try:
        write_whole(file, text.encode())
    except OSError as exc:
        raise SettingsError(f"{file} cannot be written: {exc.strerror}", "check the file") from exc
    return file


def checked_facts(settings: Settings) -> tuple[Finding, ...]:
    """What is wrong with the facts today.

    Raises:
        SettingsError: as `fact_sheet`.
    """
    sheet, of_settings = fact_sheet(settings), settings.campaign.to_campaign()
    return findings(sheet, of_settings, today=today_in(settings))


def listed_facts(settings: Settings) -> list[ListedFact]:
    """Every fact, the file's first, and whether people are told it today.

    Raises:
        SettingsError: as `fact_sheet`.
    """
    today, whys = today_in(settings), dict[str, list[str]]()
    for one in checked_facts(settings):
        for identity in one.ids if one.untold else ():
            whys.setdefault(identity, []).append(f"{one.says_at(identity)}; {one.fix}")
    source = settings.campaign.facts if _own_facts(settings).facts else "sandbox"
    listed = [
        ListedFact(fact=fact, source=source, state="not told", why=" | ".join(whys[fact.id]))
        if fact.id in whys
        else ListedFact(
            fact=fact,
            source=source,
            state="not yet" if fact.since and today < fact.since else "told",
        )
        for fact in fact_sheet(settings).facts
    ]
    for said, _ in facts_of_campaign(settings.campaign.to_campaign(), "en", today=today):
        fact = Fact(id=said.id, text={"en": said.text}, link=said.link)
        listed.append(ListedFact(fact=fact, source="settings", state="told"))
    return listed


class TellingFacts:
    """The campaign with what may be told of its file: read anew when that was changed, and each day.

    While the file cannot be used, the facts stay as they were.

    Raises:
        SettingsError: it cannot be used from the beginning.
    """

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings, self._clock = settings, clock
        self._file = settings.path(settings.campaign.facts)
        self._seen = self._stands()
        fact_sheet(settings)
        self._campaign: Campaign | None = None  # what may be told costs more to know than to read

    def __call__(self) -> Campaign:
        """The campaign now."""
        stands = self._stands()
        if self._campaign is None or stands != self._seen:
            try:
                self._campaign = campaign_of(self._settings, clock=self._clock)
            except SettingsError:
                if self._campaign is None:
                    raise
            self._seen = stands
        return self._campaign

    def _stands(self) -> tuple[date, tuple[int, int, int] | None]:
        return today_in(self._settings, self._clock), self._file_stands()

    def _file_stands(self) -> tuple[int, int, int] | None:
        try:
            found = self._file.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size, found.st_ino


@dataclass(frozen=True)
class CampaignFacts:
    """The file of facts of a department, as its sheet reads and writes it: keeps `FactFile`."""

    settings: Settings

    def read(self) -> FactSheet:
        """What is told now.

        Raises:
            SettingsError: the file is there and cannot be used.
        """
        return fact_sheet(self.settings)

    def parse(self, table: Mapping[str, Any]) -> Fact | str:
        """A fact from what a row says, or why it is none."""
        return parse_fact(table)

    def why_no_booking(self, owner: str, address: str) -> str:
        """What is wrong with the address of somebody's calendar; "" when nothing is."""
        return why_no_booking(owner, address)

    def campaign(self, sheet: FactSheet) -> Campaign:
        """The campaign with these facts."""
        return self.settings.campaign.to_campaign(sheet)

    def write(self, sheet: FactSheet) -> None:
        """Keep these facts.

        Raises:
            SettingsError: the file that stands there cannot be read, or none written.
        """
        file = self.settings.path(self.settings.campaign.facts)
        read_facts(file)
        try:
            before = file.read_text("utf-8-sig") if file.exists() else ""
            text = facts_as_toml(sheet, before=before)
            parse_facts(text, str(file))
        except OSError as exc:
            raise SettingsError(f"{file} cannot be read: {exc.strerror}", "check the file") from exc
        write_facts(file, text)


def _own_facts(settings: Settings) -> FactSheet:
    return read_facts(settings.path(settings.campaign.facts))


def _plays_the_shipped_event(settings: Settings) -> bool:
    return settings.linkedin.simulated and settings.campaign.as_shipped()


def today_in(settings: Settings, clock: Clock | None = None) -> date:
    """The day in the campaign's time zone."""
    now = (clock or SystemClock()).now()
    return now.astimezone(ZoneInfo(settings.campaign.timezone)).date()
