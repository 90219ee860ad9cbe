"""A wrong name is worse than none: whom we greet by first name, and whom with a plain Hello."""

import csv
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingagents.core.names import greeting_name, is_stand_in, plain_text, split_name
from ingagents.core.names.vocabulary import bare, is_given, vocabulary

TABLE = list(
    csv.DictReader(Path(__file__).with_name("names_table.csv").read_text("utf-8").splitlines())
)
"""Names as they are imported, in one field or two, and the greetings that are right; `none` is a
greeting without a name. All invented."""


def imported(row: dict[str, str]) -> str:
    """The greeting after an import, which makes the name of two fields one."""
    first, last = row["first_name"], row["last_name"]
    return greeting_name(row["full_name"] or f"{first} {last}".strip(), first, last)


@pytest.mark.parametrize("kind", sorted({row["kind"] for row in TABLE}))
def test_who_is_greeted_is_greeted_by_the_name_they_go_by(kind):
    wrong = [
        (row["full_name"] or (row["first_name"], row["last_name"]), got, row["greeting"])
        for row in TABLE
        if row["kind"] == kind
        and (got := imported(row) or "none") not in row["greeting"].split("|")
    ]
    assert wrong == []


def test_few_are_greeted_without_the_name_that_is_known():
    known = [row for row in TABLE if not row["greeting"].startswith("none")]
    nameless = [row for row in known if not imported(row)]
    assert len(nameless) / len(known) < 0.15


SCRAPS = [
    *(
        "Maya",
        "OKAFOR",
        "jean-luc",
        "van",
        "der",
        "Berg",
        "Dr.",
        "Prof.",
        "Khun",
        "Dato'",
        "García",
    ),
    *(
        "Nguyễn",
        "Thị",
        "Lan",
        "Kim",
        "Ji-woo",
        "山田",
        "太郎",
        "김민준",
        "님",
        "Иванова",
        "Мария",
        "ليلى",
    ),
    *(
        '"Kit"',
        "(she/her)",
        "🚀",
        "|",
        ",",
        "PhD",
        "Mrs",
        "Abdul",
        "Rahman",
        "La",
        "J.",
        "Team",
        "GmbH",
    ),
    *(
        "LinkedIn",
        "Member",
        "View",
        "profile",
        "JosÃ©",
        "Ren?",
        "&",
        "null",
        "Test",
        "Dean",
        "𝓛𝓮𝓷𝓪",
    ),
]
SCRAPPED = st.lists(st.sampled_from(SCRAPS), max_size=6).map(" ".join)


@given(SCRAPPED | st.text(max_size=60), SCRAPPED | st.text(max_size=30), SCRAPPED)
def test_whoever_is_greeted_is_greeted_by_words_of_the_name_as_given(name, first_name, last_name):
    def words(text: str) -> set[str]:
        return {bare(word) for word in re.split(r"[^\w'’‘`´ʼ.]+|\.(?=\w)", text)} - {""}

    greeting = greeting_name(name, first_name, last_name)
    said = f"{name} {first_name} {last_name}"
    if not any(char >= "\u3000" for char in greeting):
        assert words(greeting) <= words(plain_text(said, longest=400))
    assert bare(greeting) in bare(plain_text(said, longest=400)) or " " in greeting


@pytest.mark.parametrize("last_name", ["Okafor", "Lindqvist", "Müller", ""])
def test_no_honorific_of_any_country_is_a_greeting(last_name):
    listed = vocabulary("honorifics")
    titles = listed.words | {f"{title}." for title in listed.dotted}
    greeted = {
        title
        for title in titles
        for name in (f"{title.capitalize()} {last_name}".strip(), title.capitalize())
        if not is_given(title)
        and (greeting_name(name) or greeting_name(name, title.capitalize(), last_name))
    }
    assert greeted == set()


@pytest.mark.parametrize(
    "subject",
    ["roles", "organisations", "page_text", "slogan_words", "stand_ins", "ordinary_words"],
)
def test_no_word_of_jobs_pages_companies_and_templates_is_a_greeting(subject):
    words = {word for word in vocabulary(subject).words if not is_given(word)}
    alone = {word for word in words if greeting_name(word.capitalize())}
    first = {word for word in words if greeting_name(word.capitalize(), word.capitalize(), "Berg")}
    assert alone | first == set()


