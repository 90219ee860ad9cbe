"""The lines of `[[programme]]`: places to fill with speakers and sponsors."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from ingagents.core.programme import Track
from ingagents.model import Classification
from ingagents.settings.sections import Section, Topics


class ProgrammeSection(Section):
    """A track, or a tier: places for people of one kind."""

    kind: Literal["Speaker", "Sponsor"]
    name: str = Field(
        min_length=1,
        max_length=60,
        pattern=r"^[^\r\n]*\S[^\r\n]*$",
        description="write a name on one line, of at most 60 characters",
    )
    places: int = Field(ge=0, le=1000)
    topics: Topics = ()
    """Who fits here, by title or skill; empty: anybody of the kind."""

    def to_track(self) -> Track:
        """The line as the core reads it."""
        return Track(
            kind=Classification(self.kind),
            name=" ".join(self.name.split()),
            places=self.places,
            topics=self.topics,
        )


def named_apart(lines: tuple[ProgrammeSection, ...]) -> tuple[ProgrammeSection, ...]:
    """The lines, where no two have one name.

    Raises:
        ValueError: two have: nobody could say which of them a place is in.
    """
    names = [line.to_track().name.casefold() for line in lines]
    if double := next((name for name in names if names.count(name) > 1), ""):
        raise ValueError(f"two lines are called {double!r}: give each a name of its own")
    return lines
