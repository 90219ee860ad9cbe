"""What the settings choose: files of the user's own beside the built-in ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingagents.app.rules.texts import load_prompts, load_templates
from ingagents.errors import SettingsError
from ingagents.model import Classification, ModelTask
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


def versions(tmp_path: Path, **own: str) -> dict[str, str]:
    """The versions of a Speaker's templates by language, with files of the user's own."""
    for name, version in own.items():
        file = tmp_path / "mine" / f"{name.replace('_', '/')}.txt"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"# version: {version}\nHello, come to {{event_name}}, please.\n", "utf-8")
    (tmp_path / "mine").mkdir(exist_ok=True)
    (tmp_path / "settings.toml").write_text('[outreach]\ntemplates = "mine"\n', "utf-8")
    found = load_templates(load_settings(tmp_path / "settings.toml"))[Classification.SPEAKER]
    return {str(language): template.version for language, template in found.items()}


def test_readers_of_each_language_get_the_built_in_words_in_it(tmp_path: Path):
    found = versions(tmp_path)
    assert list(found) == ["en", "de", "fr", "es"]
    assert found["de"].startswith("speaker-de-")


def test_the_user_s_own_words_for_a_kind_are_for_all_readers_but_those_with_a_folder(
    tmp_path: Path,
):
    assert versions(tmp_path, speaker="mine-1") == {"en": "mine-1"}
    assert versions(tmp_path, de_speaker="mine-de-1") == {"en": "mine-1", "de": "mine-de-1"}


def test_own_words_in_one_language_leave_the_built_in_ones_to_the_others(tmp_path: Path):
    found = versions(tmp_path, fr_speaker="mine-fr-1")
    assert found["fr"] == "mine-fr-1"
    assert found["en"].startswith("speaker-")
