"""Words of people in the sheet: found once, understood or answered, and never more than data."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingagents.core.sheet.edits import WORD_MAX, Seen, Word, read_words, understand
from ingagents.core.sheet.layout import (
    APPROVE,
    CLOSE,
    CORRECT_CLASSIFICATION,
    CORRECT_SCORE,
    NEXT_DATE,
    NOTES,
    OWNER,
    SETTLE,
    STAGE,
    VETO,
)
from tests.sheet.tables import a_table

HEADER = "ID|Lead ID|Since|In the sheet|Notes"


def rows(*notes: str, keys: str = "1 2") -> tuple[str, ...]:
    return (HEADER, *(f"g-{k}|lead-{k}|x|y|{n}" for k, n in zip(keys.split(), notes, strict=True)))


@pytest.mark.parametrize(
    ("lines", "seen", "words"),
    [
        (rows("", ""), {}, []),
        (rows("hello", ""), {}, [("g-1", "hello", ())]),
        (rows("hello", ""), {"g-1": ("hello",)}, []),
        (rows("", "hello", keys="2 1"), {"g-1": ("hello",)}, []),
        (rows("bye", ""), {"g-1": ("hello",)}, [("g-1", "bye", ())]),
        (rows("", ""), {"g-1": ("hello",)}, [("g-1", "", ())]),
        # A row that is gone says nothing, and takes nothing back.
        (rows("", keys="2"), {"g-1": ("hello",)}, []),
        # Copies: the same word is one word, another word beside the known one is the new one.
        (rows("hello", "hello", keys="1 1"), {}, [("g-1", "hello", ())]),
        (rows("hello", "bye", keys="1 1"), {"g-1": ("hello",)}, [("g-1", "bye", ())]),
        (rows("bye", "hello", keys="1 1"), {"g-1": ("bye", "hello")}, []),
        (rows("a", "b", keys="1 1"), {"g-1": ("hello",)}, [("g-1", "a", ("b",))]),
        (rows("5.0", ""), {}, [("g-1", "5", ())]),
        (rows("'=1+1", ""), {}, [("g-1", "=1+1", ())]),
    ],
)
def test_a_word_is_new_when_no_row_of_its_key_has_said_it_before(lines, seen, words) -> None:
    table = a_table(*lines)
    found = read_words(table, {(key, "Notes"): said for key, said in seen.items()})
    assert [(w.key, w.text, w.others) for w in found.words] == words
    assert read_words(table, found.seen).words == ()


def test_a_column_that_is_gone_says_nothing() -> None:
    table = a_table("ID|Lead ID|Since|In the sheet", "g-1|lead-1|x|y")
    found = read_words(table, {("g-1", "Notes"): ("hello",)})
    assert found.words == ()
    assert found.seen == {("g-1", "Notes"): ("", "hello")}


@given(st.lists(st.sampled_from(["hello", "bye", "", None]), max_size=12))
def test_a_word_is_new_exactly_when_its_cell_came_to_say_something_else(cells) -> None:
    """None: the row is out of sight at that look. Undone, it comes back and says nothing new."""
    seen: Seen = {}
    last, hidden = "", False
    for cell in cells:
        line = "g-7|x|y|z|q" if cell is None else f"g-1|lead-1|monday|a|{cell}"
        found = read_words(a_table("ID|Lead ID|Since|In the sheet|Notes", line), seen)
        seen, said = found.seen, [word.text for word in found.words]
        if cell is None:
            assert said == []
            hidden = True
            continue
        emptied_unseen = hidden and not cell  # the row was put back by the department
        assert said == ([cell] if cell != last and not emptied_unseen else [])
        last, hidden = cell, False


def test_the_rows_of_people_who_were_erased_are_not_read() -> None:
    found = read_words(a_table(*rows("hello", "bye")), {}, unread={"g-1"})
    assert [word.key for word in found.words] == ["g-2"]
    assert list(found.seen) == [("g-2", "Notes")]


def test_a_word_is_bounded() -> None:
    table = a_table(*rows("x" * 100_000, ""))
    assert len(read_words(table, {}).words[0].text) == WORD_MAX


@pytest.mark.parametrize(
    ("column", "text", "order"),
    [
        (VETO, "yes", "veto"),
        (VETO, " X ", "veto"),
        (VETO, "Veto", "veto"),
        (VETO, "no", "clear"),
        (VETO, "", "clear"),
        (VETO, "perhaps", "hold perhaps"),
        (OWNER, "Kim", "own Kim"),
        (OWNER, "", "own"),
        (OWNER, "k" * 300, "own " + "k" * 200),
        (STAGE, "in discussion", "stage In Discussion"),
        (STAGE, "WON", "stage Won"),
        (STAGE, "", "stage"),
        (STAGE, "maybe", "unclear"),
        (NEXT_DATE, "2027-01-31", "next 2027-01-31"),
        (NEXT_DATE, "46418", "next 2027-01-31"),
        (NEXT_DATE, "", "next"),
        (NEXT_DATE, "next week", "unclear"),
        (NOTES, "call her\non Monday", "note call her\non Monday"),
        (CLOSE, "closed", "close"),
        (CLOSE, "", "clear"),
        (CLOSE, "Closed!", "close"),
        (CLOSE, "Message Sent", "hold Message Sent"),
        (CLOSE, "do not contact", "hold do not contact"),
        (CLOSE, "not contacted", "unclear"),
        (CORRECT_CLASSIFICATION, "sponsor", "classify Sponsor"),
        (CORRECT_CLASSIFICATION, "boss", "unclear"),
        (CORRECT_CLASSIFICATION, "", "nothing"),
        (CORRECT_SCORE, "8", "score 8.0"),
        (CORRECT_SCORE, "8,5", "score 8.5"),
        (CORRECT_SCORE, "10", "score 10.0"),
        (CORRECT_SCORE, "10.5", "unclear"),
        (CORRECT_SCORE, "0", "unclear"),
        (CORRECT_SCORE, "1e1", "unclear"),
        (CORRECT_SCORE, "٨", "unclear"),
        (CORRECT_SCORE, "", "nothing"),
        (APPROVE, "Yes", "approve"),
        (APPROVE, "no", "reject"),
        (APPROVE, "later", "unclear"),
        (APPROVE, "", "nothing"),
        (SETTLE, "Sheet", "settle sheet"),
        (SETTLE, "database", "settle database"),
        (SETTLE, "mine", "unclear"),
        (SETTLE, "", "nothing"),
        ("their_talk", "yes", "extra yes"),
    ],
)
def test_what_a_word_asks_for(column: str, text: str, order: str) -> None:
    found = understand(Word(key="k", column=column, text=text))
    expected = found.do if found.do == "unclear" else f"{found.do} {found.value}".rstrip()
    assert expected == order
    assert found.value or found.do != "unclear"


def test_rows_that_contradict_each_other_ask_for_nothing_but_a_veto_always_counts() -> None:
    assert understand(Word(key="k", column=OWNER, text="a", others=("b",))).do == "unclear"
    assert understand(Word(key="k", column=VETO, text="yes", others=("b",))).do == "veto"


def test_of_several_rows_of_a_person_the_strictest_veto_counts() -> None:
    def veto(*standing: str) -> str:
        word = Word(key="k", column=VETO, text=standing[0], standing=standing)
        return understand(word).do

    assert veto("no", "competitor") == "hold"
    assert veto("no", "competitor", "yes") == "veto"
    assert veto("no", "-") == "clear"


@pytest.mark.parametrize(
    "column", [VETO, STAGE, OWNER, NEXT_DATE, NOTES, CLOSE, CORRECT_SCORE, APPROVE, SETTLE]
)
@pytest.mark.parametrize("text", ["\x00", "=1+1", "💥" * 999, "a\u202eb", "{}", "' OR 1=1 --"])
def test_no_word_breaks_anything(column: str, text: str) -> None:
    understand(Word(key="k", column=column, text=text))
