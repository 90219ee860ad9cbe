"""The wire to Unipile: addresses, repeats, time limits, and what each error means."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from email.utils import format_datetime
from itertools import count
from typing import Any
from urllib.parse import unquote

import anyio
import httpx
import pytest
from anyio.abc import SocketAttribute, SocketStream
from hypothesis import given
from hypothesis import strategies as st

from ingagents.errors import (
    AccountBlocked,
    BadAnswer,
    PersonRefused,
    RequestRefused,
    ServiceError,
    SettingsError,
    TryLater,
    WrongAnswer,
)
from ingagents.integrations.http.client import open_http_client, retry_after_seconds
from ingagents.integrations.unipile.wire.errors import ERRORS, verdict_on
from ingagents.integrations.unipile.wire.http import UnipileWire, _route, api_root
from ingagents.model import Refusal, SendResult
from ingagents.ports import Clock
from tests.fake_clock import START, FakeClock

KEY = "key-4711-geheim"
NO_IDS_AT_ALL: tuple[str, ...] = (
    *("", " ", "\t", ".", "..", "...", "a/b", "/", "../x", "a\\b", "a?b", "a#b", "a b", "a\x00b"),
    *("%2e%2e", "a%2fb", "%2F", "a\nb", "a\u200bb", "\ud800", "x" * 5000),
    *("..;", "\uff0e\uff0e", "\u2025", "a\uff0fb"),
)
"""What no service's id is, whatever it is the id of."""

Step = httpx.Response | Exception | Callable[[httpx.Request], Any]


class Service:
    """Answers with the given steps, one a request, and keeps the requests."""

    def __init__(self, *steps: Step) -> None:
        self.steps = list(steps)
        self.requests: list[httpx.Request] = []

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        await request.aread()
        self.requests.append(request)
        step = self.steps.pop(0) if self.steps else AssertionError("one request too many")
        if isinstance(step, Exception):
            raise step
        if isinstance(step, httpx.Response):
            return step
        answer = step(request)
        found: httpx.Response = await answer if hasattr(answer, "__await__") else answer
        return found


def a_wire(service: Service, clock: Clock | None = None, **options: Any) -> UnipileWire:
    given: dict[str, Any] = {
        "base_url": "api1.example.com:13111",
        "api_key": KEY,
        "account_id": "acc-1",
        "clock": clock or FakeClock(),
        "jitter": lambda: 0.5,
    }
    transport = httpx.MockTransport(service)
    return UnipileWire(open_http_client(30, transport), **(given | options))


def an_error(status: int, code: str, **headers: str) -> httpx.Response:
    body = {"title": "Some title", "type": f"errors/{code}", "status": status, "detail": "More."}
    return httpx.Response(status, json=body, headers=headers)


async def never(request: httpx.Request) -> httpx.Response:
    await anyio.sleep_forever()
    raise AssertionError


def html(status: int = 200) -> httpx.Response:
    return httpx.Response(status, html="<html><body>Please log in</body></html>")


def half() -> httpx.Response:
    return httpx.Response(200, content=b'{"object": "X", "items": [{"id"')


async def get(wire: UnipileWire) -> Any:
    return await wire.read("GET", "users/jane", parse=dict, params={"account_id": "acc-1"})


async def post(wire: UnipileWire) -> SendResult:
    return await wire.act(
        "users/invite", json={"provider_id": "p"}, accept=lambda _: SendResult(outcome="sent")
    )


