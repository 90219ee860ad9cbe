"""What the sales manager tells the team, once: mails, alerts, and the report of which day."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from ingagents.core.reporting.daily_metrics import DayFigures
from ingagents.events import (
    AgentError,
    PerformanceAlert,
    ReportMade,
    ResponseReceived,
    TeamNotified,
)
from ingagents.model import (
    DeliveryState,
    StepKind,
)
from tests.agents.test_sales_manager_agent import somebody_answers, stock
from tests.world import (
    AT_ONCE,
    World,
    dead_letters,
    deliveries_of,
    dies,
    doubts_of,
    journal_of,
    lead_of,
)


@pytest.fixture
def world(tmp_path: Path) -> World:
    world = World(tmp_path)
    world.go_to(0, 9, 1)
    return world


async def test_a_positive_reply_is_mailed_once(world):
    async with world.at_work(**AT_ONCE) as department:
        person = await somebody_answers(world, department, "positive")
        await department.once("monitor")
        for _ in range(3):
            world.pass_time(hours=1)
            await department.once("replies")
            await department.once("monitor")
        (mail,) = world.mail.taken
        assert person.last_name in mail.subject
        (told,) = await journal_of(department, TeamNotified)
        assert told.lead_id == (await lead_of(department, person)).id


@pytest.mark.parametrize("kind", ["refusal", "opt_out"])
async def test_a_refusal_is_not_mailed(world, kind):
    async with world.at_work(**AT_ONCE) as department:
        await somebody_answers(world, department, kind)
        await department.once("monitor")
        assert len(await journal_of(department, ResponseReceived)) == 1
        assert world.mail.taken == []


async def test_a_death_between_handing_a_mail_over_and_writing_it_down_sends_no_second_one(world):
    world.mail.answers = ["died"]
    async with world.keeping_time():
        with dies():
            async with world.department(**AT_ONCE) as department:
                await somebody_answers(world, department, "positive")
                await department.once("monitor")
        async with world.department(**AT_ONCE) as department:
            for _ in range(3):
                world.pass_time(hours=1)
                await department.once("monitor")
            assert len(world.mail.taken) == world.mail.asked == 1
            (doubt,) = await doubts_of(department)
            assert doubt.recipient == "team"
            assert doubt.step.kind is StepKind.REPLY
            assert await dead_letters(department) == []


@pytest.mark.parametrize("answer", ["unknown", "lost"])
async def test_a_mail_in_doubt_is_not_sent_again_and_can_be_seen(world, answer):
    async with world.at_work(**AT_ONCE) as department:
        world.mail.answers = [answer]
        await somebody_answers(world, department, "positive")
        for _ in range(3):
            world.pass_time(hours=1)
            await department.once("monitor")
        assert world.mail.asked == 1
        assert [doubt.recipient for doubt in await doubts_of(department)] == ["team"]


async def test_a_refused_notice_is_tried_again_until_it_goes(world):
    async with world.at_work(**AT_ONCE) as department:
        world.mail.answers = ["refused"] * 7
        person = await somebody_answers(world, department, "positive")
        await department.run(until=world.at(0, 17))
        assert len(world.mail.about(person.last_name)) == 1
        assert await dead_letters(department) == []
        steps = [
            one.step
            for one in await deliveries_of(department, "team")
            if one.state is DeliveryState.SENT
        ]
        assert len(steps) == len(set(steps))


async def test_what_could_not_be_mailed_all_day_is_announced_when_the_server_is_back(world):
    async with world.keeping_time():
        async with world.department(**AT_ONCE) as department:
            world.mail.answers = ["refused"] * 500
            person = await somebody_answers(world, department, "positive")
            await department.run(until=world.at(0, 23))
            assert world.mail.taken == []
        world.mail.answers = []
        world.go_to(1, 9, 0)
        async with world.department(**AT_ONCE) as department:
            await department.run(until=world.at(1, 10, 30))
            alerts = [mail for mail in world.mail.taken if "Report" not in mail.subject]
            assert len([mail for mail in alerts if person.last_name in mail.text]) == 1


async def test_the_report_is_mailed_once_a_day(world):
    async with world.at_work() as department:
        for day in (0, 1):
            world.go_to(day, 9, 15)
            assert (await department.once("report")).figures["mailed"] is True
            world.pass_time(hours=2)
            again = await department.once("report")
            assert again.figures["mailed"] is False
            assert "mailed before" in again.summary
        assert len(world.mail.about("report")) == 2
        assert len(await journal_of(department, ReportMade)) == 2


async def test_a_refused_report_says_so_and_is_mailed_later(world):
    world.mail.answers = ["refused"]
    async with world.at_work() as department:
        outcome = await department.once("report")
        assert "451" in outcome.try_later
        assert outcome.figures["mailed"] is False
        assert await journal_of(department, ReportMade) == []
        assert (await department.once("report")).figures["mailed"] is True


async def test_a_refused_report_is_mailed_by_the_running_department_without_further_ado(world):
    world.mail.answers = ["refused"] * 3
    async with world.at_work() as department:
        await department.run(until=world.at(0, 12))
        assert len(world.mail.about("report")) == 1
        assert not [
            error
            for error in await journal_of(department, AgentError)
            if error.agent == "sales_manager"
        ]


async def test_an_alert_is_raised_and_mailed_once_a_day_for_each_metric(world):
    async with world.at_work() as department:
        for day in (0, 1):
            world.go_to(day, 10)
            errors = [AgentError(agent="outreach", error=f"broken {n}") for n in range(12)]
            await department.queue.publish("outreach", *errors)
            for _ in range(3):
                world.pass_time(hours=1)
                outcome = await department.once("monitor")
                assert [alert["metric"] for alert in outcome.figures["alerts"]] == ["error_rate"]
            await department.once("monitor")
        assert len(await journal_of(department, PerformanceAlert)) == 2
        assert len(world.mail.taken) == 2


async def test_an_alert_whose_mail_is_refused_is_mailed_later(world):
    world.mail.answers = ["refused"]
    async with world.at_work(sales_manager={"search_below": 0}) as department:
        errors = [AgentError(agent="outreach", error=f"broken {n}") for n in range(12)]
        await department.queue.publish("outreach", *errors)
        await department.once("monitor")
        assert world.mail.taken == []
        for _ in range(2):
            world.pass_time(hours=1)
            await department.once("monitor")
            assert len(world.mail.taken) == 1
        assert await dead_letters(department) == []


async def test_figures_of_a_quiet_day_are_zero_and_not_missing(world):
    async with world.at_work() as department:
        metrics = (await department.once("monitor")).figures["metrics"]
        assert set(metrics) == set(DayFigures.__struct_fields__)
        assert metrics["messages_sent"] == 0


async def test_the_days_report_counts_what_happened(world):
    async with world.at_work(**AT_ONCE) as department:
        await somebody_answers(world, department, "positive")
        report = await department.report()
        assert report.today.invitations_sent == 1
        assert report.today.responses == report.today.positive_responses == 1
        yesterday = await department.report((world.now - timedelta(days=1)).date())
        assert yesterday.today.responses == 0


# --- days on which nothing goes on -------------------------------------------------------------


async def test_a_working_day_on_which_nothing_was_sent_is_told_with_its_cause(world):
    async with world.at_work() as department:
        await stock(department, 3)
        await department.once("coordinate")
        await department.pause(by="Kim", reason="the fair is on")
        await department.once("monitor")
        assert world.mail.about("nothing sent") == []
        world.go_to(0, 17, 5)
        await department.once("monitor")
        world.go_to(1, 8)
        await department.once("monitor")
        alerts = await journal_of(department, PerformanceAlert)
        assert [one.metric for one in alerts] == ["nothing_sent"]
        assert "the fair is on" in alerts[0].detail
        await department.once("monitor")
        (mail,) = world.mail.about("nothing sent")
        assert "the fair is on" in mail.text
        assert "%" not in mail.subject


async def test_an_empty_store_is_told_once_until_somebody_is_in_it_again(world):
    async with world.at_work(lead_finder={"max_leads_per_day": 0}) as department:
        await stock(department, 2)
        await department.once("coordinate")
        await department.once("outreach")
        world.go_to(0, 16)
        await department.once("outreach")
        await department.once("monitor")
        await department.once("monitor")
        metrics = [one.metric for one in await journal_of(department, PerformanceAlert)]
        assert metrics == ["nothing_to_allocate"]
        for day in (1, 2):
            world.go_to(day, 12)
            await department.once("coordinate")
            await department.once("monitor")
        assert len(await journal_of(department, PerformanceAlert)) == 1
        assert len(world.mail.about("nothing to allocate")) == 1
        world.go_to(3, 9)
        await stock(department, 2, first=20)
        await department.once("monitor")
        await department.once("coordinate")
        world.go_to(3, 16)
        await department.once("outreach")
        await department.once("monitor")
        assert len(await journal_of(department, PerformanceAlert)) == 2
        assert len(world.mail.about("nothing to allocate")) == 2


# --- which day a report is about ------------------------------------------------------------------


async def test_the_mailed_report_is_of_the_last_whole_day_with_today_so_far_beside_it(world):
    async with world.at_work(**AT_ONCE) as department:
        people = world.people(lambda person: person.distance == 2, 3)
        await world.allocate(department, *people)
        await department.once("outreach")
        world.go_to(1, 9, 15)
        outcome = await department.once("report")
        assert outcome.figures["day"] == world.at(0, 12).date().isoformat()
        (mail,) = world.mail.about("Report")
        assert world.at(0, 12).date().isoformat() in mail.subject
        assert "contacted 3" in mail.subject
        assert "Today so far (" in mail.text
        assert "Today so far (" in mail.html


async def test_the_evenings_report_is_of_the_day_itself(world):
    async with world.at_work(**AT_ONCE) as department:
        await world.allocate(department, *world.people(lambda person: person.distance == 2, 2))
        await department.once("outreach")
        world.go_to(0, 17, 30)
        outcome = await department.once("report")
        assert outcome.figures["day"] == world.at(0, 12).date().isoformat()
        world.go_to(1, 9, 15)
        assert (await department.once("report")).figures["mailed"] is False, "the same day's"


async def test_on_monday_the_team_reads_what_came_at_the_weekend(world):
    async with world.at_work(**AT_ONCE) as department:
        world.go_to(4, 10)
        people = world.welcoming("positive", count=2)
        await world.allocate(department, *people)
        await department.once("outreach")
        world.go_to(5, 9, 15)
        assert (await department.once("report")).figures["mailed"] is True
        world.go_to(6, 12)
        await department.once("replies")
        assert (await department.once("report")).figures["mailed"] is False
        world.go_to(7, 9, 15)
        outcome = await department.once("report")
        assert outcome.figures["day"] == world.at(4, 12).date().isoformat()
        assert outcome.figures["mailed"] is True
        mail = world.mail.about("Report")[-1]
        assert "Since then (Sat 6 Mar to Mon 8 Mar): found 0, contacted 0, replied" in mail.text
        assert "replied 0" not in mail.text.partition("Since then")[2].partition("\n")[0]
        assert (await department.once("report")).figures["mailed"] is False


async def test_in_the_first_days_the_week_is_no_longer_than_the_department_has_worked(world):
    async with world.at_work(**AT_ONCE) as department:
        await world.allocate(department, *world.people(lambda person: person.distance == 2, 4))
        await department.once("outreach")
        report = await department.report()
        (sent,) = [
            one for section in report.sections for one in section.figures
            if one.key == "messages_sent"
        ]  # fmt: skip
        assert (sent.today, sent.yesterday, sent.week_mean) == (4, None, 4)
        assert any("4 people were contacted today" in one for one in report.insights)


async def test_a_pause_between_two_sends_holds_nothing_up(world):
    gaps = {"min_interval_minutes": 5, "max_interval_minutes": 15}
    async with world.at_work(outreach={"rate_limiting": gaps}) as department:
        await world.allocate(department, *world.people(lambda person: person.distance == 2, 4))
        world.go_to(0, 10)
        await department.once("outreach")
        said = " ".join((await department.report()).insights)
        assert "nothing goes out" not in said
        assert "pause" not in said


async def test_a_past_days_report_says_nothing_of_how_it_is_now(world):
    async with world.at_work(**asking_all()) as department:
        await world.allocate(department, *world.people(lambda person: person.distance == 2, 2))
        await department.once("outreach")
        world.go_to(2, 12)
        now = await department.report()
        past = await department.report(world.at(0, 12).date())
        assert now.needs_human
        assert past.needs_human == ()
        assert past.day == world.at(0, 12).date()
        assert past.so_far is None


def asking_all() -> dict[str, dict[str, object]]:
    return {"outreach": {**AT_ONCE["outreach"], "approval": "all"}}
