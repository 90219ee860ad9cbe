"""The writer's own words: quoted mail, signatures and odd signs left out, spelling written out."""

from __future__ import annotations

import pytest

from ingagents.core.replies.text import KEPT_CHARACTERS, own_words, plain_reply


@pytest.mark.parametrize(
    "history",
    [
        "On Tue, 25 Aug 2026 at 10:00, Ann <ann@x.example> wrote:\n> Would you speak?",
        "On Tue, 25 Aug 2026 at 10:00, Ann\n<ann@x.example> wrote:\n> Would you speak?",
        "On 5 May 2026, Ann wrote:\nWould you speak?\nReply stop to unsubscribe.",
        "> Would you speak?\n> Ann",
        "-----Original Message-----\nFrom: Ann\nWould you speak?",
        "________________________________\nFrom: Ann\nSent: Monday\nSubject: Hello\nWould you?",
        "From: Ann <ann@x.example>\nSent: Monday, 5 May 2026\nTo: Bob\nSubject: Hello\nWould you?",
        "Von: Ann\nGesendet: Montag, 5. Mai 2026\nAn: Bob\nBetreff: Hallo\nMöchten Sie?",
        "De : Ann\nEnvoyé : lundi 5 mai 2026\nÀ : Bob\nObjet : Bonjour\nVoulez-vous ?",
        "De: Ann\nEnviado el: lunes, 5 de mayo\nPara: Bob\nAsunto: Hola\n¿Quiere?",
        "Am 05.05.2026 um 10:00 schrieb Ann <ann@x.example>:\n> Möchten Sie?",
        "Le lun. 5 mai 2026 à 10:00, Ann <ann@x.example> a écrit :\n> Voulez-vous ?",
        "El lun, 5 may 2026 a las 10:00, Ann (<ann@x.example>) escribió:\n> ¿Quiere?",
        "Op ma 5 mei 2026 om 10:00 schreef Ann <ann@x.example>:\n> Wilt u?",
        "Il giorno lun 5 mag 2026 alle 10:00 Ann <ann@x.example> ha scritto:\n> Vuole?",
        "---------- Forwarded message ---------\nFrom: Ann\nWould you speak?",
        "-------- Ursprüngliche Nachricht --------\nVon: Ann\nMöchten Sie?",
    ],
)
def test_quoted_history_is_left_out(history):
    assert own_words(f"Yes, gladly.\n\n{history}") == "Yes, gladly."


def test_history_in_one_line_is_left_out():
    text = "Yes, gladly. On Tue, 25 Aug 2026 at 10:00, Ann <a@x.example> wrote: > Would you speak?"
    assert own_words(text) == "Yes, gladly."


def test_an_answer_under_a_marked_quote_is_kept():
    text = "On Tue, 25 Aug 2026, Ann wrote:\n> Would you speak?\n> Or sponsor?\n\nNo, thank you."
    assert own_words(text) == "No, thank you."


@pytest.mark.parametrize(
    "signature",
    [
        "-- \nBob Stone\nCTO, Acme",
        "Best regards,\nBob Stone\nCTO, Acme",
        "Mit freundlichen Grüßen\nBob Stein",
        "Cordialement,\nBob Pierre",
        "Saludos,\nBob Piedra",
        "Sent from my iPhone",
        "Von meinem iPhone gesendet",
        "Envoyé de mon iPhone",
        "Get Outlook for iOS",
    ],
)
def test_signatures_are_left_out(signature):
    assert own_words(f"Hi Ann,\n\nsounds good.\n\n{signature}") == "Hi Ann,\n\nsounds good."


@pytest.mark.parametrize(
    "text",
    [
        "Thanks",
        "Best regards",
        "Hi Ann,\nThanks,\nwe're all set.",
        "On Monday I wrote a long list of questions for you",
        "From: what I read, it is fine",
    ],
)
def test_what_only_looks_like_history_or_a_signature_is_kept(text):
    assert own_words(text) == text


@pytest.mark.parametrize("last", ["PS: please unsubscribe me", "Please remove me", "Stop mailing"])
def test_an_afterthought_under_the_name_is_kept(last):
    assert own_words(f"Not for us.\n\nRegards,\nBob\n\n{last}").endswith(last)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("st\u200bop\ufeff", "stop"),
        ("I\u2019m “in”", 'I\'m "in"'),
        ("ｓｔｏｐ", "stop"),
        ("𝐬𝐭𝐨𝐩", "stop"),
        ("a\u00a0b\u202fc\td", "a b c d"),
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("bell\x07 and \x00 nul", "bell  and   nul"),
        ("half \ud83d sign", "half  sign"),
        ("", ""),
    ],
)
def test_odd_signs_become_plain_ones(text, words):
    assert own_words(text) == words


def test_own_words_are_bounded():
    assert len(own_words("word " * 100_000)) <= KEPT_CHARACTERS


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Don't", ". do not ."),
        ("dont", ". do not ."),
        ("I can't, won't!", ". i can not , will not !"),
        ("plz snd info 2moro", ". please send info tomorrow ."),
        ("intrsted", ". interested ."),
        ("Unsubcribe", ". unsubscribe ."),
        ("s.t.o.p", ". stop ."),
        ("S T O P", ". stop ."),
        ("pleeease", ". please ."),
        ("Schöne Grüße", ". schone grusse ."),
        ("n'est pas", ". n est pas ."),
        (
            "Mail bob@acme.example, or see https://acme.example/x",
            ". mail emailaddress , or see weblink .",
        ),
        ("https://calendly.com/bob/30", ". calendarlink ."),
        ("at 3 pm or 15:30", ". at clocktime or clocktime ."),
        ("call +49 170 1234567", ". call phonenumber ."),
        ("One. Two? Three!", ". one . two ? three !"),
        ("Am 5. Mai", ". am 5 mai ."),
        ("👍", ". thumbsup ."),
        ("", ". ."),
        ("?!", ". ."),
    ],
)
def test_plain_words_are_what_the_tables_are_written_in(text, plain):
    assert plain_reply(text).text == plain


@pytest.mark.parametrize("word", ["remote", "details", "contracting", "interesse", "provided"])
def test_real_words_are_not_corrected(word):
    assert plain_reply(word).text == f". {word} ."


def test_an_offset_leads_back_to_the_sentence_as_written():
    reply = plain_reply("Hello Ann!  I'm IN. Bye")
    assert reply.sentence_at(reply.text.index("am in")) == "I'm IN."
    assert reply.sentence_at(0) == "Hello Ann!"


def test_the_dot_of_a_title_ends_no_sentence_and_is_kept():
    reply = plain_reply("I am in HR. Dr. Jane Doe decides, ask Prof.Roe. Not Mr X.")
    assert reply.sentences == ("I am in HR.", "Dr. Jane Doe decides, ask Prof.Roe.", "Not Mr X.")
