"""Next year's edition: a no of the last one holds, and who had a part in it is asked with thanks."""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import pytest

from ingagents.app.department import Department
from ingagents.app.rules.texts import load_step_templates
from ingagents.core.message_generator import RETURNING, Unwritable, generate_message
from ingagents.core.messages.checks import unfit
from ingagents.errors import InputError
from ingagents.model import (
    Campaign,
    Classification,
    ContactStatus,
    DeliveryKind,
    Lead,
    LeadStage,
    Profile,
    Sentiment,
)
from ingagents.settings import Settings
from ingagents.store.tables import leads
from tests.factories import MONDAY, a_lead, a_profile
from tests.world import AT_ONCE, World

CAMPAIGN = Campaign(
    event_name="InG Summit",
    event_date=date(2028, 5, 18),
    event_city="Berlin",
    sender_name="Anna Berg",
)
TITLES = {
    "en": "Head of Engineering",
    "de": "Leiterin der Entwicklung",
    "fr": "Directrice technique",
    "es": "Directora de tecnología",
}


@pytest.mark.parametrize("kind", [DeliveryKind.INVITATION, DeliveryKind.MESSAGE])
@pytest.mark.parametrize("role", [Classification.SPEAKER, Classification.SPONSOR])
@pytest.mark.parametrize("language", TITLES)
@pytest.mark.parametrize("name", ["Lena Hofmann", ""])
def test_the_words_for_who_returns_are_fit_in_every_language_within_both_limits(
    kind, role, language, name
) -> None:
    title = TITLES[language]
    profile = a_profile(
        name=name, language=language, headline=title, position=title, skills=(), past_role=role
    )
    lead = a_lead(1, name=name, position=title, classification=role, profile=profile)
    words = load_step_templates(Settings())[RETURNING]
    for limit in (200, 300) if kind is DeliveryKind.INVITATION else (1000,):
        for draw in (0.0, 0.99):
            written = generate_message(
                lead, campaign=CAMPAIGN, templates=words, kind=kind, limit=limit, variant_draw=draw
            )
            assert not isinstance(written, Unwritable), written.reasons
            assert not unfit(written.text, lead=lead, campaign=CAMPAIGN, limit=limit)
            in_language = "" if language == "en" else f"-{language}"
            assert written.written_by.startswith(
                f"template:{role.lower()}-{RETURNING}{in_language}-1/"
            )


@pytest.fixture
def people() -> list[Profile]:
    return [
        a_profile(number, linkedin_url=f"https://www.linkedin.com/in/person-{number}")
        for number in range(1, 8)
    ]


@pytest.fixture
async def past(tmp_path: Path, people: list[Profile]) -> Path:
    """A database of the last edition: 1 spoke, 2 sponsored, 3 said no, 4 opted out, 5 is held."""
    folder = tmp_path / "past"
    folder.mkdir()
    world = World(folder)
    async with world.at_work() as department:
        await department.leads.add(people, source="import:test")
        said: dict[int, dict[str, Any]] = {
            1: {"stage": LeadStage.WON, "classification": Classification.SPEAKER},
            2: {"stage": LeadStage.WON, "classification": Classification.SPONSOR},
            3: {"response_sentiment": Sentiment.NEGATIVE},
            6: {"stage": LeadStage.LOST},
        }
        for number, changes in said.items():
            lead = await department.leads.find(f"https://www.linkedin.com/in/person-{number}")
            await department.store.write(partial(leads.update, lead=lead, now=MONDAY, **changes))
        await department.leads.suppress(
            "https://www.linkedin.com/in/person-4", reason="opted out", by="Kim"
        )
    return folder / "ingagents.db"


async def lead_of(department: Department, number: int) -> Lead:
    return await department.leads.find(f"https://www.linkedin.com/in/person-{number}")


async def test_who_spoke_or_sponsored_comes_over_and_a_no_holds(
    tmp_path: Path, past: Path, people: list[Profile]
) -> None:
    async with World(tmp_path).at_work(**AT_ONCE) as department:
        await department.leads.add(people[2:3], source="import:known-already")
        imported = await department.leads.import_file(past)
        assert (imported.taken, imported.refused_count) == (2, 0)
        assert imported.noes
        speaker, sponsor = await lead_of(department, 1), await lead_of(department, 2)
        assert speaker.classification is Classification.SPEAKER
        assert sponsor.classification is Classification.SPONSOR
        assert speaker.profile.past_role == "Speaker"
        assert speaker.contact_status is ContactStatus.NOT_CONTACTED
        assert (await lead_of(department, 3)).contact_status is ContactStatus.SUPPRESSED
        again = await department.leads.add(people, source="search")
        assert again.suppressed == 1  # 4; 3 is known, and suppressed by now
        assert (await lead_of(department, 6)).contact_status is ContactStatus.NOT_CONTACTED
        assert (await department.leads.import_file(past)).taken == 0


async def test_a_dry_run_of_a_past_database_takes_nothing_and_suppresses_nobody(
    tmp_path: Path, past: Path, people: list[Profile]
) -> None:
    async with World(tmp_path).at_work() as department:
        await department.leads.add(people[2:3], source="import:known-already")
        imported = await department.leads.import_file(past, dry_run=True)
        assert imported.taken == 2
        assert (await lead_of(department, 3)).contact_status is ContactStatus.NOT_CONTACTED


async def test_another_database_is_refused_in_words(tmp_path: Path) -> None:
    import sqlite3

    other = tmp_path / "other.db"
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE leads (id TEXT)")
    async with World(tmp_path).at_work() as department:
        with pytest.raises(InputError, match="no database of a department"):
            await department.leads.import_file(other)


@pytest.mark.parametrize(
    ("header", "cell", "role"),
    [
        ("Spoke 2026", "yes", "Speaker"),
        ("Spoke 2026", "On vector databases", "Speaker"),
        ("Spoke 2026", "no", ""),
        ("Spoke 2026", "", ""),
        ("Sponsored 2026", "Gold", "Sponsor"),
        ("Role 2026", "Keynote speaker", "Speaker"),
        ("Role 2026", "Gold sponsor", "Sponsor"),
        ("Role 2026", "Visitor", ""),
        ("Past role", "Referentin", "Speaker"),
        ("Role", "Sponsoring Manager", ""),
    ],
)
async def test_a_list_of_the_last_edition_says_who_had_which_part(
    tmp_path: Path, header: str, cell: str, role: str
) -> None:
    file = tmp_path / "last.csv"
    file.write_text(
        f"Name,Company,LinkedIn URL,Title,{header}\n"
        f"Ada Lovelace,Acme,https://www.linkedin.com/in/ada,CTO,{cell}\n"
    )
    async with World(tmp_path).at_work() as department:
        await department.leads.import_file(file)
        lead = await department.leads.find("https://www.linkedin.com/in/ada")
        assert lead.profile.past_role == role
        assert (lead.classification == role) or not role


async def test_who_returns_is_written_to_with_thanks(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.go_to(0, 9, 1)
    person = world.friends()[0]
    async with world.at_work(**AT_ONCE) as department:
        (lead_id,) = await world.allocate(department, person)
        lead = await department.leads.find(lead_id)
        changed = partial(
            leads.update,
            lead=lead,
            now=world.now,
            profile=msgspec.structs.replace(lead.profile, past_role="Speaker"),
            classification=Classification.SPEAKER,
            classification_confidence=1.0,
        )
        await department.store.write(changed)
        await department.once("outreach")
        text = world.acts(person)[0].text
        lead = await department.leads.find(lead_id)
    assert lead.profile.past_role == "Speaker"
    assert "Thank you again for your talk" in text
