"""Columns known by their words and their cells."""

from pathlib import Path

import pytest

from ingagents.errors import UsageError
from ingagents.integrations.csv.cells import cleaned, shown
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


@pytest.mark.parametrize(
    "header",
    ["Years in Position", "durationInRole", "First job title", "Desired job title", "Job Function",
     "Previous Company Name", "pastExperienceCompanyName", "Past Employer", "Frühere Firma",
     "Ehemalige Position", "Ancienne entreprise", "Target company", "First contact", "Last contact",
     "Ad set", "Ad", "E-mail 1 - Label", "Order Email", "Billing First Name", "Form Name",
     "Which companies do you want to meet?", "Which job titles would you like to hear from?",
     "Biggest company challenge", "Company description", "Company HQ", "Company news", "Job posting",
     "Sender full name", "Nominator LinkedIn", "LinkedIn of a friend", "Connected via (LinkedIn)"],
)  # fmt: skip
def test_a_header_about_the_past_a_wish_a_thing_or_somebody_else_serves_nothing(
    header: str,
) -> None:
    assert columns_of([header]).fields == {}


# A header, a row, and what is read: name, position, company.
TOGETHER = [
    ("Vorname,Nachname,Firma,Name des/der Vorgesetzten", "Maya,Okafor,Acme,Bob Boss", "Maya Okafor||Acme"),
    ("First Name,Last Name,Registrant Name,Company", "Maya,Okafor,Uwe Zahler,Acme", "Maya Okafor||Acme"),
    ("First Name,Last Name,Creative Name,Company", "Maya,Okafor,Ad 7,Acme", "Maya Okafor||Acme"),
    ("First Name,Last Name,Speaker,Company", "Maya,Okafor,yes,Acme", "Maya Okafor||Acme"),
    ("Rechnungsadresse: Name,Name des Teilnehmers,Firma", "Uwe Zahler,Maya Okafor,Acme", "Maya Okafor||Acme"),
    ("Chair Name,Attendee Name,Company", "Uwe Zahler,Maya Okafor,Acme", "Maya Okafor||Acme"),
    ("Order Name,Ticket Full Name,Ticket Job Title,Ticket Company Name", "Uwe Zahler,Maya Okafor,CTO,Acme",
     "Maya Okafor|CTO|Acme"),
    ("Name,Vorname,Firma", "Okafor,Maya,Acme", "Maya Okafor||Acme"),
    ("Name,Vorname,Firma", "Maya Okafor,Maya,Acme", "Maya Okafor||Acme"),
    ("Voornaam,Naam,Bedrijf", "Maya,van der Berg,Acme", "Maya van der Berg||Acme"),
    ("Full name,First name,Company", "Maya Okafor,May,Acme", "Maya Okafor||Acme"),
    ("Ad,Soyad,Şirket", "Maya,Okafor,Acme", "Maya Okafor||Acme"),
    ("ADI,SOYADI,ŞİRKET ADI,ÜNVANI", "Maya,Okafor,Acme,CTO", "Maya Okafor|CTO|Acme"),
    ("Name,Firma,Parent Company Name", "Maya Okafor,Acme,Globex", "Maya Okafor||Acme"),
    ("Name,Frühere Firma,Aktuelle Firma,Frühere Position,Aktuelle Position", "Maya Okafor,Old,Acme,Intern,CTO",
     "Maya Okafor|CTO|Acme"),
    ("fullName,linkedinJobTitle,linkedinCompanyName,linkedinPreviousCompanyName", "Maya Okafor,CTO,Acme,Old",
     "Maya Okafor|CTO|Acme"),
    ("Name,Title,Where do you work?,What is your role?", "Maya Okafor,Member,Acme,CTO", "Maya Okafor|CTO|Acme"),
    ("Participant,Место работы,Кем вы работаете?", "Maya Okafor,Acme,CTO", "Maya Okafor|CTO|Acme"),
    ("Nominee,Gdzie pracujesz?,Pozisyon", "Maya Okafor,Acme,CTO", "Maya Okafor|CTO|Acme"),
    ("Ansprechpartner,RAISON SOCIALE,Göreviniz", "Maya Okafor,Acme,CTO", "Maya Okafor|CTO|Acme"),
    ("Adınız Soyadınız,Kurum,ÜNVANI", "Maya Okafor,Acme,CTO", "Maya Okafor|CTO|Acme"),
    ("お名前（漢字）,お名前（カナ）,ご所属,お役職", "Maya Okafor,オカフォー,Acme,CTO", "Maya Okafor|CTO|Acme"),
    ("성함,소속,직책", "Maya Okafor,Acme,CTO", "Maya Okafor|CTO|Acme"),
    ("姓名,公司名稱,職稱", "Maya Okafor,Acme,CTO", "Maya Okafor|CTO|Acme"),
]  # fmt: skip


