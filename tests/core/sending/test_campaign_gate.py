"""Nothing goes out for an event that is over, too near, or that nobody has set up."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingagents.core.sending.campaign_gate import Bar, CampaignGate

EVENT = date(2027, 5, 20)
UNSIGNED = Bar(kind="unready", what="nobody signs", remedy="set campaign.sender_name")


def gate(**changes) -> CampaignGate:
    fields = {"event_date": EVENT, "stop_days_before": 14, "timezone": "Europe/Berlin"}
    return CampaignGate(**{**fields, **changes})


@pytest.mark.parametrize(
    ("moment", "stop", "first", "later"),
    [
        ("2027-05-05T12:00+02:00", 14, None, None),
        ("2027-05-06T12:00+02:00", 14, None, None),
        ("2027-05-07T12:00+02:00", 14, "near", None),
        ("2027-05-20T23:59+02:00", 14, "near", None),
        ("2027-05-21T00:00+02:00", 14, "over", "over"),
        ("2027-05-20T23:00+00:00", 14, "over", "over"),  # one o'clock of the next day in Berlin
        ("2027-05-20T12:00+02:00", 0, None, None),
        ("2027-05-19T12:00+02:00", 1, None, None),
        ("2027-05-20T12:00+02:00", 1, "near", None),
        ("2031-01-01T00:00+00:00", 0, "over", "over"),
    ],
)
def test_the_senders_day_decides(moment: str, stop: int, first: str, later: str) -> None:
    now = datetime.fromisoformat(moment)
    for first_touch, wanted in ((True, first), (False, later)):
        bar = gate(stop_days_before=stop).bar(now, first_touch=first_touch)
        assert (bar.kind if bar else None) == wanted


def test_another_zone_has_another_day() -> None:
    now = datetime(2027, 5, 20, 23, 0, tzinfo=UTC)
    assert gate(timezone="America/New_York", stop_days_before=0).bar(now) is None
    assert gate(timezone="Europe/Berlin", stop_days_before=0).bar(now) is not None


def test_what_is_not_set_bars_everything_and_a_past_event_is_said_first() -> None:
    unready = gate(unready=(UNSIGNED,))
    assert unready.bar(datetime(2027, 1, 1, tzinfo=UTC)) == UNSIGNED
    assert unready.bar(datetime(2027, 1, 1, tzinfo=UTC), first_touch=False) == UNSIGNED
    over = unready.bar(datetime(2028, 1, 1, tzinfo=UTC))
    assert over is not None
    assert over.kind == "over"


def test_an_event_without_a_day_is_never_over() -> None:
    assert gate(event_date=None).bar(datetime(2099, 1, 1, tzinfo=UTC)) is None
    assert gate(event_date=None, unready=(UNSIGNED,)).bar(datetime(2099, 1, 1, tzinfo=UTC))


@given(st.integers(min_value=-900, max_value=900), st.integers(min_value=0, max_value=366))
def test_every_bar_says_what_to_set(days: int, stop: int) -> None:
    now = datetime(2027, 5, 20, 10, tzinfo=UTC) + timedelta(days=days)
    bar = gate(stop_days_before=stop).bar(now)
    if bar is not None:
        assert "campaign." in str(bar)
        assert bar.to_alert().detail == str(bar)
    assert (bar is None) == (days <= -stop and days <= 0)
