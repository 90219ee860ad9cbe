"""Sending through Unipile and reading our own acts back."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from email import message_from_bytes, policy
from itertools import count
from typing import Any

import anyio
import httpx
import pytest

from ingagents.errors import AccountBlocked, BadAnswer, RequestRefused, TryLater, WrongAnswer
from ingagents.integrations.http.client import open_http_client
from ingagents.integrations.unipile.inbox import UnipileInbox
from ingagents.integrations.unipile.sender import UnipileSender
from ingagents.integrations.unipile.sent_items import UnipileSentItems
from ingagents.integrations.unipile.wire.http import UnipileWire
from ingagents.model import Profile, Recipient, Refusal, SendResult
from ingagents.model.linkedin import SentInvitation
from tests.fake_clock import FakeClock
from tests.integrations.unipile.wire.test_http import (
    KEY,
    Service,
    Step,
    a_wire,
    an_error,
    half,
    html,
    never,
)

NINE = datetime(2027, 3, 1, 9, 0, 0, 123_000, tzinfo=UTC)
TEN = datetime(2027, 3, 1, 10, tzinfo=UTC)


def answer(body: Any, status: int = 200) -> httpx.Response:
    return httpx.Response(status, json=body)


def a_page(*items: Any, cursor: str | None = None) -> httpx.Response:
    return answer({"items": list(items), "cursor": cursor})


def our_wire(*steps: Step, **options: Any) -> tuple[UnipileWire, Service]:
    service = Service(*steps)
    wire = a_wire(service, **({"clock": FakeClock(TEN)} | options))
    wire.owner = Profile(provider_id="us")
    return wire, service


def a_sender(*steps: Step, **options: Any) -> tuple[UnipileSender, Service]:
    wire, service = our_wire(*steps, **options)
    return UnipileSender(wire), service


def an_inbox(*steps: Step, **options: Any) -> tuple[UnipileInbox, Service]:
    wire, service = our_wire(*steps, **options)
    return UnipileInbox(wire), service


def sent_items(*steps: Step, **options: Any) -> tuple[UnipileSentItems, Service]:
    wire, service = our_wire(*steps, **options)
    return UnipileSentItems(wire), service


def at(provider_id: str) -> Recipient:
    return Recipient(provider_id=provider_id)


def form(request: httpx.Request) -> list[tuple[str, str]]:
    """The fields of a multipart body, as another parser than the sender's reads them."""
    head = f"content-type: {request.headers['content-type']}\r\n\r\n".encode()
    parts = message_from_bytes(head + request.content, policy=policy.HTTP).iter_parts()
    fields = []
    for part in parts:
        assert part.get_filename() is None
        name = part.get_param("name", header="content-disposition")
        fields.append((str(name), bytes(part.get_payload(decode=True)).decode()))
    return fields


async def test_an_invitation_with_a_note():
    sender, service = a_sender(
        answer({"object": "UserInvitationSent", "invitation_id": "77", "usage": 75}, 201)
    )
    result = await sender.send_invitation(at("ACo1"), "Hello Ines")
    assert result == SendResult(outcome="sent", message_id="77")
    request = service.requests[0]
    assert (request.method, request.url.path) == ("POST", "/api/v1/users/invite")
    assert request.headers["content-type"] == "application/json"
    assert json.loads(request.content) == {
        "account_id": "acc-1",
        "provider_id": "ACo1",
        "message": "Hello Ines",
    }


@pytest.mark.parametrize("note", ["", "  \n"])
async def test_a_bare_invitation_has_no_message_at_all(note):
    sender, service = a_sender(answer({"object": "UserInvitationSent", "invitation_id": 5}))
    assert (await sender.send_invitation(at("ACo1"), note)).message_id == "5"
    assert json.loads(service.requests[0].content) == {"account_id": "acc-1", "provider_id": "ACo1"}


