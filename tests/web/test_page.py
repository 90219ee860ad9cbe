"""The page over real HTTP: what is decided on it, who may not, and what hostile people call themselves."""

from __future__ import annotations

import contextlib
import re
from collections.abc import AsyncGenerator
from html import unescape
from pathlib import Path

import httpx
import pytest

from ingagents.app.department import Department
from ingagents.errors import SettingsError
from ingagents.events import ReviewDecided
from ingagents.model import ContactStatus, Profile
from ingagents.ports import Transaction
from ingagents.store.tables import replies
from ingagents.web import application
from ingagents.web.guard import WrongTokens
from tests.factories import a_reply, an_analysis, an_effect
from tests.web.test_hooks import posted_to
from tests.world import World, journal_of

TOKEN = "a-long-random-word-of-the-team"
PAGES = ["/", "/review", "/leads", "/replies", "/funnel", "/health", "/journal"]
HOSTILE = Profile(
    name="Eve <script>alert(1)</script> \u202eBaker",
    position='CTO " onmouseover="alert(2)',
    company="{{ 7*7 }} & <b>Co</b>",
    public_identifier="eve-hostile",
    linkedin_url="https://www.linkedin.com/in/eve-hostile",
)


@contextlib.asynccontextmanager
async def served(
    world: World, *, token: str = "", host: str = "127.0.0.1", people: int = 2
) -> AsyncGenerator[tuple[Department, httpx.AsyncClient]]:
    """A department with drafts that wait, its page on a real port, and a browser's client."""
    (world.folder / "token").write_text(token)
    web = {
        "enabled": True,
        "host": host,
        "token_file": str(world.folder / "token") if token else "",
    }
    async with world.at_work(outreach={"approval": "all"}, web=web) as department:
        await world.allocate(department, *world.strangers(people))
        imported = await department.leads.add([HOSTILE], source="import:test")
        assert imported.taken == 1, imported.refused
        await department.once("outreach")
        async with posted_to(application(department)) as client:
            yield department, client


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.chdir(tmp_path)
    world = World(tmp_path, size=60)
    world.go_to(0, 10)
    return world


def csrf_of(page: str) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found is not None
    return unescape(found[1])


async def open_review(client: httpx.AsyncClient) -> tuple[str, dict[str, str]]:
    """The address of the first question, and its form as a browser fills it in."""
    listed = (await client.get("/review")).text
    address = next(iter(re.findall(r'href="(/review/[^"]+)"', listed)))
    page = (await client.get(address)).text
    text = re.search(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL)
    assert text is not None
    return address, {"csrf": csrf_of(page), "text": unescape(text[1])}


async def test_every_page_is_whole_and_forbids_frames_scripts_and_caches(world) -> None:
    async with served(world) as (department, client):
        lead = (await department.leads.every())[0]
        for path in [*PAGES, f"/lead/{lead.id}"]:
            answer = await client.get(path)
            assert answer.status_code == 200, path
            assert "</html>" in answer.text
            policy = answer.headers["content-security-policy"]
            assert "frame-ancestors 'none'" in policy
            assert "default-src 'none'" in policy
            assert "unsafe" not in policy
            assert answer.headers["x-frame-options"] == "DENY"
            assert answer.headers["cache-control"] == "no-store"
            assert not re.search(r"(src|href)=\"(https?:)?//(?!www\.linkedin\.com/)", answer.text)
            assert not re.search(
                r"<script(?! src=\"/static/page\.js\")|style=|\son[a-z]+=\"", answer.text
            )
        assert (await client.get("/static/page.css")).status_code == 200
        assert (await client.get("/static/../guard.py")).status_code == 404
        assert (await client.get("/nothing")).status_code == 404


async def test_what_somebody_calls_themselves_is_shown_and_does_nothing(world) -> None:
    async with served(world) as (department, client):
        lead = await department.leads.find("eve-hostile")
        for path in ("/leads", f"/lead/{lead.id}", "/leads?q=eve-hostile", "/journal"):
            page = (await client.get(path)).text
            assert "<script>alert" not in page
            assert "<b>Co</b>" not in page
            assert "\u202e" not in page
            assert 'onmouseover="alert' not in page
        assert "{{ 7*7 }}" in unescape((await client.get(f"/lead/{lead.id}")).text)


async def test_approve_edit_and_reject_decide_as_the_terminal_does(world) -> None:
    async with served(world) as (department, client):
        address, form = await open_review(client)
        done = await client.post(address, data={**form, "wish": "approve"})
        assert done.status_code == 303
        told = (await client.get(done.headers["location"])).text
        assert 'role="status"' in told
        waiting = await department.reviews.list()
        assert len(waiting.reviews) == 1
        second, form = await open_review(client)
        assert second != address
        empty = await client.post(second, data={**form, "wish": "reject", "reason": " "})
        assert empty.status_code == 422
        assert "needs a reason" in empty.text
        assert (
            await client.post(second, data={**form, "wish": "reject", "reason": "no"})
        ).is_redirect
        assert not (await department.reviews.list()).reviews


