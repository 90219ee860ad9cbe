"""A market whose people also speak when nobody asked them: at bad moments, if the seed says so."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import msgspec

from ingagents.sandbox.chance import opaque_id
from ingagents.sandbox.market.market import Market
from ingagents.sandbox.market.people import Person
from ingagents.sandbox.market.timeline import Said, Story


class TalkativeMarket(Market):
    """The sandbox's market; `speak` lets somebody write to us of their own accord."""

    def __init__(self, *args: Any, **more: Any) -> None:
        self._spoken: dict[str, list[Said]] = defaultdict(list)
        super().__init__(*args, **more)

    def speak(self, person: Person, text: str) -> None:
        """The person writes this to us now."""
        key, now = person.key, self.now()
        told = self._spoken[key]
        self._keys[opaque_id(self.seed, "chat", key)] = key
        self._keys[opaque_id(self.seed, "attendee", key)] = key
        said = Said(
            id=opaque_id(self.seed, f"spoken {len(told)}", key),
            chat_id=opaque_id(self.seed, "chat", key),
            at=now.replace(microsecond=now.microsecond // 1000 * 1000),
            text=text,
            sender=person,
        )
        told.append(said)
        self._all_said = None

    def story(self, person: Person) -> Story:
        told = super().story(person)
        if person.key not in self._spoken:
            return told
        said = sorted((*told.said, *self._spoken[person.key]), key=lambda one: one.at)
        return msgspec.structs.replace(told, said=tuple(said))

    def _contacted(self) -> Iterator[Story]:
        for key in {**self._acts, **self._spoken}:
            yield self._story_by_key(key)

    def _story_by_key(self, key: str) -> Story:
        if key in self._spoken:
            person = self._spoken[key][0].sender
            assert person is not None
            return self.story(person)
        return super()._story_by_key(key)
