"""Whole conversations, day by day: what somebody does after what was done to them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from ingagents.sandbox.market.behaviour import accepts_after, answer, manner_of, wall_of
from ingagents.sandbox.market.market import Market, Refused
from ingagents.sandbox.market.people import Person
from ingagents.sandbox.market.timeline import Said
from ingagents.sandbox.market.wording import AnswerKind, languages
from tests.sandbox.world import World

BERLIN = ZoneInfo("Europe/Berlin")
SIZE = 4000
"""Enough people for one of each kind."""


def kinds(person: Person, texts: int = 3) -> list[AnswerKind | None]:
    """What somebody answers to the first texts while they have answered none."""
    found = (answer(1, person, nth=nth, before=None) for nth in range(1, texts + 1))
    return [one.kind if one else None for one in found]


def accepting(world: World, fits: Callable[[Person], bool], manner: str = "") -> Person:
    """Somebody who accepts within hours, in this manner."""
    return world.someone(
        lambda p: (
            p.distance in {2, 3}
            and not wall_of(1, p)
            and manner_of(1, p) == manner
            and accepts_after(1, p, 1)[0] is True
            and accepts_after(1, p, 1)[1] < timedelta(hours=6)
            and fits(p)
        )
    )


def talk(world: World, person: Person, *texts: tuple[int, str]) -> list[Said]:
    """Invite bare, write each text so many days after the one before; what is said a month later."""
    world.market.invite(person.provider_id, "")
    for days, text in texts:
        world.pass_time(days=days)
        world.market.write(person.provider_id, text)
    world.pass_time(days=30)
    return [said for said in world.market.story(person).said if said.at <= world.time]


def shape(said: list[Said]) -> str:
    """Who spoke: `o` is us through the service, `h` us by hand, `t` them."""
    return "".join("t" if one.sender else "o" if one.act else "h" for one in said)


TEXTS = ((1, "the message"), (7, "follow-up 1"), (14, "follow-up 2"))


@pytest.mark.parametrize(
    ("says", "expected"),
    [
        ((None, None, None), "ooo"),
        ((None, "question", None), "ooto"),
        ((None, None, "positive"), "ooot"),
    ],
)
def test_somebody_answers_only_the_second_text_or_the_third_or_never(says, expected):
    world = World(size=SIZE)
    person = accepting(
        world,
        lambda p: (
            tuple(kinds(p)) == says
            # They are quick, and say nothing more to what comes after their answer.
            and all(
                a is None or a.delay < timedelta(days=2)
                for a in (answer(1, p, nth=n, before=None) for n in (1, 2, 3))
            )
            and (says[1] is None or answer(1, p, nth=3, before=says[1]) is None)
        ),
    )
    assert shape(talk(world, person, *TEXTS)) == expected


def test_a_bare_invitation_is_accepted_in_silence_and_opens_no_chat():
    world = World(size=SIZE)
    person = accepting(world, lambda _: True)
    assert talk(world, person) == []
    assert world.market.standing(person, world.time).distance == 1
    assert world.market.chats_with(person.provider_id, world.time) == []


@pytest.mark.parametrize(("second_text_after", "heard"), [(2, False), (12, True)])
def test_who_takes_days_to_answer_is_heard_unless_we_write_again_before(second_text_after, heard):
    world = World(size=SIZE)
    person = accepting(
        world,
        lambda p: (
            (a := answer(1, p, nth=1, before=None)) is not None
            and a.delay > timedelta(days=4)
            and answer(1, p, nth=2, before=None) is None
            and answer(1, p, nth=2, before=a.kind) is None
        ),
    )
    said = talk(world, person, (1, "the message"), (second_text_after, "follow-up"))
    assert shape(said) == ("oto" if heard else "oo")


def test_an_absence_names_the_day_of_return_and_the_answer_comes_on_it():
    world = World(size=SIZE)
    named = 0
    for person in [p for p in world.market.people if p.distance == 1]:
        if kinds(person, 1) == ["out_of_office"]:
            world.market.write(person.provider_id, "Hello")
            _ours, *theirs = world.market.story(person).said
            assert theirs[0].at - world.time < timedelta(minutes=5)
            for back in theirs[1:]:
                day = back.at.astimezone(BERLIN)
                assert 9 <= day.hour <= 15
                assert day.weekday() < 5
                assert timedelta(days=1) < back.at - theirs[0].at < timedelta(days=12)
                assert back.answer_kind != "out_of_office"
                dates = {
                    one.date.format(day=day.day, month=one.months[day.month - 1])
                    for one in languages().values()
                }
                named += any(date in theirs[0].text for date in dates)
    assert named


def test_who_is_away_and_is_written_to_again_says_nothing_more_to_the_first_text():
    world = World(size=SIZE)
    away = [
        p
        for p in world.market.people
        if p.distance == 1
        and kinds(p, 1) == ["out_of_office"]
        and answer(1, p, nth=2, before="out_of_office") is None
    ]
    for person in away:
        world.market.write(person.provider_id, "Hello")
    world.pass_time(days=1)
    for person in away:
        world.market.write(person.provider_id, "And?")
        assert shape(list(world.market.story(person).said)) == "oto"
    assert away


def test_a_colleague_writes_by_hand_and_no_act_of_ours_is_on_the_record():
    world = World(size=SIZE)
    person = accepting(world, lambda _: True, "written_to_by_hand")
    said = talk(world, person)
    assert shape(said)[0] == "h"
    assert [act.kind for act in world.market.record.acts] == ["invitation"]
    since = world.market.story(person).connected_at
    assert since is not None
    assert said[0].at > since
    assert not said[0].note


@pytest.mark.parametrize(("note", "begins"), [("", "t"), ("Hello", "o")])
def test_who_was_told_nothing_may_write_first(note, begins):
    world = World(size=SIZE)
    person = accepting(world, lambda _: True, "greets")
    world.market.invite(person.provider_id, note)
    said = [one for one in world.market.story(person).said if one.at <= world.pass_time(days=2)]
    assert shape(said)[0] == begins


def test_who_would_write_first_is_silent_when_we_were_quicker():
    world = World(size=SIZE)
    person = accepting(world, lambda p: kinds(p, 1) == [None], "greets")
    world.market.invite(person.provider_id, "")
    world.time = world.market.story(person).connected_at or world.time
    world.market.write(person.provider_id, "Hello")
    assert shape(list(world.market.story(person).said)) == "o"


@pytest.mark.parametrize("gone", ["deleted", "restricted"])
def test_who_is_gone_after_accepting_is_no_connection_says_nothing_and_takes_nothing(gone):
    world = World(size=SIZE)
    market = world.market
    person = accepting(world, lambda _: True, gone)
    market.invite(person.provider_id, "Hello")
    story = market.story(person)
    assert story.connected_at is not None
    assert story.gone_at is not None
    world.time = story.gone_at - timedelta(minutes=1)
    assert market.standing(person, world.time).distance == 1
    world.time = story.gone_at
    assert market.standing(person, world.time).gone == gone
    assert person not in [relation.person for relation in market.relations(world.time)]
    for act in (market.write, market.invite):
        with pytest.raises(Refused, match="user_unreachable"):
            act(person.provider_id, "Hello again")
    assert all(said.at < story.gone_at for said in story.said if said.sender)
    assert market.chats_with(person.provider_id, world.time), "what was said stays in our chat"


def test_nobody_who_opted_out_of_a_message_says_anything_else_afterwards():
    world = World(size=SIZE)
    people = [p for p in world.market.people if p.distance == 1 and kinds(p, 1) == ["opt_out"]]
    for person in people:
        for _ in range(3):
            world.market.write(person.provider_id, f"Hello {world.time}")
            world.pass_time(days=7)
        said = {one.answer_kind for one in world.market.story(person).said if one.sender}
        assert said == {"opt_out"}
    assert people


@pytest.mark.parametrize("manner", ["", "greets", "written_to_by_hand", "deleted", "restricted"])
def test_what_was_seen_once_stays_whatever_is_done_afterwards(manner):
    world = World(size=SIZE)
    market = world.market
    people = [
        p
        for p in market.people
        if p.distance in {2, 3}
        and not wall_of(1, p)
        and manner_of(1, p) == manner
        and accepts_after(1, p, 1)[0] is True
    ][:25]
    for person in people:
        market.invite(person.provider_id, "Hello" if int(person.key) % 2 else "")
    for hours in (2, 9, 26, 50, 120, 300):
        world.pass_time(hours=hours)
        for person in people:
            seen = seen_of(market, person, world.time)
            if market.standing(person, world.time).distance == 1:
                market.write(person.provider_id, f"text of {hours}")
                now = seen_of(market, person, world.time)
                assert [one for one in now if one.text != f"text of {hours}"] == seen


def seen_of(market: Market, person: Person, moment: datetime) -> list[Said]:
    return [said for said in market.story(person).said if said.at <= moment]


@pytest.mark.parametrize(
    ("hours", "twice"), [((0.5,), True), ((17,), True), ((24,), False), ((120, 240), False)]
)
def test_texts_of_one_day_are_one_too_many_and_later_ones_follow_up(hours, twice):
    world = World(size=SIZE)
    person = world.someone(lambda p: p.distance == 1 and kinds(p) == [None] * 3)
    world.market.write(person.provider_id, "Hello")
    for wait in hours:
        world.pass_time(hours=wait)
        world.market.write(person.provider_id, f"And after {wait}?")
    assert bool(world.market.contacted_twice(world.time)) == twice
