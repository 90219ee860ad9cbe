"""A vendor's SDK as a model provider: one question, as simply as the server asked for.

What a vendor's wire looks like is its `Dialect`'s; a server is thought to know all of it, and asked
more simply after each complaint, for as long as the process lives.
"""

from __future__ import annotations

import random
import re
from abc import abstractmethod
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any, ClassVar, Literal, NamedTuple, Self

import httpx
import httpx2
import msgspec

from ingagents.core.llm.pricing import estimate_tokens, question_tokens
from ingagents.core.llm.schema_fit import fitted
from ingagents.errors import AccountBlocked, ServiceError, SettingsError
from ingagents.integrations.http.bridge import bridged
from ingagents.integrations.http.client import timeouts
from ingagents.integrations.http.sanitise import JsonObject, clean_text, object_of
from ingagents.integrations.llm.complaints import is_of_the_content
from ingagents.integrations.llm.http import ModelWire, SdkErrors
from ingagents.integrations.llm.text import data_of, schema_in_words
from ingagents.log import narrator
from ingagents.masking import keep_secret
from ingagents.model import ModelTask, ProviderAnswer, ProviderSettings, Question
from ingagents.ports import Clock

_ROLE_WORDS = (
    r"\broles?\b|\bsystem\b.{0,20}(message|prompt|instruction|role|extra|not)|developer instruction"
)
"""How servers say that they know no instructions beside the user's words."""

_ROLE_IN_A_FAILURE = (
    r"(system|developer) (role|message|prompt|instruction)s?\b.{0,40}\b(not|un)"
    r"|roles? .{0,40}(not supported|must alternate)|(unsupported|unknown|invalid|unexpected) role"
)
"""How they say so as if they had failed themselves: a model's own template complains in llama.cpp."""

_COMPLAINTS = frozenset({400, 404, 415, 422, 500, 501})
"""What servers answer to a field they do not know; llama-cpp-python says 500."""

_UNBLAMED_MAX = 8
"""After a question that was refused however simply it was asked, so many refusals are the
questions' own; then the server is thought to mean its fields once more."""

_IGNORED_MAX = 2
"""So many answers in a row that are more than JSON mean that the server ignores the schema."""

_NO_MODEL = re.compile(
    r"model_not_found|not_found_error|no such model|model.{0,200}not.(found|exist)"
)
_ANSWER_LENGTH_MAX = 200_000

_log = narrator()


class Sdk(NamedTuple):
    """A vendor's SDK: the classes of its errors, and its two requests.

    They are made by the SDK's own verbs, of JSON as it stands: its typed methods walk every field of
    every schema at each call.
    """

    errors: SdkErrors
    create: Callable[[bytes], Awaitable[httpx2.Response]]
    list_models: Callable[[], Awaitable[httpx2.Response]]


class Said(NamedTuple):
    """What an answer says, in no dialect. `called`: the arguments of the tool it was to call.

    Tokens as they were counted; 0 where nothing was.
    """

    text: str
    stop: Literal["complete", "length", "refused"]
    read: int
    written: int
    cached: int
    cache_written: int
    called: JsonObject | None = None
    refusal: str = ""


class Simpler(NamedTuple):
    """A dialect with one thing less; `words` are a pattern of how servers complain of that."""

    words: str
    dialect: Dialect


class Dialect(msgspec.Struct, frozen=True, kw_only=True):
    """What a server is thought to understand; it only ever gets simpler."""

    vendor: ClassVar[str]
    base_url: ClassVar[str]

    effort: bool = True
    system: bool = True

    @property
    @abstractmethod
    def in_words(self) -> bool:
        """Whether the schema stands in the instructions."""

    @property
    def by_tool(self) -> bool:
        """Whether the answer is to be a tool's call."""
        return False

    @classmethod
    @abstractmethod
    def connect(cls, **options: Any) -> Sdk:
        """The SDK with a key, a base URL, time limits and an HTTP client."""

    @abstractmethod
    def fields(self, question: Question, settings: ProviderSettings) -> dict[str, Any]:
        """The request."""

    @abstractmethod
    def read(self, body: JsonObject) -> Said | str:
        """What a body says, or why it is no answer."""

    @abstractmethod
    def ignored(self) -> Self:
        """The dialect for a server that answers more than JSON."""

    @abstractmethod
    def _steps(self, settings: ProviderSettings) -> Sequence[Simpler]:
        """What can be left out of a request, the newest part first."""

    def steps(self, settings: ProviderSettings, status: int) -> Sequence[Simpler]:
        """What can be left out after a refusal; a failing server must name the role itself."""
        words = _ROLE_WORDS if status < 500 else _ROLE_IN_A_FAILURE
        last = [Simpler(words, self.without(system=False))] if self.system else []
        return [*self._steps(settings), *last]

    def without(self, **changes: Any) -> Self:
        """The dialect with these changes."""
        return msgspec.structs.replace(self, **changes)

    def texts(self, question: Question) -> tuple[str, str]:
        """Instructions and question; both in the second where the server knows no instructions."""
        system = question.system + (schema_in_words(question.schema) if self.in_words else "")
        return system, question.user if self.system else f"{system}\n\n{question.user}"


