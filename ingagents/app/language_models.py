"""Which language models stand behind the port: the settings' choice, opened when first asked.

Nothing of a vendor is imported before a question goes to it, for that costs seconds.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import anyio

from ingagents.context import Context
from ingagents.core.llm.pricing import Price, default_model
from ingagents.errors import SettingsError
from ingagents.llm.client import LlmClient
from ingagents.llm.stages import ModelPolicy, Route, Server
from ingagents.model import ModelTask, ProviderAnswer, ProviderName, ProviderSettings, Question
from ingagents.model.llm import Effort
from ingagents.ports import ModelProvider
from ingagents.settings import Settings
from ingagents.settings.llm import VENDOR_KEYS, LlmSection, StandbySection

if TYPE_CHECKING:
    import httpx

    from ingagents.ports import Clock

_THINKING_TOKENS = {"": 0, "none": 0, "low": 1_000, "medium": 4_000, "high": 12_000}
"""Room for thinking on top of the answer; vendors count both against one limit."""

_NO_KEY = "no-key-needed"
"""What a server of one's own gets when no key is set: the SDKs insist on one."""


@asynccontextmanager
async def open_language_model(
    settings: Settings, context: Context
) -> AsyncGenerator[LlmClient | None, None]:
    """The language model the settings name; None for `rules`. Leaving closes its connections.

    Raises:
        SettingsError: a key is missing, or a task names a provider that is not set up.
    """
    if settings.llm.provider == "rules":
        yield None
        return
    check_models(settings)
    async with AsyncExitStack() as resources:
        opening = _Opening(settings, context.clock, resources)
        main, standby = settings.llm, settings.llm.standby
        found: list[tuple[ProviderName, Server, LlmSection | StandbySection]] = [
            (settings.llm.provider, opening.server(settings.llm.provider, main), main)
        ]
        if standby.provider:
            server = opening.server(standby.provider, standby, taken=found[0][1].name)
            found.append((standby.provider, server, standby))
        yield LlmClient(
            context,
            {task: _routes(settings.llm, task, found) for task in ModelTask},
            _policy(settings),
        )


def check_models(settings: Settings) -> None:
    """Refuse settings under which no question could be asked. Imports and opens nothing.

    Raises:
        SettingsError: see `open_language_model`.
    """
    llm = settings.llm
    if llm.provider == "rules":
        return
    _key(settings, llm.provider, llm, "llm")
    if llm.standby.provider:
        _key(settings, llm.standby.provider, llm.standby, "llm.standby")
    known = {"", llm.provider, llm.standby.provider}
    for task in ModelTask:
        wanted = llm.tasks.of(task).provider
        if wanted not in known:
            raise SettingsError(
                f"llm.tasks.{task.value}.provider is {wanted}, which is neither llm.provider nor"
                " llm.standby.provider",
                f"set llm.standby.provider to {wanted}, or leave the task's empty",
            )


class _OnDemand:
    """A provider that is made, its SDK imported, when it is first asked."""

    def __init__(self, make: Callable[[], Awaitable[ModelProvider]]) -> None:
        self._make = make
        self._made: ModelProvider | None = None
        self._turn = anyio.Lock()

    async def ask(self, question: Question, settings: ProviderSettings) -> ProviderAnswer:
        return await (await self._provider()).ask(question, settings)

    async def known_models(self) -> frozenset[str]:
        return await (await self._provider()).known_models()

    async def _provider(self) -> ModelProvider:
        async with self._turn:
            if self._made is None:
                self._made = await self._make()
            return self._made


