"""Settings: where they come from, which source wins, and one clear line for every mistake."""

from __future__ import annotations

import json
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from pydantic import BaseModel, SecretStr

import ingagents
from ingagents.errors import SettingsError
from ingagents.model import Campaign, SearchCriteria
from ingagents.settings import Settings, as_time, find_settings_file, load_settings
from ingagents.settings.policies import policy_of
from ingagents.settings.reading import fields_of, value_at

LINE = '[[programme]]\nkind = "Sponsor"\nname = "Gold"\nplaces = 2\n'
SECRET = "hunter2-and-more"  # no password of anything


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(text: str | bytes = "", name: str = "settings.toml") -> Path:
    file = Path(name)
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


def mistake(**arguments: Any) -> str:
    """The one line that loading ends with."""
    with pytest.raises(SettingsError) as caught:
        load_settings(**arguments)
    line = caught.value.line()
    assert line.startswith("error: settings: ")
    assert "\n" not in line
    assert SECRET not in line
    assert caught.value.exit_code == 2
    return line


def test_without_any_source_the_defaults_of_the_sandbox_stand() -> None:
    settings = load_settings()
    assert settings == Settings()
    assert settings.linkedin.service == "sandbox"
    assert not settings.linkedin.live
    assert settings.file is None
    limits = settings.outreach.rate_limiting
    assert (limits.daily_limit, limits.weekly_limit) == (45, 100)


def test_a_file_in_the_working_folder_is_read() -> None:
    file = write('[campaign]\nevent_name = "Other Summit"')
    settings = load_settings()
    assert settings.campaign.event_name == "Other Summit"
    assert settings.file == file


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[programme]]\nplces = 3", "programme.0.plces; did you mean places?"),
        ('[programme]\nname = "A"', "write each as [[programme]]"),
        (f"{LINE}\n{LINE}", "two lines are called 'gold'"),
        (LINE.replace("Sponsor", "Guest"), "programme.0.kind"),
        (LINE.replace("2", "-1"), "programme.0.places"),
        (LINE.replace("Gold", " "), "programme.0.name"),
    ],
)
def test_a_line_of_the_programme_that_is_wrong_is_refused_by_its_name(text: str, said: str) -> None:
    write(text)
    assert said in mistake()


def test_the_programme_is_read_in_its_order() -> None:
    write(LINE + LINE.replace("Gold", "Silver"))
    assert [one.name for one in load_settings().programme] == ["Gold", "Silver"]
    assert Settings().programme == ()


