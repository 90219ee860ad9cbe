"""Cells that no spreadsheet takes for a formula, and back."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingagents.core.text.csv_injection import neutral_cell, original_cell
from ingagents.model import ContactStatus


@pytest.mark.parametrize(
    "value",
    [
        "=1+1",
        "+1+1",
        "-2+3",
        "@SUM(A1)",
        "=cmd|' /C calc'!A0",
        " =1+1",
        "\n=1+1",
        "\t=1+1",
        "\tplain",
        "\r=1",
        "\ufeff=1",
        "\u200b=1",
        "\u3000＝1",
        "'=1+1",
        "’=1+1",
        "＝1+1",
        "＋1",
        "－1+1",
        "＠A",
        "–1+1",
        "−1+1",
        "+49 30 1234",
        "@ada",
        "- Head of sales",
        " " * 5000 + "=1",
    ],
)
def test_a_cell_that_could_be_a_formula_gets_an_apostrophe(value: str) -> None:
    assert neutral_cell(value).startswith("'")
    assert original_cell(neutral_cell(value)) == value.replace("\r", "\n")


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (None, ""),
        ("", ""),
        ("-", "-"),
        (-5, "-5"),
        (-5.25, "-5.25"),
        ("-12.50", "-12.50"),
        (7.0, "7.0"),
        (True, "true"),
        ("CTO @ Acme | ex-Zeta", "CTO @ Acme | ex-Zeta"),
        ("'tis a company", "'tis a company"),
        ("Fine ;-)", "Fine ;-)"),
        ("100% remote", "100% remote"),
        (ContactStatus.NOT_CONTACTED, "Not Contacted"),
        (datetime(2027, 5, 20, 9, tzinfo=UTC), "2027-05-20T09:00:00+00:00"),
        (["a", "b"], "a; b"),
        ({"a": 1}, '{"a":1}'),
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("a\x00b\ud800", "a\ufffdb\ufffd"),
    ],
)
def test_other_values_stay_readable(value: object, cell: str) -> None:
    assert neutral_cell(value) == cell


@pytest.mark.parametrize("value", ["x;=1+1", "x\t=1", "x\n@A", ["a", "=1"], "x; '=1"])
def test_a_formula_behind_another_delimiter_is_neutralised_too(value: object) -> None:
    """A spreadsheet set to semicolons splits our cells where we did not."""
    cell = neutral_cell(value)
    assert not any(
        part.lstrip().startswith(("=", "@"))
        for separator in ";\t\n"
        for part in cell.split(separator)
    )


@given(st.text(alphabet=st.sampled_from(list("=+-@;'\t\n ax1＝\u200b)")), max_size=12))
def test_neutralising_is_undone_exactly(text: str) -> None:
    assert original_cell(neutral_cell(text)) == text


def test_neutralising_long_hostile_text_ends() -> None:
    for text in ("\n" * 200_000, ";'" * 200_000, " '" * 200_000, "\n=" * 100_000):
        original_cell(neutral_cell(text))
