"""What happened to a person, in sentences: every event about one, and every factor of a decision."""

from __future__ import annotations

import pytest

from ingagents.core.why.story import tell
from ingagents.events import DecisionMade, Event, TeamNotified, event_type
from ingagents.model import Reason
from tests.factories import a_decision
from tests.test_events import FULL, LEAD

ABOUT_ONE = [one for one in FULL if getattr(one, "lead_id", None)]
UNTOLD = (TeamNotified,)


@pytest.mark.parametrize("event", ABOUT_ONE, ids=event_type)
def test_every_event_about_a_person_is_told_in_a_sentence(event: Event) -> None:
    told = tell(event)
    assert bool(told) is not isinstance(event, UNTOLD)
    assert all(line.strip() and "\n" not in line for line in told)


def test_a_decision_tells_each_factor_with_its_evidence_and_weight() -> None:
    reasons = (Reason(why="leads a company", evidence="CEO", weight=2.5), Reason(why="far away"))
    told = tell(DecisionMade(lead_id=LEAD, decision=a_decision(reasons=reasons)))
    assert told[1:] == ('leads a company ["CEO"] (+2.50)', "far away")
