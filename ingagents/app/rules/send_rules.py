"""What the settings allow to be sent: how much, until when, and whether for real."""

from __future__ import annotations

from urllib.parse import urlsplit

from ingagents.core.conversation.sequence import SequenceRules
from ingagents.core.conversation.withdrawals import WithdrawalRules
from ingagents.core.rate_limiter import RateRules
from ingagents.core.reconciler import LookRules
from ingagents.core.send_policy import Enrols
from ingagents.core.sending.campaign_gate import Bar, CampaignGate
from ingagents.loopback import is_loopback
from ingagents.model import AccountId
from ingagents.services.outreach.account import AccountPolicy
from ingagents.settings import Settings
from ingagents.settings.linkedin import AccountSection
from ingagents.settings.policies import policy_of

SANDBOX_ACCOUNT = "sandbox-account"


def rate_rules(settings: Settings, account: AccountSection | None = None) -> RateRules:
    """An account's limits, as the settings set them; None: the first one's."""
    limits, own = settings.outreach.rate_limiting, account or settings.linkedin.each[0]
    hours = own.to_hours(limits.to_hours(settings.campaign.timezone))
    # Whoever sends by hand takes their own pauses, and is handed what the day allows at once.
    gaps = {"min_interval_minutes": 0, "max_interval_minutes": 0} if by_hand(own) else {}
    return policy_of(RateRules, limits, hours=hours, **gaps, **own.limits())


def look_rules(settings: Settings, account: AccountSection | None = None) -> LookRules:
    """How an account's doubts are read back, the first one's; by hand there is nothing to look at."""
    own = account or settings.linkedin.each[0]
    looks = {"looks": 0} if by_hand(own) or own.upload else {}
    return policy_of(LookRules, settings.outreach.uncertain, **looks)


def by_hand(account: AccountSection) -> bool:
    """Whether people of the team send, and no service does."""
    return account.service == "manual"


def all_by_hand(settings: Settings, account_id: AccountId | None = None) -> bool:
    """The same of an account by its name; None: of every one there is."""
    asked = [one for one in settings.linkedin.each if account_id in {None, name_of(one)}]
    return all(map(by_hand, asked))


def hand_of(settings: Settings) -> AccountId | None:
    """The account of whoever sends by hand; None: nobody does."""
    return next((name_of(one) for one in settings.linkedin.each if by_hand(one)), None)


def enrols(account: AccountSection) -> Enrols:
    """Whether the service's own campaign sends, with our texts or its own words."""
    match account.service:
        case "heyreach":
            return "texts"
        case "dripify":
            return "texts" if account.upload else "bare"
        case _:
            return ""


def shows_pages(account: AccountSection) -> bool:
    """Whether the service shows people's pages on LinkedIn; else people are what we know of them."""
    return account.service in {"sandbox", "unipile"}


def accounts_of(settings: Settings) -> tuple[AccountId, ...]:
    """The accounts that send, in the order of the settings; at least one."""
    return tuple(map(name_of, settings.linkedin.each))


def name_of(account: AccountSection) -> AccountId:
    """By what an account is known; where its service needs no name, that service's."""
    nameless = {"sandbox": SANDBOX_ACCOUNT, "manual": "manual", "dripify": "dripify"}
    return AccountId(account.account_id or nameless.get(account.service, ""))


def account_policies(settings: Settings, *, live: bool | None = None) -> tuple[AccountPolicy, ...]:
    """Who writes, under which limits, and whether for real; one for each account."""
    names = accounts_of(settings)
    own = settings.linkedin.each
    sequence = settings.outreach.sequence
    return tuple(
        policy_of(
            AccountPolicy,
            settings.sales_manager,
            account_id=name,
            others=frozenset(names) - {name},
            rules=rate_rules(settings, one),
            warm_up_from=one.warm_up_from,
            enrols=enrols(one),
            campaign_id=one.campaign_id,
            shows_pages=shows_pages(one),
            named_only=by_hand(one) and not all_by_hand(settings),
            gate=campaign_gate(settings),
            live=by_hand(one) or (not is_dry_run(settings) if live is None else live),
            withdrawals=policy_of(WithdrawalRules, one, sequence)
            if one.max_pending_invitations is not None
            else policy_of(WithdrawalRules, sequence),
            first_touch=sequence.first_touch,
            seat=one.seat or settings.linkedin.seat,
            quality_threshold=settings.lead_finder.quality_threshold,
            profile_visits_per_day=settings.lead_finder.profile_visits_per_day,
            programme=tuple(line.to_track() for line in settings.programme),
        )
        for name, one in zip(names, own, strict=True)
    )


def sequence_rules(settings: Settings) -> SequenceRules:
    """What comes after a first contact, and when."""
    hours = settings.outreach.rate_limiting.to_hours(settings.campaign.timezone)
    return policy_of(SequenceRules, settings.outreach.sequence, hours=hours)


def is_live(settings: Settings) -> bool:
    """Whether sends reach somebody beyond this machine's sandbox, as far as the settings say."""
    chosen = settings.linkedin
    return any(by_hand(one) or (chosen.live and one.service != "sandbox") for one in chosen.each)


def is_dry_run(settings: Settings) -> bool:
    """Whether everything is done up to the act, and no act: a real service before `live`.

    What a human sends is theirs to send.
    """
    chosen = settings.linkedin
    return not chosen.live and any(one.service not in {"sandbox", "manual"} for one in chosen.each)


def campaign_gate(settings: Settings) -> CampaignGate:
    """What of the campaign stands before every outward act.

    The sandbox's people are asked to the event it ships with in any year.
    """
    campaign = settings.campaign
    shipped = campaign.event_date == type(campaign).model_fields["event_date"].default
    simulated = settings.linkedin.simulated and shipped
    return policy_of(
        CampaignGate,
        campaign,
        event_date=None if simulated else campaign.event_date,
        unready=missing_for_real(settings) if is_live(settings) else (),
    )


def missing_for_real(settings: Settings) -> tuple[Bar, ...]:
    """What must be set before anything is sent for real, most important first.

    A service on loopback is a rehearsal: it reaches nobody, so nobody need read its reports. Who
    sends by hand is there to read them.
    """
    found = []
    if settings.campaign.as_shipped():
        found.append(
            (
                "[campaign] is as it was shipped",
                "set campaign.event_name, event_date, event_city and sender_name",
            )
        )
    elif not settings.campaign.sender_name.strip():
        found.append(("nobody signs: campaign.sender_name is empty", "set it to who writes"))
    nobody_reads = not settings.sales_manager.report_recipients
    if nobody_reads and not all(
        one.service in {"manual", "sandbox"} or _on_loopback(one.base_url)
        for one in settings.linkedin.each
    ):
        found.append(
            (
                "nobody reads the report and the alerts: sales_manager.report_recipients is empty",
                "name them",
            )
        )
    return tuple(
        Bar(kind="unready", what=f"nothing is sent: {what}", remedy=remedy)
        for what, remedy in found
    )


def _on_loopback(base_url: str) -> bool:
    """Whether an address, with or without a scheme, is of this machine alone."""
    address = base_url if "://" in base_url else f"//{base_url}"
    try:
        return is_loopback(urlsplit(address).hostname or "")
    except ValueError:
        return False