@pytest.mark.parametrize(
    ("given", "root"),
    [
        ("api8.example.com:13443", "https://api8.example.com:13443/api/v1"),
        ("https://api8.example.com:13443/", "https://api8.example.com:13443/api/v1"),
        (" https://api8.example.com/api/v1/ ", "https://api8.example.com/api/v1"),
        ("api8.example.com/api/v1", "https://api8.example.com/api/v1"),
        ("127.0.0.1:8080", "http://127.0.0.1:8080/api/v1"),
        ("localhost:8080/unipile/", "http://localhost:8080/unipile/api/v1"),
        ("[::1]:8080", "http://[::1]:8080/api/v1"),
        ("https://localhost", "https://localhost/api/v1"),
        ("http://sandbox:8080", "http://sandbox:8080/api/v1"),
        ("localhost.example.com", "https://localhost.example.com/api/v1"),
        ("api8.example.com?port=13443", "https://api8.example.com/api/v1?port=13443"),
    ],
)
def test_an_address_is_understood_as_people_copy_it(given, root):
    assert str(api_root(given)) == root


@pytest.mark.parametrize(
    "given",
    ["", "   ", "https://", "ftp://a.example", "http://[", "https://me:pw@a.example", "a:b:c"],
)
def test_what_is_no_address_is_refused_with_the_name_of_the_setting(given):
    with pytest.raises(SettingsError, match=r"linkedin\.base_url"):
        api_root(given)


@pytest.mark.parametrize("key", ["", "  ", "abc\ndef", "schlüssel", "a\x00b"])
def test_a_key_that_no_header_can_carry_is_refused_without_quoting_it(key):
    with pytest.raises(SettingsError) as caught:
        a_wire(Service(), api_key=key)
    assert not key.strip() or key not in caught.value.line()


async def test_every_request_carries_the_key_and_the_port_of_the_address():
    service = Service(httpx.Response(200, json={"a": 1}))
    wire = a_wire(service, base_url="api8.example.com?port=13443", api_key=f" {KEY}\n")
    assert await get(wire) == {"a": 1}
    request = service.requests[0]
    assert request.headers["x-api-key"] == KEY
    assert str(request.url) == (
        "https://api8.example.com/api/v1/users/jane?port=13443&account_id=acc-1"
    )


FAULTS: list[tuple[str, Callable[[], Step]]] = [
    ("connection refused", lambda: httpx.ConnectError("refused")),
    ("connect timeout", lambda: httpx.ConnectTimeout("slow")),
    ("read timeout", lambda: httpx.ReadTimeout("slow")),
    ("write error", lambda: httpx.WriteError("broken pipe")),
    ("reset", lambda: httpx.ReadError("reset")),
    ("reset by the system", lambda: ConnectionResetError("reset")),
    ("dropped", lambda: httpx.RemoteProtocolError("Server disconnected")),
    ("429", lambda: an_error(429, "too_many_requests")),
    ("500", lambda: an_error(500, "unexpected_error")),
    ("502 of a proxy", lambda: html(502)),
    ("503", lambda: an_error(503, "no_client_session")),
    ("504", lambda: an_error(504, "request_timeout")),
    ("408", lambda: an_error(408, "request_timeout")),
    ("HTML with 200", html),
    ("half a body", half),
    ("empty body", lambda: httpx.Response(200)),
    ("JSON that is no object", lambda: httpx.Response(200, json=[1, 2])),
    (
        "nonsense in gzip",
        lambda: httpx.Response(200, stream=_Bytes(), headers={"content-encoding": "gzip"}),
    ),
    ("LinkedIn not reached", lambda: an_error(422, "provider_unreachable")),
]


class _Bytes(httpx.AsyncByteStream):
    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield b"this is not gzip"


@pytest.mark.parametrize(("name", "fault"), FAULTS, ids=[name for name, _ in FAULTS])
async def test_a_read_is_repeated_until_it_succeeds(name, fault):
    clock, service = FakeClock(), Service(fault(), fault(), httpx.Response(200, json={"ok": True}))
    assert await get(a_wire(service, clock)) == {"ok": True}
    assert len(service.requests) == 3
    assert len(clock.pauses) == 2
    assert (clock.visits, clock.outside) == (3, 0)


