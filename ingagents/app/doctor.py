"""Every setting and connection looked at once: ok, not ok and the fix, or ok with a warning."""

from __future__ import annotations

import itertools
import shutil
import stat
from collections.abc import Awaitable, Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit
from uuid import uuid4

import anyio
import msgspec

from ingagents.app.department import open_department
from ingagents.app.hook_check import look_at_hooks
from ingagents.app.language_models import open_language_model
from ingagents.app.providers import (
    able_accounts,
    check_supported,
    open_channels,
    open_mailer,
)
from ingagents.app.rules.campaign_facts import campaign_of, checked_facts
from ingagents.app.rules.send_rules import (
    all_by_hand,
    by_hand,
    campaign_gate,
    enrols,
    is_live,
    missing_for_real,
    name_of,
)
from ingagents.app.rules.texts import load_prompts, load_step_templates, load_templates
from ingagents.app.views.page import address_of, page_token
from ingagents.core.llm.answers import Problem
from ingagents.core.llm.classify import accept_classifications, ask_classification
from ingagents.core.llm.pricing import PRICES_DATE
from ingagents.core.messages.values import unsaid
from ingagents.display import counted
from ingagents.errors import BusyElsewhere, IngagentsError, RequestRefused
from ingagents.http_server import listen
from ingagents.integrations.clock import SystemClock
from ingagents.integrations.unipile.wire.http import api_root
from ingagents.llm.client import LlmClient
from ingagents.llm.stages import Route
from ingagents.loopback import is_loopback
from ingagents.model import AccountState, LeadId, Mail, ModelAnswer, ModelTask, Profile
from ingagents.settings import Settings
from ingagents.settings.linkedin import AccountSection
from ingagents.store.engine.open_store import beside, shown

_ROOM_MIN_BYTES = 200 * 1024 * 1024
_PATIENCE_SECONDS = 15.0
_PROBE_TOKENS = 1_000
"""Room for the short answer, and for a model that thinks first whatever it is told."""
_NO_LIST = frozenset({404, 405, 501})


class _Warning(NamedTuple):
    """Works, and should not stay so."""

    what: str
    remedy: str


Check = Callable[[Settings], Awaitable[str | _Warning]]


async def examine(
    settings: Settings, *, notify: bool = False, hooks: str = ""
) -> list[dict[str, Any]]:
    """All checks, in the order somebody would mend them; each is a plain dictionary.

    One that is ok and names a fix is a warning. `notify` sends a test notice to each channel;
    `hooks` is an address that the service is to post its webhooks to.
    """
    checks: list[tuple[str, Check]] = [
        ("settings", _settings),
        ("secrets", _secrets),
        ("campaign", _campaign),
        ("database", _database),
        ("disk", _disk),
        ("templates", _templates),
        ("texts", _texts),
        ("linkedin", _linkedin),
        ("llm", _llm),
        ("sheets", _sheets),
        ("email", _email),
        ("report", _report),
        ("notify", partial(_notify, send=notify)),
        ("hooks", partial(_hooks, address=hooks)),
        ("page", _page),
    ]
    return [await _look(name, check, settings) for name, check in checks]


async def _look(name: str, check: Check, settings: Settings) -> dict[str, Any]:
    try:
        with anyio.fail_after(_PATIENCE_SECONDS * 4):
            says = await check(settings)
    except IngagentsError as exc:
        return {"check": name, "ok": False, "says": exc.what, "fix": exc.remedy}
    except TimeoutError:
        fix = "check the network and the service"
        return {"check": name, "ok": False, "says": "no answer in time", "fix": fix}
    except OSError as exc:
        return {"check": name, "ok": False, "says": str(exc), "fix": "check the address"}
    if isinstance(says, _Warning):
        return {"check": name, "ok": True, "says": says.what, "fix": says.remedy}
    return {"check": name, "ok": True, "says": says, "fix": ""}


