"""A question to a human is called the same wherever it is shown."""

from __future__ import annotations

from ingagents.core.review_policy import KINDS
from ingagents.core.review_words import WORDS, count_by_kind


def test_every_kind_has_its_words() -> None:
    assert set(WORDS) == set(KINDS)


def test_kinds_are_counted_in_one_order_with_their_nouns() -> None:
    assert count_by_kind(["reply", "draft", "strategy", "draft"]) == "2 drafts, 1 reply, 1 change"
    assert count_by_kind([]) == ""
