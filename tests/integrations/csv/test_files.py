"""CSV files as they come: formats, sources, broken rows, size."""

import tracemalloc
from pathlib import Path

import pytest

from ingagents.errors import InputError
from ingagents.integrations.csv.files import PeopleFile
from ingagents.model import ListedPerson
from tests.integrations.csv.rows import ACO, ACW, fields, people, refusals

CONNECTIONS = (
    "Notes:\n"
    '"When exporting your data, some of the\naddresses may be ""missing"", with a comma."\n'
    "\n"
    "First Name,Last Name,URL,Email Address,Company,Position,Connected On\n"
    'Ada,Lund,https://www.linkedin.com/in/ada-lund,,"Acme, Inc.",CTO,12 Mar 2024\n'
    ",,,,,,7-Feb-22\n"
)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param(
            CONNECTIONS,
            {
                "name": "Ada Lund",
                "first_name": "Ada",
                "last_name": "Lund",
                "company": "Acme, Inc.",
                "position": "CTO",
                "linkedin_url": "https://www.linkedin.com/in/ada-lund",
                "public_identifier": "ada-lund",
                "network_distance": 1,
            },
            id="LinkedIn Connections",
        ),
        pytest.param(
            "Vorname,Nachname,URL,E-Mail-Adresse,Unternehmen,Position,Verbunden am\n"
            "Jürgen,Groß,https://www.linkedin.com/in/j%C3%BCrgen,j@acme.test,Acme,Chef,1. Mai 2024\n",
            {
                "name": "Jürgen Groß",
                "first_name": "Jürgen",
                "last_name": "Groß",
                "email": "j@acme.test",
                "company": "Acme",
                "position": "Chef",
                "linkedin_url": "https://www.linkedin.com/in/j%C3%BCrgen",
                "public_identifier": "jürgen",
                "network_distance": 1,
            },
            id="LinkedIn Connections in German",
        ),
        pytest.param(
            "First Name,Last Name,Title,Company Name,Company Name for Emails,Email,Email Status,"
            "# Employees,Industry,Person Linkedin Url,Website,Company Linkedin Url,City,State,"
            "Country,Company City,Secondary Email\n"
            "Ada,Lund,CTO,Acme Inc,Acme,email_not_unlocked@domain.com,Verified,120,software,"
            "http://www.linkedin.com/in/ada-lund,http://acme.test,"
            "http://www.linkedin.com/company/acme,Bonn,NRW,Germany,Köln,ada@home.test\n",
            {
                "name": "Ada Lund",
                "first_name": "Ada",
                "last_name": "Lund",
                "company": "Acme Inc",
                "position": "CTO",
                "company_size": "120",
                "industry": "software",
                "location": "Bonn, NRW, Germany",
                "country": "Germany",
                "linkedin_url": "https://www.linkedin.com/in/ada-lund",
                "public_identifier": "ada-lund",
            },
            id="Apollo",
        ),
        pytest.param(
            "First Name,Last Name,Full Name,Current Job,Linkedin URL Unique ID,Linkedin URL Public,"
            "Email,Matches Filters,No Match Reasons,Company Name,Company Domain,Company Industry,"
            "Company Employee Exact Count,Company Employee Range\n"
            f"Ada,Lund,Ada Lund,CTO,https://www.linkedin.com/sales/lead/{ACW},,"
            "ada@acme.test,YES,,Acme,acme.test,Software,131,51-200\n",
            {
                "name": "Ada Lund",
                "first_name": "Ada",
                "last_name": "Lund",
                "company": "Acme",
                "position": "CTO",
                "email": "ada@acme.test",
                "company_size": "51-200",
                "industry": "Software",
                "linkedin_url": f"https://www.linkedin.com/sales/lead/{ACW}",
                "provider_id": ACW,
            },
            id="Evaboot without a public address",
        ),
        pytest.param(
            "profileUrl,fullName,firstName,lastName,companyName,title,companyUrl,summary,industry,"
            "location,connectionDegree,name,vmid,linkedInProfileUrl,isPremium,query,timestamp,"
            "defaultProfileUrl\n"
            f'"https://www.linkedin.com/sales/lead/{ACW},NAME_SEARCH,x",Ada Lund,Ada,Lund,Acme,CTO,'
            '"https://www.linkedin.com/sales/company/7","Builds\nthings",Software,"Bonn, Germany",'
            f"2nd,A. Lund,{ACW},https://www.linkedin.com/in/{ACO}/,true,q,t,"
            "https://www.linkedin.com/in/ada-lund/\n",
            {
                "name": "Ada Lund",
                "first_name": "Ada",
                "last_name": "Lund",
                "company": "Acme",
                "position": "CTO",
                "summary": "Builds things",
                "industry": "Software",
                "location": "Bonn, Germany",
                "network_distance": 2,
                "linkedin_url": "https://www.linkedin.com/in/ada-lund",
                "public_identifier": "ada-lund",
                "provider_id": ACW,
            },
            id="PhantomBuster",
        ),
        pytest.param(
            "First Name,Last Name,LinkedIn Email,Corporate Email,Manual Email,Company,"
            "Company Website,Position,Industry,Education,Hook Date,Number Of Company Employees,link\n"
            "Ada,Lund,,ada@acme.test,,Acme,acme.test,CTO,Software,MIT,2024-01-01,51-200,"
            "https://www.linkedin.com/in/ada-lund/\n",
            {
                "name": "Ada Lund",
                "first_name": "Ada",
                "last_name": "Lund",
                "company": "Acme",
                "position": "CTO",
                "email": "ada@acme.test",
                "company_size": "51-200",
                "industry": "Software",
                "linkedin_url": "https://www.linkedin.com/in/ada-lund",
                "public_identifier": "ada-lund",
            },
            id="Dripify",
        ),
        pytest.param(
            "First Name,Last Name,Email,Company,Position,LinkedIn URL,Location\n"
            "Ada,Lund,,Acme,CTO,linkedin.com/in/ada-lund,Bonn\n",
            {
                "name": "Ada Lund",
                "first_name": "Ada",
                "last_name": "Lund",
                "company": "Acme",
                "position": "CTO",
                "location": "Bonn",
                "linkedin_url": "https://www.linkedin.com/in/ada-lund",
                "public_identifier": "ada-lund",
            },
            id="HeyReach",
        ),
        pytest.param(
            "Profile,PublicProfile,SalesProfile,First Name,Middle Name,Last Name,Title,Company,"
            "CompanyID,Location,Industry,Degree\n"
            f"https://www.linkedin.com/in/{ACO},https://www.linkedin.com/in/ada-lund,"
            f"https://www.linkedin.com/sales/people/{ACW},Ada,M.,Lund,CTO,Acme,7,Bonn,Software,3\n",
            {
                "name": "Ada Lund",
                "first_name": "Ada",
                "last_name": "Lund",
                "company": "Acme",
                "position": "CTO",
                "location": "Bonn",
                "industry": "Software",
                "network_distance": 3,
                "linkedin_url": "https://www.linkedin.com/in/ada-lund",
                "public_identifier": "ada-lund",
                "provider_id": ACW,
            },
            id="Dux-Soup",
        ),
        pytest.param(
            "LinkedIn Contact Profile URL,Job Title,Email Address,Company Name,Person City,"
            "Person State,Country,First Name,Last Name\n"
            "https://www.linkedin.com/in/ada-lund,CTO,ada@acme.test,Acme,Bonn,,Germany,Ada,Lund\n",
            {
                "name": "Ada Lund",
                "first_name": "Ada",
                "last_name": "Lund",
                "company": "Acme",
                "position": "CTO",
                "email": "ada@acme.test",
                "location": "Bonn, Germany",
                "country": "Germany",
                "linkedin_url": "https://www.linkedin.com/in/ada-lund",
                "public_identifier": "ada-lund",
            },
            id="ZoomInfo",
        ),
        pytest.param(
            "Full Name,Job Title,Company,Company Domain,Person LinkedIn (URL),Location\n"
            "Ada Lund,CTO,Acme,acme.test,https://www.linkedin.com/in/ada-lund,Bonn\n",
            {
                "name": "Ada Lund",
                "company": "Acme",
                "position": "CTO",
                "location": "Bonn",
                "linkedin_url": "https://www.linkedin.com/in/ada-lund",
                "public_identifier": "ada-lund",
            },
            id="Clay",
        ),
        pytest.param(
            "name,url,headline,company\nAda Lund,linkedin.com/in/ada-lund,Keynote speaker,Acme\n",
            {
                "name": "Ada Lund",
                "company": "Acme",
                "position": "Keynote speaker",
                "headline": "Keynote speaker",
                "linkedin_url": "https://www.linkedin.com/in/ada-lund",
                "public_identifier": "ada-lund",
            },
            id="hand-made with a headline for a title",
        ),
        pytest.param(
            "LinkedIn\nhttps://www.linkedin.com/in/ada-lund\n",
            {
                "linkedin_url": "https://www.linkedin.com/in/ada-lund",
                "public_identifier": "ada-lund",
                "complete": False,
            },
            id="a list of addresses",
        ),
    ],
)
def test_the_usual_exports_are_understood(file, content: str, expected: dict[str, object]) -> None:
    for text in (content, content.replace("\n", "\r\n"), "\ufeff" + content):
        assert [fields(profile) for profile in people(file(text))] == [expected]