async def _settings(settings: Settings) -> str | _Warning:
    check_supported(settings)
    if not settings.outreach.rate_limiting.working_days:
        setting = "outreach.rate_limiting.working_days"
        return _Warning(f"{setting} is empty: nobody is ever written to", f"name days in {setting}")
    return str(settings.file or "none: the sandbox's defaults")


async def _secrets(settings: Settings) -> str | _Warning:
    """Whether others may read the keys, where they lie and on their way."""
    lying = [str(file) for file in settings.secret_files() if _others_may_read(file)]
    plain = [name for name, host in _unencrypted(settings) if not is_loopback(host)]
    what = [
        *([f"{', '.join(lying)} can be read by others on this machine"] if lying else []),
        *([f"{', '.join(plain)} leads to another machine unencrypted"] if plain else []),
    ]
    if not what:
        return "nobody else can read them"
    fix = [
        *([f"chmod 600 {' '.join(lying)}"] if lying else []),
        *(["use https:// (for mail starttls or tls)"] if plain else []),
    ]
    return _Warning("; ".join(what), "; ".join(fix))


async def _page(settings: Settings) -> str | _Warning:
    """Whether the page can be served, where it is wanted."""
    web = settings.web
    if not web.enabled:
        return "web.enabled is false: `run` serves none"
    token, address = page_token(settings), address_of(web.host, web.port)
    try:
        listen(web.host, web.port, allow_remote=True, remedy="").close()
    except BusyElsewhere:
        return _Warning(
            f"{address} is taken, by a department at work or by another program",
            "if none of yours is at work, choose another web.port",
        )
    return f"{address} for {'whoever knows the token' if token else 'this machine alone'}"


async def _hooks(settings: Settings, *, address: str) -> str | _Warning:
    what, remedy = await look_at_hooks(settings, address)
    return _Warning(what, remedy) if remedy else what


def _others_may_read(file: Path) -> bool:
    try:
        return bool(file.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH))
    except OSError:
        return False  # whoever needs it says that it is not there


def _unencrypted(settings: Settings) -> Iterator[tuple[str, str]]:
    """Settings under which keys or texts travel as they are, and to which host."""
    linkedin = settings.linkedin
    of_accounts = (("linkedin.accounts", one.base_url) for one in linkedin.accounts)
    named = [("linkedin.base_url", linkedin.base_url), *of_accounts]
    addresses = [
        *((name, str(api_root(address))) for name, address in named if address),
        ("llm.base_url", settings.llm.base_url),
        ("llm.standby.base_url", settings.llm.standby.base_url),
        ("sheets.api_root", settings.sheets.api_root),
        ("traces.endpoint", settings.traces.endpoint),
    ]
    for name, address in addresses:
        parts = urlsplit(address)
        if parts.scheme.lower() == "http":
            yield name, parts.hostname or ""
    if settings.email.host and settings.email.security == "none":
        yield 'email.security = "none"', settings.email.host


async def _campaign(settings: Settings) -> str:
    """Whether anything may go out for this event, and what is missing before it is for real."""
    gate, now = campaign_gate(settings), SystemClock().now()
    if (bar := gate.bar(now, first_touch=False)) is not None:
        raise IngagentsError(bar.what, bar.remedy)
    campaign = settings.campaign
    where = f" in {campaign.event_city}" if campaign.event_city else ""
    signed = f", signed by {campaign.sender_name}" if campaign.sender_name else ""
    says = f"{campaign.event_name}{where} on {campaign.event_date.isoformat()}{signed}"
    notes = [str(gate.bar(now) or "")]
    if not settings.linkedin.simulated:
        notes += [
            f"before live = true: {one.remedy} ({one.what})" for one in missing_for_real(settings)
        ]
    return "; ".join(filter(None, (says, *notes)))


async def _database(settings: Settings) -> str:
    async with open_department(settings) as department:
        status = await department.status(people=False)
    where = shown(settings.database.url, folder=settings.path("."))
    return f"{where}, {counted(sum(status.leads.values()), 'lead')}"


