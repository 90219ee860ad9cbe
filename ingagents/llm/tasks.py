"""Asking a model where the rules doubt: one question, at most one repair, then the rules.

Whatever goes wrong, the answer is what the rules said. That nobody answers is not told here: the
model's port says it once for all three agents.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

import msgspec

from ingagents.core.lead_classifier import Classified
from ingagents.core.llm.answers import Problem, paid_for
from ingagents.core.llm.classify import PEOPLE_AT_ONCE, accept_classifications, ask_classification
from ingagents.core.llm.extract_profile import Found, accept_profiles, ask_profile
from ingagents.core.llm.prompts import Prompt, repair_question
from ingagents.core.llm.read_reply import accept_reply, ask_reply, settle_reply, worth_asking
from ingagents.core.replies.history import without_sent
from ingagents.core.replies.second_net import learned, second_look
from ingagents.core.response_analyser import analyse_response
from ingagents.errors import ModelUnavailable, QuestionRefused
from ingagents.log import narrator
from ingagents.model import (
    LeadId,
    ModelAnswer,
    ModelTask,
    Profile,
    Question,
    ResponseAnalysis,
)
from ingagents.ports import LanguageModel

T = TypeVar("T")
Person = tuple[LeadId, Profile]
Ask = Callable[[Prompt, Sequence[Person]], Question]
Accept = Callable[
    [Question, Sequence[Person], ModelAnswer], tuple[dict[LeadId, T], tuple[Problem, ...]]
]

log = narrator()


class Counsel:
    """A model with its prompts; without a model every question is the rules'."""

    def __init__(self, model: LanguageModel | None, prompts: Mapping[ModelTask, Prompt]) -> None:
        self._model = model
        self._prompts = prompts

    @property
    def asks(self) -> bool:
        """Whether there is a model to ask at all."""
        return self._model is not None

    async def profiles(self, people: Sequence[Person]) -> dict[LeadId, Found]:
        """What was found of the fields that these people's profiles lack."""
        return await self._of_people(people, ModelTask.PROFILE, ask_profile, accept_profiles)

    async def classifications(self, people: Sequence[Person]) -> dict[LeadId, Classified]:
        """How a model classifies these people; those it said nothing valid about are missing."""
        return await self._of_people(
            people, ModelTask.CLASSIFY, ask_classification, accept_classifications
        )

    async def reply(
        self, text: str, *, about: LeadId | None = None, sent: Sequence[str] = ()
    ) -> tuple[ResponseAnalysis, Mapping[str, Any]]:
        """What a reply means, and what it cost to find out (for the decision's basis).

        `sent` are our texts to this person: nobody is asked what those mean. Whoever read it, the
        second net looks at what they took for harmless.
        """
        rules = analyse_response(text, sent)
        theirs = without_sent(text, sent)
        if self._model is None or not worth_asking(theirs, rules):
            return second_look(theirs, rules, learned()), {}
        read, paid = await self.reply_by_model(theirs, about=about)
        return second_look(theirs, settle_reply(rules, read), learned()), paid

    async def reply_by_model(
        self, text: str, *, about: LeadId | None = None
    ) -> tuple[ResponseAnalysis | None, Mapping[str, Any]]:
        """What the model alone reads in a reply; None when nothing valid was answered."""
        question = ask_reply(self._prompts[ModelTask.REPLY], text, about=about)
        answer = await self._answer(question)
        if answer is None:
            return None, {}
        read, problems = accept_reply(question, text, answer)
        if read is None and answer.stop != "refused":
            again = await self._answer(repair_question(question, answer, problems))
            if again is not None:
                answer = _together(answer, again)
                read, problems = accept_reply(question, text, again)
        self._refused(question.task, problems)
        return read, paid_for(answer)

    async def _of_people(
        self, people: Sequence[Person], task: ModelTask, ask: Ask, accept: Accept[T]
    ) -> dict[LeadId, T]:
        """Ask about people in groups; what was refused is asked once more, among themselves.

        A group the model refuses as a whole is asked about in halves until who is refused is alone.
        """
        accepted: dict[LeadId, T] = {}
        if self._model is None:
            return accepted
        prompt = self._prompts[task]
        for group in _groups(people):
            waiting, halvings = [group], _most_halvings(len(group))
            while waiting:
                part = waiting.pop(0)
                question = ask(prompt, part)
                answer = await self._answer(question)
                if answer is None:
                    return accepted
                if answer.stop == "refused":
                    if len(part) > 1 and halvings:
                        halvings -= 1
                        waiting = [part[: len(part) // 2], part[len(part) // 2 :], *waiting]
                    else:
                        self._refused(task, [Problem("the model refused to answer")])
                    continue
                taken, problems = accept(question, part, answer)
                accepted |= taken
                left = [person for person in part if person[0] not in taken]
                if not problems or not left:
                    continue
                question = ask(prompt, left)
                again = await self._answer(repair_question(question, answer, _general(problems)))
                if again is None:
                    return accepted
                taken, problems = accept(question, left, again)
                accepted |= taken
                self._refused(task, problems)
        return accepted

    async def _answer(self, question: Question) -> ModelAnswer | None:
        assert self._model is not None  # noqa: S101  the callers looked
        try:
            return await self._model.complete(question)
        except QuestionRefused:
            return ModelAnswer(data=None, stop="refused")
        except ModelUnavailable:
            return None

    def _refused(self, task: ModelTask, problems: Sequence[Problem | str]) -> None:
        if problems:
            log.info(
                "model.answer_refused",
                task=task.value,
                problems=[str(problem) for problem in problems[:5]],
            )


def _groups(people: Sequence[Person]) -> Iterator[Sequence[Person]]:
    for begin in range(0, len(people), PEOPLE_AT_ONCE):
        yield people[begin : begin + PEOPLE_AT_ONCE]


def _most_halvings(people: int) -> int:
    """Enough to find two of them who are refused, wherever they stand; each is two calls more."""
    return 2 * (people - 1).bit_length()


def _general(problems: Sequence[Problem]) -> list[str]:
    """Problems without the places of the people: those asked again have other ones."""
    return list(dict.fromkeys(problem.what for problem in problems))


def _together(first: ModelAnswer, second: ModelAnswer) -> ModelAnswer:
    """The second answer with what both cost."""
    known = first.cost_usd is not None and second.cost_usd is not None
    return msgspec.structs.replace(
        second,
        input_tokens=first.input_tokens + second.input_tokens,
        output_tokens=first.output_tokens + second.output_tokens,
        seconds=first.seconds + second.seconds,
        cost_usd=(first.cost_usd or 0) + (second.cost_usd or 0) if known else None,
        cached=first.cached and second.cached,
    )
