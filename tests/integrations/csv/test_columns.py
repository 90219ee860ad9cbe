"""Columns known by their words and their cells."""

from pathlib import Path

import pytest

from ingagents.errors import UsageError
from ingagents.integrations.csv.cells import shown
from ingagents.integrations.csv.columns import columns_of, mapped
from ingagents.integrations.csv.files import PeopleFile
from ingagents.integrations.csv.pasted import PastedRows
from ingagents.model import ListedPerson, RefusedRow
from tests.integrations.csv.rows import URL, people

MAYA = "https://www.linkedin.com/in/maya-okafor"
WANTED = ("Maya Okafor", "CTO", "Acme", "maya-okafor")

LAYOUTS = {
    "prospecting": (
        ("Research Date,Contact Full Name,First Name,Last Name,Title,Company Name - Cleaned,"
        "Contact LI Profile URL,Company LI Profile Url"),
        f"2026-01-02,Maya Okafor,Maya,Okafor,CTO,Acme,{MAYA},https://www.linkedin.com/company/acme",
    ),
    "address book": (
        ("Name,Given Name,Family Name,E-mail 1 - Type,E-mail 1 - Value,Organization 1 - Name,"
        "Organization 1 - Title,Website 1 - Type,Website 1 - Value,Organization 2 - Title"),
        f"Maya Okafor,Maya,Okafor,* Work,maya@acme.example,Acme,CTO,Profile,{MAYA},Treasurer",
    ),
    "crm": (
        ("Record ID,First Name,Last Name,Job Title,Company Name,Associated Company (Primary),"
        "LinkedIn URL,Favourite colour"),
        f"101,Maya,Okafor,CTO,,Acme,{MAYA},green",
    ),
    "event form": (
        ("api_id,name,email,What is your LinkedIn profile?,What company do you work for?,"
        "What is your job title?"),
        "g-1,Maya Okafor,maya@acme.example,/in/maya-okafor,Acme,CTO",
    ),
    "German form": (
        "Zeitstempel,Vor- und Nachname,Wo arbeitest du?,Deine Rolle,Dein LinkedIn-Link",
        f"02.01.2026,Maya Okafor,Acme,CTO,{MAYA}",
    ),
    "French form": (
        "Horodateur,Nom et prénom,Où travaillez-vous ?,Quel est votre poste ?,Votre page",
        f"02.01.2026,Maya Okafor,Acme,CTO,{MAYA}",
    ),
    "Spanish form": (
        "Nombre y apellidos,¿En qué empresa trabajas?,Puesto actual,Perfil (enlace)",
        f"Maya Okafor,Acme,CTO,{MAYA}",
    ),
    "Polish form": ("Imię i nazwisko,Pracodawca,Stanowisko,Profil w sieci", f"Maya Okafor,Acme,CTO,{MAYA}"),
    "nothing but the cells tells the address": (
        "Full name (guest),Their employer,Their role,Where to find them,Source link",
        f"Maya Okafor,Acme,CTO,{MAYA}?utm=1,https://list.example/1",
    ),
    "link formula": (
        "Name,Title,Company,LinkedIn",
        f'Maya Okafor,CTO,Acme,"=HYPERLINK(""{MAYA}"",""Profile"")"',
    ),
    "link formula of another country": (
        "Name;Title;Company;Profil",
        f'Maya Okafor;CTO;Acme;"=LIEN_HYPERTEXTE(""{MAYA}"";""Maya"")"',
    ),
    "text formula": (
        "First Name,Last Name,Job Title,Company,LinkedIn URL",
        f'"=""Maya""","=""Okafor""",CTO,"=""Ac""&""me""","=""{MAYA}"""',
    ),
    "text mark": ("First Name,Last Name,Job Title,Company,LinkedIn URL", f"'Maya,Okafor,CTO,'Acme,'{MAYA}"),
    "brackets": ("Name,Title,Company,Link", f"Maya Okafor,CTO,Acme,[Profile]({MAYA})"),
    "a tag": ("Name,Title,Company,Link", f"Maya Okafor,CTO,Acme,<a href='{MAYA}'>Maya</a>"),
    "camel case": ("firstName,lastName,jobTitle,companyName,linkedInUrl", f"Maya,Okafor,CTO,Acme,{MAYA}"),
}  # fmt: skip


@pytest.mark.parametrize("layout", LAYOUTS)
def test_columns_are_known_by_their_words_and_their_cells(file, layout: str) -> None:
    (person,) = people(file("\n".join(LAYOUTS[layout])))
    found = (person.name, person.position, person.company, person.public_identifier)
    assert found == WANTED


@pytest.mark.parametrize(
    "header",
    ["E-mail 1 - Type", "Company Website", "Company LinkedIn Page", "Account Owner", "First seen",
     "Last contacted", "Job start date", "LinkedIn Company ID", "Title of talk", "company_id",
     "Email status", "Full name of assistant", "Company phone", "Last activity date"],
)  # fmt: skip
def test_a_header_about_something_else_serves_nothing(header: str) -> None:
    assert columns_of([header]).fields == {}


def test_a_mapping_wins_over_every_name_and_what_is_not_used_is_known(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text(f"Name,Firm,Title,Real job,Link\nMaya Okafor,Acme,Dr,CTO,{MAYA}\n")
    found = PeopleFile(path, mapped(["Real Job=position", "title="]))
    assert [(p.position, p.company) for p in people(found)] == [("CTO", "Acme")]
    assert list(found.unused) == ["Title"]
    with pytest.raises(UsageError, match="no column 'none'"):
        PeopleFile(path, mapped(["none=name"]))
    for wrong in ("Firm", "=name", "Firm=colour"):
        with pytest.raises(UsageError):
            mapped([wrong])


@pytest.mark.parametrize("cell", ["'t Hart", "'s Gravesande", "O'Brien", "'Ada'", "=1+1", "-", "'"])
def test_what_is_no_spreadsheets_notation_stays(cell: str) -> None:
    assert shown(cell) == cell


def test_a_lists_own_columns_are_kept_by_the_name_a_template_calls_them(file) -> None:
    text = "Name,Company,Their talk,2nd,Größe (cm),Notes\nAda,Acme, Queues \u202e ,x,n/a,met\n"
    (ada,) = people(file(text))
    assert ada.extra == {"their_talk": "Queues", "notes": "met"}
    wide = ",".join(f"own column {n}" for n in range(40))
    (ada,) = people(
        file(f"Name,Company,{wide}\nAda,Acme,{','.join('v' * 500 for _ in range(40))}\n")
    )
    assert len(ada.extra) == 20
    assert max(map(len, ada.extra.values())) == 200


def test_rows_under_a_known_header_are_read_wherever_their_addresses_stand() -> None:
    headers = ("", "Name", "Company", "LinkedIn URL", "Mine")
    found = PastedRows().people(
        headers,
        {
            4: ("key", "Ada", "", f"{URL}ada", ""),
            7: ("", "Bo", "", "", f"{URL}bo"),
            8: ("", "Di", "", "", f"{URL}di"),
            9: ("", "Cy", "", "", "a word"),
        },
    )
    ada, bo, cy = found[4], found[7], found[9]
    assert isinstance(ada, ListedPerson)
    assert isinstance(bo, ListedPerson)
    assert (ada.profile.public_identifier, bo.profile.public_identifier) == ("ada", "bo")
    assert isinstance(cy, RefusedRow)
    assert PastedRows().people(headers, {}) == {}
