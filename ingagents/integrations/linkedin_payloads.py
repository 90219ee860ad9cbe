"""Unipile's JSON, read into our nouns: pure, and never surprised.

Every field may be null, missing or of another type, and every text comes from strangers. A value
that cannot be read is empty; an item that cannot be read is None; only an answer that is no list,
or no profile, at all raises `BadAnswer`, for a failed call must never read as an empty result.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from urllib.parse import quote, unquote, urlsplit

import msgspec

from ingagents.errors import BadAnswer
from ingagents.integrations.outside_text import JsonObject, clean_text
from ingagents.model import AccountId, AccountState, ChatMessage, Position, Profile

__all__ = [
    "Chat",
    "Items",
    "account_state_of",
    "chat_of",
    "headline_parts",
    "hit_of",
    "id_of",
    "items_of",
    "message_of",
    "moment_of",
    "parameter_ids_of",
    "profile_of",
    "relations_of",
    "timestamp",
]

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


class Chat(msgspec.Struct, frozen=True, kw_only=True):
    """A one-to-one chat; `provider_id` is the other person, empty where the service hides it."""

    id: str
    provider_id: str
    latest: datetime | None


def items_of(body: JsonObject) -> Items:
    """The page in a list answer; a list in which nothing has the form of an item is none."""
    items = body.get("items")
    if not isinstance(items, list) or (items and not any(isinstance(i, dict) for i in items)):
        raise _bad_answer("list of items")
    paging = _object(body.get("paging"))
    total = paging.get("total_count")
    return Items(
        items=items,
        cursor=id_of(body.get("cursor")) or None,
        total=_count(total) if isinstance(total, int) else None,
    )


def hit_of(item: object) -> Profile | None:
    """A person found by a search; None for a company or an unreadable item.

    People out of the network come without a name; they are kept, as not complete.
    """
    person = _object(item)
    if not person or person.get("type") not in ("PEOPLE", None):
        return None
    profile = _person(person)
    listed = person.get("current_positions")
    jobs = tuple(msgspec.structs.replace(job, current=True) for job in _positions(listed))
    fields = _work(profile.headline, jobs) | {
        "positions": jobs,
        "industry": next(
            (line for at in (person, *_objects(listed)) for line in _lines(at.get("industry"))), ""
        ),
        "invitation": "pending" if _flag(person.get("pending_invitation")) else "",
    }
    return _judged(msgspec.structs.replace(profile, **fields))


def profile_of(body: JsonObject) -> Profile:
    """A person looked up. Not complete when throttled: then sections are missing, not empty."""
    profile = _person(body)
    known = bool(profile.provider_id or profile.public_identifier)
    if body.get("object") not in ("UserProfile", None) or not known:
        raise _bad_answer("profile")
    jobs = _positions(body.get("work_experience"))
    contact = _object(body.get("contact_info"))
    fields = _work(profile.headline, jobs) | {
        "positions": jobs,
        "summary": clean_text(body.get("summary")),
        "skills": _skills(body.get("skills")),
        "email": next((mail for mail in _lines(contact.get("emails")) if "@" in mail), ""),
        "invitation": _invitation(body.get("invitation")),
        "complete": bool(profile.name) and not body.get("throttled_sections"),
    }
    return msgspec.structs.replace(profile, **fields)


def relations_of(items: Sequence[Any]) -> list[Profile]:
    """First-degree connections, newest first; unreadable ones are left out."""
    found = sorted(
        _objects(items), key=lambda item: moment_of(item.get("created_at")) or _EPOCH, reverse=True
    )
    people = [_person(item, id_field="member_id") for item in found]
    return [
        _judged(msgspec.structs.replace(person, network_distance=1, **_work(person.headline, ())))
        for person in people
        if person.provider_id or person.public_identifier
    ]


def account_state_of(
    account_id: str, account: JsonObject | None, owner: JsonObject | None
) -> AccountState:
    """The sending account, from its own record and its owner's profile; either may be missing."""
    account, owner = account or {}, owner or {}
    im = _object(_object(account.get("connection_params")).get("im"))
    seats = [owner.get("sales_navigator"), owner.get("recruiter")]
    has_seat = any(isinstance(seat, dict) and seat and "error" not in seat for seat in seats)
    paid = bool(im.get("premiumId") or im.get("premiumFeatures"))
    states = [_line(source.get("status")) for source in _objects(account.get("sources"))]
    return AccountState(
        id=AccountId(account_id),
        name=_line(account.get("name")) or _full_name(owner),
        own_provider_id=id_of(im.get("id")) or id_of(owner.get("provider_id")),
        status=next((state for state in states if state and state != "OK"), "OK"),
        premium=_flag(owner.get("premium")) or has_seat or (not owner and paid),
    )


def parameter_ids_of(body: JsonObject, term: str) -> tuple[str, ...]:
    """The filter ids for a term: the one of that very title, else all whose title holds it."""
    wanted = term.strip().casefold()
    titles = [
        (_line(item.get("title")).casefold(), id_of(item.get("id")))
        for item in _objects(items_of(body).items)
    ]
    exact = [found for title, found in titles if title == wanted and found]
    return tuple(exact or [found for title, found in titles if wanted in title and found])


def chat_of(item: object) -> Chat | None:
    """A one-to-one chat; None for groups, channels and unreadable items."""
    chat = _object(item)
    chat_id = id_of(chat.get("id"))
    if not chat_id or chat.get("type") not in (0, None):
        return None
    return Chat(
        id=chat_id,
        provider_id=id_of(chat.get("attendee_provider_id")),
        latest=moment_of(chat.get("timestamp")),
    )


