"""Questions to humans in the database: one stands per subject, the first answer wins."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from ingagents.core.review_policy import Review
from ingagents.model import ContactStatus, Reason
from ingagents.store.engine.group_commit import ThreadedStore
from ingagents.store.tables import reviews
from ingagents.store.tables.leads import insert
from tests.factories import MONDAY, a_lead, a_review
from tests.support import open_test_store

pytestmark = pytest.mark.usefixtures("database")

HOUR = timedelta(hours=1)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[ThreadedStore]:
    async with open_test_store(tmp_path) as opened:
        yield opened


async def asked(store: ThreadedStore, *questions: Review) -> None:
    for question in questions:
        assert await store.write(partial(reviews.ask, review=question))


@pytest.mark.parametrize(
    "review",
    [
        a_review(),
        a_review(
            kind="strategy",
            lead_id=None,
            way=None,
            text="'; --\n\U0001f600",
            reasons=(Reason(why="low", evidence="3 of 90"),),
            evidence={"proposal": {"setting": "a.b", "to": 5}},
            expires_at=None,
            state="rejected",
            decided_at=MONDAY,
            decided_by="Kim",
            reason="no",
        ),
    ],
    ids=["a draft", "all fields"],
)
async def test_a_question_comes_back_as_it_was(store: ThreadedStore, review: Review) -> None:
    await asked(store, review)
    assert await store.read(lambda t: reviews.find(t, review.id)) == review


@pytest.mark.parametrize(
    ("state", "again"),
    [
        ("open", False),
        ("approved", False),
        ("rejected", True),
        ("void", True),
        ("expired", True),
        ("done", True),
    ],
)
async def test_one_question_stands_per_subject(store: ThreadedStore, state, again) -> None:
    await asked(store, a_review(1, state=state), a_review(2))
    second = a_review(1, id="cd0001")
    assert await store.write(lambda t: reviews.ask(t, second)) is again


async def test_of_many_who_answer_at_once_one_is_first(
    store: ThreadedStore, tmp_path: Path
) -> None:
    review = a_review()
    await asked(store, review)
    async with open_test_store(tmp_path) as other:
        answers = await asyncio.gather(
            *(
                (store if number % 2 else other).write(
                    partial(
                        reviews.settle,
                        review=review,
                        state="approved" if number % 3 else "rejected",
                        decided_by=f"human {number}",
                        decided_at=MONDAY,
                    )
                )
                for number in range(12)
            )
        )
    (first,) = [answer for answer in answers if answer is not None]
    assert await store.read(lambda t: reviews.find(t, review.id)) == first


async def test_an_answer_to_another_text_than_was_read_is_not_taken(store: ThreadedStore) -> None:
    await asked(store, a_review())
    stale = a_review(text="another text than stands there")
    assert await store.write(lambda t: reviews.settle(t, stale, state="approved")) is None


async def test_the_newest_question_is_listed_first_and_filters_hold(store: ThreadedStore) -> None:
    await asked(
        store,
        a_review(1),
        a_review(2, asked_at=MONDAY + HOUR),
        a_review(3, kind="send", subject="delivery-3"),
        a_review(4, state="void"),
    )

    async def listed(**how) -> list[str]:
        found = await store.read(lambda t: reviews.listed(t, **how))
        return [one.id for one in found]

    assert await listed(limit=9) == ["ab0002", "ab0001", "ab0003"]
    assert await listed(limit=1) == ["ab0002"]
    assert await listed(kind="send", limit=9) == ["ab0003"]
    assert await listed(states=("void",), limit=9) == ["ab0004"]
    counted = {"draft": 2, "answer": 0, "send": 1, "reply": 0, "strategy": 0}
    assert await store.read(reviews.counts) == counted


async def test_what_is_due_rejected_and_ready_is_told_apart(store: ThreadedStore) -> None:
    end = MONDAY + 72 * HOUR
    await asked(
        store,
        a_review(1),
        a_review(2, expires_at=end + HOUR),
        a_review(3, expires_at=None),
        a_review(4, state="approved", decided_at=MONDAY + HOUR),
        a_review(5, state="approved", decided_at=MONDAY),
        a_review(6, state="rejected", decided_at=MONDAY, decided_by="Kim", reason="no"),
    )
    due = await store.read(lambda t: reviews.due(t, now=end, limit=9))
    assert [one.id for one in due] == ["ab0001"]
    ready = await store.read(lambda t: reviews.ready(t, limit=9))
    assert ready == ["lead-000005", "lead-000004"]
    subject = a_review(6).subject
    no = await store.read(lambda t: reviews.rejection(t, "draft", subject))
    assert no is not None
    assert no.reason == "no"
    assert await store.read(lambda t: reviews.rejection(t, "send", subject)) is None
    assert await store.read(lambda t: reviews.standing(t, "draft", subject)) is None
    of_lead = await store.read(lambda t: reviews.of_lead(t, "lead-000004"))
    assert [one.state for one in of_lead] == ["approved"]


async def test_leads_that_need_a_human_without_a_question_are_counted(
    store: ThreadedStore,
) -> None:
    parked = {"contact_status": ContactStatus.NEEDS_REVIEW}
    for number in (1, 2, 3):
        lead = a_lead(number, **parked)
        await store.write(partial(insert, lead=lead, aliases=()))
    await asked(store, a_review(1), a_review(2, state="void"))
    assert await store.read(reviews.unasked) == 2
