"""What Unipile's error types mean: for reads which error of ours, for sends what to do next.

One table, from the vendor's own definition of v1; branch on `type`, never on text.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from ingagents.errors import (
    AccountBlocked,
    BadAnswer,
    PersonRefused,
    RequestRefused,
    ServiceError,
    TryLater,
)
from ingagents.integrations.http.sanitise import words_of
from ingagents.model import Refusal


class Verdict(NamedTuple):
    """What one kind of refusal means: the error for reads, and for sends what to do next.

    `refusal` None means that the act may have happened all the same.
    """

    error: type[ServiceError]
    refusal: Refusal | None


_OURS = Verdict(RequestRefused, Refusal.OUR_MISTAKE)
_BLOCKED = Verdict(AccountBlocked, Refusal.ACCOUNT_BLOCKED)
_PERSON = Verdict(PersonRefused, Refusal.THIS_PERSON)
_LATER = Verdict(TryLater, Refusal.RETRY_LATER)
_LIMIT = Verdict(TryLater, Refusal.LIMIT_REACHED)
_LONG = Verdict(RequestRefused, Refusal.TOO_LONG)
_DOWN = Verdict(TryLater, None)

# Every error type of the service's definition, v1 (its own `errors/` prefix left off).
# `already_exists`, `operation_canceled` and `action_already_performed` count as unknown for sends:
# the thing that exists already may be ours, and looking it up costs less than being wrong.
_TABLE: Mapping[Verdict, str] = {
    _OURS: """invalid_parameters missing_parameters malformed_request invalid_url
        unescaped_characters invalid_request unsupported_media_type feature_not_subscribed
        subscription_required resource_access_restricted invalid_message invalid_post
        unprocessable_entity limit_too_high""",
    _LONG: "too_many_characters content_too_large",
    _BLOCKED: """missing_credentials disconnected_account expired_credentials
        invalid_credentials checkpoint_error multiple_sessions wrong_account
        captcha_not_supported insufficient_privileges disconnected_feature expired_link
        invalid_checkpoint_solution account_restricted insufficient_permissions
        account_mismatch session_mismatch unknown_authentication_context action_required
        invalid_account payment_error""",
    _PERSON: """resource_not_found invalid_resource_identifier invalid_recipient
        cannot_invite_attendee user_unreachable blocked_recipient not_allowed_inmail
        cant_send_message""",
    Verdict(PersonRefused, Refusal.ALREADY_INVITED): "already_invited_recently",
    Verdict(PersonRefused, Refusal.ALREADY_CONNECTED): "already_connected",
    Verdict(PersonRefused, Refusal.NOT_CONNECTED): "no_connection_with_recipient",
    _LIMIT: """cannot_resend_within_24hrs limit_exceeded insufficient_credits
        connection_limit_reached""",
    Verdict(TryLater, Refusal.CANNOT_RESEND): "cannot_resend_yet",
    _LATER: "too_many_requests provider_unreachable proxy_auth_error auth_in_progress",
    _DOWN: """request_timeout unexpected_error provider_error authentication_intent_error
        proxy_error no_client_session no_channel no_handler network_down
        service_unavailable operation_canceled""",
    Verdict(RequestRefused, None): "feature_not_implemented already_exists",
    Verdict(PersonRefused, None): "action_already_performed",
}
ERRORS: Mapping[str, Verdict] = {
    name: verdict for verdict, names in _TABLE.items() for name in names.split()
}
"""Error type -> what it means. Types that are not here are judged by their HTTP status."""

_BY_STATUS: Mapping[int, Verdict] = {
    401: _BLOCKED,
    402: _BLOCKED,
    403: _BLOCKED,
    404: _PERSON,
    407: _LATER,
    408: _DOWN,
    409: Verdict(RequestRefused, None),
    410: _PERSON,
    413: _LONG,
    425: _LATER,
    429: _LATER,
    501: Verdict(RequestRefused, None),
}

_REMEDIES: Mapping[type[ServiceError], str] = {
    AccountBlocked: "log the LinkedIn account in again at Unipile; nothing is sent until then",
    PersonRefused: "this person is left out",
    RequestRefused: "do not repeat it; run `ingagents doctor` to check the settings",
    TryLater: "nothing is lost, try again later",
    BadAnswer: "try again later; if it stays so, check linkedin.base_url",
}
_SPECIAL_REMEDIES: Mapping[str, str] = {
    "missing_credentials": "set INGAGENTS_LINKEDIN__API_KEY to the key of the Unipile dashboard",
    "account_restricted": "stop, and see on LinkedIn what it asks of this account",
    "payment_error": "settle the subscription at Unipile",
}


def verdict_on(status: int, code: str) -> Verdict:
    """What an error answer means; `code` is its type, with or without `errors/`, empty if none.

    A server's error (5xx) or a time-out leaves a send unknown, whatever type it names.
    """
    known = ERRORS.get(plain_code(code)) or _by_status(status, code)
    if status >= 500 or status == 408 or status < 400:
        return Verdict(known.error, None)
    return known


def _by_status(status: int, code: str) -> Verdict:
    if 300 <= status < 400:
        return Verdict(BadAnswer, None)
    if status == 404 and not code:
        # Not the service speaks but some other server: the address is wrong, not the person.
        return _OURS
    return _BY_STATUS.get(status, _DOWN if status >= 500 else _OURS)


def plain_code(value: object) -> str:
    """An error's type without its `errors/`, fit to be looked up and shown."""
    return words_of(value, 80).lower().removeprefix("errors/")


def remedy_for(error: type[ServiceError], code: str = "") -> str:
    """What a person does about an error."""
    return _SPECIAL_REMEDIES.get(code, _REMEDIES[error])
