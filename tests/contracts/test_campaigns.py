"""What `ports` promises of a service whose own campaign sends, kept by each one that is registered."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from ingagents.errors import AccountBlocked, PersonRefused, TryLater
from ingagents.model import Recipient, Refusal
from tests.contracts.services import (
    ASKED,
    BY_CAMPAIGN,
    MAY_HAVE_HAPPENED,
    TEXTS,
    Trial,
    address_of,
    campaign_of,
    known,
    url_of,
)
from tests.sandbox.world import MONDAY

BAD_DAYS = ["500", "504", "429", "drop", "silent", "html", "truncated"]


@pytest.fixture(params=BY_CAMPAIGN)
def trial(request: pytest.FixtureRequest) -> Trial:
    return Trial(request.param, size=2000)


@pytest.fixture(params=[name for name in BY_CAMPAIGN if name in ASKED])
def talking(request: pytest.FixtureRequest) -> Trial:
    """Of the services that are asked about people and conversations, and stop somebody."""
    return Trial(request.param, size=2000)


def acts(trial: Trial, kind: str) -> list[Any]:
    return [act for act in trial.world.market.record.acts if act.kind == kind]


async def test_whoever_is_enrolled_is_in_the_campaign_and_was_sent_nothing_yet(trial):
    person = trial.world.welcoming()
    async with trial.open() as service:
        campaign = campaign_of(service)
        assert await campaign.enrolment(address_of(person), trial.face.campaign) is None
        assert (await campaign.enrol(known(person), TEXTS)).success
        shown = await campaign.enrolment(address_of(person), trial.face.campaign)
    assert shown is not None
    assert {shown.invited, shown.messaged, shown.stopped} == {False}
    assert [act.kind for act in trial.world.market.record.acts] == ["enrolment"]


async def test_the_campaign_tells_what_it_did_as_it_does_it(talking):
    person = talking.world.welcoming(answering=False)
    async with talking.open() as service:
        campaign = campaign_of(service)
        await campaign.enrol(known(person), TEXTS)
        talking.world.pass_time(hours=2)
        await campaign.progress(talking.face.campaign, after=MONDAY)
        (invited,) = await campaign.progress(talking.face.campaign, after=MONDAY)
        talking.world.pass_time(days=30)
        await campaign.progress(talking.face.campaign, after=MONDAY)
        (messaged,) = await campaign.progress(talking.face.campaign, after=MONDAY)
        later = await campaign.progress(
            talking.face.campaign, after=talking.world.time + timedelta(days=1)
        )
    assert (invited.invited, invited.accepted, invited.messaged) == (True, False, False)
    assert (messaged.invited, messaged.accepted, messaged.messaged) == (True, True, True)
    assert invited.at is not None
    assert MONDAY <= invited.at <= talking.world.time
    assert later == []


async def test_whoever_is_enrolled_again_is_in_the_campaign_once(trial):
    person = trial.world.silent()
    async with trial.open() as service:
        campaign = campaign_of(service)
        assert (await campaign.enrol(known(person), TEXTS)).success
        assert (await campaign.enrol(known(person), TEXTS)).success
        trial.world.pass_time(days=9)
        assert len(await campaign.progress(trial.face.campaign, after=MONDAY)) == 1
    assert len(acts(trial, "invitation")) == 1


async def test_whoever_is_stopped_is_sent_nothing_more(talking):
    person = talking.world.welcoming()
    async with talking.open() as service:
        campaign = campaign_of(service)
        await campaign.enrol(known(person), TEXTS)
        assert (await campaign.stop(address_of(person), talking.face.campaign)).success
        talking.world.pass_time(days=9)
        shown = await campaign.enrolment(address_of(person), talking.face.campaign)
    assert shown is None or shown.stopped
    assert acts(talking, "invitation") == []


async def test_whoever_is_in_another_campaign_than_the_settings_name_is_found_and_stopped_there(
    talking,
):
    person, campaign_id = talking.world.welcoming(), talking.face.campaign
    async with talking.open() as service:
        await campaign_of(service).enrol(known(person), TEXTS)
    async with talking.open(campaign_id="99") as service:
        campaign = campaign_of(service)
        assert await campaign.enrolment(address_of(person), "99") is None
        shown = await campaign.enrolment(address_of(person), campaign_id)
        assert (await campaign.stop(address_of(person), campaign_id)).success
        talking.world.pass_time(days=9)
    assert shown is not None
    assert acts(talking, "invitation") == []


async def test_nobody_is_stopped_who_is_not_in_the_campaign(talking):
    async with talking.open() as service:
        result = await campaign_of(service).stop(
            address_of(talking.world.stranger()), talking.face.campaign
        )
    assert (result.outcome, result.refusal) == ("refused", Refusal.THIS_PERSON)


@pytest.mark.parametrize(("kind", "performed"), MAY_HAVE_HAPPENED)
@pytest.mark.parametrize("act", ["enrol", "stop"])
async def test_an_act_that_may_have_happened_is_unknown_and_never_repeated(
    trial, act, kind, performed
):
    person = trial.world.silent()
    async with trial.open(retries=3) as service:
        campaign = campaign_of(service)
        if act == "stop" and not trial.face.stop:
            return  # this service stops nobody by its API
        if act == "stop":
            await campaign.enrol(known(person), TEXTS)
            trial.world.fail(kind, trial.face.stop)
            result = await campaign.stop(address_of(person), trial.face.campaign)
        else:
            trial.world.fail(kind, trial.face.enrol)
            result = await campaign.enrol(known(person), TEXTS)
        shown = await campaign.enrolment(address_of(person), trial.face.campaign)
    assert (result.outcome, result.refusal) in {("unknown", None), ("sent", None)}
    # An empty answer may be all there is: half of nothing is nothing.
    assert result.outcome == "unknown" or (act, kind) == ("stop", "truncated")
    assert len(acts(trial, "enrolment" if act == "enrol" else "stop")) == performed
    if act == "enrol":
        assert (shown is not None) == bool(performed)
    else:
        assert shown is None or shown.stopped == bool(performed)


async def test_what_may_not_be_done_now_did_not_happen_and_says_when_it_goes_on(trial):
    async with trial.open(retries=3) as service:
        trial.world.fail("429", trial.face.enrol, seconds=7)
        result = await campaign_of(service).enrol(known(trial.world.silent()), TEXTS)
    assert (result.outcome, result.refusal) == ("refused", Refusal.RETRY_LATER)
    assert result.retry_after_seconds == 7
    assert trial.world.market.record.acts == []


@pytest.mark.parametrize("kind", BAD_DAYS)
async def test_a_list_that_cannot_be_read_is_tried_later_and_never_an_empty_one(trial, kind):
    async with trial.open() as service:
        campaign = campaign_of(service)
        await campaign.enrol(known(trial.world.silent()), TEXTS)
        trial.world.fail(kind)
        with pytest.raises(TryLater):
            await campaign.progress(trial.face.campaign, after=MONDAY)
        trial.world.fail(kind)
        with pytest.raises(TryLater):
            await campaign.enrolment(address_of(trial.world.silent()), trial.face.campaign)


@pytest.mark.parametrize("nothing", [None, "", 0, []])
async def test_a_row_that_says_nothing_is_nobodys_progress(talking, nothing):
    async with talking.open() as service:
        campaign = campaign_of(service)
        await campaign.enrol(known(talking.world.silent()), TEXTS)
        talking.world.fail("alter", "", fields=dict.fromkeys(FIELDS, nothing))
        (shown,) = await campaign.progress(talking.face.campaign, after=MONDAY)
    assert {shown.invited, shown.messaged, shown.failed, shown.stopped} == {False}


FIELDS = (
    "linkedInUserProfile",
    "leadCampaignStatus",
    "leadConnectionStatus",
    "leadMessageStatus",
    "lastActionTime",
    "failedTime",
)


async def test_whom_the_service_has_never_met_is_what_we_know_of_them(talking):
    person = talking.world.stranger()
    async with talking.open() as service:
        assert service.profiles is not None
        shown = await service.profiles.fetch_profile(
            Recipient(public_identifier=person.slug), known=known(person)
        )
        with pytest.raises(PersonRefused):
            await service.profiles.fetch_profile(Recipient())
    assert (shown.name, shown.network_distance) == (person.name, 0)
    assert shown.provider_id


async def test_an_answer_is_heard_by_person_and_by_list_and_is_answered_there(talking):
    person = talking.world.welcoming()
    async with talking.open() as service:
        assert service.inbox is not None
        assert service.sender is not None
        campaign = campaign_of(service)
        await campaign.enrol(known(person), TEXTS)
        for _ in range(3):
            talking.world.pass_time(days=14)
            await campaign.progress(talking.face.campaign, after=MONDAY)
        said = await service.inbox.conversation(address_of(person))
        assert [one.from_us for one in said][:2] == [True, False]
        page = await service.inbox.chats(after=MONDAY - timedelta(days=1))
        (chat,) = (one for one in page.chats if person.slug in one.who.linkedin_url)
        listed = await service.inbox.messages(chat, after=MONDAY)
        assert [one.id for one in listed.messages] == [one.id for one in said]
        assert (await service.sender.send_message(address_of(person), "Thank you!")).success
        newest = (await service.inbox.conversation(address_of(person)))[-1]
    assert (newest.text, newest.from_us) == ("Thank you!", True)


async def test_nobody_is_written_to_at_once_where_no_conversation_is(talking):
    async with talking.open() as service:
        assert service.sender is not None
        result = await service.sender.send_message(address_of(talking.world.stranger()), "Hello")
        invited = await service.sender.send_invitation(address_of(talking.world.stranger()), "")
    assert (result.outcome, invited.outcome) == ("refused", "refused")
    assert talking.world.market.record.acts == []


async def test_a_campaign_or_an_account_that_is_not_there_blocks(talking):
    for field in ("account_id", "campaign_id"):
        async with talking.open(**{field: "99"}) as service:
            with pytest.raises(AccountBlocked):
                await service.account.account()
        async with talking.open(**{field: "99"}) as service:
            result = await campaign_of(service).enrol(known(talking.world.silent()), TEXTS)
            assert result.refusal is Refusal.ACCOUNT_BLOCKED


async def test_what_a_campaign_without_an_inbox_says_it_has_done_is_its_invitations(trial):
    person = trial.world.welcoming(answering=False)
    async with trial.open() as service:
        campaign = campaign_of(service)
        await campaign.enrol(known(person), TEXTS)
        assert await campaign.progress(trial.face.campaign, after=MONDAY + timedelta(hours=1)) == []
        trial.world.pass_time(hours=2)
        await campaign.progress(trial.face.campaign, after=MONDAY)
        (shown,) = await campaign.progress(trial.face.campaign, after=MONDAY)
    assert (shown.invited, shown.accepted, shown.messaged) == (True, False, False)


async def test_a_list_is_read_to_its_end_however_many_it_holds(trial, monkeypatch):
    """Whoever stood below a bound would never be seen as invited: the next look begins at the top."""
    monkeypatch.setattr(f"ingagents.integrations.{trial.name}.campaign._PAGE", 1)
    named = partial(trial.world.someone, lambda p: p.distance in {2, 3} and bool(p.slug))
    people = [named(nth=nth) for nth in range(25)]
    async with trial.open() as service:
        campaign = campaign_of(service)
        for one in people:
            await campaign.enrol(known(one), TEXTS)
        trial.world.pass_time(days=30)
        await campaign.progress(trial.face.campaign, after=MONDAY)
        shown = await campaign.progress(trial.face.campaign, after=MONDAY)
    assert {one.to.linkedin_url for one in shown} == {url_of(one) for one in people}


async def test_a_campaign_that_is_not_there_takes_nobody_and_blocks(trial):
    async with trial.open(campaign_id="99") as service:
        with pytest.raises(AccountBlocked):
            await service.account.account()
        campaign = campaign_of(service)
        result = await campaign.enrol(known(trial.world.silent()), TEXTS)
        stopped = await campaign.stop(address_of(trial.world.silent()), "99")
        with pytest.raises(AccountBlocked):
            await campaign.progress("99", after=MONDAY)
    assert result.refusal is Refusal.ACCOUNT_BLOCKED
    assert stopped.outcome == "by_hand" or stopped.refusal is Refusal.ACCOUNT_BLOCKED


async def test_texts_that_no_api_takes_are_a_humans_to_upload():
    trial = Trial("dripify")
    async with trial.open(upload=True) as service:
        campaign = campaign_of(service)
        result = await campaign.enrol(known(trial.world.silent()), TEXTS)
        stopped = await campaign.stop(address_of(trial.world.silent()), trial.face.campaign)
    assert result.outcome == "by_hand"
    assert stopped.outcome == "by_hand"
    assert "its own pages" in stopped.detail
    assert trial.world.market.record.acts == []
