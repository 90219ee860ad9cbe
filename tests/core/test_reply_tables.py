"""Replies in the languages of a European event, and some beyond, as people write them."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from ingagents.core.response_analyser import analyse_response
from ingagents.core.sending import SURE_ENOUGH
from ingagents.model import Intent

FOLDER = Path(__file__).with_name("replies")
INTENTS = {
    "not_now": ("not_interested", "unclear"),
    "referral": ("unclear", "requesting_info", "interested"),
    "out_of_office": ("unclear",),
    "question": ("requesting_info",),
}
"""Finer labels than the four intents, and what is right for them."""


def rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def named(row: dict[str, str]) -> str:
    return " ".join(row["text"].split())[:80]


@pytest.mark.parametrize("row", rows("opt_outs.csv"), ids=named)
def test_whoever_asks_in_any_language_is_never_written_to_again(row):
    assert analyse_response(row["text"]).opt_out


@pytest.mark.parametrize("row", rows("opt_outs.csv"), ids=named)
def test_capitals_and_a_polite_tail_do_not_hide_an_opt_out(row):
    assert analyse_response(row["text"].upper()).opt_out
    assert analyse_response(row["text"].rstrip(".!") + ". 🙏").opt_out


@pytest.mark.parametrize("row", rows("no_opt_outs.csv"), ids=named)
def test_the_words_of_an_opt_out_with_another_meaning_suppress_nobody(row):
    read = analyse_response(row["text"])
    assert not read.opt_out
    if row["intent"] != "any":
        assert read.intent.value in INTENTS.get(row["intent"], (row["intent"],))


@pytest.mark.parametrize("row", rows("held.csv"), ids=named)
def test_threats_insults_and_languages_unknown_are_shown_to_a_human(row):
    read = analyse_response(row["text"])
    assert read.confidence < SURE_ENOUGH
    assert row["kind"] == "held" or read.intent is Intent.NOT_INTERESTED


@pytest.mark.parametrize("row", rows("misread.csv"), ids=named)
def test_no_single_word_decides_against_the_rest_and_our_words_are_not_theirs(row):
    read = analyse_response(row["text"])
    right = {row["intent"], *row["intent_ok"].split("|")} - {""}
    assert read.intent.value in {one for label in right for one in INTENTS.get(label, (label,))}
    assert not read.opt_out


def test_plain_answers_are_read_and_few_are_left_to_a_human():
    plain = rows("plain.csv")
    read = [analyse_response(row["text"]) for row in plain]
    right = [
        one.intent.value == row["intent"] or one.detail == "not_now"
        for one, row in zip(read, plain, strict=True)
    ]
    assert sum(right) >= 0.95 * len(plain)
    assert sum(one.confidence < SURE_ENOUGH for one in read) < 0.1 * len(plain)


def test_a_language_that_is_not_told_leaves_nothing_to_a_single_word():
    # "yes", "no" and "stop" of a language that we do know stand in it by chance.
    for text in (
        "Nitafikiria ujumbe wako no kukujibu baadaye, asante sana ndugu",
        "Faleminderit shumë, mirupafshim dhe gjithë të mirat juve yes",
    ):
        read = analyse_response(text)
        assert read.confidence < SURE_ENOUGH
        assert not read.opt_out
