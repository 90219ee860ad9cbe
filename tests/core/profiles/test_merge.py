"""From a profile to a lead, and what a later, different answer about the same person may change."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingagents.core.profiles.merge import Analysed, analyse, as_shown, enriched, names_of
from ingagents.core.quality_scorer import Weights
from ingagents.core.text.prompt_injection import cleaned
from ingagents.model import (
    EXTRA_MAX,
    Alias,
    ContactStatus,
    Lead,
    LeadId,
    Position,
    Profile,
    SearchCriteria,
)
from tests.factories import MONDAY, a_lead, a_profile

CRITERIA = SearchCriteria(industries=("Software",), positions=("CTO",))


def analysed(profile: Profile) -> Analysed:
    return analyse(
        profile,
        lead_id=LeadId("lead-1"),
        source="search",
        now=MONDAY,
        criteria=CRITERIA,
        weights=Weights(),
    )


def test_a_profile_becomes_a_lead_nobody_has_contacted() -> None:
    profile = a_profile()
    lead = analysed(profile).lead
    assert (lead.name, lead.position, lead.company) == (
        profile.name,
        profile.position,
        profile.company,
    )
    assert lead.linkedin_url == "https://www.linkedin.com/in/robin-muster-1"
    assert lead.contact_status is ContactStatus.NOT_CONTACTED
    assert lead.created_at == lead.last_updated == MONDAY
    assert lead.profile == profile
    assert lead.version == 1


def test_the_lead_carries_what_the_judgements_said() -> None:
    result = analysed(a_profile())
    classified, scored = result.decisions
    assert (classified.kind, scored.kind) == ("classification", "quality")
    assert result.lead.classification == classified.verdict
    assert result.lead.quality_score is not None
    assert 1 <= result.lead.quality_score <= 10
    every = [reason.why for decision in result.decisions for reason in decision.reasons]
    assert result.lead.reasons == tuple(every[:6])


def test_the_same_profile_always_gives_the_same_lead() -> None:
    assert analysed(a_profile()) == analysed(a_profile())


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"name": "Robin Muster"}, "Robin Muster"),
        ({"name": "  Robin Muster "}, "Robin Muster"),
        ({"name": "", "first_name": "Robin", "last_name": "Muster"}, "Robin Muster"),
        ({"name": "  ", "first_name": "Robin", "last_name": ""}, "Robin"),
        ({"name": "", "first_name": "", "last_name": ""}, ""),
    ],
)
def test_the_name_is_taken_whole_or_from_its_parts(fields: dict[str, Any], name: str) -> None:
    assert analysed(a_profile(**fields)).lead.name == name


def test_without_a_position_the_headline_stands_for_it() -> None:
    assert analysed(a_profile(position="", headline="Founder")).lead.position == "Founder"


def test_somebody_with_an_address_is_known_by_it() -> None:
    aliases = analysed(a_profile()).aliases
    assert Alias("slug", "robin-muster-1") in aliases
    assert all(alias.kind != "name_company" for alias in aliases)


@pytest.mark.parametrize(
    "fields",
    [
        {"name": "Robin  MUSTER", "company": "Acme GmbH"},
        {"name": "robin muster", "company": "ACME"},
        {"first_name": "Robin", "last_name": "Muster", "company": "Acme, Inc."},
    ],
)
def test_without_any_address_name_and_company_tell_who_it_is(fields: dict[str, Any]) -> None:
    assert analysed(Profile(**fields)).aliases == (Alias("name_company", "robin muster|acme"),)


def test_somebody_without_a_name_and_address_is_known_by_nothing() -> None:
    assert analysed(Profile(company="Acme")).aliases == ()


@given(
    st.builds(
        Profile,
        name=st.text(max_size=40),
        headline=st.text(max_size=80),
        position=st.text(max_size=40),
        company=st.text(max_size=40),
        linkedin_url=st.text(max_size=60),
        email=st.text(max_size=30),
        skills=st.lists(st.text(max_size=10), max_size=3).map(tuple),
    )
)
def test_no_profile_from_outside_is_too_odd(profile: Profile) -> None:
    lead = analysed(profile).lead
    assert lead.name == profile.name.strip()
    assert lead.linkedin_url == "" or lead.linkedin_url.startswith("https://www.linkedin.com/")


def test_a_fresh_word_wins_over_an_old_one() -> None:
    known = a_profile(position="CTO", headline="CTO at Acme", follower_count=10)
    found = a_profile(position="CEO", headline="CEO at Globex", follower_count=20)
    assert enriched(known, found) == found


def test_an_empty_answer_erases_nothing() -> None:
    known = a_profile(
        email="robin@example.com",
        summary="Builds things.",
        skills=("Python",),
        premium=True,
        follower_count=10,
        network_distance=1,
    )
    assert enriched(known, Profile(complete=False)) == known


NAMES = st.builds(Profile, name=st.text(), first_name=st.text(), last_name=st.text()).map(
    lambda profile: cleaned(profile).profile
)
"""As they come in: without what speaks to a machine."""


@given(known=NAMES, found=NAMES)
def test_a_fresh_name_is_taken_whole_and_an_empty_one_renames_nobody(
    known: Profile, found: Profile
) -> None:
    result = enriched(known, found)
    if analysed(found).lead.name:
        assert (result.first_name, result.last_name) == (found.first_name, found.last_name)
        assert result.name == analysed(found).lead.name
    elif known.name.strip():
        assert result.name == known.name


@given(known=NAMES, found=NAMES)
def test_a_list_renames_nobody(known: Profile, found: Profile) -> None:
    result = enriched(known, found, renames=False)
    if known.name.strip():
        assert result.name == known.name
        assert result.first_name in {known.first_name, found.first_name}
        if known.first_name:
            assert result.first_name == known.first_name


@pytest.mark.parametrize(
    ("known", "found", "expected"),
    [
        (
            ("Robin Muster", "", ""),
            ("R. M.", "Robin", "Muster"),
            ("Robin Muster", "Robin", "Muster"),
        ),
        (("Robin Muster", "", ""), ("Eve Evil", "Eve", "Evil"), ("Robin Muster", "", "")),
        (
            ("Robin Muster", "Robin", "Muster"),
            ("X", "Eve", "X"),
            ("Robin Muster", "Robin", "Muster"),
        ),
        (("", "", ""), ("Robin Muster", "Robin", ""), ("Robin Muster", "Robin", "")),
        (("", "Robin", "Muster"), ("Eve Evil", "Eve", "Evil"), ("", "Robin", "Muster")),
    ],
)
def test_a_list_adds_parts_of_a_name_only_where_they_fit_the_known_name(
    known: tuple[str, str, str], found: tuple[str, str, str], expected: tuple[str, str, str]
) -> None:
    def named(parts: tuple[str, str, str]) -> Profile:
        return Profile(name=parts[0], first_name=parts[1], last_name=parts[2])

    assert enriched(named(known), named(found), renames=False) == named(expected)


# what LinkedIn shows just now


def imported(**changes: Any) -> Lead:
    """A row of an old list."""
    row = Profile(
        name="Tessa Brand",
        first_name="Tessa",
        last_name="Brand",
        position="VP Engineering",
        company="Old Harbour",
        headline="VP Engineering at Old Harbour",
        summary="I build boats at Old Harbour.",
    )
    return a_lead(source="import:old.csv", profile=row, **changes)


def test_the_fresh_profile_beats_an_old_row_and_what_it_contradicts_is_told() -> None:
    fresh = Profile(
        name="Theresa Brandt",
        first_name="Theresa",
        last_name="Brandt",
        position="CTO",
        company="Cobalt Works",
        provider_id="ACoAATheresa",
    )
    shown = as_shown(imported(), fresh)
    assert (shown.name, shown.position, shown.company) == ("Theresa Brandt", "CTO", "Cobalt Works")
    assert (shown.profile.first_name, shown.provider_id) == ("Theresa", "ACoAATheresa")
    assert len(shown.contradictions) == 3
    everything = str(msgspec.structs.replace(shown, contradictions=()))
    for old in ("Tessa", "Old Harbour", "VP Engineering"):
        assert old not in everything
    assert as_shown(shown, fresh) == shown, "what is known by now is contradicted no more"


def test_what_linkedin_hides_stays_as_it_was_known() -> None:
    shown = as_shown(imported(), Profile(name="Tessa Brand", provider_id="ACoAATessa"))
    assert (shown.position, shown.company) == ("VP Engineering", "Old Harbour")
    assert shown.contradictions == ()


def test_jobs_that_linkedin_keeps_back_for_once_stay_known() -> None:
    jobs = (Position(title="VP Engineering", company="Old Harbour", current=True),)
    known = msgspec.structs.replace(imported().profile, headline="We build", positions=jobs)
    lead = msgspec.structs.replace(imported(), profile=known)
    fresh = Profile(name="Tessa Brand", headline="We build", position="We build")
    shown = as_shown(lead, fresh)
    assert (shown.position, shown.company) == ("VP Engineering", "Old Harbour")
    assert shown.contradictions == ()


def test_half_a_new_job_is_not_joined_to_half_of_the_old_one() -> None:
    shown = as_shown(imported(), Profile(name="Tessa Brand", company="Cobalt Works"))
    assert (shown.position, shown.company) == ("", "Cobalt Works")
    assert shown.profile.headline == ""


def test_contradictions_stay_with_the_lead_until_somebody_decides() -> None:
    first = as_shown(imported(), Profile(name="Tessa Brand", company="Cobalt Works"))
    again = as_shown(first, Profile(name="Tessa Brand", company="Third House"))
    assert again.contradictions[:1] == first.contradictions
    assert len(again.contradictions) == 2


@given(NAMES)
def test_the_name_of_a_text_is_never_the_rows_when_linkedin_shows_one(fresh: Profile) -> None:
    shown = as_shown(imported(), cleaned(fresh).profile)  # as every profile is that was looked at
    if analysed(fresh).lead.name:
        assert shown.name == shown.profile.name == analysed(fresh).lead.name
    else:
        assert shown.name == "Tessa Brand"


def test_only_a_complete_profile_says_that_an_invitation_is_gone() -> None:
    known = a_profile(invitation="pending")
    assert enriched(known, a_profile(invitation="", complete=False)).invitation == "pending"
    assert enriched(known, a_profile(invitation="")).invitation == ""
    assert enriched(a_profile(), a_profile(invitation="received")).invitation == "received"


def test_a_person_once_seen_whole_stays_whole() -> None:
    assert enriched(a_profile(), a_profile(complete=False)).complete
    assert enriched(a_profile(complete=False), a_profile()).complete
    assert not enriched(a_profile(complete=False), a_profile(complete=False)).complete


def test_a_suppression_is_looked_up_by_every_name_and_the_mails_domain() -> None:
    aliases = (
        Alias("slug", "robin-muster-1"),
        Alias("email", "robin@example.com"),
        Alias("name_company", "robin muster|acme"),
    )
    assert names_of(aliases) == (
        ("slug", "robin-muster-1"),
        ("email", "robin@example.com"),
        ("name_company", "robin muster|acme"),
        ("domain", "example.com"),
    )
    assert names_of(()) == ()


def test_of_several_lists_no_more_columns_are_kept_than_of_one():
    known = Profile(extra={f"a_{number}": "x" for number in range(15)})
    found = Profile(extra={f"b_{number}": "y" for number in range(15)} | {"a_0": "new"})
    extra = enriched(known, found).extra
    assert len(extra) == EXTRA_MAX
    assert extra["a_0"] == "new"
    assert known.extra.keys() <= extra.keys()