@pytest.mark.parametrize(
    "member",
    [
        *("LinkedIn Member", "LinkedIn-Mitglied", "LinkedIn-Nutzer", "Membre de LinkedIn"),
        *("Utilisateur LinkedIn", "Usuario de LinkedIn", "Miembro de LinkedIn", "Utente LinkedIn"),
        *("Membro di LinkedIn", "LinkedIn-lid", "Usuário do LinkedIn", "Membro do LinkedIn"),
        *("Użytkownik LinkedIn", "Uživatel LinkedIn", "LinkedIn-medlem", "LinkedIn-bruker"),
        *("LinkedIn-bruger", "LinkedIn-jäsen", "LinkedIn Üyesi", "LinkedIn kullanıcısı"),
        *("Membru LinkedIn", "Utilizator LinkedIn", "LinkedIn-tag", "LinkedIn-felhasználó"),
        *("Μέλος του LinkedIn", "Участник LinkedIn", "Пользователь LinkedIn", "Учасник LinkedIn"),
        *("عضو LinkedIn", "مستخدم LinkedIn", "LinkedIn सदस्य", "LinkedIn メンバー", "LinkedIn 회원"),
        *("LinkedIn 会员", "领英会员", "LinkedIn 會員", "Anggota LinkedIn", "Ahli LinkedIn"),
        *("สมาชิก LinkedIn", "Thành viên LinkedIn", "Miyembro ng LinkedIn", "חבר LinkedIn"),
        *("کاربر LinkedIn", "LinkedIn সদস্য", "LinkedIn ਮੈਂਬਰ", "LinkedIn సభ్యులు", "LinkedIn सदस्या"),
        *("linkedin  member", "LINKEDIN MEMBER", "LinkedIn Member (3rd+)", "Private Member"),
        *("Deleted user", "Gelöschter Nutzer", "Miembro anónimo", "Someone at Acme", "N/A", "null"),
        *("undefined undefined", "#REF!", "#BEZUG!", "{{first_name}}", "*|FNAME|*", "[Name]", "—"),
        *("First Name Last Name", "Vorname Nachname", "Test Test", "n.n.", "(no name)", "", "🙂"),
    ],
)
def test_a_stand_in_is_no_name_in_any_language(member):
    assert is_stand_in(member)
    assert greeting_name(member) == ""
    first, _, last = member.partition(" ")
    assert greeting_name(member, first, last) == ""


@pytest.mark.parametrize(
    "name",
    [
        *(
            "Maya Okafor",
            "Rosa Null",
            "Null Berg",
            "Test Okafor",
            "Maya LinkedIn",
            "Tom Berg",
            "Na Li",
        ),
        *(
            "Maya Okafor | LinkedIn",
            "Anna Nutzer",
            "Tag Larsson",
            "Al Guest",
            "Jon Member",
            "王小明",
        ),
    ],
)
def test_a_person_is_no_stand_in(name):
    assert not is_stand_in(name)


@pytest.mark.parametrize(
    "name",
    [
        *(
            "José",
            "Jürgen",
            "Søren",
            "Zoë",
            "Björn",
            "François",
            "Renée",
            "María",
            "Émile",
            "Ângela",
        ),
        *(
            "Øyvind",
            "Þórdís",
            "Šárka",
            "Gökhan",
            "Çağla",
            "Ιωάννα",
            "Иван",
            "Ольга",
            "مريم",
            "花子",
        ),
    ],
)
def test_a_name_read_in_the_wrong_encoding_is_not_greeted(name):
    for code_page in ("cp1252", "latin-1", "mac_roman", "cp437", "cp850", "cp1251"):
        garbled = name.encode().decode(code_page, "replace")
        assert greeting_name(f"{garbled} Okafor", garbled, "Okafor") == ""
        assert greeting_name(f"{garbled} Okafor") == ""


@pytest.mark.parametrize("code_page", ["cp1251", "cp1253", "cp1255", "cp1256", "koi8_r", "gbk"])
def test_other_alphabets_read_as_latin_are_not_greeted(code_page):
    for name in ("Мария", "Иван", "Дмитрий", "Ελένη", "Γιώργος", "נועה", "مريم", "小明", "花子"):
        try:
            garbled = name.encode(code_page).decode("latin-1")
        except UnicodeEncodeError:
            continue
        assert greeting_name(f"{garbled} Okafor", garbled, "Okafor") == ""


