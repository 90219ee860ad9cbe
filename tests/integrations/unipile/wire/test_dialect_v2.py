"""v2's answers read as v1's, whatever is missing, null or of another type; and what its errors mean."""

from __future__ import annotations

from typing import Any

import pytest

from ingagents.integrations.unipile.wire.dialect_v2 import code_of, from_v2, to_v2
from ingagents.integrations.unipile.wire.errors import ERRORS, verdict_on
from ingagents.model import Refusal

PATHS = (
    "accounts/acc_1",
    "users/me",
    "users/relations",
    "users/invite",
    "users/invite/sent",
    "users/invite/sent/7",
    "users/ACoAA1",
    "chats",
    "chats/2-x/messages",
    "chat_attendees/ACoAA1/chats",
    "linkedin/search",
)
ODD: tuple[Any, ...] = (
    None,
    0,
    True,
    "x",
    [],
    {},
    [None],
    {"id": None},
    [{"user": 7}],
    "2027-99-99",
    -1,
)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("odd", ODD)
def test_no_answer_of_another_shape_breaks_the_reading(path, odd):
    fields = ("data", "id", "user", "users", "status", "message_id", "next_cursor", "total_count")
    for field in (*fields, "relation_request", "relation_request_status", "display_name"):
        assert isinstance(from_v2(path, {}, {field: odd}), dict)
    assert isinstance(from_v2(path, {"offset": "x"}, {}), dict)


@pytest.mark.parametrize(
    ("kind", "status", "refusal"),
    [
        ("api/too_many_requests", 429, Refusal.RETRY_LATER),
        ("provider/too_many_requests", 429, Refusal.RETRY_LATER),
        ("api/missing_authorization", 401, Refusal.ACCOUNT_BLOCKED),
        ("api/account_restricted", 403, Refusal.ACCOUNT_BLOCKED),
        ("provider/invalid_credentials", 401, Refusal.ACCOUNT_BLOCKED),
        ("provider/resource_not_found", 404, Refusal.THIS_PERSON),
        ("api/invalid_parameters", 400, Refusal.OUR_MISTAKE),
        ("provider/timeout", 504, None),
        ("provider/unprocessable_entity", 422, None),
        ("provider/conflict", 409, None),
        ("provider/insufficient_permissions", 403, None),
        ("provider/something_new", 422, None),
        ("api/something_new", 400, None),
    ],
)
def test_what_may_have_any_reason_is_a_doubt_and_never_a_no(kind, status, refusal):
    assert verdict_on(status, code_of(kind)).refusal is refusal
    assert code_of(kind) in ERRORS


def test_pages_by_number_go_on_until_all_are_read():
    asked = to_v2("GET", "users/invite/sent", {"account_id": "acc_1", "limit": 2}, None, None)
    assert (asked.path, asked.params["offset"]) == ("users/me/relation-requests", 0)
    assert "account_id" not in asked.params
    page = from_v2("users/invite/sent", {"limit": "2", "offset": "0"}, {"data": [{}, {}]})
    assert page["cursor"] == "offset:2"
    more = {"limit": 2, "cursor": page["cursor"]}
    assert to_v2("GET", "users/invite/sent", more, None, None).params["offset"] == 2
    last = {"data": [{}], "total_count": 3}
    assert from_v2("users/invite/sent", {"limit": "2", "offset": "2"}, last)["cursor"] is None
