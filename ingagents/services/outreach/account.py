"""The sending account: what it may do, whether it works, and by what it finds a person."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

import msgspec

from ingagents.context import Context
from ingagents.core.conversation.withdrawals import WithdrawalRules, too_many_open
from ingagents.core.identity import aliases_of_url
from ingagents.core.programme import Track
from ingagents.core.rate_limiter import WEEK, Act, FullWeek, RateRules, Usage, draw_gap
from ingagents.core.send_policy import Enrols
from ingagents.core.sending.campaign_gate import CampaignGate
from ingagents.core.sending.first_touch import LONGEST_MONTH, FirstTouch, Notes, Seat, notes_of
from ingagents.core.sending.means import Mean, means_of
from ingagents.core.sending.plans import Gate, Plan, Skip
from ingagents.core.sending.refusals import Refusals, read_refusals
from ingagents.core.sending.send_facts import AccountFacts, SendFacts, Unseen
from ingagents.core.sending.wanted import Wanted
from ingagents.core.sending.warm_up import warmed_up
from ingagents.core.sending.working_hours import start_of_day
from ingagents.core.strategy.auto_apply import THRESHOLD, in_force, rules_after
from ingagents.errors import AccountBlocked, PersonRefused, TryLater
from ingagents.model import AccountId, AccountState, DeliveryKind, Lead, Recipient
from ingagents.ports import Transaction
from ingagents.store.programme import programme_now
from ingagents.store.tables import deliveries, holds, key_value, reviews, strategy

OTHERS_OPEN = "invitations.others_open"
"""How many invitations were open that no lead is known to have got: somebody's own, or lost."""

VISITS = "profile.visits"
"""The note of how many profiles were visited on a day, by its first moment."""

SEAT = "account.seat"
"""The note of what `users/me` said of the account."""

REMEMBERED = LONGEST_MONTH
"""So far back refusals are read: spent notes count for a month, a blocked person for less."""

BY_HAND = "invitations.by_hand"
"""The note of invitations that are somebody's own or were lost with a newer database."""


@dataclass(frozen=True, kw_only=True)
class AccountPolicy:
    """Who writes, under which rules. `live` False: everything up to the act, and no act.

    `enrols`: the first contact is an enrolment in the service's campaign `campaign_id`. `others` are the
    department's other accounts: each has rules of its own, and goes on by itself. `warm_up_from` is
    the day a new account began. `named_only`: it writes to nobody who was not handed to it.
    `shows_pages`: its service shows people's pages on LinkedIn, so that a look judges whoever was not.
    """

    account_id: AccountId
    others: frozenset[AccountId] = frozenset()
    rules: RateRules
    gate: CampaignGate
    live: bool
    enrols: Enrols = ""
    campaign_id: str = ""
    named_only: bool = False
    shows_pages: bool = True
    warm_up_from: date | None = None
    apply_small_changes: bool = False
    withdrawals: WithdrawalRules = field(default_factory=WithdrawalRules)
    first_touch: FirstTouch = "auto"
    seat: Literal["auto"] | Seat = "auto"
    profile_visits_per_day: int = 80
    programme: tuple[Track, ...] = ()
    write_to_other: bool = True
    quality_threshold: float = 0.0

    @property
    def alone(self) -> AccountId | None:
        """The account that stops by itself when it is in trouble; None: there is no other to go on."""
        return self.account_id if self.others else None

    @property
    def look_judges(self) -> bool:
        """Whether whoever is looked at is judged: by their page, or for want of a text to be read."""
        return self.shows_pages or self.enrols == "bare"

    def rules_now(self, transaction: Transaction, now: datetime) -> RateRules:
        """The limits with the changes of strategy that are in force, and as far as it is warmed up."""
        steps = strategy.in_force(transaction, allowed=self.apply_small_changes)
        return warmed_up(rules_after(self.rules, steps), self.warm_up_from, now)


def account_facts(
    transaction: Transaction, policy: AccountPolicy, *, now: datetime, but: str = ""
) -> AccountFacts:
    """What speaks for and against any send of the account now.

    A dry run uses no quota, but ends where the real one would: what it has shown today goes first,
    other than the text that is `but` to be shown.
    """
    pending = open_invitations(transaction, policy.account_id)
    refusals = refusals_of(transaction, policy.account_id, now=now)
    return AccountFacts(
        campaign=policy.gate,
        account_id=policy.account_id,
        paused=paused(transaction, policy),
        too_many_open=too_many_open(pending, policy.withdrawals),
        usage=usage_of(transaction, policy.account_id, now=now, refusals=refusals),
        rules=policy.rules_now(transaction, now),
        refusals=refusals,
        tracks=policy.programme,
        programme=programme_now(transaction, policy.programme, now=now),
        wanted=_wanted(transaction, policy, now),
        rehearsed=0 if policy.live else reviews.count_shown(transaction, now=now, but=but),
    )


