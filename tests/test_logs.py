"""Logs: one format for ours and the libraries' lines, readable by machines, without secrets."""

from __future__ import annotations

import datetime as dt
import io
import json
import logging
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from ingagents.errors import TryLater
from ingagents.log import narrator, telling_time
from ingagents.logs import LogFormat, configure_logs, redacted

SECRET = "hunter2-and-more"  # no password of anything


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


Configure = Callable[..., io.StringIO]


@pytest.fixture
def configure(monkeypatch: pytest.MonkeyPatch) -> Iterator[Configure]:
    """Configures logs onto a stream of the test's, and puts everything back afterwards."""
    root = logging.getLogger()
    before = (list(root.handlers), root.level)
    quiet = {
        name: logging.getLogger(name).level
        for name in ("httpx", "httpcore", "asyncio", "uvicorn", "aiosmtplib", "tenacity")
    }
    monkeypatch.delenv("NO_COLOR", raising=False)

    def start(
        log_format: LogFormat, stream: io.StringIO | None = None, **options: Any
    ) -> io.StringIO:
        stream = stream or io.StringIO()
        monkeypatch.setattr(sys, "stderr", stream)
        configure_logs(log_format, **options)
        return stream

    yield start
    root.handlers[:], root.level = before
    for name, level in quiet.items():
        logging.getLogger(name).setLevel(level)
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


def call_the_service() -> None:
    raise TryLater(f"GET https://me:{SECRET}@host/ failed")


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_json_lines_carry_event_level_time_and_fields(configure: Configure) -> None:
    stream = configure("json")
    structlog.get_logger().info("job.done", job="search", found=3, at=dt.date(2027, 2, 8))
    (line,) = lines(stream)
    moment = dt.datetime.fromisoformat(line.pop("timestamp"))
    assert moment.utcoffset() == dt.timedelta(0)
    assert line == {
        "event": "job.done",
        "level": "info",
        "job": "search",
        "found": 3,
        "at": "2027-02-08",
    }


def test_odd_values_still_make_one_line_of_strict_json(configure: Configure) -> None:
    stream = configure("json")
    odd = {(1, 2): {"x"}, None: float("inf"), "b": b"\xff", "s": "two\nlines \ud800"}
    structlog.get_logger().info("odd", odd=odd, what=object())
    (line,) = (
        json.loads(text, parse_constant=lambda word: pytest.fail(f"{word} is no JSON"))
        for text in stream.getvalue().splitlines()
    )
    assert line["odd"]["(1, 2)"] == ["x"]
    assert line["odd"]["None"] == "inf"


def test_lines_of_libraries_go_through_the_same_renderer(configure: Configure) -> None:
    stream = configure("json")
    logging.getLogger("some.library").warning("got %s with api_key=%s", 429, SECRET)
    (line,) = lines(stream)
    assert line["event"] == "got 429 with api_key=[hidden]"
    assert line["level"] == "warning"
    assert "timestamp" in line


def test_a_traceback_stays_inside_its_line_and_without_secrets(configure: Configure) -> None:
    stream = configure("json")
    for log in (structlog.get_logger(), logging.getLogger("some.library")):
        try:
            call_the_service()
        except TryLater:
            log.exception("agent.failed")
    assert SECRET not in stream.getvalue()
    for line in lines(stream):
        assert "TryLater" in line["exception"]
        assert "[hidden]@host" in line["exception"]


def test_context_is_added_to_every_line(configure: Configure) -> None:
    stream = configure("json")
    structlog.contextvars.bind_contextvars(agent="outreach", token=SECRET)
    structlog.get_logger().info("one")
    logging.getLogger("some.library").warning("two")
    assert [line["agent"] for line in lines(stream)] == ["outreach", "outreach"]
    assert SECRET not in stream.getvalue()


@pytest.mark.parametrize(
    ("level", "heard"),
    [
        ("debug", ["debug", "info", "warning"]),
        ("INFO", ["info", "warning"]),
        ("warning", ["warning"]),
        ("nonsense", ["info", "warning"]),
    ],
)
def test_only_lines_of_the_level_are_written(
    configure: Configure, level: str, heard: list[str]
) -> None:
    stream = configure("json", level=level)
    for log in (structlog.get_logger(), logging.getLogger("some.library")):
        log.debug("debug")
        log.info("info")
        log.warning("warning")
    assert [line["event"] for line in lines(stream)] == heard * 2


def test_request_lines_of_http_libraries_are_not_repeated(configure: Configure) -> None:
    stream = configure("json", level="debug")
    logging.getLogger("httpx").info("HTTP Request: GET https://host/?key=%s", SECRET)
    assert stream.getvalue() == ""


def test_configuring_twice_does_not_write_twice(configure: Configure) -> None:
    configure("json")
    stream = configure("json")
    structlog.get_logger().info("once")
    assert len(lines(stream)) == 1


