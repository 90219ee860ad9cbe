"""`facts.toml`: what is read from it, and how its mistakes are told."""

from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingagents.app.rules.campaign_facts import TellingFacts, fact_sheet, listed_facts
from ingagents.core.facts.fact_checks import findings
from ingagents.errors import SettingsError
from ingagents.integrations.clock import SystemClock
from ingagents.model import Campaign, Fact, FactSheet
from ingagents.settings import Settings, load_settings
from ingagents.settings.facts import LONGEST_FILE, parse_facts, read_facts

GOOD = """
[[fact]]
id = "tiers.gold"
text = "Gold costs 10,000 euro and includes a stand and a talk of 20 minutes."
link = ""
for = ["Sponsor"]
asks = ["price", "packages"]

[[fact]]
id = "programme"
text = { en = "Three tracks.", de = "Drei Stränge." }
from = 2027-01-15
until = 2027-03-31

[booking]
Kim = "https://cal.example/kim"
"""


def test_facts_and_booking_addresses_are_read_as_they_stand():
    assert parse_facts(GOOD, "facts.toml") == FactSheet(
        facts=(
            Fact(
                id="tiers.gold",
                text={"": "Gold costs 10,000 euro and includes a stand and a talk of 20 minutes."},
                kinds=("Sponsor",),
                asks=("price", "packages"),
            ),
            Fact(
                id="programme",
                text={"en": "Three tracks.", "de": "Drei Stränge."},
                since=date(2027, 1, 15),
                until=date(2027, 3, 31),
            ),
        ),
        booking={"Kim": "https://cal.example/kim"},
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            '[[fact]]\nid = "a"\ntext = "x"\nlnk = ""',
            "line 1 (a): unknown key lnk: did you mean link?",
        ),
        ('\n\n[[fact]]\nid = "a"', "line 3 (a): text: Field required"),
        ('[[fact]]\ntext = "x"', "line 1: id: Field required"),
        ('[[fact]]\nid = "a b"\ntext = "x"', "id: write letters, digits, dots and dashes"),
        ('[[fact]]\nid = "campaign.date"\ntext = "x"', "are those of [campaign]"),
        ('[[fact]]\nid = "a"\ntext = 3', 'text: write text = "..."'),
        ('[[fact]]\nid = "a"\ntext = ""', "text: write at least one letter"),
        (
            f'[[fact]]\nid = "a"\ntext = "{"x" * 2001}"',
            "text: write at most 2000 characters",
        ),
        ('[[fact]]\nid = "a"\ntext = { it = "x" }', "text"),
        ('[[fact]]\nid = "a"\ntext = "x"\nfor = ["Investor"]', "for.0: it must be 'Speaker'"),
        ('[[fact]]\nid = "a"\ntext = "x"\nfor = "Sponsor"', "for: write a list"),
        ('[[fact]]\nid = "a"\ntext = "x"\nlink = "www.a.example"', "link: write an address"),
        ('[[fact]]\nid = "a"\ntext = "x"\nuntil = 5', "until: write a date like 2027-05-20"),
        ('[[fact]]\nid = "a"\ntext = "x\\u202ey"', "text: has the control sign U+202E"),
        ('[[fact]]\nid = "a"\ntext = "x\\u0000y"', "text: has the control sign U+0000"),
        (
            '[[fact]]\nid = "a"\ntext = "x"\n[[fact]]\nid = "a"\ntext = "y"',
            "line 4 (a): there is another",
        ),
        ('[[facts]]\nid = "a"\ntext = "x"', "unknown table facts; did you mean fact?"),
        ('[fact]\nid = "a"\ntext = "x"', "write [[fact]]"),
        ('[booking]\nKim = "kim@acme"', "booking"),
        ("booking = 3", "booking"),
        ('[[fact]]\nid = "a\n', "is not valid TOML"),
    ],
)
def test_each_mistake_is_told_with_its_place(text, said):
    with pytest.raises(SettingsError) as caught:
        parse_facts(text, "facts.toml")
    assert said in caught.value.line()
    assert caught.value.exit_code == 2


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused_in_one_line(text):
    try:
        parse_facts(text, "facts.toml")
    except SettingsError as error:
        told = error.line()
    else:
        told = ""
    assert "\n" not in told


