"""Answers of a rough server: streamed, thought aloud, cut, or standing elsewhere."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from ingagents.errors import AccountBlocked, ServiceError, TryLater
from tests.integrations.llm.rough import TEXT, Fields, said, served
from tests.integrations.llm.test_providers import settings
from tests.models_world import GOOD, a_question


def streamed(*chunks: Any, name: bool = False) -> httpx.Response:
    lines = [f"event: {one['type']}\ndata: {json.dumps(one)}" if name else
             f"data: {json.dumps(one)}" for one in chunks]  # fmt: skip
    text = "\n\n".join([": a comment", *lines, "data: [DONE]", ""])
    return httpx.Response(200, text=text, headers={"content-type": "text/event-stream"})


def chunk(delta: Any, **more: Any) -> dict[str, Any]:
    return {"object": "chat.completion.chunk", "choices": [{"index": 0, "delta": delta, **more}]}


USAGE = {"prompt_tokens": 70, "completion_tokens": 7}


PIECES = [chunk({"content": TEXT[at : at + 9]}) for at in range(0, len(TEXT), 9)]


FULL = {"choices": [{"message": {"content": TEXT}, "finish_reason": "stop"}], "usage": USAGE}


STREAMS: list[tuple[str, httpx.Response]] = [
    ("one piece", streamed(chunk({"content": TEXT}, finish_reason="stop"), {"usage": USAGE})),
    ("pieces", streamed(chunk({"role": "assistant"}), *PIECES, {"choices": [], "usage": USAGE})),
    ("a whole answer", streamed(FULL)),
    ("thought aside", streamed(chunk({"reasoning_content": "hm"}), *PIECES, {"usage": USAGE})),
    ("lines", httpx.Response(200, text="\n".join(map(json.dumps, [*PIECES, {"usage": USAGE}])))),
    ("a list", httpx.Response(200, json=[*PIECES, {"usage": USAGE}])),
]


@pytest.mark.parametrize("stream", [pytest.param(one, id=name) for name, one in STREAMS])
async def test_a_stream_nobody_asked_for_is_put_together(stream: httpx.Response) -> None:
    async with served("openai", lambda _: stream) as (provider, _):
        answer = await provider.ask(a_question(), settings("openai"))
    assert answer.data == GOOD
    assert (answer.input_tokens, answer.output_tokens) == (70, 7)


async def test_anthropics_stream_is_put_together_too() -> None:
    def block(place: int, **delta: Any) -> dict[str, Any]:
        return {"type": "content_block_delta", "index": place, "delta": delta}

    texts = [block(1, type="text_delta", text=TEXT[at : at + 9]) for at in range(0, len(TEXT), 9)]
    stream = streamed(
        {"type": "message_start", "message": {"content": [], "usage": {"input_tokens": 70}}},
        {"type": "content_block_start", "index": 0, "content_block": {"type": "thinking"}},
        block(0, type="thinking_delta", thinking="hm"),
        {"type": "content_block_start", "index": 1, "content_block": {"type": "text"}},
        *texts,
        {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 7}},
        name=True,
    )  # fmt: skip
    async with served("anthropic", lambda _: stream) as (provider, _):
        answer = await provider.ask(a_question(), settings("anthropic"))
    assert answer.data == GOOD
    assert (answer.input_tokens, answer.output_tokens) == (70, 7)


@pytest.mark.parametrize(
    "message",
    [
        {"content": ""},
        {"content": None},
        {},
        {"content": None, "reasoning_content": TEXT},
        {"content": "", "reasoning": f"The user wants {TEXT}"},
        {"content": [{"type": "thinking", "thinking": [{"type": "text", "text": TEXT}]}]},
        {"content": f"<think>{TEXT}"},
    ],
)
async def test_what_a_model_only_thinks_is_no_answer(message: dict[str, Any]) -> None:
    body = {"choices": [{"message": {"role": "assistant", **message}, "finish_reason": "stop"}]}
    async with served("openai", lambda _: httpx.Response(200, json=body)) as (provider, _):
        answer = await provider.ask(a_question(), settings("openai"))
    assert answer.data is None


@pytest.mark.parametrize(
    ("finish", "stop"),
    [
        ("stop", "complete"),
        ("STOP", "complete"),
        (None, "complete"),
        ("eos", "complete"),
        ("length", "length"),
        ("MAX_TOKENS", "length"),
        ("content_filter", "refused"),
        ("content_filter: SAFETY", "refused"),
        ("PROHIBITED_CONTENT", "refused"),
        ("SPII", "refused"),
    ],
)
@pytest.mark.parametrize("message", [{"role": "assistant"}, {"content": "", "extra_content": {}}])
async def test_googles_ways_to_end_an_answer_are_understood(
    finish: str | None, stop: str, message: dict[str, Any]
) -> None:
    body = {"choices": [{"index": 0, "message": message, "finish_reason": finish}]}
    async with served("openai", lambda _: httpx.Response(200, json=body)) as (provider, _):
        assert (await provider.ask(a_question(), settings("openai"))).stop == stop


async def test_googles_thinking_is_counted_though_the_completion_leaves_it_out() -> None:
    usage = {"prompt_tokens": 70, "completion_tokens": 7, "total_tokens": 177}
    extra = {"google": {"thought_signature": "x"}}
    message = {"role": "assistant", "content": TEXT, "extra_content": extra}
    body = {"choices": [{"message": message, "finish_reason": "stop"}], "usage": usage}
    async with served("openai", lambda _: httpx.Response(200, json=body)) as (provider, _):
        answer = await provider.ask(a_question(), settings("openai"))
    assert (answer.data, answer.input_tokens, answer.output_tokens) == (GOOD, 70, 107)


@pytest.mark.parametrize(
    ("kind", "effort", "sent"),
    [
        ("openai", "none", "none"),
        ("openai", "low", "low"),
        ("openai", "", None),
        ("anthropic", "low", "low"),
        ("anthropic", "none", None),
        ("anthropic", "", None),
    ],
)
async def test_no_thinking_is_asked_for_where_that_can_be_asked_for(
    kind: str, effort: str, sent: str | None
) -> None:
    async with served(kind, lambda _: said(kind, TEXT)) as (provider, server):
        await provider.ask(a_question(), settings(kind, effort=effort))
    (fields,) = server.asked
    assert fields.get("reasoning_effort", fields.get("output_config", {}).get("effort")) == sent
    assert "thinking" not in fields


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ({"choices": None, "base_resp": {"status_msg": "insufficient balance"}}, AccountBlocked),
        (
            {"choices": None, "base_resp": {"status_msg": "login fail: carry the key"}},
            AccountBlocked,
        ),
        ({"choices": None, "message": "the engine is overloaded"}, TryLater),
    ],
)
async def test_an_error_inside_a_200_is_read_beside_choices_that_are_null(
    body: Fields, kind: type[ServiceError]
) -> None:
    async with served("openai", lambda _: httpx.Response(200, json=body)) as (provider, _):
        with pytest.raises(kind):
            await provider.ask(a_question(), settings("openai"))


async def test_an_answer_given_as_the_arguments_of_a_call_nobody_offered_counts() -> None:
    call = {"id": "1", "type": "function", "function": {"name": "answer", "arguments": TEXT}}
    answer = said("openai", None, tool_calls=[call])
    async with served("openai", lambda _: answer) as (provider, _):
        assert (await provider.ask(a_question(), settings("openai"))).data == GOOD


async def test_a_content_that_is_a_mere_text_is_read_though_the_dialect_has_blocks() -> None:
    body = {"type": "message", "content": TEXT, "stop_reason": "end_turn"}
    async with served("anthropic", lambda _: httpx.Response(200, json=body)) as (provider, _):
        assert (await provider.ask(a_question(), settings("anthropic"))).data == GOOD


@pytest.mark.parametrize(
    "choice",
    [
        {"message": {"content": GOOD}},
        {"message": {"content": None, "parsed": GOOD}},
        {"message": {"content": None, "function_call": {"name": "x", "arguments": TEXT}}},
        {"message": {"tool_calls": [{"function": {"name": "x", "arguments": GOOD}}]}},
        {"delta": {"content": TEXT}, "finish_reason": "stop"},
    ],
)
async def test_an_answer_that_was_read_for_us_or_stands_elsewhere_counts(choice: Fields) -> None:
    body = {"choices": [choice]}
    async with served("openai", lambda _: httpx.Response(200, json=body)) as (provider, _):
        assert (await provider.ask(a_question(), settings("openai"))).data == GOOD


async def test_of_several_choices_the_first_by_its_number_counts() -> None:
    draft = TEXT.replace("Speaker", "Other")
    choices = [
        {"index": 1, "message": {"content": draft}},
        {"index": 0, "message": {"content": TEXT}},
    ]
    body = {"choices": choices}
    async with served("openai", lambda _: httpx.Response(200, json=body)) as (provider, _):
        assert (await provider.ask(a_question(), settings("openai"))).data == GOOD
