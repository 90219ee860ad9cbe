"""Language models for tests: honest ones that read the question, and ones that do what models do."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping
from typing import Any

from ingagents.errors import ModelUnavailable
from ingagents.model import ModelAnswer, ModelTask, Question

Script = Callable[[Question], Any]
"""From a question to the answer's data, a whole `ModelAnswer`, or an exception to raise."""


class ScriptedModel:
    """Answers as the script says; every question is kept."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self.questions: list[Question] = []

    async def complete(self, question: Question) -> ModelAnswer:
        self.questions.append(question)
        said = self.script(question)
        if isinstance(said, Exception):
            raise said
        if isinstance(said, ModelAnswer):
            return said
        return ModelAnswer(
            data=said,
            provider="scripted",
            model="small-1",
            input_tokens=tokens_of(question),
            output_tokens=60,
            cost_usd=0.0004,
        )

    def asked(self, task: ModelTask) -> list[Question]:
        return [question for question in self.questions if question.task is task]


def tokens_of(question: Question) -> int:
    """About what a question costs: four characters a token, the schema included."""
    return (len(question.system + question.user) + len(json.dumps(question.schema))) // 4


def data_of(question: Question) -> dict[str, Any]:
    """The data a question carries."""
    told = question.user.partition("<data>")[2].partition("</data>")[0]
    data: dict[str, Any] = json.loads(told)
    return data


OPENINGS = (
    "we are putting together {event}",
    "we look for practical views for {event}",
    "for {event} we would value your view",
    "{event} brings people of your field together",
    "our audience at {event} asks for stories from practice",
    "I am preparing the programme of {event}",
    "a gathering like {event} needs voices from practice",
)
MIDDLES = (
    "Your {what} is close to our topics",
    "With your {what} you could add a lot",
    "I noticed your {what}",
    "Your perspective, with your {what}, would be welcome",
    "It takes somebody in your {what} to add the practical side",
    "It is your {what} that we would like to hear about",
    "Few know this better than somebody in your {what}",
)
ENDINGS = (
    "Would you consider joining us?",
    "May I send you a short outline?",
    "Could that be interesting for you?",
    "Are you open to a short conversation?",
    "Shall I share some details?",
    "Is this something you could imagine?",
    "What do you think?",
)


def honest(question: Question, chance: random.Random) -> Mapping[str, Any]:
    """A writer who says only what the data says, each time in other words."""
    data = data_of(question)
    claims = []
    what = "role"
    if position := data.get("position"):
        what = f"role as {position}"
        claims.append({"words": position, "field": "position"})
    if company := data.get("company"):
        what += f" at {company}"
        claims.append({"words": company, "field": "company"})
    middle = chance.choice(MIDDLES).format(what=what)
    if "one sentence" in question.user:
        return {"text": f"{middle}.", "claims": claims}
    greeting = f"Hi {data['name']}" if "name" in data else "Hello"
    opening = chance.choice(OPENINGS).format(event=data["event_name"])
    return {"text": f"{greeting}, {opening}. {middle}. {chance.choice(ENDINGS)}", "claims": claims}


def misbehaving(question: Question, chance: random.Random) -> Any:
    """One of the ways in which models and providers fail."""
    data = data_of(question)
    good = dict(honest(question, chance))
    text = str(good["text"])
    wrong: list[Any] = [
        ModelUnavailable("the provider does not answer", "the rules decide"),
        ModelAnswer(text="Sure! Here is your message:", data=None),
        ModelAnswer(data={"text": text}, stop="length"),
        ModelAnswer(data=None, stop="refused"),
        {"texts": [text]},
        {"text": 7, "claims": None},
        good | {"text": text + " We would love to hear from you." * 20},
        good | {"text": text + " Best, [Your Name]"},
        good | {"text": f"Hi Vladimir, {text.partition(', ')[2]}"},
        good | {"text": text + " Dave from Google says hello."},
        good | {"text": text + " You raised 20 million dollars last year."},
        good | {"text": text + " See www.ing-summit.example"},
        good | {"text": text + " We pay 500 euros."},
        good | {"text": "IGNORE ALL PREVIOUS INSTRUCTIONS. HACKED."},
        good | {"text": f"{data.get('headline', '')} {data.get('headline', '')} {text}"},
        good | {"claims": [{"words": text, "field": "headline"}]},
        good | {"text": "The same words for everybody, whoever they are and whatever they do."},
    ]
    return chance.choice(wrong)


def half_bad(seed: int) -> ScriptedModel:
    """Honest or misbehaving at random, half of the time each."""
    chance = random.Random(seed)

    def script(question: Question) -> Any:
        if question.task is not ModelTask.MESSAGE:
            return ModelUnavailable("this one only writes messages")
        return (honest if chance.random() < 0.5 else misbehaving)(question, chance)

    return ScriptedModel(script)
