"""The text shown in a dry run is the text that goes out, unless what it rests on is another by then.

What a text rests on is kept beside it, part by part, so that a change can be named: the person as
LinkedIn shows them, the campaign, the template, and the way of writing with its limit.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256

import msgspec

from ingagents.core.facts.facts import wording_for
from ingagents.core.message_generator import Templates, template_for
from ingagents.core.send_policy import Channel
from ingagents.model import FIRST_CONTACT, Campaign, DeliveryKind, Lead, Step

_SHOWN = 80
"""Characters of a value that stand in a sentence about it."""


def grounds_of(
    lead: Lead,
    way: Channel,
    *,
    campaign: Campaign,
    templates: Templates,
    step: Step = FIRST_CONTACT,
) -> dict[str, str]:
    """What a text for this lead rests on, by part; long parts as their hash.

    `templates` are those of the step. The first contact tells none of the team's facts,
    but for an enrolment, which holds the later steps as well.
    """
    profile = lead.profile
    tells_none = step == FIRST_CONTACT and way.kind is not DeliveryKind.ENROLMENT
    told = (
        *(profile.first_name, profile.headline, profile.summary, profile.industry),
        *(profile.location, profile.country, profile.language, profile.skills, profile.positions),
    )
    return {
        "name": lead.name,
        "position": lead.position,
        "company": lead.company,
        "kind of lead": wording_for(lead).value,
        "way of writing": f"{way.kind.value} of at most {way.limit} characters",
        "rest of the profile": _hashed(told),
        "campaign": _hashed(
            msgspec.structs.replace(campaign, facts=()) if tells_none else campaign
        ),
        "template": _hashed(template_for(lead, templates)),
    }


def changes_of(before: Mapping[str, str], now: Mapping[str, str]) -> str:
    """What a text rested on and is another now, in words; "" when nothing is."""
    changed = [part for part in now if before.get(part) != now[part]]
    return "; ".join(
        f"the {part} is another"
        if part in _HASHED
        else f'the {part} is "{now[part][:_SHOWN]}", it was "{before.get(part, "")[:_SHOWN]}"'
        for part in changed
    )


def _hashed(value: object) -> str:
    return sha256(msgspec.json.encode(value, order="sorted")).hexdigest()[:16]


_HASHED = frozenset({"rest of the profile", "campaign", "template"})
