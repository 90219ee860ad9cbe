"""How accounts, people and invitations look in Unipile v1's JSON."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from ingagents.sandbox.chance import Draw, opaque_id
from ingagents.sandbox.market.careers import Job, career
from ingagents.sandbox.market.market import Market, Relation
from ingagents.sandbox.market.people import Person
from ingagents.sandbox.market.timeline import Invitation, Standing
from ingagents.sandbox.unipile.http import iso, known, url

SECTIONS = frozenset({"about", "experience", "education", "skills"})
"""The profile sections this market has something for; they come only when asked for."""

_PROFILE_DISTANCE = {
    0: "OUT_OF_NETWORK",
    1: "FIRST_DEGREE",
    2: "SECOND_DEGREE",
    3: "THIRD_DEGREE",
}
_SEARCH_DISTANCE = {0: "OUT_OF_NETWORK", 1: "DISTANCE_1", 2: "DISTANCE_2", 3: "DISTANCE_3"}
_INVITATION = {"pending": "PENDING", "declined": "IGNORED", "withdrawn": "WITHDRAWN"}


def account(market: Market, account_id: str, status: str) -> dict[str, Any]:
    """An item of `GET /accounts`."""
    owner = market.owner
    features = ["sales_navigator"] if owner.sales_navigator else []
    return {
        "object": "Account",
        "type": "LINKEDIN",
        "id": account_id,
        "name": f"{owner.first_name} {owner.last_name}",
        "created_at": iso(market.opened),
        "groups": [],
        "connection_params": {
            "im": {
                "id": market.own_id,
                "publicIdentifier": market.own_slug,
                "username": f"{owner.first_name} {owner.last_name}",
                "premiumId": "1" if owner.premium else None,
                "premiumContractId": None,
                "premiumFeatures": features,
                "organizations": [],
            }
        },
        "sources": [{"id": f"{account_id}_MESSAGING", "status": status}],
    }


def own_profile(market: Market) -> dict[str, Any]:
    """`GET /users/me`."""
    owner = market.owner
    seat = {"owner_seat_id": "1", "contract_id": "1"} if owner.sales_navigator else None
    return {
        "object": "AccountOwnerProfile",
        "provider": "LINKEDIN",
        "provider_id": market.own_id,
        "entity_urn": f"urn:li:fsd_profile:{market.own_id}",
        "object_urn": "urn:li:member:1000001",
        "first_name": owner.first_name,
        "last_name": owner.last_name,
        "public_identifier": market.own_slug,
        "profile_picture_url": None,
        "email": "robin.keller@sandbox.example",
        "premium": owner.premium,
        "open_profile": False,
        "occupation": "Event organiser",
        "location": "Berlin, Germany",
        "organizations": [],
        "recruiter": None,
        "sales_navigator": seat,
    }


def own_user(market: Market) -> dict[str, Any]:
    """`GET /users/{identifier}` for the account's own slug or id."""
    shown = ("provider", "provider_id", "first_name", "last_name", "public_identifier", "location")
    own = own_profile(market)
    return {
        "object": "UserProfile",
        **{field: own[field] for field in shown},
        "headline": own["occupation"],
        "is_premium": own["premium"],
        "is_relationship": False,
        "is_self": True,
        "network_distance": "SELF",
    }


def profile(
    market: Market,
    person: Person,
    standing: Standing,
    *,
    sections: Collection[str],
    throttled: Collection[str],
) -> dict[str, Any]:
    """`GET /users/{identifier}`; sections that are throttled are left out and named."""
    hidden = standing.distance == 0
    life = career(market.seed, person)
    shape: dict[str, Any] = {
        "object": "UserProfile",
        "provider": "LINKEDIN",
        "provider_id": person.provider_id,
        "public_identifier": None if hidden else person.slug or None,
        "member_urn": person.member_number,
        "first_name": None if hidden else person.first_name or None,
        "last_name": None if hidden else person.last_name or None,
        "headline": person.headline,
        "websites": [],
        "contact_info": {"emails": [], "phones": [], "adresses": [], "socials": []},
        "is_premium": person.premium,
        "is_open_profile": person.open_profile,
        "is_creator": person.creator,
        "is_influencer": False,
        "can_send_inmail": person.open_profile,
        "is_relationship": standing.distance == 1,
        "is_self": False,
        "network_distance": _PROFILE_DISTANCE[standing.distance],
        "follower_count": life.followers,
        "connections_count": life.connections,
        "shared_connections_count": life.shared_connections,
        **known(
            public_profile_url=None if hidden or not person.slug else url(person.slug),
            primary_locale=_locale(person),
            location=person.location or None,
        ),
    }
    if standing.invitation:
        shape["invitation"] = {"type": "SENT", "status": _INVITATION[standing.invitation]}
    held_back = sorted((set(sections) & SECTIONS) & set(throttled))
    shown = set(sections) - set(held_back)
    if "about" in shown and life.summary:
        shape["summary"] = life.summary
    if "experience" in shown:
        shape["work_experience"] = [_job(job) for job in life.jobs]
    if "education" in shown:
        schools = [life.school] if life.school else []
        shape["education"] = [{"school": school, "start": None, "end": None} for school in schools]
    if "skills" in shown:
        shape["skills"] = [
            {"name": skill, "endorsement_count": 0, "endorsed": False} for skill in life.skills
        ]
    if held_back:
        shape["throttled_sections"] = held_back
    return shape


