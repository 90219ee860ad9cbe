"""What LinkedIn lets an account do: counted by the market from what it accepted, told in one word."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from ingagents.sandbox.market.account import (
    NOTES_A_MONTH,
    Books,
    owner_on,
)
from ingagents.sandbox.market.behaviour import accepts_after, turned_down_for, wall_of
from ingagents.sandbox.market.market import Refused
from ingagents.sandbox.record import Act
from tests.sandbox.world import MONDAY, World

BERLIN = ZoneInfo("Europe/Berlin")
FREE = Books(premium=False, weekly=100, zone="Europe/Berlin")


def invitation(at: datetime, note: str = "Hello") -> Act:
    return Act(
        number=1,
        kind="invitation",
        person="1",
        provider_id="p",
        slug="",
        text=note,
        at=at,
        request=1,
    )


def told(world: World, note: str = "Hello", nth: int = 0) -> str:
    """What an invitation to the nth stranger is answered; "": it was accepted."""
    try:
        world.market.invite(world.stranger(nth).provider_id, note)
    except Refused as refused:
        return refused.code
    return ""


def test_a_free_seat_has_five_notes_a_calendar_month_and_its_bare_invitations_go_on():
    world = World(owner=owner_on("free"))
    assert [told(world, nth=n) for n in range(NOTES_A_MONTH)] == [""] * NOTES_A_MONTH
    assert told(world, nth=5) == "cannot_resend_yet"
    assert told(world, note="", nth=5) == ""
    world.time = datetime(2027, 3, 31, 23, 59, tzinfo=BERLIN)
    assert told(world, nth=6) == "cannot_resend_yet"
    world.time = datetime(2027, 4, 1, 0, 1, tzinfo=BERLIN)
    assert told(world, nth=6) == ""


def test_a_note_that_was_refused_or_withdrawn_gives_none_back():
    world = World(owner=owner_on("free"))
    sent = world.market.invite(world.stranger().provider_id, "Hello")
    world.market.withdraw(sent.id)
    assert [told(world, nth=n) for n in range(1, 6)] == [""] * 4 + ["cannot_resend_yet"]
    assert len(world.market.record.acts) == NOTES_A_MONTH + 1


def test_a_premium_seat_writes_as_many_notes_as_invitations():
    world = World()
    assert {told(world, nth=n) for n in range(30)} == {""}


@pytest.mark.parametrize(("seat", "note", "limit"), [("free", "", 100), ("premium", "Hello", 200)])
def test_a_full_week_refuses_everybody_in_the_same_word_until_the_oldest_leaves_it(
    seat, note, limit
):
    world = World(size=800, owner=owner_on(seat))
    accepted = 0
    for nth in range(limit):
        accepted += told(world, note=note, nth=nth) == ""
        world.pass_time(minutes=30)
    assert accepted == limit
    refused = [told(world, note=n, nth=limit + 3) for n in ("Hello", "")]
    assert refused == ["cannot_resend_yet"] * 2
    world.time = MONDAY + timedelta(days=7)
    assert told(world, note=note, nth=limit) == ""
    assert told(world, note=note, nth=limit + 1) == "cannot_resend_yet"


def test_who_declined_takes_no_other_invitation_for_three_weeks_and_says_it_in_the_same_word():
    world = World()
    person = world.someone(
        lambda p: p.distance in {2, 3} and not wall_of(1, p) and accepts_after(1, p, 1)[0] is False
    )
    world.market.invite(person.provider_id, "")
    ended = world.market.story(person).invitations[0].end_at
    assert ended is not None
    for days, code in ((0.01, "cannot_resend_yet"), (20.9, "cannot_resend_yet"), (21.1, "")):
        world.time = ended + timedelta(days=days)
        if code:
            with pytest.raises(Refused, match=code):
                world.market.invite(person.provider_id, "")
        else:
            assert world.market.invite(person.provider_id, "").id


def test_who_turned_one_down_before_we_came_takes_one_when_their_three_weeks_are_over():
    world = World()
    person = world.someone(lambda p: p.distance in {2, 3} and wall_of(1, p) == "cannot_resend_yet")
    left = turned_down_for(1, person)
    assert timedelta(days=5) < left <= timedelta(days=21)
    for note in ("Hello", ""):
        with pytest.raises(Refused, match="cannot_resend_yet"):
            world.market.invite(person.provider_id, note)
    world.time = MONDAY + left
    assert world.market.invite(person.provider_id, "").id


def test_the_months_of_a_seat_begin_where_its_owner_lives():
    new_year = datetime(2027, 12, 31, 23, 30, tzinfo=ZoneInfo("UTC"))
    acts = [invitation(new_year)] * NOTES_A_MONTH
    assert FREE.full(acts, note="Hi", now=new_year + timedelta(hours=20)) == "notes"
    before = new_year - timedelta(hours=1)
    assert FREE.full([invitation(before)] * 5, note="Hi", now=new_year) == ""
