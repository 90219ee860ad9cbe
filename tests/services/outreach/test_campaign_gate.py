"""An event that is over, or that nobody has set up, keeps every send back and says so once."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from ingagents.app.rules.send_rules import missing_for_real
from ingagents.events import PerformanceAlert
from ingagents.model import ContactStatus, Recipient
from ingagents.settings import Settings
from tests.world import AT_ONCE, journal_of, status_of

OVER = {"event_date": "2026-12-31"}
NEAR = {"event_date": "2027-03-10"}


@pytest.mark.parametrize(
    ("changes", "refused", "says"),
    [
        ({"campaign": OVER}, True, "the event is over"),
        ({"campaign": NEAR}, False, "no first messages any more"),
        ({"campaign": {"sender_name": ""}}, True, "as it was shipped"),
        ({"sales_manager": {"report_recipients": []}}, True, "nobody reads the report"),
    ],
)
async def test_nothing_leaves_and_nobody_is_visited(
    world, changes: dict[str, Any], refused: bool, says: str
) -> None:
    (person,) = world.strangers()
    async with world.at_work(**{**AT_ONCE, **changes}) as department:
        await world.allocate(department, person)
        outcome = await department.once("outreach")
        assert says in outcome.summary
        assert says in outcome.waits_for
        assert (outcome.refused is not None) is refused
        assert world.acts() == []
        assert world.asked("GET /users/") == 0
        assert await status_of(department, person) is ContactStatus.ALLOCATED
        status = await department.status()
        assert says in status.barred
        assert status.limits.next_send_at is None


async def test_the_event_may_end_while_the_department_runs(world) -> None:
    """Midnight comes between the look at the queue and the claim."""
    (person,) = world.strangers()
    campaign = {"event_date": "2027-03-01", "stop_days_before": 0}
    hours = {"working_hours_start": "00:00", "working_hours_end": "24:00"}
    limits = {"rate_limiting": {**AT_ONCE["outreach"]["rate_limiting"], **hours}}
    world.go_to(0, 23, 59)
    async with world.at_work(campaign=campaign, outreach=limits) as department:
        await world.allocate(department, person)
        agent = await department.agent("outreach")
        fetch = agent.desks[0].profiles.fetch_profile

        async def past_midnight(who: Recipient, **how: Any):
            world.pass_time(minutes=5)
            return await fetch(who, **how)

        agent.desks[0].profiles.fetch_profile = past_midnight
        await department.once("outreach")
        assert world.acts() == []
        assert await status_of(department, person) is ContactStatus.ALLOCATED


async def test_the_team_is_told_once_and_the_report_says_it_first(world) -> None:
    async with world.at_work(campaign=OVER) as department:
        for _ in range(3):
            await department.once("monitor")
            world.pass_time(days=1)
        (alert,) = await journal_of(department, PerformanceAlert)
        assert "the event is over" in alert.detail
        report = await department.report()
        assert "the event is over" in report.insights[0]


def settings(**sections: Any) -> Settings:
    return Settings(**sections)


NAMED = {"event_name": "Quarz Days", "sender_name": "Kim"}
FAR = {"service": "unipile", "base_url": "api8.unipile.com:13851"}


@pytest.mark.parametrize(
    ("sections", "missing"),
    [
        ({"linkedin": FAR}, ["as it was shipped", "nobody reads"]),
        ({"linkedin": FAR, "campaign": NAMED}, ["nobody reads"]),
        ({"linkedin": FAR, "campaign": {**NAMED, "sender_name": " "}}, ["nobody signs", "nobody"]),
        (
            {
                "linkedin": FAR,
                "campaign": {"event_date": date(2028, 1, 1)},
                "sales_manager": {"report_recipients": ["a@b.example"]},
            },
            ["nobody signs"],
        ),
        *(
            ({"linkedin": {**FAR, "base_url": here}, "campaign": {"sender_name": "Kim"}}, [])
            for here in (
                "http://127.0.0.1:8765",
                "localhost:8765",
                "http://[::1]:8765",
                "127.0.0.2",
            )
        ),
        *(
            (
                {"linkedin": {**FAR, "base_url": far}, "campaign": {"sender_name": "Kim"}},
                ["nobody reads"],
            )
            for far in ("http://127.0.0.1.evil.example", "https://localhost.example", "10.0.0.1:80")
        ),
    ],
)
def test_what_a_real_account_needs(sections: dict[str, Any], missing: list[str]) -> None:
    found = [bar.what for bar in missing_for_real(settings(**sections))]
    assert len(found) == len(missing)
    for said, wanted in zip(found, missing, strict=True):
        assert wanted in said
