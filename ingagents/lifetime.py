"""What is open within one `async with`, and says so when it is used otherwise."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from types import TracebackType
from typing import NoReturn, TypeVar

from ingagents.display import Shown, Told
from ingagents.errors import UsageError

T = TypeVar("T")

OPEN_AGAIN = "open it anew: `async with open_department(...) as department:`"


class Lifetime(Shown, AbstractAsyncContextManager[T]):
    """A department's time, from entering to leaving: each happens once."""

    def __init__(self, opened: AbstractAsyncContextManager[T]) -> None:
        self._opened = opened
        self._entered = self._left = False

    async def __aenter__(self) -> T:
        if self._entered:
            raise UsageError("this department was opened before, and opens once", OPEN_AGAIN)
        self._entered = True
        return await self._opened.__aenter__()

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool | None:
        if self._left or not self._entered:
            said = "was closed before" if self._left else "was not opened yet"
            raise UsageError(f"this department {said}: there is nothing to close", OPEN_AGAIN)
        self._left = True
        return await self._opened.__aexit__(kind, error, trace)

    def __await__(self) -> NoReturn:
        raise UsageError("a department is entered, not awaited", OPEN_AGAIN)

    def _told(self) -> Told:
        how = "closed" if self._left else "open" if self._entered else "not open yet"
        return Told(f"a department, {how}: `async with open_department(...) as department:`")
