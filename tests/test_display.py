"""How our objects show themselves: in a line, in a table, without secrets, nothing hidden."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingagents import Settings
from ingagents.communication.journal import Entry
from ingagents.core.lead_classifier import classify
from ingagents.core.quality_scorer import Scored
from ingagents.display import ROWS_MAX, Shown, Told, counted, frame, person, table
from ingagents.errors import InputError
from ingagents.events import AllocationReturned
from ingagents.masking import HIDDEN, keep_secret
from ingagents.model import Decision, Profile, Reason
from ingagents.services.leads.views import Leads
from ingagents.services.outcome import Outcome
from tests.factories import a_lead

SECRET = "kingfisher-4711-secret"
WHEN = datetime(2027, 3, 1, 9, 30, tzinfo=UTC)


class Tags(HTMLParser):
    """Which tags and which texts a page holds."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.texts: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.add(tag)

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


class Plain(Shown, msgspec.Struct, frozen=True):
    """Something with fields and no words of its own."""

    name: str = ""
    at: datetime | None = None
    day: date | None = None
    share: float | None = None
    parts: tuple[str, ...] = ()


OBJECTS: tuple[Any, ...] = (
    a_lead(name="Ada"),
    Leads([a_lead(name="Ada"), a_lead(name="Bob")]),
    Leads(),
    Profile(name="Ada", position="CTO", company="Acme"),
    Decision(kind="quality", verdict="7.0", decided_by="rules", reasons=(Reason(why="a CTO"),)),
    Scored(score=7.0, factors=()),
    classify(Profile(position="CTO")),
    Outcome(summary="5 sent", figures={"sent": 5}, waits_until=WHEN, waits_for="the next gap"),
    Entry(1, "e", "message_sent", 1, "outreach", '{"text": "x"}', "2027-03-01T09:30:00Z"),
    Settings(),
    Settings().outreach,
)


@pytest.mark.parametrize("shown", OBJECTS, ids=lambda one: repr(one)[1:20].rstrip("<> "))
def test_everything_is_one_short_line_and_a_table(shown: Any) -> None:
    line = repr(shown)
    assert line.startswith(f"<{type(shown).__name__}")
    assert line.endswith(">")
    assert "\n" not in line
    assert len(line) < 450
    assert str(shown) == line or isinstance(shown, Entry)
    assert Tags(shown._repr_html_()).tags <= {"div", "p", "b", "table", "tr", "th", "td"}


def test_a_lead_is_told_as_people_tell_of_somebody() -> None:
    lead = msgspec.structs.replace(
        a_lead(name="Ada Lovelace", position="CTO", company="Acme"), quality_score=7.25
    )
    assert "Ada Lovelace, CTO at Acme" in repr(lead)
    assert "quality 7.2" in repr(lead)
    assert "Not Contacted" in repr(lead)
    assert "<td" in lead._repr_html_()


def test_a_company_that_the_title_names_is_not_told_twice() -> None:
    assert person("Ada", "CTO at Acme", "ACME") == "Ada, CTO at Acme"
    assert person("", "", "Acme") == "somebody without a name, Acme"


def test_every_event_is_a_line() -> None:
    event = AllocationReturned(lead_id=a_lead().id, reason="nobody acted\nin time")
    assert "nobody acted in time" in repr(event)
    assert "\n" not in repr(event)


@given(st.text(max_size=80))
def test_no_text_makes_a_tag_or_hides_a_sign(text: str) -> None:
    told = Told(text, [(text, text)], (text, text))
    found = Tags(table(told))
    assert found.tags == {"div", "p", "b", "table", "tr", "th", "td"}
    for shown in (*found.texts, repr(Plain(name=text)), repr(Plain(parts=(text, text)))):
        assert shown.isprintable()


def test_a_secret_is_hidden_wherever_it_is_shown() -> None:
    keep_secret(SECRET)
    objects = (
        a_lead(name=f"Ada {SECRET}"),
        Outcome(summary=f"said {SECRET}", figures={"why": [SECRET]}),
        Plain(name="x" * 40 + SECRET),
    )
    for shown in objects:
        for text in (repr(shown), shown._repr_html_()):
            assert HIDDEN in text
            assert SECRET[:12] not in text


def test_settings_show_what_was_changed_and_no_secret() -> None:
    settings = Settings(
        database={"url": f"postgresql://kim:{SECRET}@db/campaign"},
        linkedin={"service": "unipile", "api_key": SECRET},
        llm={"provider": "openai", "base_url": f"https://kim:{SECRET}@models.example/v1"},
    )
    for text in (
        repr(settings),
        str(settings),
        settings._repr_html_(),
        repr(settings.linkedin),
        repr(settings.llm),
        f"{settings.database}",
    ):
        assert SECRET[:12] not in text
    assert "linkedin.service unipile" in repr(settings)
    assert "timeout_seconds" not in repr(settings)
    assert repr(Settings()) == "<Settings: no file: everything as shipped>"


def test_a_long_table_says_how_many_more_there_are() -> None:
    leads = Leads(a_lead(number) for number in range(1, ROWS_MAX + 8))
    page = leads._repr_html_()
    assert page.count("<tr>") == ROWS_MAX + 1
    assert "and 7 more" in page
    assert repr(leads).startswith(f"<Leads: {ROWS_MAX + 7} leads; ")


def test_a_dataclass_shows_its_fields_too() -> None:
    @dataclass(repr=False)
    class Counted(Shown):
        taken: int = 0
        why: str = ""

    assert repr(Counted(taken=3)) == "<Counted: taken 3>"


def test_a_frame_has_its_types_also_without_a_row() -> None:
    kinds = {"name": "", "at": "datetime64[us, UTC]", "day": "datetime64[s]", "share": "float64"}
    full = [{"name": "Ada", "at": WHEN.isoformat(), "day": WHEN.date(), "share": 0.5}]
    for rows in ([], [{"name": "Ada", "at": None, "day": None, "share": None}], full):
        made = frame(rows, kinds)
        assert {name: str(made[name].dtype) for name in kinds if name != "name"} == {
            "at": "datetime64[us, UTC]",
            "day": "datetime64[s]",
            "share": "float64",
        }
    assert frame(full, kinds)["at"][0].to_pydatetime() == WHEN


def test_moments_with_and_without_parts_of_a_second_stand_in_one_column() -> None:
    moments = ["2027-02-08T09:00:00.250000Z", "2027-02-08T09:00:00Z", None]
    made = frame(({"at": one} for one in moments), {"at": "datetime64[us, UTC]"})
    assert made["at"].dt.microsecond.tolist()[:2] == [250000, 0]
    assert made["at"].isna().tolist() == [False, False, True]


def test_without_pandas_one_is_told_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(InputError) as told:
        frame([], {})
    assert "ingagents[notebook]" in told.value.line()


@pytest.mark.parametrize(
    ("number", "words", "said"),
    [
        (0, ("person", "people"), "0 people"),
        (1, ("person", "people"), "1 person"),
        (2, ("person", "people"), "2 people"),
        (1, ("answer",), "1 answer"),
        (1_000, ("answer",), "1000 answers"),
    ],
)
def test_a_number_has_the_noun_that_belongs_to_it(
    number: int, words: tuple[str, ...], said: str
) -> None:
    assert counted(number, *words) == said


def test_what_waits_is_said_once() -> None:
    told = "nothing sent; waits until 2027-03-01 10:30 CET: the next gap"
    line = repr(Outcome(summary=told, figures={}, waits_until=WHEN, waits_for="the next gap"))
    assert line.count("the next gap") == 1
