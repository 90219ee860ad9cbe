"""The simulated models in Anthropic's dialect: messages and the list of models."""

from __future__ import annotations

from typing import Any

import msgspec

from ingagents.sandbox.llm.api import Said, Unanswerable, schema_told
from ingagents.sandbox.llm.simulated_model import Asked

_STOP = {"complete": "end_turn", "length": "max_tokens", "refused": "refusal"}


class AnthropicFace:
    """Keeps `api.Dialect`."""

    name = "anthropic"
    prefix = "/anthropic"
    path = "/v1/messages"

    def read(self, body: dict[str, Any]) -> Asked:
        messages = body.get("messages")
        user = "\n".join(
            str(one.get("content", ""))
            for one in (messages if isinstance(messages, list) else [])
            if isinstance(one, dict) and one.get("role") == "user"
        )
        if not user or body.get("stream") or not isinstance(body.get("max_tokens"), int):
            words = "messages and max_tokens are needed; streaming is not simulated."
            raise Unanswerable(400, "invalid_request_error", words)
        if unknown := {"temperature", "top_p", "top_k"} & body.keys():
            words = f"{', '.join(sorted(unknown))}: Extra inputs are not permitted"
            raise Unanswerable(400, "invalid_request_error", words)
        schema = (body.get("output_config") or {}).get("format", {}).get("schema")
        tools = body.get("tools") or [{}]
        system = str(body.get("system", ""))
        return Asked(
            system=system,
            user=user,
            schema=schema or tools[0].get("input_schema") or schema_told(system or user),
            model=str(body.get("model", "")),
            limit=body["max_tokens"],
        )

    def answer(self, asked: Asked, said: Said, body: dict[str, Any]) -> dict[str, Any]:
        content: list[dict[str, Any]] = [{"type": "text", "text": said.text}]
        stop = _STOP[said.stop]
        forced = (body.get("tool_choice") or {}).get("name")
        if forced and said.stop == "complete" and (given := _decoded(said.text)) is not None:
            tool = {"type": "tool_use", "id": f"toolu_{said.number:08d}", "name": forced}
            content, stop = [{**tool, "input": given}], "tool_use"
        usage = {
            "input_tokens": said.read,
            "output_tokens": said.written,
            "cache_creation_input_tokens": 0,
            "cache_read_input_tokens": 0,
        }
        return {
            "id": f"msg_{said.number:08d}",
            "type": "message",
            "role": "assistant",
            "model": asked.model,
            "content": content,
            "stop_reason": stop,
            "stop_sequence": None,
            **({"usage": usage} if said.usage else {}),
        }

    def error(self, status: int, code: str, words: str) -> dict[str, Any]:
        del status
        return {
            "type": "error",
            "error": {"type": code, "message": words},
            "request_id": "req_sandbox",
        }


def _decoded(text: str) -> dict[str, Any] | None:
    try:
        value = msgspec.json.decode(text.encode())
    except msgspec.DecodeError:
        return None
    return value if isinstance(value, dict) else None
