"""OpenAI's chat completions, and every server that speaks them, through the vendor's SDK.

Structured answers come by `response_format`. A server that refuses a field, or answers with prose
around its JSON, is asked more simply from then on, for as long as the process lives.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping
from typing import Any

import httpx
import msgspec
import openai

from ingagents.core.llm.pricing import estimate_tokens, question_tokens
from ingagents.errors import ServiceError
from ingagents.integrations.http.bridge import bridged
from ingagents.integrations.http.sanitise import JsonObject, clean_text, objects_of
from ingagents.integrations.llm.adapter import ROLE_WORDS, SdkProvider
from ingagents.integrations.llm.http import (
    IGNORED_MAX,
    ModelWire,
    SdkErrors,
    checked_key,
    object_of,
    time_limits,
    tokens_of,
)
from ingagents.integrations.llm.text import data_of, schema_in_words
from ingagents.model import Question
from ingagents.ports import Clock, ProviderAnswer, ProviderSettings

BASE_URL = "https://api.openai.com/v1"

_ANSWER_LENGTH_MAX = 200_000
_SCHEMA_WORDS = (
    r"response_?format|schema|grammar|structured.?output|json.?(mode|object)|response_?mime_?type"
    r"|additional_?properties"
)
_FILTERED = re.compile(r"content_?filter|safety|prohibited|blocklist|spii|recitation|refusal")
"""How compatible servers end an answer that a filter stopped, Google's own words among them."""


class _Dialect(msgspec.Struct, frozen=True, kw_only=True):
    """What this server understands, as far as we know; it only ever gets simpler."""

    schema: bool = True
    in_words: bool = False
    effort: bool = True
    completion_limit: bool = True
    system: bool = True


