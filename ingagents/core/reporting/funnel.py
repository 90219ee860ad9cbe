"""How far people have come: found, contacted, accepted, answered, positive."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from ingagents.core.reporting.conversations import Conversations, share_in_words
from ingagents.core.reporting.daily_metrics import DayFigures
from ingagents.core.strategy.proposals import wilson_interval
from ingagents.display import Shown, Told, frame

if TYPE_CHECKING:
    import pandas as pd


class Stage(Shown, msgspec.Struct, frozen=True, kw_only=True):
    """One step of the funnel: how many people ever came this far.

    `whole` is how many of them could, called `of`, and `low` to `high` where the true share of it
    lies with 95 % confidence; all None where there is nothing to take a share of.
    """

    label: str
    people: int
    of: str | None = None
    whole: int | None = None
    low: float | None = None
    high: float | None = None

    @property
    def share(self) -> str:
        """`43 % (29-58 %)`; "" where there is none."""
        return "" if self.whole is None else share_in_words(self.people, self.whole)

    def _told(self) -> Told:
        return Told(f"{self.label} {self.people}")


class Funnel(Shown, tuple[Stage, ...]):
    """How far everybody in the database has come, stage by stage."""

    __slots__ = ()

    def in_words(self) -> str:
        """`found 97, contacted 42, accepted 17, answered 9, positive 3`."""
        return ", ".join(f"{stage.label} {stage.people}" for stage in self)

    def to_dataframe(self) -> pd.DataFrame:
        """A pandas table, a row for each stage; `low` to `high` is where the share of `of` lies.

        Raises:
            InputError: pandas is not installed.
        """
        rows = ({"stage": one.label, **msgspec.structs.asdict(one)} for one in self)
        shares = {"of": "", "low": "float64", "high": "float64"}
        return frame(rows, {"stage": "", "people": "int64", **shares})

    def _told(self) -> Told:
        rows = [(stage.label, stage.people) for stage in self]
        return Told(self.in_words(), rows)


def funnel_of(today: DayFigures, talks: Conversations | None = None) -> Funnel:
    """How far everybody in the database has come, from found to positive; with `talks` by steps.

    Whoever is a connection may be messaged: who accepted, and who was one before we wrote.
    """
    contacted, accepted = today.contacted_leads, today.accepted_leads
    stages = [
        Stage(label="found", people=today.total_leads),
        _stage("contacted", contacted, "found", today.total_leads),
    ]
    if talks is None:
        stages.append(_stage("accepted", accepted, "contacted", contacted))
    else:
        connected = accepted + max(0, contacted - talks.invited)
        stages += [
            _stage("invited", talks.invited, "contacted", contacted),
            _stage("accepted", accepted, "invited", talks.invited),
            _stage("messaged", talks.messaged, "connected", connected),
            _stage("followed up", talks.followed_up, "messaged", talks.messaged),
        ]
    answered = today.answered_leads
    stages += [
        _stage("answered", answered, "contacted", contacted),
        _stage("positive", today.qualified_opportunities, "answered", answered),
    ]
    return Funnel(stages)


def _stage(label: str, people: int, of: str, whole: int) -> Stage:
    """A stage with its share, unless that is of nobody or of others."""
    if not 0 < whole >= people:
        return Stage(label=label, people=people)
    share = wilson_interval(people, whole)
    return Stage(label=label, people=people, of=of, whole=whole, low=share.low, high=share.high)
