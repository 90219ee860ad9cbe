"""Who is chosen, in which order, and which rule speaks against everybody else."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any, get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingagents.core.allocator import Allocation, AllocationRules, Strategy, allocate
from ingagents.model import LeadId
from tests.factories import a_pool

STRATEGIES: tuple[Strategy, ...] = get_args(Strategy)


class Person(msgspec.Struct, frozen=True, kw_only=True):
    id: LeadId
    company_key: str = ""
    classification: str = "Speaker"
    quality_score: float = 8.0
    created_at: str = "2027-02-08T09:00:00Z"
    linkedin_url: str = "https://www.linkedin.com/in/somebody"
    suppressed: bool = False
    tracks: tuple[str, ...] = ()


def person(name: str, quality: float = 8.0, kind: str = "Speaker", **changes: Any) -> Person:
    return Person(id=LeadId(name), quality_score=quality, classification=kind, **changes)


def chosen(*people: Person, **changes: Any) -> list[str]:
    return list(allocated(*people, **changes).chosen)


def allocated(*people: Person, **changes: Any) -> Allocation[Person]:
    fields: dict[str, Any] = {
        "strategy": "quality_priority",
        "max_leads": 50,
        "quality_threshold": 6.0,
        "write_to_other": True,
    }
    rules = AllocationRules(**{**fields, **changes})
    return allocate(a_pool(people, rules), rules)


def test_the_best_come_first() -> None:
    assert chosen(person("a", 7), person("b", 9), person("c", 8)) == ["b", "c", "a"]


def test_the_oldest_come_first_whatever_their_quality() -> None:
    old, older = person("b", 9, created_at="2027-02"), person("c", 7, created_at="2027-01")
    assert chosen(old, older, strategy="oldest_first") == ["c", "b"]


def test_balanced_takes_turns_speaker_first_and_others_last() -> None:
    people = [
        person("other", 10, "Other"),
        person("sponsor-9", 9, "Sponsor"),
        person("sponsor-8", 8, "Sponsor"),
        person("speaker-7", 7),
        person("speaker-9", 9),
    ]
    assert chosen(*people, strategy="balanced") == [
        "speaker-9",
        "sponsor-9",
        "speaker-7",
        "sponsor-8",
        "other",
    ]


def test_balanced_goes_on_with_the_longer_side_when_the_other_is_used_up() -> None:
    people = [person(f"sponsor-{n}", 9 - n / 10, "Sponsor") for n in range(4)]
    assert chosen(person("speaker"), *people, strategy="balanced") == [
        "speaker",
        "sponsor-0",
        "sponsor-1",
        "sponsor-2",
        "sponsor-3",
    ]


@pytest.mark.parametrize("kind", ["Speaker", "Sponsor", "Other", ""])
def test_balanced_with_one_kind_only_still_allocates(kind: str) -> None:
    assert chosen(person("a", 7, kind), person("b", 9, kind), strategy="balanced") == ["b", "a"]


def test_one_who_may_not_be_allocated_does_not_cost_their_side_its_turn() -> None:
    same = [person(f"speaker-{n}", 9.9 - n, company_key="acme") for n in range(3)]
    late = person("speaker-late", 6.5, company_key="other")
    sponsors = [person(f"sponsor-{n}", 9, "Sponsor") for n in range(4)]
    got = chosen(*same, late, *sponsors, strategy="balanced", max_leads=4)
    assert got == ["speaker-0", "sponsor-0", "speaker-late", "sponsor-1"]


def test_the_threshold_itself_is_good_enough() -> None:
    result = allocated(person("at", 6.0), person("below", 5.999))
    assert result.chosen == ("at",)
    assert result.passed_over == {"below_threshold": 1}


def test_the_suppressed_are_never_chosen() -> None:
    result = allocated(person("a", suppressed=True), person("b"))
    assert result.chosen == ("b",)
    assert result.passed_over == {"suppressed": 1}


def test_without_an_address_nobody_is_chosen() -> None:
    assert allocated(person("a", linkedin_url="")).passed_over == {"no_address": 1}


def test_only_the_best_of_a_company_is_chosen_in_one_run() -> None:
    people = [person("a", 7, company_key="acme"), person("b", 9, company_key="acme")]
    result = allocated(*people)
    assert result.chosen == ("b",)
    assert result.passed_over == {"same_company": 1}


def test_a_company_that_had_somebody_today_has_nobody_else() -> None:
    result = allocated(person("a", company_key="acme"), companies_taken=frozenset({"acme"}))
    assert result.passed_over == {"same_company": 1}


def test_two_of_one_company_may_go_when_the_settings_say_so() -> None:
    people = [person("a", 7, company_key="acme"), person("b", 9, company_key="acme")]
    taken = frozenset({"acme"})
    assert chosen(*people, allow_same_company=True, companies_taken=taken) == ["b", "a"]


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_who_would_neither_speak_nor_sponsor_is_not_written_to_unless_wanted(
    strategy: Strategy,
) -> None:
    people = [person("a", 10, "Other"), person("b", 7), person("c", 6.5, "Sponsor")]
    result = allocated(*people, strategy=strategy, write_to_other=False)
    assert set(result.chosen) == {"b", "c"}
    assert result.passed_over == {"other": 1}


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_who_is_not_judged_yet_is_looked_at_after_the_known_whatever_they_score(
    strategy: Strategy,
) -> None:
    people = [
        person("a", 2.9, "", created_at="2027-01"),
        person("b", 7),
        person("c", 6.5, "Sponsor"),
    ]
    result = allocated(*people, person("d", 9, "Other"), strategy=strategy, write_to_other=False)
    assert result.chosen == ("b", "c", "a")
    assert result.passed_over == {"other": 1}
    (rules,) = [AllocationRules(strategy=strategy, max_leads=9, quality_threshold=6.0)]
    reasons = result.to_decision(3, people[0], rules).reasons
    assert "not judged yet: looked at first" in [reason.why for reason in reasons]


def test_who_is_not_judged_yet_waits_where_the_programme_takes_nobody_of_any_kind() -> None:
    person_, full, open_ = person("a", 3, ""), {"Main": 0}, {"Gold": 1}
    assert chosen(person_, rooms={"Speaker": full, "Sponsor": open_}) == ["a"]
    assert chosen(person_, rooms={"Speaker": full}) == ["a"]
    nobody = allocated(person_, rooms={"Speaker": full, "Sponsor": full})
    assert nobody.passed_over == {"no_place": 1}
    rules = AllocationRules(
        strategy="balanced",
        max_leads=5,
        quality_threshold=6.0,
        rooms={"Speaker": full, "Sponsor": full},
    )
    assert allocate(a_pool([person_], rules), rules, [person_]).chosen == ()


def test_people_without_a_company_are_not_of_one_company() -> None:
    assert chosen(person("a"), person("b"), companies_taken=frozenset({""})) == ["a", "b"]


def test_no_more_than_the_most_are_chosen_and_the_rest_is_named() -> None:
    result = allocated(person("a"), person("b"), person("c"), max_leads=2)
    assert result.chosen == ("a", "b")
    assert result.passed_over == {"full": 1}


def test_a_most_of_zero_chooses_nobody() -> None:
    assert allocated(person("a"), max_leads=0).passed_over == {"full": 1}


def test_nobody_to_choose_from_is_no_mistake() -> None:
    for strategy in STRATEGIES:
        assert allocated(strategy=strategy).chosen == ()


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_ties_fall_to_the_older_and_then_to_the_smaller_id(strategy: Strategy) -> None:
    people = [person("b"), person("a"), person("z", created_at="2027-01-01T00:00:00Z")]
    for _ in range(5):
        random.Random(7).shuffle(people)
        assert chosen(*people, strategy=strategy) == ["z", "a", "b"]


def test_the_decision_tells_place_quality_and_who_was_passed_over() -> None:
    best = person("a", 9.25)
    rules = AllocationRules(strategy="quality_priority", max_leads=50, quality_threshold=6.0)
    result = allocate(a_pool([best, person("b", 3)], rules), rules)
    decision = result.to_decision(1, best, rules)
    assert decision.kind == "allocation"
    assert decision.verdict == "Allocated"
    assert [reason.why for reason in decision.reasons] == [
        "place 1 of 1 by quality_priority",
        "quality 9.2 is not below 6.0",
    ]
    assert decision.basis["passed_over"] == {"below_threshold": 1}


people_lists = st.lists(
    st.builds(
        lambda quality, kind, company, url, age: (quality, kind, company, url, age),
        st.sampled_from([3.0, 6.0, 7.0, 9.0]),
        st.sampled_from(["Speaker", "Sponsor", "Other", ""]),
        st.sampled_from(["", "acme", "globex", "initech"]),
        st.sampled_from(["", "https://www.linkedin.com/in/x", "https://www.linkedin.com/in/y"]),
        st.sampled_from(["2027-01", "2027-02"]),
    ),
    max_size=25,
).map(
    lambda rows: [
        person(f"p{n:02d}", q, kind, company_key=company, linkedin_url=url, created_at=age)
        for n, (q, kind, company, url, age) in enumerate(rows)
    ]
)


@given(
    people=people_lists,
    strategy=st.sampled_from(STRATEGIES),
    most=st.integers(0, 10),
    taken=st.sets(st.sampled_from(["acme", "globex"])),
    order=st.randoms(use_true_random=False),
)
def test_every_rule_holds_for_everybody_under_every_strategy(
    people: list[Person], strategy: Strategy, most: int, taken: set[str], order: random.Random
) -> None:
    people = [msgspec.structs.replace(one, suppressed=n % 4 == 0) for n, one in enumerate(people)]
    fields: dict[str, Any] = {
        "strategy": strategy,
        "max_leads": most,
        "companies_taken": frozenset(taken),
    }
    result = allocated(*people, **fields)
    got = result.people
    assert len(got) + sum(result.passed_over.values()) == len(people)
    assert len(got) <= most
    assert all(one.quality_score >= 6.0 or not one.classification for one in got)
    assert all(one.linkedin_url for one in got)
    assert not any(one.suppressed for one in got)
    companies = [one.company_key for one in got if one.company_key]
    assert len(companies) == len(set(companies))
    assert not taken & set(companies)
    shuffled = order.sample(people, len(people))
    assert allocated(*shuffled, **fields).chosen == result.chosen


@given(people=people_lists, most=st.integers(0, 10))
def test_balanced_is_uneven_only_when_a_side_has_nobody_left(
    people: list[Person], most: int
) -> None:
    result = allocated(*people, strategy="balanced", max_leads=most, allow_same_company=True)
    count = Counter(one.classification for one in result.people)
    left = Counter(
        one.classification
        for one in people
        if one.id not in result.chosen and one.quality_score >= 6.0 and one.linkedin_url
    )
    if left["Speaker"] and left["Sponsor"]:
        assert 0 <= count["Speaker"] - count["Sponsor"] <= 1
    if left["Speaker"] or left["Sponsor"]:
        assert count["Other"] + count[""] == 0


@given(
    people=people_lists,
    strategy=st.sampled_from(STRATEGIES),
    most=st.integers(0, 25),
    other=st.booleans(),
)
def test_the_not_judged_never_take_the_turn_of_the_known_and_are_kept_back_by_no_judgement(
    people: list[Person], strategy: Strategy, most: int, other: bool
) -> None:
    rules: dict[str, Any] = {"strategy": strategy, "max_leads": most, "write_to_other": other}
    result = allocated(*people, allow_same_company=True, **rules)
    known = [one for one in people if one.classification]
    unknown = [one for one in people if not one.classification and one.linkedin_url]
    kinds = [one.classification for one in result.people]
    if "" in kinds:
        assert not {"Speaker", "Sponsor"} & set(kinds[kinds.index("") :])
    without = allocated(*known, allow_same_company=True, **rules).people
    sides = [one for one in without if one.classification != "Other"]
    assert [one for one in result.people if one.classification in {"Speaker", "Sponsor"}] == sides
    if len(kinds) < most:
        assert kinds.count("") == len(unknown), "as long as there is room all of them are looked at"


def mixed(speakers: int, sponsors: int) -> list[Person]:
    return [
        *(person(f"speaker-{n:02d}", 9 - n / 100) for n in range(speakers)),
        *(person(f"sponsor-{n:02d}", 7 - n / 100, "Sponsor") for n in range(sponsors)),
    ]


@pytest.mark.parametrize("strategy", ["quality_priority", "oldest_first"])
@pytest.mark.parametrize(
    ("share", "speakers"), [(0.0, 0), (0.3, 3), (0.5, 5), (0.6, 6), (0.8, 8), (1.0, 10)]
)
def test_both_sides_have_their_share(strategy: Strategy, share: float, speakers: int) -> None:
    got = chosen(*mixed(20, 20), strategy=strategy, speaker_share=share, max_leads=10)
    assert [one.partition("-")[0] for one in got].count("speaker") == speakers
    for side in ("speaker", "sponsor"):
        ours = [one for one in got if one.startswith(side)]
        assert ours == sorted(ours), "best first on each side"


def test_a_side_with_nobody_left_leaves_its_places_to_the_other() -> None:
    got = chosen(*mixed(2, 20), speaker_share=0.6, max_leads=10)
    assert [one.partition("-")[0] for one in got].count("sponsor") == 8


def test_the_share_counts_who_was_allocated_before_on_the_day() -> None:
    got = chosen(*mixed(9, 9), speaker_share=0.6, max_leads=4, taken={"Speaker": 6, "Sponsor": 0})
    assert [one.partition("-")[0] for one in got] == ["sponsor"] * 4


@pytest.mark.parametrize(
    ("strategy", "place"), [("quality_priority", 0), ("balanced", 2), ("oldest_first", 0)]
)
def test_others_go_by_merit_or_by_age_and_last_when_balanced(
    strategy: Strategy, place: int
) -> None:
    other = person("other", 9.9, "Other", created_at="2027-01")
    got = chosen(*mixed(1, 1), other, strategy=strategy)
    assert got.index("other") == place


@given(
    speakers=st.integers(0, 30),
    sponsors=st.integers(0, 30),
    share=st.floats(0, 1),
    most=st.integers(0, 40),
)
def test_the_share_is_met_to_one_person_while_both_sides_last(
    speakers: int, sponsors: int, share: float, most: int
) -> None:
    got = chosen(*mixed(speakers, sponsors), speaker_share=share, max_leads=most)
    ours = sum(one.startswith("speaker") for one in got)
    if ours < speakers and len(got) - ours < sponsors:
        assert abs(ours - share * len(got)) <= 1
