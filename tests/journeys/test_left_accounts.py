"""An account leaves the settings while an act of its is in doubt: only a human can tell, and is asked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ingagents.model import ContactStatus, DeliveryState
from tests.journeys.test_two_accounts import SECOND, TwoSeats
from tests.world import ACCOUNT, AT_ONCE, deliveries_of, lead_of


@pytest.mark.parametrize("arrived", [True, False])
async def test_a_doubt_of_an_account_that_left_is_asked_about_once_and_settled_by_a_human(
    tmp_path: Path, arrived: bool
) -> None:
    seats = TwoSeats(tmp_path, seed=5)
    seats.go_to(0, 9, 30)
    person = seats.silent()[0]
    async with seats.at_work(**AT_ONCE) as department:
        await seats.allocate(department, person)
        seats.fail("act_then_drop" if arrived else "drop")
        await department.once("outreach")
    another: dict[str, Any] = {**AT_ONCE, "linkedin": {"account_id": SECOND}}
    async with seats.at_work(**another) as department:
        await department.run(until=seats.at(0, 12))
    async with seats.at_work(**another) as department:
        await department.run(until=seats.at(0, 14))
        (asked,) = (await department.reviews.list(kind="send", limit=10)).reviews
        assert any(f"the account {ACCOUNT} is none of ours" in one.why for one in asked.reasons)
        lead = await lead_of(department, person)
        assert lead.contact_status is ContactStatus.NEEDS_REVIEW
        assert person.key not in {act.person for act in seats.second.acts()}
        if arrived:
            await department.reviews.approve(asked.id, by="Kim")
        else:
            await department.reviews.reject(asked.id, reason="not there", by="Kim")
        act, *_ = await deliveries_of(department, lead.id)
        assert act.state is (DeliveryState.SENT if arrived else DeliveryState.LOST)
        seats.check_voices()
