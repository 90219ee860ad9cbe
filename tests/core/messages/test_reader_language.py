"""The reader's language is told by the profile's words; in doubt it is English."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingagents.core.messages.reader_language import LANGUAGES, language_of, reader_language
from ingagents.model import Profile
from tests.factories import a_lead

READERS = [
    ("de", {"position": "Geschäftsführer"}),
    ("de", {"headline": "CTO bei Nordwind"}),
    ("de", {"headline": "Head of Sales bei Nordwind"}),
    ("de", {"position": "Softwareentwicklerin"}),
    ("de", {"position": "Leiter IT"}),
    ("de", {"summary": "Ich baue Teams auf und begleite Unternehmen durch den Wandel."}),
    ("de", {"position": "CTO", "language": "de"}),
    ("de", {"position": "Head of Engineering", "language": "de_DE", "country": "DE"}),
    ("fr", {"position": "Directeur technique"}),
    ("fr", {"headline": "Responsable marketing chez Acme"}),
    ("fr", {"summary": "Je dirige une équipe de vingt personnes."}),
    ("fr", {"position": "CTO", "language": "fr", "location": "Paris, France"}),
    ("es", {"position": "Director de Tecnología"}),
    ("es", {"position": "Jefa de Producto"}),
    ("es", {"headline": "CTO en Nordwind", "location": "Madrid, Spain"}),
    ("es", {"position": "CTO", "language": "es"}),
    ("es", {"position": "Gerente General"}),
    ("es", {"position": "Socio fundador", "language": "es"}),
    ("en", {"position": "Sócio fundador"}),
    ("en", {"position": "CTO"}),
    ("en", {"position": "CTO", "location": "Munich, Bavaria, Germany", "country": "DE"}),
    ("en", {"position": "Developer Advocate", "location": "Community of Madrid, Spain"}),
    ("en", {"headline": "Researcher at MIT", "location": "Berlin, Germany"}),
    ("en", {"headline": "Staff Engineer at Los Alamos"}),
    ("en", {"position": "Diretor de Tecnologia"}),
    ("en", {"position": "Direttore Vendite"}),
    ("en", {"headline": "Ingenieur bij Shell"}),
    ("en", {"headline": "Utvecklare hos Klarna"}),
    ("en", {"position": "Kierownik Projektu"}),
    ("en", {"position": "Психолог"}),
    ("en", {"position": "CTO", "language": "pt"}),
    (
        "en",
        {
            "language": "de",
            "location": "Berlin, Germany",
            "summary": "I build calm teams that ship databases for the hospitals of the north, and"
            " I write about how we work with them.",
        },
    ),
]


@pytest.mark.parametrize(("language", "fields"), READERS)
def test_the_profile_tells_the_language_and_a_place_alone_does_not(language, fields):
    position = fields.get("position", "")
    profile = Profile(**{"language": "en", **fields})
    lead = a_lead(position=position, profile=profile)
    assert reader_language(lead).language == language


def test_a_decision_for_another_language_than_english_says_what_spoke_for_it():
    lead = a_lead(position="", profile=Profile(headline="CTO bei Nordwind", country="DE"))
    assert reader_language(lead).evidence == ("bei", "the place: de")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("engineering leaders and founders from Europe", "en"),
        ("CTOs und technische Führungskräfte", "de"),
        ("des CTO et des responsables techniques", "fr"),
        ("CTO y responsables técnicos de las empresas", "es"),
        ("CTOs, CIOs", None),
        ("", None),
    ],
)
def test_the_language_of_a_line_is_told_by_its_words(text, language):
    assert language_of(text) == language


@given(st.text(max_size=300), st.text(max_size=10), st.text(max_size=30))
def test_any_profile_has_one_of_the_languages_that_texts_are_written_in(text, locale, place):
    profile = Profile(headline=text, language=locale, location=place, country=place)
    assert reader_language(a_lead(profile=profile)).language in LANGUAGES