async def test_a_text_of_ones_own_is_sent_if_it_is_fit(world) -> None:
    async with served(world) as (department, client):
        address, form = await open_review(client)
        changed = {**form, "text": form["text"] + " P.S."}
        refused = await client.post(address, data={**changed, "wish": "approve"})
        assert refused.status_code == 422, "another text than was asked about is not approved by it"
        unfit = await client.post(address, data={**form, "text": "x" * 5000, "wish": "edit"})
        assert unfit.status_code == 422
        assert "x" * 100 in unfit.text, "what was typed is not lost"
        found = await department.reviews.show(address.rpartition("/")[2])
        assert found.review.state == "open"


async def test_a_form_that_is_sent_again_changes_nothing(world) -> None:
    async with served(world) as (department, client):
        address, form = await open_review(client)
        for _ in range(2):
            assert (await client.post(address, data={**form, "wish": "approve"})).status_code == 303
        decided = await journal_of(department, ReviewDecided)
        assert len(decided) == 1
        await department.once("outreach")
        assert len(world.acts()) == 1


FOREIGN = [
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Content-Type": "text/plain"},
    {"Host": "evil.example"},
]


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
async def test_another_sites_page_decides_nothing(world, headers) -> None:
    async with served(world) as (department, client):
        address, form = await open_review(client)
        answer = await client.post(address, data={**form, "wish": "approve"}, headers=headers)
        assert answer.status_code in {403, 415}
        assert len((await department.reviews.list()).reviews) == 2


async def test_a_form_without_its_sessions_secret_decides_nothing(world) -> None:
    async with served(world) as (department, client):
        address, form = await open_review(client)
        for csrf in ("", "guessed"):
            wrong = await client.post(address, data={**form, "csrf": csrf, "wish": "approve"})
            assert wrong.status_code == 403
        client.cookies.clear()
        assert (await client.post(address, data={**form, "wish": "approve"})).status_code == 401
        assert len((await department.reviews.list()).reviews) == 2


async def test_a_name_that_was_made_to_lead_here_reads_nothing(world) -> None:
    async with served(world) as (_, client):
        for host in ("evil.example", "evil.example:8080", "127.0.0.1.evil.example", ""):
            assert (await client.get("/", headers={"Host": host})).status_code in {400, 403}
        assert (await client.get("/", headers={"Host": "localhost:9999"})).status_code == 200


async def test_a_body_beyond_measure_is_refused(world) -> None:
    async with served(world) as (_, client):
        address, form = await open_review(client)
        long = {**form, "text": "x" * 100_000, "wish": "edit"}
        assert (await client.post(address, data=long)).status_code == 413


async def test_with_a_token_nobody_without_it_sees_anything(world: World) -> None:
    async with served(world, token=TOKEN, host="0.0.0.0") as (department, client):
        lead = (await department.leads.every())[0]
        for path in [*PAGES, f"/lead/{lead.id}", "/live"]:
            answer = await client.get(path)
            assert (answer.status_code, answer.headers.get("location")) == (303, "/login"), path
            assert lead.name not in answer.text
        assert (await client.get("/metrics")).status_code == 401
        assert (await client.get("/healthz")).status_code == 200
        assert (await client.get("/readyz")).status_code == 503, "no agent is at work"
        wrong = await client.post("/login", data={"token": "guess", "name": "Eve"})
        assert wrong.status_code == 403
        assert "set-cookie" not in wrong.headers
        bearer = {"Authorization": f"Bearer {TOKEN}"}
        assert (await client.get("/metrics", headers=bearer)).status_code == 200
        await client.post("/login", data={"token": TOKEN, "name": "Kim <b>"})
        page = await client.get("/")
        assert page.status_code == 200
        assert "Kim &lt;b&gt;" in page.text
        address, form = await open_review(client)
        await client.post(address, data={**form, "wish": "reject", "reason": "no"})
        found = await department.reviews.show(address.rpartition("/")[2])
        assert found.review.decided_by == "Kim <b>"
        await client.post("/logout", data={"csrf": form["csrf"]})
        assert (await client.get("/")).status_code == 303


