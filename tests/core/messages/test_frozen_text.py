"""What a text rests on: any of it changed is told, and nothing else counts."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from ingagents.core.messages.frozen_text import changes_of, grounds_of
from ingagents.core.messages.templates import parse_templates
from ingagents.core.send_policy import Channel
from ingagents.model import Classification, DeliveryKind
from tests.factories import a_campaign, a_lead, a_profile

WORDS = "# version: {}\nHello, will you come to {{event_name}} in {{event_city}}, in May?"
WAY = Channel(kind=DeliveryKind.INVITATION, limit=300, reason="not a connection")


def grounds(
    lead=None, *, way: Channel = WAY, version: str = "mine-1", **campaign: Any
) -> dict[str, str]:
    template = parse_templates("speaker.txt", WORDS.format(version))
    return grounds_of(
        lead or a_lead(),
        way,
        campaign=a_campaign(**campaign),
        templates={Classification.SPEAKER: {"en": template}},
    )


@pytest.mark.parametrize(
    ("now", "says"),
    [
        ({"lead": a_lead(company="Cobalt Works")}, 'the company is "Cobalt Works", it was'),
        ({"lead": a_lead(name="Theresa Brandt")}, 'the name is "Theresa Brandt"'),
        ({"lead": a_lead(position="CEO")}, 'the position is "CEO"'),
        ({"lead": a_lead(classification=Classification.SPONSOR)}, "the kind of lead"),
        ({"lead": a_lead(profile=a_profile(headline="new"))}, "the rest of the profile is another"),
        ({"way": msgspec.structs.replace(WAY, limit=200)}, "the way of writing"),
        ({"way": msgspec.structs.replace(WAY, kind=DeliveryKind.MESSAGE)}, "the way of writing"),
        ({"version": "mine-2"}, "the template is another"),
        ({"event_city": "Bonn"}, "the campaign is another"),
        ({"sender_name": "Lee"}, "the campaign is another"),
    ],
)
def test_whatever_a_text_rests_on_is_named_when_it_changes(now: dict[str, Any], says: str) -> None:
    assert says in changes_of(grounds(), grounds(**now))


@pytest.mark.parametrize(
    "profile", [{"follower_count": 9}, {"network_distance": 3}, {"premium": True}]
)
def test_what_no_text_speaks_of_changes_nothing(profile: dict[str, Any]) -> None:
    assert changes_of(grounds(), grounds(a_lead(profile=a_profile(**profile)))) == ""


def test_the_same_is_the_same_however_often_it_is_asked() -> None:
    assert grounds() == grounds()
    assert changes_of(grounds(), grounds()) == ""
