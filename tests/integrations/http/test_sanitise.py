"""Values of any service's JSON, made fit to be kept: text, moments, objects."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ingagents.integrations.http.sanitise import (
    clean_text,
    flag_of,
    id_of,
    json_object_of,
    moment_of,
)
from tests.integrations.unipile.wire.test_http import NO_IDS_AT_ALL


@pytest.mark.parametrize(
    ("dirty", "clean"),
    [
        ("half an emoji \ud83d", "half an emoji \ufffd"),
        ("whole \ud83d\ude80", "whole 🚀"),
        ("nul\x00 bell\x07 \x85", "nul bell"),
        ("  two\nlines\t", "two\nlines"),
        (None, ""),
        (5, ""),
        (["x"], ""),
    ],
)
def test_text_can_be_stored_everywhere(dirty, clean):
    assert clean_text(dirty) == clean


def test_text_is_bounded():
    assert len(clean_text("🚀" * 50_000)) == 20_000
    assert clean_text("abcdef", 3) == "abc"


@pytest.mark.parametrize(
    "content",
    [b"", b"<html>", b'{"a": ', b"[1]", b"null", b"\xff\xfe", b"[" * 100_000, b"9" * 9999],
)
def test_what_is_no_json_object_is_none(content):
    assert json_object_of(content) is None


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("2027-03-01T09:00:00.123Z", datetime(2027, 3, 1, 9, 0, 0, 123_000, tzinfo=UTC)),
        ("2027-03-01T11:00:00+02:00", datetime(2027, 3, 1, 9, 0, tzinfo=UTC)),
        ("2027-03-01T09:00:00", datetime(2027, 3, 1, 9, 0, tzinfo=UTC)),
        (1_803_891_600_000, datetime(2027, 3, 1, 9, 0, tzinfo=UTC)),
        (1_803_891_600, datetime(2027, 3, 1, 9, 0, tzinfo=UTC)),
        (1_803_891_600.5, datetime(2027, 3, 1, 9, 0, 0, 500_000, tzinfo=UTC)),
        (1_803_891_600_000_000, datetime(2027, 3, 1, 9, 0, tzinfo=UTC)),
        (" 1803891600000 ", datetime(2027, 3, 1, 9, 0, tzinfo=UTC)),
        (" 1803891600", datetime(2027, 3, 1, 9, 0, tzinfo=UTC)),
        ("20270301", datetime(2027, 3, 1, tzinfo=UTC)),
        ("9" * 5000, None),
        (10**30, None),
        (float("nan"), None),
        (float("inf"), None),
        ("0001-01-01T00:00:00+14:00", None),
        ("2 months ago", None),
        (True, None),
        (None, None),
        ({}, None),
    ],
)
def test_moments_are_read_or_none(value, moment):
    assert moment_of(value) == moment


@pytest.mark.parametrize("yes", [1, True, 1.0, "1", "true", "True", " TRUE "], ids=repr)
def test_a_yes_is_one_however_it_is_written(yes):
    assert flag_of(yes)


@pytest.mark.parametrize(
    "no", [0, False, 0.0, "0", "", "false", "no", None, [], {}, [1], 2, "2"], ids=repr
)
def test_what_is_no_yes_is_a_no(no):
    assert not flag_of(no)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("a", "a"),
        (" a ", "a"),
        (5, "5"),
        (True, ""),
        (None, ""),
        ("a\x00", ""),
        (1.5, ""),
        *((bad, "") for bad in NO_IDS_AT_ALL),
    ],
)
def test_ids_are_kept_as_they_are_or_dropped(value, expected):
    assert id_of(value) == expected
