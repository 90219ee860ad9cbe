"""Where a header stands and what separates its cells: our own exports, and files beyond names."""

import csv
import io
import random
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from ingagents.core.text.word_lists import meanings
from ingagents.integrations.csv.files import PeopleFile
from ingagents.integrations.csv.header import heads_table
from ingagents.integrations.csv.writing import write_csv
from ingagents.model import Lead, ListedPerson
from ingagents.services.leads.views import EXPORTED, exported

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
    assert [row.profile.name for row in found if isinstance(row, ListedPerson)] == [
        " ".join(one.name.split()) for one in leads
    ]
    assert [row.profile.linkedin_url for row in found if isinstance(row, ListedPerson)] == [
        one.linkedin_url for one in leads
    ]


MAYA = "https://www.linkedin.com/in/maya-okafor"
HEADERS = """\
Vorname;Zuname;Berufstitel;Arbeitgeber;LinkedIn-Adresse
Primeiro nome;Último nome;Cargo atual;Empresa atual;Perfil do LinkedIn
Roepnaam;Achternaam;Functietitel;Werkgever;LinkedIn-profiel
Imię;Nazwisko;Stanowisko;Nazwa firmy;Adres LinkedIn
Keresztnév;Vezetéknév;Beosztás;Cégnév;LinkedIn profil
Prenume;Nume;Funcție;Companie;Profil LinkedIn
Etunimi;Sukunimi;Tehtävänimike;Yritys;LinkedIn-osoite
Fornavn;Efternavn;Stillingsbetegnelse;Virksomhed;LinkedIn-profil
Имя;Фамилия;Должность;Компания;Ссылка на LinkedIn
Ім'я;Прізвище;Посада;Компанія;LinkedIn
Όνομα;Επώνυμο;Θέση;Εταιρεία;Σύνδεσμος LinkedIn
名;姓;役職;会社名;LinkedIn URL
名字;姓氏;职位;公司;领英链接
이름;성;직책;회사;링크드인
الاسم الأول;اسم العائلة;المسمى الوظيفي;الشركة;رابط لينكدإن"""


@pytest.mark.parametrize("header", HEADERS.splitlines())
def test_headers_in_many_languages_and_letters_are_known(tmp_path: Path, header: str) -> None:
    path = tmp_path / "people.csv"
    path.write_text(f"{header}\nMaya;Okafor;CTO;Acme;{MAYA}\n", encoding="utf-8")
    (found,) = [row.profile for row in PeopleFile(path) if isinstance(row, ListedPerson)]
    assert (found.name, found.position, found.company) == ("Maya Okafor", "CTO", "Acme")
    assert found.public_identifier == "maya-okafor"


