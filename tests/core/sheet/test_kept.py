"""What the team said of a lead, in one cell: it comes back as it was, or not at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingagents.core.sheet.kept import Kept, kept_text, read_kept
from ingagents.core.sheet.rows import as_cell
from ingagents.core.text.csv_injection import original_cell
from ingagents.model import Profile
from tests.factories import MONDAY, a_lead
from tests.world import ZONE

_NAMES = st.text(max_size=30)


@given(
    stage=st.none() | st.sampled_from(["Won", "Meeting"]),
    owner=_NAMES,
    place=_NAMES,
    notes=st.lists(st.text(max_size=60), max_size=5),
    extra=st.dictionaries(_NAMES, _NAMES, max_size=3),
)
def test_what_is_kept_comes_back_through_a_cell(stage, owner, place, notes, extra) -> None:
    lead = a_lead(
        stage=stage, owner=owner, place=place, notes=tuple(notes), profile=Profile(extra=extra)
    )
    kept = read_kept(original_cell(str(as_cell(kept_text(lead), ZONE))))
    assert (kept.stage, kept.owner, kept.place) == (stage, owner, place)
    assert (kept.notes, kept.extra) == (tuple(notes), extra)


def test_nothing_said_is_an_empty_cell_and_of_many_notes_the_newest_are_kept() -> None:
    assert kept_text(a_lead()) == ""
    lead = a_lead(next_date=MONDAY.date(), notes=tuple(f"{n} " + "x" * 100 for n in range(100)))
    text = kept_text(lead)
    assert len(text) <= 3_900
    kept = read_kept(text)
    assert kept.next_date == MONDAY.date()
    assert kept.notes == lead.notes[-len(kept.notes) :]
    assert len(kept.notes) > 30


@pytest.mark.parametrize(
    "text", ["", "Won", "{", "[]", "\ud800", '{"stage": 7}', '{"owner": "' + "x" * 300 + '"}']
)
def test_what_somebody_wrote_over_it_is_nothing(text: str) -> None:
    assert read_kept(text) == Kept()


def test_columns_of_a_list_never_cost_what_the_team_said() -> None:
    extra = {f"column_{number}": "x" * 200 for number in range(20)}
    lead = a_lead(owner="Kim", notes=("met",), profile=Profile(extra=extra))
    text = kept_text(lead)
    assert len(text) <= 3_900
    kept = read_kept(text)
    assert kept.owner == "Kim"
    assert 10 < len(kept.extra) < 20
    assert kept.extra.items() <= extra.items()
