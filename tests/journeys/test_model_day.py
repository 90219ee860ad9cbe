"""Whole days on which a model is asked over real HTTP: a good one, bad ones, and none at all.

A hundred people are found and forty-five written to, whoever thinks: a model may make a message
better, and may cost a little; it changes nothing about who is written to, and nothing unfit leaves.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from ingagents.agents.sales_manager_agent import SalesManagerAgent
from ingagents.app.department import Department
from ingagents.app.views.status import LlmState
from ingagents.core.identity import aliases_of_identifier
from ingagents.core.messages.checks import unfit, utf16_length
from ingagents.core.response_analyser import analyse_response
from ingagents.core.send_policy import MESSAGE_LIMIT
from ingagents.events import (
    DecisionMade,
    LanguageModelBack,
    LanguageModelLost,
    LeadDiscovered,
    ResponseReceived,
)
from ingagents.model import ContactStatus
from ingagents.sandbox.llm.api import ModelFaultKind, ModelFaultPlan, ModelFaultRule
from ingagents.store.tables import leads, llm_spend
from tests.models_world import KEY, served_models
from tests.processes import free_port
from tests.world import World, dead_letters, doubts_of, journal_of

FOUND, CONTACTED = 100, 45
MOST_CALLS, MOST_TOKENS_READ = FOUND + CONTACTED, 60_000

BIG_DAY: dict[str, Any] = {
    "sales_manager": {"max_leads": 60, "search_below": 60},
    "lead_finder": {
        "max_leads_per_day": FOUND,
        "profile_visits_per_day": FOUND,
        "quality_threshold": 6.0,
    },
    "outreach": {
        "rate_limiting": {
            "daily_limit": CONTACTED,
            "weekly_limit": 90,
            "min_interval_minutes": 3,
            "max_interval_minutes": 8,
        }
    },
}

BAD_HABITS: tuple[ModelFaultKind, ...] = (
    "slow",
    "refuses",
    "429",
    "500",
    "529",
    "broken_json",
    "wrong_shape",
    "length",
    "long_message",
    "placeholder",
    "obeys",
)
EACH = 1 - 0.5 ** (1 / len(BAD_HABITS))
"""How likely each of them is, so that one or another strikes half of the questions."""
LONG_PAUSE = 120.0
"""Seconds a 429 asks for: longer than anybody waits for one answer."""
PROVIDERS = ("openai", "anthropic")


class Worked(NamedTuple):
    """What a day came to: on the market, in the journal, in the accounts."""

    contacted: set[str]
    found: int
    told: list[Any]
    writers: Counter[str]
    spent: llm_spend.ModelFigures
    status: LlmState
    report: str


def half_of_the_time() -> ModelFaultPlan:
    """Every bad habit by chance, and one server outage that lasts for some questions."""
    outage = ModelFaultRule(kind="529", requests=tuple(range(12, 20)))
    habits = (
        ModelFaultRule(kind=kind, probability=EACH, seconds=LONG_PAUSE if kind == "429" else 0.05)
        for kind in BAD_HABITS
    )
    return ModelFaultPlan(rules=(outage, *habits), seed=9)


def asking(provider: str, base_url: str, **llm: Any) -> dict[str, Any]:
    return {"provider": provider, "base_url": base_url, "api_key": KEY, **llm}


async def worked_day(folder: Path, llm: dict[str, Any] | None = None) -> Worked:
    """A day by these settings, with every law checked that holds whoever thinks."""
    world = World(folder, size=400)
    sections: dict[str, Any] = {**BIG_DAY, "llm": llm or {}}
    async with world.at_work(**sections) as department:
        await department.run(until=world.at(0, 19))
        assert await dead_letters(department) == []
        assert await doubts_of(department) == []
        world.check(department.settings)
        await everything_sent_was_fit(world, department)
        await every_opt_out_was_obeyed(department)
        told = [
            *await journal_of(department, LanguageModelLost),
            *await journal_of(department, LanguageModelBack),
        ]
        decisions = await journal_of(department, DecisionMade)
        manager = await department.agent("sales_manager")
        assert isinstance(manager, SalesManagerAgent)
        report = manager.notices.pages.report_mail(await manager.build_report())
        return Worked(
            contacted={act.person for act in world.acts()},
            found=len(await journal_of(department, LeadDiscovered)),
            told=told,
            writers=Counter(
                one.decision.decided_by.partition(":")[0]
                for one in decisions
                if one.decision.kind == "message"
            ),
            spent=await department.store.read(llm_spend.figures),
            status=(await department.status()).llm,
            report=report.text,
        )


async def everything_sent_was_fit(world: World, department: Department) -> None:
    campaign = department.settings.campaign.to_campaign()
    limits = {"invitation": world.market.owner.note_max, "message": MESSAGE_LIMIT}
    for act in world.acts():
        names = aliases_of_identifier(act.provider_id)
        lead = await department.store.read(partial(leads.find_by_aliases, aliases=names))
        assert lead is not None
        assert utf16_length(act.text) <= limits[act.kind]
        assert unfit(act.text, lead=lead, campaign=campaign, limit=limits[act.kind]) == (), act
        assert "[" not in act.text


async def every_opt_out_was_obeyed(department: Department) -> None:
    for event in await journal_of(department, ResponseReceived):
        if analyse_response(event.response_text).opt_out:
            lead = await department.leads.find(event.lead_id)
            assert lead.contact_status is ContactStatus.SUPPRESSED


@pytest.fixture(scope="module")
def by_rules(tmp_path_factory: pytest.TempPathFactory) -> Worked:
    """The same day with nobody asked."""
    day = asyncio.run(worked_day(tmp_path_factory.mktemp("rules")))
    assert day.spent.questions == 0
    return day


def is_the_rules_day(day: Worked, by_rules: Worked) -> None:
    """The same people found, and the same written to; `check` held that none was twice."""
    assert by_rules.found == FOUND
    assert len(by_rules.contacted) == CONTACTED
    assert day.found == by_rules.found
    assert day.contacted == by_rules.contacted


def figure_of(report: str, label: str) -> float:
    """Today's value of a figure that the mailed report shows."""
    (line,) = [one for one in report.splitlines() if label in one]
    value = line.partition(label)[2].strip(" :|").split()[0]
    return float(value.replace(",", ""))


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_a_good_model_writes_within_the_calls_and_tokens_and_the_report_shows_them(
    tmp_path: Path, by_rules: Worked, provider: str
) -> None:
    async with served_models() as models:
        day = await worked_day(tmp_path, asking(provider, models.base_urls[provider]))
        calls = await models.calls()
    is_the_rules_day(day, by_rules)
    assert day.told == []
    assert day.writers["model"] > CONTACTED / 2, day.writers
    read = sum(call["input_tokens"] for call in calls)
    said = sum(call["output_tokens"] for call in calls)
    print(f"{provider}: {len(calls)} calls, {read} tokens read, {said} written, {day.spent}")
    assert 0 < len(calls) <= MOST_CALLS
    assert 0 < read <= MOST_TOKENS_READ
    assert (day.spent.calls, day.spent.input_tokens) == (len(calls), read)
    assert 0 < day.spent.usd <= day.status.daily_budget_usd
    assert day.status.calls_today == len(calls)
    assert day.status.calls_per_contacted == pytest.approx(len(calls) / CONTACTED)
    assert figure_of(day.report, "Calls per contact") == pytest.approx(
        len(calls) / CONTACTED, abs=0.1
    )
    assert figure_of(day.report, "Tokens per contact") == pytest.approx(
        (read + said) / CONTACTED, abs=1
    )


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_a_model_that_is_bad_half_of_the_time_changes_nobody_and_spoils_nothing(
    tmp_path: Path, by_rules: Worked, provider: str
) -> None:
    budget = 0.1
    async with served_models() as models:
        models.faults.follow(half_of_the_time())
        day = await worked_day(
            tmp_path,
            asking(provider, models.base_urls[provider], daily_budget_usd=budget, retries=1),
        )
        calls = await models.calls()
    suffered = Counter(call["fault"] for call in calls)
    lost = [event for event in day.told if isinstance(event, LanguageModelLost)]
    back = [event for event in day.told if isinstance(event, LanguageModelBack)]
    print(f"{provider}: {suffered}, lost {len(lost)}, back {len(back)}, {day.writers}, {day.spent}")
    is_the_rules_day(day, by_rules)
    assert suffered[""] < 0.7 * len(calls)
    assert set(suffered) >= set(BAD_HABITS)
    assert lost, "the breaker opened"
    assert back, "and closed"
    assert day.writers["model"] > 0, "what was good of it was used"
    assert day.writers["template"] > 0, "and the rest replaced"
    assert day.spent.usd <= budget