async def test_who_guesses_is_heard_ten_times_a_minute_and_no_more(world: World) -> None:
    async with served(world, token=TOKEN, host="0.0.0.0") as (_, client):
        assert (await client.post("/login", data={"token": TOKEN})).status_code == 303
        guess = {"Authorization": "Bearer guess"}
        for number in range(10):
            asked = (
                client.post("/login", data={"token": f"guess {number}"})
                if number % 2
                else client.get("/metrics", headers=guess)
            )
            assert (await asked).status_code in {401, 403, 200}, "a session reads figures too"
        refused = await client.post("/login", data={"token": TOKEN})
        assert (refused.status_code, refused.headers["retry-after"]) == (429, "60")
        assert "set-cookie" not in refused.headers
        assert (await client.get("/metrics", headers=guess)).status_code == 429
        assert (await client.get("/")).status_code == 200, "who was let in goes on"
        assert (await client.get("/healthz")).status_code == 200


def test_guesses_are_forgotten_after_a_minute_and_counted_for_each_machine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = [0.0]
    monkeypatch.setattr("anyio.current_time", lambda: now[0])
    wrong = WrongTokens()
    for _ in range(10):
        wrong.note("10.0.0.1")
    assert wrong.too_many("10.0.0.1")
    assert not wrong.too_many("10.0.0.2")
    for number in range(90):
        wrong.note(f"10.0.1.{number}")
    assert wrong.too_many("10.0.0.2"), "all together may guess so often"
    now[0] = 60.0
    assert not wrong.too_many("10.0.0.1")


async def test_a_session_is_a_cookie_no_script_and_no_other_site_can_use(world: World) -> None:
    async with served(world, token=TOKEN) as (_, client):
        let_in = await client.post("/login", data={"token": TOKEN})
        cookie = let_in.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=Strict" in cookie


async def test_the_teams_word_about_a_person_is_kept(world) -> None:
    async with served(world) as (department, client):
        lead = (await department.leads.every())[0]
        form = {"csrf": csrf_of((await client.get(f"/lead/{lead.id}")).text)}
        said = {"stage": "Meeting", "owner": "Kim", "note": "met <her>", "next_date": ""}
        assert (await client.post(f"/lead/{lead.id}", data={**form, **said})).status_code == 303
        kept = await department.leads.find(lead.id)
        assert (kept.stage, kept.owner, kept.notes) == ("Meeting", "Kim", ("met <her>",))
        assert kept.contact_status is ContactStatus.CLOSED
        wrong = await client.post(f"/lead/{lead.id}", data={**form, "stage": "Meating"})
        assert wrong.status_code == 422
        assert "did you mean" in unescape(wrong.text)


async def test_pause_and_resume(world) -> None:
    async with served(world) as (department, client):
        form = {"csrf": csrf_of((await client.get("/health")).text)}
        await client.post("/health", data={**form, "wish": "pause", "reason": "press day"})
        assert (await department.paused() or {})["reason"] == "press day"
        assert "press day" in (await client.get("/")).text
        await client.post("/health", data={**form, "wish": "resume"})
        assert await department.paused() is None


async def test_an_open_page_is_told_of_news(world) -> None:
    async with served(world) as (department, client):
        async with client.stream("GET", "/live") as news:
            lines = news.aiter_lines()
            assert (await anext(lines)).startswith("retry")
            await department.pause(by="Kim")
            async for line in lines:
                if line.startswith("event"):
                    break
        assert line == "event: news"


async def test_what_somebody_answers_is_shown_and_does_nothing(world: World) -> None:
    async with served(world) as (department, client):
        lead = (await department.leads.every())[0]
        reply = a_reply(lead_id=lead.id, text='<img src=x onerror="alert(3)"> \u202e{{ 7*7 }}')

        def keep(transaction: Transaction) -> None:
            replies.keep(transaction, reply, an_analysis(), an_effect(), now=world.now)

        await department.store.write(keep)
        for path in ("/replies", f"/lead/{lead.id}"):
            page = (await client.get(path)).text
            assert "&lt;img src=x" in page
            assert "<img" not in page
            assert "{{ 7*7 }}" in page
            assert "\u202e" not in page


async def test_without_its_database_it_is_not_ready(world: World) -> None:
    async with served(world) as (_, client):
        assert (await client.get("/readyz")).json()["database"] == "ok"
        for file in world.folder.glob("ingagents.db*"):
            file.unlink()
        gone = await client.get("/readyz")
        assert gone.status_code == 503
        assert "deleted" in gone.json()["database"]
        assert (await client.get("/healthz")).status_code == 200


async def test_a_short_word_is_no_token(world: World) -> None:
    (world.folder / "token").write_text("guess me\n")
    web = {"enabled": True, "token_file": str(world.folder / "token")}
    async with world.at_work(web=web) as department:
        with pytest.raises(SettingsError, match="shorter"):
            application(department)
