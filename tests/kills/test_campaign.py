"""A `once` that is killed around an enrolment or a stop enrols nobody twice, and stops once."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from tests.kills.campaign import CampaignDay
from tests.kills.nursery import Nursery
from tests.kills.workday import Workday, assert_nobody_twice, workday

pytestmark = [
    pytest.mark.skipif(os.name != "posix", reason="processes are forked and killed by signal 9"),
    pytest.mark.timeout(3600),
]

ENROL = "POST /api/public/campaign/*"
"""`AddLeadsToCampaignV2`: what looks like an id is none of a boundary's name."""
STOP = "POST /api/public/campaign/StopLeadInCampaign"
CALLS_MOST = 20
"""Calls until every doubt is settled: each looks once, some of the department's minutes apart."""
_DOUBTS = (
    "SELECT count(*) FROM deliveries WHERE kind IN ('enrolment', 'stop')"
    " AND state IN ('claimed', 'attempted', 'uncertain')"
)
_ALLOCATED = "SELECT count(*) FROM leads WHERE contact_status IN ('Allocated', 'Uncertain')"


def call_to_the_end(day: Workday) -> None:
    """Outreach is called until nobody waits for it."""
    for _ in range(CALLS_MOST):
        day.succeeds("once", "--task", "outreach")
        if not any(count for sql in (_DOUBTS, _ALLOCATED) for ((count,),) in [day.rows(sql)]):
            return
    raise AssertionError(day.rows("SELECT kind, state, detail FROM deliveries"))


@pytest.mark.parametrize("moment", ["unsent", "sent", "answered"])
def test_a_death_around_an_enrolment_enrols_nobody_twice(
    tmp_path: Path, warm: Nursery, moment: str
) -> None:
    with workday(tmp_path, warm, kind=CampaignDay) as day:
        day.succeeds("once", "--task", "allocate")
        dying = day.start("once", "--task", "outreach", at=f"{moment} {ENROL}")
        assert dying.wait() == -signal.SIGKILL, dying.said
        call_to_the_end(day)
        record = day.record()
        enrolled = [act["slug"] for act in record["acts"] if act["kind"] == "enrolment"]
        assert len(enrolled) == len(set(enrolled)) >= 3
        assert_nobody_twice(record)
        day.succeeds("journal", "verify")


@pytest.mark.parametrize("moment", ["unsent", "sent", "answered"])
def test_a_death_around_a_stop_ends_in_one_stop(tmp_path: Path, warm: Nursery, moment: str) -> None:
    with workday(tmp_path, warm, kind=CampaignDay) as day:
        day.succeeds("once", "--task", "allocate")
        call_to_the_end(day)
        ((lead,), *_) = day.rows(
            "SELECT id FROM leads WHERE contact_status IN ('Enrolled', 'Message Sent') ORDER BY id"
        )
        day.succeeds("leads", "stage", lead, "Lost")
        dying = day.start("once", "--task", "outreach", at=f"{moment} {STOP}")
        assert dying.wait() == -signal.SIGKILL, dying.said
        call_to_the_end(day)
        stops = [act for act in day.record()["acts"] if act["kind"] == "stop"]
        assert len(stops) == 1
        assert_nobody_twice(day.record())
        day.succeeds("journal", "verify")
