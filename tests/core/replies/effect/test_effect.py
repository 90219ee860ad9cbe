"""What an answer does to the conversation's plan: on which day it goes on, if ever, and with whom."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingagents.core.replies.effect.effect import effect_of
from ingagents.core.response_analyser import analyse_response
from ingagents.model import Effect, EffectKind, Intent, ReplyDetail, ResponseAnalysis, Sentiment

FOLDER = Path(__file__).parents[1] / "tables"
SAID = datetime(2026, 11, 29, 12, tzinfo=UTC)
"""A Sunday."""
MONDAY = datetime(2026, 11, 16, 12, tzinfo=UTC)


def rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def effect(text: str, *, now: datetime = SAID, said: datetime = SAID) -> Effect:
    reading = analyse_response(text)
    return effect_of(text, reading, received_at=said, now=now, timezone="Europe/Berlin")


def read_as(detail: ReplyDetail, confidence: float = 0.9) -> ResponseAnalysis:
    return ResponseAnalysis(
        sentiment=Sentiment.NEUTRAL,
        intent=Intent.NOT_INTERESTED,
        detail=detail,
        confidence=confidence,
    )


TEXTS = [
    row["text"] for name in ("effects.csv", "weeks.csv", "referrals.csv") for row in rows(name)
]
PIECES = st.sampled_from(" ".join(TEXTS).split()) | st.text(max_size=12)
ANY_TEXT = st.lists(PIECES, max_size=25).map(" ".join) | st.text(max_size=200)
DETAILS = st.sampled_from(list(ReplyDetail))
MOMENTS = st.integers(-1000, 3000).map(lambda hours: SAID + timedelta(hours=7 * hours))


@pytest.mark.parametrize(
    "row", rows("effects.csv"), ids=lambda row: f"{row['language']}: {row['text'][:60]}"
)
def test_a_plan_goes_on_upon_the_day_that_is_named_and_on_no_other(row):
    found = effect(row["text"])
    assert (found.kind.value, str(found.at or "")) == (row["effect"], row["at"]), found.reason


@pytest.mark.parametrize(
    "row", rows("weeks.csv"), ids=lambda row: f"{row['language']}: {row['text'][:60]}"
)
def test_a_day_is_of_the_week_or_year_beside_it_and_one_refused_too_is_none(row):
    found = effect(row["text"], now=MONDAY, said=MONDAY)
    assert (found.kind.value, str(found.at or "")) == (row["effect"], row["at"]), found.reason


@pytest.mark.parametrize(
    "row", rows("referrals.csv"), ids=lambda row: f"{row['language']}: {row['text'][:60]}"
)
def test_only_a_person_with_a_name_is_somebody_to_be_found(row):
    found = effect(row["text"])
    assert found.name == row["name"], found.reason
    assert (found.kind is EffectKind.REFERS) is bool(row["name"])
    assert found.kind in {EffectKind.REFERS, EffectKind.ENDS}


@given(text=ANY_TEXT, detail=DETAILS, said=MOMENTS, late=st.integers(0, 90))
def test_no_text_raises_and_no_day_is_past_or_no_working_day(text, detail, said, late):
    now = said + timedelta(days=late)
    found = effect_of(text, read_as(detail), received_at=said, now=now, timezone="Asia/Tokyo")
    assert found.reason
    assert (found.at is not None) is (found.kind in {EffectKind.RESUMES, EffectKind.ABSENT})
    assert bool(found.name) is (found.kind is EffectKind.REFERS)
    if found.at is not None:
        assert found.at > said.date()
        assert found.at >= now.date()
        assert found.at.isoweekday() <= 5


@given(text=ANY_TEXT, confidence=st.floats(0, 1))
def test_an_opt_out_a_refusal_and_an_answer_always_end_it_whatever_day_they_name(text, confidence):
    for detail in set(ReplyDetail) - {
        ReplyDetail.NOT_NOW, ReplyDetail.OUT_OF_OFFICE, ReplyDetail.REFERRAL,
    }:  # fmt: skip
        reading = read_as(detail, confidence)
        found = effect_of(text, reading, received_at=SAID, now=SAID, timezone="UTC")
        assert found.kind is EffectKind.ENDS


def test_whoever_opts_out_in_any_language_names_no_day_for_us():
    named = "Not now, ask me again in March 2027. Back on 12 May."
    read = [(row["text"], analyse_response(row["text"])) for row in rows("opt_outs.csv")]
    assert all(
        effect_of(f"{text} {named}", reading, received_at=SAID, now=SAID, timezone="UTC").kind
        is EffectKind.ENDS
        for text, reading in read
    )


@given(detail=DETAILS, text=st.sampled_from(TEXTS))
def test_what_nobody_is_sure_of_is_a_humans(detail, text):
    found = effect_of(
        text, read_as(detail, 0.49), received_at=SAID, now=SAID, timezone="UTC"
    )  # fmt: skip
    assert found.kind is EffectKind.ENDS


def test_a_day_that_is_past_when_the_answer_is_read_is_today_or_the_next_working_day():
    text = "Automatic reply: I am out of the office, back on 14 December."
    for now, at in ((20, date(2026, 12, 21)), (16, date(2026, 12, 16)), (1, date(2026, 12, 14))):
        assert effect(text, now=datetime(2026, 12, now, 9, tzinfo=UTC)).at == at


def test_a_day_is_that_of_the_accounts_calendar():
    text = "Please ask me again in two weeks."
    late = datetime(2026, 12, 1, 23, 30, tzinfo=UTC)  # 2 December in Berlin, a Wednesday
    assert effect(text, said=late, now=late).at == date(2026, 12, 16)


@pytest.mark.parametrize("said", [datetime.min, datetime.max, datetime(1970, 1, 1)])  # noqa: DTZ001, DTZ901
def test_a_message_of_an_impossible_date_is_read_as_of_a_possible_one(said):
    for text in TEXTS:
        found = effect(text, said=said.replace(tzinfo=UTC))
        assert found.at is None or SAID.date() <= found.at < date(2030, 1, 1)


def test_what_we_wrote_names_no_day():
    ours = "Our event is in May. May I ask you again in April?"
    text = f"Not now, ask me again in March.\n\n{ours}"
    found = effect_of(
        text,
        analyse_response(text, [ours]),
        received_at=SAID,
        now=SAID,
        timezone="UTC",
        sent=[ours],
    )
    assert found.at == date(2027, 3, 1)
