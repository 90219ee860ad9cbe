"""Each fact as its language says it, and what is left unsaid for want of a setting."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from ingagents.core.messages.values import audience_in, known_facts, unsaid
from ingagents.model import Profile
from tests.factories import a_campaign, a_lead

BY_LANGUAGE = {
    "en": "engineering leaders",
    "de": "technische Führungskräfte",
    "fr": "des responsables techniques",
    "es": "responsables técnicos",
}


def facts(language: Any, lead: Any = None, **campaign: Any) -> dict[str, str]:
    return dict(known_facts(lead or a_lead(), a_campaign(**campaign), language))


@pytest.mark.parametrize(
    ("language", "day", "said", "month"),
    [
        ("en", date(2027, 5, 20), "20 May 2027", "May 2027"),
        ("de", date(2027, 5, 20), "20. Mai 2027", "Mai 2027"),
        ("fr", date(2027, 5, 20), "20 mai 2027", "mai 2027"),
        ("fr", date(2027, 8, 1), "1er août 2027", "août 2027"),
        ("es", date(2027, 5, 20), "20 de mayo de 2027", "mayo de 2027"),
    ],
)
def test_dates_are_said_as_the_language_says_them(language, day, said, month):
    found = facts(language, event_date=day)
    assert (found["event_date"], found["event_month"]) == (said, month)


@pytest.mark.parametrize(
    ("language", "city", "said"),
    [
        ("en", "Berlin", "in Berlin"),
        ("de", "Frankfurt am Main", "in Frankfurt am Main"),
        ("fr", "Berlin", "à Berlin"),
        ("fr", "Le Mans", "au Mans"),
        ("es", "Berlín", "en Berlín"),
        ("en", "Online", "online"),
        ("fr", "online", "en ligne"),
        ("es", "Online", "en línea"),
        ("en", "", None),
    ],
)
def test_a_city_keeps_its_spelling_after_the_language_s_preposition(language, city, said):
    assert facts(language, event_city=city).get("in_city") == said


@pytest.mark.parametrize(
    ("line", "language", "said"),
    [
        ("engineering leaders and founders", "en", "engineering leaders and founders"),
        ("engineering leaders and founders", "de", ""),
        ("engineering leaders", "fr", ""),
        ("Engineering leaders from Europe.", "en", "engineering leaders from Europe"),
        ("For CTOs and founders", "en", "CTOs and founders"),
        ("European founders and CTOs", "en", "European founders and CTOs"),
        ("CTOs und technische Führungskräfte", "de", "CTOs und technische Führungskräfte"),
        ("CTOs und technische Führungskräfte", "en", ""),
        ("CTOs, CIOs & VCs", "es", "CTOs, CIOs & VCs"),
        ("", "en", ""),
    ],
)
def test_a_line_about_who_comes_serves_only_texts_in_its_language(line, language, said):
    assert audience_in(a_campaign(audience={"": line}), language) == said


def test_a_line_for_each_language_serves_each():
    for language, line in BY_LANGUAGE.items():
        assert facts(language, audience=BY_LANGUAGE)["audience"] == line


@pytest.mark.parametrize(
    ("language", "topics", "said"),
    [
        ("en", ("AI",), "AI"),
        ("en", ("AI", "security"), "AI and security"),
        ("en", ("AI", "security", "data", "cloud"), "AI, security and data"),
        ("de", ("platform engineering", "künstliche Intelligenz"), None),
        ("fr", ("IA", "sécurité"), "IA et sécurité"),
        ("es", ("datos", "inteligencia artificial"), "datos e inteligencia artificial"),
    ],
)
def test_topics_are_listed_as_the_language_lists_them(language, topics, said):
    found = facts(language, topics={"": topics})["topics"]
    assert found == (said or "Platform Engineering und künstliche Intelligenz")


def test_the_person_s_own_topic_comes_first_and_is_named_only_when_the_profile_names_it():
    topics = {"": ("AI", "security", "data", "cloud")}
    engineer = a_lead(profile=Profile(headline="CTO | Cloud and coffee", skills=("Cloud",)))
    found = facts("en", engineer, topics=topics)
    assert found["topic"] == "cloud"
    assert found["topics"] == "cloud, AI and security"
    assert found["other_topics"] == "AI and security"
    assert "topic" not in facts("en", topics=topics)


@pytest.mark.parametrize(
    ("company", "language", "said"),
    [
        ("University of Oxford", "en", "the University of Oxford"),
        ("Open Robotics Foundation", "en", "the Open Robotics Foundation"),
        ("The Judge Group", "en", "The Judge Group"),
        ("Acme", "en", "Acme"),
        ("Université de Lyon", "fr", None),
        ("Deutsche Bank AG", "de", None),
        ("Universidad de Chile", "es", None),
        ("Booking.com", "de", "Booking.com"),
    ],
)
def test_a_company_that_wants_an_article_gets_it_or_is_left_out(company, language, said):
    assert facts(language, a_lead(company=company)).get("company") == said


def test_what_texts_leave_out_is_told_with_its_cure():
    assert len(list(unsaid(a_campaign()))) == 2
    (line,) = unsaid(a_campaign(audience={"": "CTOs and founders"}, topics={"": ("AI",)}))
    assert "German, French and Spanish" in line
    assert list(unsaid(a_campaign(audience=BY_LANGUAGE, topics={"": ("AI",)}))) == []
