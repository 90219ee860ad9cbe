"""What the team lets us tell people, in its own words, and which words ask for it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import msgspec

from ingagents.display import Shown, Told


class Fact(Shown, msgspec.Struct, frozen=True, kw_only=True):
    """One statement that texts may rest on.

    `text` is by language (ISO 639), under "" what was given without one; `kinds` are the
    classifications that may be told, none: everybody. It is told from `since` to `until`, both
    days included. `asks` are words of a question that it answers.
    """

    id: str
    text: Mapping[str, str]
    link: str = ""
    kinds: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None

    def _told(self) -> Told:
        return Told(f"{self.id}: {next(iter(self.text.values()), '')}", super()._told().rows)


class FactSheet(msgspec.Struct, frozen=True, kw_only=True):
    """All of `facts.toml`: the facts, and under an owner's name where to book a talk with them."""

    facts: tuple[Fact, ...] = ()
    booking: Mapping[str, str] = {}