ROWS = [
    ["Name", "LinkedIn URL", "Company", "Position"],
    ["Zoë Öst", "https://www.linkedin.com/in/zoë-öst", "Müller – Söhne", "Geschäftsführer “Süd”"],
    ["Ada Lund", "https://www.linkedin.com/in/ada-lund", "Acme €", "CTO"],
]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize(
    ("encoding", "named"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("cp1252", "windows-1252"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
    ],
)
def test_encoding_delimiter_and_line_ends_are_found_out(
    file, encoding: str, named: str, delimiter: str, newline: str
) -> None:
    text = newline.join(delimiter.join(f'"{cell}"' for cell in row) for row in ROWS)
    found = file(text, encoding)
    assert [[p.name, p.company, p.position] for p in people(found)] == [
        [row[0], *row[2:]] for row in ROWS[1:]
    ]
    assert (found.encoding, found.delimiter) == (named, delimiter)


def test_a_file_glued_together_from_two_encodings_reads_right(file) -> None:
    found = file(
        b"Name,LinkedIn URL\n"
        + "Zoë Groß,linkedin.com/in/zoe\n".encode()
        + "Jürgen Groß,linkedin.com/in/juergen\n".encode("cp1252")
    )
    assert [profile.name for profile in people(found)] == ["Zoë Groß", "Jürgen Groß"]


def test_an_encoding_that_changes_far_below_does_not_stop_the_reading(file) -> None:
    rows = "".join(f"Ada {n},linkedin.com/in/ada-{n}\n" for n in range(5000))
    found = file(b"Name,LinkedIn URL\n" + rows.encode() + b"J\xfcrgen\x81,linkedin.com/in/j\n")
    assert people(found)[-1].name == "Jürgen\ufffd"


def test_the_best_address_column_wins_whatever_the_order(file) -> None:
    found = file(
        "Link,Sales Navigator URL,Profile URL,LinkedIn URL Public,Name\n"
        f"https://acme.test,https://www.linkedin.com/sales/lead/{ACW},linkedin.com/in/second,"
        "linkedin.com/in/first,Ada\n"
        f"https://acme.test,https://www.linkedin.com/sales/lead/{ACW},linkedin.com/in/second,,Ada\n"
    )
    assert [profile.public_identifier for profile in people(found)] == ["first", "second"]
    assert found.columns["url"] == "LinkedIn URL Public"


def test_a_number_in_a_foreign_id_column_is_nobodys_name(file) -> None:
    found = file("Member ID,Name,LinkedIn URL\n17,Ada,linkedin.com/in/ada\n")
    assert [(p.provider_id, p.member_number) for p in people(found)] == [("", "")]


def test_of_headers_that_stand_twice_the_first_filled_one_counts(file) -> None:
    found = file("Name,URL,Email,Email\nAda,linkedin.com/in/ada,,ada@acme.test\n")
    assert people(found)[0].email == "ada@acme.test"


def test_headers_may_come_after_a_long_preamble(file) -> None:
    preamble = "sep=;\n" + "".join(f"Exported by tool {n};;\n" for n in range(30))
    found = file(preamble + "Name;LinkedIn URL;Firma\nAda;linkedin.com/in/ada;Acme\n")
    assert found.delimiter == ";"
    assert [(row.line, row.profile.company) for row in found] == [(33, "Acme")]


@pytest.mark.parametrize(
    ("degree", "distance"),
    [("1st", 1), ("2nd", 2), ("3rd+", 3), ("DISTANCE_2", 2), ("First_degree", 1), ("Out", 0)],
)
def test_degrees_are_read_in_words_and_figures(file, degree: str, distance: int) -> None:
    found = file(f"Name,URL,Degree\nAda,linkedin.com/in/ada,{degree}\n")
    assert people(found)[0].network_distance == distance


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
