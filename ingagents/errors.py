"""Everything that can go wrong, sorted by what the caller can do about it.

IngagentsError                 says what happened and what to do now; knows its exit code
├── UsageError                 the command was typed wrong                       (exit 2)
├── SettingsError              fix the settings                                  (exit 2)
├── InputError                 a file or a value given by the user is unusable   (exit 1)
├── StoreError                 the database cannot be used as it is              (exit 1)
│   ├── StoreGone              its file was deleted, replaced or overwritten    (exit 1)
│   ├── StoreLocked            somebody else holds it: try later                 (exit 75)
│   ├── StoreFull              no room left on the disk                          (exit 1)
│   ├── OutOfMemory            no memory left, here or at the database server    (exit 1)
│   ├── CommitUnknown          the commit answered an error: look before going on (exit 75)
│   └── LeaseLost              another process took this work over               (exit 75)
├── BusyElsewhere              another process holds the work: try later         (exit 75)
├── Paused                     the kill switch is on                             (exit 75)
├── Conflict                   the row changed meanwhile: read again, decide again
└── ServiceError               an outside service; carries its name and status
    ├── TryLater               nothing happened; repeat after `retry_after`      (exit 75)
    ├── PersonRefused          this person only; go on with the next one
    │   └── OwnAccount         this person is the account itself: never to be written to
    ├── AccountBlocked         the account's session or permission is gone: stop, tell a human
    ├── RequestRefused         our mistake or not permitted: do not repeat
    ├── ModelUnavailable       no language model answers, or none may be asked: the rules decide
    │   └── QuestionRefused    this question only: asked about fewer people it may be answered
    └── BadAnswer              the answer cannot be read (HTML, half a body, wrong shape)
        └── WrongAnswer        it can be read, but answers another question than was asked
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from copy import copy
from typing import Self, TypeVar

from ingagents.masking import masked

E = TypeVar("E", bound=BaseException)

EXIT_OK = 0
EXIT_FAILED = 1
EXIT_USAGE = 2
EXIT_TRY_LATER = 75
"""The sysexits(3) code EX_TEMPFAIL: cron and process managers know it as "try again"."""


class IngagentsError(Exception):
    """The root. `what` happened, in one sentence; `remedy` is what the user does now.

    Neither holds a secret that this process knows.
    """

    kind = "failed"
    exit_code = EXIT_FAILED

    def __init__(self, what: str, remedy: str = "") -> None:
        self.what = masked(what)
        self.remedy = masked(remedy)
        super().__init__(self.what)

    def sentence(self) -> str:
        """In one line for people: `<kind>: what; what to do now`."""
        text = f"{self.what}; {self.remedy}" if self.remedy else self.what
        shown = "".join(sign if sign.isprintable() else "?" for sign in " ".join(text.split()))
        return f"{self.kind}: {shown}"

    def line(self) -> str:
        """The one line a person reads: `error: <kind>: what; what to do now`."""
        return f"error: {self.sentence()}"

    def with_remedy(self, remedy: str) -> Self:
        """The same error for somebody who has something else to do now."""
        other = copy(self)
        other.remedy = masked(remedy)
        return other


class UsageError(IngagentsError):
    """The command line does not fit."""

    kind = "usage"
    exit_code = EXIT_USAGE


class SettingsError(IngagentsError):
    """A setting is missing, misspelt or of the wrong type."""

    kind = "settings"
    exit_code = EXIT_USAGE


class InputError(IngagentsError):
    """A file or value the user gave cannot be used."""

    kind = "input"


class StoreError(IngagentsError):
    """The database cannot be used: damaged, not ours, of a newer version, read-only."""

    kind = "database"


class StoreGone(StoreError):
    """The open file is no longer the one at its path: what we write there nobody else sees."""

    kind = "database-gone"


class StoreLocked(StoreError):
    """Another program holds the database longer than we are ready to wait."""

    kind = "database-locked"
    exit_code = EXIT_TRY_LATER


class StoreFull(StoreError):
    """The disk is full. Nothing of the refused commit was kept; what was committed stands."""

    kind = "disk-full"


class OutOfMemory(StoreError):
    """No memory is left. Nothing of the step was kept; what was committed stands."""

    kind = "out-of-memory"

    @classmethod
    def here(cls) -> OutOfMemory:
        """This machine, or the limit that is set for the program, has none left."""
        return cls(
            "there is no memory left for the program; nothing of this step was kept",
            "end other programs or raise its limit (of a container: its memory), and start it"
            " again: what was committed stands",
        )

    @classmethod
    def of(cls, exc: BaseException) -> OutOfMemory | None:
        """What an exception of the interpreter or a library means; None when it is no such."""
        said = str(exc).lower()
        ran_out = (
            isinstance(exc, MemoryError)
            or (isinstance(exc, OSError) and exc.errno == errno.ENOMEM)
            # A thread's stack, a library's pages: neither has an error of its own.
            or (isinstance(exc, RuntimeError) and "can't start new thread" in said)
            or (
                isinstance(exc, ImportError)
                and ("allocate memory" in said or "map segment" in said)
            )
        )
        return cls.here() if ran_out else None


class CommitUnknown(StoreError):
    """COMMIT itself failed: the change may or may not be there. Reopen and look it up."""

    kind = "commit-unknown"
    exit_code = EXIT_TRY_LATER


class LeaseLost(StoreError):
    """Another process took over the role while we were away; nothing more may be written."""

    kind = "lease-lost"
    exit_code = EXIT_TRY_LATER


class BusyElsewhere(IngagentsError):
    """Another process is working on this right now."""

    kind = "busy"
    exit_code = EXIT_TRY_LATER


class Paused(IngagentsError):
    """The kill switch is on: nothing goes out."""

    kind = "paused"
    exit_code = EXIT_TRY_LATER


class Conflict(IngagentsError):
    """A row is no longer as it was when the decision was made."""

    kind = "conflict"


class ServiceError(IngagentsError):
    """An outside service said no, or nothing.

    `service` names it, `status` is its HTTP status (0: none), `code` its own error type.
    """

    kind = "service"

    def __init__(
        self,
        what: str,
        remedy: str = "",
        *,
        service: str = "",
        status: int = 0,
        code: str = "",
        retry_after_seconds: float | None = None,
    ) -> None:
        super().__init__(what, remedy)
        self.service = service
        self.status = status
        self.code = code
        self.retry_after_seconds = retry_after_seconds


class TryLater(ServiceError):
    """Nothing happened and nothing is wrong with the request: the service is down or full."""

    kind = "service-unavailable"
    exit_code = EXIT_TRY_LATER


class PersonRefused(ServiceError):
    """The service refuses this person (does not exist, blocked, unreachable)."""

    kind = "person-refused"


class OwnAccount(PersonRefused):
    """The person who was asked for is the sending account itself."""

    kind = "own-account"


class AccountBlocked(ServiceError):
    """The key, the LinkedIn session or a permission is gone; only a human can mend it."""

    kind = "account-blocked"


class RequestRefused(ServiceError):
    """The request itself is refused; repeating it cannot help."""

    kind = "request-refused"


class ModelUnavailable(ServiceError):
    """No language model answers, or none may be asked (budget, breaker): the rules decide."""

    kind = "model-unavailable"


class QuestionRefused(ModelUnavailable):
    """A model refuses this very question, by a filter or its length; another one it may answer."""

    kind = "question-refused"


class BadAnswer(TryLater):
    """The service answered something that cannot be read; never taken for an empty result."""

    kind = "bad-answer"


class WrongAnswer(BadAnswer):
    """The service answered about somebody or something else than was asked, or with no usable id.

    Nothing may rest on it.
    """

    kind = "wrong-answer"

    def __init__(self, what: str, remedy: str = "", *, service: str = "") -> None:
        super().__init__(what, remedy, service=service, status=200)


def root_of(exc: BaseException) -> BaseException:
    """What really happened: the only exception inside a group, and inside that one's."""
    while isinstance(exc, BaseExceptionGroup) and len(exc.exceptions) == 1:
        exc = exc.exceptions[0]
    return exc


def leaves(exc: BaseException, kind: type[E]) -> Iterator[E]:
    """All exceptions of a kind inside a group, and inside that one's."""
    if isinstance(exc, BaseExceptionGroup):
        for inner in exc.exceptions:
            yield from leaves(inner, kind)
    elif isinstance(exc, kind):
        yield exc


def explain(exc: BaseException) -> str:
    """An error as one sentence for people."""
    exc = root_of(exc)
    exc = OutOfMemory.of(exc) or exc
    if isinstance(exc, IngagentsError):
        return exc.sentence()
    return masked(f"{type(exc).__name__}: {exc}")
