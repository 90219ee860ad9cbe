"""Whether a value plausibly answers a JSON schema: the shape of our own schemas, no more."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

_TYPES: Mapping[str, tuple[type, ...]] = {
    "object": (Mapping,),
    "array": (list, tuple),
    "string": (str, type(None)),
    "number": (int, float),
    "integer": (int,),
    "boolean": (bool,),
    "null": (type(None),),
}


def fits(schema: Mapping[str, Any], value: object) -> bool:
    """Whether required names are there and types are right, at every depth; bounds do not count.

    Null counts as a text. Of a list one entry that fits is enough: whoever takes the answer judges
    each entry anyway. An empty list fits.
    """
    kinds = _kinds(schema)
    if kinds and not any(_is_a(kind, value) for kind in kinds):
        return False
    if "enum" in schema and value not in schema["enum"]:
        return False
    if isinstance(value, Mapping):
        inner = _properties(schema)
        return set(schema.get("required") or ()) <= value.keys() and all(
            fits(inner[name], one) for name, one in value.items() if name in inner
        )
    if isinstance(value, list | tuple) and value and (items := schema.get("items")):
        return any(fits(items, one) for one in value)
    return True


def says_nothing(schema: Mapping[str, Any], value: Mapping[str, Any]) -> bool:
    """Whether an answer fits only by being empty: nobody of those it was asked about is in it."""
    return any(
        "i" in _properties(wanted.get("items") or {}) and not value.get(name)
        for name, wanted in _properties(schema).items()
    )


def fitted(schema: Mapping[str, Any], value: Any) -> Any:
    """The value in the schema's own spelling, where it plainly says the same.

    Names and labels in any case, numbers as texts, entries under their places instead of in a list.
    """
    kinds, named = _kinds(schema), _properties(schema)
    if isinstance(value, str):
        return _label(schema["enum"], value) if "enum" in schema else _number(kinds, value)
    if isinstance(value, float) and kinds == ["integer"] and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [fitted(schema.get("items") or {}, one) for one in value]
    if not isinstance(value, Mapping):
        return value
    if kinds == ["array"]:
        entries = fitted(schema, list(value.values()))
        return entries if value and all(fits(schema["items"], one) for one in entries) else value
    spelt = {_label(named, name): one for name, one in value.items()}
    return {name: fitted(named.get(name) or {}, one) for name, one in spelt.items()}


def of_entries(schema: Mapping[str, Any], entries: Sequence[Any]) -> dict[str, Any] | None:
    """The answer that these are without the object around them; None where more was asked for."""
    name = _only_list(schema)
    items = _properties(schema)[name]["items"] if name else {}
    spelt = [fitted(items, one) for one in entries]
    return {name: spelt} if name and all(fits(items, one) for one in spelt) else None


def _only_list(schema: Mapping[str, Any]) -> str:
    """The name of the list of objects that is all a schema asks for; else empty."""
    name, *more = schema.get("required") or [""]
    items = _properties(schema).get(name, {}).get("items") or {}
    return name if not more and _kinds(items) == ["object"] else ""


def _kinds(schema: Mapping[str, Any]) -> list[str]:
    wanted = schema.get("type")
    return [wanted] if isinstance(wanted, str) else list(wanted or [])


def _properties(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    return schema.get("properties") or {}


def _label(known: Iterable[Any], said: str) -> str:
    """The known one that was meant, whatever its case; what is none of them stays."""
    plain = said.strip().casefold()
    return next((one for one in known if isinstance(one, str) and one.casefold() == plain), said)


def _number(kinds: Sequence[str], said: str) -> str | int | float:
    """A number that was written as a text; a text stays one."""
    if "string" in kinds or not _NUMBER.fullmatch(said.strip()):
        return said
    if "integer" in kinds and "." not in said:
        return int(said)
    return float(said) if "number" in kinds else said


_NUMBER = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,15})?")


def _is_a(kind: str, value: object) -> bool:
    if isinstance(value, bool):
        return kind == "boolean"
    return isinstance(value, _TYPES.get(kind, ()))