def test_a_named_file_wins_over_the_variable_which_wins_over_the_folder(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("settings.toml", "a.toml", "b.toml"):
        write(f'[campaign]\nevent_name = "{name}"', name)
    assert load_settings().campaign.event_name == "settings.toml"
    monkeypatch.setenv("INGAGENTS_SETTINGS", "a.toml")
    assert load_settings().campaign.event_name == "a.toml"
    assert load_settings("b.toml").campaign.event_name == "b.toml"
    assert find_settings_file(Path("b.toml")) == Path("b.toml")


def test_environment_wins_over_dotenv_which_wins_over_the_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    write('[email]\nhost = "file"\nsender = "file"\nusername = "file"\noutbox = "file"')
    write("INGAGENTS_EMAIL__SENDER=dotenv\nINGAGENTS_EMAIL__USERNAME=dotenv\n", ".env")
    monkeypatch.setenv("INGAGENTS_EMAIL__USERNAME", "environment")
    email = load_settings(email={"outbox": "override"}).email
    assert (email.host, email.sender, email.username, email.outbox) == (
        "file",
        "dotenv",
        "environment",
        "override",
    )


def test_a_whole_table_in_the_environment_still_wins_over_one_setting_of_dotenv(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    write(
        "INGAGENTS_OUTREACH__RATE_LIMITING__DAILY_LIMIT=7\nINGAGENTS_OUTREACH__APPROVAL=all", ".env"
    )
    monkeypatch.setenv("INGAGENTS_OUTREACH", '{"rate_limiting": {"daily_limit": 5}}')
    outreach = load_settings().outreach
    assert outreach.rate_limiting.daily_limit == 5
    assert outreach.approval == "all"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("INGAGENTS_OUTREACH__RATE_LIMITING__DAILY_LIMIT", "7"),
        ("ingagents_outreach__rate_limiting__daily_limit", "7"),
        ("Ingagents_Outreach__Rate_Limiting", '{"daily_limit": 7}'),
        ("INGAGENTS_OUTREACH", '{"rate_limiting": {"daily_limit": 7}}'),
    ],
)
@pytest.mark.parametrize("source", ["environment", ".env"])
def test_nested_settings_can_be_named_in_any_case_or_given_as_json(
    name: str, value: str, source: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if source == ".env":
        write(f"{name}={value}", ".env")
    else:
        monkeypatch.setenv(name, value)
    assert load_settings().outreach.rate_limiting.daily_limit == 7


def test_a_table_as_json_leaves_the_other_settings_of_the_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    write('[campaign]\nevent_name = "File"\nevent_city = "Bonn"')
    monkeypatch.setenv("INGAGENTS_CAMPAIGN", '{"event_name": "Variable"}')
    campaign = load_settings().campaign
    assert (campaign.event_name, campaign.event_city) == ("Variable", "Bonn")


def test_lists_come_from_the_environment_as_json(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INGAGENTS_LEAD_FINDER__SEARCH_CRITERIA__POSITIONS", '["CTO", "CEO"]')
    monkeypatch.setenv("INGAGENTS_OUTREACH__RATE_LIMITING__WORKING_DAYS", '["sat"]')
    settings = load_settings()
    assert settings.lead_finder.search_criteria.positions == ("CTO", "CEO")
    assert settings.outreach.rate_limiting.working_days == ("sat",)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a = ", "settings.toml is not valid TOML"),
        ("[campaign]\n[campaign]", "not valid TOML"),
        ("[campaign]\nevent_date = 2027-13-45", "not valid TOML"),
        (b'[campaign]\nevent_name = "\xff"', "settings.toml is not UTF-8 text"),
        ("[campain]", "unknown setting campain; did you mean campaign?"),
        ("colour = 5", "unknown setting colour"),
        ("_env_file = 'x'", "unknown setting _env_file"),
        (
            "[campaign]\nevent_nam = 1",
            "unknown setting campaign.event_nam; did you mean event_name?",
        ),
        (
            "[outreach.rate_limiting]\ndaily_limt = 1",
            "outreach.rate_limiting.daily_limt; did you mean daily_limit?",
        ),
        (
            "[outreach]\ndaily_limit = 1",
            "outreach.daily_limit; did you mean outreach.rate_limiting.daily_limit?",
        ),
        ("campaign = 5", "campaign is a table of settings"),
        ('campaign = "x"', "campaign is a table of settings"),
        ("campaign = []", "campaign is a table of settings"),
        ("[[campaign]]\nevent_name = 'x'", "campaign is a table of settings"),
        ("[outreach]\nuncertain = false", "outreach.uncertain is a table of settings"),
        ("[campaign.event_name]\nx = 1", "campaign.event_name: "),
        ("[outreach.rate_limiting]\ndaily_limit = 'many'", "rate_limiting.daily_limit: "),
        ("[outreach.rate_limiting]\ndaily_limit = 4.5", "rate_limiting.daily_limit: "),
        ("[outreach.rate_limiting]\ndaily_limit = true", "daily_limit: write a number"),
        ("[outreach.rate_limiting]\ndaily_limit = -1", "rate_limiting.daily_limit: "),
        ("[sales_manager]\nmonitor_interval_minutes = inf", "monitor_interval_minutes: "),
        ("[sales_manager]\nmonitor_interval_minutes = nan", "monitor_interval_minutes: "),
        ("[sales_manager]\nmonitor_interval_minutes = 1e300", "monitor_interval_minutes: "),
        ("[sales_manager]\nmonitor_interval_minutes = 0", "monitor_interval_minutes: "),
        ("[sales_manager]\nreport_recipients = 'me@x.org'", "report_recipients: write a list"),
        ("[sales_manager]\nallocation_strategy = 'best'", "allocation_strategy: "),
        ("[linkedin]\nlive = 'perhaps'", "linkedin.live: "),
        ("[linkedin]\nservice = 'linkedin'", "linkedin.service: "),
        ("[email]\nport = 70000", "email.port: "),
        ("[campaign]\nevent_date = 20270520", "event_date: write a date like 2027-05-20"),
        ("[campaign]\nevent_date = 'soon'", "campaign.event_date: "),
        ("[campaign]\nevent_name = ''", "campaign.event_name: "),
        (
            "[campaign]\ntimezone = 'Europe/Berln'",
            "campaign.timezone: 'Europe/Berln' is no time zone; did you mean Europe/Berlin?",
        ),
        ("[campaign]\ntimezone = 'Europe'", "campaign.timezone: "),
        ("[campaign]\ntimezone = ''", "campaign.timezone: "),
        ("[campaign]\ntimezone = '../../etc/passwd'", "campaign.timezone: "),
        ("[lead_finder]\nsearch_time = '25:00'", "lead_finder.search_time: "),
        ("[lead_finder]\nsearch_time = '24:01'", "lead_finder.search_time: "),
        ("[lead_finder]\nsearch_time = '9'", "lead_finder.search_time: "),
        ("[lead_finder]\nsearch_time = '9:5'", "lead_finder.search_time: "),
        ("[lead_finder]\nsearch_time = 9", "lead_finder.search_time: "),
        ("[lead_finder]\nsearch_time = 09:00:30", "lead_finder.search_time: "),
        (
            "[outreach.rate_limiting]\nworking_hours_start = '24:00'",
            'working_hours_start cannot be "24:00"',
        ),
        (
            "[outreach.rate_limiting]\nworking_hours_start = '18:00'",
            "working_hours_end is not after working_hours_start",
        ),
        (
            "[outreach.rate_limiting]\nworking_hours_end = '09:00'",
            "working_hours_end is not after working_hours_start",
        ),
        (
            "[outreach.rate_limiting]\nmin_interval_minutes = 20",
            "min_interval_minutes is larger than max_interval_minutes",
        ),
        ("[outreach.rate_limiting]\nworking_days = ['monday']", "working_days.0: "),
        ("[outreach.rate_limiting]\ndaily_limt = 3\n", "did you mean daily_limit?"),
        ("[outreach]\ndaily_limit = 3\n", "did you mean outreach.rate_limiting.daily_limit?"),
        ("[linkdin]\nlive = true\n", "did you mean linkedin?"),
        ("[outreach.rate_limiting]\ndaily_limit = 'many'\n", "daily_limit"),
        ("[linkedin]\nlive = 'perhaps'\n", "linkedin.live"),
        ("[outreach.rate_limiting]\nworking_hours_end = '25:00'\n", "working_hours_end"),
        ("[campaign]\ntimezone = 'Europe/Berlinn'\n", "did you mean Europe/Berlin?"),
        ("[outreach.rate_limiting]\nmin_interval_minutes = 20\n", "min_interval_minutes"),
        ("[lead_finder]\nquality_threshold = 11\n", "quality_threshold"),
        ("outreach = 5\n", "[outreach]"),
        ("[outreach\n", "line 1"),
        (f"[linkedin]\napi_key = '{SECRET}'", "INGAGENTS_LINKEDIN__API_KEY"),
        (f"[email]\npassword = '{SECRET}'", "email.password is a secret"),
        (f"[email]\npassword = ['{SECRET}']", "email.password is a secret"),
    ],
)
def test_every_mistake_in_the_file_is_one_line_with_the_name_of_the_setting(
    text: str | bytes, words: str
) -> None:
    write(text)
    line = mistake()
    assert words in line
    assert "settings.toml" in line


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[campaign]\nevent_date = "86400"', "campaign.event_date: write a date like 2027-05-20"),
        ("[campaign]\nevent_date = 0001-01-05", "it must be greater than or equal to 2000-01-01"),
        ("[campaign]\nevent_date = 2027-05-20T10:00:00", "write a date like 2027-05-20"),
        ('[outreach.rate_limiting]\nholidays = ["0"]', "holidays: write a date like 2027-05-20"),
        ("[outreach.rate_limiting]\nholidays = 2027-01-01", "write a list of dates"),
        ("[outreach.sequence]\nfollow_ups = [true]", "follow_ups: write a number"),
        ("[outreach.sequence]\nmessage_delay_hours = 5", "hours, such as [2, 26]"),
        (
            '[[linkedin.accounts]]\naccount_id = "a"\ndaily_limit = true',
            "accounts.0.daily_limit: write a number, not true or false",
        ),
        (
            '[[linkedin.accounts]]\naccount_id = "a"\nworking_hours_start = "9"',
            'accounts.0.working_hours_start: write a time of day as "HH:MM"',
        ),
        ('[linkedin]\naccounts = ["a"]', "accounts.0: write each as [[linkedin.accounts]]"),
        ('[campaign]\naudience = ["x"]', "campaign.audience: write one line of at most 160"),
        ('[campaign]\ntopics = { xx = ["y"] }', "campaign.topics: write a list of up to 30"),
        ('[campaign]\nevent_url = "ing.example"', "event_url: write an address that begins with"),
        ('[campaign]\nevent_name = " "', "campaign.event_name: write at least one letter"),
        ('[campaign]\nevent_name = "In\\nG"', "campaign.event_name: write it on one line"),
        ('[campaign]\nsender_name = "Kim\\u0000"', "campaign.sender_name: write it on one line"),
        ('[sales_manager]\nreport_recipients = [" "]', "report_recipients: write each as a mail"),
        ('[sheets]\nworksheet = " "', "sheets.worksheet: write at least one letter"),
        ("x = " + "[" * 5000, "settings.toml is not valid TOML"),
    ],
)
def test_a_mistake_is_told_once_in_words_that_say_what_to_write(text: str, said: str) -> None:
    write(text)
    line = mistake()
    assert said in line
    assert " | " not in line
    for word in ("constrained", "literal[", "Input", "pattern", "tuple", "dictionary"):
        assert word not in line


