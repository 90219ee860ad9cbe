"""The texts of the department: message templates and prompts, the user's own or the built-in."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib import resources
from pathlib import Path

from ingagents.core.llm.prompts import Prompt, file_of, parse_prompt
from ingagents.core.message_generator import BUILT_IN, RETURNING, STEP_FILES, Templates
from ingagents.core.messages.reader_language import LANGUAGES, Language
from ingagents.core.messages.templates import MessageTemplate, parse_templates
from ingagents.errors import SettingsError
from ingagents.model import Classification, ModelTask
from ingagents.settings import Settings


def load_templates(settings: Settings) -> Templates:
    """The message templates by kind and reader's language.

    The user's own file for a kind serves readers of every language it has no folder for (`de`,
    `fr`, `es`); for a kind without one the built-in words are used.

    Raises:
        SettingsError: the folder is not there, or a file in it cannot be used.
    """
    return _templates(settings, "")


def load_step_templates(settings: Settings) -> dict[str, Templates]:
    """The templates of the later steps and of who returns, by what is behind the kind in their names.

    Raises:
        SettingsError: the folder is not there, or a file in it cannot be used.
    """
    steps = {name: _templates(settings, name) for name in STEP_FILES}
    return {**steps, RETURNING: _templates(settings, RETURNING, of=_HAD_A_PART)}


_HAD_A_PART = (Classification.SPEAKER, Classification.SPONSOR)


def _templates(
    settings: Settings, step: str, *, of: Sequence[Classification] = tuple(Classification)
) -> Templates:
    folder = _own_folder(settings, "outreach.templates", settings.outreach.templates)
    found: dict[Classification, dict[Language, MessageTemplate]] = {}
    for classification in of:
        plain = BUILT_IN[classification]
        name = f"{plain.removesuffix('.txt')}_{step}.txt" if step else plain
        own_for_all = folder is not None and (folder / name).is_file()
        for language in LANGUAGES:
            file = name if language == "en" else f"{language}/{name}"
            if folder is not None and own_for_all and not (folder / file).is_file():
                continue
            text, _ = _own_or_built_in(folder, f"messages/{file}")
            found.setdefault(classification, {})[language] = parse_templates(file, text)
    return found


def load_prompts(settings: Settings) -> dict[ModelTask, Prompt]:
    """The prompts by task: the user's own where their folder has one, else the built-in.

    Raises:
        SettingsError: the folder is not there, or a file in it cannot be used.
    """
    folder = _own_folder(settings, "llm.prompts", settings.llm.prompts)
    found = {}
    for task in ModelTask:
        text, own = _own_or_built_in(folder, f"prompts/{file_of(task)}")
        found[task] = parse_prompt(task, text, own=own)
    return found


def _own_folder(settings: Settings, setting: str, value: str) -> Path | None:
    folder = settings.path(value) if value else None
    if folder is not None and not folder.is_dir():
        raise SettingsError(
            f"{setting} names {folder}, which is no folder", "make it or correct the path"
        )
    return folder


def _own_or_built_in(folder: Path | None, place: str) -> tuple[str, bool]:
    """The text of a file, and whether it is the user's own."""
    own = folder / place.partition("/")[2] if folder is not None else None
    if own is None or not own.is_file():
        return _built_in(place), False
    try:
        return own.read_text("utf-8"), True
    except (OSError, UnicodeDecodeError) as exc:
        raise SettingsError(f"the file {own} cannot be read: {exc}", "mend it") from exc


@cache
def _built_in(place: str) -> str:
    return (resources.files("ingagents") / "templates" / place).read_text("utf-8")