BO = "https://www.linkedin.com/in/bo-li"
# The file, then name and slug of each person it gives.
OTHERS = {
    "the group of the first person": (
        (
            "Person 2 Name,Person 2 LinkedIn,Person 1 Name,Person 1 LinkedIn,Company"
            f"\nBo Li,{BO},Maya Okafor,{MAYA},Acme\n"
        ),
        "Maya Okafor maya-okafor",
    ),
    "a second person beside one without address": (
        f"Name 1,LinkedIn 1,Name 2,LinkedIn 2,Company\nMaya Okafor,,Bo Li,{BO},Acme\n",
        "Maya Okafor ",
    ),
    "who referred somebody": (
        f"Name,Company,LinkedIn URL,Referred by (LinkedIn)\nMaya Okafor,Acme,,{BO}\n",
        "Maya Okafor ",
    ),
    "the owner of an account": (
        f"Name,Company,Account Owner LinkedIn\nMaya Okafor,Acme,{BO}\n",
        "Maya Okafor ",
    ),
    "letters for people": (
        f"Name A,LinkedIn A,Name B,LinkedIn B,Company\nMaya Okafor,,Bo Li,{BO},Acme\n",
        "Maya Okafor ",
    ),
    "ordinals for people": (
        (
            "First attendee name,First attendee LinkedIn,Second attendee name,Second attendee LinkedIn"
            f",Company\nMaya Okafor,,Bo Li,{BO},Acme\n"
        ),
        "Maya Okafor ",
    ),
    "who comes with somebody": (
        f"Name,Company,LinkedIn,Plus-one name,Plus-one LinkedIn\nMaya Okafor,Acme,,Bo Li,{BO}\n",
        "Maya Okafor ",
    ),
    "a co-founder": (
        f"Founder name,Company,Founder LinkedIn,Co-founder LinkedIn\nMaya Okafor,Acme,,{BO}\n",
        "Maya Okafor ",
    ),
    "whoever nominates somebody": (
        f"Your name,Nominee name,Nominee LinkedIn,Company\nMaya Okafor,Bo Li,{BO},Acme\n",
        "Maya Okafor ",
    ),
    "a guest beside one without address": (
        f"Name,LinkedIn,Guest LinkedIn,Company\nMaya Okafor,,{BO},Acme\n",
        "Maya Okafor ",
    ),
    "a guest of an attendee": (
        f"Attendee name,Guest name,Guest LinkedIn,Company\nMaya Okafor,Bo Li,{BO},Acme\n",
        "Maya Okafor ",
    ),
    "a question to an attendee": (
        f"Attendee name,What is your LinkedIn?,Company\nMaya Okafor,{MAYA},Acme\n",
        "Maya Okafor maya-okafor",
    ),
    "the role of the only address": (
        f"Name,Speaker LinkedIn,Company\nMaya Okafor,{MAYA},Acme\n",
        "Maya Okafor maya-okafor",
    ),
    "remarks": (f"Name,Company,Notes\nMaya Okafor,Acme,{BO}\n", "Maya Okafor "),
    "a text that speaks of somebody": (
        f"Name,Company,What\nMaya Okafor,Acme,met with {BO}\n",
        "Maya Okafor ",
    ),
    "two addresses of one person": (
        f"Name,Company,Website 1,Website 2\nMaya Okafor,Acme,https://acme.example,{MAYA}\n",
        "Maya Okafor maya-okafor",
    ),
    "a name that is a link": (
        f'Name;Firma\n"=HYPERLINK(""{MAYA}"";""Maya Okafor"")";Acme\n',
        "Maya Okafor maya-okafor",
    ),
    "a link put together": (
        'Name,Company,Link\nMaya Okafor,Acme,"=HYPERLINK(""https://www.linkedin.com/in/""&""maya-okafor"")"\n',
        "Maya Okafor maya-okafor",
    ),
}


# Columns beside an own address that is empty for Maya, each of somebody else.
SOMEBODY_ELSE = [
    "Sender LinkedIn", "Nominator LinkedIn", "Submitter LinkedIn", "Buyer LinkedIn", "CEO LinkedIn",
    "Founder LinkedIn URL", "Decision maker LinkedIn", "Betreuer LinkedIn", "Ansprechpartner LinkedIn",
    "LinkedIn of a friend", "Connected via (LinkedIn)", "Empfohlen von (LinkedIn)", "LinkedIn vom Chef",
    "LinkedIn unseres Kontakts", "Warm intro LinkedIn", "Who should we also invite? (LinkedIn)",
]  # fmt: skip


@pytest.mark.parametrize("header", SOMEBODY_ELSE)
@pytest.mark.parametrize("own", [True, False])
def test_an_address_column_of_nobody_known_is_not_this_persons(
    file, header: str, own: bool
) -> None:
    ann = "https://www.linkedin.com/in/ann-lee" if own else ""
    head = "LinkedIn" if own else "Remark"
    found = file(
        f"Name,{head},{header},Company\nAnn Lee,{ann},{BO},Globex\nMaya Okafor,,{BO},Acme\n"
    )
    assert [row.profile.public_identifier for row in found] == ["ann-lee" if own else "", ""]
    assert header in found.unused


@pytest.mark.parametrize(
    "header", ["Exec LinkedIn", "Our champion", "Socials", "LinkedIn Handle (new)"]
)
def test_an_address_column_of_any_name_is_this_persons_when_the_addresses_read_like_the_names(
    file, header: str
) -> None:
    found = file(f"Name,Company,{header}\nMaya Okafor,Acme,{MAYA}\nBo Li,Globex,{BO}\n")
    assert [row.profile.public_identifier for row in found] == ["maya-okafor", "bo-li"]


def test_the_address_of_a_column_called_like_the_name_is_this_persons(file) -> None:
    text = f"Founder name,Investor LinkedIn,Founder LinkedIn,Company\nMaya Okafor,{BO},{BO}x,Acme\n"
    assert [row.profile.public_identifier for row in file(text)] == ["bo-lix"]


