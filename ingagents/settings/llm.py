"""The table `[llm]`: who thinks, with which model, and what it may cost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field, SecretStr, field_validator

from ingagents.model import ModelTask, ProviderName
from ingagents.model.llm import Effort
from ingagents.settings.sections import Section

VENDOR_KEYS: Mapping[str, str] = {"openai": "OPENAI_API_KEY", "anthropic": "ANTHROPIC_API_KEY"}
"""Where the vendors' own tools keep the key; read when ours is empty."""


class TaskSection(Section):
    """What one task does differently. An empty value or 0: as `[llm]` or the prompt says."""

    provider: Literal["", ProviderName] = ""
    model: str = Field("", max_length=200)
    effort: Effort = ""
    max_output_tokens: int = Field(0, ge=0, le=100_000)
    daily_budget_usd: float = Field(0, ge=0)


class TasksSection(Section):
    """Settings by task."""

    profile: TaskSection = TaskSection()
    classify: TaskSection = TaskSection()
    message: TaskSection = TaskSection()
    reply: TaskSection = TaskSection()
    answer: TaskSection = TaskSection()
    allocation: TaskSection = TaskSection()
    report: TaskSection = TaskSection()
    strategy: TaskSection = TaskSection()

    def of(self, task: ModelTask) -> TaskSection:
        """The settings of a task."""
        found: TaskSection = getattr(self, task.value)
        return found


class StandbySection(Section):
    """Who is asked while the first provider does not answer."""

    provider: Literal["", ProviderName] = ""
    model: str = Field("", max_length=200)
    base_url: str = ""
    api_key: SecretStr = SecretStr("")
    api_key_file: str = ""


class PriceSection(Section):
    """USD for a million tokens."""

    input: float = Field(ge=0)
    cached_input: float | None = Field(None, ge=0)
    """Absent: as `input`."""
    output: float = Field(ge=0)


class LlmSection(Section):
    """Who thinks. `rules` needs nobody."""

    provider: Literal["rules", ProviderName] = "rules"
    model: str = Field("", max_length=200)
    base_url: str = ""
    prompts: str = ""
    """A folder with your own `classify.txt`, `reply.txt` and so on; empty: the built-in."""
    cache_ttl_hours: float = Field(24, ge=0, le=366 * 24)
    daily_budget_usd: float = Field(5.0, ge=0)
    lead_budget_usd: float = Field(0.05, ge=0)
    """Over the whole life of a lead."""
    effort: Effort = ""
    timeout_seconds: float = Field(60, gt=0, le=600)
    retries: int = Field(2, ge=0, le=10)
    max_at_once: int = Field(4, ge=1, le=64)
    """Each takes a connection."""
    requests_per_minute: float = Field(120, gt=0, le=100_000)
    api_key: SecretStr = SecretStr("")
    api_key_file: str = ""
    prices: dict[str, PriceSection] = Field(default_factory=dict)
    """By model; they win over the table we ship."""
    tasks: TasksSection = TasksSection()
    standby: StandbySection = StandbySection()

    @field_validator("base_url")
    @classmethod
    def _is_address(cls, value: str) -> str:
        if value and not value.startswith(("http://", "https://")):
            raise ValueError("write an address that begins with http:// or https://")
        return value.rstrip("/")