def test_a_signature_of_blanks_is_none() -> None:
    write('[campaign]\nsender_name = "  "')
    assert load_settings().campaign.sender_name == ""


def test_every_setting_can_be_given_by_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    usual, tried = load_settings(), 0
    for path, _ in fields_of(Settings):
        value = value_at(usual, path)
        if isinstance(value, BaseModel | SecretStr):
            continue
        text = value if isinstance(value, str) else json.dumps(value, default=str)
        with monkeypatch.context() as patch:
            patch.setenv(f"INGAGENTS_{'__'.join(path).upper()}", text.strip('"'))
            assert value_at(load_settings(), path) == value, path
        tried += 1
    assert tried > 100


def test_several_mistakes_are_told_together() -> None:
    write("[email]\nport = 'x'\nhots = 'x'")
    line = mistake()
    assert "email.port: " in line
    assert "email.hots; did you mean host?" in line


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("INGAGENTS_LINKEDIN__API_KYE", SECRET, "did you mean INGAGENTS_LINKEDIN__API_KEY?"),
        (
            "INGAGENTS_OUTREACH__DAILY_LIMIT",
            "5",
            "did you mean INGAGENTS_OUTREACH__RATE_LIMITING__DAILY_LIMIT?",
        ),
        ("INGAGENTS_LIVE", "true", "did you mean INGAGENTS_LINKEDIN__LIVE?"),
        ("ingagents_colour", "5", "unknown variable ingagents_colour"),
        ("INGAGENTS_", "5", "unknown variable INGAGENTS_"),
        ("INGAGENTS_CAMPAIGN", SECRET, "INGAGENTS_CAMPAIGN is not written as JSON"),
        ("INGAGENTS_CAMPAIGN", "null", "INGAGENTS_CAMPAIGN is not written as JSON"),
        ("INGAGENTS_CAMPAIGN", "[1]", "INGAGENTS_CAMPAIGN is not written as JSON"),
        ("INGAGENTS_CAMPAIGN", '{"event_nam": 1}', "campaign.event_nam; did you mean event_name?"),
        ("INGAGENTS_SALES_MANAGER__REPORT_RECIPIENTS", "a@b.c", "is not written as JSON"),
        ("INGAGENTS_SALES_MANAGER__REPORT_RECIPIENTS", '{"a": 1}', "is not written as JSON"),
        ("INGAGENTS_SALES_MANAGER__REPORT_RECIPIENTS", "[" * 100_000, "is not written as JSON"),
        ("INGAGENTS_EMAIL__PORT", SECRET, "INGAGENTS_EMAIL__PORT: email.port: "),
        ("INGAGENTS_LINKEDIN__LIVE", SECRET, "linkedin.live: "),
        ("INGAGENTS_LINKEDIN", f'{{"api_key": ["{SECRET}"]}}', "linkedin.api_key: "),
        ("INGAGENTS_CAMPAIGN__TIMEZONE", "Mars/Base", "campaign.timezone: "),
        ("INGAGENTS_SETTINGS", "nowhere.toml", "there is no settings file nowhere.toml"),
        ("INGAGENTS_SETTINGS", ".", "there is no settings file"),
    ],
)
def test_every_mistake_in_the_environment_is_one_line_that_names_it(
    name: str, value: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    assert words in mistake()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("INGAGENTS_COLOUR=5", "unknown variable INGAGENTS_COLOUR"),
        (f"# mine\nINGAGENTS_LINKEDIN__API_KEY: {SECRET}", ".env line 2 is no setting"),
        (f"INGAGENTS_LINKEDIN__API_KEY='{SECRET}", ".env line 1 is no setting"),
        ("INGAGENTS_EMAIL__PORT", ".env line 1 is no setting"),
        ("INGAGENTS_SETTINGS=other.toml", "INGAGENTS_SETTINGS in .env comes too late"),
        (b"INGAGENTS_EMAIL__HOST=\xff", ".env is not UTF-8 text"),
    ],
)
def test_every_mistake_in_dotenv_is_one_line(text: str | bytes, words: str) -> None:
    write(text, ".env")
    assert words in mistake()


