"""Reading LinkedIn through Unipile: searches, profiles, connections."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import partial
from typing import Any, Literal

import msgspec

from ingagents.core.identity import aliases_of_profile
from ingagents.core.profiles.recognition import is_plain_id, misfit
from ingagents.errors import OwnAccount, PersonRefused, RequestRefused
from ingagents.integrations.http.sanitise import JsonObject, words_of
from ingagents.integrations.unipile.ids import wrong
from ingagents.integrations.unipile.people import hit_of, is_self, profile_of, relations_of
from ingagents.integrations.unipile.wire.http import SERVICE, UnipileWire
from ingagents.integrations.unipile.wire.lists import Items, items_of, parameter_ids_of
from ingagents.model import Profile, Recipient, SearchCriteria, SearchPage
from ingagents.model.linkedin import Connections

SearchApi = Literal["classic", "sales_navigator"]

_PAGE_LIMITS: dict[SearchApi, int] = {"classic": 50, "sales_navigator": 100}
_INDUSTRY_TYPES: dict[SearchApi, str] = {"classic": "INDUSTRY", "sales_navigator": "SALES_INDUSTRY"}
_NOT_SUBSCRIBED = frozenset({"feature_not_subscribed", "subscription_required"})
_QUERY_CURSOR_LENGTH_MAX = 500
_RELATIONS_PAGE_MAX = 1000
_SECTIONS = "experience,about,skills"
"""What is judged. Each section is one more request to LinkedIn, so `*` would throttle sooner."""


class UnipileProfiles:
    """Keeps `ports.ProfileSource`. An account without Sales Navigator falls back to classic."""

    def __init__(self, wire: UnipileWire, *, api: SearchApi = "classic") -> None:
        self._wire = wire
        self._api: SearchApi = api
        self._filter_ids: dict[tuple[str, str], tuple[str, ...]] = {}

    async def search_profiles(
        self, criteria: SearchCriteria, *, cursor: str | None = None, limit: int = 50
    ) -> SearchPage:
        try:
            page = await self._search(criteria, cursor, limit)
        except RequestRefused as exc:
            if self._api == "classic" or exc.code not in _NOT_SUBSCRIBED:
                raise
            self._api = "classic"
            page = await self._search(criteria, cursor, limit)
        hits = (hit_of(item) for item in page.items)
        return SearchPage(
            profiles=tuple(hit for hit in hits if hit is not None and not self._is_us(hit)),
            cursor=page.cursor,
            total=page.total,
        )

    async def fetch_profile(self, who: Recipient, *, known: Profile | None = None) -> Profile:
        name = (who.provider_id or who.public_identifier).strip()
        if not is_plain_id(name):
            # As a path these would not name a person but another resource of the service.
            raise PersonRefused(
                f"{words_of(name, 100)!r} is not a LinkedIn profile",
                "this person is left out",
                service=SERVICE,
            )
        if self._is_us(Profile(provider_id=name, public_identifier=name)):
            raise _own_account()
        profile, claims_to_be_us = await self._wire.read(
            "GET",
            "users/{}",
            name,
            parse=lambda body: (profile_of(body), is_self(body)),
            params=self._asking(linkedin_sections=_SECTIONS),
        )
        # Not repeated at once: each look is a visit that LinkedIn counts.
        if doubt := misfit(name, profile, known):
            raise wrong(
                f"was asked for the profile {words_of(name, 100)} and gave another: {doubt}"
            )
        if claims_to_be_us or self._is_us(profile):
            raise _own_account()
        return profile

    async def newest_relations(self, *, limit: int = 100) -> Connections:
        found = await self._wire.read_items(
            "users/relations",
            params=self._asking(),
            limit=max(1, min(limit, _RELATIONS_PAGE_MAX)),
            pages_max=max(1, -(-limit // _RELATIONS_PAGE_MAX)),
        )
        read = relations_of(found.items, self._wire.account_id)
        return msgspec.structs.replace(read, people=read.people[: max(0, limit)])

    def _is_us(self, person: Profile) -> bool:
        return bool({*aliases_of_profile(person)} & {*aliases_of_profile(self._wire.owner)})

    async def _search(self, criteria: SearchCriteria, cursor: str | None, limit: int) -> Items:
        params = self._asking(limit=max(1, min(limit, _PAGE_LIMITS[self._api])))
        if cursor and len(cursor) > _QUERY_CURSOR_LENGTH_MAX:
            # Longer ones can break the limits that servers set on an address.
            body: JsonObject = {"cursor": cursor}
        else:
            body = await self._search_body(criteria)
            params |= {"cursor": cursor} if cursor else {}
        return await self._wire.read(
            "POST", "linkedin/search", parse=items_of, params=params, json=body
        )

    async def _search_body(self, criteria: SearchCriteria) -> JsonObject:
        ids = await self._industry_ids(criteria.industries)
        # Industries LinkedIn has no name for are looked for as words, but only when it knows none
        # of them: words and filters must both fit, and would leave nobody.
        words = [criteria.keywords.strip(), "" if ids else _any_of(criteria.industries)]
        body: dict[str, Any] = {"api": self._api, "category": "people"}
        keywords = _all_of([part for part in words if part])
        if keywords:
            body["keywords"] = keywords
        if self._api == "classic":
            return body | _classic_filters(criteria, ids)
        return body | _sales_navigator_filters(criteria, ids)

    async def _industry_ids(self, industries: Iterable[str]) -> list[str]:
        found = [await self._ids_for(term) for term in industries if term.strip()]
        return list(dict.fromkeys(one for ids in found for one in ids))

    async def _ids_for(self, term: str) -> tuple[str, ...]:
        key = (_INDUSTRY_TYPES[self._api], term.strip().casefold())
        if key not in self._filter_ids:
            try:
                self._filter_ids[key] = await self._wire.read(
                    "GET",
                    "linkedin/search/parameters",
                    parse=partial(parameter_ids_of, term=term),
                    params=self._asking(type=key[0], keywords=term.strip(), limit=10),
                )
            except (PersonRefused, RequestRefused) as exc:
                if exc.code in _NOT_SUBSCRIBED:
                    raise
                self._filter_ids[key] = ()  # a filter that cannot be named must not cost the search
        return self._filter_ids[key]

    def _asking(self, **params: Any) -> dict[str, Any]:
        return {"account_id": self._wire.account_id, **params}


def _own_account() -> OwnAccount:
    return OwnAccount("this is our own account", "it is never written to", service=SERVICE)


def headcount_range(band: str) -> dict[str, int] | None:
    """LinkedIn's size band as Sales Navigator's filter, widened to the bounds it knows.

    "51-200" is min 51, max 200; "10,001+" has no max; None when it is no band.
    """
    match = _BAND.fullmatch(band.replace(",", "").replace(".", "").strip()[:40])
    if match is None:
        return None
    smallest, largest = int(match["min"]), int(match["max"] or 0)
    low = max((bound for bound in _HEADCOUNT_MINIMA if bound <= smallest), default=1)
    high = min((bound for bound in _HEADCOUNT_MAXIMA if bound >= largest > 0), default=None)
    if match["max"] and largest < smallest:
        return None
    return {"min": low} | ({"max": high} if high is not None else {})


_BAND = re.compile(r"(?P<min>\d{1,9}) ?(?:[-–] ?(?P<max>\d{1,9})|\+)(?: employees)?")
_HEADCOUNT_MINIMA = (1, 11, 51, 201, 501, 1001, 5001, 10001)
_HEADCOUNT_MAXIMA = (10, 50, 200, 500, 1000, 5000, 10000)


def _classic_filters(criteria: SearchCriteria, industry_ids: list[str]) -> dict[str, Any]:
    # The classic search knows no company size: scoring judges it later.
    filters: dict[str, Any] = {"industry": industry_ids} if industry_ids else {}
    title = _any_of(criteria.positions)
    return filters | ({"advanced_keywords": {"title": title}} if title else {})


def _sales_navigator_filters(criteria: SearchCriteria, industry_ids: list[str]) -> dict[str, Any]:
    roles = [role.strip() for role in criteria.positions if role.strip()]
    headcount = headcount_range(criteria.company_size)
    filters: dict[str, Any] = {
        "industry": {"include": industry_ids} if industry_ids else None,
        "role": {"include": roles} if roles else None,
        "company_headcount": [headcount] if headcount else None,
    }
    return {name: value for name, value in filters.items() if value is not None}


def _all_of(parts: list[str]) -> str:
    """Parts that must all fit; bracketed, for LinkedIn binds `AND` closer than `OR`."""
    return parts[0] if len(parts) == 1 else " AND ".join(f"({part})" for part in parts)


def _any_of(terms: Iterable[str]) -> str:
    """Terms as LinkedIn's Boolean search wants them: `"CTO" OR "VP Engineering"`."""
    cleaned = (" ".join(term.replace('"', " ").split()) for term in terms)
    return " OR ".join(f'"{term}"' for term in cleaned if term)
