"""The sheet's layout holds together: headers, owners, marks."""

from __future__ import annotations

import pytest

from ingagents.core.sheet.edits import COUNTERPARTS
from ingagents.core.sheet.layout import ANSWER, LEADS, MARKS, layouts
from ingagents.model.spreadsheet import Tab

TABS = {tab.kind: tab for tab in layouts("People")}


def test_the_tab_of_leads_has_the_title_that_was_chosen_and_the_others_their_own() -> None:
    titles = [tab.title for tab in TABS.values()]
    assert titles == ["People", "Review", "Replies", "Report", "Conflicts", "Facts"]


@pytest.mark.parametrize("tab", TABS.values(), ids=TABS.keys())
def test_no_tab_has_two_columns_of_a_name_or_a_key_that_people_own(tab: Tab) -> None:
    names = [column.name for column in tab.columns]
    assert len(set(names)) == len(names)
    assert tab.key not in tab.human
    assert {tab.key, *tab.machine, *tab.human} == set(names)


def test_what_people_use_comes_first_and_what_is_technical_last_and_narrow() -> None:
    columns = TABS[LEADS].columns
    assert [one.name for one in columns[:5]] == ["Name", "Status", "Stage", "Owner", "Next date"]
    for tab in TABS.values():
        if tab.kind not in {"report", "facts"}:
            narrow = [one.name for one in tab.columns if one.width <= 50]
            assert tab.key in narrow
            assert [one.name for one in tab.columns[-len(narrow) :]] == narrow


def test_every_pin_is_another_and_always_the_same() -> None:
    pins = [tab.pin(column.name) for tab in TABS.values() for column in tab.columns]
    assert len(set(pins)) == len(pins)
    assert all(0 < pin < 2**31 for pin in pins)
    assert layouts("Other")[0].pin("Name") == TABS[LEADS].pin("Name")


def test_what_the_rules_speak_of_is_there() -> None:
    for kind, pairs in MARKS.items():
        assert {name for pair in pairs for name in pair} <= set(TABS[kind].machine)
    assert set(COUNTERPARTS) <= set(TABS[LEADS].human)
    assert {*COUNTERPARTS.values(), ANSWER} <= set(TABS[LEADS].machine)


def test_only_tabs_with_words_of_people_need_to_know_a_row_without_its_key() -> None:
    words = {kind for kind, tab in TABS.items() if tab.human} - {"facts"}  # whose ids people give
    assert words == set(MARKS)
