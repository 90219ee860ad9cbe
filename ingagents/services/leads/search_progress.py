"""Where a search stands, and why it ended."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

import msgspec

from ingagents.errors import TryLater, explain
from ingagents.events import SearchFinished, SearchStop
from ingagents.model import SearchCriteria, SearchPage


class Stop(NamedTuple):
    """Why a search ends, in a sentence too; `error` is what cut it off."""

    why: SearchStop
    said: str
    error: TryLater | None = None


END = Stop("end", "end of the results")
_NOBODY = Stop("end", "this service searches nobody: people come by list and sheet")


def end_after(page: SearchPage) -> Stop:
    """Why a search ends with its last page."""
    return END if page.searched else _NOBODY


def cut_off_by(exc: TryLater) -> Stop:
    """The end of a search that the service keeps from going on."""
    return Stop("service", f"service: {explain(exc)}", exc)


def cut_off(stop: SearchStop) -> bool:
    """Whether there is more to find where the search stands."""
    return stop in {"service", "stopping"}


class SearchEnd(NamedTuple):
    """How a search ended; `error` is what cut it off before its end."""

    finished: SearchFinished
    error: TryLater | None = None


@dataclass(kw_only=True)
class Progress:
    """A search's place; kept in the database with every page."""

    criteria: SearchCriteria
    wanted: int | None = None
    cursor: str | None = None
    pages: int = 0
    begun_again: bool = False
    counts: Counter[str] = field(default_factory=Counter)

    def to_note(self) -> dict[str, object]:
        """As it is kept."""
        return {
            "criteria": msgspec.to_builtins(self.criteria),
            "wanted": self.wanted,
            "cursor": self.cursor,
            "pages": self.pages,
            "counts": dict(self.counts),
        }

    def ended(self, stop: Stop, *, some_left: bool) -> SearchEnd:
        """The search's end; `some_left`: of the last page not everybody was wanted."""
        finished = SearchFinished(
            seen=sum(self.counts.values()),
            discovered=self.counts["discovered"],
            known=self.counts["known"] + self.counts["suppressed"],
            unusable=self.counts["unusable"],
            pages=self.pages,
            stop=stop.why,
            stopped_by=stop.said,
            exhausted=stop.why == "end" and not some_left,
        )
        return SearchEnd(finished, stop.error)
