"""A campaign at the vendor: it keeps whom it was given, and sends by itself when a step is due.

It has no clock of its own: what is due is done when somebody asks. What it did follows from the
market's record, where enrolments and stops stand beside the acts they led to.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from ingagents.sandbox.market.market import Market, Refused
from ingagents.sandbox.market.people import Person
from ingagents.sandbox.record import Act

FIRST_AFTER = timedelta(hours=1)
"""How long after an enrolment the invitation goes out: the vendor's own queue."""
MESSAGE_AFTER = timedelta(days=1)
FOLLOW_UP_AFTER = timedelta(days=3)
_STEPS = ("first_message", "follow_up_1", "follow_up_2", "follow_up_3")
_FAILED = "campaign.failed"
_OURS = frozenset({"enrolment", "stop"})
_LATER = frozenset({"cannot_resend_yet", "limit_exceeded", "cannot_resend_within_24hrs"})

Status = Literal["Pending", "InSequence", "Finished", "Failed"]


class Enrolled(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody in the campaign: what it was given for them, and what it did since."""

    person: Person
    at: datetime
    texts: Mapping[str, str]
    touched: Sequence[Act]
    stopped: bool
    failed: str
    answered_at: datetime | None
    connected_at: datetime | None
    """When they took its invitation; the enrolment's own moment where they were connected before."""

    @property
    def invited(self) -> bool:
        return any(act.kind == "invitation" for act in self.touched)

    @property
    def messages(self) -> list[Act]:
        return [act for act in self.touched if act.kind == "message"]

    @property
    def last_at(self) -> datetime:
        """When it did, or saw, the last of it."""
        moments = (act.at for act in self.touched)
        others = (self.connected_at, self.answered_at)
        return max([self.at, *moments, *(one for one in others if one is not None)])

    @property
    def left(self) -> list[str]:
        """The texts that are still to be sent."""
        given = [self.texts[step] for step in _STEPS if self.texts.get(step)]
        return given[len(self.messages) :]

    @property
    def status(self) -> Status:
        if self.failed:
            return "Failed"
        if self.stopped or self.answered_at is not None:
            return "Finished"
        if self.connected_at is not None and not self.left:
            return "Finished"
        return "InSequence" if self.touched else "Pending"


class _Given(msgspec.Struct, frozen=True, kw_only=True):
    """What the record keeps of an enrolment or a stop: in which campaign, and with which texts."""

    campaign: int
    texts: Mapping[str, str] = {}


class Campaign:
    """One of the vendor's campaigns, by its number."""

    def __init__(self, market: Market, number: int) -> None:
        self.number = number
        self._market = market

    def take_up(self, person: Person, texts: Mapping[str, str], *, request: int) -> bool:
        """Enrol somebody, or give them other texts; whether they are new."""
        known = self.find(person) is not None
        self._note("enrolment", person, texts, request)
        return not known

    def stop(self, person: Person, *, request: int) -> None:
        """Send somebody nothing more.

        Raises:
            Refused: the campaign does not have them.
        """
        if self.find(person) is None:
            raise Refused("resource_not_found", "Lead is not in the campaign.")
        self._note("stop", person, {}, request)

    def find(self, person: Person) -> Enrolled | None:
        """Somebody in the campaign."""
        return next((one for one in self.everybody() if one.person.key == person.key), None)

    def everybody(self) -> Iterator[Enrolled]:
        """Whom the campaign has, in the order in which they came."""
        acts: dict[str, list[Act]] = {}
        for act in self._market.record.acts:
            if act.kind in _OURS and _given(act).campaign != self.number:
                continue
            if act.kind == "enrolment" or act.person in acts:
                acts.setdefault(act.person, []).append(act)
        now, failed = self._market.now(), self._failed()
        for key, own in acts.items():
            person = self._market.people.of_act(own[0])
            given = [act for act in own if act.kind == "enrolment"]
            story = self._market.story(person)
            answers = [
                said.at
                for said in story.said
                if said.sender is not None and own[0].at <= said.at <= now
            ]
            since = own[0].at if person.distance == 1 else story.connected_at
            yield Enrolled(
                person=person,
                at=own[0].at,
                texts=_given(given[-1]).texts,
                touched=[act for act in own if act.kind in {"invitation", "message"}],
                stopped=any(act.kind == "stop" for act in own),
                failed=failed.get(key, ""),
                answered_at=min(answers, default=None),
                connected_at=since if since is not None and since <= now else None,
            )

    def go_on(self, request: int) -> None:
        """Do what is due by now."""
        for one in list(self.everybody()):
            if one.status in {"Finished", "Failed"}:
                continue
            try:
                self._step(one, request)
            except Refused as exc:
                if exc.code not in _LATER:
                    failed = {**self._failed(), one.person.key: exc.code}
                    self._market.record.remember(_FAILED, msgspec.json.encode(failed).decode())

    def _step(self, one: Enrolled, request: int) -> None:
        now, person = self._market.now(), one.person
        if one.connected_at is None:
            if not one.invited and now >= one.at + FIRST_AFTER:
                note = one.texts.get("invitation", "")
                self._market.invite(person.provider_id, note, request=request)
            return
        since, wait = one.connected_at, MESSAGE_AFTER
        if one.messages:
            since, wait = one.messages[-1].at, FOLLOW_UP_AFTER
        if one.left and now >= since + wait:
            self._market.write(person.provider_id, one.left[0], request=request)

    def _failed(self) -> dict[str, str]:
        noted = self._market.record.recall(_FAILED)
        return {} if noted is None else msgspec.json.decode(noted, type=dict[str, str])

    def _note(
        self,
        kind: Literal["enrolment", "stop"],
        person: Person,
        texts: Mapping[str, str],
        request: int,
    ) -> None:
        record, now = self._market.record, self._market.now()
        text = msgspec.json.encode(_Given(campaign=self.number, texts=texts)).decode()
        with record.alone():
            record.add(
                kind,
                person=person.key,
                provider_id=person.provider_id,
                slug=person.slug,
                text=text,
                at=now,
                request=request,
                account=self._market.account,
            )
        self._market.catch_up()


def _given(act: Act) -> _Given:
    return msgspec.json.decode(act.text, type=_Given)
