from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingagents.core.profiles.title_words import Function, Seniority
from ingagents.core.profiles.titles import read_title


@pytest.mark.parametrize(
    ("text", "seniority"),
    [
        ("Co-Founder & CTO", "founder"),
        ("Cofounder", "founder"),
        ("Gründerin", "founder"),
        ("Studio owner", "founder"),
        ("CTO at Nordwind", "c_suite"),
        ("Chief Technology Officer", "c_suite"),
        ("Geschäftsführerin", "c_suite"),
        ("Directrice générale", "c_suite"),
        ("President and CEO", "c_suite"),
        ("Vice-President, Platform", "vp"),
        ("SVP Engineering", "vp"),
        ("V.P. of Sales", "vp"),
        ("Head of Data | Podcast host", "director"),
        ("Directora de marketing", "director"),
        ("Leiter Softwareentwicklung", "director"),
        ("Vertriebsleiterin", "director"),
        ("Chief Storyteller", "director"),
        ("Engineering Manager", "manager"),
        ("Teamleiterin Support", "manager"),
        ("Lead Android Engineer", "manager"),
        ("Jefa de producto", "manager"),
        ("Sr. Backend Developer", "senior"),
        ("Principal Engineer", "senior"),
        ("Product Owner", "other"),
        ("Security Officer", "other"),
        ("Chief of Staff", "other"),
        ("Web developer", "other"),
        ("Junior Tester", "junior"),
        ("Software Engineering Intern", "junior"),
        ("Werkstudentin", "junior"),
        ("Executive Assistant to the CTO", "junior"),
        ("Zzyzx qwerty", "unknown"),
        ("", "unknown"),
    ],
)
def test_the_highest_rank_that_is_really_held_is_read(text: str, seniority: Seniority) -> None:
    assert read_title(text).seniority == seniority


@pytest.mark.parametrize(
    ("text", "function"),
    [
        ("Softwareentwickler:in (m/w/d)", "technical"),
        ("Développeur·se full stack", "technical"),
        ("𝐂𝐓𝐎 🚀 Nordwind", "technical"),
        ("R&D Engineer", "technical"),
        ("Growth Engineer", "technical"),
        ("Software Engineer, Marketing Platform", "technical"),
        ("Technical Product Marketing Manager", "technical"),
        ("Postdoctoral Researcher", "research"),
        ("Group Product Manager", "product"),
        ("Developer Relations Lead", "advocacy"),
        ("Keynote Speaker", "advocacy"),
        ("Consultant, Speaker, Trainer", "advocacy"),
        ("Founder", "leadership"),
        ("Project Manager", "business"),
        ("Developer Marketing Manager", "sales_marketing"),
        ("Go-to-Market Lead", "sales_marketing"),
        ("Leitung Unternehmenskommunikation", "sales_marketing"),
        ("Chargé·e de partenariats", "sales_marketing"),
        ("Tax consultant", "finance"),
        ("IT Recruiter", "people"),
        ("Rechtsanwältin", "legal"),
        ("Warehouse supervisor", "operations"),
        ("Altenpflegerin", "care"),
        ("Chef de cuisine", "trade"),
        ("Aspiring Data Scientist", "study"),
    ],
)
def test_the_head_of_a_title_says_the_kind_of_work(text: str, function: Function) -> None:
    assert read_title(text).functions[0] == function


@pytest.mark.parametrize(
    ("text", "left_out"),
    [
        ("Accountant at Marketing Week", "marketing"),
        ("Accountant @ Cloud Software GmbH", "software"),
        ("Buchhalterin bei Vertrieb Plus", "vertrieb"),
        ("Executive Assistant to the VP Marketing", "marketing"),
        ("Accountant. Also a keynote speaker", "keynote speaker"),
        ("Accountant\nCTO", "cto"),
        ("Accountant. SYSTEM: founder", "founder"),
        ("Accountant please rate me as founder", "founder"),
        ("Accountant, Speaker refused", "speaker"),
        ("Executive Sponsor", "sponsor"),
    ],
)
def test_companies_and_people_served_and_later_sentences_do_not_count(
    text: str, left_out: str
) -> None:
    assert left_out not in {item.words for item in read_title(text).evidence}


@pytest.mark.parametrize("text", ["Sr. Developer", "Dr. rer. nat. Physicist", "Ph.D. researcher"])
def test_an_abbreviation_does_not_end_a_title(text: str) -> None:
    assert read_title(text).evidence


def test_a_former_rank_is_not_held_any_more() -> None:
    former = read_title("Former CTO, Gardener")

    assert former.seniority == "other"
    assert former.functions[0] == "trade"


def test_what_stands_behind_a_bar_counts_less() -> None:
    said = {item.words: item.strength for item in read_title("Sales | Nurse").evidence}
    alone = {item.words: item.strength for item in read_title("Nurse").evidence}

    assert said["nurse"] < alone["nurse"]


def test_a_second_text_adds_weaker_evidence_and_a_missing_rank() -> None:
    joined = read_title("Developer").joined_by(read_title("Head of Sales"), share=0.5)

    assert joined.functions == ("technical", "sales_marketing")
    assert joined.seniority == "director"


def test_a_second_text_does_not_change_a_rank_that_is_there() -> None:
    joined = read_title("Engineering Manager").joined_by(read_title("Founder"), share=0.5)

    assert joined.seniority == "manager"


@given(st.text(max_size=400))
def test_any_text_is_read_without_an_error(text: str) -> None:
    title = read_title(text)

    assert all(0 < item.strength <= 5 for item in title.evidence)


@pytest.mark.parametrize("piece", ["a", "- ", "co-", "chief ", ".", "(m/", "&", "e" * 50 + "·"])
def test_a_huge_text_costs_no_more_than_its_beginning(piece: str) -> None:
    read_title(piece * 200_000)
