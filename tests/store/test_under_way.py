"""With which companies a conversation is open, and who could be written to beside them."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from ingagents.model import Classification, ContactStatus, LeadStage, ReplyDetail, WaitsFor
from ingagents.store.tables import candidates, leads
from ingagents.store.under_way import companies_taken
from tests.factories import MONDAY, a_lead
from tests.support import open_test_store

pytestmark = pytest.mark.usefixtures("database")

NOW = MONDAY + timedelta(days=100)
TODAY, LONG_AGO = NOW - timedelta(hours=2), NOW - timedelta(days=50)
S = ContactStatus


@pytest.mark.parametrize(
    ("lead", "taken"),
    [
        ({}, False),
        ({"contact_status": S.ALLOCATED, "allocated_at": LONG_AGO}, True),
        ({"contact_status": S.CLOSED, "allocated_at": TODAY}, True),
        ({"contact_status": S.CLOSED, "allocated_at": LONG_AGO}, False),
        ({"contact_status": S.NEEDS_REVIEW, "allocated_at": NOW - timedelta(days=3)}, True),
        ({"contact_status": S.NEEDS_REVIEW, "allocated_at": LONG_AGO}, False),
        ({"contact_status": S.UNCERTAIN, "allocated_at": LONG_AGO}, True),
        (
            {
                "contact_status": S.INVITED,
                "waits_for": WaitsFor.ACCEPTANCE,
                "invited_at": NOW - timedelta(days=20),
            },
            True,
        ),
        (
            {
                "contact_status": S.INVITED,
                "waits_for": WaitsFor.ACCEPTANCE,
                "invited_at": LONG_AGO,
            },
            False,
        ),
        ({"contact_status": S.MESSAGE_SENT, "sent_at": LONG_AGO}, False),
        ({"contact_status": S.RESPONDED}, True),
        ({"contact_status": S.RESPONDED, "response_detail": ReplyDetail.REFERRAL}, False),
        ({"contact_status": S.RESPONDED, "stage": LeadStage.LOST}, False),
        ({"contact_status": S.RESPONDED, "stage": LeadStage.WON}, False),
        ({"contact_status": S.CLOSED, "stage": LeadStage.MEETING}, True),
        ({"contact_status": S.SUPPRESSED}, False),
    ],
)
async def test_a_company_is_taken_while_a_conversation_with_it_is_open(
    tmp_path: Path, lead: dict[str, Any], taken: bool
) -> None:
    async with open_test_store(tmp_path) as store:
        await store.write(lambda t: leads.insert(t, a_lead(1, company="Acme", **lead), []))
        found = await store.read(lambda t: companies_taken(t, NOW - timedelta(hours=9), now=NOW))
    assert bool(found) is taken


@pytest.mark.parametrize(
    ("same", "other", "counts"), [(False, False, (6, 1, 1)), (True, True, (8, 0, 0))]
)
async def test_who_is_available_works_where_nobody_is_talked_to_and_is_of_a_wanted_kind(
    tmp_path: Path, same: bool, other: bool, counts: tuple[int, int, int]
) -> None:
    people = [
        a_lead(1, company="Acme"),
        a_lead(2, company="Acme"),
        a_lead(3, company=""),
        a_lead(4, company=""),
        a_lead(5, company="Talking", contact_status=S.RESPONDED),
        a_lead(6, company="Talking"),
        a_lead(7, company="Zeta", classification=Classification.OTHER),
        a_lead(8, company="Eta", classification=None),
        a_lead(9, company="Theta", quality_score=1.0),
        a_lead(10, company="Acme"),
    ]
    async with open_test_store(tmp_path) as store:
        for one in people:
            await store.write(partial(leads.insert, lead=one, aliases=[]))
        found = await store.read(
            lambda t: candidates.available(
                t, at_least=5.0, allow_same_company=same, write_to_other=other, now=NOW
            )
        )
    assert tuple(found) == counts