def test_dotenv_may_hold_other_programs_variables_comments_and_a_byte_order_mark() -> None:
    write(
        b"\xef\xbb\xbfINGAGENTS_EMAIL__HOST=a # b\nexport PATH_OF_MINE='x y'\n\n# c\nEMPTY=\n",
        ".env",
    )
    assert load_settings().email.host == "a"


def test_a_dotenv_beside_the_named_file_is_read() -> None:
    Path("other").mkdir()
    write("", "other/settings.toml")
    write("INGAGENTS_EMAIL__HOST=beside", "other/.env")
    assert load_settings("other/settings.toml").email.host == "beside"
    assert load_settings().email.host == ""


def test_a_missing_named_file_is_told_with_what_to_do() -> None:
    assert "there is no settings file no.toml; give its right path" in mistake(named="no.toml")


def test_a_file_that_may_not_be_read_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    write("")

    def refuse(*_: object) -> str:  # root, whom containers run as, may read every real file
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_text", refuse)
    assert "settings.toml cannot be read: [Errno 13] Permission denied" in mistake()


def test_overrides_are_checked_like_any_other_source() -> None:
    assert "sandbox.size: " in mistake(sandbox={"size": -1})
    assert "unknown setting sandbox.sise; did you mean size?" in mistake(sandbox={"sise": 1})


