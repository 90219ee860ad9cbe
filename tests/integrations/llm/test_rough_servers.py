"""Servers that speak a vendor's dialect roughly: other complaints, refusals and pauses."""

from __future__ import annotations

import json
from collections.abc import Callable
from email.utils import formatdate
from typing import Any

import httpx
import pytest

from ingagents.errors import AccountBlocked, BadAnswer, RequestRefused, ServiceError, TryLater
from tests.fake_clock import FakeClock
from tests.integrations.llm.rough import TEXT, Answer, Fields, said, served
from tests.integrations.llm.test_providers import BOTH, settings
from tests.models_world import GOOD, a_question


def without(kind: str, lacks: Callable[[Fields], bool], status: int, body: Any) -> Answer:
    """A server that answers well as soon as the question has nothing of what it lacks."""

    def answer(fields: Fields) -> httpx.Response:
        if not lacks(fields):
            return said(kind, TEXT)
        if isinstance(body, str):
            return httpx.Response(status, text=body)
        return httpx.Response(status, json=body)

    return answer


def roles(fields: Fields) -> bool:
    messages = fields["messages"]
    return "system" in fields or any(one["role"] == "system" for one in messages)


LIMIT = "max_completion_tokens"


NOT_KNOWN = {"type": "extra_forbidden", "loc": ["body", LIMIT], "msg": "Extra inputs", "input": 4}


COMPLAINTS: list[tuple[str, int, Any]] = [
    ("max_completion_tokens", 422, {"detail": [NOT_KNOWN]}),
    ("max_completion_tokens", 422, {"object": "error", "message": {"detail": [NOT_KNOWN]}}),
    ("max_completion_tokens", 400, {"error": f"unknown field {LIMIT}"}),
    ("max_completion_tokens", 400, {"error": {"message": f"Unrecognized argument: {LIMIT}"}}),
    ("max_completion_tokens", 400, [{"error": {"code": 400, "message": f'name "{LIMIT}"'}}]),
    ("max_completion_tokens", 400, {"errors": [{"field": LIMIT, "title": "unknown"}]}),
    ("max_completion_tokens", 400, {"fault": {"faultstring": "no", "detail": {"f": [LIMIT]}}}),
    ("max_completion_tokens", 400, f"<html><body><h1>Bad: {LIMIT}</h1></body></html>"),
    ("max_completion_tokens", 400, f"unknown: {LIMIT}"),
    ("response_format", 400, {"message": "response_format is not available", "status": 400}),
    ("response_format", 400, {"error": {"metadata": {"raw": '{"error":"json_schema"}'}}}),
    ("response_format", 200, {"error": {"message": "response_format is not supported"}}),
    ("reasoning_effort", 400, {"error": {"message": "thinking is not supported"}}),
    # Nothing is named: the newest field is blamed first, then the schema, then the system role.
    ("reasoning_effort", 400, {"error": {"message": "Bad request"}}),
    ("max_completion_tokens", 422, {"detail": "Unprocessable"}),
    ("max_completion_tokens", 400, ""),
    ("max_completion_tokens", 400, {}),
    ("response_format", 400, {"error": {"code": "invalid_request"}}),
    ("response_format", 415, "no"),
    ("response_format", 200, {"error": {"message": "invalid request", "code": "400"}}),
]


@pytest.mark.parametrize(("field", "status", "body"), COMPLAINTS)
async def test_a_complaint_of_any_shape_leads_to_a_simpler_question_that_is_remembered(
    field: str, status: int, body: Any
) -> None:
    answer = without("openai", lambda fields: field in fields, status, body)
    async with served("openai", answer) as (provider, server):
        for _ in range(2):
            assert (await provider.ask(a_question(), settings("openai"))).data == GOOD
    assert field in server.asked[0]
    assert field not in server.asked[-1]
    assert field not in server.asked[-2], "the second question was asked simply at once"
    assert len(server.asked) <= 6


