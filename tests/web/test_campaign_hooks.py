"""Webhooks of services whose own campaign sends: HeyReach's ring, Dripify's bring the answer along."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import anyio
import pytest

from ingagents.app.department import Department
from ingagents.events import ResponseReceived
from ingagents.model import ContactStatus, RingKind
from ingagents.sandbox.dripify.news import DripifyNews
from ingagents.sandbox.faults import FaultPlan, HookPlan
from ingagents.sandbox.heyreach import api as heyreach
from ingagents.sandbox.market.people import Person
from ingagents.sandbox.postman import Postman
from ingagents.store.engine.codecs import moment
from ingagents.store.tables import rings
from ingagents.web.hooks import BODY_MAX
from tests.campaign_world import CampaignWorld, DripifyWorld
from tests.web.test_hooks import SECRET, at_the_door, rung
from tests.world import journal_of

KNOWN = {"secret": SECRET}
CONVERSATION = "2-YWJj"


def replied(moment: str = "2027-03-01T10:00:00.1234567Z", **changes: Any) -> dict[str, Any]:
    """HeyReach's answer of a lead."""
    return {
        "event_type": "message_reply_received",
        "timestamp": moment,
        "correlation_id": "6b1f0f30-0000-4000-8000-000000000001",
        "campaign": {"id": heyreach.CAMPAIGN, "name": "The fair", "status": 1},
        "sender": {"id": heyreach.ACCOUNT, "first_name": "Robin"},
        "lead": {"id": "123", "profile_url": "https://www.linkedin.com/in/ada"},
        "conversation_id": CONVERSATION,
        "recent_messages": [
            {"creation_time": "2027-03-01T09:00:00.0000000Z", "message": "Hi", "is_reply": False},
            {"creation_time": moment, "message": "Yes, gladly!", "is_reply": True},
        ],
        **changes,
    }


def posted(link: str | None = "https://www.linkedin.com/in/ada", **changes: Any) -> dict[str, Any]:
    """Dripify's answer of a lead."""
    return {
        "firstName": "Ada",
        "link": link,
        "hookDate": "01/03/2027",
        "conversation": [
            {"text": "Hi", "type": "Linkedin message sent", "timestamp": "2027-03-01T08:00:00Z"},
            {
                "text": "Yes, gladly!",
                "type": "Linkedin message replied",
                "timestamp": "2027-03-01T08:10:00Z",
            },
        ],
        **changes,
    }


OUR_OWN = [{"creation_time": "2027-03-01T09:00:00Z", "message": "Hi", "is_reply": False}]

HOSTILE: dict[str, list[tuple[str, dict[str, str], bytes, int]]] = {
    "heyreach": [
        ("no secret", {}, json.dumps(replied()).encode(), 401),
        ("an empty one", {"secret": ""}, json.dumps(replied()).encode(), 401),
        ("another", {"secret": "guessed" * 5}, json.dumps(replied()).encode(), 401),
        ("all but its last letter", {"secret": SECRET[:-1]}, b"{}", 401),
        ("in capitals", {"secret": SECRET.upper()}, b"{}", 401),
        ("no ASCII", {"secret": "schlüssel" * 9}, b"{}", 401),
        ("one byte too many", KNOWN, b" " * (BODY_MAX + 1), 413),
        ("a gzip bomb", KNOWN, gzip.compress(b" " * 10**7), 400),
        ("nothing", KNOWN, b"", 400),
        ("a list", KNOWN, b"[]", 400),
        ("deep", KNOWN, b'{"recent_messages": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", 400),
        ("no kind", KNOWN, json.dumps(replied(event_type=None, recent_messages=[])).encode(), 400),
        ("no sender", KNOWN, json.dumps(replied(sender=None)).encode(), 400),
        ("a sender that is a path", KNOWN, json.dumps(replied(sender={"id": "../x"})).encode(), 400),
        ("no conversation, no id", KNOWN, json.dumps(replied(conversation_id=None, correlation_id=None)).encode(), 400),
        ("another's sender", KNOWN, json.dumps(replied(sender={"id": 99})).encode(), 200),
        ("our own message", KNOWN, json.dumps(replied(event_type="message_sent")).encode(), 200),
        ("our own, by its thread", KNOWN, json.dumps(replied(recent_messages=OUR_OWN)).encode(), 200),
        ("a kind that is new", KNOWN, json.dumps(replied(event_type="lead_tag_updated")).encode(), 200),
    ],
    "dripify": [
        ("no secret", {}, json.dumps(posted()).encode(), 401),
        ("another", {"secret": "guessed" * 5}, json.dumps(posted()).encode(), 401),
        ("one byte too many", KNOWN, b" " * (BODY_MAX + 1), 413),
        ("nothing", KNOWN, b"", 400),
        ("a list", KNOWN, b"[]", 400),
        ("nobody", KNOWN, json.dumps(posted(link=None)).encode(), 400),
        ("a company", KNOWN, json.dumps(posted("https://www.linkedin.com/company/x")).encode(), 400),
        ("elsewhere", KNOWN, json.dumps(posted("https://evil.example/?linkedin.com/in/ada")).encode(), 400),
    ],
}  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "hook_secret").write_text(f"{SECRET}\n")
    return tmp_path