@pytest.mark.parametrize(("name", "fault"), FAULTS, ids=[name for name, _ in FAULTS])
async def test_a_read_gives_up_after_the_retries_with_an_error_that_says_try_later(name, fault):
    service = Service(*(fault() for _ in range(4)))
    with pytest.raises(TryLater) as caught:
        await get(a_wire(service, retries=3))
    assert len(service.requests) == 4
    assert caught.value.service == "unipile"
    assert caught.value.remedy


async def test_a_service_that_never_answers_ends_a_read_within_its_time():
    service = Service(never, never)
    with pytest.raises(TryLater, match="TimeoutError"):
        await get(a_wire(service, timeout_seconds=0.05, retries=1))
    assert len(service.requests) == 2


async def test_a_service_that_drips_its_answer_for_ever_ends_too():
    class Dripping(httpx.AsyncByteStream):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            while True:
                await anyio.sleep(0.005)
                yield b" "

    service = Service(httpx.Response(200, stream=Dripping()))
    with pytest.raises(TryLater):
        await get(a_wire(service, timeout_seconds=0.05, retries=0))


async def test_an_endless_answer_is_not_kept_in_memory():
    class Flood(httpx.AsyncByteStream):
        sent = 0

        async def __aiter__(self) -> AsyncIterator[bytes]:
            while True:
                self.sent += 1
                yield b"x" * 1024 * 1024

    flood = Flood()
    with pytest.raises(TryLater):
        await get(a_wire(Service(httpx.Response(200, stream=flood)), retries=0))
    assert flood.sent < 30


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (lambda: an_error(400, "invalid_parameters"), RequestRefused),
        (lambda: an_error(401, "disconnected_account"), AccountBlocked),
        (lambda: an_error(404, "resource_not_found"), PersonRefused),
        (lambda: an_error(422, "limit_exceeded"), TryLater),
        (lambda: an_error(501, "feature_not_implemented"), RequestRefused),
        (lambda: html(302), BadAnswer),
        (lambda: html(404), RequestRefused),
        (lambda: html(403), AccountBlocked),
    ],
    ids=count(1),
)
async def test_a_definite_no_is_not_repeated(answer, error):
    clock, service = FakeClock(), Service(answer())
    with pytest.raises(error) as caught:
        await get(a_wire(service, clock))
    assert type(caught.value) is error
    assert clock.pauses == []


async def test_pauses_grow_with_jitter_and_stay_bounded():
    clock, service = FakeClock(), Service(*(html() for _ in range(8)))
    with pytest.raises(BadAnswer):
        await get(a_wire(service, clock, retries=7))
    assert clock.pauses == [0.75, 1.5, 3.0, 6.0, 12.0, 22.5, 22.5]


@pytest.mark.parametrize(
    "header", ["20", format_datetime(START + timedelta(seconds=20), usegmt=True)]
)
@pytest.mark.parametrize("code", ["too_many_requests", "service_unavailable"])
async def test_a_pause_the_service_asks_for_is_kept(header, code):
    status = 429 if code == "too_many_requests" else 503
    clock = FakeClock()
    answer = an_error(status, code, **{"retry-after": header})
    service = Service(answer, httpx.Response(200, json={}))
    await get(a_wire(service, clock))
    assert clock.pauses == [20.5]


async def test_a_longer_pause_than_a_minute_is_left_to_the_caller():
    clock, service = (
        FakeClock(),
        Service(an_error(429, "too_many_requests", **{"retry-after": "900"})),
    )
    with pytest.raises(TryLater) as caught:
        await get(a_wire(service, clock))
    assert caught.value.retry_after_seconds == 900
    assert clock.pauses == []


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("", None),
        ("soon", None),
        ("nan", None),
        ("inf", None),
        ("0", 0.0),
        ("-5", 0.0),
        ("1.5", 1.5),
        ("Mon, 01 Mar 2027 09:01:00 GMT", 60.0),
        ("Mon, 01 Mar 2027 08:00:00 GMT", 0.0),
        ("Mon, 01 Mar 2027 09:01:00 -0000", 60.0),
        ("Mon, 99 Mar 2027 09:01:00 GMT", None),
    ],
)
def test_retry_after_is_read_in_both_forms(header, seconds):
    assert retry_after_seconds(header, START) == seconds


