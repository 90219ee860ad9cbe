"""From a profile to a lead: who this is, what they could be for the event, how good a lead.

What a service or a file already says (name, position, company, URL) is taken as it is, without
what speaks to a machine; nothing here can change who a person is. A model may find what is missing
and help where the rules doubt; about whoever tries to steer it, it is not asked.
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from ingagents.core.identity import aliases_of_profile, canonical_url, company_key
from ingagents.core.lead_classifier import Classified, classify
from ingagents.core.llm.classify import settle_classification, worth_asking
from ingagents.core.llm.extract_profile import Found, completed, missing_fields
from ingagents.core.profiles.contradictions import contradictions, shows_less
from ingagents.core.profiles.quality_details import Occasion
from ingagents.core.quality_scorer import Weights, calculate_score
from ingagents.core.text.prompt_injection import cleaned
from ingagents.model import EXTRA_MAX, Alias, Decision, Lead, LeadId, Profile, SearchCriteria

_REASONS_SHOWN = 6
_CONTRADICTIONS_KEPT = 12


class Advice(msgspec.Struct, frozen=True, kw_only=True):
    """What a model said about a person, accepted: what it found, and how it classifies."""

    found: Found | None = None
    model: Classified | None = None


class Analysed(msgspec.Struct, frozen=True, kw_only=True):
    """A lead not stored yet, its names, and the judgements that made it."""

    lead: Lead
    aliases: tuple[Alias, ...]
    decisions: tuple[Decision, ...]


PROVEN = 9.0
"""The score at least of whoever had a part in the last edition: they have shown what they are worth."""


def to_find(profile: Profile) -> Profile | None:
    """The profile as a model may read it for what is missing; None when it need not be asked."""
    clean = cleaned(profile)
    return clean.profile if not clean.cuts and missing_fields(clean.profile) else None


def to_ask_about(
    profile: Profile, *, criteria: SearchCriteria, found: Found | None = None
) -> Profile | None:
    """The profile as a model may classify it; None when the rules are sure, or it is steered."""
    clean = cleaned(profile)
    known = completed(clean.profile, found)
    rules = classify(known, criteria=criteria)
    return known if not clean.cuts and worth_asking(known, rules) else None


def analyse(
    profile: Profile,
    *,
    lead_id: LeadId,
    source: str,
    now: datetime,
    criteria: SearchCriteria,
    weights: Weights,
    occasion: Occasion | None = None,
    advice: Advice | None = None,
    looked: bool = False,
) -> Analysed:
    """Classify and score a person and give them a lead id.

    Where there is nothing to judge by the lead is of no kind yet, unless somebody `looked` at the
    person on LinkedIn: whoever shows nothing there either is Other. `advice` is about this very profile; none counts of who tries to steer us. The score follows
    from the rules alone, given the classification.
    """
    clean = cleaned(profile)
    if advice is None or clean.cuts:
        advice = Advice()
    profile = completed(clean.profile, advice.found)
    aliases = aliases_of_profile(profile) or weak_alias(profile)
    classified = settle_classification(classify(profile, criteria=criteria), advice.model)
    judged = classified.judged or looked
    reasons = (*classified.reasons, *clean.cuts)
    classified = msgspec.structs.replace(classified, reasons=reasons, judged=judged)
    scored = calculate_score(profile, classified, criteria, weights, occasion)
    found = (advice.found.decision,) if advice.found is not None else ()
    if profile.past_role:
        scored = msgspec.structs.replace(scored, score=max(scored.score, PROVEN))
    decisions = (*found, classified.to_decision(), scored.to_decision())
    lead = Lead(
        id=lead_id,
        name=_name_of(profile),
        position=profile.position or profile.headline,
        company=profile.company,
        linkedin_url=canonical_url(aliases),
        provider_id=profile.provider_id,
        classification=classified.label if judged else None,
        classification_confidence=round(classified.confidence, 3) if judged else None,
        quality_score=scored.score,
        source=source,
        reasons=tuple(reason.why for decision in decisions for reason in decision.reasons)[
            :_REASONS_SHOWN
        ],
        profile=profile,
        created_at=now,
        last_updated=now,
    )
    return Analysed(lead=lead, aliases=aliases, decisions=decisions)


def lacking(profile: Profile) -> str:
    """What a profile lacks to become a lead, as its reason; "" when it can become one."""
    clean = cleaned(profile).profile
    if not _name_of(clean):
        return "no name: an address alone does not say whom we would write to"
    if not (aliases_of_profile(clean) or weak_alias(clean)):
        return (
            "a name alone does not say who this is: a LinkedIn address, an e-mail or a company does"
        )
    return ""


def as_shown(lead: Lead, fresh: Profile) -> Lead:
    """A lead as LinkedIn shows the person just now; what that contradicts is added to the lead's.

    Name, position and company are those of the fresh profile. What LinkedIn does not show stays
    as it was known, except beside a job that is another one by now.
    """
    found = contradictions(lead, fresh)
    if shows_less(lead, fresh):
        fresh = msgspec.structs.replace(fresh, position=lead.position, company=lead.company)
    job_changed = any(one.field != "name" for one in found)
    known = msgspec.structs.replace(lead.profile, **_NO_JOB) if job_changed else lead.profile
    profile = enriched(known, fresh)
    position = fresh.position or ("" if job_changed else lead.position) or profile.headline
    company = fresh.company or ("" if job_changed else lead.company)
    told = tuple(str(one) for one in found)
    return msgspec.structs.replace(
        lead,
        name=_name_of(fresh) or lead.name,
        position=position,
        company=company,
        provider_id=fresh.provider_id or lead.provider_id,
        profile=profile,
        contradictions=tuple(dict.fromkeys((*lead.contradictions, *told)))[-_CONTRADICTIONS_KEPT:],
    )


def enriched(known: Profile, found: Profile, *, renames: bool = True) -> Profile:
    """What we knew, with what was newly found; the fresh word wins over an old one.

    An empty answer never erases what is known. A name is taken whole, with all its parts, for
    letters greet by it; without `renames` (a list somebody keeps) it stays whom we know. Only a
    complete profile can say that there is no invitation any more.
    """
    changes = {
        field: getattr(found, field)
        for field in Profile.__struct_fields__
        if field not in {"complete", *_NAME} and getattr(found, field) != _EMPTY[field]
    }
    if _name_of(found) and (renames or not _name_of(known)):
        changes |= {field: getattr(found, field) for field in _NAME} | {"name": _name_of(found)}
    else:
        changes |= _parts_added(known, found)
    changes["extra"] = dict(list({**known.extra, **found.extra}.items())[:EXTRA_MAX])
    if found.complete:
        changes["invitation"] = found.invitation
    return msgspec.structs.replace(known, **changes, complete=known.complete or found.complete)


def extra_field(name: str) -> str:
    """What the journal calls a column of a list's own among the changes of a lead."""
    return f"extra.{name}"


