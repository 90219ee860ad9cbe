"""How both vendors' SDKs are used: one question, in the simplest dialect the server asked for."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Generic, TypeVar

import httpx2

from ingagents.errors import AccountBlocked, ServiceError
from ingagents.integrations.http.sanitise import JsonObject, clean_text
from ingagents.integrations.llm.complaints import is_of_the_content
from ingagents.integrations.llm.http import ModelWire, object_of
from ingagents.log import narrator
from ingagents.model import ModelTask, Question
from ingagents.ports import ProviderAnswer, ProviderSettings

ROLE_WORDS = (
    r"\broles?\b|\bsystem\b.{0,20}(message|prompt|instruction|role|extra|not)|developer instruction"
)
"""How servers say that they know no instructions beside the user's words."""

_COMPLAINTS = frozenset({400, 404, 415, 422, 500, 501})
"""What servers answer to a field they do not know; llama-cpp-python says 500."""

_UNBLAMED_MAX = 8
"""After a question that was refused however simply it was asked, so many refusals are the
questions' own; then the server is thought to mean its fields once more."""

_NO_MODEL = re.compile(
    r"model_not_found|not_found_error|no such model|model.{0,200}not.(found|exist)"
)

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
        self._proven: set[tuple[str, ModelTask, D]] = set()
        """What was answered before: by which model, to which task, in which dialect."""
        self._unblamed = 0

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
    def _named(self, dialect: D, exc: ServiceError, fields: Mapping[str, Any]) -> D:
        """The dialect without what the server complains of; the same when it names nothing of it."""

    @abstractmethod
    def _simplified(self, dialect: D, settings: ProviderSettings) -> D:
        """The dialect without its newest part; the same when nothing simpler is left."""

    @abstractmethod
    def _read(self, body: JsonObject, question: Question, dialect: D) -> ProviderAnswer:
        """The answer, and what it shows of the server's understanding."""

    def _speak(self, dialect: D, why: str) -> None:
        self._dialect, self._ignored = dialect, 0
        _log.info("model.asked_more_simply", server=self._wire.name, why=why)

    async def _once(self, question: Question, settings: ProviderSettings) -> ProviderAnswer:
        """Ask, more simply after each complaint that names a field, or nothing that we know.

        What a complaint names is remembered at once; a guess only when it was right.
        """
        learnt = dialect = self._dialect
        while True:
            fields = self._fields(question, settings, dialect)

            async def send(fields: Mapping[str, Any] = fields) -> httpx2.Response:
                response: httpx2.Response = (await self._create(**fields)).http_response
                return response

            try:
                body = await self._wire.exchange(send)
            except ServiceError as exc:
                simpler = self._simpler_after(exc, dialect, question, settings, fields)
                if simpler == dialect:
                    raise
                if dialect == learnt and self._named(dialect, exc, fields) != dialect:
                    self._speak(simpler, exc.what)
                    learnt = simpler
                dialect = simpler
                continue
            if dialect != learnt:
                self._speak(dialect, "it answers when asked so")
            answer = self._read(body, question, dialect)
            self._proven.add((settings.model, question.task, dialect))
            return answer

    def _simpler_after(
        self,
        exc: ServiceError,
        dialect: D,
        question: Question,
        settings: ProviderSettings,
        fields: Mapping[str, Any],
    ) -> D:
        """How to ask after an error; the same dialect when another one cannot help."""
        said = exc.what.lower()
        if exc.status not in _COMPLAINTS or isinstance(exc, AccountBlocked):
            return dialect
        if exc.status < 500 and is_of_the_content(said):
            return dialect
        named = self._named(dialect, exc, fields)
        if named != dialect or exc.status >= 500 or _NO_MODEL.search(said):
            return named
        if (settings.model, question.task, dialect) in self._proven:
            return dialect  # it answered such a request before: it means this question
        if dialect == self._dialect and self._unblamed > 0:
            self._unblamed -= 1
            return dialect
        simpler = self._simplified(dialect, settings)
        if simpler == dialect:
            self._unblamed = _UNBLAMED_MAX
        return simpler
