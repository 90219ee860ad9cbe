"""Finding the answer in what a model wrote: not in its thinking, and the last of several drafts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import msgspec

from ingagents.core.llm.schema_fit import fits, fitted, of_entries, says_nothing

_TEXT_LENGTH_MAX = 200_000
_OBJECTS_TRIED = 200

_NAMES = r"(?:think|thinking|thought|thoughts|reason|reasoning|reflection|analysis|scratchpad|seed:think)"
_THOUGHT_BEGINS = re.compile(
    rf"<\s*{_NAMES}\s*>|◁\s*{_NAMES}\s*▷|\[\s*{_NAMES}\s*\]|<\|(?:begin_of_thought|channel\|>analysis)"
    r"(?:\|>|<\|message\|>)?",
    re.IGNORECASE,
)
_THOUGHT_ENDS = re.compile(
    rf"<\s*/\s*{_NAMES}\s*>|◁\s*/\s*{_NAMES}\s*▷|\[\s*/\s*{_NAMES}\s*\]|<\|end_of_thought\|>"
    r"|<\|channel\|>final\s*(?:<\|constrain\|>\s*\w*\s*)?<\|message\|>",
    re.IGNORECASE,
)


class _Found(NamedTuple):
    begin: int
    end: int
    value: dict[str, Any]


def data_of(text: str, schema: Mapping[str, Any] | None = None) -> tuple[Any, bool]:
    """The JSON object that answers in a model's text, and whether nothing else was said aloud.

    Found bare, in a code fence, or inside prose; what stands before the end of the thinking is no
    answer. Of several objects the last one that fits the schema and says something counts, else the
    last; or all of them, as the entries of the list that was asked for. None when there is none that
    can be read whole.
    """
    bare = text.strip()
    if len(bare) > _TEXT_LENGTH_MAX:
        return None, bare.startswith("{")
    whole = _value_of(bare)
    if isinstance(whole, str) and whole.lstrip().startswith(("{", "[")):
        return data_of(whole, schema)[0], False
    if isinstance(whole, dict):
        inner = _unwrapped(whole, schema)
        return (schema and not fits(schema, inner) and of_entries(schema, [whole])) or inner, True
    said, objects = _said(_LOOSE_COMMA.sub(r"\1", bare))
    if said.startswith("["):
        return _listed(_value_of(said), schema), False
    tried = said.startswith("{")
    if not objects:
        return None, tried
    entries = [one.value for one in objects]
    objects = [one._replace(value=_unwrapped(one.value, schema)) for one in objects]
    fitting = [one for one in objects if schema is None or fits(schema, one.value)]
    telling = [one for one in fitting if not schema or not says_nothing(schema, one.value)]
    if tried and objects[0].begin > 0:  # it began with its object, as told, and did not finish it
        chosen = (telling or fitting)[-1:]
        return (chosen[0].value, False) if chosen else (None, True)
    if not telling and schema and (data := of_entries(schema, entries)):
        return data, False
    last = (telling or fitting or objects)[-1]
    return last.value, (last.begin, last.end) == (0, len(said))


def _listed(value: Any, schema: Mapping[str, Any] | None) -> Any:
    """The answer of a text that is a list: its entries, or the one object in it."""
    if not isinstance(value, list) or not schema:
        return None
    only = value[0] if len(value) == 1 else None
    if isinstance(only, dict) and fits(schema, whole := _unwrapped(only, schema)):
        return whole
    return of_entries(schema, value)


def _said(text: str) -> tuple[str, list[_Found]]:
    """What was said after the last thought, and the objects in it, placed within it."""
    ends = [found.span() for found in _THOUGHT_ENDS.finditer(text)]
    spoken = _aloud(text[ends[-1][1] if ends else 0 :])
    objects = list(_objects(spoken))
    if ends and not objects:
        # A person's own words may hold such a mark: then it stands within the answer's object.
        begin, mark = (ends[-2][1] if len(ends) > 1 else 0), ends[-1][0]
        earlier = text[begin:].lstrip()
        mark -= len(text) - len(earlier)
        around = [one for one in _objects(earlier) if one.begin < mark < one.end]
        if around:
            return earlier, around
    return spoken, objects


def _aloud(text: str) -> str:
    """The text without a thought that begins and does not end, unless that is within an object."""
    begun = [found.start() for found in _THOUGHT_BEGINS.finditer(text)]
    within = list(_objects(text)) if begun else []
    thought = [at for at in begun if not any(one.begin < at < one.end for one in within)]
    return text[: thought[0] if thought else None].strip()


def _objects(text: str) -> Iterator[_Found]:
    """The JSON objects in a text that stand in no other one."""
    decoder, at = json.JSONDecoder(), 0
    for _ in range(_OBJECTS_TRIED):
        at = text.find("{", at)
        if at < 0:
            return
        try:
            _, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            at += 1
            continue
        if (found := _decoded(text[at:end])) is not None:
            yield _Found(at, end, found)
        at = end


def _unwrapped(found: dict[str, Any], schema: Mapping[str, Any] | None) -> dict[str, Any]:
    """The answer inside an object that does not fit, like {"answer": {...}}; else the object.

    Only where one object stands in it: nothing is chosen, and no text is read as an object.
    """
    if schema is None:
        return found
    inner = found
    for _ in range(_WRAPPERS_MAX + 1):
        spelt: dict[str, Any] = fitted(schema, inner)
        if fits(schema, spelt):
            return spelt
        held = [one for one in inner.values() if isinstance(one, dict)]
        if len(held) != 1:
            break
        inner = held[0]
    return found


_WRAPPERS_MAX = 3
_LOOSE_COMMA = re.compile(r'("(?:[^"\\]|\\.)*")|,(?=\s*[}\]])')
"""The comma behind the last of a list, outside of texts; `\\1` keeps the texts."""


def _decoded(text: str) -> dict[str, Any] | None:
    value = _value_of(text)
    return value if isinstance(value, dict) else None


def _value_of(text: str) -> Any:
    # This decoder refuses what the store could not hold: halves of emoji, NaN.
    try:
        return msgspec.json.decode(text.encode("utf-8", "replace"))
    except (msgspec.DecodeError, ValueError, RecursionError):
        return None


def schema_in_words(schema: Mapping[str, Any]) -> str:
    """For servers without a mechanism of their own: what to append to the instructions."""
    shape = json.dumps(schema, ensure_ascii=False, separators=(",", ":"))
    return (
        "\n\nAnswer with one JSON object and nothing else: no explanation, no code fence."
        f" It must fit this JSON schema:\n{shape}"
    )
