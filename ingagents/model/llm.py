"""What a language model is asked, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Literal

import msgspec

from ingagents.model.lead import LeadId

Effort = Literal["", "none", "low", "medium", "high"]
"""How much a model may think before it answers."""

ProviderName = Literal["openai", "anthropic"]
"""The vendors whose ways to be asked are known; many others' servers speak one of them."""


class ModelTask(StrEnum):
    """What a language model may be asked for; `[llm.tasks.<name>]` has the settings of each."""

    PROFILE = "profile"
    CLASSIFY = "classify"
    MESSAGE = "message"
    REPLY = "reply"
    ANSWER = "answer"
    ALLOCATION = "allocation"
    REPORT = "report"
    STRATEGY = "strategy"


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """What a model is asked: instructions, marked data, and the shape of the answer.

    `prompt_version` names the prompt file and its version ("classify/1"); `schema` is the JSON
    schema of the answer, an object; `about` names the leads whose budget pays.
    """

    task: ModelTask
    prompt_version: str
    system: str
    user: str
    schema: Mapping[str, Any]
    max_output_tokens: int = 1000
    about: tuple[LeadId, ...] = ()


class ModelAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What a model said. Untrusted: `accept` in the core decides whether anything of it counts.

    `data` is the decoded JSON, None when the text is none. `cost_usd` is None when the model has
    no known price. A `cached` answer cost nothing this time.
    """

    data: Any = None
    text: str = ""
    stop: Literal["complete", "length", "refused"] = "complete"
    provider: str = ""
    model: str = ""
    input_tokens: int = 0
    output_tokens: int = 0
    cost_usd: float | None = None
    cached: bool = False
    seconds: float = 0.0


class ProviderSettings(msgspec.Struct, frozen=True, kw_only=True):
    """How a provider is asked. `effort` is how much it may think; empty: as it likes.

    `max_output_tokens` bounds what it thinks and what it says together.
    """

    model: str
    max_output_tokens: int
    effort: Effort = ""


class ProviderAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What one call to a provider brought, as it came. `data` is the decoded JSON, else None.

    `input_tokens` counts all that was read, what came out of (`cached_tokens`) or went into
    (`written_tokens`) the vendor's prompt cache included. With `usage_estimated` the server told
    no usage, and the figures are ours.
    """

    data: Any
    text: str
    stop: Literal["complete", "length", "refused"]
    input_tokens: int
    output_tokens: int
    cached_tokens: int = 0
    written_tokens: int = 0
    usage_estimated: bool = False
