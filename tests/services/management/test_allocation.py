"""The manager with a model at hand: what it may change, and what it never can."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from ingagents.commands import LeadAllocation
from ingagents.core.strategy.auto_apply import DAILY_LIMIT, THRESHOLD
from ingagents.core.strategy.proposals import Proposal
from ingagents.errors import ModelUnavailable
from ingagents.events import DecisionMade, StrategyProposed
from ingagents.model import ModelTask, Profile, Question
from ingagents.services.management.supply import Supply
from ingagents.store.tables import leads, strategy
from tests.factories import a_lead, aliases_of_lead
from tests.scripted_model import ScriptedModel, data_of
from tests.world import World, journal_of

ORDERS: dict[str, Any] = {
    "use_llm_for_allocation": True,
    "max_leads": 4,
    "write_to_other": True,
}


@pytest.fixture
def world(tmp_path: Path) -> World:
    world = World(tmp_path)
    world.go_to(0, 9, 1)
    return world


async def stock(department: Any, count: int) -> None:
    await department.leads.add(
        [
            Profile(
                name=f"Kim {chr(65 + n // 26)}{chr(97 + n % 26)}berg",
                headline="CTO" if n % 2 else "Working student",
                position="CTO" if n % 2 else "Working student",
                company=f"Firma {n}",
                linkedin_url=f"https://www.linkedin.com/in/kim-{n}",
            )
            for n in range(count)
        ],
        source="import:test",
    )


def backwards(question: Question) -> dict[str, Any]:
    """Worst first, with places that do not exist and places twice."""
    places = [row[0] for row in data_of(question)["candidates"]]
    return {"order": [999, places[-1], places[-1], *reversed(places[-3:]), -7]}


async def test_the_models_order_counts_and_is_compared_everywhere(world):
    model = ScriptedModel(backwards)
    async with world.at_work(model=model, sales_manager=ORDERS) as department:
        await stock(department, 14)
        outcome = await department.once("allocate")
        (event,) = await journal_of(department, LeadAllocation)
        decisions = [
            one.decision
            for one in await journal_of(department, DecisionMade)
            if one.decision.kind == "allocation"
        ]
        report = await department.report()
    (question,) = model.questions
    assert len(data_of(question)["candidates"]) == 12
    assert outcome.figures["allocated"] == 4
    assert outcome.figures["model"]["shared"] == 1
    assert outcome.figures["model"]["filled_by_rules"] == 1
    assert "1 of them also the rules' choice" in outcome.summary
    assert event.judgement.startswith("The model chose 1 of the rules' 4 leads and 3 others")
    assert event.basis["input_tokens"] > 0
    assert [one.decided_by.partition(":")[0] for one in decisions] == [
        *["model"] * 3,
        "rules/allocator-2",
    ]
    assert event.judgement in report.insights


@pytest.mark.parametrize(
    "said",
    [
        ModelUnavailable("no provider answers"),
        {"order": "all of them"},
        {"order": [999, -1, "0"]},
        {"people": []},
    ],
    ids=["unavailable", "wrong type", "unknown", "wrong shape"],
)
async def test_without_a_usable_order_the_rules_choose_and_the_outcome_says_so(world, said):
    model = ScriptedModel(lambda question: said)
    async with world.at_work(model=model, sales_manager=ORDERS) as department:
        await stock(department, 14)
        outcome = await department.once("allocate")
        (event,) = await journal_of(department, LeadAllocation)
    assert len(model.questions) == (1 if isinstance(said, Exception) else 2)
    assert outcome.figures["allocated"] == 4
    assert outcome.figures["model_not_followed"]
    assert event.judgement == ""


async def test_the_model_is_not_asked_unless_set_and_not_where_there_is_no_choice(world):
    model = ScriptedModel(backwards)
    async with world.at_work(model=model, sales_manager={"max_leads": 4}) as department:
        await stock(department, 14)
        await department.once("allocate")
    async with world.at_work(model=model, sales_manager={**ORDERS, "max_leads": 40}) as department:
        outcome = await department.once("allocate")
    assert outcome.figures["allocated"] == 10
    assert model.questions == []


async def test_no_order_beats_the_threshold_or_a_suppression(world):
    model = ScriptedModel(lambda question: {"order": list(range(50))})
    strict = {"quality_threshold": 4.0}
    async with world.at_work(model=model, sales_manager=ORDERS, lead_finder=strict) as department:
        await stock(department, 20)
        await department.leads.suppress(
            "https://www.linkedin.com/in/kim-1", reason="asked", by="Kim"
        )
        await department.once("allocate")
        chosen = await department.store.read(lambda t: leads.allocated(t, limit=99))
    assert len(chosen) == 4
    assert all((lead.quality_score or 0) >= 4.0 for lead in chosen)
    assert "https://www.linkedin.com/in/kim-1" not in {lead.linkedin_url for lead in chosen}


async def test_the_report_that_is_mailed_has_the_insights_that_rest_on_figures(world):
    def insights(question: Question) -> Any:
        if question.task is not ModelTask.REPORT:
            return ModelUnavailable("only reports")
        found = data_of(question)["figures"]["total_leads"]["today"]
        return {
            "insights": [
                {"text": f"There are {found:g} leads to draw on.", "figures": ["total_leads"]},
                {"text": "About 777 more are needed.", "figures": ["total_leads"]},
            ]
        }

    async with world.at_work(model=ScriptedModel(insights)) as department:
        await stock(department, 6)
        await department.once("report")
    (mail,) = world.mail.about("report")
    assert "There are 6 leads to draw on." in mail.text
    assert "777" not in mail.text


async def test_without_a_model_that_answers_the_report_has_the_rules_insights(world):
    model = ScriptedModel(lambda question: ModelUnavailable("nobody there"))
    async with world.at_work(model=model) as department:
        await stock(department, 6)
        await department.once("report")
    assert len(model.questions) == 1
    (mail,) = world.mail.about("report")
    assert "Nobody was contacted" in mail.text


async def with_history(department: Any, now: Any) -> None:
    """A fortnight in which sixty people were written to and three were glad."""
    await stock(department, 60)

    def write(transaction: Any) -> None:
        for place, one in enumerate(leads.every(transaction)):
            at = now.isoformat()
            transaction.run(
                "UPDATE leads SET sent_at = :at, contact_status = 'Message Sent' WHERE id = :id",
                {"at": at, "id": one.id},
            )
            transaction.run(
                "INSERT INTO deliveries (id, recipient, account_id, kind, step, text, text_hash,"
                " state, address, approved_by, claimed_at, service_id, chat_id, detail, looks)"
                " VALUES (:id, :lead, 'a', 'invitation', 'first-contact', '', '', 'sent', '', '',"
                " :at, '', '', '', '[]')",
                {"id": f"d{place}", "lead": one.id, "at": at},
            )

    await department.store.write(write)


def raise_threshold(question: Question) -> dict[str, Any]:
    now = data_of(question)["settings"][THRESHOLD]["from"]
    return {
        "proposals": [
            {
                "setting": THRESHOLD,
                "from": now,
                "to": now + 0.5,
                "why": "Nobody was glad.",
                "figures": ["positive_of_contacted"],
            },
            {"setting": "linkedin.live", "from": False, "to": True, "why": "Go.", "figures": []},
        ]
    }


@pytest.mark.parametrize("allowed", [False, True])
async def test_a_small_step_applies_only_when_allowed_and_rules_what_is_done_next(world, allowed):
    model = ScriptedModel(raise_threshold)
    finder = {"quality_threshold": 6.0}
    manager = {"apply_small_changes": allowed}
    async with world.at_work(model=model, sales_manager=manager, lead_finder=finder) as department:
        await with_history(department, world.now)
        outcome = await department.once("optimise")
        (event,) = await journal_of(department, StrategyProposed)
        status = await department.status()
        agent: Any = await department.agent("sales_manager")
        (kept,) = await department.store.read(strategy.every)
        in_force = await department.store.read(agent.policy.in_force)
        report = await department.report()
        again = await department.once("optimise")
    (proposal,) = outcome.figures["proposals"]
    assert proposal["setting"] == THRESHOLD
    assert proposal["state"] == ("applied" if allowed else "waiting")
    assert "60 (" in proposal["evidence"]
    assert event.decided_by.startswith("model:scripted/")
    assert event.proposals == (proposal,)
    assert in_force.quality_threshold == (6.5 if allowed else 6.0)
    assert len(status.strategy.in_force) == allowed
    assert status.strategy.waiting == status.review["strategy"] == (not allowed)
    assert any(kept.id in one or "waits for your decision" in one for one in report.insights)
    assert again.figures["proposals"][0]["state"] == "waiting"  # the setting rests after a step


async def test_a_lower_daily_limit_in_force_holds_for_the_next_send(world):
    async with world.at_work(
        sales_manager={"apply_small_changes": True},
        outreach={
            "rate_limiting": {
                "daily_limit": 5,
                "min_interval_minutes": 0,
                "max_interval_minutes": 0,
            }
        },
    ) as department:
        less = Proposal(setting=DAILY_LIMIT, current=5, proposed=4, why="Why.", evidence="1 of 2")
        await department.store.write(
            lambda t: strategy.keep(t, [(less, "rules")], now=world.now, apply_small=True)
        )
        await world.allocate(department, *world.strangers(8))
        outcome = await department.once("outreach")
        status = await department.status()
    assert outcome.figures["sent"] == len(world.acts()) == 4
    assert status.limits.daily_limit == 4


async def test_a_higher_threshold_in_force_leaves_fewer_in_store_and_more_to_be_found(world):
    async with world.at_work(
        sales_manager={"apply_small_changes": True}, lead_finder={"quality_threshold": 6.0}
    ) as department:
        agent: Any = await department.agent("sales_manager")
        for number, quality in enumerate((6.2, 8.0), start=1):
            lead = a_lead(number, quality_score=quality)
            await department.store.write(
                lambda t, lead=lead: leads.insert(t, lead, aliases_of_lead(lead))
            )

        async def stands() -> tuple[int, int]:
            supply: Supply = agent.supply
            now: datetime = world.now
            found: tuple[int, int] = await department.store.read(lambda t: supply.stock(t, now))
            return found

        before = await stands()
        more = Proposal(setting=THRESHOLD, current=6.0, proposed=6.5, why="Why.", evidence="1 of 2")
        await department.store.write(
            lambda t: strategy.keep(t, [(more, "rules")], now=world.now, apply_small=True)
        )
        assert await stands() == (before[0] - 1, before[1] + 1)
