"""Why one person waits, whatever the account may do: LinkedIn's refusal, the programme, another voice."""

from __future__ import annotations

from datetime import datetime

from ingagents.core.programme import bar_to, fitting
from ingagents.core.sending.plans import Gate, Wait
from ingagents.core.sending.send_facts import AccountFacts
from ingagents.core.sending.wanted import UNJUDGED
from ingagents.model import Lead


def blocked(account: AccountFacts, lead: Lead, now: datetime) -> Wait | None:
    """The wait for a person to whom LinkedIn takes no invitation for some weeks."""
    until = account.refusals.blocked_until(lead.id)
    if until is None or until <= now:
        return None
    reason = (
        f"LinkedIn refused an invitation to {lead.name}: not asked again before {until:%Y-%m-%d}"
    )
    return Wait(gate=Gate.BLOCKED, reason=reason, until=until, held="person")


def placed(account: AccountFacts, lead: Lead) -> Wait | None:
    """The wait of a person whom the programme has no open place for now."""
    kind = lead.classification or UNJUDGED
    names = fitting(account.tracks, kind, lead.profile)
    reason = bar_to(account.programme, kind, names, meant_for=lead.track)
    return Wait(gate=Gate.PROGRAMME, reason=reason, held="person") if reason else None


def voiced(account: AccountFacts, lead: Lead) -> Wait | None:
    """The wait of a person whom another account has written to, or tried to: they keep that voice."""
    if lead.account_id in {"", account.account_id}:
        return None
    reason = f"the account {lead.account_id} speaks with this person, and no other one does"
    return Wait(gate=Gate.VOICE, reason=reason, held="person")
