"""A process that dies at any boundary of its day repeats nothing and loses nothing.

Here every sort of boundary once; `make kills` dies at every single one.
"""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from tests.kills.deaths import Fresh, die_at_every_sort, sqlite
from tests.kills.nursery import Nursery
from tests.kills.phases import APPROVED, PHASES, begun
from tests.kills.team import CHANNELS
from tests.kills.workday import workday

pytestmark = [
    pytest.mark.skipif(os.name != "posix", reason="processes are forked and killed by signal 9"),
    pytest.mark.timeout(3600),
]

MUST_DIE_AT = (
    "uncommitted deliveries+ journal+decision_made journal+delivery_claimed leads~",
    "committed deliveries+ journal+decision_made journal+delivery_claimed leads~",
    "uncommitted deliveries~ journal+message_sent leads~ reviews-",
    "committed deliveries~ journal+message_sent leads~ reviews-",
    "unsent POST /api/v1/users/invite",
    "sent POST /api/v1/users/invite",
    "answered POST /api/v1/users/invite",
    "unsent POST /api/v1/chats",
    "sent POST /api/v1/chats",
    "answered POST /api/v1/chats",
    "unsent DELETE /api/v1/users/invite/sent/*",
    "sent DELETE /api/v1/users/invite/sent/*",
    "answered DELETE /api/v1/users/invite/sent/*",
    "uncommitted deliveries~ journal+invitation_withdrawn leads~",
    "committed deliveries~ journal+invitation_withdrawn leads~",
    "unsent POST /api/public/campaign/*",
    "sent POST /api/public/campaign/*",
    "answered POST /api/public/campaign/*",
    "unsent POST /api/public/campaign/StopLeadInCampaign",
    "sent POST /api/public/campaign/StopLeadInCampaign",
    "answered POST /api/public/campaign/StopLeadInCampaign",
    "unsent MAIL",
    "answered MAIL",
    *(f"{kind} POST /{channel}" for channel in CHANNELS for kind in ("unsent", "sent", "answered")),
    "committed deliveries+",
    "uncommitted deliveries~ journal+team_notified",
    "committed deliveries~ journal+team_notified",
    "uncommitted deliveries~ journal+message_sent leads~ reviews- reviews~",
    "committed deliveries~ journal+message_sent leads~ reviews- reviews~",
)
"""The last are the claim and the outcome of a notice, and the outcome of an approved answer."""


AN_ANSWER = {"committed", "journal+response_received", "leads~", "replies+"}
"""What a commit with an answer writes; it also notes the acceptance where none was seen before, and
asks whether what was prepared for them may go."""
ACTS = ("deliveries", "POST /api/v1/chats")
"""Named alike in each phase, and another step in each."""


def assert_survives(folder: Path, warm: Nursery, fresh: Fresh, *, not_at: frozenset[str]) -> None:
    known, met = set(not_at), set[str]()
    deaths = 0
    for phase in PHASES:
        known -= {sort for sort in known if any(act in sort for act in ACTS)}
        tally = die_at_every_sort(
            folder / phase, warm, fresh, phase=phase, known=known, days_most=40, together=2
        )
        print(f"{phase}: {tally.line()}")
        assert not tally.failures, "\n".join(tally.failures)
        deaths += tally.deaths.total()
        met |= known
    assert set(MUST_DIE_AT) <= met
    assert any(set(one.split()) >= AN_ANSWER for one in met)
    assert deaths >= 60


def test_a_department_on_sqlite_survives_a_death_at_every_sort_of_boundary(
    tmp_path: Path, warm: Nursery
) -> None:
    assert_survives(tmp_path, warm, sqlite, not_at=frozenset())


def test_an_approval_that_dies_is_a_yes_or_none(tmp_path: Path, warm: Nursery) -> None:
    """Before its commit the answer still waits and is approved anew; after it, it leaves once."""
    for at in ("uncommitted", "committed"):
        with begun(tmp_path / at, warm, phase=APPROVED) as day:
            ((review,),) = day.rows("SELECT id FROM reviews WHERE kind = 'answer'")
            assert day.team is not None
            boundary = f"{at} journal+review_decided leads~ reviews~"
            assert day.team.approve(day, review, at=boundary) == -signal.SIGKILL
            assert day.work()
            day.check()
            assert day.team.figures["approved answers that left once"] == 2


def test_a_careless_program_is_caught(tmp_path: Path, warm: Nursery) -> None:
    """With the guards switched off the same death and the same look at the record must fail."""
    for broken in (False, True):
        with workday(tmp_path / str(broken), warm) as day:
            assert not day.work(at="sent POST /api/v1/chats", broken=broken)
            assert day.work(broken=broken)
            if broken:
                with pytest.raises(AssertionError, match="written to twice"):
                    day.check()
            else:
                day.check()
