"""The page in a real browser: ten decisions by keyboard, a search, why, on a desk and on a phone."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import anyio
import pytest

from tests.web.browser import CHROMIUM, Browser, a_browser
from tests.web.test_page import served
from tests.world import World

DECISIONS = 10
MISSING = "there is no Chromium to try the page in: `apt-get install chromium` brings one"


@pytest.fixture(autouse=True)
def _needs_a_browser() -> None:
    if CHROMIUM is None:
        if os.environ.get("CI"):
            pytest.fail(MISSING)
        pytest.skip(MISSING)


def decide_by_keyboard(browser: Browser, address: str) -> None:
    """Open what waits, edit one text, reject one with a reason, approve the others."""
    browser.go(f"{address}/")
    assert browser.run("document.querySelector('h1').textContent") == "Today"
    assert browser.run("document.querySelector('.card b').textContent") == str(DECISIONS)
    browser.go(f"{address}/review")
    with browser.loading():
        browser.press("Enter")
    with browser.loading():
        browser.press("e")
        browser.run("document.activeElement.setSelectionRange(9999, 9999)")
        browser.write(" Thank you.")
        browser.press("Escape", "s")
    with browser.loading():
        browser.press("r")
        browser.write("a competitor")
        browser.press("Enter")
    for _ in range(DECISIONS - 2):
        with browser.loading():
            browser.press("a")


def read_why(browser: Browser, address: str) -> None:
    """Find the person with the hostile name, and read why nothing is sent to them."""
    browser.go(f"{address}/leads?q=eve-hostile")
    with browser.loading():
        browser.run("document.querySelector('tbody a').click()")
    assert "<b>Co</b>" in browser.run("document.querySelector('main').textContent")
    assert browser.run("document.querySelector('.why b').textContent")
    for path in ("/", "/leads", "/journal", "/funnel", "/health", "/replies"):
        for width, dark in ((1280, False), (390, True)):
            browser.look(width, 844, dark=dark)
            browser.go(f"{address}{path}")
            wide = browser.run("document.documentElement.scrollWidth")
            assert wide <= width, f"{path} is {wide} pixels wide on {width}"
    assert browser.dialogs == []


async def test_ten_decisions_by_keyboard_and_a_look_at_a_hostile_person(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    world = World(tmp_path, size=100)
    world.go_to(0, 10)

    def visit(address: str) -> None:
        with a_browser(tmp_path / "profile") as browser:
            decide_by_keyboard(browser, address)
            read_why(browser, address)

    async with served(world, people=DECISIONS) as (department, client):
        await anyio.to_thread.run_sync(visit, str(client.base_url))
        asked = (await department.reviews.list(everything=True, limit=50)).reviews
    states = Counter(one.state for one in asked)
    assert states == {"approved": DECISIONS - 1, "rejected": 1}
    assert [one.reason for one in asked if one.state == "rejected"] == ["a competitor"]
    assert sum(one.text.endswith(" Thank you.") for one in asked) == 1
