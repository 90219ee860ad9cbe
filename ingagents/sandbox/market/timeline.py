"""What has happened between us and one person: a function of what was done to them, and no more.

A story reaches into the future; readers take the part up to their moment. A new act never changes
what a reader may have seen before it: it can only replace what would have come after it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec

from ingagents.sandbox.chance import Draw, opaque_id
from ingagents.sandbox.market.account import COOL_DOWN
from ingagents.sandbox.market.behaviour import (
    Pace,
    accepts_after,
    answer,
    answer_back_from_leave,
    manner_after,
    manner_of,
)
from ingagents.sandbox.market.people import Person
from ingagents.sandbox.market.wording import AnswerKind, by_hand, day_ahead, words
from ingagents.sandbox.record import REACHES, Act

_LEFT_ALONE = timedelta(hours=20)
"""A working day; whoever did not answer a text wants no other one before."""


class Invitation(msgspec.Struct, frozen=True, kw_only=True):
    """One invitation, and how and when it ends; `end` None: it is left lying."""

    id: str
    at: datetime
    note: str
    end: Literal["accepted", "declined", "withdrawn"] | None = None
    end_at: datetime | None = None

    def open_at(self, moment: datetime) -> bool:
        """Whether it is pending at that moment."""
        return self.at <= moment and (self.end_at is None or moment < self.end_at)


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """One text in a chat. `sender` None: us. `note`: the note of an accepted invitation.

    `act` is the act it comes of or answers; 0: none, a human of ours wrote it, or they began.
    """

    id: str
    chat_id: str
    at: datetime
    text: str
    sender: Person | None = None
    note: bool = False
    event: bool = False
    act: int = 0
    answer_kind: AnswerKind | None = None


Gone = Literal["", "deleted", "restricted"]


class Story(msgspec.Struct, frozen=True, kw_only=True):
    """All that happens with one person, as things stand; `said` is oldest first.

    `gone` says what becomes of their account at `gone_at`, after they accepted.
    """

    person: Person
    chat_id: str
    invitations: tuple[Invitation, ...] = ()
    connected_at: datetime | None = None
    said: tuple[Said, ...] = ()
    gone: Gone = ""
    gone_at: datetime | None = None

    def gone_by(self, moment: datetime) -> Gone:
        """What has become of their account by a moment; "": nothing."""
        return self.gone if self.gone_at is not None and self.gone_at <= moment else ""


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """How a person stands to us at a moment. `blocked`: may not be invited again yet.

    Who is `gone` is nobody's connection any more.
    """

    distance: Literal[0, 1, 2, 3]
    invitation: Literal["", "pending", "declined", "withdrawn"] = ""
    blocked: bool = False
    gone: Gone = ""


def tell(seed: int, person: Person, acts: Sequence[Act], *, pace: Pace, sender: str) -> Story:
    """The story that follows from these acts towards the person, oldest act first."""
    invitations = _invitations(seed, person, acts, pace)
    accepted = [(act, i.end_at) for act, i in invitations if i.end == "accepted" and i.end_at]
    since = accepted[0][1] if accepted else None
    manner = manner_of(seed, person) if since else ""
    # What their manner brings counts from the acceptance: no later act changes it.
    happens = pace.moment(since, manner_after(seed, person)) if since else None
    voice = _Voice(seed, person, pace, sender)
    ours = [voice.note(act, at) for act, at in accepted if act.text]
    ours += [voice.message(act) for act in acts if act.kind == "message"]
    if manner == "written_to_by_hand" and happens:
        ours.append(voice.by_hand(happens))
    ours.sort(key=lambda said: (said.at, said.act))
    greets = manner == "greets" and not accepted[0][0].text
    said = voice.chat(ours, voice.greeting(happens) if greets and happens else None)
    gone: Gone = manner if manner in ("deleted", "restricted") else ""
    if gone and happens:
        said = [one for one in said if one.sender is None or one.at < happens]
    return Story(
        person=person,
        chat_id=voice.chat_id,
        invitations=tuple(invitation for _, invitation in invitations),
        connected_at=since,
        said=tuple(said),
        gone=gone,
        gone_at=happens if gone else None,
    )


def standing(story: Story, moment: datetime) -> Standing:
    """How the person stands to us at this moment."""
    if gone := story.gone_by(moment):
        return Standing(distance=0, gone=gone)
    distance = story.person.distance
    if distance == 1 or (story.connected_at and story.connected_at <= moment):
        return Standing(distance=1)
    sent = [invitation for invitation in story.invitations if invitation.at <= moment]
    if not sent:
        return Standing(distance=distance)
    last = sent[-1]
    if last.open_at(moment):
        return Standing(distance=distance, invitation="pending", blocked=True)
    blocked = last.end_at is not None and moment < last.end_at + COOL_DOWN
    ended: Literal["declined", "withdrawn"] = "withdrawn" if last.end == "withdrawn" else "declined"
    return Standing(distance=distance, invitation=ended, blocked=blocked)


def twice(acts: Sequence[Act], story: Story, moment: datetime) -> Iterator[list[Act]]:
    """Pairs of acts that nobody wants: an invitation after any act, or a text soon after a text.

    Whoever answered in between may be answered; whoever is silent is left alone for a day.
    """
    answers = [s.at for s in story.said if s.sender is not None and s.at <= moment]
    for before, act in pairwise(act for act in acts if act.kind in REACHES):
        text_on_text = before.kind == act.kind == "message"
        soon = text_on_text and act.at - before.at < _LEFT_ALONE
        answered = any(before.at < at <= act.at for at in answers)
        if act.kind == "invitation" or (soon and not answered):
            yield [before, act]


def invitation_id(seed: int, act_number: int) -> str:
    """The digits the service calls an invitation by."""
    return str(7_000_000_000_000_000_000 + (seed % 1000) * 10**15 + act_number * 7919)


def _invitations(
    seed: int, person: Person, acts: Sequence[Act], pace: Pace
) -> list[tuple[Act, Invitation]]:
    found: list[tuple[Act, Invitation]] = []
    for act in acts:
        if act.kind == "invitation":
            verdict, delay = accepts_after(seed, person, len(found) + 1)
            invitation = Invitation(
                id=invitation_id(seed, act.number), at=_to_millisecond(act.at), note=act.text
            )
            if verdict is not None:
                invitation = msgspec.structs.replace(
                    invitation,
                    end="accepted" if verdict else "declined",
                    end_at=pace.moment(act.at, delay),
                )
            found.append((act, invitation))
        elif act.kind == "withdrawal" and found and found[-1][1].open_at(act.at):
            invited, invitation = found[-1]
            withdrawn = msgspec.structs.replace(invitation, end="withdrawn", end_at=act.at)
            found[-1] = (invited, withdrawn)
    return found


class _Voice:
    """All that is said in the chat with one person."""

    def __init__(self, seed: int, person: Person, pace: Pace, sender: str) -> None:
        self.chat_id = opaque_id(seed, "chat", person.key)
        self._seed = seed
        self._person = person
        self._pace = pace
        self._sender = sender

    def note(self, act: Act, accepted_at: datetime) -> Said:
        """The note of an invitation comes into the chat when it is accepted."""
        note_id = opaque_id(self._seed, "note", act.number)
        return Said(
            id=note_id,
            chat_id=self.chat_id,
            at=accepted_at,
            text=act.text,
            note=True,
            act=act.number,
        )

    def message(self, act: Act) -> Said:
        """A message that was sent through the service."""
        message_id = opaque_id(self._seed, "message", act.number)
        at = _to_millisecond(act.at)
        return Said(id=message_id, chat_id=self.chat_id, at=at, text=act.text, act=act.number)

    def by_hand(self, at: datetime) -> Said:
        """A message that a colleague of ours wrote on LinkedIn itself."""
        text = by_hand(self._seed, self._person, sender=self._sender, at=at)
        hand_id = opaque_id(self._seed, "by hand", self._person.key)
        return Said(id=hand_id, chat_id=self.chat_id, at=at, text=text)

    def greeting(self, at: datetime) -> Said:
        """What somebody begins with who was told nothing."""
        return self._theirs("greeting", at, 0, opaque_id(self._seed, "greeting", self._person.key))

    def chat(self, ours: Sequence[Said], first: Said | None) -> list[Said]:
        """Our texts with theirs between; what they had not said when we wrote again is dropped.

        `first` is what they would begin with, if we do not.
        """
        said: list[Said] = []
        before: AnswerKind | None = None
        if first is not None and not (ours and ours[0].at <= first.at):
            said.append(first)
            before = first.answer_kind
        for nth, text in enumerate(ours, start=1):
            said.append(text)
            for reply in self._answers(text, nth, before):
                if nth < len(ours) and reply.at > ours[nth].at:
                    break
                said.append(reply)
                before = reply.answer_kind
        return said

    def _answers(self, text: Said, nth: int, before: AnswerKind | None) -> Iterator[Said]:
        """Nothing, one answer, or an absence and what they say on their return."""
        reply = answer(self._seed, self._person, nth=nth, before=before)
        if reply is None:
            return
        key = (text.act, int(text.note)) if text.act else (self._person.key,)
        at = self._pace.moment(text.at, reply.delay)
        yield self._theirs(reply.kind, at, nth, opaque_id(self._seed, "answer", *key), text)
        back = answer_back_from_leave(self._seed, self._person, nth=nth)
        if reply.kind == "out_of_office" and back is not None:
            day = self._about(reply.kind, at, nth)[1].replace(hour=9)
            at = _to_millisecond((day + back.delay).astimezone(UTC))
            yield self._theirs(back.kind, at, nth, opaque_id(self._seed, "back", *key), text)

    def _theirs(
        self, kind: AnswerKind, at: datetime, nth: int, said_id: str, to: Said | None = None
    ) -> Said:
        draw, about = self._about(kind, at, nth)
        ours = to.text if to else ""
        text = words(draw, self._person, kind, ours=ours, sender=self._sender, about=about)
        return Said(
            id=said_id,
            chat_id=self.chat_id,
            at=at,
            text=text,
            sender=self._person,
            act=to.act if to else 0,
            answer_kind=kind,
        )

    def _about(self, kind: AnswerKind, at: datetime, nth: int) -> tuple[Draw, datetime]:
        """The draw of an answer's words, and the day that they name."""
        draw = Draw(self._seed, self._person.key, "words", kind, nth)
        return draw, day_ahead(draw, kind, at, ZoneInfo(self._pace.zone))


def _to_millisecond(moment: datetime) -> datetime:
    """The service's moments have three digits after the second."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)
