"""The ids in Unipile's answers: plain ones are used, others are a wrong answer, never a path."""

from __future__ import annotations

import unicodedata
from urllib.parse import unquote

from ingagents.core.identity import aliases_of_profile
from ingagents.core.profiles.recognition import is_plain_id
from ingagents.errors import WrongAnswer
from ingagents.integrations.http.sanitise import JsonObject, id_of, words_of
from ingagents.model import Profile

_SLUG_LENGTH_MAX = 2000
"""Percent-encoded, before it is decoded."""


def required_id(value: object, of: str) -> str:
    """An identifier that must be there; `of` says whose, for people.

    Raises:
        WrongAnswer: there is none, or it cannot stand for one thing.
    """
    found = id_of(value)
    if not found:
        raise wrong(f"gives {_told(value)} as the id of {of}")
    return found


def optional_id(value: object, of: str) -> str:
    """As `required_id`, but nothing at all is empty."""
    return "" if value is None or value == "" else required_id(value, of)


def slug_of(value: object) -> str:
    """A public slug as LinkedIn compares them: decoded, composed, lower case; empty without one.

    A member id or a placeholder ("UNKNOWN") in its place is no slug, and no mistake either.

    Raises:
        WrongAnswer: it would not stay in its place.
    """
    if value is None or value == "":
        return ""
    text = value.strip() if isinstance(value, str) else ""
    slug = unicodedata.normalize("NFC", unquote(text[:_SLUG_LENGTH_MAX]))
    if not is_plain_id(slug):
        raise wrong(f"gives {_told(value)} as a person's address")
    names = aliases_of_profile(Profile(public_identifier=slug))
    return slug.lower() if names and names[0].kind == "slug" else ""


def check_account(item: JsonObject, account_id: str, what: str) -> None:
    """Refuse what belongs to another account than was asked about; not every item names one.

    Raises:
        WrongAnswer: it does.
    """
    named = item.get("account_id")
    if named not in (None, "") and named != account_id:
        raise wrong(f"gives {what} of the account {_told(named)}")


def wrong(what: str) -> WrongAnswer:
    """The error for an answer that does not fit its question; `what` follows "Unipile"."""
    return WrongAnswer(
        f"Unipile {what}",
        "nothing rests on it and it is asked again later; if it stays so, tell Unipile",
        service="unipile",
    )


def _told(value: object) -> str:
    return words_of(repr(value), 60)
