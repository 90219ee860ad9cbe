"""What `ports` promises of a LinkedIn service, kept by each one that is registered."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pytest

from ingagents.app.providers import SANDBOX_SPEAKS, SERVICES
from ingagents.core.identity import aliases_of_profile
from ingagents.errors import AccountBlocked, PersonRefused, SettingsError, TryLater, WrongAnswer
from ingagents.model import ChatMessage, Profile, Recipient, Refusal, SearchCriteria
from ingagents.model.linkedin import Chat
from ingagents.ports import Inbox, LinkedInService
from ingagents.sandbox.market.account import NOTES_A_MONTH, owner_on
from ingagents.sandbox.market.behaviour import accepts_after, manner_of, wall_of
from ingagents.sandbox.market.people import Person
from tests.contracts.services import (
    ASKED,
    DIRECT,
    FACES,
    MAY_HAVE_HAPPENED,
    SILENT,
    TELLING,
    Trial,
    address_of,
)
from tests.sandbox.world import MONDAY

NOTE = "Hello Ines, shall we talk about the fair?"
LONG_AGO = MONDAY - timedelta(days=3650)


@pytest.fixture(params=ASKED)
def asked_trial(request: pytest.FixtureRequest) -> Trial:
    return Trial(request.param, size=2000)


@pytest.fixture(params=sorted(FACES))
def any_trial(request: pytest.FixtureRequest) -> Trial:
    return Trial(request.param, size=2000)


@pytest.fixture(params=DIRECT)
def trial(request: pytest.FixtureRequest) -> Trial:
    return Trial(request.param, size=2000)


@pytest.fixture(params=TELLING)
def telling(request: pytest.FixtureRequest) -> Trial:
    """Of the services that say why LinkedIn refused something."""
    return Trial(request.param, size=2000)


@pytest.fixture(params=SILENT)
def silent(request: pytest.FixtureRequest) -> Trial:
    """Of those that do not."""
    return Trial(request.param, size=2000)


def has(port: str, service: LinkedInService) -> Any:
    """A port of a service; what the service cannot do is not tried."""
    found = getattr(service, port)
    if found is None:
        pytest.skip(f"this service has no {port}")
    return found


def test_every_registered_service_has_a_face_in_the_sandbox():
    assert {face.service or name for name, face in FACES.items()} == set(SERVICES)
    assert SANDBOX_SPEAKS in SERVICES


# --- the account ------------------------------------------------------------------------------------


async def test_the_account_tells_its_state_and_whose_it_is(trial):
    async with trial.open() as service:
        state = await service.account.account()
    assert state.status == "OK"
    assert aliases_of_profile(state.owner)


@pytest.mark.parametrize("seat", ["free", "premium"])
@pytest.mark.parametrize("name", TELLING)
async def test_the_account_tells_the_seat_it_has(name, seat):
    async with Trial(name, owner=owner_on(seat)).open() as service:
        assert (await service.account.account()).premium == (seat == "premium")


async def test_a_key_that_does_not_fit_blocks_the_account(any_trial):
    async with any_trial.open(api_key="another") as service:
        with pytest.raises(AccountBlocked):
            await service.account.account()


@pytest.mark.parametrize(
    ("name", "missing"), [(name, one) for name, face in FACES.items() for one in face.needs]
)
async def test_what_the_settings_must_say_is_asked_for_when_the_service_is_opened(name, missing):
    with pytest.raises(SettingsError, match=r"LinkedIn API key|linkedin\.") as refused:
        async with Trial(name).open(**{missing: ""}):
            pass
    assert refused.value.remedy


# --- profiles ---------------------------------------------------------------------------------------


async def test_a_search_is_read_page_by_page_to_its_end_and_nobody_comes_twice(trial):
    async with trial.open() as service:
        profiles = has("profiles", service)
        pages, cursor = 0, None
        seen: list[str] = []
        while pages == 0 or cursor is not None:
            page = await profiles.search_profiles(
                SearchCriteria(keywords="sales"), cursor=cursor, limit=25
            )
            seen += [hit.provider_id for hit in page.profiles]
            pages, cursor = pages + 1, page.cursor
            assert len(page.profiles) <= 25
    assert len(seen) == len(set(seen)) > 0


async def test_whoever_is_found_can_be_looked_up_and_is_the_same_person(trial):
    async with trial.open() as service:
        profiles = has("profiles", service)
        page = await profiles.search_profiles(SearchCriteria(), limit=10)
        hits = [hit for hit in page.profiles if hit.name][:3]
        for hit in hits:
            found = await profiles.fetch_profile(hit.recipient, known=hit)
            assert {*aliases_of_profile(hit)} & {*aliases_of_profile(found)}
            assert found.name == hit.name
    assert hits


@pytest.mark.parametrize("known_by", ["provider_id", "public_identifier"])
async def test_a_person_is_found_by_id_or_by_slug(trial, known_by):
    person = trial.world.friend()
    whole = address_of(person)
    async with trial.open() as service:
        profiles = has("profiles", service)
        found = await profiles.fetch_profile(Recipient(**{known_by: getattr(whole, known_by)}))
    assert (found.provider_id, found.network_distance) == (person.provider_id, 1)


async def test_nobody_is_refused_for_good(trial):
    async with trial.open() as service:
        profiles = has("profiles", service)
        for nobody in (Recipient(), Recipient(public_identifier=".."), Recipient(provider_id="x")):
            with pytest.raises(PersonRefused):
                await profiles.fetch_profile(nobody)


async def test_another_persons_record_is_a_wrong_answer(trial):
    person, other = trial.world.stranger(0), trial.world.stranger(1)
    async with trial.open() as service:
        profiles = has("profiles", service)
        path = trial.face.profiles.removeprefix("GET ")
        trial.world.fail("instead", trial.face.profiles, instead=f"{path}{other.provider_id}")
        with pytest.raises(WrongAnswer):
            await profiles.fetch_profile(
                address_of(person), known=Profile(provider_id=person.provider_id)
            )


@pytest.mark.parametrize("kind", ["500", "504", "429", "drop", "silent", "html", "truncated"])
async def test_a_service_in_trouble_is_tried_later_and_never_read_as_nobody(asked_trial, kind):
    async with asked_trial.open() as service:
        profiles = has("profiles", service)
        asked_trial.world.fail(kind, asked_trial.face.profiles)
        with pytest.raises(TryLater):
            await profiles.fetch_profile(address_of(asked_trial.world.stranger()))


async def test_the_newest_connections_are_of_the_first_degree(trial):
    async with trial.open() as service:
        relations = await has("profiles", service).newest_relations(limit=5)
    assert 0 < len(relations.people) <= 5
    assert {person.network_distance for person in relations.people} == {1}


# --- sending ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("note", [NOTE, ""])
async def test_an_invitation_arrives_as_it_was_written_and_is_read_back_as_pending(trial, note):
    person = trial.world.silent()
    async with trial.open() as service:
        result = await has("sender", service).send_invitation(address_of(person), note)
        assert result.success
        assert [(act.provider_id, act.text) for act in trial.world.market.record.acts] == [
            (person.provider_id, note)
        ]
        (pending,) = await has("sent_items", service).pending_invitations()
        assert (pending.to.provider_id, pending.note) == (person.provider_id, note)
        shown = await has("profiles", service).fetch_profile(address_of(person))
        assert shown.invitation == "pending"


async def test_an_open_invitation_is_withdrawn_once_and_not_sent_again_so_soon(trial):
    person = trial.world.silent()
    async with trial.open() as service:
        sender, items = has("sender", service), has("sent_items", service)
        await sender.send_invitation(address_of(person), "")
        (pending,) = await items.pending_invitations()
        assert (await items.withdraw_invitation(pending.id)).success
        assert await items.pending_invitations() == ()
        shown = await has("profiles", service).fetch_profile(address_of(person))
        assert shown.invitation == "withdrawn"
        again = await items.withdraw_invitation(pending.id)
        assert (again.outcome, again.refusal) == ("refused", Refusal.THIS_PERSON)
        invited = await sender.send_invitation(address_of(person), "")
        assert invited.refusal is (Refusal.ALREADY_INVITED if trial.face.tells_why else None)
        assert [act.kind for act in trial.world.market.record.acts] == ["invitation", "withdrawal"]


async def test_a_second_invitation_is_refused_with_its_reason(telling):
    person = telling.world.silent()
    async with telling.open() as service:
        sender = has("sender", service)
        await sender.send_invitation(address_of(person), "")
        again = await sender.send_invitation(address_of(person), "")
    assert (again.outcome, again.refusal) == ("refused", Refusal.ALREADY_INVITED)
    assert len(telling.world.market.record.acts) == 1


@pytest.mark.parametrize("name", TELLING)
async def test_three_different_refusals_of_an_invitation_are_read_as_the_same_one(name):
    trial = Trial(name, owner=owner_on("free"), weekly_invitations=NOTES_A_MONTH + 1)
    turned_down = trial.world.someone(lambda p: wall_of(1, p) == "cannot_resend_yet")
    people = [address_of(trial.world.stranger(nth)) for nth in range(NOTES_A_MONTH + 3)]
    async with trial.open(retries=3) as service:
        sender = has("sender", service)
        told = [await sender.send_invitation(address_of(turned_down), "")]
        for to in people[:NOTES_A_MONTH]:
            assert (await sender.send_invitation(to, NOTE)).success
        told.append(await sender.send_invitation(people[NOTES_A_MONTH], NOTE))
        assert (await sender.send_invitation(people[NOTES_A_MONTH], "")).success
        told.append(await sender.send_invitation(people[NOTES_A_MONTH + 1], ""))
    assert {(one.outcome, one.refusal) for one in told} == {("refused", Refusal.CANNOT_RESEND)}
    assert len({one.detail for one in told}) == 1
    assert len(trial.world.market.record.acts) == NOTES_A_MONTH + 1


async def test_a_refusal_without_a_reason_is_a_doubt_and_did_nothing(silent):
    person = silent.world.silent()
    async with silent.open() as service:
        sender = has("sender", service)
        await sender.send_invitation(address_of(person), "")
        again = await sender.send_invitation(address_of(person), "")
    assert (again.outcome, again.refusal) == ("unknown", None)
    assert again.detail
    assert len(silent.world.market.record.acts) == 1


async def test_a_message_goes_to_a_connection_and_to_nobody_else(trial):
    friend, stranger = trial.world.friend(), trial.world.silent()
    async with trial.open() as service:
        sender = has("sender", service)
        assert (await sender.send_message(address_of(friend), NOTE)).success
        refused = await sender.send_message(address_of(stranger), NOTE)
        assert refused.outcome == ("refused" if trial.face.tells_why else "unknown")
        assert [act.person for act in trial.world.market.record.acts] == [friend.key]
        said = await has("inbox", service).conversation(address_of(friend))
    assert (said[-1].text, said[-1].from_us) == (NOTE, True)


@pytest.mark.parametrize(("kind", "performed"), MAY_HAVE_HAPPENED)
@pytest.mark.parametrize("act", ["invite", "write"])
async def test_an_act_that_may_have_happened_is_unknown_and_never_repeated(
    trial, act, kind, performed
):
    async with trial.open(retries=3) as service:
        sender = has("sender", service)
        trial.world.fail(kind, getattr(trial.face, act))
        if act == "invite":
            result = await sender.send_invitation(address_of(trial.world.silent()), NOTE)
        else:
            result = await sender.send_message(address_of(trial.world.friend()), NOTE)
    assert (result.outcome, result.refusal) == ("unknown", None)
    assert len(trial.world.market.record.acts) == performed


async def test_what_an_account_may_not_do_now_did_not_happen_and_says_when_it_goes_on(trial):
    async with trial.open(retries=3) as service:
        sender = has("sender", service)
        trial.world.fail("429", trial.face.invite, seconds=7)
        result = await sender.send_invitation(address_of(trial.world.silent()), NOTE)
    assert (result.outcome, result.retry_after_seconds) == ("refused", 7)
    assert trial.world.market.record.acts == []


# --- the inbox --------------------------------------------------------------------------------------


async def test_whoever_never_wrote_said_nothing(any_trial):
    async with any_trial.open() as service:
        inbox = has("inbox", service)
        assert tuple(await inbox.conversation(address_of(any_trial.world.stranger()))) == ()


async def test_an_answer_is_heard_by_person_and_by_list_in_the_order_it_was_said(trial):
    person = trial.world.welcoming()
    async with trial.open() as service:
        inbox = has("inbox", service)
        await has("sender", service).send_invitation(address_of(person), NOTE)
        trial.world.pass_time(days=30)
        said = await inbox.conversation(address_of(person))
        listed = [one async for one in _all(inbox) if one.provider_id == person.provider_id]
    assert [one.sent_at for one in said] == sorted(one.sent_at for one in said)
    assert [one.from_us for one in said][:2] == [True, False]
    assert {one.provider_id for one in said} == {person.provider_id}
    assert [one.id for one in listed] == [one.id for one in said]
    assert said[0].is_note
    assert MONDAY <= said[-1].sent_at <= trial.world.time


def _accepting(trial: Trial, manner: str) -> Person:
    return trial.world.someone(
        lambda p: (
            p.distance > 1
            and bool(p.slug)
            and not wall_of(1, p)
            and manner_of(1, p) == manner
            and accepts_after(1, p, 1)[0] is True
        )
    )


async def test_what_a_human_wrote_by_hand_from_the_account_is_ours_and_no_note(trial):
    person = _accepting(trial, "written_to_by_hand")
    async with trial.open() as service:
        inbox = has("inbox", service)
        await has("sender", service).send_invitation(address_of(person), "")
        trial.world.pass_time(days=30)
        first, *_ = await inbox.conversation(address_of(person))
    assert (first.from_us, first.is_note, bool(first.text)) == (True, False, True)
    assert [act.kind for act in trial.world.market.record.acts] == ["invitation"]


async def test_who_writes_first_is_heard_though_we_said_nothing(trial):
    person = _accepting(trial, "greets")
    async with trial.open() as service:
        inbox = has("inbox", service)
        await has("sender", service).send_invitation(address_of(person), "")
        trial.world.pass_time(days=30)
        said = await inbox.conversation(address_of(person))
    assert [one.from_us for one in said] == [False]


@pytest.mark.parametrize("gone", ["deleted", "restricted"])
async def test_who_accepted_and_is_gone_is_shown_to_nobody_and_takes_nothing(trial, gone):
    person = _accepting(trial, gone)
    async with trial.open() as service:
        profiles, sender = has("profiles", service), has("sender", service)
        await sender.send_invitation(address_of(person), "")
        trial.world.pass_time(days=30)
        refused = await sender.send_message(address_of(person), NOTE)
        assert (refused.outcome, refused.refusal) == ("refused", Refusal.THIS_PERSON)
        newest = await profiles.newest_relations(limit=50)
        assert person.provider_id not in {one.provider_id for one in newest.people}
        if gone == "deleted":
            with pytest.raises(PersonRefused):
                await profiles.fetch_profile(address_of(person))
        else:
            shown = await profiles.fetch_profile(address_of(person))
            assert (shown.name, shown.network_distance) == ("", 0)


async def test_only_what_is_newer_than_a_moment_is_listed(trial):
    person = trial.world.friend()
    async with trial.open() as service:
        inbox, sender = has("inbox", service), has("sender", service)
        await sender.send_message(address_of(person), "first")
        between = trial.world.pass_time(hours=1)
        trial.world.pass_time(hours=1)
        await sender.send_message(address_of(person), "second")
        said = await inbox.conversation(address_of(person), after=between)
    assert "first" not in _texts(said)
    assert "second" in _texts(said)


def _texts(messages: Iterable[ChatMessage]) -> list[str]:
    return [message.text for message in messages]


async def _all(inbox: Inbox) -> Any:
    chats: list[Chat] = []
    page = await inbox.chats(after=LONG_AGO)
    chats += page.chats
    while page.cursor is not None:
        page = await inbox.chats(after=LONG_AGO, cursor=page.cursor)
        chats += page.chats
    assert not page.wrong
    for chat in chats:
        for message in (await inbox.messages(chat, after=LONG_AGO)).messages:
            yield message
