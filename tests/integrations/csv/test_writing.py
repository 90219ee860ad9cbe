"""CSV and JSON lines as they are written, and read back."""

import io
import json
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from ingagents.integrations.csv.files import PeopleFile
from ingagents.integrations.csv.writing import write_csv, write_jsonl
from ingagents.model import Profile
from tests.integrations.csv.rows import ACO, ACW, people


def table(rows, columns) -> str:
    stream = io.StringIO(newline="")
    write_csv(rows, columns, stream)
    return stream.getvalue()


def test_headers_and_missing_keys_are_cells_like_others() -> None:
    assert table([{"a": 1, "z": 9}, {"=b": "x,y"}], ["a", "=b"]) == 'a,\'=b\n1,\n,"x,y"\n'


def test_what_was_written_reads_back_as_the_same_people(tmp_path: Path) -> None:
    profiles = [
        Profile(
            name="=Ada Lund",
            first_name="=Ada",
            last_name="Lund",
            headline="'=1+1 ; -2",
            position='CTO, "North"',
            company="@Acme; =Zeta",
            location="– Köln",
            country="Germany",
            industry="Software",
            company_size="51-200",
            summary="it's; 'fine'",
            email="ada@acme.test",
            linkedin_url="https://www.linkedin.com/in/j%C3%BCrgen",
            public_identifier="jürgen",
            provider_id=ACO,
            member_number="17",
            network_distance=2,
        ),
        Profile(
            name="Eve",
            company="Acme",
            position="CEO",
            provider_id=ACW,
            linkedin_url=f"https://www.linkedin.com/sales/lead/{ACW}",
        ),
        Profile(name="Zoe", company="Acme", complete=False),
    ]
    columns = [
        name
        for name in Profile.__struct_fields__
        if isinstance(getattr(profiles[0], name), str | int) and name != "complete"
    ]
    path = tmp_path / "export.csv"
    path.write_text(
        table([msgspec.structs.asdict(profile) for profile in profiles], columns), "utf-8"
    )
    read = [msgspec.structs.replace(one, extra={}) for one in people(PeopleFile(path))]
    assert read == profiles


def test_jsonl_is_one_object_a_line_with_the_text_as_it_is() -> None:
    stream = io.StringIO()
    rows: list[dict[str, object]] = [
        {"id": "L1", "name": "=Zoë\n"},
        {"id": "L2", "at": datetime(2027, 5, 20, tzinfo=UTC)},
        {"id": "L3", "name": "a\ud800", "tags": ["\udfff"]},
    ]
    assert write_jsonl(rows, stream) == 3
    assert [json.loads(line) for line in stream.getvalue().splitlines()] == [
        {"id": "L1", "name": "=Zoë\n"},
        {"id": "L2", "at": "2027-05-20T00:00:00Z"},
        {"id": "L3", "name": "a\ufffd", "tags": ["\ufffd"]},
    ]
