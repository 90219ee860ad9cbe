"""A department that fills a programme: never more conversations than the places justify, and it ends."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ingagents.app.department import Department
from ingagents.core.programme import in_words
from ingagents.model import ContactStatus, LeadStage
from ingagents.services.leads.follow_up import follow_up
from ingagents.store.tables import leads
from tests.world import AT_ONCE, World, profile_of

WEEKS = 12
PLACES = 4


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path, size=200)


def sections() -> dict[str, Any]:
    programme = [
        {"kind": "Speaker", "name": "Main stage", "places": PLACES},
        {"kind": "Sponsor", "name": "Gold", "places": 0},
    ]
    return {"programme": programme, "campaign": {"event_date": "2029-05-20"}, **AT_ONCE}


async def take_the_willing(department: Department, world: World) -> int:
    """The team's word on everybody who answered: every third is won, while there is a place."""

    def decide(transaction: Any) -> int:
        stages = [one.stage for one in leads.every(transaction, limit=1000) if one.stage]
        won = stages.count(LeadStage.WON)
        for lead in leads.every(transaction, status=ContactStatus.RESPONDED.value, limit=1000):
            if lead.stage is None and lead.response_sentiment != "negative":
                taken = won < PLACES and len(stages) % 3 == 2
                said = LeadStage.WON if taken else LeadStage.LOST
                stages.append(said)
                won += taken
                follow_up(
                    department.context,
                    transaction,
                    lead,
                    by="Kim",
                    today=world.now.date(),
                    stage=said,
                )
        return won

    return await department.store.write(decide)


async def test_a_programme_of_four_places_ends_at_four_and_never_opens_too_much(
    world: World,
) -> None:
    async with world.at_work(**sections()) as department:
        people = world.people(lambda person: True, 150)
        await department.leads.add([profile_of(one) for one in people], source="import:test")
        won, first_touches, filled_after = 0, 0, None
        for day in range(7 * WEEKS):
            if day % 7 > 4:
                continue
            world.go_to(day, 9, 5)
            await department.once("replies")
            won = await take_the_willing(department, world)
            await department.once("coordinate")
            await department.once("outreach")
            state = (await department.status()).programme[0]
            assert state.won == won <= PLACES
            assert state.under_way <= state.most_open or len(world.acts()) == first_touches
            if filled_after is not None:
                assert (
                    len([one for one in world.acts() if one.kind == "invitation"]) == filled_after
                )
            if won == PLACES and filled_after is None:
                filled_after = len([one for one in world.acts() if one.kind == "invitation"])
            first_touches = len(world.acts())
        assert won == PLACES
        said = in_words((await department.status()).programme)
        assert said[0] == f"{PLACES} of {PLACES} places: nobody is written to first any more"
        report = await department.report()
        assert f"{PLACES} of {PLACES} places" in " ".join(report.insights)
        assert world.market.contacted_twice(world.now) == []