@BOTH
@pytest.mark.parametrize(
    "body",
    [
        {"error": {"message": "This model takes the roles user and assistant alone."}},
        {"error": {"message": "Developer instruction is not enabled for models/gemma-3"}},
        {"detail": "System role not supported"},
        {"error": "Bad request"},
        "",
    ],
)
async def test_a_server_that_knows_no_system_role_is_told_all_in_the_users_message(
    kind: str, body: Any
) -> None:
    async with served(kind, without(kind, roles, 400, body)) as (provider, server):
        for _ in range(2):
            assert (await provider.ask(a_question(), settings(kind))).data == GOOD
    (message,) = server.asked[-1]["messages"]
    assert message["role"] == "user"
    assert a_question().system in message["content"]
    assert a_question().user in message["content"]
    assert not roles(server.asked[-2])


@BOTH
@pytest.mark.parametrize(
    "words",
    [
        "System role not supported",
        "Jinja Exception: System role not supported at row 1, column 56",
        "Conversation roles must alternate user/assistant/user/assistant/...",
        "Unexpected role: system",
    ],
)
async def test_a_server_whose_template_fails_at_the_system_role_is_asked_without_it(
    kind: str, words: str
) -> None:
    body = {"error": {"code": 500, "message": words, "type": "server_error"}}
    async with served(kind, without(kind, roles, 500, body)) as (provider, server):
        for _ in range(2):
            assert (await provider.ask(a_question(), settings(kind))).data == GOOD
    assert not roles(server.asked[-2])


@pytest.mark.parametrize("words", ["the system is not available", "internal error", ""])
async def test_a_server_that_fails_of_itself_is_not_asked_without_the_system_role(
    words: str,
) -> None:
    body = {"error": {"message": words}}
    async with served("openai", lambda _: httpx.Response(500, json=body)) as (provider, server):
        with pytest.raises(TryLater):
            await provider.ask(a_question(), settings("openai"))
    assert all(map(roles, server.asked))


async def test_only_the_system_role_is_given_up_when_the_complaint_names_it() -> None:
    body = {"error": {"message": "This model takes the roles user and assistant alone."}}
    async with served("openai", without("openai", roles, 400, body)) as (provider, server):
        await provider.ask(a_question(), settings("openai"))
    assert "response_format" in server.asked[-1]


@BOTH
async def test_a_question_that_is_refused_however_it_is_asked_leaves_the_next_one_as_it_was(
    kind: str,
) -> None:
    def answer(fields: Fields) -> httpx.Response:
        refused = "Munitions" in json.dumps(fields)
        return httpx.Response(400, text="no") if refused else said(kind, TEXT)

    async with served(kind, answer) as (provider, server):
        bad = a_question(user="<data>Munitions</data>")
        for calls in (5, 6, 7):
            with pytest.raises(RequestRefused):
                await provider.ask(bad, settings(kind))
            assert len(server.asked) == calls, "each simplification is tried once"
        assert (await provider.ask(a_question(), settings(kind))).data == GOOD
        assert server.asked[-1].keys() == server.asked[0].keys()


@BOTH
async def test_a_refusal_after_a_good_answer_is_the_questions_own(kind: str) -> None:
    answers = [said(kind, TEXT), httpx.Response(400, json={"error": "no"})]
    async with served(kind, lambda _: answers.pop(0)) as (provider, server):
        await provider.ask(a_question(), settings(kind))
        with pytest.raises(RequestRefused):
            await provider.ask(a_question(), settings(kind))
        assert len(server.asked) == 2


@BOTH
async def test_a_server_that_refuses_its_first_question_is_still_understood_later(
    kind: str,
) -> None:
    asked = 0

    def answer(fields: Fields) -> httpx.Response:
        nonlocal asked
        asked += 1
        if asked <= 5 or {"response_format", "output_config", "tools"} & fields.keys():
            return httpx.Response(400, json={"error": "Bad request"})
        return said(kind, TEXT)

    async with served(kind, answer) as (provider, _):
        for _ in range(9):
            with pytest.raises(RequestRefused):
                await provider.ask(a_question(), settings(kind))
        assert (await provider.ask(a_question(), settings(kind))).data == GOOD


