"""The one JSON object in a model server's answer: plain, in a list, or streamed against our wish."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from ingagents.integrations.http.sanitise import JsonObject, json_object_of, object_of, objects_of


def body_of(content: bytes) -> JsonObject | None:
    """The answer in a body's bytes; the pieces of a stream are put together. None for all else."""
    whole = json_object_of(content)
    if whole is not None:
        return whole
    pieces = _listed(content) or _streamed(content)
    if len(pieces) == 1 and "delta" not in object_of(next(iter(_choices(pieces[0])), None)):
        return pieces[0]
    return _joined(pieces) if pieces else None


def error_in(body: JsonObject) -> object:
    """What an answer of 200 tells instead of answering; None where there is an answer."""
    choices = _choices(body)
    answered = any(object_of(one.get("message")).get("content") for one in choices)
    if answered or body.get("content") or isinstance(body.get("data"), list):
        return None
    inner = next((one["error"] for one in choices if one.get("error")), None)
    if error := body.get("error") or inner:
        return {"error": error, "code": body.get("code"), "status": body.get("status")}
    answers = (body.get("choices"), body.get("content"))
    return body if all(one is None for one in answers) else None


def _listed(content: bytes) -> list[JsonObject]:
    try:
        return objects_of(json.loads(content))
    except (ValueError, RecursionError):
        return []


def _streamed(content: bytes) -> list[JsonObject]:
    """The objects of server-sent events, or of lines that are JSON each."""
    lines = (line.strip().removeprefix(b"data:") for line in content.splitlines())
    found = (json_object_of(line) for line in lines if line.lstrip().startswith(b"{"))
    return [one for one in found if one is not None]


def _joined(pieces: Sequence[JsonObject]) -> JsonObject | None:
    for piece in pieces:
        if piece.get("error"):
            return piece
    if any("choices" in piece for piece in pieces):
        return _openai(pieces)
    return _anthropic(pieces) if any("type" in piece for piece in pieces) else None


def _openai(pieces: Sequence[JsonObject]) -> JsonObject:
    said: dict[str, list[str]] = {"content": [], "refusal": []}
    finish: object = None
    usage: JsonObject = {}
    for piece in pieces:
        usage = object_of(piece.get("usage")) or usage
        for choice in _choices(piece)[:1]:
            finish = choice.get("finish_reason") or finish
            told = object_of(choice.get("delta")) or object_of(choice.get("message"))
            for name, texts in said.items():
                texts.append(text if isinstance(text := told.get(name), str) else "")
    message = {"role": "assistant", **{name: "".join(texts) for name, texts in said.items()}}
    return {"choices": [{"message": message, "finish_reason": finish}], "usage": usage}


def _anthropic(pieces: Sequence[JsonObject]) -> JsonObject:
    blocks: dict[Any, dict[str, Any]] = {}
    told: dict[str, list[str]] = {}
    stop: object = None
    usage: dict[str, Any] = {}
    for piece in pieces:
        delta, place = object_of(piece.get("delta")), str(piece.get("index"))
        for source in (object_of(piece.get("message")), piece):
            usage |= object_of(source.get("usage"))
        stop = delta.get("stop_reason") or stop
        if block := object_of(piece.get("content_block")):
            blocks[place] = dict(block)
        parts = (delta.get("text"), delta.get("partial_json"))
        told.setdefault(place, []).extend(one for one in parts if isinstance(one, str))
    for place, block in blocks.items():
        text = "".join(told.get(place, ()))
        if block.get("type") == "tool_use":
            block["input"] = json_object_of(text.encode("utf-8", "surrogatepass")) or {}
        elif block.get("type") == "text":
            block["text"] = text
    return {"content": list(blocks.values()), "stop_reason": stop, "usage": usage}


def _choices(body: JsonObject) -> list[JsonObject]:
    return objects_of(body.get("choices"))
