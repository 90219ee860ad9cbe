"""The people of the market: invented on demand, from given profiles, or from a stranger's slug.

A person is a function of the seed and of who they are, so nothing needs to be built in advance:
the number of an invented person is hidden in their ids and in the end of their slug.
"""

from __future__ import annotations

import base64
import functools
import re
import unicodedata
from hashlib import blake2b
from typing import Literal
from urllib.parse import unquote

import msgspec

from ingagents.model import Profile
from ingagents.sandbox.chance import Draw
from ingagents.sandbox.market.fixtures import Culture, Industry, Role, RoleName, cast

NUMBERS = 1 << 29
"""Invented people have member numbers below this; strangers and given people above."""
_STEP = {"ACo": 0x1E3779B1, "ACw": 0x0B5297A5}
"""Odd, so that n * step mod 2**29 can be undone: an id tells the number without a table."""
Kind = Literal["technology", "other"]
_EMPLOYERS: dict[Kind, int] = {"technology": 400, "other": 120}
_SLUG_END = re.compile(r"-([0-9a-f]{8})\Z")
_STRANGER = re.compile(r"[^\W_](?:[\w.'’-]{1,98})[^\W_]", re.UNICODE)
_IN_URL = re.compile(r"/in/([^/?#\s]{1,300})")
_PLAIN = str.maketrans({"ß": "ss", "ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe"})


