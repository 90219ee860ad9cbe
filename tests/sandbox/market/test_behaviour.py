"""How people behave: in the same way every time, and lively enough for a demonstration day."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from ingagents.model import Profile
from ingagents.sandbox.market.behaviour import (
    ANSWER_KINDS,
    Answer,
    Pace,
    accepts_after,
    answer,
    manner_of,
    wall_of,
)
from ingagents.sandbox.market.people import Person, from_profile, invent

PEOPLE = [invent(1, number) for number in range(3000)]


def first_answer(person: Person, seed: int = 1) -> Answer | None:
    return answer(seed, person, nth=1, before=None)


def test_people_react_the_same_way_whenever_asked():
    backwards = [first_answer(p) for p in reversed(PEOPLE[:200])]
    assert backwards[::-1] == [first_answer(p) for p in PEOPLE[:200]]
    assert accepts_after(1, PEOPLE[5], 1) == accepts_after(1, PEOPLE[5], 1)


def test_all_kinds_of_answers_occur():
    kinds = Counter(a.kind for p in PEOPLE if (a := first_answer(p)))
    assert set(kinds) == set(ANSWER_KINDS) - {"thanks", "greeting"}
    assert kinds.most_common(1)[0][0] == "positive"


def test_a_few_people_cannot_be_reached():
    walls = Counter(wall_of(1, p) for p in PEOPLE)
    assert 0.01 < 1 - walls[""] / len(PEOPLE) < 0.06
    assert set(walls) == {"", "user_unreachable", "blocked_recipient", "cannot_resend_yet"}


def test_who_refused_stays_silent_and_who_opted_out_at_most_says_it_again():
    for person in PEOPLE[:500]:
        again = answer(1, person, nth=2, before="refusal")
        assert again is None
        after_opt_out = answer(1, person, nth=2, before="opt_out")
        assert after_opt_out is None or after_opt_out.kind == "opt_out"


def test_few_who_were_silent_answer_a_later_text_and_some_answer_none():
    silent = [p for p in PEOPLE if first_answer(p) is None]
    second = [p for p in silent if answer(1, p, nth=2, before=None)]
    third = [p for p in silent if p not in second and answer(1, p, nth=3, before=None)]
    assert 0.3 < len(second) / len(silent) < 0.5
    assert 0.15 < len(third) / len(silent) < 0.35
    assert len(PEOPLE) * 0.05 < len(silent) - len(second) - len(third) < len(PEOPLE) * 0.15


def test_some_accept_and_some_answer_only_after_days():
    late = [accepts_after(1, p, 1)[1].days >= 4 for p in PEOPLE]
    slow = [a.delay.days >= 4 for p in PEOPLE if (a := first_answer(p))]
    assert 0.02 < sum(late) / len(late) < 0.05
    assert 0.03 < sum(slow) / len(slow) < 0.07


def test_a_few_invented_people_do_something_of_their_own_after_accepting_and_listed_ones_do_not():
    manners = Counter(manner_of(1, p) for p in PEOPLE)
    assert 0.92 < manners[""] / len(PEOPLE) < 0.96
    assert set(manners) == {"", "greets", "written_to_by_hand", "deleted", "restricted"}
    listed = [from_profile(1, Profile(public_identifier=f"person-{n}")) for n in range(200)]
    assert {manner_of(1, p) for p in listed} == {""}


@pytest.mark.parametrize("seed", range(1, 6))
def test_about_a_quarter_of_those_invited_in_a_day_answer_within_it(seed):
    pace, start = Pace(), datetime(2027, 3, 1, 9, tzinfo=UTC)
    answered = 0
    people = [invent(seed, number) for number in range(400)]
    for position, person in enumerate(people):
        at = start + timedelta(minutes=position % 40 * 9)
        verdict, delay = accepts_after(seed, person, 1)
        said = first_answer(person, seed)
        if verdict and said:
            accepted = pace.moment(at, delay)
            answered += pace.moment(accepted, said.delay) < start + timedelta(hours=8)
    assert 0.2 <= answered / len(people) <= 0.32


@pytest.mark.parametrize(
    ("due", "expected"),
    [
        (datetime(2027, 3, 1, 20, 59, tzinfo=UTC), datetime(2027, 3, 1, 20, 59, tzinfo=UTC)),
        (datetime(2027, 3, 1, 21, 10, tzinfo=UTC), datetime(2027, 3, 2, 6, 10, tzinfo=UTC)),
        (datetime(2027, 3, 1, 3, 20, tzinfo=UTC), datetime(2027, 3, 1, 6, 20, tzinfo=UTC)),
    ],
)
def test_nobody_writes_at_night_in_berlin(due, expected):
    asked = due - timedelta(minutes=30)
    assert Pace().moment(asked, timedelta(minutes=30)) == expected


def test_a_faster_market_divides_every_delay_the_night_included():
    asked = datetime(2027, 3, 1, 20, 40, tzinfo=UTC)
    slow = Pace().moment(asked, timedelta(minutes=30)) - asked
    assert Pace(speed=10).moment(asked, timedelta(minutes=30)) - asked == slow / 10
