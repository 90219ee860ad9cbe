"""The ids behind search filters, as `linkedin/search/parameters` hands them out."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping

from ingagents.sandbox.market.fixtures import cast
from ingagents.sandbox.market.people import Person, employers
from ingagents.sandbox.market.search.query import fold

PARAMETER_TYPES = frozenset(
    (
        *("LOCATION", "PEOPLE", "CONNECTIONS", "COMPANY", "SCHOOL", "INDUSTRY", "SERVICE"),
        *("JOB_FUNCTION", "JOB_TITLE", "EMPLOYMENT_TYPE", "SKILL", "GROUPS", "SALES_INDUSTRY"),
        *("DEPARTMENT", "PERSONA", "ACCOUNT_LISTS", "LEAD_LISTS", "TECHNOLOGIES"),
        *("SAVED_ACCOUNTS", "SAVED_SEARCHES", "RECENT_SEARCHES", "POSTAL_CODE"),
    )
)
"""Every type the service knows; the market has entries for the few its searches can use."""


def parameters(kind: str, keywords: str, *, seed: int) -> list[tuple[str, str]]:
    """The (id, title) pairs whose title holds every word, whole or begun."""
    if kind in {"INDUSTRY", "SALES_INDUSTRY"}:
        entries: Mapping[str, str] = {i.id: i.title for i in cast().industries}
    elif kind == "LOCATION":
        entries = _places()
    elif kind == "JOB_TITLE":
        entries = _titles()
    elif kind == "COMPANY":
        entries = {company.id: company.name for company in employers(seed)}
    else:
        entries = {}
    words = keywords[:200].lower().split()
    return [
        (identifier, title)
        for identifier, title in entries.items()
        if all(f" {word}" in f" {title.lower()}" for word in words)
    ]


def industry_family(ids: Iterable[str]) -> dict[str, str]:
    """Id and title of these industries and of all the narrower ones under them."""
    family = set(ids)
    industries = cast().industries
    for _ in industries:
        family |= {industry.id for industry in industries if industry.under in family}
    return {industry.id: industry.title for industry in industries if industry.id in family}


def title_of(identifier: str) -> str:
    """The job title behind an id; "" for none."""
    return _titles().get(identifier, "")


def within(person: Person, place_id: str) -> bool:
    """Whether the person lives at this place or in this country."""
    place = _places().get(place_id, "").lower()
    return bool(place) and person.location.lower().endswith(place)


_LEVELS = (
    ("owner/partner", ("founder", "owner", "partner", "managing director", "gründerin")),
    ("cxo", ("cto", "ceo", "cmo", "cro", "cio", "chief")),
    ("vice_president", ("vp", "svp")),
    ("director", ("director", "head", "leiterin")),
    ("experienced_manager", ("manager", "lead")),
    ("in_training", ("intern", "student")),
    ("entry_level", ("junior",)),
    ("senior", ("senior", "staff", "principal", "distinguished", "professor")),
)


def seniority_of(title: str) -> str:
    """Sales Navigator's level for a title; the first that fits."""
    folded = fold(title)
    for level, words in _LEVELS:
        if any(f" {word} " in folded for word in words):
            return level
    return "entry_level"


@functools.cache
def _places() -> dict[str, str]:
    """Countries first, then towns; the ids are the sandbox's own."""
    locations = sorted(
        {place.partition("|")[0] for culture in cast().cultures for place in culture.places}
    )
    countries = sorted({location.rpartition(", ")[2] for location in locations})
    titles = [*countries, *(location for location in locations if location not in countries)]
    return {str(101_000_000 + number * 1013): title for number, title in enumerate(titles)}


@functools.cache
def _titles() -> dict[str, str]:
    titles = sorted({title for role in cast().roles for title in role.titles})
    return {str(500 + number): title for number, title in enumerate(titles)}
