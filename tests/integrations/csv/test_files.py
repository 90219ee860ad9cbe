"""CSV files as they come: the formats, the tools and people that write them."""

import pytest

from tests.integrations.csv.rows import ACO, ACW, CONNECTIONS, fields, people


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
