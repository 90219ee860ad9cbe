"""Taking a person out of texts: all of them, and nobody else."""

from __future__ import annotations

import json

import pytest

from ingagents.core.text.redaction import Redactor, traces_of
from ingagents.model import Alias, LeadId
from tests.factories import a_delivery, a_lead, a_profile, a_reply

TRACES = Redactor(
    stand_in="XX",
    ids=("ada-abel", "https://www.linkedin.com/in/ada-abel", "123456", "Hi Ada,\nwould you speak?"),
    names=("Ada Abel", 'Ada "The Chip" Abel', "李明", "Ann"),
)
CASES = [
    ("Ada Abel", "XX"),
    ("ADA  ABEL said", "XX said"),
    ("by Ada Abel.", "by XX."),
    ("Nada Abel", "Nada Abel"),
    ("Ada Abelson", "Ada Abelson"),
    ("see https://www.linkedin.com/in/ada-abel/?utm=1", "see XX/?utm=1"),
    ("ada-abel-2", "ada-abel-2"),
    ("1234567", "1234567"),
    ("member 123456, then", "member XX, then"),
    ("Hi Ada, would you speak?", "XX"),
    ("我们写信给李明了", "我们写信给XX了"),
    ("Ann, Annex and Joann", "XX, Annex and Joann"),
    ("", ""),
]


@pytest.mark.parametrize(("text", "left"), CASES)
def test_the_person_goes_and_the_rest_stays(text: str, left: str) -> None:
    assert TRACES.without(text) == left
    assert TRACES.named_in(text) is (text != left)


@pytest.mark.parametrize(
    "said", ["from\nAda Abel\tand", 'to Ada "The Chip" Abel', "Hi Ada,\nwould you speak?"]
)
def test_json_loses_the_person_and_stays_json(said: str) -> None:
    document = json.dumps({"said": said, "n": [1, {"who": "Ada Abel"}]}, ensure_ascii=False)
    left = json.loads(TRACES.without(document))
    assert "Abel" not in str(left)
    assert "Ada" not in str(left)
    assert left["n"] == [1, {"who": "XX"}]


def test_nobodys_traces_change_nothing() -> None:
    nobody = Redactor(stand_in="XX", ids=(), names=())
    assert nobody.without("anything at all") == "anything at all"


def test_the_traces_of_a_person_are_everything_that_is_kept_of_them() -> None:
    lead = a_lead(
        1,
        message_sent="Would you speak at our summit?",
        response="Gladly, tell me more",
        profile=a_profile(1, email="robin@firma.example", member_number="12345678"),
    )
    act = a_delivery(1, text="another text of ours", address="ACoAAnother", service_id="inv-0001")
    reply = a_reply(1, text="and another of theirs")
    found = traces_of([lead], [Alias("slug", "robin-alias")], [act], [reply], stand_in="XX")
    assert set(found.names) == {"Robin Muster1"}
    assert {
        lead.id,
        lead.linkedin_url,
        lead.provider_id,
        "robin@firma.example",
        "12345678",
        "robin-alias",
        "another text of ours",
        "ACoAAnother",
        "inv-0001",
        "and another of theirs",
        "Would you speak at our summit?",
        "Gladly, tell me more",
        reply.id,
    } <= set(found.ids)


@pytest.mark.parametrize(
    ("name", "counts"), [("Al", False), ("", False), ("李明", True), ("Bo Li", True), ("X.", False)]
)
def test_a_name_of_few_letters_is_no_name_to_look_for(name: str, counts: bool) -> None:
    lead = a_lead(
        1,
        id=LeadId("l" * 32),
        name=name,
        profile=a_profile(1, name=name, first_name="", last_name=""),
    )
    found = traces_of([lead], [], [], [], stand_in="XX")
    assert bool(found.names) is counts


@pytest.mark.parametrize("word", ["(", "a+b)*c{", "[^", "\\d{9}", "x" * 5000, "((((" * 300])
def test_a_hostile_name_is_only_a_word(word: str) -> None:
    traces = Redactor(stand_in="XX", ids=(word,), names=(word,))
    assert traces.without(f"before {word} after") == "before XX after"