def search_item(
    market: Market, person: Person, standing: Standing, *, navigator: bool
) -> dict[str, Any]:
    """A hit; people out of the network come without name and slug, in one of two ways."""
    hidden = standing.distance == 0
    nameless = None if Draw(market.seed, person.key, "nameless").chance(0.5) else "LinkedIn Member"
    person_id = person.sales_id if navigator else person.provider_id
    slug = None if hidden else person.slug or None
    lead_url = f"https://www.linkedin.com/sales/lead/{person_id},NAME_SEARCH,{person_id[-4:]}"
    shape: dict[str, Any] = {
        "object": "SearchResult",
        "type": "PEOPLE",
        "id": person_id,
        "public_identifier": slug,
        "public_profile_url": lead_url if navigator else slug and url(slug),
        "profile_url": lead_url if navigator else slug and url(person_id),
        "profile_picture_url": None,
        "member_urn": None if hidden else f"urn:li:member:{person.member_number}",
        "name": nameless if hidden else person.name or None,
        "first_name": None if hidden else person.first_name or None,
        "last_name": None if hidden else person.last_name or None,
        "headline": person.headline,
        "location": None if hidden else person.location or None,
        "industry": None if hidden else person.industry or None,
        "network_distance": _SEARCH_DISTANCE[standing.distance],
        "pending_invitation": standing.invitation == "pending",
        "can_send_inmail": person.open_profile,
        "premium": person.premium,
        "verified": False,
        "open_profile": person.open_profile,
        "keywords_match": "",
    }
    if not hidden and person.company_name:
        shape["current_positions"] = [_position(market, person)]
    return shape


def sent_invitation(
    market: Market, person: Person, invitation: Invitation, now: datetime
) -> dict[str, Any]:
    """An item of `GET /users/invite/sent`: its moment is only what the words of LinkedIn tell."""
    words, back = _relative(now - invitation.at)
    return {
        "object": "InvitationSent",
        "id": invitation.id,
        "date": f"Sent {words}",
        "parsed_datetime": iso(now - back),
        "invitation_text": invitation.note or None,
        "invited_user": person.name or None,
        "invited_user_id": person.provider_id,
        "invited_user_public_id": person.slug or None,
        "invited_user_description": person.headline,
        "invited_user_profile_picture_url": None,
        "inviter": {
            "inviter_name": f"{market.owner.first_name} {market.owner.last_name}",
            "inviter_id": market.own_id,
            "inviter_public_identifier": market.own_slug,
            "inviter_description": None,
        },
        "specifics": {"provider": "LINKEDIN", "shared_secret": invitation.id[-6:]},
    }


def relation(market: Market, connected: Relation) -> dict[str, Any]:
    """An item of `GET /users/relations`; `created_at` is in milliseconds."""
    person = connected.person
    return {
        "object": "UserRelation",
        "member_id": person.provider_id,
        "member_urn": f"urn:li:fsd_profile:{person.provider_id}",
        "connection_urn": f"urn:li:fsd_connection:{opaque_id(market.ties, 'tie', person.key)}",
        "created_at": int(connected.since.timestamp() * 1000),
        "first_name": person.first_name,
        "last_name": person.last_name,
        "headline": person.headline,
        "public_identifier": person.slug or person.provider_id,
        "public_profile_url": url(person.slug or person.provider_id),
    }


def _locale(person: Person) -> dict[str, str] | None:
    if not person.country:
        return None
    return {"country": person.country, "language": person.language}


def _job(job: Job) -> dict[str, Any]:
    return {
        "position": job.title,
        "company": job.company,
        "current": job.end is None,
        "skills": [],
        "start": job.start,
        "end": job.end,
        **known(
            company_id=job.company_id,
            location=job.location or None,
            description=job.description,
        ),
    }


def _position(market: Market, person: Person) -> dict[str, Any]:
    """The present job, with the time in it counted to the day the market opened."""
    jobs = career(market.seed, person).jobs
    month, _, year = (jobs[0].start if jobs else "1/1/2020").split("/")
    opened = market.opened
    months = max(1, (opened.year - int(year)) * 12 + opened.month - int(month))
    tenure = {"years": months // 12, "months": months % 12}
    return {
        "company": person.company_name,
        "company_id": person.company.id if person.company else None,
        "role": person.title,
        "location": person.location or None,
        "description": None,
        "industry": [person.industry] if person.industry else [],
        "tenure_at_role": tenure,
        "tenure_at_company": tenure,
        "start": {"year": int(year), "month": int(month)},
    }


def _relative(age: timedelta) -> tuple[str, timedelta]:
    """LinkedIn's words for an age, and the age one reads back out of them."""
    days = age.days
    if days < 1:
        return "today", timedelta()
    if days < 2:
        return "yesterday", timedelta(days=1)
    for size, unit in ((30, "month"), (7, "week"), (1, "day")):
        count = days // size
        if count:
            return f"{count} {unit}{'s' if count > 1 else ''} ago", timedelta(days=count * size)
    raise AssertionError("an age of two days or more has a unit")
