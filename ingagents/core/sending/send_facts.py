"""What is looked at before a send: the account, the person, and what is known of both.

Values alone, of one moment. `services.outreach.sending.facts` gathers them, `core.gates` plans by them.
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from ingagents.core.conversation.sequence import Coming
from ingagents.core.facts.facts import Earlier
from ingagents.core.lead_status import Cause
from ingagents.core.message_generator import Unwritable
from ingagents.core.programme import Track, TrackState
from ingagents.core.rate_limiter import RateRules, Usage
from ingagents.core.review_policy import Lapse, Review
from ingagents.core.send_policy import Approval, Channel, Enrols, channel_to
from ingagents.core.sending.campaign_gate import CampaignGate
from ingagents.core.sending.first_touch import Touch
from ingagents.core.sending.refusals import Refusals
from ingagents.core.sending.wanted import Wanted
from ingagents.model import (
    FIRST_CONTACT,
    AccountId,
    ChatMessage,
    Delivery,
    DeliveryState,
    Draft,
    Lead,
    Profile,
    Step,
)


class AccountFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What speaks for and against any send of the account.

    `usage` holds every kind of hold. `rehearsed` counts the texts that a dry run has shown today:
    they would go first. `paused` says by whom and why, `too_many_open` that no further invitation
    may go while so many stand open, `refusals` what those of the last weeks meant, `programme` how it
    stands with the `tracks`, `wanted` who is written to.
    """

    campaign: CampaignGate
    account_id: AccountId = AccountId("")
    paused: str = ""
    too_many_open: str = ""
    usage: Usage
    rules: RateRules
    refusals: Refusals = Refusals()
    rehearsed: int = 0
    tracks: tuple[Track, ...] = ()
    programme: tuple[TrackState, ...] = ()
    wanted: Wanted = Wanted()


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """What LinkedIn shows of a person right now; the conversation oldest first.

    `profile` says connected also where LinkedIn's page does not, but its refusal of an invitation
    did.
    """

    profile: Profile
    conversation: tuple[ChatMessage, ...] = ()
    premium: bool = False
    """The account's, not the person's: how long a note may be."""


class Unseen(msgspec.Struct, frozen=True, kw_only=True):
    """LinkedIn does not show a person, and what that means for the lead; the rest is empty."""

    cause: Cause
    reason: str
    profile: Profile = Profile()
    conversation: tuple[ChatMessage, ...] = ()
    premium: bool = False


class Text(msgspec.Struct, frozen=True, kw_only=True):
    """What would be sent, the lead as it was written for, and the review that approved it."""

    draft: Draft
    written_for: Lead
    review_id: str = ""


class SendFacts(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that is looked at before a send; all of the database's is read in one transaction.

    `stored` is the lead as it was known, `lead` as LinkedIn shows the person. `doubles` are other
    leads under whose names they are shown, `same_as` the one of them that goes on instead, `former`
    people whose address is this one's by now. `held` says what somebody of the team wrote to hold
    this person back for now, `rejected` which human refused this person for good, `claimed` how a
    live first act stands, `withdrawn_until` before when nobody may invite this person whose
    invitation was withdrawn. `review` is the question or the approval that stands, `lapse` why it
    holds no longer; `shown` is the text that a dry run has shown. `touch` says whether an
    invitation would have a note. `coming` is what the plan of the conversation has next, `by_hand`
    when somebody of ours wrote beside our acts, if they did, `earlier` the texts of ours that the
    person has. The service `enrols`: no first contact goes at once.
    """

    step: Step = FIRST_CONTACT
    stored: Lead
    lead: Lead
    coming: Coming = Coming()
    by_hand: datetime | None = None
    earlier: tuple[Earlier, ...] = ()
    same_as: Lead | None = None
    doubles: tuple[Lead, ...] = ()
    former: tuple[Lead, ...] = ()
    suppressed: str = ""
    replied: bool = False
    held: str = ""
    rejected: str = ""
    claimed: DeliveryState | None = None
    withdrawn_until: datetime | None = None
    lost: Delivery | None = None
    seen: Seen | Unseen
    text: Text | Unwritable | None = None
    review: Review | None = None
    lapse: Lapse | None = None
    approval: Approval = "none"
    shown: Review | None = None
    note_limit: int
    touch: Touch
    enrols: Enrols = ""
    account: AccountFacts

    @property
    def profile(self) -> Profile:
        """What LinkedIn shows; it is empty only where `NOT_SHOWN` stands before."""
        return self.seen.profile

    @property
    def conversation(self) -> tuple[ChatMessage, ...]:
        """What was said with the person, oldest first, invitation notes included."""
        return self.seen.conversation

    @property
    def begins(self) -> bool:
        """Whether it is the first contact that is looked at."""
        return self.step == FIRST_CONTACT

    @property
    def channel(self) -> Channel:
        """How the person is reached: a message to a connection, an invitation to others."""
        enrols: Enrols = self.enrols if self.begins else ""
        return channel_to(self.profile, note_limit=self.note_limit, touch=self.touch, enrols=enrols)

    @property
    def standing(self) -> Review | None:
        """The question or the approval, if it still holds."""
        return self.review if self.lapse is None else None
