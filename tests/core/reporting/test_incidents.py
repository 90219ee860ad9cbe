"""What stopped, and what was kept from happening, in the report's words."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from ingagents.core.reporting.incidents import STOPPED_TYPES, Outage, stopped

LOST = datetime(2027, 3, 1, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("until", "lasted"),
    [
        (None, "2027-03-01 10:00 CET on, and the rules decided: no answer."),
        (
            datetime(2027, 3, 2, 11, tzinfo=UTC),
            "2027-03-01 10:00 CET to 2027-03-02 12:00 CET, and the rules decided: no answer.",
        ),
    ],
)
def test_an_outage_is_told_in_the_campaigns_zone_with_its_reason(
    until: datetime | None, lasted: str
) -> None:
    outage = Outage(since=LOST, until=until, reason="no answer")
    assert outage.sentence(ZoneInfo("Europe/Berlin")) == (
        f"No language model gave an answer of use from {lasted}"
    )


def test_what_was_kept_from_happening_is_told_even_when_it_was_nothing() -> None:
    assert [one.count for one in stopped({})] == [0, 0, 0]
    counts = {kind: number for number, kind in enumerate(STOPPED_TYPES, start=1)}
    assert [one.count for one in stopped(counts)] == [1, 2, 3]
    assert len({one.what for one in stopped(counts)}) == 3