class Company(msgspec.Struct, frozen=True, kw_only=True):
    """An invented employer; `size` is LinkedIn's band."""

    id: str
    name: str
    industry: Industry
    size: str


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody in the market as they were before we came. `distance` 0: out of network."""

    key: str
    """Names the person in every draw: the number, `slug:...` or `given:...`."""
    provider_id: str
    sales_id: str
    member_number: str
    slug: str = ""
    first_name: str = ""
    last_name: str = ""
    headline: str = ""
    summary: str = ""
    title: str = ""
    topic: str = ""
    company: Company | None = None
    company_name: str = ""
    industry: str = ""
    size: str = ""
    location: str = ""
    country: str = ""
    language: str = "en"
    role: RoleName = "other"
    distance: Literal[0, 1, 2, 3] = 3
    premium: bool = False
    open_profile: bool = False
    creator: bool = False
    sparse: bool = False
    """The profile lacks every field that may be missing."""

    @property
    def name(self) -> str:
        """First and last name, whichever there are."""
        return f"{self.first_name} {self.last_name}".strip()


@functools.lru_cache(maxsize=1 << 17)
def invent(seed: int, number: int) -> Person:
    """The person with this number, 0 and up."""
    key = str(number)
    draw = Draw(seed, key, "person")
    culture = draw.weighted(cast().cultures, _culture_weights())
    role = draw.weighted(cast().roles, _role_weights())
    first, last = _name(draw, culture, role)
    title = draw.pick(role.titles)
    topic = draw.pick(role.topics)
    company = _company(seed, draw, role)
    location, _, country = draw.pick(culture.places).partition("|")
    distance = distance_of(seed, key)
    sparse = draw.chance(0.04)
    return Person(
        key=key,
        provider_id=_id(seed, "ACo", number),
        sales_id=_id(seed, "ACw", number),
        member_number=str(10_000_000 + _scatter(seed, "ACo", number)),
        slug="" if draw.chance(0.03) else _slug(first, last, _scatter(seed, "ACo", number)),
        first_name=first,
        last_name=last,
        headline=title if sparse else _headline(draw, title, company.name, topic),
        title=title,
        topic=topic,
        company=None if sparse else company,
        company_name="" if sparse else company.name,
        industry="" if sparse else company.industry.title,
        size="" if sparse else company.size,
        location="" if sparse else location,
        country="" if sparse else country,
        language=culture.language if draw.chance(0.5) else "en",
        role=role.name,
        distance=distance,
        premium=draw.chance(0.3),
        open_profile=draw.chance(0.15),
        creator=draw.chance(0.35 if role.name == "speaker" else 0.1),
        sparse=sparse,
    )


def stranger(seed: int, slug: str) -> Person | None:
    """Somebody nobody knew before, named after the slug; None when it cannot be a slug.

    They show no job: whoever has them on a list knows it better than a draw.
    """
    if not _STRANGER.fullmatch(slug) or slug.startswith("nobody-"):
        return None
    key = f"slug:{slug}"
    draw = Draw(seed, key, "person")
    role = draw.weighted(cast().roles, _role_weights())
    culture = draw.weighted(cast().cultures, _culture_weights())
    location, _, country = draw.pick(culture.places).partition("|")
    words = [word for word in re.split(r"[-.]", slug) if word]
    words = [word for word in words if not any(c.isdigit() for c in word)] or words[:1]
    number = NUMBERS + draw.below(NUMBERS)
    return Person(
        key=key,
        provider_id=_free_id("ACo", seed, key),
        sales_id=_free_id("ACw", seed, key),
        member_number=str(10_000_000 + number),
        slug=slug,
        first_name=words[0].capitalize(),
        last_name=" ".join(word.capitalize() for word in words[1:]),
        topic=draw.pick(role.topics),
        location=location,
        country=country,
        role=role.name,
        distance=2 if draw.chance(0.6) else 3,
        premium=draw.chance(0.3),
        open_profile=draw.chance(0.15),
    )


def from_profile(seed: int, profile: Profile) -> Person:
    """A person given by the caller: what the profile lacks stays missing, ids are drawn."""
    slug = slug_of(profile.public_identifier or profile.linkedin_url)
    given_id = profile.provider_id if profile.provider_id.startswith("ACo") else ""
    key = f"given:{slug or given_id or profile.name}"
    draw = Draw(seed, key, "person")
    words = (profile.name or f"{profile.first_name} {profile.last_name}").split()
    headline = profile.headline or " at ".join(filter(None, (profile.position, profile.company)))
    distances: tuple[Literal[1, 2, 3], ...] = (1, 2, 3)
    drawn: Literal[2, 3] = 2 if draw.chance(0.6) else 3
    return Person(
        key=key,
        provider_id=given_id or _free_id("ACo", seed, key),
        sales_id=_free_id("ACw", seed, key),
        member_number=profile.member_number or str(10_000_000 + NUMBERS + draw.below(NUMBERS)),
        slug=slug,
        first_name=profile.first_name or " ".join(words[:1]),
        last_name=profile.last_name or ("" if profile.first_name else " ".join(words[1:])),
        headline=headline,
        summary=profile.summary,
        title=profile.position or headline,
        topic=draw.pick(cast().roles[0].topics),
        company_name=profile.company,
        industry=profile.industry,
        size=profile.company_size,
        location=profile.location,
        country=profile.country,
        language=profile.language or "en",
        distance=next((d for d in distances if d == profile.network_distance), drawn),
        premium=profile.premium,
        open_profile=profile.open_profile,
        creator=profile.creator,
    )


def distance_of(seed: int, key: str) -> Literal[0, 1, 2, 3]:
    """How far an invented person stands; a draw of its own, since lists of relations ask all."""
    options: tuple[Literal[0, 1, 2, 3], ...] = (1, 2, 3, 0)
    return Draw(seed, key, "distance").weighted(options, (8, 58, 28, 6))


def employers(seed: int) -> list[Company]:
    """Every employer of invented people."""
    kinds: tuple[Kind, ...] = ("technology", "other")
    return [_employer(seed, kind, n) for kind in kinds for n in range(_EMPLOYERS[kind])]


def number_in_id(seed: int, identifier: str) -> int | None:
    """The number hidden in an `ACo` or `ACw` id; the caller checks that the whole id fits."""
    family = identifier[:3]
    if family not in _STEP or len(identifier) != 37:
        return None
    try:
        raw = base64.urlsafe_b64decode(identifier[5:13])
    except ValueError:
        return None
    scattered = int.from_bytes(raw[:4], "big")
    if scattered >= NUMBERS:
        return None
    shift = _shift(seed, family)
    return (scattered - shift) * pow(_STEP[family], -1, NUMBERS) % NUMBERS


def number_in_slug(seed: int, slug: str) -> int | None:
    """The number hidden in the end of an invented person's slug."""
    found = _SLUG_END.search(slug)
    if not found or (scattered := int(found[1], 16)) >= NUMBERS:
        return None
    return (scattered - _shift(seed, "ACo")) * pow(_STEP["ACo"], -1, NUMBERS) % NUMBERS


def slug_of(text: str) -> str:
    """The slug in a profile URL or a bare one: unquoted, composed, lower case; "" for none."""
    found = _IN_URL.search(text[:2000])
    if found:
        text = found[1]
    elif "/" in text:
        return ""
    return unicodedata.normalize("NFC", unquote(text.strip()[:300])).lower()


