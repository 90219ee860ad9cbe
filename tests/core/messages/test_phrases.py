"""Names in a sentence: the event with its article and preposition, a company behind a title."""

from __future__ import annotations

import pytest

from ingagents.core.messages.phrases import at_company, with_determiner
from ingagents.core.messages.reader_language import Language
from ingagents.core.messages.templates import fillings, parse_templates
from ingagents.core.messages.values import known_facts
from tests.factories import a_campaign, a_lead


@pytest.mark.parametrize(
    ("name", "de", "fr", "es"),
    [
        ("InG Summit", "beim InG Summit", "de l'InG Summit", "del InG Summit"),
        ("Web Summit 2027", "beim Web Summit 2027", "du Web Summit 2027", "del Web Summit 2027"),
        ("Data Week", "bei der Data Week", "de la Data Week", "de la Data Week"),
        ("Forum Zukunft", "beim Forum Zukunft", "du Forum Zukunft", "del Forum Zukunft"),
        ("KI-Konferenz", "bei der KI-Konferenz", "de KI-Konferenz", "de KI-Konferenz"),
        ("Hannover Messe", "bei der Hannover Messe", "de Hannover Messe", "de Hannover Messe"),
        ("Mittelstandstag", "beim Mittelstandstag", "de Mittelstandstag", "de Mittelstandstag"),
        ("re:publica", "bei re:publica", "de re:publica", "de re:publica"),
        ("Dev Days", "bei Dev Days", "de Dev Days", "de Dev Days"),
        ("The Next Summit", "bei The Next Summit", "de The Next Summit", "de The Next Summit"),
        ("InG", "bei InG", "d'InG", "de InG"),
    ],
)
def test_an_event_has_the_article_its_kind_has_and_the_preposition_joins_it(name, de, fr, es):
    cases: list[tuple[Language, str, str]] = [
        ("de", "bei", de),
        ("fr", "de", fr),
        ("es", "de", es),
    ]
    for language, words, said in cases:
        template = parse_templates(
            "x", f"# version: x\nVortrag {words} {{the_event_dat}} am {{event_date}}"
        )
        known = known_facts(a_lead(), a_campaign(event_name=name), language)
        (variant,) = template.invitation[0]
        way = next(fillings(variant, known, language=language, limit=300))
        assert f"Vortrag {said} am" in way.text


@pytest.mark.parametrize(
    ("title", "company", "language", "said"),
    [
        ("Founder", "Acme", "en", "of Acme"),
        ("CTO & Co-Founder", "Acme", "en", "of Acme"),
        ("Owner", "Mensah Consulting", "en", "of Mensah Consulting"),
        ("Product Owner", "Acme", "en", "at Acme"),
        ("Vice President", "Acme", "en", "at Acme"),
        ("CTO", "Acme", "en", "at Acme"),
        ("Gründer und Geschäftsführer", "Huber", "de", "von Huber"),
        ("Leiter IT", "Huber", "de", "bei Huber"),
        ("Leiter IT", "BMW Group", "de", "bei der BMW Group"),
        ("Vorstand", "Stetten Holding", "de", "der Stetten Holding"),
        ("Vorständin", "Commerzbank", "de", "der Commerzbank"),
        ("Fondateur et PDG", "Airbase", "fr", "de Airbase"),
        ("Ingénieur logiciel", "Airbase", "fr", "chez Airbase"),
        ("Fundador y CEO", "Vector.io", "es", "de Vector.io"),
        ("Directora de Tecnología", "Cabify", "es", "de Cabify"),
        ("Ingeniera de datos", "Cabify", "es", "en Cabify"),
    ],
)
def test_a_founder_is_the_founder_of_a_company_and_an_engineer_works_at_it(
    title, company, language, said
):
    assert at_company(title, company, language) == said


@pytest.mark.parametrize(
    ("people", "said"),
    [
        ("responsables techniques", "des responsables techniques"),
        ("CTO et DSI", "des CTO et DSI"),
        ("CTOs, CIOs", "des CTOs, CIOs"),
        ("des CTO et des DSI", "des CTO et des DSI"),
        ("les décideurs de la tech", "les décideurs de la tech"),
        ("l'écosystème tech", "l'écosystème tech"),
        ("plus de 300 CTO", "plus de 300 CTO"),
        ("300 CTO", "300 CTO"),
        ("tous les acteurs du cloud", "tous les acteurs du cloud"),
    ],
)
def test_people_have_the_determiner_that_a_french_sentence_wants(people, said):
    assert with_determiner(people) == said