def test_the_console_is_plain_when_nobody_sits_there(configure: Configure) -> None:
    stream = configure("console")
    structlog.get_logger().info("job.done", job="search", api_key=SECRET)
    logging.getLogger("some.library").warning("a library speaks")
    text = stream.getvalue()
    assert "\x1b" not in text
    assert "job.done" in text
    assert "job=search" in text
    assert "a library speaks" in text
    assert SECRET not in text


@pytest.mark.parametrize(("no_color", "coloured"), [(None, True), ("", True), ("1", False)])
def test_a_terminal_gets_colours_unless_no_color_is_set(
    configure: Configure, monkeypatch: pytest.MonkeyPatch, no_color: str | None, coloured: bool
) -> None:
    if no_color is not None:
        monkeypatch.setenv("NO_COLOR", no_color)
    stream = configure("console", Terminal())
    structlog.get_logger().info("job.done")
    assert ("\x1b[" in stream.getvalue()) is coloured


def test_text_from_outside_cannot_steer_the_terminal_or_forge_a_line(configure: Configure) -> None:
    stream = configure("console")
    evil = "x\x1b[2J\r\x9b31m\x07\n2027-02-08 [info] all is well"
    structlog.get_logger().info("profile", name=evil, headline="a\x1b]0;b\x07")
    logging.getLogger("some.library").warning(evil)
    assert len(stream.getvalue().splitlines()) == 2
    assert not set(stream.getvalue()) & set("\x1b\x9b\x07\r")


@pytest.mark.parametrize(
    "name",
    [
        "api_key",
        "apiKey",
        "X-API-KEY",
        "password",
        "client_secret",
        "access_token",
        "Authorization",
        "Set-Cookie",
        "credentials",
    ],
)
def test_what_is_named_like_a_secret_is_hidden_at_any_depth(name: str) -> None:
    deep = {"a": [({"b": {name: SECRET, "c": 1}},)], name: {"value": SECRET}}
    assert redacted(deep) == {"a": [[{"b": {name: "[hidden]", "c": 1}}]], name: "[hidden]"}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"Authorization: Bearer {SECRET}", "Authorization: Bearer [hidden]"),
        (f"'authorization': 'Basic {SECRET}'", "'authorization': 'Basic [hidden]'"),
        (f"bearer {SECRET}, then", "bearer [hidden], then"),
        (f"https://host/?api_key={SECRET}&x=1", "https://host/?api_key=[hidden]&x=1"),
        (f"https://host/?access_token={SECRET}", "https://host/?access_token=[hidden]"),
        (f'{{"X-API-KEY": "{SECRET}"}}', '{"X-API-KEY": "[hidden]"}'),
        (f"{{'password': '{SECRET}'}}", "{'password': '[hidden]'}"),
        (f"postgresql://me:{SECRET}@host/db", "postgresql://[hidden]@host/db"),
        (f"postgresql://me:p@{SECRET}@host/db", "postgresql://[hidden]@host/db"),
        (f"redis://:{SECRET}@host", "redis://[hidden]@host"),
        ("key sk-abcdefghijklmnop here", "key [hidden] here"),
        ("https://host:8080/a@b", "https://host:8080/a@b"),
        ("mail to me@example.com at 10:15", "mail to me@example.com at 10:15"),
        ("the risk-management lead", "the risk-management lead"),
    ],
)
def test_what_looks_like_a_secret_is_hidden_in_any_text(text: str, shown: str) -> None:
    assert redacted(text) == shown
    assert redacted([text.encode()]) == [shown]
    assert redacted(TryLater(text)) == shown


def test_wrapped_secrets_and_empty_ones_show_nothing_and_that_nothing_is_there() -> None:
    assert SECRET not in str(redacted([SecretStr(SECRET)]))
    assert redacted({"password": "", "token": None}) == {"password": "", "token": None}


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=20,
    )
)
def test_whatever_is_logged_becomes_json(value: Any) -> None:
    once = redacted(value)
    json.dumps(once, allow_nan=False)
    assert redacted(once) == once


@pytest.mark.parametrize(
    "piece", ["bearer ", "://", "://a:", "token=", "authorization:", "sk-", "a"]
)
def test_long_hostile_text_is_read(piece: str) -> None:
    """In a time that grows with its length: a pattern that goes back and forth would never end."""
    redacted(piece * (200_000 // len(piece)))


@pytest.mark.parametrize("by", ["ours", "a library's"])
def test_lines_carry_the_departments_time_while_one_is_open(configure: Configure, by: str) -> None:
    stream = configure("json")
    log = narrator() if by == "ours" else logging.getLogger("some.library")
    sandbox = dt.datetime(2027, 2, 8, 9, 0, tzinfo=dt.timezone(dt.timedelta(hours=1)))
    with telling_time(lambda: sandbox):
        log.warning("a.fact")
        with telling_time(lambda: sandbox + dt.timedelta(days=1)):
            pass
        log.warning("a.fact")
    log.warning("a.fact")
    first, second, after = (line["timestamp"] for line in lines(stream))
    assert first == second == "2027-02-08T08:00:00.000000Z"
    assert after != first, "the machine's again"
