"""Where a header stands and what separates its cells: our own exports, and files beyond names."""

import csv
import io
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from ingagents.integrations.csv_files import PeopleFile, Person, write_csv
from ingagents.leadbook import EXPORTED, exported
from ingagents.model import Lead

UNDERSTOOD = {"name": "name", "position": "position", "company": "company", "url": "linkedin_url"}

said = st.lists(
    st.sampled_from([
        "title: CTO", "company: Acme", "name;title", "e-mail; first name; last name", "a|b\tc", ",,,",
        'position says "Head of Sales"; company size 51-200', "=1+1", "'", "\n", "where: Berlin, Mitte",
        "linkedin.com/in/somebody-else", "First Name;Last Name;Company;LinkedIn URL", "ok", "naïve|Łódź",
    ]),
    max_size=5,
).map(tuple)  # fmt: skip


def a_lead(**fields: object) -> Lead:
    at = datetime(2026, 1, 5, 9, tzinfo=UTC)
    values = {"id": "0f" * 16, "name": "A B", "company": "C", "created_at": at, "last_updated": at}
    return msgspec.convert({**values, **fields}, Lead)


lead = st.builds(
    a_lead,
    name=st.sampled_from(["Maya Okafor", "Łukasz O'Neil; MBA", 'Ann "Andy" Lee']),
    position=st.sampled_from(["CTO", "Head, of; Sales", "CEO | Founder\tCo", ""]),
    company=st.sampled_from(["Acme", "Acme; Sons, Inc.", "A|B"]),
    linkedin_url=st.sampled_from(["https://www.linkedin.com/in/maya-okafor", ""]),
    reasons=said,
    contradictions=said,
    notes=said,
    response=said.map(" ".join),
    message_sent=said.map("; ".join),
)


@pytest.mark.parametrize("delimiter", list(",;\t|"))
@settings(
    max_examples=15,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(leads=st.lists(lead, min_size=1, max_size=8))
@example(leads=[a_lead(reasons=["name a", "company b", "title c"])] * 5)
@example(leads=[a_lead(response="Name\nTitle\nCompany\nLinkedIn URL")])
def test_our_own_export_is_understood_again_whatever_people_wrote_and_whatever_parts_the_cells(
    tmp_path: Path, delimiter: str, leads: list[Lead]
) -> None:
    stream = io.StringIO()
    write_csv(map(exported, leads), EXPORTED, stream)
    rows = csv.reader(io.StringIO(stream.getvalue(), newline=""))
    path = tmp_path / "leads.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)
    people = PeopleFile(path)
    assert people.columns == UNDERSTOOD
    assert people.delimiter == delimiter
    found = list(people)
    assert [row.profile.name for row in found if isinstance(row, Person)] == [
        " ".join(one.name.split()) for one in leads
    ]
    assert [row.profile.linkedin_url for row in found if isinstance(row, Person)] == [
        one.linkedin_url for one in leads
    ]
