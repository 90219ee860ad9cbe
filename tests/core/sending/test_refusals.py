"""What `cannot_resend_yet` meant, over all orders of its three causes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingagents.core.sending.refusals import BLOCKED_FOR, Refusals, Tried, read_refusals

NOW = datetime(2027, 2, 8, 9, 0, tzinfo=UTC)


def read(story: str) -> Refusals:
    """A story in words: `a` bare, `A` with a note; `+` taken, `-` refused, `?` in doubt."""
    ends = {"+": "taken", "-": "refused", "?": "open"}
    return read_refusals(
        Tried(NOW + timedelta(hours=n), word[0].lower(), word[0].isupper(), ends[word[1]])  # type: ignore[arg-type]
        for n, word in enumerate(story.split())
    )


@pytest.mark.parametrize(
    ("story", "bare_next", "blocked", "full", "spent"),
    [
        ("", "", "", False, False),
        ("A+ b+", "", "", False, False),
        ("A-", "a", "", False, False),
        ("A- a+", "", "", False, True),
        ("A- a?", "", "", False, False),
        ("A- a-", "", "a", False, False),
        ("A- B+ a+", "", "", False, True),
        ("a-", "", "a", False, False),
        ("a- b+", "", "a", False, False),
        ("a- b- c+ d- e-", "", "abde", False, False),
        ("a- b- c-", "", "", True, False),
        ("a- a- a- a-", "", "a", False, False),
        ("a- b- a- b-", "", "ab", False, False),
        ("a- b? c-", "", "ac", False, False),
        ("a- b? c- d-", "", "", True, False),
        ("A- B- C-", "abc", "", False, False),  # with a note: nothing is said of the week
        ("A- a- B- b- C- c-", "", "", True, False),
        ("a- b- c- d+", "", "", True, False),  # the three of a full week are not blocked
        ("a- b- c- a-", "", "a", True, False),
        ("a- b+ a+", "", "", False, False),
    ],
)
def test_what_followed_a_refusal_says_what_it_meant(
    story: str, bare_next: str, blocked: str, full: bool, spent: bool
) -> None:
    found = read(story)
    assert found.bare_next == set(bare_next)
    assert set(found.blocked) == set(blocked)
    assert (found.week_full_at is not None) == full
    assert (found.notes_spent_at is not None) == spent


def test_a_person_is_blocked_for_three_weeks_from_the_last_refusal() -> None:
    found = read("b+ a- c+")
    assert found.blocked_until("a") == NOW + timedelta(hours=1) + timedelta(days=21)
    assert found.blocked_until("b") is None


class LinkedIn:
    """The hidden truth: who is blocked, how many notes and invitations are left."""

    def __init__(self, *, notes: int, week: int, blocked: frozenset[str]) -> None:
        self.notes, self.week, self.blocked = notes, week, blocked

    def answers(self, person: str, *, noted: bool) -> bool:
        if person in self.blocked or self.week == 0 or (noted and self.notes == 0):
            return False
        self.week -= 1
        self.notes -= noted
        return True


def department(linkedin: LinkedIn, people: Sequence[str]) -> tuple[list[Tried], Refusals]:
    """Invites everybody as the readings say, until they say that the week is full."""
    tried: list[Tried] = []
    waiting = list(people)
    while waiting:
        known = read_refusals(tried)
        if known.week_full_at is not None:
            break
        person = waiting[0]
        noted = person not in known.bare_next and known.notes_spent_at is None
        taken = linkedin.answers(person, noted=noted)
        at = NOW + timedelta(minutes=len(tried))
        tried.append(Tried(at, person, noted, "taken" if taken else "refused"))
        after = read_refusals(tried)
        if person not in after.bare_next:
            waiting.pop(0)
    return tried, read_refusals(tried)


def check(*, notes: int, week: int, blocked: frozenset[str], people: Sequence[str]) -> None:
    tried, found = department(LinkedIn(notes=notes, week=week, blocked=blocked), people)
    acts = [(one.person, one.noted) for one in tried]
    assert len(acts) == len(set(acts)), "nobody is asked twice in the same way"
    taken = [one.person for one in tried if one.ended == "taken"]
    willing = [person for person in people if person not in blocked]
    in_a_row = _longest_run(people, blocked)
    if in_a_row < 3:
        assert taken == willing[:week], "whoever could be reached is reached"
        if found.week_full_at is not None:
            assert week == len(taken), "no false hold"
            before = [one.person for one in tried if one.ended == "taken"]
            last = max((n for n, one in enumerate(tried) if one.ended == "taken"), default=-1)
            assert len({one.person for one in tried[last + 1 :]}) == 3, "after exactly three"
            assert before == taken
    noted_taken = sum(one.noted and one.ended == "taken" for one in tried)
    assert noted_taken <= notes
    if found.notes_spent_at is not None and in_a_row < 3:
        assert noted_taken == notes
    if found.week_full_at is None:
        assert set(found.blocked) <= {*blocked, *people[-2:]}


def _longest_run(people: Sequence[str], blocked: frozenset[str]) -> int:
    longest = run = 0
    for person in people:
        run = run + 1 if person in blocked else 0
        longest = max(longest, run)
    return longest


@pytest.mark.parametrize("notes", range(4))
@pytest.mark.parametrize("week", range(7))
def test_all_orders_of_the_three_causes_among_six_people(notes: int, week: int) -> None:
    people = "abcdef"
    for walls in product([False, True], repeat=len(people)):
        blocked = frozenset(p for p, wall in zip(people, walls, strict=True) if wall)
        check(notes=notes, week=week, blocked=blocked, people=people)


@settings(max_examples=200, deadline=None)
@given(
    notes=st.integers(0, 12),
    week=st.integers(0, 40),
    walls=st.lists(st.booleans() | st.just(False), min_size=1, max_size=40),
)
def test_longer_stories_of_the_three_causes(notes: int, week: int, walls: list[bool]) -> None:
    people = [f"p{n}" for n in range(len(walls))]
    blocked = frozenset(p for p, wall in zip(people, walls, strict=True) if wall)
    check(notes=notes, week=week, blocked=blocked, people=people)


@given(
    st.lists(
        st.builds(
            Tried,
            st.integers(0, 1000).map(lambda n: NOW + timedelta(minutes=n)),
            st.sampled_from("abcdef"),
            st.booleans(),
            st.sampled_from(["taken", "refused", "open"]),
        ),
        max_size=40,
    ).map(sorted)
)
def test_a_reading_contradicts_nothing_that_happened(tried: list[Tried]) -> None:
    found = read_refusals(tried)
    refused = {one.person for one in tried if one.ended == "refused" and not one.noted}
    assert set(found.blocked) <= refused
    assert not set(found.blocked) & found.bare_next or all(
        any(one.person == person and one.noted for one in tried) for person in found.bare_next
    )
    for person, since in found.blocked.items():
        assert found.blocked_until(person) == since + BLOCKED_FOR
        later = [one for one in tried if one.person == person and one.at > since]
        assert not any(one.ended == "taken" for one in later)
    if found.week_full_at is not None:
        before = [one for one in tried if one.at <= found.week_full_at and not one.noted]
        assert len({one.person for one in before if one.ended == "refused"}) >= 3
