"""What the gates before somebody are called beside those of a send, and what is said of each."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum, auto
from types import MappingProxyType

from ingagents.core.sending.plans import Gate

UNJUDGED_VALUE = "not judged yet: their profile is looked at before anything is sent"


class NotYet(StrEnum):
    """What stands before somebody beside the gates of a send.

    SEARCH_EXHAUSTED stands before nobody who is known: it is why nobody new is.
    """

    BELOW_THRESHOLD = auto()
    NO_ADDRESS = auto()
    OTHER = auto()
    SAME_COMPANY = auto()
    """Somebody of their company was allocated today, or is talked to."""
    FULL = auto()
    """Others come before them in the next allocation."""
    ALLOCATION = auto()
    """They would be among those of the next allocation."""
    RESTING = auto()
    """LinkedIn's service answered about somebody else."""
    DRY_RUN = auto()
    TURN = auto()
    """Nothing is in the way: the next pass takes them."""
    NOT_ACCEPTED = auto()
    IN_DOUBT = auto()
    NEEDS_HUMAN = auto()
    ENROLLED = auto()
    """The service's campaign takes the steps."""
    ENDED = auto()
    SEARCH_EXHAUSTED = auto()


def said_of(gate: Gate | NotYet) -> str:
    """Why many people stand before a gate, where it says more of each."""
    return _OF_MANY[gate]


def change_of(gate: Gate | NotYet, lead: str = "LEAD") -> str:
    """What would open a gate, for a human; `lead` is how a command names the person."""
    return _CHANGES.get(gate, "").format(lead=lead)


def open_by(gate: Gate) -> str:
    """Why a gate is open, where it has no value to name."""
    return _OPEN[gate]


_OF_MANY: Mapping[Gate | NotYet, str] = MappingProxyType(
    {
        Gate.SUPPRESSED: "they are never to be written to",
        Gate.SAME_PERSON: "another lead is the same person",
        Gate.ANSWERED: "they have answered: a human goes on",
        Gate.NOT_DUE: "their next step is still to come",
        Gate.HELD: "somebody of the team holds them back",
        Gate.PROGRAMME: "the programme has no open place for them now",
        NotYet.BELOW_THRESHOLD: "their quality is below the threshold",
        NotYet.NO_ADDRESS: "no LinkedIn address of theirs is known",
        NotYet.OTHER: "they would neither speak nor sponsor",
        NotYet.SAME_COMPANY: "one person of a company at a time",
        NotYet.ALLOCATION: "they would be in the next allocation",
        NotYet.FULL: "others come before them in the next allocation",
        NotYet.NOT_ACCEPTED: "their invitation is not accepted",
        NotYet.IN_DOUBT: "it is not known whether the last act arrived",
        NotYet.NEEDS_HUMAN: "a human decides first",
        NotYet.ENROLLED: "the service's campaign takes the steps",
        NotYet.ENDED: "their conversation is over, or they cannot be reached",
        NotYet.SEARCH_EXHAUSTED: "the last search has shown everybody it finds",
    }
)
_OPEN: Mapping[Gate, str] = MappingProxyType(
    {
        Gate.SAME_PERSON: "no other lead has their names",
        Gate.SUPPRESSED: "no suppression names them",
        Gate.ANSWERED: "they have not written to us",
        Gate.HELD: "nobody holds them back",
        Gate.REJECTED: "no human said no",
        Gate.WITHDRAWN: "no invitation to them was withdrawn",
        Gate.CLAIMED: "this step is not claimed",
        Gate.BLOCKED: "LinkedIn did not refuse an invitation to them",
        Gate.PROGRAMME: "a place is open for them",
        Gate.VOICE: "no other account of ours has written to them",
        Gate.PAUSED: "the kill switch is off",
        Gate.OPEN_INVITATIONS: "fewer invitations stand open than may",
    }
)
_CHANGES: Mapping[Gate | NotYet, str] = MappingProxyType(
    {
        Gate.SAME_PERSON: "nothing: the other lead is gone on with",
        Gate.SUPPRESSED: "nothing: a no is a no",
        Gate.ANSWERED: "a human answers on LinkedIn, then `ingagents leads stage {lead} STAGE`",
        Gate.STATUS: "`ingagents leads show {lead}` says what came between",
        Gate.NOT_DUE: "time, or their answer",
        Gate.HELD: "whoever wrote the hold clears it in the sheet",
        Gate.REJECTED: "nothing: a human's no is a no",
        Gate.WITHDRAWN: "a human may invite them on LinkedIn from that day on",
        Gate.CLAIMED: "what becomes of that act",
        Gate.KIND: "time, where the day's profile visits are made; another kind by a human's word",
        Gate.BLOCKED: "time",
        Gate.PROGRAMME: "an answer, or a stage that settles an open conversation; more places in"
        " [[programme]]",
        Gate.VOICE: "that account, back in [[linkedin.accounts]]",
        Gate.APPROVAL: "`ingagents review list`",
        Gate.CAMPAIGN: "the settings in [campaign]",
        Gate.PAUSED: "`ingagents resume`",
        Gate.OPEN_INVITATIONS: "invitations that are accepted or withdrawn, or a higher"
        " outreach.sequence.max_pending_invitations",
        Gate.LIMITS: "time, or [outreach.rate_limiting]",
        NotYet.BELOW_THRESHOLD: "a lower lead_finder.quality_threshold, or a profile that says more",
        NotYet.NO_ADDRESS: "import a list that has their LinkedIn address",
        NotYet.OTHER: "sales_manager.write_to_other = true, or another kind by a human's word",
        NotYet.SAME_COMPANY: "the end of the conversation with their colleague, or"
        " sales_manager.allow_same_company = true",
        NotYet.FULL: "outreach writes to those before them; a higher sales_manager.max_leads",
        NotYet.ALLOCATION: "`ingagents once --task allocate` does it now",
        NotYet.RESTING: "time; see on LinkedIn whether the profile's address changed",
        NotYet.DRY_RUN: "linkedin.live = true",
        NotYet.TURN: "`ingagents run`, or `ingagents once --task outreach`",
        NotYet.NOT_ACCEPTED: "they accept the invitation; it is withdrawn after"
        " outreach.sequence.withdraw_after_days",
        NotYet.IN_DOUBT: "LinkedIn is read back; after the last look a human says what happened",
        NotYet.NEEDS_HUMAN: "a human decides: `ingagents leads show {lead}`",
        NotYet.ENROLLED: "time, or their answer; the campaign is in the service's own pages",
        NotYet.ENDED: "nothing by itself; `ingagents leads show {lead}` says what came of it",
        NotYet.SEARCH_EXHAUSTED: "wider lead_finder.search_criteria, or a list:"
        " `ingagents leads import FILE`",
    }
)
