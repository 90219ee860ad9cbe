"""Words under Approve and Veto: each column has its own, and doubt never sends."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingagents.core.sheet.answers import read_approval, read_veto

YES = """yes Yes YES yes! yes. TRUE 1 ok OK okay approve approved go send fine LGTM ✓ ✅ 👍 👍🏽 ✔️ ja
Ja! oui sí si sim da tak ano kyllä igen evet ναι да так はい 是 freigegeben einverstanden ＹＥＳ"""
NO = """no No NO no! nope nein Nein! nee nej nei non não nie ne нет όχι hayır nem ei FALSE 0 - – stop
STOP Stop! veto never reject rejected declined 👎 ❌ ✗ ⛔ niemals jamais nunca nooit aldrig nigdy"""


@pytest.mark.parametrize("cell", YES.split())
def test_a_plain_yes_lets_the_text_go(cell: str) -> None:
    assert read_approval(cell) == "approve"


@pytest.mark.parametrize(
    "cell",
    ["yes please", "ja bitte", "oui, merci", "Yes, thanks!", "go ahead", "ok, send it", "ja, senden",
     "looks good", "in Ordnung", "d’accord", "  yes  ", "yes\n", "ja tak"],
)  # fmt: skip
def test_a_yes_in_several_words_is_one(cell: str) -> None:
    assert read_approval(cell) == "approve"


@pytest.mark.parametrize("cell", NO.split())
def test_a_plain_no_rejects_the_text(cell: str) -> None:
    assert read_approval(cell) == "reject"


@pytest.mark.parametrize(
    "cell",
    ["don't send", "don’t send!", "dont send", "do not send", "no way", "NO WAY!!", "nein danke",
     "no thanks", "please stop", "nicht senden", "ne pas envoyer", "nej tak", "not ok", "no, stop"],
)  # fmt: skip
def test_a_no_in_several_words_is_one(cell: str) -> None:
    assert read_approval(cell) == "reject"


@pytest.mark.parametrize(
    "cell",
    ["?", "yes?", "no?", "ok?", "not yet", "later", "maybe", "wait", "hold", "x", "yes no", "yes/no",
     "yes but shorter", "ja, aber kürzer", "not yes", "yes to the other one", "no problem", "tbd",
     "ask Kim", "Kim", "2", "yesterday", "okay-ish", "do not say yes", "=yes", "y e s", "yes " * 40,
     "ok with the first, not this", "approve nothing", "approved by nobody", "send later",
     "send to Lee instead", "don't approve", "unapproved", "nicht ok"],
)  # fmt: skip
def test_what_is_not_plainly_yes_lets_nothing_go(cell: str) -> None:
    assert read_approval(cell) != "approve"


@pytest.mark.parametrize(
    "cell", ["", " ", "no", "No", "NO.", "nein", "non", "nej", "нет", "FALSE", "0", "-", "n/a"]
)
def test_a_plain_no_is_no_veto(cell: str) -> None:
    assert read_veto(cell) == "clear"


@pytest.mark.parametrize(
    "cell",
    ["yes", "Yes!", "ja bitte", "x", "X", "1", "TRUE", "✓", "stop", "please stop", "veto", "VETO!",
     "do not contact", "Don’t contact", "never", "block", "auf keinen Fall", "oui", "🚫"],
)  # fmt: skip
def test_a_plain_veto_is_for_good(cell: str) -> None:
    assert read_veto(cell) == "veto"


@pytest.mark.parametrize(
    "cell",
    ["competitor", "my ex-boss", "ok", "?", "no?", "no thanks", "no no no", "nein danke", "nie",
     "not yet", "wait until May", "Kim knows her", "ask me first", "no, she is a customer", "❌", "👎",
     "2", "maybe", "nope, do not write", "not a veto", "x" * 500, "konkurrent", "…", "#N/A"],
)  # fmt: skip
def test_anything_else_under_veto_holds_the_person(cell: str) -> None:
    assert read_veto(cell) == "hold"


@pytest.mark.parametrize("word", ["ok", "yes", "ja", "send", "no", "stop"])
@pytest.mark.parametrize("doubt", ["{}...", "{}…", "{} ..", "...{}"])
def test_who_trails_off_is_in_doubt(word: str, doubt: str) -> None:
    cell = doubt.format(word)
    assert (read_approval(cell), read_veto(cell)) == ("unclear", "hold")


@given(st.text(max_size=200))
def test_no_text_is_both_a_go_and_a_stop(cell: str) -> None:
    """What approves never clears a person at the same time as it stops one, and the reverse."""
    approval, veto = read_approval(cell), read_veto(cell)
    assert not (approval == "reject" and read_approval(cell + "?") == "approve")
    if approval == "approve":
        assert veto != "clear"


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz ", min_size=3, max_size=40))
def test_a_yes_beside_words_that_are_no_politeness_is_no_yes(rest: str) -> None:
    said = f"yes unless {rest}"
    assert read_approval(said) == "unclear"
