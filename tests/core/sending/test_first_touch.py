"""Where the few notes of a seat go: to the best, not all at once, and never more than there are."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingagents.core.sending.first_touch import (
    FREE_NOTES,
    LONGEST_MONTH,
    FirstTouch,
    Notes,
    Touch,
    first_touch,
    month_of,
    notes_of,
    rarely_accepts,
    worth_of,
)
from ingagents.model import Lead
from tests.factories import a_lead, a_profile

BERLIN = "Europe/Berlin"
NOW = datetime(2027, 2, 26, 9, 0, tzinfo=UTC)
"""Late in the month: nothing is kept any more."""


_NUMBERS = count()


def lead(score: float = 7.0, **profile: Any) -> Lead:
    shown = a_profile(**{"network_distance": 2, "follower_count": 0, **profile})
    return a_lead(id=f"lead-{next(_NUMBERS)}", quality_score=score, profile=shown)


def notes(used: int = 0, seat: str = "free", **changes: Any) -> Notes:
    fields: dict[str, Any] = {"spent_at": None, "now": NOW, "timezone": BERLIN}
    given = {**fields, "written": [changes.get("now", NOW)] * used, **changes}
    return notes_of(seat, **given)  # type: ignore[arg-type]


def touch(one: Lead | None = None, rule: FirstTouch = "auto", **changes: Any) -> Touch:
    given_notes = changes.pop("notes", notes())
    now = changes.pop("now", NOW)
    return first_touch(one or lead(), rule, given_notes, now=now, **changes)


@pytest.mark.parametrize(
    ("changes", "noted", "says"),
    [
        ({"notes": notes(seat="premium")}, True, "may all carry a note"),
        ({"notes": notes(400, seat="premium")}, True, "may all carry a note"),
        ({"notes": notes(seat="premium"), "rule": "bare"}, False, "first_touch"),
        ({"notes": notes(seat="premium"), "refused_noted": True}, False, "once more without"),
        ({}, True, "5 of the month's 5 notes left"),
        ({"rule": "bare"}, False, "first_touch"),
        ({"rule": "note"}, True, "first_touch"),
        ({"rule": "note", "refused_noted": True}, False, "once more without"),
        ({"notes": notes(5)}, False, "the month's 5 notes are spent"),
        ({"notes": notes(9)}, False, "the month's 9 notes are spent"),
        ({"notes": notes(5), "rule": "note"}, False, "notes are spent"),
        ({"notes": notes(2, spent_at=NOW)}, False, "2 notes are spent, as LinkedIn showed"),
        ({"notes": notes(9, "premium", spent_at=NOW)}, False, "as LinkedIn showed"),
        ({"notes": notes(2, spent_at=NOW - timedelta(days=40))}, True, "3 of the month's 5"),
        ({"approved": True, "waiting": [lead(9)] * 9}, True, "a human approved the text"),
        ({"approved": True, "notes": notes(5)}, False, "spent"),
        ({"waiting": [lead(9)] * 4}, True, "the best lead for one"),
        ({"waiting": [lead(9)] * 5}, False, "5 better leads"),
        ({"waiting": [lead(7)] * 9}, True, "the best lead"),
    ],
)
def test_a_note_is_written_where_it_pays_and_the_reason_is_told(
    changes: dict[str, Any], noted: bool, says: str
) -> None:
    found = touch(**changes)
    assert found.noted is noted
    assert says in found.reason


def test_whoever_rarely_accepts_without_a_note_goes_first_and_it_is_said() -> None:
    stranger, famous = lead(7, network_distance=3), lead(7, follower_count=40_000)
    assert worth_of(stranger) == worth_of(famous) == 8
    waiting = [lead(7.5)] * 9
    assert not touch(lead(7), waiting=waiting).noted
    assert "nobody we both know" in touch(stranger, waiting=waiting).reason
    assert "40000 follow them" in touch(famous, waiting=waiting).reason
    assert not rarely_accepts(lead(7))


def test_some_notes_are_kept_for_the_rest_of_the_month() -> None:
    begins, ends = month_of(NOW, BERLIN)
    written = [0] * 28
    used = 0
    for day in range(28):
        now = begins + timedelta(days=day, hours=10)
        while touch(now=now, notes=notes(used, now=now)).noted:
            used += 1
            written[day] += 1
    assert used == FREE_NOTES
    assert max(written) == 1
    late = begins + timedelta(days=20)
    kept = touch(now=begins + timedelta(hours=9), notes=notes(1, now=begins))
    assert "kept for the rest of the month" in kept.reason
    assert notes(0, now=late).free_at(late) == 4
    assert ends == month_of(ends - timedelta(seconds=1), BERLIN)[1]


@pytest.mark.parametrize(
    ("zone", "at", "begins", "ends"),
    [
        (BERLIN, "2027-02-26T09:00", "2027-01-31T23:00", "2027-02-28T23:00"),
        (BERLIN, "2027-03-31T21:59", "2027-02-28T23:00", "2027-03-31T22:00"),
        (BERLIN, "2027-12-31T23:30", "2027-12-31T23:00", "2028-01-31T23:00"),
        ("America/Havana", "2027-01-01T04:59", "2026-12-01T05:00", "2027-01-01T05:00"),
    ],
)
def test_a_month_is_the_accounts_calendar_month(zone: str, at: str, begins: str, ends: str) -> None:
    moment, first, after = (
        datetime.fromisoformat(one).replace(tzinfo=UTC) for one in (at, begins, ends)
    )
    assert month_of(moment, zone) == (first, after)


@settings(max_examples=100, deadline=None)
@given(
    start=st.integers(0, 60 * 24).map(lambda hours: NOW + timedelta(hours=hours)),
    scores=st.lists(st.floats(1, 10), min_size=1, max_size=60),
    allowed=st.integers(0, 7),
    zone=st.sampled_from([BERLIN, "UTC", "Asia/Kathmandu"]),
)
def test_a_free_seat_writes_at_most_its_notes_a_month_whatever_linkedin_allows(
    start: datetime, scores: list[float], allowed: int, zone: str
) -> None:
    """Ten people a day; a note that LinkedIn refuses goes bare, and then the notes are spent."""
    written: list[datetime] = []
    used: dict[int, int] = {}
    refused: dict[int, datetime] = {}
    people = [lead(score) for score in scores]
    for number, one in enumerate(people):
        now = start + timedelta(days=number // 10, minutes=number % 10)
        month = now.astimezone(ZoneInfo(zone)).month
        of_month = notes_of(
            "free",
            written=[at for at in written if at >= now - LONGEST_MONTH],
            spent_at=refused.get(month),
            now=now,
            timezone=zone,
        )
        best = sorted(people[number:], key=worth_of, reverse=True)[:FREE_NOTES]
        if first_touch(one, "auto", of_month, now=now, waiting=best).noted:
            assert month not in refused, "spent notes are not tried again in their month"
            assert sum(worth_of(other) > worth_of(one) for other in people[number:]) < FREE_NOTES
            if used.get(month, 0) < allowed:
                used[month] = used.get(month, 0) + 1
                written.append(now)
            else:
                refused[month] = now
    assert all(count <= min(FREE_NOTES, allowed) for count in used.values())
    ahead = zip(written, written[FREE_NOTES:], strict=False)
    assert all(after - before > LONGEST_MONTH for before, after in ahead)


def test_notes_of_the_last_days_of_a_month_are_missing_in_the_next_and_come_back_one_by_one() -> (
    None
):
    begins, _ = month_of(NOW, BERLIN)
    written = [begins - timedelta(days=days) for days in (5, 4, 3, 2, 1)]
    spent = notes(written=written)
    assert (spent.used, spent.left, spent.frees_at) == (5, 0, written[0] + LONGEST_MONTH)
    assert not touch(rule="note", notes=spent).noted
    later = written[0] + LONGEST_MONTH + timedelta(hours=1)
    assert notes(written=written[1:], now=later).left == 1
