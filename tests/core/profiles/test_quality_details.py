"""What tells two people of one title apart."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingagents.core.lead_classifier import classify
from ingagents.core.profiles.quality_details import Occasion, judge_post, months_since
from ingagents.core.quality_scorer import Factor, Scored, calculate_score
from ingagents.model import Position, Profile, SearchCriteria

TODAY = date(2027, 2, 8)
OCCASION = Occasion(city="Berlin", topics=("AI", "security"), today=TODAY)
CRITERIA = SearchCriteria(industries=("Technology",), positions=("CTO", "Founder"))


def somebody(position: str = "CTO", **known: object) -> Profile:
    plain = Profile(
        name="Ada Lind", position=position, company="Nordwind", public_identifier="ada-lind"
    )
    return msgspec.structs.replace(plain, **known)


def since(started: str) -> tuple[Position, ...]:
    return (Position(title="CTO", company="Nordwind", current=True, started=started),)


def scored(profile: Profile) -> Scored:
    return calculate_score(profile, classify(profile), CRITERIA, occasion=OCCASION)


def factor(name: str, profile: Profile) -> Factor:
    return next(one for one in scored(profile).factors if one.name == name)


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        (somebody(positions=since("2024-06")), somebody(positions=since("2027-01"))),
        (somebody(positions=since("2024-06")), somebody(positions=since("1995-01"))),
        (somebody(location="Berlin, Germany"), somebody(location="Munich, Germany")),
        (somebody(location="Munich, Germany"), somebody(location="Lyon, France")),
        (somebody(location="Lyon, France"), somebody(location="Sydney, Australia")),
        (somebody(network_distance=1), somebody(network_distance=2)),
        (somebody(network_distance=2), somebody(network_distance=3)),
        (somebody(skills=("AI",)), somebody(skills=("Cooking",))),
        (somebody("CTO"), somebody("Deputy CTO")),
        (somebody("CTO"), somebody("Interim CTO")),
        (somebody("CTO"), somebody("Former CTO")),
        (somebody("CTO"), somebody("Stellvertretender CTO")),
    ],
)
def test_what_is_known_beside_the_title_ranks_people(better: Profile, worse: Profile) -> None:
    assert scored(better).score > scored(worse).score


@pytest.mark.parametrize("name", ["tenure", "nearness", "topic_fit", "network"])
def test_an_unknown_detail_moves_nothing_and_says_so(name: str) -> None:
    judged = factor(name, somebody())

    assert not judged.known
    assert judged.weight == 0
    assert judged.why


def test_every_factor_has_a_sentence_of_its_own() -> None:
    known = somebody(
        positions=since("2024-06"), location="Berlin", network_distance=2, skills=("AI",),
        company_size="51-200", industry="Software", follower_count=900,
    )  # fmt: skip
    reasons = [reason.why for reason in scored(known).to_decision().reasons]

    assert len(set(reasons)) == len(reasons) == 12
    assert "32 months in the present job" in reasons
    assert "is in Berlin, where the event is" in reasons


@pytest.mark.parametrize("position", ["HR Manager", "Recruiter", "Registered Nurse"])
def test_nobody_of_no_use_becomes_a_lead_by_living_near(position: str) -> None:
    near = somebody(
        position, positions=since("2024-08"), location="Berlin, Germany", network_distance=1,
        skills=("AI", "security"), follower_count=9_000,
    )  # fmt: skip
    assert scored(near).score < 6.0


@pytest.mark.parametrize(
    "prose",
    [
        {"summary": "I speak about AI and security."},
        {"headline": "CTO. I love AI and security, in Berlin, deputy of nobody"},
        {"headline": "CTO\nAI, security"},
    ],
)
def test_prose_names_no_topic(prose: dict[str, str]) -> None:
    assert factor("topic_fit", somebody(**prose)).value <= 0.4 or (
        not factor("topic_fit", somebody(**prose)).known
    )


def test_a_long_list_of_skills_counts_no_more_than_one() -> None:
    one, many = somebody(skills=("AI",)), somebody(skills=("AI", "security", "AI", "AI safety"))
    assert scored(one).score == scored(many).score


@pytest.mark.parametrize(
    ("title", "full"),
    [
        ("CTO", True),
        ("CTO, ex-Google", True),
        ("Vice President Engineering", True),
        ("Deputy CTO", False),
        ("Assistant to the CTO", False),
        ("Vice CTO", False),
        ("ex-CTO", False),
        ("Aspiring Founder", False),
        ("Fractional CTO", False),
    ],
)
def test_a_title_is_held_in_full_or_not(title: str, full: bool) -> None:
    assert (judge_post(somebody(title))[0] >= 0.7) is full


@pytest.mark.parametrize(
    ("started", "months"),
    [
        ("2025-02", 24),
        ("2/1/2025", 24),
        ("Feb 2025", 24),
        ("February 2025", 24),
        ("2025", 19),
        ("2025-02-17", 24),
        ("2027-02", 0),
        ("2028-01", None),
        ("1899", None),
        ("", None),
        ("recently", None),
        ("2025-99", 14),
    ],
)
def test_a_beginning_is_read_as_services_write_it(started: str, months: int | None) -> None:
    assert months_since(started, TODAY) == months


@given(st.text(max_size=60))
def test_any_text_for_a_beginning_is_read(started: str) -> None:
    found = months_since(started, TODAY)
    assert found is None or 0 <= found <= 720


@given(st.integers(0, 300), st.integers(0, 300))
def test_tenures_of_different_length_score_differently(one: int, other: int) -> None:
    def begun(months: int) -> str:
        year, month = divmod(TODAY.year * 12 + TODAY.month - 1 - months, 12)
        return f"{year}-{month + 1:02d}"

    values = [factor("tenure", somebody(positions=since(begun(m)))).value for m in (one, other)]
    # Before and after the best moment two lengths may be worth the same.
    if one != other and (max(one, other) <= 30 or min(one, other) >= 30):
        assert values[0] != values[1]
