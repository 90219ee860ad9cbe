"""Two accounts of Unipile's and a campaign at HeyReach in one department, with webhooks of both on."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest

from ingagents.app.department import Department
from ingagents.app.hook_check import look_at_hooks
from ingagents.events import InvitationAccepted, MessageSent, ResponseReceived
from ingagents.model import ContactStatus
from ingagents.sandbox.faces import with_campaigns
from ingagents.sandbox.faults import FaultPlan, HookPlan
from ingagents.sandbox.heyreach import api as heyreach
from ingagents.sandbox.heyreach.webhooks import HeyReachNews
from ingagents.sandbox.market.account import colleague_of
from ingagents.sandbox.market.market import Market
from ingagents.sandbox.postman import Postman
from ingagents.sandbox.unipile.news import UnipileNews
from ingagents.store.engine.codecs import moment
from ingagents.store.tables import leads
from ingagents.web import application
from tests.journeys.test_two_accounts import SECOND, TwoSeats
from tests.journeys.test_webhooks import HOOKED, SECRET, TALKERS
from tests.models_world import served
from tests.world import ACCOUNT, KEY, MONDAY, ZONE, dead_letters, journal_of

CAMPAIGN = str(heyreach.ACCOUNT)
ACCOUNTS: list[dict[str, Any]] = [
    {"account_id": ACCOUNT},
    {"account_id": SECOND},
    {"account_id": CAMPAIGN, "service": "heyreach", "campaign_id": str(heyreach.CAMPAIGN)},
]
BRISK: dict[str, Any] = {
    "linkedin": {"account_id": "", "accounts": ACCOUNTS},
    "outreach": {
        "sequence": {"follow_ups": []},
        "rate_limiting": {"min_interval_minutes": 2, "max_interval_minutes": 8},
    },
    "web": HOOKED,
}


class ThreeAccounts(TwoSeats):
    """The market as it shows itself to the three of them."""

    def __init__(self, folder: Path, **market: Any) -> None:
        super().__init__(folder, **market)
        self.third = Market(
            self.seed,
            market.get("size", 400),
            now=self.clock.now,
            zone=ZONE.key,
            record=self.market.record,
            owner=colleague_of(self.market.owner, CAMPAIGN),
            account=CAMPAIGN,
        )
        self.app = with_campaigns(self.app, self.third, api_key=KEY, faults=self.faults)

    def answered(self) -> Counter[tuple[datetime, str]]:
        """What people we wrote to answered, up to a while ago: when, and what."""
        until = self.now - timedelta(hours=3)
        found: Counter[tuple[datetime, str]] = Counter()
        for market in (self.market, self.second, self.third):
            heard = {act.person for act in market.acts()}
            for chat in market.chats(until):
                if chat.person is None or chat.person.key not in heard:
                    continue
                found.update(
                    (said.at, said.text)
                    for said in chat.said
                    if said.sender is not None and MONDAY < said.at <= until
                )
        return found


@asynccontextmanager
async def hooked(world: ThreeAccounts, department: Department) -> AsyncGenerator[Postman]:
    """Both services are told where to post, by the doctor's own command, and post there."""
    async with (
        served(application(department)) as address,
        served(world.app) as services,
        httpx.AsyncClient() as http,
    ):
        (world.folder / "key").write_text(KEY)
        accounts = [{**one, "base_url": services, "api_key_file": "key"} for one in ACCOUNTS]
        served_at = {"account_id": "", "accounts": accounts, "base_url": services}
        said, _ = await look_at_hooks(world.settings(**{**BRISK, "linkedin": served_at}), address)
        assert "Unipile posts to" in said
        assert "HeyReach posts to" in said
        plan = world.faults
        postman = Postman(
            world.market,
            UnipileNews(world.market, account_id=ACCOUNT, faults=plan),
            UnipileNews(world.second, account_id=SECOND, faults=plan),
            HeyReachNews(world.third, account=heyreach.ACCOUNT, campaign=heyreach.CAMPAIGN),
            faults=plan,
            http=http,
        )
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(partial(postman.work, world.clock, every=timedelta(seconds=10)))
            yield postman
            tasks.cancel_scope.cancel()


@pytest.fixture(autouse=True)
def _at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "hook_secret").write_text(SECRET)


@pytest.mark.parametrize(
    "plan",
    [HookPlan(), HookPlan(lost=0.4, twice=0.5, late=0.5, late_seconds=7200), HookPlan(lost=1)],
    ids=["as in life", "as bad as may be", "none comes"],
)
async def test_every_answer_to_any_of_the_three_is_found_exactly_once(
    tmp_path: Path, plan: HookPlan
) -> None:
    world = ThreeAccounts(tmp_path, seed=3, size=500, plan=FaultPlan(hooks=plan))
    async with world.at_work(**BRISK) as department:
        await world.allocate(department, *world.welcoming(*TALKERS, count=18))
        async with hooked(world, department) as postman:
            await department.run(until=world.at(1, 20))
        assert set(postman.posted) == ({200} if plan.lost < 1 else set())

        rows = await department.store.read(
            lambda t: t.rows("SELECT account_id, received_at, text, id, effect FROM replies")
        )
        kept = Counter((moment(at), text) for _, at, text, *_ in rows)
        assert set(kept.values()) == {1}
        assert not world.answered() - kept
        assert {account for account, *_ in rows} == {ACCOUNT, SECOND, CAMPAIGN}
        told = Counter(one.reply_id for one in await journal_of(department, ResponseReceived))
        assert set(told.values()) == {1}
        assert set(told) == {key for *_, key, effect in rows if effect != "absent"}
        accepted = Counter(one.lead_id for one in await journal_of(department, InvitationAccepted))
        assert set(accepted.values()) == {1}
        assert {act.account for act in world.acts()} == {"", SECOND, CAMPAIGN}
        world.check_voices()
        sent = {one.lead_id for one in await journal_of(department, MessageSent)}
        everybody = await department.store.read(lambda t: leads.every(t, limit=100))
        for lead in everybody:
            if lead.contact_status is ContactStatus.ENROLLED:
                assert (lead.account_id, lead.id in sent) == (CAMPAIGN, False)
            elif lead.contact_status in {ContactStatus.INVITED, ContactStatus.MESSAGE_SENT}:
                assert lead.id in sent
        assert await dead_letters(department) == []
