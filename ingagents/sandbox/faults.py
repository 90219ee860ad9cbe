"""Bad days, on order: what goes wrong between a client and the service, by chance or by plan.

A rule acts on the wire, around a request; `lag_seconds`, `account_status` and
`throttled_sections` change what the service knows. Everything is seeded: the same plan and the
same requests give the same failures.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal, Protocol, TypeVar

import anyio
import httpx
import msgspec
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ingagents.sandbox.chance import Draw
from ingagents.sandbox.unipile.errors import error_body

R = TypeVar("R", bound="Rule")

FaultKind = Literal[
    "act_then_drop",
    "drop",
    "act_then_silent",
    "silent",
    "act_then_504",
    "504",
    "act_then_500",
    "500",
    "429",
    "slow",
    "html",
    "truncated",
    "refuse",
    "instead",
    "alter",
]
"""`act_then_...` performs the request first; `slow`, `html`, `truncated` and `alter` do so too.
The last two are lies: an answer that can be read and is not true."""

Probability = Annotated[float, msgspec.Meta(ge=0, le=1)]
Seconds = Annotated[float, msgspec.Meta(ge=0)]


class FaultRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One thing that goes wrong.

    `on` is the beginning of "METHOD /path" without `/api/v1`, such as "POST /users/invite"; empty:
    every request. It strikes the matching requests whose numbers (from 1) stand in `requests`,
    and the others with `probability`. `seconds` is how long `slow` waits or what a 429 asks for;
    `status` and `type` belong to `refuse`. A lie of the kind `instead` answers what another path
    would ("/users/somebody-else"); `alter` lays `fields` over the answer, or over each item of a
    list. So a wrong person, a third one in a chat, an id that is a path, our own profile among the
    hits and a message from the future can be played.
    """

    kind: FaultKind
    on: str = ""
    requests: tuple[int, ...] = ()
    probability: Probability = 0.0
    seconds: Seconds = 30.0
    status: Annotated[int, msgspec.Meta(ge=400, le=599)] = 422
    type: str = "unprocessable_entity"
    instead: str = ""
    fields: dict[str, Any] = {}


