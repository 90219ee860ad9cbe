"""CSV files that are broken, cut off or endless: what can be read is, what cannot says why."""

import tracemalloc
from pathlib import Path

import pytest

from ingagents.errors import InputError
from ingagents.integrations.csv.files import PeopleFile
from ingagents.model import ListedPerson
from tests.integrations.csv.rows import CONNECTIONS, people, refusals


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (",,Acme,a@acme.test,", "no name and no LinkedIn address"),
        ("Ada,,,,", "no LinkedIn address, no e-mail and no company"),
        ("LinkedIn Member,,Acme,,", "no name and no LinkedIn address"),
        ("Użytkownik LinkedIn,,Acme,,", "no name and no LinkedIn address"),
        ("#N/A,,Acme,a@acme.test,", "no name and no LinkedIn address"),
        (
            "Ada,https://www.linkedin.com/company/acme,Acme,,",
            "not the LinkedIn address of a person",
        ),
        (
            "Ada,https://www.linkedin.com/in/ada-lu...,Acme,,",
            "not the LinkedIn address of a person",
        ),
        ("Ada,https://www.linkedin.com/in/ada-lu%E2%80%A6,Acme,,", "not the LinkedIn address"),
        ("Ada,see linkedin.com/in/ada-lu…,Acme,,", "not the LinkedIn address of a person"),
        ("Ada,https://www.linkedin.com@evil.test/in/ada,Acme,,", "not the LinkedIn address"),
        ("Ada,https://lnkd.in/x,Acme,,", "not the LinkedIn address"),
        ("Ada,linkedin.com/in/ada,Acme,,NO", "does not match the search it comes from"),
        ("Ada", "the row is cut short (1 of 5 cells)"),
        ("Ada,Lund,linkedin.com/in/ada,Acme,a@b.test,YES", "more cells than headers"),
        ("Name,URL,Company,Email,Matches Filters", "the header once more"),
    ],
)
def test_a_row_that_is_left_out_says_why(file, row: str, why: str) -> None:
    found = list(file(f"Name,URL,Company,Email,Matches Filters\n{row}\n"))
    assert len(found) == 1
    assert refusals(found)[0][0] == 2
    assert refusals(found)[0][1].startswith(why)


@pytest.mark.parametrize("address", ["", "-", "n/a", "none", "unknown"])
@pytest.mark.parametrize("rest", ["Acme,", ",ada@acme.test"])
def test_somebody_without_address_is_taken_when_the_row_says_enough(
    file, address: str, rest: str
) -> None:
    found = people(file(f"Name,URL,Company,Email\nAda,{address},{rest}\n"))
    assert [(p.name, p.linkedin_url) for p in found] == [("Ada", "")]


def test_blank_rows_are_counted_and_not_refused(file) -> None:
    found = file("Name,URL\n\n , \n,\nAda,linkedin.com/in/ada\n\n")
    assert [type(row) for row in found] == [ListedPerson]
    assert found.blank_rows == 4


def test_a_row_with_too_few_cells_is_taken_when_the_address_is_there(file) -> None:
    found = people(
        file("Name,URL,Company,Email\nAda,linkedin.com/in/ada\nEve,linkedin.com/in/eve\n")
    )
    assert [p.public_identifier for p in found] == ["ada", "eve"]


def test_an_address_the_file_ends_in_is_not_believed(file) -> None:
    found = list(file("Name,URL,Company\nAda,linkedin.com/in/ada,Acme\nEve,linkedin.com/in/ev"))
    assert [p.public_identifier for p in people(found)] == ["ada"]
    assert refusals(found)[0] == (
        3,
        "the row is cut short (2 of 3 cells): no LinkedIn address, no e-mail and no company",
    )


def test_a_file_that_ends_in_its_first_cell_is_refused_and_not_a_crash(file) -> None:
    assert [line for line, _ in refusals(file("Name,URL\nAd"))] == [2]


def test_of_a_row_with_too_many_cells_only_what_is_surely_in_place_is_kept(file) -> None:
    found = file("Name,URL,Company,Position\nAda,linkedin.com/in/ada,Acme, Inc.,CTO\n")
    assert [(p.name, p.public_identifier, p.company, p.position) for p in people(found)] == [
        ("Ada", "ada", "", "")
    ]


def test_empty_cells_behind_the_last_header_are_harmless(file) -> None:
    found = people(file("Name,URL,Company\nAda,linkedin.com/in/ada,Acme,,\n"))
    assert [p.company for p in found] == ["Acme"]


def test_quoted_line_breaks_quotes_and_nul_bytes_are_read(file) -> None:
    found = file(
        'Name,URL,Company,"Job\nTitle"\n'
        '"Ada\r\nLund",linkedin.com/in/ada,"Acme ""North"", Inc.",C\x00TO\n'
        "Eve,linkedin.com/in/eve,Zeta,CEO\n"
    )
    assert [(p.name, p.company, p.position) for p in people(found)] == [
        ("Ada Lund", 'Acme "North", Inc.', "CTO"),
        ("Eve", "Zeta", "CEO"),
    ]
    assert [row.line for row in found] == [3, 5]


