"""However many chats there are, and whatever is wrong with some, every answer is found and once."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

import msgspec
import pytest

from ingagents.agents.outreach_agent import OutreachAgent
from ingagents.errors import RequestRefused
from ingagents.events import AgentError, ResponseReceived
from ingagents.model import ContactStatus, Recipient
from ingagents.model.linkedin import Chat, ChatMessages, ChatPage
from ingagents.sandbox.faults import FaultRule
from ingagents.sandbox.market.background import crowd
from ingagents.store.tables import key_value
from tests.benchmarks.outreach import QuietInbox, invited_before
from tests.world import ACCOUNT, AT_ONCE, Died, journal_of, lead_of, status_of

MANY = 12_000


async def answered(world: Any, department: Any, *kinds: Any, count: int = 1) -> Any:
    """People who were written to and have answered."""
    people = world.welcoming(*kinds or ("positive",), count=count)
    await world.allocate(department, *people)
    await department.once("outreach")
    world.pass_time(hours=3)
    return people


async def marks(department: Any) -> Any:
    return await department.store.read(
        lambda t: (
            key_value.noted(t, key_value.REPLIES_WALKS, of=ACCOUNT) or [],
            key_value.noted(t, key_value.REPLIES_UNREAD, of=ACCOUNT) or {},
        )
    )


async def test_an_answer_below_twelve_thousand_strangers_chats_is_found_and_none_is_opened(world):
    async with world.at_work(**AT_ONCE) as department:
        (person,) = await answered(world, department)
        world.plan(other_chats=MANY)
        asked = world.asked("GET /chats/")
        outcome = await department.once("replies")
        assert (outcome.figures["replies"], outcome.try_later) == (1, "")
        assert outcome.figures["chats_read"] > MANY
        assert await status_of(department, person) is ContactStatus.RESPONDED
        assert world.asked("GET /chats/") - asked <= 2


class LongList:
    """A service whose list has many chats with nobody knows whom; an answer is in the last."""

    def __init__(self, honest: Any, person: Any, count: int, now: Any) -> None:
        self.honest, self.person, self.count = honest, person, count
        self.asked = 0
        self.newest = now

    def chat(self, number):
        latest = self.newest - timedelta(milliseconds=number)
        return Chat(id=f"chat-{number}", account_id="a", who=Recipient(), latest=latest)

    async def chats(self, *, after, before=None, cursor=None):
        self.asked += 1
        assert after < self.newest
        first = int(cursor or 0)
        last = min(first + 250, self.count)
        return ChatPage(
            chats=tuple(map(self.chat, range(first, last))),
            cursor=str(last) if last < self.count else None,
        )

    async def messages(self, chat, *, after):
        self.asked += 1
        if chat.id != f"chat-{self.count - 1}":
            return ChatMessages()
        found = await self.honest.conversation(
            Recipient(provider_id=self.person.provider_id), after=after
        )
        return ChatMessages(messages=tuple(found))


@pytest.mark.parametrize(("contacted", "active"), [(300, 0), (300, 20), (900, 20), (900, 260)])
async def test_a_look_costs_a_page_of_250_changed_chats_and_a_request_for_each(
    world, contacted, active
):
    async with world.at_work() as department:
        await department.store.write(partial(invited_before, now=world.now, count=contacted))
        inbox, quiet = (
            await inbox_of(department),
            QuietInbox(contacted, world.now - timedelta(days=60)),
        )
        inbox.chats, inbox.messages = quiet.chats, quiet.messages
        while "rest at the next look" in (await department.once("replies")).summary:
            pass
        world.pass_time(hours=2)
        quiet.change(range(active), world.now - timedelta(minutes=30))
        asked = quiet.asked
        outcome = await department.once("replies")
        assert outcome.figures["replies"] == active
        assert quiet.asked - asked == max(1, -(-active // 250)) + active


async def test_twelve_thousand_chats_that_must_all_be_opened_are_read_in_bounded_slices(world):
    async with world.at_work(**AT_ONCE) as department:
        (person,) = await answered(world, department)
        inbox = await inbox_of(department)
        service = LongList(inbox, person, MANY, world.now)
        inbox.chats, inbox.messages = service.chats, service.messages
        found, looks = 0, 0
        while not found:
            before, looks = service.asked, looks + 1
            outcome = await department.once("replies")
            found = outcome.figures["replies"]
            assert outcome.try_later == ""
            assert service.asked - before <= 1001
            if not found:
                assert "the rest at the next look" in outcome.summary
        # Each look gives half to what changed within the last hour, which is all of them.
        assert 12 <= looks <= 30
        assert len(await journal_of(department, ResponseReceived)) == 1


async def test_a_department_at_work_goes_on_by_itself_until_the_list_is_read(world):
    async with world.at_work(**AT_ONCE) as department:
        (person,) = await answered(world, department)
        world.plan(other_chats=1100, hidden_chats=True)
        await department.once("replies")
        assert await status_of(department, person) is ContactStatus.MESSAGE_SENT
        await department.run(until=world.now + timedelta(minutes=10))
        assert await status_of(department, person) is ContactStatus.RESPONDED


async def test_new_answers_are_read_while_a_long_list_is_still_gone_through(world):
    async with world.at_work(**AT_ONCE) as department:
        (old,) = await answered(world, department)
        world.plan(other_chats=2200, hidden_chats=True)
        await department.once("replies")
        assert await status_of(department, old) is ContactStatus.MESSAGE_SENT
        (new,) = world.welcoming("question")
        await world.allocate(department, new)
        await department.once("outreach")
        world.pass_time(hours=3)
        await department.once("replies")
        assert await status_of(department, new) is ContactStatus.RESPONDED
        for _ in range(3):
            await department.once("replies")
        assert await status_of(department, old) is ContactStatus.RESPONDED
        assert len(await journal_of(department, ResponseReceived)) == 2


@pytest.mark.parametrize("dies_at", [3, 270])
async def test_who_dies_in_a_slice_goes_on_at_its_mark_and_counts_no_answer_twice(world, dies_at):
    async with world.at_work(**AT_ONCE) as department:
        await answered(world, department, count=2)
        world.plan(other_chats=500, hidden_chats=True)
        inbox = await inbox_of(department)
        asked, honest = 0, inbox.messages

        async def dying(chat, *, after):
            nonlocal asked
            asked += 1
            if asked == dies_at:
                raise Died
            return await honest(chat, after=after)

        inbox.messages = dying
        with pytest.raises(Died):
            await department.once("replies")
    async with world.at_work(**AT_ONCE) as department:
        found = [(await department.once("replies")).figures["replies"] for _ in range(3)]
        assert sum(found) == len(await journal_of(department, ResponseReceived)) == 2
        assert await marks(department) == ([], {})


async def test_a_list_that_leads_back_is_told_and_read_as_far_as_it_shows(world):
    async with world.at_work(**AT_ONCE) as department:
        (person,) = await answered(world, department)
        inbox = await inbox_of(department)
        honest = inbox.chats

        async def circling(*, after, before=None, cursor=None):
            page = await honest(after=after, before=before)
            return msgspec.structs.replace(page, cursor="the-same")

        inbox.chats = circling
        outcome = await department.once("replies")
        assert "leads back to where it was" in outcome.try_later
        assert await status_of(department, person) is ContactStatus.RESPONDED
        walks, _ = await marks(department)
        assert [walk["cursor"] for walk in walks] == ["the-same"]
        assert len(await journal_of(department, AgentError)) == 1
        inbox.chats = honest
        assert (await department.once("replies")).try_later == ""
        assert await marks(department) == ([], {})


async def test_cursors_that_have_lapsed_cost_nothing_but_the_way_back(world):
    async with world.at_work(**AT_ONCE) as department:
        await answered(world, department)
        world.plan(other_chats=1100, hidden_chats=True)
        assert (await department.once("replies")).figures["replies"] == 0
        inbox = await inbox_of(department)
        honest = inbox.chats

        async def forgetful(*, after, before=None, cursor=None):
            if cursor is not None:
                raise RequestRefused("Unipile answered 400: the cursor is not valid", status=400)
            return await honest(after=after, before=before)

        inbox.chats = forgetful
        found = 0
        for _ in range(3):
            outcome = await department.once("replies")
            found += outcome.figures["replies"]
            assert outcome.try_later == ""
        assert found == 1


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "500"},
        {"kind": "html"},
        {"kind": "truncated"},
        {"kind": "drop"},
        {"kind": "refuse", "status": 403, "type": "insufficient_permissions"},
        {"kind": "refuse", "status": 422, "type": "unprocessable_entity"},
        {"kind": "refuse", "status": 400, "type": "invalid_parameters"},
        {"kind": "alter", "fields": {"chat_id": "another-chat"}},
        {"kind": "alter", "fields": {"id": "a/b"}},
    ],
)
async def test_one_unreadable_chat_is_told_and_left_and_all_others_are_read(world, fault):
    async with world.at_work(**AT_ONCE) as department:
        odd, *others = await answered(world, department, "positive", "question", count=3)
        chat_id = world.market.story(odd).chat_id
        world.plan(FaultRule(on=f"GET /chats/{chat_id}/", probability=1.0, **fault))
        outcome = await department.once("replies")
        assert outcome.figures["replies"] == len(others)
        assert outcome.figures["chats_unread"] == 1
        (error,) = await journal_of(department, AgentError)
        assert error.lead_id == (await lead_of(department, odd)).id
        assert chat_id in error.doing
        for _ in range(9):
            world.pass_time(minutes=30)
            outcome = await department.once("replies")
        assert len(await journal_of(department, AgentError)) <= 3
        world.plan()
        world.pass_time(hours=7)
        outcome = await department.once("replies")
        assert (outcome.figures["replies"], outcome.try_later) == (1, "")
        assert await marks(department) == ([], {})


async def test_so_many_unreadable_chats_in_a_row_end_a_look_and_not_the_looking(world):
    async with world.at_work(**AT_ONCE) as department:
        (person,) = await answered(world, department)
        world.plan(
            *(
                FaultRule(kind="500", on=f"GET /chats/{chat_id}/", probability=1.0)
                for chat_id in list(crowd(world.seed, 10, world.now))
            ),
            other_chats=10,
            hidden_chats=True,
        )
        for _ in range(5):
            outcome = await department.once("replies")
            if outcome.figures["replies"]:
                break
            assert outcome.try_later
        assert await status_of(department, person) is ContactStatus.RESPONDED
        _, unread = await marks(department)
        assert len(unread) == 10


async def test_a_chat_that_stays_unreadable_is_given_up_and_that_is_told(world):
    async with world.at_work(**AT_ONCE) as department:
        (odd,) = await answered(world, department)
        chat_id = world.market.story(odd).chat_id
        world.plan(
            FaultRule(kind="refuse", status=403, on=f"GET /chats/{chat_id}/", probability=1.0)
        )
        for _ in range(40):
            world.pass_time(hours=6)
            await department.once("replies")
        assert await marks(department) == ([], {})
        errors = await journal_of(department, AgentError)
        assert "read it on LinkedIn" in errors[-1].error
        assert len(errors) <= 7


async def inbox_of(department: Any) -> Any:
    agent = await department.agent("outreach")
    assert isinstance(agent, OutreachAgent)
    return agent.desks[0].reply_look.inbox


async def test_an_answer_that_the_service_shows_hours_late_is_heard_on_the_next_day(world):
    async with world.at_work(**AT_ONCE) as department:
        (person,) = world.welcoming("positive")
        await world.allocate(department, person)
        await department.once("outreach")
        world.plan(lag_seconds=5 * 3600)
        for _ in range(4):
            world.pass_time(hours=1)
            assert (await department.once("replies")).figures["replies"] == 0
        world.pass_time(hours=20)
        assert (await department.once("replies")).figures["replies"] == 1
