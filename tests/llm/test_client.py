"""The metered model: cache, breaker, budgets, throttle, standby - and one sentence when lost."""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import anyio
import pytest

from ingagents.core.llm.answers import TEXT, about_people
from ingagents.core.llm.pricing import Price
from ingagents.errors import (
    AccountBlocked,
    ModelUnavailable,
    QuestionRefused,
    RequestRefused,
    ServiceError,
    TryLater,
)
from ingagents.llm.client import LlmClient
from ingagents.llm.stages import ModelPolicy, Route, Server
from ingagents.model import LeadId, ModelTask, ProviderAnswer, ProviderSettings, Question
from ingagents.store.tables import key_value, llm_spend
from tests.models_world import GOOD, a_question
from tests.support import Office, jumping_clock, open_office

MINUTE = timedelta(minutes=1)
PRICES = {"big": Price(1000.0, 100.0, 1000.0), "small": Price(1.0, 0.1, 1.0)}

DOWN = TryLater("the server did not answer", code="not_connected")
LOST = TryLater("the server hung up", code="no_answer")
BUSY = TryLater("answered 429", status=429, retry_after_seconds=7200)
NO_MONEY = AccountBlocked("answered 402 billing_error", "settle it", status=402)
WRONG = RequestRefused("answered 400", status=400)


class FakeProvider:
    """Answers what it is told to, and remembers what it was asked."""

    def __init__(self, office: Office) -> None:
        self.script: deque[ServiceError | ProviderAnswer] = deque()
        self.always: ServiceError | None = None
        self.asked: list[ProviderSettings] = []
        self.moments: list[Any] = []
        self.inside = self.most_inside = 0
        self.lasts = timedelta()
        self._clock = office.clock

    async def ask(self, question: Question, settings: ProviderSettings) -> ProviderAnswer:
        del question
        self.asked.append(settings)
        self.moments.append(self._clock.now())
        self.inside += 1
        self.most_inside = max(self.inside, self.most_inside)
        try:
            await self._clock.sleep_until(self._clock.now() + self.lasts)
            said = self.script.popleft() if self.script else self.always or an_answer()
        finally:
            self.inside -= 1
        if isinstance(said, ServiceError):
            raise said
        return said

    async def known_models(self) -> frozenset[str]:
        return frozenset({"small"})


def an_answer(**changes: Any) -> ProviderAnswer:
    fields: dict[str, Any] = {
        "data": GOOD,
        "text": "{...}",
        "stop": "complete",
        "input_tokens": 1000,
        "output_tokens": 1000,
    }
    return ProviderAnswer(**{**fields, **changes})


class World:
    """A metered model over one or two fake providers."""

    def __init__(self, office: Office, *, servers: int = 1, model: str = "small", **policy: Any):
        self.office = office
        self.providers = [FakeProvider(office) for _ in range(servers)]
        fields: dict[str, Any] = {
            "cache_ttl": timedelta(hours=24),
            "daily_budget_usd": 5.0,
            "lead_budget_usd": 1.0,
            "task_budgets_usd": {},
            "prices": PRICES,
            "timezone": "Europe/Berlin",
            "requests_per_minute": 6000.0,
            "max_at_once": 4,
        }
        self.model = LlmClient(
            office.context,
            dict.fromkeys(ModelTask, self._routes(model)),
            ModelPolicy(**{**fields, **policy}),
        )

    def _routes(self, model: str) -> Sequence[Route]:
        return [
            Route(server=Server(name=f"server-{number}", provider=provider), model=model)
            for number, provider in enumerate(self.providers)
        ]

    @property
    def provider(self) -> FakeProvider:
        return self.providers[0]

    async def fails(self, times: int = 1) -> None:
        for number in range(times):
            with pytest.raises(ModelUnavailable):
                await self.model.complete(a_question(user=f"other {number}"))

    async def figures(self) -> llm_spend.ModelFigures:
        return await self.office.store.read(llm_spend.figures)

    async def told(self, kind: str) -> list[str]:
        rows = await self.office.store.read(
            lambda t: t.rows("SELECT data FROM journal WHERE type = :kind", {"kind": kind})
        )
        return [str(data) for (data,) in rows]

    async def passes(self, time: timedelta) -> None:
        await self.office.clock.sleep_until(self.office.clock.now() + time)


