"""Leads by a field: whoever has none comes last, whichever way it is turned."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

import msgspec
import pytest

from ingagents.model import Classification, LeadId
from ingagents.store.engine.group_commit import ThreadedStore
from ingagents.store.lead_list import SORTED_BY, listed
from ingagents.store.tables import leads
from tests.factories import a_lead, aliases_of_lead
from tests.support import open_test_store

NOW = datetime(2027, 2, 1, 9, tzinfo=UTC)

ADA = a_lead(
    id=LeadId("a"), name="Ada", company="zeta", quality_score=5.0, next_date=date(2027, 3, 1)
)
BOB = a_lead(id=LeadId("b"), name="bob", company="", quality_score=9.0, next_date=None)
CY = a_lead(
    id=LeadId("c"), name="Cy", company="Alpha", quality_score=None, next_date=date(2027, 2, 1)
)


pytestmark = pytest.mark.usefixtures("database")  # both sort in their own way


@pytest.fixture
async def three(tmp_path: Path) -> AsyncIterator[ThreadedStore]:
    async with open_test_store(tmp_path) as store:
        await fill(store)
        yield store


async def fill(store: ThreadedStore) -> None:
    for at, lead in enumerate((ADA, BOB, CY)):
        person = msgspec.structs.replace(
            lead,
            created_at=NOW + timedelta(hours=at),
            linkedin_url=f"https://www.linkedin.com/in/{lead.id}",
            classification=Classification.SPEAKER if at else Classification.SPONSOR,
        )
        await store.write(partial(leads.insert, lead=person, aliases=aliases_of_lead(person)))


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("", "abc"),
        ("name", "abc"),
        ("-name", "cba"),
        ("company", "cab"),
        ("-company", "acb"),
        ("quality_score", "bac"),
        ("-quality_score", "abc"),
        ("next_date", "cab"),
        ("-next_date", "acb"),
        ("created_at", "cba"),
        ("-created_at", "abc"),
    ],
)
async def test_leads_come_by_a_field_and_whoever_has_none_comes_last(
    three: ThreadedStore, sort: str, order: str
) -> None:
    found = await three.read(lambda t: listed(t, sort=sort, limit=9))
    assert "".join(one.id for one in found) == order


@pytest.mark.parametrize("sort", SORTED_BY)
async def test_every_field_that_can_be_asked_for_is_one(three: ThreadedStore, sort: str) -> None:
    assert len(await three.read(lambda t: listed(t, sort=sort, limit=9))) == 3
    assert len(await three.read(lambda t: listed(t, sort=f"-{sort}", limit=2))) == 2


async def test_only_who_is_wanted_is_listed(three: ThreadedStore) -> None:
    found = await three.read(lambda t: listed(t, sort="name", classification="Speaker", limit=9))
    assert [one.name for one in found] == ["bob", "Cy"]
    assert not await three.read(lambda t: listed(t, status="Won", limit=9))


async def test_a_field_that_is_none_never_gets_into_a_statement(three: ThreadedStore) -> None:
    with pytest.raises(KeyError):
        await three.read(lambda t: listed(t, sort="name; DROP TABLE leads", limit=9))
