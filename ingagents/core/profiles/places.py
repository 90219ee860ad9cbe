"""Where somebody is, beside where the event is: the same city, country, region, or far away."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Literal

import msgspec

from ingagents.core.text.word_lists import line_lists

Nearness = Literal["same city", "same country", "same region", "far", "unknown"]

_PARTS = re.compile(r"[,/;|·()]")
_AROUND = re.compile(
    r"\b(?:greater|metropolitan|metro|region|area|und umgebung|bay|city of|großraum|county)\b"
)


class Place(msgspec.Struct, frozen=True):
    """What a location names: its words, and the country's code and region where they are known."""

    words: frozenset[str] = frozenset()
    country: str = ""
    region: str = ""


@lru_cache(maxsize=1024)
def place_of(location: str, country: str = "") -> Place:
    """Read "Munich, Bavaria, Germany", "Greater Paris Metropolitan Region" or "Berlin".

    The last part that is a country decides, then a known city, then `country` (a code or a name):
    that is often only the country of a profile's language.
    """
    parts = [_plain(part) for part in _PARTS.split(location[:200])]
    countries, cities, regions = _gazetteer()
    words = frozenset(part for part in parts if part and part not in countries)
    named = [countries[part] for part in reversed(parts) if part in countries]
    named += [cities[part] for part in parts if part in cities]
    given = country.strip()
    named += [given.upper()] if given.upper() in regions else []
    named += [countries[_plain(given)]] if _plain(given) in countries else []
    code = named[0] if named else ""
    return Place(words, code, regions.get(code, ""))


def nearness(person: Place, event: Place) -> Nearness:
    """How near the event somebody is; a city of the same name in another country is not near."""
    same_name = bool(event.words & person.words)
    if event.country and person.country:
        if event.country != person.country:
            return "same region" if event.region == person.region else "far"
        return "same city" if same_name else "same country"
    return "same city" if same_name else "unknown"


def _plain(text: str) -> str:
    return " ".join(_AROUND.sub(" ", text.casefold()).split()).strip(" .-")


@cache
def _gazetteer() -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    """Country codes by country name and by city; regions by country code."""
    countries: dict[str, str] = {}
    cities: dict[str, str] = {}
    regions: dict[str, str] = {}
    for region, lines in line_lists("places").items():
        for line in lines:
            code, _, rest = line.partition(":")
            names, _, known = rest.partition("|")
            regions[code] = region
            countries |= {_plain(name): code for name in names.split(",")}
            cities |= {_plain(city): code for city in known.split(",") if city.strip()}
    return countries, cities, regions
