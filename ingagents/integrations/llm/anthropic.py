"""Anthropic's messages, and every server that speaks them, through the vendor's SDK.

Structured answers come by `output_config.format`; from a server that does not know it, by a forced
tool; from one that has neither, by words. What was learnt holds for as long as the process lives.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Literal

import anthropic
import httpx
import msgspec

from ingagents.core.llm.pricing import estimate_tokens, question_tokens
from ingagents.errors import ServiceError
from ingagents.integrations.http.bridge import bridged
from ingagents.integrations.http.sanitise import JsonObject, clean_text
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

BASE_URL = "https://api.anthropic.com"

_TOOL = "answer"
_ANSWER_LENGTH_MAX = 200_000
_CUT = frozenset({"max_tokens", "model_context_window_exceeded"})


class _Dialect(msgspec.Struct, frozen=True, kw_only=True):
    """What this server understands, as far as we know; it only ever gets simpler."""

    mechanism: Literal["format", "tool", "words"] = "format"
    effort: bool = True
    system: bool = True


class AnthropicProvider(SdkProvider[_Dialect]):
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
        key = checked_key(api_key, "anthropic")
        client = anthropic.AsyncAnthropic(
            api_key=key,
            base_url=base_url or BASE_URL,
            timeout=time_limits(timeout_seconds),
            max_retries=0,
            http_client=bridged(http),
        )
        wire = ModelWire(
            "Anthropic" if not base_url else f"the server at {httpx.URL(base_url).host}",
            errors=SdkErrors(anthropic.APIStatusError, anthropic.AnthropicError),
            clock=clock,
            timeout_seconds=timeout_seconds,
            retries=retries,
            jitter=jitter,
        )
        # The SDK imports the rest of itself when these are named: here, not within a time limit.
        super().__init__(
            wire,
            _Dialect(),
            create=client.messages.with_raw_response.create,
            list_models=partial(client.models.with_raw_response.list, limit=1000),
        )

    def _read(self, body: JsonObject, question: Question, dialect: _Dialect) -> ProviderAnswer:
        content = body.get("content")
        if isinstance(content, str):  # as some gateways flatten it
            content = [{"type": "text", "text": content}]
        if not isinstance(content, list):
            raise self._wire.unreadable("has no content in it")
        blocks = [object_of(one) for one in content]
        texts = [one.get("text") for one in blocks if one.get("type") == "text"]
        text = clean_text("".join(one for one in texts if isinstance(one, str)), _ANSWER_LENGTH_MAX)
        by_tool = next((object_of(one.get("input")) for one in blocks if _is_ours(one)), None)
        data, bare = (by_tool, True) if by_tool is not None else data_of(text, question.schema)
        reason = body.get("stop_reason")
        stop: Literal["complete", "length", "refused"] = (
            "refused" if reason == "refusal" else "length" if reason in _CUT else "complete"
        )
        kept_to_it = bare if dialect.mechanism == "format" else by_tool is not None
        if stop == "complete" and dialect.mechanism != "words":
            self._ignored = 0 if kept_to_it else self._ignored + 1
            if self._ignored >= IGNORED_MAX:
                self._speak(_next(dialect), "it answers more than JSON")
        usage = object_of(body.get("usage"))
        cached = tokens_of(usage, "cache_read_input_tokens")
        written = tokens_of(usage, "cache_creation_input_tokens")
        read = tokens_of(usage, "input_tokens") + cached + written
        return ProviderAnswer(
            data=data,
            text=text,
            stop=stop,
            input_tokens=read or question_tokens(question),
            output_tokens=tokens_of(usage, "output_tokens") if read else estimate_tokens(text),
            cached_tokens=cached,
            written_tokens=written,
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
    in_words = dialect.mechanism == "words"
    system = question.system + (schema_in_words(question.schema) if in_words else "")
    user = question.user if dialect.system else f"{system}\n\n{question.user}"
    fields: dict[str, Any] = {
        "model": settings.model,
        "max_tokens": settings.max_output_tokens,
        "messages": [{"role": "user", "content": user}],
        "stream": False,
    }
    if dialect.system:
        fields["system"] = system
    config: dict[str, Any] = {}
    if _sends_effort(settings, dialect):
        config["effort"] = settings.effort
    if dialect.mechanism == "format":
        # The vendor refuses bounds and patterns; its own helper moves them into descriptions.
        schema = anthropic.transform_schema(dict(question.schema))
        config["format"] = {"type": "json_schema", "schema": schema}
    if dialect.mechanism == "tool":
        fields["tools"] = [
            {
                "name": _TOOL,
                "description": "Give the answer.",
                "input_schema": dict(question.schema),
            }
        ]
        fields["tool_choice"] = {"type": "tool", "name": _TOOL}
    return {**fields, "output_config": config} if config else fields


def _sends_effort(settings: ProviderSettings, dialect: _Dialect) -> bool:
    """Not for "none": this vendor's models do not think unless they are told to."""
    return dialect.effort and settings.effort not in {"", "none"}


def _named(dialect: _Dialect, exc: ServiceError, fields: Mapping[str, Any]) -> _Dialect:
    """The dialect without what the server complains of; the same when it names nothing of it."""
    said = exc.what.lower()
    sent = fields.get("output_config", {})
    if "effort" in sent and re.search(r"effort|thinking", said):
        return msgspec.structs.replace(dialect, effort=False)
    if "effort" in sent and "format" not in sent and "output_config" in said:
        return msgspec.structs.replace(dialect, effort=False)
    if dialect.mechanism == "format" and re.search(r"output_config|output_format|schema", said):
        return _next(dialect)
    if dialect.mechanism == "tool" and "tool" in said:
        return _next(dialect)
    if dialect.system and exc.status < 500 and re.search(ROLE_WORDS, said):
        return msgspec.structs.replace(dialect, system=False)
    return dialect


def _simplified(dialect: _Dialect, settings: ProviderSettings) -> _Dialect:
    """The dialect without its newest part; the same when nothing simpler is left."""
    if _sends_effort(settings, dialect):
        return msgspec.structs.replace(dialect, effort=False)
    if dialect.mechanism != "words":
        return _next(dialect)
    return msgspec.structs.replace(dialect, system=False)


def _next(dialect: _Dialect) -> _Dialect:
    return msgspec.structs.replace(
        dialect, mechanism="tool" if dialect.mechanism == "format" else "words"
    )


def _is_ours(block: JsonObject) -> bool:
    return block.get("type") == "tool_use" and block.get("name") == _TOOL
