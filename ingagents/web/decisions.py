"""What is decided on the page: each form is one use case, and ends on a page that can be loaded again."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from ingagents.app.department import Department
from ingagents.display import one_line
from ingagents.errors import InputError, UsageError
from ingagents.services.reviews.decisions import Decided
from ingagents.web.guard import LOGIN, Session, cookie_of
from ingagents.web.pages import Pages

_NAME_MAX = 60


class Decisions:
    """Takes the forms. The guard has seen that they are ours."""

    def __init__(self, department: Department, pages: Pages) -> None:
        self._department = department
        self._pages = pages

    async def login(self, request: Request) -> Response:
        """Let in whoever knows the token."""
        form = request.state.form
        name = one_line(form.get("name", ""))[:_NAME_MAX]
        key = request.state.let_in(form.get("token", "").strip(), name)
        if key is None:
            return await self._pages.login(said="That is not the token.")
        answer = _to("/")
        answer.headers.append("Set-Cookie", cookie_of(request, key))
        return answer

    async def logout(self, request: Request) -> Response:
        """Let go of this browser."""
        _session(request).end()
        return _to(LOGIN)

    async def decide(self, request: Request) -> Response:
        """Answer one question; then the next one is shown. Answering twice changes nothing."""
        form, session, book = request.state.form, _session(request), self._department.reviews
        wish, text = form.get("wish", ""), form.get("text", "").replace("\r\n", "\n")
        try:
            decided = await self._decide(request.path_params["id"], form, wish, text, session.name)
        except UsageError as exc:
            return await self._pages.review(request, said=f"{exc.what}; {exc.remedy}", text=text)
        if not decided.ok:
            return await self._pages.review(
                request, said=_told(decided), text=text if wish == "edit" else None
            )
        session.said = _told(decided)
        waiting = await book.list(limit=1)
        return _to(f"/review/{waiting.reviews[0].id}" if waiting.reviews else "/review")

    async def _decide(
        self, asked: str, form: Mapping[str, str], wish: str, text: str, by: str
    ) -> Decided:
        book = self._department.reviews
        match wish:
            case "approve":
                shown = (await book.show(asked)).review.text
                if "text" in form and text.split() != shown.split():
                    raise UsageError("the text is not the one that was asked about", "send yours")
                return (await book.approve(asked, by=by, read_as=form.get("read_as", "")))[0]
            case "edit":
                return await book.edit(asked, text, by=by)
            case "reject":
                return (await book.reject(asked, reason=form.get("reason", ""), by=by))[0]
            case _:
                raise UsageError(f"there is no answer {wish!r}", "approve, edit or reject")

    async def follow_up(self, request: Request) -> Response:
        """Keep the team's word about a person: a stage, an owner, a remark."""
        form, session, book = request.state.form, _session(request), self._department.leads
        named, by = request.path_params["id"], session.name
        try:
            if stage := form.get("stage", ""):
                day, reason = form.get("next_date", ""), form.get("reason", "")
                await book.stage(named, stage, next_date=day, reason=reason, by=by)
            if owner := form.get("owner", "").strip():
                await book.assign(named, owner, by=by)
            if note := form.get("note", "").strip():
                await book.note(named, note, by=by)
        except (UsageError, InputError) as exc:
            return await self._pages.lead(request, said=f"{exc.what}; {exc.remedy}")
        session.said = "Noted."
        return _to(f"/lead/{(await book.find(named)).id}")

    async def pause(self, request: Request) -> Response:
        """Set the kill switch, or release it."""
        form, session = request.state.form, _session(request)
        if form.get("wish") == "pause":
            await self._department.pause(by=session.name, reason=form.get("reason", ""))
            session.said = "Paused: nothing is sent until somebody resumes."
        elif form.get("wish") == "resume":
            await self._department.resume(by=session.name)
            session.said = "Outreach goes on."
        return _to("/health")


def _session(request: Request) -> Session:
    session: Session = request.state.session
    return session


def _told(decided: Decided) -> str:
    rest = f"; {decided.remedy}" if decided.remedy else ""
    who = f"{decided.review.recipient}: " if decided.review.recipient else ""
    return f"{who}{decided.says}{rest}"


def _to(address: str) -> RedirectResponse:
    """Another page, got and not posted again."""
    return RedirectResponse(address, status_code=303)
