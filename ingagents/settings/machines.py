"""The page of `run`, what machines ask there, and what they are told."""

from __future__ import annotations

from pydantic import Field, SecretStr, field_validator, model_validator

from ingagents.loopback import is_loopback
from ingagents.settings.sections import Section


class WebSection(Section):
    """The page of `run`, with what machines ask."""

    enabled: bool = False
    host: str = "127.0.0.1"
    port: int = Field(8080, ge=0, le=65535)
    token_file: str = ""
    """Holds what whoever opens the page must know; needed beyond loopback."""
    hook_secret: SecretStr = SecretStr("")
    hook_secret_file: str = ""
    """What a service's webhooks must know; without a word in it there are none."""

    @model_validator(mode="after")
    def _is_not_open_to_everybody(self) -> WebSection:
        if self.enabled and not self.token_file and not is_loopback(self.host):
            raise ValueError(
                f"{self.host or 'an empty host'} can be reached from other machines: name a file"
                " with a long random word in token_file, or use 127.0.0.1"
            )
        return self


class TracesSection(Section):
    """Where spans go, as OpenTelemetry's OTLP over HTTP in JSON; none are made without an address."""

    endpoint: str = ""
    timeout_seconds: float = Field(10, gt=0, le=60)

    @field_validator("endpoint")
    @classmethod
    def _is_address(cls, value: str) -> str:
        if value and not value.startswith(("http://", "https://")):
            raise ValueError("write an address that begins with http:// or https://")
        return value
