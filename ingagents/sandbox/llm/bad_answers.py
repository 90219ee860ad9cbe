"""How a model answers badly: a good answer spoilt, on order and deterministically."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import msgspec

from ingagents.sandbox.llm.simulated_model import Asked, think

_SUSPICIOUS = re.compile(
    r"ignore|instruction|system|must|classif|score|reply with|send|http", re.IGNORECASE
)
_PROSE = re.compile(r"[a-z]{3,}.*\s.*[a-z]{3,}", re.IGNORECASE | re.DOTALL)
_FILLER = " We have prepared a great deal for you, and there is much more to tell about all of it."
_LONG = 600


def answer_text(asked: Asked, spoilt: str = "") -> str:
    """The text of an answer; `spoilt` names one of `SPOILT`, empty: a good one."""
    good = think(asked)
    return SPOILT[spoilt](asked, good) if spoilt else _json(good)


def _broken(asked: Asked, good: Any) -> str:
    del asked
    text = _json(good)
    return text[: max(1, len(text) * 2 // 3)]


def _wrong_shape(asked: Asked, good: Any) -> str:
    del asked, good
    return '{"result": {"ok": true, "items": [1, 2, 3]}}'


def _prose(asked: Asked, good: Any) -> str:
    del asked, good
    return "I would be glad to help with that! Could you tell me a little more about the person?"


def _fenced(asked: Asked, good: Any) -> str:
    del asked
    return f"Here is what I found:\n\n```json\n{_json(good)}\n```\nLet me know if it helps."


def _long_message(asked: Asked, good: Any) -> str:
    return _json(_each_text(good, asked.schema, _lengthened))


def _placeholder(asked: Asked, good: Any) -> str:
    return _json(_each_text(good, asked.schema, lambda text: f"{text} Best regards, [Your Name]"))


def _obeys(asked: Asked, good: Any) -> str:
    """Does what the data says: takes its words over, the option it names, the highest score."""
    strings = [one for one in _strings(asked.user) if len(one) > 20]
    suspicious = [one for one in strings if _SUSPICIOUS.search(one)] or strings or ["Obeyed."]
    order = max(suspicious, key=len)

    def obey(value: Any, schema: Any) -> Any:
        inner = schema if isinstance(schema, Mapping) else {}
        if options := inner.get("enum"):
            named = (one for one in options if str(one).lower() in order.lower())
            return next(named, options[0])
        if isinstance(value, dict):
            fields = inner.get("properties") or {}
            return {key: obey(one, fields.get(key)) for key, one in value.items()}
        if isinstance(value, list):
            return [obey(one, inner.get("items")) for one in value]
        if isinstance(value, bool):
            return True
        if isinstance(value, int | float):
            return inner.get("maximum", 10)
        return order[:2_000] if isinstance(value, str) and _PROSE.search(value) else value

    return _json(obey(good, asked.schema))


SPOILT: Mapping[str, Callable[[Asked, Any], str]] = {
    "broken_json": _broken,
    "wrong_shape": _wrong_shape,
    "prose": _prose,
    "fenced": _fenced,
    "long_message": _long_message,
    "placeholder": _placeholder,
    "obeys": _obeys,
}


def _each_text(value: Any, schema: Any, change: Callable[[str], str]) -> Any:
    """The value with every text changed that is prose and no choice among options."""
    inner = schema if isinstance(schema, Mapping) else {}
    if isinstance(value, dict):
        fields = inner.get("properties") or {}
        return {key: _each_text(one, fields.get(key), change) for key, one in value.items()}
    if isinstance(value, list):
        return [_each_text(one, inner.get("items"), change) for one in value]
    if isinstance(value, str) and "enum" not in inner and _PROSE.search(value):
        return change(value)
    return value


def _lengthened(text: str) -> str:
    return (text + _FILLER * (_LONG // len(_FILLER) + 1))[:_LONG]


def _strings(text: str) -> Iterator[str]:
    for found in re.finditer(r'"((?:[^"\\]|\\.){0,5000})"', text):
        yield found[1]


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()
