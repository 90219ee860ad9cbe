"""The sandbox's account and its time: what the settings give it, and how its days go by."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import anyio
import pytest

from ingagents import open_department
from ingagents.app.sandbox_time import SandboxTime
from ingagents.settings import load_settings
from tests.support import jumping_clock

BERLIN = ZoneInfo("Europe/Berlin")
WEDNESDAY = datetime(2027, 3, 3, 8, 55, tzinfo=BERLIN)


def time_of(folder: Path, limits: str = "") -> SandboxTime:
    file = folder / "settings.toml"
    file.write_text(f"[outreach.rate_limiting]\n{limits}\n", "utf-8")
    return SandboxTime(load_settings(file))


@pytest.mark.parametrize(("seat", "premium"), [("", True), ("premium", True), ("free", False)])
async def test_the_department_learns_its_seat_from_the_simulated_account(
    tmp_path: Path, seat: str, premium: bool
):
    file = tmp_path / "settings.toml"
    file.write_text(f'[sandbox]\nseat = "{seat}"\n' if seat else "", "utf-8")
    async with open_department(file) as department:
        linkedin = await department.linkedin()
        assert (await linkedin.service.account.account()).premium is premium


@pytest.mark.parametrize(
    ("limits", "days", "last"),
    [
        ("", 1, "2027-03-03"),
        ("", 3, "2027-03-05"),
        ("", 4, "2027-03-08"),
        ("", 8, "2027-03-12"),
        ("holidays = [2027-03-04, 2027-03-05]", 2, "2027-03-08"),
        ('working_days = ["wed"]', 3, "2027-03-17"),
        ('working_hours_end = "24:00"', 2, "2027-03-05"),  # it ends at half past one at night
    ],
)
def test_so_many_days_are_working_days_and_end_in_the_evening(
    tmp_path: Path, limits: str, days: int, last: str
):
    sandbox = time_of(tmp_path, limits)
    ends = sandbox.days_end(WEDNESDAY.astimezone(UTC), days).astimezone(BERLIN)
    assert ends.date().isoformat() == last
    assert sandbox.days_end(ends, 1) >= ends
    sandbox.close()


async def test_nights_and_days_off_pass_at_once_and_no_working_minute_is_lost(tmp_path: Path):
    sandbox = time_of(tmp_path, "holidays = [2027-03-08]")
    until = sandbox.days_end(WEDNESDAY, 5)
    seen: list[datetime] = []
    async with jumping_clock() as clock:
        clock.set(WEDNESDAY.astimezone(UTC))

        async def watch() -> None:
            while True:
                seen.append(clock.now().astimezone(BERLIN))
                await clock.sleep_until(clock.now() + timedelta(minutes=5))

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(watch)
            await sandbox.skip_nights(clock, until)
            await clock.sleep_until(until)
            tasks.cancel_scope.cancel()
    days = sorted({at.date().isoformat() for at in seen})
    assert days == ["2027-03-03", "2027-03-04", "2027-03-05", "2027-03-09", "2027-03-10"]
    evening = sandbox.day_ends(WEDNESDAY).astimezone(BERLIN).time()
    assert {at for at in seen if not WEDNESDAY.time() <= at.time() <= evening} == set()
    for day in days:
        assert sum(at.date().isoformat() == day for at in seen) >= 9 * 12
    sandbox.close()


async def test_until_any_other_moment_than_an_evening_no_night_is_skipped(tmp_path: Path):
    sandbox = time_of(tmp_path)
    begun = WEDNESDAY.astimezone(UTC)
    async with jumping_clock() as clock:
        clock.set(begun)
        await sandbox.skip_nights(clock, begun + timedelta(days=3))
        assert clock.now() == begun
    sandbox.close()


@pytest.mark.parametrize(("days", "seconds"), [(1, 60), (7, 60), (3, 12)])
async def test_a_run_lasts_its_seconds_however_many_days_it_has(
    tmp_path: Path, days: int, seconds: int
):
    file = tmp_path / "settings.toml"
    file.write_text(f"[sandbox]\ndays = {days}\nrun_seconds = {seconds}\n", "utf-8")
    async with open_department(file, jumping=True) as department:
        assert department.sandbox is not None
        ends = department.begin_run(watched=True)
        begins = department.sandbox.day_begins(ends)
        assert (ends - begins).total_seconds() * days == pytest.approx(
            department.clock.pace * seconds
        )
        department.sandbox.keep(department.clock)
    async with open_department(file) as department:
        assert department.clock.pace * 60 == pytest.approx((ends - begins).total_seconds()), (
            "only a run hurries"
        )
