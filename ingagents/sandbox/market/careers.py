"""The long parts of a profile, made only when somebody opens it: summary, jobs, school, skills."""

from __future__ import annotations

import msgspec

from ingagents.sandbox.chance import Draw
from ingagents.sandbox.market.fixtures import cast
from ingagents.sandbox.market.people import Person


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """One job; dates are month-first texts (`3/1/2021`), `end` None for the present one."""

    title: str
    company: str
    company_id: str | None = None
    location: str
    start: str
    end: str | None = None
    description: str = ""


class Career(msgspec.Struct, frozen=True, kw_only=True):
    """What stands below the fold of a profile."""

    summary: str
    jobs: tuple[Job, ...]
    school: str
    skills: tuple[str, ...]
    followers: int
    connections: int
    shared_connections: int


def career(seed: int, person: Person) -> Career:
    """The long part of this person's profile; empty where the profile is sparse."""
    draw = Draw(seed, person.key, "career")
    connections = draw.below(500) if draw.chance(0.4) else 500 + draw.below(9_000)
    followers = connections + draw.below(30_000 if person.creator else 300)
    shared = 0 if person.distance in {0, 3} else 1 + draw.below(40)
    if person.sparse:
        return Career(
            summary="",
            jobs=(),
            school="",
            skills=(),
            followers=followers,
            connections=connections,
            shared_connections=shared,
        )
    details = cast().details
    invented = _summary(draw, person)
    return Career(
        # Who was given by the caller has no words put into their mouth.
        summary=person.summary or (invented if person.company else ""),
        jobs=_jobs(draw, person),
        school=draw.pick(details.schools) if draw.chance(0.8) else "",
        skills=tuple(sorted({draw.pick(details.skills) for _ in range(draw.below(8))})),
        followers=followers,
        connections=connections,
        shared_connections=shared,
    )


def _summary(draw: Draw, person: Person) -> str:
    summaries = cast().details.summaries
    if draw.chance(0.25):
        return ""
    # The two traps at the end of the list are rare, as they are outside.
    text = draw.pick(summaries[-2:]) if draw.chance(0.03) else draw.pick(summaries[:-2])
    people = "a few dozen" if not person.size else person.size.replace("-", " to ")
    return text.format(
        title=person.title,
        company=person.company_name or "a company you will not have heard of",
        topic=person.topic,
        location=person.location or "a train, mostly",
        people=people,
    )


def _jobs(draw: Draw, person: Person) -> tuple[Job, ...]:
    if not person.company_name:
        return ()
    # Most have had their job for a few years, some for long.
    year = 2025 - min(draw.below(14), draw.below(14))
    jobs = [
        Job(
            title=person.title,
            company=person.company_name,
            company_id=person.company.id if person.company else None,
            location=person.location,
            start=f"{1 + draw.below(12)}/1/{year}",
        )
    ]
    lists = cast()
    for _ in range(draw.below(3)):
        end, year = year, year - 1 - draw.below(4)
        company = draw.pick(lists.companies.openings) + draw.pick(
            lists.companies.technology_endings
        )
        jobs.append(
            Job(
                title=draw.pick(lists.details.earlier_titles),
                company=company,
                location=person.location,
                start=f"{1 + draw.below(12)}/1/{year}",
                end=f"{1 + draw.below(12)}/1/{end}",
            )
        )
    return tuple(jobs)
