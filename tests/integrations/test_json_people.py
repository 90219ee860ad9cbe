"""People as profile services and scrapers write them: each shape, and rubbish in each place."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingagents.errors import InputError, UsageError
from ingagents.integrations.json_people import JsonPeople, is_json
from ingagents.model import ListedPerson
from tests.integrations.csv.rows import URL, people, refusals

UNTIL_TODAY = {"day": None, "month": None, "year": None}
SHAPES: dict[str, Any] = {
    "Unipile profile": {
        "object": "UserProfile",
        "provider_id": "ACoAABkX3q0BdZ_u-8yT1mQwErTyUiOpAsDfGhJ",
        "public_identifier": "ada-lund",
        "first_name": "Ada",
        "last_name": "Lund",
        "headline": "CTO at Acme",
        "location": "Oslo, Norway",
        "work_experience": [
            {"position": "CTO", "company": "Acme", "start": "1/1/2021", "end": None},
            {"position": "Engineer", "company": "Old", "start": "3/1/2016", "end": "12/1/2020"},
        ],
    },
    "Unipile search": {
        "object": "LinkedinSearch",
        "items": [
            {
                "type": "PEOPLE",
                "public_identifier": "ada-lund",
                "name": "Ada Lund",
                "location": "Oslo, Norway",
                "current_positions": [{"company": "Acme", "role": "CTO", "industry": ["IT"]}],
            }
        ],
        "config": {"params": {"category": "people"}},
        "paging": {"total_count": 1},
    },
    "Proxycurl": {
        "public_identifier": "ada-lund",
        "full_name": "Ada Lund",
        "occupation": "Adviser at Elsewhere",
        "country_full_name": "Norway",
        "city": "Oslo",
        "experiences": [
            {"title": "Intern", "company": "Old", "ends_at": {"day": 1, "month": 9, "year": 2019}},
            {"title": "CTO", "company": "Acme", "ends_at": None},
        ],
        "people_also_viewed": [{"name": "Somebody Else", "link": URL + "somebody-else"}],
    },
    "display name, wrapped": {
        "success": True,
        "message": "",
        "data": {
            "displayName": "Ada Lund",
            "companyName": "Acme",
            "location": "Oslo",
            "linkedInUrl": "https://linkedin.com/in/ada-lund",
            "positions": [
                {
                    "title": "CTO",
                    "startEndDate": {"end": {"year": 0, "month": 0, "day": 0}},
                    "linkedInUrl": "https://www.linkedin.com/company/acme",
                }
            ],
        },
    },
    "basic information apart": [
        {
            "basic_info": {
                "fullname": "Ada Lund",
                "headline": "CTO",
                "profile_url": URL + "ada-lund",
                "location": {"full": "Oslo, Norway", "country": "Norway"},
            },
            "experience": [{"title": "CTO", "company": "Acme", "is_current": True}],
            "education": [{"school": "NTNU", "name": "Master"}],
        }
    ],
    "spans of time as text": {
        "fullName": "Ada Lund",
        "linkedinUrl": URL + "ada-lund/",
        "geo": {"full": "Oslo"},
        "experiences": [
            {"title": "Intern", "companyName": "Old", "caption": "Jan 2010 - Mar 2012 · 2 yrs"},
            {"title": "CTO", "companyName": "Acme", "caption": "Jan 2020 - Present · 4 yrs"},
        ],
    },
    "a company that is an object": {
        "firstName": "Ada",
        "lastName": "Lund",
        "publicIdentifier": "ada-lund",
        "title": "CTO",
        "currentCompany": {"name": "Acme", "url": "https://www.linkedin.com/company/acme"},
        "location": {"linkedinText": "Oslo, Norway"},
    },
}


@pytest.fixture
def file(tmp_path: Path):
    def write(content: Any, name: str = "people.json", mapping=None) -> JsonPeople:
        path = tmp_path / name
        text = content if isinstance(content, str) else json.dumps(content)
        path.write_text(text, encoding="utf-8")
        return JsonPeople(path, mapping)

    return write


@pytest.mark.parametrize("shape", SHAPES)
def test_each_shape_is_read(file, shape: str) -> None:
    (ada,) = people(file(SHAPES[shape]))
    assert (ada.name, ada.position, ada.company) == ("Ada Lund", "CTO", "Acme")
    assert ada.linkedin_url == URL + "ada-lund"
    assert ada.location.startswith("Oslo")


def test_people_of_many_files_in_lines(file) -> None:
    lines = [json.dumps({"name": f"Ada {i}", "company": "Acme", "city": "Oslo"}) for i in range(3)]
    found = people(file("\n".join(lines) + "\n", "people.jsonl"))
    assert [one.name for one in found] == ["Ada 0", "Ada 1", "Ada 2"]


def test_whoever_has_no_name_is_refused_by_their_place(file) -> None:
    hits = {"items": [{"name": "Ada", "company": "Acme"}, {"name": None, "headline": "CTO"}]}
    rows = list(file(hits))
    assert refusals(rows) == [(2, "no name and no LinkedIn address")]
    assert isinstance(rows[0], ListedPerson)


def test_a_job_that_ended_is_nobodys_position(file) -> None:
    ended = [
        {"title": "CTO", "company": "Old", "end": "12/2020"},
        {"title": "CEO", "current": False},
    ]
    (ada,) = people(file({"name": "Ada", "email": "a@acme.test", "work_experience": ended}))
    assert (ada.position, ada.company) == ("", "")


def test_the_name_of_a_company_or_a_school_is_not_the_persons(file) -> None:
    with pytest.raises(InputError, match="names nobody"):
        file({"company": {"name": "Acme"}, "school": {"name": "NTNU"}})


def test_a_key_can_be_mapped(file) -> None:
    found = file(
        {"name": "Ada", "firm": "x", "house": "Acme", "mail": "a@b.test"},
        mapping={"house": "company"},
    )
    assert people(found)[0].company == "Acme"
    with pytest.raises(UsageError, match="no key 'hut'"):
        file({"name": "Ada"}, mapping={"hut": "company"})


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "names nobody"),
        ("{", "is no JSON"),
        ('{"name": "Ada"}\nrubbish', "is no JSON"),
        ('{"name": "Ada"}\n\n{"name": "Kim"', r"line 3 column 15\)"),
        ('{"name": "Ada"}\n{"name": "Ki\u2028m"}\n{"name"}', "line 3 column 8"),
        ('{\n"name": "Ada",\n}', "line 3 column 1"),
        ("[" * 100_000, "is no JSON"),
        ("[]", "names nobody"),
        ("7", "names nobody"),
        ('{"success": false, "message": "not found"}', "names nobody"),
    ],
    ids=range(10),
)
def test_what_cannot_be_used_is_said(file, content: str, says: str) -> None:
    with pytest.raises(InputError, match=says):
        file(content)


def test_a_file_too_large_is_refused(file, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingagents.integrations.json_people._BYTES_MAX", 10)
    with pytest.raises(InputError, match="larger than"):
        file({"name": "Ada Lund"})


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.json", b"", True),
        ("a.ndjson", b"", True),
        ("a.txt", b'\xef\xbb\xbf {"name": 1}', True),
        ("a.csv", b"First Name,Last Name\n", False),
        ("a.csv", b"[Name];[Firma]\n", False),
    ],
)
def test_json_is_told_by_its_name_or_its_first_sign(
    tmp_path: Path, name: str, content: bytes, expected: bool
) -> None:
    (tmp_path / name).write_bytes(content)
    assert is_json(tmp_path / name) is expected


RUBBISH = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                [
                    "name",
                    "first_name",
                    "data",
                    "items",
                    "profile",
                    "location",
                    "company",
                    "experiences",
                    "end",
                    "is_current",
                    "title",
                    "startEndDate",
                    "public_identifier",
                    "linkedin_url",
                    "caption",
                ]
            ),
            inner,
            max_size=6,
        )
    ),
    max_leaves=25,
)


@settings(deadline=None)
@given(RUBBISH)
def test_rubbish_in_any_place_is_read_or_refused(tmp_path_factory, rubbish: Any) -> None:
    path = tmp_path_factory.mktemp("json") / "rubbish.json"
    path.write_text(json.dumps({"items": [{"name": "Ada", "company": "Acme"}, rubbish]}))
    found = JsonPeople(path)
    assert people(found)[0].name == "Ada"
    for one in people(found):
        assert len(one.name) <= 100
