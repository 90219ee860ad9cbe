"""How people behave: in the same way every time, and lively enough for a demonstration day."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from ingagents.sandbox.market.behaviour import (
    ANSWER_KINDS,
    Answer,
    Pace,
    _texts,
    accepts_after,
    answer,
    wall_of,
)
from ingagents.sandbox.market.people import Person, invent

PEOPLE = [invent(1, number) for number in range(3000)]


def first_answer(person: Person, seed: int = 1) -> Answer | None:
    return answer(seed, person, nth=1, before=None, ours="Hello there", sender="Robin")


def test_people_react_the_same_way_whenever_asked():
    backwards = [first_answer(p) for p in reversed(PEOPLE[:200])]
    assert backwards[::-1] == [first_answer(p) for p in PEOPLE[:200]]
    assert accepts_after(1, PEOPLE[5], 1) == accepts_after(1, PEOPLE[5], 1)


def test_there_are_at_least_sixty_texts_over_all_kinds_and_every_one_can_be_filled_in():
    texts = _texts()
    assert set(texts) == {"en", "de", "fr", "es"}
    assert sum(len(kinds[kind]) for kinds in texts.values() for kind in kinds) >= 60
    assert all(set(kinds) == set(ANSWER_KINDS) for kinds in texts.values())
    said = [a.text for p in PEOPLE if (a := first_answer(p))]
    assert not any("{" in text for text in said)
    assert len(set(said)) > 100


def test_all_kinds_of_answers_occur():
    kinds = Counter(a.kind for p in PEOPLE if (a := first_answer(p)))
    assert set(kinds) == set(ANSWER_KINDS) - {"thanks"}
    assert kinds.most_common(1)[0][0] == "positive"


def test_some_quote_us_some_sign_and_some_write_in_their_own_language():
    said = [a.text for p in PEOPLE if (a := first_answer(p))]
    assert any("\n> Hello there" in text for text in said)
    assert any("\n\nBest,\n" in text for text in said)
    assert any("Gern" in text or "gerne" in text for text in said)
    assert any("merci" in text.lower() for text in said)
    assert any("gracias" in text.lower() for text in said)


def test_a_few_people_cannot_be_reached():
    walls = Counter(wall_of(1, p) for p in PEOPLE)
    assert 0.01 < 1 - walls[""] / len(PEOPLE) < 0.06
    assert set(walls) == {"", "user_unreachable", "blocked_recipient", "cannot_resend_yet"}


def test_who_refused_stays_silent_and_who_opted_out_at_most_says_it_again():
    for person in PEOPLE[:500]:
        again = answer(1, person, nth=2, before="refusal", ours="", sender="")
        assert again is None
        after_opt_out = answer(1, person, nth=2, before="opt_out", ours="", sender="")
        assert after_opt_out is None or after_opt_out.kind == "opt_out"


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