class ModelAdapter:
    """One server: keeps `ports.ModelProvider`. `http` take turns; the caller opens and closes them."""

    def __init__(
        self,
        dialect: Dialect,
        *http: httpx.AsyncClient,
        api_key: str,
        clock: Clock,
        base_url: str = "",
        timeout_seconds: float = 60.0,
        retries: int = 2,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        sdk = dialect.connect(
            api_key=_checked_key(api_key, dialect.vendor.lower()),
            base_url=base_url or dialect.base_url,
            timeout=httpx2.Timeout(**timeouts(timeout_seconds).as_dict()),
            max_retries=0,
            http_client=bridged(*http),
        )
        self._create, self._list_models = sdk.create, sdk.list_models
        self._wire = ModelWire(
            dialect.vendor if not base_url else f"the server at {httpx.URL(base_url).host}",
            errors=sdk.errors,
            clock=clock,
            timeout_seconds=timeout_seconds,
            retries=retries,
            jitter=jitter,
        )
        self._dialect = dialect
        self._ignored = 0
        """Answers in a row that were more than the JSON that was asked for."""
        self._proven: set[tuple[str, ModelTask, Dialect]] = set()
        """What was answered before: by which model, to which task, in which dialect."""
        self._unblamed = 0

    async def ask(self, question: Question, settings: ProviderSettings) -> ProviderAnswer:
        return await self._wire.repeats.of(lambda: self._once(question, settings))

    async def known_models(self) -> frozenset[str]:
        body = await self._wire.repeats.of(lambda: self._wire.exchange(self._list_models))
        listed = body.get("data")
        ids = [object_of(one).get("id") for one in listed] if isinstance(listed, list) else []
        return frozenset(clean_text(one, 200) for one in ids if isinstance(one, str))

    async def _once(self, question: Question, settings: ProviderSettings) -> ProviderAnswer:
        """Ask, more simply after each complaint that names a field, or nothing that we know.

        What a complaint names is remembered at once; a guess only when it was right.
        """
        learnt = dialect = self._dialect
        while True:
            asked = msgspec.json.encode(dialect.fields(question, settings))
            try:
                body = await self._wire.exchange(partial(self._create, asked))
            except ServiceError as exc:
                steps = dialect.steps(settings, exc.status)
                named = _named(steps, exc)
                simpler = self._simpler_after(exc, dialect, named, steps, question, settings)
                if simpler is None:
                    raise
                if dialect == learnt and named is not None:
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
        dialect: Dialect,
        named: Dialect | None,
        steps: Sequence[Simpler],
        question: Question,
        settings: ProviderSettings,
    ) -> Dialect | None:
        """How to ask after an error; None when another way cannot help."""
        said = exc.what.lower()
        if exc.status not in _COMPLAINTS or isinstance(exc, AccountBlocked):
            return None
        if exc.status < 500 and is_of_the_content(said):
            return None
        if named is not None or exc.status >= 500 or _NO_MODEL.search(said):
            return named
        if (settings.model, question.task, dialect) in self._proven:
            return None  # it answered such a request before: it means this question
        if dialect == self._dialect and self._unblamed > 0:
            self._unblamed -= 1
            return None
        if not steps:
            self._unblamed = _UNBLAMED_MAX
            return None
        return steps[0].dialect

    def _read(self, body: JsonObject, question: Question, dialect: Dialect) -> ProviderAnswer:
        """The answer; what it shows of the server's understanding is remembered."""
        said = dialect.read(body)
        if isinstance(said, str):
            raise self._wire.unreadable(said)
        text = clean_text(said.text, _ANSWER_LENGTH_MAX)
        data, bare = data_of(text, question.schema)
        if said.called is not None:
            data, bare = fitted(question.schema, said.called), True
        if said.stop == "complete":
            obeyed = said.called is not None if dialect.by_tool else bare
            self._ignored = 0 if obeyed else self._ignored + 1
            if self._ignored >= _IGNORED_MAX and not dialect.in_words:
                self._speak(dialect.ignored(), "it answers more than JSON")
        # Who tells nothing of what it read tells nothing of use; what is left out is estimated.
        counted = said.read > 0
        return ProviderAnswer(
            data=data,
            text=text or said.refusal,
            stop=said.stop,
            input_tokens=said.read or question_tokens(question),
            output_tokens=(said.written if counted else 0) or estimate_tokens(text),
            cached_tokens=said.cached,
            written_tokens=said.cache_written,
            usage_estimated=not counted,
        )

    def _speak(self, dialect: Dialect, why: str) -> None:
        self._dialect, self._ignored = dialect, 0
        _log.info("model.asked_more_simply", server=self._wire.name, why=why)


def tokens_of(usage: JsonObject, *path: str) -> int:
    """A count of tokens out of a usage object; 0 when it is absent or no count."""
    value: object = usage
    for name in path:
        value = object_of(value).get(name)
    if not isinstance(value, int) or isinstance(value, bool):
        return 0
    return min(max(value, 0), 100_000_000)


def _named(steps: Sequence[Simpler], exc: ServiceError) -> Dialect | None:
    """The dialect without what the server complains of; None when it names nothing of it."""
    said = exc.what.lower()
    return next((one.dialect for one in steps if re.search(one.words, said)), None)


def _checked_key(api_key: str, provider: str) -> str:
    """The key, fit for a header. An unsendable one would be quoted in the transport's own error.

    Raises:
        SettingsError: it is empty, or has characters that no key has.
    """
    key = api_key.strip()
    if not key or not key.isascii() or not key.isprintable():
        raise SettingsError(
            f"the API key for {provider} is empty or has characters that no key has",
            "set INGAGENTS_LLM__API_KEY (or llm.api_key_file) to the vendor's key",
        )
    keep_secret(key)
    return key
