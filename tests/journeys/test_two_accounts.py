"""Two accounts of one service in one department, each with limits of its own: one person, one voice."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from ingagents.errors import AccountBlocked
from ingagents.model import ContactStatus
from ingagents.sandbox.faults import FaultPlan, Faults
from ingagents.sandbox.market.account import colleague_of
from ingagents.sandbox.market.market import Market
from ingagents.sandbox.unipile.accounts import with_accounts
from ingagents.sandbox.unipile.api import create_app
from ingagents.store.tables import leads
from tests.world import ACCOUNT, KEY, ZONE, World, deliveries_of

SECOND = "second-account"
LIMITS = {
    "daily_limit": 20,
    "weekly_limit": 100,
    "min_interval_minutes": 5,
    "max_interval_minutes": 15,
    "spread": "even",
}
BUSY: dict[str, Any] = {
    "outreach": {"rate_limiting": LIMITS},
    "sales_manager": {"max_leads": 200},
    "lead_finder": {"max_leads_per_day": 200, "profile_visits_per_day": 200},
}


def both(*accounts: dict[str, Any]) -> dict[str, Any]:
    """Settings of the two, in this order or another."""
    named = accounts or ({"account_id": ACCOUNT}, {"account_id": SECOND})
    return {"linkedin": {"account_id": "", "accounts": named}}


class TwoSeats(World):
    """A market as two accounts see it; either may be in trouble by itself."""

    def __init__(self, folder: Path, **market: Any) -> None:
        super().__init__(folder, **market)
        self.second = Market(
            self.seed,
            market.get("size", 400),
            now=self.clock.now,
            zone=ZONE.key,
            record=self.market.record,
            owner=colleague_of(self.market.owner, SECOND),
            account=SECOND,
        )
        self.second_faults = Faults()
        self.app = with_accounts(
            {
                ACCOUNT: self.app,
                SECOND: create_app(
                    self.second, api_key=KEY, account_id=SECOND, faults=self.second_faults
                ),
            }
        )

    def check_voices(self) -> dict[str, int]:
        """By the market's own book nobody heard two accounts, or one twice; how many each reached."""
        voices = defaultdict(set)
        for act in self.acts():
            voices[act.person].add(act.account)
        assert all(len(heard) == 1 for heard in voices.values())
        assert self.market.contacted_twice(self.now) == []
        assert self.second.contacted_twice(self.now) == []
        assert list(self.market.record.repeated()) == []
        reached: dict[str, int] = defaultdict(int)
        for heard in voices.values():
            reached[heard.pop()] += 1
        return reached


@pytest.fixture
def seats(tmp_path: Path) -> TwoSeats:
    return TwoSeats(tmp_path, seed=5, size=500)


async def test_two_seats_reach_190_people_in_a_week_that_holds_100_each(tmp_path: Path) -> None:
    seats = TwoSeats(tmp_path, seed=5, size=1200)
    async with seats.at_work(**both(), **BUSY) as department:
        await department.run(until=seats.at(6, 20))
        reached = seats.check_voices()
        assert sum(reached.values()) >= 190
        for market in (seats.market, seats.second):
            invited = [act for act in market.acts() if act.kind == "invitation"]
            assert len(invited) <= 100
        everybody = await department.store.read(lambda t: leads.every(t, limit=2000))
        for lead in everybody:
            acts = await deliveries_of(department, lead.id)
            assert {act.account_id for act in acts} <= {lead.account_id}
        status = await department.status()
        assert isinstance(status.accounts, tuple)
        assert [one.account for one in status.accounts] == [ACCOUNT, SECOND]


async def test_an_account_in_trouble_stops_alone_and_whom_it_never_reached_the_other_takes(
    seats: TwoSeats,
) -> None:
    async with seats.at_work(**both(), **BUSY) as department:
        await department.run(until=seats.at(1, 12))
        seats.second_faults.follow(FaultPlan(account_status="CREDENTIALS"))
        await department.run(until=seats.at(3, 18))
        stopped = len(seats.second.acts())
        before = len(seats.market.acts())
        status = await department.status()
        assert status.paused is None
        assert isinstance(status.accounts, tuple)
        first, second = status.accounts
        assert "CREDENTIALS" in second.waits_for
        assert "CREDENTIALS" not in first.waits_for
        await department.run(until=seats.at(4, 18))
        assert len(seats.second.acts()) == stopped
        assert len(seats.market.acts()) > before
        seats.second_faults.follow(FaultPlan())
        assert await department.resume(by="Kim")
        await department.run(until=seats.at(8, 18))
        assert len(seats.second.acts()) > stopped
        seats.check_voices()


async def test_the_voice_stays_over_a_restart_with_the_accounts_in_another_order(
    seats: TwoSeats,
) -> None:
    async with seats.at_work(**both(), **BUSY) as department:
        await department.run(until=seats.at(1, 18))
    turned = both({"account_id": SECOND}, {"account_id": ACCOUNT})
    async with seats.at_work(**turned, **BUSY) as department:
        await department.run(until=seats.at(9, 18))
        reached = seats.check_voices()
        assert min(reached[""], reached[SECOND]) > 40
        answered = [
            lead
            for lead in await department.store.read(lambda t: leads.every(t, limit=2000))
            if lead.contact_status is ContactStatus.RESPONDED
        ]
        assert {lead.account_id for lead in answered} == {ACCOUNT, SECOND}


async def test_a_new_account_starts_low_and_rises(seats: TwoSeats) -> None:
    named = both({"account_id": ACCOUNT}, {"account_id": SECOND, "warm_up_from": "2027-03-01"})
    async with seats.at_work(**named, **BUSY) as department:
        await department.run(until=seats.at(4, 20))
        invited = [act for act in seats.second.acts() if act.kind == "invitation"]
        assert 0 < len(invited) <= 40
        assert len(seats.market.acts()) > 60
        seats.check_voices()


async def test_when_the_first_account_is_logged_out_the_second_one_searches(
    seats: TwoSeats,
) -> None:
    async with seats.at_work(**both(), **BUSY) as department:
        seats.plan(account_status="CREDENTIALS")
        seats.second_faults.follow(FaultPlan(account_status="CREDENTIALS"))
        with pytest.raises(AccountBlocked):
            await department.once("search")
        seats.second_faults.follow(FaultPlan())
        outcome = await department.once("search")
        assert outcome.figures["discovered"] > 10