async def test_a_message_is_a_form_and_arrives_letter_by_letter():
    text = 'Hallo Jörg 🚀,\n\nschön: "A&B" – 100 %\nIn G.'
    sender, service = a_sender(
        answer({"object": "ChatStarted", "chat_id": "c1", "message_id": "m1"}, 201)
    )
    result = await sender.send_message(at("ACo1"), text)
    assert result == SendResult(outcome="sent", message_id="m1", chat_id="c1")
    request = service.requests[0]
    assert (request.method, request.url.path) == ("POST", "/api/v1/chats")
    assert request.headers["content-type"].startswith("multipart/form-data; boundary=")
    assert form(request) == [("account_id", "acc-1"), ("attendees_ids", "ACo1"), ("text", text)]


@pytest.mark.parametrize(
    "body",
    [
        {"object": "ChatStarted", "chat_id": None, "message_id": None},
        {"object": "ChatStarted"},
        {"chat_id": None, "message_id": None},
        {"object": "ChatStarted", "chat_id": ["x"], "message_id": {}},
    ],
)
async def test_a_message_without_ids_is_sent_all_the_same(body):
    sender, _ = a_sender(answer(body, 201))
    assert await sender.send_message(at("ACo1"), "x") == SendResult(outcome="sent")


@pytest.mark.parametrize("usage", [None, "75", True, -1, float("nan"), 10**400])
async def test_a_strange_usage_does_not_harm_a_sent_invitation(usage):
    body = json.dumps({"object": "UserInvitationSent", "invitation_id": "1", "usage": usage})
    sender, _ = a_sender(httpx.Response(200, content=body))
    result = await sender.send_invitation(at("ACo1"), "")
    assert result.outcome == "sent"


@pytest.mark.parametrize(
    "fault",
    [
        httpx.ReadTimeout("x"),
        httpx.WriteError("x"),
        httpx.ReadError("reset"),
        httpx.RemoteProtocolError("dropped"),
        an_error(500, "unexpected_error"),
        an_error(503, "no_client_session"),
        an_error(504, "request_timeout"),
        an_error(408, "request_timeout"),
        html(),
        half(),
        answer({}),
        answer({"object": "LoginPage"}),
        answer(["ok"]),
        never,
    ],
    ids=count(1),
)
@pytest.mark.parametrize("kind", ["invitation", "message"])
async def test_a_send_in_doubt_is_unknown_and_asked_for_once(kind, fault):
    clock = FakeClock()
    sender, service = a_sender(fault, clock=clock, timeout_seconds=0.1)
    send = sender.send_invitation if kind == "invitation" else sender.send_message
    result = await send(at("ACo1"), "Hello")
    assert (result.outcome, result.refusal, result.success) == ("unknown", None, False)
    assert len(service.requests) == 1
    assert clock.pauses == []
    assert KEY not in result.detail


@pytest.mark.parametrize(
    ("fault", "refusal"),
    [
        (httpx.ConnectError("x"), Refusal.RETRY_LATER),
        (an_error(429, "too_many_requests", **{"retry-after": "90"}), Refusal.RETRY_LATER),
        (an_error(422, "cannot_resend_yet"), Refusal.CANNOT_RESEND),
        (an_error(422, "already_invited_recently"), Refusal.ALREADY_INVITED),
        (an_error(422, "no_connection_with_recipient"), Refusal.NOT_CONNECTED),
        (an_error(400, "too_many_characters"), Refusal.TOO_LONG),
        (an_error(401, "disconnected_account"), Refusal.ACCOUNT_BLOCKED),
        (an_error(404, "resource_not_found"), Refusal.THIS_PERSON),
    ],
)
@pytest.mark.parametrize("kind", ["invitation", "message"])
async def test_a_definite_no_says_what_to_do_next(kind, fault, refusal):
    sender, service = a_sender(fault)
    send = sender.send_invitation if kind == "invitation" else sender.send_message
    result = await send(at("ACo1"), "Hello")
    assert (result.outcome, result.refusal) == ("refused", refusal)
    assert len(service.requests) == 1