@pytest.mark.parametrize("case", OTHERS)
def test_the_address_of_a_row_is_its_own_persons(tmp_path: Path, case: str) -> None:
    text, wanted = OTHERS[case]
    path = tmp_path / "people.csv"
    path.write_text(text, encoding="utf-8")
    (found,) = [row.profile for row in PeopleFile(path) if isinstance(row, ListedPerson)]
    assert f"{found.name} {found.public_identifier}" == wanted


@pytest.mark.parametrize(
    ("cell", "read"),
    [("CTO", "CTO"), ("#N/A", ""), ("#REF!", ""), ("#BEZUG!", ""), ("#¡REF!", ""), ("null", ""),
     ("N/A", ""), ("-", ""), ("Dr.", ""), ("Prof. Dr. med.", ""), ("Dr. Who", "Dr. Who"), ("None", ""), ("#N/D", ""),
     ("#YOK", ""), ("#¿NOMBRE?", ""), ("########", ""), ("Loading...", ""), ("1.23457E+11", ""), ("TRUE", ""),
     ("Job Title", ""), ("=B7", ""), ("#paid social", "#paid social"), ("E+U Lead", "E+U Lead")],
)  # fmt: skip
def test_a_cell_that_is_filled_for_want_of_a_value_is_empty(
    tmp_path: Path, cell: str, read: str
) -> None:
    path = tmp_path / "people.csv"
    path.write_text(f"Name;Titel;Firma;LinkedIn\nAda Null;{cell};Acme;{MAYA}\n", encoding="utf-8")
    (found,) = [row.profile for row in PeopleFile(path) if isinstance(row, ListedPerson)]
    assert (found.name, found.position) == ("Ada Null", read)


ADDRESS = "https://www.linkedin.com/in/ada-lund"


@pytest.mark.parametrize(
    "header",
    [
        "First Name|Last Name|URL|Email Address|Company|Position|Connected On",
        "Timestamp|Email Address|Full name|Company|What would you like to talk about?",
        "Nom|Prénom|Société|Profil LinkedIn",
        "Vorname|Nachname|Firma|Position",
        "#|Name|Company",
        "No.|Name|Company",
        "Their talk|Full name|Company|LinkedIn",
        "|||Company|Full name",
        "LinkedIn URL|Company",
        "profileUrl|fullName|companyName|vmid",
    ],
)
def test_the_headers_of_exports_head_what_was_pasted_with_them(header: str) -> None:
    cells = header.split("|")
    below = [[ADDRESS if "url" in name.casefold() else "x" for name in cells]]
    assert heads_table(cells, below)


@pytest.mark.parametrize(
    "row",
    [
        f"Ada Lund|Name|Company|Title|URL|{ADDRESS}",
        "Ada Lund|LinkedIn|Role",
        "Ada Lund|Name|Company",
        "Ada Lund|Company|Title",
        "Ada Lund|ada@example.org|First Name|Last Name|Company",
        "Name|Acme",
        "Company",
        "Name",
        "LinkedIn URL|Company",
        "Speakers",
        "call these on Monday",
        '=HYPERLINK("https://evil.example","Name")|Name|Company|URL',
        "Ad|Soyad",
        "12|Name",
        f"Name|Company|{'x' * 200}",
        "|||",
    ],
)
def test_what_may_be_a_person_or_a_remark_heads_nothing(row: str) -> None:
    assert not heads_table(row.split("|"), [["Bo Berg", "Bolt", "CTO"]])


def test_no_row_of_a_person_reads_as_a_header_however_their_cells_are_called() -> None:
    """Any two of their cells may be a header's own word; a name or an address tells."""
    chance = random.Random("heads")
    words = [name for row in meanings("integrations/csv/header_names").values() for name in row]
    words = [word for line in words for word in line.split()]
    for _ in range(3000):
        address = chance.random() < 0.5
        cells = ["Ada Lund", *chance.choices(words, k=chance.randint(0, 5 if address else 2))]
        cells += [ADDRESS] if address else []
        head, *rest = cells
        chance.shuffle(rest)
        blanks = [""] * chance.randint(0, 3)
        assert not heads_table([*blanks, head, *rest], [["Bo", ADDRESS, ADDRESS]]), cells