def error(status: int, *body: Any) -> list[tuple[int, Any]]:
    return [(status, one) for one in body]


FILTERS = [
    *error(
        400,
        {"error": {"message": "Refused by the content policy.", "code": "content_filter"}},
        {"error": {"code": "content_policy_violation", "message": "Your request was rejected"}},
        {"error": {"message": "Invalid prompt: your prompt was flagged as potentially violating"}},
        {"error": {"innererror": {"code": "ResponsibleAIPolicyViolation"}, "message": "filtered"}},
        [{"error": {"code": 400, "message": "blocked", "status": "PROHIBITED_CONTENT"}}],
        {"code": "data_inspection_failed", "message": "Input data may contain something"},
        "The request was blocked by our safety system",
    ),
    *error(403, {"error": {"code": 403, "message": "Input was flagged", "metadata": {}}}),
    *error(422, {"detail": "content moderation"}),
    *error(200, {"error": {"message": "Input flagged by moderation", "code": 403}}),
]


@BOTH
@pytest.mark.parametrize(("status", "body"), FILTERS)
async def test_a_filter_refuses_the_question_and_nothing_is_asked_more_simply(
    kind: str, status: int, body: Any
) -> None:
    answer = without(kind, lambda _: True, status, body)
    async with served(kind, answer, retries=2) as (provider, server):
        with pytest.raises(RequestRefused, match="answered 4"):
            await provider.ask(a_question(), settings(kind))
        assert len(server.asked) == 1


CREDIT = {"message": "Insufficient credits", "code": 402}


NO_KEY = {"message": "API key not valid. Please pass a valid API key.", "status": "INVALID"}


QUOTA = "You exceeded your current quota, please check your plan and billing details."


RETRY = {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "34.5s"}


OTHERS: list[tuple[int, Any, type[ServiceError], int]] = [
    (200, {"error": CREDIT, "user_id": "u"}, AccountBlocked, 402),
    (200, {"error": {"message": "no", "code": "402"}}, AccountBlocked, 402),
    (200, {"error": {"message": "no", "status": 402}}, AccountBlocked, 402),
    (200, {"error": {"error": {"message": "no", "status_code": "402"}}}, AccountBlocked, 402),
    (200, {"error": "Insufficient Balance"}, AccountBlocked, 402),
    (200, {"error": {"code": "insufficient_quota"}}, AccountBlocked, 402),
    (200, {"code": 402, "message": "pay first"}, AccountBlocked, 402),
    (200, [{"error": CREDIT}], AccountBlocked, 402),
    (200, {"choices": [{"error": CREDIT, "finish_reason": "error"}]}, AccountBlocked, 402),
    (200, {"choices": [], "content": [], "error": CREDIT}, AccountBlocked, 402),
    (200, f"data: {json.dumps({'error': CREDIT})}\n\n", AccountBlocked, 402),
    (200, {"error": {"message": "who?", "code": "401"}}, AccountBlocked, 401),
    (200, {"error": {"type": "authentication_error"}}, AccountBlocked, 401),
    (200, {"error": {"message": "slow down", "code": 429}}, TryLater, 429),
    (200, {"error": {"type": "rate_limit_exceeded"}}, TryLater, 429),
    (200, {"error": {"message": "The model is overloaded"}}, TryLater, 429),
    (200, {"error": {"message": "The model is still loading"}}, TryLater, 503),
    (200, {"error": {"message": "hm"}}, BadAnswer, 200),
    (200, {"status": "ok"}, BadAnswer, 200),
    (200, [], BadAnswer, 200),
    (400, [{"error": {"code": 400, **NO_KEY}}], AccountBlocked, 400),
    (429, {"error": {"message": QUOTA, "code": "insufficient_quota"}}, AccountBlocked, 429),
    (429, [{"error": {"message": QUOTA, "status": "RESOURCE_EXHAUSTED"}}], TryLater, 429),
    (400, {"error": {"message": "Your credit balance is too low"}}, AccountBlocked, 400),
    (403, {"error": {"message": "This account is suspended: usage policy"}}, AccountBlocked, 403),
    (404, {"error": {"message": "model 'x' not found"}}, RequestRefused, 404),
]