async def test_a_server_in_the_same_process_that_never_answers_leaves_a_send_unknown():
    async def silent(scope: Any, receive: Any, send: Any) -> None:
        await anyio.sleep_forever()

    async with open_http_client(0.1, httpx.ASGITransport(silent)) as http:
        wire = UnipileWire(
            http,
            base_url="http://sandbox",
            api_key=KEY,
            account_id="a",
            clock=FakeClock(),
            timeout_seconds=0.1,
        )
        assert (await UnipileSender(wire).send_message(at("ACo1"), "x")).outcome == "unknown"


def a_message(number: int, text: str = "x", **fields: Any) -> dict[str, Any]:
    stamp = f"2027-03-01T09:{number:02d}:00.000Z"
    return {
        "id": f"m{number}",
        "sender_id": "them",
        "text": text,
        "timestamp": stamp,
        "is_sender": 0,
        **fields,
    }


async def test_a_conversation_is_read_oldest_first_with_both_sides():
    chats = a_page(
        {"id": "old", "type": 0, "timestamp": "2026-01-01T00:00:00.000Z"},
        {"id": "group", "type": 1, "timestamp": "2027-03-02T00:00:00.000Z"},
        {"id": "new-1", "type": 0, "timestamp": "2027-03-01T00:00:00.000Z"},
    )
    newest = a_page(
        a_message(5, "Yes, gladly"),
        a_message(4, "seen", is_event=1),
        a_message(3, "oops", deleted=1),
        a_message(2, "our message", is_sender=1, sender_id="us"),
        None,
        a_message(1, "our note", message_type="INVITATION", sender_id="us", is_sender=None),
    )
    inbox, service = an_inbox(chats, newest, a_page())
    found = await inbox.conversation(at("them"), after=NINE)
    assert [(m.text, m.from_us, m.is_note, m.provider_id) for m in found] == [
        ("our note", True, True, "them"),
        ("our message", True, False, "them"),
        ("Yes, gladly", False, False, "them"),
    ]
    assert [request.url.raw_path for request in service.requests] == [
        b"/api/v1/chat_attendees/them/chats?account_id=acc-1&limit=250",
        b"/api/v1/chats/new-1/messages?after=2027-03-01T09%3A00%3A00.123Z&limit=250",
        b"/api/v1/chats/old/messages?after=2027-03-01T09%3A00%3A00.123Z&limit=250",
    ]


async def test_a_whole_conversation_is_asked_for_without_a_bound():
    inbox, service = an_inbox(a_page({"id": "c"}), a_page(a_message(1)))
    assert len(await inbox.conversation(at("them"))) == 1
    assert "after" not in service.requests[1].url.params


async def test_a_person_without_a_chat_has_said_nothing():
    inbox, _ = an_inbox(an_error(404, "resource_not_found"))
    assert await inbox.conversation(at("them")) == ()


@pytest.mark.parametrize(
    ("steps", "error"),
    [
        ((html(404),), RequestRefused),
        ((html(),), BadAnswer),
        ((answer({"items": None}),), BadAnswer),
        ((an_error(504, "request_timeout"),), TryLater),
        ((an_error(401, "expired_credentials"),), AccountBlocked),
        ((a_page({"id": "c"}), half()), BadAnswer),
    ],
)
async def test_a_chat_that_cannot_be_read_is_an_error_and_not_a_silence(steps, error):
    inbox, _ = an_inbox(*steps, retries=0)
    with pytest.raises(error):
        await inbox.conversation(at("them"))


async def test_a_very_long_chat_is_read_five_pages_back():
    pages = [a_page(a_message(9 - n), cursor=f"page{n}") for n in range(5)]
    inbox, service = an_inbox(a_page({"id": "c"}), *pages)
    assert [m.id for m in await inbox.conversation(at("them"))] == ["m5", "m6", "m7", "m8", "m9"]
    assert service.requests[-1].url.params["cursor"] == "page3"


