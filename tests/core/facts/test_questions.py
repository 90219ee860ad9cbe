"""What is asked, and whether the facts that it asks for are about all of it."""

from __future__ import annotations

import pytest

from ingagents.core.facts.facts import Sayable
from ingagents.core.facts.questions import (
    Asked,
    asked_for_by,
    asks_to_talk,
    is_answered,
    questions_of,
    same_question,
)


def known(identity: str, text: str, *asks: str) -> Asked:
    return Sayable(id=identity, text=text), asks


FACTS = (
    known(
        "campaign.date",
        "InG Summit takes place in Berlin on 20 May 2027.",
        "when",
        "where",
        "venue",
        "city",
        "wann",
        "wo",
        "quand",
        "où",
        "cuándo",
        "dónde",
    ),
    known(
        "price", "Tickets cost 490 euro.", "price", "cost", "how much", "kostet", "prix", "cuesta"
    ),
    known("length", "A talk lasts 25 minutes.", "how long", "minutes", "wie lange"),
    known(
        "travel",
        "We pay travel expenses and the flight of speakers.",
        "travel",
        "flight",
        "expenses",
    ),
    known(
        "hotel nights",
        "Two nights in a hotel are paid.",
        "do you pay for the hotel and if so for how many nights",
    ),
)


def answered(question: str) -> tuple[list[str], bool]:
    found = asked_for_by(question, FACTS)
    return [one.id for one, _ in found], is_answered(question, found, names=("InG Summit",))


@pytest.mark.parametrize(
    "question",
    [
        "When is it?",
        "Sounds interesting - when and where does the summit take place?",
        "Thanks for the invitation, could you tell me when it is?",
        "When is the InG Summit?",
        "Is the event in Berlin, and which city is it in exactly?",
        "How much does a ticket cost?",
        "What is the price of a ticket?",
        "How long should my talk be?",
        "How long are talks?",
        "Do you pay for flights?",
        "Are travel expenses paid?",
        "Wann und wo findet die Veranstaltung statt?",
        "Wo ist das?",
        "How many minutes do you expect for a talk?",
        "Quand est-ce ?",
        "¿Cuándo es el evento?",
        "Do you pay for the hotel, and if so for how many nights and for how many people?",
    ],
)
def test_what_the_facts_are_about_is_answered(question: str) -> None:
    found, whole = answered(question)
    assert found
    assert whole


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("Where is the hotel?", []),
        ("Where can I park?", []),
        ("When is the dinner?", []),
        ("When does the call for papers close?", []),
        ("When can we talk?", []),
        ("What is the date of the dinner, and is it free?", []),
        ("Where is the venue, and do you pay the hotel?", ["campaign.date"]),
        ("What is the price of the gold package?", ["price"]),
        ("How much does a stand cost?", ["price"]),
        ("How much do you pay speakers for a workshop?", ["price"]),
        ("Is there a student price?", ["price"]),
        ("How long is the lunch break?", ["length"]),
        ("Do I need a visa to travel?", ["travel"]),
        ("Please send me the price of a stand, the floor plan and the attendee list.", ["price"]),
        ("Wann ist Einsendeschluss?", []),
        ("Wo kann ich parken?", []),
        ("Où puis-je me garer ?", []),
        ("¿Dónde está el hotel?", []),
    ],
)
def test_one_word_that_asks_does_not_answer_the_rest(question: str, asked: list[str]) -> None:
    assert answered(question) == (asked, False)


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("Yes! Please send me the price.", ("Please send me the price",)),
        (
            "I'd love to. Please tell me how long the talk is.",
            ("Please tell me how long the talk is",),
        ),
        ("Gladly, provided you pay my flight.", ("Gladly, provided you pay my flight",)),
        (
            "Gerne! Bitte sagen Sie mir, was ein Ticket kostet.",
            ("Bitte sagen Sie mir, was ein Ticket kostet",),
        ),
        ("Yes, let me know when you have time.", ()),
        ("Please call me tomorrow.", ()),
        ("I love the price of it. Count me in.", ()),
    ],
)
def test_a_wish_to_be_told_what_is_known_is_a_question_in_a_yes_too(
    said: str, asked: tuple[str, ...]
) -> None:
    assert questions_of(said, asks=False, known=FACTS) == asked


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("How long is a talk?", "how long is the talk", True),
        ("Could you tell me: how long is the talk?", "How long is a talk?", True),
        ("How long is a talk?", "How long is a break?", False),
    ],
)
def test_a_question_that_several_ask_is_one(one: str, other: str, same: bool) -> None:
    assert (same_question(one) == same_question(other)) is same


def test_only_so_many_questions_are_looked_at() -> None:
    assert len(questions_of("Why " + "is that? And why " * 500, asks=True)) <= 5


@pytest.mark.parametrize(
    "question",
    [
        "Could we have a call on Monday?",
        "Can we talk next week?",
        "Would Tuesday 10 am work for a call?",
        "Sounds great, could we have a quick call tomorrow at 14:00?",
        "When could we talk?",
        "How about a call on Friday afternoon?",
        "Do you have time for a Zoom next Thursday?",
        "Shall we set up a meeting?",
        "Können wir am Freitag telefonieren?",
        "Hätten Sie nächste Woche Zeit für ein kurzes Gespräch?",
        "Passt Ihnen ein Termin am Montag um 10 Uhr?",
        "Pouvons-nous en parler vendredi ?",
        "Seriez-vous disponible pour un appel mardi matin ?",
        "¿Podemos hablar el viernes?",
        "¿Tienes tiempo para una llamada mañana por la tarde?",
    ],
)
def test_who_asks_for_a_talk_and_when_asks_for_nothing_else(question: str) -> None:
    assert asks_to_talk(question)


@pytest.mark.parametrize(
    "question",
    [
        "How long is a talk?",
        "When is my talk?",
        "What would the talk be about?",
        "Could we have a call on Monday and what does it cost?",
        "Could we have a call about prices?",
        "Is there parking, and could we have a call on Monday?",
        "Who would be on the call?",
        "Will the call be recorded?",
        "How much is a short talk?",
        "Can I bring a colleague to the meeting?",
        "Could we meet the other speakers?",
        "Do you use Teams?",
        "Can I give a talk on Monday?",
        "Is the call for papers open?",
        "Is it a meeting or a conference?",
        "When is the meeting?",
        "Wann ist der Termin?",
        "Gibt es einen Termin für den Vortrag?",
    ],
)
def test_what_is_asked_beside_a_talk_or_of_one_on_the_stage_stays_a_question(question: str) -> None:
    assert not asks_to_talk(question)
