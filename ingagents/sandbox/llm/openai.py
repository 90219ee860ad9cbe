"""The simulated models in OpenAI's dialect: chat completions and the list of models."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ingagents.sandbox.llm.api import Said, Unanswerable, schema_told
from ingagents.sandbox.llm.simulated_model import Asked

_CODES = {401: "invalid_api_key", 404: "model_not_found", 429: "rate_limit_exceeded"}
_FINISH = {"complete": "stop", "length": "length", "refused": "stop"}


class OpenAIFace:
    """Keeps `api.Dialect`."""

    name = "openai"
    prefix = "/openai"
    path = "/v1/chat/completions"

    def read(self, body: dict[str, Any]) -> Asked:
        if body.get("stream"):
            raise Unanswerable(400, "invalid_request_error", "Streaming is not simulated.")
        texts: dict[str, list[str]] = {}
        messages = body.get("messages")
        for one in messages if isinstance(messages, list) else []:
            texts.setdefault(str(one.get("role")), []).append(str(one.get("content", "")))
        if not texts.get("user"):
            raise Unanswerable(400, "invalid_request_error", "messages has no user message.")
        wanted = body.get("response_format") or {}
        schema = (wanted.get("json_schema") or {}).get("schema") or {}
        if (wanted.get("json_schema") or {}).get("strict") and not _is_closed(schema):
            words = "Invalid schema for response_format: additionalProperties must be false."
            raise Unanswerable(400, "invalid_request_error", words)
        limit = body.get("max_completion_tokens", body.get("max_tokens", 4096))
        system = "\n".join(texts.get("system", []))
        user = "\n".join(texts["user"])
        return Asked(
            system=system,
            user=user,
            schema=schema or schema_told(system or user),
            model=str(body.get("model", "")),
            limit=int(limit),
        )

    def answer(self, asked: Asked, said: Said, body: dict[str, Any]) -> dict[str, Any]:
        del body
        refused = said.stop == "refused"
        message = {
            "role": "assistant",
            "content": None if refused else said.text,
            "refusal": said.text if refused else None,
        }
        usage = {
            "prompt_tokens": said.read,
            "completion_tokens": said.written,
            "total_tokens": said.read + said.written,
            "prompt_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
            "completion_tokens_details": {"reasoning_tokens": 0},
        }
        choice = {"index": 0, "message": message, "finish_reason": _FINISH[said.stop]}
        return {
            "id": f"chatcmpl-{said.number:08d}",
            "object": "chat.completion",
            "created": 1_800_000_000,
            "model": asked.model,
            "choices": [choice],
            **({"usage": usage} if said.usage else {}),
        }

    def error(self, status: int, code: str, words: str) -> dict[str, Any]:
        kind = "server_error" if status >= 500 else "invalid_request_error"
        return {
            "error": {
                "message": words,
                "type": kind,
                "param": None,
                "code": _CODES.get(status, code if status < 500 else None),
            }
        }


def _is_closed(schema: Any) -> bool:
    """Whether every object in it is closed, as the vendor's strict mode wants."""
    if isinstance(schema, list):
        return all(_is_closed(one) for one in schema)
    if not isinstance(schema, Mapping):
        return True
    if schema.get("type") == "object" and schema.get("additionalProperties") is not False:
        return False
    return all(_is_closed(one) for one in schema.values())