@BOTH
@pytest.mark.parametrize(("status", "body", "kind_of_error", "meant"), OTHERS)
async def test_what_a_complaint_means_is_read_from_its_words_and_codes_wherever_they_stand(
    kind: str, status: int, body: Any, kind_of_error: type[ServiceError], meant: int
) -> None:
    async with served(kind, without(kind, lambda _: True, status, body)) as (provider, server):
        with pytest.raises(ServiceError) as caught:
            await provider.ask(a_question(), settings(kind))
        assert len(server.asked) == 1
    assert (type(caught.value), caught.value.status) == (kind_of_error, meant)


async def test_a_pause_in_the_body_is_kept_like_one_in_the_head() -> None:
    body = [{"error": {"code": 429, "message": QUOTA, "details": [RETRY]}}]
    async with served("openai", without("openai", lambda _: True, 429, body)) as (provider, _):
        with pytest.raises(TryLater) as caught:
            await provider.ask(a_question(), settings("openai"))
    assert caught.value.retry_after_seconds == 34.5


async def test_a_question_that_a_complaint_repeats_is_not_told() -> None:
    echoed = [{"loc": ["body"], "msg": "no", "input": {"messages": "Ada of Acme"}}]
    answer = without("openai", lambda _: True, 422, {"detail": echoed})
    async with served("openai", answer) as (provider, _):
        with pytest.raises(RequestRefused) as caught:
            await provider.ask(a_question(), settings("openai"))
    assert "Ada" not in caught.value.line()


@BOTH
@pytest.mark.parametrize("clock_is_off", [-7200, 0, 7200])
async def test_a_date_to_retry_after_counts_from_the_answers_own_date(
    kind: str, clock_is_off: int
) -> None:
    clock = FakeClock()
    began = clock.now()
    theirs = began.timestamp() + clock_is_off
    dates = [formatdate(moment, usegmt=True) for moment in (theirs, theirs + 30)]
    busy = httpx.Response(529, headers={"date": dates[0], "retry-after": dates[1]}, json={})
    answers = [busy, said(kind, TEXT)]
    async with served(kind, lambda _: answers.pop(0), retries=1, clock=clock) as (provider, _):
        assert (await provider.ask(a_question(), settings(kind))).data == GOOD
    assert (clock.now() - began).total_seconds() == 30


async def test_a_pause_nobody_asked_for_is_real_time_too() -> None:
    clock = FakeClock()
    clock.pace = 600.0
    answers = [httpx.Response(429, json={}), said("openai", TEXT)]
    began = clock.now()
    async with served("openai", lambda _: answers.pop(0), retries=1, clock=clock) as (provider, _):
        await provider.ask(a_question(), settings("openai"))
    assert (clock.now() - began).total_seconds() == 300


async def test_a_pause_asked_for_is_real_time_however_fast_the_simulated_days_go() -> None:
    clock = FakeClock()
    clock.pace = 600.0
    busy = httpx.Response(429, headers={"retry-after": "3"}, json={})
    answers = [busy, said("openai", TEXT)]
    began = clock.now()
    async with served("openai", lambda _: answers.pop(0), retries=1, clock=clock) as (provider, _):
        await provider.ask(a_question(), settings("openai"))
    assert (clock.now() - began).total_seconds() == 1800
