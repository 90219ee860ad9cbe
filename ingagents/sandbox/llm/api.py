"""The simulated language models over HTTP: what both vendors' dialects share.

A face checks the key, reads the question, suffers what the plan orders, and answers. Under
`/sandbox/models` it shows what it was asked and takes orders for bad days.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Literal, NamedTuple, Protocol

import anyio
import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from ingagents.core.llm.pricing import PRICES
from ingagents.sandbox.faults import Probability, Seconds, Strikes, hang_up, stay_silent
from ingagents.sandbox.guard import key_fits
from ingagents.sandbox.llm.bad_answers import SPOILT, answer_text
from ingagents.sandbox.llm.simulated_model import Asked

MODELS = ("sandbox-model", *PRICES)
"""What the simulated servers offer."""

_BODY_MAX = 4_000_000
_CALLS_SHOWN = 5_000

ModelFaultKind = Literal[
    "slow",
    "silent",
    "drop",
    "400",
    "401",
    "402",
    "429",
    "500",
    "529",
    "html",
    "no_answer",
    "no_usage",
    "refuses",
    "length",
    "broken_json",
    "wrong_shape",
    "prose",
    "fenced",
    "long_message",
    "placeholder",
    "obeys",
]
"""`no_answer` is a 200 of the wrong shape; those from `broken_json` on spoil what is said."""


class ModelFaultRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One thing that goes wrong, as in `faults.FaultRule`.

    `on` is the beginning of "FACE MODEL", such as "openai gpt-6-luna"; empty: every question.
    `seconds` is how long `slow` waits (really) or what a 429 asks for.
    """

    kind: ModelFaultKind
    on: str = ""
    requests: tuple[int, ...] = ()
    probability: Probability = 0.0
    seconds: Seconds = 1.0