async def _disk(settings: Settings) -> str:
    folder = beside(settings.database.url, "", folder=settings.path(".")).parent
    free = shutil.disk_usage(folder).free
    if free < _ROOM_MIN_BYTES:
        raise IngagentsError(f"{free // 2**20} MiB free under {folder}", "make room")
    return f"{free // 2**20} MiB free"


async def _templates(settings: Settings) -> str:
    found = load_templates(settings)
    load_step_templates(settings)
    prompts = load_prompts(settings)
    shown = [
        f"{kind}: {', '.join(template.version for template in by_language.values())}"
        for kind, by_language in found.items()
    ]
    return "; ".join([*shown, f"{len(prompts)} prompts"])


async def _texts(settings: Settings) -> str:
    """What texts leave out; they read well without it, so this is no failure."""
    campaign = campaign_of(settings)
    wrong = sum(one.grave for one in checked_facts(settings))
    mend = [f"{counted(wrong, 'thing')} to mend in the facts: `ingagents facts check`"]
    told = counted(len(campaign.facts), "fact")
    return "; ".join([campaign.event_name, told, *(mend if wrong else []), *unsaid(campaign)])


async def _linkedin(settings: Settings) -> str:
    if settings.linkedin.in_process:
        return "the sandbox: a simulated market in this process"
    async with open_department(settings) as department:
        linkedin = await department.linkedin()
        accounts = await able_accounts(settings, linkedin)
    if all_by_hand(settings):
        return "by hand: `ingagents review list` has what you are to send, `review sent` says that you did"
    live = "sends for real" if linkedin.live else "dry run: linkedin.live is false"
    said = ", ".join(map(_shown_as, accounts, settings.linkedin.each))
    return f"{said}; {live}"


def _shown_as(account: AccountState, chosen: AccountSection) -> str:
    if by_hand(chosen):
        return f"{name_of(chosen)} by hand"
    notes = "premium, notes of 300" if account.premium else "free, notes of 200"
    campaign = f", campaign {chosen.campaign_id} sends" if enrols(chosen) else ""
    return f"account {account.name or name_of(chosen)} ({notes} characters){campaign}"


async def _llm(settings: Settings) -> str:
    """Whether every model a task would be put to is there, answers, and has a known price."""
    async with (
        open_department(settings) as department,
        open_language_model(settings, department.context) as model,
    ):
        if model is None:
            return "the rules decide; no model is asked"
        wanted: dict[str, dict[str, Route]] = {}
        for route in itertools.chain.from_iterable(model.routes.values()):
            wanted.setdefault(route.server.name, {}).setdefault(route.model, route)
        for name, routes in wanted.items():
            server = next(iter(routes.values())).server
            try:
                offered = {_plain(one) for one in await server.provider.known_models()}
            except RequestRefused as exc:
                if exc.status not in _NO_LIST:
                    raise
                continue  # a compatible server need not list its models
            if missing := sorted(one for one in routes if _plain(one) not in offered):
                raise IngagentsError(
                    f"{name} does not offer {', '.join(missing)}",
                    f"name one it does in [llm]: {', '.join(sorted(offered)[:8]) or 'it lists none'}",
                )
        asked = [route for routes in wanted.values() for route in routes.values()]
        costs = [await _probed(model, route, settings) for route in asked]
    every = sorted({route.model for route in asked})
    unknown = [one for one in every if model.price(one) is None]
    questions = "one small question" if len(asked) == 1 else f"{len(asked)} small questions"
    priced = (
        f"no price known for {', '.join(unknown)}: tokens are counted, cost is not ([llm.prices])"
        if unknown
        else f"list prices of {PRICES_DATE}, check them"
    )
    return (
        f"{', '.join(wanted)} answers and offers {', '.join(every)}; {priced};"
        f" {questions} cost {sum(costs):.6f} USD"
    )


