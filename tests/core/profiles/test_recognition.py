"""Is what came what was asked for?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingagents.core.identity import aliases_of_profile
from ingagents.core.profiles.recognition import (
    believable,
    can_be_about,
    can_be_one,
    contradict,
    is_plain_id,
    misfit,
    names_agree,
)
from ingagents.model import Profile, Recipient

HERS, HIS = "ACoAABkX3q0BdZ_u-8yT1mQwErTyUiOp", "ACoAACother0BdZ_u-8yT1mQwErTyUiOp"
HER_SALES, HIS_SALES = "ACwAABkX3q0BdZ_u-8yT1mQwErTyUiOp", "ACwAACother0BdZ_u-8yT1mQwErTyUiO"
HER = Profile(
    name="Johanna Reuter",
    provider_id=HERS,
    public_identifier="johanna-reuter",
    member_number="4711",
    linkedin_url="https://www.linkedin.com/in/johanna-reuter",
)
HIM = Profile(
    name="Kofi Ansah",
    provider_id=HIS,
    public_identifier="kofi-ansah",
    member_number="815",
    linkedin_url="https://www.linkedin.com/in/kofi-ansah",
)


def but(profile: Profile, **changes: str) -> Profile:
    """The profile with other names; without an address, which would tell the old ones."""
    return msgspec.structs.replace(profile, linkedin_url="", **changes)


@pytest.mark.parametrize(
    ("asked", "known", "found"),
    [
        ("johanna-reuter", Profile(), HER),
        ("Johanna-Reuter", Profile(), HER),
        ("j%C3%B6rg-k", Profile(), but(HER, public_identifier="jörg-k")),
        ("jo\u0308rg-k", Profile(), but(HER, public_identifier="j%C3%B6rg-k")),
        ("johanna-reuter", Profile(), but(HER, provider_id="", member_number="")),
        (HERS, Profile(), HER),
        (HERS, Profile(), but(HER, public_identifier="")),
        (HERS, HER, but(HER, public_identifier="johanna-since-wed", name="Johanna Vogt")),
        (HERS, Profile(), Profile(provider_id=f"urn:li:fsd_profile:{HERS}")),
        (HERS, HER, but(HER, provider_id="")),
        ("an-old-slug", but(HER, public_identifier="an-old-slug"), HER),
        ("an-old-slug", Profile(member_number="4711"), HER),
        (HER_SALES, Profile(public_identifier="johanna-reuter"), HER),
        (HER_SALES, Profile(member_number="urn:li:member:4711"), HER),
        (HER_SALES, Profile(name="Reuter, Johanna"), HER),
        (HER_SALES, Profile(name="Dr. Jöhanna Reuter-Vogt, MBA"), HER),
        (HER_SALES, Profile(first_name="J.", last_name="Reuter"), HER),
        (HER_SALES, Profile(), HER),  # a hit without a name: nothing is known that could be wrong
        ("p7", Profile(), Profile(provider_id="p7")),
    ],
)
def test_a_record_that_shares_a_name_linkedin_knows_the_person_by_counts(asked, known, found):
    assert misfit(asked, found, known) == ""


@pytest.mark.parametrize(
    ("asked", "known", "found"),
    [
        ("johanna-reuter", Profile(), HIM),
        ("johanna-reuter", HER, HIM),
        ("johanna-reuter", Profile(name="Johanna Reuter"), HIM),
        ("johanna-reuter", Profile(), but(HIM, public_identifier="")),
        # A namesake, and a slug that passed on to somebody: neither proves anything.
        ("johanna-reuter", Profile(), but(HIM, name="Johanna Reuter")),
        (HERS, HER, but(HER, provider_id=HIS)),
        (HERS, Profile(), HIM),
        (HERS, Profile(), but(HER, provider_id="")),
        (HERS, Profile(), but(HIM, provider_id=HERS.lower())),
        (HERS, Profile(), Profile()),
        ("johanna-reuter", Profile(provider_id=HERS), but(HIM, public_identifier="johanna-reuter")),
        (HER_SALES, Profile(name="Johanna Reuter"), HIM),
        (HER_SALES, Profile(name="Johanna Reuter"), but(HIM, name="")),
        (HER_SALES, Profile(name="Johanna Reuter", public_identifier="johanna-reuter"), HIM),
        (HER_SALES, Profile(name="Johanna Reuter"), but(HIM, name="Johanna Meyer")),
        ("p7", Profile(), Profile(provider_id="p8")),
        ("johanna-reuter-2", Profile(), HER),
    ],
)
def test_a_record_that_shares_none_does_not_count_and_the_reason_is_said(asked, known, found):
    assert misfit(asked, found, known)


@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=40))
def test_nothing_that_is_asked_or_found_breaks_the_comparison(identifier, slug, name):
    found = Profile(provider_id=identifier[::-1], public_identifier=slug, name=name)
    assert isinstance(misfit(identifier, found, Profile(name=name)), str)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        *((text, True) for text in (HERS, "jörg-müller", "李雷", "7", "a.b", "100%-ada", "x_y-z=")),
        *((text, True) for text in ("urn:li:fsd_profile:ACoAA", "..a", "2-abc==", "a" * 300)),
        *((text, False) for text in ("", ".", "..", "...", "a/b", "\\", "a?b", "a#b", "a b", "\t")),
        *((text, False) for text in ("%2e%2e", "%2F", "a\x00", "a\u200b", "\ud800", "a" * 301)),
        *((text, False) for text in ("me", "Me", "\uff4d\uff45", "me;v=1")),
        *((text, False) for text in ("..;", "..;v=1", "\u2025", "\uff0e\uff0e", "\u2024.", "..,")),
        *((text, False) for text in ("a\uff0fb", "a\uff1fb", "\uff052e", "-", "*", "{}", "%")),
    ],
)
def test_a_plain_id_can_stand_in_a_path(text, plain):
    assert is_plain_id(text) == plain


@pytest.mark.parametrize(
    ("one", "other", "can"),
    [
        (HERS, HERS, True),
        (HERS, HIS, False),
        (HERS, HER_SALES, True),
        (HER_SALES, HIS_SALES, False),
        (HERS, f"urn:li:fsd_profile:{HERS}", True),
        ("p1", "p1", True),
        ("p1", "p2", False),
        (HERS, "p2", False),
    ],
)
def test_ids_of_one_view_are_compared_and_ids_of_two_are_not(one, other, can):
    assert can_be_one(one, other) == can_be_one(other, one) == can


def at(name: str, **more: str) -> Recipient:
    return Recipient(linkedin_url=f"https://www.linkedin.com/in/{name}", **more)


@pytest.mark.parametrize(
    ("who", "shown", "can"),
    [
        (at("johanna"), at("johanna"), True),
        (at("johanna"), at("Johanna"), True),
        (at("johanna"), at("kofi"), False),
        (at(HERS), at(HERS), True),
        (at(HERS), at(HIS), False),
        (at("johanna"), at(HERS), True),  # nothing of the same kind is known
        (at("johanna", provider_id=HERS), at("johanna"), True),
        (at("johanna", provider_id=HERS), at(HIS), False),
        (at("johanna", provider_id=HERS), at("johanna", provider_id=HIS), False),
        (at("johanna", member_number="4711"), at("kofi", member_number="4711"), False),
        (at("johanna", member_number="4711"), at("johanna", member_number="12"), True),
        (Recipient(provider_id="johanna"), at("johanna"), True),
        (Recipient(provider_id="johanna"), at("kofi"), False),
        (Recipient(member_number="4711"), Recipient(member_number="12"), False),
        (at("johanna"), Recipient(), False),
        (at("johanna"), Recipient(linkedin_url="https://www.linkedin.com/company/kiln"), False),
    ],
)
def test_what_is_shown_must_name_the_person_and_nobody_else(who, shown, can):
    assert can_be_about(who, shown) == can


def test_names_contradict_when_their_member_ids_differ():
    her, him = aliases_of_profile(HER), aliases_of_profile(HIM)
    spliced = aliases_of_profile(but(HIM, public_identifier="johanna-reuter"))
    assert contradict(her, him)
    assert contradict(her, spliced)
    assert not contradict(her, her)
    assert not contradict(her, aliases_of_profile(Profile(public_identifier="kofi-ansah")))


@pytest.mark.parametrize(
    ("one", "other", "agree"),
    [
        ("Johanna Reuter-Test", "johanna reuter", True),
        ("Dr. José Núñez", "Jose Nunez", True),
        ("J. Reuter", "Johanna Reuter", True),
        ("李雷", "李雷", True),
        ("Johanna Reuter-Test", "Kofi Ansah-Test", False),
        ("Johanna Reuter", "Johanna Meyer", False),
        ("Bob Smith", "Robert Smith", False),
        ("", "Johanna", False),
        ("", "", False),
        ("123", "123", False),
    ],
)
def test_names_agree_when_one_is_in_the_other(one, other, agree):
    assert names_agree(one, other) == names_agree(other, one) == agree


NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "believed"),
    [
        (NOW - timedelta(days=1), NOW - timedelta(days=1)),
        (NOW, NOW),
        (NOW + timedelta(seconds=1), NOW),
        (NOW + timedelta(days=30_000), NOW),
        (datetime(2003, 5, 4, tzinfo=UTC), NOW),
        (None, NOW),
    ],
)
def test_only_times_that_can_be_are_believed(moment, believed):
    assert believable(moment, NOW) == believed
