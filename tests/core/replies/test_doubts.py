"""An opt-out is doubted where its sentence tells, asks or leaves something else, a no where it is denied."""

from __future__ import annotations

import pytest

from ingagents.core.response_analyser import analyse_response
from ingagents.core.send_policy import SURE_ENOUGH
from ingagents.model import Intent


@pytest.mark.parametrize(
    "text",
    [
        "I didn't receive any message from you. Anyway, take me off your list.",
        "You have not removed me from your list yet",
        "Why don't you stop contacting me?",
        "Why have you not removed me from your list?",
        "You emailed me by mistake please remove me from your list.",
        "Somebody added me to your list, remove me.",
        "I unsubscribed last month, why am I still receiving these?",
        "Warum schreiben Sie mir immer noch? Löschen Sie mich.",
        "Und bitte stören Sie mich nicht mehr.",
        "Nehmen Sie nie wieder Kontakt mit mir auf.",
        "Vous ne m'avez jamais demandé mon accord, supprimez mes données.",
        "Ne me dérangez plus.",
        "No me molesten más.",
        "Non mi disturbate più.",
        "Não me incomoda mais.",
        "Хочу, чтобы меня удалили из списка.",
        "Не беспокойте меня.",
        "Nerušte mě.",
        "Ikke ta kontakt med meg igjen.",
        "I did not opt in.",
        "Please don't send me anything, not even yet another template.",
        "Do not write to me yet again.",
        "Non scrivetemi ancora.",
        "Nie pisz do mnie jeszcze raz.",
        "Не пишите мне ещё раз.",
        "Neposílejte mi ještě další zprávy.",
        "Jag har inte samtyckt, radera mina uppgifter.",
    ],
)
def test_an_order_beside_what_is_told_stays_one(text):
    assert analyse_response(text).opt_out


@pytest.mark.parametrize(
    "text",
    [
        "Stop sending me the newsletter.",
        "Leave me alone with the spam.",
        "Opt me out of the sequence.",
        "Take me off the damn list.",
        "Streichen Sie mich aus der Kampagne.",
        "Je me désinscris de la newsletter.",
        "Quítenme la dirección de la base de datos.",
        "Toglietemi il numero dalla lista.",
        "Schrijf mij uit voor de nieuwsbrief.",
    ],
)
def test_messages_lists_and_their_own_data_are_no_object_that_makes_doubtful(text):
    assert analyse_response(text).opt_out


def test_whoever_threatens_beside_it_is_written_to_no_more():
    read = analyse_response("Why have you not written to me again? My lawyer will sue you.")
    assert read.opt_out
    assert read.confidence < SURE_ENOUGH


def test_any_more_leaves_no_doubt():
    assert analyse_response("No me escriban más al trabajo.").opt_out
    assert not analyse_response("No me escriban al trabajo.").opt_out


@pytest.mark.parametrize(
    "text",
    [
        "No we have to decline.",
        "No thanks we decline",
        "We would not mind but no.",
        "I have no budget, we decline.",
        "I can't attend, count me out.",
        "Nein danke, ich muss ablehnen.",
        "Non merci je décline.",
        "Nie mogę, muszę odmówić.",
        "Не могу, вынужден отказаться.",
    ],
)
def test_a_second_no_does_not_deny_a_refusal(text):
    read = analyse_response(text)
    assert read.intent is Intent.NOT_INTERESTED
    assert read.confidence > SURE_ENOUGH
