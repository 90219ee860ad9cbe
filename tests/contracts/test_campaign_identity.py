"""What a campaign's service gives is compared with what was asked, and by ids as it writes them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from ingagents.errors import BadAnswer, WrongAnswer
from ingagents.model import Recipient, Refusal
from ingagents.model.linkedin import Chat
from tests.contracts.services import (
    ASKED,
    BY_CAMPAIGN,
    TEXTS,
    Trial,
    address_of,
    campaign_of,
    known,
    url_of,
)
from tests.sandbox.world import MONDAY


@pytest.fixture(params=[name for name in BY_CAMPAIGN if name in ASKED])
def talking(request: pytest.FixtureRequest) -> Trial:
    """Of the services that are asked about people and conversations."""
    return Trial(request.param, size=2000)


async def test_a_conversation_with_somebody_else_is_a_wrong_answer(talking):
    person, other = talking.world.friend(), talking.world.stranger()
    async with talking.open() as service:
        assert service.sender is not None
        assert service.inbox is not None
        talking.world.market.write(person.provider_id, "Hello")
        somebody = {"profileUrl": url_of(other)}
        talking.world.fail("alter", "", fields={"correspondentProfile": somebody})
        with pytest.raises(WrongAnswer):
            await service.inbox.conversation(address_of(person))


@pytest.mark.parametrize(
    "bad", ["..", ".", "a/../../b", "a?b=c", "a#b", "%2e%2e", "me", "", None, 7]
)
async def test_a_conversation_whose_id_would_lead_elsewhere_is_a_wrong_answer(talking, bad):
    person = talking.world.friend()
    async with talking.open() as service:
        assert service.inbox is not None
        assert service.sender is not None
        talking.world.market.write(person.provider_id, "Hello")
        talking.world.fail("alter", "POST /inbox", fields={"id": bad})
        page = await service.inbox.chats(after=MONDAY - timedelta(days=1))
        assert not page.chats
        assert page.wrong
        talking.world.fail("alter", "POST /inbox", fields={"id": bad, "totalMessages": 99})
        with pytest.raises(WrongAnswer):
            await service.inbox.conversation(address_of(person))
        talking.world.fail("alter", "POST /inbox", fields={"id": bad})
        answered = await service.sender.send_message(address_of(person), "Thank you!")
        kept = Chat(id=f"..{bad or ''}/", account_id="", who=Recipient(), latest=None)
        with pytest.raises(WrongAnswer):
            await service.inbox.messages(kept, after=MONDAY)
    assert answered.refusal is Refusal.RETRY_LATER


async def test_a_conversation_of_somebody_else_is_heard_from_nobody(talking):
    person, other = talking.world.friend(), talking.world.stranger()
    somebody = {"profileUrl": url_of(other), "linkedin_id": other.member_number}
    lies: list[dict[str, Any]] = [
        {"correspondentProfile": somebody},
        {"correspondentProfile": None},
        {"id": "2-YW5vdGhlcg=="},
        {"linkedInAccountId": 99},
    ]
    async with talking.open() as service:
        assert service.inbox is not None
        talking.world.market.write(person.provider_id, "Hello")
        page = await service.inbox.chats(after=MONDAY - timedelta(days=1))
        (chat,) = (one for one in page.chats if person.slug in one.who.linkedin_url)
        for lie in lies:
            talking.world.fail("alter", "GET /inbox/GetChatroom", fields=lie)
            with pytest.raises(WrongAnswer):
                await service.inbox.messages(chat, after=MONDAY)
        talking.world.fail("alter", "POST /inbox", fields={"linkedInAccountId": 99})
        with pytest.raises(WrongAnswer):
            await service.inbox.conversation(address_of(person))


async def test_the_record_of_another_account_is_not_ours(talking):
    for path in ("GET /li_account", "GET /campaign"):
        async with talking.open() as service:
            talking.world.fail("alter", path, fields={"id": 99})
            with pytest.raises(BadAnswer):
                await service.account.account()


async def test_another_persons_record_says_nothing_of_an_enrolment():
    trial = Trial("dripify", size=2000)
    person, other = trial.world.welcoming(), trial.world.friend()
    async with trial.open() as service:
        campaign = campaign_of(service)
        await campaign.enrol(known(person), TEXTS)
        assert await campaign.enrolment(address_of(person), trial.face.campaign) is not None
        somebody = {"linkedinProfileUrl": url_of(other), "publicId": other.slug}
        trial.world.fail("alter", "POST /leads/search", fields=somebody)
        with pytest.raises(BadAnswer):
            await campaign.enrolment(address_of(person), trial.face.campaign)


async def test_a_number_is_the_same_id_as_a_number_and_as_a_text(talking):
    """Not found where they are, somebody would count as lost, and be enrolled a second time."""
    person = talking.world.friend()
    async with talking.open() as service:
        assert service.inbox is not None
        campaign = campaign_of(service)
        await campaign.enrol(known(person), TEXTS)
        talking.world.market.write(person.provider_id, "Hello")
        talking.world.fail("alter", "", fields={"campaignId": talking.face.campaign})
        assert await campaign.enrolment(address_of(person), talking.face.campaign) is not None
        talking.world.fail("alter", "", fields={"linkedInAccountId": talking.face.account})
        assert await service.inbox.conversation(address_of(person))
        shown = {"profileUrl": url_of(person), "linkedin_id": int(person.member_number)}
        talking.world.fail("alter", "", fields={"linkedInUserProfile": shown})
        (progress,) = await campaign.progress(talking.face.campaign, after=MONDAY)
    assert progress.to.member_number == person.member_number


async def test_a_campaign_is_known_by_its_number_where_it_has_one():
    trial = Trial("dripify")
    async with trial.open(campaign_id="4711") as service:
        trial.world.fail("alter", "", fields={"id": 4711})
        assert (await service.account.account()).status == "OK"