async def _probed(model: LlmClient, route: Route, settings: Settings) -> float:
    """What a small real question cost, in USD (0 without a known price)."""
    where = f"{route.server.name}, asked one small question with {route.model},"
    people = [(LeadId("doctor"), Profile(position="Chief Technology Officer", company="Example"))]
    question = msgspec.structs.replace(
        ask_classification(load_prompts(settings)[ModelTask.CLASSIFY], people),
        max_output_tokens=_PROBE_TOKENS,
        about=(),
    )
    answer = await model.probe(question, route)
    accepted = accept_classifications(question, people, answer)
    if not accepted.value:
        raise IngagentsError(
            f"{where} gave no answer that can be used: {_why(answer, accepted.problems)}",
            "name another model in [llm], give its tasks more max_output_tokens, or set"
            ' llm.effort to "none" or "low"; until then the rules decide',
        )
    return answer.cost_usd or 0.0


def _why(answer: ModelAnswer, problems: Sequence[Problem | str]) -> str:
    if answer.stop == "complete" and not answer.text.strip() and answer.data is None:
        return "it is empty"
    return "; ".join(map(str, problems)) or "it says nothing about the person it was asked about"


def _plain(model: str) -> str:
    """A model's name without the folder that Google's list puts before it."""
    return model.removeprefix("models/")


async def _sheets(settings: Settings) -> str:
    if not settings.sheets.enabled:
        return "no sheet is kept: sheets.enabled is false"
    async with open_department(settings) as department:
        sheet = await department.sheet()
        tabs = await sheet.tabs()
    return f"the sheet answers; its tabs: {', '.join(tab.title for tab in tabs)}"


async def _email(settings: Settings) -> str:
    """Composes a mail to the team and has the server accept all of it but the text."""
    email = settings.email
    mailer, sender = open_mailer(settings, SystemClock())
    recipients = tuple(settings.sales_manager.report_recipients)
    mail = Mail(
        recipients=recipients or (sender,), subject="The daily report", text="A test.", html=""
    )
    if not email.host:
        mail = msgspec.structs.replace(mail, recipients=recipients)
    tried = await mailer.try_out(mail)
    if not tried.success:
        raise IngagentsError(tried.detail, "mend [email] and report_recipients in the settings")
    if tried.unreached:
        missed = ", ".join(f"{who} ({why})" for who, why in tried.unreached.items())
        raise IngagentsError(f"mails do not reach {missed}", "mend sales_manager.report_recipients")
    if not email.host:
        return f"mails are written to {settings.path(email.outbox)}"
    taken = f"takes mail for {', '.join(recipients)}" if recipients else "answers"
    return f"{email.host}:{email.port} {taken} ({email.security})"


async def _notify(settings: Settings, *, send: bool) -> str:
    """Whether each channel has an address; a notice only goes when that was asked for."""
    channels = open_channels(settings, SystemClock())
    if not channels:
        return "no channel is set up; mail alone tells the team"
    names = ", ".join(channel.name for channel in channels)
    if not send:
        return f"{names}; `ingagents doctor --notify` sends a test notice"
    test = Mail(
        recipients=(),
        subject="Test notice",
        text="ingagents doctor was asked to send this: the channel works.",
        message_id=uuid4().hex,
    )
    said = {channel.name: await channel.send_mail(test) for channel in channels}
    missed = "; ".join(result.detail for result in said.values() if not result.success)
    if missed:
        raise IngagentsError(missed, "mend the address in its file, and try again")
    return f"{names} took a test notice"


async def _report(settings: Settings) -> str:
    recipients = settings.sales_manager.report_recipients
    if recipients:
        return f"goes to {', '.join(recipients)}"
    if all_by_hand(settings):
        return "nobody is named: `ingagents report` shows it"
    if not settings.email.host and not is_live(settings):
        return "nobody is named; it is written to the outbox"
    raise IngagentsError(
        "sales_manager.report_recipients is empty", "name who reads the report and the alerts"
    )
