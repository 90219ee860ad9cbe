"""`doctor` looks at every account by the service that will be opened for it, and names the account."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ingagents.app.doctor import examine
from ingagents.app.rules.send_rules import campaign_gate
from ingagents.settings import Settings

HEYREACH = {"account_id": "42", "service": "heyreach", "campaign_id": "7", "api_key_file": "key"}
UNIPILE = {
    "account_id": "seat-1",
    "service": "unipile",
    "base_url": "http://127.0.0.1:1",
    "api_key_file": "key",
}
HAND = {"account_id": "kim", "service": "manual"}


@pytest.fixture(autouse=True)
def _at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("key").write_text("a-key", "utf-8")
    Path("key").chmod(0o600)


@pytest.fixture
def _read_by_all(_at_home: None) -> None:
    Path("key").chmod(0o644)


def settings(*accounts: dict[str, Any], **linkedin: Any) -> Settings:
    return Settings(
        database={"url": "sqlite:///ingagents.db"},
        linkedin={"live": True, "retries": 0, "accounts": list(accounts), **linkedin},
    )


async def told(name: str, of: Settings) -> tuple[bool, str]:
    """Whether a check is ok, and all that it says."""
    (found,) = [one for one in await examine(of) if one["check"] == name]
    return found["ok"], f"{found['says']} | {found['fix']}"


KEYLESS = "api_key_file in the account's own block [[linkedin.accounts]]"


@pytest.mark.parametrize(
    ("accounts", "said"),
    [
        ([{**HEYREACH, "api_key_file": ""}, UNIPILE, HAND], ("account 42 (heyreach)", KEYLESS)),
        ([{**UNIPILE, "api_key_file": ""}, HAND], ("account seat-1 (unipile)", KEYLESS)),
        ([HAND, {**UNIPILE, "api_key_file": "none"}], ("account seat-1 (unipile)", "file none")),
        ([HAND, {**UNIPILE, "base_url": ""}], ("account seat-1", "linkedin.accounts.base_url")),
        (
            [HAND, {**HEYREACH, "campaign_id": ""}],
            ("account 42 (heyreach)", "linkedin.accounts.campaign_id"),
        ),
        ([HAND, UNIPILE], ("account seat-1", "")),
    ],
)
async def test_an_account_that_cannot_work_is_named_with_its_own_setting(accounts, said):
    ok, line = await told("linkedin", settings(*accounts))
    assert not ok
    assert all(one in line for one in said), line
    assert "INGAGENTS_LINKEDIN__API_KEY" not in line


async def test_the_key_of_all_is_asked_for_where_the_service_is_that_of_all():
    alone = {**UNIPILE, "api_key_file": ""}
    ok, line = await told("linkedin", settings(alone, HAND, service="unipile"))
    assert not ok
    assert "INGAGENTS_LINKEDIN__API_KEY or linkedin.api_key_file" in line


@pytest.mark.parametrize(
    ("accounts", "linkedin", "simulated"),
    [
        ([], {}, True),
        ([{"account_id": "seat-1"}, HAND], {}, True),
        ([{"account_id": "seat-1", "service": "sandbox"}], {"service": "unipile"}, True),
        ([HEYREACH, UNIPILE], {}, False),
        ([HAND], {}, False),
    ],
)
def test_the_market_answers_where_an_account_is_in_it_whatever_stands_for_all(
    accounts, linkedin, simulated
):
    of = settings(*accounts, **linkedin)
    assert (of.linkedin.simulated, of.linkedin.in_process) == (simulated, simulated)
    assert (campaign_gate(of).event_date is None) is simulated


@pytest.mark.parametrize(("days", "fix"), [([], "name days"), (["mon"], "")])
async def test_a_week_without_a_working_day_is_told(days, fix):
    of = Settings(outreach={"rate_limiting": {"working_days": days}})
    ok, line = await told("settings", of)
    assert ok
    assert line.partition(" | ")[2].startswith(fix)
    assert ("nobody is ever written to" in line) is bool(fix)


@pytest.mark.usefixtures("_read_by_all")
async def test_a_key_of_one_account_that_others_may_read_is_told():
    ok, line = await told("secrets", settings(UNIPILE))
    assert ok
    assert "key can be read by others" in line
