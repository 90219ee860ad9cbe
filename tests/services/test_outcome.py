"""What one job came to for several accounts."""

from __future__ import annotations

from datetime import UTC, datetime

from ingagents.errors import TryLater
from ingagents.services.outcome import Outcome, together

SOON = datetime(2027, 3, 1, 9, tzinfo=UTC)
LATER = datetime(2027, 3, 1, 17, tzinfo=UTC)


def test_one_is_told_as_it_is() -> None:
    alone = Outcome(summary="3 sent", figures={"sent": 3})
    assert together({"seat-1": alone}) is alone


def test_several_are_counted_together_and_told_under_their_names() -> None:
    down = TryLater("LinkedIn does not answer", "it is tried again")
    ended = together(
        {
            "seat-1": Outcome(
                summary="3 sent",
                figures={"sent": 3, "texts": ["a"]},
                waits_until=LATER,
                waits_for="the day",
            ),
            "seat-2": Outcome(
                summary="nothing sent",
                figures={"sent": 0, "texts": ["b"]},
                waits_until=SOON,
                waits_for="a pause",
                error=down,
            ),
        }
    )
    assert ended.summary == "seat-1: 3 sent; seat-2: nothing sent"
    assert ended.figures == {"sent": 3, "texts": ["a", "b"]}
    assert (ended.waits_until, ended.waits_for) == (SOON, "a pause")
    assert ended.error is down