def names_of(aliases: tuple[Alias, ...]) -> tuple[tuple[str, str], ...]:
    """The names a suppression is looked up by: every alias, and the mail's domain."""
    domains = tuple(
        ("domain", alias.value.rpartition("@")[2]) for alias in aliases if alias.kind == "email"
    )
    return (*((str(alias.kind), alias.value) for alias in aliases), *domains)


def weak_alias(profile: Profile) -> tuple[Alias, ...]:
    """Name and company, for people of whom a file gives nothing better."""
    name = " ".join(_name_of(profile).casefold().split())
    return (Alias("name_company", f"{name}|{company_key(profile.company)}"),) if name else ()


def _name_of(profile: Profile) -> str:
    return profile.name.strip() or f"{profile.first_name} {profile.last_name}".strip()


def _parts_added(known: Profile, found: Profile) -> dict[str, str]:
    """Parts of a name that was known only whole: those that it consists of."""
    words = set(known.name.casefold().split())
    return {
        field: getattr(found, field)
        for field in ("first_name", "last_name")
        if not getattr(known, field) and words.issuperset(getattr(found, field).casefold().split())
    }


_NAME = ("name", "first_name", "last_name")
_EMPTY = {field: getattr(Profile(), field) for field in Profile.__struct_fields__}
_NO_JOB = {
    field: _EMPTY[field]
    for field in ("headline", "summary", "position", "company", "positions", "industry")
} | {"company_size": ""}
"""What speaks of a person's work, and so is not joined to another job."""
