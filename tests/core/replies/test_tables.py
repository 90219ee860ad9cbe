"""Replies in the languages of a European event, and some beyond, as people write them."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

from ingagents.core.response_analyser import analyse_response
from ingagents.core.send_policy import SURE_ENOUGH
from ingagents.model import Intent, ReplyDetail

FOLDER = Path(__file__).with_name("tables")
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


def wrong(name: str, right: Callable[[dict[str, str]], bool]) -> list[str]:
    """The texts of a table that are not read right: one test a table, for it has many rows."""
    table = rows(name)
    assert table
    return [row["text"] for row in table if not right(row)]


def means(row: dict[str, str], *, also: str = "") -> set[str]:
    """Every intent that is right for a row, in the four words the analyser has."""
    labels = {row["intent"], *also.split("|")} - {""}
    return {one for label in labels for one in INTENTS.get(label, (label,))}


def test_whoever_asks_in_any_language_is_never_written_to_again():
    assert wrong("opt_outs.csv", lambda row: analyse_response(row["text"]).opt_out) == []


def test_capitals_and_a_polite_tail_do_not_hide_an_opt_out():
    def right(row: dict[str, str]) -> bool:
        tail = row["text"].rstrip(".!") + ". 🙏"
        return all(analyse_response(text).opt_out for text in (row["text"].upper(), tail))

    assert wrong("opt_outs.csv", right) == []


def test_the_words_of_an_opt_out_with_another_meaning_suppress_nobody():
    def right(row: dict[str, str]) -> bool:
        read = analyse_response(row["text"])
        return not read.opt_out and (row["intent"] == "any" or read.intent.value in means(row))

    assert wrong("no_opt_outs.csv", right) == []


def test_what_only_has_the_words_of_an_opt_out_or_a_refusal_is_shown_to_a_human():
    """Told or asked ("why do you not write?"), with an object of its own ("the dinner"), or a no denied."""

    def right(row: dict[str, str]) -> bool:
        read = analyse_response(row["text"])
        return not read.opt_out and read.intent is Intent.UNCLEAR and read.confidence < SURE_ENOUGH

    assert wrong("doubted.csv", right) == []


def test_whoever_is_not_there_is_away_and_has_not_declined():
    def right(row: dict[str, str]) -> bool:
        return analyse_response(row["text"]).detail is ReplyDetail.OUT_OF_OFFICE

    assert wrong("absences.csv", right) == []


def test_threats_insults_irony_and_languages_unknown_are_shown_to_a_human():
    def right(row: dict[str, str]) -> bool:
        read = analyse_response(row["text"])
        told = row["kind"] == "held" or read.intent is Intent.NOT_INTERESTED
        return read.confidence < SURE_ENOUGH and told

    assert wrong("held.csv", right) == []


def test_no_single_word_decides_against_the_rest_and_our_words_are_not_theirs():
    def right(row: dict[str, str]) -> bool:
        read = analyse_response(row["text"])
        return not read.opt_out and read.intent.value in means(row, also=row["intent_ok"])

    assert wrong("misread.csv", right) == []


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