@pytest.mark.parametrize(
    ("header", "date", "seconds"),
    [
        ("Mon, 01 Mar 2027 09:01:00 GMT", "Mon, 01 Mar 2027 09:00:30 GMT", 30.0),
        ("Mon, 01 Mar 2027 06:01:00 GMT", "Mon, 01 Mar 2027 06:00:00 GMT", 60.0),
        ("Mon, 01 Mar 2027 12:01:00 GMT", "Mon, 01 Mar 2027 12:00:00 GMT", 60.0),
        ("Mon, 01 Mar 2027 12:00:00 GMT", "Mon, 01 Mar 2027 12:01:00 GMT", 0.0),
        ("Mon, 01 Mar 2027 09:01:00 GMT", "no date", 60.0),
        ("Mon, 01 Mar 2027 09:01:00 GMT", "", 60.0),
        ("90", "Mon, 01 Mar 2027 06:00:00 GMT", 90.0),
    ],
)
def test_a_date_counts_from_the_answers_own_date(header, date, seconds):
    assert retry_after_seconds(header, START, date) == seconds


@pytest.mark.parametrize(
    "fault", [httpx.ConnectError("x"), httpx.ConnectTimeout("x"), httpx.PoolTimeout("x")]
)
async def test_a_send_that_never_left_may_be_tried_later(fault):
    service = Service(fault)
    result = await post(a_wire(service))
    assert (result.outcome, result.refusal) == ("refused", Refusal.RETRY_LATER)
    assert len(service.requests) == 1


@pytest.mark.parametrize(
    "fault",
    [
        httpx.ReadTimeout("x"),
        httpx.WriteTimeout("x"),
        httpx.ReadError("reset"),
        httpx.WriteError("reset"),
        httpx.RemoteProtocolError("Server disconnected"),
        httpx.ProxyError("x"),
        ConnectionResetError("x"),
        RuntimeError("the server broke in the middle"),
        an_error(500, "provider_error"),
        an_error(501, "feature_not_implemented"),
        an_error(502, "proxy_error"),
        an_error(503, "no_client_session", **{"retry-after": "3"}),
        an_error(504, "request_timeout"),
        an_error(504, "too_many_requests"),
        an_error(408, "request_timeout"),
        an_error(409, "already_exists"),
        html(500),
        html(302),
        html(200),
        half(),
        httpx.Response(201),
        httpx.Response(200, json=["sent"]),
        never,
    ],
    ids=count(1),
)
async def test_a_send_without_a_readable_yes_or_no_is_unknown_and_never_repeated(fault):
    clock, service = FakeClock(), Service(fault)
    result = await post(a_wire(service, clock, timeout_seconds=0.1))
    assert (result.outcome, result.refusal) == ("unknown", None)
    assert result.detail
    assert len(service.requests) == 1
    assert clock.pauses == []
    assert (clock.visits, clock.outside) == (1, 0)


async def test_a_confirmed_send_is_sent():
    assert (await post(a_wire(Service(httpx.Response(201, json={}))))).success


async def test_throttling_of_a_send_is_a_definite_no_with_its_pause():
    service = Service(an_error(429, "too_many_requests", **{"retry-after": "30"}))
    result = await post(a_wire(service))
    assert (result.outcome, result.refusal) == ("refused", Refusal.RETRY_LATER)
    assert result.retry_after_seconds == 30


async def test_the_detail_of_a_refusal_starts_with_the_services_type():
    result = await post(a_wire(Service(an_error(422, "cannot_resend_yet"))))
    assert result.refusal is Refusal.CANNOT_RESEND
    assert result.detail == "cannot_resend_yet: Some title - More."


