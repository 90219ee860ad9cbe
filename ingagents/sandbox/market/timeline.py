"""What has happened between us and one person: a function of what was done to them, and no more.

A story reaches into the future; readers take the part up to their moment. A new act never changes
what a reader may have seen before it: it can only replace what would have come after it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

import msgspec

from ingagents.sandbox.chance import opaque_id
from ingagents.sandbox.market.account import COOL_DOWN
from ingagents.sandbox.market.behaviour import AnswerKind, Pace, accepts_after, answer
from ingagents.sandbox.market.people import Person
from ingagents.sandbox.record import Act


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
    """One text in a chat. `sender` None: us. `note`: the note of an accepted invitation."""

    id: str
    chat_id: str
    at: datetime
    text: str
    sender: Person | None = None
    note: bool = False
    event: bool = False
    act: int = 0
    answer_kind: AnswerKind | None = None


class Story(msgspec.Struct, frozen=True, kw_only=True):
    """All that happens with one person, as things stand; `said` is oldest first."""

    person: Person
    chat_id: str
    invitations: tuple[Invitation, ...] = ()
    connected_at: datetime | None = None
    said: tuple[Said, ...] = ()


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """How a person stands to us at a moment. `blocked`: may not be invited again yet."""

    distance: Literal[0, 1, 2, 3]
    invitation: Literal["", "pending", "declined", "withdrawn"] = ""
    blocked: bool = False


def tell(seed: int, person: Person, acts: Sequence[Act], *, pace: Pace, sender: str) -> Story:
    """The story that follows from these acts towards the person, oldest act first."""
    invitations = _invitations(seed, person, acts, pace)
    chat_id = opaque_id(seed, "chat", person.key)
    ours = [
        Said(
            id=opaque_id(seed, "note", act.number),
            chat_id=chat_id,
            at=invitation.end_at,
            text=act.text,
            note=True,
            act=act.number,
        )
        for act, invitation in invitations
        if invitation.end == "accepted" and invitation.end_at and act.text
    ]
    ours += [
        Said(
            id=opaque_id(seed, "message", act.number),
            chat_id=chat_id,
            at=_to_millisecond(act.at),
            text=act.text,
            act=act.number,
        )
        for act in acts
        if act.kind == "message"
    ]
    ours.sort(key=lambda said: (said.at, said.act))
    accepted = [i.end_at for _, i in invitations if i.end == "accepted"]
    return Story(
        person=person,
        chat_id=chat_id,
        invitations=tuple(invitation for _, invitation in invitations),
        connected_at=accepted[0] if accepted else None,
        said=_with_answers(seed, person, ours, pace, sender),
    )


def standing(story: Story, moment: datetime) -> Standing:
    """How the person stands to us at this moment."""
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


def _with_answers(
    seed: int, person: Person, ours: Sequence[Said], pace: Pace, sender: str
) -> tuple[Said, ...]:
    """Our texts with theirs between; an answer not yet given when we write again is dropped."""
    said: list[Said] = []
    before: AnswerKind | None = None
    for position, text in enumerate(ours):
        said.append(text)
        reply = answer(seed, person, nth=position + 1, before=before, ours=text.text, sender=sender)
        if reply is None:
            continue
        at = pace.moment(text.at, reply.delay)
        if position + 1 < len(ours) and at > ours[position + 1].at:
            continue
        before = reply.kind
        said.append(
            Said(
                id=opaque_id(seed, "answer", text.act, int(text.note)),
                chat_id=text.chat_id,
                at=at,
                text=reply.text,
                sender=person,
                act=text.act,
                answer_kind=reply.kind,
            )
        )
    return tuple(said)


def _to_millisecond(moment: datetime) -> datetime:
    """The service's moments have three digits after the second."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)