def test_tomls_own_dates_and_times_are_taken() -> None:
    write(
        "[campaign]\nevent_date = 2027-09-01\n[lead_finder]\nsearch_time = 08:30:00\n"
        "[outreach.rate_limiting]\nworking_hours_start = 07:15:00\nworking_hours_end = '24:00'"
    )
    settings = load_settings()
    assert settings.campaign.event_date == date(2027, 9, 1)
    assert settings.lead_finder.search_time == "08:30"
    hours = settings.outreach.rate_limiting.to_hours("Europe/Berlin")
    assert (hours.start, hours.end) == (time(7, 15), None)
    assert hours.days == frozenset({1, 2, 3, 4, 5})


def test_a_byte_order_mark_and_windows_lines_are_no_mistake() -> None:
    write(b'\xef\xbb\xbf[campaign]\r\nevent_name = "Gr\xc3\xbc\xc3\x9fe"\r\n')
    assert load_settings().campaign.event_name == "Grüße"


@pytest.mark.parametrize(
    ("text", "expected"),
    [("9:05", time(9, 5)), (" 09:05 ", time(9, 5)), ("00:00", time(0)), ("24:00", time(0))],
)
def test_times_of_day_may_be_written_short(text: str, expected: time) -> None:
    settings = load_settings(lead_finder={"search_time": text})
    assert as_time(settings.lead_finder.search_time) == expected