def _scatter(seed: int, family: str, number: int) -> int:
    return (number * _STEP[family] + _shift(seed, family)) % NUMBERS


@functools.lru_cache(maxsize=64)
def _shift(seed: int, family: str) -> int:
    return Draw(seed, family, "shift").below(NUMBERS)


def _id(seed: int, family: str, number: int) -> str:
    salt = blake2b(f"{seed} {family} {number}".encode(), digest_size=20).digest()
    raw = _scatter(seed, family, number).to_bytes(4, "big") + salt
    return f"{family}AA{base64.urlsafe_b64encode(raw).decode('ascii')}"


def _free_id(family: str, seed: int, key: str) -> str:
    raw = bytearray(blake2b(f"{seed} {family} {key}".encode(), digest_size=24).digest())
    raw[0] |= 0x80  # above NUMBERS, so that it is never taken for an invented person's
    return f"{family}AA{base64.urlsafe_b64encode(bytes(raw)).decode('ascii')}"


@functools.cache
def _culture_weights() -> tuple[int, ...]:
    return tuple(culture.weight for culture in cast().cultures)


@functools.cache
def _role_weights() -> tuple[int, ...]:
    return tuple(role.weight for role in cast().roles)


@functools.cache
def _industries(kind: Kind) -> tuple[list[Industry], list[int]]:
    all_industries = cast().industries
    weights = [
        i.technology_weight if kind == "technology" else i.other_weight for i in all_industries
    ]
    return list(all_industries), weights


def _name(draw: Draw, culture: Culture, role: Role) -> tuple[str, str]:
    """A name, in one of fifteen cases written the way people decorate theirs."""
    first, last = draw.pick(culture.first), draw.pick(culture.last)
    details = cast().details
    if first.isascii() and draw.chance(0.25):
        first = f"{first} {draw.pick('ABCDEFGHJKLMNPRSTVW')}."
    odd = draw.below(60)
    if odd == 0:
        return draw.pick(details.badges).format(first=first), last
    if odd in {1, 2}:
        title = draw.pick(role.titles)
        return first, draw.pick(details.tails).format(last=last, title=title).strip()
    if odd == 3:
        return first.upper(), last.upper()
    return first, last


def _company(seed: int, draw: Draw, role: Role) -> Company:
    """An employer out of some hundreds, so that colleagues meet."""
    kind: Kind = "technology" if draw.below(100) < role.technology_percent else "other"
    return _employer(seed, kind, draw.below(_EMPLOYERS[kind]))


@functools.lru_cache(maxsize=1024)
def _employer(seed: int, kind: Kind, number: int) -> Company:
    draw = Draw(seed, "company", kind, number)
    lists = cast().companies
    endings = lists.technology_endings if kind == "technology" else lists.other_endings
    opening = lists.openings[number % len(lists.openings)]
    ending = endings[number // len(lists.openings) % len(endings)]
    bands = cast().bands
    return Company(
        id=str((7_000_000 if kind == "technology" else 3_000_000) + number * 37),
        name=opening + ending,
        industry=draw.weighted(*_industries(kind)),
        size=draw.weighted(bands, [band.weight for band in bands]).label,
    )


def _headline(draw: Draw, title: str, company: str, topic: str) -> str:
    shape = draw.pick(
        (
            "{title} at {company}",
            "{title} at {company}",
            "{title} @ {company} | {topic}",
            "{title} @ {company}",
            "{title}, {company} – {topic}",
            "{topic} | {title} at {company}",
            "{title} | {topic}",
        )
    )
    return shape.format(title=title, company=company, topic=topic)


def _slug(first: str, last: str, scattered: int) -> str:
    """`jane-doe-1a2b3c4d`; letters that have no plain form stay, as they do in older accounts."""
    name = unicodedata.normalize("NFC", f"{first} {last}").lower()
    folded = unicodedata.normalize("NFKD", name.translate(_PLAIN))
    plain = "-".join(re.findall(r"[a-z0-9]+", folded.encode("ascii", "ignore").decode("ascii")))
    raw = "-".join(re.findall(r"[^\W_]+", name))
    return f"{(plain or raw or 'member')[:80]}-{scattered:08x}"