Opening = Callable[..., World]


@asynccontextmanager
async def a_world(folder: Path, **options: Any) -> AsyncGenerator[World, None]:
    async with jumping_clock() as clock, open_office(folder, clock) as office:
        yield World(office, **options)


async def test_an_answer_comes_with_who_gave_it_and_what_it_cost(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        answer = await world.model.complete(a_question(about=(LeadId("ada"),)))
        found = await world.figures()
    assert answer.data == GOOD
    assert (answer.provider, answer.model) == ("server-0", "small")
    assert (answer.input_tokens, answer.output_tokens) == (1000, 1000)
    assert answer.cost_usd == pytest.approx(0.002)
    assert not answer.cached
    assert found.usd == pytest.approx(0.002)
    assert world.provider.asked[0].max_output_tokens == a_question().max_output_tokens


@pytest.mark.usefixtures("database")
async def test_a_question_costs_two_commits_and_64_may_be_under_way(tmp_path: Path) -> None:
    """Its reservation before it leaves, its account with what it brought, whenever that comes."""
    async with a_world(tmp_path, max_at_once=64, requests_per_minute=100_000.0) as world:
        store = world.office.store
        await world.model.complete(a_question())
        before = store.commits
        await world.model.complete(a_question(user="one"))
        assert store.commits - before == 2
        world.provider.lasts = timedelta(seconds=30)
        async with anyio.create_task_group() as tasks:
            for number in range(70):
                tasks.start_soon(world.model.complete, a_question(user=str(number)))
        assert world.provider.most_inside == 64


async def test_the_same_question_is_answered_from_the_cache_for_its_time(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        await world.model.complete(a_question())
        again = await world.model.complete(a_question())
        assert again.cached
        assert (again.data, again.cost_usd) == (GOOD, 0.0)
        assert len(world.provider.asked) == 1
        assert (await world.figures()).hit_rate == 0.5
        await world.passes(timedelta(hours=24, minutes=1))
        assert not (await world.model.complete(a_question())).cached


@pytest.mark.parametrize(
    "other",
    [
        {"user": "<data>{}</data>"},
        {"system": "Something else."},
        {"prompt_version": "classify/2"},
        {"task": ModelTask.REPLY},
        {"schema": {"type": "object"}},
        {"max_output_tokens": 401},
    ],
)
async def test_whatever_the_answer_depends_on_is_in_the_caches_key(
    tmp_path: Path, other: dict[str, Any]
) -> None:
    async with a_world(tmp_path) as world:
        await world.model.complete(a_question())
        assert not (await world.model.complete(a_question(**other))).cached
        about = (LeadId("somebody"),)
        assert (await world.model.complete(a_question(about=about))).cached, "who pays is not"


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ({"task": ModelTask.MESSAGE}, {}),
        ({}, {"stop": "length", "data": None}),
        ({}, {"stop": "refused", "data": None}),
        ({}, {"data": None}),
        ({}, {"data": {"result": "of the wrong shape"}}),
    ],
)
async def test_messages_and_unusable_answers_are_never_kept(
    tmp_path: Path, question: dict[str, Any], answer: dict[str, Any]
) -> None:
    async with a_world(tmp_path) as world:
        world.provider.script.append(an_answer(**answer))
        for _ in range(2):
            assert not (await world.model.complete(a_question(**question))).cached
        assert len(world.provider.asked) == 2


async def test_without_a_cache_time_nothing_is_kept(tmp_path: Path) -> None:
    async with a_world(tmp_path, cache_ttl=timedelta()) as world:
        for _ in range(2):
            assert not (await world.model.complete(a_question())).cached
        assert await world.office.store.read(lambda t: t.rows("SELECT * FROM cache")) == []


