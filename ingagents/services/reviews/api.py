"""What waits for a human, as people use it: list, show, approve, edit, reject."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import get_args

from ingagents.context import Context
from ingagents.core.review_policy import (
    READINGS,
    Review,
    ReviewState,
    Wish,
    answer_to,
    consequences_of,
)
from ingagents.display import Shown, Told
from ingagents.errors import UsageError
from ingagents.events import ReviewKind
from ingagents.model import Lead
from ingagents.ports import Transaction
from ingagents.services.lookup import review_named
from ingagents.services.reviews.decisions import Decided, Verdicts
from ingagents.store.tables import hand_outs, leads, reviews

_ALL_STATES: tuple[ReviewState, ...] = get_args(ReviewState)


@dataclass(frozen=True, kw_only=True, repr=False)
class Waiting(Shown):
    """What is listed; `by_kind` counts every open question, also those beyond the list.

    `others` counts leads that need a human and have no question to answer: `leads show` tells why.
    """

    reviews: Sequence[Review]
    by_kind: dict[ReviewKind, int]
    others: int

    def _told(self) -> Told:
        kinds = ", ".join(f"{count} {kind}" for kind, count in self.by_kind.items() if count)
        return Told(
            f"open: {kinds or 'nothing'}; {self.others} other leads need a human",
            [(one.id[:8], one.kind, one.recipient, one.text, one.state) for one in self.reviews],
            ("id", "kind", "about", "text", "state"),
        )


@dataclass(frozen=True, kw_only=True, repr=False)
class ReviewFile(Shown):
    """One question with the lead as it is now.

    `now` says why an answer would come too late, or is "". `consequences` holds what each answer
    does; it is empty when none can be given any more.
    """

    review: Review
    lead: Lead | None
    now: str
    consequences: dict[Wish, str]


class ReviewBook(Shown):
    """The human's say. Reached as `department.reviews`; `by` is whoever decides."""

    def __init__(self, context: Context, verdicts: Verdicts) -> None:
        self._context = context
        self._verdicts = verdicts

    def _told(self) -> Told:
        return Told("`await` list(), show(id), approve(id), edit(id, text), reject(id, reason)")

    async def list(
        self, *, kind: ReviewKind | None = None, everything: bool = False, limit: int = 50
    ) -> Waiting:
        """Open questions, the newest first; `everything` also lists what was decided or lapsed.

        What was handed out and is not to be sent any more says so in place of its text.
        """
        states: Sequence[ReviewState] = _ALL_STATES if everything else ("open",)

        def read(transaction: Transaction) -> Waiting:
            return Waiting(
                reviews=[
                    hand_outs.standing(transaction, one)
                    for one in reviews.listed(transaction, kind=kind, states=states, limit=limit)
                ],
                by_kind=reviews.counts(transaction),
                others=reviews.unasked(transaction),
            )

        return await self._context.store.read(read)

    async def show(self, text: str) -> ReviewFile:
        """A question by its id, or the beginning of one.

        Raises:
            InputError: there is none, or more than one.
        """

        def read(transaction: Transaction) -> ReviewFile:
            review = hand_outs.standing(transaction, review_named(transaction, text))
            lead = leads.find(transaction, review.lead_id) if review.lead_id else None
            late = self._verdicts.too_late(transaction, review)
            open_ = answer_to(review, "approve") is None
            return ReviewFile(
                review=review,
                lead=lead,
                now=late,
                consequences=dict(consequences_of(review)) if open_ else {},
            )

        return await self._context.store.read(read)

    async def approve(self, *ids: str, by: str, read_as: str = "") -> Sequence[Decided]:
        """Say yes to each; one that cannot be approved never holds up the others.

        `read_as` corrects how replies were read: one of `core.reviewing.READINGS`.

        Raises:
            InputError: an id means nothing; nothing was decided then.
            UsageError: `read_as` is unknown, or an id is not a reply's.
        """
        found = await self._find(ids)
        if read_as and read_as not in READINGS:
            known = ", ".join(READINGS)
            raise UsageError(f"a reply cannot be read as {read_as!r}", f"known are {known}")
        if read_as and any(review.kind != "reply" for review in found):
            raise UsageError("only a reply is read as something", "leave --as away")
        return [
            await self._decide(
                review,
                lambda t, fresh: self._verdicts.approve(t, fresh, by=by, read_as=read_as),
            )
            for review in found
        ]

    async def edit(self, review_id: str, text: str, *, by: str) -> Decided:
        """Send another text instead of the draft; refused with the reasons when it is not fit.

        Raises:
            InputError: the id means nothing.
        """
        (review,) = await self._find([review_id])
        return await self._decide(
            review, lambda t, fresh: self._verdicts.edit(t, fresh, text=text.strip(), by=by)
        )

    async def reject(self, *ids: str, reason: str, by: str) -> Sequence[Decided]:
        """Say no to each, for good.

        Raises:
            InputError: an id means nothing; nothing was decided then.
            UsageError: there is no reason.
        """
        why = " ".join(reason.split())
        if not why:
            raise UsageError("a rejection needs a reason", "add --reason and say why")
        return [
            await self._decide(
                review, lambda t, fresh: self._verdicts.reject(t, fresh, reason=why, by=by)
            )
            for review in await self._find(ids)
        ]

    async def _find(self, ids: Sequence[str]) -> Sequence[Review]:
        """Each named review once, in the given order."""

        def read(transaction: Transaction) -> Sequence[Review]:
            found = {review.id: review for review in (review_named(transaction, i) for i in ids)}
            return tuple(found.values())

        return await self._context.store.read(read)

    async def _decide(
        self, review: Review, decide: Callable[[Transaction, Review], Decided]
    ) -> Decided:
        """One answer in one commit, on the question as it stands in that commit."""

        def write(transaction: Transaction) -> Decided:
            fresh = reviews.find(transaction, review.id) or review
            return decide(transaction, fresh)

        return await self._context.store.write(write)