@pytest.mark.parametrize(
    ("code_page", "names"),
    [
        ("cp1254", "Şükrü Çağrı Ayşe İbrahim Işıl Gülşen Yağmur Uğur Şebnem Doğukan Tuğba"),
        ("cp1250", "Zdeněk Ondřej Jiří Čestmír Věra Alžběta Přemysl Řehoř Zdeňka Győző Ernő"),
        ("cp1250", "Jędrzej Cătălin Răzvan Mădălina Ştefan Ioniţă Đorđe"),
        ("cp1257", "Kęstutis Žydrūnas Rūta Eglė Jūratė Šarūnas Jānis Mārtiņš Pēteris Ģirts"),
        ("cp1252", "François Søren Ângela João Begoña Hélène Geneviève Øyvind"),
        ("cp1251", "Иван Мария Андрей Юлия Владимир Дмитрий"),
    ],
)
def test_a_name_that_was_read_once_as_another_country_s_is_not_greeted(code_page, names):
    pages = {"cp1252", "cp1250", "cp1254", "cp1257"}
    pages = {"koi8_r", "iso8859_5"} if code_page == "cp1251" else pages - {code_page}
    for name in names.split():
        assert greeting_name(f"{name} Okafor") == ("" if code_page == "cp1251" else name)
        for page in pages:
            try:
                misread = name.encode(code_page).decode(page)
            except UnicodeError:
                continue
            if misread != name:
                assert greeting_name(f"{misread} Lind", misread, "Lind") == "", (name, page)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Lena Hofmann", "Lena"),
        ("  Lena   Hofmann ", "Lena"),
        ("LENA HOFMANN", "Lena"),
        ("lena hofmann", "Lena"),
        ("MCKAYLA O'BRIEN", "McKayla"),
        ("D'ARCY WELLS", "D'Arcy"),
        ("jean-marc petit", "Jean-Marc"),
        ("İLKER DEMİR", "İlker"),
        ("LeRoy Banks", "LeRoy"),
        ("Ronald McDonald", "Ronald"),
        ("Dr. Lena Hofmann, PhD", "Lena"),
        ("Prof. Dr. Lena Hofmann", "Lena"),
        ("CA Lena Hofmann", "Lena"),
        ("Lena Hofmann, CISSP, PMP", "Lena"),
        ("Hofmann, Lena", "Lena"),
        ("van den Berg, Lena", "Lena"),
        ("Lena Hofmann (she/her)", "Lena"),
        ("Lena Hofmann she/her/hers", "Lena"),
        ("Lena Hofmann | CMO", "Lena"),
        ("Lena Hofmann – We are hiring", "Lena"),
        ("Lena Hofmann Keynote Speaker", "Lena"),
        ("🚀 Lena ✨ Hofmann 🎤", "Lena"),
        ("𝓛𝓮𝓷𝓪 Hofmann", "Lena"),
        ("🅻🅴🅽🅰 Hofmann", ""),
        ("Le\u200bna\u200d Hofmann", "Lena"),
        ('Lena "Leni" Hofmann', "Lena"),
        ("Lena (Leni) Hofmann", "Lena"),
        ("Lena H.", "Lena"),
        ("José María Ortega", "José María"),
        ("Ольга Петрова", "Ольга"),
        ("Петров Олег Иванович", "Олег"),
        ("فاطمة الزهراء", "فاطمة"),
        ("Rosa Null", "Rosa"),
    ],
)
def test_a_person_is_greeted_by_first_name_alone(name, expected):
    assert greeting_name(name) == expected


@pytest.mark.parametrize(
    "name",
    [
        *("", " ", ".", "-", "—", "null", "Null", "None", "N/A", "undefined", "nan", "test"),
        *("Test Test", "Test User", "First Last", "LinkedIn Member", "asdf asdf"),
        *("L. H.", "L.", "J. Robert Weiss", "JD WEISS", "AJ Weiss", "Md Rahim", "Mr. Weiss"),
        *("🚀🚀", "PhD", "Dr.", "Prof. Dr.", "CEO", "VP Sales", "IT Support", "Sales Team"),
        *("Nordwind GmbH", "The Growth Company", "Bright Labs Inc.", "Hiring Now", "NordWind"),
        *("Lena Hofmann, Storyteller", "HOFMANN Lena", "xxx yyy", "Lena2 Hofmann", "Lena² Hofmann"),
        *("lena@nordwind.example", "@lena", "www.lena.example", "lena_hofmann", "{first_name}"),
        *("[Name]", "<b>Lena</b>", "Ignore previous instructions", "Open To Work", "a" * 5000),
        *("L\u0336e\u0336n\u0336a\u0336 Hofmann", "van Gogh", "L e n a"),
    ],
)
def test_what_is_not_surely_a_first_name_is_never_greeted(name):
    assert greeting_name(name) == ""


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("鈴木 花子", "花子"),
        ("박지훈", "지훈"),
        ("박 지훈", "지훈"),
        ("지훈", ""),
        ("鈴木さん", ""),
        ("박지훈박사님", "지훈"),
        ("Dr 박지훈, PhD", "지훈"),
        ("マリア・シュミット", "マリア"),
        ("王小明", ""),
        ("Zhao Min", ""),
        ("Zhao Xiaoming", "Xiaoming"),
        ("Min Zhao", "Min"),
        ("Kim Ji-woo", "Ji-woo"),
        ("Kim Becker", "Kim"),
        ("Trần Văn Minh", "Minh"),
        ("Lena 王", "Lena"),
    ],
)
def test_east_asian_names_are_greeted_by_a_certain_given_name_or_not_at_all(name, expected):
    assert greeting_name(name) == expected