@pytest.fixture(params=["heyreach", "dripify"])
def world(request: pytest.FixtureRequest, folder: Path) -> CampaignWorld:
    world = {"heyreach": CampaignWorld, "dripify": DripifyWorld}[request.param](folder)
    world.go_to(0, 9, 30)
    return world


async def test_no_hostile_post_rings(world):
    service = world.linkedin["service"]
    async with at_the_door(world) as (department, client):
        for what, query, body, expected in HOSTILE[service]:
            answer = await client.post(f"/hooks/{service}", content=body, params=query)
            assert answer.status_code == expected, what
            assert SECRET not in answer.text
        header = {"Unipile-Auth": SECRET, "Authorization": f"Bearer {SECRET}"}
        assert (await client.post(f"/hooks/{service}", headers=header)).status_code == 401
        assert (await client.post("/hooks/unipile", headers=header)).status_code == 404
        assert await rung(department) == {}


async def test_both_kinds_of_one_answer_and_one_without_a_kind_are_one_ring(folder):
    world = CampaignWorld(folder)
    world.go_to(0, 9, 30)
    accepted = replied(event_type="connection_request_accepted", recent_messages=[])
    posts = [
        replied(),
        replied(event_type="every_message_reply_received", correlation_id="other"),
        replied(event_type=None),
        replied("2027-03-01T10:05:00.0000000Z"),
        accepted,
    ]
    async with at_the_door(world) as (department, client):
        for post in [*posts, *reversed(posts)] * 5:
            answer = await client.post("/hooks/heyreach", content=json.dumps(post), params=KNOWN)
            assert answer.status_code == 200
        assert await rung(department) == {RingKind.MESSAGE: 2, RingKind.ACCEPTANCE: 1}


async def enrolled(world: DripifyWorld, department: Department) -> Person:
    person = world.silent()[0]
    await world.allocate(department, person)
    await department.once("outreach")
    return person


@pytest.mark.parametrize("moment", ["2027-03-01T08:10:00Z", "01/03/2027", "01/03/2027 09:10", "?"])
async def test_an_answer_that_dripify_tells_is_taken_in_once_and_no_word_of_it_stays(
    folder, moment
):
    world = DripifyWorld(folder)
    world.go_to(0, 9, 30)
    async with at_the_door(world) as (department, client):
        person = await enrolled(world, department)
        said = {"text": "Please do not write to me again.", "type": "Linkedin message replied"}
        thread = [{"text": "Hi", "type": "Linkedin message sent", "timestamp": moment}]
        thread.append({**said, "timestamp": moment})
        post = posted(f"https://linkedin.com/in/{person.slug}/", conversation=thread)
        stranger = posted("https://linkedin.com/in/somebody-else")
        for one in (post, stranger, post):
            answer = await client.post("/hooks/dripify", content=json.dumps(one), params=KNOWN)
            assert answer.status_code == 200
        await department.run(until=world.at(0, 10))
        later = [*thread, {**said, "text": "Really.", "timestamp": "2027-03-01T09:00:00Z"}]
        for one in (post, {**post, "conversation": later}, {**post, "conversation": later[:1]}):
            await client.post("/hooks/dripify", content=json.dumps(one), params=KNOWN)
        await department.once("replies")
        lead = await department.leads.find(f"https://www.linkedin.com/in/{person.slug}")
        assert lead.contact_status is ContactStatus.SUPPRESSED
        assert len(await journal_of(department, ResponseReceived)) == 2
        kept = await department.store.read(lambda t: t.rows("SELECT told FROM rings"))
        assert {text for (text,) in kept} == {""}