async def test_a_text_that_cannot_be_encoded_is_refused_before_anything_is_sent():
    service = Service()
    result = await a_wire(service).act(
        "chats",
        files=[("text", (None, "half \ud83d"))],
        accept=lambda _: SendResult(outcome="sent"),
    )
    assert (result.outcome, result.refusal) == ("refused", Refusal.OUR_MISTAKE)
    assert service.requests == []


async def test_errors_never_show_the_key_even_if_the_service_quotes_it():
    def quoting() -> httpx.Response:
        body = {"type": "errors/missing_credentials", "title": f"bad key {KEY}", "detail": KEY}
        return httpx.Response(401, json=body)

    with pytest.raises(AccountBlocked) as caught:
        await get(a_wire(Service(quoting())))
    assert KEY not in caught.value.line() + repr(caught.value)
    assert "INGAGENTS_LINKEDIN__API_KEY" in caught.value.line()
    assert KEY not in (await post(a_wire(Service(quoting())))).detail

    quoted = httpx.LocalProtocolError(f"Illegal header value b'{KEY}'")
    with pytest.raises(TryLater) as unsendable:
        await get(a_wire(Service(quoted), retries=0))
    assert KEY not in unsendable.value.line()
    assert KEY not in (await post(a_wire(Service(quoted)))).detail


@pytest.mark.parametrize("body", [b"", b"null", b"[]", b'{"type": 5, "title": ["x"]}', b"\xff\xfe"])
async def test_an_error_without_readable_words_is_judged_by_its_status(body):
    with pytest.raises(AccountBlocked):
        await get(a_wire(Service(httpx.Response(401, content=body))))
    result = await post(a_wire(Service(httpx.Response(401, content=body))))
    assert result.refusal is Refusal.ACCOUNT_BLOCKED
    assert result.detail


LISTED: dict[int, str] = {
    400: """invalid_parameters missing_parameters malformed_request invalid_url
        unescaped_characters invalid_request too_many_characters content_too_large""",
    401: """missing_credentials disconnected_account expired_credentials invalid_credentials
        checkpoint_error multiple_sessions wrong_account captcha_not_supported
        insufficient_privileges disconnected_feature expired_link invalid_checkpoint_solution""",
    403: """account_restricted feature_not_subscribed subscription_required
        insufficient_permissions account_mismatch session_mismatch
        unknown_authentication_context action_required resource_access_restricted""",
    404: "resource_not_found invalid_resource_identifier",
    407: "proxy_auth_error",
    409: "already_exists operation_canceled",
    415: "unsupported_media_type",
    422: """already_invited_recently cannot_resend_yet cannot_resend_within_24hrs limit_exceeded
        already_connected action_already_performed invalid_recipient cannot_invite_attendee
        user_unreachable blocked_recipient no_connection_with_recipient not_allowed_inmail
        insufficient_credits invalid_account invalid_message invalid_post unprocessable_entity
        cant_send_message limit_too_high provider_unreachable payment_error
        connection_limit_reached""",
    425: "auth_in_progress",
    429: "too_many_requests",
    500: "unexpected_error provider_error authentication_intent_error",
    501: "feature_not_implemented",
    502: "proxy_error",
    503: "no_client_session no_channel no_handler network_down service_unavailable",
    504: "request_timeout",
}
"""Every error type the service documents for v1, by its HTTP status."""

TYPES = [(status, code) for status, codes in LISTED.items() for code in codes.split()]


def test_the_table_knows_exactly_the_documented_types():
    assert set(ERRORS) == {code for _, code in TYPES}


@pytest.mark.parametrize(("status", "code"), TYPES)
def test_each_type_means_the_same_with_and_without_its_prefix(status, code):
    verdict = verdict_on(status, f"errors/{code}")
    assert verdict == verdict_on(status, code)
    assert issubclass(verdict.error, ServiceError)
    if status >= 500:
        assert verdict.refusal is None


