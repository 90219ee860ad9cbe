"""The population: the same for the same seed, in whatever order one asks."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable

import pytest

from ingagents.model import Profile
from ingagents.sandbox.market.careers import career
from ingagents.sandbox.market.people import (
    Person,
    from_profile,
    invent,
    number_in_id,
    number_in_slug,
    slug_of,
    stranger,
)
from ingagents.sandbox.market.population import Population


def test_the_same_seed_gives_the_same_people_in_any_order():
    forwards = [invent.__wrapped__(7, number) for number in range(200)]
    order = list(range(200))
    random.Random(3).shuffle(order)
    shuffled = {number: invent.__wrapped__(7, number) for number in order}
    assert [shuffled[number] for number in range(200)] == forwards


def test_another_seed_gives_other_people():
    assert [invent(1, n).name for n in range(20)] != [invent(2, n).name for n in range(20)]


def test_everybody_is_found_by_each_of_their_ids_without_being_made_before():
    for number in (0, 1, 17, 99_999):
        person = invent(5, number)
        population = Population(5, 100_000)
        assert population.find(person.provider_id) == person
        assert population.find(person.sales_id) == person
        if person.slug and person.distance:
            assert population.find(person.slug) == person


def test_ids_are_unique_and_in_linkedins_form():
    people = [invent(1, number) for number in range(2000)]
    ids = [p.provider_id for p in people] + [p.sales_id for p in people]
    assert len(set(ids)) == 4000
    assert all(re.fullmatch(r"AC[ow]AA[A-Za-z0-9_-]{32}", i) for i in ids)
    slugs = [p.slug for p in people if p.slug]
    assert len(set(slugs)) == len(slugs) < 2000


@pytest.mark.parametrize(
    "identifier",
    ["", "ACo", "ACoAA" + "!" * 32, "ACoAA" + "A" * 32, "AEMAA" + "b" * 32, "x-ffffffff", "é" * 37],
)
def test_ids_nobody_has_find_nobody(identifier):
    assert Population(1, 400).find(identifier) is None


def test_a_number_outside_the_market_is_nobody():
    outsider = invent(1, 400)
    assert number_in_id(1, outsider.provider_id) == 400
    assert Population(1, 400).find(outsider.provider_id) is None
    assert number_in_slug(1, outsider.slug) == 400
    assert Population(1, 400).find(outsider.slug) is None


def test_the_market_is_mixed_as_a_real_one():
    people = [invent(1, number) for number in range(2000)]

    def share(fits: Callable[[Person], bool]) -> float:
        return sum(map(fits, people)) / len(people)

    assert 0.05 < share(lambda p: p.distance == 1) < 0.11
    assert 0.02 < share(lambda p: p.distance == 0) < 0.07
    assert 0.02 < share(lambda p: not p.slug) < 0.05
    assert 0.02 < share(lambda p: p.sparse) < 0.07
    assert 0.28 < share(lambda p: p.role == "leader") < 0.4
    assert share(lambda p: p.role == "sponsor") > 0.2
    assert share(lambda p: p.role == "other") > 0.17
    assert max(Counter(p.title for p in people).values()) < 0.04 * len(people)
    tenures = Counter(job.start for p in people for job in career(1, p).jobs if job.end is None)
    assert len(tenures) > 100
    assert {p.role for p in people} == {"leader", "sponsor", "speaker", "other"}
    assert share(lambda p: not p.last_name) > 0
    assert share(lambda p: not p.name.isascii()) > 0.15
    assert any("PhD" in p.name for p in people)
    assert any("🚀" in p.name for p in people)
    assert any("伟" in p.name for p in people)


def test_sparse_people_lack_every_field_that_may_be_missing():
    person = next(p for p in (invent(1, n) for n in range(400)) if p.sparse)
    life = career(1, person)
    missing = (person.location, person.company_name, person.industry, person.country)
    assert not any((*missing, life.summary, life.jobs, life.school, life.skills))


@pytest.mark.parametrize(
    ("slug", "name"),
    [
        ("jane-doe", "Jane Doe"),
        ("jane-doe-1a2b3c", "Jane Doe"),
        ("jürgen-müller-123", "Jürgen Müller"),
        ("madonna", "Madonna"),
        ("x9y", "X9y"),
    ],
)
def test_a_stranger_is_named_after_the_slug(slug, name):
    person = stranger(1, slug)
    assert person is not None
    assert person.name == name
    assert person.slug == slug
    assert person == stranger(1, slug)


@pytest.mark.parametrize(
    "slug", ["", "a", "nobody-at-all", "a b c", "../../etc", "x" * 101, "-ab-"]
)
def test_what_cannot_be_a_slug_brings_no_stranger(slug):
    assert stranger(1, slug) is None


def test_given_people_keep_what_they_have_and_miss_what_they_miss():
    given = Profile(
        name="Ada Quist",
        position="CTO",
        company="Quarzwerk",
        linkedin_url="https://de.linkedin.com/in/Ada-Quist/?trk=x",
    )
    person = from_profile(1, given)
    assert (person.slug, person.first_name, person.last_name) == ("ada-quist", "Ada", "Quist")
    assert person.headline == "CTO at Quarzwerk"
    assert person.location == person.industry == ""
    population = Population(1, 0, [given])
    assert list(population) == [person]
    assert population.find("ADA-Quist") == person
    assert population.find(person.provider_id) == person


def test_given_people_with_a_provider_id_keep_it():
    person = from_profile(1, Profile(name="B", provider_id="ACoAAexample123"))
    assert person.provider_id == "ACoAAexample123"
    assert Population(1, 0, [Profile(name="B", provider_id="ACoAAexample123")]).find(
        "ACoAAexample123"
    )


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Jane-Doe", "jane-doe"),
        ("https://www.linkedin.com/in/j%C3%BCrgen-m/", "jürgen-m"),
        ("https://www.linkedin.com/company/acme", ""),
        ("%zz", "%zz"),
    ],
)
def test_slugs_are_read_out_of_whatever_names_a_profile(text, slug):
    assert slug_of(text) == slug


def test_invented_people_never_carry_a_placeholder():
    for number in range(400):
        person: Person = invent(1, number)
        texts = [person.name, person.headline, career(1, person).summary]
        assert not any("{" in text or "}" in text for text in texts), texts