def paused(transaction: Transaction, policy: AccountPolicy) -> str:
    """Why the account sends nothing until somebody says `resume`; "" when it may."""
    pause = key_value.noted(transaction, key_value.PAUSED)
    if not pause and policy.others:
        pause = key_value.noted(transaction, key_value.PAUSED, of=policy.account_id)
    return f"paused by {pause['by']}: {pause['reason']}" if pause else ""


def usage_of(
    transaction: Transaction,
    account_id: AccountId,
    *,
    now: datetime,
    refusals: Refusals | None = None,
) -> Usage:
    """What the account did in the last week, and what holds it, whichever kind of act."""
    if refusals is None:
        refusals = refusals_of(transaction, account_id, now=now)
    full = None
    if (at := refusals.week_full_at) is not None and at > now - WEEK:
        before = _acts_since(transaction, account_id, at - WEEK)
        taken = sum(one.kind is DeliveryKind.INVITATION and one.at <= at for one in before)
        full = FullWeek(at, taken)
    return Usage(
        acts=_acts_since(transaction, account_id, now - WEEK),
        holds=holds.holds(transaction, account_id),
        full=full,
    )


def refusals_of(transaction: Transaction, account_id: AccountId, *, now: datetime) -> Refusals:
    """What LinkedIn's refusals of invitations meant, as far as they still count."""
    return read_refusals(deliveries.invitations_since(transaction, account_id, now - REMEMBERED))


def notes_now(
    transaction: Transaction,
    policy: AccountPolicy,
    *,
    premium: bool,
    refusals: Refusals,
    now: datetime,
) -> Notes:
    """The notes of the month, on the seat that the settings name or else the account shows."""
    zone = policy.rules.hours.timezone
    shown: Seat = "premium" if premium else "free"
    return notes_of(
        shown if policy.seat == "auto" else policy.seat,
        written=deliveries.notes_since(transaction, policy.account_id, now - LONGEST_MONTH),
        spent_at=refusals.notes_spent_at,
        now=now,
        timezone=zone,
    )


def means_now(
    transaction: Transaction, policy: AccountPolicy, *, now: datetime
) -> tuple[Mean, ...]:
    """What is left of each scarce means, for the status and the report: nobody outside is asked."""
    facts = account_facts(transaction, policy, now=now)
    own = policy.account_id
    shown, known = seat_shown(transaction, own), policy.seat != "auto"
    visits = visits_on(transaction, own, start_of_day(now, policy.rules.hours.timezone))
    means = means_of(
        now,
        facts.usage,
        facts.rules,
        notes=notes_now(transaction, policy, premium=bool(shown), refusals=facts.refusals, now=now),
        seat_from="settings" if known else "assumed" if shown is None else "account",
        visits=(visits, policy.profile_visits_per_day),
        pending=(
            open_invitations(transaction, policy.account_id),
            policy.withdrawals.max_pending_invitations,
        ),
    )
    if not policy.others:
        return means
    return tuple(msgspec.structs.replace(one, account=policy.account_id) for one in means)


def visits_on(transaction: Transaction, account_id: AccountId, day: datetime) -> int:
    """How many profiles the account visited on the day that began at a moment, but for those written to."""
    visits: dict[str, int] = key_value.noted(transaction, VISITS, of=account_id) or {}
    return visits.get(day.isoformat(), 0)


def count_visit(
    transaction: Transaction, account_id: AccountId, day: datetime, now: datetime
) -> None:
    """A profile was visited on a day, or will be at once."""
    made = visits_on(transaction, account_id, day) + 1
    key_value.note(transaction, VISITS, {day.isoformat(): made}, at=now, of=account_id)


def rest_after(
    context: Context, transaction: Transaction, policy: AccountPolicy, what: str
) -> float:
    """Hold the account for a pause after `what`; the number that the pause was drawn from."""
    draw, now = context.chance.random(), context.clock.now()
    gap = draw_gap(policy.rules, draw)
    minutes = gap.total_seconds() / 60
    reason = f"a pause of {minutes:.1f} min after the last {what}"
    holds.hold(transaction, policy.account_id, "gap", until=now + gap, reason=reason)
    return draw


