"""The market itself: acts with LinkedIn's limits, and everything that can be read about them.

What people do is never stored: it follows from the recorded acts and the moment one asks for.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Literal, NamedTuple

import msgspec

from ingagents.model import Profile
from ingagents.sandbox.chance import Draw, opaque_id
from ingagents.sandbox.market.account import Books, Owner, characters, own_member_id
from ingagents.sandbox.market.background import ADVERTISER, Chat, background_chats
from ingagents.sandbox.market.behaviour import Pace, turned_down_for, wall_of
from ingagents.sandbox.market.people import Person, slug_of
from ingagents.sandbox.market.population import Population
from ingagents.sandbox.market.timeline import (
    Invitation,
    Said,
    Standing,
    Story,
    invitation_id,
    standing,
    tell,
    twice,
)
from ingagents.sandbox.record import Act, ActKind, Record

_MESSAGE_MAX = 8000
_MEMBER_ID = re.compile(r"(?:AC[ow]|AE)[A-Za-z0-9_-]{20}")


class Refused(Exception):
    """The market does not act; `code` is the service's word for why."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(detail or code)
        self.code = code
        self.detail = detail


class Invited(NamedTuple):
    """An invitation that went out; `usage` is there only when a warning level was crossed."""

    id: str
    usage: int | None


class Relation(NamedTuple):
    """A connection and since when."""

    person: Person
    since: datetime


