"""How far conversations are: who got which step and answered after it, and what the others wait for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo

import msgspec

from ingagents.core.strategy.proposals import wilson_interval
from ingagents.display import Shown, Told, counted, one_line

REASONS_TOLD = 3
"""Of what is in the way of steps that are put off, the commonest."""


class StepFigures(Shown, msgspec.Struct, frozen=True, kw_only=True):
    """How many people got a step, and how many answered after it and before another one."""

    step: str
    """As `model.step.public_name` calls it."""
    sent: int
    answered: int

    @property
    def share(self) -> str:
        """The answered of the sent with the 95 % interval, in words; "" where none was sent."""
        return share_in_words(self.answered, self.sent)

    def _told(self) -> Told:
        return Told(f"{self.step} {self.sent} sent, {self.answered} answered")


class PutOff(Shown, msgspec.Struct, frozen=True, kw_only=True):
    """Why steps are put off, and how many are for this reason."""

    reason: str
    people: int


class Waits(Shown, msgspec.Struct, frozen=True, kw_only=True):
    """How many conversations wait for what at a moment; each person counts once.

    `due`: their step may go as soon as limits and hours let it. `later`: it has its moment, the
    first of them at `next_at`. `put_off`: something was in the way, `reasons` the commonest of it.
    """

    due: int = 0
    later: int = 0
    next_at: datetime | None = None
    acceptance: int = 0
    put_off: int = 0
    reasons: tuple[PutOff, ...] = ()
    nothing_new: int = 0
    in_doubt: int = 0
    service: int = 0
    human: int = 0

    @property
    def facts_missing(self) -> str:
        """That some are not written to because there is nothing new to say; "" when none is so."""
        if not self.nothing_new:
            return ""
        people = counted(self.nothing_new, "person", "people")
        return f"nothing new to say to {people}: add facts to facts.toml (`ingagents facts list`)"

    def in_words(self, zone: tzinfo) -> Sequence[str]:
        """A line for each thing that is waited for, in a human's words; one where nothing is."""
        return tuple(self._lines(zone)) or ("no conversation is under way",)

    def _lines(self, zone: tzinfo) -> Iterator[str]:
        if self.due:
            yield f"{counted(self.due, 'step is', 'steps are')} due now"
        if self.later:
            at = self.next_at
            first = f", the first {at.astimezone(zone):%Y-%m-%d %H:%M}" if at else ""
            yield f"{counted(self.later, 'step has its moment', 'steps have their moment')} later{first}"
        if self.acceptance:
            yield f"{counted(self.acceptance, 'invitation waits', 'invitations wait')} to be accepted"
        if self.put_off:
            yield f"{counted(self.put_off, 'step is', 'steps are')} put off, because of what was in the way"
            yield from (f"  {one.people} x {one_line(one.reason)}" for one in self.reasons)
        if self.facts_missing:
            yield self.facts_missing
        if self.in_doubt:
            yield f"{counted(self.in_doubt, 'act is', 'acts are')} in doubt: what comes next waits for it"
        if self.service:
            yield f"{counted(self.service, 'person is', 'people are')} in the service's campaign, which takes the steps"
        if self.human:
            yield f"{counted(self.human, 'conversation is', 'conversations are')} a human's turn"

    def _told(self) -> Told:
        names = (
            "due",
            "later",
            "acceptance",
            "put_off",
            "nothing_new",
            "in_doubt",
            "service",
            "human",
        )
        counts = [(name, getattr(self, name)) for name in names]
        line = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in counts if count)
        return Told(line or "nobody waits", counts)


class Conversations(Shown, msgspec.Struct, frozen=True, kw_only=True):
    """How far conversations came by the end of a day, and `waits`, how they stand now."""

    invited: int
    messaged: int
    """People who got a text in a chat, without or after an invitation."""
    followed_up: int
    steps: tuple[StepFigures, ...] = ()
    waits: Waits | None = None

    def _told(self) -> Told:
        rows = [(one.step, one.sent, one.answered) for one in self.steps]
        line = f"invited {self.invited}, messaged {self.messaged}, followed up {self.followed_up}"
        return Told(line, rows, ("step", "sent", "answered"))


def share_in_words(hits: int, tries: int) -> str:
    """`43 % (29-58 %)`: a share and where the true one lies; "" where there is none to take."""
    if not 0 < tries >= hits:
        return ""
    return f"{100 * hits / tries:.0f} % ({wilson_interval(hits, tries)})"
