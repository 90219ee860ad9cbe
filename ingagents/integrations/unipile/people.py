"""Unipile's JSON, read into our nouns: pure, and never surprised.

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

from ingagents.core.identity import aliases_of_profile
from ingagents.core.names import is_stand_in
from ingagents.core.profiles.recognition import contradict
from ingagents.errors import BadAnswer, WrongAnswer
from ingagents.integrations.http.sanitise import (
    JsonObject,
    clean_text,
    flag_of,
    moment_of,
    object_of,
    objects_of,
)
from ingagents.integrations.unipile.ids import check_account, id_of, optional_id, slug_of, wrong
from ingagents.log import narrator
from ingagents.model import AccountId, AccountState, Position, Profile
from ingagents.ports import Connections

_log = narrator()

_NAME_LENGTH_MAX = 200
_LINE_LENGTH_MAX = 500
_TEXT_LENGTH_MAX = 20_000
_LIST_LENGTH_MAX = 100
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Items(msgspec.Struct, frozen=True, kw_only=True):
    """One page of a list; `cursor` is None at its end."""

    items: Sequence[Any]
    cursor: str | None = None
    total: int | None = None


def items_of(body: JsonObject) -> Items:
    """The page in a list answer; a list in which nothing has the form of an item is none.

    Raises:
        BadAnswer: it is no list, or tells in no usable way where it goes on.
    """
    items = body.get("items")
    if not isinstance(items, list) or (items and not any(isinstance(i, dict) for i in items)):
        raise _bad_answer("list of items")
    paging = object_of(body.get("paging"))
    total = paging.get("total_count")
    return Items(
        items=items,
        cursor=_cursor(body.get("cursor")),
        total=_count(total) if isinstance(total, int) else None,
    )


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
        raise _bad_answer("profile")
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
    return flag_of(item.get("is_self")) or _line(item.get("network_distance")).upper() == "SELF"


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


def account_state_of(
    account_id: str, account: JsonObject | None, owner: JsonObject | None
) -> AccountState:
    """The sending account, from its own record and its owner's profile; either may be missing.

    Raises:
        WrongAnswer: they are of another account, or of two people.
    """
    account, owner = account or {}, owner or {}
    im = object_of(object_of(account.get("connection_params")).get("im"))
    if id_of(account.get("id")) not in ("", account_id):
        raise wrong(f"gives the account {id_of(account.get('id'))} instead of {account_id}")
    ids = (id_of(im.get("id")), id_of(owner.get("provider_id")))
    names = [aliases_of_profile(Profile(provider_id=one)) for one in ids]
    if contradict(*names):
        raise wrong(f"gives {ids[1]} as the owner of the account of {ids[0]}")
    seats = [owner.get("sales_navigator"), owner.get("recruiter")]
    has_seat = any(isinstance(seat, dict) and seat and "error" not in seat for seat in seats)
    paid = bool(im.get("premiumId") or im.get("premiumFeatures"))
    states = [_line(source.get("status")) for source in objects_of(account.get("sources"))]
    number = _MEMBER_NUMBER.fullmatch(id_of(owner.get("object_urn")))
    slugs = [_slug_in(im.get("publicIdentifier")), _slug_in(owner.get("public_identifier"))]
    return AccountState(
        id=AccountId(account_id),
        name=_line(account.get("name")) or _full_name(owner),
        owner=Profile(
            provider_id=ids[1] if names[1] else ids[0] or ids[1],
            public_identifier=slugs[1] or slugs[0],
            # A slug that was changed lately: either may be met.
            linkedin_url=f"https://www.linkedin.com/in/{quote(slugs[0])}" if slugs[0] else "",
            member_number=number[1] if number else "",
        ),
        status=next((state for state in states if state and state != "OK"), "OK"),
        premium=flag_of(owner.get("premium")) or has_seat or (not owner and paid),
    )


def parameter_ids_of(body: JsonObject, term: str) -> tuple[str, ...]:
    """The filter ids for a term: the one of that very title, else all whose title holds it."""
    wanted = term.strip().casefold()
    titles = [
        (_line(item.get("title")).casefold(), id_of(item.get("id")))
        for item in objects_of(items_of(body).items)
    ]
    exact = [found for title, found in titles if title == wanted and found]
    return tuple(exact or [found for title, found in titles if wanted in title and found])


def headline_parts(headline: str) -> tuple[str, str]:
    """Title and company from a headline such as "CTO @ Acme | Speaker"; empty where not told.

    The first part that names a company wins; a former company is none. Without a company the
    title is the first part if it is as short as titles are.
    """
    parts = [part.strip() for part in _PARTS.split(_line(headline))]
    present = [part for part in parts if part and not _FORMER.match(part)]
    for part in present:
        title, at, rest = _partition(part)
        company = _company(rest)
        if company and _is_employer(title, at, company):
            return ("" if title.casefold() in _NO_TITLES else _trimmed(title)), company
    first = _trimmed(present[0]) if present else ""
    is_title = len(first) <= 60 and len(first.split()) <= 7 and "://" not in first
    return (first if is_title else "", "")


_PARTS = re.compile(r"[|•·∙⋅▪►→⎮│]| [-–—] | // ")
_AT = re.compile(r" (?:at|bei|bij|chez|presso|hos) | @ ?|@ |^@", re.IGNORECASE)
_FORMER = re.compile(
    r"(?:ex|former|formerly|previous|previously|ehem|ehemals|ehemaliger?|ancien|ancienne)\b",
    re.IGNORECASE,
)
_COMPANY_END = re.compile(
    r",(?! ?(?:inc|llc|ltd|limited|gmbh|ag|se|co|corp|plc|bv|s\.?a)\b)| ?[(;:\[]|(?<=\w\w)[.!?] ",
    re.IGNORECASE,
)
_SECOND_JOB = re.compile(r" (?:and|und|et|en|e|&) |, | ex-", re.IGNORECASE)
_ARTICLE = re.compile(r"(?:der|dem|den) ", re.IGNORECASE)
_NO_TITLES = frozenset({"working", "i work", "works", "currently", "currently working", "employed"})
_DISTANCES = {
    "FIRST_DEGREE": 1,
    "SECOND_DEGREE": 2,
    "THIRD_DEGREE": 3,
    "DISTANCE_1": 1,
    "DISTANCE_2": 2,
    "DISTANCE_3": 3,
}
_MEMBER_ID = re.compile(r"(?:ACo|ACw|AE)[A-Za-z0-9_-]{12,200}")
_MEMBER_NUMBER = re.compile(r"(?:urn:li:member:)?([0-9]{1,20})")


def _partition(part: str) -> tuple[str, str, str]:
    match = _AT.search(part)
    return (part[: match.start()], match[0], part[match.end() :]) if match else (part, "", "")


def _company(rest: str) -> str:
    employer, again, _ = _partition(rest)
    if again:
        # "Acme and Advisor at Globex": the second job starts inside the first one's company.
        employer = _SECOND_JOB.split(employer)[0]
    name = _COMPANY_END.split(_ARTICLE.sub("", employer.strip(), count=1))[0]
    return _trimmed(name)[:_NAME_LENGTH_MAX]


def _is_employer(title: str, at: str, company: str) -> bool:
    # "... sleep better at night with this" names nobody; "CTO at eBay" does.
    is_short = len(title.split()) <= 6 and len(company.split()) <= 3
    return is_short or (len(title.split()) <= 12 and ("@" in at or not company[0].islower()))


def _trimmed(text: str) -> str:
    """Without the emoji and punctuation that people put around a title or a company."""
    start, end = 0, len(text)
    while start < end and not (text[start].isalnum() or text[start] in '"“«('):
        start += 1
    while start < end and not (text[end - 1].isalnum() or text[end - 1] in '.!+)"”»'):
        end -= 1
    return text[start:end]


def _judged(profile: Profile) -> Profile:
    """A hit is complete when it tells who somebody is and what they do where."""
    known = profile.provider_id or profile.public_identifier
    job = (profile.position or profile.headline) and profile.company
    return msgspec.structs.replace(profile, complete=bool(profile.name and job and known))


def _cursor(value: object) -> str | None:
    """Where a list goes on: opaque, sent back as it came, never part of a path."""
    if value is None or value == "":
        return None
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, str) and len(value) <= _TEXT_LENGTH_MAX and value.isprintable():
        return value
    raise _bad_answer("usable place where its list goes on")


def _bad_answer(wanted: str) -> BadAnswer:
    return BadAnswer(
        f"Unipile's answer holds no {wanted}", "try again later", service="unipile", status=200
    )


def _person(item: JsonObject, id_field: str = "") -> Profile:
    """What searches, profiles and relations have in common.

    Raises:
        WrongAnswer: an id is there that is none.
    """
    slug, url = _slug_and_url(item)
    given = (item.get(field) for field in (id_field or "provider_id", "id"))
    provider_id = next(filter(None, (optional_id(one, "a person") for one in given)), "")
    locale = object_of(item.get("primary_locale"))
    number = _MEMBER_NUMBER.fullmatch(id_of(item.get("member_urn")))
    name = _full_name(item)
    return Profile(
        name=name,
        first_name=_line(item.get("first_name"), _NAME_LENGTH_MAX) if name else "",
        last_name=_line(item.get("last_name"), _NAME_LENGTH_MAX) if name else "",
        headline=_line(item.get("headline")),
        location=_line(item.get("location")),
        country=_line(locale.get("country"), 60),
        language=_line(locale.get("language"), 60),
        linkedin_url=url or _member_url(provider_id),
        provider_id=provider_id,
        public_identifier=slug,
        member_number=number[1] if number else "",
        network_distance=1
        if flag_of(item.get("is_relationship"))
        else _DISTANCES.get(_line(item.get("network_distance")), 0),
        open_profile=flag_of(item.get("is_open_profile")) or flag_of(item.get("open_profile")),
        premium=flag_of(item.get("is_premium")) or flag_of(item.get("premium")),
        creator=flag_of(item.get("is_creator")),
        follower_count=_count(item.get("follower_count") or item.get("followers_count")),
        connections_count=_count(item.get("connections_count")),
    )


def _full_name(item: JsonObject) -> str:
    parts = [_line(item.get(field), _NAME_LENGTH_MAX) for field in ("first_name", "last_name")]
    name = _line(item.get("name"), _NAME_LENGTH_MAX) or " ".join(part for part in parts if part)
    return "" if is_stand_in(name) else name


def _slug_and_url(item: JsonObject) -> tuple[str, str]:
    slug = slug_of(item.get("public_identifier"))
    address = ""
    for field in ("public_profile_url", "profile_url"):
        path = _linkedin_path(item.get(field))
        start, _, rest = path.strip("/").partition("/")
        slug = slug or (_slug_in(rest.split("/")[0]) if start == "in" else "")
        address = address or (
            f"https://www.linkedin.com{quote(path, safe='/%,-_.~')}" if path else ""
        )
    return slug, f"https://www.linkedin.com/in/{quote(slug, safe='')}" if slug else address


def _slug_in(value: object) -> str:
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
        title=_line(job.get("position")) or _line(job.get("role")),
        company=_line(job.get("company")),
        description=clean_text(job.get("description")),
        location=_line(job.get("location")),
        current=is_current,
        started=started,
        ended=ended,
    )


def _date(value: object) -> str:
    if isinstance(value, dict):
        numbers = [value.get("year"), value.get("month")]
        return "-".join(f"{n:02d}" for n in numbers if isinstance(n, int) and 0 < n < 10_000)
    return _line(value, 60)


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
    names = (_line(object_of(entry).get("name")) or _line(entry) for entry in entries)
    return tuple(dict.fromkeys(name for name in names if name))


def _lines(value: object) -> Iterator[str]:
    entries = value[:10] if isinstance(value, list) else [value]
    yield from filter(None, map(_line, entries))


def _line(value: object, length_max: int = _LINE_LENGTH_MAX) -> str:
    return " ".join(clean_text(value, length_max).split())


def _count(value: object) -> int:
    is_count = isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**9
    return int(value) if is_count and isinstance(value, int) else 0
