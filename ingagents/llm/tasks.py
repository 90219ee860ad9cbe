"""Asking a model where the rules doubt: one question, at most one repair, then the rules.

Whatever goes wrong, the answer is what the rules said. That nobody answers is not told here: the
client says it once for all three agents.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from ingagents.core.llm.answers import PEOPLE_AT_ONCE, Accepted, Problem, decided_by, paid_for
from ingagents.core.llm.prompts import Prompt, repair_question
from ingagents.errors import ModelUnavailable, QuestionRefused
from ingagents.log import narrator
from ingagents.model import LeadId, ModelAnswer, ModelTask, Profile, Question
from ingagents.ports import LanguageModel

ATTEMPTS = 2

T = TypeVar("T")
Person = tuple[LeadId, Profile]
Accept = Callable[[Question, ModelAnswer], Accepted[T | None]]
Repair = Callable[[Question, ModelAnswer, Sequence[str]], Question]
AskOfPeople = Callable[[Prompt, Sequence[Person]], Question]
AcceptOfPeople = Callable[[Question, Sequence[Person], ModelAnswer], Accepted[dict[LeadId, T]]]

log = narrator()


@dataclass(frozen=True, kw_only=True)
class Asked(Generic[T]):
    """What came of asking: what was accepted, or why nothing was; by whom, at what cost.

    `answers` are all that came, `refused` what was wrong with each that did not count. `away` says
    why nobody answered; `declined`: it was said at once that this very question is not answered.
    """

    accepted: T | None = None
    decided_by: str = ""
    answers: tuple[ModelAnswer, ...] = ()
    refused: tuple[str, ...] = ()
    away: str = ""
    declined: bool = False

    @property
    def why_not(self) -> str:
        """Why nothing was accepted; empty when nobody was asked."""
        return "; ".join(filter(None, (*self.refused, self.away)))

    @property
    def basis(self) -> dict[str, Any]:
        """What the answers cost, for a decision; empty when there were none."""
        if not self.answers:
            return {}
        last = self.answers[-1]
        model = f"{last.provider}/{last.model}"
        return {"model": model, "calls": len(self.answers), **paid_for(*self.answers)}


@dataclass(frozen=True, kw_only=True)
class LlmTasks:
    """A model with its prompts; without a model every question is the rules'."""

    model: LanguageModel | None = None
    prompts: Mapping[ModelTask, Prompt]

    @property
    def asks(self) -> bool:
        """Whether there is a model to ask at all."""
        return self.model is not None

    async def ask(
        self, question: Question, accept: Accept[T], *, repair: Repair = repair_question
    ) -> Asked[T]:
        """Ask; what is not accepted is asked for once more with what was wrong.

        A model that will not answer is not asked again: it would not for another wording.
        """
        asked: Asked[T] = Asked()
        if self.model is None:
            return asked
        for _ in range(ATTEMPTS):
            try:
                answer = await self.model.complete(question)
            except QuestionRefused as exc:
                refused = (*asked.refused, str(exc))
                return replace(asked, refused=refused, declined=not asked.answers)
            except ModelUnavailable as exc:
                return replace(asked, away=str(exc))
            value, found = accept(question, answer)
            problems = [str(one) for one in found]
            asked = replace(asked, answers=(*asked.answers, answer))
            # An empty answer is one where nothing was wrong with it: there may be nothing to say.
            if value or (value is not None and not problems):
                return replace(asked, accepted=value, decided_by=decided_by(question, answer))
            log.info("model.answer_refused", task=question.task.value, problems=problems[:5])
            asked = replace(asked, refused=(*asked.refused, "; ".join(problems)))
            if answer.stop == "refused":
                return replace(asked, declined=len(asked.answers) == 1)
            question = repair(question, answer, problems)
        return asked

    async def ask_about_people(
        self, task: ModelTask, people: Sequence[Person], ask: AskOfPeople, accept: AcceptOfPeople[T]
    ) -> dict[LeadId, T]:
        """Ask about people in groups; who was answered wrongly is asked about once more.

        A group the model refuses as a whole is asked about in halves until who is refused is alone.
        """
        known: dict[LeadId, T] = {}
        for group in _groups(people if self.asks else ()):
            waiting, halvings = [group], _most_halvings(len(group))
            while waiting:
                part = _Part(self.prompts[task], waiting.pop(0), ask, accept)
                asked = await self.ask(part.question(), part.accept, repair=part.repair)
                known |= part.known
                if asked.away:
                    return known
                half = len(part.people) // 2
                if asked.declined and half and halvings:
                    halvings -= 1
                    waiting = [part.people[:half], part.people[half:], *waiting]
        return known


class _Part(Generic[T]):
    """People who are asked about together; `known` is what was accepted of them so far."""

    def __init__(
        self,
        prompt: Prompt,
        people: Sequence[Person],
        ask: AskOfPeople,
        accept: AcceptOfPeople[T],
    ) -> None:
        self.people = people
        self.known: dict[LeadId, T] = {}
        self._prompt, self._ask, self._accept = prompt, ask, accept
        self._left = people
        self._problems: Sequence[Problem | str] = ()

    def question(self) -> Question:
        """About whoever is left."""
        return self._ask(self._prompt, self._left)

    def accept(self, question: Question, answer: ModelAnswer) -> Accepted[dict[LeadId, T] | None]:
        """What counts of an answer; not accepted while something is wrong and somebody left."""
        taken, self._problems = self._accept(question, self._left, answer)
        self.known |= taken
        self._left = [person for person in self._left if person[0] not in taken]
        done = not (self._problems and self._left)
        return Accepted(self.known if done else None, self._problems)

    def repair(self, question: Question, answer: ModelAnswer, problems: Sequence[str]) -> Question:
        """Once more, about whoever is left: they have other places, so none is named."""
        del question, problems
        general = dict.fromkeys(
            one.what if isinstance(one, Problem) else one for one in self._problems
        )
        return repair_question(self.question(), answer, list(general))


def _groups(people: Sequence[Person]) -> Iterator[Sequence[Person]]:
    for begin in range(0, len(people), PEOPLE_AT_ONCE):
        yield people[begin : begin + PEOPLE_AT_ONCE]


def _most_halvings(people: int) -> int:
    """Enough to find two of them who are refused, wherever they stand; each is two calls more."""
    return 2 * (people - 1).bit_length()
