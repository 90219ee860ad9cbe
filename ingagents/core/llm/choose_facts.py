"""Which facts answer a question, where no word of it asks for one: a model may say, and is checked.

It never writes a sentence of an answer. It names a fact and quotes the words of it that answer; a
sentence which that fact does not hold is refused, and what is told is the fact's own text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ingagents.core.facts.facts import Sayable
from ingagents.core.llm.answers import TEXT, Accepted, closed_object, list_in, list_of, quoted
from ingagents.core.llm.prompts import Prompt, question_of
from ingagents.core.text.prompt_injection import cut_instructions_of_reply
from ingagents.model import LeadId, ModelAnswer, Question

MOST_FACTS = 60
_MOST_SENTENCES = 6
_SHORTEST_QUOTE = 8
_OUTPUT_TOKENS = 500
_ANSWER = closed_object(sentences=list_of(closed_object(question=TEXT, fact=TEXT, text=TEXT)))


def ask_facts(
    prompt: Prompt, questions: Sequence[str], facts: Sequence[Sayable], *, about: LeadId
) -> Question:
    """The question which of the facts answer these questions of a person."""
    return question_of(
        prompt,
        data={
            "questions": [cut_instructions_of_reply(one).text for one in questions],
            "facts": [{"id": one.id, "text": one.text} for one in facts[:MOST_FACTS]],
        },
        schema=_ANSWER,
        max_output_tokens=_OUTPUT_TOKENS,
        about=(about,),
    )


def accept_facts(
    questions: Sequence[str], facts: Sequence[Sayable], answer: ModelAnswer
) -> Accepted[Mapping[str, tuple[str, ...]] | None]:
    """The ids of facts for each question that has one; an answer with anything else is refused."""
    listed = list_in(answer, "sentences")
    if isinstance(listed, str):
        return Accepted(None, (listed,))
    known = {one.id: one.text for one in facts[:MOST_FACTS]}
    found: dict[str, tuple[str, ...]] = {}
    problems: list[str] = []
    for entry in listed[:_MOST_SENTENCES]:
        question, fact, text = (
            str(entry.get(name, "")) if isinstance(entry, Mapping) else ""
            for name in ("question", "fact", "text")
        )
        asked = next((one for one in questions if quoted(question, one)), None)
        if fact not in known:
            problems.append("a sentence names a fact that is not in the data")
        elif not quoted(text, known[fact], shortest=_SHORTEST_QUOTE):
            problems.append(f"the fact {fact} does not say so; quote it word by word")
        elif asked is None:
            problems.append("a sentence names a question that is not in the data")
        else:
            found[asked] = (*found.get(asked, ()), fact)
    return Accepted(None, problems) if problems else Accepted(found)