class HookPlan(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How unkindly webhooks are delivered; as it stands, as in life.

    So many never come, come twice, or come up to `late_seconds` of market time late; those of new
    connections up to `relation_seconds`.
    """

    lost: Probability = 0.02
    twice: Probability = 0.1
    late: Probability = 0.1
    late_seconds: Seconds = 600.0
    relation_seconds: Seconds = 8 * 3600.0


class FaultPlan(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All that goes wrong. The first rule that strikes wins.

    `lag_seconds` of market time pass before acts and answers show up in reads. While
    `account_status` is not OK nothing can be sent and reads stay as they were when it changed.
    `other_chats` more chats stand above all there are, so that the list is long; in `hidden_chats`
    the service does not say with whom they are, and each must be opened to know.
    """

    rules: tuple[FaultRule, ...] = ()
    seed: int = 0
    lag_seconds: Seconds = 0.0
    account_status: Literal[
        "OK", "STOPPED", "ERROR", "CREDENTIALS", "PERMISSIONS", "CONNECTING"
    ] = "OK"
    throttled_sections: tuple[str, ...] = ()
    other_chats: Annotated[int, msgspec.Meta(ge=0, le=100_000)] = 0
    hidden_chats: bool = False
    hooks: HookPlan = HookPlan()


class ConnectionDropped(httpx.ReadError):
    """The service hung up without an answer; in-process a client meets this very exception."""


class NeverAnswered(httpx.ReadTimeout):
    """The service stays silent; in-process, where nobody times out, the client meets this."""


class Rule(Protocol):
    """What any rule has that strikes requests."""

    @property
    def on(self) -> str:
        """The beginning of the requests it is about."""
        ...

    @property
    def requests(self) -> tuple[int, ...]:
        """The numbers, from 1, of the matching requests it strikes for sure."""
        ...

    @property
    def probability(self) -> float:
        """How often it strikes the others."""
        ...


class Strikes:
    """Counts requests, and says which rule strikes each: the first that does wins."""

    def __init__(self) -> None:
        self._matched: dict[int, int] = {}

    def strike(self, request: str, rules: Sequence[R], seed: int) -> R | None:
        """The rule that strikes this request, if any; counts it."""
        struck = None
        for number, rule in enumerate(rules):
            if not request.startswith(rule.on):
                continue
            count = self._matched[number] = self._matched.get(number, 0) + 1
            by_chance = Draw(seed, "fault", number, count).chance(rule.probability)
            if struck is None and (count in rule.requests or by_chance):
                struck = rule
        return struck


class Faults:
    """The plan in force; put another in at any time with `follow`."""

    def __init__(self, plan: FaultPlan | None = None) -> None:
        self.plan = plan or FaultPlan()
        self._strikes = Strikes()
        self._frozen_at: datetime | None = None

    def follow(self, plan: FaultPlan) -> None:
        """Count from anew by this plan."""
        self._strikes = Strikes()
        if plan.account_status == "OK" or self.plan.account_status == "OK":
            self._frozen_at = None
        self.plan = plan

    def strike(self, request: str) -> FaultRule | None:
        """What goes wrong with this request ("METHOD /path"); counts it."""
        return self._strikes.strike(request, self.plan.rules, self.plan.seed)

    def read_moment(self, now: datetime) -> datetime:
        """Up to when reads know what happened."""
        if self.plan.account_status != "OK":
            self._frozen_at = self._frozen_at or now
            now = min(now, self._frozen_at)
        return now - timedelta(seconds=self.plan.lag_seconds)


class FaultyWire:
    """Wraps an application: failures strike on the way in or out, as the plan says.

    `sleep` waits real seconds: how slow a wire is has nothing to do with the market's clock.
    `error` makes the body of a status and a type, in the service's own shape.
    """

    def __init__(
        self,
        app: ASGIApp,
        faults: Faults,
        *,
        prefix: str,
        sleep: Callable[[float], Awaitable[None]] = anyio.sleep,  # noqa: TID251  see above
        error: Callable[[int, str], bytes] = error_body,
    ) -> None:
        self._app = app
        self._faults = faults
        self._prefix = prefix
        self._sleep = sleep
        self._error = error

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        path = str(scope.get("path", ""))
        if scope["type"] != "http" or not path.startswith(self._prefix):
            await self._app(scope, receive, send)
            return
        rule = self._faults.strike(f"{scope['method']} {path.removeprefix(self._prefix)}")
        if rule is None:
            await self._app(scope, receive, send)
            return
        if rule.kind in {"instead", "alter"}:
            await self._lie(rule, scope, receive, send)
        else:
            await self._suffer(rule, scope, receive, send)

    async def _lie(self, rule: FaultRule, scope: Scope, receive: Receive, send: Send) -> None:
        answered: list[Message] = []

        async def keep(message: Message) -> None:
            answered.append(message)

        path = f"{self._prefix}{rule.instead}" if rule.instead else str(scope["path"])
        await self._app({**scope, "path": path, "raw_path": path.encode()}, receive, keep)
        body = b"".join(message.get("body", b"") for message in answered)
        await _answer(send, int(answered[0]["status"]), _altered(body, rule.fields))

    async def _suffer(self, rule: FaultRule, scope: Scope, receive: Receive, send: Send) -> None:
        answered: list[Message] = []
        if rule.kind.startswith("act_then_") or rule.kind in {"slow", "html", "truncated"}:

            async def keep(message: Message) -> None:
                answered.append(message)

            await self._app(scope, receive, keep)
        match rule.kind.removeprefix("act_then_"):
            case "drop":
                await hang_up(scope, receive)
            case "silent":
                await stay_silent(scope, receive)
            case "slow":
                await self._sleep(rule.seconds)
                for message in answered:
                    await send(message)
            case "504":
                await _answer(send, 504, self._error(504, "request_timeout"))
            case "500":
                await _answer(send, 500, self._error(500, "unexpected_error"))
            case "429":
                wait = (b"retry-after", str(max(1, round(rule.seconds))).encode("ascii"))
                await _answer(send, 429, self._error(429, "too_many_requests"), wait)
            case "html":
                page = b"<!DOCTYPE html><html><body><h1>Just a moment...</h1></body></html>"
                await _answer(send, 200, page, (b"content-type", b"text/html; charset=utf-8"))
            case "truncated":
                body = b"".join(message.get("body", b"") for message in answered)
                await _answer(send, int(answered[0]["status"]), body[: len(body) // 2])
            case _:
                await _answer(send, rule.status, self._error(rule.status, rule.type))


def _altered(body: bytes, fields: dict[str, Any]) -> bytes:
    """The answer with other fields: in each item of a list, unless they name the items."""
    answer = msgspec.json.decode(body)
    if isinstance(answer, list):
        return msgspec.json.encode([{**item, **fields} for item in answer])
    items = answer.get("items")
    if isinstance(items, list) and "items" not in fields:
        answer["items"] = [{**item, **fields} for item in items]
    else:
        answer.update(fields)
    return msgspec.json.encode(answer)


async def _answer(send: Send, status: int, body: bytes, *headers: tuple[bytes, bytes]) -> None:
    kind = [] if any(name == b"content-type" for name, _ in headers) else [_JSON]
    length = (b"content-length", str(len(body)).encode("ascii"))
    await send(
        {"type": "http.response.start", "status": status, "headers": [*headers, *kind, length]}
    )
    await send({"type": "http.response.body", "body": body})


_JSON = (b"content-type", b"application/json; charset=utf-8")


async def hang_up(scope: Scope, receive: Receive) -> None:
    """Drop the connection without an answer."""
    drop = scope.get("state", {}).get("hang_up")
    if drop is None:
        raise ConnectionDropped("the sandbox dropped the connection")
    drop()
    await _until_gone(receive)


async def stay_silent(scope: Scope, receive: Receive) -> None:
    """Never answer; return when the client has gone."""
    if scope.get("state", {}).get("hang_up") is None:
        raise NeverAnswered("the sandbox never answers this")
    await _until_gone(receive)


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
