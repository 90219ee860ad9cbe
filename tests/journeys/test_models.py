"""Language models at the front door: a served sandbox, doctor, status."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from tests.front_door import ingagents, served_sandbox, succeeds, write_settings

BASE = {"openai": "openai/v1", "anthropic": "anthropic"}


@pytest.mark.parametrize("provider", BASE)
def test_the_sandbox_serves_models_that_doctor_finds(tmp_path: Path, provider: str) -> None:
    with served_sandbox(tmp_path) as sandbox:
        (tmp_path / ".env").write_text(f"INGAGENTS_LLM__API_KEY={sandbox.key}\n", "utf-8")
        write_settings(
            tmp_path,
            f'[llm]\nprovider = "{provider}"\nbase_url = "{sandbox.url}/{BASE[provider]}"\n',
        )
        checks = succeeds(tmp_path, "doctor", "--json").json()["checks"]
        (found,) = [one for one in checks if one["check"] == "llm"]
        assert found["ok"], found
        plan = {"rules": [{"kind": "401", "probability": 1}]}
        orders = f"{sandbox.url}/sandbox/models/faults"
        assert httpx.post(orders, json=plan).status_code == 401
        assert httpx.post(orders, json=plan, headers={"X-API-KEY": sandbox.key}).is_success
        said = succeeds(tmp_path, "status").out
    assert f"provider {provider}" in said
    assert "of 5 USD, 2 calls" in said, "doctor's small questions are paid for like all others"


def test_with_a_provider_and_no_key_doctor_names_the_variable(tmp_path: Path) -> None:
    write_settings(tmp_path, '[llm]\nprovider = "anthropic"\n')
    ended = ingagents(tmp_path, "doctor")
    assert ended.code == 1
    assert "NOT OK llm: there is no API key" in ended.out
    assert "ANTHROPIC_API_KEY" in ended.out
