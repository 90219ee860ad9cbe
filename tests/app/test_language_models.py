"""From settings to a language model: which model for which task, which key, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp

from ingagents.app.department import open_department
from ingagents.app.doctor import examine
from ingagents.app.language_models import open_language_model
from ingagents.core.llm.pricing import Price
from ingagents.errors import ModelUnavailable, SettingsError
from ingagents.model import LeadId, ModelTask
from ingagents.settings import Settings, load_settings
from tests.models_world import GOOD, KEY, a_question, always, served, served_models

STRONG = {ModelTask.ALLOCATION, ModelTask.REPORT, ModelTask.STRATEGY}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder, and none of the vendors' variables."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.delenv("ANTHROPIC_API_KEY", raising=False)
    return tmp_path


def some_settings(**llm: Any) -> Settings:
    return load_settings(llm={"provider": "openai", "api_key": KEY, **llm})


async def routes_of(settings: Settings) -> dict[ModelTask, list[tuple[str, str, str, int]]]:
    async with (
        open_department(settings) as department,
        open_language_model(settings, department.context) as model,
    ):
        assert model is not None
        return {
            task: [(r.server.name, r.model, r.effort, r.max_output_tokens) for r in routes]
            for task, routes in model.routes.items()
        }


async def test_rules_need_no_model() -> None:
    async with open_department(load_settings()) as department:
        assert await department.language_model() is None


@pytest.mark.parametrize(
    ("provider", "cheap", "strong"),
    [
        ("openai", "gpt-6-luna", "gpt-6-sol"),
        ("anthropic", "claude-haiku-5-5", "claude-sonnet-5-5"),
    ],
)
async def test_tasks_are_cheap_and_the_managers_are_strong(
    provider: str, cheap: str, strong: str
) -> None:
    routes = await routes_of(some_settings(provider=provider))
    for task, ways in routes.items():
        chosen = strong if task in STRONG else cheap
        assert ways == [(provider, chosen, "medium" if task in STRONG else "low", 0)]


async def test_a_named_model_serves_all_tasks_and_a_tasks_own_wins() -> None:
    routes = await routes_of(
        some_settings(
            model="mine",
            base_url="http://127.0.0.1:9/v1",
            tasks={"message": {"model": "better", "max_output_tokens": 300, "effort": "high"}},
        )
    )
    name = "openai at 127.0.0.1:9"
    assert routes[ModelTask.CLASSIFY] == [(name, "mine", "", 0)]
    assert routes[ModelTask.MESSAGE] == [(name, "better", "high", 300)]


async def test_the_standby_comes_second_and_first_for_tasks_that_name_it() -> None:
    standby = {"provider": "anthropic", "api_key": KEY}
    routes = await routes_of(
        some_settings(
            model="mine",
            standby=standby,
            tasks={"reply": {"provider": "anthropic", "model": "claude-opus-5-5"}},
        )
    )
    names = {task: [(way[0], way[1]) for way in ways] for task, ways in routes.items()}
    assert names[ModelTask.CLASSIFY] == [("openai", "mine"), ("anthropic", "claude-haiku-5-5")]
    assert names[ModelTask.REPLY] == [("anthropic", "claude-opus-5-5"), ("openai", "mine")]


async def test_two_servers_of_one_kind_have_two_names() -> None:
    routes = await routes_of(some_settings(standby={"provider": "openai", "api_key": KEY}))
    assert [way[0] for way in routes[ModelTask.REPLY]] == ["openai", "openai (standby)"]


@pytest.mark.parametrize(
    ("llm", "says"),
    [
        ({"api_key": ""}, "there is no API key for llm.provider = openai"),
        ({"standby": {"provider": "anthropic"}}, "no API key for llm.standby.provider = anthropic"),
        ({"tasks": {"reply": {"provider": "anthropic"}}}, "llm.tasks.reply.provider is anthropic"),
        ({"api_key": "", "api_key_file": "nowhere"}, "the secret file nowhere cannot be read"),
    ],
)
async def test_what_cannot_work_is_refused_before_anybody_is_asked(
    llm: dict[str, Any], says: str
) -> None:
    async with open_department(some_settings(**llm)) as department:
        with pytest.raises(SettingsError, match=says):
            await department.language_model()


async def test_a_server_of_ones_own_needs_no_key() -> None:
    assert await routes_of(some_settings(api_key="", base_url="http://127.0.0.1:9/v1"))


@pytest.mark.parametrize(
    ("provider", "variable"), [("openai", "OPENAI_API_KEY"), ("anthropic", "ANTHROPIC_API_KEY")]
)
@pytest.mark.parametrize("place", ["environment", ".env"])
def test_the_vendors_own_variable_serves_where_ours_is_empty(
    provider: str, variable: str, place: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "settings.toml").write_text(f'[llm]\nprovider = "{provider}"\n', "utf-8")
    if place == ".env":
        (folder / ".env").write_text(f"{variable}={KEY}\n", "utf-8")
    else:
        monkeypatch.setenv(variable, KEY)
    assert load_settings().llm.api_key.get_secret_value() == KEY
    monkeypatch.setenv("INGAGENTS_LLM__API_KEY", "ours")
    assert load_settings().llm.api_key.get_secret_value() == "ours"
    assert KEY not in repr(load_settings())


def test_the_standbys_variable_serves_too_and_rules_take_none(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in ("OPENAI_API_KEY", "ANTHROPIC_API_KEY"):
        monkeypatch.setenv(variable, KEY)
    assert load_settings().llm.api_key.get_secret_value() == ""
    (folder / "settings.toml").write_text('[llm.standby]\nprovider = "openai"\n', "utf-8")
    assert load_settings().llm.standby.api_key.get_secret_value() == KEY


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[llm]\napi_key = "x"', "llm.api_key is a secret"),
        ('[llm.standby]\napi_key = "x"', "llm.standby.api_key is a secret"),
        ('[llm]\nprovider = "gemini"', "llm.provider"),
        ('[llm]\nbase_url = "localhost:8080"', "begins with http"),
        ("[llm.tasks.messages]\nmodel = 'x'", "did you mean message?"),
        ("[llm.prices]\nmine = 3", "llm.prices.mine"),
        ("[llm.prices.mine]\ninput = 1\noutput = 1\ncache = 2", "llm.prices.mine.cache"),
        ("[llm]\nprices = 3", "llm.prices is a table"),
    ],
)
def test_a_mistake_in_the_table_is_named(folder: Path, text: str, says: str) -> None:
    (folder / "settings.toml").write_text(text, "utf-8")
    with pytest.raises(SettingsError, match=says):
        load_settings()


async def test_the_users_prices_are_used(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INGAGENTS_LLM__PRICES", '{"mine": {"input": 2, "output": 3}}')
    monkeypatch.setenv("INGAGENTS_LLM__TASKS__REPLY__MODEL", "mine")
    async with (
        open_department(some_settings()) as department,
        open_language_model(department.settings, department.context) as model,
    ):
        assert model is not None
        assert model.price("mine") == Price(2.0, 2.0, 3.0)
        assert model.routes[ModelTask.REPLY][0].model == "mine"


@pytest.mark.parametrize("provider", ["openai", "anthropic"])
async def test_a_question_goes_from_settings_to_the_wire_and_its_cost_into_the_status(
    provider: str,
) -> None:
    async with served_models() as world:
        settings = some_settings(provider=provider, base_url=world.base_urls[provider])
        async with open_department(settings) as department:
            model = await department.language_model()
            assert model is not None
            question = a_question(about=(LeadId("ada"),))
            answer = await model.complete(question)
            assert answer.data == GOOD
            assert (await model.complete(question)).cached
            world.faults.follow(always("402"))
            for number in range(3):
                with pytest.raises(ModelUnavailable, match="402"):
                    await model.complete(a_question(user=str(number)))
            llm = (await department.status()).llm
            report = await department.report()
    assert llm.provider == provider
    assert llm.spent_today_usd == pytest.approx(answer.cost_usd)
    assert (llm.calls_today, llm.unanswered_today) == (2, 1)
    assert llm.input_tokens_today == answer.input_tokens
    assert llm.cache_hit_rate_today == pytest.approx(1 / 3)
    assert llm.usd_per_contacted is None
    assert [one.server for one in llm.left_alone] == [answer.provider]
    assert llm.outage is not None
    shown = {line.key: line for section in report.sections for line in section.figures}
    assert shown["model_calls"].today == 2
    assert shown["model_usd"].today == pytest.approx(answer.cost_usd)


@pytest.mark.parametrize(
    ("llm", "ok", "says"),
    [
        ({"provider": "rules"}, True, "the rules decide"),
        ({}, True, "offers gpt-6-luna, gpt-6-sol; list prices of"),
        ({"model": "sandbox-model"}, True, "no price known for sandbox-model"),
        ({"model": "gpt-4"}, False, "does not offer gpt-4"),
        ({"api_key": "another-key"}, False, "answered 401"),
        ({"api_key": "", "base_url": ""}, False, "there is no API key"),
        ({"base_url": "http://127.0.0.1:1/v1", "retries": 0}, False, "did not answer"),
    ],
)
async def test_doctor_looks_at_key_server_models_and_prices(
    llm: dict[str, Any], ok: bool, says: str
) -> None:
    async with served_models() as world:
        settings = some_settings(**{"base_url": world.base_urls["openai"], **llm})
        (check,) = [one for one in await examine(settings) if one["check"] == "llm"]
    assert check["ok"] is ok, check
    assert says in check["says"]
    assert check["ok"] or check["fix"]
    assert "another-key" not in str(check)


async def checked(**llm: Any) -> dict[str, Any]:
    (check,) = [one for one in await examine(some_settings(**llm)) if one["check"] == "llm"]
    return check


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        ("broken_json", "no answer that can be used"),
        ("wrong_shape", "no answer that can be used"),
        ("refuses", "refused to answer"),
        ("length", "cut off"),
        ("402", "answered 402"),
        ("401", "answered 401"),
        ("no_answer", "has no message in it"),
        ("html", "not a JSON object"),
    ],
)
async def test_doctor_is_not_content_with_a_model_that_answers_nothing_of_use(
    fault: str, says: str
) -> None:
    async with served_models() as world:
        world.faults.follow(always(fault))
        check = await checked(base_url=world.base_urls["openai"], retries=0)
    assert not check["ok"]
    assert says in check["says"]
    assert check["fix"]


async def test_doctor_asks_every_model_that_is_set_once_and_its_cost_is_counted() -> None:
    async with served_models() as world:
        check = await checked(
            base_url=world.base_urls["openai"],
            standby={
                "provider": "anthropic",
                "base_url": world.base_urls["anthropic"],
                "api_key": KEY,
            },
        )
        calls = await world.calls()
        async with open_department(some_settings()) as department:
            spent = (await department.status()).llm
    assert check["ok"], check
    assert len({(call["face"], call["model"]) for call in calls}) == len(calls) == 4
    assert "4 small questions cost 0.00" in check["says"]
    assert spent.calls_today == 4
    assert spent.spent_today_usd > 0


async def test_doctor_asks_as_the_department_would_with_a_budget_that_holds() -> None:
    async with served_models() as world:
        check = await checked(base_url=world.base_urls["openai"], daily_budget_usd=0.0)
        assert await world.calls() == []
    assert not check["ok"]
    assert "the day's budget" in check["says"]


CTO = {"i": 0, "label": "Speaker", "confidence": 0.9, "evidence": "Chief Technology"}


def saying(people: list[dict[str, Any]]) -> ASGIApp:
    """A server with one model, which says this of whomever it is asked about."""

    async def answer(scope: Any, receive: Any, send: Any) -> None:
        request = Request(scope, receive)
        asked = await request.body()
        message = {"role": "assistant", "content": json.dumps({"people": people})}
        listed = {"object": "list", "data": [{"id": "models/gemini-3-flash", "object": "model"}]}
        said = {"choices": [{"message": message, "finish_reason": "stop"}]} if asked else listed
        await JSONResponse(said)(scope, receive, send)

    return answer


@pytest.mark.parametrize("name", ["gemini-3-flash", "models/gemini-3-flash"])
async def test_doctor_knows_a_model_with_and_without_googles_folder(name: str) -> None:
    async with served(saying([CTO])) as url:
        check = await checked(base_url=f"{url}/v1beta/openai/", model=name)
    assert check["ok"], check


@pytest.mark.parametrize(
    ("entry", "ok"),
    [
        ({"label": "speaker"}, True),
        ({"confidence": "0.9"}, True),
        ({"i": "0"}, True),
        ({"label": "Guest"}, False),
        ({"confidence": 95}, False),
        ({"evidence": "a painter"}, False),
        ({"i": 1}, False),
    ],
)
async def test_doctor_judges_its_small_question_as_the_work_would(
    entry: dict[str, Any], ok: bool
) -> None:
    async with served(saying([{**CTO, **entry}])) as url:
        check = await checked(base_url=f"{url}/v1beta/openai/", model="gemini-3-flash", retries=0)
    assert check["ok"] is ok, check
    assert ok or "no answer that can be used" in check["says"]
