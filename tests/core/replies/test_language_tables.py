"""The language files are in order, and the language of a reply is told."""

from __future__ import annotations

import re

import pytest

from ingagents.core.replies.language_tables import ANY, languages, phrases_of, tell_languages
from ingagents.core.replies.notation import Cue, Part, cue_of
from ingagents.core.replies.text import plain_reply
from ingagents.core.text.languages import files
from ingagents.core.text.word_lists import text_file

CODES = [*languages(), ANY]
EXPLAINED = set(
    re.findall(r"\[(\w+)\]", text_file("core/replies/languages/any").partition("\n[")[0])
)
"""The sections that the head of `any.txt` tells a translator about."""


@pytest.mark.parametrize("code", CODES)
def test_every_row_stands_under_a_title_that_is_known_and_can_match(code):
    sections = {section for section, _ in files()[code]}
    assert all(cue_of(one) or one in EXPLAINED or one.startswith("group ") for one in sections)
    months = [row for section, row in files()[code] if section == "months"]
    assert len(months) in {0, 12}
    for phrase in phrases_of(code):
        assert phrase.first_words, phrase.source
        assert "  " not in phrase.source, phrase.source
        assert not re.search(r"[)\]]\?$", phrase.source), phrase.source
        phrase.match(". ", 0)


@pytest.mark.parametrize("code", [code for code in CODES if code != ANY])
def test_every_language_can_ask_to_be_left_alone_refuse_and_agree(code):
    cues = {phrase.cue for phrase in phrases_of(code)}
    assert {Part.NOT, Cue.OPT_OUT, Cue.NOT_OPT_OUT, Cue.INTEREST, Cue.REFUSAL} <= cues
    assert languages()[code].common


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Thanks for the invitation, what does it cost?", "en"),
        ("Danke für die Einladung, was kostet das?", "de"),
        ("Dziękuję za zaproszenie, ile to kosztuje?", "pl"),
        ("Σας ευχαριστώ για την πρόσκληση", "el"),
        ("请发详细资料给我", "zh"),
        ("詳細を送ってください", "ja"),
    ],
)
def test_a_sentence_tells_its_language(text, code):
    told = tell_languages(plain_reply(text))
    assert told.known
    assert code in told.of_sentences[0]


def test_words_of_a_neighbour_do_not_count_in_a_sentence_of_another_language():
    told = tell_languages(plain_reply("I would like to know more about the event and the people."))
    assert told.of_sentences[0] == {ANY, "en"}


@pytest.mark.parametrize(
    "text",
    [
        "Eskerrik asko mezuagatik, pentsatuko dut eta erantzungo dizut.",
        "Asante kwa ujumbe wako, nitafikiria na kukujibu baadaye.",
        "ขอบคุณสำหรับข้อความ",
        "Շնորհակալություն հաղորդագրության համար",
    ],
)
def test_a_language_without_a_file_is_not_told(text):
    assert not tell_languages(plain_reply(text)).known