async def test_new_messages_are_gathered_from_all_chats_of_two():
    chats = [
        a_page(
            {"id": "a", "type": 0, "attendee_provider_id": "them"},
            {"id": "g", "type": 1},
            cursor="more",
        ),
        a_page({"id": "b", "type": 0, "attendee_provider_id": None}),
        a_page(a_message(7, "second")),
        a_page(
            a_message(8, "ours", is_sender=1, sender_id="us"),
            a_message(6, "first", sender_id="pB"),
            a_message(6, "first", sender_id="pB"),
        ),
    ]
    inbox, service = an_inbox(*chats)
    found = await all_messages(inbox)
    assert [(m.text, m.provider_id, m.chat_id) for m in found] == [
        ("first", "pB", "b"),
        ("second", "them", "a"),
        ("ours", "pB", "b"),
    ]
    assert dict(service.requests[0].url.params) == {
        "account_id": "acc-1",
        "account_type": "LINKEDIN",
        "after": "2027-03-01T09:00:00.123Z",
        "limit": "250",
    }
    assert service.requests[1].url.params["cursor"] == "more"
    assert service.requests[2].url.params["after"] == "2027-03-01T09:00:00.123Z"


async def test_the_bound_never_loses_a_message_dated_in_whole_milliseconds():
    inbox, service = an_inbox(a_page())
    await inbox.chats(after=NINE.replace(microsecond=123_456))
    assert service.requests[0].url.params["after"] == "2027-03-01T09:00:00.122Z"


async def test_messages_of_the_same_moment_keep_their_order():
    newest_first = [a_message(1, text, id=text) for text in ("third", "second", "first")]
    inbox, _ = an_inbox(a_page({"id": "c"}), a_page(*newest_first))
    assert [m.text for m in await inbox.conversation(at("them"))] == ["first", "second", "third"]


async def test_a_chat_that_has_gone_meanwhile_does_not_stop_the_others():
    chats = a_page({"id": "gone"}, {"id": "b"})
    inbox, _ = an_inbox(chats, an_error(404, "resource_not_found"), a_page(a_message(1)))
    assert [m.chat_id for m in await all_messages(inbox)] == ["b"]


async def test_our_words_to_nobody_known_are_left_out():
    ours = a_message(1, is_sender=1, sender_id="us")
    inbox, _ = an_inbox(a_page({"id": "c"}), a_page(ours))
    assert await all_messages(inbox) == ()


async def test_open_invitations_are_read_to_the_end():
    items, service = sent_items(
        a_page({"invited_user_id": "p1", "id": 71}, {"invited_user_id": None}, None, cursor="more"),
        a_page(
            {
                "invited_user_id": "p2",
                "invited_user_public_id": "ada-abel",
                "invitation_text": "Hello Ada",
                "parsed_datetime": "2027-03-01T09:00:00.000Z",
            },
            {"invited_user_id": "p3", "parsed_datetime": "yesterday", "invitation_text": 7},
        ),
    )
    assert await items.pending_invitations() == (
        SentInvitation(to=at("p1"), id="71"),
        SentInvitation(
            to=Recipient(provider_id="p2", public_identifier="ada-abel"),
            note="Hello Ada",
            sent_at=datetime(2027, 3, 1, 9, tzinfo=UTC),
        ),
        SentInvitation(to=at("p3")),
    )
    assert [dict(request.url.params) for request in service.requests] == [
        {"account_id": "acc-1", "limit": "100"},
        {"account_id": "acc-1", "limit": "100", "cursor": "more"},
    ]


async def test_an_invitation_whose_id_is_none_is_open_all_the_same():
    items, _ = sent_items(a_page({"invited_user_id": "p1", "id": "../users/me"}))
    assert await items.pending_invitations() == (SentInvitation(to=at("p1")),)


async def test_an_invitation_is_withdrawn_by_one_request():
    items, service = sent_items(answer({"object": "InvitationCanceled"}))
    assert (await items.withdraw_invitation("7001")).success
    (request,) = service.requests
    assert (request.method, request.url.path) == ("DELETE", "/api/v1/users/invite/sent/7001")
    assert dict(request.url.params) == {"account_id": "acc-1"}


