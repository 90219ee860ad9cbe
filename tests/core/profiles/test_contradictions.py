"""What a fresh profile contradicts in more than spelling."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingagents.core.profiles.contradictions import (
    SEARCH,
    companies_agree,
    contradictions,
    titles_agree,
)
from ingagents.model import Position, Profile
from tests.factories import a_lead, a_profile

SAME_COMPANY = [
    ("Acme GmbH", "ACME"),
    ("The Acme Company", "Acme"),
    ("Müller & Söhne", "Mueller und Soehne"),
    ("Old Harbour", "Old Harbor"),
    ("Boston Consulting Group", "BCG"),
    ("Amazon Web Services (AWS)", "AWS"),
    ("Google", "Google Germany"),
    ("Booking.com", "Booking"),
    ("Sun Labs", "Sun"),
    ("", "Acme"),
    ("Acme", "Confidential"),
    ("n/a", "Acme"),
]
OTHER_COMPANY = [
    ("Old Harbour", "Cobalt Works"),
    ("Siemens", "Siemens Energy"),
    ("Deutsche Bank AG", "Deutsche Bahn AG"),
    ("Firma 1 GmbH", "Firma 2 GmbH"),
    ("Nova", "Novo"),
    ("Freelance", "Acme"),
    ("Acme", "Self-employed"),
]
SAME_TITLE = [
    ("VP Engineering", "Vice President of Engineering"),
    ("CTO", "Chief Technology Officer"),
    ("CTO", "CTO & Co-Founder"),
    ("CTO", "CTO at Acme"),
    ("Sr. Software Engineer", "Senior Software Engineer"),
    ("Marketing Director", "Director, Marketing"),
    ("Marketing Mgr", "Marketing Manager"),
    ("Head of Sales", "Head of Sales EMEA"),
    ("Geschäftsführer", "Managing Director"),
    ("Leiter Vertrieb", "Head of Sales"),
    ("Technischer Leiter", "CTO"),
    ("Vertriebsleiterin", "Head of Sales"),
    ("Chef de projet", "Project Manager"),
    ("", "CTO"),
]
OTHER_TITLE = [
    ("VP Engineering", "CTO"),
    ("CTO", "CIO"),
    ("Head of Engineering", "VP Engineering"),
    ("Software Engineer", "Senior Software Engineer"),
    ("VP Sales", "VP Engineering"),
    ("President", "Vice President"),
    ("CEO", "Assistant to the CEO"),
    ("CTO", "Deputy CTO"),
    ("CTO", "former CTO"),
    ("CTO", "CTO (until 2023)"),
    ("CTO", "CTO - retired"),
    ("Professor", "Professor emeritus"),
    ("Founder", "Founder (exited)"),
    ("CTO", "Aspiring CTO"),
    ("Directeur technique", "Directeur technique retraité"),
]


@pytest.mark.parametrize(
    ("agree", "one", "two", "wanted"),
    [
        *((companies_agree, one, two, True) for one, two in SAME_COMPANY),
        *((companies_agree, one, two, False) for one, two in OTHER_COMPANY),
        *((titles_agree, one, two, True) for one, two in SAME_TITLE),
        *((titles_agree, one, two, False) for one, two in OTHER_TITLE),
    ],
)
def test_another_wording_is_no_other_job(agree, one: str, two: str, wanted: bool) -> None:
    assert agree(one, two) is wanted
    assert agree(two, one) is wanted


@given(st.text(max_size=400), st.text(max_size=400))
def test_any_text_is_compared_both_ways_alike(one: str, two: str) -> None:
    for agree in (companies_agree, titles_agree):
        assert agree(one, one)
        assert agree(one, two) == agree(two, one)


def fields(lead, fresh: Profile) -> list[str]:
    return [one.field for one in contradictions(lead, fresh)]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, []),
        ({"name": "Theresa Brandt", "first_name": "Theresa", "last_name": "Brandt"}, ["name"]),
        ({"company": "Cobalt Works", "headline": "CTO at Cobalt Works"}, ["company"]),
        ({"position": "Head of Sales", "headline": "Head of Sales"}, ["position"]),
        ({"position": "Sales", "company": "Cobalt Works"}, ["company", "position"]),
        ({"name": "", "position": "", "company": "", "headline": ""}, []),
    ],
)
def test_each_thing_that_is_said_otherwise_is_told(changes: dict[str, Any], told: list[str]):
    lead = a_lead(source="import:people.csv")
    assert fields(lead, a_profile(**changes)) == told


def test_both_values_stand_in_the_sentence() -> None:
    (one,) = contradictions(a_lead(), a_profile(company="Cobalt Works", headline="new"))
    assert str(one) == 'company: LinkedIn shows "Cobalt Works", we knew "Firma 1 GmbH"'


def test_a_second_present_job_confirms_what_was_known() -> None:
    jobs = (
        Position(title="Board member", company="Cobalt Works", current=True),
        Position(title="CTO", company="Firma 1", current=True),
    )
    fresh = a_profile(position="Board member", company="Cobalt Works", positions=jobs)
    assert fields(a_lead(source="import:people.csv"), fresh) == []


def test_a_job_that_is_over_is_told_even_when_no_present_one_is_shown() -> None:
    over = (Position(title="CTO", company="Firma 1", ended="2024-03"),)
    fresh = a_profile(position="", company="", headline="", positions=over)
    (one,) = contradictions(a_lead(source="import:people.csv"), fresh)
    assert (one.field, one.shown) == ("company", "Firma 1 until 2024-03, and no present job")


def test_a_better_reading_of_the_same_headline_contradicts_nothing() -> None:
    headline = "CTO at Firma 1 | Angel investor"
    lead = a_lead(source=SEARCH, profile=a_profile(headline=headline))
    job = (Position(title="Investor", company="Cobalt Works", current=True),)
    fresh = a_profile(headline=headline, position="Investor", company="Cobalt Works", positions=job)
    assert fields(lead, fresh) == []
    assert fields(a_lead(source="import:a.csv", profile=lead.profile), fresh) != []


def test_jobs_that_linkedin_keeps_back_for_once_contradict_nothing() -> None:
    """Asked for much it leaves sections out; a slogan in the headline is then all that is left."""
    known = a_profile(
        headline="Building the future",
        positions=(Position(title="CTO", company="Firma 1", current=True),),
    )
    lead = a_lead(profile=known, source="import:people.csv")
    fresh = a_profile(headline="Building the future", position="Building the future", company="")
    assert fields(lead, fresh) == []
    other = a_profile(headline="Moving on", position="Baker", company="")
    assert fields(lead, other) == ["position"]
