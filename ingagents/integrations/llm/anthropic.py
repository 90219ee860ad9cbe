"""Anthropic's messages, and every server that speaks them.

Structured answers come by `output_config.format`; from a server that does not know it, by a forced
tool; from one that has neither, by words.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, ClassVar, Literal, Self

import anthropic
import httpx2
import msgspec

from ingagents.integrations.http.sanitise import JsonObject, object_of
from ingagents.integrations.llm.adapter import Dialect, Said, Sdk, Simpler, tokens_of
from ingagents.integrations.llm.http import SdkErrors
from ingagents.model import ProviderSettings, Question

_TOOL = "answer"
_CUT = frozenset({"max_tokens", "model_context_window_exceeded"})


class Anthropic(Dialect, frozen=True, kw_only=True):
    """Messages, with the schema by the newest mechanism that the server knows."""

    vendor: ClassVar[str] = "Anthropic"
    base_url: ClassVar[str] = "https://api.anthropic.com"

    mechanism: Literal["format", "tool", "words"] = "format"

    @property
    def in_words(self) -> bool:
        return self.mechanism == "words"

    @property
    def by_tool(self) -> bool:
        return self.mechanism == "tool"

    @classmethod
    def connect(cls, **options: Any) -> Sdk:
        client = anthropic.AsyncAnthropic(**options)
        return Sdk(
            SdkErrors(anthropic.APIStatusError, anthropic.AnthropicError),
            lambda body: client.post("/v1/messages", cast_to=httpx2.Response, content=body),
            lambda: client.get("/v1/models?limit=1000", cast_to=httpx2.Response),
        )

    def fields(self, question: Question, settings: ProviderSettings) -> dict[str, Any]:
        system, user = self.texts(question)
        fields: dict[str, Any] = {
            "model": settings.model,
            "max_tokens": settings.max_output_tokens,
            "messages": [{"role": "user", "content": user}],
            "stream": False,
        }
        if self.system:
            fields["system"] = system
        config: dict[str, Any] = {}
        if self._sends_effort(settings):
            config["effort"] = settings.effort
        schema = dict(question.schema)
        if self.mechanism == "format":
            told = _without_bounds(msgspec.json.encode(schema))
            config["format"] = {"type": "json_schema", "schema": told}
        if self.by_tool:
            tool = {"name": _TOOL, "description": "Give the answer.", "input_schema": schema}
            fields |= {"tools": [tool], "tool_choice": {"type": "tool", "name": _TOOL}}
        return {**fields, "output_config": config} if config else fields

    def read(self, body: JsonObject) -> Said | str:
        content = body.get("content")
        if isinstance(content, str):  # as some gateways flatten it
            content = [{"type": "text", "text": content}]
        if not isinstance(content, list):
            return "has no content in it"
        blocks = [object_of(one) for one in content]
        texts = [one.get("text") for one in blocks if one.get("type") == "text"]
        reason, usage = body.get("stop_reason"), object_of(body.get("usage"))
        cached = tokens_of(usage, "cache_read_input_tokens")
        written = tokens_of(usage, "cache_creation_input_tokens")
        return Said(
            text="".join(one for one in texts if isinstance(one, str)),
            stop="refused" if reason == "refusal" else "length" if reason in _CUT else "complete",
            read=tokens_of(usage, "input_tokens") + cached + written,
            written=tokens_of(usage, "output_tokens"),
            cached=cached,
            cache_written=written,
            called=next((object_of(one.get("input")) for one in blocks if _is_ours(one)), None),
        )

    def ignored(self) -> Self:
        return self.without(mechanism="tool" if self.mechanism == "format" else "words")

    def _steps(self, settings: ProviderSettings) -> Sequence[Simpler]:
        steps = []
        if self._sends_effort(settings):
            # Alone in it, the effort is what a server means that does not know `output_config`.
            alone = "" if self.mechanism == "format" else "|output_config"
            steps.append(Simpler(f"effort|thinking{alone}", self.without(effort=False)))
        if self.mechanism == "format":
            steps.append(Simpler("output_config|output_format|schema", self.ignored()))
        if self.by_tool:
            steps.append(Simpler("tool", self.ignored()))
        return steps

    def _sends_effort(self, settings: ProviderSettings) -> bool:
        """Not for "none": this vendor's models do not think unless they are told to."""
        return self.effort and settings.effort not in {"", "none"}


def _is_ours(block: JsonObject) -> bool:
    return block.get("type") == "tool_use" and block.get("name") == _TOOL


@lru_cache(maxsize=64)
def _without_bounds(schema: bytes) -> dict[str, Any]:
    """A schema as the vendor takes it: its own helper moves bounds and patterns into descriptions."""
    return anthropic.transform_schema(msgspec.json.decode(schema))
