"""A walk down a list of a service that stands newest first: where it is, and what is left of it.

A list may be longer than one look can read. So a walk is a value that is kept between two looks,
and goes on from its mark, however often. It has no fixed end: it ends where the list does. Only a
list that leads back to where it was before does not move, which no bound on pages could tell from
a long one.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

WALKS_MAX = 8
"""So many walks are at work at a time; of more the two newest become one."""

_TICK = timedelta(milliseconds=1)
"""The bounds of a list's filters are exclusive, and in whole milliseconds."""


class Walk(msgspec.Struct, frozen=True, kw_only=True):
    """What is left to read: what changed from `after` on, from the mark downwards.

    `began` is from when on changes are another walk's. The mark is the page at `cursor`, of which
    `done` are read already; everything above `reached` is behind. `before` bounds a walk that
    begins anew where a cursor can no longer be used. `skipped` items could not even be told apart.
    """

    after: datetime
    began: datetime
    cursor: str | None = None
    before: datetime | None = None
    reached: datetime | None = None
    done: tuple[str, ...] = ()
    pages: int = 0
    items: int = 0
    skipped: int = 0
    failures: int = 0
    rounds: int = 0
    not_before: datetime | None = None
    milestone: str = ""
    milestone_at: int = 0

    def moves_to(self, cursor: str) -> bool:
        """Whether a page's cursor leads on, and not to where the walk was before.

        Brent's cycle detection: a milestone is set at every doubling of the pages, so a circle of
        any length is noticed within some rounds, and nothing but one cursor is kept for it.
        """
        return cursor not in (self.cursor, self.milestone or None)

    def with_done(self, ids: Sequence[str]) -> Walk:
        """These items of the present page are read."""
        return msgspec.structs.replace(self, done=(*self.done, *ids))

    def next(self, cursor: str, *, items: int, reached: datetime | None, skipped: int = 0) -> Walk:
        """The present page is read, and the list goes on at `cursor`."""
        pages = self.pages + 1
        is_milestone = pages >= 2 * self.milestone_at
        lowest = [moment for moment in (self.reached, reached) if moment is not None]
        return msgspec.structs.replace(
            self,
            cursor=cursor,
            reached=min(lowest, default=None),
            done=(),
            pages=pages,
            items=self.items + items,
            skipped=self.skipped + skipped,
            failures=0,
            milestone=cursor if is_milestone else self.milestone,
            milestone_at=pages if is_milestone else self.milestone_at,
        )

    def failed(self) -> Walk:
        """The page at the mark could not be read, or leads nowhere: the mark stays."""
        return msgspec.structs.replace(self, failures=self.failures + 1)

    def anew(self) -> Walk:
        """Without the cursor, from what was reached: cursors live only so long."""
        before = self.before if self.reached is None else self.reached + _TICK
        return msgspec.structs.replace(
            self, cursor=None, before=before, milestone="", milestone_at=0
        )

    def again(self, *, not_before: datetime) -> Walk:
        """From the top once more, for what was skipped."""
        return Walk(
            after=self.after, began=self.began, rounds=self.rounds + 1, not_before=not_before
        )


def merge_walks(walks: Sequence[Walk]) -> list[Walk]:
    """Fewer than `WALKS_MAX` walks, oldest first, that leave out nothing which these would read.

    The two newest are joined, and so the oldest always comes nearer to its end.
    """
    kept = list(walks)
    while len(kept) >= WALKS_MAX:
        newer, older = kept.pop(), kept.pop()
        tops = [newer.anew().before, older.anew().before]
        joined = Walk(
            after=min(older.after, newer.after),
            began=newer.began,
            before=None if None in tops else max(top for top in tops if top is not None),
            items=older.items + newer.items,
            skipped=older.skipped + newer.skipped,
        )
        kept.append(joined)
    return kept
