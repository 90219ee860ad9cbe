"""OpenAI's chat completions, and every server that speaks them.

Structured answers come by `response_format`; from a server that refuses it, by words.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, ClassVar, Self

import httpx2
import msgspec
import openai

from ingagents.integrations.http.sanitise import JsonObject, clean_text, object_of, objects_of
from ingagents.integrations.llm.adapter import Dialect, Said, Sdk, Simpler, tokens_of
from ingagents.integrations.llm.http import SdkErrors
from ingagents.model import ProviderSettings, Question

_SCHEMA_WORDS = (
    r"response_?format|schema|grammar|structured.?output|json.?(mode|object)|response_?mime_?type"
    r"|additional_?properties"
)
_CUT = frozenset({"length", "max_tokens", "model_length"})
_FILTERED = re.compile(r"content_?filter|safety|prohibited|blocklist|spii|recitation|refusal")
"""How compatible servers end an answer that a filter stopped, Google's own words among them."""


class OpenAI(Dialect, frozen=True, kw_only=True):
    """Chat completions. The schema is told by a field, in words, or both."""

    vendor: ClassVar[str] = "OpenAI"
    base_url: ClassVar[str] = "https://api.openai.com/v1"

    schema: bool = True
    told: bool = False
    completion_limit: bool = True

    @property
    def in_words(self) -> bool:
        return self.told

    @classmethod
    def connect(cls, **options: Any) -> Sdk:
        client = openai.AsyncOpenAI(**options)
        return Sdk(
            SdkErrors(openai.APIStatusError, openai.OpenAIError),
            lambda body: client.post("/chat/completions", cast_to=httpx2.Response, content=body),
            lambda: client.get("/models", cast_to=httpx2.Response),
        )

    def fields(self, question: Question, settings: ProviderSettings) -> dict[str, Any]:
        system, user = self.texts(question)
        first = [{"role": "system", "content": system}] if self.system else []
        limit = "max_completion_tokens" if self.completion_limit else "max_tokens"
        fields: dict[str, Any] = {
            "model": settings.model,
            "messages": [*first, {"role": "user", "content": user}],
            "stream": False,
            limit: settings.max_output_tokens,
        }
        if settings.effort and self.effort:
            fields["reasoning_effort"] = settings.effort
        if self.schema:
            told = {
                "name": re.sub(r"[^a-zA-Z0-9_-]", "_", question.task.value)[:64],
                "schema": dict(question.schema),
                "strict": _takes_strictly(msgspec.json.encode(question.schema)),
            }
            fields["response_format"] = {"type": "json_schema", "json_schema": told}
        return fields

    def read(self, body: JsonObject) -> Said | str:
        choices = objects_of(body.get("choices"))
        choice = min(choices, key=lambda one: tokens_of(one, "index"), default={})
        message = object_of(choice.get("message")) or object_of(choice.get("delta"))
        finish = str(choice.get("finish_reason") or "").lower()
        refusal = clean_text(message.get("refusal"), 2_000)
        refused, cut = bool(refusal or _FILTERED.search(finish)), finish in _CUT
        if not (message or refused or cut):
            return "has no message in it"
        usage = object_of(body.get("usage"))
        read, written = tokens_of(usage, "prompt_tokens"), tokens_of(usage, "completion_tokens")
        return Said(
            text=_content(message.get("content")) or _elsewhere(message),
            stop="refused" if refused else "length" if cut else "complete",
            read=read,
            # Google leaves the thinking out of the completion, and counts it in the total.
            written=max(written, tokens_of(usage, "total_tokens") - read),
            cached=tokens_of(usage, "prompt_tokens_details", "cached_tokens"),
            cache_written=tokens_of(usage, "prompt_tokens_details", "cache_write_tokens"),
            refusal=refusal,
        )

    def ignored(self) -> Self:
        return self.without(told=True)

    def _steps(self, settings: ProviderSettings) -> Sequence[Simpler]:
        steps = []
        if settings.effort and self.effort:
            steps.append(Simpler("reasoning|thinking|effort", self.without(effort=False)))
        if self.completion_limit:
            words = "max_(completion_)?tokens"
            steps.append(Simpler(words, self.without(completion_limit=False)))
        if self.schema:
            steps.append(Simpler(_SCHEMA_WORDS, self.without(schema=False, told=True)))
        return steps


@lru_cache(maxsize=64)
def _takes_strictly(schema: bytes) -> bool:
    return _is_strict(msgspec.json.decode(schema))


def _is_strict(schema: object) -> bool:
    """Whether the vendor takes this schema as strict: every object closed, every field required."""
    if isinstance(schema, list):
        return all(_is_strict(one) for one in schema)
    if not isinstance(schema, Mapping):
        return True
    if schema.get("type") == "object" or "properties" in schema:
        names = set(schema.get("properties") or ())
        if schema.get("additionalProperties") is not False or names != set(
            schema.get("required") or ()
        ):
            return False
    return all(_is_strict(one) for one in schema.values())


def _content(value: object) -> str:
    """A message's text; some servers send it in parts, or read it for us."""
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        return json.dumps(value)
    parts = [object_of(one).get("text") for one in value] if isinstance(value, list) else []
    return "".join(one for one in parts if isinstance(one, str))


def _elsewhere(message: JsonObject) -> str:
    """The answer of a message without text: read for us, or as a call that nobody offered."""
    calls = [object_of(one.get("function")) for one in objects_of(message.get("tool_calls"))]
    calls = calls or [object_of(message.get("function_call"))]
    called = calls[0].get("arguments") if len(calls) == 1 else None
    return _content(message.get("parsed")) or _content(called)
