"""The counts of leads are those that counting all of them would give, whatever was done to them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingagents.core.lead_status import Cause, Change
from ingagents.errors import Conflict
from ingagents.model import Classification, ContactStatus
from ingagents.ports import Row, Transaction
from ingagents.store.engine.open_store import open_store
from ingagents.store.tables import lead_counts, leads
from tests.factories import MONDAY, a_lead
from tests.support import databases

pytestmark = pytest.mark.usefixtures("database")

COUNTED = (
    "SELECT contact_status, CASE WHEN linkedin_url = '' THEN 0 ELSE 1 END,"
    " coalesce(quality_score, 0), coalesce(classification, ''), count(*)"
    " FROM leads GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4"
)
KEPT = (
    "SELECT contact_status, reachable, quality, kind, leads FROM lead_counts WHERE leads <> 0"
    " ORDER BY 1, 2, 3, 4"
)

deeds = st.lists(
    st.tuples(
        st.sampled_from(["move", "score", "kind", "address", "allocate", "look"]),
        st.integers(0, 3),
        st.sampled_from(list(ContactStatus)),
        st.sampled_from([None, 3.5, 7.25]),
    ),
    max_size=12,
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(deeds=deeds, failing=st.booleans())
async def test_the_counts_are_those_of_counting_everybody(
    tmp_path_factory: pytest.TempPathFactory, deeds: list[tuple[Any, ...]], failing: bool
) -> None:
    folder = tmp_path_factory.mktemp("counts")
    store = open_store(databases.url(folder), folder=folder)

    def act(transaction: Transaction) -> None:
        for number in range(4):
            leads.insert(transaction, a_lead(number), [])
        for what, number, status, score in deeds:
            lead = leads.find(transaction, f"lead-{number:06d}")
            assert lead is not None
            if what == "look":
                found: dict[Any, Any] = dict(
                    transaction.rows("SELECT contact_status, count(*) FROM leads GROUP BY 1")
                )
                assert lead_counts.by_status(transaction) == found
            elif what == "allocate" and lead.contact_status is ContactStatus.NOT_CONTACTED:
                leads.allocate(transaction, lead.id, place=1, by="test", now=MONDAY)
            elif what == "move":
                moved = Change(before=lead.contact_status, after=status, cause=Cause.ALLOCATED)
                leads.update(transaction, lead, now=MONDAY, moved=moved)
            elif what == "score":
                leads.update(transaction, lead, now=MONDAY, quality_score=score)
            elif what == "kind":
                kind = [None, *Classification][list(ContactStatus).index(status) % 4]
                leads.update(transaction, lead, now=MONDAY, classification=kind)
            elif what == "address":
                leads.update(transaction, lead, now=MONDAY, linkedin_url="" if score else "x")

    def fail(transaction: Transaction) -> None:
        leads.insert(transaction, a_lead(99), [])
        raise Conflict("somebody was faster", "try again")

    try:
        if failing:
            with pytest.raises(Conflict):
                await store.write(fail)
        await store.write(act)
        kept, counted = await store.read(lambda t: (t.rows(KEPT), t.rows(COUNTED)))
    finally:
        await store.close()
    assert _plain(kept) == _plain(counted)


def _plain(rows: list[Row]) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in rows]
