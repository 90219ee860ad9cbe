"""The agents, put together from the settings: who works with what, under which policy, and when."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property, partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from ingagents.agents.base_agent import BaseAgent
from ingagents.app.providers import (
    LinkedIn,
    able,
    finders_among,
    open_channels,
    open_mailer,
    spreadsheet_of,
)
from ingagents.app.rules.campaign_facts import CampaignFacts, TellingFacts
from ingagents.app.rules.conversation import follow_plans
from ingagents.app.rules.send_rules import (
    account_policies,
    accounts_of,
    all_by_hand,
    campaign_gate,
    is_dry_run,
    look_rules,
    rate_rules,
)
from ingagents.app.rules.texts import load_prompts, load_step_templates, load_templates
from ingagents.context import Context
from ingagents.core.quality_scorer import Weights
from ingagents.core.rate_limiter import most_a_day
from ingagents.core.reconciler import LookRules
from ingagents.core.schedule import Daily, Every, Job
from ingagents.events import Role
from ingagents.llm.tasks import LlmTasks
from ingagents.model import AccountId
from ingagents.ports import LanguageModel, LinkedInService, TeamSheet
from ingagents.services.leads.intake import Reception
from ingagents.settings import Settings, as_time
from ingagents.settings.policies import policy_of

if TYPE_CHECKING:
    from ingagents.services.management.policy import ManagerPolicy
    from ingagents.services.management.supply import Supply
    from ingagents.services.outreach.account import AccountPolicy
    from ingagents.services.outreach.sending.ways import Ways
    from ingagents.services.reviews.approval import Approvals
    from ingagents.services.sheet.sync import SheetDesk
    from ingagents.services.why import Explaining


def jobs_of(settings: Settings) -> dict[Role, dict[str, Job]]:
    """Every agent's jobs and when they are due."""
    zone = settings.campaign.timezone
    manager, finder, outreach = settings.sales_manager, settings.lead_finder, settings.outreach
    hours = outreach.rate_limiting.to_hours(zone)

    def daily(name: str, at: str, *, days: frozenset[int] = hours.days) -> Job:
        return Job(name, Daily(as_time(at), zone, days or frozenset(range(1, 8))))

    def every(name: str, interval: timedelta) -> Job:
        return Job(name, Every(interval))

    found: dict[Role, list[Job]] = {
        "sales_manager": [
            daily("coordinate", manager.coordination_time),
            daily("report", manager.report_time),
            every("monitor", timedelta(minutes=manager.monitor_interval_minutes)),
        ],
        "lead_finder": [daily("search", finder.search_time)],
        "outreach": [
            every("outreach", timedelta(minutes=outreach.process_interval_minutes)),
            every("replies", timedelta(hours=outreach.response_check_interval_hours)),
        ],
    }
    if settings.sheets.enabled:
        interval = timedelta(minutes=settings.sheets.sync_interval_minutes)
        found["sales_manager"].append(every("sync", interval))
    return {role: {job.name: job for job in jobs} for role, jobs in found.items()}


