"""All we ask of the outside world, on one page. The promises stand here, once.

Adapters in `integrations/` and drivers in `store/` keep them; nobody else talks to the outside.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, ClassVar, Literal, Protocol, TypeVar

import msgspec

from ingagents.model import (
    AccountState,
    ChatMessage,
    ListedPerson,
    Mail,
    ModelAnswer,
    Profile,
    ProviderAnswer,
    ProviderSettings,
    Question,
    Recipient,
    RefusedRow,
    SearchCriteria,
    SearchPage,
    SendResult,
)
from ingagents.model.linkedin import (
    Chat,
    ChatMessages,
    ChatPage,
    Connections,
    Enrolment,
    SentInvitation,
)
from ingagents.model.spreadsheet import Change, SheetFound, Tab, TabLook, Write

T = TypeVar("T")
Row = tuple[Any, ...]


class Clock(Protocol):
    """The only source of time. All moments are aware and in UTC."""

    @property
    def pace(self) -> float:
        """Seconds of department time that pass in one second of a wall clock; 1 in real life."""
        ...

    def now(self) -> datetime:
        """The present moment."""
        ...

    async def sleep_until(self, moment: datetime) -> None:
        """Return at `moment`, at once when it is past."""
        ...

    def busy(self) -> AbstractContextManager[None]:
        """While entered, somebody waits for the outside: a clock that jumps must not jump."""
        ...


class SendingAccount(Protocol):
    """The account we act as. Raises as a `ProfileSource`."""

    async def account(self) -> AccountState:
        """The sending account, as it is now."""
        ...


class ProfileSource(Protocol):
    """Reading LinkedIn: searches, profiles, connections. Repeating any of these is safe.

    Raises:
        TryLater: the service is down, throttles or answers rubbish, also after retries;
            `WrongAnswer` when it answers about somebody or something else than was asked.
        PersonRefused: this profile does not exist or cannot be seen.
        AccountBlocked: the session or the key is gone.
        RequestRefused: the service calls the request itself wrong.
    """

    async def search_profiles(
        self, criteria: SearchCriteria, *, cursor: str | None = None, limit: int = 50
    ) -> SearchPage:
        """One page of people who fit; unreadable hits are left out, nameless ones kept."""
        ...

    async def fetch_profile(self, who: Recipient, *, known: Profile | None = None) -> Profile:
        """One person's profile, with `network_distance` and `invitation`.

        `known` is what we have of the person: the record must be theirs (`WrongAnswer`), and not
        our own (`OwnAccount`). A counted profile visit: call it once per person and purpose.
        """
        ...

    async def newest_relations(self, *, limit: int = 100) -> Connections:
        """The newest first-degree connections, newest first."""
        ...


class DirectSender(Protocol):
    """Acting at once: never raises for what the service did, never repeats what may have left."""

    async def send_invitation(self, to: Recipient, note: str) -> SendResult:
        """Invite a person out of the first degree, with a note; an empty note sends none."""
        ...

    async def send_message(self, to: Recipient, text: str) -> SendResult:
        """Write to a connection."""
        ...


class CampaignSender(Protocol):
    """Campaigns that send by themselves. Acts as a `DirectSender`; looking raises as a `ProfileSource`."""

    async def enrol(self, who: Profile, texts: Mapping[str, str]) -> SendResult:
        """Put a person into that of the settings, once, with a text for each step, by its public name."""
        ...

    async def stop(self, who: Recipient, campaign_id: str) -> SendResult:
        """Let a campaign send a person nothing more; `by_hand` where only a human can.

        A person it does not have is THIS_PERSON; a campaign that is not there, ACCOUNT_BLOCKED.
        """
        ...

    async def enrolment(self, who: Recipient, campaign_id: str) -> Enrolment | None:
        """How far a campaign is with a person; None: it does not have them."""
        ...

    async def progress(self, campaign_id: str, *, after: datetime) -> Sequence[Enrolment]:
        """With whom a campaign has done something after a moment."""
        ...


class Inbox(Protocol):
    """The account's one-to-one chats, both sides of them. Raises as a `ProfileSource`."""

    async def conversation(
        self, who: Recipient, *, after: datetime | None = None
    ) -> Sequence[ChatMessage]:
        """What was said one-to-one with a person, both sides, oldest first.

        What is not in it was not said: a chat with a third person's words is a `WrongAnswer`.
        """
        ...

    async def chats(
        self, *, after: datetime, before: datetime | None = None, cursor: str | None = None
    ) -> ChatPage:
        """A page of the one-to-one chats with a text after a moment, and before another one."""
        ...

    async def messages(self, chat: Chat, *, after: datetime) -> ChatMessages:
        """What came or went after a moment; in a chat of two only the two are heard, none ahead of now."""
        ...


