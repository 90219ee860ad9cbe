"""Code pages: which letters the bytes of a file mean when they are no UTF-8."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingagents.integrations.csv.asian import asian_code_page
from ingagents.integrations.csv.encoding import Spelling, code_page_of, undo_double_encoding
from ingagents.integrations.csv.files import PeopleFile
from ingagents.model import ListedPerson

# Names that are not in the list the guess is made by, in every code page they are written in.
NAMES = {
    "cp1250 iso8859_2 mac_latin2 cp852": [
        "Zdeňka Hrubá", "Bohumil Vávra", "Otakar Třeštík", "Łucjan Bąkowski", "Czesław Piątkowski",
        "Bernadett Szűcsné", "Lőrincz Ödön", "Ľubica Vaľková", "Břetislav Hřebík",
    ],
    "cp1250 mac_croatian": ["Đurđica Šimić", "Žarko Pečnik", "Krešo Čavić"],
    "cp1250": ["Ştefania Păunescu", "Cătălin Ţurcanu"],
    "cp1251 koi8_r mac_cyrillic cp866 iso8859_5": [
        "Всеволод Щербаков", "Зинаида Рожкова", "Тихон Меньшов",
    ],
    "cp1251 koi8_u": ["Їжакевич Святослав", "Євдокія Ґалаґан"],
    "cp1253 iso8859_7 mac_greek": ["Γιάννα Καραγιάννη", "Άρης Θεοδωρόπουλος", "Φώτης Χατζής"],
    "cp1255": ["צביקה הררי", "יהושע בן שמעון"],
    "cp1256": ["محمد الحسن", "عبد العزيز الفهد"],
    "cp1254 iso8859_9 mac_turkish": ["Gökçe Işıklar", "Oğulcan Tuğrul", "Çağdaş Şimşekler"],
    "cp1257": ["Žydrūnas Čekas", "Artūrs Ķīsis", "Raitis Ķīķerts", "Jurgita Jurgaitytė"],
    "cp1252 mac_roman cp850": [
        "Jörg-Uwe Pfäffle", "Maïté Forêt", "Begoña Cañizares", "Gonçalo Leitão", "Kåre Sødal",
        "Päivi Töyrylä", "Sölve Åkerblom", "Cécilia Béranger", "Ulf Müßig",
    ],
    "cp1252": ["Guðný Þórðardóttir", "Seán O’Brien"],
    "cp874": ["ประยุทธ์ ชัยมงคล", "วิไลลักษณ์ สุขสวัสดิ์", "ธีรเดช แสงทอง"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "codec"),
    [
        (name, codec)
        for codecs, names in NAMES.items()
        for name in names
        for codec in codecs.split()
    ],
)
def test_a_single_name_tells_its_code_page(name: str, codec: str) -> None:
    data = name.encode(codec)
    spelling = Spelling()
    spelling.take(data)
    assert data.decode(code_page_of(spelling.garbled | spelling.utf8).codec) == name


# Lists in code pages of two bytes a letter: a header, and what a person is called, does and works for.
ASIAN = {
    "cp932 euc_jp iso2022_jp": ("氏名,役職,会社名", "佐々木 健,マーケティング部長,株式会社アクメ"),
    "gb18030 gbk": ("姓名,职位,公司", "欧阳 娜,市场总监,阿里巴巴集团"),
    "big5": ("姓名,職稱,公司名稱", "陳 怡君,行銷經理,台積電股份有限公司"),
    "cp949 euc_kr": ("이름,직책,회사", "홍 길동,마케팅 이사,삼성전자"),
}


@pytest.mark.parametrize(
    ("codec", "header", "row"),
    [
        (codec, header, row)
        for codecs, (own, row) in ASIAN.items()
        for header in (own, "Name,Job Title,Company")
        for codec in codecs.split()
    ],
)
def test_a_list_of_east_asia_is_read_in_its_code_page(
    file, codec: str, header: str, row: str
) -> None:
    found = file(f"{header},LinkedIn\n{row},linkedin.com/in/x\n", codec)
    (person,) = [one.profile for one in found]
    assert f"{person.name},{person.position},{person.company}" == row


@pytest.mark.parametrize("codecs", NAMES)
def test_no_name_in_a_code_page_of_one_byte_a_letter_is_taken_for_asian(codecs: str) -> None:
    for codec in codecs.split():
        lines = [name.encode(codec) for name in NAMES[codecs]]
        assert [asian_code_page([line]) for line in [*lines, b" ".join(lines)]] == [None] * (
            len(lines) + 1
        )


@pytest.mark.parametrize(
    ("garbled", "meant"),
    [
        ("JosÃ© GarcÃ­a", "José García"),
        ("JiĹ™Ă­", "Jiří"),
        ("Ð˜Ð²Ð°Ð½", "Иван"),
        ("BjÃ¶rn", "Björn"),
        ("Oâ€™Brien", "O’Brien"),
        ("Jos√©", "José"),
        ("M√ºller", "Müller"),
        ("MarÃƒÂ­a", "María"),
        ("Å\x81ukasz", "Łukasz"),
        ("Ä°stanbul YazÄ±lÄ±m", "İstanbul Yazılım"),
        ("Viá»‡t Nam Software", "Việt Nam Software"),
        ("Nguyá»…n", "Nguyễn"),
        ("J├Ârg", "Jörg"),
        ("╨Р╨╗╨╡╨║╤Б╨╡╨╣", "Алексей"),
        ("ã‚¨ãƒ³ã‚¸ãƒ‹ã‚¢", "エンジニア"),
    ],
)
def test_what_was_encoded_twice_is_put_right(garbled: str, meant: str) -> None:
    assert undo_double_encoding(garbled) == meant


@pytest.mark.parametrize("codec", ["cp1252", "latin-1", "mac_roman"])
def test_any_name_survives_being_encoded_twice(codec: str) -> None:
    names = [name for several in NAMES.values() for name in several]
    put_right = []
    for name in names:
        try:
            garbled = name.encode().decode(codec)
        except UnicodeDecodeError:  # the five bytes Windows-1252 has no letter for
            garbled = name.encode().decode("latin-1")
        put_right.append(undo_double_encoding(garbled))
    assert put_right == names


@pytest.mark.parametrize("name", [name for names in NAMES.values() for name in names])
def test_a_name_that_is_right_is_left_alone(name: str) -> None:
    assert undo_double_encoding(name) == name
    assert undo_double_encoding(name.upper()) == name.upper()


@pytest.mark.parametrize("name", ["Íñigo", "Íñigo Ñúñez", "Þórdís", "Öğe", "Éñe"])
def test_letters_of_two_code_pages_side_by_side_are_no_double_encoding(name: str) -> None:
    assert undo_double_encoding(name) == name


@pytest.mark.parametrize("name", ["José García", "Íñigo Ibáñez", "Ádám Németh", "Đorđe Ćirić"])
@pytest.mark.parametrize("codec", ["cp1252", "latin-1", "cp1250"])
def test_a_file_that_was_encoded_twice_gives_whole_names(
    tmp_path: Path, name: str, codec: str
) -> None:
    """Also where half a letter is a mark that cleaning a cell takes out."""
    first, last = name.split()
    line = f"{first},{last},Acme,https://www.linkedin.com/in/x"
    try:
        garbled = line.encode().decode(codec)
    except UnicodeDecodeError:
        garbled = line.encode().decode("latin-1")
    file = tmp_path / "people.csv"
    file.write_text(f"First Name,Last Name,Company,URL\n{garbled}\n", encoding="utf-8")
    (person,) = PeopleFile(file)
    assert isinstance(person, ListedPerson)
    assert person.profile.name == name


@given(st.binary(max_size=200))
def test_no_bytes_break_the_guess(data: bytes) -> None:
    spelling = Spelling()
    spelling.take(data)
    data.decode(code_page_of(spelling.garbled).codec, "replace")


@given(st.text(max_size=60))
def test_undoing_never_makes_text_longer_and_is_done_once(text: str) -> None:
    meant = undo_double_encoding(text)
    assert len(meant) <= len(text)
    assert text.isascii() is False or meant == text
