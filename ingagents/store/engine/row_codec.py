"""Structs as rows: a field stands in its struct and in the schema, and nowhere between."""

from __future__ import annotations

import types
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date, datetime
from enum import Enum
from operator import attrgetter
from typing import Any, Generic, Literal, TypeVar, Union, get_args, get_origin

import msgspec

from ingagents.model import Step
from ingagents.ports import Row
from ingagents.store.engine.codecs import moment, stamp, to_json

S = TypeVar("S", bound=msgspec.Struct)
_Convert = Callable[[Any], Any]

_AS_THEY_ARE = (str, int, float)
_KNOWN: Mapping[type, tuple[_Convert, _Convert]] = {
    bool: (int, bool),
    datetime: (stamp, moment),
    date: (date.isoformat, date.fromisoformat),
    Step: (str, Step.parse),
}
"""How a value is written, and how it is read back. None stays None and is asked about before."""


class RowCodec(Generic[S]):
    """The columns of a struct, which are called as its fields: how they are written and read.

    Enums are kept by their value, moments as `stamp` writes them, what has parts as JSON. Fields
    `without` a column are none of the row; `empty_for_none` are those whose column holds '' for
    None.
    """

    def __init__(
        self,
        kind: type[S],
        *,
        without: Collection[str] = (),
        empty_for_none: Collection[str] = (),
    ) -> None:
        fields = [one for one in msgspec.structs.fields(kind) if one.name not in without]
        self.names = tuple(one.name for one in fields)
        self.columns = ", ".join(self.names)
        self._kind = kind
        self._without = tuple(without)
        self._empty_for_none = tuple(empty_for_none)
        converted = [(one.name, both) for one in fields if (both := _conversion(one.type))]
        self._written = [(name, write) for name, (write, _) in converted]
        self._read = [(name, read) for name, (_, read) in converted]

    def columns_of(self, alias: str, **joined: Collection[str]) -> str:
        """The columns where a statement joins tables: those of `alias`, but `joined` of others."""
        of = {name: other for other, names in joined.items() for name in names}
        return ", ".join(f"{of.get(name, alias)}.{name}" for name in self.names)

    def values(self, item: S) -> dict[str, Any]:
        """What stands in the columns, by their names."""
        values = msgspec.structs.asdict(item)
        for name in self._without:
            del values[name]
        for name, write in self._written:
            if (value := values[name]) is not None:
                values[name] = write(value)
        for name in self._empty_for_none:
            if values[name] is None:
                values[name] = ""
        return values

    def row(self, item: S) -> tuple[Any, ...]:
        """What stands in the columns, in their order."""
        return tuple(self.values(item).values())

    def read(self, row: Row) -> S:
        """The struct of a row of exactly `columns`."""
        values = dict(zip(self.names, row, strict=True))
        for name in self._empty_for_none:
            if values[name] == "":
                values[name] = None
        for name, read in self._read:
            if (value := values[name]) is not None:
                values[name] = read(value)
        return self._kind(**values)


def insert_into(table: str, names: Iterable[str]) -> str:
    """The statement that adds a row of these columns, each by its own name."""
    names = tuple(names)
    return f"INSERT INTO {table} ({', '.join(names)}) VALUES ({placed(names)})"


def placed(names: Iterable[str]) -> str:
    """`:a, :b`, for values that are called as their columns."""
    return ", ".join(f":{name}" for name in names)


def assigned(names: Iterable[str]) -> str:
    """`a = :a, b = :b`, for values that are called as their columns."""
    return ", ".join(f"{name} = :{name}" for name in names)


def _conversion(annotation: Any) -> tuple[_Convert, _Convert] | None:
    """How values of a type are written and read; None when they stand as they are."""
    kind = _without_none(annotation)
    kind = getattr(kind, "__supertype__", kind)  # a NewType is what it was made of
    if kind in _KNOWN:
        return _KNOWN[kind]
    if kind in _AS_THEY_ARE or get_origin(kind) is Literal:
        return None
    if isinstance(kind, type) and issubclass(kind, Enum):
        return attrgetter("value"), kind
    return to_json, msgspec.json.Decoder(kind).decode


def _without_none(annotation: Any) -> Any:
    if get_origin(annotation) not in {Union, types.UnionType}:
        return annotation
    (kind,) = (one for one in get_args(annotation) if one is not type(None))
    return kind
