"""LinkedIn's people search, Classic and Sales Navigator, over the market's population."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Annotated, Any, Literal, NamedTuple
from urllib.parse import parse_qs, urlsplit

import msgspec

from ingagents.sandbox.market.careers import career
from ingagents.sandbox.market.market import Market, Refused
from ingagents.sandbox.market.people import Person
from ingagents.sandbox.market.search.query import fold, matcher
from ingagents.sandbox.market.search.vocabulary import (
    industry_family,
    seniority_of,
    title_of,
    within,
)

CEILINGS = {"classic": 1000, "sales_navigator": 2500}
"""How many results LinkedIn shows of one query."""

Test = Callable[[Person], bool]
Digits = Annotated[str, msgspec.Meta(pattern=r"\A[0-9]{1,20}\Z")]
Distance = Literal[1, 2, 3]
_KEPT_QUERIES = 32


class _Keywords(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    first_name: str = ""
    last_name: str = ""
    title: str = ""
    company: str = ""
    school: str = ""


class _Classic(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    api: Literal["classic"]
    category: Literal["people"]
    keywords: str = ""
    industry: tuple[Digits, ...] = ()
    location: tuple[Digits, ...] = ()
    profile_language: tuple[Annotated[str, msgspec.Meta(pattern=r"\A[a-z]{2}\Z")], ...] = ()
    network_distance: tuple[Distance, ...] = ()
    company: tuple[Digits, ...] = ()
    past_company: tuple[Digits, ...] = ()
    school: tuple[Digits, ...] = ()
    service: tuple[Digits, ...] = ()
    connections_of: tuple[str, ...] = ()
    followers_of: tuple[str, ...] = ()
    open_to: tuple[Literal["proBono", "boardMember"], ...] = ()
    advanced_keywords: _Keywords = _Keywords()


class _Filter(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()


class _Range(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    min: Literal[1, 11, 51, 201, 501, 1001, 5001, 10001] = 1
    max: Literal[10, 50, 200, 500, 1000, 5000, 10000] | None = None


class _Navigator(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    api: Literal["sales_navigator"]
    category: Literal["people"]
    keywords: str = ""
    first_name: str = ""
    last_name: str = ""
    location: _Filter = _Filter()
    industry: _Filter = _Filter()
    company: _Filter = _Filter()
    role: _Filter = _Filter()
    seniority: _Filter = _Filter()
    company_headcount: tuple[_Range, ...] = ()
    network_distance: tuple[Distance | Literal["GROUP"], ...] = ()


_NOT_SIMULATED = {
    "classic": ("school", "service", "connections_of", "followers_of", "open_to"),
    "sales_navigator": (
        *("location_by_postal_code", "school", "past_company", "past_role", "function"),
        *("account_lists", "lead_lists", "tenure", "tenure_at_company", "tenure_at_role"),
        *("changed_jobs", "posted_on_linkedin", "mentionned_in_news", "past_colleague"),
        *("shared_experiences", "following_your_company", "viewed_your_profile_recently"),
        *("messaged_recently", "include_saved_leads", "saved_search_id", "recent_search_id"),
        "last_viewed_at",
    ),
}
"""Legal filters this market holds no data for: saying so beats finding the wrong people."""


class Found(NamedTuple):
    """One page: the people on it, where it starts, and how many there are in all."""

    people: Sequence[Person]
    start: int
    total: int


class PeopleSearch:
    """Searches of one market; the hits of recent queries are kept for their next pages."""

    def __init__(self, market: Market) -> None:
        self._market = market
        self._kept: dict[tuple[str, int], list[Person]] = {}

    def page(self, body: dict[str, Any], *, start: int, limit: int, moment: datetime) -> Found:
        """The hits from `start` on.

        Raises:
            Refused: the body is no people search, or asks for what the account has not.
        """
        asked = read_search(body)
        if asked.api == "sales_navigator" and not self._market.owner.sales_navigator:
            raise Refused("feature_not_subscribed", "This account has no Sales Navigator.")
        people = self._hits(asked, moment)
        if gone := self._market.gone(moment):
            people = [person for person in people if person.key not in gone]
        return Found(people[start : start + limit], start, len(people))

    def _hits(self, asked: _Classic | _Navigator, moment: datetime) -> list[Person]:
        key = (msgspec.json.encode(asked).decode("utf-8"), self._market.people.version)
        if not asked.network_distance and key in self._kept:
            return self._kept[key]
        tests = _classic(asked, self._market) if isinstance(asked, _Classic) else _navigator(asked)
        distances = {d for d in asked.network_distance if d != "GROUP"}
        if asked.network_distance:
            tests.append(lambda p: self._market.standing(p, moment).distance in distances)
        ceiling = CEILINGS[asked.api]
        hits: list[Person] = []
        for person in self._market.people:
            if all(test(person) for test in tests):
                hits.append(person)
                if len(hits) == ceiling:
                    break
        if not asked.network_distance:
            if len(self._kept) >= _KEPT_QUERIES:
                self._kept.pop(next(iter(self._kept)))
            self._kept[key] = hits
        return hits


def read_search(body: dict[str, Any]) -> _Classic | _Navigator:
    """The search a request body asks for; a LinkedIn search URL overrides the rest of it.

    Raises:
        Refused: `invalid_parameters`, `missing_parameters` or what the market does not simulate.
    """
    if body.get("url"):
        body = _from_url(str(body["url"]))
    api, category = body.get("api"), body.get("category")
    if api is None or category is None:
        raise Refused("missing_parameters", "api and category are required.")
    if api == "recruiter":
        raise Refused("feature_not_subscribed", "This account has no Recruiter seat.")
    if api not in CEILINGS or category not in {"people", "companies", "posts", "jobs"}:
        raise Refused("invalid_parameters", "unknown api or category")
    if category != "people":
        raise Refused("feature_not_implemented", f"The sandbox has no {category} search.")
    unknown = [name for name in _NOT_SIMULATED[api] if body.get(name)]
    if unknown:
        raise Refused("feature_not_implemented", f"The sandbox has no filter {unknown[0]}.")
    given = {name: value for name, value in body.items() if value is not None}
    try:
        if api == "classic":
            return msgspec.convert(given, _Classic)
        return msgspec.convert(given, _Navigator)
    except msgspec.ValidationError as exc:
        raise Refused("invalid_parameters", str(exc)) from exc


def _classic(asked: _Classic, market: Market) -> list[Test]:
    words = asked.advanced_keywords
    tests = _texts(
        (asked.keywords, _everything),
        (words.title, lambda p: p.title),
        (words.first_name, lambda p: p.first_name),
        (words.last_name, lambda p: p.last_name),
        (words.company, lambda p: p.company_name),
        (words.school, lambda p: career(market.seed, p).school),
    )
    if asked.industry:
        tests.append(_in_industries(asked.industry))
    if asked.location:
        tests.append(lambda p: any(within(p, place) for place in asked.location))
    if asked.profile_language:
        tests.append(lambda p: p.language in asked.profile_language)
    if asked.company:
        tests.append(lambda p: p.company is not None and p.company.id in asked.company)
    if asked.past_company:
        tests.append(
            lambda p: any(
                job.end and job.company_id in asked.past_company
                for job in career(market.seed, p).jobs
            )
        )
    return tests


def _navigator(asked: _Navigator) -> list[Test]:
    tests = _texts(
        (asked.keywords, _everything),
        (asked.first_name, lambda p: p.first_name),
        (asked.last_name, lambda p: p.last_name),
    )
    tests += _filtered(asked.role, lambda word: _role(title_of(word) or word))
    tests += _filtered(asked.company, _company)
    tests += _filtered(asked.industry, lambda industry: _in_industries((industry,)))
    tests += _filtered(asked.location, lambda place: lambda p: within(p, place))
    tests += _filtered(asked.seniority, lambda level: lambda p: seniority_of(p.title) == level)
    if asked.company_headcount:
        tests.append(lambda p: any(_overlap(p.size, r) for r in asked.company_headcount))
    return tests


def _texts(*pairs: tuple[str, Callable[[Person], str]]) -> list[Test]:
    return [_text_test(query, part) for query, part in pairs if query.strip()]


def _text_test(query: str, part: Callable[[Person], str]) -> Test:
    fits = matcher(query)
    return lambda person: fits(fold(part(person)))


def _everything(person: Person) -> str:
    return (
        f"{person.name} . {person.headline} . {person.title}"
        f" . {person.company_name} . {person.industry}"
    )


def _in_industries(ids: Iterable[str]) -> Test:
    family = industry_family(ids)
    titles = [fold(title) for title in family.values()]

    def test(person: Person) -> bool:
        if person.company is not None:
            return person.company.industry.id in family
        # People given by the caller carry an industry as a text, in whatever words.
        named = fold(person.industry)
        return bool(named.strip()) and any(named in t or t in named for t in titles)

    return test


def _filtered(wanted: _Filter, test_for: Callable[[str], Test]) -> list[Test]:
    include = [test_for(word) for word in wanted.include]
    exclude = [test_for(word) for word in wanted.exclude]
    tests: list[Test] = []
    if include:
        tests.append(lambda person: any(test(person) for test in include))
    if exclude:
        tests.append(lambda person: not any(test(person) for test in exclude))
    return tests


def _role(title: str) -> Test:
    return _text_test(f'"{title}"', lambda p: p.title)


def _company(word: str) -> Test:
    if word.isdecimal():
        return lambda p: p.company is not None and p.company.id == word
    return _text_test(f'"{word}"', lambda p: p.company_name)


def _overlap(size: str, wanted: _Range) -> bool:
    low, _, high = size.replace(",", "").rstrip("+").partition("-")
    if not low.isdecimal():
        return False
    smallest = int(low)
    largest = int(high) if high.isdecimal() else (10**9 if size.endswith("+") else smallest)
    return smallest <= (wanted.max or 10**9) and largest >= wanted.min


def _from_url(url: str) -> dict[str, Any]:
    """A people search as the browser's address bar shows it."""
    parts = urlsplit(url[:4000])
    host = parts.hostname or ""
    if host != "linkedin.com" and not host.endswith(".linkedin.com"):
        raise Refused("invalid_url", "This is no LinkedIn address.")
    if not parts.path.startswith("/search/results/people"):
        raise Refused("feature_not_implemented", "The sandbox reads only people-search addresses.")
    query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    body: dict[str, Any] = {"api": "classic", "category": "people"}
    if "keywords" in query:
        body["keywords"] = query["keywords"]
    title = query.get("titleFreeText") or query.get("title")
    if title:
        body["advanced_keywords"] = {"title": title}
    for name, field in (("industry", "industry"), ("geoUrn", "location")):
        if name in query:
            try:
                body[field] = msgspec.json.decode(query[name], type=list[str])
            except msgspec.MsgspecError as exc:
                raise Refused("invalid_url", f"{name} is not a list.") from exc
    return body