class ModelFaultPlan(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All that goes wrong; the first rule that strikes wins.

    `lacks` names fields a compatible server refuses with a 400 (`response_format`, `tools`,
    `output_config`, `reasoning_effort`, `max_completion_tokens`); what it `ignores` it takes, and
    answers with a fenced block as if it had not been there.
    """

    rules: tuple[ModelFaultRule, ...] = ()
    seed: int = 0
    lacks: tuple[str, ...] = ()
    ignores: tuple[str, ...] = ()


class ModelFaults:
    """The plan in force; put another in at any time with `follow`."""

    def __init__(self, plan: ModelFaultPlan | None = None) -> None:
        self.plan = plan or ModelFaultPlan()
        self._strikes = Strikes()

    def follow(self, plan: ModelFaultPlan) -> None:
        """Count from anew by this plan."""
        self._strikes = Strikes()
        self.plan = plan

    def strike(self, question: str) -> ModelFaultRule | None:
        """What goes wrong with this question ("FACE MODEL"); counts it."""
        return self._strikes.strike(question, self.plan.rules, self.plan.seed)


class Unanswerable(Exception):
    """The face refuses a request: HTTP status, the vendor's type, its words."""

    def __init__(self, status: int, code: str, words: str) -> None:
        super().__init__(words)
        self.status = status
        self.code = code
        self.words = words


class Said(NamedTuple):
    """What the model said, in no dialect yet."""

    text: str
    stop: Literal["complete", "length", "refused"]
    read: int
    written: int
    usage: bool
    number: int


class Dialect(Protocol):
    """One vendor's way to be asked and to answer."""

    name: str
    prefix: str
    path: str

    def read(self, body: dict[str, Any]) -> Asked:
        """The question in a request; raises Unanswerable as the vendor would."""
        ...

    def answer(self, asked: Asked, said: Said, body: dict[str, Any]) -> dict[str, Any]:
        """The answer as the vendor sends it."""
        ...

    def error(self, status: int, code: str, words: str) -> dict[str, Any]:
        """The body of an error, as the vendor sends it."""
        ...


class _Call(msgspec.Struct, frozen=True, kw_only=True):
    """One question as the record shows it."""

    number: int
    face: str
    model: str
    fields: tuple[str, ...]
    fault: str
    status: int
    input_tokens: int = 0
    output_tokens: int = 0


def create_models_app(
    dialects: Sequence[Dialect],
    *,
    api_key: str | None = None,
    faults: ModelFaults | None = None,
    sleep: Callable[[float], Awaitable[None]] = anyio.sleep,  # noqa: TID251  a slow wire is slow
) -> ASGIApp:
    """The ASGI application of some faces. With `api_key` None any key will do."""
    house = _House(faults or ModelFaults(), api_key, sleep)
    routes = [
        Route("/sandbox/models/record", house.record, methods=["GET"]),
        Route("/sandbox/models/faults", house.follow, methods=["POST"]),
    ]
    for dialect in dialects:
        routes.append(
            Route(dialect.prefix + dialect.path, house.asked_in(dialect), methods=["POST"])
        )
        routes.append(
            Route(f"{dialect.prefix}/v1/models", house.models_of(dialect), methods=["GET"])
        )
    return Starlette(routes=routes)


class _House:
    """What the faces share: the key, the plan, the record."""

    def __init__(
        self,
        faults: ModelFaults,
        api_key: str | None,
        sleep: Callable[[float], Awaitable[None]],
    ) -> None:
        self._faults = faults
        self._api_key = api_key
        self._sleep = sleep
        self._number = 0
        self._calls: deque[_Call] = deque(maxlen=_CALLS_SHOWN)

    async def record(self, request: Request) -> Response:
        """Every question that came in, the newest last."""
        if not self._control_key_fits(request):
            return _json(401, {"error": _NO_KEY})
        return _json(200, {"calls": list(self._calls), "count": self._number})

    async def follow(self, request: Request) -> Response:
        """Put another plan in force: the body is a `ModelFaultPlan`; `{}` mends everything."""
        if not self._control_key_fits(request):
            return _json(401, {"error": _NO_KEY})
        try:
            plan = msgspec.json.decode(await request.body(), type=ModelFaultPlan)
        except msgspec.MsgspecError as exc:
            return _json(400, {"error": str(exc)})
        self._faults.follow(plan)
        return _json(200, plan)

    def models_of(self, dialect: Dialect) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            if not self._key_fits(request):
                return self._refused(dialect, _no_key())
            data = [{"id": one, "object": "model", "type": "model"} for one in MODELS]
            return _json(200, {"object": "list", "data": data, "has_more": False})

        return answer

    def asked_in(self, dialect: Dialect) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            self._number += 1
            try:
                return await self._answered(dialect, request)
            except Unanswerable as exc:
                return self._refused(dialect, exc)

        return answer

    async def _answered(self, dialect: Dialect, request: Request) -> Response:
        if not self._key_fits(request):
            raise _no_key()
        body = read_object(await request.body())
        model = str(body.get("model", ""))
        rule = self._faults.strike(f"{dialect.name} {model}")
        kind = rule.kind if rule else ""
        call = _Call(
            number=self._number,
            face=dialect.name,
            model=model,
            fields=tuple(sorted(body)),
            fault=kind,
            status=int(kind) if kind.isdecimal() else 200,
        )
        if rule is not None and kind.isdecimal():
            self._calls.append(call)
            return self._failed(dialect, rule)
        asked = self._understood(dialect, body)
        if rule is not None and kind in {"drop", "silent", "slow", "html", "no_answer"}:
            self._calls.append(call)
            if (early := await self._suffered(request, rule)) is not None:
                return early
        ignored = set(self._faults.plan.ignores) & set(body)
        spoilt = kind if kind in SPOILT else "fenced" if ignored else ""
        said = _said(asked, kind, spoilt, self._number)
        if kind != "slow":
            self._calls.append(
                msgspec.structs.replace(call, input_tokens=said.read, output_tokens=said.written)
            )
        return _json(200, dialect.answer(asked, said, {k: body[k] for k in body.keys() - ignored}))

    def _understood(self, dialect: Dialect, body: dict[str, Any]) -> Asked:
        for field in self._faults.plan.lacks:
            if field in body:
                words = f"{field}: Extra inputs are not permitted"
                raise Unanswerable(400, "invalid_request_error", words)
        asked = dialect.read(body)
        if asked.model not in MODELS:
            words = f"The model `{asked.model}` does not exist."
            raise Unanswerable(404, "not_found_error", words)
        return asked

    async def _suffered(self, request: Request, rule: ModelFaultRule) -> Response | None:
        if rule.kind == "slow":
            await self._sleep(rule.seconds)
            return None
        if rule.kind == "html":
            return Response("<!DOCTYPE html><h1>Just a moment</h1>", media_type="text/html")
        if rule.kind == "drop":
            await hang_up(request.scope, request.receive)
        if rule.kind == "silent":
            await stay_silent(request.scope, request.receive)
        return _json(200, {"status": "ok", "choices": [], "content": None})

    def _failed(self, dialect: Dialect, rule: ModelFaultRule) -> Response:
        status = int(rule.kind)
        code, words = _FAILURES[status]
        response = self._refused(dialect, Unanswerable(status, code, words))
        if status == 429:
            response.headers["retry-after"] = str(max(1, round(rule.seconds)))
        return response

    def _refused(self, dialect: Dialect, exc: Unanswerable) -> Response:
        return _json(exc.status, dialect.error(exc.status, exc.code, exc.words))

    def _control_key_fits(self, request: Request) -> bool:
        """The key of all orders to the sandbox goes where LinkedIn's does."""
        return key_fits(request.headers.get("x-api-key", ""), self._api_key)

    def _key_fits(self, request: Request) -> bool:
        given = request.headers.get("authorization", "").removeprefix("Bearer ")
        return key_fits(given, self._api_key)


_FAILURES = {
    400: ("invalid_request_error", "The request is not valid."),
    401: ("authentication_error", "The API key is not valid."),
    402: ("billing_error", "Your credit balance is too low."),
    429: ("rate_limit_error", "Rate limit reached."),
    500: ("api_error", "The server had an error while processing your request."),
    529: ("overloaded_error", "Overloaded."),
}


def read_object(raw: bytes) -> dict[str, Any]:
    """A request's JSON object.

    Raises:
        Unanswerable: it is too long, or no JSON object.
    """
    try:
        body = msgspec.json.decode(raw) if len(raw) <= _BODY_MAX else None
    except msgspec.DecodeError as exc:
        raise Unanswerable(400, "invalid_request_error", str(exc)) from exc
    if not isinstance(body, dict):
        raise Unanswerable(400, "invalid_request_error", "The body must be a JSON object.")
    return body


def schema_told(instructions: str) -> Mapping[str, Any]:
    """The schema that stands in the instructions in words; any object when there is none."""
    _, _, rest = instructions.partition("JSON schema:")
    try:
        told, _ = json.JSONDecoder().raw_decode(rest.strip())
    except (ValueError, RecursionError):
        told = None
    return told if isinstance(told, dict) else {"type": "object"}


_NO_KEY = "The API key is missing or wrong."


def _no_key() -> Unanswerable:
    return Unanswerable(401, "authentication_error", _NO_KEY)


def _said(asked: Asked, kind: str, spoilt: str, number: int) -> Said:
    text = answer_text(asked, spoilt)
    stop: Literal["complete", "length", "refused"] = "complete"
    if kind == "refuses":
        text, stop = "I can't help with that.", "refused"
    written = max(1, len(text.encode()) // 4)
    if kind == "length" or written > asked.limit:
        kept = min(asked.limit, max(1, written // 2))
        text, stop, written = text[: kept * 4], "length", kept
    read = len((asked.system + asked.user).encode()) // 4 + len(str(asked.schema)) // 4
    return Said(text, stop, read, written, usage=kind != "no_usage", number=number)


def _json(status: int, body: object) -> Response:
    return Response(msgspec.json.encode(body), status, media_type="application/json")
