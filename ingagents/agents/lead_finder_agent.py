"""The Lead Finder: searches, reads profiles, classifies, scores, and keeps whom it found.

A search goes page by page; each page's new leads, their events and the search's place are one
commit, so a search that is cut off goes on where it stopped and finds nobody twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import ClassVar, assert_never

import msgspec

from ingagents.agents.base_agent import BaseAgent
from ingagents.commands import SearchRequest
from ingagents.communication.role_session import RoleSession
from ingagents.context import Context
from ingagents.core.lead_classifier import Classified, classify
from ingagents.core.profiles.merge import Analysed
from ingagents.core.quality_scorer import Scored, calculate_score
from ingagents.core.schedule import Job
from ingagents.display import counted
from ingagents.errors import (
    AccountBlocked,
    explain,
)
from ingagents.events import AgentError, Role, SearchFinished
from ingagents.model import Profile, SearchCriteria
from ingagents.ports import Transaction, UnitOfWork
from ingagents.routing import ToLeadFinder
from ingagents.services.leads.intake import Asked, Reception
from ingagents.services.leads.search import NEVER, Eyes, LeadSearch, SearchPolicy
from ingagents.services.leads.search_progress import (
    SearchEnd,
    cut_off,
)
from ingagents.services.management.supply import Supply
from ingagents.services.outcome import Outcome
from ingagents.store.tables import key_value


class LeadFinderAgent(BaseAgent):
    """Finds and qualifies leads on LinkedIn."""

    agent_name: ClassVar[Role] = "lead_finder"

    def __init__(
        self,
        context: Context,
        jobs: Mapping[str, Job],
        *,
        eyes: Sequence[Eyes],
        reception: Reception,
        policy: SearchPolicy,
        supply: Supply,
    ) -> None:
        super().__init__(context, jobs)
        self.supply = supply
        self.search = LeadSearch(
            context,
            agent=self.agent_name,
            eyes=eyes,
            reception=reception,
            policy=policy,
            stopping=lambda: self.stopping,
        )

    async def process_message(self, event: ToLeadFinder, session: RoleSession) -> UnitOfWork | None:
        match event:
            case SearchRequest():
                return await self.handle_search_request(event, session)
            case _:
                assert_never(event)

    async def run_job(self, job: str, session: RoleSession) -> Outcome:
        del job  # this agent has the one
        now = self.context.clock.now()
        _, needed = await self.context.store.read(lambda t: self.supply.stock(t, now))
        finished, error = await self.search_for_leads(session, wanted=needed)
        await session.commit(self._concluding(finished))
        return Outcome(
            summary=f"{counted(finished.discovered, 'new lead')} of {counted(finished.seen, 'person', 'people')} seen"
            f" ({finished.stopped_by})",
            figures=msgspec.structs.asdict(finished),
            error=error,
        )

    def next_wake(self, now: datetime) -> datetime:
        del now
        return self.search.go_on_at

    def left_until(self) -> datetime:
        return self.search.go_on_at

    def resume(self) -> None:
        self.search.go_on_at = self.context.clock.now()

    async def go_on(self, session: RoleSession) -> bool:
        """Go on with a search that was cut off, whoever had asked for it."""
        now = self.context.clock.now()
        if self.search.go_on_at > now:
            return False
        self.search.go_on_at = now + NEVER
        kept = await self.context.store.read(lambda t: key_value.noted(t, key_value.SEARCH))
        if kept is None:
            return False
        criteria = msgspec.convert(kept["criteria"], SearchCriteria)
        wanted = kept.get("wanted")
        if wanted is not None:
            wanted = max(0, wanted - kept["counts"].get("discovered", 0))
        await session.commit(await self._search_for(criteria, wanted, session))
        return True

    async def handle_search_request(self, event: SearchRequest, session: RoleSession) -> UnitOfWork:
        """Search as the sales manager asks; the end is published with the acknowledgement."""
        return await self._search_for(event.criteria, event.wanted or None, session)

    async def _search_for(
        self, criteria: SearchCriteria | None, wanted: int | None, session: RoleSession
    ) -> UnitOfWork:
        """A search somebody waits for; without a login its place is kept until there is one."""
        try:
            finished, _ = await self.search_for_leads(session, criteria, wanted=wanted)
        except AccountBlocked as exc:
            error = AgentError(agent=self.agent_name, error=explain(exc), doing="searching")
            return lambda transaction: self.append(transaction, error)
        return self._concluding(finished)

    def _concluding(self, finished: SearchFinished) -> UnitOfWork:
        """The end of a search in one commit: what came of it, and nothing is left to go on with.

        Apart they could be torn: a search that is begun anew after a death finds only people we
        have, and whoever waits for its result would hear of none.
        """

        def conclude(transaction: Transaction) -> None:
            if not cut_off(finished.stop):
                key_value.forget(transaction, key_value.SEARCH)
            self.append(transaction, finished)

        return conclude

    async def search_for_leads(
        self,
        session: RoleSession,
        criteria: SearchCriteria | None = None,
        *,
        wanted: int | None = None,
    ) -> SearchEnd:
        """Search until enough, the end, the day's limit or a failing service; see `LeadSearch.run`."""
        return await self.search.run(session, criteria, wanted=wanted)

    def analyse_profile(
        self, profile: Profile, *, source: str, asked: Asked | None = None
    ) -> Analysed:
        """A lead with its reasons, from what the payload says and what a model was asked."""
        return self.search.analyse(profile, source=source, asked=asked)

    def classify_prospect(self, profile: Profile) -> Classified:
        """Speaker, Sponsor or Other, with reasons."""
        return classify(profile, criteria=self.search.policy.criteria)

    def calculate_quality_score(self, profile: Profile) -> Scored:
        """How good a lead this is, from 1 to 10, with its factors."""
        classified, reception = self.classify_prospect(profile), self.search.reception
        return calculate_score(
            profile,
            classified,
            self.search.policy.criteria,
            reception.weights,
            reception.occasion(),
        )
