"""Every setting with its default; read from `settings.toml`, `.env` and the environment.

Environment (`INGAGENTS_LINKEDIN__API_KEY`) wins over `.env`, which wins over the file. Secrets
never come from the file: they stand in the environment, in `.env`, or in a file that a `*_file`
setting names; a model vendor's own variable (`OPENAI_API_KEY`) serves where ours is empty. Whatever
is misspelt is refused with the nearest right name.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from ingagents.display import Shown, Told
from ingagents.errors import SettingsError
from ingagents.masking import keep_secret
from ingagents.settings.linkedin import LinkedInSection
from ingagents.settings.llm import LlmSection
from ingagents.settings.machines import TracesSection, WebSection
from ingagents.settings.outreach import OutreachSection
from ingagents.settings.programme import ProgrammeSection, named_apart
from ingagents.settings.reading import (
    ENV_PREFIX,
    SELECTOR,
    check_file,
    explain,
    fields_of,
    from_variables,
    keep_secrets,
    merged,
    read_dotenv,
    read_toml,
    value_at,
    with_vendor_keys,
)
from ingagents.settings.sections import (
    CampaignSection,
    DatabaseSection,
    EmailSection,
    LeadFinderSection,
    NotifySection,
    SalesManagerSection,
    SandboxSection,
    SheetsSection,
    WeightsSection,
    as_time,
    changed_settings,
)

__all__ = [
    "ENV_PREFIX",
    "FILE_NAME",
    "Settings",
    "WeightsSection",
    "as_time",
    "find_settings_file",
    "load_settings",
]

FILE_NAME = "settings.toml"
Programme = Annotated[
    tuple[ProgrammeSection, ...], Field(max_length=100), AfterValidator(named_apart)
]
DOTENV = ".env"


class Settings(Shown, BaseSettings):
    """All settings. Build it with `load_settings`, which turns every mistake into one line."""

    model_config = SettingsConfigDict(
        env_prefix=ENV_PREFIX,
        env_nested_delimiter="__",
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
    )

    campaign: CampaignSection = CampaignSection()
    database: DatabaseSection = DatabaseSection()
    llm: LlmSection = LlmSection()
    linkedin: LinkedInSection = LinkedInSection()
    sheets: SheetsSection = SheetsSection()
    email: EmailSection = EmailSection()
    notify: NotifySection = NotifySection()
    sales_manager: SalesManagerSection = SalesManagerSection()
    programme: Programme = ()
    lead_finder: LeadFinderSection = LeadFinderSection()
    outreach: OutreachSection = OutreachSection()
    web: WebSection = WebSection()
    traces: TracesSection = TracesSection()
    sandbox: SandboxSection = SandboxSection()

    _file: Path | None = None
    _folder: Path = Path()

    def _told(self) -> Told:
        rows = list(changed_settings(self))
        changed = ", ".join(f"{name} {value}" for name, value in rows) or "everything as shipped"
        return Told(f"{self._file or 'no file'}: {changed}", rows)

    @property
    def file(self) -> Path | None:
        """The settings file that was read, if any."""
        return self._file

    def path(self, name: str) -> Path:
        """A path from the settings; relative ones are meant from the settings file's folder."""
        return self._folder / Path(name).expanduser()

    def secret(self, value: SecretStr, file_name: str) -> str:
        """A secret from its setting, or from the file that the `*_file` setting names."""
        if value.get_secret_value() or not file_name:
            return value.get_secret_value()
        try:
            found = self.path(file_name).read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError) as exc:
            raise SettingsError(
                f"the secret file {file_name} cannot be read ({exc})", "give its right path"
            ) from exc
        keep_secret(found)
        return found

    def secret_files(self) -> list[Path]:
        """The files that secrets are read from, there or not."""
        paths = [path for path, _ in fields_of(type(self)) if path[-1].endswith("_file")]
        of_accounts = (one.api_key_file for one in self.linkedin.accounts)
        named = filter(None, (*(str(value_at(self, path)) for path in paths), *of_accounts))
        every = [Path(DOTENV), self.path(DOTENV), *map(self.path, named)]
        return list({file.resolve(): file for file in every}.values())

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only the two sources that `load_settings` prepares."""
        del env_settings, dotenv_settings, file_secret_settings, settings_cls
        return (init_settings,)


def find_settings_file(named: str | os.PathLike[str] | None = None) -> Path | None:
    """The settings file to read: the named one, `INGAGENTS_SETTINGS`, or `./settings.toml`.

    Raises:
        SettingsError: a file was named and is not there.
    """
    chosen = named or _process_environment().get(SELECTOR)
    if chosen:
        path = Path(chosen)
        if not path.is_file():
            raise SettingsError(
                f"there is no settings file {path}", "give its right path or run `ingagents init`"
            )
        return path
    path = Path(FILE_NAME)
    if path.is_file():
        return path
    if path.exists() or path.is_symlink():
        raise SettingsError(f"{path} is there and is no file", "mend or remove it")
    return None


def load_settings(
    named: str | os.PathLike[str] | None = None, **overrides: dict[str, Any]
) -> Settings:
    """Read, merge and check all sources.

    Raises:
        SettingsError: whatever is wrong, as one line with the name of the setting.
    """
    file = find_settings_file(named)
    folder = file.parent if file else Path()
    from_file = read_toml(file) if file else {}
    if file:
        check_file(from_file, file, Settings)
    environment = _process_environment()
    # Cron knows the file, a person stands in the folder: both places count, the file's wins.
    dotenv = {**read_dotenv(Path(DOTENV)), **read_dotenv(folder / DOTENV)}
    if SELECTOR in dotenv and SELECTOR not in environment:
        raise SettingsError(
            f"{SELECTOR} in {folder / DOTENV} comes too late to name the settings file",
            "put it in the environment or use --settings FILE",
        )
    values: dict[str, Any] = from_file
    for variables in (dotenv, environment):
        values = merged(values, from_variables(variables, Settings))
    values = with_vendor_keys(values, {**dotenv, **environment})
    keep_secrets(merged(values, overrides), {**dotenv, **environment}, Settings)
    try:
        settings = Settings(**merged(values, overrides))
    except ValidationError as exc:
        variables = {**dotenv, **environment}
        told = explain(exc, Settings, file=file, from_file=from_file, variables=variables)
        raise SettingsError(told) from None
    object.__setattr__(settings, "_file", file)
    object.__setattr__(settings, "_folder", folder)
    return settings


def _process_environment() -> dict[str, str]:
    return dict(os.environ)  # noqa: TID251  this is the one place that reads it
