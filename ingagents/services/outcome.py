"""What a job came to: for people as a sentence, for machines as figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ingagents.display import Shown, Told
from ingagents.errors import IngagentsError, SettingsError


@dataclass(frozen=True, kw_only=True, repr=False)
class Outcome(Shown):
    """What a job came to. `summary` is for people, also what waits; `figures` for machines.

    `waits_until` with `waits_for` says what could not be done yet; `error` what kept it from
    being done at all (the work is kept); `refused` that the settings do.
    """

    summary: str
    figures: Mapping[str, Any]
    waits_until: datetime | None = None
    waits_for: str = ""
    error: IngagentsError | None = None
    refused: SettingsError | None = None

    @property
    def try_later(self) -> str:
        """What kept it from being done, in one sentence; empty when nothing did."""
        return self.error.sentence() if self.error is not None else ""

    def _told(self) -> Told:
        line = self.summary
        for trouble in (self.try_later, self.refused.line() if self.refused else ""):
            line += f"; {trouble}" if trouble else ""
        return Told(line, list(self.figures.items()))


def together(outcomes: Mapping[str, Outcome]) -> Outcome:
    """One job done for several, as one outcome; each is told under its name, a single one as it is."""
    ended = list(outcomes.values())
    if len(ended) == 1:
        return ended[0]
    figures: dict[str, Any] = {}
    for one in ended:
        for name, value in one.figures.items():
            figures[name] = figures[name] + value if name in figures else value
    waiting = [one for one in ended if one.waits_until is not None]
    first = min(waiting, key=lambda one: str(one.waits_until), default=ended[0])
    return Outcome(
        summary="; ".join(f"{name}: {one.summary}" for name, one in outcomes.items()),
        figures=figures,
        waits_until=first.waits_until,
        waits_for=first.waits_for,
        error=next((one.error for one in ended if one.error is not None), None),
        refused=next((one.refused for one in ended if one.refused is not None), None),
    )
