"""The tree of errors: one line for people, a stable kind, the exit code the shell sees."""

from __future__ import annotations

import copy
import pickle
import re
from collections.abc import Iterator

import pytest

from ingagents import errors
from ingagents.errors import IngagentsError, ServiceError, TryLater


def family(root: type[IngagentsError] = IngagentsError) -> Iterator[type[IngagentsError]]:
    yield root
    for child in root.__subclasses__():
        yield from family(child)


EVERY = [cls for cls in family() if cls.__module__ == errors.__name__]
CODES = {
    "UsageError": 2,
    "SettingsError": 2,
    "StoreLocked": 75,
    "CommitUnknown": 75,
    "LeaseLost": 75,
    "BusyElsewhere": 75,
    "Paused": 75,
    "TryLater": 75,
    "BadAnswer": 75,
    "WrongAnswer": 75,
}


@pytest.mark.parametrize("cls", EVERY)
def test_every_error_has_an_exit_code_a_kind_and_a_docstring(cls: type[IngagentsError]) -> None:
    assert cls.exit_code == CODES.get(cls.__name__, 1)
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", cls.kind)
    assert cls.__doc__
    assert cls.__name__ in (errors.__doc__ or "")


def test_every_kind_is_of_one_error_alone() -> None:
    kinds = [cls.kind for cls in EVERY]
    assert len(set(kinds)) == len(kinds)


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (IngagentsError("it broke", "mend it"), "error: failed: it broke; mend it"),
        (IngagentsError("it broke"), "error: failed: it broke"),
        (
            TryLater("no\nanswer\t at all", "wait"),
            "error: service-unavailable: no answer at all; wait",
        ),
        (IngagentsError("\x1b[31mred\x07"), "error: failed: ?[31mred?"),
        (IngagentsError("lone \ud800"), "error: failed: lone ?"),
        (IngagentsError("Grüße – 你好"), "error: failed: Grüße – 你好"),
    ],
)
def test_an_error_is_one_line_that_cannot_steer_a_terminal(
    error: IngagentsError, line: str
) -> None:
    assert error.line() == line
    error.line().encode()


def test_a_service_error_knows_what_the_service_said() -> None:
    error = ServiceError("no", service="unipile", status=422, code="errors/limit")
    assert (error.service, error.status, error.code) == ("unipile", 422, "errors/limit")
    assert error.retry_after_seconds is None
    assert str(error) == "no"


@pytest.mark.parametrize("cls", EVERY)
def test_errors_survive_copying_and_pickling(cls: type[IngagentsError]) -> None:
    error = cls("what", "remedy")
    for again in (copy.copy(error), pickle.loads(pickle.dumps(error))):
        assert (type(again), again.line()) == (cls, error.line())
