"""Everybody in the market, found by slug, member id or Sales Navigator id."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

import msgspec

from ingagents.model import Profile
from ingagents.sandbox.market.people import (
    Person,
    distance_of,
    from_profile,
    invent,
    number_in_id,
    number_in_slug,
    slug_of,
    stranger,
)
from ingagents.sandbox.record import Act


class Population:
    """`size` invented people, and those given or met later. Nobody is made before being asked for.

    `version` changes whenever the searchable people do.
    """

    def __init__(self, seed: int, size: int, people: Sequence[Profile] = ()) -> None:
        self.version = 0
        self._seed = seed
        self._size = size
        self._given: list[Person] = []
        self._by_name: dict[str, Person] = {}
        self._friends: list[Person] = []
        self._friends_version = -1
        for profile in people:
            self.take_in("profile", profile)

    def __iter__(self) -> Iterator[Person]:
        """Everybody a search can find: given people first."""
        yield from self._given
        for number in range(self._size):
            yield invent(self._seed, number)

    def __len__(self) -> int:
        return len(self._given) + self._size

    def take_in(self, kind: Literal["slug", "profile"], who: str | Profile) -> Person | None:
        """Add a stranger by slug (not searchable) or a given profile (searchable)."""
        if kind == "slug":
            person = stranger(self._seed, str(who))
        else:
            profile = who if isinstance(who, Profile) else msgspec.json.decode(who, type=Profile)
            person = from_profile(self._seed, profile)
        if person is None or person.key in self._by_name:
            return person
        if kind == "profile":
            self._given.append(person)
            self.version += 1
        for name in filter(None, (person.key, person.provider_id, person.sales_id, person.slug)):
            self._by_name.setdefault(name, person)
        return person

    def find(self, identifier: str) -> Person | None:
        """The person with this slug, `ACo` or `ACw` id; slugs in any case or encoding."""
        if identifier in self._by_name:
            return self._by_name[identifier]
        number = number_in_id(self._seed, identifier)
        if number is not None and number < self._size:
            person = invent(self._seed, number)
            if identifier in {person.provider_id, person.sales_id}:
                return person
        slug = slug_of(identifier)
        if slug in self._by_name:
            return self._by_name[slug]
        number = number_in_slug(self._seed, slug)
        if number is not None and number < self._size:
            person = invent(self._seed, number)
            if person.slug == slug and person.distance != 0:
                return person
        return None

    def of_act(self, act: Act) -> Person:
        """The person an act was done to, also when the market was opened differently then."""
        if act.person.isdecimal() and int(act.person) < self._size:
            person = invent(self._seed, int(act.person))
        else:
            known = self._by_name.get(act.person)
            person = known or self._remnant(act)
        return person if person.provider_id == act.provider_id else self._remnant(act)

    def friends(self) -> Sequence[Person]:
        """Those who were connections of ours from the beginning."""
        if self._friends_version != self.version:
            given = [person for person in self._given if person.distance == 1]
            numbers = [n for n in range(self._size) if distance_of(self._seed, str(n)) == 1]
            self._friends = given + [invent(self._seed, number) for number in numbers]
            self._friends_version = self.version
        return self._friends

    def _remnant(self, act: Act) -> Person:
        """Somebody of whom only the record still knows."""
        return Person(
            key=act.person,
            provider_id=act.provider_id,
            sales_id="",
            member_number="",
            slug=act.slug,
            first_name="LinkedIn",
            last_name="Member",
        )
