"""What asking and accepting have in common: parts of schemas, quotes, who decided, at what cost."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

from ingagents.core.llm.prompts import Prompt, question_of
from ingagents.model import LeadId, ModelAnswer, Profile, Question

T_co = TypeVar("T_co", covariant=True)

TEXT: Mapping[str, Any] = {"type": "string"}
NUMBER: Mapping[str, Any] = {"type": "number"}
WHOLE: Mapping[str, Any] = {"type": "integer"}

PEOPLE_AT_ONCE = 10
"""People in one question: about 55 tokens each, with the instructions' 190 shared by all."""

_LONGEST_READ = 20_000


class Problem(NamedTuple):
    """Why something of a model's answer does not count; `place` is the person's it was said of."""

    what: str
    place: int | None = None

    def __str__(self) -> str:
        return self.what if self.place is None else f"i {self.place}: {self.what}"


class Accepted(NamedTuple, Generic[T_co]):
    """What counts of an answer (None: nothing does), and why the rest does not."""

    value: T_co
    problems: Sequence[Problem | str] = ()


class ByPlace(NamedTuple):
    """A model's entries by the place of the person they speak of, and why the rest does not count.

    `missing` are the places of which nothing was said.
    """

    entries: Mapping[int, Mapping[str, Any]]
    problems: Sequence[Problem] = ()
    missing: Sequence[int] = ()


def answered_by_place(answer: ModelAnswer, count: int) -> ByPlace:
    """An answer about `count` people, each known to the model by its place in the data only.

    Places nobody has are dropped, and those named twice: which of the two was meant nobody can say.
    """
    listed = list_in(answer, "people")
    if isinstance(listed, str):
        return ByPlace({}, (Problem(listed),))
    entries: dict[int, Mapping[str, Any]] = {}
    problems: list[Problem] = []
    seen: set[int] = set()
    for entry in listed[: 2 * count]:
        place = entry.get("i") if isinstance(entry, Mapping) else None
        if not isinstance(place, int) or isinstance(place, bool) or not 0 <= place < count:
            problems.append(Problem('an entry has no "i" of the data'))
        elif place in seen:
            entries.pop(place, None)
            problems.append(Problem("an entry is answered more than once", place))
        else:
            seen.add(place)
            entries[place] = entry
    return ByPlace(entries, problems, [place for place in range(count) if place not in seen])


def decided_by(question: Question, answer: ModelAnswer) -> str:
    """Who a decision is signed by: "model:openai/gpt-5-mini:classify/1"."""
    return f"model:{answer.provider}/{answer.model}:{question.prompt_version}"


def paid_for(*answers: ModelAnswer, shared_by: int = 1) -> dict[str, Any]:
    """What answers cost, for a decision's basis; an even share where they decided on several.

    Tokens are rounded up; `cost_usd` is absent when the price of one of them is not known.
    """
    share = max(shared_by, 1)
    basis: dict[str, Any] = {
        "input_tokens": -(-sum(one.input_tokens for one in answers) // share),
        "output_tokens": -(-sum(one.output_tokens for one in answers) // share),
        "seconds": round(sum(one.seconds for one in answers), 3),
    }
    if share > 1:
        basis["asked_together"] = share
    prices = [one.cost_usd for one in answers if one.cost_usd is not None]
    if len(prices) == len(answers):
        basis["cost_usd"] = round(sum(prices) / share, 8)
    if all(one.cached for one in answers):
        basis["cached"] = True
    return basis


def quoted(evidence: str, text: str, *, shortest: int = 3) -> bool:
    """Whether whole words of the text are quoted: accents, capitals, marks and spaces do not count.

    At least `shortest` letters or digits must be quoted: a letter is in every text.
    """
    words = _words(evidence)
    return len(words.replace(" ", "")) >= shortest and f" {words} " in f" {_words(text)} "


def unusable(answer: ModelAnswer) -> str:
    """Why nothing of an answer can be read; empty when its data is an object."""
    if answer.stop == "refused":
        return "the model refused to answer"
    if answer.stop == "length":
        return "the answer was cut off; answer in fewer words"
    if answer.data is None:
        return "the answer is no JSON"
    return "" if isinstance(answer.data, Mapping) else "the answer is no JSON object"


def list_in(answer: ModelAnswer, name: str) -> list[Any] | str:
    """The list that an answer was to give under this name, or why there is none."""
    if why := unusable(answer):
        return why
    listed = answer.data.get(name)
    return listed if isinstance(listed, list) else f'there is no list "{name}"'


def confidence_in(data: Mapping[str, Any]) -> float | str:
    """The confidence of an answer, from 0 to 1, or why it cannot be taken."""
    confidence = data.get("confidence")
    if isinstance(confidence, bool) or not isinstance(confidence, int | float):
        return "the confidence is no number"
    return float(confidence) if 0 <= confidence <= 1 else "the confidence is not from 0 to 1"


def ask_about_people(
    prompt: Prompt,
    people: Sequence[tuple[LeadId, Profile]],
    show: Callable[[Profile], Mapping[str, Any]],
    *,
    schema: Mapping[str, Any],
    output_tokens_each: int,
) -> Question:
    """One question about several people, each known to the model by its place only."""
    return question_of(
        prompt,
        data=[{"i": place, **show(profile)} for place, (_, profile) in enumerate(people)],
        schema=schema,
        max_output_tokens=100 + output_tokens_each * len(people),
        about=[lead_id for lead_id, _ in people],
    )


def about_people(**properties: Mapping[str, Any]) -> dict[str, Any]:
    """The schema of an answer with an entry for each person, named by its place."""
    return closed_object(people=list_of(closed_object(i=WHOLE, **properties)))


def list_of(items: Mapping[str, Any]) -> dict[str, Any]:
    """The schema of a list."""
    return {"type": "array", "items": items}


def one_of(values: Iterable[str]) -> dict[str, Any]:
    """The schema of a text that is one of these; of an enum its values."""
    return {"type": "string", "enum": [str(value) for value in values]}


def closed_object(**properties: Mapping[str, Any]) -> dict[str, Any]:
    """The schema of an object with these properties, all required and no others."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _words(text: str) -> str:
    """The words of a text in plain small letters, parted by single spaces."""
    folded = unicodedata.normalize("NFKD", text[:_LONGEST_READ]).casefold()
    kept = (
        sign if sign.isalnum() else "" if unicodedata.category(sign) in {"Mn", "Cf"} else " "
        for sign in folded
    )
    return " ".join("".join(kept).split())
