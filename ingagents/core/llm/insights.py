"""Insights by a model, over figures that our own code counted.

A sentence stands only when it names figures of the report and every number in it is a value of one
of those; a number nobody counted, also one that was counted up wrongly, drops the sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from ingagents.core.llm.answers import TEXT, Accepted, closed_object, list_in, list_of
from ingagents.core.llm.prompts import Prompt, question_of
from ingagents.core.messages.checks import has_link
from ingagents.core.reporter import Report
from ingagents.model import ModelAnswer, Question

MOST_INSIGHTS = 5
LONGEST_INSIGHT = 240


def figures_of(report: Report) -> dict[str, dict[str, float]]:
    """Every figure of the report by its key: today, yesterday, the week's mean, as far as known."""
    found: dict[str, dict[str, float]] = {}
    for section in report.sections:
        for one in section.figures:
            spans = (
                ("today", one.today),
                ("yesterday", one.yesterday),
                ("week_mean", one.week_mean),
            )
            known = {span: round(value, 2) for span, value in spans if value is not None}
            if any(known.values()):
                found[one.key] = known
    return found


def ask_insights(report: Report, prompt: Prompt) -> Question:
    """The question for three to five insights into a day."""
    return question_of(
        prompt,
        data={"day": report.day.isoformat(), "figures": figures_of(report)},
        schema=_SCHEMA,
        max_output_tokens=600,
    )


def accept_insights(answer: ModelAnswer, report: Report) -> Accepted[tuple[str, ...]]:
    """The sentences that rest on the report's figures, and for the others why they were dropped."""
    listed = list_in(answer, "insights")
    if isinstance(listed, str):
        return Accepted((), (listed,))
    figures = figures_of(report)
    kept: list[str] = []
    dropped: list[str] = []
    for one in listed[: 2 * MOST_INSIGHTS]:
        text = one_sentence(one.get("text") if isinstance(one, Mapping) else None)
        names = one.get("figures") if isinstance(one, Mapping) else None
        why = _against(text, names, figures)
        if why:
            dropped.append(f"{why}: {text[:80]}")
        elif text not in kept:
            kept.append(text)
    if not (kept or dropped):
        dropped.append("the answer has no insight")
    return Accepted(tuple(kept[:MOST_INSIGHTS]), tuple(dropped))


def one_sentence(text: Any, *, longest: int = LONGEST_INSIGHT) -> str:
    """A model's words for a page of ours: one line of plain signs, or "" when they are not."""
    if not isinstance(text, str) or len(text) > 2 * longest:
        return ""
    line = " ".join(text.split()).removeprefix("- ").removeprefix("• ")
    plain = line.isprintable() and not _MARKUP.search(line) and not has_link(line)
    return line if plain and len(line) <= longest else ""


def numbers_in(text: str) -> set[str]:
    """The numbers of a sentence as decimals without trailing zeros; words like "twelve" too."""
    found = {_plain(number.replace(",", "")) for number in _NUMBER.findall(text)}
    return found | {
        _WORDS[word] for word in re.findall(r"[a-z]+", text.casefold()) if word in _WORDS
    }


def spoken(values: Iterable[float]) -> set[str]:
    """The ways a value may be written: as it is, with one decimal, rounded, halves up or to even."""
    return {
        _plain(f"{value + more:.{places}f}")
        for value in values
        for places in (2, 1, 0)
        for more in (0.0, 1e-9)
    }


def _against(text: str, names: Any, figures: Mapping[str, Mapping[str, float]]) -> str:
    if not text:
        return "no plain sentence"
    known = [name for name in names if isinstance(name, str)] if isinstance(names, list) else []
    if not known or any(name not in figures for name in known):
        return "names no figure, or one that is not in the report"
    allowed = spoken(value for name in known for value in figures[name].values())
    used = numbers_in(text)
    if not used:
        return "has no figure in it"
    return "" if used <= allowed else f"has a number nobody counted ({min(used - allowed)})"


def _plain(number: str) -> str:
    return number.rstrip("0").rstrip(".") if "." in number else number


_MARKUP = re.compile(r"[<>{}\[\]`|*_#\\]")
_NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
_COUNTS = "two three four five six seven eight nine ten eleven twelve"
_PARTS = "half third quarter double twice triple dozen hundred hundreds thousand"
_WORDS = {word: str(number) for number, word in enumerate(_COUNTS.split(), start=2)} | {
    word: word  # shares and multiples are counting, too: never a value of a figure
    for word in _PARTS.split()
}
_SCHEMA = closed_object(insights=list_of(closed_object(text=TEXT, figures=list_of(TEXT))))