class Market:
    """A simulated LinkedIn as one account sees it; further accounts share people and record.

    `now` is the market's clock and gives aware moments; people's delays are divided by
    `act_speed`, and they sleep in `zone`. `account` names one beside the first, with ties of its own. Same seed: same people who behave in the same way.
    """

    def __init__(
        self,
        seed: int = 1,
        size: int = 400,
        *,
        now: Callable[[], datetime],
        people: Sequence[Profile] = (),
        act_speed: float = 1.0,
        zone: str = "Europe/Berlin",
        record: Record | None = None,
        welcome_strangers: bool = False,
        owner: Owner | None = None,
        account: str = "",
        weekly_invitations: int | None = None,
        over_limit_code: Literal["cannot_resend_yet", "limit_exceeded"] = "cannot_resend_yet",
    ) -> None:
        self.seed = seed
        self.people = Population(seed, size, people)
        self.record = record or Record()
        self.owner = owner or Owner()
        self.account = account
        self.ties = seed if not account else Draw(seed, "account", account).below(1 << 31)
        self.own_id = own_member_id(self.ties)
        self.own_slug = f"{self.owner.first_name}-{self.owner.last_name}".lower()
        self._now = now
        self._pace = Pace(speed=act_speed, zone=zone)
        self._welcome_strangers = welcome_strangers
        weekly = self.owner.invitations_a_week if weekly_invitations is None else weekly_invitations
        self._books = Books(premium=self.owner.premium, weekly=weekly, zone=zone)
        self._over_limit_code = over_limit_code
        self._acts: dict[str, list[Act]] = defaultdict(list)
        self._stories: dict[str, Story] = {}
        self._keys: dict[str, str] = {}
        self._indexed_acts = 0
        self._indexed_people = 0
        self._all_said: list[Said] | None = None
        self.opened = self._opening()
        self.people.take_in("slug", ADVERTISER)
        self._background = background_chats(self.ties, self.people.friends(), self.opened)
        self.catch_up()

    def now(self) -> datetime:
        """The market's present moment, in UTC; never before the last act on the record.

        After a crash the caller's clock may go on a little early: what was done stays done.
        """
        acts = self.record.acts
        now = self._now().astimezone(UTC)
        return max(now, acts[-1].at) if acts else now

    def catch_up(self) -> None:
        """Take in what another process has put on the record; call it before every request."""
        self.record.refresh()
        self._index()

    # --- people -------------------------------------------------------------------------------

    def find(self, identifier: str) -> Person:
        """The person with this slug or id.

        Raises:
            Refused: `resource_not_found`; a slug nobody has may bring a stranger instead.
        """
        person = self.people.find(identifier)
        if person is None and self._welcome_strangers and not _MEMBER_ID.match(identifier):
            person = self._meet(slug_of(identifier))
        if person is None:
            raise Refused("resource_not_found", "This member does not exist.")
        return person

    def gone(self, moment: datetime) -> frozenset[str]:
        """The keys of those who have no account any more, or a restricted one."""
        return frozenset(s.person.key for s in self._contacted() if s.gone_by(moment))

    def add_people(self, profiles: Sequence[Profile]) -> list[Person]:
        """Put people into the market for good; searches find them."""
        added = []
        for profile in profiles:
            self.record.add_person("profile", msgspec.json.encode(profile).decode("utf-8"))
            person = self.people.take_in("profile", profile)
            added.extend([person] if person else [])
        self._indexed_people = len(self.record.added)
        return added

    def standing(self, person: Person, moment: datetime) -> Standing:
        """How the person stands to us at that moment."""
        return standing(self.story(person), moment)

    def story(self, person: Person) -> Story:
        """All that happens with this person as things stand, the future included."""
        story = self._stories.get(person.key)
        if story is None:
            acts = self._acts.get(person.key, ())
            story = tell(self.ties, person, acts, pace=self._pace, sender=self.owner.first_name)
            self._stories[person.key] = story
        return story

    # --- acts ---------------------------------------------------------------------------------

    def invite(self, provider_id: str, note: str, *, request: int = 0) -> Invited:
        """Invite somebody; on the record when this returns.

        Raises:
            Refused: nothing was done.
        """
        if characters(note) > self.owner.note_max:
            raise Refused(
                "too_many_characters", f"The note is limited to {self.owner.note_max} characters."
            )
        now = self.now()
        with self.record.alone():
            self._index()
            person = self._recipient(provider_id, "invitation", now)
            state = self.standing(person, now)
            if state.distance == 1:
                raise Refused("already_connected", "This member is in your network already.")
            if state.distance == 0:
                raise Refused("cannot_invite_attendee", "This member is out of your network.")
            if state.blocked:
                # Who declined is told like a used-up quota, what we took back or have open is not.
                declined = state.invitation == "declined"
                raise Refused("cannot_resend_yet" if declined else "already_invited_recently")
            full = self._books.full(self.acts(), note=note, now=now)
            if full:
                raise Refused(self._over_limit_code if full == "week" else "cannot_resend_yet")
            used = self._books.in_week(self.acts(), now)
            act = self._add("invitation", person, note, now, request)
        self._index()
        return Invited(invitation_id(self.ties, act.number), self._books.warning(used))

    def withdraw(self, invitation: str, *, request: int = 0) -> None:
        """Take a pending invitation back.

        Raises:
            Refused: `resource_not_found` when it is not pending.
        """
        now = self.now()
        with self.record.alone():
            self._index()
            for person, pending in self.pending(now):
                if pending.id == invitation:
                    self._add("withdrawal", person, "", now, request)
                    break
            else:
                raise Refused("resource_not_found", "No such pending invitation.")
        self._index()

    def write(self, provider_id: str, text: str, *, inmail: bool = False, request: int = 0) -> Said:
        """Send a direct message; on the record when this returns.

        Raises:
            Refused: nothing was sent.
        """
        if not text.strip():
            raise Refused("missing_parameters", "A message needs a text.")
        if characters(text) > _MESSAGE_MAX:
            raise Refused("too_many_characters", f"Messages are limited to {_MESSAGE_MAX}.")
        now = self.now()
        with self.record.alone():
            self._index()
            person = self._recipient(provider_id, "message", now)
            if self.standing(person, now).distance != 1:
                self._allow_inmail(person, wanted=inmail)
            act = self._add("message", person, text, now, request)
        self._index()
        return next(s for s in self.story(person).said if s.act == act.number and not s.sender)

    # --- reading ------------------------------------------------------------------------------

    def pending(self, moment: datetime) -> list[tuple[Person, Invitation]]:
        """Open invitations, newest first."""
        found = [
            (story.person, invitation)
            for story in self._contacted()
            for invitation in story.invitations
            if invitation.open_at(moment)
        ]
        return sorted(found, key=lambda pair: (pair[1].at, pair[1].id), reverse=True)

    def relations(self, moment: datetime) -> list[Relation]:
        """Our connections, newest first."""
        found = [Relation(person, self._since(person)) for person in self.people.friends()]
        found += [
            Relation(story.person, story.connected_at)
            for story in self._contacted()
            if story.connected_at and story.connected_at <= moment and not story.gone_by(moment)
        ]
        return sorted(found, key=lambda relation: relation.since, reverse=True)

    def chats(self, moment: datetime) -> list[Chat]:
        """Every chat that has something in it, the one with the newest text first."""
        chats = [chat for chat in map(self._chat_of, self._contacted()) if chat]
        chats += self._background
        seen = [chat.until(moment) for chat in chats]
        return sorted((c for c in seen if c.said), key=lambda c: c.said[-1].at, reverse=True)

    def chat(self, chat_id: str, moment: datetime) -> Chat:
        """One chat as it is at that moment.

        Raises:
            Refused: `resource_not_found`.
        """
        found = [chat for chat in self._background if chat.id == chat_id]
        if chat_id in self._keys:
            story = self._story_by_key(self._keys[chat_id])
            found += [chat for chat in [self._chat_of(story)] if chat]
        seen = [chat.until(moment) for chat in found]
        if not seen or not seen[0].said:
            raise Refused("resource_not_found", "No such chat.")
        return seen[0]

    def chats_with(self, attendee_id: str, moment: datetime) -> list[Chat]:
        """The one-to-one chats with a person, by provider id or by the service's attendee id.

        Raises:
            Refused: `resource_not_found` when nobody is called so.
        """
        found = [
            chat
            for chat in self._background
            if chat.person
            and attendee_id in {chat.person.provider_id, self.attendee_id(chat.person)}
        ]
        if not found:
            if attendee_id in self._keys:
                person = self._story_by_key(self._keys[attendee_id]).person
            else:
                person = self.find(attendee_id)
            found = [chat for chat in [self._chat_of(self.story(person))] if chat]
        return [seen for seen in (chat.until(moment) for chat in found) if seen.said]

    def said(self, moment: datetime) -> Sequence[Said]:
        """Everything said in all chats until that moment, oldest first."""
        if self._all_said is None:
            everything = [said for story in self._contacted() for said in story.said]
            everything += [said for chat in self._background for said in chat.said]
            self._all_said = sorted(everything, key=lambda said: (said.at, said.id))
        return [said for said in self._all_said if said.at <= moment]

    def attendee_id(self, person: Person) -> str:
        """The service's own id for a person one has chatted with."""
        return opaque_id(self.ties, "attendee", person.key)

    def acts(self) -> Sequence[Act]:
        """What the account did, oldest first."""
        return [act for act in self.record.acts if act.account == self.account]

    def contacted_twice(self, moment: datetime) -> list[list[Act]]:
        """Pairs of acts of which somebody had wanted one: see `timeline.twice`."""
        people = ((self._acts[story.person.key], story) for story in self._contacted())
        return [pair for acts, story in people for pair in twice(acts, story, moment)]

    # --- back rooms ---------------------------------------------------------------------------

    def _meet(self, slug: str) -> Person | None:
        person = self.people.take_in("slug", slug)
        if person:
            self.record.add_person("slug", person.slug)
        return person

    def _recipient(self, provider_id: str, kind: ActKind, now: datetime) -> Person:
        if provider_id == self.own_id:
            raise Refused("invalid_recipient", "This is the account itself.")
        person = self.people.find(provider_id) if provider_id.startswith("ACo") else None
        if person is None:
            raise Refused("invalid_recipient", "No member has this provider id.")
        if self.standing(person, now).gone:
            raise Refused("user_unreachable")
        wall = wall_of(self.seed, person)
        if wall == "cannot_resend_yet":
            if kind == "invitation" and now < self.opened + turned_down_for(self.seed, person):
                raise Refused(wall)
        elif wall and not (kind == "message" and person.distance == 1):
            raise Refused(wall)
        return person

    def _allow_inmail(self, person: Person, *, wanted: bool) -> None:
        if not wanted:
            raise Refused("no_connection_with_recipient")
        if not self.owner.premium:
            raise Refused("not_allowed_inmail", "InMail needs a premium account.")
        if not person.open_profile:
            raise Refused("insufficient_credits", "This account has no InMail credits.")

    def _add(self, kind: ActKind, person: Person, text: str, at: datetime, request: int) -> Act:
        return self.record.add(
            kind,
            person=person.key,
            provider_id=person.provider_id,
            slug=person.slug,
            text=text,
            at=at,
            request=request,
            account=self.account,
        )

    def _index(self) -> None:
        """Sort new acts to their people; their stories have to be told again."""
        for kind, text in self.record.added[self._indexed_people :]:
            self.people.take_in("profile" if kind == "profile" else "slug", text)
        self._indexed_people = len(self.record.added)
        for act in self.record.acts[self._indexed_acts :]:
            if act.account != self.account:
                continue
            self._acts[act.person].append(act)
            self._stories.pop(act.person, None)
            self._keys[opaque_id(self.ties, "chat", act.person)] = act.person
            self._keys[opaque_id(self.ties, "attendee", act.person)] = act.person
            self._all_said = None
        self._indexed_acts = len(self.record.acts)

    def _contacted(self) -> Iterator[Story]:
        for key in self._acts:
            yield self._story_by_key(key)

    def _story_by_key(self, key: str) -> Story:
        return self._stories.get(key) or self.story(self.people.of_act(self._acts[key][0]))

    def _chat_of(self, story: Story) -> Chat | None:
        return Chat(id=story.chat_id, person=story.person, said=story.said) if story.said else None

    def _since(self, person: Person) -> datetime:
        days = Draw(self.ties, person.key, "since").between(3, 2000)
        return self.opened - timedelta(days=days)

    def _opening(self) -> datetime:
        """When this market opened; the same after a restart."""
        known = self.record.recall("market.opened")
        if known is None:
            known = self.now().isoformat()
            self.record.remember("market.opened", known)
        return datetime.fromisoformat(known)
