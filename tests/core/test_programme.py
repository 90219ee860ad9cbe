"""Places of the programme: who fits, how many conversations they justify, and what is said of them."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingagents.core.allocator import AllocationRules, allocate
from ingagents.core.programme import (
    Tally,
    Track,
    TrackState,
    bar_to,
    fitting,
    in_words,
    no_room_for,
    room_left,
    rooms_after,
    rooms_of,
    speaker_share_of,
    states_of,
)
from ingagents.core.sending.wanted import UNJUDGED
from ingagents.model import Classification
from ingagents.store.tables.candidates import Candidate
from tests.factories import a_lead, a_pool, a_profile

SPEAKER, SPONSOR = Classification.SPEAKER, Classification.SPONSOR
AI = Track(kind=SPEAKER, name="AI track", places=8, topics=("machine learning", "AI"))
OPEN_STAGE = Track(kind=SPEAKER, name="Open stage", places=4)
GOLD = Track(kind=SPONSOR, name="Gold", places=2)
TRACKS = (AI, OPEN_STAGE, GOLD)

TALLIES = st.builds(
    Tally,
    **{name: st.integers(0, 60) for name in ("won", "talking", "open", "handed")},
    tried=st.integers(0, 300),
)


def states(**tallies: Tally) -> tuple[TrackState, ...]:
    names = {track.name.replace(" ", "_"): track for track in TRACKS}
    return states_of(
        TRACKS, {(names[name].kind, names[name].name): one for name, one in tallies.items()}
    )


@pytest.mark.parametrize(
    ("kind", "headline", "skills", "fits"),
    [
        ("Speaker", "Head of AI at Acme", (), ("AI track", "Open stage")),
        ("Speaker", "CTO", ("Machine  Learning",), ("Open stage",)),
        ("Speaker", "CTO", ("Machine Learning",), ("AI track", "Open stage")),
        ("Speaker", "Head of Detail", (), ("Open stage",)),  # "ai" is no word of it
        ("Sponsor", "Head of AI", (), ("Gold",)),
        ("Other", "Head of AI", (), ()),
    ],
)
def test_who_fits_is_said_by_kind_and_topic(kind, headline, skills, fits) -> None:
    profile = a_profile(headline=headline, position="", skills=skills)
    assert fitting(TRACKS, kind, profile) == fits


def test_without_an_answer_yet_there_is_one_conversation_for_each_place() -> None:
    assert [one.most_open for one in states()] == [8, 4, 2]


@pytest.mark.parametrize(
    ("tally", "most"),
    [
        (Tally(tried=20), 49),  # the upper bound of 0 of 20 is 16 %
        (Tally(tried=100, talking=5), 71),
        (Tally(tried=4, won=4), 4),  # everybody came: again one for each place
        (Tally(tried=50, won=8), 0),
        (Tally(tried=50, won=11), 0),
    ],
)
def test_the_surer_the_rate_is_the_more_conversations_may_be_open(tally: Tally, most: int) -> None:
    assert states(AI_track=tally)[0].most_open == most


@given(
    st.dictionaries(st.sampled_from([track.name.replace(" ", "_") for track in TRACKS]), TALLIES)
)
def test_conversations_never_fill_more_than_the_places_at_the_rate_seen_so_far(
    tallies: Mapping[str, Tally],
) -> None:
    found = states(**tallies)
    for state in found:
        alike = [one for one in TRACKS if one.kind is state.kind]
        seen = [tallies.get(one.name.replace(" ", "_"), Tally()) for one in alike]
        hits = sum(one.won + one.talking for one in seen)
        tried = max(hits, sum(one.tried for one in seen))
        assert state.most_open * hits <= state.open_places * max(1, tried)
        assert state.room <= state.most_open
        assert bool(state.bar) is (state.under_way >= state.most_open)


@given(
    st.dictionaries(st.sampled_from([track.name.replace(" ", "_") for track in TRACKS]), TALLIES),
    st.lists(st.sampled_from(["Speaker", "Sponsor", "Other"]), max_size=40),
    st.integers(0, 40),
)
def test_an_allocation_never_goes_beyond_the_room_of_a_track(
    tallies: Mapping[str, Tally], kinds: list[str], most: int
) -> None:
    found = states(**tallies)
    people = [
        Candidate(
            a_lead(number).id, "", kind, 8.0, str(number), "x", tracks=fitting(TRACKS, kind, None)
        )
        for number, kind in enumerate(kinds)
    ]
    rules = AllocationRules(
        strategy="quality_priority", max_leads=most, quality_threshold=1.0, rooms=rooms_of(found)
    )
    result = allocate(a_pool(people, rules), rules)
    for state in found:
        assert list(result.tracks.values()).count(state.name) <= state.room
    limited = [one for one in result.people if one.classification != "Other"]
    assert {one.id for one in limited} == set(result.tracks)
    assert sum(result.passed_over.values()) + len(result.people) == len(people)
    kept_out = [one for one in people if one.id not in result.chosen]
    if len(result.people) < most:
        rooms = {state.name: state.room for state in found}
        for track in result.tracks.values():
            rooms[track] -= 1
        assert not any(rooms[name] > 0 for one in kept_out for name in one.tracks)


def test_who_has_no_track_counts_for_the_first_of_their_kind() -> None:
    tallies = {("Speaker", ""): Tally(won=1), ("Speaker", "Last year's"): Tally(won=2)}
    assert [one.won for one in states_of(TRACKS, tallies)] == [3, 0, 0]


def test_first_touches_go_where_places_are_open() -> None:
    assert speaker_share_of(states(), 0.6) == 12 / 14
    filled = states(AI_track=Tally(won=8), Open_stage=Tally(won=4))
    assert speaker_share_of(filled, 0.6) == 0
    assert speaker_share_of(states_of((AI,), {}), 0.6) == 0.6
    assert speaker_share_of((), 0.6) == 0.6


def test_a_kind_without_places_sets_no_limit() -> None:
    assert room_left(states()) == 14
    assert room_left(states_of((AI,), {})) is None
    assert bar_to(states_of((AI,), {}), "Sponsor", ()) == ""


def test_a_person_is_barred_by_all_they_fit_or_by_the_one_they_are_meant_for() -> None:
    found = states(AI_track=Tally(won=8))
    both = ("AI track", "Open stage")
    assert bar_to(found, "Speaker", both) == ""
    assert bar_to(found, "Speaker", both, meant_for="AI track") == (
        "all 8 places of AI track are filled"
    )
    assert bar_to(found, "Speaker", both, meant_for="a track that is gone") == ""
    assert "no track" in bar_to(states_of((AI,), {}), "Speaker", ())


def test_how_the_programme_stands_is_said_in_figures() -> None:
    found = states(AI_track=Tally(won=5), Open_stage=Tally(won=4), Gold=Tally(open=2))
    assert in_words(found) == (
        "9 of 14 places, AI track open: 3, Gold open: 2",
        found[2].bar,
    )
    assert found[2].bar == (
        "2 conversations are open for Gold, as many as its 2 open places and the answers so far"
        " justify"
    )
    assert in_words(()) == ()
    full = states_of((GOLD,), {("Sponsor", "Gold"): Tally(won=2)})
    assert in_words(full) == ("2 of 2 places: nobody is written to first any more",)


def test_who_finds_no_room_after_the_chosen_is_told_why() -> None:
    found = states(AI_track=Tally(open=8), Gold=Tally(handed=1))
    rooms = rooms_after(rooms_of(found), [("Sponsor", "Gold"), ("Other", "")])
    assert rooms == {"Speaker": {"AI track": 0, "Open stage": 4}, "Sponsor": {"Gold": 0}}
    assert no_room_for(found, rooms, "Other", ()) == ""
    assert no_room_for(found, rooms, "Speaker", ("AI track", "Open stage")) == ""
    talking = "8 conversations are open for AI track, as many as its 8 open places"
    assert talking in no_room_for(found, rooms, "Speaker", ("AI track",))
    assert "Gold justify are allocated" in no_room_for(found, rooms, "Sponsor", ("Gold",))
    assert "no track" in no_room_for(found, rooms, "Speaker", ())


def test_who_is_not_judged_yet_may_be_of_any_kind_and_waits_where_none_has_a_place() -> None:
    open_ = states(AI_track=Tally(won=8), Open_stage=Tally(won=4))
    full = states(AI_track=Tally(won=8), Open_stage=Tally(won=4), Gold=Tally(won=2))
    for states_, waits in ((open_, False), (full, True), (states_of((AI,), {}), False)):
        assert bool(bar_to(states_, UNJUDGED, ())) is waits
        assert bool(no_room_for(states_, rooms_of(states_), UNJUDGED, ())) is waits