@pytest.mark.parametrize(
    ("status", "code", "error", "refusal"),
    [
        (400, "invalid_parameters", RequestRefused, Refusal.OUR_MISTAKE),
        (400, "too_many_characters", RequestRefused, Refusal.TOO_LONG),
        (400, "content_too_large", RequestRefused, Refusal.TOO_LONG),
        (401, "missing_credentials", AccountBlocked, Refusal.ACCOUNT_BLOCKED),
        (401, "checkpoint_error", AccountBlocked, Refusal.ACCOUNT_BLOCKED),
        (403, "account_restricted", AccountBlocked, Refusal.ACCOUNT_BLOCKED),
        (403, "feature_not_subscribed", RequestRefused, Refusal.OUR_MISTAKE),
        (404, "resource_not_found", PersonRefused, Refusal.THIS_PERSON),
        (422, "already_invited_recently", PersonRefused, Refusal.ALREADY_INVITED),
        (422, "already_connected", PersonRefused, Refusal.ALREADY_CONNECTED),
        (422, "action_already_performed", PersonRefused, None),
        (422, "no_connection_with_recipient", PersonRefused, Refusal.NOT_CONNECTED),
        (422, "cannot_resend_yet", TryLater, Refusal.CANNOT_RESEND),
        (422, "cannot_resend_within_24hrs", TryLater, Refusal.LIMIT_REACHED),
        (422, "limit_exceeded", TryLater, Refusal.LIMIT_REACHED),
        (422, "user_unreachable", PersonRefused, Refusal.THIS_PERSON),
        (422, "provider_unreachable", TryLater, Refusal.RETRY_LATER),
        (429, "too_many_requests", TryLater, Refusal.RETRY_LATER),
        (409, "operation_canceled", TryLater, None),
        (503, "no_client_session", TryLater, None),
        (504, "request_timeout", TryLater, None),
        # Types nobody has written down yet, and answers without one.
        (400, "brand_new", RequestRefused, Refusal.OUR_MISTAKE),
        (401, "brand_new", AccountBlocked, Refusal.ACCOUNT_BLOCKED),
        (403, "brand_new", AccountBlocked, Refusal.ACCOUNT_BLOCKED),
        (404, "brand_new", PersonRefused, Refusal.THIS_PERSON),
        (404, "", RequestRefused, Refusal.OUR_MISTAKE),
        (408, "", TryLater, None),
        (413, "", RequestRefused, Refusal.TOO_LONG),
        (422, "brand_new", RequestRefused, Refusal.OUR_MISTAKE),
        (429, "", TryLater, Refusal.RETRY_LATER),
        (500, "limit_exceeded", TryLater, None),
        (599, "", TryLater, None),
        (302, "", BadAnswer, None),
        (302, "too_many_requests", TryLater, None),
    ],
)
def test_what_an_error_means(status, code, error, refusal):
    assert verdict_on(status, code) == (error, refusal)


async def test_a_list_is_read_to_its_end():
    service = Service(
        httpx.Response(200, json={"items": [{"id": 1}], "cursor": "next"}),
        httpx.Response(200, json={"items": [{"id": 2}], "cursor": None}),
    )
    found = await a_wire(service).read_items("chats", params={"a": "b"}, limit=7, pages_max=5)
    assert [item["id"] for item in found.items] == [1, 2]
    assert found.cursor is None
    assert [dict(request.url.params) for request in service.requests] == [
        {"a": "b", "limit": "7"},
        {"a": "b", "limit": "7", "cursor": "next"},
    ]


async def test_a_list_without_end_is_cut_and_says_so():
    pages = [httpx.Response(200, json={"items": [{}], "cursor": "more"}) for _ in range(3)]
    found = await a_wire(Service(*pages)).read_items("chats", params={}, limit=1, pages_max=3)
    assert (len(found.items), found.cursor) == (3, "more")


