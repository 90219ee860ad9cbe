"""The seat that the settings give the simulated account is the one the department finds."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingagents import open_department


@pytest.mark.parametrize(("seat", "premium"), [("", True), ("premium", True), ("free", False)])
async def test_the_department_learns_its_seat_from_the_simulated_account(
    tmp_path: Path, seat: str, premium: bool
):
    file = tmp_path / "settings.toml"
    file.write_text(f'[sandbox]\nseat = "{seat}"\n' if seat else "", "utf-8")
    async with open_department(file) as department:
        linkedin = await department.linkedin()
        assert (await linkedin.service.account.account()).premium is premium
