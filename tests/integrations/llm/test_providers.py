"""Both vendors' SDKs against simulated servers over real HTTP: answers, usage, errors, fallbacks."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from functools import partial
from typing import Any

import httpx
import pytest
import respx

from ingagents.core.llm.answers import closed_object, one_of
from ingagents.errors import (
    AccountBlocked,
    BadAnswer,
    RequestRefused,
    ServiceError,
    SettingsError,
    TryLater,
)
from ingagents.integrations.http.client import open_http_client
from ingagents.integrations.llm.adapter import ModelAdapter
from ingagents.integrations.llm.anthropic import Anthropic
from ingagents.integrations.llm.openai import OpenAI
from ingagents.model import ProviderSettings
from ingagents.ports import ModelProvider
from ingagents.sandbox.llm.api import ModelFaultPlan
from tests.fake_clock import FakeClock
from tests.models_world import GOOD, KEY, ModelsWorld, a_question, always, at, served_models

MAKERS: dict[str, Callable[..., ModelProvider]] = {
    "openai": partial(ModelAdapter, OpenAI()),
    "anthropic": partial(ModelAdapter, Anthropic()),
}
MODELS = {"openai": "gpt-6-luna", "anthropic": "claude-haiku-5-5"}
BOTH = pytest.mark.parametrize("kind", ["openai", "anthropic"])


@asynccontextmanager
async def asking(
    kind: str, *, retries: int = 0, timeout_seconds: float = 5.0, key: str = KEY
) -> AsyncGenerator[tuple[ModelsWorld, ModelProvider, FakeClock], None]:
    """A served vendor and a provider that asks it."""
    clock = FakeClock()
    async with served_models() as world, open_http_client(timeout_seconds) as http:
        yield world, provider_of(kind, http, world, clock, retries, timeout_seconds, key), clock


def provider_of(
    kind: str,
    http: httpx.AsyncClient,
    world: ModelsWorld,
    clock: Any,
    retries: int = 0,
    timeout_seconds: float = 5.0,
    key: str = KEY,
) -> ModelProvider:
    return MAKERS[kind](
        http,
        api_key=key,
        clock=clock,
        base_url=world.base_urls[kind],
        timeout_seconds=timeout_seconds,
        retries=retries,
        jitter=lambda: 0.0,
    )


def settings(kind: str, **changes: Any) -> ProviderSettings:
    fields: dict[str, Any] = {"model": MODELS[kind], "max_output_tokens": 400, "effort": "low"}
    return ProviderSettings(**{**fields, **changes})


@BOTH
async def test_an_answer_comes_with_its_data_and_its_usage(kind: str) -> None:
    async with asking(kind) as (world, provider, _):
        answer = await provider.ask(a_question(), settings(kind))
        (call,) = await world.calls()
    assert answer.data == GOOD
    assert answer.stop == "complete"
    assert (answer.input_tokens, answer.output_tokens) == (
        call["input_tokens"],
        call["output_tokens"],
    )
    assert answer.input_tokens > 50
    assert not answer.usage_estimated
    mechanism = {"openai": "response_format", "anthropic": "output_config"}[kind]
    assert mechanism in call["fields"]


@BOTH
async def test_nothing_is_streamed_and_every_byte_goes_through_our_client(kind: str) -> None:
    bodies: list[bytes] = []

    async def note(request: httpx.Request) -> None:
        bodies.append(await request.aread())

    async with served_models() as world, open_http_client(5.0) as http:
        http.event_hooks["request"].append(note)
        await provider_of(kind, http, world, FakeClock()).ask(a_question(), settings(kind))
    (body,) = bodies
    assert b'"stream":false' in body.replace(b" ", b"")


@BOTH
async def test_what_a_mock_of_httpx_answers_is_what_the_sdk_reads(kind: str) -> None:
    message = {"role": "assistant", "content": '{"a": 1}'}
    bodies = {
        "openai": {"choices": [{"message": message, "finish_reason": "stop"}]},
        "anthropic": {"content": [{"type": "text", "text": '{"a": 1}'}], "stop_reason": "end_turn"},
    }
    with respx.mock(assert_all_called=True) as mocked:
        mocked.post(url__startswith="https://models.invalid/").respond(json=bodies[kind])
        async with open_http_client(5.0) as http:
            made = MAKERS[kind](
                http, api_key=KEY, clock=FakeClock(), base_url="https://models.invalid", retries=0
            )
            answer = await made.ask(a_question(), settings(kind))
    assert answer.data == {"a": 1}
    assert answer.usage_estimated
    assert answer.input_tokens > 50


@BOTH
async def test_what_a_question_costs_does_not_grow_with_its_schema(kind: str) -> None:
    """Counted in calls of functions, of the second question of its kind."""

    def schema(names: int) -> dict[str, Any]:
        return closed_object(**{f"name_{number}": one_of("abc") for number in range(names)})

    small, large = [await calls_of(kind, schema(names)) for names in (3, 60)]
    assert large < small * 1.05


@BOTH
async def test_several_clients_take_turns(kind: str) -> None:
    asked = Counter[int]()

    async def note(place: int, _request: httpx.Request) -> None:
        asked[place] += 1

    async with served_models() as world, AsyncExitStack() as stack:
        clients = [await stack.enter_async_context(open_http_client(5.0)) for _ in range(3)]
        for place, client in enumerate(clients):
            client.event_hooks["request"].append(partial(note, place))
        provider = MAKERS[kind](
            *clients, api_key=KEY, clock=FakeClock(), base_url=world.base_urls[kind]
        )
        for _ in range(6):
            await provider.ask(a_question(), settings(kind))
    assert asked == {0: 2, 1: 2, 2: 2}


async def calls_of(kind: str, schema: dict[str, Any]) -> int:
    """How many functions are called for a question, the first of its kind aside."""
    calls = 0

    def count(_frame: Any, event: str, _argument: Any) -> None:
        nonlocal calls
        calls += event in {"call", "c_call"}

    async with open_http_client(5.0, httpx.MockTransport(answered_plainly)) as http:
        provider = MAKERS[kind](
            http, api_key=KEY, clock=FakeClock(), base_url="https://models.invalid"
        )
        for _ in range(2):
            calls = 0
            sys.setprofile(count)
            try:
                await provider.ask(a_question(schema=schema), settings(kind))
            finally:
                sys.setprofile(None)
    return calls


def answered_plainly(request: httpx.Request) -> httpx.Response:
    message = {"role": "assistant", "content": "{}"}
    return httpx.Response(
        200,
        json={"choices": [{"message": message, "finish_reason": "stop"}]}
        if "chat" in request.url.path
        else {"content": [{"type": "text", "text": "{}"}], "stop_reason": "end_turn"},
    )


@BOTH
async def test_the_servers_models_can_be_listed(kind: str) -> None:
    async with asking(kind) as (_, provider, __):
        assert MODELS[kind] in await provider.known_models()


@BOTH
@pytest.mark.parametrize(
    ("fault", "error", "status"),
    [
        ("401", AccountBlocked, 401),
        ("402", AccountBlocked, 402),
        ("400", RequestRefused, 400),
        ("429", TryLater, 429),
        ("500", TryLater, 500),
        ("529", TryLater, 529),
        ("html", BadAnswer, 200),
        ("no_answer", BadAnswer, 200),
        ("drop", TryLater, 0),
        ("silent", TryLater, 0),
    ],
)
async def test_every_failure_is_one_of_our_errors_with_a_remedy(
    kind: str, fault: str, error: type[ServiceError], status: int
) -> None:
    async with asking(kind, timeout_seconds=1.0 if fault == "silent" else 20.0) as (
        world,
        provider,
        _,
    ):
        world.faults.follow(always(fault, seconds=7))
        with pytest.raises(ServiceError) as caught:
            await provider.ask(a_question(), settings(kind))
        # A complaint that names nothing is met with each simpler question once.
        expected = 5 if fault == "400" else 1
        assert len(await world.calls()) == expected, "retries are off, the SDK's own included"
    assert type(caught.value) is error
    assert caught.value.status == status
    assert caught.value.remedy
    assert KEY not in caught.value.line()
    assert caught.value.retry_after_seconds == (7 if fault == "429" else None)


@BOTH
async def test_nobody_there_is_told_from_a_lost_answer(kind: str) -> None:
    async with open_http_client(1.0) as http:
        made = MAKERS[kind](
            http, api_key=KEY, clock=FakeClock(), base_url="http://127.0.0.1:1", retries=0
        )
        with pytest.raises(TryLater) as caught:
            await made.ask(a_question(), settings(kind))
    assert caught.value.code == "not_connected"


@BOTH
@pytest.mark.parametrize("fault", ["429", "500", "529", "html", "drop"])
async def test_a_passing_failure_is_repeated_in_one_place_and_retry_after_is_kept(
    kind: str, fault: str
) -> None:
    async with asking(kind, retries=2) as (world, provider, clock):
        world.faults.follow(at(fault, 1, 2, seconds=20))
        before = clock.now()
        answer = await provider.ask(a_question(), settings(kind))
        assert len(await world.calls()) == 3
    assert answer.data == GOOD
    waited = (clock.now() - before).total_seconds()
    assert waited == 40 if fault == "429" else 0 < waited < 10


@BOTH
@pytest.mark.parametrize("fault", ["401", "402"])
async def test_what_no_waiting_mends_is_asked_once(kind: str, fault: str) -> None:
    async with asking(kind, retries=5) as (world, provider, _):
        world.faults.follow(always(fault))
        with pytest.raises(ServiceError):
            await provider.ask(a_question(), settings(kind))
        assert len(await world.calls()) == 1


@BOTH
async def test_a_pause_longer_than_a_minute_is_left_to_the_caller(kind: str) -> None:
    async with asking(kind, retries=5) as (world, provider, clock):
        world.faults.follow(always("429", seconds=3600))
        before: datetime = clock.now()
        with pytest.raises(TryLater) as caught:
            await provider.ask(a_question(), settings(kind))
        assert len(await world.calls()) == 1
        assert clock.now() == before
    assert caught.value.retry_after_seconds == 3600


@BOTH
@pytest.mark.parametrize(("fault", "stop"), [("refuses", "refused"), ("length", "length")])
async def test_a_refusal_or_a_cut_answer_still_tells_its_usage(
    kind: str, fault: str, stop: str
) -> None:
    async with asking(kind) as (world, provider, _):
        world.faults.follow(always(fault))
        answer = await provider.ask(a_question(), settings(kind))
    assert answer.stop == stop
    assert answer.data is None
    assert answer.input_tokens > 50
    assert answer.output_tokens > 0
    assert not answer.usage_estimated


@BOTH
async def test_a_server_that_tells_no_usage_gets_an_estimate_that_says_so(kind: str) -> None:
    async with asking(kind) as (world, provider, _):
        world.faults.follow(always("no_usage"))
        answer = await provider.ask(a_question(), settings(kind))
    assert answer.usage_estimated
    assert answer.input_tokens > 50
    assert answer.output_tokens > 10


@BOTH
@pytest.mark.parametrize("fault", ["broken_json", "prose", "wrong_shape"])
async def test_a_bad_answer_is_given_on_as_it_is(kind: str, fault: str) -> None:
    async with asking(kind) as (world, provider, _):
        world.faults.follow(at(fault, 1))
        bad = await provider.ask(a_question(), settings(kind))
        good = await provider.ask(a_question(), settings(kind))
    assert bad.data != GOOD
    assert bad.text
    assert good.data == GOOD


@pytest.mark.parametrize(
    ("kind", "lacks"),
    [
        ("openai", ("response_format",)),
        ("openai", ("reasoning_effort",)),
        ("openai", ("response_format", "reasoning_effort", "max_completion_tokens")),
        ("anthropic", ("output_config",)),
        ("anthropic", ("output_config", "tools")),
    ],
)
async def test_a_server_that_lacks_a_field_is_asked_more_simply_and_that_is_remembered(
    kind: str, lacks: tuple[str, ...]
) -> None:
    async with asking(kind) as (world, provider, _):
        world.faults.follow(ModelFaultPlan(lacks=lacks))
        for _ in range(2):
            answer = await provider.ask(a_question(), settings(kind))
            assert answer.data == GOOD
        seen = await world.calls()
        answered = [call for call in seen if call["output_tokens"]]
    # Refused questions never reach the model and are not in its record.
    assert len(answered) == 2
    assert not set(answered[-1]["fields"]) & set(lacks)


@pytest.mark.parametrize(
    ("kind", "field"), [("openai", "response_format"), ("anthropic", "output_config")]
)
async def test_a_server_that_ignores_the_schema_is_told_it_in_words_after_two_answers(
    kind: str, field: str
) -> None:
    async with asking(kind) as (world, provider, _):
        world.faults.follow(ModelFaultPlan(ignores=(field, "tools", "tool_choice")))
        answers = [await provider.ask(a_question(), settings(kind)) for _ in range(6)]
    assert [one.data for one in answers] == [GOOD] * 6, "found inside a code fence"
    assert answers[-1].input_tokens > answers[0].input_tokens, (
        "the schema stands in the instructions now"
    )


@BOTH
@pytest.mark.parametrize("key", ["", "  ", "a key\nwith a line break", "schlüssel-ä"])
async def test_a_key_that_cannot_be_sent_is_refused_and_not_repeated(kind: str, key: str) -> None:
    async with open_http_client(1.0) as http:
        with pytest.raises(SettingsError) as caught:
            MAKERS[kind](http, api_key=key, clock=FakeClock())
    assert not key.strip() or key not in caught.value.line()