class SentItems(Protocol):
    """Our own acts where no chat shows them: read back, and taken back."""

    async def pending_invitations(self) -> Sequence[SentInvitation]:
        """All of our invitations that are still open. Raises as a `ProfileSource`."""
        ...

    async def withdraw_invitation(self, invitation_id: str) -> SendResult:
        """Take one back: an act, as a `DirectSender`'s. One not open any more: THIS_PERSON."""
        ...


class LinkedInAccess(msgspec.Struct, frozen=True, kw_only=True):
    """What a `table` of the settings says of a service; empty: nothing. `jitter` spreads repeats."""

    base_url: str = ""
    api_key: str = ""
    account_id: str = ""
    campaign_id: str = ""
    upload: bool = False
    api: Literal["classic", "sales_navigator"] = "classic"
    api_version: Literal[1, 2] = 1
    timeout_seconds: float = 30.0
    retries: int = 3
    jitter: Callable[[], float] = random.random
    table: Literal["linkedin", "linkedin.accounts"] = "linkedin"


class LinkedInService(msgspec.Struct, frozen=True, kw_only=True):
    """A service that is open: its account, and what it can do; None is what it cannot."""

    account: SendingAccount
    profiles: ProfileSource | None = None
    sender: DirectSender | None = None
    campaigns: CampaignSender | None = None
    inbox: Inbox | None = None
    sent_items: SentItems | None = None


class Mailer(Protocol):
    """Handing mail over. Never raises for what the server did: the result says it."""

    async def send_mail(self, mail: Mail) -> SendResult:
        """Hand over one mail; `unknown` when the server died after taking the text."""
        ...


class PeopleList(Protocol):
    """A list of people whose format was found out; iterating reads it from the top, row by row.

    `bytes_read` of `bytes_total` tells how far the reading is. While iterating:

    Raises:
        InputError: the list went away.
    """

    @property
    def columns(self) -> Mapping[str, str]:
        """Field by field the header that was understood as it."""

    @property
    def unused(self) -> Sequence[str]:
        """The headers of the columns that serve no field."""

    @property
    def own(self) -> Mapping[str, str]:
        """Those of them that are kept, by the name that a template calls them."""

    @property
    def encoding(self) -> str:
        """What the letters were taken for."""

    blank_rows: int
    bytes_total: int

    @property
    def bytes_read(self) -> int:
        """How far the reading got."""

    def __iter__(self) -> Iterator[ListedPerson | RefusedRow]:
        """The rows, from the top."""


class LanguageModel(Protocol):
    """Asking a language model. The cache, the budgets and the limits stand before it."""

    async def complete(self, question: Question) -> ModelAnswer:
        """One answer to one question. The same question within the cache's time costs nothing.

        Raises:
            ModelUnavailable: nobody answers, the budget is spent, or the question is refused as
                it is; the rules decide instead.
        """
        ...


class ModelProvider(Protocol):
    """One server of language models. Knows nothing of caches, budgets and other servers.

    Raises:
        TryLater: nobody answers, it is busy or throttles, also after retries; `BadAnswer` when
            something answered that is no model's answer.
        RequestRefused: the server calls this very question, or its model, wrong.
        AccountBlocked: the key, the money or a permission is gone; only a human can mend it.
    """

    async def ask(self, question: Question, settings: ProviderSettings) -> ProviderAnswer:
        """Put one question to one model."""
        ...

    async def known_models(self) -> frozenset[str]:
        """The names of the models the server offers. Costs nothing."""
        ...


