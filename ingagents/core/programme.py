"""Places of the event's programme: how many are filled, and how many conversations the rest justifies.

A *track* is a line of the programme with places for speakers, or a tier with places for sponsors. A
place is filled by a person whom the team says it won. As many conversations may be open for a track
as would fill its open places if they all went as well as the best that the answers so far make
likely: the upper bound of the rate's interval. Without an answer yet that is one for each place.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

import msgspec

from ingagents.core.profiles.quality_details import names_topic
from ingagents.core.sending.wanted import UNJUDGED
from ingagents.core.strategy.proposals import wilson_interval
from ingagents.display import Shown, Told, counted
from ingagents.model import Classification, Profile

_PLACED = (Classification.SPEAKER, Classification.SPONSOR)
RIPE = timedelta(days=7)
"""A first touch that old says something of the rate, whether it was answered or not."""


class Track(msgspec.Struct, frozen=True, kw_only=True):
    """Places to fill with people of one kind; `topics`: who fits here, empty: anybody of the kind."""

    kind: Classification
    name: str
    places: int
    topics: tuple[str, ...] = ()


class Tally(msgspec.Struct, frozen=True):
    """How far people of one track are. Each person counts in one of the first four at most.

    `won` have a place, `talking` have answered and it is not settled, `open` were written to and
    may still answer, `handed` are allocated. `tried` are those whose first touch says something of
    the rate: it is settled, answered or ripe.
    """

    won: int = 0
    talking: int = 0
    open: int = 0
    handed: int = 0
    tried: int = 0

    def __add__(self, other: Tally) -> Tally:
        """Both together."""
        names = self.__struct_fields__
        return Tally(**{name: getattr(self, name) + getattr(other, name) for name in names})


class TrackState(Shown, msgspec.Struct, frozen=True, kw_only=True):
    """How it stands with a track. `most_open` conversations may be open for it at one time."""

    kind: Classification
    name: str
    places: int
    won: int
    under_way: int
    """Conversations that are open."""
    handed: int
    """People who are allocated: a conversation will be opened with them."""
    most_open: int

    @property
    def open_places(self) -> int:
        """Places that nobody has yet."""
        return max(0, self.places - self.won)

    @property
    def room(self) -> int:
        """How many more may be allocated."""
        return max(0, self.most_open - self.under_way - self.handed)

    @property
    def bar(self) -> str:
        """Why nobody further is written to for this track now; "" when somebody may be."""
        if not self.open_places:
            return f"all {counted(self.places, 'place')} of {self.name} are filled"
        if self.under_way < self.most_open:
            return ""
        return (
            f"{counted(self.under_way, 'conversation is', 'conversations are')} open for {self.name},"
            f" as many as its {counted(self.open_places, 'open place')} and the answers so far justify"
        )

    def _told(self) -> Told:
        return Told(f"{self.name}: {self.won} of {self.places} places, {self.under_way} open")


def fitting(tracks: Iterable[Track], kind: str, profile: Profile | None) -> tuple[str, ...]:
    """The names of the tracks that a person of this kind fits, in the programme's order.

    `profile` may be None where no track of the kind has topics.
    """
    return tuple(
        track.name
        for track in tracks
        if track.kind == kind
        and (not track.topics or (profile is not None and names_topic(profile, track.topics)))
    )


def states_of(
    tracks: Sequence[Track], tallies: Mapping[tuple[str, str], Tally]
) -> tuple[TrackState, ...]:
    """How it stands with each track, from tallies by kind and name of track.

    Who has no track, or one that is gone, counts for the first of their kind. The rate is that of
    all people of the kind: one track alone would know too little for long.
    """
    found = []
    for track in tracks:
        of_kind = {name: tally for (kind, name), tally in tallies.items() if kind == track.kind}
        alike = [one.name for one in tracks if one.kind == track.kind]
        theirs = of_kind.get(track.name, Tally())
        if track.name == alike[0]:
            theirs = sum((one for name, one in of_kind.items() if name not in alike), theirs)
        whole = sum(of_kind.values(), Tally())
        hits = whole.won + whole.talking
        best = wilson_interval(hits, max(hits, whole.tried)).high
        found.append(
            TrackState(
                kind=track.kind,
                name=track.name,
                places=track.places,
                won=theirs.won,
                under_way=theirs.talking + theirs.open,
                handed=theirs.handed,
                most_open=int(max(0, track.places - theirs.won) / best),
            )
        )
    return tuple(found)


def rooms_of(states: Iterable[TrackState]) -> dict[str, dict[str, int]]:
    """How many more may be allocated to each track, by kind; a kind without places has no limit."""
    rooms: dict[str, dict[str, int]] = {}
    for state in states:
        rooms.setdefault(state.kind, {})[state.name] = state.room
    return rooms


def speaker_share_of(states: Sequence[TrackState], otherwise: float) -> float:
    """The Speakers' share of first touches: that of the open places where both kinds have some."""
    if {state.kind for state in states} != {Classification.SPEAKER, Classification.SPONSOR}:
        return otherwise
    every = sum(state.open_places for state in states)
    speakers = sum(state.open_places for state in states if state.kind is Classification.SPEAKER)
    return speakers / every if every else otherwise


