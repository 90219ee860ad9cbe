"""Who is who: addresses and ids of people, keys of companies, domains."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingagents.core.identity import (
    aliases_of_identifier,
    aliases_of_profile,
    aliases_of_url,
    canonical_url,
    company_key,
    domain_of,
)
from ingagents.model import Alias, Profile

ACO = "ACoAABkX3q0BdZ_u-8yT1mQwErTyUiOpAsDfGhJ"
ACW = "ACwAABkX3q0BdZ_u-8yT1mQwErTyUiOpAsDfGhJ"
AEM = "AEMAABkX3q0BdZ_u-8yT1mQwErTyUiOpAsDfGhJ"


@pytest.mark.parametrize(
    "text",
    [
        "https://www.linkedin.com/in/ada-lund-7c1",
        "http://linkedin.com/in/ada-lund-7c1/",
        "linkedin.com/in/Ada-Lund-7C1/details/experience/",
        "//www.linkedin.com/in/ada-lund-7c1",
        "https://https://www.linkedin.com/in/ada-lund-7c1",
        "HTTPS://WWW.LINKEDIN.COM/IN/ADA-LUND-7C1",
        "https://de.linkedin.com/in/ada-lund-7c1",
        "https://m.linkedin.com/in/ada-lund-7c1",
        "https://www.linkedin.com/mwlite/in/ada-lund-7c1",
        "https://www.linkedin.com/comm/in/ada-lund-7c1?midToken=x",
        "https://www.linkedin.com/in/ada-lund-7c1/de",
        "https://www.linkedin.com/in/ada-lund-7c1/?locale=de_DE",
        "https://www.linkedin.com/in/ada-lund-7c1?trk=a&miniProfileUrn=urn%3Ali%3Afs_miniProfile%3A"
        + ACO,
        "https://www.linkedin.com/in/ada-lund-7c1#top",
        "https://www.linkedin.com/in/ada-lund-7c1&trk=people",
        "https://www.linkedin.com/in/ada-lund-7c1%3Ftrk%3Dpeople",
        "https://www.linkedin.com/in/ada-lund-7c1%20",
        "https://www.linkedin.com:443/in/ada-lund-7c1",
        "https://www.linkedin.com./in//ada-lund-7c1",
        "<https://www.linkedin.com/in/ada-lund-7c1>",
        "(https://www.linkedin.com/in/ada-lund-7c1).",
        "https://www.linkedin.com/in/ada-lund-7c1?trk=pub...",
        "https://www.linkedin.com/in/ada-lund-7c1/…",
        '"https://www.linkedin.com/in/ada-lund-7c1",',
        "\ufeff https://www.linkedin.com/in/ada-\u200blund-7c1\r\n",
        "LinkedIn: https://www.linkedin.com/in/ada-lund-7c1 (private)",
    ],
)
def test_every_spelling_of_a_public_address_is_one_slug(text: str) -> None:
    assert aliases_of_url(text) == (Alias("slug", "ada-lund-7c1"),)


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("linkedin.com/in/j%C3%BCrgen-m%C3%BCller-9", "jürgen-müller-9"),
        ("linkedin.com/in/jürgen-müller-9", "jürgen-müller-9"),
        ("linkedin.com/in/ju\u0308rgen-MU\u0308LLER-9", "jürgen-müller-9"),
        ("linkedin.com/in/j%25C3%25BCrgen-m%25C3%25BCller-9", "jürgen-müller-9"),
        ("linkedin.com/in/j%FCrgen-m%FCller-9", "jürgen-müller-9"),
        ("linkedin.com/in/%D0%B0%D0%BD%D0%BD%D0%B0", "анна"),
        ("linkedin.com/in/100%-ada", "100%-ada"),
        ("linkedin.com/in/ada%ZZ", "ada%zz"),
        ("linkedin.com/in/acoaching-ada", "acoaching-ada"),
        ("linkedin.com/in/ACoATech", "acoatech"),
        ("linkedin.com/in/ada_lund.dev", "ada_lund.dev"),
    ],
)
def test_slugs_are_decoded_composed_and_lower_cased(text: str, slug: str) -> None:
    assert aliases_of_url(text) == (Alias("slug", slug),)


@pytest.mark.parametrize(
    ("text", "alias"),
    [
        (f"https://www.linkedin.com/in/{ACO}", Alias("acoa", ACO)),
        (f"https://www.linkedin.com/in/{ACO}?trk=x", Alias("acoa", ACO)),
        (f"https://www.linkedin.com/sales/lead/{ACW},NAME_SEARCH,xYz1?_ntb=a", Alias("acwa", ACW)),
        (f"https://www.linkedin.com/sales/lead/{ACW}%2CNAME_SEARCH%2CxYz1", Alias("acwa", ACW)),
        (f"https://www.linkedin.com/sales/people/{ACW},OUT_OF_NETWORK,q", Alias("acwa", ACW)),
        ("linkedin.com/sales/profile/48213,xYz1,NAME_SEARCH", Alias("member_number", "48213")),
        (f"https://www.linkedin.com/talent/profile/{AEM}", Alias("ae", AEM)),
        (
            f"https://www.linkedin.com/talent/hire/7/discover/x/profile/{AEM}?t=1",
            Alias("ae", AEM),
        ),
        ("linkedin.com/recruiter/profile/48213,x,CAP", Alias("member_number", "48213")),
        ("linkedin.com/profile/view?trk=a&id=48213", Alias("member_number", "48213")),
        ("http://uk.linkedin.com/pub/Ada-Lund/1/2A/3b4", Alias("legacy", "/pub/ada-lund/1/2a/3b4")),
        ("linkedin.com/pub/ada-lund/1/2a/3b4/de", Alias("legacy", "/pub/ada-lund/1/2a/3b4")),
        ("linkedin.com/pub/ada-lund/de", Alias("legacy", "/pub/ada-lund")),
        (f"urn:li:fsd_profile:{ACO}", Alias("acoa", ACO)),
        (f"urn:li:fs_miniProfile:{ACO}", Alias("acoa", ACO)),
        (f"urn%3Ali%3Afsd_profile%3A{ACO}", Alias("acoa", ACO)),
        (f"urn:li:fs_salesProfile:({ACW},NAME_SEARCH,xYz1)", Alias("acwa", ACW)),
        ("urn:li:member:123456", Alias("member_number", "123456")),
    ],
)
def test_ids_keep_their_case_and_their_kind(text: str, alias: Alias) -> None:
    assert aliases_of_url(text) == (alias,)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "ada-lund",
        ACO,
        "not given",
        "https://www.linkedin.com",
        "https://www.linkedin.com/",
        "https://www.linkedin.com/in/",
        "https://www.linkedin.com/in/me",
        "https://www.linkedin.com/in/UNKNOWN/",
        "https://www.linkedin.com/in/---",
        "https://www.linkedin.com/in/a%2Fb",
        "https://www.linkedin.com/in/%00ada",
        "https://www.linkedin.com/in/" + "a" * 300,
        "https://www.linkedin.com/company/acme",
        "https://www.linkedin.com/company/in/ada",
        "https://www.linkedin.com/school/acme",
        "https://www.linkedin.com/showcase/acme",
        "https://www.linkedin.com/feed/",
        "https://www.linkedin.com/pub/dir/Ada/Lund",
        "https://www.linkedin.com/sales/lead/",
        "https://www.linkedin.com/talent/profile",
        "https://www.linkedin.com/profile/view?id=",
        "https://www.linkedin.com@evil.test/in/ada",
        "https://ada@www.linkedin.com/in/ada",
        "https://www.linkedin.com\\@evil.test/in/ada",
        "https://evil.test\\@www.linkedin.com/in/ada",
        "https://linkedin.com.evil.test/in/ada",
        "https://evil-linkedin.com/in/ada",
        "https://linkedin.co/in/ada",
        "https://lınkedin.com/in/ada",
        "https://lin\u212aedin.com/in/ada",
        "https://www.linkedin。com/in/ada",
        "https://evil.test/?x=linkedin.com/in/ada",
        "https://evil.test/linkedin.com/in/ada",
        "https://www.linkedin.com:8443/in/ada",
        "https://[www.linkedin.com/in/ada",
        "ftp://www.linkedin.com/in/ada",
        "javascript://www.linkedin.com/in/ada",
        "https://lnkd.in/abc123",
        "data:text/html,<script>",
        "https://www.linkedin.com/in/maya-oka...",
        "https://www.linkedin.com/in/maya-oka..",
        "https://www.linkedin.com/in/maya-[...]",
        "https://www.linkedin.com/in/maya-oka…",
        "https://www.linkedin.com/in/maya-oka…/",
        "<https://www.linkedin.com/in/maya-oka...>,",
        "https://www.linkedin.com/in/tom-re%E2%80%A6",
        "https://www.linkedin.com/in/tom-re%e2%80%a6/details",
        "www.linkedin.com/in/...",
        "urn:li:company:1234",
        f"urn:li:fsd_message:{ACO}",
        "urn:li:fsd_profile:1234",
        "urn:li:member:0",
        "urn:li:",
    ],
)
def test_what_is_not_a_persons_address_names_nobody(text: str) -> None:
    assert aliases_of_url(text) == ()


@pytest.mark.parametrize(
    ("text", "aliases"),
    [
        ("ada-lund", (Alias("slug", "ada-lund"),)),
        ("Ada-Lund", (Alias("slug", "ada-lund"),)),
        ("/in/ada-lund/", (Alias("slug", "ada-lund"),)),
        ("in/ada-lund", (Alias("slug", "ada-lund"),)),
        ("j%C3%BCrgen-m", (Alias("slug", "jürgen-m"),)),
        ("अमित-शर्मा", (Alias("slug", "अमित-शर्मा"),)),
        (ACO, (Alias("acoa", ACO),)),
        (ACW, (Alias("acwa", ACW),)),
        (AEM, (Alias("ae", AEM),)),
        ("123456", (Alias("member_number", "123456"),)),
        ("Ada@Acme.test", (Alias("email", "ada@acme.test"),)),
        ("https://de.linkedin.com/in/ada-lund", (Alias("slug", "ada-lund"),)),
        ("acme.com", ()),
        ("Ada Lund", ()),
        ("in/ada-lu...", ()),
        ("ada-lu…", ()),
        ("https://evil.test/in/ada", ()),
        ("", ()),
    ],
)
def test_an_identifier_may_be_bare(text: str, aliases: tuple[Alias, ...]) -> None:
    assert aliases_of_identifier(text) == aliases


def test_a_profile_carries_all_its_names_sorted_and_once() -> None:
    profile = Profile(
        linkedin_url="https://www.linkedin.com/in/Ada-Lund",
        provider_id=ACO,
        public_identifier="ada-lund",
        member_number="0123",
        email="Ada.Lund@Acme.Test ",
    )
    assert aliases_of_profile(profile) == (
        Alias("acoa", ACO),
        Alias("email", "ada.lund@acme.test"),
        Alias("member_number", "123"),
        Alias("slug", "ada-lund"),
    )


@pytest.mark.parametrize(
    ("member_number", "aliases"),
    [
        ("123", (Alias("member_number", "123"),)),
        ("urn:li:member:123", (Alias("member_number", "123"),)),
        (f"urn:li:fsd_profile:{ACO}", (Alias("acoa", ACO),)),
        ("x12", ()),
    ],
)
def test_a_member_number_comes_in_three_shapes(
    member_number: str, aliases: tuple[Alias, ...]
) -> None:
    assert aliases_of_profile(Profile(member_number=member_number)) == aliases


def test_people_who_share_a_team_mailbox_stay_different_people() -> None:
    assert aliases_of_profile(Profile(email="info@acme.test")) == ()


def test_a_profile_without_names_has_no_aliases() -> None:
    assert aliases_of_profile(Profile(name="Ada Lund", public_identifier="UNKNOWN")) == ()


@pytest.mark.parametrize(
    ("aliases", "url"),
    [
        ([Alias("acoa", ACO), Alias("slug", "jürgen")], "https://www.linkedin.com/in/j%C3%BCrgen"),
        ([Alias("acwa", ACW), Alias("acoa", ACO)], f"https://www.linkedin.com/in/{ACO}"),
        ([Alias("email", "a@b.test"), Alias("acwa", ACW)], "https://www.linkedin.com/sales/lead/"),
        ([Alias("ae", AEM)], f"https://www.linkedin.com/talent/profile/{AEM}"),
        ([Alias("legacy", "/pub/ada/1/2/3")], "https://www.linkedin.com/pub/ada/1/2/3"),
        ([Alias("email", "a@b.test")], ""),
        ([], ""),
    ],
)
def test_the_address_we_keep_is_the_slug_then_the_steadiest_id(
    aliases: list[Alias], url: str
) -> None:
    found = canonical_url(aliases)
    assert found.startswith(url) if url else not found


@given(st.text(max_size=60))
def test_the_canonical_address_names_the_same_person(text: str) -> None:
    aliases = aliases_of_url("https://www.linkedin.com/in/" + text)
    assert aliases_of_url(canonical_url(aliases)) == aliases


@given(st.text(max_size=200))
def test_no_text_makes_identity_fail(text: str) -> None:
    profile = Profile(
        linkedin_url=text,
        provider_id=text,
        public_identifier=text,
        member_number=text,
        email=text,
    )
    assert list(aliases_of_profile(profile)) == sorted(set(aliases_of_profile(profile)))
    aliases_of_identifier(text)
    assert company_key(text) == company_key(f"  {text}  ")
    domain_of(text)


@pytest.mark.parametrize(
    "text",
    [
        "https://" * 50_000,
        "a." * 100_000,
        "linkedin." * 50_000 + "com/in/ada",
        "https://www.linkedin.com/in/" + "%25" * 100_000,
        "urn:li:" + "a:" * 100_000,
        "(" * 200_000,
        "a@" * 100_000,
        "Acme " + "S. A. " * 100_000,
        "ACoAA" + "A" * 500_000,
    ],
)
def test_long_hostile_text_is_answered(text: str) -> None:
    aliases_of_identifier(text)
    aliases_of_profile(Profile(linkedin_url=text, email=text, provider_id=text, member_number=text))
    company_key(text)
    domain_of(text)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Acme, Inc.", "acme"),
        ("ACME GmbH", "acme"),
        ("acme", "acme"),
        ("Acme GmbH & Co. KG", "acme"),
        ("Acme UG (haftungsbeschränkt)", "acme"),
        ("The Acme Company", "acme"),
        ("Acme S. r. l.", "acme"),
        ("Acme S.A. de C.V.", "acme"),
        ("Acme Sp. z o.o.", "acme"),
        ("Acme A/S", "acme"),
        ("Acme Group", "acme"),
        ("Acme (formerly Zeta)", "acme"),
        ("Acme | We are hiring", "acme"),
        ("Crème Brûlée SARL", "creme brulee"),
        ("Großhändler AG", "grosshandler"),
        ("Ørn ASA", "orn"),
        ("Lund & Berg", "lund berg"),
        ("Lund and Berg", "lund berg"),
        ("O'Neil's Ltd", "oneils"),
        ("株式会社ガイア", "ガイア"),
        ("ООО Ромашка", "ромашка"),
        ("Zeta.io", "zetaio"),
        ("Co", "co"),
        ("Limited", "limited"),
        ("Freelance Solutions GmbH", "freelance solutions"),
        ("Independent Journalists Network", "independent journalists network"),
        ("Retired Racehorses Trust", "retired racehorses trust"),
    ],
)
def test_a_company_is_known_by_its_name_without_legal_form(name: str, key: str) -> None:
    assert company_key(name) == key


@pytest.mark.parametrize(
    "name",
    [
        "",
        "-",
        "N/A",
        "none",
        "Freelance",
        "Freelancer",
        "Freelance Writer",
        "Freiberuflich",
        "Selbstständig",
        "Self-employed",
        "Self employed (Consulting)",
        "Stealth",
        "Stealth Startup",
        "Stealth AI Startup",
        "Stealth Mode",
        "stealth fintech startup",
        "Independent",
        "Independent Consultant",
        "Consultant",
        "Open to work",
        "Unemployed",
        "Confidential",
    ],
)
def test_working_for_oneself_or_for_nobody_is_no_company(name: str) -> None:
    assert company_key(name) == ""


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("https://www.acme.com/about?x=1", "acme.com"),
        ("Acme.com", "acme.com"),
        ("acme.co.uk/", "acme.co.uk"),
        ("ada@Acme.com", "acme.com"),
        ("http://acme.com:8080", "acme.com"),
        ("bücher.example", "bücher.example"),
        ("https://ada@acme.com/", ""),
        ("https://www.linkedin.com/company/acme", ""),
        ("ada@mail@acme.com", ""),
        ("acme", ""),
        ("10.0.0.1", ""),
        ("Ada Lund", ""),
        ("", ""),
    ],
)
def test_a_domain_is_read_from_address_mail_or_itself(text: str, domain: str) -> None:
    assert domain_of(text) == domain