class TeamSheet(Protocol):
    """The team's spreadsheet. Reading and writing cells may be repeated; shapes change once.

    Raises:
        TryLater: the service is down, the quota is spent, or the answer is rubbish, also after
            retries. After a change of shape or a write it may have happened or not: look.
        AccountBlocked: the key was revoked, or the sheet is not shared with the account.
        RequestRefused: the sheet is not as it was seen, or the request is wrong; nothing was done.
    """

    async def tabs(self) -> Sequence[SheetFound]:
        """The tabs that stand, in their order."""
        ...

    async def look(self, tabs: Mapping[int, Tab]) -> Mapping[str, TabLook]:
        """Tabs of ours at one moment, by kind; the mapping says which sheet id each has.

        One request. A column without its pin is missing from the look.
        """
        ...

    async def reshape(self, changes: Sequence[Change]) -> None:
        """Change the shape: all changes or none, as long as one request can hold them."""
        ...

    async def write(self, writes: Sequence[Write]) -> None:
        """Write cells of pinned columns, wherever those stand; one request up to its size limit."""
        ...


class Transaction(Protocol):
    """Inside one commit. Named parameters (`:name`), portable SQL; used on the store's thread.

    `state` is kept for the rest of this transaction (where the journal ends lives here).
    """

    @property
    def state(self) -> dict[object, Any]: ...

    def rows(self, sql: str, parameters: Mapping[str, Any] = ...) -> list[Row]:
        """All rows of a query."""
        ...

    def run(self, sql: str, parameters: Mapping[str, Any] = ...) -> int:
        """Run a change; the number of rows it touched."""
        ...

    def run_many(self, sql: str, parameters: Sequence[Mapping[str, Any]]) -> None:
        """Run one change for many parameter sets."""
        ...

    def insert(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """Insert rows, each with a value for each column; many go in one statement."""
        ...

    def before_next(self, key: str, work: Callable[[Transaction], object]) -> None:
        """Let `work` run before whatever this transaction does next, at the latest with its commit.

        Of those with the same key only the last does, so what many units of a commit change is
        written once.
        """
        ...

    def before_commit(self, key: str, work: Callable[[Transaction], object]) -> None:
        """As `before_next`, but right before the commit."""
        ...

    def after_commit(self, notify: Callable[[], None]) -> None:
        """Call `notify` on the event loop once this commit is durable."""
        ...


UnitOfWork = Callable[[Transaction], Any]
"""Changes that are committed together; repeatable."""


class Store(Protocol):
    """The one database. `CATALOGUE` lists every table with its columns, in order.

    `work` and `query` are plain functions of a `Transaction`. They must be repeatable: the store
    may roll a group of commits back and run each again by itself.
    """

    CATALOGUE: ClassVar[str]

    async def write(self, work: Callable[[Transaction], T]) -> T:
        """Run `work` in one durable, all-or-nothing commit; return when it is on the disk.

        Raises:
            StoreLocked, StoreFull, CommitUnknown, StoreError: see `errors`.
        """
        ...

    def submit(self, work: UnitOfWork, tell: Callable[[Any], None]) -> None:
        """As `write`, without a caller who waits: `tell` is called on the running loop.

        It gets the answer, or as a value what `write` would have raised.

        Raises:
            StoreError: the store was closed; `tell` is not called.
        """
        ...

    async def read(self, query: Callable[[Transaction], T]) -> T:
        """Run `query` on a consistent snapshot, beside the writes."""
        ...

    async def scrub(self) -> tuple[str, ...]:
        """Write the files anew, so that nothing deleted is left in them.

        A maintenance step: takes the turn for as long as copying the database takes. Answers in
        sentences what it could not reach.

        Raises:
            StoreLocked, StoreFull, StoreError: see `errors`; what was committed stands.
        """
        ...

    async def close(self) -> None:
        """Finish what is queued, checkpoint, let go of the files."""
        ...