@pytest.mark.parametrize(
    ("step", "outcome", "refusal"),
    [
        (an_error(404, "resource_not_found"), "refused", Refusal.THIS_PERSON),
        (an_error(429, "too_many_requests"), "refused", Refusal.RETRY_LATER),
        (an_error(401, "disconnected_account"), "refused", Refusal.ACCOUNT_BLOCKED),
        (an_error(504, "request_timeout"), "unknown", None),
        (html(502), "unknown", None),
        (answer({"hello": "proxy"}), "unknown", None),
        (answer([]), "unknown", None),
        (half(), "unknown", None),
        (httpx.ReadTimeout("slow"), "unknown", None),
        (httpx.ConnectError("down"), "refused", Refusal.RETRY_LATER),
    ],
)
async def test_a_withdrawal_is_asked_once_and_its_end_is_known_or_a_doubt(step, outcome, refusal):
    items, service = sent_items(step)
    result = await items.withdraw_invitation("7001")
    assert (result.outcome, result.refusal) == (outcome, refusal)
    assert len(service.requests) == 1


async def test_what_is_no_invitations_id_is_never_asked_about():
    items, service = sent_items()
    result = await items.withdraw_invitation("../../accounts/acc-1")
    assert (result.outcome, result.refusal) == ("refused", Refusal.THIS_PERSON)
    assert service.requests == []


async def test_lists_cut_short_are_errors_where_absence_would_be_evidence():
    repeated = [a_page({"invited_user_id": "p", "id": "c"}, cursor="more") for _ in range(2)]
    items, _ = sent_items(*repeated)
    with pytest.raises(BadAnswer, match="does not end"):
        await items.pending_invitations()


async def all_messages(inbox: Any) -> Any:
    """What is in the chats of all pages since nine, oldest first."""
    page = await inbox.chats(after=NINE)
    chats = [*page.chats]
    while page.cursor is not None:
        page = await inbox.chats(after=NINE, cursor=page.cursor)
        chats += page.chats
    found = [m for chat in chats for m in (await inbox.messages(chat, after=NINE)).messages]
    return tuple(sorted(found, key=lambda message: message.sent_at))


HER, HIM = "ACoAABherMemberId0000000", "ACoAAChisMemberId0000000"
A_CHAT: dict[str, Any] = {"id": "c", "type": 0, "attendee_provider_id": HER}


@pytest.mark.parametrize(
    "chat",
    [
        {"attendee_provider_id": HIM},
        {"account_id": "acc-2"},
        {"id": ".."},
        {"id": "c/../../messages"},
        {"id": ""},
        {"id": None},
    ],
)
async def test_a_chat_that_is_not_the_one_asked_for_is_a_wrong_answer_and_never_opened(chat):
    inbox, service = an_inbox(a_page(A_CHAT, A_CHAT | chat))
    with pytest.raises(WrongAnswer):
        await inbox.conversation(at(HER))
    assert len(service.requests) == 1


@pytest.mark.parametrize("fields", [{"chat_id": "d"}, {"account_id": "acc-2"}, {"id": "a/b"}])
async def test_messages_of_another_chat_are_a_wrong_answer(fields):
    inbox, _ = an_inbox(a_page(A_CHAT), a_page(a_message(1, sender_id=HER, **fields)))
    with pytest.raises(WrongAnswer):
        await inbox.conversation(at(HER))


async def test_a_person_whose_chat_goes_by_another_view_of_linkedin_is_read_under_the_id_asked_for():
    sales = "ACwAABherSalesView000000"
    chat = A_CHAT | {"attendee_provider_id": sales}
    inbox, _ = an_inbox(a_page(chat), a_page(a_message(1, sender_id=sales)))
    assert [(m.id, m.provider_id) for m in await inbox.conversation(at(HER))] == [("m1", HER)]
    inbox, _ = an_inbox(a_page(chat), a_page(a_message(1, sender_id=sales[:-1])))
    with pytest.raises(WrongAnswer):
        await inbox.conversation(at(HER))