@dataclass(frozen=True, kw_only=True)
class Wiring:
    """Makes the agents; what they work with is opened when the first of them needs it."""

    settings: Settings
    context: Context
    linkedin: Callable[[], Awaitable[LinkedIn]]
    language_model: Callable[[], Awaitable[LanguageModel | None]]
    sheet: Callable[[], Awaitable[TeamSheet]]

    async def build_agent(self, role: Role) -> BaseAgent:
        """The agent of a role."""
        makers: dict[Role, Callable[[], Awaitable[BaseAgent]]] = {
            "sales_manager": self._sales_manager,
            "lead_finder": self._lead_finder,
            "outreach": self._outreach,
        }
        return await makers[role]()

    @cached_property
    def _told(self) -> TellingFacts:
        """What may be told: read and compared once a change, whoever asks."""
        return TellingFacts(self.settings, self.context.clock)

    def approvals(self, account_id: AccountId | None = None) -> Approvals:
        """Who must approve what of an account's, and for how long it holds; None: of any of ours."""
        from ingagents.services.reviews.approval import Approvals

        outreach = self.settings.outreach
        rule = outreach.approval
        return Approvals(
            context=self.context,
            accounts=(account_id,) if account_id else accounts_of(self.settings),
            told=self._told,
            # By hand a human has every text before it goes: who wants to see it twice asks for all.
            rule="none" if all_by_hand(self.settings, account_id) and rule != "all" else rule,
            valid=timedelta(hours=outreach.approval_valid_hours),
        )

    async def reception(self, agent: Role = "lead_finder") -> Reception:
        """How people found or imported are taken in, and what is read of them later is kept."""
        finder = self.settings.lead_finder
        return Reception(
            context=self.context,
            agent=agent,
            criteria=finder.search_criteria.to_criteria(),
            weights=policy_of(Weights, finder.weights),
            campaign=self.settings.campaign.to_campaign(),
            llm=await self._llm_tasks(),
        )

    async def _sales_manager(self) -> BaseAgent:
        from ingagents.agents.sales_manager_agent import SalesManagerAgent
        from ingagents.app.views.team_pages import MailPages
        from ingagents.services.management.notifications import Notices
        from ingagents.services.management.team_mail import Mailroom

        settings, manager = self.settings, self.settings.sales_manager
        mailer, account_id = open_mailer(settings, self.context.clock)
        campaign = settings.campaign.to_campaign()
        return SalesManagerAgent(
            self.context,
            jobs_of(self.settings)["sales_manager"],
            notices=Notices(
                context=self.context,
                mailroom=Mailroom(
                    context=self.context,
                    mailer=mailer,
                    account_id=account_id,
                    recipients=manager.report_recipients,
                    open=bool(manager.report_recipients) or not settings.email.host,
                ),
                pages=MailPages(campaign=campaign, recipients=manager.report_recipients),
                quiet=settings.email.to_quiet_hours(campaign.timezone),
                together_from=settings.email.alerts_together_from,
                drafts=settings.outreach.approval == "all",
                channels=tuple(
                    Mailroom(
                        context=self.context,
                        mailer=channel,
                        account_id=AccountId(channel.name),
                        recipients=(channel.name,),
                        open=True,
                        to=channel.name,
                        drops_repeats=channel.drops_repeats,
                    )
                    for channel in open_channels(settings, self.context.clock)
                ),
            ),
            policy=self._manager_policy(),
            supply=self._supply(),
            llm=await self._llm_tasks(),
            sheet=self._sheet_desk() if settings.sheets.enabled else None,
        )

    async def explaining(self) -> Explaining:
        """Who says why nothing happens; opens nothing outside."""
        from ingagents.services.management.allocation import Allocating
        from ingagents.services.outreach.sending.facts import Gather
        from ingagents.services.why import Explaining

        settings, jobs = self.settings, jobs_of(self.settings)
        reception = await self.reception("outreach")
        return Explaining(
            gathers=[
                Gather(
                    context=self.context,
                    policy=policy,
                    reception=reception,
                    approvals=self.approvals(policy.account_id),
                )
                for policy in account_policies(settings)
            ],
            allocating=Allocating(
                context=self.context,
                policy=self._manager_policy(),
                supply=self._supply(),
                llm=await self._llm_tasks(),
                agent="sales_manager",
            ),
            looks=look_rules(settings),
            coordinate=jobs["sales_manager"]["coordinate"],
            outreach=jobs["outreach"]["outreach"],
        )

    def _manager_policy(self) -> ManagerPolicy:
        from ingagents.services.management.policy import ManagerPolicy

        settings, manager = self.settings, self.settings.sales_manager
        return policy_of(
            ManagerPolicy,
            manager,
            settings.lead_finder,
            settings.outreach.rate_limiting,
            settings.database,
            campaign=settings.campaign.to_campaign(),
            strategy=manager.allocation_strategy,
            gate=campaign_gate(settings),
            dry_run_shows=most_a_day(rate_rules(settings)) if is_dry_run(settings) else 0,
            message_mode=settings.outreach.message_generation_mode,
        )

    def _supply(self) -> Supply:
        """Who knows how many people can still be written to."""
        from ingagents.services.management.supply import Supply

        return policy_of(
            Supply,
            self.settings.lead_finder,
            self.settings.sales_manager,
            accounts=tuple(one for one in account_policies(self.settings) if not one.named_only),
            small_changes=self.settings.sales_manager.apply_small_changes,
        )

    def _sheet_desk(self) -> SheetDesk:
        from ingagents.core.sheet.layout import layouts
        from ingagents.integrations.csv.pasted import PastedRows
        from ingagents.services.reviews.decisions import Verdicts
        from ingagents.services.sheet.sync import SheetDesk

        return SheetDesk(
            context=self.context,
            open=self.sheet,
            verdicts=Verdicts(context=self.context, approvals=self.approvals()),
            reception=self.reception,
            row_reader=PastedRows(),
            facts=CampaignFacts(self.settings),
            facts_changed=partial(
                follow_plans, self.context.store, self.settings, self.context.clock
            ),
            spreadsheet_id=spreadsheet_of(self.settings),
            tabs=layouts(self.settings.sheets.worksheet, self.settings.sales_manager.stages),
            stages=self.settings.sales_manager.stages,
            zone=ZoneInfo(self.settings.campaign.timezone),
        )

    async def _lead_finder(self) -> BaseAgent:
        from ingagents.agents.lead_finder_agent import LeadFinderAgent
        from ingagents.services.leads.search import Eyes, SearchPolicy

        finder, services = self.settings.lead_finder, (await self.linkedin()).services
        eyes = [
            Eyes(name, service.account, able(service.profiles, "look people up"))
            for name, service in finders_among(self.settings, services).items()
        ]
        return LeadFinderAgent(
            self.context,
            jobs_of(self.settings)["lead_finder"],
            eyes=eyes,
            reception=await self.reception(),
            supply=self._supply(),
            policy=policy_of(
                SearchPolicy,
                finder,
                self.settings.campaign,
                criteria=finder.search_criteria.to_criteria(),
                page_size=min(50, max(10, finder.max_leads_per_day)),
            ),
        )

    async def _outreach(self) -> BaseAgent:
        from ingagents.agents.outreach_agent import OutreachAgent

        linkedin, llm = await self.linkedin(), await self._llm_tasks()
        reception = await self.reception("outreach")
        policies = account_policies(self.settings, live=linkedin.live)
        return OutreachAgent(
            self.context,
            jobs_of(self.settings)["outreach"],
            ways=[
                self._ways(service, policy, look_rules(self.settings, one), reception, llm)
                for service, policy, one in zip(
                    linkedin.services, policies, self.settings.linkedin.each, strict=True
                )
            ],
            glance_every=timedelta(minutes=self.settings.outreach.reply_look_minutes),
        )

    def _ways(
        self,
        service: LinkedInService,
        policy: AccountPolicy,
        looks: LookRules,
        reception: Reception,
        llm: LlmTasks,
    ) -> Ways:
        """What one account works with."""
        from ingagents.services.outreach.enrolments.enrolments import Enrolments
        from ingagents.services.outreach.inbox.answers import Answering
        from ingagents.services.outreach.reconcile import Doubts
        from ingagents.services.outreach.sending.draft import Drafting
        from ingagents.services.outreach.sending.send import SendMessage
        from ingagents.services.outreach.sending.ways import Ways
        from ingagents.services.outreach.withdrawals.withdrawals import TakesBack, Withdrawals

        outreach = self.settings.outreach
        profiles = able(service.profiles, "look people up")
        inbox = able(service.inbox, "read the inbox")
        sent_items = able(service.sent_items, "show what was sent")
        answering = Answering(
            context=self.context,
            account_id=policy.account_id,
            others=policy.others,
            told=self._told,
            unread=outreach.answer_facts_unread,
        )
        contact = SendMessage(
            context=self.context,
            sender=able(service.sender, "send at once"),
            campaigns=service.campaigns,
            llm=llm,
            reception=reception,
            drafting=Drafting(
                context=self.context,
                account_id=policy.account_id,
                told=self._told,
                templates=load_templates(self.settings),
                steps=load_step_templates(self.settings),
                follow_ups=len(outreach.sequence.follow_ups),
                after_acceptance=outreach.sequence.message_after_acceptance,
                llm=llm,
                mode=outreach.message_generation_mode,
            ),
            policy=policy,
            approvals=self.approvals(policy.account_id),
            answering=answering,
        )
        doubts = Doubts(
            context=self.context,
            policy=policy,
            account=service.account,
            profiles=profiles,
            inbox=inbox,
            sent_items=sent_items,
            campaigns=service.campaigns,
            rules=looks,
        )
        withdrawals: TakesBack = Withdrawals(
            context=self.context,
            account=service.account,
            profiles=profiles,
            inbox=inbox,
            sent_items=sent_items,
            llm=llm,
            answering=answering,
            policy=policy,
        )
        if service.campaigns is not None:
            withdrawals = Enrolments(
                context=self.context, campaigns=service.campaigns, inbox=inbox, policy=policy
            )
        return Ways(
            account=service.account,
            profiles=profiles,
            inbox=inbox,
            sent_items=sent_items,
            contact=contact,
            doubts=doubts,
            withdrawals=withdrawals,
        )

    async def _llm_tasks(self) -> LlmTasks:
        return LlmTasks(model=await self.language_model(), prompts=load_prompts(self.settings))