async def test_with_nobody_to_ask_the_rules_work_the_day_and_it_is_said_once(
    tmp_path: Path, by_rules: Worked, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "ingagents")
    day = await worked_day(tmp_path, asking("openai", f"http://127.0.0.1:{free_port()}/v1"))
    is_the_rules_day(day, by_rules)
    # Nobody writes the bare invitation to somebody who was refused with a note.
    assert set(day.writers) - {"nobody"} == {"template"}
    assert [type(event) for event in day.told] == [LanguageModelLost]
    assert day.spent.usd == 0
    assert day.status.outage
    said = Counter(
        record.msg["event"]
        for record in caplog.records
        if isinstance(record.msg, dict) and record.msg["event"].startswith("model.")
    )
    print(f"calls {day.spent.calls}, unanswered {day.spent.unanswered}, said {said}")
    assert said == {"model.left_alone": 1, "model.lost": 1}


async def test_above_a_tiny_budget_the_rules_go_on(tmp_path: Path, by_rules: Worked) -> None:
    budget = 0.002
    async with served_models() as models:
        day = await worked_day(
            tmp_path,
            asking("anthropic", models.base_urls["anthropic"], daily_budget_usd=budget),
        )
        calls = await models.calls()
    print(f"{len(calls)} calls, {day.spent.usd} of {budget} USD, {day.writers}")
    is_the_rules_day(day, by_rules)
    assert day.told == [], "a budget is no outage"
    assert 0 < len(calls) < CONTACTED
    assert 0 < day.spent.usd <= budget
    assert day.writers["template"] > 0
