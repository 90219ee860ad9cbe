"""The lists that invented people are made of, read once from `cast.toml` beside this file."""

from __future__ import annotations

import functools
import tomllib
from importlib import resources
from typing import Literal

import msgspec

RoleName = Literal["leader", "sponsor", "speaker", "other"]


class Culture(msgspec.Struct, frozen=True, kw_only=True):
    """Names that go together; `places` are written "location|country code"."""

    name: str
    weight: int
    language: str
    first: tuple[str, ...]
    last: tuple[str, ...]
    places: tuple[str, ...]


class Role(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody does; repeated titles are commoner ones."""

    name: RoleName
    weight: int
    technology_percent: int
    titles: tuple[str, ...]
    topics: tuple[str, ...]


class Companies(msgspec.Struct, frozen=True, kw_only=True):
    """Company names are an opening and an ending."""

    openings: tuple[str, ...]
    technology_endings: tuple[str, ...]
    other_endings: tuple[str, ...]


class Band(msgspec.Struct, frozen=True, kw_only=True):
    """One of LinkedIn's company sizes."""

    label: str
    weight: int


class Industry(msgspec.Struct, frozen=True, kw_only=True):
    """One of LinkedIn's industries; `under` is the id of the wider one."""

    id: str
    title: str
    under: str = ""
    technology_weight: int = 0
    other_weight: int = 0


class Details(msgspec.Struct, frozen=True, kw_only=True):
    """What the long part of a profile is made of."""

    skills: tuple[str, ...]
    schools: tuple[str, ...]
    earlier_titles: tuple[str, ...]
    summaries: tuple[str, ...]
    badges: tuple[str, ...]
    tails: tuple[str, ...]


class Cast(msgspec.Struct, frozen=True, kw_only=True):
    """All lists together."""

    cultures: tuple[Culture, ...]
    roles: tuple[Role, ...]
    companies: Companies
    bands: tuple[Band, ...]
    industries: tuple[Industry, ...]
    details: Details


@functools.cache
def cast() -> Cast:
    """The lists; read on first use."""
    text = resources.files(__package__).joinpath("cast.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(text), Cast)