@pytest.mark.parametrize(("header", "row", "wanted"), TOGETHER)
def test_headers_are_read_together(file, header: str, row: str, wanted: str) -> None:
    (person,) = people(file(f"{header},LinkedIn URL\n{row},{MAYA}\n"))
    assert f"{person.name}|{person.position}|{person.company}" == wanted


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("Name,Past Employer,Current Employer", "Maya Okafor,Old,"),
        ("Name,Company,Parent Company Name", "Maya Okafor,,Globex"),
        ("name,first_name,last_name,Company,ticket_name", "Maya Okafor,,,,Early Bird"),
        ("Name,companyName,durationInCompany", "Maya Okafor,,5 years"),
    ],
)
def test_an_empty_cell_is_not_filled_from_a_column_about_something_else(
    file, header: str, row: str
) -> None:
    found = file(f"{header},LinkedIn URL\n{row},{MAYA}\n")
    assert [(p.name, p.company) for p in people(found)] == [("Maya Okafor", "")]
    assert found.unused


def test_a_guess_at_a_name_is_left_out_when_there_are_two(file) -> None:
    found = file(f"Chair Name,Sponsor Name,LinkedIn URL\nUwe Zahler,Bo Li,{MAYA}\n")
    assert [p.name for p in people(found)] == [""]
    assert list(found.unused) == ["Chair Name", "Sponsor Name"]


def test_a_mail_is_taken_from_the_first_column_that_holds_one(file) -> None:
    found = file("Name,E-mail 1 - Label,E-mail 1 - Value\nAda,* Work,a@b.example\n")
    assert [p.email for p in people(found)] == ["a@b.example"]
    found = file("Name,Email,Second email\nAda,ask me,c@d.example\n")
    assert [p.email for p in people(found)] == ["c@d.example"]


# A cell and what it says.
CELLS = [
    ("Ernst &amp; Young", "Ernst & Young"),
    ("Ernst &amp;amp; Young", "Ernst & Young"),
    ("M&uuml;ller &amp; S&ouml;hne", "Müller & Söhne"),
    ("L&#x27;Oréal", "L'Oréal"),
    ("L&#39;Oréal", "L'Oréal"),
    ("Acme&nbsp;Works", "Acme Works"),
    ("Maya<br>Okafor", "Maya Okafor"),
    ("Maya<br/>Okafor", "Maya Okafor"),
    ("<b>Acme</b>", "Acme"),
    ("<a href='https://acme.example'>Acme</a>", "Acme"),
    ("Acme_x000D_", "Acme"),
    ('=CONCATENATE("Maya"," ","Okafor")', "Maya Okafor"),
    ('=VERKETTEN("Maya";" ";"Okafor")', "Maya Okafor"),
    ('"""Maya Okafor"""', "Maya Okafor"),
    ('="Maya"&CHAR(32)&"Okafor"', ""),
    ('=TRIM(" Maya  Okafor ")', "Maya Okafor"),
    ('=PROPER("maya okafor")', "Maya Okafor"),
    ("=VLOOKUP(A2,B:C,2,FALSE)", ""),
    ("=SVERWEIS(A2;B:C;2;FALSCH)", ""),
    ('=IFERROR(INDEX(A:A,2),"Acme")', ""),
]


@pytest.mark.parametrize(("cell", "said"), CELLS)
def test_a_cell_says_what_a_page_or_a_spreadsheet_would_show(file, cell: str, said: str) -> None:
    quoted = cell.replace('"', '""')
    (person,) = people(file(f'Name,Company,LinkedIn\n"{quoted}","{quoted}",{MAYA}\n'))
    assert (person.name, person.company) == (said, said)


@pytest.mark.parametrize(
    "cell", ["AT&T", "R&D; and more", "Q&A;", "Acme <info@acme.example>", "a < b", "Maya & Bo"]
)
def test_what_is_no_entity_and_no_tag_stays(cell: str) -> None:
    assert cleaned(cell, 100) == cell


@pytest.mark.parametrize(
    "cell",
    [
        "https://www.google.com/url?q=https%3A%2F%2Fwww.linkedin.com%2Fin%2Fmaya-okafor&sa=D",
        "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fwww.linkedin.com%2Fin%2Fmaya-okafor%2F&data=05",
    ],
)
def test_the_address_behind_a_safe_link_is_the_persons(file, cell: str) -> None:
    (person,) = people(file(f"Name,Company,LinkedIn\nMaya,Acme,{cell}\n"))
    assert person.public_identifier == "maya-okafor"


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
