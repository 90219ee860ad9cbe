"""What people say: complete in every language, and read as it was meant."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import get_args
from zoneinfo import ZoneInfo

import pytest

from ingagents.core.replies.effect.effect import effect_of
from ingagents.core.response_analyser import analyse_response
from ingagents.model import EffectKind, Intent
from ingagents.sandbox.chance import Draw
from ingagents.sandbox.market.behaviour import ANSWER_KINDS, answer
from ingagents.sandbox.market.fixtures import cast
from ingagents.sandbox.market.people import invent
from ingagents.sandbox.market.wording import (
    AnswerKind,
    Language,
    by_hand,
    day_ahead,
    languages,
    words,
)

BERLIN = ZoneInfo("Europe/Berlin")
TUESDAY = datetime(2027, 3, 2, 10, tzinfo=BERLIN)
PEOPLE = [invent(1, number) for number in range(2000)]
MEANT: dict[AnswerKind, Intent] = {
    "positive": Intent.INTERESTED,
    "meeting": Intent.INTERESTED,
    "question": Intent.REQUESTING_INFO,
    "refusal": Intent.NOT_INTERESTED,
    "opt_out": Intent.NOT_INTERESTED,
}


def first_words() -> list[str]:
    """What all people say to a first text."""
    return [
        words(Draw(1, p.key), p, a.kind, ours="Hello there", sender="Robin", about=TUESDAY)
        for p in PEOPLE
        if (a := answer(1, p, nth=1, before=None))
    ]


def phrases(language: Language, kind: AnswerKind, *topics: str) -> Iterator[str]:
    for text in language.texts[kind]:
        for topic in topics if "{topic}" in text else [""]:
            yield text.format(
                topic=topic,
                company="Prismmind",
                sender="Robin",
                first="Ada",
                colleague="Lena Brandt",
                day=language.weekdays[0],
                month=language.months[2],
                back=language.date.format(day=12, month=language.months[2]),
            )


def test_every_language_has_words_for_every_kind_and_for_what_we_write_by_hand():
    kinds = {*ANSWER_KINDS, "by_hand"}
    assert kinds == {*get_args(AnswerKind), "by_hand"}
    assert set(languages()) == {"en", "de", "fr", "es", "it", "nl", "pt", "pl"}
    for language in languages().values():
        assert set(language.texts) == kinds
        assert all(language.texts.values())
        assert (len(language.months), len(language.weekdays)) == (12, 7)


def test_every_text_can_be_filled_in_and_hardly_two_people_say_the_same():
    said = first_words()
    said += [by_hand(1, p, sender="Robin", at=TUESDAY) for p in PEOPLE[:200]]
    assert not any("{" in text for text in said)
    assert len(set(said)) > 150


def test_some_quote_us_some_sign_and_some_write_in_their_own_language():
    said = first_words()
    assert any("\n> Hello there" in text for text in said)
    assert any("\n\nBest,\n" in text for text in said)
    for word in ("gern", "merci", "gracias", "grazie", "bedankt", "obrigado", "dziękuję"):
        assert any(word in text.lower() for text in said), word


def test_every_answer_with_a_meaning_is_read_so_whatever_topic_it_names():
    topics = sorted({topic for role in cast().roles for topic in role.topics})
    assert len(topics) > 20
    wrong = [
        said
        for language in languages().values()
        for kind, meant in MEANT.items()
        for said in phrases(language, kind, *topics)
        if analyse_response(said).intent is not meant
    ]
    assert wrong == []


def test_an_absence_is_read_as_one_and_interest_in_no_language():
    for language in languages().values():
        for said in phrases(language, "out_of_office"):
            found = analyse_response(said)
            assert (found.intent, found.detail) == (Intent.UNCLEAR, "out_of_office"), said


@pytest.mark.parametrize("code", sorted(languages()))
def test_who_names_the_day_of_their_return_is_waited_for_until_then(code):
    language = languages()[code]
    dated = [text for text in language.texts["out_of_office"] if "{back}" in text]
    day = language.date.format(day=12, month=language.months[2])
    for text in dated:
        said = text.format(back=day, colleague="Lena Brandt")
        found = effect_of(
            said,
            analyse_response(said),
            received_at=TUESDAY,
            now=TUESDAY,
            timezone="Europe/Berlin",
        )
        assert found.kind is EffectKind.ABSENT
        # Friday itself, or the next working day for who is away until it.
        assert found.at in {date(2027, 3, 12), date(2027, 3, 15)}, said
    assert dated


def test_the_days_that_answers_name_are_working_days_ahead_and_not_the_same_for_all():
    for kind, least, most in (("out_of_office", 2, 11), ("not_now", 30, 102)):
        days = {
            day_ahead(Draw(1, str(n)), kind, TUESDAY, BERLIN).date()  # type: ignore[arg-type]
            for n in range(300)
        }
        away = [(day - date(2027, 3, 2)).days for day in days]
        assert least <= min(away)
        assert max(away) <= most
        assert {day.weekday() for day in days} == set(range(5))
