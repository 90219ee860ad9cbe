"""Whatever people of the simulated market answer is read as what it was meant to be."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from importlib import resources

from ingagents.core.response_analyser import analyse_response
from ingagents.model import Intent

MEANT = {
    "positive": Intent.INTERESTED,
    "meeting": Intent.INTERESTED,
    "question": Intent.REQUESTING_INFO,
    "refusal": Intent.NOT_INTERESTED,
    "opt_out": Intent.NOT_INTERESTED,
}


def table(name: str) -> dict[str, dict[str, list[str]]]:
    return tomllib.loads((resources.files("ingagents.sandbox.market") / name).read_text("utf-8"))


def topics() -> Iterator[str]:
    for group in table("cast.toml").values():
        for part in group if isinstance(group, list) else [group]:
            yield from part.get("topics", ()) if isinstance(part, dict) else ()


def test_every_answer_with_a_meaning_is_read_so_whatever_topic_it_names() -> None:
    wrong = []
    named = sorted(set(topics()))
    assert len(named) > 20
    for kinds in table("replies.toml").values():
        for kind, meant in MEANT.items():
            for text in kinds[kind]:
                for topic in named if "{topic}" in text else [""]:
                    said = text.format(
                        topic=topic,
                        company="Prismmind",
                        sender="Robin",
                        colleague="Lena Brandt",
                        day="Monday",
                    )
                    if analyse_response(said).intent is not meant:
                        wrong.append(said)
    assert wrong == []