def test_intervals_may_be_fractional_and_always_make_a_duration() -> None:
    settings = load_settings(outreach={"process_interval_minutes": 0.5})
    assert timedelta(minutes=settings.outreach.process_interval_minutes) == timedelta(seconds=30)


def test_limits_and_gaps_of_zero_are_allowed() -> None:
    zero = dict.fromkeys(
        ("daily_limit", "weekly_limit", "min_interval_minutes", "max_interval_minutes"), 0
    )
    limits = load_settings(outreach={"rate_limiting": zero}).outreach.rate_limiting
    assert limits.model_dump(include=set(zero)) == zero


def test_a_secret_never_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INGAGENTS_LINKEDIN__API_KEY", SECRET)
    monkeypatch.setenv("INGAGENTS_EMAIL__PASSWORD", SECRET)
    monkeypatch.setenv("INGAGENTS_DATABASE__URL", f"postgresql://me:{SECRET}@host/db")
    settings = load_settings()
    assert settings.linkedin.api_key.get_secret_value() == SECRET
    for shown in (repr(settings), str(settings), f"{settings.linkedin} {settings.email}"):
        assert SECRET not in shown
    assert SECRET not in repr(settings.database)


def test_a_secret_may_come_from_a_file_beside_the_settings() -> None:
    Path("other").mkdir()
    write("[linkedin]\napi_key_file = 'key.txt'", "other/settings.toml")
    write(f"{SECRET}\n", "other/key.txt")
    settings = load_settings("other/settings.toml")
    linkedin = settings.linkedin
    assert settings.secret(linkedin.api_key, linkedin.api_key_file) == SECRET


def test_a_secret_file_that_cannot_be_read_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load_settings(linkedin={"api_key_file": "no-such-file"})
    with pytest.raises(SettingsError, match="no-such-file cannot be read"):
        settings.secret(settings.linkedin.api_key, settings.linkedin.api_key_file)
    monkeypatch.setenv("INGAGENTS_LINKEDIN__API_KEY", SECRET)
    linkedin = load_settings(linkedin={"api_key_file": "no-such-file"}).linkedin
    assert settings.secret(linkedin.api_key, linkedin.api_key_file) == SECRET


def test_relative_paths_are_meant_from_the_settings_file(folder: Path) -> None:
    Path("other").mkdir()
    write("", "other/settings.toml")
    assert load_settings("other/settings.toml").path("a.db") == Path("other/a.db")
    assert load_settings().path(str(folder / "a.db")) == folder / "a.db"


def test_settings_do_not_change_afterwards() -> None:
    settings = load_settings()
    with pytest.raises(ValueError, match="frozen"):
        setattr(settings.campaign, "event_name", "Other")  # noqa: B010  the type forbids it, too


def test_the_core_gets_its_own_nouns() -> None:
    settings = load_settings()
    assert settings.campaign.to_campaign() == Campaign(
        event_name="InG Summit",
        event_date=date(2027, 5, 20),
        event_city="Berlin",
        stop_date=date(2027, 5, 6),
    )
    assert settings.lead_finder.search_criteria.to_criteria() == SearchCriteria(
        industries=("Technology", "Software"),
        positions=("CTO", "Founder", "VP Engineering"),
        company_size="51-200",
    )