@pytest.mark.parametrize(
    ("policy", "question", "says"),
    [
        ({"daily_budget_usd": 0.5}, {}, "the day's budget is 0.5 USD"),
        ({"lead_budget_usd": 0.5}, {"about": (LeadId("ada"),)}, "the budget of one lead"),
        ({"task_budgets_usd": {ModelTask.CLASSIFY: 0.5}}, {}, "the task's budget"),
    ],
)
async def test_above_a_budget_nobody_is_asked_and_the_figures_are_named(
    tmp_path: Path, policy: dict[str, Any], question: dict[str, Any], says: str
) -> None:
    async with a_world(tmp_path, model="big", **policy) as world:
        with pytest.raises(ModelUnavailable, match=says) as caught:
            await world.model.complete(a_question(**question))
        assert world.provider.asked == []
        assert (await world.figures()).calls == 0
    assert "the rules decide" in caught.value.line()


async def test_a_day_of_questions_never_spends_more_than_its_budget(tmp_path: Path) -> None:
    async with a_world(tmp_path, model="big", daily_budget_usd=6.0, lead_budget_usd=9.0) as world:
        answered = 0
        for number in range(20):
            try:
                await world.model.complete(a_question(user=f"number {number}"))
                answered += 1
            except ModelUnavailable:
                continue
        found = await world.figures()
    assert answered == 3  # 2 USD each, and the next one might cost more than is left
    assert found.usd <= 6.0


async def test_a_model_without_a_price_is_asked_and_its_tokens_are_counted(tmp_path: Path) -> None:
    async with a_world(tmp_path, model="mine", daily_budget_usd=0.0) as world:
        answer = await world.model.complete(a_question())
        found = await world.figures()
    assert answer.cost_usd is None
    assert (found.input_tokens, found.unpriced, found.usd) == (1000, 1, 0.0)


@pytest.mark.parametrize(
    ("error", "stays_reserved"),
    [(DOWN, False), (NO_MONEY, False), (WRONG, False), (LOST, True)],
)
async def test_a_call_that_may_have_been_billed_stays_counted(
    tmp_path: Path, error: ServiceError, stays_reserved: bool
) -> None:
    async with a_world(tmp_path) as world:
        world.provider.always = error
        await world.fails()
        assert ((await world.figures()).usd > 0) is stays_reserved


async def test_a_cancelled_question_leaves_its_reservation_and_the_next_one_goes_on(
    tmp_path: Path,
) -> None:
    async with a_world(tmp_path) as world:
        world.provider.lasts = timedelta(hours=1)
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(world.model.complete, a_question())
            while not world.provider.asked:
                await anyio.lowlevel.checkpoint()
            tasks.cancel_scope.cancel()
        assert (await world.figures()).usd > 0
        world.provider.lasts = timedelta()
        assert (await world.model.complete(a_question())).data


async def test_questions_leave_evenly_and_not_too_many_at_once(tmp_path: Path) -> None:
    async with a_world(tmp_path, requests_per_minute=30.0, max_at_once=3) as world:
        world.provider.lasts = timedelta(seconds=20)
        async with anyio.create_task_group() as tasks:
            for number in range(9):
                tasks.start_soon(world.model.complete, a_question(user=f"number {number}"))
    moments = sorted(world.provider.moments)
    gaps = [(b - a).total_seconds() for a, b in pairwise(moments)]
    assert min(gaps) >= 2.0
    assert world.provider.most_inside == 3


async def test_until_when_a_server_is_left_alone_is_said_in_the_departments_time(
    tmp_path: Path,
) -> None:
    async with a_world(tmp_path) as world:
        world.provider.always = DOWN
        await world.fails(3)
        with pytest.raises(ModelUnavailable, match=r"left alone until \d\d:\d\d:\d\d CES?T "):
            await world.model.complete(a_question())


