"""What the page shows: today, questions, people, the funnel, answers, health, the journal."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response

from ingagents.app.department import Department
from ingagents.communication import inbox, journal
from ingagents.core.review_policy import BY_HAND, READINGS, SAID_BEFORE, STOPPED, Review
from ingagents.core.review_words import WORDS, asked_of, head_of, headline, step_asked
from ingagents.display import one_line
from ingagents.errors import EXIT_TRY_LATER, IngagentsError, InputError, UsageError
from ingagents.model import ContactStatus
from ingagents.ports import Transaction
from ingagents.services.why import about_whom, told_of
from ingagents.store.tables import leads, replies
from ingagents.web.guard import Session, user_of_machine
from ingagents.web.rendering import page

_NEXT_UP = 12
_LISTED = 100
_FOR_MACHINES = frozenset({"answers", "prepared", "received_at", "rests_on"})
"""What a question knows an answer by again; on what its sentences rest, its reasons say."""
_TABS = (
    ("/", "Today"),
    ("/review", "Review"),
    ("/leads", "People"),
    ("/replies", "Replies"),
    ("/funnel", "Funnel"),
    ("/health", "Health"),
    ("/journal", "Journal"),
)


class Pages:
    """Each page is one look at the department."""

    def __init__(self, department: Department) -> None:
        self._department = department
        self.zone = ZoneInfo(department.settings.campaign.timezone)

    async def today(self, request: Request) -> Response:
        """What needs somebody, who is next and when, and what is left of everything scarce."""
        status, book = await self._department.status(), self._department.leads
        idle, coming = await book.idle(), await book.next_up(_NEXT_UP)
        return self._page("today.html.j2", request, status=status, idle=idle, coming=coming)

    async def reviews(self, request: Request) -> Response:
        """Everything that waits for a human's answer."""
        waiting = await self._department.reviews.list(limit=_LISTED)
        values = {"waiting": waiting, "headline": headline, "words": WORDS}
        return self._page("reviews.html.j2", request, **values)

    async def review(
        self, request: Request, *, said: str = "", text: str | None = None
    ) -> Response:
        """One question: the text beside what it rests on. `text` is what somebody has typed."""
        found = await self._department.reviews.show(request.path_params["id"])
        waiting = await self._department.reviews.list(limit=_LISTED)
        ids = [one.id for one in waiting.reviews]
        place = ids.index(found.review.id) if found.review.id in ids else -1
        one = found.review
        return self._page(
            "review.html.j2",
            request,
            422 if said else 200,
            found=found,
            one=one,
            asked=asked_of(one),
            head=_head(one),
            thread=one.evidence.get(SAID_BEFORE, ()),
            evidence=list(_evidence({k: v for k, v in one.evidence.items() if k != SAID_BEFORE})),
            text=one.text if text is None else text,
            said=said,
            before=ids[place - 1] if place > 0 else "",
            after=ids[place + 1] if 0 <= place < len(ids) - 1 else "",
            waiting=len(ids),
            readings=READINGS,
        )

    async def leads(self, request: Request) -> Response:
        """A person by whatever somebody knows of them, or all that stand alike."""
        query, status = (request.query_params.get(name, "").strip() for name in ("q", "status"))
        wanted = status if status in set(ContactStatus) else None
        said = ""
        if query:
            try:
                found = [await self._department.leads.find(query)]
            except (InputError, UsageError) as exc:
                found, said = [], exc.what
        else:
            found = await self._department.store.read(
                lambda t: leads.every(t, status=wanted, limit=_LISTED)
            )
        return self._page(
            "leads.html.j2",
            request,
            found=found,
            query=query,
            status=wanted,
            statuses=list(ContactStatus),
            said=said,
        )

    async def lead(self, request: Request, *, said: str = "") -> Response:
        """One person: how they stand and why, what was said, what happened."""
        named = request.path_params["id"]
        story = await self._department.leads.why(named)
        dossier = await self._department.leads.show(story.lead.id)
        answers = await self._department.store.read(lambda t: replies.of_lead(t, story.lead.id))
        thread = [
            (one.claimed_at, "we", one.text or f"{one.kind}, without a text", str(one.state))
            for one in dossier.deliveries
        ]
        thread += [(one.received_at, "they", one.text, "") for one in answers]
        return self._page(
            "lead.html.j2",
            request,
            422 if said else 200,
            lead=story.lead,
            why=story.why,
            dossier=dossier,
            thread=sorted(thread, key=lambda one: one[0]),
            history=[
                (one, told[0], told[1:])
                for one in reversed(story.history)
                if (told := told_of(one))
            ],
            stages=self._department.settings.sales_manager.stages,
            said=said,
        )

    async def funnel(self, request: Request) -> Response:
        """How far people came, and before which gate the others stand."""
        report = await self._department.report()
        idle = await self._department.leads.idle()
        return self._page("funnel.html.j2", request, report=report, idle=idle)

    async def replies(self, request: Request) -> Response:
        """What people answered, the newest first, and how it was read."""

        def read(transaction: Transaction) -> list[Any]:
            newest = replies.newest(transaction, limit=_LISTED)
            return [(one, leads.find(transaction, one.lead_id)) for one in newest]

        answers = await self._department.store.read(read)
        return self._page("replies.html.j2", request, answers=answers)

    async def health(self, request: Request) -> Response:
        """Agents, jobs, queues, models, and what could not be handled."""
        status = await self._department.status(people=False)
        dead = await self._department.store.read(inbox.dead_letters)
        return self._page("health.html.j2", request, status=status, dead=dead[:_LISTED])

    async def journal(self, request: Request) -> Response:
        """What happened in the whole department, the newest first."""
        given = request.query_params.get("before", "")
        before = int(given) if given.isascii() and given.isdecimal() and len(given) < 16 else None

        def read(transaction: Transaction) -> tuple[int, list[Any]]:
            last = journal.last_seq(transaction) if before is None else before - 1
            after = max(0, last - _LISTED)
            entries = journal.entries(transaction, after=after, limit=last - after)
            about = {one.seq: about_whom(one) for one in entries}
            people = {one: leads.find(transaction, one) for one in set(about.values()) if one}
            return after, [
                (one, told_of(one), people.get(about[one.seq])) for one in reversed(entries)
            ]

        after, told = await self._department.store.read(read)
        return self._page("journal.html.j2", request, entries=told, older=after + 1 if after else 0)

    async def login(self, _: Request | None = None, *, said: str = "") -> Response:
        """Who are you, and what is the token?"""
        return page("login.html.j2", 403 if said else 200, said=said, name=user_of_machine())

    async def problem(self, request: Request, exc: Exception) -> Response:
        """What went wrong, in the sentence that a terminal would show."""
        assert isinstance(exc, IngagentsError)  # noqa: S101  it is registered for these alone
        status = 503 if exc.exit_code == EXIT_TRY_LATER else 404 if _names_nobody(exc) else 400
        return self._page("problem.html.j2", request, status, what=exc.what, remedy=exc.remedy)

    async def nothing_there(self, request: Request, _: Exception) -> Response:
        """An address that there is none of."""
        what = f"there is no page {request.url.path}"
        return self._page("problem.html.j2", request, 404, what=what, remedy="take one from above")

    def _page(
        self, template: str, request: Request, status: int = 200, /, **values: Any
    ) -> Response:
        session: Session | None = getattr(request.state, "session", None)
        return page(
            template,
            status,
            zone=self.zone,
            tabs=_TABS,
            path=request.url.path,
            session=session,
            told=session.take_said() if session is not None else "",
            event=self._department.settings.campaign.event_name,
            now=self._department.clock.now(),
            **values,
        )


def _head(one: Review) -> str:
    """What stands over the text: which step it is of, where that does not go without saying."""
    handed_out = one.evidence.keys() & {BY_HAND, STOPPED}
    step = "" if one.kind == "answer" or handed_out else step_asked(one)
    return step or head_of(one)


def _names_nobody(exc: IngagentsError) -> bool:
    return isinstance(exc, InputError)


def _evidence(evidence: dict[str, Any]) -> list[tuple[str, str]]:
    """What a question rests on, as a name and a line each."""
    found: list[tuple[str, str]] = []
    for key, value in evidence.items():
        if key in _FOR_MACHINES:
            continue
        name = key.replace("_", " ")
        if isinstance(value, dict):
            found += [(f"{name}: {part}", one_line(str(one))) for part, one in value.items()]
        elif isinstance(value, list | tuple):
            found += [(name, _line(one)) for one in value]
        elif value:
            found.append((name, one_line(str(value))))
    return found


def _line(one: Any) -> str:
    if isinstance(one, dict):
        return one_line(", ".join(f"{name} {part}" for name, part in one.items()))
    return one_line(str(one))