async def test_a_third_persons_words_in_a_chat_of_two_are_nobodys():
    stop = a_message(2, "No, and never write again.", sender_id=HIM)
    inbox, _ = an_inbox(a_page(A_CHAT), a_page(stop, a_message(1, sender_id=HER)))
    assert [m.id for m in await all_messages(inbox)] == ["m1"]


@pytest.mark.parametrize("told", [HER, None])
@pytest.mark.parametrize("beside", [[], [a_message(1, sender_id=HER)]])
async def test_a_third_persons_words_prove_nobodys_silence(told, beside):
    """They may be hers, or ours, under a wrong name: nothing may be sent on the strength of it."""
    chat = A_CHAT | {"attendee_provider_id": told}
    third = a_message(2, "Yes, gladly!", sender_id=HIM)
    inbox, _ = an_inbox(a_page(chat), a_page(third, *beside))
    with pytest.raises(WrongAnswer, match=HIM):
        await inbox.conversation(at(HER))


async def test_what_is_hidden_deleted_or_an_event_is_nobodys_word_whoever_it_is_of():
    gone: list[dict[str, Any]] = [{"hidden": 1}, {"deleted": 1}, {"is_event": 1}]
    page = a_page(*(a_message(n, sender_id=HIM, **fields) for n, fields in enumerate(gone)))
    inbox, _ = an_inbox(a_page(A_CHAT), page)
    assert await inbox.conversation(at(HER)) == ()


async def test_a_hidden_chat_in_which_two_others_write_is_nobodys():
    hidden = A_CHAT | {"attendee_provider_id": None}
    page = a_page(a_message(1, sender_id=HER), a_message(2, sender_id=HIM))
    inbox, _ = an_inbox(a_page(hidden), page)
    (chat,) = (await inbox.chats(after=NINE)).chats
    found = await inbox.messages(chat, after=NINE)
    assert found.messages == ()
    assert [exc.what for exc in found.wrong] == ["Unipile gives 2 people in the chat of two c"]


async def test_a_chat_whose_record_cannot_be_read_hides_not_the_others_and_is_told():
    inbox, service = an_inbox(
        a_page({"id": ".."}, A_CHAT, {"id": "d", "account_id": "acc-2"}, cursor="more"),
    )
    page = await inbox.chats(after=NINE)
    assert [chat.id for chat in page.chats] == ["c"]
    assert [exc.what for exc in page.wrong] == [
        "Unipile gives '..' as the id of a chat",
        "Unipile gives a chat of the account 'acc-2'",
    ]
    assert page.cursor == "more"
    assert len(service.requests) == 1


async def test_open_invitations_are_read_however_many_there_are():
    pages = [a_page({"invited_user_id": f"p{n}"}, cursor=f"c{n}") for n in range(60)]
    items, _ = sent_items(*pages, a_page({"invited_user_id": "last"}))
    assert [one.to.provider_id for one in await items.pending_invitations()][-1] == "last"


@pytest.mark.parametrize("bad", ["..", "a/b", "%2e%2e", "me", ""])
async def test_no_conversation_is_asked_for_by_what_is_no_id(bad):
    inbox, service = an_inbox()
    with pytest.raises(WrongAnswer):
        await inbox.conversation(at(bad))
    assert service.requests == []


async def test_an_invitation_of_another_account_is_no_evidence():
    items, _ = sent_items(a_page({"invited_user_id": HER, "account_id": "acc-2"}))
    with pytest.raises(WrongAnswer):
        await items.pending_invitations()


async def test_old_talk_does_not_become_new_where_the_service_ignores_the_bound():
    old = a_message(1, "No, thanks", sender_id=HER, timestamp="2015-01-01T00:00:00.000Z")
    page = a_page(a_message(2, "Yes", sender_id=HER), old)
    inbox, _ = an_inbox(a_page(A_CHAT), page)
    assert [m.text for m in await all_messages(inbox)] == ["Yes"]
