"""Taking a person out of texts: which words lead to them, and a text without those words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

import msgspec

from ingagents.model import Alias, Delivery, Lead, Reply

_SHORTEST_WORD = 4
_SHORTEST_NUMBER = 6
"""Shorter ids are also years, counts and other words; whatever is shorter is found by its row."""
_SHORTEST_TEXT = 12
_SHORTEST_NAME = 3
_UNSPACED = "\u2e80"
"""From here on scripts stand without spaces between words, so a name has no edges there."""


class Redactor(msgspec.Struct, frozen=True, kw_only=True):
    """The words that lead to one person.

    `ids` belong to nobody else: ids, addresses, the texts that went to and fro. `names` are what
    people are called, and others may be called so too. `stand_in` takes the place of each.
    """

    stand_in: str
    ids: tuple[str, ...]
    names: tuple[str, ...]

    def without(self, text: str) -> str:
        """The text with the stand-in where it named the person; plain text or JSON."""
        return _pattern(self.ids, self.names).sub(self.stand_in, text)

    def named_in(self, text: str) -> bool:
        """Whether a text names the person."""
        return _pattern(self.ids, self.names).search(text) is not None


def traces_of(
    leads: Iterable[Lead],
    aliases: Iterable[Alias],
    deliveries: Iterable[Delivery],
    replies: Iterable[Reply],
    *,
    stand_in: str,
) -> Redactor:
    """What leads to a person, from everything that is kept of them."""
    ids: set[str] = set()
    names: set[str] = set()
    texts: set[str] = set()
    for lead in leads:
        profile = lead.profile
        names |= {lead.name, profile.name, f"{profile.first_name} {profile.last_name}"}
        ids |= {lead.id, lead.linkedin_url, lead.provider_id, profile.linkedin_url}
        ids |= {profile.provider_id, profile.public_identifier, profile.member_number}
        ids.add(profile.email)
        texts |= {lead.message_sent or "", lead.response or ""}
    ids |= {alias.value for alias in aliases}
    for act in deliveries:
        ids |= {act.address, act.service_id, act.chat_id}
        texts.add(act.text)
    for reply in replies:
        ids |= {reply.id, reply.chat_id}
        texts.add(reply.text)
    ids = {word for word in map(str.strip, ids) if _telling(word)}
    texts = {text for text in map(str.strip, texts) if len(text) >= _SHORTEST_TEXT}
    called = {" ".join(name.split()) for name in names}
    return Redactor(
        stand_in=stand_in,
        ids=tuple(sorted(ids | texts)),
        names=tuple(sorted(name for name in called if _is_name(name))),
    )


def _telling(word: str) -> bool:
    return len(word) >= (_SHORTEST_NUMBER if word.isdigit() else _SHORTEST_WORD)


def _is_name(name: str) -> bool:
    letters = sum(map(str.isalpha, name))
    return letters >= _SHORTEST_NAME or (letters >= 2 and max(name) >= _UNSPACED)


@lru_cache(maxsize=8)
def _pattern(ids: tuple[str, ...], names: tuple[str, ...]) -> re.Pattern[str]:
    r"""All words, the longest first, each also as JSON writes it; never inside another word.

    In JSON the letter of an escape may stand right before a word ("\\nAda").
    """
    words = [(word, r"[\w-]") for word in ids] + [(name, r"\w") for name in names]
    words += [(_in_json(word), inside) for word, inside in words if _in_json(word) != word]
    found = [
        (_edge(word[0], rf"(?:(?<!{inside})|(?<=\\[bfnrt]))") + _spaced(word))
        + _edge(word[-1], rf"(?!{inside})")
        for word, inside in sorted(words, key=lambda one: (-len(one[0]), one))
    ]
    return re.compile("|".join(found) or r"(?!)", re.IGNORECASE)


def _edge(sign: str, rule: str) -> str:
    return rule if sign < _UNSPACED and (sign.isalnum() or sign == "_") else ""


def _spaced(word: str) -> str:
    return r"\s+".join(map(re.escape, word.split()))


def _in_json(word: str) -> str:
    return msgspec.json.encode(word).decode()[1:-1]
