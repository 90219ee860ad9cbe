"""What a person asks, which facts that asks for, and whether these answer all of it.

A fact is asked for by one of its words. It answers the question only if it is about everything that
the question is about: "Where is the hotel?" asks for the city by its "where", and is not answered.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from ingagents.core.facts.facts import DATE, Sayable
from ingagents.core.messages.sentences import folded
from ingagents.core.text.word_lists import word_lists, word_set

_MOST_QUESTIONS = 5
_LONGEST_QUESTION = 300
_ASKS_MOST = 60
"""Characters of what asks for a fact."""
_BEGINNING = 5
"""Letters from which on a word that asks may be the beginning of a longer one."""
_LIKE = 4
"""Letters from which on words of one beginning are about the same."""
_ENDING = 2
"""Letters in which two forms of a word may differ."""
_WHOLE = 40
"""Characters from which on what asks is the question itself: the fact was kept for it."""
_QUESTION = re.compile(r"[^.!?\n¿]{2,}\?")
_SENTENCE = re.compile(r"[^.!?\n¿]{2,}(?!\?)(?=[.!\n]|$)")
_CLAUSE = re.compile(r"[,;:–—]|\s-\s")
_AND = re.compile(r"\b(?:and|und|et|y)\b", re.IGNORECASE)

Asked = tuple[Sayable, Sequence[str]]
"""What may be said, and the words that ask for it."""


def questions_of(said: str, *, asks: bool, known: Sequence[Asked] = ()) -> tuple[str, ...]:
    """What a person asks, a sentence each; with `asks` all they wrote where no sentence asks.

    Beside questions that is a wish to be told what is `known`, and a condition.
    """
    found = [" ".join(one.split()) for one in _QUESTION.findall(said)]
    found += [
        " ".join(one.split()) for one in _SENTENCE.findall(said) if _is_wish(folded(one), known)
    ]
    if not found and asks and said.strip():
        found = [" ".join(said.split())]
    return tuple(one[:_LONGEST_QUESTION] for one in dict.fromkeys(found))[:_MOST_QUESTIONS]


def same_question(question: str) -> str:
    """Equal for two questions that differ in signs and small words alone."""
    small = word_set("answers", "small")
    return " ".join(word for word in folded(question).split() if word not in small)


def asking_for(questions: Sequence[str]) -> tuple[str, ...]:
    """The words by which a fact is found that answers these questions: how each of them begins."""
    return tuple(" ".join(folded(one).split())[:_ASKS_MOST].strip() for one in questions)


def asked_for_by(question: str, known: Iterable[Asked]) -> list[Asked]:
    """Of what is known, what the question asks for by a word.

    When and where the event is, is asked for by words that ask for much else: what they are asked of
    must be the event.
    """
    return [
        (said, asks)
        for said, asks in known
        if _asking(question, asks) and (said.id != DATE or _is_of_the_event(question, said, asks))
    ]


def is_answered(question: str, told: Sequence[Asked], *, names: Sequence[str] = ()) -> bool:
    """Whether what is told is about all that the question is about; `names` are the event's own.

    How somebody leads up to a question counts for nothing.
    """
    asking = [ask for _, asks in told for ask in _asking(question, asks)]
    if any(len(ask) >= _WHOLE for ask in asking):
        return True
    begin = {word for _, asks in told for ask in asks for word in folded(ask).split()}
    about = {word for said, _ in told for word in folded(said.text).split()}
    about |= {word for name in names for word in folded(name).split()}
    return bool(told) and all(
        any(_is_form(word, other) for other in begin | about)
        or any(len(ask) >= _BEGINNING and word.startswith(ask) for ask in begin)
        for word in _content(question, asking)
    )


def asks_to_talk(question: str) -> bool:
    """Whether it asks for a talk with us and when that could be, and for nothing else."""
    lists = word_lists("answers")
    words = f" {folded(question)} "
    asks = [one for one in map(folded, lists["asks talk"]) if f" {one} " in words]
    for when in map(folded, (*lists["asks when to talk"], *asks)):
        words = words.replace(f" {when} ", " ")
    left = words.split()
    return bool(asks) and all(word in _words_of_a_talk() or word[0].isdigit() for word in left)


def _is_of_the_event(question: str, said: Sayable, asks: Sequence[str]) -> bool:
    parts = (part for clause in _CLAUSE.split(question) for part in _AND.split(clause))
    return any(_asking(part, asks) and is_answered(part, [(said, asks)]) for part in parts)


def _content(question: str, asking: Sequence[str]) -> Iterator[str]:
    """The words that say what a question is about."""
    clauses = [folded(one) for one in _CLAUSE.split(question)]
    first = next((at for at, one in enumerate(clauses) if _asks_something(one, asking)), 0)
    nothing = _words_of_nothing()
    for clause in clauses[first:]:
        yield from (word for word in clause.split() if len(word) > 1 and word not in nothing)


def _asks_something(clause: str, asking: Sequence[str]) -> bool:
    return any(f" {ask}" in f" {clause}" for ask in asking) or not word_set(
        "answers", "asking"
    ).isdisjoint(clause.split())


@cache
def _words_of_nothing() -> frozenset[str]:
    return frozenset().union(
        *(word_set("answers", one) for one in ("small", "asking", "event", "filling"))
    )


@cache
def _words_of_a_talk() -> frozenset[str]:
    sections = (word_set("answers", one) for one in ("small", "filling", "talk times"))
    return frozenset(map(folded, frozenset().union(*sections)))


def _is_form(one: str, other: str) -> bool:
    """Whether two words are forms of one: they differ in their ends alone."""
    alike = max(_LIKE, max(len(one), len(other)) - _ENDING)
    return one == other or one[:alike] == other[:alike]


def _is_wish(sentence: str, known: Sequence[Asked]) -> bool:
    words = f" {sentence} "
    if any(f" {one} " in words for one in word_lists("answers")["conditions"]):
        return True
    if not any(f" {one} " in words for one in word_lists("answers")["wishes"]):
        return False
    # "Tell me when" is as often about a talk as about the event.
    facts = (asks for said, asks in known if said.id != DATE)
    return any(_asking(sentence, asks) for asks in facts)


def _asking(question: str, asks: Sequence[str]) -> list[str]:
    """Those of the words that ask which the question has."""
    words = f" {folded(question)} "
    return [
        ask
        for ask in filter(None, map(folded, asks))
        if f" {ask}{'' if len(ask) >= _BEGINNING else ' '}" in words
    ]
