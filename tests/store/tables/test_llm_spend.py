"""Reservations and settlements: shared by processes, kept over a crash, counted once."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from ingagents.core.llm.pricing import Allowed, Budgets, OverBudget, TokenUse
from ingagents.model import LeadId, ModelTask
from ingagents.ports import Transaction
from ingagents.store.tables import llm_spend
from ingagents.store.tables.llm_spend import Call
from tests.factories import MONDAY
from tests.support import open_test_store

pytestmark = pytest.mark.usefixtures("database")

BUDGETS = Budgets(daily=1.0, lead=0.5)
ADA, BOB = LeadId("lead-ada"), LeadId("lead-bob")
MIDNIGHT = MONDAY.replace(hour=0, minute=0)


def a_call(number: int, **changes: Any) -> Call:
    fields: dict[str, Any] = {
        "id": f"call-{number}",
        "task": ModelTask.CLASSIFY,
        "prompt_version": "classify/1",
        "provider": "openai",
        "model": "gpt-6-luna",
        "at": MONDAY,
        "usd": 0.3,
    }
    return Call(**{**fields, **changes})


async def reserved(store: Any, call: Call, budgets: Budgets = BUDGETS) -> bool:
    verdict = await store.write(
        lambda t: llm_spend.reserve(t, call, budgets=budgets, since=MIDNIGHT)
    )
    assert isinstance(verdict, Allowed | OverBudget)
    return isinstance(verdict, Allowed)


def settled(call: Call, usd: float | None, transaction: Transaction) -> None:
    llm_spend.settle(transaction, call, outcome="service-unavailable", at=MONDAY, usd=usd)


async def test_a_reservation_is_counted_until_the_real_cost_takes_its_place(tmp_path: Path) -> None:
    async with open_test_store(tmp_path) as store:
        call = a_call(1, leads=(ADA, BOB))
        assert await reserved(store, call)
        assert (await store.read(llm_spend.figures)).usd == pytest.approx(0.3)
        used = TokenUse(input=100, cached=40, output=20)
        await store.write(
            lambda t: llm_spend.settle(
                t, call, outcome="complete", at=MONDAY, usd=0.02, used=used, estimated=True
            )
        )
        found = await store.read(llm_spend.figures)
        shares = await store.read(lambda t: llm_spend.lead_spend(t, [ADA, BOB]))
    assert (found.calls, found.input_tokens, found.output_tokens) == (1, 100, 20)
    assert found.usd == pytest.approx(0.02)
    assert (found.estimated, found.unanswered) == (1, 0)
    assert shares == {ADA: pytest.approx(0.01), BOB: pytest.approx(0.01)}


async def test_a_crash_between_reserving_and_settling_leaves_the_reservation_counted(
    tmp_path: Path,
) -> None:
    async with open_test_store(tmp_path) as store:
        assert await reserved(store, a_call(1, usd=0.8))
    async with open_test_store(tmp_path) as store:  # nobody settled it
        assert not await reserved(store, a_call(2, usd=0.3))
        assert await reserved(store, a_call(3, usd=0.2))
        assert (await store.read(llm_spend.figures)).usd == pytest.approx(1.0)


async def test_two_processes_share_one_budget_and_never_overdraw_it(tmp_path: Path) -> None:
    async with open_test_store(tmp_path) as one, open_test_store(tmp_path) as other:
        calls = [a_call(number, usd=0.09) for number in range(30)]
        verdicts = await asyncio.gather(
            *(reserved(store, call) for call, store in zip(calls, [one, other] * 15, strict=True))
        )
        assert sum(verdicts) == 11
        assert (await one.read(llm_spend.figures)).usd <= 1.0


@pytest.mark.parametrize(
    ("earlier", "call", "budgets", "fits"),
    [
        (a_call(1, usd=0.9), a_call(2), BUDGETS, False),
        (a_call(1, usd=0.9, at=MIDNIGHT - timedelta(hours=1)), a_call(2), BUDGETS, True),
        (a_call(1, leads=(ADA,)), a_call(2, leads=(ADA,)), BUDGETS, False),
        (a_call(1, leads=(ADA,)), a_call(2, leads=(BOB,)), BUDGETS, True),
        # A lead's budget is for its whole life.
        (
            a_call(1, leads=(ADA,), at=MIDNIGHT - timedelta(days=9)),
            a_call(2, leads=(ADA,)),
            BUDGETS,
            False,
        ),
        (a_call(1), a_call(2), Budgets(daily=1.0, lead=1.0, task=0.5), False),
        (
            a_call(1, task=ModelTask.REPLY),
            a_call(2),
            Budgets(daily=1.0, lead=1.0, task=0.5),
            True,
        ),
    ],
)
async def test_each_budget_counts_what_belongs_to_it(
    tmp_path: Path, earlier: Call, call: Call, budgets: Budgets, fits: bool
) -> None:
    async with open_test_store(tmp_path) as store:
        assert await reserved(store, earlier, Budgets(daily=9.0, lead=9.0))
        assert await reserved(store, call, budgets) is fits
        assert (await store.read(llm_spend.figures)).calls == 1 + fits


async def test_a_failed_call_costs_nothing_or_stays_as_reserved(tmp_path: Path) -> None:
    async with open_test_store(tmp_path) as store:
        for number, usd in ((1, 0.0), (2, None)):
            call = a_call(number)
            assert await reserved(store, call)
            await store.write(partial(settled, call, usd))
        found = await store.read(llm_spend.figures)
    assert found.usd == pytest.approx(0.3)
    assert (found.calls, found.unanswered) == (2, 2)


async def test_the_hit_rate_is_the_share_of_questions_the_cache_answered(tmp_path: Path) -> None:
    async with open_test_store(tmp_path) as store:
        assert (await store.read(llm_spend.figures)).hit_rate is None
        assert await reserved(store, a_call(1, usd=0.0, priced=False))
        for number in (2, 3, 4):
            await store.write(partial(llm_spend.note_cached, call=a_call(number, usd=0.0)))
        found = await store.read(llm_spend.figures)
    assert found.hit_rate == 0.75
    assert (found.calls, found.cached, found.unpriced) == (1, 3, 1)


async def test_an_answer_is_kept_for_its_time_and_then_gone(tmp_path: Path) -> None:
    later = MONDAY + timedelta(hours=24)
    async with open_test_store(tmp_path) as store:
        for key in ("one", "one", "other"):
            await store.write(
                partial(llm_spend.keep_answer, key=key, value={"a": 1}, now=MONDAY, until=later)
            )
        for now in (MONDAY, later - timedelta(seconds=1)):
            assert await store.read(partial(llm_spend.kept_answer, key="one", now=now)) == {"a": 1}
        assert await store.read(lambda t: llm_spend.kept_answer(t, "one", now=later)) is None
        assert await store.read(lambda t: llm_spend.kept_answer(t, "none", now=MONDAY)) is None
        await store.write(
            lambda t: llm_spend.keep_answer(
                t, "new", 1, now=later, until=later + timedelta(hours=1)
            )
        )
        assert await store.read(lambda t: t.rows("SELECT key FROM cache")) == [("new",)]


async def test_a_thousand_leads_fit_into_one_question(tmp_path: Path) -> None:
    leads = tuple(LeadId(f"lead-{number}") for number in range(1200))
    async with open_test_store(tmp_path) as store:
        assert await reserved(store, a_call(1, leads=leads))
        shares = await store.read(lambda t: llm_spend.lead_spend(t, leads))
    assert len(shares) == 1200
    assert sum(shares.values()) == pytest.approx(0.3)
