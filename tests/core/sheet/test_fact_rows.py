"""Facts as rows: they come back as they were, and of two sides that changed neither is lost."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingagents.core.sheet.fact_rows import Cells, cells_of, is_cleared, merge, table_of
from ingagents.core.text.csv_injection import original_cell
from ingagents.model import Fact, FactSheet
from ingagents.settings.facts import facts_as_toml, parse_fact, parse_facts

_WORDS = st.from_regex(r"[A-Za-zÄäß€\"'\\=+@-][\w \"'\\.€=;-]{0,40}[\w.]", fullmatch=True)
_ASKS = st.from_regex(r"\w[\w -]{0,20}\w", fullmatch=True)
_DAYS = st.none() | st.dates(date(2026, 1, 1), date(2028, 12, 31))
FACTS = st.builds(
    Fact,
    id=st.from_regex(r"[a-z][a-z0-9.-]{0,20}", fullmatch=True),
    text=st.builds(lambda one: {"": one}, _WORDS)
    | st.dictionaries(st.sampled_from(["en", "de", "fr"]), _WORDS, min_size=1),
    link=st.sampled_from(["", "https://ing.example/a?b=c"]),
    kinds=st.lists(st.sampled_from(["Speaker", "Sponsor", "Other"]), unique=True).map(tuple),
    asks=st.lists(_ASKS, max_size=3).map(tuple),
    since=_DAYS,
    until=_DAYS,
)


def plain(fact: Fact) -> Fact:
    """The fact as it is read: on one line."""
    told = parse_fact(
        table_of(fact.id, {name: original_cell(text) for name, text in cells_of(fact)})
    )
    assert isinstance(told, Fact), told
    return told


@given(fact=FACTS)
def test_a_fact_comes_back_from_its_row_and_from_its_file(fact: Fact) -> None:
    once = plain(fact)
    assert cells_of(plain(once)) == cells_of(once)
    assert (once.kinds, once.link, once.since, once.until) == (
        fact.kinds, fact.link, fact.since, fact.until,
    )  # fmt: skip
    sheet = FactSheet(facts=(once,), booking={'Kim\'s "desk"': "https://cal.example/kim"})
    assert parse_facts(facts_as_toml(sheet, before="# Ours.\n\n[[fact]]\n# gone"), "it") == sheet


def test_the_comments_above_the_first_table_stay() -> None:
    text = facts_as_toml(FactSheet(), before="# one\n\n# two\n[[fact]]\n# three\nid = 'x'\n")
    assert text == "# one\n\n# two\n"


A, B, C = (("Text", "a"),), (("Text", "b"),), (("Text", "c"),)


@pytest.mark.parametrize(
    ("row", "kept", "before", "becomes"),
    [
        (A, A, None, "agreed"), (A, A, B, "agreed"), (None, None, A, "gone"),
        (B, A, A, "to_file"), (A, None, None, "to_file"), (None, A, A, "removed"),
        (None, A, None, "to_tab"), (A, B, A, "over to_tab"), (B, C, A, "over to_tab"),
        (A, None, A, "over"), (B, None, A, "over"), (None, B, A, "to_tab"), (A, B, None, "over to_tab"),
    ],
)  # fmt: skip
def test_who_changed_it_decides_and_nothing_is_written_over(
    row: Cells | None, kept: Cells | None, before: Cells | None, becomes: str
) -> None:
    def one(cells: Cells | None) -> dict[str, Cells]:
        return {} if cells is None else {"f": cells}

    found = merge(one(row), one(kept), one(before), unread=())
    sides = {name for name in ("to_file", "removed", "to_tab", "over") if getattr(found, name)}
    assert sides == set(becomes.split()) - {"agreed", "gone"}
    if becomes == "agreed":
        assert found.base == {"f": A}
    unread = merge(one(row), one(kept), one(before), unread={"f"})
    assert not any((unread.to_file, unread.removed, unread.to_tab, unread.over))
    assert unread.base == one(before)


def test_a_tab_without_any_of_several_facts_was_cleared_and_one_fact_may_be_deleted() -> None:
    assert is_cleared([], {"a", "b"})
    assert is_cleared(["c"], {"a", "b"})
    assert not is_cleared(["a"], {"a", "b"})
    assert not is_cleared([], {"a"})
