"""What asking and accepting have in common: what was quoted, who decided, what an answer cost."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from ingagents.model import ModelAnswer, Question

_LONGEST_READ = 20_000


class Problem(NamedTuple):
    """Why something of a model's answer does not count; `place` is the person's it was said of."""

    what: str
    place: int | None = None

    def __str__(self) -> str:
        return self.what if self.place is None else f"i {self.place}: {self.what}"


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
    if why := unusable(answer):
        return ByPlace({}, (Problem(why),))
    listed = answer.data.get("people")
    if not isinstance(listed, list):
        return ByPlace({}, (Problem('there is no list "people"'),))
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


def paid_for(answer: ModelAnswer, *, shared_by: int = 1) -> dict[str, Any]:
    """What an answer cost, for a decision's basis; an even share where it decided on several.

    Tokens are rounded up; `cost_usd` is absent when the model has no known price.
    """
    share = max(shared_by, 1)
    basis: dict[str, Any] = {
        "input_tokens": -(-answer.input_tokens // share),
        "output_tokens": -(-answer.output_tokens // share),
        "seconds": round(answer.seconds, 3),
    }
    if share > 1:
        basis["asked_together"] = share
    if answer.cost_usd is not None:
        basis["cost_usd"] = round(answer.cost_usd / share, 8)
    if answer.cached:
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