def message_of(item: object, chat: Chat, own_provider_id: str = "") -> ChatMessage | None:
    """One message; None for events, hidden, deleted and unreadable ones.

    A message without text, such as a voice message, is kept: it too is an answer.
    """
    message = _object(item)
    message_id, sent_at = id_of(message.get("id")), moment_of(message.get("timestamp"))
    withdrawn = any(_flag(message.get(field)) for field in ("hidden", "deleted", "is_event"))
    if not message_id or sent_at is None or withdrawn:
        return None
    sender = id_of(message.get("sender_id"))
    from_us = _flag(message.get("is_sender")) or (bool(sender) and sender == own_provider_id)
    return ChatMessage(
        id=message_id,
        chat_id=chat.id,
        provider_id=chat.provider_id or ("" if from_us else sender),
        text=clean_text(message.get("text")),
        sent_at=sent_at,
        from_us=from_us,
        is_note=message.get("message_type") == "INVITATION",
    )


def timestamp(moment: datetime) -> str:
    """A moment as the service's filters demand it: `YYYY-MM-DDTHH:MM:SS.mmmZ`, nothing else."""
    utc = moment.astimezone(UTC).replace(tzinfo=None)
    return f"{utc.isoformat(timespec='milliseconds')}Z"


def moment_of(value: object) -> datetime | None:
    """A moment from ISO text or epoch milliseconds, in UTC; None if it is neither."""
    try:
        if isinstance(value, str):
            moment = datetime.fromisoformat(value.strip())
            aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
            return aware.astimezone(UTC)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return _EPOCH + timedelta(milliseconds=value)
    except (ValueError, OverflowError):
        pass
    return None


def id_of(value: object) -> str:
    """An identifier as text, never altered but for the blanks around it; empty if there is none."""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**30:
        return str(value)
    text = value.strip() if isinstance(value, str) else ""
    return text if len(text) <= _TEXT_LENGTH_MAX and text.isprintable() else ""


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
_NAMELESS = re.compile(
    r"linkedin[ -](?:member|mitglied|lid)"
    r"|(?:membre de|utilisateur|miembro de|membro di|utente|usuário do) linkedin"
)
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
_SLUG = re.compile(r"[^\s/?#\\<>\"]{1,200}")


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


def _bad_answer(wanted: str) -> BadAnswer:
    return BadAnswer(
        f"Unipile's answer holds no {wanted}", "try again later", service="unipile", status=200
    )


def _person(item: JsonObject, id_field: str = "") -> Profile:
    """What searches, profiles and relations have in common."""
    slug, url = _slug_and_url(item)
    provider_id = id_of(item.get(id_field or "provider_id")) or id_of(item.get("id"))
    locale = _object(item.get("primary_locale"))
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
        if _flag(item.get("is_relationship"))
        else _DISTANCES.get(_line(item.get("network_distance")), 0),
        open_profile=_flag(item.get("is_open_profile")) or _flag(item.get("open_profile")),
        premium=_flag(item.get("is_premium")) or _flag(item.get("premium")),
        creator=_flag(item.get("is_creator")),
        follower_count=_count(item.get("follower_count") or item.get("followers_count")),
        connections_count=_count(item.get("connections_count")),
    )


def _full_name(item: JsonObject) -> str:
    parts = [_line(item.get(field), _NAME_LENGTH_MAX) for field in ("first_name", "last_name")]
    name = _line(item.get("name"), _NAME_LENGTH_MAX) or " ".join(part for part in parts if part)
    return "" if _NAMELESS.fullmatch(name.lower()) else name


def _slug_and_url(item: JsonObject) -> tuple[str, str]:
    slug = _slug(item.get("public_identifier"))
    address = ""
    for field in ("public_profile_url", "profile_url"):
        path = _linkedin_path(item.get(field))
        start, _, rest = path.strip("/").partition("/")
        slug = slug or (_slug(rest.split("/")[0]) if start == "in" else "")
        address = address or (
            f"https://www.linkedin.com{quote(path, safe='/%,-_.~')}" if path else ""
        )
    return slug, f"https://www.linkedin.com/in/{quote(slug, safe='')}" if slug else address


def _slug(value: object) -> str:
    """A public slug as LinkedIn compares them: decoded, composed, lower case."""
    text = unicodedata.normalize("NFC", unquote(id_of(value))).strip()
    is_slug = _SLUG.fullmatch(text) and text.strip(".") and not _MEMBER_ID.fullmatch(text)
    return text.lower() if is_slug else ""


def _linkedin_path(value: object) -> str:
    """The path of an address at LinkedIn itself, or nothing: `evil.example/linkedin.com` is not."""
    try:
        parts = urlsplit(id_of(value)[:2000])
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
    return tuple(_position(job) for job in _objects(value)[:_LIST_LENGTH_MAX])


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
    invitation = _object(value)
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
    names = (_line(_object(entry).get("name")) or _line(entry) for entry in entries)
    return tuple(dict.fromkeys(name for name in names if name))


def _lines(value: object) -> Iterator[str]:
    entries = value[:10] if isinstance(value, list) else [value]
    yield from filter(None, map(_line, entries))


def _line(value: object, length_max: int = _LINE_LENGTH_MAX) -> str:
    return " ".join(clean_text(value, length_max).split())


def _count(value: object) -> int:
    is_count = isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**9
    return int(value) if is_count and isinstance(value, int) else 0


def _flag(value: object) -> bool:
    """The service writes 1, true or "1", depending on the route."""
    return value in (1, "1", "true") if isinstance(value, int | str) else False


def _object(value: object) -> JsonObject:
    return value if isinstance(value, dict) else {}


def _objects(value: object) -> list[JsonObject]:
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []
