"""A person as a service or a file shows them, and what is searched for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import msgspec

from ingagents.display import Shown, Told, person

AliasKind = Literal[
    "slug", "acoa", "acwa", "ae", "member_number", "email", "legacy", "name_company"
]


class Alias(msgspec.Struct, frozen=True, order=True):
    """One name under which LinkedIn knows a person; a person has a set of them."""

    kind: AliasKind
    value: str


class Position(Shown, msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One job on a profile. Dates are as the service wrote them."""

    title: str = ""
    company: str = ""
    description: str = ""
    location: str = ""
    current: bool = False
    started: str = ""
    ended: str = ""


class Recipient(msgspec.Struct, frozen=True, kw_only=True):
    """By what a service may find a person; each service takes what it works with.

    Only `provider_id`, LinkedIn's own member id, is somebody for good: a `public_identifier` (the
    slug of the address) may pass to another person. Empty where unknown.
    """

    provider_id: str = ""
    public_identifier: str = ""
    linkedin_url: str = ""
    member_number: str = ""


EXTRA_MAX = 20
"""Columns of a list's own that are kept of a person."""


class Profile(Shown, msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a service or a file says about a person. Untrusted text; empty where unknown.

    `network_distance` 0 is unknown or out of network. `invitation` is the state of our own one, as
    the service sees it. `past_role` is what they were at the last edition. `complete` is False where a
    hit or profile lacks what a decision needs. `extra` is what a list says in columns of its own, by
    the name that a template calls it.
    """

    name: str = ""
    first_name: str = ""
    last_name: str = ""
    headline: str = ""
    summary: str = ""
    location: str = ""
    country: str = ""
    language: str = ""
    industry: str = ""
    company_size: str = ""
    email: str = ""
    linkedin_url: str = ""
    provider_id: str = ""
    public_identifier: str = ""
    member_number: str = ""
    position: str = ""
    company: str = ""
    positions: tuple[Position, ...] = ()
    skills: tuple[str, ...] = ()
    network_distance: int = 0
    invitation: Literal["", "pending", "ignored", "withdrawn", "received"] = ""
    open_profile: bool = False
    premium: bool = False
    creator: bool = False
    follower_count: int = 0
    connections_count: int = 0
    past_role: Literal["", "Speaker", "Sponsor"] = ""
    complete: bool = True
    extra: Mapping[str, str] = {}

    @property
    def recipient(self) -> Recipient:
        """By what this person is found again."""
        return Recipient(
            provider_id=self.provider_id,
            public_identifier=self.public_identifier,
            linkedin_url=self.linkedin_url,
            member_number=self.member_number,
        )

    def _told(self) -> Told:
        who = person(self.name, self.position or self.headline, self.company)
        return Told(who, super()._told().rows)


class ListedPerson(msgspec.Struct, frozen=True, kw_only=True):
    """A row that names somebody. Without `profile.linkedin_url` they can never be written to."""

    line: int
    profile: Profile


class SaidNo(msgspec.Struct, frozen=True, kw_only=True):
    """A name of somebody who is not to be written to: an alias's kind, or "domain"."""

    kind: str
    value: str
    reason: str


class RefusedRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row that was left out, and why, in words for the owner of the list."""

    line: int
    why: str


class SearchCriteria(msgspec.Struct, frozen=True, kw_only=True):
    """Whom to look for. `company_size` is LinkedIn's band, such as "51-200"; empty: any."""

    industries: tuple[str, ...] = ()
    positions: tuple[str, ...] = ()
    company_size: str = ""
    keywords: str = ""


class SearchPage(msgspec.Struct, frozen=True, kw_only=True):
    """One page of a search; `cursor` asks for the next one and is None at the end.

    `searched` False: the service searches nobody, and that it shows nobody says nothing.
    """

    profiles: tuple[Profile, ...]
    cursor: str | None = None
    total: int | None = None
    searched: bool = True
