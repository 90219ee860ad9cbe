"""Whom an answer names becomes a lead for a human to look at, and never one that may be written to."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from ingagents.core.quality_scorer import Weights
from ingagents.events import LeadDiscovered
from ingagents.llm.tasks import LlmTasks
from ingagents.model import ContactStatus, EffectKind, Lead, SearchCriteria
from ingagents.services.leads.intake import Reception
from ingagents.services.leads.referrals import take_in_named
from ingagents.store.engine.codecs import from_json
from ingagents.store.open_matters import open_matters
from ingagents.store.tables import erased_identities, leads, replies
from tests.factories import (
    MONDAY,
    a_campaign,
    a_lead,
    a_reply,
    aliases_of_lead,
    an_analysis,
    an_effect,
)
from tests.support import Office, jumping_clock, open_office

TEXT = "Please ask my colleague Jane Doe, jane@firma.example."


@pytest.fixture
async def office(tmp_path: Path) -> AsyncGenerator[Office, None]:
    async with jumping_clock() as clock, open_office(tmp_path, clock) as office:
        yield office


async def keep(office: Office, lead: Lead) -> Lead:
    await office.store.write(lambda t: leads.insert(t, lead, aliases_of_lead(lead)))
    return lead


async def named(
    office: Office, name: str = "Jane Doe", *, number: int = 1, text: str = TEXT
) -> None:
    """The first lead answers and names somebody."""
    effect = an_effect(kind=EffectKind.REFERS, name=name)
    reply = a_reply(number, lead_id=a_lead().id, text=text)
    assert await office.store.write(
        lambda t: replies.keep(t, reply, an_analysis(), effect, now=MONDAY)
    )


async def taken(office: Office) -> int:
    reception = Reception(
        context=office.context,
        criteria=SearchCriteria(),
        weights=Weights(),
        campaign=a_campaign(),
        llm=LlmTasks(prompts={}),
        agent="outreach",
    )
    async with office.queue.session("outreach") as session:
        return await take_in_named(reception, session)


async def everybody(office: Office) -> list[Lead]:
    return await office.store.read(leads.every)


async def test_whoever_is_named_is_a_lead_that_needs_a_review_and_has_no_address(office):
    referrer = await keep(office, a_lead())
    await named(office)
    assert await taken(office) == 1
    assert await taken(office) == 0
    (new,) = [one for one in await everybody(office) if one.id != referrer.id]
    assert (new.name, new.contact_status) == ("Jane Doe", ContactStatus.NEEDS_REVIEW)
    assert new.source == f"referred by {referrer.id}"
    assert referrer.name in new.status_reason
    assert (new.linkedin_url, new.provider_id, new.company, new.position) == ("", "", "", "")
    assert new.profile.email == "jane@firma.example"
    assert await office.store.read(lambda t: leads.allocated(t, limit=9)) == []
    matters = await office.store.read(lambda t: open_matters(t, today=MONDAY.date()))
    assert [one.name for one in matters.people] == ["Jane Doe"]


async def test_the_same_person_named_twice_is_one_lead(office):
    await keep(office, a_lead())
    await named(office)
    await named(office, "JANE DOE", number=2)
    assert await taken(office) == 1
    assert len(await everybody(office)) == 2


@pytest.mark.parametrize("status", list(ContactStatus))
async def test_nobody_is_made_a_second_time_wherever_they_stand(office, status):
    await keep(office, a_lead())
    known = await keep(office, a_lead(2, name="Jane Doe", contact_status=status))
    await named(office)
    assert await taken(office) == 0
    assert {one.id for one in await everybody(office)} == {a_lead().id, known.id}
    (after,) = [one for one in await everybody(office) if one.id == known.id]
    assert after == known


@pytest.mark.parametrize(
    "name",
    [
        ("email", "jane@firma.example"),
        ("domain", "firma.example"),
        ("name_company", "jane doe|"),
        ("name_company", "jane doe|firma 1"),
    ],
)
@pytest.mark.parametrize("erased", [True, False])
async def test_who_is_suppressed_or_erased_does_not_come_back_by_being_named(office, name, erased):
    await keep(office, a_lead())
    if erased:
        await office.store.write(
            lambda t: erased_identities.forget_in_clear(t, [name], by="Kim", at=MONDAY)
        )
    else:
        await office.store.write(
            lambda t: leads.suppress(t, [name], reason="a veto", by="Kim", at=MONDAY)
        )
    await named(office)
    assert await taken(office) == 0
    assert len(await everybody(office)) == 1
    assert await taken(office) == 0


async def test_two_addresses_are_nobodys_and_the_text_chooses_no_recipient(office):
    await keep(office, a_lead())
    await named(
        office,
        text="Jane Doe, jane@firma.example, me@firma.example,"
        " https://www.linkedin.com/in/somebody-else",
    )
    assert await taken(office) == 1
    (new,) = [one for one in await everybody(office) if one.id != a_lead().id]
    assert (new.profile.email, new.linkedin_url) == ("", "")


async def test_a_new_lead_is_told_in_the_journal(office):
    await keep(office, a_lead())
    await named(office)
    await taken(office)
    rows = await office.store.read(
        lambda t: t.rows("SELECT data FROM journal WHERE type = :tag", {"tag": "lead_discovered"})
    )
    assert LeadDiscovered.__struct_config__.tag == "lead_discovered"
    (new,) = [one for one in await everybody(office) if one.id != a_lead().id]
    assert [from_json(str(data))["lead_id"] for (data,) in rows] == [new.id]
