"""When two names can be one person's, and when a human must be asked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingagents.core.profiles.name_matching import names_agree

ALIKE = [
    ("Theresa Brandt", "Theresa Brandt"),
    ("THERESA BRANDT", "theresa brandt"),
    ("Jürgen Müller", "Juergen Mueller"),
    ("Jurgen Muller", "Jürgen Müller"),
    ("José García", "Jose Garcia"),
    ("Søren Kjær", "Soren Kjaer"),
    ("Łukasz Żak", "Lukasz Zak"),
    ("Smith, Robert", "Robert Smith"),
    ("Kim Min-jun", "Minjun Kim"),
    ("Tessa Brandt", "Theresa Brandt"),
    ("Bob Smith", "Robert Smith"),
    ("Alex Ford", "Alexandra Ford"),
    ("J. Smith", "Jane Smith"),
    ("Theresa B.", "Theresa Brandt"),
    ("Mary Jane Watson", "Jane Watson"),
    ("Theresa M. Brandt", "Theresa Brandt"),
    ("Dr. Anna Weber", "Prof. Anna Weber, MBA"),
    ("Anna Schmidt", "Anna Schmidt-Weber"),
    ("Anna Schmidt-Weber", "Anna Weber-Meier"),
    ("Ana García López", "Ana García"),
    ("Maria de la Cruz", "Maria Cruz"),
    ("Khadija al-Sayed", "Khadija Alsayed"),
    ("Jean Luc Picard", "Jean-Luc Picard"),
    ("O'Brien Kate", "Katherine OBrien"),
    ("Сергей Иванов", "Sergey Ivanov"),
    ("Юлия Смирнова", "Julia Smirnova"),
    ("Γιώργος Παπαδόπουλος", "Giorgos Papadopoulos"),
    ("Hans MÃ¼ller", "Hans Müller"),
    ("Hans M?ller", "Hans Müller"),
    ("Theresa Brandt 🚀", "Theresa Brandt (she/her)"),
    ("Theresa", "Theresa Brandt"),
    ("", "Theresa Brandt"),
]
OTHERS = [
    ("Tessa Brand", "Theresa Brandt"),
    ("Anna Schmidt", "Anna Weber"),
    ("Daniel Weber", "Daniela Weber"),
    ("Daniel Weber", "Danielle Weber"),
    ("Paul Weber", "Pauline Weber"),
    ("Joseph Weber", "Josephine Weber"),
    ("Peter Weber", "Petra Weber"),
    ("Robin Muster1", "Robin Muster2"),
    ("J. Smith", "Kate Smith"),
    ("Jean-Luc Picard", "Jean-Pierre Picard"),
    ("Juan Carlos Pérez", "Juan Carlos Gómez"),
    ("Anna van Dijk", "Anna van Berg"),
    ("Мария Петрова", "Sergey Ivanov"),
    ("王伟", "Wei Wang"),
    ("Jan Meier", "Jan Meyerhof"),
]


@pytest.mark.parametrize(("one", "two"), ALIKE)
def test_another_writing_is_no_other_name(one: str, two: str) -> None:
    assert names_agree(one, two)
    assert names_agree(two, one)


@pytest.mark.parametrize(("one", "two"), OTHERS)
def test_another_name_is_told(one: str, two: str) -> None:
    assert not names_agree(one, two)
    assert not names_agree(two, one)


@given(st.text(max_size=400), st.text(max_size=400))
def test_whatever_is_called_a_name_it_is_compared_both_ways_alike(one: str, two: str) -> None:
    assert names_agree(one, one)
    assert names_agree(one, two) == names_agree(two, one)


@given(st.text(alphabet="abcdefghijklmnop", min_size=3), st.text(alphabet="qrstvwxyz", min_size=3))
def test_names_of_other_letters_are_never_one(one: str, two: str) -> None:
    assert not names_agree(one, two)
