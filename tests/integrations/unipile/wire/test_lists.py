"""Pages of Unipile's lists: items, cursor and total."""

from __future__ import annotations

import pytest

from ingagents.errors import BadAnswer
from ingagents.integrations.unipile.wire.lists import items_of, parameter_ids_of


@pytest.mark.parametrize(
    ("cursor", "expected"),
    [("abc", "abc"), (None, None), ("", None), (7, "7"), ("a/b?c=%2f&..", "a/b?c=%2f&..")],
)
def test_the_cursor_of_a_page_is_text_or_none(cursor, expected):
    assert items_of({"items": [], "cursor": cursor}).cursor == expected


@pytest.mark.parametrize("cursor", [[], {}, True, 1.5, "a\x00", "a\nb", "x" * 30_000])
def test_a_list_that_does_not_say_where_it_goes_on_is_not_at_its_end(cursor):
    with pytest.raises(BadAnswer):
        items_of({"items": [], "cursor": cursor})


@pytest.mark.parametrize(
    ("paging", "total"),
    [({"total_count": 7}, 7), ({"total_count": None}, None), (None, None), ({}, None)],
)
def test_the_total_is_unknown_unless_told(paging, total):
    assert items_of({"items": [], "paging": paging}).total == total


def test_an_unreadable_item_does_not_stop_the_page():
    assert items_of({"items": [None, {"id": 1}]}).items == [None, {"id": 1}]


@pytest.mark.parametrize(
    ("term", "ids"),
    [
        ("Software Development", ("4",)),
        (" software development ", ("4",)),
        ("software", ("4", "5")),
        ("Farming", ()),
    ],
)
def test_a_filter_term_finds_its_own_title_first(term, ids):
    items = [
        {"id": "5", "title": "Embedded Software Products"},
        {"id": 4, "title": "Software Development"},
        {"id": None, "title": "Software"},
        None,
    ]
    assert set(parameter_ids_of({"items": items}, term)) == set(ids)