class _Opening:
    """Makes providers over the same HTTP clients."""

    def __init__(self, settings: Settings, clock: Clock, resources: AsyncExitStack) -> None:
        self._settings = settings
        self._clock = clock
        self._resources = resources
        self._http: Sequence[httpx.AsyncClient] = ()

    def server(
        self, kind: ProviderName, section: LlmSection | StandbySection, *, taken: str = ""
    ) -> Server:
        host = urlsplit(section.base_url).netloc.rpartition("@")[2]
        name = f"{kind} at {host}" if host else kind
        table = "llm" if isinstance(section, LlmSection) else "llm.standby"
        key = _key(self._settings, kind, section, table)

        async def make() -> ModelProvider:
            return await self._provider(kind, key, section.base_url)

        told = f"{name} (standby)" if name == taken else name
        return Server(name=told, provider=_OnDemand(make), vendor=kind)

    async def _provider(self, kind: ProviderName, key: str, base_url: str) -> ModelProvider:
        from ingagents.integrations.llm.adapter import Dialect, ModelAdapter

        dialect: Dialect
        if kind == "openai":
            from ingagents.integrations.llm.openai import OpenAI

            dialect = OpenAI()
        else:
            from ingagents.integrations.llm.anthropic import Anthropic

            dialect = Anthropic()
        llm = self._settings.llm
        return ModelAdapter(
            dialect,
            *await self._clients(),
            api_key=key,
            clock=self._clock,
            base_url=base_url,
            timeout_seconds=llm.timeout_seconds,
            retries=llm.retries,
        )

    async def _clients(self) -> Sequence[httpx.AsyncClient]:
        """One for every ten questions at once, each able to carry all of them if it must."""
        from ingagents.integrations.http.client import open_http_client

        llm = self._settings.llm
        if not self._http:
            self._http = [
                open_http_client(llm.timeout_seconds, connections_max=max(llm.max_at_once, 10))
                for _ in range(-(-llm.max_at_once // 10))
            ]
            for client in self._http:
                await self._resources.enter_async_context(client)
        return self._http


def _routes(
    llm: LlmSection,
    task: ModelTask,
    found: list[tuple[ProviderName, Server, LlmSection | StandbySection]],
) -> tuple[Route, ...]:
    """The ways for a task: the provider it names first, else as they stand in the settings."""
    own = llm.tasks.of(task)
    ordered = sorted(found, key=lambda one: bool(own.provider) and one[0] != own.provider)
    routes = []
    for place, (kind, server, section) in enumerate(ordered):
        # A task's model is one of its first provider; the other one would not know it.
        named = (own.model if place == 0 else "") or section.model
        effort = own.effort or llm.effort or _usual_effort(kind, task, section.base_url)
        routes.append(
            Route(
                server=server,
                model=named or default_model(kind, task),
                effort=effort,
                max_output_tokens=own.max_output_tokens,
                thinking_tokens=_THINKING_TOKENS[effort],
            )
        )
    return tuple(routes)


def _usual_effort(kind: ProviderName, task: ModelTask, base_url: str) -> Effort:
    """The vendors' models think at length unless told; servers of one's own are told nothing."""
    if base_url:
        return ""
    cheap = default_model(kind, task) == default_model(kind, ModelTask.CLASSIFY)
    return "low" if cheap else "medium"


def _policy(settings: Settings) -> ModelPolicy:
    llm = settings.llm
    return ModelPolicy(
        cache_ttl=timedelta(hours=llm.cache_ttl_hours),
        daily_budget_usd=llm.daily_budget_usd,
        lead_budget_usd=llm.lead_budget_usd,
        task_budgets_usd={
            task: budget for task in ModelTask if (budget := llm.tasks.of(task).daily_budget_usd)
        },
        prices={
            name: Price(
                one.input,
                one.input if one.cached_input is None else one.cached_input,
                one.output,
            )
            for name, one in llm.prices.items()
        },
        timezone=settings.campaign.timezone,
        requests_per_minute=llm.requests_per_minute,
        max_at_once=llm.max_at_once,
    )


def _key(
    settings: Settings, kind: ProviderName, section: LlmSection | StandbySection, table: str
) -> str:
    key = settings.secret(section.api_key, section.api_key_file)
    if not key and section.base_url:
        return _NO_KEY
    if not key:
        raise SettingsError(
            f"there is no API key for {table}.provider = {kind}",
            f"set INGAGENTS_{table.replace('.', '__').upper()}__API_KEY, {table}.api_key_file"
            f" or {VENDOR_KEYS[kind]}",
        )
    return key
