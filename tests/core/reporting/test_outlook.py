"""How long who is there will last, and days on which nothing went on."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec
import pytest

from ingagents.core.reporting.daily_metrics import DayFigures
from ingagents.core.reporting.outlook import Outlook, find_idleness, say_outlook


def outlook(**known: Any) -> Outlook:
    return Outlook(**{"allocated": 0, "in_store": 0, "room": 50, "searched": True, **known})


def day(**counts: int) -> DayFigures:
    return msgspec.structs.replace(
        DayFigures.empty(date(2027, 2, 8)), **{"total_leads": 9, **counts}
    )


@pytest.mark.parametrize(
    ("stands", "said"),
    [
        (
            {"allocated": 30, "in_store": 90, "room": 100},
            "are in store: enough for the coming week, as only 100 people can be written to",
        ),
        ({"allocated": 1, "room": 9}, "1 lead is allocated, 0 more are in store, and 9 people"),
        ({"in_store": 4, "room": 9}, "5 more are searched for."),
        ({"in_store": 4, "exhausted": True}, "the search has shown everybody it finds: widen"),
        (
            {"allocated": 9, "room": 0, "held": "the week's limit of 100 is used up"},
            "room for nobody in the coming week: the week's limit of 100 is used up.",
        ),
    ],
)
def test_what_is_foretold_knows_limits_holds_and_an_exhausted_search(
    stands: dict[str, Any], said: str
) -> None:
    assert said in say_outlook(outlook(**stands))


@pytest.mark.parametrize(
    ("counts", "stands", "cause"),
    [
        ({}, {"held": "outreach is paused (by Kim)"}, "paused (by Kim)"),
        ({"needs_review": 3}, {}, "3 leads wait for your review"),
        ({"needs_review": 7}, {}, "7 leads wait for your review"),
        ({"errors": 1}, {}, "1 thing failed"),
        ({}, {}, "no cause is known"),
        ({}, {"last_pass": "waits: outside working hours"}, "says: waits: outside working hours"),
    ],
)
def test_a_working_day_with_allocated_leads_and_nothing_sent_is_an_alert_with_its_cause(
    counts: dict[str, int], stands: dict[str, Any], cause: str
) -> None:
    figures = day(queue_size=7 - counts.get("needs_review", 0), **counts)
    (alert,) = find_idleness(figures, outlook(allocated=7, **stands), worked=True, over=True)
    assert alert.metric == "nothing_sent"
    assert alert.detail.startswith("7 leads were allocated on 2027-02-08 and nothing was sent: ")
    assert cause in alert.detail


@pytest.mark.parametrize(
    ("stands", "cause"),
    [
        ({"exhausted": True}, "widen lead_finder.search_criteria"),
        ({}, "the last search found nobody good enough"),
        ({"searched": False}, "no search has run yet"),
    ],
)
def test_nobody_left_to_allocate_is_an_alert_with_its_cause(
    stands: dict[str, Any], cause: str
) -> None:
    (alert,) = find_idleness(day(), outlook(**stands), worked=True, over=False)
    assert alert.metric == "nothing_to_allocate"
    assert cause in alert.detail


@pytest.mark.parametrize(
    ("counts", "stands", "worked", "over"),
    [
        ({"queue_size": 7, "messages_sent": 1}, {"allocated": 7}, True, True),
        ({"queue_size": 7}, {"allocated": 7}, True, False),
        ({}, {}, False, False),
        ({}, {"room": 0}, True, True),
        ({}, {"in_store": 1}, True, True),
        ({"total_leads": 0}, {"searched": False}, True, True),
    ],
)
def test_a_day_on_its_way_or_without_room_is_no_alert(
    counts: dict[str, int], stands: dict[str, Any], worked: bool, over: bool
) -> None:
    assert find_idleness(day(**counts), outlook(**stands), worked=worked, over=over) == ()
