"""What a template may leave out or say otherwise, and that the built-in files keep their promises."""

from __future__ import annotations

import re
from importlib import resources
from itertools import chain

import pytest

from ingagents.core.message_generator import BUILT_IN
from ingagents.core.messages.reader_language import LANGUAGES, Language
from ingagents.core.messages.templates import WEIGHTS, MessageTemplate, fillings, parse_templates
from ingagents.errors import SettingsError

FOLDER = resources.files("ingagents") / "templates" / "messages"


EVENT = {"event_name", "the_event", "the_event_acc", "the_event_dat"}


def texts(
    template: str,
    facts: dict[str, str],
    *,
    limit: int = 300,
    language: Language = "en",
) -> list[str]:
    """All ways to write it, the best first."""
    (variant,) = parse_templates("own.txt", f"# version: own-1\n{template}").message[0]
    return [way.text for way in fillings(variant, facts, language=language, limit=limit)]


FACTS = {"first_name": "Maya", "company": "Acme", "event_name": "InG", "sender_name": "Kim"}


@pytest.mark.parametrize(
    ("template", "best"),
    [
        ("<Hi {first_name},|Hello,> come to {event_name}.", "Hi Maya, come to InG."),
        ("<Hi {topic},|Hello,> come to {event_name}.", "Hello, come to InG."),
        ("Come< to {event_name}>.", "Come to InG."),
        ("Come< to {event_city}>.", "Come."),
        ("Come< to {event_city}|>.", "Come."),
        ("See <you|us> at {event_name}.", "See you at InG."),
        ("You at {company}.< {sender_name}>", "You at Acme. Kim"),
        ("One\n\n<two {topic}|>\n\nthree {event_name}", "One\n\nthree InG"),
    ],
)
def test_of_the_ways_to_say_a_part_the_first_with_the_most_facts_is_taken(template, best):
    assert texts(template, FACTS)[0] == best


def test_a_part_without_a_way_that_is_known_leaves_nothing_to_write():
    assert texts("<At {event_city}|In {topic}> come.", FACTS) == []


def test_what_is_too_long_gives_up_the_facts_that_matter_least_and_is_never_cut():
    template = "Hi {first_name}, come to {event_name}<, with {company}>.< Best, {sender_name}>"
    whole, *shorter = texts(template, FACTS)
    assert whole == "Hi Maya, come to InG, with Acme. Best, Kim"
    assert shorter == [
        "Hi Maya, come to InG, with Acme.",
        "Hi Maya, come to InG. Best, Kim",
        "Hi Maya, come to InG.",
    ]
    assert texts(template, FACTS, limit=len(whole) - 1)[0] == "Hi Maya, come to InG, with Acme."
    assert texts(template, FACTS, limit=10) == []


def test_name_job_and_audience_each_matter_more_than_all_that_matters_less():
    least = ("topic", "other_topics", "event_date", "in_city", "sender_name", "event_url")
    assert WEIGHTS["audience"] > sum(WEIGHTS[fact] for fact in least)
    assert WEIGHTS["position"] == WEIGHTS["company"] > WEIGHTS["audience"]
    assert WEIGHTS["first_name"] > WEIGHTS["position"] + WEIGHTS["company"]


@pytest.mark.parametrize(
    ("template", "language", "text"),
    [
        ("As {position} at {company}.", "en", "As CTO at Yahoo!"),
        ("Is it for {company}?", "en", "Is it for Yahoo?"),
        ("Pour {company} ?", "fr", "Pour Yahoo\u00a0?"),
        ("que {position} de {event_name} ?", "fr", "qu'Ingénieur d'InG\u00a0?"),
        ("de {company} : oui", "fr", "de Yahoo!\u00a0: oui"),
    ],
)
def test_a_text_is_spelt_as_its_language_wants(template, language, text):
    facts = {
        "position": "CTO" if language == "en" else "Ingénieur",
        "company": "Yahoo!",
        "event_name": "InG",
    }
    assert texts(template, facts, language=language) == [text]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("Hi <{first_name}", "< or > without"),
        ("Hi {first_name}>", "< or > without"),
        ("Hi <a <b> c>", "< or > without"),
        ("<a|{x}>", "unknown placeholder"),
        ("<a|b>" * 12, "more than 2000 ways"),
    ],
)
def test_parts_that_cannot_be_read_are_refused_by_name(text, complaint):
    with pytest.raises(SettingsError, match=complaint):
        parse_templates("own.txt", f"# version: own-1\n{text}")


def built_in(language: Language, name: str) -> MessageTemplate:
    file = FOLDER / name if language == "en" else FOLDER / language / name
    return parse_templates(name, file.read_text("utf-8"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", BUILT_IN.values())
def test_each_kind_has_six_wordings_in_its_language_that_can_say_all_that_matters(name, language):
    template = built_in(language, name)
    assert template.language == language
    for ranks in (template.invitation, template.message):
        assert len(ranks[0]) >= 6
        for variant in ranks[0]:
            said = {fact for fact in WEIGHTS if f"{{{fact}}}" in variant.text}
            assert {"first_name", "company", "audience", "topics"} <= said
            assert said & EVENT
            assert {"event_date", "sender_name"} <= said
            assert {"position", "a_position"} & said
        assert ranks[-1][-1].needs <= EVENT


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", BUILT_IN.values())
def test_with_every_fact_as_long_as_it_may_be_a_text_still_fits_in_a_short_note(name, language):
    facts = dict.fromkeys(WEIGHTS, "x" * 60) | {
        "first_name": "m" * 40,
        "event_name": "n" * 80,
        "audience": "a" * 160,
        "event_date": "20 de septiembre de 2027",
    }
    template = built_in(language, name)
    for limit in (200, 300, 1000):
        ranks = template.invitation if limit < 1000 else template.message
        written = [
            way
            for rank in ranks
            for variant in rank
            for way in fillings(variant, facts, language=language, limit=limit)
        ]
        assert written, limit
        assert all(len(way.text) <= limit for way in written)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", BUILT_IN.values())
def test_no_wording_says_that_a_job_suits_the_event_or_names_who_comes_by_a_label(name, language):
    template = built_in(language, name)
    for variant in chain(*template.invitation, *template.message):
        said = re.search(
            r"close to what|experience as|passt gut|encaja bien|sa place"
            r"|\w ?: \{audience\}|\b(?:von|bei|zu|an|de|à) \{event_name\}",
            variant.text,
        )
        assert said is None, (variant.label, said)
