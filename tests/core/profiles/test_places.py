"""How near the event somebody is, as locations are written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingagents.core.profiles.places import nearness, place_of


@pytest.mark.parametrize(
    ("location", "country", "near"),
    [
        ("Berlin, Berlin, Germany", "", "same city"),
        ("Berlin", "", "same city"),
        ("BERLIN, DEUTSCHLAND", "", "same city"),
        ("Greater Berlin Metropolitan Area", "", "same city"),
        ("Munich, Bavaria, Germany", "", "same country"),
        ("München", "", "same country"),
        ("Berlin, New Hampshire, United States", "", "far"),
        ("Zurich, Switzerland", "DE", "same region"),
        ("Warszawa, Polska", "", "same region"),
        ("San Francisco Bay Area", "", "far"),
        ("Somewhere", "de", "same country"),
        ("Los Angeles, CA", "", "far"),
        ("Remote", "", "unknown"),
        ("", "", "unknown"),
    ],
)
def test_a_location_is_near_or_far_from_berlin(location: str, country: str, near: str) -> None:
    assert nearness(place_of(location, country), place_of("Berlin")) == near
    assert nearness(place_of(location, country), place_of("Berlin, Germany")) == near


def test_a_city_nobody_listed_is_still_the_same_city() -> None:
    assert nearness(place_of("Kleinkleckersdorf"), place_of("kleinkleckersdorf")) == "same city"


@given(st.text(max_size=300), st.text(max_size=60), st.text(max_size=60))
def test_any_text_is_read(location: str, country: str, city: str) -> None:
    nearness(place_of(location, country), place_of(city))
