"""The people in Unipile's JSON, read into our nouns: pure, and never surprised.

Every field may be null, missing or of another type, and every text comes from strangers. A value
that cannot be read is empty; an item that cannot be read is None; an answer that is no list, or no
profile, at all raises `BadAnswer`, for a failed call must never read as an empty result. So does
one with ids that are none, or about another account: `WrongAnswer`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, Literal
from urllib.parse import quote, urlsplit

import msgspec

from ingagents.core.names import is_stand_in
from ingagents.core.profiles.headline import headline_parts
from ingagents.errors import WrongAnswer
from ingagents.integrations.http.sanitise import (
    JsonObject,
    clean_text,
    count_of,
    flag_of,
    id_of,
    line_of,
    moment_of,
    object_of,
    objects_of,
)
from ingagents.integrations.unipile.ids import check_account, optional_id, slug_of
from ingagents.integrations.unipile.wire.lists import bad_answer
from ingagents.log import narrator
from ingagents.model import Position, Profile
from ingagents.model.linkedin import Connections

_log = narrator()

_NAME_LENGTH_MAX = 200
_LIST_LENGTH_MAX = 100
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def hit_of(item: object) -> Profile | None:
    """A person found by a search; None for a company, ourselves, or an unreadable item.

    People out of the network come without a name; they are kept, as not complete.
    """
    person = object_of(item)
    if not person or person.get("type") not in ("PEOPLE", None) or is_self(person):
        return None
    try:
        profile = _person(person)
    except WrongAnswer as exc:
        _log.warning("linkedin.hit_left_out", why=exc.what)
        return None
    listed = person.get("current_positions")
    jobs = tuple(msgspec.structs.replace(job, current=True) for job in _positions(listed))
    fields = _work(profile.headline, jobs) | {
        "positions": jobs,
        "industry": next(
            (line for at in (person, *objects_of(listed)) for line in _lines(at.get("industry"))),
            "",
        ),
        "invitation": "pending" if flag_of(person.get("pending_invitation")) else "",
    }
    return _judged(msgspec.structs.replace(profile, **fields))


def profile_of(body: JsonObject) -> Profile:
    """A person looked up. Not complete when throttled: then sections are missing, not empty.

    Raises:
        BadAnswer: it is no profile, or one with an id that is none.
    """
    profile = _person(body)
    known = bool(profile.provider_id or profile.public_identifier)
    if body.get("object") not in ("UserProfile", None) or not known:
        raise bad_answer("profile")
    jobs = _positions(body.get("work_experience"))
    contact = object_of(body.get("contact_info"))
    fields = _work(profile.headline, jobs) | {
        "positions": jobs,
        "summary": clean_text(body.get("summary")),
        "skills": _skills(body.get("skills")),
        "email": next((mail for mail in _lines(contact.get("emails")) if "@" in mail), ""),
        "invitation": _invitation(body.get("invitation")),
        "complete": bool(profile.name) and not body.get("throttled_sections"),
    }
    return msgspec.structs.replace(profile, **fields)


def is_self(item: JsonObject) -> bool:
    """Whether a profile or a hit says that it is the account's own."""
    return flag_of(item.get("is_self")) or line_of(item.get("network_distance")).upper() == "SELF"


def relations_of(items: Sequence[Any], account_id: str) -> Connections:
    """First-degree connections, newest first; those that tell nobody are left out.

    One of another account, or with an id that is none, must not hide the others.
    """
    found = sorted(
        objects_of(items),
        key=lambda item: moment_of(item.get("created_at")) or _EPOCH,
        reverse=True,
    )
    people: list[Profile] = []
    wrongs: list[WrongAnswer] = []
    for item in found:
        try:
            check_account(item, account_id, "a connection")
            person = _person(item, id_field="member_id")
        except WrongAnswer as exc:
            wrongs.append(exc)
            continue
        if person.provider_id or person.public_identifier:
            work = _work(person.headline, ())
            connected = msgspec.structs.replace(person, network_distance=1, **work)
            people.append(_judged(connected))
    return Connections(people=tuple(people), wrong=tuple(wrongs))


_DISTANCES = {
    "FIRST_DEGREE": 1,
    "SECOND_DEGREE": 2,
    "THIRD_DEGREE": 3,
    "DISTANCE_1": 1,
    "DISTANCE_2": 2,
    "DISTANCE_3": 3,
}
_MEMBER_ID = re.compile(r"(?:ACo|ACw|AE)[A-Za-z0-9_-]{12,200}")
MEMBER_NUMBER = re.compile(r"(?:urn:li:member:)?([0-9]{1,20})")


def _judged(profile: Profile) -> Profile:
    """A hit is complete when it tells who somebody is and what they do where."""
    known = profile.provider_id or profile.public_identifier
    job = (profile.position or profile.headline) and profile.company
    return msgspec.structs.replace(profile, complete=bool(profile.name and job and known))


