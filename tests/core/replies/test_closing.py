"""Who waits for nothing more: thanks and agreement close, anything that may be a wish does not."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingagents.core.replies.closing import only_closes

TODAY = date(2027, 3, 1)


@pytest.mark.parametrize(
    "said",
    [
        "Perfect, thank you! Talk soon.",
        "Great, looking forward to it.",
        "Got it, will do 🙌",
        "Thanks, that answers it. Let me check with Kim Park and come back to you.",
        "Thanks Robin. Sounds like a good fit for Acme, happy to take it further.",
        "Perfekt, danke! Bis bald.",
        "Parfait, merci ! À bientôt.",
        "Świetnie, dziękuję!",
        "Thx",
    ],
)
def test_thanks_and_agreement_wait_for_nothing(said: str) -> None:
    assert only_closes(said, today=TODAY)


@pytest.mark.parametrize(
    "said",
    [
        "",
        "Thanks! One more thing: is there a code of conduct?",
        "Great - send me an invite for Monday, ideally before lunch.",
        "Great, thank you. Please send me the contract.",
        "Yes please, send over the next steps.",
        "Perfect, call me on 0151 1234567.",
        "Thanks, write to kim@acme.example instead.",
        "Great, see you on Thursday!",
        "Thanks, but no thanks.",
        "Thank you, please do not write to me again.",
        "Thanks, and talk to my colleague Kim Park about it.",
        "Great. I would have to know first " + "what all of this is about and why " * 6,
    ],
)
def test_whatever_may_wait_for_something_is_no_closing(said: str) -> None:
    assert not only_closes(said, today=TODAY)


@given(st.text(max_size=200))
def test_any_text_is_only_data(said: str) -> None:
    assert only_closes(said + " ?", today=TODAY) is False
