"""What a model server complains of, in whatever shape: read from anywhere in the body, and judged.

Servers that speak a vendor's dialect answer errors in their own frameworks' shapes, put a
provider's error into theirs, and some send it with status 200.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from typing import Any

import msgspec

from ingagents.errors import AccountBlocked, BadAnswer, RequestRefused, ServiceError, TryLater
from ingagents.integrations.http.sanitise import words_of

_DEEPEST, _MOST = 10, 200
_WORDS_MAX, _WORD_MAX, _CODE_MAX = 4_000, 2_000, 80
_MARKUP = re.compile(
    r"<(script|style)\b.{0,20000}?</\1\s*>|<[^<>]{0,2000}>", re.IGNORECASE | re.DOTALL
)

_CODES = frozenset(
    {"type", "code", "error_code", "errorcode", "error_type", "param", "status", "reason", "kind"}
)
_STATUSES = frozenset({"code", "status", "status_code", "statuscode", "http_status", "http_code"})
_NOT_SAID = frozenset(
    {"input", "ctx", "url", "object", "id", "user", "user_id", "request_id", "requestid", "domain"}
    | {"trace_id", "timestamp", "documentation_url", "doc_url", "@type", "flagged_input", "model"}
)
"""What repeats our own question or is said to machines: it neither explains nor may be logged."""

_MONEY = re.compile(
    r"insufficient[_ -]?(quota|credit|balance|fund)|spend_limit|payment"
    r"|organization_on_hold|credit balance|credits? (are |is |have been )?(depleted|exhausted)"
    r"|(out of|no|not enough|more) credits?\b|balance (is )?(too low|not enough|insufficient)"
    r"|in arrears|arrearage|(?<!plan and )billing",
    re.IGNORECASE,
)
"""Refusals that no waiting mends. `ramp_limit_exceeded` is not among them: it says when to retry;
neither is Google's limit of a minute, which bids to check "your plan and billing details" too."""
_KEY = re.compile(
    r"api[ _-]?key.{0,40}(not valid|invalid|expired|missing|incorrect|not found|required|revoked)"
    r"|(invalid|incorrect|wrong|missing|expired|no|provide an?)[ _-](api|access)[ _-]?(key|token)"
    r"|authentication_error|unauthenticated|unauthori[sz]ed|not authenticated"
    r"|no auth credentials|log ?in (fail|required|again)|permission_denied|permission_error",
    re.IGNORECASE,
)
_BUSY = re.compile(
    r"rate[ _-]?limit|too[ _-]many[ _-]requests|resource_exhausted|throttl|overloaded|quota"
    r"|(at|over|no|out of) capacity",
    re.IGNORECASE,
)
_DOWN = re.compile(
    r"unavailable|time[ds]?[ _-]?out|(is|still|being) load(ing|ed)|server[ _]?error|api_error"
    r"|internal( |_|$)|upstream|bad gateway|try again later",
    re.IGNORECASE,
)
_WRONG = re.compile(
    r"invalid|not (support|permit|allow|known|available|recogni|enabled)|unsupported|unknown|bad.req"
    r"|unrecogni|unexpected|extra (input|field)|malformed|validation|does not (support|accept|exist)",
    re.IGNORECASE,
)
_CONTENT = re.compile(
    r"content[ _-]?(filter|polic|management|moderation|violation|safety)|contentpolicy|moderation"
    r"|(usage|acceptable use|safety|responsible ai) polic|policy[ _-]violation|responsibleai"
    r"|safety (system|filter|reason|setting|check)|(flagged|blocked|rejected|refused).{0,40}"
    r"(safety|polic|filter|inappropriate|harm|moderat)|prohibited_content|data_inspection"
    r"|(input|prompt|content|text|request|message)s? (was |were |is |are |has been )?flagged"
    r"|inappropriate content|harmful|sensitive (content|word|information)|jailbreak|blocklist",
    re.IGNORECASE,
)
_MEANT = ((_MONEY, 402), (_KEY, 401), (_CONTENT, 400), (_BUSY, 429), (_DOWN, 503), (_WRONG, 400))
_SUSPENDED = re.compile(
    r"suspended|deactivated|banned|account.{0,40}(disabled|blocked)", re.IGNORECASE
)
_LATER = frozenset({408, 409, 425, 429})
_OF_CONTENT = frozenset({400, 403, 406, 422, 451})