async def test_the_breaker_opens_probes_and_closes(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        world.provider.always = DOWN
        await world.fails(10)
        assert len(world.provider.asked) == 3, "then it is left alone"
        await world.passes(MINUTE)
        await world.fails(5)
        assert len(world.provider.asked) == 4, "one probe"
        world.provider.always = None
        await world.passes(2 * MINUTE)
        assert (await world.model.complete(a_question())).data
        for number in range(3):
            assert (await world.model.complete(a_question(user=f"well {number}"))).data


async def test_a_long_pause_asked_for_is_kept(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        world.provider.script.append(BUSY)
        await world.fails()
        await world.passes(timedelta(minutes=119))
        await world.fails()
        assert len(world.provider.asked) == 1
        await world.passes(2 * MINUTE)
        assert (await world.model.complete(a_question())).data


@pytest.mark.usefixtures("database")
async def test_a_new_process_knows_the_open_breaker(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        world.provider.always = DOWN
        await world.fails(3)
    async with a_world(tmp_path) as world:
        world.provider.always = DOWN
        await world.fails(2)
        assert world.provider.asked == []
        await world.passes(2 * MINUTE)
        world.provider.always = None
        await world.model.complete(a_question())
        noted = await world.office.store.read(
            lambda t: key_value.noted(t, key_value.MODEL_BREAKERS)
        )
        assert noted is None
        assert len(await world.told("language_model_back")) == 1


async def test_that_nobody_answers_is_said_once_and_once_when_somebody_is_back(
    tmp_path: Path,
) -> None:
    async with a_world(tmp_path, servers=2) as world:
        for provider in world.providers:
            provider.always = DOWN
        await world.fails(50)
        await world.passes(MINUTE)
        await world.fails(50)
        (lost,) = await world.told("language_model_lost")
        assert "the server did not answer" in lost
        world.providers[1].always = None
        await world.passes(timedelta(minutes=20))
        assert (await world.model.complete(a_question())).provider == "server-1"
        assert len(await world.told("language_model_back")) == 1
        assert await world.told("agent_error") == []
        world.providers[1].always = DOWN
        await world.passes(timedelta(minutes=20))
        await world.fails(10)
        assert len(await world.told("language_model_lost")) == 2, "another outage"


async def test_one_failure_is_no_outage(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        world.provider.script.append(DOWN)
        await world.fails()
        assert await world.told("language_model_lost") == []


@pytest.mark.parametrize("error", [DOWN, NO_MONEY, WRONG, BUSY])
async def test_the_standby_is_asked_when_the_first_cannot_be(
    tmp_path: Path, error: ServiceError
) -> None:
    async with a_world(tmp_path, servers=2) as world:
        world.provider.always = error
        for number in range(6):
            answer = await world.model.complete(a_question(user=f"number {number}"))
            assert answer.provider == "server-1"
        assert await world.told("language_model_lost") == []
        asked = len(world.provider.asked)
    assert asked == {DOWN: 3, NO_MONEY: 1, WRONG: 6, BUSY: 1}[error]


async def test_what_a_human_must_mend_is_journaled_once_and_left_alone_for_an_hour(
    tmp_path: Path,
) -> None:
    async with a_world(tmp_path) as world:
        world.provider.always = NO_MONEY
        await world.fails(5)
        await world.passes(timedelta(minutes=59))
        await world.fails(5)
        assert len(world.provider.asked) == 1
        await world.passes(2 * MINUTE)
        await world.fails(5)
        assert len(world.provider.asked) == 2
        (error,) = await world.told("agent_error")
        assert "402" in error
        assert "settle it" in error


USELESS: list[dict[str, Any]] = [
    {"data": None, "text": ""},
    {"data": None, "text": "I think that"},
    {"data": None, "text": "{", "stop": "length"},
    {"data": {"result": "of the wrong shape"}},
    {"data": {**GOOD, "classification": "Maybe"}},
    {"data": {**GOOD, "confidence": "high"}},
]


@pytest.mark.parametrize("useless", USELESS)
async def test_useless_answers_in_a_row_are_an_outage_that_is_told_once(
    tmp_path: Path, useless: dict[str, Any]
) -> None:
    async with a_world(tmp_path) as world:
        world.provider.script.extend([an_answer(**useless)] * 50)
        for number in range(3):
            assert await world.told("language_model_lost") == []
            await world.model.complete(a_question(user=f"number {number}"))
        (lost,) = await world.told("language_model_lost")
        assert "answer" in lost
        await world.fails(20)
        assert len(world.provider.asked) == 3, "then it is left alone"
        await world.passes(MINUTE)
        await world.model.complete(a_question(user="the probe"))
        await world.fails(5)
        assert len(world.provider.asked) == 4
        assert len(await world.told("language_model_lost")) == 1
        (error,) = await world.told("agent_error")
        assert "nothing of use" in error
        assert "doctor" in error


async def test_answers_that_name_nobody_who_was_asked_about_are_of_no_use(tmp_path: Path) -> None:
    schema = about_people(label=TEXT)
    async with a_world(tmp_path) as world:
        world.provider.script.extend([an_answer(data={"people": []}, text="{}")] * 3)
        for number in range(3):
            await world.model.complete(a_question(user=f"number {number}", schema=schema))
        (lost,) = await world.told("language_model_lost")
        assert "says nothing of anybody" in lost


async def test_a_good_answer_takes_the_outage_of_useless_ones_back(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        world.provider.script.extend([an_answer(data=None, text="")] * 3)
        for number in range(3):
            await world.model.complete(a_question(user=f"number {number}"))
        await world.passes(MINUTE)
        assert (await world.model.complete(a_question())).data == GOOD
        assert len(await world.told("language_model_back")) == 1
        noted = await world.office.store.read(
            lambda t: key_value.noted(t, key_value.MODEL_BREAKERS)
        )
        assert noted is None
        for number in range(3):
            assert (await world.model.complete(a_question(user=f"well {number}"))).data


async def test_a_good_answer_between_useless_ones_starts_their_count_again(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        for number in range(9):
            changes = {"data": None} if number % 3 else {}
            world.provider.script.append(an_answer(**changes))
            await world.model.complete(a_question(user=f"number {number}"))
        assert await world.told("language_model_lost") == []


async def test_useless_answers_are_counted_over_the_tasks_that_cron_starts(tmp_path: Path) -> None:
    for number in range(3):
        async with a_world(tmp_path) as world:
            world.provider.script.append(an_answer(data=None, text=""))
            await world.model.complete(a_question(user=f"number {number}"))
            told = await world.told("language_model_lost")
            assert len(told) == (number == 2)


async def test_the_standby_is_asked_once_the_first_answers_nothing_of_use(tmp_path: Path) -> None:
    async with a_world(tmp_path, servers=2) as world:
        world.provider.script.extend([an_answer(data=None)] * 9)
        by = [
            (await world.model.complete(a_question(user=f"number {number}"))).provider
            for number in range(6)
        ]
        assert by == ["server-0"] * 3 + ["server-1"] * 3
        assert await world.told("language_model_lost") == []


async def test_refusals_are_the_questions_own_until_there_are_many_in_a_row(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        world.provider.always = WRONG
        for number in range(9):
            with pytest.raises(QuestionRefused):
                await world.model.complete(a_question(user=f"number {number}"))
        assert await world.told("language_model_lost") == []
        await world.fails(5)
        assert len(world.provider.asked) == 10
        assert len(await world.told("language_model_lost")) == 1


@pytest.mark.parametrize("status", [404, 501])
async def test_a_model_that_is_not_there_refuses_no_question(tmp_path: Path, status: int) -> None:
    async with a_world(tmp_path) as world:
        world.provider.always = RequestRefused("no such model", status=status)
        with pytest.raises(ModelUnavailable) as caught:
            await world.model.complete(a_question())
    assert not isinstance(caught.value, QuestionRefused)


async def test_a_probe_asks_past_cache_and_breaker_and_its_good_answer_counts(
    tmp_path: Path,
) -> None:
    async with a_world(tmp_path) as world:
        world.provider.always = NO_MONEY
        await world.fails(3)
        (route,) = world.model.routes[ModelTask.CLASSIFY]
        with pytest.raises(AccountBlocked):
            await world.model.probe(a_question(), route)
        world.provider.always = None
        for _ in range(2):
            assert (await world.model.probe(a_question(), route)).cost_usd == pytest.approx(0.002)
        assert (await world.figures()).calls == 4
        assert len(world.provider.asked) == 4
        assert (await world.model.complete(a_question())).data == GOOD, "the breaker is closed"
