"""Searching: page by page, each person read, judged and kept once.

Each page's new leads, their events and the search's place are one commit, so a search that is cut
off goes on where it stopped and finds nobody twice.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import NamedTuple

import anyio
import msgspec

from ingagents.communication.role_session import RoleSession
from ingagents.context import Context
from ingagents.core.profiles.merge import Analysed, enriched
from ingagents.core.sending.working_hours import start_of_day
from ingagents.errors import (
    AccountBlocked,
    PersonRefused,
    RequestRefused,
    ServiceError,
    StoreError,
    TryLater,
    WrongAnswer,
    explain,
)
from ingagents.events import AgentError, Role
from ingagents.log import narrator
from ingagents.model import AccountId, Profile, SearchCriteria, SearchPage
from ingagents.ports import ProfileSource, SendingAccount, Transaction
from ingagents.services.leads.intake import Asked, Reception
from ingagents.services.leads.nameless import remember_nameless, sorted_out
from ingagents.services.leads.search_progress import (
    END,
    Progress,
    SearchEnd,
    Stop,
    cut_off,
    cut_off_by,
    end_after,
)
from ingagents.services.outreach.account import count_visit, visits_on
from ingagents.services.outreach.ourselves import know_ourselves
from ingagents.services.outreach.wrong_answers import note_wrong
from ingagents.store.tables import key_value, leads

GO_ON_AFTER = timedelta(minutes=5)
"""How long a search that the service cut off rests before it goes on."""

LOGIN_AFTER = timedelta(hours=1)
"""How long a search rests that found nobody logged in."""

NEVER = timedelta(days=365)

PAGES_MAX = 60
"""Pages of one search; LinkedIn shows about 1,000 results of a query, 50 on a page is 20 pages."""


WRONG_ANSWERS_MAX = 3
"""So many visits in a row that showed somebody else: it is the service, not one of them."""


@dataclass(frozen=True, kw_only=True)
class SearchPolicy:
    """How far and for whom the lead finder searches."""

    criteria: SearchCriteria
    max_leads_per_day: int
    profile_visits_per_day: int
    analyse_at_once: int
    page_size: int
    timezone: str


class Eyes(NamedTuple):
    """An account that people can be looked for with."""

    account_id: AccountId
    account: SendingAccount
    profiles: ProfileSource


class LeadSearch:
    """The searches of one role. `stopping` says whether the process is about to end.

    One of the `eyes` searches, until it is not logged in: then the next one begins anew.
    """

    def __init__(
        self,
        context: Context,
        *,
        agent: Role,
        eyes: Sequence[Eyes],
        reception: Reception,
        policy: SearchPolicy,
        stopping: Callable[[], bool],
    ) -> None:
        self.context = context
        self.agent = agent
        self._eyes = eyes
        self.account_id, self.account, self.profiles = eyes[0]
        self.reception = reception
        self.policy = policy
        self.stopping = stopping
        self.go_on_at = context.clock.now()
        """When a search that was cut off goes on."""
        self.log = narrator().bind(agent=agent)
        self._wrong: list[WrongAnswer] = []
        """Wrong answers to visits since the last right one."""

    async def run(
        self,
        session: RoleSession,
        criteria: SearchCriteria | None = None,
        *,
        wanted: int | None = None,
    ) -> SearchEnd:
        """Search page by page until enough, the end, the day's limit or a failing service.

        Enough are `wanted` people more than were found before it was cut off; None: no bound.

        The search's place is kept until the commit that publishes the result.

        Raises:
            AccountBlocked, RequestRefused: only a human can help; what was found is kept, and
                without a login of any account the place too.
        """
        await self._know_ourselves(session)
        progress = await self._resume(criteria or self.policy.criteria, wanted)
        read_to_the_end = progress.pages > 0 and progress.cursor is None
        stop = END if read_to_the_end else None
        some_left, others_left = False, len(self._eyes) - 1
        while stop is None:
            left = await self._left_today()
            if progress.wanted is not None:
                left = min(left, progress.wanted - progress.counts["discovered"])
            stop = self._enough(progress, left)
            if stop is not None:
                break
            try:
                page = await self._next_page(progress)
            except TryLater as exc:
                stop = cut_off_by(exc)
                break
            except AccountBlocked as exc:
                if others_left:
                    others_left -= 1
                    await self._look_with_another(progress, exc, session)
                    continue
                await self._end(progress, session, rest=LOGIN_AFTER)
                raise
            before = progress.counts["discovered"]
            await self._take_page(page, progress, left, session)
            if page.cursor is None:
                stop = end_after(page)
                some_left = progress.counts["discovered"] - before >= left
            if len(self._wrong) >= WRONG_ANSWERS_MAX:
                stop = await self._answered_wrongly(session)
        await self._end(progress, session, rest=GO_ON_AFTER if cut_off(stop.why) else None)
        return progress.ended(stop, some_left=some_left)

    async def _look_with_another(
        self, progress: Progress, exc: AccountBlocked, session: RoleSession
    ) -> None:
        """The next account searches from now on; the place in the other one's list is not its."""
        self.log.warning("search.account_blocked", account=self.account_id, error=explain(exc))
        names = [one.account_id for one in self._eyes]
        following = (names.index(self.account_id) + 1) % len(names)
        self.account_id, self.account, self.profiles = self._eyes[following]
        progress.cursor, progress.pages, progress.begun_again = None, 0, False
        await self._know_ourselves(session)

    async def _answered_wrongly(self, session: RoleSession) -> Stop:
        """Tell that the service shows other people than are asked for; why the search stops."""
        wrong, self._wrong = self._wrong, []
        await session.commit(
            partial(
                note_wrong,
                self.context,
                exc=wrong[0],
                agent=self.agent,
                doing="reading the profiles of a search",
                in_a_row=len(wrong),
            )
        )
        return cut_off_by(wrong[0])

    async def _know_ourselves(self, session: RoleSession) -> None:
        """The account is no lead; when it cannot be read now, it is before anybody is written to."""
        try:
            account = await self.account.account()
        except ServiceError as exc:
            self.log.info("account.not_read", error=explain(exc))
            return
        await know_ourselves(
            account,
            account_id=self.account_id,
            context=self.context,
            session=session,
            agent=self.agent,
        )

    def analyse(self, profile: Profile, *, source: str, asked: Asked | None = None) -> Analysed:
        """A lead with its reasons, from what the payload says and what a model was asked."""
        return self.reception.analyse(profile, source=source, asked=asked)

    async def _resume(self, criteria: SearchCriteria, wanted: int | None) -> Progress:
        """Where the last search with these criteria was cut off, or a new beginning."""
        kept = await self.context.store.read(lambda t: key_value.noted(t, key_value.SEARCH))
        if kept and msgspec.convert(kept["criteria"], SearchCriteria) == criteria:
            self.log.info("search.resumed", pages=kept["pages"])
            found = kept["counts"].get("discovered", 0)
            here = kept.get("account_id", self.account_id) == self.account_id
            return Progress(
                criteria=criteria,
                wanted=None if wanted is None else wanted + found,
                cursor=kept["cursor"] if here else None,
                pages=kept["pages"] if here else 0,
                counts=Counter(kept["counts"]),
            )
        return Progress(criteria=criteria, wanted=wanted)

    def _enough(self, progress: Progress, left: int) -> Stop | None:
        if left <= 0:
            found = progress.counts["discovered"]
            if progress.wanted is None or found < progress.wanted:
                said = f"enough: the {self.policy.max_leads_per_day} of a day are found"
            elif not progress.wanted:
                said = "enough: as many are in store as can be contacted in a week"
            else:
                said = f"enough: {found} found, none wanted beyond"
            return Stop("enough", said)
        if progress.pages >= PAGES_MAX:
            return Stop("bound", f"bound: {PAGES_MAX} pages were read")
        if self.stopping():
            stopping = TryLater("stopping", "it goes on where it stands")
            return Stop("stopping", f"{stopping.what}; {stopping.remedy}", stopping)
        return None

    async def _next_page(self, progress: Progress) -> SearchPage:
        try:
            return await self.profiles.search_profiles(
                progress.criteria, cursor=progress.cursor, limit=self.policy.page_size
            )
        except (RequestRefused, PersonRefused):
            if progress.cursor is None or progress.begun_again:
                raise
            # A cursor lives only so long; people we have are recognised, so begin again, once.
            progress.cursor, progress.pages, progress.begun_again = None, 0, True
            return await self.profiles.search_profiles(
                progress.criteria, limit=self.policy.page_size
            )

    async def _take_page(
        self, page: SearchPage, progress: Progress, left: int, session: RoleSession
    ) -> None:
        """Analyse a page's people, several at once, and commit them with the search's place."""
        known, nameless, fresh = await self.context.store.read(
            partial(sorted_out, profiles=page.profiles)
        )
        progress.counts["known"] += known
        progress.counts["unusable"] += nameless
        read: list[Profile | None] = [None] * len(fresh)
        places = anyio.CapacityLimiter(self.policy.analyse_at_once)
        broken: list[StoreError] = []

        async def read_one(place: int, profile: Profile) -> None:
            async with places:
                try:
                    read[place] = await self._read(profile)
                except StoreError as exc:  # raised below: a task group would wrap it
                    broken.append(exc)

        async with anyio.create_task_group() as tasks:
            for place, profile in enumerate(fresh):
                tasks.start_soon(read_one, place, profile)
        if broken:
            raise broken[0]
        found = await self._analysed(read, wanted=left)
        kept = dataclasses.replace(
            progress, cursor=page.cursor, pages=progress.pages + 1, counts=progress.counts.copy()
        )

        def commit(transaction: Transaction) -> Counter[str]:
            counts = Counter(kept.counts)
            discovered = 0
            for analysed in found:
                if discovered >= left:
                    break
                verdict = self.reception.keep(transaction, analysed) if analysed else "unusable"
                discovered += verdict == "discovered"
                counts[verdict] += 1
                if analysed is not None and verdict == "unusable":
                    now = self.context.clock.now()
                    remember_nameless(transaction, analysed.lead.provider_id, now=now)
            note = {**self._note(kept), "counts": dict(counts)}
            key_value.note(transaction, key_value.SEARCH, note, at=self.context.clock.now())
            return counts

        progress.counts = await session.commit(commit)
        progress.cursor, progress.pages = kept.cursor, kept.pages

    def _note(self, progress: Progress) -> dict[str, object]:
        """A search's place, and in whose list."""
        return {**progress.to_note(), "account_id": self.account_id}

    async def _analysed(
        self, profiles: Sequence[Profile | None], *, wanted: int
    ) -> list[Analysed | None]:
        """Leads of what was read; advice is asked for no more people than are wanted."""
        there = [profile for profile in profiles if profile is not None]
        asked = iter(await self.reception.ask(there[:wanted]))
        found: list[Analysed | None] = []
        for profile in profiles:
            advised = next(asked, None) if profile is not None else None
            try:
                found.append(
                    self.analyse(profile, source="search", asked=advised)
                    if profile is not None
                    else None
                )
            except Exception as exc:  # noqa: BLE001  one bad profile never stops a search
                found.append(None)
                await self._unreadable(profile, exc)
        return found

    async def _unreadable(self, profile: Profile | None, exc: Exception) -> None:
        person = profile.provider_id if profile is not None else ""
        level = self.log.info if isinstance(exc, ServiceError) else self.log.warning
        level("profile.unreadable", person=person, error=explain(exc))
        if not isinstance(exc, ServiceError):
            await self.context.queue.publish(
                self.agent,
                AgentError(agent=self.agent, error=explain(exc), doing="analysing a profile"),
            )

    async def _read(self, profile: Profile) -> Profile | None:
        """What is known of one person, visiting the profile only where the hit is not enough."""
        try:
            if not profile.complete:
                if not await self._may_visit():
                    return profile if profile.name else None
                visited = await self.profiles.fetch_profile(profile.recipient, known=profile)
                self._wrong = []
                return enriched(profile, visited)
        except StoreError:
            raise
        except (AccountBlocked, TryLater) as exc:
            if isinstance(exc, WrongAnswer):
                self._wrong.append(exc)
            self.log.info("profile.not_visited", error=explain(exc))
            return profile if profile.name else None
        except Exception as exc:  # noqa: BLE001  one bad profile never stops a search
            await self._unreadable(profile, exc)
            return None
        return profile

    async def _may_visit(self) -> bool:
        """Reserve one of the day's profile visits, which LinkedIn counts."""
        now = self.context.clock.now()
        day, own = start_of_day(now, self.policy.timezone), self.account_id

        def reserve(transaction: Transaction) -> bool:
            if visits_on(transaction, own, day) >= self.policy.profile_visits_per_day:
                return False
            count_visit(transaction, own, day, now)
            return True

        return await self.context.store.write(reserve)

    async def _left_today(self) -> int:
        now = self.context.clock.now()
        since = start_of_day(now, self.policy.timezone)
        found = await self.context.store.read(
            lambda t: leads.found_between(t, "search", since, now + timedelta(days=1))
        )
        return self.policy.max_leads_per_day - found

    async def _end(
        self, progress: Progress, session: RoleSession, *, rest: timedelta | None
    ) -> None:
        """Keep where the search stands, when it is to go on after a rest."""
        now = self.context.clock.now()
        if rest is not None:
            await session.commit(
                lambda t: key_value.note(t, key_value.SEARCH, self._note(progress), at=now)
            )
        self.go_on_at = now + (rest or NEVER)
        self.log.info("search.ended", pages=progress.pages, found=progress.counts["discovered"])