class Complaint(msgspec.Struct, frozen=True, kw_only=True):
    """What is said to be wrong. `status` is one named in the body, 0 for none; `pause` in seconds."""

    code: str = ""
    words: str = ""
    status: int = 0
    pause: float | None = None

    def __bool__(self) -> bool:
        return bool(self.code or self.words or self.status)

    @property
    def said(self) -> str:
        """Codes and words together, to look for words in."""
        return f"{self.code} {self.words}"


def complaint_of(content: bytes) -> Complaint:
    """The complaint in a body's bytes: JSON of any shape, else plain text or HTML without its tags."""
    try:
        value = json.loads(content)
    except (ValueError, RecursionError):
        value = html.unescape(_MARKUP.sub(" ", content[:50_000].decode("utf-8", "replace")))
    return complaint_in(value)


def complaint_in(value: object) -> Complaint:
    """The complaint in a decoded body, looked for at every depth; the first words come first."""
    codes: list[str] = []
    words: list[str] = []
    status, pause = 0, None
    for key, leaf in _leaves(value):
        number = _whole(leaf)
        if key in _STATUSES and 400 <= number < 600:
            status = status or number
        elif isinstance(leaf, str) and not leaf.strip().isdecimal():
            if key == "retrydelay":
                pause = _seconds(leaf) if pause is None else pause
                continue
            one = words_of(leaf, _WORD_MAX)
            # Some servers put whole sentences under `code` or `reason`.
            short = key in _CODES and len(one) <= _CODE_MAX and one.count(" ") < 4
            if one.lower() != "error":
                (codes if short else words).append(one)
    return Complaint(
        code=" ".join(filter(None, dict.fromkeys(codes)))[:_WORDS_MAX],
        words="; ".join(filter(None, dict.fromkeys(words)))[:_WORDS_MAX],
        status=status,
        pause=pause,
    )


def _leaves(value: object) -> Iterator[tuple[str, Any]]:
    """What stands in a value, each with the name it stands under; breadth does not matter."""
    waiting: list[tuple[str, Any, int]] = [("", value, 0)]
    for _ in range(_MOST):
        if not waiting:
            return
        key, found, depth = waiting.pop()
        if isinstance(found, dict) and depth < _DEEPEST:
            named = [(str(name).lower(), one) for name, one in list(found.items())[:_MOST]]
            inner = [(name, one, depth + 1) for name, one in named if name not in _NOT_SAID]
            waiting += reversed(inner)
        elif isinstance(found, list) and depth < _DEEPEST:
            waiting += [(key, one, depth + 1) for one in reversed(found[:_MOST])]
        else:
            yield key, found


def _whole(value: object) -> int:
    if isinstance(value, str) and len(value) < 10 and value.strip().isdecimal():
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def _seconds(text: str) -> float | None:
    """Google's way to write a pause: "34.07s"."""
    found = re.fullmatch(r"(\d{1,9}(?:\.\d{1,9})?)s", text.strip())
    return float(found[1]) if found else None


def is_of_the_content(said: str) -> bool:
    """Whether what was asked about is refused, by a filter or a policy, and not how it was asked."""
    return bool(_CONTENT.search(said)) and not _SUSPENDED.search(said)


def meant_status(complaint: Complaint) -> int:
    """The status an error inside an answer of 200 stands for; 0 when nothing tells."""
    if complaint.status:
        return complaint.status
    said = complaint.said
    return next((status for words, status in _MEANT if words.search(said)), 0)


def verdict_on(status: int, said: str) -> tuple[type[ServiceError], str]:
    """The error for a status and what was said with it, and what the user does about it."""
    if status in _OF_CONTENT and is_of_the_content(said):
        return RequestRefused, "the server's filter refuses what was asked; the rules decide"
    if status == 402 or _MONEY.search(said):
        return AccountBlocked, "settle the account's billing or limit with the vendor"
    if status in {401, 403} or (400 <= status < 500 and status != 429 and _KEY.search(said)):
        return AccountBlocked, "check the API key and what it may do; `ingagents doctor` asks again"
    if status in _LATER or (status >= 500 and status != 501):
        return TryLater, "the rules decide meanwhile; try again later"
    if 300 <= status < 400:
        return BadAnswer, "the base_url leads elsewhere; correct it"
    return RequestRefused, "check the model's name and the settings with `ingagents doctor`"