def room_left(states: Sequence[TrackState]) -> int | None:
    """How many more may be allocated in all; None: some kind that is wanted has no limit."""
    kinds = {state.kind for state in states}
    if kinds != {Classification.SPEAKER, Classification.SPONSOR}:
        return None
    return sum(state.room for state in states)


def bar_to(
    states: Sequence[TrackState], kind: str, names: Sequence[str], *, meant_for: str = ""
) -> str:
    """Why a person may not be written to for the programme; "" when they may.

    `names` are the tracks that they fit, `meant_for` the one that they were allocated to.
    """
    if kind == UNJUDGED:  # they may be of any kind
        said = [bar_to(states, each, _named(states, each)) for each in _PLACED]
        return said[0] if all(said) else ""
    of_kind = {state.name: state for state in states if state.kind == kind}
    if not of_kind:
        return ""
    chosen = [meant_for] if meant_for in of_kind else [name for name in names if name in of_kind]
    if not chosen:
        return "no track of the programme is about what this person does"
    bars = [of_kind[name].bar for name in chosen]
    return "" if "" in bars else bars[0]


def _named(states: Sequence[TrackState], kind: str) -> Sequence[str]:
    return [state.name for state in states if state.kind == kind]


def rooms_after(
    rooms: Mapping[str, Mapping[str, int]], chosen: Iterable[tuple[str, str]]
) -> dict[str, dict[str, int]]:
    """What is left of the rooms when each of these, a kind and a track, has taken one."""
    left = {kind: dict(tracks) for kind, tracks in rooms.items()}
    for kind, track in chosen:
        if track in left.get(kind, {}):
            left[kind][track] -= 1
    return left


def no_room_for(
    states: Sequence[TrackState],
    rooms: Mapping[str, Mapping[str, int]],
    kind: str,
    names: Sequence[str],
) -> str:
    """Why nobody of a kind who fits these tracks is allocated; "" when somebody may be."""
    if kind == UNJUDGED:
        said = [no_room_for(states, rooms, each, _named(states, each)) for each in _PLACED]
        return said[0] if all(said) else ""
    theirs = rooms.get(kind)
    if theirs is None or any(theirs.get(name, 0) > 0 for name in names):
        return ""
    handed = (
        f"as many as the open places of {', '.join(names)} justify are allocated, or would be next"
    )
    return bar_to(states, kind, names) or handed


def in_words(states: Sequence[TrackState]) -> Sequence[str]:
    """The programme in sentences: "12 of 20 places, AI track open: 3", and what holds a track up."""
    if not states:
        return ()
    won = sum(min(state.won, state.places) for state in states)
    places = sum(state.places for state in states)
    first = ", ".join(
        [
            f"{won} of {counted(places, 'place')}",
            *(f"{one.name} open: {one.open_places}" for one in states if one.open_places),
        ]
    )
    if won == places:
        first += ": nobody is written to first any more"
    held = [one.bar for one in states if one.open_places and one.bar]
    return (first, *(bar for bar in held))