def _person(item: JsonObject, id_field: str = "") -> Profile:
    """What searches, profiles and relations have in common.

    Raises:
        WrongAnswer: an id is there that is none.
    """
    slug, url = _slug_and_url(item)
    given = (item.get(field) for field in (id_field or "provider_id", "id"))
    provider_id = next(filter(None, (optional_id(one, "a person") for one in given)), "")
    locale = object_of(item.get("primary_locale"))
    number = MEMBER_NUMBER.fullmatch(id_of(item.get("member_urn")))
    name = full_name(item)
    return Profile(
        name=name,
        first_name=line_of(item.get("first_name"), _NAME_LENGTH_MAX) if name else "",
        last_name=line_of(item.get("last_name"), _NAME_LENGTH_MAX) if name else "",
        headline=line_of(item.get("headline")),
        location=line_of(item.get("location")),
        country=line_of(locale.get("country"), 60),
        language=line_of(locale.get("language"), 60),
        linkedin_url=url or _member_url(provider_id),
        provider_id=provider_id,
        public_identifier=slug,
        member_number=number[1] if number else "",
        network_distance=1
        if flag_of(item.get("is_relationship"))
        else _DISTANCES.get(line_of(item.get("network_distance")), 0),
        open_profile=flag_of(item.get("is_open_profile")) or flag_of(item.get("open_profile")),
        premium=flag_of(item.get("is_premium")) or flag_of(item.get("premium")),
        creator=flag_of(item.get("is_creator")),
        follower_count=count_of(item.get("follower_count") or item.get("followers_count")),
        connections_count=count_of(item.get("connections_count")),
    )


def full_name(item: JsonObject) -> str:
    """A person's name; empty where LinkedIn shows a stand-in for it."""
    parts = [line_of(item.get(field), _NAME_LENGTH_MAX) for field in ("first_name", "last_name")]
    name = line_of(item.get("name"), _NAME_LENGTH_MAX) or " ".join(part for part in parts if part)
    return "" if is_stand_in(name) else name


def _slug_and_url(item: JsonObject) -> tuple[str, str]:
    slug = slug_of(item.get("public_identifier"))
    address = ""
    for field in ("public_profile_url", "profile_url"):
        path = _linkedin_path(item.get(field))
        start, _, rest = path.strip("/").partition("/")
        slug = slug or (slug_in(rest.split("/")[0]) if start == "in" else "")
        address = address or (
            f"https://www.linkedin.com{quote(path, safe='/%,-_.~')}" if path else ""
        )
    return slug, f"https://www.linkedin.com/in/{quote(slug, safe='')}" if slug else address


def slug_in(value: object) -> str:
    """The slug where none need be: in an address, which asks for nothing."""
    try:
        return slug_of(value)
    except WrongAnswer:
        return ""


def _linkedin_path(value: object) -> str:
    """The path of an address at LinkedIn itself, or nothing: `evil.example/linkedin.com` is not."""
    try:
        parts = urlsplit(clean_text(value, 2000))
        host = parts.hostname or ""
    except ValueError:
        return ""
    at_linkedin = host == "linkedin.com" or host.endswith(".linkedin.com")
    return parts.path if at_linkedin and parts.scheme in {"http", "https"} else ""


def _member_url(provider_id: str) -> str:
    if not _MEMBER_ID.fullmatch(provider_id):
        return ""
    folder = {"ACw": "sales/lead", "ACo": "in"}.get(provider_id[:3], "talent/profile")
    return f"https://www.linkedin.com/{folder}/{provider_id}"


def _work(headline: str, jobs: tuple[Position, ...]) -> dict[str, Any]:
    """The present title and company: of the first current job, else as the headline says."""
    title, company = headline_parts(headline)
    current = [job for job in jobs if job.current and (job.title or job.company)]
    whole = [job for job in current if job.title and job.company]
    best = next(iter(whole or current), Position())
    return {"position": best.title or title, "company": best.company or company}


def _positions(value: object) -> tuple[Position, ...]:
    return tuple(_position(job) for job in objects_of(value)[:_LIST_LENGTH_MAX])


def _position(job: JsonObject) -> Position:
    started, ended = _date(job.get("start")), _date(job.get("end"))
    told = job.get("current")
    # On some profiles an open end stands for the flag.
    is_current = told if isinstance(told, bool) else not ended
    return Position(
        title=line_of(job.get("position")) or line_of(job.get("role")),
        company=line_of(job.get("company")),
        description=clean_text(job.get("description")),
        location=line_of(job.get("location")),
        current=is_current,
        started=started,
        ended=ended,
    )


def _date(value: object) -> str:
    if isinstance(value, dict):
        numbers = [value.get("year"), value.get("month")]
        return "-".join(f"{n:02d}" for n in numbers if isinstance(n, int) and 0 < n < 10_000)
    return line_of(value, 60)


def _invitation(value: object) -> Literal["", "pending", "ignored", "withdrawn", "received"]:
    invitation = object_of(value)
    match invitation.get("type"), invitation.get("status"):
        case "RECEIVED", _:
            return "received"
        case "SENT", "PENDING":
            return "pending"
        case "SENT", "IGNORED":
            return "ignored"
        case "SENT", "WITHDRAWN":
            return "withdrawn"
        case _:
            return ""


def _skills(value: object) -> tuple[str, ...]:
    entries = value[:_LIST_LENGTH_MAX] if isinstance(value, list) else []
    names = (line_of(object_of(entry).get("name")) or line_of(entry) for entry in entries)
    return tuple(dict.fromkeys(name for name in names if name))


def _lines(value: object) -> Iterator[str]:
    entries = value[:10] if isinstance(value, list) else [value]
    yield from filter(None, map(line_of, entries))
