"""Chats, texts and attendees of the simulated Unipile."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ingagents.sandbox.chance import Draw
from ingagents.sandbox.faults import FaultPlan, Faults
from ingagents.sandbox.market.background import Chat, crowd
from ingagents.sandbox.market.market import Market, Refused
from ingagents.sandbox.market.people import Person
from ingagents.sandbox.market.timeline import Said
from ingagents.sandbox.unipile import chat_shapes as shapes
from ingagents.sandbox.unipile.gate import Answer, Handler, OwnAccount
from ingagents.sandbox.unipile.http import Ask, envelope, in_window, iso, page, read_limit


class Inbox:
    """One method per route. Reads look at `ask.seen`, acts happen now."""

    def __init__(self, market: Market, account: OwnAccount, faults: Faults) -> None:
        self._market = market
        self._account = account
        self._faults = faults
        self._crowd_of: FaultPlan | None = None
        self._crowd_chats: Mapping[str, Chat] = {}
        self._read: dict[str, str] = {}
        """The last text of a chat that was marked as read: a mark of the client's own, not kept."""

    def routes(self) -> list[tuple[str, str, Handler]]:
        """Method, path and handler."""
        return [
            ("POST", "/chats", self.start_chat),
            ("GET", "/chats", self.chats),
            ("GET", "/chats/{chat_id}", self.chat),
            ("PATCH", "/chats/{chat_id}", self.mark_read),
            ("GET", "/chats/{chat_id}/attendees", self.attendees_of),
            ("POST", "/chats/{chat_id}/messages", self.reply),
            ("GET", "/chats/{chat_id}/messages", self.chat_messages),
            ("GET", "/messages", self.messages),
            ("GET", "/messages/{message_id}", self.message),
            ("GET", "/chat_attendees", self.attendees),
            ("GET", "/chat_attendees/{attendee_id}", self.attendee),
            ("GET", "/chat_attendees/{attendee_id}/messages", self.messages_with),
            ("GET", "/chat_attendees/{attendee_id}/chats", self.chats_with),
        ]

    def start_chat(self, ask: Ask) -> Answer:
        self._account.check(ask.text("account_id"), acting=True)
        attendees = ask.body.get("attendees_ids")
        attendees = [attendees] if isinstance(attendees, str) else attendees
        if not isinstance(attendees, list) or not attendees:
            raise Refused("missing_parameters", "attendees_ids is required.")
        if len(attendees) > 1:
            raise Refused("feature_not_implemented", "The sandbox starts no group chats.")
        options = ask.body.get("linkedin")
        inmail = isinstance(options, dict) and str(options.get("inmail")).lower() == "true"
        said = self._market.write(
            str(attendees[0]), ask.text("text"), inmail=inmail, request=ask.number
        )
        known = not self._keeps_ids_back(said.act)
        return 201, {
            "object": "ChatStarted",
            "chat_id": said.chat_id if known else None,
            "message_id": said.id if known else None,
        }

    def reply(self, ask: Ask) -> Answer:
        if "account_id" in ask.body:
            self._account.check(ask.text("account_id"))
        self._account.check(self._account.id, acting=True)
        # Chats are found as they are now: a lag hides texts from reads, not chats from writers.
        chat = self._market.chat(ask.path["chat_id"], ask.now)
        if chat.person is None or chat.sponsored:
            raise Refused("user_unreachable", "This chat takes no answers in the sandbox.")
        said = self._market.write(
            chat.person.provider_id, ask.text("text"), inmail=True, request=ask.number
        )
        known = not self._keeps_ids_back(said.act)
        return 201, {"object": "MessageSent", "message_id": said.id if known else None}

    def chats(self, ask: Ask) -> Answer:
        self._account.check_filter(ask)
        fits = in_window(ask.query)
        chats = [*self._crowd(ask).values(), *self._market.chats(ask.seen)]
        chats = [c for c in chats if fits(c.said[-1].at)]
        if ask.query.get("account_type", "LINKEDIN") != "LINKEDIN":
            chats = []
        if (unread := ask.query.get("unread")) is not None:
            wanted = unread == "true"
            chats = [c for c in chats if (c.said[-1].sender is not None) == wanted]
        return 200, self._chat_list(ask, chats)

    def chat(self, ask: Ask) -> Answer:
        chat = self._any_chat(ask)
        last = shapes.message(self._market, self._account.id, chat.said[-1])
        return 200, {**self._shape_of(chat), "lastMessage": last}

    def mark_read(self, ask: Ask) -> Answer:
        chat = self._any_chat(ask)
        if ask.text("action") != "setReadStatus" or not isinstance(ask.body.get("value"), bool):
            raise Refused("invalid_parameters", "The sandbox knows setReadStatus, true or false.")
        if ask.body["value"]:
            self._read[chat.id] = chat.said[-1].id
        else:
            self._read.pop(chat.id, None)
        return 200, {"object": "ChatPatched"}

    def attendees_of(self, ask: Ask) -> Answer:
        people = list(_senders(self._any_chat(ask)))
        return 200, envelope("ChatAttendeeList", [self._attendee(p) for p in [*people, None]], None)

    def attendees(self, ask: Ask) -> Answer:
        self._account.check_filter(ask)
        people = {p.key: p for chat in self._market.chats(ask.seen) for p in _senders(chat)}
        shown, cursor = page(
            sorted(people.values(), key=_person_key, reverse=True),
            key=_person_key,
            cursor=ask.query.get("cursor"),
            limit=read_limit(ask.query, default=100, most=250),
        )
        return 200, envelope("ChatAttendeeList", [self._attendee(p) for p in shown], cursor)

    def attendee(self, ask: Ask) -> Answer:
        wanted = ask.path["attendee_id"]
        for chat in self._market.chats(ask.seen):
            for person in _senders(chat):
                if wanted in {person.provider_id, self._market.attendee_id(person)}:
                    return 200, self._attendee(person)
        raise Refused("resource_not_found", "Attendee not found.")

    def chats_with(self, ask: Ask) -> Answer:
        self._account.check_filter(ask)
        fits = in_window(ask.query)
        chats = self._market.chats_with(ask.path["attendee_id"], ask.seen)
        return 200, self._chat_list(ask, [c for c in chats if fits(c.said[-1].at)])

    def chat_messages(self, ask: Ask) -> Answer:
        chat = self._any_chat(ask)
        return 200, self._message_list(ask, list(chat.said))

    def messages(self, ask: Ask) -> Answer:
        self._account.check_filter(ask)
        return 200, self._message_list(ask, list(self._market.said(ask.seen)))

    def message(self, ask: Ask) -> Answer:
        for chat in self._market.chats(ask.seen):
            for said in chat.said:
                if said.id == ask.path["message_id"]:
                    return 200, shapes.message(self._market, self._account.id, said)
        raise Refused("resource_not_found", "Message not found.")

    def messages_with(self, ask: Ask) -> Answer:
        chats = self._market.chats_with(ask.path["attendee_id"], ask.seen)
        return 200, self._message_list(ask, [said for chat in chats for said in chat.said])

    # --- back rooms ---------------------------------------------------------------------------

    def _keeps_ids_back(self, act_number: int) -> bool:
        """Both ids may be null on success; one time in eight they are."""
        return Draw(self._market.seed, "null ids", act_number).chance(0.125)

    def _chat_list(self, ask: Ask, chats: list[Chat]) -> dict[str, Any]:
        shown, cursor = page(
            sorted(chats, key=_chat_key, reverse=True),
            key=_chat_key,
            cursor=ask.query.get("cursor"),
            limit=read_limit(ask.query, default=100, most=250),
        )
        items = [self._shape_of(chat) for chat in shown]
        if self._faults.plan.hidden_chats:
            items = [{**item, "attendee_provider_id": None} for item in items]
        return envelope("ChatList", items, cursor)

    def _shape_of(self, chat: Chat) -> dict[str, Any]:
        return shapes.chat(self._market, self._account.id, chat, self._read.get(chat.id))

    def _attendee(self, person: Person | None) -> dict[str, Any]:
        return shapes.attendee(self._market, self._account.id, person)

    def _any_chat(self, ask: Ask) -> Chat:
        chat_id = ask.path["chat_id"]
        return self._crowd(ask).get(chat_id) or self._market.chat(chat_id, ask.seen)

    def _crowd(self, ask: Ask) -> Mapping[str, Chat]:
        """The other chats of the plan, dated from when they were first asked for."""
        plan = self._faults.plan
        if plan is not self._crowd_of:
            self._crowd_of = plan
            self._crowd_chats = crowd(self._market.seed, plan.other_chats, ask.seen)
        return self._crowd_chats

    def _message_list(self, ask: Ask, said: list[Said]) -> dict[str, Any]:
        fits = in_window(ask.query)
        said = [one for one in said if fits(one.at)]
        if sender_id := ask.query.get("sender_id"):
            own = self._market.own_id
            said = [s for s in said if (s.sender.provider_id if s.sender else own) == sender_id]
        shown, cursor = page(
            sorted(said, key=_said_key, reverse=True),
            key=_said_key,
            cursor=ask.query.get("cursor"),
            limit=read_limit(ask.query, default=100, most=250),
        )
        items = [shapes.message(self._market, self._account.id, one) for one in shown]
        return envelope("MessageList", items, cursor)


def _senders(chat: Chat) -> Iterator[Person]:
    """The others in a chat, each once."""
    told = {said.sender.key: said.sender for said in chat.said if said.sender}
    yield from {**told, **({chat.person.key: chat.person} if chat.person else {})}.values()


def _person_key(person: Person) -> str:
    return person.provider_id


def _chat_key(chat: Chat) -> str:
    return iso(chat.said[-1].at) + chat.id


def _said_key(said: Said) -> str:
    return iso(said.at) + said.id
