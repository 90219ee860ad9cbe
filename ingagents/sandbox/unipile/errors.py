"""Unipile's errors: which HTTP status each `type` travels with, and the body they share."""

from __future__ import annotations

import msgspec

STATUS = {
    "invalid_parameters": 400,
    "missing_parameters": 400,
    "malformed_request": 400,
    "invalid_url": 400,
    "too_many_characters": 400,
    "content_too_large": 400,
    "missing_credentials": 401,
    "disconnected_account": 401,
    "feature_not_subscribed": 403,
    "resource_not_found": 404,
    "invalid_resource_identifier": 404,
    "unsupported_media_type": 415,
    "already_connected": 422,
    "already_invited_recently": 422,
    "blocked_recipient": 422,
    "cannot_invite_attendee": 422,
    "cannot_resend_yet": 422,
    "insufficient_credits": 422,
    "invalid_recipient": 422,
    "limit_exceeded": 422,
    "no_connection_with_recipient": 422,
    "not_allowed_inmail": 422,
    "user_unreachable": 422,
    "feature_not_implemented": 501,
}
"""Every refusal the simulated market knows."""

_TITLES = {
    "already_invited_recently": "Should delay new invitation to this recipient",
    "request_timeout": "Request timed out",
}

_DETAILS = {
    # Whichever of its three causes it was: the text does not tell, and names the one way out.
    "cannot_resend_yet": "This cannot be sent yet. Try again later, or without a message.",
}


def error_body(status: int, error_type: str, detail: str = "") -> bytes:
    """The JSON body of an error; clients branch on `type`, never on the texts."""
    title = _TITLES.get(error_type) or error_type.replace("_", " ").capitalize()
    detail = detail or _DETAILS.get(error_type, "")
    body = {"title": title, "type": f"errors/{error_type}", "status": status}
    return msgspec.json.encode({**body, "detail": detail} if detail else body)
