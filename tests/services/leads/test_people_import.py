"""What becomes of a list's rows, and that a dry run says the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.world import World

ADDRESS = "https://www.linkedin.com/in/maya-okafor"


@pytest.mark.parametrize("dry_run", [True, False])
@pytest.mark.parametrize(
    ("text", "taken", "why"),
    [
        (f"LinkedIn URL\n{ADDRESS}\n", 0, "no name: an address alone"),
        (f"Name,LinkedIn URL\n,{ADDRESS}\n", 0, "no name: an address alone"),
        (f"<table><tr><td>Maya Okafor</td>\n<td>{ADDRESS}</td></tr>\n", 0, "no name: an address alone"),
        (f"Name,LinkedIn URL\nMaya Okafor,{ADDRESS}\n", 1, ""),
        ("Name,Company\nMaya Okafor,Acme\n", 1, ""),
    ],
)  # fmt: skip
async def test_a_dry_run_takes_and_refuses_what_the_import_does(
    tmp_path: Path, dry_run: bool, text: str, taken: int, why: str
) -> None:
    file = tmp_path / "people.csv"
    file.write_text(text)
    async with World(tmp_path).at_work() as department:
        imported = await department.leads.import_file(file, dry_run=dry_run)
        assert imported.taken == taken
        assert [said[: len(why)] for _, said in imported.refused] == [why] * (not taken)
