"""What happens to people who are written to, and what LinkedIn does not allow."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from ingagents.sandbox.market.account import Owner
from ingagents.sandbox.market.behaviour import accepts_after, wall_of
from ingagents.sandbox.market.market import Refused
from tests.sandbox.world import MONDAY, World


def refusal(act: Callable[..., object], *args: object, **kwargs: object) -> str:
    with pytest.raises(Refused) as caught:
        act(*args, **kwargs)
    return caught.value.code


def test_an_accepted_invitation_becomes_a_connection_a_chat_and_an_answer():
    world = World()
    person = world.welcoming()
    world.market.invite(person.provider_id, "Hello")
    assert [p for p, _ in world.market.pending(world.time)] == [person]
    assert world.market.standing(person, world.time).invitation == "pending"
    assert world.market.chats_with(person.provider_id, world.time) == []
    later = world.pass_time(days=8)
    assert world.market.pending(later) == []
    assert world.market.standing(person, later).distance == 1
    assert world.market.relations(later)[0].person == person
    (chat,) = world.market.chats_with(person.provider_id, later)
    note, reply = chat.said
    assert (note.text, note.note, note.sender) == ("Hello", True, None)
    assert reply.sender == person
    assert note.at < reply.at <= later


def test_an_answer_appears_only_from_its_moment_on():
    world = World()
    person = world.welcoming()
    world.market.invite(person.provider_id, "Hello")
    _note, reply = world.market.story(person).said
    earlier = reply.at - timedelta(milliseconds=1)
    assert reply not in world.market.said(earlier)
    assert reply in world.market.said(reply.at)


def test_a_bare_invitation_that_is_accepted_opens_no_chat():
    world = World()
    person = world.welcoming()
    world.market.invite(person.provider_id, "")
    later = world.pass_time(days=8)
    assert world.market.standing(person, later).distance == 1
    assert world.market.chats_with(person.provider_id, later) == []


def test_a_withdrawn_invitation_is_never_accepted_and_blocks_another_for_three_weeks():
    world = World()
    person = world.welcoming()
    sent = world.market.invite(person.provider_id, "Hello")
    world.market.withdraw(sent.id)
    later = world.pass_time(days=20)
    assert world.market.standing(person, later).invitation == "withdrawn"
    assert refusal(world.market.invite, person.provider_id, "Hi") == "already_invited_recently"
    assert refusal(world.market.withdraw, sent.id) == "resource_not_found"
    world.pass_time(days=2)
    assert world.market.invite(person.provider_id, "Hi").id != sent.id


def test_a_declined_invitation_is_told_as_such():
    world = World()
    person = world.someone(
        lambda p: p.distance in {2, 3} and not wall_of(1, p) and accepts_after(1, p, 1)[0] is False
    )
    world.market.invite(person.provider_id, "Hello")
    later = world.pass_time(days=8)
    assert world.market.pending(later) == []
    assert world.market.standing(person, later).invitation == "declined"


def test_an_invitation_left_lying_stays_pending():
    world = World()
    person = world.silent()
    world.market.invite(person.provider_id, "Hello")
    later = world.pass_time(days=300)
    assert [p for p, _ in world.market.pending(later)] == [person]
    assert refusal(world.market.invite, person.provider_id, "Hi") == "already_invited_recently"


def test_friends_answer_messages_and_may_answer_later_ones_too():
    world = World()
    friends = [p for p in world.market.people if p.distance == 1]
    for _ in range(3):
        for person in friends:
            world.market.write(person.provider_id, f"Hello {world.time}")
        world.pass_time(days=6)
    answers = [
        sum(said.sender is not None for said in world.market.story(person).said)
        for person in friends
    ]
    assert {0, 1, 2} <= set(answers)


def test_a_clock_that_went_back_undoes_nothing():
    world = World()
    person = world.silent()
    world.market.invite(person.provider_id, "Hello")
    world.pass_time(minutes=-10)
    now = world.market.now()
    assert now == MONDAY
    assert [p for p, _ in world.market.pending(now)] == [person]


def test_a_new_text_never_changes_what_was_said_before_it():
    world = World()
    friends = [p for p in world.market.people if p.distance == 1]
    for hours in (1, 5, 30, 2, 70):
        for person in friends:
            before = list(world.market.said(world.time))
            world.market.write(person.provider_id, "And?")
            after = [s for s in world.market.said(world.time) if s.text != "And?"]
            assert after == [s for s in before if s.text != "And?"]
        world.pass_time(hours=hours)


@pytest.mark.parametrize(
    ("premium", "length", "code"),
    [(True, 300, ""), (True, 301, "too_many_characters"), (False, 201, "too_many_characters")],
)
def test_notes_are_limited_by_the_seat(premium, length, code):
    world = World(owner=Owner(premium=premium))
    person = world.stranger()
    if code:
        assert refusal(world.market.invite, person.provider_id, "x" * length) == code
        assert world.market.record.acts == []
    else:
        assert world.market.invite(person.provider_id, "x" * length).id


def test_an_emoji_costs_two_characters_as_linkedin_counts():
    world = World()
    code = refusal(world.market.invite, world.stranger().provider_id, "🚀" * 151)
    assert code == "too_many_characters"


def test_the_weekly_limit_stops_invitations_and_rolls_on():
    world = World(weekly_invitations=20)
    usages = []
    for nth in range(20):
        usages.append(world.market.invite(world.stranger(nth).provider_id, "Hi").usage)
        world.pass_time(minutes=1)
    assert [(n + 1, usage) for n, usage in enumerate(usages) if usage] == [
        (10, 50),
        (15, 75),
        (18, 90),
        (19, 95),
    ]
    last = world.stranger(20).provider_id
    assert refusal(world.market.invite, last, "Hi") == "cannot_resend_yet"
    world.time = MONDAY + timedelta(days=7, seconds=1)
    assert world.market.invite(last, "Hi").id


def test_the_limit_may_also_answer_in_the_other_word():
    world = World(weekly_invitations=0, over_limit_code="limit_exceeded")
    assert refusal(world.market.invite, world.stranger().provider_id, "") == "limit_exceeded"


def test_refusals_name_their_reason_and_leave_no_act():
    world = World()
    walled = world.someone(lambda p: p.distance in {2, 3} and bool(wall_of(1, p)))
    hidden = world.someone(lambda p: p.distance == 0 and not wall_of(1, p))
    stranger = world.stranger()
    market = world.market
    assert refusal(market.invite, walled.provider_id, "Hi") == wall_of(1, walled)
    assert refusal(market.invite, hidden.provider_id, "Hi") == "cannot_invite_attendee"
    assert refusal(market.invite, world.friend().provider_id, "Hi") == "already_connected"
    assert refusal(market.invite, market.own_id, "Hi") == "invalid_recipient"
    assert refusal(market.invite, stranger.sales_id, "Hi") == "invalid_recipient"
    assert refusal(market.write, stranger.provider_id, "Hi") == "no_connection_with_recipient"
    assert refusal(market.write, world.friend().provider_id, "x" * 8001) == "too_many_characters"
    assert refusal(market.write, world.friend().provider_id, "  ") == "missing_parameters"
    assert market.record.acts == []


def test_inmail_reaches_open_profiles_of_a_premium_account_only():
    world = World()
    opened = world.someone(lambda p: p.distance in {2, 3} and p.open_profile and not wall_of(1, p))
    closed = world.someone(
        lambda p: p.distance in {2, 3} and not p.open_profile and not wall_of(1, p)
    )
    assert world.market.write(opened.provider_id, "Hi", inmail=True).text == "Hi"
    code = refusal(world.market.write, closed.provider_id, "Hi", inmail=True)
    assert code == "insufficient_credits"
    free = World(owner=Owner(premium=False)).market
    assert refusal(free.write, opened.provider_id, "Hi", inmail=True) == "not_allowed_inmail"


def test_two_texts_without_an_answer_between_are_told_as_contacting_twice():
    world = World()
    friends = [p for p in world.market.people if p.distance == 1]
    answering = next(p for p in friends if world.answers(p))
    first = world.market.write(answering.provider_id, "Hello")
    world.pass_time(days=6)
    world.market.write(answering.provider_id, "Thanks!")
    assert first.text == "Hello"
    assert world.market.contacted_twice(world.time) == []
    world.market.write(answering.provider_id, "Thanks!")
    ((second, third),) = world.market.contacted_twice(world.time)
    assert (second.text, third.text) == ("Thanks!", "Thanks!")


def test_strangers_come_only_where_they_are_welcome():
    assert refusal(World().market.find, "ada-quist") == "resource_not_found"
    open_market = World(welcome_strangers=True).market
    ada = open_market.find("ada-quist")
    assert ada.name == "Ada Quist"
    assert open_market.find("Ada-Quist") == ada
    assert open_market.find(ada.provider_id) == ada
    assert open_market.find(ada.sales_id) == ada
    assert refusal(open_market.find, "nobody-here") == "resource_not_found"
    assert refusal(open_market.find, "ACoAA" + "x" * 32) == "resource_not_found"
    assert ada not in list(open_market.people)


def test_a_day_with_the_first_seed_brings_several_answers_and_a_positive_one():
    world = World()
    leads = [
        p
        for p in world.market.people
        if p.role == "leader" and p.distance in {2, 3} and not wall_of(1, p)
    ][:45]
    world.time = MONDAY + timedelta(hours=1)
    for person in leads:
        world.market.invite(person.provider_id, "Hello")
        world.pass_time(minutes=9)
    evening = MONDAY + timedelta(hours=8)
    kinds = [s.answer_kind for s in world.market.said(evening) if s.answer_kind]
    assert 8 <= len(kinds) <= 16
    assert kinds.count("positive") >= 2