@pytest.mark.parametrize("after", [3, 700])
def test_a_quote_that_is_never_closed_costs_one_row(file, after: int) -> None:
    rows = "".join(f"Ada {n},linkedin.com/in/ada-{n}\n" for n in range(after))
    found = list(file('Name,URL\nEve,"linkedin.com/in/eve\n' + rows))
    assert refusals(found) == [(2, "a quote is opened and never closed")]
    assert [row.line for row in found if isinstance(row, ListedPerson)] == list(range(3, after + 3))


def test_a_cell_without_end_costs_one_row(file) -> None:
    long = "x" * 5_000_000
    found = list(
        file(
            f"Name,URL,Notes\nAda,linkedin.com/in/ada,{'y' * 200_000}\n"
            f"Eve,linkedin.com/in/eve,{long}\nZoe,linkedin.com/in/zoe,\n"
        )
    )
    assert [p.name for p in people(found)] == ["Ada", "Zoe"]
    assert refusals(found) == [(3, "a cell is far too long")]


def test_a_file_of_nothing_but_broken_quotes_ends(file) -> None:
    found = file("Name,URL\n" + 'Ada,"""\n' * 20_000)
    assert not people(found)


def test_text_is_cleaned_and_cut_but_not_changed(file) -> None:
    found = people(
        file(
            "Name,URL,Company,Position\n"
            f"{'N' * 300},linkedin.com/in/ada,\u202eA\u200bcme\x07  Ltd ,{'p' * 900}\n"
            "'Ada',linkedin.com/in/b,=1+1,'tis\n"
        )
    )
    assert (len(found[0].name), found[0].company, len(found[0].position)) == (100, "Acme Ltd", 500)
    assert (found[1].name, found[1].company, found[1].position) == ("'Ada'", "=1+1", "'tis")


def test_what_is_no_mail_address_is_not_kept_as_one(file) -> None:
    found = people(file("Name,URL,Email\nAda,linkedin.com/in/ada,ask me\n"))
    assert found[0].email == ""


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf\r\n \n", "is empty"),
        (b"PK\x03\x04rest", "is a workbook"),
        (b"Ticket,Company LinkedIn URL\n1,linkedin.com/company/a\n", "'Ticket', 'Company LinkedIn"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "no column"),
    ],
)
def test_a_file_that_cannot_help_is_refused_with_a_remedy(file, content: bytes, what: str) -> None:
    with pytest.raises(InputError) as refused:
        file(content)
    assert what in refused.value.what
    assert refused.value.remedy


def test_the_refusal_names_the_columns_that_are_wanted(file) -> None:
    with pytest.raises(InputError, match="no column") as refused:
        file("A,B\n1,2\n")
    assert "LinkedIn URL" in refused.value.remedy


def test_what_is_no_readable_file_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "missing.csv", Path("/dev/null")):
        with pytest.raises(InputError):
            PeopleFile(path)


def test_a_file_that_goes_away_while_being_read_is_an_input_error(file) -> None:
    found = file("Name,URL\nAda,linkedin.com/in/ada\n")
    found.path.unlink()
    with pytest.raises(InputError, match="cannot be read"):
        list(found)


def test_a_header_without_rows_is_no_error(file) -> None:
    assert list(file("Name,URL\n")) == []


def test_reading_twice_gives_the_same(file) -> None:
    found = file(CONNECTIONS)
    assert list(found) == list(found) == list(PeopleFile(found.path))


def test_progress_is_told_in_bytes_and_ends_at_the_end(file) -> None:
    found = file(
        "Name,URL\n" + "".join(f"Ada {n},linkedin.com/in/ada-{n}\n" for n in range(20_000))
    )
    seen = []
    for count, _ in enumerate(found):
        if count % 2_000 == 0:
            seen.append(found.bytes_read)
    assert seen == sorted(seen)
    assert seen[0] < found.bytes_total / 2
    assert found.bytes_read == found.bytes_total


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    path = tmp_path / "many.csv"
    with path.open("w", encoding="utf-8") as stream:
        stream.write("Name,URL,Company,Notes\n")
        stream.writelines(
            f"Ada {n},linkedin.com/in/ada-{n},Acme,{'x' * 200}\n" for n in range(20_000)
        )
    rows = iter(PeopleFile(path))
    next(rows)
    tracemalloc.start()
    try:
        assert sum(1 for _ in rows) == 19_999
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 500_000 < path.stat().st_size


def test_leaving_half_way_closes_the_file(file) -> None:
    rows = iter(file("Name,URL\n" + "Ada,linkedin.com/in/ada\n" * 5))
    assert isinstance(next(rows), ListedPerson)
    rows.close()  # an unclosed file would be a warning, and warnings are errors
