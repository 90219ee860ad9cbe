"""What an outward act is a step of: of the conversation with a person, or of what the team is told.

One live act exists per recipient, campaign and step, whatever its kind: an invitation and
a first message are both the first contact, so that of two workers who see a person differently only
one writes. Stored as "kind" or "kind:about".
"""

from __future__ import annotations

from enum import StrEnum

import msgspec


class StepKind(StrEnum):
    """Which step it is. The first five are the conversation's."""

    FIRST_CONTACT = "first-contact"
    FIRST_MESSAGE = "first-message"
    """The text after an accepted invitation."""
    FOLLOW_UP = "follow-up"
    """About its number, from 1."""
    ANSWER = "answer"
    """About its number among those that were prepared for the person, from 1."""
    WITHDRAWAL = "withdrawal"
    """About the id of the invitation's delivery."""
    STOP = "stop"
    """About the id of the enrolment's delivery."""

    REPORT = "report"
    REPLY = "reply"
    REVIEW = "review"
    ACCOUNT = "account"
    WRONG_ANSWERS = "wrong-answers"
    DEAD_LETTER = "dead-letter"
    PERFORMANCE = "performance"
    ERASED = "erased"
    """What it was about is erased; its own id keeps it apart."""


class WaitsFor(StrEnum):
    """What a conversation that has begun waits for."""

    NOTHING = ""
    """It is over."""
    ACCEPTANCE = "acceptance"
    MOMENT = "moment"
    """Of its next step."""
    LATER = "later"
    """Its next step is put off: something was in the way when it was its turn."""
    FACTS = "facts"
    """Its next step is put off: there is nothing new to say to this person."""
    OUTCOME = "outcome"
    """Of an act in doubt."""
    HUMAN = "human"
    SERVICE = "service"
    """Of the service's campaign, which takes the steps."""


class Step(msgspec.Struct, frozen=True):
    """A kind of step and what it is about, empty where a recipient can have only one of the kind."""

    kind: StepKind
    about: str = ""

    def __str__(self) -> str:
        return f"{self.kind}:{self.about}" if self.about else self.kind.value

    @classmethod
    def parse(cls, stored: str) -> Step:
        """The step a row or an event holds.

        Raises:
            ValueError: there is no such kind of step.
        """
        kind, _, about = stored.partition(":")
        return cls(StepKind(kind), about)


FIRST_CONTACT = Step(StepKind.FIRST_CONTACT)
"""The first touch of a person, by invitation or by message."""


def step_named(name: str) -> Step:
    """The step after the first contact that `public_name` calls so.

    Raises:
        ValueError: no step is called so.
    """
    for kind in (StepKind.FOLLOW_UP, StepKind.ANSWER):
        if name.startswith(numbered := f"{kind.replace('-', '_')}_"):
            return Step(kind, name.removeprefix(numbered))
    return Step(StepKind(name.replace("_", "-")))


def is_step_name(name: str) -> bool:
    """Whether `public_name` calls a step so that the department takes by itself."""
    number = name.removeprefix(_FOLLOW_UP)
    numbered = number != name and number.isascii() and number.isdecimal() and len(number) < 3
    return numbered or name in {"invitation", "first_message"}


_FOLLOW_UP = "follow_up_"


def in_words(step: Step, *, invitation: bool) -> str:
    """What a step of the conversation is called in a sentence: `the follow-up 1`."""
    return "the " + public_name(step, invitation=invitation).replace("_up_", "-up ").replace(
        "_", " "
    )


def public_name(step: Step, *, invitation: bool) -> str:
    """What people and exports call a step of the conversation: `invitation`, `follow_up_1`, ...

    The first contact is an invitation or, to a connection, the first message.
    """
    if step == FIRST_CONTACT:
        return "invitation" if invitation else "first_message"
    return str(step).replace("-", "_").replace(":", "_")
