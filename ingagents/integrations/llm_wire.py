"""What both model vendors have in common on the wire: errors, time limits, repeats, reading JSON.

The vendors' SDKs build the requests; their answers are read here from the bytes as they came, for
compatible servers send half of what the SDKs' types promise.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Awaitable, Callable, Iterator
from typing import Any, NamedTuple

import anyio
import httpx2
import msgspec

from ingagents.errors import (
    AccountBlocked,
    BadAnswer,
    RequestRefused,
    ServiceError,
    SettingsError,
    TryLater,
)
from ingagents.integrations.bounded_answer import AnswerRefused
from ingagents.integrations.http_client import retry_after_seconds, timeouts
from ingagents.integrations.outside_text import JsonObject, json_object_of, words_of
from ingagents.integrations.repeats import Repeats
from ingagents.masking import keep_secret
from ingagents.ports import Clock

__all__ = [
    "IGNORED_MAX",
    "NOT_CONNECTED",
    "ModelWire",
    "SdkErrors",
    "checked_key",
    "data_of",
    "object_of",
    "schema_in_words",
    "time_limits",
    "tokens_of",
]

IGNORED_MAX = 2
"""So many answers in a row that are more than JSON mean that the server ignores the schema."""

NOT_CONNECTED = "not_connected"
"""The error code of a request that never left: nothing can have been billed for it."""

_TEXT_LENGTH_MAX = 200_000
_WORDS_LENGTH_MAX = 400
_LATER = frozenset({408, 409, 425, 429})
_MONEY_CODES = re.compile(
    r"insufficient_quota|billing|spend_limit|payment|organization_on_hold|credit balance",
    re.IGNORECASE,
)
"""Refusals that no waiting mends. `ramp_limit_exceeded` is not among them: it says when to retry."""

_FENCE = re.compile(r"```[a-zA-Z]{0,10}[ \t]*\n(.*?)```", re.DOTALL)
_OBJECTS_TRIED = 20


class SdkErrors(NamedTuple):
    """The classes an SDK raises: for an answer of 4xx or 5xx, and for whatever goes wrong."""

    status: type[Exception]
    every: type[Exception]


class ModelWire:
    """Requests to one server. `timeout_seconds` bounds each try as a whole, in real seconds."""

    def __init__(
        self,
        name: str,
        *,
        errors: SdkErrors,
        clock: Clock,
        timeout_seconds: float,
        retries: int,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self.name = name
        self._errors = errors
        self._clock = clock
        self._timeout_seconds = timeout_seconds
        self.repeats = Repeats(
            clock,
            retries=retries,
            event="model.request_repeated",
            told_as="debug",
            jitter=jitter,
        )

    async def exchange(self, send: Callable[[], Awaitable[httpx2.Response]]) -> JsonObject:
        """One request; the JSON object it brought. Raises as `ports.ModelProvider` promises."""
        try:
            with self._clock.busy(), anyio.fail_after(self._timeout_seconds):
                content = await (await send()).aread()
        except self._errors.status as exc:
            response = getattr(exc, "response", None)
            if not isinstance(response, httpx2.Response):
                raise self._no_answer(exc) from exc
            raise self._refusal(response) from exc
        except (self._errors.every, httpx2.HTTPError, TimeoutError, OSError) as exc:
            refused = [one for one in _causes(exc) if isinstance(one, AnswerRefused)]
            raise (self.unreadable(str(refused[0])) if refused else self._no_answer(exc)) from exc
        body = json_object_of(content)
        if body is None:
            raise self.unreadable("is not a JSON object")
        return body

    def unreadable(self, what: str) -> BadAnswer:
        """The error for an answer that is no model's answer."""
        return BadAnswer(
            f"{self.name}'s answer {what}",
            "try again later; if it stays so, check the base_url",
            service=self.name,
            status=200,
        )

    def _no_answer(self, exc: Exception) -> TryLater:
        causes = list(_causes(exc))
        # Only classes are named: an exception's own text may quote what was sent.
        unreached = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout)
        return TryLater(
            f"{self.name} did not answer ({type(causes[-1]).__name__})",
            "check the network and the base_url; the rules decide meanwhile",
            service=self.name,
            code=NOT_CONNECTED
            if any(isinstance(one, unreached) for one in causes)
            else "no_answer",
        )

    def _refusal(self, response: httpx2.Response) -> ServiceError:
        error = object_of((json_object_of(response.content) or {}).get("error"))
        details = object_of(error.get("details"))
        codes = [
            error.get("type"),
            error.get("code"),
            details.get("error_code"),
            error.get("param"),
        ]
        code = " ".join(words_of(one, 80) for one in codes if isinstance(one, str) and one)
        words = words_of(error.get("message"), _WORDS_LENGTH_MAX)
        said = f"{code}: {words}" if code and words else code or words
        status = response.status_code
        kind, remedy = _verdict(status, f"{code} {words}")
        return kind(
            f"{self.name} answered {status} {said}".strip(),
            remedy,
            service=self.name,
            status=status,
            code=code,
            retry_after_seconds=_asked_pause(response.headers, self._clock),
        )