@pytest.mark.parametrize(
    ("written", "audience", "topics"),
    [
        ('audience = "CTOs"\ntopics = ["AI"]', {"": "CTOs"}, {"": ("AI",)}),
        (
            'audience = { en = "CTOs", de = "Leitende" }\ntopics = { fr = ["IA"] }',
            {"en": "CTOs", "de": "Leitende"},
            {"fr": ("IA",)},
        ),
        ('audience = ""\ntopics = []', {}, {}),
    ],
)
def test_who_comes_and_the_topics_are_one_line_and_list_or_one_for_each_language(
    written: str, audience: Any, topics: Any
) -> None:
    write(f"[campaign]\n{written}\n")
    campaign = load_settings().campaign.to_campaign()
    assert campaign.audience == audience
    assert campaign.topics == topics


def test_who_comes_and_the_topics_can_stand_in_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("INGAGENTS_CAMPAIGN__AUDIENCE", "CTOs, founders")
    monkeypatch.setenv("INGAGENTS_CAMPAIGN__TOPICS", '["AI", "security"]')
    campaign = load_settings().campaign.to_campaign()
    assert campaign.audience == {"": "CTOs, founders"}
    assert campaign.topics == {"": ("AI", "security")}


@pytest.mark.parametrize(
    "written",
    [
        'audience = { it = "CTO" }',
        'audience = "two\\nlines"',
        f'audience = "{"x" * 161}"',
        "topics = [1]",
        'event_url = "ing.example"',
        'event_url = "javascript:alert(1)"',
    ],
)
def test_a_campaign_that_no_text_could_state_is_refused(written: str) -> None:
    write(f"[campaign]\n{written}\n")
    with pytest.raises(SettingsError, match="campaign"):
        load_settings()


def test_a_dotenv_in_the_working_folder_counts_and_the_one_beside_the_file_wins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign = tmp_path / "campaign"
    campaign.mkdir()
    (campaign / "settings.toml").write_text("", "utf-8")
    (campaign / ".env").write_text("INGAGENTS_LINKEDIN__API_KEY=beside-the-file\n", "utf-8")
    (tmp_path / ".env").write_text(
        "INGAGENTS_LINKEDIN__API_KEY=here\nINGAGENTS_EMAIL__PASSWORD=here\n", "utf-8"
    )
    monkeypatch.chdir(tmp_path)
    settings = load_settings("campaign/settings.toml")
    assert settings.linkedin.api_key.get_secret_value() == "beside-the-file"
    assert settings.email.password.get_secret_value() == "here"


def test_a_settings_file_that_is_no_file_is_not_taken_for_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "settings.toml").mkdir()
    with pytest.raises(SettingsError, match="is no file"):
        load_settings()


class _Policy(msgspec.Struct, frozen=True, kw_only=True):
    """A policy as the core has them: no word of settings in it."""

    search_below: int
    take_back_after: timedelta
    timezone: str = "UTC"
    nowhere: int = 7


def test_a_policy_is_filled_by_the_names_of_its_fields() -> None:
    tables = Settings()
    made = policy_of(_Policy, tables.sales_manager, tables.campaign)
    assert made == _Policy(
        search_below=50, take_back_after=timedelta(hours=72), timezone="Europe/Berlin"
    )


def test_what_is_given_to_a_policy_wins_over_the_settings() -> None:
    made = policy_of(_Policy, Settings().sales_manager, search_below=1, take_back_after=timedelta())
    assert (made.search_below, made.take_back_after) == (1, timedelta())


def test_a_policy_that_the_settings_do_not_fill_is_refused() -> None:
    with pytest.raises(TypeError, match="search_below"):
        policy_of(_Policy, Settings().campaign)


def test_the_example_settings_and_what_init_writes_are_one_file() -> None:
    root = Path(ingagents.__file__).parents[1]
    assert (root / "settings.toml").read_bytes() == (
        root / "ingagents" / "templates" / "settings.toml"
    ).read_bytes()
    assert (root / "settings.toml").is_symlink()
