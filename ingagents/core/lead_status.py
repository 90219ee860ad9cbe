"""Where a lead stands, and every way from there to elsewhere: the one table of a lead's status.

Whoever has news of a lead names the cause; `move` says where the lead stands then, or that it
stays. Nobody else decides a status. A lead comes in as Not Contacted and is gone when it is erased.

    N Not Contacted   A Allocated   U Uncertain   H Needs Review (a human's turn)
    E Enrolled        I Invited                   S Message Sent
    R Responded       C Closed      F Failed      X Suppressed
    . is refused: the lead stays as it is

    cause               N A U H E I S R C F X
    ALLOCATED           A . . . . . . . . . .
    TAKEN_BACK          . N . . . . . . . . .
    MUST_DECIDE         . H . . . . . . . . .
    APPROVED            . A . A . . . . . . .
    DRAFT_LAPSED        . A . A . . . . . . .
    YES_TAKEN_BACK      . H . H . . . . . . .
    NOBODY_DECIDED      . . . N . . . . . . .
    DRAFT_REJECTED      . C . C . . . . . . .
    SENT                S S S S S S . . . . .
    INVITED             I I I I I . . . . . .
    ENROLLED            E E E E . . . . . . .
    ALREADY_INVITED     . S . . . . . . . . .
    IN_DOUBT            U U U U . . . . . . .
    REFUSED_FOR_NOW     N A A . . . . . . . .
    REFUSED_UNCLEAR     H H H . . . . . . . .
    REFUSED_FOR_GOOD    F F F . F . . . . . .
    NOT_FOUND           . . A . . . . . . . .
    NOT_TO_BE_FOUND     . . H . . . . . . . .
    HUMAN_SAYS_UNSENT   . . A A . . . . . . .
    ANSWERED            R R R R R R R R C R X
    OPTED_OUT           X X X X X X X X X X X
    ANSWER_REJECTED     . . . C . . . C . . .
    WITHDRAWN           . C . . C C C . . . .
    HELD                H H . H . . . . . . .
    REFERRED            H . . . . . . . . . .
    LET_GO              . . . N . . . . . . .
    TEAM_TALKS          C C . C . . . . . . .
    STAGE_UNSAID        . . . . . . . . N . .
    STAGE_UNSAID_ASKED  . . . . . . . . H . .
    STAGE_UNSAID_SENT   . . . . . . . . S . .
    TEAM_CLOSES         C C C C C C C C . C .
    SUPPRESSED          X X X X X X X X X X .
    SAME_PERSON         C C C C C C C C C C X
    RESTORED            N N H H E I S R C F X

Two things can be read off it. Nothing leaves X. And nothing leads from E, I, S, R, C, F or X to N or
A, from where a first message goes out, but the one word of the team that takes a stage back which had
closed somebody whom nobody wrote to; from U only a definite refusal, enough looks, or a human do.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum, auto

import msgspec

from ingagents.model import ContactStatus


class Cause(StrEnum):
    """What happened that may change where a lead stands."""

    ALLOCATED = auto()  # the sales manager hands it to outreach
    TAKEN_BACK = auto()  # outreach had it for too long and did not write, or does not want them
    MUST_DECIDE = auto()  # outreach may not go on alone: a text to approve, an odd profile
    APPROVED = auto()  # a human approved or edited its text
    DRAFT_LAPSED = auto()  # a human's yes came too late for this text: a fresh one is written
    YES_TAKEN_BACK = auto()  # the human who approved its text is not sure any more
    NOBODY_DECIDED = auto()  # no human answered about its text in time
    DRAFT_REJECTED = auto()  # a human will not have this person written to
    SENT = auto()  # the service confirmed or showed a first message, or a human saw it
    INVITED = auto()  # the same of an invitation without a text
    ENROLLED = auto()  # the service confirmed or showed that they are in its campaign
    ALREADY_INVITED = auto()  # an invitation that is not of ours was pending already
    IN_DOUBT = auto()  # a first message may have gone out
    REFUSED_FOR_NOW = auto()  # the service took no message now; it may take one later
    REFUSED_UNCLEAR = auto()  # a refusal that may mean an earlier message had arrived
    REFUSED_FOR_GOOD = auto()  # this person cannot be reached
    NOT_FOUND = auto()  # enough looks found no trace of the message in doubt
    NOT_TO_BE_FOUND = auto()  # looks prove nothing about it: a human has to say
    HUMAN_SAYS_UNSENT = auto()  # a human saw that it did not go out
    ANSWERED = auto()  # the person wrote to us
    OPTED_OUT = auto()  # an answer asks not to be written to
    ANSWER_REJECTED = auto()  # a human ends it after the answer
    WITHDRAWN = auto()  # the invitation, which nobody took, or the enrolment is over or taken back
    HELD = auto()  # somebody of the team holds the person back for now
    REFERRED = auto()  # somebody named this person in an answer: a human looks first
    LET_GO = auto()  # the last hold on a person who was not written to is cleared
    TEAM_TALKS = auto()  # a human of the team talks to the person and set a stage
    STAGE_UNSAID = auto()  # that stage was a mistake: nobody wrote to the person meanwhile
    STAGE_UNSAID_ASKED = auto()  # the same, of somebody a human was asked about or holds
    STAGE_UNSAID_SENT = auto()  # the same, of somebody who was written to
    TEAM_CLOSES = auto()  # somebody closed it in the sheet
    SUPPRESSED = auto()  # never to be written to: a veto, the list of suppressions, one of ours
    SAME_PERSON = auto()  # LinkedIn shows another lead under its names
    RESTORED = auto()  # it comes back from the sheet with the status that stands there


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """A lead that stands `before` stands `after` from now on, which may be the same."""

    before: ContactStatus
    after: ContactStatus
    cause: Cause

    @property
    def told(self) -> dict[str, str]:
        """For the journal."""
        return {"contact_status": self.after.value}

    @property
    def told_before(self) -> dict[str, str]:
        """The same of where it stood."""
        return {"contact_status": self.before.value}


class Refused(msgspec.Struct, frozen=True, kw_only=True):
    """The cause changes nothing for a lead that stands at `status`."""

    status: ContactStatus
    cause: Cause


def move(status: ContactStatus, cause: Cause) -> Change | Refused:
    """Where a lead stands after a cause; `Refused` where the table leaves it as it is."""
    after = _TABLE[cause].get(status)
    if after is None:
        return Refused(status=status, cause=cause)
    return Change(before=status, after=after, cause=cause)


_N = ContactStatus.NOT_CONTACTED
_A = ContactStatus.ALLOCATED
_U = ContactStatus.UNCERTAIN
_H = ContactStatus.NEEDS_REVIEW
_E = ContactStatus.ENROLLED
_I = ContactStatus.INVITED
_S = ContactStatus.MESSAGE_SENT
_R = ContactStatus.RESPONDED
_C = ContactStatus.CLOSED
_F = ContactStatus.FAILED
_X = ContactStatus.SUPPRESSED


def _to(after: ContactStatus, *before: ContactStatus) -> dict[ContactStatus, ContactStatus]:
    return dict.fromkeys(before, after)


_TABLE: Mapping[Cause, Mapping[ContactStatus, ContactStatus]] = {
    Cause.ALLOCATED: _to(_A, _N),
    Cause.TAKEN_BACK: _to(_N, _A),
    Cause.MUST_DECIDE: _to(_H, _A),
    Cause.APPROVED: _to(_A, _A, _H),
    Cause.DRAFT_LAPSED: _to(_A, _A, _H),
    Cause.YES_TAKEN_BACK: _to(_H, _A, _H),
    Cause.NOBODY_DECIDED: _to(_N, _H),
    Cause.DRAFT_REJECTED: _to(_C, _A, _H),
    # An allocation may be taken back or held while the request is out, hence N and H. Whoever
    # answered, was closed or suppressed meanwhile stays so, and only the message is written down.
    Cause.SENT: _to(_S, _N, _A, _U, _H, _E, _I),
    Cause.INVITED: _to(_I, _N, _A, _U, _H, _E),
    Cause.ENROLLED: _to(_E, _N, _A, _U, _H),
    Cause.ALREADY_INVITED: _to(_S, _A),
    Cause.IN_DOUBT: _to(_U, _N, _A, _U, _H),
    # Another process may have taken a slow request for a doubt before its refusal came, hence U.
    Cause.REFUSED_FOR_NOW: _to(_N, _N) | _to(_A, _A, _U),
    Cause.REFUSED_UNCLEAR: _to(_H, _N, _A, _U),
    Cause.REFUSED_FOR_GOOD: _to(_F, _N, _A, _U, _E),
    Cause.NOT_FOUND: _to(_A, _U),
    Cause.NOT_TO_BE_FOUND: _to(_H, _U),
    Cause.HUMAN_SAYS_UNSENT: _to(_A, _U, _H),
    Cause.ANSWERED: _to(_R, _N, _A, _U, _H, _E, _I, _S, _R, _F) | _to(_C, _C) | _to(_X, _X),
    Cause.OPTED_OUT: _to(_X, *ContactStatus),
    Cause.ANSWER_REJECTED: _to(_C, _H, _R),
    Cause.WITHDRAWN: _to(_C, _A, _E, _I, _S),
    Cause.HELD: _to(_H, _N, _A, _H),
    Cause.REFERRED: _to(_H, _N),
    Cause.LET_GO: _to(_N, _H),
    Cause.TEAM_TALKS: _to(_C, _N, _A, _H),
    Cause.STAGE_UNSAID: _to(_N, _C),
    Cause.STAGE_UNSAID_ASKED: _to(_H, _C),
    Cause.STAGE_UNSAID_SENT: _to(_S, _C),
    Cause.TEAM_CLOSES: _to(_C, _N, _A, _U, _H, _E, _I, _S, _R, _F),
    Cause.SUPPRESSED: _to(_X, *(set(ContactStatus) - {_X})),  # X keeps its first reason
    Cause.SAME_PERSON: _to(_C, *(set(ContactStatus) - {_X})) | _to(_X, _X),
    # Nothing that was under way is taken up where nobody knows how it ended.
    Cause.RESTORED: {one: one for one in ContactStatus} | _to(_N, _A) | _to(_H, _U),
}
