"""Scores of the people a search of the market finds: they rank."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import pytest

from ingagents.core.profiles.merge import analyse
from ingagents.core.profiles.quality_details import Occasion
from ingagents.core.quality_scorer import Weights
from ingagents.integrations.unipile.people import hit_of
from ingagents.model import Classification, Lead, LeadId, SearchCriteria
from ingagents.sandbox.market.market import Market
from ingagents.sandbox.market.search.search import PeopleSearch
from ingagents.sandbox.unipile.shapes import search_item

NOW = datetime(2027, 2, 8, 9, tzinfo=UTC)
CRITERIA = SearchCriteria(
    industries=("Technology", "Software"),
    positions=("CTO", "Founder", "VP Engineering"),
    company_size="51-200",
)


def found(seed: int, title: str, city: str = "Berlin") -> list[Lead]:
    """Leads of the first hundred hits of a title search."""
    market = Market(seed, 1_000, now=lambda: NOW)
    body = {"api": "classic", "category": "people", "advanced_keywords": {"title": title}}
    page = PeopleSearch(market).page(body, start=0, limit=100, moment=NOW)
    hits = [
        hit_of(search_item(market, person, market.standing(person, NOW), navigator=False))
        for person in page.people
    ]
    return [
        analyse(
            hit, lead_id=LeadId(str(at)), source="search", now=NOW, criteria=CRITERIA,
            weights=Weights(), occasion=Occasion(city=city, today=NOW.date()),
        ).lead
        for at, hit in enumerate(hits)
        if hit is not None
    ]  # fmt: skip


@pytest.mark.parametrize("seed", [1, 2, 3, 41])
@pytest.mark.parametrize(
    ("title", "city"),
    [
        ('CTO OR Founder OR "VP Engineering"', "Berlin"),
        ('CTO OR Founder OR "VP Engineering"', "Austin"),
        ("Engineer OR Marketing", "Berlin"),
    ],
)
def test_fewer_than_one_lead_in_twenty_shares_a_score(seed: int, title: str, city: str) -> None:
    leads = found(seed, title, city)
    scores = Counter(lead.quality_score for lead in leads)
    sharing = sum(count for count in scores.values() if count > 1)

    assert len(leads) > 60
    assert sharing < 0.05 * len(leads)


@pytest.mark.parametrize("seed", [1, 2, 3, 41])
def test_a_search_of_the_market_finds_people_of_all_kinds(seed: int) -> None:
    leads = found(seed, 'CTO OR Founder OR "VP Engineering"')
    kinds = Counter(lead.classification for lead in leads)

    assert kinds[Classification.SPONSOR] >= 0.12 * len(leads)
    assert kinds[Classification.OTHER] >= 0.08 * len(leads)
    assert len({lead.position for lead in leads}) >= 25


def test_the_same_seed_gives_the_same_scores() -> None:
    first, again = (found(7, "CTO") for _ in range(2))
    assert [lead.quality_score for lead in first] == [lead.quality_score for lead in again]
