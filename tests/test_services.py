"""What the settings choose: files of the user's own beside the built-in ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingagents.errors import SettingsError
from ingagents.model import ModelTask
from ingagents.services import load_prompts
from ingagents.settings import load_settings


def test_prompts_are_the_built_in_ones_unless_the_users_folder_has_its_own(tmp_path: Path):
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "reply.txt").write_text(
        "# prompt: reply\n# version: mine-1\n[system]\nBe kind.\n[user]\n{data}\n", "utf-8"
    )
    file = tmp_path / "settings.toml"
    file.write_text('[llm]\nprompts = "mine"\n', "utf-8")
    found = load_prompts(load_settings(file))
    assert set(found) == set(ModelTask)
    assert found[ModelTask.REPLY].version.startswith("reply/mine-1+")
    assert found[ModelTask.CLASSIFY].version == "classify/1"


@pytest.mark.parametrize(
    ("content", "why"),
    [(b"\xff\xfe", "cannot be read"), (b"# version: 1\n", "does not say what it is for")],
)
def test_a_prompt_file_that_cannot_be_used_is_a_settings_error(
    tmp_path: Path, content: bytes, why: str
):
    (tmp_path / "reply.txt").write_bytes(content)
    file = tmp_path / "settings.toml"
    file.write_text('[llm]\nprompts = "."\n', "utf-8")
    with pytest.raises(SettingsError, match=why):
        load_prompts(load_settings(file))
