"""What Unipile v2 is asked where v1 was, and how its answers read as v1's: pure, both ways.

Only what the vendor's own definition or pages say of v2 is used for an act. What is not confirmed is
read where it is found and missed where it is not: the words of refusals that LinkedIn gave (a refusal
of the provider's may have any reason, so an act it ended is a doubt and is read back), the account's
paid features, webhooks.

    v1                              v2
    accounts/ID                     accounts/ID
    users/relations                 users/me/relations
    users/invite, users/invite/sent users/me/relation-requests
    users/invite/sent/ID (DELETE)   users/me/relation-requests/ID/cancel (POST)
    chats (POST)                    chats/send
    chat_attendees/ID/chats         users/ID/chat
    linkedin/search                 linkedin/search/people, linkedin/sales-navigator/search/people
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from ingagents.integrations.http.sanitise import JsonObject, line_of, object_of, objects_of
from ingagents.integrations.unipile.wire.errors import ERRORS

Form = Sequence[tuple[str, tuple[None, str]]]


class Asked(NamedTuple):
    """A request of v2. `of_account`: below the account's own address."""

    method: str
    path: str
    params: dict[str, Any]
    json: JsonObject | None = None
    of_account: bool = True


_OFFSET = re.compile(r"offset:(\d{1,9})")
_CANCEL = re.compile(r"users/invite/sent/([^/]+)")
_WITH = re.compile(r"chat_attendees/([^/]+)/chats")
_ACCOUNT = re.compile(r"accounts/[^/]+")
_REQUESTS = "users/me/relation-requests"


def to_v2(
    method: str,
    path: str,
    params: Mapping[str, Any] | None,
    json: JsonObject | None,
    files: Form | None,
) -> Asked:
    """The request of v2 that asks for the same."""
    asked = {name: value for name, value in (params or {}).items() if name != "account_id"}
    body = {name: value for name, value in (json or {}).items() if name != "account_id"}
    if _ACCOUNT.fullmatch(path):
        return Asked("GET", path, {}, of_account=False)
    if found := _WITH.fullmatch(path):
        return Asked("GET", f"users/{found[1]}/chat", {})
    if method == "DELETE" and (found := _CANCEL.fullmatch(path)):
        return Asked("POST", f"{_REQUESTS}/{found[1]}/cancel", {}, {})
    match method, path:
        case "POST", "users/invite":
            note = {"message": body["message"]} if "message" in body else {}
            return Asked("POST", _REQUESTS, {}, {"user_id": body.get("provider_id"), **note})
        case _, "users/invite/sent":
            found = _OFFSET.fullmatch(str(asked.get("cursor", "")))
            start = {"offset": int(found[1]) if found else 0}
            return Asked("GET", _REQUESTS, {"type": "sent", "limit": asked.get("limit"), **start})
        case _, "users/relations":
            return Asked("GET", "users/me/relations", asked)
        case "POST", "chats":
            given = {name: value for name, (_, value) in files or ()}
            told = {"text": given.get("text"), "users_ids": [given.get("attendees_ids")]}
            return Asked("POST", "chats/send", {}, told)
        case "POST", "linkedin/search":
            sales = body.get("api") == "sales_navigator"
            view = "linkedin/sales-navigator/search/people" if sales else "linkedin/search/people"
            kept = {name: value for name, value in body.items() if name not in {"api", "category"}}
            return Asked("POST", view, asked, kept)
        case _, other:
            if "linkedin_sections" in asked:
                asked["with_sections"] = asked.pop("linkedin_sections")
            asked.pop("account_type", None)
            return Asked(method, other, asked, body if json is not None else None)


def from_v2(path: str, asked: Mapping[str, str], body: JsonObject) -> JsonObject:
    """An answer as v1 would have given it; `path` is v1's, `asked` what stood in the query."""
    if _CANCEL.fullmatch(path):
        return {"object": "InvitationCanceled"}
    if _ACCOUNT.fullmatch(path):
        state = _STATES.get(line_of(body.get("status"), 20).lower(), "ERROR")
        return {**body, "sources": [{"id": body.get("id"), "status": state}]}
    if _WITH.fullmatch(path):
        return {"items": [_chat(body)] if body.get("id") else []}
    if path == "users/invite" and body.get("id"):
        return {"object": "UserInvitationSent", "invitation_id": body["id"]}
    if path == "chats" and "data" not in body:
        if not {"chat_id", "message_id"} & body.keys():
            return body
        ids = body.get("message_id")
        first = ids[0] if isinstance(ids, list) and ids else ids
        return {"object": "ChatStarted", "chat_id": body.get("chat_id"), "message_id": first}
    if "data" in body:
        return _list(path, asked, body)
    return _person(body)