class OpenAIProvider(SdkProvider[_Dialect]):
    """One server. `http` is opened and closed by the caller; all traffic goes through it."""

    def __init__(
        self,
        http: httpx.AsyncClient,
        *,
        api_key: str,
        clock: Clock,
        base_url: str = "",
        timeout_seconds: float = 60.0,
        retries: int = 2,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        key = checked_key(api_key, "openai")
        client = openai.AsyncOpenAI(
            api_key=key,
            base_url=base_url or BASE_URL,
            timeout=time_limits(timeout_seconds),
            max_retries=0,
            http_client=bridged(http),
        )
        wire = ModelWire(
            "OpenAI" if not base_url else f"the server at {httpx.URL(base_url).host}",
            errors=SdkErrors(openai.APIStatusError, openai.OpenAIError),
            clock=clock,
            timeout_seconds=timeout_seconds,
            retries=retries,
            jitter=jitter,
        )
        # The SDK imports the rest of itself when these are named: here, not within a time limit.
        super().__init__(
            wire,
            _Dialect(),
            create=client.chat.completions.with_raw_response.create,
            list_models=client.models.with_raw_response.list,
        )

    def _read(self, body: JsonObject, question: Question, dialect: _Dialect) -> ProviderAnswer:
        choices = body.get("choices")
        choice = object_of(choices[0]) if isinstance(choices, list) and choices else {}
        message = object_of(choice.get("message"))
        finish = str(choice.get("finish_reason") or "").lower()
        refusal = clean_text(message.get("refusal"), 2_000)
        refused = bool(refusal or _FILTERED.search(finish))
        cut = finish in {"length", "max_tokens", "model_length"}
        if not (message or refused or cut):
            raise self._wire.unreadable("has no message in it")
        said_text = _content(message.get("content")) or _called(message)
        text = clean_text(said_text, _ANSWER_LENGTH_MAX)
        data, bare = data_of(text, question.schema)
        if not (refused or cut):
            self._ignored = 0 if bare else self._ignored + 1
            if self._ignored >= IGNORED_MAX and not dialect.in_words:
                told = msgspec.structs.replace(dialect, in_words=True)
                self._speak(told, "it answers more than JSON")
        usage = object_of(body.get("usage"))
        read, said = tokens_of(usage, "prompt_tokens"), tokens_of(usage, "completion_tokens")
        # Google leaves the thinking out of the completion, and counts it in the total.
        said = max(said, tokens_of(usage, "total_tokens") - read)
        return ProviderAnswer(
            data=data,
            text=text or refusal,
            stop="refused" if refused else "length" if cut else "complete",
            input_tokens=read or question_tokens(question),
            output_tokens=(said if read else 0) or estimate_tokens(text),
            cached_tokens=tokens_of(usage, "prompt_tokens_details", "cached_tokens"),
            written_tokens=tokens_of(usage, "prompt_tokens_details", "cache_write_tokens"),
            usage_estimated=not read,
        )

    def _fields(
        self, question: Question, settings: ProviderSettings, dialect: _Dialect
    ) -> dict[str, Any]:
        return _fields(question, settings, dialect)

    def _named(self, dialect: _Dialect, exc: ServiceError, fields: Mapping[str, Any]) -> _Dialect:
        return _named(dialect, exc, fields)

    def _simplified(self, dialect: _Dialect, settings: ProviderSettings) -> _Dialect:
        return _simplified(dialect, settings)


def _fields(question: Question, settings: ProviderSettings, dialect: _Dialect) -> dict[str, Any]:
    system = question.system + (schema_in_words(question.schema) if dialect.in_words else "")
    limit = "max_completion_tokens" if dialect.completion_limit else "max_tokens"
    messages = [{"role": "system", "content": system}, {"role": "user", "content": question.user}]
    if not dialect.system:
        messages = [{"role": "user", "content": f"{system}\n\n{question.user}"}]
    fields: dict[str, Any] = {
        "model": settings.model,
        "messages": messages,
        "stream": False,
        limit: settings.max_output_tokens,
    }
    if settings.effort and dialect.effort:
        fields["reasoning_effort"] = settings.effort
    if dialect.schema:
        fields["response_format"] = {
            "type": "json_schema",
            "json_schema": {
                "name": re.sub(r"[^a-zA-Z0-9_-]", "_", question.task.value)[:64],
                "schema": dict(question.schema),
                "strict": _is_strict(question.schema),
            },
        }
    return fields


def _named(dialect: _Dialect, exc: ServiceError, fields: Mapping[str, Any]) -> _Dialect:
    """The dialect without what the server complains of; the same when it names nothing of it."""
    said = exc.what.lower()
    if re.search(r"reasoning|thinking|effort", said) and "reasoning_effort" in fields:
        return msgspec.structs.replace(dialect, effort=False)
    if re.search(r"max_(completion_)?tokens", said) and dialect.completion_limit:
        return msgspec.structs.replace(dialect, completion_limit=False)
    if dialect.schema and re.search(_SCHEMA_WORDS, said):
        return msgspec.structs.replace(dialect, schema=False, in_words=True)
    if dialect.system and exc.status < 500 and re.search(ROLE_WORDS, said):
        return msgspec.structs.replace(dialect, system=False)
    return dialect


def _simplified(dialect: _Dialect, settings: ProviderSettings) -> _Dialect:
    """The dialect without its newest part; the same when nothing simpler is left."""
    if settings.effort and dialect.effort:
        return msgspec.structs.replace(dialect, effort=False)
    if dialect.completion_limit:
        return msgspec.structs.replace(dialect, completion_limit=False)
    if dialect.schema:
        return msgspec.structs.replace(dialect, schema=False, in_words=True)
    return msgspec.structs.replace(dialect, system=False)


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
    """A message's text; some servers send it in parts."""
    if isinstance(value, str):
        return value
    parts = [object_of(one).get("text") for one in value] if isinstance(value, list) else []
    return "".join(one for one in parts if isinstance(one, str))


def _called(message: JsonObject) -> str:
    """What was said as the arguments of a call: some models call what nobody offered them."""
    calls = objects_of(message.get("tool_calls"))
    said = [object_of(one.get("function")).get("arguments") for one in calls]
    return "".join(one for one in said if isinstance(one, str)) if len(calls) == 1 else ""
