"""How far people have come: found, contacted, accepted, answered, positive."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from ingagents.core.reporting.daily_metrics import DayFigures
from ingagents.display import Shown, Told, frame

if TYPE_CHECKING:
    import pandas as pd


class Stage(Shown, msgspec.Struct, frozen=True, kw_only=True):
    """One step of the funnel: how many people ever came this far."""

    label: str
    people: int

    def _told(self) -> Told:
        return Told(f"{self.label} {self.people}")


class Funnel(Shown, tuple[Stage, ...]):
    """How far everybody in the database has come, stage by stage."""

    __slots__ = ()

    def in_words(self) -> str:
        """`found 97, contacted 42, accepted 17, answered 9, positive 3`."""
        return ", ".join(f"{stage.label} {stage.people}" for stage in self)

    def to_dataframe(self) -> pd.DataFrame:
        """A pandas table, a row for each stage.

        Raises:
            InputError: pandas is not installed.
        """
        rows = ({"stage": one.label, "people": one.people} for one in self)
        return frame(rows, {"stage": "", "people": "int64"})

    def _told(self) -> Told:
        rows = [(stage.label, stage.people) for stage in self]
        return Told(self.in_words(), rows)


def funnel_of(today: DayFigures) -> Funnel:
    """How far everybody in the database has come, from found to positive."""
    return Funnel(
        (
            Stage(label="found", people=today.total_leads),
            Stage(label="contacted", people=today.contacted_leads),
            Stage(label="accepted", people=today.accepted_leads),
            Stage(label="answered", people=today.answered_leads),
            Stage(label="positive", people=today.qualified_opportunities),
        )
    )