@pytest.mark.parametrize("items", [None, {}, "none", 0, ["a", None]])
async def test_a_list_of_the_wrong_shape_is_an_error_and_not_an_empty_list(items):
    pages = [httpx.Response(200, json={"items": items, "cursor": None}) for _ in range(2)]
    service = Service(*pages)
    with pytest.raises(BadAnswer):
        await a_wire(service, retries=1).read_items("chats", params={}, limit=1, pages_max=3)
    assert service.steps == []


@asynccontextmanager
async def a_server(serve: Callable[[SocketStream], Any]) -> AsyncIterator[str]:
    """A bare socket on this machine, answering each request with `serve`; yields its address."""

    async def handle(stream: SocketStream) -> None:
        async with stream:
            await stream.receive()
            await serve(stream)

    async with await anyio.create_tcp_listener(local_host="127.0.0.1") as listener:
        port = listener.extra(SocketAttribute.local_port)
        async with anyio.create_task_group() as group:
            group.start_soon(listener.serve, handle)
            yield f"127.0.0.1:{port}"
            group.cancel_scope.cancel()


async def over_a_socket(address: str, verb: Callable[[UnipileWire], Any], seconds: float) -> Any:
    async with open_http_client(seconds) as http:
        wire = UnipileWire(
            http,
            base_url=address,
            api_key=KEY,
            account_id="a",
            clock=FakeClock(),
            timeout_seconds=seconds,
            retries=0,
        )
        return await verb(wire)


async def test_on_a_real_socket_a_connection_dropped_after_the_request_is_unknown():
    async def drop(stream: SocketStream) -> None:
        await stream.aclose()

    async with a_server(drop) as address:
        assert (await over_a_socket(address, post, 5)).outcome == "unknown"
        with pytest.raises(TryLater):
            await over_a_socket(address, get, 5)


async def test_on_a_real_socket_half_an_answer_is_unknown():
    async def half_answer(stream: SocketStream) -> None:
        await stream.send(b"HTTP/1.1 201 Created\r\ncontent-length: 500\r\n\r\n" + b'{"object": ')

    async with a_server(half_answer) as address:
        assert (await over_a_socket(address, post, 5)).outcome == "unknown"


async def test_on_a_real_socket_silence_is_unknown():
    async def silence(stream: SocketStream) -> None:
        await anyio.sleep_forever()

    async with a_server(silence) as address:
        assert (await over_a_socket(address, post, 0.2)).outcome == "unknown"


async def test_on_a_real_socket_nobody_listening_is_a_definite_no():
    async def unused(stream: SocketStream) -> None:
        raise AssertionError

    async with a_server(unused) as address:
        pass
    result = await over_a_socket(address, post, 5)
    assert (result.outcome, result.refusal) == ("refused", Refusal.RETRY_LATER)


@pytest.mark.parametrize("text", [*NO_IDS_AT_ALL, "me"])
async def test_no_id_ever_leaves_its_place_in_a_path(text):
    service = Service()
    wire = a_wire(service)
    with pytest.raises(WrongAnswer):
        await wire.read("GET", "chats/{}/messages", text, parse=dict)
    with pytest.raises(WrongAnswer):
        await wire.read_items("chats/{}/messages", text, params={}, limit=1, pages_max=1)
    assert service.requests == []


@given(st.text(max_size=30))
def test_whatever_is_an_id_stays_one_part_of_the_path(text):
    try:
        path = _route("chats/{}/messages", text)
    except WrongAnswer:
        return
    url = httpx.URL("http://x/api/v1/" + path)
    parts = url.raw_path.decode().split("/")
    assert parts[:4] == ["", "api", "v1", "chats"]
    assert parts[5:] == ["messages"]
    assert unquote(parts[4]) == text


@pytest.mark.parametrize("account_id", ["", "..", "a/b", "acc 1"])
def test_an_account_id_that_is_none_is_a_wrong_setting(account_id):
    with pytest.raises(SettingsError, match="account_id"):
        a_wire(Service(), account_id=account_id)
