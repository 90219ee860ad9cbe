"""Seeds whose service sends by a campaign of its own: HeyReach's, which enrols, is followed and stops.

What the campaign does by itself later is no act of ours; nobody counts as sent before it did.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

import msgspec

from ingagents.model import AccountId, ContactStatus, Profile, Recipient, SendResult
from ingagents.ports import CampaignSender, LinkedInService, Transaction
from ingagents.sandbox.heyreach.api import CAMPAIGN
from ingagents.sandbox.market.campaign import Campaign
from ingagents.sandbox.record import REACHES
from ingagents.sandbox.record import Act as Performed
from ingagents.store.enrolments import unstopped
from ingagents.store.tables import reviews
from tests.campaign_world import CampaignWorld
from tests.simulation.ending import AFTER_AN_ACT, HEARD_WITHIN
from tests.simulation.monitor import Monitor
from tests.simulation.process import Process
from tests.simulation.snapshot import Act, Snapshot
from tests.simulation.trouble import Wire
from tests.simulation.world import SimulatedWorld
from tests.world import doubts_of

HEYREACH = Wire(
    sends=(  # two of three are stops, for there are fewer of them
        "POST /campaign/AddLeadsToCampaignV2",
        "POST /inbox/SendMessage",
        *["POST /campaign/StopLeadInCampaign"] * 4,
    ),
    reads=("POST /campaign/Get", "POST /inbox/Get", "GET /inbox", "POST /MyNetwork", "GET"),
    lies=(
        ("POST /inbox/GetConv", {"correspondentProfile": {"profileUrl": "https://www.linkedin.com/in/somebody-else"}}),
        ("POST /inbox/GetConv", {"lastMessageAt": "2100-01-01T00:00:00.0000000Z"}),
        ("POST /campaign/GetCampaignsForLead", {"leadStatus": "Unheard of"}),
        ("POST /MyNetwork", {"isConnection": "perhaps"}),
        ("GET /campaign/GetById", {"status": "PAUSED"}),
    ),
)  # fmt: skip
_SHOWN_AS_SENT = {ContactStatus.INVITED, ContactStatus.MESSAGE_SENT}


class CampaignMonitor(Monitor):
    """The same invariants, where an act of ours is an enrolment or a stop."""

    def _look_at_leads(self, before: Snapshot) -> None:
        super()._look_at_leads(before)
        for lead, stands in self.seen.statuses.items():
            if stands in _SHOWN_AS_SENT and before.statuses.get(lead) != stands:
                person = self.person_of(lead)
                acts = self._world.acts(person) if person is not None else []
                if not any(act.kind in REACHES for act in acts):
                    self._wrong(f"{lead} is {stands}, and the campaign has sent nothing")

    def _look_at_act(self, was: Act | None, act: Act, before: Snapshot, process: Process) -> None:
        super()._look_at_act(was, act, before, process)
        if act.kind != "stop" or (was is not None and was.state == act.state):
            return
        self._world.figures[f"stops {act.state}"] += 1
        person = self._world.market.people.find(act.address)
        if act.state == "sent" and person is not None:
            there = Campaign(self._world.market, CAMPAIGN).find(person)
            if there is not None and there.status not in {"Finished", "Failed"}:
                self._wrong(f"{act.address} counts as stopped, and the campaign goes on")
        if act.state == "refused" and act.id in self._performed:
            self._wrong(f"the stop of {act.address} counts as refused and was performed")

    def _look_at_stop(self, act: Act, process: Process) -> None:
        """Of somebody who is in the campaign, for a reason, and nobody is asked twice."""
        self.claimed_just_now = True
        about = f"stop of {act.address} by {process.name}"
        now, lead = self.seen, act.recipient
        if now.holders.get("outreach") != process.holder:
            self._wrong(f"{about}: another process holds the role")
        enrolment = now.acts.get(act.step.partition(":")[2])
        if enrolment is None or enrolment.state != "sent":
            self._wrong(f"{about}: they were not enrolled")
        over = now.statuses.get(lead) in {ContactStatus.CLOSED, ContactStatus.FAILED}
        if not over and lead not in now.answered | now.suppressed | now.held:
            self._wrong(f"{about}: they are {now.statuses.get(lead)}, and nobody said a word")
        earlier = self._others(act, lambda one: (one.kind, one.step) == (act.kind, act.step))
        if any(one.state not in {"refused", "lost"} for one in earlier):
            self._wrong(f"{about}: an earlier one stands")
        self._look_at_looks([one for one in earlier if one.state == "lost"], about)

    def _look_at_performed(self, act: Performed, earlier: Sequence[Performed]) -> None:
        """A request of ours did this, once; or the campaign went on by itself."""
        self._world.figures[f"{act.kind}s on the record"] += 1
        claim = self.seen.acts.get(self._under_way.get(act.person, ""))
        if claim is None or not _is_asked_for(claim, act):
            if act.kind not in REACHES:
                self._wrong(f"{act.kind} of {act.slug}: no claim stands for it")
            elif any(
                (one.person, one.kind, one.text) == (act.person, act.kind, act.text)
                for one in earlier
            ):
                self._twice(act)
            return
        self._performed.add(claim.id)
        place = claim.recipient, claim.step
        tried = self._others(claim, lambda one: (one.recipient, one.step) == place)
        if place in self._taken and not any(one.state == "lost" for one in tried):
            self._twice(act)
        self._taken.add(place)

    def _twice(self, act: Performed) -> None:
        self._wrong(f"a second {act.kind} of {act.slug}")
        self._world.figures["duplicates"] += 1


def _is_asked_for(claim: Act, act: Performed) -> bool:
    """Whether we did this ourselves: of what reaches people, only an answer, known by its text."""
    if act.kind in REACHES:
        return claim.answers and claim.text == act.text
    return claim.kind == act.kind


class SimulatedCampaign(CampaignWorld, SimulatedWorld):
    """The same bad days, with a campaign at HeyReach. It finds nobody: all leads come by a file."""

    monitor_type: ClassVar[type[Monitor]] = CampaignMonitor
    wire: ClassVar[Wire] = HEYREACH
    imported: ClassVar[int] = 7
    after_an_act: ClassVar[frozenset[ContactStatus]] = frozenset(AFTER_AN_ACT) | {
        ContactStatus.ENROLLED,
        ContactStatus.CLOSED,
        ContactStatus.FAILED,
    }

    def watched(self, service: LinkedInService, process: Process) -> LinkedInService:
        watched = super().watched(service, process)
        assert service.campaigns is not None
        campaigns = _WatchedCampaign(service.campaigns, self, process)
        return msgspec.structs.replace(watched, campaigns=campaigns)

    async def look_at_the_end(self, worked_until: datetime) -> None:
        """Also: nobody is left to be stopped, in doubt without a question, or behind the campaign."""
        await super().look_at_the_end(worked_until)
        store, account = self.team.store, AccountId(self.chosen.linkedin.account_id)
        for one in await store.read(lambda t: unstopped(t, account)):
            if not one.refused:
                self.violated(f"{one.enrolment.address} was never stopped")

        def unasked(transaction: Transaction, doubt: str) -> bool:
            return reviews.standing(transaction, "send", doubt) is None

        for doubt in await doubts_of(self.team):
            if doubt.recipient not in self.told_on and await store.read(
                lambda t, of=doubt.id: unasked(t, of)  # type: ignore[misc]
            ):
                self.violated(
                    f"the {doubt.kind} of {doubt.address} is in doubt, and nobody is asked"
                )
        async for lead in self.team.leads.every():
            person = self.monitor.person_of(lead.id)
            if person is None or lead.contact_status is not ContactStatus.ENROLLED:
                continue
            if any(
                act.kind in REACHES and act.at < worked_until - HEARD_WITHIN
                for act in self.acts(person)
            ):
                self.violated(f"{lead.name} is Enrolled, and the campaign has written to them")


class _WatchedCampaign:
    """The real campaign; what it is asked to do is looked at first."""

    def __init__(self, campaign: CampaignSender, world: SimulatedWorld, process: Process) -> None:
        self._campaign = campaign
        self._monitor = world.monitor
        self._process = process

    async def enrol(self, who: Profile, texts: Mapping[str, str]) -> SendResult:
        first = next(iter(texts.values()), "")
        self._monitor.before_act(self._process, "enrolment", who.provider_id, first)
        return await self._campaign.enrol(who, texts)

    async def stop(self, who: Recipient, campaign_id: str) -> SendResult:
        self._monitor.before_act(self._process, "stop", who.provider_id, "")
        return await self._campaign.stop(who, campaign_id)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._campaign, name)
