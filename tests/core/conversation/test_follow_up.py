"""What the team does about people: the words it may use, and whom it has to look at now."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingagents.core.conversation.follow_up import (
    date_of,
    kept_date,
    needs_human_now,
    say_follow_up,
    stage_and_reason,
    stage_nearest,
    stage_of,
    why_back,
    with_note,
)
from ingagents.core.lead_status import Cause, Change, move
from ingagents.model import ContactStatus, LeadStage
from tests.factories import MONDAY

TODAY = MONDAY.date()
TOMORROW, YESTERDAY = TODAY + timedelta(days=1), TODAY - timedelta(days=1)
LATER, EARLIER = MONDAY + timedelta(hours=1), MONDAY - timedelta(hours=1)
MEETING = LeadStage.MEETING
STAGES = tuple(LeadStage)


@pytest.mark.parametrize(
    ("stage", "next_date", "handled_at", "news_at", "needed"),
    [
        (None, None, None, MONDAY, True),  # nobody has looked at it
        (None, None, MONDAY, EARLIER, True),  # it has an owner and no more
        (MEETING, None, MONDAY, EARLIER, False),
        (MEETING, None, MONDAY, None, False),
        (MEETING, TOMORROW, MONDAY, EARLIER, False),
        (None, TOMORROW, MONDAY, EARLIER, False),
        (MEETING, TODAY, MONDAY, EARLIER, True),
        (MEETING, YESTERDAY, MONDAY, EARLIER, True),
        (LeadStage.WON, None, MONDAY, EARLIER, False),
        (LeadStage.LOST, TODAY, MONDAY, EARLIER, True),  # "ask again next year"
        (MEETING, TOMORROW, MONDAY, LATER, True),  # they said something since
        (LeadStage.WON, None, MONDAY, LATER, True),
    ],
)
def test_who_needs_a_human_now(
    stage: LeadStage | None,
    next_date: date | None,
    handled_at: datetime | None,
    news_at: datetime | None,
    needed: bool,
) -> None:
    assert needed == needs_human_now(
        stage=stage, next_date=next_date, handled_at=handled_at, news_at=news_at, today=TODAY
    )


@given(
    stage=st.none() | st.sampled_from(LeadStage),
    days=st.none() | st.integers(-400, 400),
    handled=st.integers(-1000, 1000),
    news=st.integers(1, 1000),
)
def test_a_new_answer_is_never_hidden_by_what_was_said_before_it(
    stage: LeadStage | None, days: int | None, handled: int, news: int
) -> None:
    handled_at = MONDAY + timedelta(hours=handled)
    assert needs_human_now(
        stage=stage,
        next_date=None if days is None else TODAY + timedelta(days=days),
        handled_at=handled_at,
        news_at=handled_at + timedelta(minutes=news),
        today=TODAY,
    )


def test_another_stage_keeps_a_date_to_come_and_is_done_with_one_that_has() -> None:
    assert kept_date(TOMORROW, TODAY) == TOMORROW
    assert kept_date(TODAY, TODAY) is kept_date(YESTERDAY, TODAY) is kept_date(None, TODAY) is None


@pytest.mark.parametrize(
    ("text", "stage"),
    [
        ("Meeting", MEETING), ("  meeting. ", MEETING), ("MEETING", MEETING),
        ("in-discussion", LeadStage.IN_DISCUSSION), ("in_discussion", LeadStage.IN_DISCUSSION),
        ("In  Discussion", LeadStage.IN_DISCUSSION), ("won!", LeadStage.WON),
        ("", None), ("meet", None), ("closed", None), ("Won Lost", None), ("=Won", None),
    ],
)  # fmt: skip
def test_what_is_a_stage(text: str, stage: LeadStage | None) -> None:
    assert stage_of(text, STAGES) == stage


@pytest.mark.parametrize(
    ("text", "stage", "reason"),
    [
        ("Lost: no budget  this year", "Lost", "no budget this year"), ("lost :", None, ""),
        ("Won", "Won", ""), ("Signed: a: b", "Signed", "a: b"),
        ("nothing: at all", None, "at all"), (": why", None, "why"), ("", None, ""),
    ],
)  # fmt: skip
def test_a_stage_may_stand_with_its_reason(text: str, stage: str | None, reason: str) -> None:
    assert stage_and_reason(text, (*STAGES, "Signed")) == (stage, reason)


@pytest.mark.parametrize(
    ("text", "stage"),
    [
        ("metting", MEETING), ("meet", MEETING), ("propsal", LeadStage.PROPOSAL),
        ("Discussion", LeadStage.IN_DISCUSSION), ("win", LeadStage.WON), ("loss", LeadStage.LOST),
        ("xyz", None), ("", None),
    ],
)  # fmt: skip
def test_the_nearest_stage_of_a_wrong_word(text: str, stage: LeadStage | None) -> None:
    assert stage_nearest(text, STAGES) == stage


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2027-01-31", date(2027, 1, 31)), ("2027/1/31", date(2027, 1, 31)),
        ("31.1.2027", date(2027, 1, 31)), ("03.04.2027", date(2027, 4, 3)),
        ("31/1/2027", date(2027, 1, 31)), ("1/31/2027", date(2027, 1, 31)),
        ("5/5/2027", date(2027, 5, 5)), ("3/4/2027", None),
        ("46418", date(2027, 1, 31)), ("46418.5", date(2027, 1, 31)),
        ("31.2.2027", None), ("2027-13-01", None), ("99999", None), ("0001-01-01", None),
        ("tomorrow", None), ("", None), ("٢٠٢٧-٠١-٣١", None), ("2027-01.31", None),
    ],
)  # fmt: skip
def test_what_is_a_date(text: str, day: date | None) -> None:
    assert date_of(text) == day


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_every_day_is_read_back_as_it_was_written(day: date) -> None:
    serial = (day - date(1899, 12, 30)).days
    for text in (day.isoformat(), f"{day.day}.{day.month}.{day.year}", str(serial)):
        assert date_of(text) == day


@given(st.text(max_size=30))
def test_no_text_breaks_the_readers(text: str) -> None:
    date_of(text)
    stage_and_reason(text, STAGES)
    stage_nearest(text, STAGES)


def test_remarks_stand_beside_each_other_and_one_may_take_anothers_place() -> None:
    assert with_note((), "a") == ("a",)
    assert with_note(("a", "b"), "c") == ("a", "b", "c")
    assert with_note(("a", "b"), "A", instead_of="a") == ("A", "b")
    assert with_note(("a", "b"), "", instead_of="a") == ("b",)
    assert with_note(("a",), "", instead_of="gone") == ("a",)
    assert len(with_note(tuple(map(str, range(200))), "new")) == 200


def test_how_things_stand_is_said_in_few_words() -> None:
    assert say_follow_up(MEETING, "Kim", date(2027, 1, 31)) == "Meeting, owner Kim, next 2027-01-31"
    assert say_follow_up(None, "", None) == ""


@pytest.mark.parametrize(
    ("before", "sent", "answered", "held", "after"),
    [
        ("Not Contacted", False, False, False, "Not Contacted"),
        ("Allocated", False, False, False, "Not Contacted"),
        ("Needs Review", False, False, False, "Needs Review"),
        ("Not Contacted", False, False, True, "Needs Review"),
        ("Allocated", False, False, True, "Needs Review"),
        ("Allocated", True, False, False, "Message Sent"),
        ("Not Contacted", True, False, True, "Message Sent"),
        ("Not Contacted", False, True, False, "Closed"),
        ("Needs Review", True, True, True, "Closed"),
    ],
)
def test_a_stage_taken_back_leaves_a_lead_where_it_would_stand_without_it(
    before: str, sent: bool, answered: bool, held: bool, after: str
) -> None:
    cause = why_back(ContactStatus(before), sent=sent, answered=answered, held=held)
    moved = move(ContactStatus.CLOSED, cause) if cause else None
    assert (moved.after if isinstance(moved, Change) else "Closed") == after


@pytest.mark.parametrize("before", list(ContactStatus))
@pytest.mark.parametrize(("sent", "answered"), [(True, False), (True, True), (False, True)])
def test_no_stage_taken_back_lets_somebody_be_written_to_anew(
    before: ContactStatus, sent: bool, answered: bool
) -> None:
    for held in (True, False):
        assert why_back(before, sent=sent, answered=answered, held=held) is not Cause.STAGE_UNSAID
