"""Is what came what was asked for? Ids that can be used, records of the right person, plain times.

A service can err: a cache mixes people up, a proxy answers an older request. A record counts only
if it proves whose it is; nothing rests on one that does not.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime

from ingagents.core.identity import (
    aliases_of_identifier,
    aliases_of_profile,
    aliases_of_recipient,
)
from ingagents.model import Alias, AliasKind, Profile, Recipient

_LONGEST_ID = 300
"""LinkedIn's ids have 39 characters, its URNs and the services' own ids up to some 200."""

_LEAVES_ITS_PLACE = re.compile(r"[/\\?#\s]|%[0-9A-Fa-f]{2}")
_PROVEN_BY: frozenset[AliasKind] = frozenset({"acoa", "acwa", "ae", "member_number", "slug"})
_NEVER_TWO: frozenset[AliasKind] = frozenset({"acoa", "slug"})
"""Of these a person has one at a time, so another one is another person's."""
_OF_ONE_VIEW: frozenset[AliasKind] = frozenset({"acwa", "ae"})
"""Ids that Sales Navigator and Recruiter show; a profile itself comes with LinkedIn's own."""

LINKEDIN_BEGAN = datetime(2003, 5, 5, tzinfo=UTC)
"""LinkedIn's launch (its own newsroom): nothing on it is older."""


def is_plain_id(text: str) -> bool:
    """Whether a text can stand for one thing at a service, in every place it is put into.

    In a path dots, slashes and "me" name something else, in other scripts and before a semicolon
    too; blanks, control characters and escapes are read in more than one way.
    """
    plain = unicodedata.normalize("NFKC", text[: _LONGEST_ID + 1])
    bare = plain.partition(";")[0]
    return (
        0 < len(text) <= _LONGEST_ID
        and text.isprintable()
        and not _LEAVES_ITS_PLACE.search(plain)
        and any(map(str.isalnum, bare))
        and bare.lower() != "me"
    )


def misfit(identifier: str, found: Profile, known: Profile | None = None) -> str:
    """Why a record is not proven to be of the person asked for; "" when it is.

    It is when it shares an id, the slug or the member number with `identifier` or with what is
    `known` of the person. Another member id always speaks against it: a slug may pass to somebody
    else, the id never does. Where all we have is an id of Sales Navigator or Recruiter, which a
    profile does not carry, the name must agree (of somebody without a name nothing can be wrong).
    """
    known = known or Profile()
    asked = {
        *_proofs(known),
        *_proofs(Profile(provider_id=identifier, public_identifier=identifier)),
    }
    seen = _proofs(found)
    if contradict(asked, seen):
        return f"it is of the member {found.provider_id}"
    if asked & seen or (found.provider_id and found.provider_id == identifier):
        return ""
    if asked and {alias.kind for alias in asked} <= _OF_ONE_VIEW:
        name, shown = _name_of(known), _name_of(found)
        if not name or names_agree(name, shown):
            return ""
        return f"it is of {shown[:60] or 'somebody without a name'}"
    other = found.public_identifier or found.provider_id
    return f"it is of {other}, which nothing ties to the person"


def contradict(known: Iterable[Alias], found: Iterable[Alias]) -> bool:
    """Whether two sets of names have LinkedIn's own member ids, and none in common."""
    ours = {alias.value for alias in known if alias.kind == "acoa"}
    theirs = {alias.value for alias in found if alias.kind == "acoa"}
    return bool(ours and theirs) and not ours & theirs


def can_be_about(who: Recipient, shown: Recipient) -> bool:
    """Whether what a service shows when asked about somebody can be about them.

    It must name a person, and by no kind of name another one. Where it has only kinds of names that
    we do not have of them, nothing speaks against it.
    """
    asked, seen = _names(who), _names(shown)
    if not seen:
        return False
    shared = {alias.kind for alias in asked} & {alias.kind for alias in seen}
    common = {alias.kind for alias in asked & seen}
    return not (shared - common) & _NEVER_TWO and bool(common or not shared)


def can_be_one(one: str, other: str) -> bool:
    """Whether two ids of people can be one person's: equal, or of different views of LinkedIn."""
    kinds = [{alias.kind for alias in _proofs(Profile(provider_id=each))} for each in (one, other)]
    return are_one(one, other) or (all(kinds) and not kinds[0] & kinds[1])


def are_one(one: str, other: str) -> bool:
    """Whether two ids of people are the same id, bare or as a URN."""
    first, second = _proofs(Profile(provider_id=one)), _proofs(Profile(provider_id=other))
    return one == other or bool(first & second)


def names_agree(one: str, other: str) -> bool:
    """Whether two spellings can be one person's name: all words of the shorter are in the longer.

    Case, accents, hyphens and titles around it do not count; an initial stands for its word.
    """
    words, others = sorted((_name_words(one), _name_words(other)), key=len)
    return bool(words) and all(
        any(_same_word(word, candidate) for candidate in others) for word in words
    )


def believable(moment: datetime | None, now: datetime) -> datetime:
    """When something was said: as told, or now, where the time is missing or cannot be."""
    return moment if moment is not None and LINKEDIN_BEGAN <= moment <= now else now


def _proofs(profile: Profile) -> set[Alias]:
    return {alias for alias in aliases_of_profile(profile) if alias.kind in _PROVEN_BY}


def _names(who: Recipient) -> set[Alias]:
    found = {*aliases_of_recipient(who), *aliases_of_identifier(who.provider_id)}
    return {alias for alias in found if alias.kind in _PROVEN_BY}


def _name_of(profile: Profile) -> str:
    return profile.name or f"{profile.first_name} {profile.last_name}".strip()


def _same_word(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return short == long or (len(short) == 1 and long.startswith(short))


def _name_words(name: str) -> set[str]:
    folded = unicodedata.normalize("NFKD", name[:300]).casefold()
    plain = "".join(sign for sign in folded if not unicodedata.combining(sign))
    return set(re.findall(r"[^\W\d_]+", plain))
