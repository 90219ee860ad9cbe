"""How both vendors' SDKs are used: one question, in the simplest dialect the server asked for."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Generic, TypeVar

import httpx2

from ingagents.errors import ServiceError
from ingagents.integrations.llm_wire import ModelWire, object_of
from ingagents.integrations.outside_text import JsonObject, clean_text
from ingagents.model import Question
from ingagents.narration import narrator
from ingagents.ports import ProviderAnswer, ProviderSettings

__all__ = ["COMPLAINTS", "SdkProvider"]

COMPLAINTS = frozenset({400, 404, 415, 422, 500, 501})
"""What servers answer to a field they do not know; llama-cpp-python says 500."""

D = TypeVar("D")
Call = Callable[..., Awaitable[Any]]
_log = narrator()


class SdkProvider(ABC, Generic[D]):
    """One server behind an SDK: keeps `ports.ModelProvider`.

    `dialect` is what the server is thought to understand; it only ever gets simpler. `create` and
    `list_models` are the SDK's raw calls.
    """

    def __init__(self, wire: ModelWire, dialect: D, *, create: Call, list_models: Call) -> None:
        self._wire = wire
        self._dialect = dialect
        self._create = create
        self._list_models = list_models
        self._ignored = 0
        """Answers in a row that were more than the JSON that was asked for."""

    async def ask(self, question: Question, settings: ProviderSettings) -> ProviderAnswer:
        return await self._wire.repeats.of(lambda: self._once(question, settings))

    async def known_models(self) -> frozenset[str]:
        async def send() -> httpx2.Response:
            response: httpx2.Response = (await self._list_models()).http_response
            return response

        body = await self._wire.repeats.of(lambda: self._wire.exchange(send))
        listed = body.get("data")
        ids = [object_of(one).get("id") for one in listed] if isinstance(listed, list) else []
        return frozenset(clean_text(one, 200) for one in ids if isinstance(one, str))

    @abstractmethod
    def _fields(self, question: Question, settings: ProviderSettings, dialect: D) -> dict[str, Any]:
        """The request in a dialect."""

    @abstractmethod
    def _simpler(self, dialect: D, exc: ServiceError, fields: Mapping[str, Any]) -> D:
        """The dialect without what the server complains of; the same when it is something else."""

    @abstractmethod
    def _read(self, body: JsonObject, question: Question, dialect: D) -> ProviderAnswer:
        """The answer, and what it shows of the server's understanding."""

    def _speak(self, dialect: D, why: str) -> None:
        self._dialect, self._ignored = dialect, 0
        _log.info("model.asked_more_simply", server=self._wire.name, why=why)

    async def _once(self, question: Question, settings: ProviderSettings) -> ProviderAnswer:
        while True:
            dialect = self._dialect
            fields = self._fields(question, settings, dialect)

            async def send(fields: Mapping[str, Any] = fields) -> httpx2.Response:
                response: httpx2.Response = (await self._create(**fields)).http_response
                return response

            try:
                body = await self._wire.exchange(send)
            except ServiceError as exc:
                simpler = self._simpler(dialect, exc, fields)
                if simpler == dialect:
                    raise
                self._speak(simpler, exc.what)
                continue
            return self._read(body, question, dialect)
