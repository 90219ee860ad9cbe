"""Names are looked up together, whatever signs they have, and each kind for itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingagents.model import Alias
from ingagents.store.tables import leads
from ingagents.store.tables.by_name import looked_up
from tests.factories import MONDAY, a_lead
from tests.store.steps import counted
from tests.support import open_test_store

STRANGE = "'); --:v0 ?"
NAMES = [*(("slug", f"robin-{number}{STRANGE}") for number in range(1_200)), ("email", STRANGE)]


async def test_many_names_are_found_in_few_statements(tmp_path: Path) -> None:
    async with open_test_store(tmp_path) as store:
        await store.write(lambda t: leads.suppress(t, NAMES, reason="no", by="us", at=MONDAY))
        with counted(store) as cost:
            found = await store.read(
                lambda t: looked_up(t, "suppressions", "reason", [*NAMES, ("slug", "unknown")])
            )
    assert found == dict.fromkeys(NAMES, "no")
    assert len([one for one in cost.statements if one.startswith("SELECT")]) == 4


@pytest.mark.usefixtures("database")
async def test_a_name_is_of_its_kind_alone(tmp_path: Path) -> None:
    alias = Alias("slug", STRANGE)
    names = [("email", STRANGE), ("slug", STRANGE)]
    async with open_test_store(tmp_path) as store:
        await store.write(lambda t: leads.insert(t, a_lead(1), [alias]))
        found = await store.read(lambda t: looked_up(t, "identities", "lead_id", names))
    assert found == {("slug", STRANGE): a_lead(1).id}