def code_of(kind: object) -> str:
    """v1's name for an error type of v2; what may have any reason reads as "may exist already"."""
    name = line_of(kind, 80).lower()
    if name in _CODES:
        return _CODES[name]
    whose, _, rest = name.partition("/")
    return "already_exists" if whose == "provider" or rest not in ERRORS else rest


_STATES = {
    "running": "OK",
    "error": "ERROR",
    "disconnected": "CREDENTIALS",
    "paused": "STOPPED",
}
_CODES: Mapping[str, str] = {
    "api/missing_authorization": "missing_credentials",
    "api/expired_authorization": "expired_credentials",
    "api/inactive_subscription": "payment_error",
    "api/internal_error": "unexpected_error",
    "api/not_implemented": "feature_not_implemented",
    "api/proxy_timeout": "request_timeout",
    "provider/invalid_authorization": "invalid_credentials",
    "provider/invalid_credentials": "invalid_credentials",
    "provider/account_mismatch": "account_mismatch",
    "provider/unknown_authentication_context": "unknown_authentication_context",
    "provider/resource_not_found": "resource_not_found",
    "provider/invalid_parameters": "invalid_parameters",
    "provider/method_not_allowed": "invalid_request",
    "provider/too_many_requests": "too_many_requests",
    "provider/server_error": "provider_error",
    "provider/timeout": "request_timeout",
}


def _list(path: str, asked: Mapping[str, str], body: JsonObject) -> JsonObject:
    data = body.get("data")
    items = data if isinstance(data, list) else None
    read = _ITEMS.get(path, _message if path.endswith("/messages") else _person)
    shown = None if items is None else [read(object_of(one)) for one in items]
    cursor = body.get("next_cursor")
    if path == "users/invite/sent" and items and not cursor:
        end = int(asked.get("offset") or 0) + len(items)
        total = body.get("total_count")
        more = end < total if isinstance(total, int) else len(items) >= int(asked.get("limit", 1))
        cursor = f"offset:{end}" if more else None
    paging = {"total_count": body["total_count"]} if "total_count" in body else {}
    return {"items": shown, "cursor": cursor, "paging": paging}


def _person(shown: JsonObject) -> JsonObject:
    """A user, a profile or a hit."""
    told = dict(shown)
    if not told.get("provider_id"):
        told["provider_id"] = shown.get("id")
    told.setdefault("name", shown.get("display_name"))
    told.pop("object", None)
    request = object_of(shown.get("relation_request"))
    if status := line_of(shown.get("relation_request_status"), 30).upper():
        kind = line_of(request.get("type"), 20).upper() or "SENT"
        told["invitation"] = {"type": kind, "status": status}
    return told


def _relation(shown: JsonObject) -> JsonObject:
    user = _person(object_of(shown.get("user")))
    return {**user, "member_id": user.get("provider_id"), "created_at": shown.get("created_at")}


def _request(shown: JsonObject) -> JsonObject:
    user = object_of(shown.get("user"))
    return {
        "id": shown.get("id"),
        "invited_user": user.get("display_name"),
        "invited_user_id": user.get("id"),
        "invited_user_public_id": user.get("public_identifier"),
        "parsed_datetime": shown.get("created_at"),
        "invitation_text": shown.get("message"),
    }


def _chat(shown: JsonObject) -> JsonObject:
    users = objects_of(shown.get("users"))
    other = users[0].get("id") if len(users) == 1 else None
    return {**shown, "attendee_provider_id": shown.get("attendee_provider_id") or other}


def _message(shown: JsonObject) -> JsonObject:
    flags = {one: shown.get(f"is_{one}") for one in ("hidden", "deleted")}
    return {**shown, **{name: value for name, value in flags.items() if value is not None}}


_ITEMS = {
    "users/relations": _relation,
    "users/invite/sent": _request,
    "chats": _chat,
}