def test_a_missing_file_has_no_facts_and_a_broken_or_huge_one_is_refused(tmp_path: Path):
    assert read_facts(tmp_path / "facts.toml") == FactSheet()
    (tmp_path / "facts.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(SettingsError, match="not UTF-8"):
        read_facts(tmp_path / "facts.toml")
    (tmp_path / "facts.toml").write_text("#" * (LONGEST_FILE + 1))
    with pytest.raises(SettingsError, match="larger than"):
        read_facts(tmp_path / "facts.toml")


def test_the_shipped_example_reads_and_says_nothing_until_its_comments_are_taken_away():
    example = (files("ingagents") / "templates" / "facts.toml").read_text("utf-8")
    assert parse_facts(example, "facts.toml") == FactSheet()
    lines = (
        line.removeprefix("# ")
        if line.startswith(
            ("# [", "# id", "# text", "# for", "# asks", "# from", "# until", "# link =", "# Kim")
        )
        else line
        for line in example.splitlines()
    )
    sheet = parse_facts("\n".join(lines), "facts.toml")
    assert [fact.id for fact in sheet.facts] == ["programme", "tiers.gold"]
    assert sheet.booking == {"Kim": "https://cal.example/kim"}


def test_the_shipped_event_has_facts_of_its_own_in_the_sandbox_alone(tmp_path: Path):
    (tmp_path / "settings.toml").write_text("")
    shipped = fact_sheet(load_settings(tmp_path / "settings.toml"))
    campaign = Campaign(event_name="InG Summit", event_date=date(2027, 5, 20), event_city="Berlin")
    assert len(shipped.facts) >= 5
    assert findings(shipped, campaign, today=date(2027, 2, 1)) == ()
    assert {one.state for one in listed_facts(load_settings(tmp_path / "settings.toml"))} == {
        "told"
    }
    (tmp_path / "facts.toml").write_text(GOOD)
    assert len(fact_sheet(load_settings(tmp_path / "settings.toml")).facts) == 2
    (tmp_path / "settings.toml").write_text('[campaign]\nevent_name = "Other"\nfacts = "none.toml"')
    assert fact_sheet(load_settings(tmp_path / "settings.toml")).facts == ()


def test_a_department_at_work_tells_what_the_file_says_now_and_keeps_the_last_that_could_be_used(
    tmp_path: Path,
) -> None:
    file = tmp_path / "facts.toml"
    settings = Settings(campaign={"facts": str(file), "event_name": "A summit of ours"})
    told = TellingFacts(settings, SystemClock())
    assert told().facts == ()
    file.write_text('[[fact]]\nid = "a"\ntext = "One."\n', "utf-8")
    assert [fact.text[""] for fact in told().facts] == ["One."]
    file.write_text('[[fact]]\nid = "a"\ntext = "Two, longer."\n', "utf-8")
    assert [fact.text[""] for fact in told().facts] == ["Two, longer."]
    file.write_text("[[fact]\n", "utf-8")
    assert [fact.text[""] for fact in told().facts] == ["Two, longer."]
    file.unlink()
    assert told().facts == ()


def test_what_contradicts_is_told_to_nobody_until_it_is_mended_and_the_list_says_why(
    tmp_path: Path,
) -> None:
    file = tmp_path / "facts.toml"
    dear = GOOD.replace('"tiers.gold"', '"gold.dear"').partition('[[fact]]\nid = "programme')[0]
    file.write_text(dear.replace("10,000", "12,000") + GOOD, "utf-8")
    settings = Settings(campaign={"facts": str(file), "event_name": "A summit of ours"})
    told = TellingFacts(settings, SystemClock())
    assert [fact.id for fact in told().facts] == ["programme"]
    rows = {one.fact.id: one.row() for one in listed_facts(settings)}
    assert rows["tiers.gold"]["state"] == rows["gold.dear"]["state"] == "not told"
    assert "with gold.dear: one says 12000, the other 10000" in str(rows["tiers.gold"]["why"])
    assert rows["campaign.date"]["state"] == "told"
    file.write_text(dear + GOOD, "utf-8")
    assert [fact.id for fact in told().facts] == ["gold.dear", "tiers.gold", "programme"]
