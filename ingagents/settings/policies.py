"""Policies from settings: by the names of their fields, so that a new one is copied nowhere."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import cache
from inspect import signature
from typing import Any, TypeVar

from ingagents.settings.sections import Section

P = TypeVar("P")

_UNITS = ("days", "hours", "minutes", "seconds")


def policy_of(kind: Callable[..., P], *tables: Section, **given: Any) -> P:
    """A policy whose fields are `given`, or stand under the same name in one of the tables.

    A duration may stand there with its unit: `keep_history_days` fills `keep_history`. What is
    found nowhere keeps its default; the first table that has a name wins.
    """
    names = [name for name in _fields(kind) if name not in given]
    for name in names:
        for table in tables:
            if name in type(table).model_fields:
                given.setdefault(name, getattr(table, name))
            for unit in _UNITS:
                if f"{name}_{unit}" in type(table).model_fields:
                    amount = getattr(table, f"{name}_{unit}")
                    given.setdefault(name, timedelta(**{unit: amount}))
    return kind(**given)


@cache
def _fields(kind: Callable[..., Any]) -> tuple[str, ...]:
    return tuple(signature(kind).parameters)