def note_look(
    context: Context, transaction: Transaction, policy: AccountPolicy, facts: SendFacts, plan: Plan
) -> None:
    """Somebody who was not judged yet was looked at: one visit of the day, and a pause after it."""
    if facts.stored.classification is not None or isinstance(facts.seen, Unseen):
        return
    if not policy.shows_pages:
        return
    now = context.clock.now()
    count_visit(transaction, policy.account_id, start_of_day(now, policy.rules.hours.timezone), now)
    if isinstance(plan, Skip) and plan.gate is Gate.KIND:
        rest_after(context, transaction, policy, "look")


def _wanted(transaction: Transaction, policy: AccountPolicy, now: datetime) -> Wanted:
    steps = strategy.in_force(transaction, allowed=policy.apply_small_changes)
    day = start_of_day(now, policy.rules.hours.timezone)
    made = visits_on(transaction, policy.account_id, day)
    return Wanted(
        write_to_other=policy.write_to_other,
        quality_threshold=in_force(THRESHOLD, policy.quality_threshold, steps),
        looks_left=policy.profile_visits_per_day - made,
        shows_pages=policy.shows_pages,
    )


def note_seat(
    transaction: Transaction, account_id: AccountId, account: AccountState, now: datetime
) -> None:
    """Remember what the account has paid for: the status and the report ask no service."""
    if seat_shown(transaction, account_id) != account.premium:
        key_value.note(transaction, SEAT, {"premium": account.premium}, at=now, of=account_id)


def seat_shown(transaction: Transaction, account_id: AccountId) -> bool | None:
    """Whether the account showed itself as premium when it was asked last; None: never asked."""
    noted: dict[str, bool] | None = key_value.noted(transaction, SEAT, of=account_id)
    return None if noted is None else noted["premium"]


def _acts_since(transaction: Transaction, account_id: AccountId, since: datetime) -> list[Act]:
    noted = invited_by_hand(transaction, account_id).values()
    by_hand = [Act(datetime.fromisoformat(at)) for at in noted]
    ours = deliveries.claimed_since(transaction, account_id, since)
    return sorted([*ours, *by_hand]) if by_hand else ours


def open_invitations(transaction: Transaction, account_id: AccountId) -> int:
    """How many invitations of the account stand open: those to leads, and others seen open last."""
    others: int = key_value.noted(transaction, OTHERS_OPEN, of=account_id) or 0
    return deliveries.open_invitations(transaction, account_id) + others


def note_open(transaction: Transaction, account_id: AccountId, listed: int, now: datetime) -> None:
    """Remember how many of the `listed` open invitations are not known to have gone to a lead."""
    known = deliveries.open_invitations(transaction, account_id)
    key_value.note(transaction, OTHERS_OPEN, max(0, listed - known), at=now, of=account_id)


def invited_by_hand(transaction: Transaction, account_id: AccountId) -> dict[str, str]:
    """Invitations of the account to people who are no leads: hashed id -> when, of the last week.

    They are somebody's own or were lost with a newer database; LinkedIn counts them either way.
    """
    noted: dict[str, str] | None = key_value.noted(transaction, BY_HAND, of=account_id)
    return noted or {}


def in_order(account: AccountState) -> AccountState:
    """The account, if it can act; while it cannot, also what it shows is not fresh.

    Raises:
        TryLater: it is connecting.
        AccountBlocked: a human has to log in again.
    """
    if account.status == "CONNECTING":
        raise TryLater("the LinkedIn account is connecting", "it is tried again")
    if account.status != "OK":
        raise AccountBlocked(
            f"the LinkedIn account reports {account.status}",
            "log in again at the service, then `ingagents resume`",
        )
    return account


def recipient_of(lead: Lead) -> Recipient:
    """By what a service finds a lead: what the profile showed, else what the address says.

    Raises:
        PersonRefused: neither names a person.
    """
    names = {alias.kind: alias.value for alias in aliases_of_url(lead.linkedin_url)}
    slug = lead.profile.public_identifier or names.get("slug", "")
    member_id = lead.provider_id
    if not slug:  # an id out of an address may be one that only Sales Navigator or Recruiter knows
        in_address = (names.get(kind) for kind in ("acoa", "acwa", "ae"))
        member_id = member_id or next(filter(None, in_address), "")
    if not member_id and not slug:
        raise PersonRefused(
            f"lead {lead.id} has no LinkedIn address that a service could find",
            "add the profile's URL",
        )
    return Recipient(
        provider_id=member_id,
        public_identifier=slug,
        linkedin_url=lead.linkedin_url,
        member_number=lead.profile.member_number,
    )
