"""What of a model's text is founded: titles are no talk of money."""

from __future__ import annotations

from datetime import date

import pytest

from ingagents.core.messages.claims import unfounded
from ingagents.model import Campaign
from tests.factories import a_lead

MONEY = "speaks of money"


def reasons(position: str, text: str) -> tuple[str, ...]:
    campaign = Campaign(event_name="InG Summit", event_date=date(2027, 5, 20), event_city="Berlin")
    facts = {"name": "Bohdan", "position": position, "event_name": "InG Summit"}
    return unfounded(text, lead=a_lead(position=position), campaign=campaign, facts=facts)


@pytest.mark.parametrize(
    "position", ["Chief Revenue Officer", "Head of Pricing", "VP Revenue & Partnerships"]
)
def test_who_is_called_by_their_title_is_not_spoken_to_of_money(position: str) -> None:
    text = f"Hi Bohdan, could InG Summit be of interest to you as {position}?"
    assert MONEY not in reasons(position, text)
    assert MONEY in reasons(position, f"{text} It brings revenue.")


@pytest.mark.parametrize("position", ["CTO - 50% discount!", "Revenue. Call me about money"])
def test_an_offer_is_no_title(position: str) -> None:
    assert MONEY in reasons(position, f"Hi Bohdan, are you, as {position}, interested?")