def _verdict(status: int, said: str) -> tuple[type[ServiceError], str]:
    if status in {401, 403}:
        return AccountBlocked, "check the API key and what it may do; `ingagents doctor` asks again"
    if status == 402 or _MONEY_CODES.search(said):
        return AccountBlocked, "settle the account's billing or limit with the vendor"
    if status in _LATER or (status >= 500 and status != 501):
        return TryLater, "the rules decide meanwhile; try again later"
    if 300 <= status < 400:
        return BadAnswer, "the base_url leads elsewhere; correct it"
    return RequestRefused, "check the model's name and the settings with `ingagents doctor`"


def _asked_pause(headers: httpx2.Headers, clock: Clock) -> float | None:
    milliseconds = headers.get("retry-after-ms", "")
    if milliseconds.isascii() and milliseconds.isdecimal() and len(milliseconds) < 10:
        return int(milliseconds) / 1000
    return retry_after_seconds(headers.get("retry-after"), clock.now())


def _causes(exc: BaseException) -> Iterator[BaseException]:
    """The exception and what it was raised from, ten at most."""
    found: BaseException | None = exc
    for _ in range(10):
        if found is None:
            return
        yield found
        found = found.__cause__


def time_limits(seconds: float) -> httpx2.Timeout:
    """Our usual time limits for each wait of a request, as the SDKs take them."""
    return httpx2.Timeout(**timeouts(seconds).as_dict())


def checked_key(api_key: str, provider: str) -> str:
    """The key, fit for a header. An unsendable one would be quoted in the transport's own error.

    Raises:
        SettingsError: it is empty, or has characters that no key has.
    """
    key = api_key.strip()
    if not key or not key.isascii() or not key.isprintable():
        raise SettingsError(
            f"the API key for {provider} is empty or has characters that no key has",
            "set INGAGENTS_LLM__API_KEY (or llm.api_key_file) to the vendor's key",
        )
    keep_secret(key)
    return key


def object_of(value: object) -> JsonObject:
    """The value if it is a JSON object, else an empty one."""
    return value if isinstance(value, dict) else {}


def tokens_of(usage: JsonObject, *path: str) -> int:
    """A count of tokens out of a usage object; 0 when it is absent or no count."""
    value: object = usage
    for name in path:
        value = object_of(value).get(name)
    if not isinstance(value, int) or isinstance(value, bool):
        return 0
    return min(max(value, 0), 100_000_000)


def data_of(text: str) -> tuple[Any, bool]:
    """The JSON object in a model's text, and whether the text is nothing else.

    Found bare, in a code fence, or inside prose; None when there is none that can be read whole.
    """
    bare = text.strip()
    if len(bare) > _TEXT_LENGTH_MAX:
        return None, bare.startswith("{")
    if (found := _decoded(bare)) is not None:
        return found, True
    for fenced in _FENCE.finditer(bare):
        if (found := _decoded(fenced[1].strip())) is not None:
            return found, False
    decoder, at = json.JSONDecoder(), -1
    for _ in range(_OBJECTS_TRIED):
        at = bare.find("{", at + 1)
        if at < 0:
            break
        try:
            _, end = decoder.raw_decode(bare, at)
        except (ValueError, RecursionError):
            if at == 0:  # it began with its object, as told, and did not finish it
                return None, True
            continue
        if (found := _decoded(bare[at:end])) is not None:
            return found, False
    return None, bare.startswith("{")


def _decoded(text: str) -> dict[str, Any] | None:
    # This decoder refuses what the store could not hold: halves of emoji, NaN.
    try:
        value = msgspec.json.decode(text.encode("utf-8", "replace"))
    except (msgspec.DecodeError, ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def schema_in_words(schema: JsonObject) -> str:
    """For servers without a mechanism of their own: what to append to the instructions."""
    shape = json.dumps(schema, ensure_ascii=False, separators=(",", ":"))
    return (
        "\n\nAnswer with one JSON object and nothing else: no explanation, no code fence."
        f" It must fit this JSON schema:\n{shape}"
    )