@pytest.mark.parametrize(
    "plan",
    [HookPlan(lost=0), HookPlan(lost=0, twice=0.6, late=0.6, late_seconds=7200)],
    ids=["as in life", "doubled and in disorder"],
)
async def test_every_answer_that_dripify_posts_by_itself_is_taken_in_once(folder, plan):
    world = DripifyWorld(folder, plan=FaultPlan(hooks=plan))
    world.go_to(0, 9, 30)
    async with at_the_door(world) as (department, client):
        await world.allocate(
            department, *world.welcoming("positive", "question", "refusal", "opt_out", count=5)
        )
        url = client.base_url.join(f"/hooks/dripify?secret={SECRET}")
        entered = DripifyNews(world.market, url=str(url))
        postman = Postman(world.market, entered, faults=world.faults, http=client)
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(partial(postman.work, world.clock, every=timedelta(minutes=1)))
            await department.run(until=world.at(3, 18))
            tasks.cancel_scope.cancel()
        assert set(postman.posted) == {200}
        until = world.now - timedelta(hours=3)
        said = Counter(
            (said.at, said.text)
            for chat in world.market.chats(until)
            if chat.person is not None and world.acts(chat.person)
            for said in chat.said
            if said.sender is not None and not said.event and said.at <= until
        )
        rows = await department.store.read(
            lambda t: t.rows("SELECT received_at, text FROM replies")
        )
        kept = Counter((moment(at), text) for at, text in rows)
        assert said
        assert not said - kept
        assert set(kept.values()) == {1}
        told = Counter(one.reply_id for one in await journal_of(department, ResponseReceived))
        assert set(told.values()) == {1}


@pytest.mark.parametrize("thread", [None, "Yes, gladly!", "null", [], "[1]"])
async def test_what_dripify_tells_in_another_form_is_a_reason_to_look_and_no_answer(folder, thread):
    world = DripifyWorld(folder)
    world.go_to(0, 9, 30)
    async with at_the_door(world) as (department, client):
        person = await enrolled(world, department)
        post = posted(f"https://www.linkedin.com/in/{person.slug}", conversation=thread)
        for _ in range(2):
            await client.post("/hooks/dripify", content=json.dumps(post), params=KNOWN)
        assert await rung(department) == {RingKind.ACCEPTANCE: 1}
        asked = world.asked("GET /v1/open-api/leads")
        await department.run(until=world.at(0, 9, 50))
        assert world.asked("GET /v1/open-api/leads") > asked
        assert await journal_of(department, ResponseReceived) == []


async def test_answers_that_nobody_takes_in_are_bounded(folder):
    world = DripifyWorld(folder)
    async with at_the_door(world) as (department, _):
        from ingagents.app.hooks import READERS

        def flood(transaction):
            for number in range(rings.KEPT + 100):
                link = f"https://www.linkedin.com/in/somebody-{number}"
                ring = READERS["dripify"].ring_of(json.dumps(posted(link)).encode())
                assert ring is not None
                rings.ring(transaction, "dripify", ring, now=world.now)
                world.pass_time(seconds=1)

        await department.store.write(flood)
        ((kept,),) = await department.store.read(lambda t: t.rows("SELECT count(*) FROM rings"))
        assert kept == rings.KEPT
