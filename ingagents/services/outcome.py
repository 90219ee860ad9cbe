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
