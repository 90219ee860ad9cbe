"""Whether a value plausibly answers a JSON schema: the shape of our own schemas, no more."""

from __future__ import annotations

from collections.abc import Mapping
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
    wanted = schema.get("type")
    kinds = [wanted] if isinstance(wanted, str) else wanted or []
    if kinds and not any(_is_a(kind, value) for kind in kinds):
        return False
    if "enum" in schema and value not in schema["enum"]:
        return False
    if isinstance(value, Mapping):
        inner = schema.get("properties") or {}
        return set(schema.get("required") or ()) <= value.keys() and all(
            fits(inner[name], one) for name, one in value.items() if name in inner
        )
    if isinstance(value, list | tuple) and value and (items := schema.get("items")):
        return any(fits(items, one) for one in value)
    return True


def _is_a(kind: str, value: object) -> bool:
    if isinstance(value, bool):
        return kind == "boolean"
    return isinstance(value, _TYPES.get(kind, ()))