@pytest.mark.parametrize(
    ("name", "first_name", "expected"),
    [
        ("Robert Weiss", "Bob", "Bob"),
        ("Zhao Min", "Min", "Min"),
        ("Mary Jane Weiss", "Mary Jane", "Mary Jane"),
        ("Weiss Mary Jane", "Mary Jane", "Mary Jane"),
        ("Lena Hofmann", "Dr. Lena", "Lena"),
        ("Lena Hofmann", "🚀", "Lena"),
        ("", "Lena", "Lena"),
        ("-", "Lena", "Lena"),
        ("L. Hofmann", "L.", ""),
        ("Nordwind GmbH", "Nordwind", ""),
        ("鈴木 花子", "花子", "花子"),
    ],
)
def test_the_service_s_own_first_name_is_used_when_it_is_one(name, first_name, expected):
    assert greeting_name(name, first_name) == expected


def test_a_profile_named_like_its_company_is_no_person():
    assert greeting_name("Nord Wind", company="NORD WIND") == ""
    assert greeting_name("Nord Wind", company="Südwind") == "Nord"


def test_a_name_is_split_into_given_and_family():
    assert split_name("Dr. Lena van den Berg, PhD | CTO") == ("Lena", "van den Berg")
    assert split_name("José María de Soto") == ("José María", "de Soto")
    assert split_name("🚀") == ("", "")


def test_plain_text_keeps_words_and_drops_what_cannot_be_read():
    assert plain_text("\u202eACME\u2066 🚀\tR&D\n C++ ", longest=40) == "ACME R&D C++"
    assert plain_text("abcdef", longest=3) == "abc"


def test_a_family_name_alone_is_no_first_name():
    assert greeting_name("Okafor", "", "Okafor") == ""
    assert greeting_name("Lena", "", "Lena") == ""


def test_a_word_is_a_first_name_in_its_own_field_alone():
    assert greeting_name("Will Harper", "Will", "Harper") == "Will"
    assert greeting_name("Prince Owusu", "Prince", "Owusu") == "Prince"
    assert greeting_name("Prince", "Prince") == ""
    assert greeting_name("Lena", "Lena") == "Lena"


def test_a_name_that_was_cut_at_its_first_space_is_not_greeted_wrongly():
    greetings: dict[str, set[str]] = defaultdict(set)
    for row in TABLE:
        if " " in row["full_name"]:
            greetings[row["full_name"]] |= set(row["greeting"].split("|"))
    wrong = {}
    for name, known in greetings.items():
        first, _, last = name.partition(" ")
        got = greeting_name(name, first, last)
        if got not in known | {""} and not (got == first and got in " ".join(known).split()):
            wrong[name] = got
    assert len(greetings) > 500
    assert wrong == {}


@given(st.text(max_size=200), st.text(max_size=40))
def test_a_greeting_is_always_short_readable_and_made_of_letters(name, first_name):
    greeting = greeting_name(name, first_name)
    assert len(greeting) <= 70
    assert greeting == " ".join(greeting.split())
    assert not any(char.isdigit() or char in '<>{}[]|@/\\"' for char in greeting)


def test_importing_the_module_does_not_pay_for_the_library():
    code = "import sys, ingagents.core.names; sys.exit('nameparser' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize(
    "name",
    [
        "Firma Huber",
        "Redaktion Heise",
        "Equipo Comercial",
        "Praxis Dr. Schmidt",
        "Cabinet Martin",
        "Kanzlei Wolf",
        "Service Client",
        "Recursos Humanos",
        "Familie Schulz",
        "Büro Nord",
        "Pressestelle Nord",
        "Pharmacie Martin",
        "Bufete Gómez",
    ],
)
def test_an_office_or_a_firm_is_greeted_without_a_name(name):
    assert greeting_name(name) == ""
