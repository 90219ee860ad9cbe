"""Whom somebody at a terminal means: an id, its beginning, an address, a slug or a name."""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest

from ingagents.core.review_policy import Review
from ingagents.errors import InputError, UsageError
from ingagents.services.lookup import lead_named, review_named
from ingagents.store.engine.group_commit import ThreadedStore
from ingagents.store.tables import leads, reviews
from tests.factories import MONDAY, a_lead, aliases_of_lead
from tests.support import open_test_store


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[ThreadedStore]:
    async with open_test_store(tmp_path) as store:
        people = [
            a_lead(1, name="Ada Lund"),
            a_lead(2, name="José Díaz"),
            a_lead(10, name="Zoë Ober"),
            a_lead(20, name="Zoë Ober"),
        ]
        for lead in people:
            await store.write(partial(leads.insert, lead=lead, aliases=aliases_of_lead(lead)))
        questions = [("3fa9c1", 1), ("3fb000", 2), ("77aa00", 2)]
        for review_id, number in questions:
            review = Review(
                id=review_id,
                kind="reply",
                subject=f"reply-{review_id}",
                lead_id=people[number - 1].id,
                asked_at=MONDAY,
            )
            await store.write(partial(reviews.ask, review=review))
        yield store


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("lead-000001", "lead-000001"),
        ("lead-00001", "lead-000010"),
        ("https://www.linkedin.com/in/robin-muster-2/", "lead-000002"),
        ("robin-muster-2", "lead-000002"),
        ("Ada Lund", "lead-000001"),
        ("  ada   LUND ", "lead-000001"),
        ("Jose Diaz", "lead-000002"),
    ],
)
async def test_a_lead_is_meant_by_whatever_only_it_has(
    store: ThreadedStore, text: str, found: str
) -> None:
    assert (await store.read(lambda t: lead_named(t, text))).id == found


@pytest.mark.parametrize(
    "text",
    ["", " ", "%", "lead-00000_", "' OR 1=1 --", "https://www.linkedin.com/in/nobody", "Ada"],
)
async def test_nobody_is_said(store: ThreadedStore, text: str) -> None:
    with pytest.raises(InputError, match="there is no lead"):
        await store.read(lambda t: lead_named(t, text))


@pytest.mark.parametrize(("text", "listed"), [("lead-", "lead-000"), ("Zoe Ober", "Zoë Ober")])
async def test_several_are_listed(store: ThreadedStore, text: str, listed: str) -> None:
    with pytest.raises(UsageError, match="may be one of several") as caught:
        await store.read(lambda t: lead_named(t, text))
    assert listed in caught.value.what
    assert caught.value.exit_code == 2


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("3fa9c1", "3fa9c1"),
        (" 3FA9 ", "3fa9c1"),
        ("reply-77aa00", "77aa00"),
        ("Ada Lund", "3fa9c1"),
    ],
)
async def test_a_question_is_meant_by_its_id_its_subject_or_its_person(
    store: ThreadedStore, text: str, found: str
) -> None:
    assert (await store.read(lambda t: review_named(t, text))).id == found


async def test_a_question_that_is_not_clear_is_asked_for(store: ThreadedStore) -> None:
    for text in ("3f", "José Díaz"):
        with pytest.raises(UsageError, match="several reviews"):
            await store.read(partial(review_named, text=text))
    for text in ("zz", ""):
        with pytest.raises(InputError, match="there is no review"):
            await store.read(partial(review_named, text=text))
    with pytest.raises(UsageError, match="several leads"):
        await store.read(lambda t: review_named(t, "Zoë Ober"))
