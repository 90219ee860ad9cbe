"""The page in a real browser: ten decisions by keyboard, a search, why, on a desk and on a phone."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import anyio
import pytest

from ingagents.app.department import Department
from ingagents.events import ReviewDecided
from tests.agents.test_conversation import QuietMarket, QuietWorld
from tests.web.browser import CHROMIUM, Browser, a_browser
from tests.web.test_page import TOKEN, served
from tests.world import World, journal_of

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


async def somebody_asks(world: QuietWorld, department: Department) -> None:
    """An answer to a question of theirs waits as well."""
    friend = world.friends()[0]
    await world.allocate(department, friend)
    await department.once("outreach")
    waiting = (await department.reviews.list(limit=50)).reviews
    (draft,) = [one for one in waiting if one.recipient == friend.name]
    await department.reviews.approve(draft.id, by="Kim")
    world.pass_time(minutes=30)
    await department.once("outreach")
    world.pass_time(minutes=20)
    assert isinstance(world.market, QuietMarket)
    world.market.speak(friend, "And when is it?")
    world.pass_time(minutes=1)
    await department.once("replies")


async def test_ten_decisions_by_keyboard_and_a_look_at_a_hostile_person(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    world = QuietWorld(tmp_path, size=100)
    world.go_to(0, 10)

    def visit(address: str) -> None:
        with a_browser(tmp_path / "profile") as browser:
            decide_by_keyboard(browser, address)
            read_why(browser, address)

    async with served(world, people=DECISIONS - 1) as (department, client):
        await somebody_asks(world, department)
        waiting = [one.id for one in (await department.reviews.list(limit=50)).reviews]
        await anyio.to_thread.run_sync(visit, str(client.base_url))
        everything = (await department.reviews.list(everything=True, limit=50)).reviews
    asked = [one for one in everything if one.id in waiting]
    states = Counter((one.kind, one.state) for one in asked)
    assert states == {
        ("draft", "approved"): DECISIONS - 2,
        ("draft", "rejected"): 1,
        ("answer", "approved"): 1,
    }
    assert [one.reason for one in asked if one.state == "rejected"] == ["a competitor"]
    assert sum(one.text.endswith(" Thank you.") for one in asked) == 1


TWICE = """(async () => {
    const form = new URLSearchParams(new FormData(document.querySelector("form.decide")))
    form.set("wish", "approve")
    const order = {method: "POST", body: form}
    return [(await fetch(location.href, order)).ok, (await fetch(location.href, order)).ok]
})()"""


def come_uninvited(browser: Browser, address: str, review: str) -> None:
    """Without the token, with a wrong one, in a frame, with another page's form, with a form twice."""
    browser.go(f"{address}/leads")
    assert browser.run("document.title") == "Sign in · ingagents"
    sign_in(browser, "guess")
    assert "That is not the token" in browser.run("document.body.textContent")
    sign_in(browser, TOKEN)
    assert browser.run("document.querySelector('h1').textContent") == "Today"
    browser.go(f"data:text/html,<iframe src='{address}/review'></iframe>")
    assert browser.framed("location.href") == "chrome-error://chromewebdata/"
    fields = "<input name=wish value=approve>"
    browser.go(f"data:text/html,<form method=post action='{address}{review}'>{fields}</form>")
    with browser.loading():
        browser.run("document.forms[0].submit()")
    assert "takes nothing from other sites" in browser.run("document.body.textContent")
    browser.go(f"{address}{review}")
    assert browser.run(TWICE) == [True, True]


def sign_in(browser: Browser, token: str) -> None:
    browser.run(f"document.querySelector('#token').value = {token!r}")
    with browser.loading():
        browser.run("document.forms[0].submit()")


async def test_who_is_not_meant_decides_nothing_and_a_form_sent_twice_decides_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    world = World(tmp_path, size=60)
    world.go_to(0, 10)

    def visit(address: str, review: str) -> None:
        with a_browser(tmp_path / "profile") as browser:
            come_uninvited(browser, address, review)

    async with served(world, token=TOKEN) as (department, client):
        one = (await department.reviews.list()).reviews[0]
        await anyio.to_thread.run_sync(visit, str(client.base_url), f"/review/{one.id}")
        assert [made.review_id for made in await journal_of(department, ReviewDecided)] == [one.id]
