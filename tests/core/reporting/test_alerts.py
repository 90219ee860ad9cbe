"""What the team is told now, together or apart, and what waits for the morning."""

from datetime import UTC, date, datetime, time, timedelta

import msgspec
import pytest

from ingagents.core.reporter import NeedsHuman
from ingagents.core.reporting.alerts import (
    Notice,
    NoticeKind,
    QuietHours,
    due_notices,
    quiet_until,
    remedy_of,
)
from ingagents.core.reporting.daily_metrics import DayFigures, find_alerts
from ingagents.events import PerformanceAlert
from ingagents.model import Step, StepKind

NIGHT = QuietHours(start=time(20), end=time(7), timezone="Europe/Berlin")
NOON_BREAK = QuietHours(start=time(12), end=time(13), timezone="Europe/Berlin")


def notice(
    kind: NoticeKind = "escalation",
    *,
    at: datetime = datetime(2027, 3, 1, 9, tzinfo=UTC),
    about: str = "s",
) -> Notice:
    asked = NeedsHuman(what="something", lead_id=None, command="ingagents status")
    return Notice(kind=kind, step=Step(StepKind.REVIEW, about), at=at, about=asked)


@pytest.mark.parametrize(
    ("now", "quiet", "ends"),
    [
        ("2027-03-01T18:59:59", NIGHT, None),
        ("2027-03-01T19:00:00", NIGHT, "2027-03-02T06:00:00"),
        ("2027-03-01T23:30:00", NIGHT, "2027-03-02T06:00:00"),
        ("2027-03-02T05:59:59", NIGHT, "2027-03-02T06:00:00"),
        ("2027-03-02T06:00:00", NIGHT, None),
        ("2027-03-27T22:00:00", NIGHT, "2027-03-28T05:00:00"),  # summer time begins this night
        ("2027-10-30T22:00:00", NIGHT, "2027-10-31T06:00:00"),  # and ends this one
        ("2027-03-01T11:30:00", NOON_BREAK, "2027-03-01T12:00:00"),
        ("2027-03-01T12:00:00", NOON_BREAK, None),
        ("2027-03-01T12:00:00", QuietHours(start=time(9), end=time(9), timezone="UTC"), None),
    ],
)
def test_quiet_hours_end_by_the_teams_own_clock(now, quiet, ends):
    found = quiet_until(datetime.fromisoformat(now).replace(tzinfo=UTC), quiet)
    wanted = datetime.fromisoformat(ends).replace(tzinfo=UTC) if ends else None
    assert found == wanted


def test_nothing_to_tell_waits_for_nothing():
    now = datetime(2027, 3, 1, 23, tzinfo=UTC)
    due = due_notices([], now=now, quiet=NIGHT, together_from=5)
    assert (due.mails, due.waits_until) == ((), None)


def test_in_quiet_hours_everything_waits_for_their_end():
    now = datetime(2027, 3, 1, 23, tzinfo=UTC)
    due = due_notices([notice("account")], now=now, quiet=NIGHT, together_from=5)
    assert (due.mails, due.waits_until) == ((), datetime(2027, 3, 2, 6, tzinfo=UTC))


def test_few_notices_go_one_by_one_the_urgent_first():
    kinds: list[NoticeKind] = ["performance", "positive_reply", "account"]
    due = due_notices(
        [notice(kind) for kind in kinds],
        now=datetime(2027, 3, 1, 12, tzinfo=UTC),
        quiet=NIGHT,
        together_from=4,
    )
    assert [[one.kind for one in mail] for mail in due.mails] == [
        ["account"],
        ["positive_reply"],
        ["performance"],
    ]


@pytest.mark.parametrize(("count", "mails"), [(4, 4), (5, 1), (50, 1), (51, 2), (120, 3)])
def test_many_notices_share_a_mail_and_none_is_left_out(count, mails):
    start = datetime(2027, 3, 1, 9, tzinfo=UTC)
    pending = [notice(at=start + timedelta(minutes=n), about=str(n)) for n in range(count)]
    due = due_notices(pending[::-1], now=start, quiet=None, together_from=5)
    assert len(due.mails) == mails
    assert [one.step.about for mail in due.mails for one in mail] == [str(n) for n in range(count)]


def test_a_single_notice_never_becomes_a_list():
    due = due_notices(
        [notice()], now=datetime(2027, 3, 1, 9, tzinfo=UTC), quiet=None, together_from=1
    )
    assert len(due.mails) == 1


@pytest.mark.parametrize(
    ("asked", "due"),
    [
        ([0], 1),
        ([0, 0.5, 1.2], 2.2),
        ([n / 2 for n in range(60)], 10),
    ],
)
def test_texts_to_approve_wait_for_further_ones_a_minute_and_ten_at_most(
    asked: list[float], due: float
) -> None:
    start = datetime(2027, 3, 1, 9, tzinfo=UTC)
    drafts = [notice("draft", at=start + timedelta(minutes=at), about=str(at)) for at in asked]
    reply = notice("positive_reply", at=start)
    moment = start + timedelta(minutes=due)

    early = due_notices(
        [*drafts, reply], now=moment - timedelta(seconds=1), quiet=None, together_from=99,
        gather=True,
    )  # fmt: skip
    assert early.mails == ((reply,),)
    assert early.waits_until == moment
    then = due_notices(drafts, now=moment, quiet=None, together_from=99, gather=True)
    assert then.mails == (tuple(drafts[:50]), tuple(drafts[50:]))[: len(then.mails)]
    assert sum(map(len, then.mails)) == len(drafts)
    once = due_notices(drafts[:1], now=start, quiet=None, together_from=99)
    assert once.mails == ((drafts[0],),)


def test_every_figure_that_may_leave_its_bounds_has_a_remedy() -> None:
    bad = msgspec.structs.replace(
        DayFigures.empty(date(2027, 2, 8)),
        errors=50, handled_events=50, messages_sent=50, refused=50, responses=9, opt_outs=9,
    )  # fmt: skip
    alerts = find_alerts(bad)
    assert len(alerts) == 3
    assert all(remedy_of(alert)[0].endswith(".") for alert in alerts)
    unknown = PerformanceAlert(metric="nothing_sent", value=3, threshold=0, detail="paused")
    assert remedy_of(unknown) == ("", "ingagents status"), "its cause says what to do"
