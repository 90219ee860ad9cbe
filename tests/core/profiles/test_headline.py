"""Title and company out of headlines, also hostile ones."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingagents.core.profiles.headline import headline_parts


@pytest.mark.parametrize(
    ("headline", "title", "company"),
    [
        ("CTO at Acme", "CTO", "Acme"),
        ("CTO @ Acme", "CTO", "Acme"),
        ("CTO @Acme", "CTO", "Acme"),
        ("CTO@ Acme", "CTO", "Acme"),
        ("CTO AT ACME", "CTO", "ACME"),
        ("Head of Events bei Messe Süd GmbH", "Head of Events", "Messe Süd GmbH"),
        ("Leiterin Einkauf bei der Nordlicht AG", "Leiterin Einkauf", "Nordlicht AG"),
        ("Directrice marketing chez Lumière", "Directrice marketing", "Lumière"),
        ("Responsabile vendite presso Aurora", "Responsabile vendite", "Aurora"),
        ("Co-founder & CEO at Kite | One API | Speaker at Expo", "Co-founder & CEO", "Kite"),
        ("Founder | CEO @ Kite", "CEO", "Kite"),
        ("VP Sales at Acme, Inc.", "VP Sales", "Acme, Inc."),
        ("VP Sales at Acme, ex-Globex", "VP Sales", "Acme"),
        ("VP Sales at Acme (YC W21)", "VP Sales", "Acme"),
        ("VP Sales at Acme - Berlin", "VP Sales", "Acme"),
        ("VP Sales at Acme. I love sailing.", "VP Sales", "Acme"),
        ("VP Sales at Acme 🚀", "VP Sales", "Acme"),
        ("🚀 VP Sales at Acme", "VP Sales", "Acme"),
        ('CTO at A&B "Labs"', "CTO", 'A&B "Labs"'),
        ("CEO at Acme and Adviser at Globex", "CEO", "Acme"),
        ("Partner at Foo & Bar", "Partner", "Foo & Bar"),
        ("Working at Acme", "", "Acme"),
        ("@Acme", "", "Acme"),
        ("ex-CTO at Acme", "", ""),
        ("Former CTO at Acme | Angel at Globex", "Angel", "Globex"),
        ("CTO", "CTO", ""),
        ("Marketing Director | Events & Sponsorship", "Marketing Director", ""),
        ("Head of Growth\nat Acme", "Head of Growth", "Acme"),
        ("CTO at eBay", "CTO", "eBay"),
        ("CTO @ the house of wonderful small things", "CTO", "the house of wonderful small things"),
        ("I help founders to sell more and to sleep better at night with a system", "", ""),
        ("Write to me: jane@example.com", "Write to me: jane@example.com", ""),
        ('=HYPERLINK("http://x")', "", ""),
        ("Executive Assistant", "Executive Assistant", ""),
        ("VP at ", "VP at", ""),
        ("", "", ""),
        ("   ", "", ""),
        ("🎤", "", ""),
    ],
)
def test_title_and_company_are_found_in_headlines(headline, title, company):
    assert headline_parts(headline) == (title, company)


@pytest.mark.parametrize(
    "piece", [" at ", "@", "@ ", "|", ", ", ". ", " - ", "(", " ", "ex ", "a and "]
)
def test_a_hostile_headline_is_read(piece):
    headline_parts(piece * 100_000)


@given(st.text(st.characters(exclude_categories=()), max_size=40))
def test_parts_of_a_headline_are_taken_from_the_headline(headline):
    for part in headline_parts(headline):
        assert part in " ".join(headline.split())
